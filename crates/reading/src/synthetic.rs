//! Pages for text that has none: mails, plain text, Word files.
//!
//! Evidence needs a place on a page, so such text is laid on sheets of A4 at 200 dpi in a typewriter's grid.

use crate::limits;
use crate::manuscript::{Block, Cell};
use cartulary_model::{Line, Origin, Page, Quad};

pub(crate) const WIDTH: f32 = 1654.0;
pub(crate) const HEIGHT: f32 = 2339.0;
const MARGIN: f32 = 100.0;
const LINE_HEIGHT: f32 = 36.0;
const LATIN_WIDTH: f32 = 12.0;
const HAN_WIDTH: f32 = 24.0;
/// Latin characters beside one another on a sheet.
pub(crate) const COLUMNS: f32 = (WIDTH - 2.0 * MARGIN) / LATIN_WIDTH;

/// Sheets that are written from top to bottom.
pub(crate) struct Sheets {
    pages: Vec<Page>,
    next_line: f32,
    characters: usize,
    full: bool,
}

/// What was laid on sheets, and whether there was more.
pub(crate) struct Laid {
    pub(crate) pages: Vec<Page>,
    pub(crate) cut: bool,
}

/// Lays blocks on as many sheets as are allowed.
pub(crate) fn lay(blocks: &[Block]) -> Laid {
    let mut sheets = Sheets::new();
    for block in blocks {
        match block {
            Block::Paragraph(text) => sheets.paragraph(text),
            Block::Row(cells) => sheets.row(cells),
        }
    }
    Laid { cut: sheets.full, pages: sheets.pages }
}

impl Sheets {
    pub(crate) fn new() -> Self {
        Self { pages: Vec::new(), next_line: MARGIN, characters: 0, full: false }
    }

    /// Writes a paragraph, wrapped; an empty one leaves a line free.
    pub(crate) fn paragraph(&mut self, text: &str) {
        let text = text.trim_end();
        if text.is_empty() {
            self.next_line += LINE_HEIGHT;
            return;
        }
        for piece in wrapped(text, COLUMNS) {
            let indent = piece.len() - piece.trim_start().len();
            let left = MARGIN + width(&piece[..indent]);
            self.write(left, left + width(piece.trim()), piece.trim());
            self.next_line += LINE_HEIGHT;
        }
    }

    /// Writes a table row.
    pub(crate) fn row(&mut self, cells: &[Cell]) {
        let printable = WIDTH - 2.0 * MARGIN;
        let depth = cells.iter().map(|(.., lines)| lines.len()).max().unwrap_or(0);
        // A row is not parted between two sheets, unless it fills half of one.
        let needed = depth as f32 * LINE_HEIGHT;
        if self.next_line + needed > HEIGHT - MARGIN && needed < HEIGHT / 2.0 {
            self.next_line = HEIGHT;
        }
        for line in 0..depth {
            for (left, right, lines) in cells {
                let Some(text) = lines.get(line) else { continue };
                let left = MARGIN + left * printable;
                let border = MARGIN + right * printable - LATIN_WIDTH;
                self.write(left, (left + width(text)).min(border.max(left + 1.0)), text);
            }
            self.next_line += LINE_HEIGHT;
        }
    }

    /// Takes a new sheet when this one is full or there is none.
    fn turn_over(&mut self) {
        let full = self.next_line + LINE_HEIGHT > HEIGHT - MARGIN;
        if full || self.pages.is_empty() {
            self.pages.push(Page {
                number: self.pages.len() as u32 + 1,
                width: WIDTH as u32,
                height: HEIGHT as u32,
                origin: Origin::Text,
                ..Page::default()
            });
        }
        if full {
            self.next_line = MARGIN;
        }
    }

    fn write(&mut self, left: f32, right: f32, text: &str) {
        self.characters += text.chars().count();
        let past_last = self.next_line + LINE_HEIGHT > HEIGHT - MARGIN && self.pages.len() >= limits::PAGES;
        self.full = self.full || past_last || self.characters > limits::TEXT_CHARS;
        if self.full {
            return;
        }
        self.turn_over();
        let top = self.next_line;
        let line = Line {
            text: text.to_owned(),
            quad: Quad::upright(left, top, right, top + LINE_HEIGHT * 0.8),
            confidence: 1.0,
            char_edges: edges(text),
            seen: None,
        };
        if let Some(page) = self.pages.last_mut() {
            page.lines.push(line);
        }
    }
}

fn char_width(c: char) -> f32 {
    // Han, kana, full-width forms: everything from the CJK radicals on.
    if c >= '\u{2e80}' { HAN_WIDTH } else { LATIN_WIDTH }
}

fn width(text: &str) -> f32 {
    text.chars().map(char_width).sum()
}

/// The width of text in Latin characters.
pub(crate) fn columns(text: &str) -> f32 {
    width(text) / LATIN_WIDTH
}

fn edges(text: &str) -> Vec<f32> {
    let whole = width(text).max(1.0);
    let mut edges = vec![0.0];
    let mut at = 0.0;
    for c in text.chars() {
        at += char_width(c);
        edges.push(at / whole);
    }
    edges
}

/// Pieces that fit so many Latin characters: broken after a space where there is one, between Han characters otherwise.
pub(crate) fn wrapped(text: &str, limit: f32) -> Vec<&str> {
    let limit = limit * LATIN_WIDTH;
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(end) = overflow(rest, limit) {
        let head = &rest[..end];
        let at_space = head.rfind(' ').map(|space| space + 1);
        let soft = at_space.filter(|at| *at > end / 2).unwrap_or(end);
        pieces.push(&rest[..soft]);
        rest = &rest[soft..];
    }
    pieces.push(rest);
    pieces
}

/// Where the text exceeds the width, if it does.
fn overflow(text: &str, limit: f32) -> Option<usize> {
    let mut used = 0.0;
    for (at, c) in text.char_indices() {
        used += char_width(c);
        if used > limit && at > 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paragraphs_wrap_at_words_and_lose_nothing() {
        let text = "Diffuse large B-cell lymphoma, germinal centre type. ".repeat(9);
        let mut sheets = Sheets::new();
        sheets.paragraph(&text);
        let [page] = &sheets.pages[..] else { panic!("one page") };
        let joined: Vec<&str> = page.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(joined.join(" "), text.trim());
        assert!(joined.len() > 3);
        assert!(page.lines.iter().all(|line| line.quad.bounds()[2] <= WIDTH - MARGIN));
    }

    #[test]
    fn chinese_takes_twice_the_width_and_wraps_anywhere() {
        let mut sheets = Sheets::new();
        sheets.paragraph(&"淋".repeat(100));
        let page = &sheets.pages[0];
        assert_eq!(page.lines.len(), 2);
        let [left, _, right, _] = page.lines[0].quad.bounds();
        assert_eq!(right - left, 60.0 * HAN_WIDTH);
        assert_eq!(page.lines[0].char_edges.len(), 61);
    }

    #[test]
    fn a_full_sheet_is_turned_over() {
        let mut sheets = Sheets::new();
        (0..130).for_each(|_| sheets.paragraph("line"));
        let pages = sheets.pages;
        assert_eq!(pages.len(), 3);
        assert_eq!(pages.iter().map(|page| page.lines.len()).sum::<usize>(), 130);
        assert_eq!(pages[2].number, 3);
    }

    #[test]
    fn cells_of_a_row_stand_beside_one_another() {
        let mut sheets = Sheets::new();
        let cell = |left, right, text: &str| (left, right, vec![text.to_owned()]);
        sheets.row(&[cell(0.0, 0.5, "PLT"), cell(0.5, 1.0, "45")]);
        sheets.row(&[cell(0.0, 0.5, "Hb"), cell(0.5, 1.0, "102")]);
        let page = &sheets.pages[0];
        let at = |i: usize| page.lines[i].quad.bounds();
        assert_eq!(at(0)[1], at(1)[1]);
        assert_eq!(at(1)[0], at(3)[0]);
        assert!(at(2)[1] > at(0)[1]);
    }
}
