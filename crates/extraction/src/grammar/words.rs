//! Looking for words next to a hit, on the stream's own characters: nothing is copied.
//!
//! ## References
//! English stems (`involv`, `infiltrat`) stand for their endings; a Latin word begins at a word boundary.

use crate::{
    sheet::Sheet,
    stream::{BREAK, CELL, Span, Stream},
    vocabulary::finding::ASIDES,
};

/// Whether the word stands at exactly this place.
pub(super) fn stands_at(stream: &Stream, at: usize, word: &str) -> bool {
    let same = stream.reads(at, word);
    // `8cm`: a digit may stand directly before a word, a letter may not.
    let latin = word.starts_with(|of: char| of.is_ascii_alphabetic());
    same && !(latin && at > 0 && stream.lower.get(at - 1).is_some_and(char::is_ascii_alphabetic))
}

/// Whether the word ends at exactly this place.
fn stands_before(stream: &Stream, end: usize, word: &str) -> bool {
    let latin = word.starts_with(|of: char| of.is_ascii_alphabetic());
    stream.reads_back(end, word).is_some_and(|start| {
        !(latin && start > 0 && stream.lower.get(start - 1).is_some_and(char::is_ascii_alphabetic))
    })
}

/// The first characters of some words, as a small set: most places of a text begin none of them.
pub(super) struct Firsts([u64; 4]);

impl Firsts {
    pub(super) fn new(words: &[&str]) -> Self {
        let mut bits = [0; 4];
        for first in words.iter().filter_map(|word| word.chars().next()) {
            let bit = Self::bit(first);
            bits[bit / 64] |= 1 << (bit % 64);
        }
        Self(bits)
    }

    pub(super) fn may_begin(&self, of: char) -> bool {
        let bit = Self::bit(of);
        self.0[bit / 64] & (1 << (bit % 64)) != 0
    }

    /// Whether one of the words may stand at a place: inside a Latin word none does.
    fn may_stand(&self, stream: &Stream, at: usize) -> bool {
        let of = stream.lower[at];
        let inside = of.is_ascii_alphabetic() && at > 0 && stream.lower[at - 1].is_ascii_alphabetic();
        !inside && self.may_begin(of)
    }

    fn bit(of: char) -> usize {
        ((of as u32).wrapping_mul(0x9E37_79B1) >> 24) as usize
    }
}

/// The first of the words inside a span; of several at one place the longest.
pub(super) fn find(sheet: &Sheet<'_>, span: Span, words: &[&str]) -> Option<Span> {
    let span = sheet.within(span);
    let firsts = Firsts::new(words);
    (span.start..span.end)
        .filter(|at| firsts.may_stand(&sheet.stream, *at))
        .find_map(|at| at_place(&sheet.stream, at, span.end, words))
}

fn at_place(stream: &Stream, at: usize, end: usize, words: &[&str]) -> Option<Span> {
    words
        .iter()
        .filter(|word| stands_at(stream, at, word))
        .map(|word| Span::new(at, at + word.chars().count()))
        .filter(|span| span.end <= end)
        .max_by_key(|span| span.end)
}

/// The last of the words inside a span.
pub(super) fn find_last(sheet: &Sheet<'_>, span: Span, words: &[&str]) -> Option<Span> {
    let span = sheet.within(span);
    let firsts = Firsts::new(words);
    (span.start..span.end)
        .rev()
        .filter(|at| firsts.may_stand(&sheet.stream, *at))
        .find_map(|at| at_place(&sheet.stream, at, span.end, words))
}

/// Whether one of the words stands in a span.
pub(super) fn has(sheet: &Sheet<'_>, span: Span, words: &[&str]) -> bool {
    find(sheet, span, words).is_some()
}

/// Whether one of the words begins at a place, spaces skipped.
pub(super) fn follows(sheet: &Sheet<'_>, at: usize, words: &[&str]) -> bool {
    let at = skip_spaces(&sheet.stream, at);
    words.iter().any(|word| stands_at(&sheet.stream, at, word))
}

/// Whether one of the words ends directly before a place, spaces skipped.
pub(super) fn precedes(sheet: &Sheet<'_>, at: usize, words: &[&str]) -> bool {
    let mut end = at;
    while end > 0 && sheet.stream.at(end - 1) == ' ' {
        end -= 1;
    }
    words.iter().any(|word| stands_before(&sheet.stream, end, word))
}

pub(super) fn skip_spaces(stream: &Stream, mut at: usize) -> usize {
    while stream.at(at) == ' ' {
        at += 1;
    }
    at
}

/// Where a clause ends: at a comma, semicolon, stop or table cell outside brackets.
pub(super) fn ends_clause(of: char) -> bool {
    matches!(of, ',' | ';' | '。' | BREAK | CELL)
}

/// From a place to the end of its clause; what stands in brackets belongs to the clause.
pub(super) fn clause_end(sheet: &Sheet<'_>, from: usize) -> usize {
    let limit = sheet.sentence(from.saturating_sub(1)).end.min(from + 160).max(from);
    let mut depth = 0i32;
    let mut aside = from;
    for at in from..limit {
        match sheet.stream.at(at) {
            '(' => depth += 1,
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            ',' if depth == 0 && at < aside => {}
            ',' if depth == 0 => match aside_end(sheet, at) {
                Some(end) => aside = end,
                None => return at,
            },
            of if depth == 0 && ends_clause(of) => return at,
            _ => {}
        }
    }
    limit
}

/// "the left testis, however, is involved": the clause goes on behind the second comma.
fn aside_end(sheet: &Sheet<'_>, comma: usize) -> Option<usize> {
    ASIDES.iter().find(|word| sheet.stream.reads(comma, word)).map(|word| comma + word.chars().count())
}

/// From the start of the clause to a place; a bracket that is open at the place starts the clause.
pub(super) fn clause_start(sheet: &Sheet<'_>, to: usize) -> usize {
    let limit = sheet.sentence(to).start.max(to.saturating_sub(160)).min(to);
    let mut depth = 0i32;
    for at in (limit..to).rev() {
        match sheet.stream.at(at) {
            ')' => depth += 1,
            '(' if depth == 0 => return at + 1,
            '(' => depth -= 1,
            of if depth == 0 && (ends_clause(of) || of == ':') => return at + 1,
            _ => {}
        }
    }
    limit
}

/// The words behind a name: to the end of the sentence, or of the paragraph where a colon makes the name a heading.
pub(super) fn report(sheet: &Sheet<'_>, at: usize, most: usize) -> Span {
    let stream = &sheet.stream;
    if stream.at(skip_spaces(stream, at)) != ':' {
        return sheet.after(at, most);
    }
    let limit = stream.len().min(at + most + 40);
    let end = (at..limit)
        .find(|of| {
            matches!(stream.at(*of), BREAK | '。') || (stream.at(*of) == '.' && stream.at(of + 1) == ' ')
        })
        .unwrap_or(limit);
    Span::new(at, end)
}
