//! From what is said to days: the order of numbers, the year carried over, the document's own date, day 0.
//!
//! ## Never
//! A year that neither the text nor the document's date gives is not invented.

use super::{
    DateMention, Order,
    numeric::proved,
    said::{Said, Sayings, When},
    weekday,
    words::{day_of, follows_word},
};
use crate::{
    stream::{BREAK, CELL, Span, Stream},
    vocabulary::dates::{DAY_ZERO, PLANNED},
    words::words,
};
use cartulary_model::PartialDate;
use jiff::{ToSpan as _, civil::Date};

impl Sayings {
    /// The days that are meant. `anchor` is the document's own date, for years left out and for "3 months ago";
    /// without it those are not dated. `elsewhere` is the order that other papers prove.
    pub(crate) fn dated(
        &self,
        stream: &Stream,
        anchor: Option<PartialDate>,
        elsewhere: Option<Order>,
    ) -> Vec<DateMention> {
        let counts = self.said.iter().any(|of| matches!(of.when, When::DayCount(_)));
        let mut reckoner = Reckoner {
            stream,
            anchor,
            order: proved(&self.said).or_else(|| proved_by_paper(&self.said, anchor)).or(elsewhere),
            chinese: self.chinese,
            last: None,
            next: None,
            zero: if counts { self.day_zero(stream, anchor, elsewhere) } else { None },
        };
        let mut mentions: Vec<DateMention> = Vec::new();
        for (position, said) in self.said.iter().enumerate() {
            reckoner.next = self.year_behind(position).and_then(|next| reckoner.follows(said, next));
            mentions.extend(reckoner.mention(said));
        }
        mentions
    }

    /// The next day with a year of its own behind days without one.
    fn year_behind(&self, position: usize) -> Option<&Said> {
        const CHAIN: usize = 3;
        self.said.iter().skip(position + 1).take(CHAIN).find(|of| {
            of.when.names_year()
                || of.until.is_some_and(When::names_year)
                || !matches!(of.when, When::Yearless { .. })
        })
    }

    /// The day of the infusion or transplant that "day +100" counts from: the only dated one, or one called day 0.
    fn day_zero(
        &self,
        stream: &Stream,
        anchor: Option<PartialDate>,
        elsewhere: Option<Order>,
    ) -> Option<Date> {
        let without: Vec<Said> =
            self.said.iter().filter(|of| !matches!(of.when, When::DayCount(_))).copied().collect();
        let others = Sayings { said: without, chinese: self.chinese };
        let days = others.dated(stream, anchor, elsewhere);
        let reported: Vec<(Span, Date)> =
            self.said.iter().filter_map(|of| told_of(stream, anchor, &days, of)).collect();
        days.iter()
            .rev()
            .filter(|of| !reported.iter().any(|(day, _)| *day == of.span))
            .find(|of| of.date.day().is_some() && of.until.is_none() && is_day_zero(stream, of.span))
            .map(|of| of.date.earliest())
            .or_else(|| reported.first().map(|(_, zero)| *zero))
    }
}

/// The order in which some date is the paper's own day, give or take, and in the other order is far from it.
fn proved_by_paper(said: &[Said], anchor: Option<PartialDate>) -> Option<Order> {
    const NEAR: i32 = 3;
    const FAR: i32 = 25;
    let anchor = anchor.filter(|of| of.day().is_some())?.earliest();
    let away = |date: Option<PartialDate>| {
        date.and_then(|date| anchor.until(date.earliest()).ok())
            .map_or(i32::MAX, |span| span.get_days().abs())
    };
    said.iter().find_map(|of| {
        let When::Numbers { of: [a, b, c], short_year, .. } = of.when else { return None };
        let year = if short_year { century(c) } else { i16::try_from(c).ok()? };
        match (away(day_of(year, b, a)), away(day_of(year, a, b))) {
            (near, far) if near <= NEAR && far >= FAR => Some(Order::DayFirst),
            (far, near) if near <= NEAR && far >= FAR => Some(Order::MonthFirst),
            _ => None,
        }
    })
}

/// `2024-11-14 CAR-T回输后第6天`, `今日为回输后第6天`, "today is day 6 after axi-cel": the day that is told to be so many days
/// after day 0, and that day 0.
fn told_of(
    stream: &Stream,
    anchor: Option<PartialDate>,
    days: &[DateMention],
    count: &Said,
) -> Option<(Span, Date)> {
    const REACH: usize = 30;
    let When::DayCount(number) = count.when else { return None };
    let stops = |at: &usize| matches!(stream.at(*at), ',' | ';' | '。' | BREAK | CELL);
    let low = count.span.start.saturating_sub(REACH);
    let start = (low..count.span.start).rev().find(stops).map_or(low, |at| at + 1);
    let lead = Span::new(start, count.span.start);
    let since = words!["后", " after", " post", " of ", " following", " s/p"];
    let counts = stream.reads_any(count.span.start, words!["回输后", "输注后", "输后", "移植后"])
        || stream.reads_back_any(count.span.start, since)
        || stream.reads_any(count.span.end, since);
    let zero = |date: PartialDate| date.earliest().checked_sub(number.days()).ok();
    let dated = days.iter().rev().find(|of| of.span.start >= lead.start && of.span.end <= lead.end);
    if let Some(day) = dated.filter(|of| counts && of.date.day().is_some() && of.until.is_none()) {
        // `2024-11-08回输CAR-T后第6天`: the verb of the infusion stands right behind its own day.
        let own = stream.reads_any(
            crate::dates::words::skip_space(stream, day.span.end),
            words!["回输", "输注", "行", "予", "移植", "接受", "infus", "transplant", ")后", ") 后", "后"],
        );
        return zero(day.date).filter(|_| !own).map(|zero| (day.span, zero));
    }
    let today =
        stream.words_in(lead, words!["今日", "今天", "现为", "目前", "today", "now "]).next().is_some();
    let anchor = anchor.filter(|of| counts && today && of.day().is_some())?;
    zero(anchor).map(|zero| (count.span, zero))
}

/// Whether the clause of a date names day 0, an infusion or a transplant.
fn is_day_zero(stream: &Stream, span: Span) -> bool {
    let stops = |at: usize| {
        matches!(stream.at(at), ',' | ';' | '。' | BREAK | CELL)
            || stream.at(at) == '.' && stream.at(at + 1) == ' '
    };
    let start = (span.start.saturating_sub(40)..span.start)
        .rev()
        .find(|at| stops(*at))
        .map_or_else(|| span.start.saturating_sub(40), |at| at + 1);
    let limit = stream.len().min(span.end + 40);
    let end = (span.end..limit).find(|at| stops(*at)).unwrap_or(limit);
    let clause = stream.lower_text(Span::new(start, end));
    stream.text_has(clause, DAY_ZERO)
        && !stream.text_has(clause, words!["单采", "apheresis", "输注红细胞", "输注血小板"])
}

/// The date last told, for years and months left out.
#[derive(Clone, Copy)]
struct Last {
    date: PartialDate,
    end: usize,
    /// Its year stands in the text; else it was taken from the paper's date.
    told: bool,
}

struct Reckoner<'a> {
    stream: &'a Stream,
    anchor: Option<PartialDate>,
    order: Option<Order>,
    chinese: bool,
    last: Option<Last>,
    /// The dated day that is told right behind the one being reckoned.
    next: Option<PartialDate>,
    zero: Option<Date>,
}

impl Reckoner<'_> {
    fn mention(&mut self, said: &Said) -> Option<DateMention> {
        self.forget(said.span.start);
        let (date, relative) = self.first_end(said)?;
        let names = said.when.names_year() || said.until.is_some_and(When::names_year);
        let told = names || self.last.is_some_and(|last| last.told);
        // `今年9月...,10月16日`: a year that is told from the paper is told.
        let year_said = matches!(said.when, When::YearsFromPaper { month: Some(_), .. });
        let told = told || year_said;
        // A birth tells no year of what comes after it.
        let birth = crate::sheet::is_birth(self.stream, said.span);
        if (!relative || year_said) && !birth {
            self.last = Some(Last { date, end: said.span.end, told });
        }
        let until = said.until.and_then(|until| self.second_end(until, said, date));
        if let Some(until) = until {
            self.last = Some(Last { date: until, end: said.span.end, told });
        }
        let counted = match said.when {
            When::DayCount(days) => Some(days),
            _ => None,
        };
        Some(DateMention { span: said.span, date, until, season: said.season, relative, counted })
    }

    /// The day told behind another in its sentence, if its year is written.
    fn follows(&self, said: &Said, next: &Said) -> Option<PartialDate> {
        const APART: usize = 60;
        let gap = said.span.end..next.span.start;
        let stops = |at: usize| {
            matches!(self.stream.at(at), ';' | '。' | BREAK | CELL)
                || self.stream.at(at) == '.' && self.stream.at(at + 1) == ' '
        };
        let beside = next.when.names_year() && gap.len() <= APART && !gap.clone().any(stops);
        let date = beside.then(|| self.reckoned(next.when, next.span)).flatten()?.0;
        date.month().map(|_| date)
    }

    /// A year is carried along a paragraph, not across the page.
    fn forget(&mut self, at: usize) {
        const CARRIED: usize = 400;
        let far = self.last.is_some_and(|last| {
            at.saturating_sub(last.end) > CARRIED && (last.end..at).any(|of| self.stream.at(of) == BREAK)
        });
        if far {
            self.last = None;
        }
    }

    /// The first end, its year taken from the second where only that has one: `Mar-Jul 2019`.
    fn first_end(&self, said: &Said) -> Option<(PartialDate, bool)> {
        if let (When::Yearless { month, day }, Some(until)) = (said.when, said.until)
            && let Some((until, _)) = until.names_year().then(|| self.reckoned(until, said.span)).flatten()
        {
            let same = dated(until.year(), month, day)?;
            let date = if same <= until { same } else { dated(until.year() - 1, month, day)? };
            return Some((date, false));
        }
        self.reckoned(said.when, said.span)
    }

    fn second_end(&self, until: When, said: &Said, first: PartialDate) -> Option<PartialDate> {
        let date = match until {
            When::Yearless { month, day } => {
                let same = dated(first.year(), month, day)?;
                if same.latest() >= first.earliest() { same } else { dated(first.year() + 1, month, day)? }
            }
            other => self.reckoned(other, said.span)?.0,
        };
        (date.latest() >= first.earliest()).then_some(date)
    }

    /// The date and whether it was counted from the paper or from day 0.
    fn reckoned(&self, when: When, span: Span) -> Option<(PartialDate, bool)> {
        match when {
            When::Full(date) => Some((date, false)),
            When::Numbers { of, short_year, sign } => {
                self.numbers(of, short_year, sign).map(|date| (date, false))
            }
            When::Pair { of } => self.pair(of, span).map(|date| (date, false)),
            When::Yearless { month, day } => self.yearless(month, day, span).map(|date| (date, false)),
            When::YearsFromLast { years, month, day } => {
                self.years_from_last(years, month, day).map(|date| (date, false))
            }
            When::MonthsFromLast { months, day } => {
                let last = self.last.map(|last| last.date).or(self.anchor)?;
                self.months_from(last, months, day).map(|date| (date, false))
            }
            When::DayOfMonth(day) => self.day_of_month(day, span).map(|date| (date, false)),
            When::NextDay => {
                let last = self.last.map(|last| last.date)?;
                last.day()?;
                last.earliest().checked_add(1.days()).ok().map(|date| (date.into(), false))
            }
            When::YearsFromPaper { years, month, day } => {
                let year = self.anchor?.year() + years;
                let date = match month {
                    Some(month) => dated(year, month, day)?,
                    None => PartialDate::from_year(year)?,
                };
                Some((date, true))
            }
            When::MonthsFromPaper { months, day } => {
                self.months_from(self.anchor?, months, day).map(|date| (date, true))
            }
            When::LastSeason { ends } => {
                let anchor = self.anchor?;
                let over = anchor.month()? > ends;
                PartialDate::from_year(anchor.year() - i16::from(!over)).map(|date| (date, true))
            }
            When::DaysFromPaper { days, to_the_day } => {
                let anchor = self.anchor.filter(|of| of.day().is_some())?;
                let date: PartialDate = anchor.earliest().checked_add(days.days()).ok()?.into();
                let date =
                    if to_the_day { Some(date) } else { PartialDate::from_month(date.year(), date.month()?) };
                date.map(|date| (date, true))
            }
            When::Weekday { day, week } => {
                let anchor = self.anchor.filter(|of| of.day().is_some())?.earliest();
                let planned = self.is_planned(span) || weekday::is_ahead(self.stream, span);
                weekday::reckoned(anchor, day, week, planned).map(|date| (date, true))
            }
            When::LaterThanLast { days, months } => {
                self.later_than_last(days, months).map(|date| (date, false))
            }
            When::DayCount(days) => self.zero?.checked_add(days.days()).ok().map(|date| (date.into(), true)),
        }
    }

    /// Known to the month: who says "three months later" does not count days.
    fn later_than_last(&self, days: i32, months: i32) -> Option<PartialDate> {
        let last = self.last?.date;
        last.month().filter(|_| days == 0 || last.day().is_some())?;
        let date = last.earliest().checked_add(months.months().days(days)).ok()?;
        PartialDate::from_month(date.year(), date.month()).filter(|date| !self.is_late(*date))
    }

    fn years_from_last(&self, years: i16, month: Option<i8>, day: Option<i8>) -> Option<PartialDate> {
        let last = self.last?.date;
        match month {
            Some(month) => dated(last.year() + years, month, day),
            None => PartialDate::from_year(last.year() + years),
        }
    }

    fn months_from(&self, from: PartialDate, months: i32, day: Option<i8>) -> Option<PartialDate> {
        let total = i32::from(from.year()) * 12 + i32::from(from.month()?) - 1 + months;
        let year = i16::try_from(total.div_euclid(12)).ok()?;
        dated(year, i8::try_from(total.rem_euclid(12) + 1).ok()?, day)
    }

    /// Three numbers: every order that makes a day and is not later than the paper; several are none.
    fn numbers(&self, [a, b, c]: [i32; 3], short_year: bool, sign: char) -> Option<PartialDate> {
        let year = if short_year { century(c) } else { i16::try_from(c).ok()? };
        if short_year && (a > 31 || (self.chinese && a > 9)) {
            let date = day_of(century(a), b, c);
            let known = date.filter(|date| !self.is_late(*date));
            if known.is_some() {
                return known;
            }
        }
        // With points the day stands first wherever points are used.
        let order = self.order.or((sign == '.' && !self.chinese).then_some(Order::DayFirst));
        let day_first = day_of(year, b, a);
        let month_first = day_of(year, a, b);
        let (day_first, month_first) = match (day_first, month_first) {
            // An order that other dates prove holds for what is planned too.
            (Some(a), Some(b)) if self.order.is_none() && self.is_late(a) != self.is_late(b) => {
                (day_first.filter(|of| !self.is_late(*of)), month_first.filter(|of| !self.is_late(*of)))
            }
            other => other,
        };
        match (day_first, month_first, order) {
            (Some(date), Some(_), Some(Order::DayFirst)) | (Some(date), None, _) => Some(date),
            (Some(_), Some(date), Some(Order::MonthFirst)) | (None, Some(date), _) => Some(date),
            (Some(a), Some(b), None) if a == b => Some(a),
            (Some(_), Some(_), None) => PartialDate::from_year(year),
            (None, None, _) => None,
        }
    }

    /// Later than the paper that tells of it.
    fn is_late(&self, date: PartialDate) -> bool {
        const AHEAD: i32 = 15;
        self.anchor.is_some_and(|anchor| {
            anchor.latest().checked_add(AHEAD.days()).is_ok_and(|limit| date.earliest() > limit)
        })
    }

    fn pair(&self, [a, b]: [i32; 2], span: Span) -> Option<PartialDate> {
        let read = |month: i32, day: i32| {
            self.yearless(i8::try_from(month).ok()?, Some(i8::try_from(day).ok()?), span)
        };
        if self.chinese {
            return read(a, b);
        }
        match (day_of(2024, b, a), day_of(2024, a, b), self.order) {
            (Some(_), None, _) | (Some(_), Some(_), Some(Order::DayFirst)) => read(b, a),
            (None, Some(_), _) | (Some(_), Some(_), Some(Order::MonthFirst)) => read(a, b),
            _ => None,
        }
    }

    /// A month without its year: the year last told, or the paper's.
    fn yearless(&self, month: i8, day: Option<i8>, span: Span) -> Option<PartialDate> {
        let by_paper =
            self.last.is_none_or(|last| !last.told || self.is_aside(last, span)) || self.speaks_of_now(span);
        // "Flu/Cy 29-31 May, axi-cel 3 June 2023": the year of the day that follows.
        let shared = self.next.filter(|_| self.last.is_none_or(|last| !last.told));
        if let Some(date) = shared.and_then(|next| shortly_before(next, month, day)) {
            return Some(date);
        }
        if let Some(anchor) = self.anchor.filter(|_| by_paper) {
            return self.nearest(anchor, month, day, span);
        }
        let last = self.last?.date;
        let same = dated(last.year(), month, day)?;
        let next = dated(last.year() + 1, month, day);
        // A told course runs forward: January behind December is the next year's.
        let gap = last.month().map_or(0, |of| i32::from(month) - i32::from(of));
        let turns = gap < 0 && gap + 12 <= 9;
        let date = next.filter(|next| turns && !self.is_late(*next)).unwrap_or(same);
        // What would be later than the paper was the year before, unless it is planned.
        let late = self.is_late(date) && !self.is_planned(span);
        Some(if late { dated(date.year() - 1, month, day).unwrap_or(date) } else { date })
    }

    /// A year alone ("breast cancer in 2010") says nothing of the months of later sentences.
    fn is_aside(&self, last: Last, span: Span) -> bool {
        let stops = |at: usize| {
            self.stream.at(at) == '。'
                || (self.stream.at(at) == '.' && matches!(self.stream.at(at + 1), ' ' | BREAK))
        };
        self.anchor.is_some() && last.date.month().is_none() && (last.end..span.start).any(stops)
    }

    /// Of a plan the first such day after the paper's; else of the month told before it in its sentence, or the last such day.
    fn day_of_month(&self, day: i8, span: Span) -> Option<PartialDate> {
        let planned = self.is_planned(span);
        let stops = |at: usize| {
            matches!(self.stream.at(at), ';' | '。' | BREAK | CELL)
                || self.stream.at(at) == '.' && self.stream.at(at + 1) == ' '
        };
        let told = self.last.filter(|last| last.date.month().is_some() && !(last.end..span.start).any(stops));
        let told = told.filter(|last| {
            !planned || self.anchor.is_none_or(|anchor| last.date.latest() >= anchor.earliest())
        });
        let Some(last) = told else {
            let anchor = self.anchor.filter(|of| of.day().is_some())?;
            let fits = |date: &PartialDate| {
                if planned { date.earliest() >= anchor.earliest() } else { date.latest() <= anchor.latest() }
            };
            let months = if planned { [0, 1, 2] } else { [0, -1, -2] };
            return months.into_iter().filter_map(|of| self.months_from(anchor, of, Some(day))).find(fits);
        };
        // A told course runs forward.
        let later = usize::from(last.date.day().is_some_and(|before| before > day));
        self.months_from(last.date, i32::try_from(later).ok()?, Some(day))
    }

    /// "this March" is by the paper, whatever year was told before.
    fn speaks_of_now(&self, span: Span) -> bool {
        ["this ", "last "]
            .iter()
            .any(|word| word.chars().zip(span.start..).all(|(of, at)| self.stream.lower.get(at) == Some(&of)))
            || follows_word(self.stream, span.start, words!["this ", "last "])
    }

    /// The latest such day that is not after the paper; in a plan the first after it.
    fn nearest(&self, anchor: PartialDate, month: i8, day: Option<i8>, span: Span) -> Option<PartialDate> {
        let year = anchor.year();
        let at = |year: i16| dated(year, month, day);
        let planned = self.is_planned(span);
        let reach = if planned { 200 } else { 15 };
        let limit = anchor.latest().checked_add(reach.days()).ok()?;
        [year + 1, year, year - 1].into_iter().filter_map(at).find(|date| date.earliest() <= limit)
    }

    /// Whether the words before a date plan it.
    fn is_planned(&self, span: Span) -> bool {
        let stops = |at: usize| matches!(self.stream.at(at), ';' | '。' | BREAK | CELL);
        let from = span.start.saturating_sub(70);
        let start = (from..span.start).rev().find(|at| stops(*at)).map_or(from, |at| at + 1);
        let before = self.stream.lower_text(Span::new(start, span.start));
        PLANNED.iter().any(|word| before.contains(word))
    }
}

/// The day of a month without its year that lies at most two months before another.
fn shortly_before(next: PartialDate, month: i8, day: Option<i8>) -> Option<PartialDate> {
    const DAYS: i32 = 62;
    let near = |date: &PartialDate| {
        let away = date.earliest().until(next.latest()).map_or(i32::MAX, |span| span.get_days());
        (0..=DAYS).contains(&away)
    };
    [next.year(), next.year() - 1].into_iter().filter_map(|year| dated(year, month, day)).find(near)
}

fn dated(year: i16, month: i8, day: Option<i8>) -> Option<PartialDate> {
    match day {
        Some(day) => PartialDate::from_day(year, month, day),
        None => PartialDate::from_month(year, month),
    }
}

/// Two digits of a year: papers of living patients.
fn century(short: i32) -> i16 {
    let short = i16::try_from(short).unwrap_or(0);
    if short < 60 { 2000 + short } else { 1900 + short }
}
