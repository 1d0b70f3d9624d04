//! Builds paragraphs and rows from the words of a page of HTML.

use crate::grid;
use crate::limits;
use crate::manuscript::{Block, Manuscript};

/// What was written so far.
#[derive(Default)]
pub(crate) struct Writer {
    blocks: Vec<Block>,
    line: String,
    tables: Vec<Table>,
    /// Characters and cells so far.
    written: usize,
    raised: bool,
}

/// An open table. Its rows are kept as long as they may be rows of values.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    /// Lines of the open cell.
    cell: Option<Vec<String>>,
    span: usize,
    /// A table in it shows that it is there to lay out the page.
    is_frame: bool,
}

impl Writer {
    /// Words, with white space as browsers show it.
    pub(crate) fn words(&mut self, text: &str) {
        for c in text.chars() {
            let blank = c.is_whitespace();
            if !blank || !(self.line.is_empty() || self.line.ends_with(' ')) {
                self.push(if blank { ' ' } else { c });
            }
        }
    }

    /// Words as they stand.
    pub(crate) fn verbatim(&mut self, text: &str) {
        text.chars().filter(|c| !c.is_control()).for_each(|c| self.push(c));
    }

    pub(crate) fn set_raised(&mut self, raised: bool) {
        self.raised = raised;
    }

    fn push(&mut self, c: char) {
        self.written += 1;
        if self.written <= 2 * limits::TEXT_CHARS {
            self.line.push(if self.raised { superscript(c) } else { c });
        }
    }

    /// Ends the line, if there is one.
    pub(crate) fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        if line.is_empty() {
            return;
        }
        match self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            Some(cell) => cell.push(line.to_owned()),
            None => self.blocks.push(Block::Paragraph(line.to_owned())),
        }
    }

    pub(crate) fn open_table(&mut self) {
        self.end_line();
        // A table around this one only lays out the page: what it has so far are paragraphs.
        if let Some(around) = self.tables.last_mut() {
            around.is_frame = true;
            let lines = around.lines();
            around.cell = Some(Vec::new());
            self.place(lines);
        }
        self.tables.push(Table::default());
    }

    pub(crate) fn open_row(&mut self) {
        self.close_row();
        if let Some(table) = self.tables.last_mut() {
            table.rows.push(Vec::new());
        }
    }

    pub(crate) fn open_cell(&mut self, span: usize) {
        self.close_cell();
        if let Some(table) = self.tables.last_mut() {
            table.cell = Some(Vec::new());
            table.span = span.clamp(1, 50);
            self.written += 1;
        }
    }

    pub(crate) fn close_cell(&mut self) {
        self.end_line();
        let Some(table) = self.tables.last_mut() else { return };
        let Some(cell) = table.cell.take() else { return };
        if table.is_frame {
            self.place(cell);
            return;
        }
        if table.rows.is_empty() {
            table.rows.push(Vec::new());
        }
        if let Some(row) = table.rows.last_mut() {
            row.push(cell.join("\n"));
            row.extend((1..table.span).map(|_| String::new()));
        }
    }

    pub(crate) fn close_row(&mut self) {
        self.close_cell();
    }

    pub(crate) fn close_table(&mut self) {
        self.close_cell();
        let Some(mut table) = self.tables.pop() else { return };
        let widest = table.rows.iter().map(Vec::len).max().unwrap_or(0);
        // One column is a frame as well.
        if table.is_frame || widest <= 1 {
            let lines = table.lines();
            self.place(lines);
            return;
        }
        self.blocks.extend(grid::blocks(&table.rows));
    }

    pub(crate) fn finish(mut self) -> Manuscript {
        self.end_line();
        while !self.tables.is_empty() {
            self.close_table();
        }
        self.end_line();
        Manuscript { blocks: self.blocks, ..Manuscript::default() }
    }

    fn place(&mut self, lines: Vec<String>) {
        self.blocks.extend(lines.into_iter().map(Block::Paragraph));
    }
}

impl Table {
    /// Takes its cells as lines.
    fn lines(&mut self) -> Vec<String> {
        let cells = std::mem::take(&mut self.rows).into_iter().flatten();
        let open = self.cell.take().unwrap_or_default();
        let lines = cells.flat_map(|cell| cell.lines().map(str::to_owned).collect::<Vec<_>>());
        lines.chain(open).filter(|line| !line.is_empty()).collect()
    }
}

/// 10<sup>9</sup> is not 109.
pub(crate) fn superscript(c: char) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match c {
        '-' | '−' => '⁻',
        '+' => '⁺',
        _ => c.to_digit(10).map_or(c, |digit| RAISED[digit as usize]),
    }
}
