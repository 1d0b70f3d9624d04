//! The text part of a Word file: paragraphs and table rows. Hidden and deleted text is not read.

use crate::failure::Failure;
use crate::limits;
use crate::manuscript::Block;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// A part of the file as read.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Part {
    pub(crate) blocks: Vec<Block>,
    /// Text that is crossed out was left out.
    pub(crate) crossed_out: bool,
    /// There was more than is read.
    pub(crate) cut: bool,
}

/// The blocks of a part in order.
pub(crate) fn part(xml: &str) -> Result<Part, Failure> {
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
            Ok(Event::Eof) => return Ok(parser.finish(false)),
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(error) => return Err(Failure::damaged(error.to_string())),
        }
        if parser.written > limits::TEXT_CHARS {
            return Ok(parser.finish(true));
        }
    }
}

/// The character of a reference. Entities of the document's own making are not expanded.
pub(crate) fn character(name: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string();
    }
    match name.as_ref() {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
    .to_owned()
}

#[derive(Default)]
struct Parser {
    blocks: Vec<Block>,
    /// Open paragraphs: a text box stands inside the paragraph it is anchored in.
    paragraphs: Vec<String>,
    runs: Vec<Run>,
    in_text: bool,
    /// Depth inside the fallback of alternate content, which repeats what stands before it.
    in_fallback: usize,
    /// Depth inside text that a tracked change deleted or moved elsewhere.
    in_deleted: usize,
    crossed_out: bool,
    tables: Vec<Table>,
    written: usize,
}

#[derive(Default)]
struct Run {
    text: String,
    hidden: bool,
    crossed_out: bool,
}

#[derive(Default)]
struct Table {
    columns: Vec<f32>,
    cells: Vec<Cell>,
}

struct Cell {
    span: usize,
    paragraphs: Vec<String>,
}

impl Parser {
    fn opened(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "Fallback" => self.in_fallback += 1,
            _ if self.in_fallback > 0 => {}
            "del" | "moveFrom" => self.in_deleted += 1,
            "p" => self.paragraphs.push(String::new()),
            "r" => self.runs.push(Run::default()),
            "t" => self.in_text = true,
            "tab" => self.add("\t"),
            "br" | "cr" => self.add("\n"),
            "noBreakHyphen" => self.add("-"),
            "vanish" if is_on(tag) => self.with_run(|run| run.hidden = true),
            "strike" | "dstrike" if is_on(tag) => self.with_run(|run| run.crossed_out = true),
            "sym" => self.add(attribute(tag, "char").map_or("", |code| symbol(&code))),
            "tbl" => self.tables.push(Table::default()),
            "tc" => self.with_table(|table| {
                table.cells.push(Cell { span: 1, paragraphs: Vec::new() });
            }),
            "gridCol" => {
                let width = attribute(tag, "w").and_then(|width| width.parse().ok());
                self.with_table(|table| table.columns.push(width.unwrap_or(1.0)));
            }
            "gridSpan" => {
                let span = attribute(tag, "val").and_then(|span| span.parse().ok());
                self.with_table(|table| {
                    if let Some(cell) = table.cells.last_mut() {
                        cell.span = span.unwrap_or(1);
                    }
                });
            }
            _ => {}
        }
    }

    fn closed(&mut self, name: &str) {
        match name {
            "Fallback" => self.in_fallback = self.in_fallback.saturating_sub(1),
            _ if self.in_fallback > 0 => {}
            "del" | "moveFrom" => self.in_deleted = self.in_deleted.saturating_sub(1),
            "t" => self.in_text = false,
            "r" => {
                let run = self.runs.pop().unwrap_or_default();
                self.crossed_out |= run.crossed_out && !run.text.trim().is_empty();
                if !run.hidden
                    && !run.crossed_out
                    && let Some(paragraph) = self.paragraphs.last_mut()
                {
                    paragraph.push_str(&run.text);
                }
            }
            "p" => {
                let paragraph = self.paragraphs.pop().unwrap_or_default();
                self.place(&paragraph);
            }
            "tr" if self.tables.len() == 1 => {
                let row = self.tables.last_mut().and_then(Table::row);
                self.blocks.extend(row);
            }
            "tbl" => {
                self.tables.pop();
            }
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if self.in_text && self.in_fallback == 0 {
            self.add(text);
        }
    }

    /// Adds to the open run. Outside of one, "tab" and "br" are settings, not text.
    fn add(&mut self, text: &str) {
        if self.in_deleted > 0 {
            return;
        }
        if let Some(run) = self.runs.last_mut() {
            run.text.push_str(text);
            self.written += text.len();
        }
    }

    /// Puts a finished paragraph where it belongs: the innermost table's text goes to the outermost one's cell.
    fn place(&mut self, paragraph: &str) {
        let lines = paragraph.split('\n').map(|line| line.replace('\t', "    "));
        match self.tables.first_mut() {
            Some(table) => {
                if let Some(cell) = table.cells.last_mut() {
                    let words = lines.map(|line| line.trim().to_owned());
                    cell.paragraphs.extend(words.filter(|line| !line.is_empty()));
                }
            }
            None => self.blocks.extend(lines.map(Block::Paragraph)),
        }
    }

    fn with_run(&mut self, change: impl FnOnce(&mut Run)) {
        self.runs.last_mut().map(change).unwrap_or_default();
    }

    fn finish(self, cut: bool) -> Part {
        Part { blocks: self.blocks, crossed_out: self.crossed_out, cut }
    }

    fn with_table(&mut self, change: impl FnOnce(&mut Table)) {
        // Cells of a nested table are text of the outer cell.
        if let [table] = &mut self.tables[..] {
            change(table);
        }
    }
}

impl Table {
    /// Takes the open row; nothing when all its cells are empty.
    fn row(&mut self) -> Option<Block> {
        let cells = std::mem::take(&mut self.cells);
        let columns: usize = cells.iter().map(|cell| cell.span).sum();
        if columns > self.columns.len() {
            self.columns = vec![1.0; columns];
        }
        let whole = self.columns.iter().sum::<f32>().max(1.0);
        let mut column = 0;
        let mut row = Vec::new();
        for cell in cells {
            let share = |columns: &[f32]| columns.iter().sum::<f32>() / whole;
            let end = (column + cell.span).min(self.columns.len());
            let (left, right) = (share(&self.columns[..column]), share(&self.columns[..end]));
            column = end;
            if !cell.paragraphs.is_empty() {
                row.push((left, right, cell.paragraphs));
            }
        }
        (!row.is_empty()).then_some(Block::Row(row))
    }
}

/// Whether a property without a value, or with one, is set.
fn is_on(tag: &BytesStart<'_>) -> bool {
    attribute(tag, "val").is_none_or(|val| val != "0" && val != "false")
}

/// What a character of the fonts Wingdings and Symbol shows; they have places of their own. Boxes and ticks decide forms.
fn symbol(code: &str) -> &'static str {
    match code.to_ascii_uppercase().as_str() {
        "F0FE" | "F052" => "☑",
        "F0FD" | "F078" | "F054" => "☒",
        "F0A8" | "F06F" | "F071" | "F072" | "F0A3" => "☐",
        "F0FC" | "F050" => "✓",
        "F0FB" | "F04F" => "✗",
        "F0E0" | "F0AE" => "→",
        "F0E1" | "F0AD" => "↑",
        "F0E2" | "F0AF" => "↓",
        "F0B3" => "≥",
        "F0B1" => "±",
        "F0B4" => "×",
        "F06D" => "μ",
        "F062" => "β",
        "F061" => "α",
        "F067" => "γ",
        "F0B7" => "•",
        _ => "\u{fffd}",
    }
}

/// The value of an attribute, whatever its prefix.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(|attribute| attribute.value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(xml: &str) -> Vec<Block> {
        part(&format!("<w:body>{xml}</w:body>")).unwrap().blocks
    }

    #[test]
    fn hidden_deleted_and_repeated_text_is_not_read() {
        let xml = "<w:p><w:r><w:t>seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>\
            <w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>\
            <mc:AlternateContent><mc:Choice><w:r><w:t> once</w:t></w:r></mc:Choice>\
            <mc:Fallback><w:r><w:t> twice</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>";
        assert_eq!(paragraphs(xml), [Block::Paragraph("seen once".into())]);
    }

    #[test]
    fn what_a_change_deleted_or_moved_away_is_not_read() {
        let xml = "<w:p><w:ins><w:r><w:t>Ki-67 30%</w:t></w:r></w:ins>\
            <w:del><w:r><w:t>Ki-67 90%</w:t><w:tab/></w:r></w:del><w:moveFrom><w:r><w:t>stage IV</w:t></w:r></w:moveFrom>\
            <w:r><w:rPr><w:del/></w:rPr><w:t> kept</w:t></w:r></w:p>";
        assert_eq!(paragraphs(xml), [Block::Paragraph("Ki-67 30% kept".into())]);
    }

    #[test]
    fn crossed_out_text_is_left_out_and_said() {
        let run = |style: &str, text: &str| format!("<w:r><w:rPr>{style}</w:rPr><w:t>{text}</w:t></w:r>");
        let xml = format!("<w:p>{}{}</w:p>", run("<w:strike/>", "CR"), run("<w:strike w:val=\"0\"/>", "PR"));
        let read = part(&xml).unwrap();
        assert_eq!(read.blocks, [Block::Paragraph("PR".into())]);
        assert!(read.crossed_out);
    }

    #[test]
    fn a_ticked_box_is_a_ticked_box() {
        let xml = "<w:p><w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:t>CR </w:t>\
            <w:sym w:font=\"Wingdings\" w:char=\"F0A8\"/><w:t>PD</w:t></w:r></w:p>";
        assert_eq!(paragraphs(xml), [Block::Paragraph("☑CR ☐PD".into())]);
    }

    #[test]
    fn tab_stops_are_settings_and_tabs_are_room() {
        let xml = "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>\
            <w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>";
        assert_eq!(paragraphs(xml), [Block::Paragraph("a    b".into())]);
    }

    #[test]
    fn a_spanning_cell_covers_its_columns() {
        let cell = |inner: &str| format!("<w:tc>{inner}<w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>");
        let span = "<w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>";
        let xml = format!(
            "<w:tbl><w:tblGrid><w:gridCol w:w=\"1\"/><w:gridCol w:w=\"1\"/><w:gridCol w:w=\"2\"/></w:tblGrid>\
             <w:tr>{}{}</w:tr></w:tbl>",
            cell(span),
            cell("")
        );
        let [Block::Row(cells)] = &paragraphs(&xml)[..] else { panic!("one row") };
        assert_eq!((cells[0].0, cells[0].1), (0.0, 0.5));
        assert_eq!((cells[1].0, cells[1].1), (0.5, 1.0));
    }

    #[test]
    fn entities_are_not_expanded() {
        let xml = "<!DOCTYPE d [<!ENTITY lol \"lolololol\">]><w:body><w:p><w:r><w:t>a&lol;b</w:t></w:r></w:p></w:body>";
        assert_eq!(part(xml).unwrap().blocks, [Block::Paragraph("ab".into())]);
    }

    #[test]
    fn a_cut_part_gives_what_came_before_or_says_so() {
        let cut = "<w:body><w:p><w:r><w:t>one</w:t></w:r></w:p><w:p><w:r><w:t>tw";
        assert!(part(cut).map_or(true, |found| !found.blocks.is_empty()));
    }
}
