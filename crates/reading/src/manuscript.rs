//! What a file without pages holds: paragraphs and rows to be laid on sheets, pictures to be recognised, files in it.

use crate::failure::Failure;
use cartulary_model::document::UnreadReason;

/// A cell of a row: its left and right border as share of the sheet's width, and its paragraphs.
pub(crate) type Cell = (f32, f32, Vec<String>);

/// A piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    Paragraph(String),
    Row(Vec<Cell>),
}

/// A name and the bytes, or why there are none.
pub(crate) type Enclosure = (String, Result<Vec<u8>, Failure>);

/// A file taken apart.
#[derive(Debug, Default)]
pub(crate) struct Manuscript {
    pub(crate) blocks: Vec<Block>,
    /// Pictures that belong to the text.
    pub(crate) pictures: Vec<Enclosure>,
    /// Files in the file: attachments of a mail, tables in a letter.
    pub(crate) enclosures: Vec<Enclosure>,
    /// What is in the file and was not read.
    pub(crate) unread: Vec<Failure>,
}

impl Manuscript {
    /// Text without tables, a paragraph a line.
    pub(crate) fn of_text(text: &str) -> Self {
        let paragraph = |line: &str| Block::Paragraph(line.to_owned());
        Self { blocks: text.lines().map(paragraph).collect(), ..Self::default() }
    }

    /// Says, once, that something in the file was not read.
    pub(crate) fn report(&mut self, reason: UnreadReason, detail: impl Into<String>) {
        let failure = Failure::new(reason, detail);
        if !self.unread.contains(&failure) {
            self.unread.push(failure);
        }
    }

    /// Characters of its paragraphs and cells.
    pub(crate) fn characters(&self) -> usize {
        let of_cell = |cell: &Cell| cell.2.iter().map(|line| line.chars().count()).sum::<usize>();
        let of_block = |block: &Block| match block {
            Block::Paragraph(text) => text.chars().count(),
            Block::Row(cells) => cells.iter().map(of_cell).sum(),
        };
        self.blocks.iter().map(of_block).sum()
    }

    /// Its words as plain text: a line a paragraph, tabs between cells.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        self.blocks.iter().map(Block::words).collect::<Vec<_>>().join("\n")
    }
}

impl Block {
    /// Its words, tabs between cells.
    pub(crate) fn words(&self) -> String {
        let cell = |cell: &Cell| cell.2.join(" ");
        match self {
            Self::Paragraph(text) => text.clone(),
            Self::Row(cells) => cells.iter().map(cell).collect::<Vec<_>>().join("\t"),
        }
    }
}
