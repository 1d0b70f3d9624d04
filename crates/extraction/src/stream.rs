//! The normalised view of a document: one stream of characters, each of which knows where it was read.
//!
//! The stored text is never changed. The stream folds what means the same (full-width and half-width, Roman
//! numeral signs, micro signs, dashes), drops spaces inside Chinese text, joins wrapped lines, and keeps for every
//! character the line and the character it came from, so that any span maps back to the paper.

mod fields;
mod normalise;
mod signs;

use crate::{
    repair::Edit,
    words::{Found, List, Numbered, Place, Places},
};
use cartulary_model::{ConceptId, Evidence, SourceDocument, fact::EvidenceRole};
use normalise::{is_plain, normalise, plain};
use std::{cell::OnceCell, sync::Arc};

/// Between the cells of a table row.
pub(crate) const CELL: char = '\t';
/// Between rows and paragraphs.
pub(crate) const BREAK: char = '\n';

/// Where a character of the stream was read: which line of the document, which character of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Index into [`Stream::lines`].
    pub(crate) line: u32,
    /// Character of the line's text.
    pub(crate) at: u32,
    /// Byte of the line's text.
    pub(crate) byte: u32,
}

/// A line's place in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LinePlace {
    /// Index into the document's pages.
    pub(crate) page: u32,
    /// Index into the page's lines.
    pub(crate) line: u32,
    /// How many characters the line has.
    pub(crate) chars: u32,
}

impl LinePlace {
    /// The line of a page.
    pub(crate) fn new(page: u32, line: u32) -> Self {
        Self { page, line, chars: 0 }
    }
}

/// A span of the stream, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The number of characters.
    pub(crate) fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start >= self.end
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    pub(crate) fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One document as a stream of normalised characters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stream {
    /// Normalised, case kept.
    pub(crate) chars: Vec<char>,
    /// Normalised and lower-cased, as long as `chars`.
    pub(crate) lower: Vec<char>,
    /// Where each character was read.
    pub(crate) origins: Vec<Origin>,
    /// The lines that origins point to; shared by the parts of a long stream.
    pub(crate) lines: Arc<Vec<LinePlace>>,
    /// Where damaged words were set right, in order.
    pub(crate) repaired: Vec<Span>,
    /// `lower` as text, made when first asked for.
    lowered: OnceCell<Lowered>,
    /// Where the words of the lists stand in `lower`, sought when first asked for.
    places: OnceCell<Places>,
    /// Where signs stand, sought when first asked for.
    signs: OnceCell<Vec<u32>>,
}

/// The lower-cased stream as one text, and where each character begins in it.
#[derive(Clone, Debug, Default)]
struct Lowered {
    text: String,
    bytes: Vec<u32>,
}

impl Lowered {
    fn of(lower: &[char]) -> Self {
        if lower.iter().all(char::is_ascii) {
            let text = lower.iter().map(|of| *of as u8).collect();
            let ends = u32::try_from(lower.len()).unwrap_or(u32::MAX);
            return Self { text: String::from_utf8(text).unwrap_or_default(), bytes: (0..=ends).collect() };
        }
        let mut text = String::with_capacity(lower.len() * 2);
        let mut bytes = Vec::with_capacity(lower.len() + 1);
        for of in lower {
            bytes.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            text.push(*of);
        }
        bytes.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        Self { text, bytes }
    }
}

impl Stream {
    /// Appends a line's normalised characters.
    pub(crate) fn push_line(&mut self, place: LinePlace, text: &str) {
        let line = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        Arc::make_mut(&mut self.lines).push(place);
        if is_plain(text) {
            for (piece, at) in plain(text) {
                self.push_plain(piece, line, at);
            }
            if let Some(place) = Arc::make_mut(&mut self.lines).last_mut() {
                place.chars = u32::try_from(text.len()).unwrap_or(u32::MAX);
            }
            return;
        }
        let folded = normalise(text);
        self.chars.extend(folded.iter().map(|(of, _)| *of));
        self.lower.extend(folded.iter().map(|(of, _)| lowered(*of)));
        self.origins.reserve(folded.len());
        // Folding goes forward, so the byte of a character is found by walking on from the last.
        let mut walk = text.char_indices().map(|(byte, _)| byte);
        let (mut walked, mut byte) = (0u32, walk.next().unwrap_or(0));
        for (_, at) in folded {
            while walked < at {
                byte = walk.next().unwrap_or(text.len());
                walked += 1;
            }
            self.origins.push(Origin { line, at, byte: u32::try_from(byte).unwrap_or(u32::MAX) });
        }
        if let Some(place) = Arc::make_mut(&mut self.lines).last_mut() {
            place.chars =
                walked + u32::try_from(walk.count()).unwrap_or(u32::MAX) + u32::from(!text.is_empty());
        }
    }

    /// Appends a separator that belongs to the end of the last line.
    pub(crate) fn push_separator(&mut self, separator: char) {
        if let Some(last) = self.origins.last().copied() {
            self.push(separator, last);
        }
    }

    /// The stream with pieces read as others; every new character keeps an origin inside its piece, the first and
    /// the last those of the piece's ends, so that a quote holds the whole piece as printed.
    pub(crate) fn edited(self, edits: &[Edit]) -> Self {
        let mut into = Self { lines: self.lines, ..Self::default() };
        into.reserve(self.chars.len() + edits.iter().map(|edit| edit.into.len()).sum::<usize>());
        let mut at = 0;
        for edit in edits {
            let Span { start, end } = edit.span;
            into.chars.extend_from_slice(&self.chars[at..start]);
            into.lower.extend_from_slice(&self.lower[at..start]);
            into.origins.extend_from_slice(&self.origins[at..start]);
            let begin = into.len();
            for (index, of) in edit.into.iter().enumerate() {
                let place = start + spread(index, edit.into.len(), end - start);
                into.push(*of, self.origins[place]);
            }
            if edit.repaired {
                into.repaired.push(Span::new(begin, into.len()));
            }
            at = end;
        }
        into.chars.extend_from_slice(&self.chars[at..]);
        into.lower.extend_from_slice(&self.lower[at..]);
        into.origins.extend_from_slice(&self.origins[at..]);
        into
    }

    /// A part of a long stream, as a stream of its own.
    pub(crate) fn part(&self, span: Span) -> Self {
        let inside = |of: &&Span| of.start >= span.start && of.end <= span.end;
        let moved = |of: &Span| Span::new(of.start - span.start, of.end - span.start);
        Self {
            chars: self.chars[span.start..span.end].to_vec(),
            lower: self.lower[span.start..span.end].to_vec(),
            origins: self.origins[span.start..span.end].to_vec(),
            lines: Arc::clone(&self.lines),
            repaired: self.repaired.iter().filter(inside).map(moved).collect(),
            lowered: OnceCell::new(),
            places: OnceCell::new(),
            signs: OnceCell::new(),
        }
    }

    /// Appends a piece of ASCII as it stands, read from `at` on.
    fn push_plain(&mut self, piece: &str, line: u32, at: u32) {
        self.chars.extend(piece.bytes().map(char::from));
        self.lower.extend(piece.bytes().map(|of| char::from(of.to_ascii_lowercase())));
        let end = at + u32::try_from(piece.len()).unwrap_or(u32::MAX);
        self.origins.extend((at..end).map(|at| Origin { line, at, byte: at }));
    }

    /// Makes room for what is to come, so that it need not be moved while it grows.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.chars.reserve(more);
        self.lower.reserve(more);
        self.origins.reserve(more);
    }

    fn push(&mut self, folded: char, origin: Origin) {
        debug_assert!(self.lowered.get().is_none(), "the text was asked for before the stream was whole");
        debug_assert!(self.places.get().is_none(), "words were asked for before the stream was whole");
        self.chars.push(folded);
        self.lower.push(lowered(folded));
        self.origins.push(origin);
    }

    /// The number of characters.
    pub(crate) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character at a place, or a break outside the stream.
    pub(crate) fn at(&self, index: usize) -> char {
        self.chars.get(index).copied().unwrap_or(BREAK)
    }

    /// Whether this lower-case word stands at exactly `at`; nothing is allocated.
    pub(crate) fn reads(&self, at: usize, word: &str) -> bool {
        // Most words differ in their first sign; where that is a letter of ASCII it need not be decoded.
        let first = word.as_bytes().first().copied().unwrap_or(0);
        if first.is_ascii() && first != 0 && self.lower.get(at) != Some(&char::from(first)) {
            return false;
        }
        let mut index = at;
        word.chars().all(|of| {
            let same = self.lower.get(index) == Some(&of);
            index += 1;
            same
        })
    }

    /// Whether a span is exactly this lower-case word.
    pub(crate) fn is_word(&self, span: Span, word: &str) -> bool {
        self.lower[span.start..span.end].iter().copied().eq(word.chars())
    }

    /// Whether this lower-case word stands anywhere in a span.
    pub(crate) fn holds(&self, span: Span, word: &str) -> bool {
        let length = word.chars().count();
        (span.start..=span.end.saturating_sub(length))
            .any(|at| at + length <= span.end && self.reads(at, word))
    }

    /// Where this lower-case word begins when it ends at exactly `end`; nothing is allocated.
    pub(crate) fn reads_back(&self, end: usize, word: &str) -> Option<usize> {
        let mut index = end;
        for of in word.chars().rev() {
            index = index.checked_sub(1)?;
            if self.lower.get(index) != Some(&of) {
                return None;
            }
        }
        Some(index)
    }

    /// Whether blanks that folding dropped stood before this character on the paper, or its row begins here.
    pub(crate) fn was_parted(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|of| self.origins.get(of)) else { return true };
        self.origins.get(at).is_some_and(|of| of.line != before.line || of.at > before.at + 1)
    }

    /// Whether the blank here stands for several on the paper: columns of a sheet are parted so.
    pub(crate) fn has_gap(&self, at: usize) -> bool {
        self.gap(at) > 1
    }

    /// For how many blanks on the paper the blank here stands.
    pub(crate) fn gap(&self, at: usize) -> u32 {
        let (Some(blank), Some(next)) = (self.origins.get(at), self.origins.get(at + 1)) else {
            return 0;
        };
        if self.at(at) == ' ' && blank.line == next.line { next.at.saturating_sub(blank.at) } else { 0 }
    }

    /// Whether folding dropped several blanks before this character: columns of a Chinese sheet are parted so.
    pub(crate) fn is_far_behind(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|of| self.origins.get(of));
        let both = before.zip(self.origins.get(at));
        both.is_some_and(|(before, own)| before.line == own.line && own.at > before.at + 2)
    }

    /// Whether one of the words stands at exactly `at`.
    pub(crate) fn reads_any(&self, at: usize, list: &impl Numbered) -> bool {
        self.words_at(at, list).next().is_some()
    }

    /// Whether one of the words ends at exactly `end`.
    pub(crate) fn reads_back_any(&self, end: usize, list: &List) -> bool {
        self.words_ending(end, list).next().is_some()
    }

    /// The words of a list that stand at exactly `at`, shorter ones first.
    pub(crate) fn words_at(&self, at: usize, list: &impl Numbered) -> Found<'_> {
        self.words_beginning(Span::new(at, at + 1), list)
    }

    /// The words of a list that begin inside a span, by place, shorter ones first.
    pub(crate) fn words_beginning(&self, span: Span, list: &impl Numbered) -> Found<'_> {
        self.places().beginning(&self.lower, list.number(), span)
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::of(&self.lower))
    }

    /// The words of a list that stand inside a span.
    pub(crate) fn words_in(
        &self,
        span: Span,
        list: &impl Numbered,
    ) -> impl DoubleEndedIterator<Item = Place> {
        self.words_beginning(span, list).filter(move |of| of.end() <= span.end)
    }

    /// The words of a list that end at exactly `end`, longer ones first.
    pub(crate) fn words_ending(&self, end: usize, list: &impl Numbered) -> impl Iterator<Item = Place> {
        self.places().ending(&self.lower, list.number(), end)
    }

    /// Where each word of a list first begins inside a span, in the order of the list.
    pub(crate) fn first_of_each(&self, span: Span, list: &impl Numbered) -> Vec<Place> {
        one_of_each(self.words_beginning(span, list))
    }

    /// Where each word of a list first stands inside a span, in the order of the list.
    pub(crate) fn first_inside(&self, span: Span, list: &impl Numbered) -> Vec<Place> {
        one_of_each(self.words_in(span, list))
    }

    /// Where each word of a list last stands inside a span, in the order of the list.
    pub(crate) fn last_inside(&self, span: Span, list: &impl Numbered) -> Vec<Place> {
        one_of_each(self.words_in(span, list).rev())
    }

    /// Of the words of a list that stand at exactly `at`, the first of the list.
    pub(crate) fn first_word_at(&self, at: usize, list: &impl Numbered) -> Option<Place> {
        self.words_at(at, list).min_by_key(|of| of.word())
    }

    /// Where a piece of `lower` stands: a slice of it is found by its address, and any other is nowhere.
    pub(crate) fn place_of(&self, piece: &[char]) -> Option<Span> {
        let apart = piece.as_ptr().addr().checked_sub(self.lower.as_ptr().addr())?;
        let start = apart / size_of::<char>();
        (start + piece.len() <= self.lower.len()).then(|| Span::new(start, start + piece.len()))
    }

    /// Where a piece of [`Stream::lower_text`] stands: found by its address, as by [`Stream::place_of`].
    pub(crate) fn place_of_text(&self, piece: &str) -> Option<Span> {
        let Lowered { text, bytes } = self.as_lowered();
        let byte = piece.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        let end = byte + piece.len();
        // Where nothing but ASCII stands, characters are bytes.
        let plain = text.len() == self.lower.len();
        let char_at =
            |byte: usize| if plain { byte } else { bytes.partition_point(|of| (*of as usize) < byte) };
        (end <= text.len()).then(|| Span::new(char_at(byte), char_at(end)))
    }

    /// Whether one of the words stands in a text, which is a piece of [`Stream::lower_text`].
    pub(crate) fn text_has(&self, text: &str, list: &List) -> bool {
        match self.place_of_text(text) {
            Some(span) => self.words_in(span, list).next().is_some(),
            None => list.iter().any(|word| text.contains(word)),
        }
    }

    /// Whether a text, which is a piece of [`Stream::lower_text`], begins with one of the words.
    pub(crate) fn text_begins(&self, text: &str, list: &List) -> bool {
        match self.place_of_text(text) {
            Some(span) => self.words_at(span.start, list).any(|of| of.end() <= span.end),
            None => list.iter().any(|word| text.starts_with(word)),
        }
    }

    /// Whether a text, which is a piece of [`Stream::lower_text`], ends with one of the words.
    pub(crate) fn text_ends(&self, text: &str, list: &List) -> bool {
        match self.place_of_text(text) {
            Some(span) => self.words_ending(span.end, list).any(|of| of.start() >= span.start),
            None => list.iter().any(|word| text.ends_with(word)),
        }
    }

    /// Keeps the places of the words that a walk over the stream has met.
    pub(crate) fn keep_places(&self, places: Places) {
        self.places.get_or_init(|| places);
    }

    /// The lower-cased text of a span.
    pub(crate) fn lower_text(&self, span: Span) -> &str {
        let Lowered { text, bytes } = self.as_lowered();
        &text[bytes[span.start] as usize..bytes[span.end] as usize]
    }

    /// Whether a span reads exactly so, its case kept.
    pub(crate) fn is_written(&self, span: Span, text: &str) -> bool {
        self.chars[span.start..span.end].iter().copied().eq(text.chars())
    }

    fn as_lowered(&self) -> &Lowered {
        self.lowered.get_or_init(|| Lowered::of(&self.lower))
    }

    /// The text of a span.
    pub(crate) fn text(&self, span: Span) -> String {
        self.chars[span.start..span.end].iter().collect()
    }

    /// The span without spaces and separators at its ends.
    pub(crate) fn trimmed(&self, mut span: Span) -> Span {
        let blank = |of: char| of.is_whitespace();
        while span.start < span.end && blank(self.at(span.start)) {
            span.start += 1;
        }
        while span.end > span.start && blank(self.at(span.end - 1)) {
            span.end -= 1;
        }
        span
    }

    /// Whether two places were read from one line.
    pub(crate) fn is_same_line(&self, a: usize, b: usize) -> bool {
        let line = |at: usize| self.origins.get(at).map(|of| of.line);
        line(a) == line(b)
    }

    /// The places a span was read from: one piece of evidence for each line it touches.
    pub(crate) fn evidence<'a>(
        &'a self,
        document: &'a SourceDocument,
        span: Span,
        role: EvidenceRole,
    ) -> impl Iterator<Item = Evidence> + 'a {
        let span = self.trimmed(span);
        let mut rest = self.origins.get(span.start..span.end).unwrap_or_default();
        let mut at = span.start;
        let is_read = move |at: &usize| !matches!(self.at(*at), BREAK | CELL);
        std::iter::from_fn(move || {
            // Lines follow one another in the stream, and the characters of each go forward.
            let start = (at..span.end).find(is_read)?;
            rest = &rest[start - at..];
            let line = rest.first()?.line;
            let length = rest.iter().take_while(|of| of.line == line).count();
            let last = (start..start + length).rev().find(is_read)?;
            let piece = Piece { first: rest[0], last: rest[last - start] };
            (at, rest) = (start + length, &rest[length..]);
            Some(piece)
        })
        .filter_map(move |piece| self.quoted(document, piece, role))
    }

    fn quoted(&self, document: &SourceDocument, piece: Piece, role: EvidenceRole) -> Option<Evidence> {
        let place = self.lines.get(piece.first.line as usize)?;
        let page = document.pages.get(place.page as usize)?;
        let source = page.lines.get(place.line as usize)?;
        let rest = source.text.get(piece.last.byte as usize..)?;
        let end = piece.last.byte as usize + rest.chars().next().map_or(0, char::len_utf8);
        let span = (piece.first.at, piece.last.at + 1);
        Some(Evidence {
            role,
            document: document.id.clone(),
            page: page.number,
            line: place.line,
            span,
            quote: source.text.get(piece.first.byte as usize..end)?.to_owned(),
            quads: vec![source.quad_of_share(span, place.chars as usize)],
        })
    }
}

/// The first place of each word, in the order of the list.
fn one_of_each(places: impl Iterator<Item = Place>) -> Vec<Place> {
    let mut first: Vec<Place> = Vec::new();
    for place in places {
        if !first.iter().any(|of| of.word() == place.word()) {
            first.push(place);
        }
    }
    first.sort_by_key(|of| of.word());
    first
}

/// The characters of one line that a span touches, from the first to the last.
#[derive(Clone, Copy)]
struct Piece {
    first: Origin,
    last: Origin,
}

/// Which of `from` characters the character `index` of `into` stands for: first for first, last for last.
fn spread(index: usize, into: usize, from: usize) -> usize {
    if into <= 1 { 0 } else { index * (from - 1) / (into - 1) }
}

/// A hit of the lexicon in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) span: Span,
    pub(crate) concept: ConceptId,
}

fn lowered(of: char) -> char {
    if of.is_ascii() {
        return of.to_ascii_lowercase();
    }
    if is_han(of) {
        return of;
    }
    let mut lower = of.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) => single,
        _ => of,
    }
}

/// As `char::is_alphanumeric`, without a search in its tables for most characters.
pub(crate) fn is_alphanumeric(of: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&of) || of.is_alphanumeric()
}

/// Whether a character is Han.
pub(crate) fn is_han(of: char) -> bool {
    matches!(of, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '〇')
}

#[cfg(test)]
mod tests;
