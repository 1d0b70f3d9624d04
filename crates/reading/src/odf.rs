//! OpenDocument texts and tables (`.odt`, `.ods`): paragraphs, cells, pictures.

use crate::archive::{Archive, Budget};
use crate::docx::body::character;
use crate::failure::Failure;
use crate::manuscript::{Block, Manuscript};
use crate::{grid, limits};
use cartulary_model::document::UnreadReason;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Takes an OpenDocument file apart.
pub(crate) fn open(bytes: &[u8]) -> Result<Manuscript, Failure> {
    let mut budget = Budget::default();
    let mut archive = Archive::open(bytes)?;
    let missing = || Failure::damaged("the OpenDocument file holds no text part");
    let xml = archive.named("content.xml", &mut budget).ok_or_else(missing)??;
    if let Some(Ok(manifest)) = archive.named("META-INF/manifest.xml", &mut budget)
        && String::from_utf8_lossy(&manifest).contains("encryption-data")
    {
        return Err(Failure::new(UnreadReason::Encrypted, "the OpenDocument file needs a password"));
    }
    let mut manuscript = content(&String::from_utf8_lossy(&xml))?;
    let mut names = archive.names();
    names.sort();
    for name in names.into_iter().filter(|name| name.starts_with("Pictures/") && !name.ends_with('/')) {
        let bytes = archive.named(&name, &mut budget);
        manuscript.pictures.extend(bytes.map(|bytes| (name, bytes)));
    }
    Ok(manuscript)
}

fn content(xml: &str) -> Result<Manuscript, Failure> {
    let mut reader = Reader::from_str(xml);
    let mut parser = Parser::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => parser.opened(&tag),
            Ok(Event::Empty(tag)) => {
                parser.opened(&tag);
                parser.closed(tag.local_name().as_ref());
            }
            Ok(Event::End(tag)) => parser.closed(tag.local_name().as_ref()),
            Ok(Event::Text(text)) => parser.write(&text),
            Ok(Event::CData(text)) => parser.write(&text),
            Ok(Event::GeneralRef(name)) => parser.write(&character(&name)),
            Ok(Event::Eof) => break,
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(error) => return Err(Failure::damaged(error.to_string())),
        }
        if parser.written > 2 * limits::TEXT_CHARS || parser.cells > limits::CELLS {
            parser.manuscript.report(UnreadReason::TooMany, "more text than is read; the rest was left out");
            break;
        }
    }
    parser.end_table();
    Ok(parser.manuscript)
}

#[derive(Default)]
struct Parser {
    manuscript: Manuscript,
    /// Open paragraphs: a text box stands inside the one it is anchored in.
    paragraphs: Vec<String>,
    /// How many tables are open; the rows are those of the outermost.
    tables: usize,
    rows: Vec<Vec<String>>,
    cell: Option<(usize, Vec<String>)>,
    /// Depth inside what is no text any more: deleted in a tracked change, notes in the margin.
    unseen: usize,
    written: usize,
    cells: usize,
}

impl Parser {
    fn opened(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        match name.as_ref() {
            "tracked-changes" | "annotation" | "hidden-text" | "hidden-paragraph" => {
                if name.as_ref() == "annotation" {
                    self.manuscript
                        .report(UnreadReason::UnsupportedType, "a comment in the margin was not read");
                }
                self.unseen += 1;
            }
            _ if self.unseen > 0 => {}
            "p" | "h" => self.paragraphs.push(String::new()),
            "s" => {
                let count = number(tag, "c").unwrap_or(1).min(100);
                self.write(&" ".repeat(count));
            }
            "tab" => self.write("    "),
            "line-break" => self.write("\n"),
            "table" => self.tables += 1,
            "table-row" if self.tables == 1 => self.rows.push(Vec::new()),
            "table-cell" | "covered-table-cell" if self.tables == 1 => {
                let repeated = number(tag, "number-columns-repeated").unwrap_or(1).min(limits::COLUMNS);
                self.cell = Some((repeated, Vec::new()));
            }
            _ => {}
        }
    }

    fn closed(&mut self, name: &str) {
        match name {
            "tracked-changes" | "annotation" | "hidden-text" | "hidden-paragraph" => {
                self.unseen = self.unseen.saturating_sub(1);
            }
            _ if self.unseen > 0 => {}
            "p" | "h" => {
                let paragraph = self.paragraphs.pop().unwrap_or_default();
                match &mut self.cell {
                    Some((_, lines)) => lines.push(paragraph),
                    None => self
                        .manuscript
                        .blocks
                        .extend(paragraph.split('\n').map(|line| Block::Paragraph(line.to_owned()))),
                }
            }
            "table-cell" | "covered-table-cell" if self.tables == 1 => self.end_cell(),
            "table" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.end_table();
                }
            }
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        let Some((repeated, lines)) = self.cell.take() else { return };
        let text = lines.join("\n");
        self.cells += usize::from(!text.is_empty()) * repeated;
        if let Some(row) = self.rows.last_mut() {
            let room = limits::COLUMNS.saturating_sub(row.len());
            row.extend(std::iter::repeat_n(text, repeated.min(room)));
        }
    }

    fn end_table(&mut self) {
        self.rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
        self.manuscript.blocks.extend(grid::blocks(&std::mem::take(&mut self.rows)));
    }

    fn write(&mut self, text: &str) {
        if self.unseen == 0
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.push_str(text);
            self.written += text.len();
        }
    }
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<usize> {
    tag.attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)?
        .value
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::tests::zipped;

    fn odt(body: &str) -> Vec<u8> {
        let content =
            format!("<office:document-content><office:body>{body}</office:body></office:document-content>");
        zipped(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", content.as_bytes()),
        ])
    }

    #[test]
    fn paragraphs_and_cells_are_read_and_changes_are_not() {
        let body = "<text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes>\
            <text:h>出院小结</text:h><text:p>PLT<text:s text:c=\"2\"/>&lt; 50</text:p>\
            <table:table><table:table-row><table:table-cell><text:p>Hb</text:p></table:table-cell>\
            <table:table-cell><text:p>102</text:p></table:table-cell></table:table-row></table:table>";
        assert_eq!(open(&odt(body)).unwrap().text(), "出院小结\nPLT  < 50\nHb\t102");
    }

    #[test]
    fn a_cell_repeated_a_million_times_is_cut() {
        let body = "<table:table><table:table-row><table:table-cell table:number-columns-repeated=\"1000000\">\
            <text:p>x</text:p></table:table-cell></table:table-row></table:table>";
        assert!(open(&odt(body)).unwrap().characters() <= 2 * limits::COLUMNS);
    }
}
