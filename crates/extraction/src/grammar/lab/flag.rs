//! The mark that a laboratory prints beside a value outside its range.

use crate::{
    sheet::Sheet,
    stream::Stream,
    words::{Coded, Place, coded},
};
use cartulary_model::fact::Flag;

const WORDS: &Coded<Flag> = coded![
    Flag;
    ("high", Flag::High),
    ("low", Flag::Low),
    ("偏高", Flag::High),
    ("偏低", Flag::Low),
    ("升高", Flag::High),
    ("降低", Flag::Low),
    ("增高", Flag::High),
    ("减低", Flag::Low),
];

/// `↑`, `↓↓`, `H`, `HH`, `L*`, `(H)`, `偏高`, `[高]`: a mark that stands alone, and where it ends.
pub(super) fn flag_at(sheet: &Sheet<'_>, at: usize) -> Option<(Flag, usize)> {
    let stream = &sheet.stream;
    let opened = matches!(stream.at(at), '(' | '[');
    let begin = at + usize::from(opened);
    let (flag, end) = mark(stream, begin, opened)?;
    match (opened, matches!(stream.at(end), ')' | ']')) {
        (true, true) => Some((flag, end + 1)),
        // `(L; 150-400)`: the range stands in the same bracket.
        (true, false) if matches!(stream.at(end), ';' | ',') => Some((flag, end + 1)),
        (true, false) => None,
        (false, _) => Some((flag, end)),
    }
}

fn mark(stream: &Stream, at: usize, opened: bool) -> Option<(Flag, usize)> {
    arrow(stream, at).or_else(|| letters(stream, at)).or_else(|| word(stream, at)).or_else(|| {
        // A single 高 or 低 is a mark in brackets and a word elsewhere.
        match stream.at(at) {
            '高' if opened => Some((Flag::High, at + 1)),
            '低' if opened => Some((Flag::Low, at + 1)),
            _ => None,
        }
    })
}

fn arrow(stream: &Stream, at: usize) -> Option<(Flag, usize)> {
    let sign = stream.at(at);
    let flag = match sign {
        '↑' => Flag::High,
        '↓' => Flag::Low,
        _ => return None,
    };
    Some((flag, (at..).find(|of| stream.at(*of) != sign)?))
}

/// `H`, `HH`, `L*`, `*L`: capitals with nothing of a word around them.
fn letters(stream: &Stream, at: usize) -> Option<(Flag, usize)> {
    let start = at + usize::from(stream.at(at) == '*');
    let flag = match stream.at(start) {
        'H' => Flag::High,
        'L' => Flag::Low,
        _ => return None,
    };
    let mut end = start + 1 + usize::from(stream.at(start + 1) == stream.at(start));
    let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
    let alone = !before.is_alphabetic() && before != '/';
    let closes = !stream.at(end).is_alphanumeric() && !matches!(stream.at(end), '/' | '-' | '%');
    end += usize::from(matches!(stream.at(end), '*' | '!'));
    (alone && closes).then_some((flag, end))
}

fn word(stream: &Stream, at: usize) -> Option<(Flag, usize)> {
    // 降低至 and "lower" tell of a course.
    let ends = |of: &Place| {
        let next = stream.at(of.end());
        !next.is_ascii_alphanumeric() && !matches!(next, '至' | '到')
    };
    let found = stream.words_at(at, WORDS).filter(ends).min_by_key(|of| of.word())?;
    Some((WORDS.code(found), found.end()))
}
