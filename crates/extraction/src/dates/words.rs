//! The words and digits that dates are made of.

use crate::stream::Stream;

const MONTHS: [(&str, i8); 23] = [
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("april", 4),
    ("may", 5),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sept", 9),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
];
const DECEMBER: (&str, i8) = ("dec", 12);
pub(super) const SEASONS: [&str; 5] = ["spring", "summer", "autumn", "fall", "winter"];

pub(super) fn digits(stream: &Stream, at: usize, most: usize) -> Option<(i32, usize)> {
    let mut end = at;
    let mut value = 0i32;
    while let Some(digit) = stream.at(end).to_digit(10).filter(|_| end - at < most) {
        value = value.checked_mul(10)?.checked_add(i32::try_from(digit).ok()?)?;
        end += 1;
    }
    (end > at).then_some((value, end))
}

pub(super) fn month_name(stream: &Stream, at: usize) -> Option<(i8, usize)> {
    MONTHS.iter().chain([&DECEMBER]).find_map(|(name, month)| {
        let end = at + name.len();
        (starts_with(stream, at, name) && !stream.at(end).is_ascii_alphabetic()).then_some((*month, end))
    })
}

pub(super) fn starts_with(stream: &Stream, at: usize, word: &str) -> bool {
    word.chars().zip(at..).all(|(of, index)| stream.lower.get(index) == Some(&of))
}

pub(super) fn skip_space(stream: &Stream, at: usize) -> usize {
    skip_any(stream, at, " ")
}

pub(super) fn skip_any(stream: &Stream, mut at: usize, of: &str) -> usize {
    while at < stream.len() && of.contains(stream.at(at)) {
        at += 1;
    }
    at
}
