//! Treatments in the rows of a table whose columns are named: `Line | Regimen | Start | End | Cycles | Best response`.
//!
//! ## Reads
//! Cells parted by `|`, tabs or wide gaps, under a row of headings without figures. First and last day, the number of
//! cycles, the line and "ongoing" of the course in its row. In a row with fewer cells than headings each belongs to the
//! heading it stands under.
//!
//! ## Leaves alone
//! Rows with more cells than headings, and cells that stand between two headings: which figure is whose is not known
//! there.

use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::therapy::{TABLE_HEADINGS, TABLE_ONGOING},
};
use cartulary_model::{
    Assertion,
    fact::{Attr, AttrValue},
};

/// How many rows below its heading a table may go on.
const ROWS: usize = 40;
/// How long a heading may be, in characters.
const LONGEST: usize = 24;

/// What the table says of a course whose name stands in one of its cells.
pub(super) fn fill(sheet: &Sheet<'_>, name: Span, draft: &mut Draft) {
    if draft.assertion != Some(Assertion::Present) {
        return;
    }
    let Some(Row { cells: row, headings }) = row_of(sheet, name) else { return };
    let has = |of: &str| headings.contains(&of);
    // A row a cycle names its day and its number; a row a line tells how it ended or what came of it.
    let lines = has("line") || has("end") || has("outcome");
    let first = is_first_of_cell(sheet, name, &row) && !is_given_on_a_day(draft);
    if has("start") && has("end") && !row.iter().any(|(_, heading)| *heading == "start") {
        // The day of the row is its last: the rule for sentences took it for the first.
        draft.attrs.remove(&Attr::Start);
        draft.date = None;
    }
    let told = |of: &str| row.iter().any(|(_, heading)| *heading == of);
    // Without a cell of its own an end was read out of the first day; a count that holds the cell of the line is its number.
    if has("end") && !told("end") {
        draft.attrs.remove(&Attr::End);
        draft.attrs.remove(&Attr::Duration);
    }
    let line = row.iter().find(|(_, heading)| *heading == "line").map(|(cell, _)| *cell);
    if line.is_some_and(|cell| draft.span.start <= cell.start && cell.end <= draft.span.end) {
        draft.attrs.remove(&Attr::Cycles);
        draft.span = name;
    }
    for (cell, heading) in &row {
        match *heading {
            "start" => started(sheet, *cell, draft),
            "end" => ended(sheet, *cell, draft),
            "period" if !has("start") => started(sheet, *cell, draft),
            "cycles" if lines && first => counted(sheet, *cell, Attr::Cycles, draft),
            "line" => counted(sheet, *cell, Attr::Line, draft),
            _ => {}
        }
    }
}

/// Of `R-DHAP -> ASCT` the count is that of the first.
fn is_first_of_cell(sheet: &Sheet<'_>, name: Span, row: &[(Span, &str)]) -> bool {
    let cell =
        row.iter().map(|(cell, _)| *cell).find(|cell| cell.start <= name.start && name.end <= cell.end);
    cell.is_some_and(|cell| {
        sheet
            .candidates_in(Span::new(cell.start, name.start))
            .iter()
            .all(|of| of.hit.span.end > name.start || !matches!(of.hit.concept.kind(), "reg" | "drug"))
    })
}

fn is_given_on_a_day(draft: &Draft) -> bool {
    matches!(draft.concept.as_str(), "reg.asct" | "reg.allosct" | "reg.leukapheresis" | "drug.car_t_nos")
}

/// A row of a table: its cells, each with what its heading names, and what all headings name.
struct Row {
    cells: Vec<(Span, &'static str)>,
    headings: Vec<&'static str>,
}

/// The cells of the course's row with the headings over them.
fn row_of(sheet: &Sheet<'_>, name: Span) -> Option<Row> {
    let row = row_at(sheet, name.start)?;
    let own = row.cells.iter().find(|(cell, _)| cell.start <= name.start && name.end <= cell.end);
    own.is_some_and(|(_, heading)| *heading == "course").then_some(row)
}

/// Whether a place stands in a row whose table has a column for days: no day of another row is its own.
pub(crate) fn is_in_dated_row(sheet: &Sheet<'_>, at: usize) -> bool {
    let dated = |of: &&str| matches!(*of, "start" | "end" | "period");
    row_at(sheet, at).is_some_and(|row| row.headings.iter().any(dated))
}

/// The row of a table of treatments that a place stands in.
fn row_at(sheet: &Sheet<'_>, at: usize) -> Option<Row> {
    let headings = sheet.treatment_headings.get_or_init(|| headings(sheet));
    let row = sheet.row_number(at);
    let above = headings.partition_point(|of| of.row < row);
    let Heading { row: heading_row, cells: over, named } = headings.get(above.checked_sub(1)?)?;
    let own = cells(sheet, sheet.row_start(at));
    if own.len() < 2 || row - heading_row > ROWS {
        return None;
    }
    let of = |number: Option<usize>| number.map_or("", |number| named[number]);
    let places = places(sheet, over, &own)?.into_iter().map(of);
    Some(Row { cells: own.iter().copied().zip(places).collect(), headings: named.clone() })
}

/// A row that names the columns of a table of treatments.
#[derive(Debug)]
pub(crate) struct Heading {
    /// The number of the row.
    row: usize,
    cells: Vec<Span>,
    /// What each cell names; nothing for other words.
    named: Vec<&'static str>,
}

/// The headings of all tables of treatments.
fn headings(sheet: &Sheet<'_>) -> Vec<Heading> {
    const LEAST: usize = 3;
    let words = sheet.stream.words_beginning(Span::new(0, sheet.stream.len()), TABLE_HEADINGS);
    let mut rows: Vec<usize> = words.map(|of| sheet.row_number(of.start())).collect();
    rows.dedup();
    let read = |row| {
        let cells = cells(sheet, sheet.row_of_number(row));
        let named: Vec<_> = cells.iter().map(|cell| heading(sheet, *cell)).collect();
        let enough = named.iter().filter(|of| !of.is_empty()).count() >= LEAST;
        (enough && named.contains(&"course")).then_some(Heading { row, cells, named })
    };
    rows.into_iter().filter_map(read).collect()
}

/// The number of each cell's heading.
fn places(sheet: &Sheet<'_>, headings: &[Span], own: &[Span]) -> Option<Vec<Option<usize>>> {
    let stroked =
        own.windows(2).any(|pair| (pair[0].end..pair[1].start).any(|at| sheet.stream.at(at) == '|'));
    // With strokes a blank cell is a cell; the last may have been left off with its stroke.
    if headings.len() == own.len() || stroked && headings.len() == own.len() + 1 {
        return Some((0..own.len()).map(Some).collect());
    }
    (own.len() < headings.len()).then(|| crate::grammar::place::under(sheet, headings, own)).flatten()
}

/// The cells of the row that begins at a place, blanks at their ends aside.
fn cells(sheet: &Sheet<'_>, start: usize) -> Vec<Span> {
    let stream = &sheet.stream;
    let end = (start..stream.len()).find(|at| stream.at(*at) == BREAK).unwrap_or(stream.len());
    let mut found = Vec::new();
    let mut from = start;
    let barred = (start..end).any(|at| stream.at(at) == '|');
    for at in start..end {
        let sign = if barred { stream.at(at) == '|' } else { stream.at(at) == CELL || stream.has_gap(at) };
        if sign {
            found.push(stream.trimmed(Span::new(from, at)));
            from = at + 1;
        } else if !barred && at > from && stream.is_far_behind(at) {
            found.push(stream.trimmed(Span::new(from, at)));
            from = at;
        }
    }
    found.push(stream.trimmed(Span::new(from, end)));
    found
}

/// What a cell of the heading names; nothing for other words.
fn heading(sheet: &Sheet<'_>, cell: Span) -> &'static str {
    let stream = &sheet.stream;
    if cell.is_empty()
        || cell.len() > LONGEST
        || (cell.start..cell.end).any(|at| stream.at(at).is_ascii_digit())
    {
        return "";
    }
    // "Date of relapse", "Cycle length" and "Line type" name something else: the words are the whole of the cell.
    let end = cell.end - usize::from(matches!(stream.at(cell.end - 1), '.' | ':'));
    let named = stream.words_at(cell.start, TABLE_HEADINGS).find(|of| of.end() == end);
    named.map_or("", |of| TABLE_HEADINGS.code(of))
}

fn started(sheet: &Sheet<'_>, cell: Span, draft: &mut Draft) {
    if let Some(day) = sheet.mentions.iter().find(|of| of.span.start >= cell.start && of.span.end <= cell.end)
    {
        draft.set(Attr::Start, AttrValue::Date(day.date));
        draft.date = Some((day.date, day.span));
        if let Some(until) = day.until {
            draft.set(Attr::End, AttrValue::Date(until));
        }
    } else if let Some(day) = sheet.mentions.iter().find(|of| of.span.start == cell.start) {
        // Two cells that hold a day each were read as one stretch of time.
        draft.set(Attr::Start, AttrValue::Date(day.date));
        draft.date = Some((day.date, day.span));
    }
}

fn ended(sheet: &Sheet<'_>, cell: Span, draft: &mut Draft) {
    if sheet.stream.words_at(cell.start, TABLE_ONGOING).any(|of| of.end() == cell.end) {
        draft.set(Attr::Status, AttrValue::Text("ongoing".into()));
        return;
    }
    let own = sheet.mentions.iter().find(|of| of.span.start >= cell.start && of.span.end <= cell.end);
    let joined = || sheet.mentions.iter().find(|of| of.span.start < cell.start && of.span.end == cell.end);
    let day = own.map(|of| of.date).or_else(|| joined().and_then(|of| of.until));
    if draft.date.is_none() {
        draft.date = own.map(|of| (of.date, of.span));
    }
    let begun = match draft.attrs.get(&Attr::Start) {
        Some(AttrValue::Date(begun)) => Some(*begun),
        _ => None,
    };
    if let Some(day) = day.filter(|day| begun.is_none_or(|begun| begun <= *day)) {
        draft.set(Attr::End, AttrValue::Date(day));
    }
}

/// A figure alone in its cell: `6`, `6 cycles`, `#6`.
fn counted(sheet: &Sheet<'_>, cell: Span, attr: Attr, draft: &mut Draft) {
    const MOST: f64 = 36.0;
    let stream = &sheet.stream;
    let Some(at) = (cell.start..cell.end).find(|at| stream.at(*at).is_ascii_digit()) else { return };
    let Some(number) = number::number_behind(stream, at) else { return };
    let whole = number.span.end <= cell.end && number.value.fract() == 0.0;
    let other = (number.span.end..cell.end).any(|of| stream.at(of).is_ascii_digit());
    if whole && !other && (1.0..=MOST).contains(&number.value) {
        draft.attrs.remove(&Attr::CycleNo);
        draft.set(attr, AttrValue::Number(number.value));
    }
}
