//! Words of a piece of the stream, compared in place: nothing is allocated.
//!
//! ## Never
//! Folds anything: the stream is folded already.

use crate::stream::is_han;

/// Whether the piece at `at` reads `word`.
pub(crate) fn is_at(text: &[char], at: usize, word: &str) -> bool {
    word.chars().zip(at..).all(|(of, index)| text.get(index) == Some(&of))
}

/// Whether the text begins with one of the words.
pub(crate) fn starts_with_any(text: &[char], words: &[&str]) -> bool {
    words.iter().any(|word| is_at(text, 0, word))
}

/// Whether the text ends with one of the words.
pub(crate) fn ends_with_any(text: &[char], words: &[&str]) -> bool {
    words.iter().any(|word| {
        let length = word.chars().count();
        text.len() >= length && is_at(text, text.len() - length, word)
    })
}

/// Whether one of the words stands anywhere in the text, inside other words too.
pub(crate) fn contains_any(text: &[char], words: &[&str]) -> bool {
    (0..text.len()).any(|at| words.iter().any(|word| is_at(text, at, word)))
}

/// Whether one of the words stands in the text as a word of its own; Chinese has no word boundaries.
pub(crate) fn says_any(text: &[char], words: &[&str]) -> bool {
    (0..text.len()).any(|at| words.iter().any(|word| is_word_at(text, at, word)))
}

fn is_word_at(text: &[char], at: usize, word: &str) -> bool {
    if !is_at(text, at, word) {
        return false;
    }
    let letter = |of: Option<&char>| of.is_some_and(|of| of.is_alphanumeric() && !is_han(*of));
    let latin = word.starts_with(|of: char| of.is_ascii_alphanumeric());
    let end = at + word.chars().count();
    !latin || !((at > 0 && letter(text.get(at - 1))) || letter(text.get(end)))
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
