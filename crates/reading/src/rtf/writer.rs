//! Builds paragraphs, rows and pictures from the words of an RTF file.

use crate::failure::Failure;
use crate::html::superscript;
use crate::limits;
use crate::manuscript::{Block, Manuscript};
use cartulary_model::document::UnreadReason;

/// What was written so far.
#[derive(Default)]
pub(crate) struct Writer {
    manuscript: Manuscript,
    line: String,
    raised: bool,
    /// Right borders of the row's cells, in twentieths of a point.
    borders: Vec<f32>,
    cells: Vec<Vec<String>>,
    /// Lines of the open cell, while in a table.
    cell: Option<Vec<String>>,
    picture: Option<Picture>,
    written: usize,
}

#[derive(Default)]
struct Picture {
    bytes: Vec<u8>,
    half: Option<u8>,
    is_bitmap: bool,
}

impl Writer {
    pub(crate) fn report(&mut self, reason: UnreadReason, detail: impl Into<String>) {
        self.manuscript.report(reason, detail);
    }

    pub(crate) fn set_raised(&mut self, raised: bool) {
        self.raised = raised;
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.written += text.len();
        if self.written > 4 * limits::TEXT_CHARS {
            return;
        }
        let shown = text.chars().filter(|c| !c.is_control());
        self.line.extend(shown.map(|c| if self.raised { superscript(c) } else { c }));
    }

    /// A control word that makes a character, a line or a cell.
    pub(crate) fn word(&mut self, word: &str, number: Option<i32>) {
        match word {
            "par" | "sect" | "page" | "line" | "softline" => self.end_line(),
            "tab" => self.line.push_str("    "),
            "emdash" => self.line.push('—'),
            "endash" => self.line.push('–'),
            "lquote" => self.line.push('‘'),
            "rquote" => self.line.push('’'),
            "ldblquote" => self.line.push('“'),
            "rdblquote" => self.line.push('”'),
            "bullet" => self.line.push('•'),
            "emspace" | "enspace" | "qmspace" => self.line.push(' '),
            "trowd" => self.borders.clear(),
            "cellx" => self.borders.push(number.unwrap_or(0) as f32),
            "intbl" => {
                self.cell.get_or_insert_default();
            }
            "pard" if self.cells.is_empty() && self.line.is_empty() => self.leave_table(),
            "cell" | "nestcell" => self.end_cell(),
            "row" | "nestrow" => self.end_row(),
            _ => {}
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        match &mut self.cell {
            Some(lines) => lines.push(line.trim().to_owned()),
            None => self.manuscript.blocks.push(Block::Paragraph(line.trim_end().to_owned())),
        }
    }

    fn end_cell(&mut self) {
        let mut lines = self.cell.replace(Vec::new()).unwrap_or_default();
        lines.push(std::mem::take(&mut self.line).trim().to_owned());
        lines.retain(|line| !line.is_empty());
        if self.cells.len() < limits::COLUMNS {
            self.cells.push(lines);
        }
    }

    fn end_row(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_cell();
        }
        let cells = std::mem::take(&mut self.cells);
        self.cell = None;
        let rises = self.borders.is_sorted() && self.borders.len() >= cells.len();
        let border = |at: usize| if rises { self.borders[at] } else { (at + 1) as f32 };
        let whole = if rises { self.borders.last().copied().unwrap_or(1.0) } else { cells.len() as f32 };
        let share = |edge: f32| (edge / whole.max(1.0)).clamp(0.0, 1.0);
        let left = |at: usize| if at == 0 { 0.0 } else { share(border(at - 1)) };
        let placed = cells.into_iter().enumerate().filter(|(_, lines)| !lines.is_empty());
        let row: Vec<_> = placed.map(|(at, lines)| (left(at), share(border(at)), lines)).collect();
        if !row.is_empty() {
            self.manuscript.blocks.push(Block::Row(row));
        }
    }

    /// Text after a table is not in it.
    fn leave_table(&mut self) {
        for line in self.cell.take().unwrap_or_default() {
            self.manuscript.blocks.push(Block::Paragraph(line));
        }
    }

    pub(crate) fn begin_picture(&mut self) {
        self.picture = Some(Picture::default());
    }

    pub(crate) fn picture_kind(&mut self, word: &str) {
        if let Some(picture) = &mut self.picture {
            picture.is_bitmap |= matches!(word, "pngblip" | "jpegblip");
        }
    }

    pub(crate) fn picture_digit(&mut self, digit: u8) {
        let Some(value) = (digit as char).to_digit(16) else { return };
        let Some(picture) = &mut self.picture else { return };
        match picture.half.take() {
            Some(high) => picture.bytes.push(high << 4 | value as u8),
            None => picture.half = Some(value as u8),
        }
    }

    pub(crate) fn picture_bytes(&mut self, bytes: &[u8]) {
        if let Some(picture) = &mut self.picture {
            picture.bytes.extend_from_slice(bytes);
        }
    }

    pub(crate) fn end_picture(&mut self) {
        let Some(picture) = self.picture.take() else { return };
        if picture.is_bitmap {
            let name = format!("picture {}", self.manuscript.pictures.len() + 1);
            let empty = || Failure::damaged("the picture has no bytes");
            let bytes = if picture.bytes.is_empty() { Err(empty()) } else { Ok(picture.bytes) };
            self.manuscript.pictures.push((name, bytes));
        } else {
            let detail = "a drawing (Windows Metafile) in it was not read; save the file as PDF";
            self.report(UnreadReason::UnsupportedType, detail);
        }
    }

    pub(crate) fn finish(mut self) -> Manuscript {
        if !self.cells.is_empty() {
            self.end_row();
        }
        self.leave_table();
        if !self.line.trim().is_empty() {
            self.end_line();
        }
        while matches!(self.manuscript.blocks.last(), Some(Block::Paragraph(text)) if text.is_empty()) {
            self.manuscript.blocks.pop();
        }
        self.manuscript
    }
}
