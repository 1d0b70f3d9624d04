//! The normalised view of a document: one stream of characters, each of which knows where it was read.
//!
//! The stored text is never changed. The stream folds what means the same (full-width and half-width, Roman
//! numeral signs, micro signs, dashes), drops spaces inside Chinese text, joins wrapped lines, and keeps for every
//! character the line and the character it came from, so that any span maps back to the paper.

use cartulary_model::{ConceptId, Evidence, SourceDocument, fact::EvidenceRole};

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
}

/// A line's place in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LinePlace {
    /// Index into the document's pages.
    pub(crate) page: u32,
    /// Index into the page's lines.
    pub(crate) line: u32,
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
    /// The lines that origins point to.
    pub(crate) lines: Vec<LinePlace>,
}

impl Stream {
    /// Appends a line's normalised characters.
    pub(crate) fn push_line(&mut self, place: LinePlace, text: &str) {
        let line = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        self.lines.push(place);
        let normalised = normalise(text);
        for (folded, at) in normalised {
            self.push(folded, Origin { line, at });
        }
    }

    /// Appends a separator that belongs to the end of the last line.
    pub(crate) fn push_separator(&mut self, separator: char) {
        if let Some(last) = self.origins.last().copied() {
            self.push(separator, last);
        }
    }

    fn push(&mut self, folded: char, origin: Origin) {
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

    /// The lower-cased text of a span.
    pub(crate) fn lower_text(&self, span: Span) -> String {
        self.lower[span.start..span.end].iter().collect()
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

    /// The places a span was read from: one piece of evidence for each line it touches.
    pub(crate) fn evidence(
        &self,
        document: &SourceDocument,
        span: Span,
        role: EvidenceRole,
    ) -> Vec<Evidence> {
        let span = self.trimmed(span);
        let mut pieces: Vec<(u32, u32, u32)> = Vec::new();
        for index in span.start..span.end {
            if matches!(self.at(index), BREAK | CELL) {
                continue;
            }
            let Origin { line, at } = self.origins[index];
            match pieces.last_mut() {
                Some((of, start, end)) if *of == line => {
                    *start = (*start).min(at);
                    *end = (*end).max(at + 1);
                }
                _ => pieces.push((line, at, at + 1)),
            }
        }
        pieces.into_iter().filter_map(|piece| self.piece(document, piece, role)).collect()
    }

    fn piece(
        &self,
        document: &SourceDocument,
        (line, start, end): (u32, u32, u32),
        role: EvidenceRole,
    ) -> Option<Evidence> {
        let place = self.lines.get(line as usize)?;
        let page = document.pages.get(place.page as usize)?;
        let source = page.lines.get(place.line as usize)?;
        let quote: String = source.text.chars().skip(start as usize).take((end - start) as usize).collect();
        Some(Evidence {
            role,
            document: document.id.clone(),
            page: page.number,
            line: place.line,
            span: (start, end),
            quote,
            quads: vec![source.quad_of(start as usize, end as usize)],
        })
    }
}

/// A hit of the lexicon in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) span: Span,
    pub(crate) concept: ConceptId,
}

fn lowered(of: char) -> char {
    let mut lower = of.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) => single,
        _ => of,
    }
}

/// Whether a character is Han.
pub(crate) fn is_han(of: char) -> bool {
    matches!(of, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '〇')
}

fn is_cjk(of: char) -> bool {
    is_han(of) || matches!(of, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff65}')
}

fn last_sign(before: &[char]) -> Option<char> {
    before.iter().rev().copied().find(|of| !of.is_whitespace())
}

/// Folds a line's characters; each keeps the index of the character it came from.
fn normalise(text: &str) -> Vec<(char, u32)> {
    let source: Vec<char> = text.chars().collect();
    let mut folded: Vec<(char, u32)> = Vec::with_capacity(source.len());
    for (index, &of) in source.iter().enumerate() {
        let at = u32::try_from(index).unwrap_or(u32::MAX);
        if of.is_whitespace() {
            let before = folded.last().map(|(last, _)| *last);
            let after = source[index + 1..].iter().copied().find(|next| !next.is_whitespace());
            let inside_chinese = last_sign(&source[..index]).is_some_and(is_cjk) && after.is_some_and(is_cjk);
            if before.is_some_and(|last| last != ' ') && !inside_chinese && after.is_some() {
                folded.push((' ', at));
            }
            continue;
        }
        fold(of, folded.last().map(|(last, _)| *last), &mut |into| folded.push((into, at)));
    }
    folded
}

/// Folds one character; one sign may become several (`Ⅳ` -> `IV`, `⁹` after a digit -> `^9`).
fn fold(of: char, before: Option<char>, push: &mut impl FnMut(char)) {
    match of {
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => {
            if before.is_some_and(|last| last.is_ascii_digit()) {
                push('^');
            }
            push(superscript_digit(of));
        }
        // A circled number counts items; what follows begins a word.
        '①'..='⑨' => {
            push(char::from_digit(of as u32 - '①' as u32 + 1, 10).unwrap_or(of));
            push(')');
        }
        '，' => push(','),
        '；' => push(';'),
        '：' | '∶' | '﹕' => push(':'),
        '【' | '〔' | '［' => push('['),
        '】' | '〕' | '］' => push(']'),
        '－' | '—' | '–' | '−' | '‐' | '‑' | '―' | '﹣' => push('-'),
        '～' | '〜' | '∼' | '˜' => push('~'),
        '×' | '✕' | '╳' | '＊' | '*' => push(if of == '*' || of == '＊' { '*' } else { 'x' }),
        'μ' | 'µ' => push('u'),
        '≧' | '⩾' => push('≥'),
        '≦' | '⩽' => push('≤'),
        '⬆' | '🠕' | '⇧' | '▲' => push('↑'),
        '⬇' | '🠗' | '⇩' | '▼' => push('↓'),
        '’' | '‘' | '＇' => push('\''),
        '“' | '”' | '＂' => push('"'),
        '〇' => push('0'),
        '。' | '、' => push(of),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
        _ => compatibility(of, push),
    }
}

fn superscript_digit(of: char) -> char {
    match of {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        _ => char::from_digit(of as u32 - '⁰' as u32, 10).unwrap_or(of),
    }
}

fn compatibility(of: char, push: &mut impl FnMut(char)) {
    use unicode_normalization::UnicodeNormalization;
    if of.is_ascii() || is_han(of) {
        push(of);
        return;
    }
    for into in std::iter::once(of).nfkc() {
        push(if into == 'μ' { 'u' } else { into });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::{Line, Page};
    use proptest::prelude::*;

    fn folded(text: &str) -> String {
        normalise(text).into_iter().map(|(of, _)| of).collect()
    }

    fn document(text: &str) -> SourceDocument {
        SourceDocument {
            id: "d".into(),
            name: String::new(),
            media_type: String::new(),
            sha256: String::new(),
            pages: vec![Page {
                number: 1,
                lines: vec![Line { text: text.to_owned(), ..Line::default() }],
                ..Page::default()
            }],
            unread: vec![],
        }
    }

    #[test]
    fn what_means_the_same_is_folded() {
        assert_eq!(folded("Ｋｉ－６７（约８０％＋）"), "Ki-67(约80%+)");
        assert_eq!(folded("ⅣB期"), "IVB期");
        assert_eq!(folded("45×10⁹/L"), "45x10^9/L");
        assert_eq!(folded("淋 巴  瘤 CD20 阳性"), "淋巴瘤 CD20 阳性");
        assert_eq!(folded("57 μmol/L"), "57 umol/L");
    }

    proptest! {
        #[test]
        fn a_span_of_the_stream_quotes_the_paper(text in "[ -~淋巴瘤（）０-９Ⅰ-Ⅳ⁹，。μ℃㎡\u{200b}]{1,40}", a in 0usize..40, b in 0usize..40) {
            let document = document(&text);
            let mut stream = Stream::default();
            stream.push_line(LinePlace { page: 0, line: 0 }, &text);
            prop_assert_eq!(stream.chars.len(), stream.lower.len());
            prop_assert_eq!(stream.chars.len(), stream.origins.len());
            let (start, end) = (a.min(b).min(stream.len()), a.max(b).min(stream.len()));
            for piece in stream.evidence(&document, Span::new(start, end), EvidenceRole::Value) {
                let quoted: String = text.chars().skip(piece.span.0 as usize)
                    .take((piece.span.1 - piece.span.0) as usize).collect();
                prop_assert_eq!(&quoted, &piece.quote);
                // There and back: the quote folds to something that holds the trimmed span's characters.
                let inside = stream.text(stream.trimmed(Span::new(start, end)));
                prop_assert!(folded(&quoted).contains(inside.trim()) || inside.contains(' ') || inside.contains('^'));
            }
        }
    }
}
