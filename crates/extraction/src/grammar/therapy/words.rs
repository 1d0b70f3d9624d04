//! Words and numbers at a place of the stream, compared without copying.

use crate::{
    number,
    sheet::Sheet,
    stream::{Span, Stream, is_han},
    words::{Coded, List, Place, coded, words},
};

/// Whether a word stands at exactly `at`; lower-cased text is compared.
pub(in crate::grammar) fn stands(stream: &Stream, at: usize, word: &str) -> bool {
    stream.reads(at, word)
}

/// Whether a word ends right before `at`.
pub(in crate::grammar) fn ends(stream: &Stream, at: usize, word: &str) -> bool {
    at.checked_sub(word.chars().count()).is_some_and(|start| stands(stream, start, word))
}

/// The first place of a word inside a span.
pub(in crate::grammar) fn first(stream: &Stream, span: Span, word: &str) -> Option<usize> {
    (span.start..span.end).find(|at| stands(stream, *at, word))
}

/// Whether a word may begin at a place: a Latin word not inside another.
fn may_begin(stream: &Stream, at: usize) -> bool {
    let of = stream.at(at);
    !of.is_ascii_alphabetic() || at == 0 || !stream.at(at - 1).is_ascii_alphabetic()
}

/// The end of the last of these words inside a span.
pub(in crate::grammar) fn last_end(stream: &Stream, span: Span, words: &List) -> Option<usize> {
    stream.words_in(span, words).rev().find(|of| may_begin(stream, of.start())).map(Place::end)
}

/// Whether one of the words stands inside a span.
pub(in crate::grammar) fn says(stream: &Stream, span: Span, words: &List) -> bool {
    stream.words_in(span, words).any(|of| may_begin(stream, of.start()))
}

pub(in crate::grammar) fn skip_spaces(stream: &Stream, mut at: usize) -> usize {
    while stream.at(at) == ' ' {
        at += 1;
    }
    at
}

/// Whether an English word may begin here.
pub(in crate::grammar) fn starts_word(stream: &Stream, at: usize) -> bool {
    at == 0 || is_han(stream.at(at - 1)) || !stream.at(at - 1).is_alphanumeric()
}

const ENGLISH: &Coded<f64> = coded![
    f64;
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("eighteen", 18.0),
    ("single", 1.0),
    ("twenty-four", 24.0),
    ("twenty", 20.0),
    ("fifteen", 15.0),
    ("fourteen", 14.0),
];

const ORDINALS: &Coded<f64> = coded![
    f64;
    ("first", 1.0),
    ("second", 2.0),
    ("third", 3.0),
    ("fourth", 4.0),
    ("fifth", 5.0),
    ("sixth", 6.0),
    ("seventh", 7.0),
    ("eighth", 8.0),
    ("1st", 1.0),
    ("2nd", 2.0),
    ("3rd", 3.0),
    ("4th", 4.0),
    ("5th", 5.0),
    ("6th", 6.0),
    ("7th", 7.0),
    ("8th", 8.0),
    ("ninth", 9.0),
    ("tenth", 10.0),
    ("9th", 9.0),
    ("10th", 10.0),
];

/// `6`, `six`, `六`, `十二` at exactly `at`, with its end.
pub(crate) fn count_at(stream: &Stream, at: usize) -> Option<(f64, usize)> {
    let of = stream.at(at);
    if is_han(of) {
        return han_number(stream, at);
    }
    // Few places begin a number, and their first sign tells.
    let may_begin = of.is_ascii_digit()
        || matches!(of.to_ascii_lowercase(), 'o' | 't' | 'f' | 's' | 'e' | 'n' | 'l' | 'i');
    if !may_begin || !starts_word(stream, at) {
        return None;
    }
    // "One" is a word before its first letter is a zero.
    if let Some(spelt) = spelled(stream, at, ENGLISH) {
        return Some(spelt);
    }
    if of.is_ascii_digit() || matches!(of, 'l' | 'I' | 'O') {
        return number::number_behind(stream, at).map(|of| (of.value, of.span.end));
    }
    None
}

/// `third`, `2nd` at exactly `at`, with its end.
pub(in crate::grammar) fn ordinal_at(stream: &Stream, at: usize) -> Option<(f64, usize)> {
    let of = stream.at(at);
    let may_begin = of.is_ascii_digit() || matches!(of.to_ascii_lowercase(), 'f' | 's' | 't' | 'e' | 'n');
    (may_begin && starts_word(stream, at)).then(|| spelled(stream, at, ORDINALS)).flatten()
}

/// A text without any of the words, which are taken out one after the other.
pub(in crate::grammar) fn without_any(mut text: String, words: &List) -> String {
    for word in words {
        if text.contains(word) {
            text = text.replace(word, "");
        }
    }
    text
}

fn spelled(stream: &Stream, at: usize, words: &Coded<f64>) -> Option<(f64, usize)> {
    let whole = stream.words_at(at, words).filter(|of| !stream.at(of.end()).is_ascii_alphabetic());
    whole.min_by_key(|of| of.word()).map(|of| (words.code(of), of.end()))
}

fn han_digit(of: char) -> Option<f64> {
    let value = match of {
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    };
    Some(f64::from(value))
}

/// `六`, `十二`, `二十`.
fn han_number(stream: &Stream, at: usize) -> Option<(f64, usize)> {
    let first = han_digit(stream.at(at));
    let ten_at = at + usize::from(first.is_some());
    if stream.at(ten_at) != '十' {
        return first.map(|value| (value, at + 1));
    }
    let tens = first.unwrap_or(1.0) * 10.0;
    match han_digit(stream.at(ten_at + 1)) {
        Some(ones) => Some((tens + ones, ten_at + 2)),
        None => Some((tens, ten_at + 1)),
    }
}

/// A span of time: months, or whole years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::grammar) struct Time {
    pub(in crate::grammar) months: f64,
    pub(in crate::grammar) years: Option<f64>,
    pub(in crate::grammar) weeks: Option<f64>,
    pub(in crate::grammar) span: Span,
}

impl Time {
    /// `2 a` where years were said, else months.
    pub(in crate::grammar) fn as_printed(self) -> String {
        match (self.years, self.weeks) {
            (Some(years), _) => format!("{years} a"),
            (None, Some(weeks)) => format!("{weeks} wk"),
            (None, None) => self.in_months(),
        }
    }

    /// `18 mo`.
    pub(in crate::grammar) fn in_months(self) -> String {
        format!("{} mo", (self.months * 10.0).round() / 10.0)
    }
}

/// `9 months`, `11mo`, `3个月`, `2月`, `半年`, `1年半`, `两年多`, `two and a half years`, `6周` at exactly `at`.
pub(in crate::grammar) fn time_at(stream: &Stream, at: usize) -> Option<Time> {
    if stream.at(at) == '半' && stands(stream, at, "半年") {
        return Some(Time { months: 6.0, years: None, weeks: None, span: Span::new(at, at + 2) });
    }
    if stands(stream, at, "half a year") {
        return Some(Time { months: 6.0, years: None, weeks: None, span: Span::new(at, at + 11) });
    }
    let (mut value, end) = count_at(stream, at)?;
    let mut unit = skip_spaces(stream, end);
    for half in ["and a half ", "and a half-"] {
        if stands(stream, unit, half) {
            value += 0.5;
            unit += half.len();
        }
    }
    while matches!(stream.at(unit), '-' | '多' | '余' | '来') {
        unit += 1;
    }
    let is = |word: &str| stands(stream, unit, word);
    let latin_end = |length: usize| !stream.at(unit + length).is_ascii_alphabetic();
    let years = ["years", "year", "yrs", "yr"].iter().find(|word| is(word) && latin_end(word.len()));
    let months =
        ["months", "month", "mos", "mo", "mths"].iter().find(|word| is(word) && latin_end(word.len()));
    let weeks = ["weeks", "week", "wks", "wk"].iter().find(|word| is(word) && latin_end(word.len()));
    let in_weeks = weeks.is_some() || (is("周") && !is("周期")) || is("星期");
    let (months, years, end) = if let Some(word) = years {
        (value * 12.0, Some(value), unit + word.len())
    } else if let Some(word) = months {
        (value, None, unit + word.len())
    } else if let Some(word) = weeks {
        (value * 12.0 / 52.0, None, unit + word.len())
    } else if is("年半") {
        (value * 12.0 + 6.0, None, unit + 2)
    } else if is("年") && value < 60.0 {
        (value * 12.0, Some(value), unit + 1)
    } else if is("个半月") {
        (value + 0.5, None, unit + 3)
    } else if is("个月") || is("个多月") {
        (value, None, unit + 2 + usize::from(is("个多月")))
    } else if is("月") && !matches!(stream.at(unit + 1), '份' | '1'..='9') {
        (value, None, unit + 1)
    } else if (is("周") && !is("周期")) || is("星期") {
        (value * 12.0 / 52.0, None, unit + 1 + usize::from(is("星期")))
    } else {
        return None;
    };
    let end = end + usize::from(matches!(stream.at(end), '多' | '余'));
    let whole = years.filter(|years| years.fract() == 0.0);
    let weeks = in_weeks.then_some(value);
    (months > 0.0).then_some(Time { months, years: whole, weeks, span: Span::new(at, end) })
}

/// Whether the place belongs to a calendar date, not to a length of time.
pub(in crate::grammar) fn is_dated(sheet: &Sheet<'_>, at: usize) -> bool {
    sheet.mentions.iter().any(|of| of.span.start <= at && at < of.span.end)
}

/// "R-ICE, three months later autograft": the length of time opens what comes next.
pub(crate) fn leads_to_next(sheet: &Sheet<'_>, from: usize, day: Span) -> bool {
    day.start > from
        && sheet.says(day, words![" later", " after that", " afterwards", " thereafter"])
        && (from..day.start).any(|at| matches!(sheet.stream.at(at), ',' | ';'))
}
