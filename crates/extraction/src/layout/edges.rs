//! Where something begins from left to right on its page, in the text's own upright frame.

use super::rows::{self, Cell};
use crate::stream::{Stream, is_han};
use cartulary_model::{Line, SourceDocument};
use std::collections::BTreeMap;

/// The left edges of a document's lines; a page is turned upright when it is first asked for.
pub(crate) struct Edges<'a> {
    source: &'a SourceDocument,
    pages: BTreeMap<u32, Vec<Cell>>,
}

impl<'a> Edges<'a> {
    pub(crate) fn new(source: &'a SourceDocument) -> Self {
        Self { source, pages: BTreeMap::new() }
    }

    /// Where the character at a place of the stream begins, in heights of its line.
    pub(crate) fn left(&mut self, stream: &Stream, at: usize) -> Option<f32> {
        let origin = stream.origins.get(at)?;
        let place = stream.lines.get(origin.line as usize)?;
        let page = self.source.pages.get(place.page as usize)?;
        let line = page.lines.get(place.line as usize)?;
        let cells = self.pages.entry(place.page).or_insert_with(|| rows::upright(page));
        let cell = cells.get(place.line as usize)?;
        Some((cell.left + share(line, origin.at as usize) * (cell.right - cell.left)) / cell.height)
    }
}

/// Which part of a line lies before one of its characters.
pub(crate) fn share(line: &Line, at: usize) -> f32 {
    match line.char_edges.get(at) {
        Some(edge) => *edge,
        None => columns(&line.text, at) / columns(&line.text, usize::MAX).max(1.0),
    }
}

/// How many columns of type the first characters of a text take: a Chinese one takes two.
pub(crate) fn columns(text: &str, most: usize) -> f32 {
    let wide = |of: char| is_han(of) || matches!(of, '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff60}');
    text.chars().take(most).map(|of| if wide(of) { 2.0 } else { 1.0 }).sum()
}
