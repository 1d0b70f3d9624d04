//! The words and digits that dates are made of.

use crate::{
    stream::{Stream, is_han},
    words::List,
};
use cartulary_model::PartialDate;

/// Months by their first letter, longer names first.
fn months_with(first: char) -> &'static [(&'static str, i8)] {
    match first {
        'j' => &[("january", 1), ("june", 6), ("july", 7), ("jan", 1), ("jun", 6), ("jul", 7)],
        'f' => &[("february", 2), ("feb", 2)],
        'm' => &[("march", 3), ("mar", 3), ("may", 5)],
        'a' => &[("august", 8), ("april", 4), ("apr", 4), ("aug", 8)],
        's' => &[("september", 9), ("sept", 9), ("sep", 9)],
        'o' => &[("october", 10), ("oct", 10)],
        'n' => &[("november", 11), ("nov", 11)],
        'd' => &[("december", 12), ("dec", 12)],
        _ => &[],
    }
}

/// Numbers in words by their first letter, as far as intervals are said in them.
fn numbers_with(first: char) -> &'static [(&'static str, i32)] {
    match first {
        'a' => &[("a ", 1), ("an ", 1)],
        'o' => &[("one ", 1)],
        't' => &[("two ", 2), ("three ", 3), ("ten ", 10), ("twelve ", 12), ("twenty ", 20)],
        'f' => &[("four ", 4), ("five ", 5), ("fourteen ", 14), ("fifteen ", 15)],
        's' => &[("six ", 6), ("seven ", 7)],
        'e' => &[("eight ", 8), ("eleven ", 11), ("eighteen ", 18)],
        'n' => &[("nine ", 9)],
        _ => &[],
    }
}

/// The names of all months.
pub(super) fn month_names() -> impl Iterator<Item = &'static str> {
    ('a'..='z').flat_map(|first| months_with(first).iter().map(|(name, _)| *name))
}

/// All numbers in words.
pub(super) fn number_words() -> impl Iterator<Item = &'static str> {
    ('a'..='z').flat_map(|first| numbers_with(first).iter().map(|(word, _)| *word))
}

/// The first three signs of some words: for the first two a bit for each third.
pub(super) struct Beginnings([u32; Self::SIGNS * Self::SIGNS]);

impl Beginnings {
    /// The letters, a blank, and all others as one.
    const SIGNS: usize = 28;

    pub(super) fn of(words: impl Iterator<Item = &'static str>) -> Self {
        let mut all = Self([0; Self::SIGNS * Self::SIGNS]);
        for word in words {
            let mut signs = word.chars().map(Self::sign);
            let (Some(first), Some(second)) = (signs.next(), signs.next()) else { continue };
            // Behind a word of two signs anything may stand.
            all.0[first * Self::SIGNS + second] |= signs.next().map_or(u32::MAX, |third| 1 << third);
        }
        all
    }

    /// Whether one of the words may stand at a place.
    pub(super) fn may_begin(&self, stream: &Stream, at: usize) -> bool {
        let sign = |at: usize| Self::sign(stream.lower.get(at).copied().unwrap_or(' '));
        self.0[sign(at) * Self::SIGNS + sign(at + 1)] >> sign(at + 2) & 1 == 1
    }

    fn sign(of: char) -> usize {
        match of {
            'a'..='z' => of as usize - 'a' as usize,
            ' ' => Self::SIGNS - 2,
            _ => Self::SIGNS - 1,
        }
    }
}

pub(super) fn digits(stream: &Stream, at: usize, most: usize) -> Option<(i32, usize)> {
    let mut end = at;
    let mut value = 0i32;
    while let Some(digit) = stream.at(end).to_digit(10).filter(|_| end - at < most) {
        value = value.checked_mul(10)?.checked_add(i32::try_from(digit).ok()?)?;
        end += 1;
    }
    (end > at).then_some((value, end))
}

/// `O3`, `l2`, `1O` for a month or a day behind a year: letters that recognition takes for digits, one digit at least.
pub(super) fn digits_alike(stream: &Stream, at: usize) -> Option<(i32, usize)> {
    let plain = digits(stream, at, 2);
    let alike = |of: char| match of {
        'O' | 'o' => Some(0),
        'l' | 'I' => Some(1),
        of => of.to_digit(10).and_then(|of| i32::try_from(of).ok()),
    };
    let (first, second) = (alike(stream.at(at)), alike(stream.at(at + 1)));
    let digit = stream.at(at).is_ascii_digit() || stream.at(at + 1).is_ascii_digit();
    match (first, second) {
        (Some(first), Some(second)) if digit && !stream.at(at + 2).is_ascii_alphanumeric() => {
            Some((10 * first + second, at + 2))
        }
        _ => plain,
    }
}

/// A whole number of exactly four digits that can be a year.
pub(super) fn year_at(stream: &Stream, at: usize) -> Option<(i16, usize)> {
    let (year, end) = digits(stream, at, 4)?;
    let whole = end - at == 4 && !stream.at(end).is_ascii_digit();
    (whole && (1900..2200).contains(&year))
        .then(|| i16::try_from(year).ok().map(|year| (year, end)))
        .flatten()
}

pub(super) fn month_name(stream: &Stream, at: usize) -> Option<(i8, usize)> {
    let first = *stream.lower.get(at)?;
    months_with(first).iter().find_map(|(name, month)| {
        let end = at + name.len();
        (starts_with(stream, at, name) && !stream.at(end).is_ascii_alphabetic()).then_some((*month, end))
    })
}

/// `two `, `a `: a number in words and where the next word starts.
pub(super) fn number_word(stream: &Stream, at: usize) -> Option<(i32, usize)> {
    numbers_with(*stream.lower.get(at)?)
        .iter()
        .find(|(word, _)| starts_with(stream, at, word))
        .map(|(word, number)| (*number, at + word.len()))
}

/// `三`, `十`, `十八`, `两`: a small number in Chinese.
pub(super) fn chinese_number(stream: &Stream, at: usize) -> Option<(i32, usize)> {
    let digit = |of: char| match of {
        '一' => Some(1),
        '二' | '两' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    };
    let (tens, mut end) = match (digit(stream.at(at)), stream.at(at), stream.at(at + 1)) {
        (Some(of), _, '十') => (of * 10, at + 2),
        (None, '十', _) => (10, at + 1),
        (Some(of), _, _) => return Some((of, at + 1)),
        _ => return None,
    };
    let ones = digit(stream.at(end));
    end += usize::from(ones.is_some());
    Some((tens + ones.unwrap_or(0), end))
}

pub(super) fn starts_with(stream: &Stream, at: usize, word: &str) -> bool {
    stream.reads(at, word)
}

/// The first of the words that stands here, and its end.
pub(super) fn one_of(stream: &Stream, at: usize, words: &List) -> Option<usize> {
    stream.words_at(at, words).min_by_key(|of| of.word()).map(|of| of.end())
}

/// Whether one of the words stands directly before a place.
pub(super) fn follows_word(stream: &Stream, at: usize, words: &List) -> bool {
    stream.words_ending(at, words).any(|of| {
        let start = of.start();
        start == 0
            || !stream.at(start - 1).is_alphanumeric()
            || is_han(stream.at(start))
            || is_han(stream.at(start - 1))
    })
}

pub(super) fn skip_space(stream: &Stream, at: usize) -> usize {
    (at..).find(|of| stream.at(*of) != ' ').unwrap_or(at)
}

pub(super) fn skip_any(stream: &Stream, mut at: usize, of: &str) -> usize {
    while at < stream.len() && of.contains(stream.at(at)) {
        at += 1;
    }
    at
}

pub(super) fn day_of(year: i16, month: i32, day: i32) -> Option<PartialDate> {
    PartialDate::from_day(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

pub(super) fn month_of(year: i16, month: i32) -> Option<PartialDate> {
    PartialDate::from_month(year, i8::try_from(month).ok()?)
}

/// A month and a day that some year has.
pub(super) fn month_and_day(month: i32, day: i32) -> Option<(i8, i8)> {
    day_of(2024, month, day)?;
    Some((i8::try_from(month).ok()?, i8::try_from(day).ok()?))
}
