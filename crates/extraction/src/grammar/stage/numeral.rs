//! The numeral of a stage: Roman, Arabic, Chinese, English; misread letters put right behind a name.

use crate::{sheet::Sheet, stream::Span, vocabulary::stage::RANGE_JOINTS};

/// A numeral from I to IV.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeral {
    pub(super) roman: &'static str,
    pub(super) concept: &'static str,
    pub(super) end: usize,
    pub(super) repaired: bool,
    pub(super) is_roman: bool,
    pub(super) is_han: bool,
}

const STAGES: [(&str, &str); 4] =
    [("I", "find.stage_1"), ("II", "find.stage_2"), ("III", "find.stage_3"), ("IV", "find.stage_4")];

/// Whether a stage can begin with this character: the cheap test made at every place of a document.
pub(super) fn may_begin(of: char) -> bool {
    matches!(of, 'I' | 'l' | '|' | '1'..='4' | 'i' | '一' | '二' | '三' | '四' | 'o' | 't' | 'f')
}

/// The numeral at exactly `at`.
pub(super) fn at(sheet: &Sheet<'_>, at: usize) -> Option<Numeral> {
    match sheet.stream.at(at) {
        'I' | 'l' | '|' => roman(sheet, at),
        'i' => small_roman(sheet, at),
        '1' if matches!(sheet.stream.at(at + 1), 'V' | 'I' | 'l') => roman(sheet, at),
        '1'..='4' => digit(sheet, at),
        '一' | '二' | '三' | '四' => han(sheet, at),
        _ => word(sheet, at),
    }
    .filter(|numeral| !is_range(sheet, at, numeral.end))
}

fn numbered(number: usize, end: usize) -> Option<Numeral> {
    let (roman, concept) = STAGES.get(number.checked_sub(1)?).copied()?;
    Some(Numeral { roman, concept, end, repaired: false, is_roman: false, is_han: false })
}

/// `IV`, and `lV`, `1V`, `lll` as recognition has them.
fn roman(sheet: &Sheet<'_>, at: usize) -> Option<Numeral> {
    let stream = &sheet.stream;
    let stroke = |of: char| matches!(of, 'I' | 'l' | '1' | '|');
    let strokes = (at..at + 4).take_while(|of| stroke(stream.at(*of))).count();
    let five = stream.at(at + strokes) == 'V';
    let number = match (strokes, five) {
        (1, true) => 4,
        (1..=3, false) => strokes,
        _ => return None,
    };
    let end = at + strokes + usize::from(five);
    let repaired = (at..at + strokes).any(|of| stream.at(of) != 'I');
    // A single `l` is a letter more often than a stage.
    if repaired && strokes == 1 && !five && stream.at(end).is_ascii_alphabetic() {
        return None;
    }
    numbered(number, end).map(|numeral| Numeral { repaired, is_roman: true, ..numeral })
}

/// `stage iv`, as senders type it.
fn small_roman(sheet: &Sheet<'_>, at: usize) -> Option<Numeral> {
    let behind_name = sheet.stream.reads_back(at, "stage ").is_some();
    let found = [("iv", 4), ("iii", 3), ("ii", 2), ("i", 1)]
        .into_iter()
        .find(|(word, _)| sheet.stream.reads(at, word))?;
    numbered(found.1, at + found.0.len()).filter(|_| behind_name)
}

fn digit(sheet: &Sheet<'_>, at: usize) -> Option<Numeral> {
    let next = sheet.stream.at(at + 1);
    let point = next == '.' && sheet.stream.at(at + 2).is_ascii_digit();
    let single = !next.is_ascii_digit() && !point && !matches!(next, '/' | '%');
    let number = sheet.stream.at(at).to_digit(10)? as usize;
    numbered(number, at + 1).filter(|_| single)
}

fn han(sheet: &Sheet<'_>, at: usize) -> Option<Numeral> {
    let closes = (at + 1..at + 3).any(|of| sheet.stream.at(of) == '期');
    let number = ['一', '二', '三', '四'].iter().position(|of| *of == sheet.stream.at(at))? + 1;
    numbered(number, at + 1).filter(|_| closes).map(|numeral| Numeral { is_han: true, ..numeral })
}

/// "stage four".
fn word(sheet: &Sheet<'_>, at: usize) -> Option<Numeral> {
    let behind_name = || sheet.stream.reads_back(at, "stage ").is_some();
    let found = [("one", 1), ("two", 2), ("three", 3), ("four", 4)]
        .into_iter()
        .find(|(word, _)| sheet.stream.reads(at, word))?;
    let end = at + found.0.len();
    let whole = !sheet.stream.at(end).is_ascii_alphabetic();
    numbered(found.1, end).filter(|_| whole && behind_name())
}

/// `Ⅲ-Ⅳ期`, "III or IV", `I/II`: no single stage.
fn is_range(sheet: &Sheet<'_>, start: usize, end: usize) -> bool {
    let stream = &sheet.stream;
    let numeral = |of: char| matches!(of, 'I' | 'V' | '1'..='4' | '一' | '二' | '三' | '四');
    let ahead = RANGE_JOINTS.iter().any(|joint| {
        stream.reads(end, joint) && {
            let from = end + joint.chars().count();
            numeral(stream.at(from)) && !stream.at(end).is_ascii_digit() && ends_numeral(sheet, from)
        }
    });
    let behind = RANGE_JOINTS.iter().any(|joint| {
        stream
            .reads_back(start, joint)
            .is_some_and(|from| from > 0 && numeral(stream.at(from - 1)) && begins_numeral(sheet, from - 1))
    });
    ahead || behind
}

fn ends_numeral(sheet: &Sheet<'_>, from: usize) -> bool {
    let end = (from..from + 4)
        .find(|of| !matches!(sheet.stream.at(*of), 'I' | 'V' | '1'..='4' | '一' | '二' | '三' | '四'))
        .unwrap_or(from + 4);
    let after = sheet.stream.lower_text(sheet.within(Span::new(end, end + 1)));
    !after.chars().any(|of| {
        of.is_ascii_digit() || of == '.' || (of.is_ascii_alphabetic() && !matches!(of, 'a' | 'b' | 'e' | 's'))
    })
}

fn begins_numeral(sheet: &Sheet<'_>, last: usize) -> bool {
    let mut start = last;
    while start > 0 && matches!(sheet.stream.at(start - 1), 'I' | 'V') {
        start -= 1;
    }
    start == 0 || !sheet.stream.at(start - 1).is_ascii_alphanumeric()
}
