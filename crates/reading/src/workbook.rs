//! Workbooks (XLSX, XLS): what each visible sheet shows, laid out as a table.

mod number;
mod old;

use crate::archive::{Archive, Budget};
use crate::failure::Failure;
use crate::manuscript::{Block, Manuscript};
use crate::{docx, grid, limits};
use calamine::{CellErrorType, Data, DataRef, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsx};
use cartulary_model::document::UnreadReason;
use quick_xml::events::Event;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

/// The form of a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// XML in a ZIP file, since 2007.
    Xml,
    /// The old compound file.
    Old,
}

/// Reads the sheets of a workbook.
pub(crate) fn open(bytes: &[u8], form: Form) -> Result<Manuscript, Failure> {
    match form {
        Form::Xml => read_xml(bytes),
        Form::Old => read_old(bytes),
    }
}

/// Sheets as they come, until there are too many cells.
#[derive(Default)]
struct Sheets {
    manuscript: Manuscript,
    cells: usize,
}

/// The filled cells of one sheet, by row and column.
type Filled = BTreeMap<u32, BTreeMap<u32, String>>;

impl Sheets {
    /// Whether the sheet is to be read. Nobody sees a hidden one, so it is named and not read.
    fn wants(&mut self, sheet: &Sheet) -> bool {
        let shown = sheet.visible == SheetVisible::Visible;
        let has_cells = sheet.typ == SheetType::WorkSheet;
        let say = |what: &str| format!("{what} of the workbook was not read: sheet {}", sheet.name);
        if !shown {
            self.manuscript.report(UnreadReason::UnsupportedType, say("a hidden sheet"));
        } else if !has_cells {
            self.manuscript.report(UnreadReason::UnsupportedType, say("a chart or macro sheet"));
        }
        shown && has_cells
    }

    /// Keeps a cell; says no when there are too many.
    fn keep(&mut self, filled: &mut Filled, (row, column): (u32, u32), text: String) -> bool {
        if text.trim().is_empty() {
            return true;
        }
        self.cells += 1;
        let room = self.cells <= limits::CELLS;
        if room {
            filled.entry(row).or_default().insert(column, text);
        } else {
            let detail = format!("more than {} cells; the rest was not read", limits::CELLS);
            self.manuscript.report(UnreadReason::TooMany, detail);
        }
        room
    }

    fn add(&mut self, name: &str, filled: &Filled) {
        if filled.is_empty() {
            return;
        }
        let mut columns: BTreeSet<u32> = filled.values().flat_map(BTreeMap::keys).copied().collect();
        if columns.len() > limits::COLUMNS {
            let detail = format!("more than {} columns; the rest was not read", limits::COLUMNS);
            self.manuscript.report(UnreadReason::TooMany, detail);
            columns = columns.into_iter().take(limits::COLUMNS).collect();
        }
        let text = |row: &BTreeMap<u32, String>, column: &u32| row.get(column).cloned().unwrap_or_default();
        let rows: Vec<Vec<String>> =
            filled.values().map(|row| columns.iter().map(|column| text(row, column)).collect()).collect();
        self.manuscript.blocks.push(Block::Paragraph(name.to_owned()));
        self.manuscript.blocks.extend(grid::blocks(&rows));
        self.manuscript.blocks.push(Block::Paragraph(String::new()));
    }
}

fn damaged(error: impl std::fmt::Display) -> Failure {
    Failure::damaged(format!("the workbook does not open: {error}"))
}

fn read_xml(bytes: &[u8]) -> Result<Manuscript, Failure> {
    let mut sheets = Sheets { manuscript: unpacked(bytes)?, cells: 0 };
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(damaged)?;
    for sheet in workbook.sheets_metadata().to_vec() {
        if !sheets.wants(&sheet) {
            continue;
        }
        let mut filled = Filled::new();
        let read = xml_sheet(&mut workbook, &sheet.name, &mut |at, text| sheets.keep(&mut filled, at, text));
        sheets.add(&sheet.name, &filled);
        if let Err(failure) = read {
            sheets.manuscript.unread.push(failure);
        }
    }
    Ok(sheets.manuscript)
}

/// Hands over each cell of a sheet until told to stop.
fn xml_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    keep: &mut dyn FnMut((u32, u32), String) -> bool,
) -> Result<(), Failure> {
    let failed = |error| Failure::damaged(format!("the sheet {name} could not be read to its end: {error}"));
    let mut cells = workbook.worksheet_cells_reader(name).map_err(failed)?;
    let format =
        |style: &calamine::Style| style.number_format.as_ref().map(|format| format.format_code.clone());
    let formats: Vec<Option<String>> = cells.styles().iter().map(format).collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(failed)? {
        let format = formats.get(style).and_then(Option::as_deref);
        if !keep(cell.get_position(), shown(cell.get_value(), format)) {
            break;
        }
    }
    Ok(())
}

fn read_old(bytes: &[u8]) -> Result<Manuscript, Failure> {
    let bytes = old::checked(bytes)?;
    let mut sheets = Sheets::default();
    let mut workbook: Xls<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|error: XlsError| match error {
            XlsError::Password => Failure::new(UnreadReason::Encrypted, "the workbook needs a password"),
            other => damaged(other),
        })?;
    for sheet in workbook.sheets_metadata().to_vec() {
        if !sheets.wants(&sheet) {
            continue;
        }
        let range = workbook.worksheet_range(&sheet.name).map_err(damaged)?;
        let mut filled = Filled::new();
        for (row, column, data) in range.used_cells() {
            let at = (row as u32, column as u32);
            if !sheets.keep(&mut filled, at, shown(&by_reference(data), None)) {
                break;
            }
        }
        sheets.add(&sheet.name, &filled);
    }
    Ok(sheets.manuscript)
}

/// Unpacks every part within the limits, since the library does so without, and takes the pictures.
fn unpacked(bytes: &[u8]) -> Result<Manuscript, Failure> {
    let mut budget = Budget::default();
    let mut archive = Archive::open(bytes)?;
    let mut manuscript = Manuscript::default();
    for index in 0..archive.len() {
        let Some(part) = archive.part(index, &mut budget) else { continue };
        if part.name.contains("/media/") {
            manuscript.pictures.push((part.name, part.bytes));
            continue;
        }
        if part.name.contains("omments") && part.name.ends_with(".xml") {
            manuscript.report(UnreadReason::UnsupportedType, "comments on cells were not read");
        }
        let bytes = part.bytes?;
        // The part with the texts may have any name.
        refuse_claims(&bytes)?;
    }
    Ok(manuscript)
}

/// The library makes room for as many texts as a part says it has, be it billions.
fn refuse_claims(part: &[u8]) -> Result<(), Failure> {
    const TEXTS: &str = "sst";
    if !part.windows(TEXTS.len()).any(|three| three == TEXTS.as_bytes()) {
        return Ok(());
    }
    let xml = String::from_utf8_lossy(part);
    let mut reader = quick_xml::Reader::from_str(&xml);
    while let Ok(event) = reader.read_event() {
        let (Event::Start(tag) | Event::Empty(tag)) = event else {
            if matches!(event, Event::Eof) {
                break;
            }
            continue;
        };
        if tag.local_name().as_ref() == TEXTS
            && docx::body::attribute(&tag, "uniqueCount").is_some_and(|claim| {
                let digits = claim.trim().trim_start_matches('+');
                !digits.parse::<u64>().is_ok_and(|claim| claim <= part.len() as u64)
            })
        {
            return Err(Failure::damaged("the workbook says that it has more texts than bytes"));
        }
    }
    Ok(())
}

/// A cell as its sheet shows it.
fn shown(value: &DataRef<'_>, format: Option<&str>) -> String {
    match value {
        DataRef::Int(number) => number::formatted(*number as f64, format),
        DataRef::Float(number) => number::formatted(*number, format),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) => number::moment(moment, format),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).replace('T', " "),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(CellErrorType::Null) | DataRef::Empty => String::new(),
        DataRef::Error(error) => error.to_string(),
    }
}

fn by_reference(data: &Data) -> DataRef<'_> {
    match data {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

#[cfg(test)]
pub(crate) mod tests;
