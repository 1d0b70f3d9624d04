//! Sentences: the widest reach of a cue.

use crate::{
    stream::{BREAK, CELL, Span, Stream, is_han},
    vocabulary::layout::{BEGINS_ANEW, SHORTENED, SHORTENED_BEFORE_NAMES, SHORTENED_MONTHS},
};

/// Splits the stream; every character belongs to one sentence.
pub(crate) fn sentences(stream: &Stream) -> Vec<Span> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for index in stream.signs_in(Span::new(0, stream.len()), |of| !matches!(of, ',' | ':' | ' ')) {
        if ends_sentence(stream, index) {
            sentences.push(Span::new(start, index + 1));
            start = index + 1;
        }
    }
    if start < stream.len() {
        sentences.push(Span::new(start, stream.len()));
    }
    sentences
}

fn ends_sentence(stream: &Stream, index: usize) -> bool {
    match stream.at(index) {
        BREAK | '。' | '!' => true,
        ';' => !in_bracket(stream, index),
        '?' => {
            // "? CNS relapse", "?? transformation": at the head of a statement it doubts what follows.
            let heads = matches!(stream.at(index + 1), ' ' | '?')
                && (0..index)
                    .rev()
                    .map(|at| stream.at(at))
                    .find(|of| !matches!(*of, ' ' | '?'))
                    .is_none_or(|of| matches!(of, BREAK | CELL | '.' | '。' | ';' | ':'));
            let asks_what_follows = heads
                || stream.at(index + 1).is_alphabetic()
                    && (index == 0 || !stream.at(index - 1).is_alphanumeric());
            !matches!(stream.at(index + 1), ')' | ',') && !asks_what_follows
        }
        '.' => full_stop(stream, index),
        _ => false,
    }
}

/// A semicolon inside brackets parts items, not sentences.
fn in_bracket(stream: &Stream, index: usize) -> bool {
    const REACH: usize = 120;
    let from = index.saturating_sub(REACH);
    for at in (from..index).rev() {
        match stream.at(at) {
            '(' => {
                return (index..stream.len().min(index + REACH))
                    .take_while(|of| stream.at(*of) != BREAK)
                    .any(|of| stream.at(of) == ')');
            }
            ')' | BREAK => return false,
            _ => {}
        }
    }
    false
}

/// "no fever no cough thanks god. only the night sweats": messages begin sentences without a capital.
fn begins_anew(stream: &Stream, point: usize, word: &str) -> bool {
    const SHORTEST: usize = 3;
    let next: String = (point + 1..stream.len())
        .map(|at| stream.at(at))
        .skip_while(|of| *of == ' ')
        .take_while(|of| of.is_alphabetic())
        .collect();
    word.chars().count() >= SHORTEST
        && !SHORTENED.contains(&word)
        && BEGINS_ANEW.contains(&next.as_str())
        && stream.at(point + 1) == ' '
}

/// A point ends a sentence unless it stands in a number or behind an abbreviation.
fn full_stop(stream: &Stream, index: usize) -> bool {
    let next = stream.at(index + 1);
    if !matches!(next, ' ' | BREAK | CELL) && !is_han(next) {
        return false;
    }
    let mut begin = index;
    while begin > 0 && stream.at(begin - 1).is_alphabetic() && !is_han(stream.at(begin - 1)) {
        begin -= 1;
    }
    let word: String = stream.lower[begin..index].iter().collect();
    let abbreviation = matches!(
        word.as_str(),
        "dr" | "mr"
            | "mrs"
            | "ms"
            | "no"
            | "e"
            | "g"
            | "i"
            | "approx"
            | "appr"
            | "vs"
            | "ca"
            | "fig"
            | "prof"
    );
    let after = (index + 1..stream.len()).map(|at| stream.at(at)).find(|of| *of != ' ');
    let goes_on = after.is_some_and(char::is_lowercase);
    // "finished in Feb. 2024", "best resp. CR", ", Inj. Pola-BR": what is shortened goes on.
    let next: String = stream.lower[index + 1..].iter().skip_while(|of| **of == ' ').take(5).collect();
    let year = next.len() >= 4 && next.chars().take(4).all(|of| of.is_ascii_digit());
    let month = year && SHORTENED_MONTHS.contains(&word.as_str());
    let response =
        word == "resp" && ["cr", "pr", "sd", "pd", "cmr", "pmr"].iter().any(|of| next.starts_with(of));
    let before = stream.lower[..begin].iter().rev().find(|of| **of != ' ');
    let drug = SHORTENED_BEFORE_NAMES.contains(&word.as_str())
        && before.is_none_or(|of| matches!(of, ',' | ':' | ';' | '+' | '\n' | '\t'));
    // "paternal uncle d. DLBCL": died of it.
    let died = word == "d" && begin.checked_sub(1).is_some_and(|at| stream.at(at) == ' ');
    let abbreviation = abbreviation || month || response || drug || died;
    !abbreviation && (!goes_on || begins_anew(stream, index, &word))
}
