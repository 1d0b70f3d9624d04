//! Chinese: a character taken for a look-alike, a term broken over the end of a line, a dash read as 一.

use super::{Edit, vocabulary::Vocabulary};
use crate::stream::{BREAK, Span, Stream, is_han};

pub(super) fn edits(vocabulary: &Vocabulary, stream: &Stream, edits: &mut Vec<Edit>) {
    for (at, of) in stream.chars.iter().copied().enumerate() {
        if !vocabulary.may_be_wrong(of) {
            continue;
        }
        if of == BREAK {
            edits.extend(wrapped(vocabulary, stream, at));
        } else if of == '末' && ends_a_period(stream, at) {
            // `2022年末复发`: the end of a year denies nothing.
        } else if is_han(of) {
            edits.extend(
                dash(stream, at)
                    .or_else(|| rewritten(vocabulary, stream, at))
                    .or_else(|| look_alike(vocabulary, stream, at)),
            );
        } else if of == '8' && is_han(stream.at(at + 1)) && at > 0 && is_han(stream.at(at - 1)) {
            edits.extend(letter_in_term(vocabulary, stream, at));
        }
    }
}

/// `年末`, `月末`, `周末`, `期末`.
fn ends_a_period(stream: &Stream, at: usize) -> bool {
    at > 0 && matches!(stream.at(at - 1), '年' | '月' | '周' | '季' | '期' | '学' | '世')
}

/// `R一GDP`: between letters 一 is a dash.
fn dash(stream: &Stream, at: usize) -> Option<Edit> {
    let latin = |of: char| of.is_ascii_alphanumeric();
    (stream.at(at) == '一' && at > 0 && latin(stream.at(at - 1)) && latin(stream.at(at + 1)))
        .then(|| Edit::new(Span::new(at, at + 1), vec!['-']))
}

/// A word that is none: `末见`.
fn rewritten(vocabulary: &Vocabulary, stream: &Stream, at: usize) -> Option<Edit> {
    let known = vocabulary.rewrites.get(&stream.at(at))?;
    known
        .iter()
        .find(|(seen, _)| stream.chars.get(at..at + seen.len()) == Some(seen.as_slice()))
        .map(|(seen, meant)| Edit::new(Span::new(at, at + seen.len()), meant.clone()))
}

/// A character that stands in no term here, and whose look-alike does.
fn look_alike(vocabulary: &Vocabulary, stream: &Stream, at: usize) -> Option<Edit> {
    let meant = vocabulary.han.get(&stream.at(at))?;
    if stands_in_term(vocabulary, stream, at, stream.at(at)) {
        return None;
    }
    meant
        .iter()
        .find(|of| stands_in_term(vocabulary, stream, at, **of))
        .map(|of| Edit::new(Span::new(at, at + 1), vec![*of]))
}

/// `大8细胞`: an 8 inside a Chinese term is a B.
fn letter_in_term(vocabulary: &Vocabulary, stream: &Stream, at: usize) -> Option<Edit> {
    stands_in_term(vocabulary, stream, at, 'b').then(|| Edit::new(Span::new(at, at + 1), vec!['B']))
}

/// Whether some three characters around a place, the place read as `of`, stand in a form.
fn stands_in_term(vocabulary: &Vocabulary, stream: &Stream, at: usize, of: char) -> bool {
    let lower = |place: usize| {
        if place == at { of } else { stream.lower.get(place).copied().unwrap_or(BREAK) }
    };
    let from =
        |start: usize| vocabulary.trigrams.contains(&[lower(start), lower(start + 1), lower(start + 2)]);
    from(at) || (at > 0 && from(at - 1)) || (at > 1 && from(at - 2))
}

/// A term with the end of a line inside it.
fn wrapped(vocabulary: &Vocabulary, stream: &Stream, at: usize) -> Option<Edit> {
    if at < 2 || !is_han(stream.at(at - 1)) || !is_han(stream.at(at + 1)) {
        return None;
    }
    let lower = |place: usize| stream.lower.get(place).copied().unwrap_or(BREAK);
    let before = vocabulary.trigrams.contains(&[lower(at - 2), lower(at - 1), lower(at + 1)]);
    let after = vocabulary.trigrams.contains(&[lower(at - 1), lower(at + 1), lower(at + 2)]);
    (before && after).then(|| Edit::joined(Span::new(at, at + 1), Vec::new()))
}
