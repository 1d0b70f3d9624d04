//! Looking for words next to a hit, on the stream's own characters: nothing is copied.
//!
//! ## References
//! English stems (`involv`, `infiltrat`) stand for their endings; a Latin word begins at a word boundary.

use crate::{
    sheet::Sheet,
    stream::{BREAK, CELL, Span, Stream},
    vocabulary::finding::ASIDES,
    words::{List, Place},
};

/// Whether the word stands at exactly this place.
pub(super) fn stands_at(stream: &Stream, at: usize, word: &str) -> bool {
    let same = stream.reads(at, word);
    // `8cm`: a digit may stand directly before a word, a letter may not.
    let latin = word.starts_with(|of: char| of.is_ascii_alphabetic());
    same && !(latin && at > 0 && stream.lower.get(at - 1).is_some_and(char::is_ascii_alphabetic))
}

/// Whether one of the words stands at exactly this place.
pub(super) fn stands_at_any(stream: &Stream, at: usize, words: &List) -> bool {
    stream.reads_any(at, words) && may_begin(stream, at)
}

/// Whether a word may begin at a place: a Latin word does not begin inside another.
fn may_begin(stream: &Stream, at: usize) -> bool {
    let letter = |at: usize| stream.lower.get(at).is_some_and(char::is_ascii_alphabetic);
    !(at > 0 && letter(at) && letter(at - 1))
}

/// The first of the words inside a span; of several at one place the longest.
pub(super) fn find(sheet: &Sheet<'_>, span: Span, words: &List) -> Option<Span> {
    let mut found: Option<Span> = None;
    for place in sheet.stream.words_in(sheet.within(span), words) {
        if found.is_some_and(|of| of.start < place.start()) {
            break;
        }
        if may_begin(&sheet.stream, place.start()) {
            found = Some(place.span());
        }
    }
    found
}

/// The last of the words inside a span; of several at one place the longest.
pub(super) fn find_last(sheet: &Sheet<'_>, span: Span, words: &List) -> Option<Span> {
    let mut places = sheet.stream.words_in(sheet.within(span), words).rev();
    places.find(|of| may_begin(&sheet.stream, of.start())).map(Place::span)
}

/// Whether one of the words stands in a span.
pub(super) fn has(sheet: &Sheet<'_>, span: Span, words: &List) -> bool {
    sheet.stream.words_in(sheet.within(span), words).any(|of| may_begin(&sheet.stream, of.start()))
}

/// Whether one of the words begins at a place, spaces skipped.
pub(super) fn follows(sheet: &Sheet<'_>, at: usize, words: &List) -> bool {
    let at = skip_spaces(&sheet.stream, at);
    sheet.stream.reads_any(at, words) && may_begin(&sheet.stream, at)
}

/// Whether one of the words ends directly before a place, spaces skipped.
pub(super) fn precedes(sheet: &Sheet<'_>, at: usize, words: &List) -> bool {
    let mut end = at;
    while end > 0 && sheet.stream.at(end - 1) == ' ' {
        end -= 1;
    }
    sheet.stream.words_ending(end, words).any(|of| may_begin(&sheet.stream, of.start()))
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
