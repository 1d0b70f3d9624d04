//! Dates in English words: `5 May 2021`, `Mar-Jul 2019`, `this March`, `2 Oct the following year`, `a week ago
//! yesterday`, `the summer of 2014`, `day +100`.

use super::{
    later,
    said::{Said, When},
    weekday,
    words::{
        Beginnings, day_of, digits, follows_word, month_name, month_names, month_of, number_word,
        number_words, one_of, skip_any, skip_space, starts_with, year_at,
    },
};
use crate::{
    stream::{Span, Stream},
    vocabulary::dates::{AFTER_INFUSION_AFTER, DAY_OF_PAIR_JOINED, MONTH_ASKED, SEASONS},
    words::words,
};
use cartulary_model::PartialDate;
use std::sync::LazyLock;

/// What an English word says of a date; the first letter says which readers can.
pub(super) fn word(stream: &Stream, at: usize, in_range: bool) -> Option<Said> {
    if !BEGINNINGS.may_begin(stream, at) {
        return None;
    }
    if let Some(said) = weekday::english(stream, at) {
        return Some(said);
    }
    let said = match stream.lower.get(at).copied()? {
        's' | 'a' | 'w' | 'f' => season(stream, at)
            .or_else(|| month(stream, at, in_range))
            .or_else(|| ago(stream, at, number_word(stream, at)?)),
        'l' | 't' | 'y' | 'e' => named(stream, at).or_else(|| {
            starts_with(stream, at, "t").then(|| ago(stream, at, number_word(stream, at)?)).flatten()
        }),
        'd' => named(stream, at).or_else(|| day_count(stream, at)).or_else(|| month(stream, at, in_range)),
        'j' | 'm' | 'n' | 'o' => {
            month(stream, at, in_range).or_else(|| ago(stream, at, number_word(stream, at)?))
        }
        _ => None,
    };
    said.or_else(|| later::read(stream, at))
}

/// Words of time that are neither month, number nor season, as far as [`named`] and [`day_count`] begin with them.
const NAMED: [&str; 16] = [
    "the day ",
    "last ",
    "this ",
    "earlier this ",
    "yesterday",
    "today",
    "tomorrow",
    "the following ",
    "the next ",
    "the same month",
    "day",
    "d+",
    "d0",
    "d1",
    "d2",
    "d3",
];

/// The first three signs of every word that [`word`] reads on from: most words of a text begin otherwise.
static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| {
    Beginnings::of(
        NAMED
            .iter()
            .chain(SEASONS)
            .copied()
            .chain(month_names())
            .chain(number_words())
            .chain(weekday::names()),
    )
});

/// `5 May 2021`, `14 April`, `5th of May 2021`, `04-May-2021`, `2 Oct the following year`.
pub(super) fn day_month(stream: &Stream, at: usize) -> Option<Said> {
    let (day, end) = digits(stream, at, 2)?;
    // Behind most numbers no word stands.
    if !stream.at(skip_any(stream, end, " -/.")).is_ascii_alphabetic() || is_count(stream, at) {
        return None;
    }
    let end = one_of(stream, end, words!["st", "nd", "rd", "th"]).unwrap_or(end);
    let end = skip_any(stream, end, " -/.");
    let end = one_of(stream, end, words!["of "]).unwrap_or(end);
    let (month, month_end) = month_name(stream, end)?;
    // `6      Jan 2019`: the figure of another column.
    if stream.is_far_behind(end) {
        return None;
    }
    day_of(2024, i32::from(month), day)?;
    let day = i8::try_from(day).ok()?;
    Some(with_rest(stream, at, month, Some(day), month_end))
}

/// "R-CHOP x 6, 8 November 2019", "R-CHOPx6   April 2023": a number behind the sign of times counts and is no day.
fn is_count(stream: &Stream, at: usize) -> bool {
    let glued = at.checked_sub(1).is_some_and(|before| matches!(stream.at(before), 'x' | 'X' | '*'));
    let sign = (0..at).rev().find(|before| stream.at(*before) != ' ');
    let alone = sign.is_some_and(|sign| {
        matches!(stream.at(sign), 'x' | 'X' | '*')
            && sign.checked_sub(1).is_none_or(|before| !stream.at(before).is_alphanumeric())
    });
    glued || alone
}

/// A month and perhaps a day with what follows: a year, `the following year`, nothing.
fn with_rest(stream: &Stream, at: usize, month: i8, day: Option<i8>, end: usize) -> Said {
    if let Some((year, year_end)) = year_behind(stream, end, day.is_some()) {
        let full = match day {
            Some(day) => PartialDate::from_day(year, month, day),
            None => PartialDate::from_month(year, month),
        };
        if let Some(date) = full {
            return Said::new(at, year_end, When::Full(date));
        }
    }
    let after = skip_any(stream, end, " ,");
    let after = one_of(stream, after, words!["of "]).unwrap_or(after);
    for (words, years) in [
        (words!["the following year", "the next year", "a year later", "the year after"], 1),
        (words!["the same year", "that year", "the same calendar year"], 0),
    ] {
        if let Some(end) = one_of(stream, after, words) {
            return Said::new(at, end, When::YearsFromLast { years, month: Some(month), day });
        }
    }
    for (words, years) in [(words!["this year"], 0), (words!["last year", "of last year"], -1)] {
        if let Some(end) = one_of(stream, after, words) {
            return Said::new(at, end, When::YearsFromPaper { years, month: Some(month), day });
        }
    }
    Said::new(at, end, When::Yearless { month, day })
}

/// ` 2021`, `-2021`, `, 2021`, `'21`, and behind a day `-21` or ` 21`.
fn year_behind(stream: &Stream, at: usize, with_day: bool) -> Option<(i16, usize)> {
    let begin = skip_any(stream, at, " -/,.");
    let begin = one_of(stream, begin, words!["of "]).unwrap_or(begin);
    if let Some(year) = year_at(stream, begin) {
        return Some(year);
    }
    let quoted = stream.at(begin) == '\'';
    let (year, end) = digits(stream, begin + usize::from(quoted), 2)?;
    let whole = !stream.at(end).is_alphanumeric() && !matches!(stream.at(end), ':' | '/' | '%');
    let dashed = begin == at + 1 && matches!(stream.at(at), '-' | '/');
    // `Sep/22`: behind a slash stands no day.
    let by_slash = !with_day
        && begin == at + 1
        && stream.at(at) == '/'
        && stream.at(at.saturating_sub(1)).is_alphabetic();
    let short =
        end - begin - usize::from(quoted) == 2 && whole && (quoted || (with_day && dashed) || by_slash);
    short.then(|| i16::try_from(2000 + year).ok().map(|year| (year, end))).flatten()
}

/// `8 and 29 August 2023`: a day whose month stands at the next one.
pub(super) fn day_of_pair(stream: &Stream, at: usize) -> Option<Said> {
    if is_count(stream, at) {
        return None;
    }
    let (day, end) = digits(stream, at, 2)?;
    let suffixed = one_of(stream, end, words!["st", "nd", "rd", "th"]).unwrap_or(end);
    let joined = one_of(stream, skip_space(stream, suffixed), DAY_OF_PAIR_JOINED)?;
    let (_, second_end) = digits(stream, joined, 2)?;
    let second_end = one_of(stream, second_end, words!["st", "nd", "rd", "th"]).unwrap_or(second_end);
    let (month, _) = month_name(stream, skip_space(stream, second_end))?;
    day_of(2024, i32::from(month), day)?;
    Some(Said::new(at, suffixed, When::Yearless { month, day: Some(i8::try_from(day).ok()?) }))
}

/// `May 2021`, `May 5, 2021`, `May 5th`, `in May`, `Feb to June`.
fn month(stream: &Stream, at: usize, in_range: bool) -> Option<Said> {
    let (month, month_end) = month_name(stream, at)?;
    if let Some((year, end)) = year_behind(stream, month_end, false) {
        return month_of(year, i32::from(month)).map(|date| Said::new(at, end, When::Full(date)));
    }
    // "may 5" may be a verb: the month must be written with a capital.
    let capital = stream.at(at).is_uppercase();
    let begin = skip_any(stream, month_end, " .");
    let begin = one_of(stream, begin, words!["the "]).unwrap_or(begin);
    if let Some((day, day_end)) = digits(stream, begin, 2).filter(|_| capital)
        && day_of(2024, i32::from(month), day).is_some()
        && !matches!(stream.at(day_end), '%' | '.' | '/')
    {
        let day_end = one_of(stream, day_end, words!["st", "nd", "rd", "th"]).unwrap_or(day_end);
        if !stream.at(day_end).is_alphanumeric() {
            return Some(with_rest(stream, at, month, Some(i8::try_from(day).ok()?), day_end));
        }
    }
    let asked = follows_word(stream, at, MONTH_ASKED);
    let ranged = joins_month(stream, month_end);
    (capital && (asked || in_range || ranged)).then(|| with_rest(stream, at, month, None, month_end))
}

/// `Feb to June`, `Mar-Jul`.
fn joins_month(stream: &Stream, at: usize) -> bool {
    one_of(stream, skip_space(stream, at), words!["to ", "- ", "-", "through ", "until ", "~"])
        .is_some_and(|next| month_name(stream, skip_space(stream, next)).is_some())
}

/// `spring 2023`, `the summer of 2014`, `winter 2020-21`.
fn season(stream: &Stream, at: usize) -> Option<Said> {
    let end = one_of(stream, at, SEASONS)?;
    let after = skip_any(stream, end, " ");
    if let Some(end) = one_of(stream, after, words!["last year", "of last year"]) {
        let when = When::YearsFromPaper { years: -1, month: None, day: None };
        return Some(Said { season: true, ..Said::new(at, end, when) });
    }
    let after = one_of(stream, after, words!["of "]).unwrap_or(after);
    let (year, mut end) = year_at(stream, after)?;
    // `winter of 2020-21`, `winter 2020/2021`
    if matches!(stream.at(end), '-' | '/')
        && let Some((_, other)) = digits(stream, end + 1, 4)
    {
        end = other;
    }
    let date = PartialDate::from_year(year)?;
    Some(Said { season: true, ..Said::new(at, end, When::Full(date)) })
}

/// `last month`, `this year`, `yesterday`, `the following March`, `earlier this year`.
fn named(stream: &Stream, at: usize) -> Option<Said> {
    if let Some(said) = year_in_month(stream, at) {
        return Some(said);
    }
    let months = |months| When::MonthsFromPaper { months, day: None };
    let years = |years| When::YearsFromPaper { years, month: None, day: None };
    let days = |days, to_the_day| When::DaysFromPaper { days, to_the_day };
    for (word, when) in [
        ("last month", months(-1)),
        ("this month", months(0)),
        ("earlier this month", months(0)),
        ("last year", years(-1)),
        ("this year", years(0)),
        ("earlier this year", years(0)),
        ("last week", days(-7, false)),
        ("yesterday", days(-1, true)),
        ("the day before yesterday", days(-2, true)),
        ("day before yesterday", days(-2, true)),
        ("the day after tomorrow", days(2, true)),
        ("day after tomorrow", days(2, true)),
        ("last night", days(-1, true)),
        ("last evening", days(-1, true)),
        ("today", days(0, true)),
        ("tomorrow", days(1, true)),
    ] {
        if starts_with(stream, at, word) && !stream.at(at + word.len()).is_alphanumeric() {
            return Some(Said::new(at, at + word.len(), when));
        }
    }
    for (word, months) in [("the following month", 1), ("the next month", 1), ("the same month", 0)] {
        if starts_with(stream, at, word) && !stream.at(at + word.len()).is_alphanumeric() {
            return Some(Said::new(at, at + word.len(), When::MonthsFromLast { months, day: None }));
        }
    }
    if let Some(said) = last_season(stream, at).or_else(|| this_season(stream, at)) {
        return Some(said);
    }
    let (word_end, following) = match one_of(stream, at, words!["the following ", "the next "]) {
        Some(end) => (end, true),
        None => (one_of(stream, at, words!["this ", "last "])?, false),
    };
    let (month, end) = month_name(stream, word_end)?;
    let when = if following {
        When::YearsFromLast { years: 1, month: Some(month), day: None }
    } else {
        When::Yearless { month, day: None }
    };
    Some(Said::new(at, end, when))
}

/// "last year in October", "this year, in March", "last year around May".
fn year_in_month(stream: &Stream, at: usize) -> Option<Said> {
    let (end, years) = [("last year", -1), ("this year", 0)]
        .into_iter()
        .find(|(word, _)| starts_with(stream, at, word))
        .map(|(word, years)| (at + word.len(), years))?;
    let begin = skip_any(stream, end, " ,");
    let begin = one_of(
        stream,
        begin,
        words!["in ", "around ", "about ", "at the end of ", "in early ", "in late ", "in mid-"],
    )?;
    let (month, end) = month_name(stream, begin)?;
    Some(Said::new(at, end, When::YearsFromPaper { years, month: Some(month), day: None }))
}

/// `last spring`: the last one that is over on the day of the paper. Winters lie in two years and are left out.
fn last_season(stream: &Stream, at: usize) -> Option<Said> {
    let begin = one_of(stream, at, words!["last "])?;
    let (word, ends) = [("spring", 5), ("summer", 8), ("autumn", 11), ("fall", 11)]
        .into_iter()
        .find(|(word, _)| starts_with(stream, begin, word))?;
    let end = begin + word.len();
    let whole = !stream.at(end).is_alphanumeric();
    whole.then(|| Said { season: true, ..Said::new(at, end, When::LastSeason { ends }) })
}

/// `this summer`: in the year of the paper. Winters lie in two years and are left out.
fn this_season(stream: &Stream, at: usize) -> Option<Said> {
    let begin = one_of(stream, at, words!["this "])?;
    let end = one_of(stream, begin, words!["spring", "summer", "autumn", "fall"])?;
    let when = When::YearsFromPaper { years: 0, month: None, day: None };
    (!stream.at(end).is_alphanumeric()).then(|| Said { season: true, ..Said::new(at, end, when) })
}

/// `the 4th of this month`, `2nd of last month`.
pub(super) fn day_of_month(stream: &Stream, at: usize) -> Option<Said> {
    let (day, end) = digits(stream, at, 2)?;
    let end = one_of(stream, end, words!["st ", "nd ", "rd ", "th "])?;
    let months = [
        ("of this month", 0),
        ("of last month", -1),
        ("of the following month", 1),
        ("of the same month", 0),
    ];
    let (word, months) = months.into_iter().find(|(word, _)| starts_with(stream, end, word))?;
    let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day));
    let paper = word.contains("this") || word.contains("last");
    let when =
        if paper { When::MonthsFromPaper { months, day } } else { When::MonthsFromLast { months, day } };
    day.map(|_| Said::new(at, end + word.len(), when))
}

/// "on the 29th", "planned for the 16th": a day without its month, where nothing else is counted: "on the 3rd line".
pub(super) fn bare_day(stream: &Stream, at: usize) -> Option<Said> {
    let leads = words![
        "on the ",
        "for the ",
        "until the ",
        "till the ",
        "by the ",
        "from the ",
        "since the ",
        "w/c ",
        "w/c the ",
        "week commencing ",
        "week of the ",
        "due "
    ];
    if !stream.reads_back_any(at, leads) {
        return None;
    }
    // "relapsed on the 4th, after the third cycle": a cycle or a line.
    const NEAR: usize = 40;
    let near = Span::new(at.saturating_sub(NEAR), (at + NEAR).min(stream.len()));
    if stream.words_in(near, words!["cycle", " line", "course", " dose", "attempt", "floor"]).next().is_some()
    {
        return None;
    }
    let (day, end) = digits(stream, at, 2)?;
    let end = one_of(stream, end, words!["st", "nd", "rd", "th"])?;
    let end = one_of(stream, end, words![" inst."]).unwrap_or(end);
    let closes = matches!(stream.at(end), '.' | ',' | ';' | ')' | '?' | '!' | crate::stream::BREAK)
        || stream.reads_any(end, words![" and ", " at ", " but ", " (", " - ", " with "]);
    let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
    closes.then(|| Said::new(at, end, When::DayOfMonth(day)))
}

/// `three weeks after infusion`, `10 days after the CAR-T infusion`: a day counted from the infusion.
fn after_infusion(stream: &Stream, at: usize, (number, end): (i32, usize)) -> Option<Said> {
    let unit = skip_any(stream, end, " +-");
    let (word, days) = [("days", 1), ("day", 1), ("weeks", 7), ("week", 7)]
        .into_iter()
        .find(|(word, _)| starts_with(stream, unit, word))?;
    let after =
        one_of(stream, unit + word.len(), words![" after ", " post ", " post-", " following ", " from "])?;
    let after = one_of(stream, after, AFTER_INFUSION_AFTER).unwrap_or(after);
    let after = one_of(stream, after, words!["cell ", "car-t ", "car t ", "car-t cell "]).unwrap_or(after);
    let end =
        one_of(stream, after, words!["infusion", "reinfusion", "transplantation", "transplant", "infused"])?;
    Some(Said::new(at, end, When::DayCount(number * days)))
}

/// `3 months ago`, `two weeks ago`, `a week ago yesterday`: behind the number.
pub(super) fn ago(stream: &Stream, at: usize, (number, end): (i32, usize)) -> Option<Said> {
    // Days, weeks, months, years, "and a half".
    if !matches!(stream.lower.get(skip_any(stream, end, " +-")), Some('d' | 'w' | 'm' | 'y' | 'a')) {
        return None;
    }
    if let Some(said) = after_infusion(stream, at, (number, end)) {
        return Some(said);
    }
    let unit = skip_any(stream, end, " +-");
    let half = one_of(stream, unit, words!["and a half "]);
    let unit = half.unwrap_or(unit);
    let sizes = [
        ("days", 0),
        ("day", 0),
        ("weeks", 1),
        ("week", 1),
        ("months", 2),
        ("month", 2),
        ("years", 3),
        ("year", 3),
        ("wks", 1),
        ("wk", 1),
        ("mths", 2),
        ("mth", 2),
        ("mos", 2),
        ("mo", 2),
        ("yrs", 3),
        ("yr", 3),
    ];
    let (word, size) = sizes.into_iter().find(|(word, _)| starts_with(stream, unit, word))?;
    let mut end = one_of(stream, unit + word.len(), words![" ago", ". ago"])?;
    let halves = i32::from(half.is_some());
    let mut when = match size {
        0 => When::DaysFromPaper { days: -number, to_the_day: true },
        1 => When::DaysFromPaper { days: -7 * number, to_the_day: true },
        2 => When::MonthsFromPaper { months: -number, day: None },
        _ if halves > 0 => When::MonthsFromPaper { months: -12 * number - 6, day: None },
        _ => When::YearsFromPaper { years: i16::try_from(-number).ok()?, month: None, day: None },
    };
    if let (When::DaysFromPaper { days, to_the_day }, Some(yesterday)) =
        (when, one_of(stream, end, words![" yesterday"]))
    {
        when = When::DaysFromPaper { days: days - 1, to_the_day };
        end = yesterday;
    }
    Some(Said::new(at, end, when))
}

/// `day +100`, `D+28`, `D90`; not `cyclin D1`, not `day 1` of a cycle.
fn day_count(stream: &Stream, at: usize) -> Option<Said> {
    let begin = one_of(stream, at, words!["day +", "day+", "day ", "d+", "d"])?;
    let signed = stream.at(begin - 1) == '+';
    let (days, end) = digits(stream, begin, 3)?;
    let whole = !stream.at(end).is_alphanumeric() && !matches!(stream.at(end), '.' | '/')
        || crate::stream::is_han(stream.at(end))
        || (stream.at(end) == '.' && !stream.at(end + 1).is_ascii_digit());
    let marker = follows_word(stream, at, words!["cyclin ", "vitamin ", "cyclin-"]);
    (whole && !marker && (signed || days > 1)).then(|| Said::new(at, end, When::DayCount(days)))
}
