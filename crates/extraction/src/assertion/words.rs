//! Words of a piece of the stream, compared in place: nothing is allocated.
//!
//! ## Never
//! Folds anything: the stream is folded already.

use crate::{
    stream::{Stream, is_han},
    words::List,
};

/// Whether the piece at `at` reads `word`.
pub(crate) fn is_at(text: &[char], at: usize, word: &str) -> bool {
    word.chars().zip(at..).all(|(of, index)| text.get(index) == Some(&of))
}

/// Whether the text, a piece of the stream, begins with one of the words.
pub(crate) fn starts_with_any(stream: &Stream, text: &[char], words: &List) -> bool {
    match stream.place_of(text) {
        Some(span) => stream.words_at(span.start, words).any(|of| of.end() <= span.end),
        None => words.iter().any(|word| is_at(text, 0, word)),
    }
}

/// Whether the text, a piece of the stream, ends with one of the words.
pub(crate) fn ends_with_any(stream: &Stream, text: &[char], words: &List) -> bool {
    match stream.place_of(text) {
        Some(span) => stream.words_ending(span.end, words).any(|of| of.start() >= span.start),
        None => words.iter().any(|word| {
            let length = word.chars().count();
            text.len() >= length && is_at(text, text.len() - length, word)
        }),
    }
}

/// The length of the first of the words, in the order of their list, that the text ends with.
pub(crate) fn first_at_end(stream: &Stream, text: &[char], words: &List) -> Option<usize> {
    let span = stream.place_of(text)?;
    let ending = stream.words_ending(span.end, words).filter(|of| of.start() >= span.start);
    ending.min_by_key(|of| of.word()).map(|of| of.end() - of.start())
}

/// Whether one of the words stands anywhere in the text, a piece of the stream, inside other words too.
pub(crate) fn contains_any(stream: &Stream, text: &[char], words: &List) -> bool {
    match stream.place_of(text) {
        Some(span) => stream.words_in(span, words).next().is_some(),
        None => (0..text.len()).any(|at| words.iter().any(|word| is_at(text, at, word))),
    }
}

/// Whether one of the words stands in the text, a piece of the stream, as a word of its own; Chinese has no word
/// boundaries.
pub(crate) fn says_any(stream: &Stream, text: &[char], words: &List) -> bool {
    match stream.place_of(text) {
        Some(span) => stream
            .words_in(span, words)
            .any(|of| is_whole(text, of.start() - span.start, of.end() - span.start)),
        None => (0..text.len()).any(|at| {
            words.iter().any(|word| is_at(text, at, word) && is_whole(text, at, at + word.chars().count()))
        }),
    }
}

/// Whether a Latin word does not go on in the text on either side.
fn is_whole(text: &[char], start: usize, end: usize) -> bool {
    let letter = |of: Option<&char>| of.is_some_and(|of| !is_han(*of) && of.is_alphanumeric());
    let latin = text[start].is_ascii_alphanumeric();
    !latin || !((start > 0 && letter(text.get(start - 1))) || letter(text.get(end)))
}

/// The text without blanks at its ends.
pub(crate) fn trimmed(mut text: &[char]) -> &[char] {
    while let [' ', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., ' '] = text {
        text = rest;
    }
    text
}

/// The number of words between blanks.
pub(crate) fn count_words(text: &[char]) -> usize {
    text.split(|of| of.is_whitespace()).filter(|word| !word.is_empty()).count()
}

/// Whether more than a third of the text is Chinese.
pub(crate) fn is_chinese(text: &[char]) -> bool {
    text.iter().filter(|of| is_han(**of)).count() * 3 > text.len()
}

/// A number of its own, not the digit of a name like BCL2.
pub(crate) fn has_number(text: &[char]) -> bool {
    let mut before = ' ';
    text.iter().any(|of| {
        let own = of.is_ascii_digit() && !before.is_ascii_alphanumeric() && before != '-';
        before = *of;
        own
    })
}
