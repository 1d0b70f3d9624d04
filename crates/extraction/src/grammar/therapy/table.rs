//! Treatments in the rows of a table whose columns are named: `Line | Regimen | Start | End | Cycles | Best response`.
//!
//! ## Reads
//! Cells parted by `|`, tabs or wide gaps, under a row of headings without figures. First and last day, the number of
//! cycles, the line and "ongoing" of the course in its row.
//!
//! ## Leaves alone
//! Rows with another number of cells than their heading: which figure is whose is not known there.

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
    let Some(row) = row_of(sheet, name) else { return };
    let has = |of: &str| row.iter().any(|(_, heading)| *heading == of);
    // A row a cycle names its day and its number; a row a line tells how it ended or what came of it.
    let lines = has("line") || has("end") || has("outcome");
    let first = is_first_of_cell(sheet, name, &row) && !is_given_on_a_day(draft);
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

/// The cells of the course's row with the headings over them.
fn row_of(sheet: &Sheet<'_>, name: Span) -> Option<Vec<(Span, &'static str)>> {
    let own = cells(sheet, sheet.row_start(name.start));
    let column = own.iter().position(|cell| cell.start <= name.start && name.end <= cell.end)?;
    if own.len() < 3 {
        return None;
    }
    let mut start = sheet.row_start(name.start);
    for _ in 0..ROWS {
        let end = start.checked_sub(1)?;
        start = sheet.row_start(end);
        let headings = cells(sheet, start);
        let named: Vec<&str> = headings.iter().map(|cell| heading(sheet, *cell)).collect();
        let columns = named.iter().filter(|of| !of.is_empty()).count();
        if columns >= 3 && named.get(column) == Some(&"course") {
            let fits = headings.len() == own.len() || headings.len() == own.len() + 1;
            return fits.then(|| own.into_iter().zip(named).collect());
        }
    }
    None
}

/// The cells of the row that begins at a place, blanks at their ends aside.
fn cells(sheet: &Sheet<'_>, start: usize) -> Vec<Span> {
    let stream = &sheet.stream;
    let end = (start..stream.len()).find(|at| stream.at(*at) == BREAK).unwrap_or(stream.len());
    let mut found = Vec::new();
    let mut from = start;
    let barred = (start..end).any(|at| stream.at(at) == '|');
    for at in start..=end {
        let parts = at == end
            || if barred { stream.at(at) == '|' } else { stream.at(at) == CELL || stream.has_gap(at) };
        if parts {
            found.push(stream.trimmed(Span::new(from, at)));
            from = at + 1;
        }
    }
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
