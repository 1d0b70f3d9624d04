//! Dates in a document: both languages, partial, ranges, years carried over, relative to the document's own date.

mod numeric;
mod words;

pub(crate) use numeric::{Order, numeric_order};

use crate::stream::{Span, Stream, is_han};
use cartulary_model::PartialDate;
use numeric::slashed;
use words::{SEASONS, digits, month_name, skip_any, skip_space, starts_with};

/// A date that stands in the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DateMention {
    pub(crate) span: Span,
    pub(crate) date: PartialDate,
    /// The second end of a range, `2022-06-01~2022-10-20`.
    pub(crate) until: Option<PartialDate>,
    /// Said as a season.
    pub(crate) season: bool,
    /// Reckoned from the document's date ("3 months ago").
    pub(crate) relative: bool,
}

/// Every date of the stream, in order. `anchor` is the document's own date, for years left out and for
/// "3 months ago"; without it those are not dated.
pub(crate) fn dates(
    stream: &Stream,
    anchor: Option<PartialDate>,
    elsewhere: Option<Order>,
) -> Vec<DateMention> {
    let order = numeric_order(stream).or(elsewhere);
    let mut found: Vec<DateMention> = Vec::new();
    let mut year: Option<i16> = None;
    let mut index = 0;
    while index < stream.len() {
        let context = Context {
            stream,
            year: year.or(anchor.map(PartialDate::year)),
            anchor,
            carried: year.is_some(),
            order,
        };
        match context.date_at(index) {
            Some(mut mention) => {
                if !mention.relative {
                    year = Some(mention.until.unwrap_or(mention.date).year());
                }
                if let Some((until, end)) = context.range_end(&mention) {
                    mention.until = Some(until);
                    mention.span.end = end;
                    year = Some(until.year());
                }
                index = mention.span.end;
                found.push(mention);
            }
            None => {
                if stream.at(index) == crate::stream::BREAK {
                    // A year is carried along a paragraph, not across the page.
                    year =
                        found.last().filter(|last| index - last.span.end < 400).map(|last| last.date.year());
                }
                index += 1;
            }
        }
    }
    found
}

struct Context<'a> {
    stream: &'a Stream,
    year: Option<i16>,
    anchor: Option<PartialDate>,
    carried: bool,
    order: Option<Order>,
}

impl Context<'_> {
    fn date_at(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let starts_word = at == 0 || !stream.at(at - 1).is_alphanumeric() || is_han(stream.at(at - 1));
        if !starts_word {
            return None;
        }
        let of = stream.at(at);
        if of.is_ascii_digit() {
            let after_point = at > 0
                && matches!(stream.at(at - 1), '.' | '/' | '-')
                && at > 1
                && stream.at(at - 2).is_ascii_digit();
            if after_point {
                return None;
            }
            self.full(at)
                .or_else(|| self.numeric(at))
                .or_else(|| self.day_month_english(at))
                .or_else(|| self.day_of_pair(at))
                .or_else(|| self.month_and_day(at))
                .or_else(|| self.ago(at))
        } else if of.is_ascii_alphabetic() {
            self.month_english(at).or_else(|| self.season(at)).or_else(|| self.year_in(at))
        } else {
            self.this_year(at)
        }
    }

    /// `2022-05-10`, `2022.5.10`, `2022/05/10`, `2022年5月10日`, `2022年5月`, `2022-05`, `2022年`, `20220510`.
    fn full(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let (year, end) = digits(stream, at, 4)?;
        if let Some(compact) = self.compact(at) {
            return Some(compact);
        }
        if end - at != 4 || !(1900..2200).contains(&year) {
            return None;
        }
        let year = i16::try_from(year).ok()?;
        let next = stream.at(end);
        if next == '年' || (next == ' ' && stream.at(end + 1) == '年') {
            let after = skip_space(stream, end) + 1;
            return Some(self.chinese_rest(at, year, after));
        }
        if matches!(next, '-' | '.' | '/')
            && let Some((month, month_end)) = digits(stream, end + 1, 2)
        {
            if stream.at(month_end) == next
                && let Some((day, day_end)) = digits(stream, month_end + 1, 2)
                && let Some(date) = day_of(year, month, day)
                    .filter(|_| !stream.at(day_end).is_ascii_digit() || glued_time(stream, day_end))
            {
                return Some(mention(at, day_end, date));
            }
            let ends = !stream.at(month_end).is_ascii_digit() && stream.at(month_end) != '%';
            // 2022.5 and 2022-05 are months when nothing else can be meant; 2022-23 is not.
            if let Some(date) = month_of(year, month).filter(|_| ends && month_end - end > 1) {
                return Some(mention(at, month_end, date));
            }
        }
        None
    }

    /// `14/02/2022`, `03/19/2024`: by the order the document proves; the year alone when nothing proves one.
    fn numeric(&self, at: usize) -> Option<DateMention> {
        let (first, second, year, end) = slashed(self.stream, at)?;
        let year = i16::try_from(year).ok()?;
        let day_first = day_of(year, second, first);
        let month_first = day_of(year, first, second);
        let date = match (day_first, month_first, self.order) {
            (Some(date), None, _) | (Some(date), Some(_), Some(Order::DayFirst)) => date,
            (None, Some(date), _) | (Some(_), Some(date), Some(Order::MonthFirst)) => date,
            (Some(a), Some(b), None) if a == b => a,
            (Some(_), Some(_), None) => PartialDate::from_year(year)?,
            (None, None, _) => return None,
        };
        Some(mention(at, end, date))
    }

    fn compact(&self, at: usize) -> Option<DateMention> {
        let (number, end) = digits(self.stream, at, 8)?;
        if end - at != 8 || self.stream.at(end).is_ascii_digit() {
            return None;
        }
        let date = day_of(i16::try_from(number / 10_000).ok()?, number / 100 % 100, number % 100)?;
        (date.year() > 1899).then(|| mention(at, end, date))
    }

    fn chinese_rest(&self, at: usize, year: i16, after_year: usize) -> DateMention {
        let stream = self.stream;
        let whole_year = PartialDate::from_year(year).map(|date| mention(at, after_year, date));
        let fallback = whole_year.unwrap_or_else(|| {
            mention(
                at,
                after_year,
                PartialDate::from_year(1900).unwrap_or_else(|| unreachable!("1900 is a year")),
            )
        });
        let begin = skip_space(stream, after_year);
        let Some((month, month_end)) = digits(stream, begin, 2) else { return fallback };
        let month_sign = skip_space(stream, month_end);
        if stream.at(month_sign) != '月' {
            return fallback;
        }
        let Some(month_date) = month_of(year, month) else { return fallback };
        let begin = skip_space(stream, month_sign + 1);
        if let Some((day, day_end)) = digits(stream, begin, 2) {
            let sign = skip_space(stream, day_end);
            if matches!(stream.at(sign), '日' | '号')
                && let Some(date) = day_of(year, month, day)
            {
                return mention(at, sign + 1, date);
            }
        }
        mention(at, month_sign + 1, month_date)
    }

    /// `11-20开始`, `5月10日`, `3月`: the year is the one last said.
    fn month_and_day(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let year = self.year?;
        let (month, end) = digits(stream, at, 2)?;
        if stream.at(end) == '月' {
            let (day, day_end) = digits(stream, end + 1, 2).unwrap_or((0, end));
            if matches!(stream.at(day_end), '日' | '号') {
                return day_of(year, month, day).map(|date| mention(at, day_end + 1, date));
            }
            let duration = matches!(stream.at(end + 1), '前' | '后' | '余' | '龄');
            let counted = at > 0 && stream.at(at - 1) == '近';
            return (!duration && !counted)
                .then(|| month_of(year, month))
                .flatten()
                .map(|date| mention(at, end + 1, date));
        }
        // A bare 11-20 is a date only where a year was said in this paragraph and an act follows.
        if self.carried && matches!(stream.at(end), '-' | '.') {
            let (day, day_end) = digits(stream, end + 1, 2)?;
            let acts = ["开始", "起", "行", "予", "给予", "复查", "再次", "入院", "出院", "至", "日"];
            let follows = acts.iter().any(|act| starts_with(stream, skip_space(stream, day_end), act));
            return follows
                .then(|| day_of(year, month, day))
                .flatten()
                .map(|date| mention(at, day_end, date));
        }
        None
    }

    /// `5 May 2021`, `14 April`, `5th of May 2021`.
    fn day_month_english(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let (day, mut end) = digits(stream, at, 2)?;
        for suffix in ["st", "nd", "rd", "th"] {
            if starts_with(stream, end, suffix) {
                end += 2;
            }
        }
        end = skip_any(stream, end, " -/");
        if starts_with(stream, end, "of ") {
            end += 3;
        }
        let (month, month_end) = month_name(stream, end)?;
        let after = skip_any(stream, month_end, " -/,.");
        if let Some((year, year_end)) = digits(stream, after, 4).filter(|(_, year_end)| year_end - after == 4)
        {
            let date = day_of(i16::try_from(year).ok()?, i32::from(month), day)?;
            return Some(mention(at, year_end, date));
        }
        let year = self.year_of_other_end(month_end).or(self.year)?;
        let date = day_of(year, i32::from(month), day)?;
        Some(mention(at, month_end, date))
    }

    /// `between 20 May and 2 September 2022`: the year stands only at the second date.
    fn year_of_other_end(&self, at: usize) -> Option<i16> {
        let stream = self.stream;
        let joined = ["and ", "to ", "- ", "-", "until ", "through ", ", "].iter().find_map(|word| {
            let start = skip_space(stream, at);
            starts_with(stream, start, word).then(|| start + word.len())
        })?;
        let (_, day_end) = digits(stream, joined, 2)?;
        let (_, month_end) = month_name(stream, skip_any(stream, day_end, " stndrh"))?;
        let start = skip_any(stream, month_end, " ,");
        let (year, end) = digits(stream, start, 4)?;
        (end - start == 4).then(|| i16::try_from(year).ok()).flatten()
    }

    /// `8 and 29 August 2023`: a day whose month and year stand at the next one.
    fn day_of_pair(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let (day, end) = digits(stream, at, 2)?;
        let joined = ["and ", ", ", "to ", "-"].iter().find_map(|word| {
            let start = skip_space(stream, end);
            starts_with(stream, start, word).then(|| start + word.len())
        })?;
        let (_, second_end) = digits(stream, joined, 2)?;
        let (month, month_end) = month_name(stream, skip_space(stream, second_end))?;
        let start = skip_any(stream, month_end, " ,");
        let (year, year_end) = digits(stream, start, 4)?;
        let date = (year_end - start == 4)
            .then(|| day_of(i16::try_from(year).ok()?, i32::from(month), day))
            .flatten()?;
        Some(mention(at, end, date))
    }

    /// `May 2021`, `May 5, 2021`, `May 5`.
    fn month_english(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let (month, month_end) = month_name(stream, at)?;
        let after = skip_any(stream, month_end, " .,-/");
        if let Some((year, end)) =
            digits(stream, after, 4).filter(|(year, end)| end - after == 4 && *year > 1899)
        {
            return month_of(i16::try_from(year).ok()?, i32::from(month)).map(|date| mention(at, end, date));
        }
        let (day, day_end) = digits(stream, after, 2)?;
        let year_at = skip_any(stream, day_end, " ,");
        if let Some((year, end)) =
            digits(stream, year_at, 4).filter(|(year, end)| end - year_at == 4 && *year > 1899)
        {
            return day_of(i16::try_from(year).ok()?, i32::from(month), day)
                .map(|date| mention(at, end, date));
        }
        // "may 5" may be a verb: the month must be written with a capital.
        let capital = stream.at(at).is_uppercase();
        let year = self.year.filter(|_| capital)?;
        day_of(year, i32::from(month), day).map(|date| mention(at, day_end, date))
    }

    fn season(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let season = SEASONS.iter().find(|season| starts_with(stream, at, season))?;
        let after = skip_any(stream, at + season.len(), " ");
        let after = if starts_with(stream, after, "of ") { after + 3 } else { after };
        let (year, end) = digits(stream, after, 4).filter(|(_, end)| end - after == 4)?;
        let date = PartialDate::from_year(i16::try_from(year).ok()?)?;
        Some(DateMention { season: true, ..mention(at, end, date) })
    }

    /// `in 2019`, `since 2019`: a bare year needs a word that makes it one.
    fn year_in(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let word = ["in ", "since ", "during ", "early ", "late ", "mid-"]
            .iter()
            .find(|word| starts_with(stream, at, word))?;
        let start = at + word.len();
        let (year, end) =
            digits(stream, start, 4).filter(|(year, end)| end - start == 4 && (1950..2100).contains(year))?;
        let bare = !stream.at(end).is_alphanumeric() && !matches!(stream.at(end), '-' | '/');
        bare.then(|| PartialDate::from_year(i16::try_from(year).ok()?))
            .flatten()
            .map(|date| mention(start, end, date))
    }

    /// `今年3月`, `去年`: by the document's own date.
    fn this_year(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let anchor = self.anchor?;
        let (shift, length) = [("今年", 0), ("本年", 0), ("去年", -1), ("前年", -2)]
            .iter()
            .find(|(word, _)| starts_with(stream, at, word))
            .map(|(_, shift)| (*shift, 2))?;
        let year = anchor.year() + shift;
        let rest = self.chinese_rest(at, year, at + length);
        Some(DateMention { relative: true, ..rest })
    }

    /// `3 months ago`, `3月前`, `2年前`, `3个月前`: an interval of a month or a year around the day.
    fn ago(&self, at: usize) -> Option<DateMention> {
        let stream = self.stream;
        let anchor = self.anchor?;
        let (count, end) = digits(stream, at, 3)?;
        let unit_at = skip_any(stream, end, " +余多个");
        let (months, years, unit_end) =
            if starts_with(stream, unit_at, "月前") || starts_with(stream, unit_at, "月余前") {
                (count, 0, unit_at + 2)
            } else if starts_with(stream, unit_at, "年前") || starts_with(stream, unit_at, "年余前") {
                (0, count, unit_at + 2)
            } else if starts_with(stream, unit_at, "months ago") {
                (count, 0, unit_at + 10)
            } else if starts_with(stream, unit_at, "years ago") {
                (0, count, unit_at + 9)
            } else {
                return None;
            };
        let anchor_month = i32::from(anchor.month()?);
        let date = if years > 0 {
            PartialDate::from_year(anchor.year() - i16::try_from(years).ok()?)?
        } else {
            let total = i32::from(anchor.year()) * 12 + anchor_month - 1 - months;
            PartialDate::from_month(
                i16::try_from(total.div_euclid(12)).ok()?,
                i8::try_from(total.rem_euclid(12) + 1).ok()?,
            )?
        };
        Some(DateMention { relative: true, ..mention(at, unit_end, date) })
    }

    /// The other end of a range: `~`, `至`, `-`, `to`, `through`.
    fn range_end(&self, first: &DateMention) -> Option<(PartialDate, usize)> {
        let stream = self.stream;
        let at = skip_space(stream, first.span.end);
        if let Some(found) = self.list_end(first).or_else(|| self.next_cell(first)) {
            return Some(found);
        }
        let between = first.span.start >= 8 && starts_with(stream, first.span.start - 8, "between ");
        let and = if between || first.date.day().is_some() { "and " } else { "~" };
        let joined = [and, "~", "至", "到", "to ", "through ", "until ", "-"]
            .iter()
            .find(|word| starts_with(stream, at, word))
            .map(|word| skip_space(stream, at + word.chars().count()))?;
        let context = Context { year: Some(first.date.year()), carried: true, ..*self };
        // A date cell that goes on in the next row: `12/05/2023 to` over `03/19/2024`.
        let joined = if matches!(stream.at(joined), crate::stream::CELL | crate::stream::BREAK) {
            let row = (joined..stream.len().min(joined + 160))
                .find(|of| stream.at(*of) == crate::stream::BREAK)?
                + 1;
            return context.full(row).or_else(|| context.numeric(row)).map(|of| (of.date, first.span.end));
        } else {
            joined
        };
        let next = context
            .full(joined)
            .or_else(|| context.numeric(joined))
            .or_else(|| context.day_month_english(joined))
            .or_else(|| context.month_english(joined))
            .or_else(|| context.month_and_day(joined))
            .or_else(|| context.short_end(joined, first.date))?;
        (next.date.latest() >= first.date.earliest()).then_some((next.date, next.span.end))
    }

    /// `2022-05-20、06-10、07-01行R-CHOP`: the last of a list of days.
    fn list_end(&self, first: &DateMention) -> Option<(PartialDate, usize)> {
        let stream = self.stream;
        first.date.day()?;
        let mut at = first.span.end;
        let mut last = None;
        while matches!(stream.at(at), '、' | ',') {
            let next = skip_space(stream, at + 1);
            let context = Context { year: Some(first.date.year()), carried: true, ..*self };
            let found = context
                .full(next)
                .filter(|of| of.date.day().is_some())
                .or_else(|| context.short_end(next, first.date))?;
            if found.date < last.map_or(first.date, |(date, _)| date) {
                return None;
            }
            last = Some((found.date, found.span.end));
            at = found.span.end;
        }
        last
    }

    /// Two neighbouring cells that hold nothing but a date each: from and to.
    fn next_cell(&self, first: &DateMention) -> Option<(PartialDate, usize)> {
        use crate::stream::{BREAK, CELL};
        let stream = self.stream;
        let alone_before = first.span.start == 0 || matches!(stream.at(first.span.start - 1), CELL | BREAK);
        if !alone_before || stream.at(first.span.end) != CELL {
            return None;
        }
        let next = first.span.end + 1;
        let found = self.full(next).or_else(|| self.numeric(next))?;
        let alone = matches!(stream.at(found.span.end), CELL | BREAK);
        (alone && found.date >= first.date).then_some((found.date, found.span.end))
    }

    /// `2012.3.4~4.9`.
    fn short_end(&self, at: usize, first: PartialDate) -> Option<DateMention> {
        first.day()?;
        let (month, end) = digits(self.stream, at, 2)?;
        if !matches!(self.stream.at(end), '.' | '-' | '/') {
            return None;
        }
        let (day, day_end) = digits(self.stream, end + 1, 2)?;
        day_of(first.year(), month, day).map(|date| mention(at, day_end, date))
    }
}

/// Recognition drops the space between a day and its time: `2024-08-2109:36`.
fn glued_time(stream: &Stream, at: usize) -> bool {
    let two = |from: usize| stream.at(from).is_ascii_digit() && stream.at(from + 1).is_ascii_digit();
    two(at) && stream.at(at + 2) == ':' && two(at + 3)
}

fn mention(start: usize, end: usize, date: PartialDate) -> DateMention {
    DateMention { span: Span::new(start, end), date, until: None, season: false, relative: false }
}

fn day_of(year: i16, month: i32, day: i32) -> Option<PartialDate> {
    PartialDate::from_day(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

fn month_of(year: i16, month: i32) -> Option<PartialDate> {
    PartialDate::from_month(year, i8::try_from(month).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::LinePlace;

    fn found(text: &str, anchor: Option<&str>) -> Vec<String> {
        let mut stream = Stream::default();
        stream.push_line(LinePlace { page: 0, line: 0 }, text);
        dates(&stream, anchor.map(|of| of.parse().unwrap()), None)
            .into_iter()
            .map(|of| match of.until {
                Some(until) => format!("{}..{until}", of.date),
                None => of.date.to_string(),
            })
            .collect()
    }

    #[test]
    fn dates_as_papers_print_them() {
        for (text, expected) in [
            ("2022年11月5日行颈部淋巴结活检，11-20开始化疗", &["2022-11-05", "2022-11-20"][..]),
            ("2021.3.5 至 2021.8.20", &["2021-03-05..2021-08-20"]),
            ("2012.3.4～4.9", &["2012-03-04..2012-04-09"]),
            ("于2020年5月起", &["2020-05"]),
            ("2019年确诊", &["2019"]),
            ("on 5 May 2021 and May 10, 2021", &["2021-05-05..2021-05-10"]),
            ("from March 2020 to July 2020", &["2020-03..2020-07"]),
            ("Relapsed in spring 2023, biopsy on 14 April.", &["2023", "2023-04-14"]),
            ("diagnosed in 2018", &["2018"]),
            ("05/06/2021", &["2021"]),
            ("05/06/2021, then 14/02/2022", &["2021-06-05", "2022-02-14"]),
            ("05/06/2021, then 03/19/2024", &["2021-05-06", "2024-03-19"]),
            ("2022-05-20、06-10、09-02行R-CHOP", &["2022-05-20..2022-09-02"]),
            ("2024-08-2109:36", &["2024-08-21"]),
            ("between 20 May and 2 September 2022", &["2022-05-20..2022-09-02"]),
            ("on 8 and 29 August 2023", &["2023-08-08..2023-08-29"]),
            ("Ki-67 80%, 10^9/L 125-350, CD20 1-2", &[]),
            ("20230718", &["2023-07-18"]),
            ("2022 年 5 月 10 日", &["2022-05-10"]),
            ("3月前", &[]),
        ] {
            assert_eq!(found(text, None), expected, "{text}");
        }
    }

    #[test]
    fn relative_dates_are_reckoned_from_the_paper() {
        assert_eq!(found("3月前发现颈部包块", Some("2023-02-10")), ["2022-11"]);
        assert_eq!(found("今年3月", Some("2023-06-01")), ["2023-03"]);
        assert_eq!(found("2 years ago", Some("2023-06-01")), ["2021"]);
    }
}
