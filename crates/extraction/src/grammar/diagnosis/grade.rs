//! The grade of a follicular lymphoma, behind its name or before it: it decides the label group.
//!
//! ## Reads
//! `FL 3A`, `FL grade 3a`, `滤泡3级a`, `滤泡性淋巴瘤(1-2级)`, "follicular lymphoma, WHO grade 1 to 2", "grade 3B follicular lymphoma", `3A级滤泡性淋巴瘤`.
//!
//! ## Leaves alone
//! A number that is no grade: `FL 2016`, `FL 3 lines`.
//!
//! ## References
//! - WHO 2017 (grades 1-2, 3A, 3B); WHO-HAEM5 makes grading optional

use crate::{
    sheet::Sheet,
    stream::{Hit, Span, is_han},
    vocabulary::diagnosis::{BEHIND_GLUE, BEHIND_NAMES, MARK_AT_COUNTED, MARK_AT_JOINT},
    words::words,
};

/// A graded name.
#[derive(Clone, Debug)]
pub(super) struct Graded {
    pub(super) concept: String,
    /// `1-2`, `3A`, as the exchange form has it.
    pub(super) text: String,
    pub(super) span: Span,
}

/// The digits and the letter of a grade.
#[derive(Clone, Copy, Debug)]
struct Mark {
    low: u8,
    high: u8,
    letter: Option<char>,
    end: usize,
    /// 级 stands behind it.
    closed: bool,
    /// `IIIA`, `III A`: so a stage is written.
    like_stage: bool,
}

pub(super) fn of(sheet: &Sheet<'_>, hit: &Hit) -> Option<Graded> {
    if !matches!(
        hit.concept.as_str(),
        "hist.fl_nos" | "hist.fl_classic" | "hist.fl_1" | "hist.fl_2" | "hist.fl_3_nos"
    ) {
        return None;
    }
    if let Some(letter) = letter_of_name(sheet, hit) {
        return Some(letter);
    }
    if !matches!(hit.concept.as_str(), "hist.fl_nos" | "hist.fl_classic") {
        return None;
    }
    let (mark, named) = behind(sheet, hit.span.end).or_else(|| before(sheet, hit.span.start))?;
    // `FL, III A` is a stage, or a grade: not known. Only a word, or a small letter, tells.
    if mark.like_stage && !mark.closed && !named {
        return None;
    }
    let own = mark.closed || named || mark.letter.is_some() || mark.low != mark.high;
    let span = Span::new(hit.span.start.min(mark_start(sheet, hit, mark.end)), hit.span.end.max(mark.end));
    own.then(|| graded(mark, span))
}

fn mark_start(sheet: &Sheet<'_>, hit: &Hit, end: usize) -> usize {
    if end > hit.span.start {
        hit.span.start
    } else {
        (0..3).fold(end, |at, _| at.saturating_sub(usize::from(sheet.stream.at(at.saturating_sub(1)) != ' ')))
    }
}

fn graded(mark: Mark, span: Span) -> Graded {
    let digits =
        if mark.low == mark.high { mark.low.to_string() } else { format!("{}-{}", mark.low, mark.high) };
    let letter = mark.letter.map_or(String::new(), |of| of.to_uppercase().collect());
    let concept = match (mark.low, mark.high, mark.letter) {
        (1, 2, None) => "hist.fl_1_2",
        (1, 1, None) => "hist.fl_1",
        (2, 2, None) => "hist.fl_2",
        (3, 3, Some('a')) => "hist.fl_3a",
        (3, 3, Some('b')) => "hist.fl_3b",
        (3, 3, _) => "hist.fl_3_nos",
        _ => "hist.fl_nos",
    };
    Graded { concept: concept.to_owned(), text: format!("{digits}{letter}"), span }
}

/// `滤泡性淋巴瘤3级` is a name of the catalogue; a letter behind it goes with it: `3级a`, `3级(A)`.
fn letter_of_name(sheet: &Sheet<'_>, hit: &Hit) -> Option<Graded> {
    let low = match hit.concept.as_str() {
        "hist.fl_3_nos" => 3,
        "hist.fl_1" if sheet.stream.at(hit.span.end) == '-' => 1,
        _ => return None,
    };
    if low == 1 {
        let mark = mark_at(sheet, hit.span.end + 1).filter(|mark| mark.low == 2)?;
        return Some(graded(Mark { low: 1, high: 2, ..mark }, Span::new(hit.span.start, mark.end)));
    }
    let (letter, end) = letter_at(sheet, hit.span.end).or_else(|| repeated(sheet, hit.span.end, low))?;
    let end = end + usize::from(sheet.stream.at(end) == '级');
    Some(graded(
        Mark { low, high: low, letter: Some(letter), end, closed: true, like_stage: false },
        Span::new(hit.span.start, end),
    ))
}

/// The mark behind a name, and whether the word for a grade stands before it.
fn behind(sheet: &Sheet<'_>, from: usize) -> Option<(Mark, bool)> {
    const REACH: usize = 26;
    let stream = &sheet.stream;
    let mut at = from;
    let mut named = false;
    while at < from + REACH {
        if let Some(mark) = mark_at(sheet, at) {
            let apart = !named && !mark.closed && at > from + 2;
            return (!apart).then_some((mark, named));
        }
        let name =
            BEHIND_NAMES.iter().filter(|word| stream.reads(at, word)).map(|word| word.chars().count()).max();
        let glue =
            BEHIND_GLUE.iter().filter(|word| stream.reads(at, word)).map(|word| word.chars().count()).max();
        if let Some(length) = name {
            named = true;
            at += length;
        } else {
            at += glue?;
        }
    }
    None
}

/// "grade 3B follicular lymphoma", `3A级滤泡性淋巴瘤`: the mark directly before a name.
fn before(sheet: &Sheet<'_>, start: usize) -> Option<(Mark, bool)> {
    let stream = &sheet.stream;
    let end = if start > 0 && stream.at(start - 1) == ' ' { start - 1 } else { start };
    (1..=7).find_map(|length| {
        let at = end.checked_sub(length)?;
        let mark = mark_at(sheet, at).filter(|mark| mark.end == end)?;
        let named = stream.reads_back_any(at, words!["grade ", "grade", "gr ", "分级"]);
        (named || mark.closed).then_some((mark, named))
    })
}

/// `1`, `1-2`, `3A`, `3级a`, `Ⅲa`, `2/3a`, `1 to 2` at exactly `at`.
fn mark_at(sheet: &Sheet<'_>, at: usize) -> Option<Mark> {
    let stream = &sheet.stream;
    let previous = at.checked_sub(1).map_or(' ', |of| stream.at(of));
    if previous.is_ascii_digit() || previous == '.' {
        return None;
    }
    let (low, mut end) = digit_at(sheet, at)?;
    let mut high = low;
    let joint = MARK_AT_JOINT.iter().find(|joint| stream.reads(end, joint));
    if let Some((second, after)) =
        joint.and_then(|joint| digit_at(sheet, end + joint.chars().count())).filter(|(of, _)| *of > low)
    {
        (high, end) = (second, after);
    }
    let mut closed = stream.at(end) == '级';
    end += usize::from(closed);
    let letter = letter_at(sheet, end).or_else(|| repeated(sheet, end, high)).filter(|_| high == 3);
    if let Some((_, after)) = letter {
        end = after;
    }
    let capital =
        letter.is_some() && (at..end).any(|of| stream.at(of).is_ascii_uppercase() && stream.at(of) != 'I');
    let like_stage = capital && matches!(stream.at(at), 'I' | 'i');
    if !closed && stream.at(end) == '级' {
        closed = true;
        end += 1;
    }
    let next = stream.at(end);
    let goes_on = next.is_ascii_alphanumeric()
        || matches!(next, '%' | '年' | '月' | '次' | '程' | '线' | '个' | '岁')
        || (next == '.' && stream.at(end + 1).is_ascii_digit());
    let counted = !closed && letter.is_none() && low == high && stream.reads_any(end, MARK_AT_COUNTED);
    (!goes_on && !counted).then_some(Mark {
        low,
        high,
        letter: letter.map(|(of, _)| of),
        end,
        closed,
        like_stage,
    })
}

/// `3级(3A)`: the digit repeated with its letter in brackets.
fn repeated(sheet: &Sheet<'_>, at: usize, digit: u8) -> Option<(char, usize)> {
    let opened = sheet.stream.at(at) == '(';
    let (again, after) = digit_at(sheet, at + 1).filter(|(again, _)| opened && *again == digit)?;
    let (letter, end) = letter_at(sheet, after)?;
    (again == digit && sheet.stream.at(end) == ')').then_some((letter, end + 1))
}

fn digit_at(sheet: &Sheet<'_>, at: usize) -> Option<(u8, usize)> {
    let stream = &sheet.stream;
    match stream.at(at) {
        of @ '1'..='3' if !stream.at(at + 1).is_ascii_digit() => Some((of as u8 - b'0', at + 1)),
        'I' | 'i' => {
            let count = (at..at + 4).take_while(|of| matches!(stream.at(*of), 'I' | 'i')).count();
            let roman = count <= 3 && stream.at(at + count) != 'V';
            roman.then_some((u8::try_from(count).unwrap_or(0), at + count))
        }
        _ => None,
    }
}

/// `a`, `(A)`, ` B` behind the digit; not the first letter of a word.
fn letter_at(sheet: &Sheet<'_>, at: usize) -> Option<(char, usize)> {
    let stream = &sheet.stream;
    let opened = stream.at(at) == '(';
    let from = at + usize::from(opened || stream.at(at) == ' ');
    let letter = stream.at(from).to_ascii_lowercase();
    let next = stream.at(from + 1);
    let capital_apart = from == at || opened || stream.at(from).is_ascii_uppercase();
    let ends = !next.is_ascii_alphanumeric()
        && next != '-'
        && (is_han(next) || !next.is_alphanumeric())
        && (from == at || opened || !matches!(next, ' '));
    let closed = usize::from(opened && next == ')');
    (matches!(letter, 'a' | 'b') && ends && capital_apart && (!opened || closed == 1))
        .then_some((letter, from + 1 + closed))
}
