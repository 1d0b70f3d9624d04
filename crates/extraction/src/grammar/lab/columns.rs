//! Values of several days side by side under a row of dates: `| 12 Jan | 26 Jan |` over `| 142 | 61 |`.

use super::{Name, course::value_draft, flag::flag_at};
use crate::{
    draft::Draft,
    number::{self, Number, RangeRead, Slot},
    sheet::Sheet,
    stream::{BREAK, CELL, Hit, Span},
    vocabulary::lab::{FLAG_HEADINGS, PREVIOUS_BEFORE, PREVIOUS_NOW},
};
use cartulary_model::{
    PartialDate, Temporality, Unit, Value,
    fact::{Flag, ReferenceRange},
};

/// How far below its dates a table may go on, in characters.
const DEPTH: usize = 4000;

/// A row of dates.
struct Header {
    row: Span,
    /// Column and date; the column is the number of separators before it.
    days: Vec<(usize, PartialDate, Span)>,
    parted: bool,
}

/// Every row of dates of a document, in order.
pub(super) struct Columns {
    headers: Vec<Header>,
}

/// A cell with a value.
struct Cell {
    column: usize,
    number: Number,
    unit: Option<Unit>,
    flag: Option<Flag>,
    span: Span,
}

impl Columns {
    pub(super) fn new(sheet: &Sheet<'_>) -> Self {
        let stream = &sheet.stream;
        let mut headers: Vec<Header> = Vec::new();
        for mention in &sheet.mentions {
            let last = headers.last_mut().filter(|of| mention.span.start < of.row.end);
            if let Some(header) = last {
                let before = header.days.last().map_or(mention.span, |(_, _, span)| *span);
                let between = stream.text(Span::new(before.end.min(mention.span.start), mention.span.start));
                let separators = between.chars().filter(|of| matches!(*of, '|' | CELL)).count();
                let column = header.days.last().map_or(0, |(column, _, _)| *column) + separators;
                let bare = between.chars().all(|of| matches!(of, '|' | CELL | ' '));
                if bare && !between.is_empty() {
                    header.parted |= separators > 0;
                    header.days.push((column, mention.date, mention.span));
                }
                continue;
            }
            let start = row_start(sheet, mention.span.start);
            let column = separators(sheet, start, mention.span.start);
            let end =
                (mention.span.end..stream.len()).find(|at| stream.at(*at) == BREAK).unwrap_or(stream.len());
            headers.push(Header {
                row: Span::new(start, end),
                days: vec![(column, mention.date, mention.span)],
                parted: column > 0,
            });
        }
        headers.retain(|header| header.days.len() >= 2);
        Self { headers }
    }

    /// The values of a name's row under the last row of dates.
    pub(super) fn read(&self, sheet: &Sheet<'_>, name: &Name) -> Option<Vec<Draft>> {
        let after = self.headers.partition_point(|header| header.row.end <= name.span().start);
        let header = self.headers.get(after.checked_sub(1)?)?;
        if name.span().start - header.row.end > DEPTH {
            return None;
        }
        let row = row(sheet, name, header)?;
        let values: Vec<(Cell, &(usize, PartialDate, Span))> = row
            .cells
            .into_iter()
            .enumerate()
            .filter_map(|(place, cell)| {
                let day = match header.parted {
                    true => header.days.iter().find(|(column, _, _)| *column == cell.column),
                    false => header.days.get(place),
                };
                day.map(|day| (cell, day))
            })
            .collect();
        if values.is_empty() || (!header.parted && values.len() < header.days.len()) {
            return None;
        }
        let latest = values.iter().map(|(_, day)| day.1).max();
        let drafts = values.into_iter().map(|(cell, day)| {
            let unit = cell.unit.or_else(|| row.unit.clone());
            let mut draft = value_draft(sheet, &name.hit, cell.number, unit, cell.span);
            draft.rule = "lab.column";
            draft.date = Some((day.1, day.2));
            let older = latest.is_some_and(|latest| day.1 < latest);
            draft.temporality = older.then_some(Temporality::Historical);
            if let Value::Measurement(of) = &mut draft.value {
                of.reference = row.reference;
                of.flag = cell.flag;
            }
            if cell.number.repaired {
                draft.marks_repair();
            }
            draft
        });
        Some(drafts.collect())
    }
}

struct Row {
    cells: Vec<Cell>,
    unit: Option<Unit>,
    reference: Option<ReferenceRange>,
}

/// Value cells of a row, a unit in brackets or a cell of its own, a range in a cell of its own.
fn row(sheet: &Sheet<'_>, name: &Name, header: &Header) -> Option<Row> {
    let stream = &sheet.stream;
    let slot = Slot { measured: true, spaced: false };
    let mut column = separators(sheet, row_start(sheet, name.span().start), name.span().start);
    let mut row = Row { cells: Vec::new(), unit: None, reference: None };
    let mut at = name.span().end;
    let mut filled = false;
    while !matches!(stream.at(at), BREAK | ';' | '。') && at < stream.len() {
        let of = stream.at(at);
        if matches!(of, '|' | CELL) {
            (column, at, filled) = (column + 1, at + 1, false);
            continue;
        }
        let inner = at + usize::from(of == '(');
        let of_a_day = !header.parted || header.days.iter().any(|(day, _, _)| *day == column);
        if let Some(RangeRead { range, span, .. }) =
            number::range_in(stream, at, slot).filter(|_| !header.parted || !filled)
        {
            // `<5` under a day is a value; beside the days it is the range.
            if (range.low.is_some() && range.high.is_some()) || !of_a_day {
                row.reference = row.reference.or(Some(range));
                (at, filled) = (span.end, true);
                continue;
            }
        }
        if let Some(unit) = sheet.engine.units.read(stream, inner).filter(|_| {
            let filled = !header.parted && row.cells.len() >= header.days.len();
            row.unit.is_none() && (row.cells.is_empty() || !of_a_day || filled)
        }) {
            row.unit = Some(unit.unit);
            at = unit.span.end + usize::from(of == '(');
            continue;
        }
        let value = number::number_in(stream, at, slot).filter(|_| of_a_day && !(header.parted && filled));
        if let Some(number) = value {
            let cell = cell(sheet, column, number);
            (at, filled) = (cell.span.end, true);
            row.cells.push(cell);
            continue;
        }
        if !header.parted && !row.cells.is_empty() && !matches!(of, ' ' | '-' | '/') {
            break;
        }
        at += 1;
    }
    // `128 126 g/L`: one unit for the values of all days.
    row.unit = row.unit.or_else(|| row.cells.iter().find_map(|cell| cell.unit.clone()));
    (!row.cells.is_empty()).then_some(row)
}

fn cell(sheet: &Sheet<'_>, column: usize, number: Number) -> Cell {
    let stream = &sheet.stream;
    let mut end = number.span.end;
    let past = |at: usize| at + usize::from(stream.at(at) == ' ');
    let unit = sheet.engine.units.read(stream, past(end));
    end = unit.as_ref().map_or(end, |of| of.span.end);
    let flag = flag_at(sheet, past(end));
    end = flag.map_or(end, |(_, after)| after);
    Cell {
        column,
        number,
        unit: unit.map(|of| of.unit),
        flag: flag.map(|(of, _)| of),
        span: Span::new(number.span.start, end),
    }
}

/// `| 142 | 61 | 19` without a row of dates: which is of which day must not be guessed.
pub(super) fn is_unlabelled(sheet: &Sheet<'_>, hit: &Hit, limit: usize) -> bool {
    let rest = sheet
        .stream
        .text(sheet.within(Span::new(hit.span.end, limit.min(hit.span.end + 160).max(hit.span.end))));
    rest.split('|').skip(1).filter(|cell| cell.trim().parse::<f64>().is_ok()).count() >= 2
}

/// `Test | Result | Previous` over `LDH | 301 | 688`: the column says which value is the older one.
pub(super) fn previous(sheet: &Sheet<'_>, name: &Name) -> Option<Vec<Draft>> {
    /// Rows above that may be the heading.
    const ROWS: usize = 24;
    let mut end = row_start(sheet, name.span().start).checked_sub(1)?;
    for _ in 0..ROWS {
        let start = row_start(sheet, end);
        let cells = sheet.stream.lower_text(Span::new(start, end));
        let says = |cell: &str, words: &[&str]| words.iter().any(|word| cell.contains(word));
        let older: Vec<usize> = places(cells, |cell| says(cell, PREVIOUS_BEFORE));
        let now: Vec<usize> = places(cells, |cell| says(cell, PREVIOUS_NOW) && !says(cell, PREVIOUS_BEFORE));
        if let ([older], [now]) = (&older[..], &now[..]) {
            let day = PartialDate::from_year(2000)?;
            let flags = places(cells, |cell| FLAG_HEADINGS.contains(&cell.trim()));
            let older_day = sheet.mentions.iter().find(|of| {
                of.span.start >= start
                    && of.span.end <= end
                    && separators(sheet, start, of.span.start) == *older
            });
            let days = vec![(*now, day, name.span()), (*older, day, name.span())];
            let row = row(sheet, name, &Header { row: Span::new(start, end), days, parted: true })?;
            return Some(
                row.cells
                    .iter()
                    .map(|cell| {
                        let unit = cell.unit.clone().or_else(|| row.unit.clone());
                        let mut draft = value_draft(sheet, &name.hit, cell.number, unit, cell.span);
                        draft.rule = "lab.column";
                        draft.temporality = (cell.column == *older).then_some(Temporality::Historical);
                        if let Value::Measurement(of) = &mut draft.value {
                            of.reference = row.reference;
                            of.flag = cell.flag.or_else(|| {
                                let column = flags.first().filter(|_| cell.column == *now)?;
                                flag_in_column(sheet, name, *column)
                            });
                        }
                        if let Some(day) = older_day.filter(|_| cell.column == *older) {
                            draft.date = Some((day.date, day.span));
                        }
                        draft
                    })
                    .collect(),
            );
        }
        end = start.checked_sub(1)?;
    }
    None
}

/// `| H |` under "Flag": the mark of a row that stands in a column of its own.
fn flag_in_column(sheet: &Sheet<'_>, name: &Name, column: usize) -> Option<Flag> {
    let stream = &sheet.stream;
    let start = row_start(sheet, name.span().start);
    let end = (start..stream.len()).find(|at| stream.at(*at) == BREAK).unwrap_or(stream.len());
    let at = (start..end).find(|at| separators(sheet, start, *at) == column && stream.at(*at) != ' ')?;
    flag_at(sheet, at).map(|(flag, _)| flag)
}

fn places(row: &str, fits: impl Fn(&str) -> bool) -> Vec<usize> {
    row.split(['|', CELL]).enumerate().filter(|(_, cell)| fits(cell)).map(|(place, _)| place).collect()
}

fn row_start(sheet: &Sheet<'_>, at: usize) -> usize {
    (0..at).rev().find(|of| sheet.stream.at(*of) == BREAK).map_or(0, |of| of + 1)
}

fn separators(sheet: &Sheet<'_>, from: usize, to: usize) -> usize {
    (from..to).filter(|at| matches!(sheet.stream.at(*at), '|' | CELL)).count()
}
