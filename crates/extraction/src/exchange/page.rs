//! A text as a page with positions, as if it had been read from one.

use cartulary_model::{Line, Page, Quad, SourceDocument};

/// A page with a line for each line of the text, and where each line starts in the text.
pub(crate) fn document(text: &str) -> (SourceDocument, Vec<usize>) {
    const HEIGHT: f32 = 36.0;
    const WIDTH: f32 = 1600.0;
    let rows = 1 + text.bytes().filter(|of| *of == b'\n').count();
    let mut starts = Vec::with_capacity(rows);
    let mut lines = Vec::with_capacity(rows);
    let mut offset = 0;
    for (row, line) in text.split('\n').enumerate() {
        let count = line.chars().count();
        starts.push(offset);
        offset += count + 1;
        let top = row as f32 * HEIGHT;
        // Without positions nothing is known of margins: a line is as wide as its own characters, and those of Chinese
        // are twice as wide as Latin ones.
        let wide = line.chars().filter(|of| is_fullwidth(*of)).count();
        let width = ((count + wide).max(1) as f32 * 12.0).min(WIDTH);
        lines.push(Line {
            text: line.to_owned(),
            quad: Quad::upright(0.0, top, width, top + 24.0),
            confidence: 1.0,
            ..Line::default()
        });
    }
    let page = Page { number: 1, width: 1654, height: 2339, lines, ..Page::default() };
    let source = SourceDocument {
        id: "text".into(),
        name: String::new(),
        media_type: String::new(),
        sha256: String::new(),
        pages: vec![page],
        unread: vec![],
    };
    (source, starts)
}

/// Han, and the marks and forms that are printed as wide as Han.
fn is_fullwidth(of: char) -> bool {
    crate::stream::is_han(of) || matches!(of, '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff60}')
}
