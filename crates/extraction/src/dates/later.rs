//! So long after the date last told: "relapsed 5 months later", "six weeks after that", and as in the clinics of Britain
//! and Ireland "5/12 later", "3/52 ago" (months, weeks, days as parts of twelve, fifty-two and seven).

use super::{
    said::{Said, When},
    words::{digits, number_word, one_of, skip_any},
};
use crate::{stream::Stream, words::words};

/// A span that is told to lie behind the last date, or before the paper's day.
pub(super) fn read(stream: &Stream, at: usize) -> Option<Said> {
    let (number, part, end) = parts(stream, at).or_else(|| in_words(stream, at))?;
    if let Some(end) = one_of(stream, end, words![" later", " after that", " afterwards", " thereafter"]) {
        let when = match part {
            Part::Days => When::LaterThanLast { days: number, months: 0 },
            Part::Weeks => When::LaterThanLast { days: 7 * number, months: 0 },
            Part::Months => When::LaterThanLast { days: 0, months: number },
            Part::Years => When::YearsFromLast { years: i16::try_from(number).ok()?, month: None, day: None },
        };
        return (!stream.at(end).is_alphanumeric()).then(|| Said::new(at, end, when));
    }
    let end = one_of(stream, end, words![" ago"])?;
    let when = match part {
        Part::Days => When::DaysFromPaper { days: -number, to_the_day: true },
        Part::Weeks => When::DaysFromPaper { days: -7 * number, to_the_day: true },
        Part::Months => When::MonthsFromPaper { months: -number, day: None },
        Part::Years => return None,
    };
    Some(Said::new(at, end, when))
}

#[derive(Clone, Copy)]
enum Part {
    Days,
    Weeks,
    Months,
    Years,
}

/// `5/12`, `3/52`, `2/7`.
fn parts(stream: &Stream, at: usize) -> Option<(i32, Part, usize)> {
    let (number, end) = digits(stream, at, 2).filter(|(_, end)| stream.at(*end) == '/')?;
    let (of, end) = digits(stream, end + 1, 2)?;
    let part = match of {
        7 => Part::Days,
        52 => Part::Weeks,
        12 => Part::Months,
        _ => return None,
    };
    Some((number, part, end))
}

/// "5 months", "six weeks", "a year".
fn in_words(stream: &Stream, at: usize) -> Option<(i32, Part, usize)> {
    let (number, end) = number_word(stream, at).or_else(|| digits(stream, at, 2))?;
    let unit = skip_any(stream, end, " -");
    let units = [
        ("days", Part::Days),
        ("day", Part::Days),
        ("weeks", Part::Weeks),
        ("week", Part::Weeks),
        ("wks", Part::Weeks),
        ("months", Part::Months),
        ("month", Part::Months),
        ("mths", Part::Months),
        ("mos", Part::Months),
        ("mo", Part::Months),
        ("years", Part::Years),
        ("year", Part::Years),
        ("yrs", Part::Years),
        ("yr", Part::Years),
    ];
    let (word, part) = units.into_iter().find(|(word, _)| super::words::starts_with(stream, unit, word))?;
    Some((number, part, unit + word.len()))
}
