//! One pass over the stream: where a date can begin, and what its first character lets it be.

use super::{
    chinese, english, later, numeric,
    said::{Said, Sayings, When},
    words::{digits, one_of, skip_space, starts_with, year_at},
};
use crate::{
    stream::{BREAK, CELL, Stream, is_han},
    vocabulary::dates::COLUMN_HEADS,
    words::words,
};

/// So many Han characters no paper of another language holds.
const MANY: usize = 60;

/// How far a year or month is carried over the end of a paragraph, in characters.
const CARRIED: usize = 400;

pub(super) fn sayings(stream: &Stream) -> Sayings {
    let mut scan = Scan { stream, said: Vec::new(), told_at: None, short_years: false };
    let mut index = 0;
    while index < stream.len() {
        match may_begin(stream, index).then(|| scan.at(index)).flatten() {
            Some(said) => {
                index = said.span.end.max(index + 1);
                if said.when.names_year() || said.until.is_some_and(When::names_year) {
                    scan.told_at = Some(index);
                }
                scan.short_years |= numeric::has_short_year(stream, said);
                scan.said.push(said);
            }
            None => {
                if stream.at(index) == BREAK && scan.told_at.is_some_and(|told| index - told > CARRIED) {
                    scan.told_at = None;
                }
                index += 1;
            }
        }
    }
    let han = stream.chars.iter().filter(|of| is_han(**of)).count();
    // A Chinese sheet of figures is Chinese too.
    Sayings { said: scan.said, chinese: 8 * han > stream.len() || han > MANY }
}

/// Whether a date can begin at a place, as far as its sign and the one before it tell: at most places none can.
fn may_begin(stream: &Stream, at: usize) -> bool {
    let of = stream.at(at).to_ascii_lowercase();
    if of.is_ascii_alphabetic() {
        // The letters that `english::word` reads on from.
        let letter =
            matches!(of, 's' | 'a' | 'w' | 'f' | 'l' | 't' | 'y' | 'e' | 'd' | 'j' | 'm' | 'n' | 'o');
        return letter && (at == 0 || !stream.at(at - 1).is_ascii_alphanumeric());
    }
    of.is_ascii_digit() || of == '+' || !of.is_ascii()
}

struct Scan<'a> {
    stream: &'a Stream,
    said: Vec<Said>,
    /// Where a year was last told in this paragraph.
    told_at: Option<usize>,
    /// Months were told with short years, `10/22-02/23`: the paper writes them so.
    short_years: bool,
}

impl Scan<'_> {
    /// A date with the other end of its range.
    fn at(&self, at: usize) -> Option<Said> {
        let said = self.single(at, false)?;
        let said = self.explained(said);
        Some(if said.until.is_some() { said } else { self.ranged(said) })
    }

    /// A date beginning here; most characters are no beginning.
    fn single(&self, at: usize, in_range: bool) -> Option<Said> {
        let stream = self.stream;
        let of = stream.at(at);
        if of.is_ascii_digit() {
            return (in_range || self.begins_number(at)).then(|| self.number(at, in_range)).flatten();
        }
        if of.is_ascii_alphabetic() {
            let begins = at == 0 || is_han(stream.at(at - 1)) || !stream.at(at - 1).is_alphanumeric();
            return begins.then(|| english::word(stream, at, in_range)).flatten();
        }
        chinese::relative(stream, at)
    }

    fn begins_number(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(' ', |of| self.stream.at(of));
        let second = at.checked_sub(2).map_or(' ', |of| self.stream.at(of));
        let inside = matches!(before, '.' | '/' | '-') && second.is_ascii_digit();
        let signed = matches!(before, '^' | '<' | '>' | '+' | '#');
        let word = !is_han(before) && before.is_alphanumeric();
        !inside && !signed && !word
    }

    fn number(&self, at: usize, in_range: bool) -> Option<Said> {
        let stream = self.stream;
        let told = self.told_at.is_some();
        chinese::with_year(stream, at)
            .or_else(|| numeric::months_of_table(stream, at))
            .or_else(|| numeric::with_year(stream, at))
            .or_else(|| numeric::three(stream, at))
            .or_else(|| numeric::month_and_year(stream, at))
            .or_else(|| english::day_month(stream, at))
            .or_else(|| english::day_of_month(stream, at))
            .or_else(|| english::bare_day(stream, at))
            .or_else(|| english::day_of_pair(stream, at))
            .or_else(|| chinese::ago(stream, at))
            .or_else(|| chinese::month(stream, at))
            .or_else(|| english::ago(stream, at, digits(stream, at, 3)?))
            .or_else(|| later::read(stream, at))
            .or_else(|| numeric::months_of_short_years(stream, at))
            .or_else(|| numeric::days_of_range(stream, at))
            .or_else(|| numeric::month_and_short_year(stream, at))
            .or_else(|| numeric::month_and_short_year_alike(stream, at).filter(|_| self.short_years))
            .or_else(|| numeric::pair(stream, at, in_range))
            .or_else(|| numeric::column_head(stream, at))
            .or_else(|| numeric::day_point_month(stream, at))
            .or_else(|| numeric::month_day(stream, at, told, in_range))
            .or_else(|| self.first_of_range(at))
            .or_else(|| chinese::day(stream, at, !self.said.is_empty()))
            .or_else(|| self.listed(at))
            .or_else(|| numeric::bare_year(stream, at))
    }

    /// `12.20-2020.4.8`, `6.2-6.4`: month and day whose range has its year at the other end.
    fn first_of_range(&self, at: usize) -> Option<Said> {
        let stream = self.stream;
        let said = numeric::month_day(stream, at, true, true)
            .or_else(|| numeric::day_point_month_before_range(stream, at))?;
        let joined =
            one_of(stream, skip_space(stream, said.span.end), words!["-", "~", "至", "到", "and ", "& "])?;
        let full = numeric::with_year(stream, skip_space(stream, joined))
            .or_else(|| chinese::with_year(stream, skip_space(stream, joined)))
            .or_else(|| numeric::three(stream, skip_space(stream, joined)))?;
        full.when.names_day().then_some(said)
    }

    /// `2023-3-1、3-22、4-12`: a day in a list of days.
    fn listed(&self, at: usize) -> Option<Said> {
        let last = self.said.last().filter(|last| last.when.names_day())?;
        let comma = at.checked_sub(1).map(|of| self.stream.at(of)).is_some_and(|of| matches!(of, '、' | ','));
        (comma && last.span.end + 1 == at).then(|| numeric::month_day(self.stream, at, true, true)).flatten()
    }

    /// `2年前(2022-06)`: the date in brackets says which day the relative one is.
    fn explained(&self, said: Said) -> Said {
        let stream = self.stream;
        let relative = matches!(
            said.when,
            When::YearsFromPaper { .. } | When::MonthsFromPaper { .. } | When::DaysFromPaper { .. }
        );
        if !relative || stream.at(skip_space(stream, said.span.end)) != '(' {
            return said;
        }
        let begin = skip_space(stream, said.span.end) + 1;
        let exact = chinese::with_year(stream, begin)
            .or_else(|| numeric::with_year(stream, begin))
            .or_else(|| numeric::three(stream, begin))
            .or_else(|| numeric::month_and_year(stream, begin))
            .or_else(|| english::day_month(stream, begin))
            .or_else(|| english::word(stream, begin, true))
            .or_else(|| numeric::bare_year(stream, begin))
            .filter(|exact| stream.at(exact.span.end) == ')');
        match exact {
            Some(exact) => Said { span: said.span.to(exact.span), ..exact },
            None => said,
        }
    }

    /// The other end of a range: `~`, `至`, `-`, `to`, a list of days, two cells.
    fn ranged(&self, first: Said) -> Said {
        let end = self.list_end(first).or_else(|| self.next_cell(first)).or_else(|| self.range_end(first));
        match end {
            Some((until, end)) => {
                Said { until: Some(until), span: crate::stream::Span::new(first.span.start, end), ..first }
            }
            None => first,
        }
    }

    fn range_end(&self, first: Said) -> Option<(When, usize)> {
        let stream = self.stream;
        let at = skip_space(stream, first.span.end);
        let between = first.span.start >= 8 && starts_with(stream, first.span.start - 8, "between ");
        let paired = matches!(first.when, When::Yearless { day: Some(_), .. });
        let joints = if between || first.when.names_day() {
            words!["and ", "~", "至", "到", "to ", "through ", "until ", "- ", "-", "–"]
        } else {
            words!["~", "至", "到", "to ", "through ", "until ", "- ", "-", "–"]
        };
        let joined = one_of(stream, at, joints).map(|end| skip_space(stream, end)).or_else(|| {
            one_of(stream, at, words![", "])
                .filter(|next| paired && english::day_month(stream, *next).is_some())
        })?;
        // A date cell that goes on in the next row: `12/05/2023 to` over `03/19/2024`.
        if matches!(stream.at(joined), CELL | BREAK) {
            let row = (joined..stream.len().min(joined + 160)).find(|of| stream.at(*of) == BREAK)? + 1;
            let next = numeric::with_year(stream, row).or_else(|| numeric::three(stream, row))?;
            return Some((next.when, first.span.end));
        }
        let next = self.end_at(first, joined)?;
        Some((next.when, next.span.end))
    }

    fn end_at(&self, first: Said, at: usize) -> Option<Said> {
        let stream = self.stream;
        let day_count = matches!(first.when, When::DayCount(_));
        if day_count || matches!(first.when, When::DaysFromPaper { .. }) {
            return None;
        }
        // `去年11月至今年3月`: both ends are reckoned from the paper.
        let both = |next: &Said| {
            let by_paper = |when: When| matches!(when, When::YearsFromPaper { .. });
            by_paper(first.when) && by_paper(next.when) && starts_with(stream, at, "今年")
        };
        let next = self.single(at, true).filter(|next| {
            both(next)
                || !matches!(
                    next.when,
                    When::DayCount(_)
                        | When::YearsFromPaper { .. }
                        | When::MonthsFromPaper { .. }
                        | When::DaysFromPaper { .. }
                )
        });
        next.or_else(|| self.year_only(first, at)).or_else(|| self.day_only(first, at))
    }

    /// `2019-2021`, `2019年至2021年`.
    fn year_only(&self, first: Said, at: usize) -> Option<Said> {
        let When::Full(date) = first.when else { return None };
        let (year, end) = year_at(self.stream, at).filter(|_| date.month().is_none())?;
        let until = cartulary_model::PartialDate::from_year(year)?;
        Some(Said::new(at, end, When::Full(until)))
    }

    /// `5月10日-15日`, `2019年3-8月` is read by month: the second end is a day of the same month.
    fn day_only(&self, first: Said, at: usize) -> Option<Said> {
        let (day, end) = digits(self.stream, at, 2).filter(|_| first.when.names_day())?;
        let signed = matches!(self.stream.at(end), '日' | '号');
        let day = i8::try_from(day).ok().filter(|day| signed && (1..=31).contains(day))?;
        Some(Said::new(at, end + 1, When::MonthsFromLast { months: 0, day: Some(day) }))
    }

    /// `2022-05-20、06-10、07-01行R-CHOP`: the last of a list of days.
    fn list_end(&self, first: Said) -> Option<(When, usize)> {
        let stream = self.stream;
        if !first.when.names_day() || !first.when.names_year() {
            return None;
        }
        let mut at = first.span.end;
        let mut last = None;
        while matches!(stream.at(at), '、' | ',') {
            let next = skip_space(stream, at + 1);
            let found = numeric::with_year(stream, next)
                .filter(|of| of.when.names_day())
                .or_else(|| chinese::month(stream, next).filter(|of| of.when.names_day()))
                .or_else(|| numeric::month_day(stream, next, true, true));
            let Some(found) = found else { break };
            last = Some((found.when, found.span.end));
            at = found.span.end;
        }
        // A comma parts clauses; only several days with nothing between them make a list.
        last.filter(|(_, end)| stream.at(first.span.end) == '、' || self.is_listed(first.span.end, *end))
    }

    /// `2022-05-20,06-10,07-01`: commas with nothing but days between them, more than one.
    fn is_listed(&self, start: usize, end: usize) -> bool {
        (start..end).filter(|at| self.stream.at(*at) == ',').count() > 1
    }

    /// Two neighbouring cells that hold nothing but a date each: from and to.
    fn next_cell(&self, first: Said) -> Option<(When, usize)> {
        let stream = self.stream;
        let alone_before = first.span.start == 0 || matches!(stream.at(first.span.start - 1), CELL | BREAK);
        if !alone_before || stream.at(first.span.end) != CELL || !first.when.names_year() {
            return None;
        }
        let next = first.span.end + 1;
        let found = numeric::with_year(stream, next).or_else(|| numeric::three(stream, next))?;
        let alone = matches!(stream.at(found.span.end), CELL | BREAK);
        let heads = self.heads_columns(first.span.start);
        (alone && !heads).then_some((found.when, found.span.end))
    }

    /// `Test | 03.06.24 | 08.06.24 | Unit`, or three days and more: each is of the column below it, and none ends another.
    fn heads_columns(&self, at: usize) -> bool {
        const SPAN: usize = 2;
        let stream = self.stream;
        let Some(row) = stream.short_row(at) else { return false };
        let fields = stream.fields(row);
        let named = fields
            .first()
            .is_some_and(|field| stream.words_at(field.start, COLUMN_HEADS).any(|of| of.end() == field.end));
        named || fields.iter().filter(|field| self.holds_day_alone(field.start)).count() > SPAN
    }

    /// Whether a cell at exactly this place holds a day and nothing else.
    fn holds_day_alone(&self, at: usize) -> bool {
        let stream = self.stream;
        let day = numeric::with_year(stream, at).or_else(|| numeric::three(stream, at));
        day.is_some_and(|of| of.span.start == at && matches!(stream.at(of.span.end), CELL | BREAK))
    }
}
