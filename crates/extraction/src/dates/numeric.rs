//! Dates in numbers: `2022-05-10`, `14/02/2022`, `24.3.5`, `04/2021`, `11-20`.
//!
//! ## Never
//! A decimal, a ratio or a range of values is no date: a number pair without a year needs a word or a clause
//! boundary before it and no unit behind it.

use super::{
    said::{Said, When},
    words::{
        chinese_number, day_of, digits, digits_alike, follows_word, month_and_day, month_of, one_of,
        skip_space, year_at,
    },
};
use crate::{
    stream::{BREAK, CELL, Span, Stream, is_han},
    vocabulary::dates::{
        ACTS, BARE_YEAR_NUMBERED, BARE_YEAR_OF_EVENT, DAY_POINT_MONTH_ASKED, EXAMINED, PAIR_ASKED, UNITS,
    },
    words::words,
};
use cartulary_model::PartialDate;

/// Whether `03/04/2023` is the third of April or the fourth of March.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Day, month, year.
    DayFirst,
    /// Month, day, year.
    MonthFirst,
}

/// The order that some date proves: a number above 12 is a day.
pub(super) fn proved(said: &[Said]) -> Option<Order> {
    let mut order = None;
    let all = said.iter().flat_map(|of| [Some(of.when), of.until]).flatten();
    for when in all {
        let (first, second) = match when {
            When::Numbers { of, short_year: false, .. } => (of[0], of[1]),
            When::Numbers { of, .. } if of[0] <= 31 => (of[0], of[1]),
            When::Pair { of } => (of[0], of[1]),
            _ => continue,
        };
        let proof = match (first > 12, second > 12) {
            (true, false) => Order::DayFirst,
            (false, true) => Order::MonthFirst,
            _ => continue,
        };
        match order {
            None => order = Some(proof),
            Some(known) if known == proof => {}
            // A document that proves both proves neither.
            Some(_) => return None,
        }
    }
    order
}

/// `2022-05-10`, `2022.5.10`, `2022/05/10`, `2022-05`, `2019.10`, `20220510`.
pub(super) fn with_year(stream: &Stream, at: usize) -> Option<Said> {
    if let Some(compact) = compact(stream, at) {
        return Some(compact);
    }
    let (year, end) = year_at(stream, at)?;
    if let Some(spaced) = spaced(stream, at, (year, end)) {
        return Some(spaced);
    }
    let sign = stream.at(end);
    if !matches!(sign, '-' | '.' | '/') {
        return None;
    }
    let (month, month_end) = digits_alike(stream, end + 1)?;
    if stream.at(month_end) == sign
        && let Some((day, day_end)) = digits_alike(stream, month_end + 1)
        && let Some(date) = day_of(year, month, day)
            .filter(|_| !stream.at(day_end).is_ascii_digit() || glued_time(stream, day_end))
    {
        return Some(Said::new(at, day_end, When::Full(date)));
    }
    // 2022.5 and 2022-05 are months when nothing else can be meant; 2022-23 is not.
    let ends = !stream.at(month_end).is_ascii_digit() && stream.at(month_end) != '%';
    let date = month_of(year, month).filter(|_| ends)?;
    let end = month_end + usize::from(stream.at(month_end) == '月');
    Some(Said::new(at, end, When::Full(date)))
}

/// `2024 - 11 - 28`: a form whose date is typed with blanks.
fn spaced(stream: &Stream, at: usize, (year, end): (i16, usize)) -> Option<Said> {
    let sign = |at: usize| {
        let same = stream.at(at) == ' ' && matches!(stream.at(at + 1), '-' | '/') && stream.at(at + 2) == ' ';
        same.then_some(at + 3)
    };
    let (month, month_end) = digits(stream, sign(end)?, 2)?;
    let (day, day_end) = digits(stream, sign(month_end)?, 2)?;
    let date = day_of(year, month, day).filter(|_| !stream.at(day_end).is_ascii_digit())?;
    Some(Said::new(at, day_end, When::Full(date)))
}

fn compact(stream: &Stream, at: usize) -> Option<Said> {
    let (number, end) = digits(stream, at, 8)?;
    if end - at != 8 || stream.at(end).is_ascii_digit() {
        return None;
    }
    let date = day_of(i16::try_from(number / 10_000).ok()?, number / 100 % 100, number % 100)?;
    (date.year() > 1899).then(|| Said::new(at, end, When::Full(date)))
}

/// Recognition drops the space between a day and its time: `2024-08-2109:36`.
fn glued_time(stream: &Stream, at: usize) -> bool {
    let two = |from: usize| stream.at(from).is_ascii_digit() && stream.at(from + 1).is_ascii_digit();
    two(at) && stream.at(at + 2) == ':' && two(at + 3)
}

/// `14/02/2022`, `03-19-2024`, `12/11/10`, `16.11.24`, `24.3.5`: three numbers with one sign between them.
pub(super) fn three(stream: &Stream, at: usize) -> Option<Said> {
    let (first, end) = digits(stream, at, 2)?;
    let sign = stream.at(end);
    if !matches!(sign, '/' | '-' | '.') {
        return None;
    }
    let (second, second_end) = digits(stream, end + 1, 2)?;
    if stream.at(second_end) != sign {
        return None;
    }
    let (third, third_end) = digits(stream, second_end + 1, 4)?;
    let length = third_end - second_end - 1;
    let next = stream.at(third_end);
    if next.is_ascii_digit() || (next == sign && stream.at(third_end + 1).is_ascii_digit()) || next == '%' {
        return None;
    }
    let short_year = length < 4;
    let plausible = match length {
        4 => (1900..2200).contains(&third) && fits(first, second),
        // A version, a clause number or a phone number is no date: one end must have two digits.
        1 | 2 => {
            let year_last = length == 2 && fits(first, second) && end - at + second_end - end > 2;
            let year_first = end - at == 2 && month_and_day(second, third).is_some();
            year_last || year_first
        }
        _ => false,
    };
    plausible
        .then(|| Said::new(at, third_end, When::Numbers { of: [first, second, third], short_year, sign }))
}

/// Whether two numbers can be day and month in some order.
fn fits(first: i32, second: i32) -> bool {
    month_and_day(first, second).is_some() || month_and_day(second, first).is_some()
}

/// `04/2021`, `10.2019`, `05-2023`, `03-08/2020`.
pub(super) fn month_and_year(stream: &Stream, at: usize) -> Option<Said> {
    let (month, end) = digits_alike(stream, at)?;
    if let Some(said) = months_of_one_year(stream, at, month, end) {
        return Some(said);
    }
    if !matches!(stream.at(end), '/' | '.' | '-') {
        return None;
    }
    let (year, year_end) = year_at(stream, end + 1).filter(|(year, _)| (1950..2100).contains(year))?;
    let whole = !matches!(stream.at(year_end), '/' | '-' | '.') || !stream.at(year_end + 1).is_ascii_digit();
    // `03/2020-07/2020`: the other end of a range is written alike.
    let ranged = stream.at(end) != '-'
        && stream.at(year_end) == '-'
        && digits(stream, year_end + 1, 2).is_some_and(|(_, other)| {
            stream.at(other) == stream.at(end) && year_at(stream, other + 1).is_some()
        });
    let whole = whole || ranged;
    let date = month_of(year, month).filter(|_| whole && !is_unit(stream, year_end))?;
    Some(Said::new(at, year_end, When::Full(date)))
}

/// `03-08/2020`: two months, and the year behind the second.
fn months_of_one_year(stream: &Stream, at: usize, first: i32, end: usize) -> Option<Said> {
    let (last, last_end) = digits(stream, end + 1, 2).filter(|_| matches!(stream.at(end), '-' | '~'))?;
    let (year, year_end) =
        year_at(stream, last_end + 1).filter(|_| matches!(stream.at(last_end), '/' | '.'))?;
    let whole = !matches!(stream.at(year_end), '/' | '-' | '.') || !stream.at(year_end + 1).is_ascii_digit();
    let (from, until) = (month_of(year, first)?, month_of(year, last)?);
    (whole && from < until)
        .then(|| Said { until: Some(When::Full(until)), ..Said::new(at, year_end, When::Full(from)) })
}

/// `|21.12-22.04|`, `|22.06|`: months with short years at the head of a row of a table.
pub(super) fn months_of_table(stream: &Stream, at: usize) -> Option<Said> {
    let month = |at: usize| {
        let (year, end) = digits(stream, at, 2).filter(|(_, end)| end - at == 2 && stream.at(*end) == '.')?;
        let (month, month_end) = digits(stream, end + 1, 2).filter(|(_, of)| of - end == 3)?;
        let date = month_of(i16::try_from(2000 + year).ok()?, month).filter(|_| (5..50).contains(&year))?;
        Some((date, month_end))
    };
    if stream.at(at.checked_sub(1)?) != '|' {
        return None;
    }
    let (from, end) = month(at)?;
    let until = matches!(stream.at(end), '-' | '~').then(|| month(end + 1)).flatten();
    let last = until.map_or(end, |(_, end)| end);
    let closed = stream.at(skip_space(stream, last)) == '|'
        && stream.short_row(at).is_some_and(|row| row.start + 1 == at);
    let ordered = until.is_none_or(|(until, _)| from <= until);
    (closed && ordered)
        .then(|| Said { until: until.map(|(of, _)| When::Full(of)), ..Said::new(at, last, When::Full(from)) })
}

/// `in 12/22`: a month and a short year, where no day can be meant.
pub(super) fn month_and_short_year(stream: &Stream, at: usize) -> Option<Said> {
    month_and_short_year_alike(stream, at)
        .filter(|_| follows_word(stream, at, words!["in ", "dx ", "diagnosed ", "dx'd "]))
}

/// Whether a month was told with a short year, `in 12/22`, `10/22-02/23`.
pub(super) fn has_short_year(stream: &Stream, said: Said) -> bool {
    let at = said.span.start;
    stream.at(at).is_ascii_digit()
        && (months_of_short_years(stream, at).is_some() || month_and_short_year(stream, at).is_some())
}

/// `08/23` in a paper that writes its months so.
pub(super) fn month_and_short_year_alike(stream: &Stream, at: usize) -> Option<Said> {
    let (month, end) = digits(stream, at, 2)?;
    if stream.at(end) != '/' {
        return None;
    }
    let (year, year_end) = digits(stream, end + 1, 2)?;
    let alone = year_end - end == 3 && !stream.at(year_end).is_alphanumeric();
    let likely = alone && (13..40).contains(&year) && !matches!(stream.at(year_end), '/' | '%');
    let counts =
        words!["day ", "score ", "ice ", "mmse ", "ipi ", "flipi ", "cycle ", "deauville ", "grade ", "d"];
    let likely = likely && !follows_word(stream, at, counts);
    let date = month_of(i16::try_from(2000 + year).ok()?, month).filter(|_| likely)?;
    Some(Said::new(at, year_end, When::Full(date)))
}

/// `8/19-12/19`, `03/22 - 08/22`, "11/21 to 3/22": from month to month, where the second number is the same or the next and as a
/// day would be a strange one.
pub(super) fn months_of_short_years(stream: &Stream, at: usize) -> Option<Said> {
    let short = |at: usize| {
        let (month, end) = digits(stream, at, 2).filter(|(_, end)| stream.at(*end) == '/')?;
        let (year, year_end) = digits(stream, end + 1, 2).filter(|(_, of)| of - end == 3)?;
        let date = month_of(i16::try_from(2000 + year).ok()?, month)?;
        ((13..50).contains(&year)).then_some((month, year, year_end, date))
    };
    let apart =
        at == 0 || !matches!(stream.at(at - 1), '/' | '-' | '.') && !stream.at(at - 1).is_alphanumeric();
    let (month, year, end, from) = short(at).filter(|_| apart)?;
    let join = skip_space(stream, end);
    let word = stream.words_at(join, words!["-", "~", "to ", "until "]).next_back()?;
    let (last_month, last_year, last, until) = short(skip_space(stream, word.end()))?;
    let whole = !matches!(stream.at(last), '/' | '%') && !stream.at(last).is_ascii_alphanumeric();
    let later = last_year == year && last_month > month || last_year == year + 1 && last_month <= month;
    let before = crate::stream::Span::new(at.saturating_sub(26), at);
    let days = stream
        .words_in(
            before,
            words!["day", "admitted", "hospitali", "seen", "bloods", "labs", "clinic", "inpatient", "ward"],
        )
        .next()
        .is_some();
    (whole && later && !days)
        .then(|| Said { until: Some(When::Full(until)), ..Said::new(at, last, When::Full(from)) })
}

/// `on 12/09`: a day and a month behind a word that asks for a day.
pub(super) fn pair(stream: &Stream, at: usize, in_range: bool) -> Option<Said> {
    let (first, end) = digits(stream, at, 2)?;
    if stream.at(end) != '/' {
        return None;
    }
    let (second, second_end) = digits(stream, end + 1, 2)?;
    let whole = !stream.at(second_end).is_alphanumeric() && !matches!(stream.at(second_end), '/' | '%')
        || is_han(stream.at(second_end));
    // "Bx 12/13 cores involved": so many of so many.
    let shares = words![
        " core",
        " node",
        " cell",
        " nuclei",
        " cycle",
        " line",
        " sample",
        " slide",
        " attempt",
        " block",
        " marker",
        " site",
        " dose",
        " lesion",
        " bag",
        " week",
        " day",
        " month",
        " of ",
        " positive"
    ];
    if stream.reads_any(second_end, shares) {
        return None;
    }
    let asked = in_range || follows_word(stream, at, PAIR_ASKED) || heads_value(stream, at, second_end);
    (whole && asked && fits(first, second) && !is_unit(stream, second_end))
        .then(|| Said::new(at, second_end, When::Pair { of: [first, second] }))
}

/// `Flu/cy 12/28-12/30`: two days of a course, the order proved by a day above twelve.
pub(super) fn days_of_range(stream: &Stream, at: usize) -> Option<Said> {
    let pair = |at: usize| {
        let (first, end) = digits(stream, at, 2).filter(|(_, end)| stream.at(*end) == '/')?;
        let (second, end) = digits(stream, end + 1, 2)?;
        fits(first, second).then_some(([first, second], end))
    };
    let (from, end) = pair(at)?;
    let joint = skip_space(stream, end);
    let next = one_of(stream, joint, words!["-", "to ", "~"])?;
    let (until, last) = pair(skip_space(stream, next))?;
    let whole = !stream.at(last).is_alphanumeric() && !matches!(stream.at(last), '/' | '%' | '-');
    let worded = at > 1 && stream.at(at - 1) == ' ' && stream.at(at - 2).is_alphabetic()
        || matches!(stream.at(at.checked_sub(1)?), '(');
    let proved = from.iter().zip(until).any(|(a, b)| *a > 12 && b > 12);
    (whole && worded && proved && !is_unit(stream, last)).then(|| Said {
        until: Some(When::Pair { of: until }),
        ..Said::new(at, last, When::Pair { of: from })
    })
}

/// `项目  03-11  03-18  单位`, `Admission 29/05   Discharge 30/06`: days over columns, each alone in its field or behind a
/// word. A value has no such row of its own kind: every number of the row is a day.
pub(super) fn column_head(stream: &Stream, at: usize) -> Option<Said> {
    let (first, second, sign, end) = head_pair(stream, at)?;
    let row = stream.short_row(at)?;
    let is_day = |field: &Span| head_of(stream, *field).is_some();
    let fields = stream.fields(row);
    let worded = |field: &Span| !(field.start..field.end).any(|of| stream.at(of).is_ascii_digit());
    let own = fields.iter().any(|field| head_of(stream, *field) == Some(at));
    let heads = own && fields.iter().all(|field| is_day(field) || worded(field));
    if !heads || fields.iter().filter(|field| is_day(field)).count() < 2 {
        return None;
    }
    let when = match sign {
        '/' => When::Pair { of: [first, second] },
        _ => {
            let (month, day) = month_and_day(first, second)?;
            When::Yearless { month, day: Some(day) }
        }
    };
    Some(Said::new(at, end, when))
}

/// Two numbers of two digits that can be a day and a month.
fn head_pair(stream: &Stream, at: usize) -> Option<(i32, i32, char, usize)> {
    let (first, end) = digits(stream, at, 2).filter(|(_, end)| end - at == 2)?;
    let sign = stream.at(end);
    let (second, second_end) = digits(stream, end + 1, 2).filter(|(_, of)| of - end == 3)?;
    let whole = !stream.at(second_end).is_ascii_alphanumeric()
        && !matches!(stream.at(second_end), '/' | '-' | '.' | '%');
    let possible = match sign {
        '/' => fits(first, second),
        '-' => month_and_day(first, second).is_some(),
        _ => false,
    };
    (whole && possible).then_some((first, second, sign, second_end))
}

/// Where in a field its day begins: `03-11`, `Admission 29/05`, `D14 (21/09)`; other numbers it may not have.
fn head_of(stream: &Stream, field: Span) -> Option<usize> {
    let mut at = None;
    let mut index = field.start;
    while index < field.end {
        if stream.at(index).is_ascii_digit() {
            if let Some((.., end)) = head_pair(stream, index) {
                if at.is_some() || end > field.end {
                    return None;
                }
                (at, index) = (Some(index), end);
                continue;
            }
            let counted =
                index > field.start && matches!(stream.lower[index - 1], 'd' | '+' | 'c') && at.is_none();
            let end = (index..field.end).find(|of| !stream.at(*of).is_ascii_digit()).unwrap_or(field.end);
            if !counted && !stream.reads_back_any(index, words!["day ", "day"]) {
                return None;
            }
            index = end;
            continue;
        }
        index += 1;
    }
    at
}

/// `LDH (U/L): 12/01 612 H | 26/01 388 H`: a day at the head of an item, with the value behind it.
fn heads_value(stream: &Stream, at: usize, end: usize) -> bool {
    let before = (0..at).rev().map(|of| stream.at(of)).find(|of| *of != ' ');
    let valued = stream.at(end) == ' ' && stream.at(end + 1).is_ascii_digit();
    let zero = stream.at(at) == '0' || stream.at(end - 2) == '0' && stream.at(end - 3) == '/';
    valued && zero && before.is_some_and(|of| matches!(of, '|' | ':' | ';'))
}

/// `started 29.12.`, `biopsy of 08.12.`: a day and a month with points, as in many countries of Europe.
pub(super) fn day_point_month(stream: &Stream, at: usize) -> Option<Said> {
    let (day, end) = digits(stream, at, 2).filter(|(_, end)| stream.at(*end) == '.')?;
    let (month, month_end) = digits(stream, end + 1, 2).filter(|(_, of)| of - end == 3)?;
    let (month, day_number) = month_and_day(month, day)?;
    let pointed = stream.at(month_end) == '.';
    let close = stream.at(month_end + usize::from(pointed));
    let closes = matches!(close, ' ' | ',' | ';' | ')' | '-' | BREAK) || is_han(close);
    let zero = stream.at(at) == '0' || stream.at(end + 1) == '0';
    let asked = follows_word(stream, at, DAY_POINT_MONTH_ASKED)
        || zero && follows_word(stream, at, words!["of ", "for ", "from "]);
    (asked && closes && !is_unit(stream, month_end)).then(|| {
        Said::new(at, month_end + usize::from(pointed), When::Yearless { month, day: Some(day_number) })
    })
}

/// `25.03.-10.07.2019`: the day and the month of the first end, each with its point.
pub(super) fn day_point_month_before_range(stream: &Stream, at: usize) -> Option<Said> {
    let (day, end) = digits(stream, at, 2).filter(|(_, end)| stream.at(*end) == '.')?;
    let (month, month_end) = digits(stream, end + 1, 2).filter(|(_, of)| stream.at(*of) == '.')?;
    let (month, day) = month_and_day(month, day)?;
    Some(Said::new(at, month_end + 1, When::Yearless { month, day: Some(day) }))
}

/// `11-20开始化疗`, `3.8骨髓活检`, `7.5评效PR`: month and day where a year was told before.
pub(super) fn month_day(stream: &Stream, at: usize, told: bool, in_range: bool) -> Option<Said> {
    let (month, end) = digits(stream, at, 2)?;
    let sign = stream.at(end);
    if !matches!(sign, '-' | '.' | '/') {
        return None;
    }
    let (day, day_end) = digits(stream, end + 1, 2)?;
    let next = stream.at(day_end);
    let (month, day_number) = month_and_day(month, day)?;
    if next.is_ascii_digit()
        || next == '月'
        || (matches!(next, '.' | '/' | '%') && !in_range)
        || (next == '.' && stream.at(day_end + 1).is_ascii_digit())
    {
        return None;
    }
    let after = skip_space(stream, day_end);
    let acts = one_of(stream, after, ACTS).is_some();
    let both_long = end - at == 2 && day_end - end == 3;
    let goes_on = is_han(stream.at(after)) || stream.at(after).is_ascii_alphabetic();
    let begins = begins_clause(stream, at);
    let joins = begins
        && matches!(next, '-' | '~' | '至' | '到')
        && stream.at(day_end + 1).is_ascii_digit()
        && (sign != '.' || is_told_of(stream, day_end + 1));
    let free = goes_on && !is_unit(stream, day_end);
    let said = in_range
        || (sign == '-' && both_long && is_noted(stream, at, day_end))
        || (told && (acts || joins))
        || (told && free && (begins || (sign == '-' && both_long)))
        || (!told && begins && acts && sign != '/')
        || (begins && sign != '.' && lists_values(stream, at));
    said.then(|| {
        let end = if matches!(next, '日' | '号') { day_end + 1 } else { day_end };
        Said::new(at, end, When::Yearless { month, day: Some(day_number) })
    })
}

/// `血常规(01-06)`, `PET-CT（10-24）：`, `（10-22心超）`, `12-20 化验：`: a day in a bracket or at the head of a row. A range of values is
/// not written with a nought, and stands behind a number.
fn is_noted(stream: &Stream, at: usize, end: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or(BREAK, |of| stream.at(of));
    let padded = stream.at(at) == '0' || stream.at(at + 3) == '0';
    if before(1) == '(' {
        let behind_value =
            before(2).is_ascii_digit() || matches!(before(2), ' ' | '%' | '↑' | '↓' | 'L' | 'l');
        let worded = is_han(stream.at(end));
        // `Neutrophils (02-07) 1.1`: the range between a name and its value.
        if stream.at(end) == ')' && stream.at(skip_space(stream, end + 1)).is_ascii_digit() {
            return false;
        }
        return (stream.at(end) == ')' && (padded || !behind_value)) || (worded && !is_unit(stream, end));
    }
    let heads = matches!(before(1), BREAK | CELL | ';' | '。') || (before(1) == ' ' && before(2) == BREAK);
    let behind = skip_space(stream, end);
    let label = stream.at(end) == ':' && !stream.at(skip_space(stream, end + 1)).is_ascii_digit();
    heads && (label || stream.reads_any(behind, EXAMINED))
}

/// `LDH动态：12-28 402↑，1-6 255`: several items of a list begin with a day and hold a value.
fn lists_values(stream: &Stream, at: usize) -> bool {
    const REACH: usize = 26;
    let item = |at: usize| {
        let parted = |end: usize| matches!(stream.at(end), '-' | '/');
        let day = digits(stream, at, 2).filter(|(_, end)| parted(*end));
        let end = day.and_then(|(_, end)| digits(stream, end + 1, 2)).map(|(_, end)| end);
        let apart = at == 0 || !stream.at(at - 1).is_alphanumeric() && !parted(at - 1);
        end.is_some_and(|end| apart && stream.at(end) == ' ' && stream.at(end + 1).is_ascii_digit())
    };
    let begins = |at: usize| item(at) && begins_clause(stream, at);
    let other = |at: usize| begins(at) && stream.at(at).is_ascii_digit();
    let before = at.saturating_sub(REACH)..at.saturating_sub(4);
    item(at) && ((at + 5..at + REACH).any(other) || before.into_iter().any(other))
}

/// `9.5-11.20R-CHOP×4`: something is told of the days; `3.5-5.1` in a cell or before a unit is a range of values.
fn is_told_of(stream: &Stream, last: usize) -> bool {
    let value = |of: &usize| stream.at(*of).is_ascii_digit() || stream.at(*of) == '.';
    let end = (last..last + 6).find(|of| !value(of)).unwrap_or(last);
    let after = skip_space(stream, end);
    (is_han(stream.at(after)) || stream.at(after).is_ascii_alphabetic()) && !is_unit(stream, end)
}

/// Whether nothing of the clause stands before a place, or only a word like `于`.
pub(super) fn begins_clause(stream: &Stream, at: usize) -> bool {
    let before = (0..at).rev().map(|of| stream.at(of)).find(|of| *of != ' ').unwrap_or(BREAK);
    matches!(before, ',' | ';' | ':' | '。' | '、' | '(' | '→' | '>' | '\'' | BREAK | CELL)
        || matches!(before, '于' | '自' | '从' | '在' | '后' | '并' | '予' | '者')
}

/// A unit behind a number makes it a value and no date.
pub(super) fn is_unit(stream: &Stream, at: usize) -> bool {
    let after = skip_space(stream, at);
    let of = stream.at(after);
    if matches!(
        of,
        'x' | '*' | '^' | '%' | '°' | '℃' | '万' | '亿' | '倍' | '岁' | '年' | '个' | '元' | '度' | '分'
    ) {
        return of != 'x' || matches!(stream.at(after + 1), '1' | ' ' | '0');
    }
    if matches!(of, '天' | '次' | '级' | '克' | '小' | '毫' | '厘' | '例' | '周' | '程') {
        return true;
    }
    let Some(end) = (after..after + 8).find(|of| !stream.at(*of).is_ascii_alphabetic()) else { return false };
    let word: String = stream.lower.get(after..end.min(stream.len())).unwrap_or_default().iter().collect();
    UNITS.contains(&word.as_str())
}

/// `FL 2016`, `(1989)`, `2021 biopsy`: four digits alone that can only be a year.
pub(super) fn bare_year(stream: &Stream, at: usize) -> Option<Said> {
    let (year, end) = year_at(stream, at).filter(|(year, _)| (1960..2050).contains(year))?;
    let before = at.checked_sub(1).map_or(BREAK, |of| stream.at(of));
    let word_before = before == ' ' && at > 1 && {
        let last = stream.at(at - 2);
        last.is_alphabetic() || matches!(last, ',' | ')' | ';' | ':' | '.')
    };
    let after = stream.at(end);
    let closes = match after {
        ',' | ';' | ')' | ']' | BREAK | CELL | '。' | '、' => true,
        '.' => !stream.at(end + 1).is_ascii_digit(),
        '-' | '~' => year_at(stream, end + 1).is_some(),
        ' ' => !stream.at(end + 1).is_ascii_digit() && !is_unit(stream, end),
        of => is_han(of) && one_of(stream, end, ACTS).is_some() && of != '日',
    };
    // "mid-2022", "Q3 2019"
    let part = stream.reads_back_any(at, words!["mid-", "q1 ", "q2 ", "q3 ", "q4 ", "h1 ", "h2 "]);
    let opens = matches!(before, '(' | '[' | BREAK | ',' | '~') || word_before || part;
    // "No. 2016", "MRN 2011": a number's name stands before it.
    let numbered =
        follows_word(stream, at, BARE_YEAR_NUMBERED) && !follows_word(stream, at, BARE_YEAR_OF_EVENT);
    let date = PartialDate::from_year(year).filter(|_| opens && closes && !numbered)?;
    Some(Said::new(at, end, When::Full(date)))
}

/// A count at a place, in digits or Chinese; `半` is none.
pub(super) fn count(stream: &Stream, at: usize) -> Option<(i32, usize)> {
    digits(stream, at, 3).or_else(|| chinese_number(stream, at))
}
