//! Values of several days side by side under a row of dates: `| 12 Jan | 26 Jan |` over `| 142 | 61 |`.

use super::{Name, course::value_draft, flag::flag_at};
use crate::{
    dates::DateMention,
    draft::Draft,
    grammar::place,
    number::{self, Number, RangeRead, Slot},
    sheet::Sheet,
    stream::{BREAK, CELL, Hit, Span, Stream},
    vocabulary::lab::{COLUMN_NAMES, FLAG_HEADINGS, FORM_DAYS, PREVIOUS_BEFORE, PREVIOUS_NOW},
    words::words,
};
use cartulary_model::{
    Comparator, PartialDate, Temporality, Unit, Value,
    fact::{Flag, ReferenceRange},
};

/// How far below its dates a table may go on, in characters.
const DEPTH: usize = 4000;

/// The head of a column of one day: the number of separators before it, the day, and its field.
type Head = (usize, PartialDate, Span);

/// A row of dates.
struct Header {
    row: Span,
    days: Vec<Head>,
    /// Every field of the row, the ones without days too.
    fields: Vec<Span>,
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
    /// A day that stands behind it in brackets.
    own_day: Option<(PartialDate, Span)>,
}

impl Columns {
    pub(super) fn new(sheet: &Sheet<'_>) -> Self {
        let mut headers: Vec<Header> = Vec::new();
        let mut reached = 0;
        for mention in &sheet.mentions {
            // A row without an end is no head of a table, and is not searched field by field.
            if mention.span.start >= reached
                && let Some(row) = sheet.stream.short_row(mention.span.start)
            {
                reached = row.end;
                headers.extend(header(sheet, row));
            }
        }
        Self { headers }
    }

    /// The values of a name's row under the last row of dates.
    pub(super) fn read(&self, sheet: &Sheet<'_>, name: &Name) -> Option<Vec<Draft>> {
        let after = self.headers.partition_point(|header| header.row.end <= name.span().start);
        let header = self.headers.get(after.checked_sub(1)?)?;
        if name.span().start - header.row.end > DEPTH || is_of_no_table(sheet, name) {
            return None;
        }
        let mut row = row(sheet, name, header)?;
        let values = match header.parted {
            true => row.under_columns(header),
            false => row.under_fields(sheet, name, header)?,
        };
        if values.is_empty() {
            return None;
        }
        let latest = values.iter().map(|(_, day)| day.1).max();
        let drafts = values.into_iter().map(|(cell, day)| {
            let unit = cell.unit.or_else(|| row.unit.clone());
            let mut draft = value_draft(sheet, &name.hit, cell.number, unit, cell.span);
            draft.rule = "lab.column";
            draft.date = cell.own_day.or(Some((day.1, day.2)));
            let older = latest.is_some_and(|latest| draft.date.is_some_and(|of| of.0 < latest));
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

/// A row whose numbers are days, two or more, each in a field of its own.
fn header(sheet: &Sheet<'_>, row: Span) -> Option<Header> {
    let stream = &sheet.stream;
    // `since 09/2022   zanubrutinib   SD, then progression 02/2023`: a row of a table of treatments.
    let told = |of: &crate::lexicon::Candidate| matches!(of.hit.concept.kind(), "reg" | "drug" | "hist");
    // `Collected  12/09/2023 10:20    Rec'd  12/09/2023 12:05`: the days of a form.
    if sheet.candidates_in(row).iter().any(told) || sheet.says(row, FORM_DAYS) {
        return None;
    }
    let fields = stream.fields(row);
    let after = sheet.mentions.partition_point(|mention| mention.span.start < row.start);
    let inside = || sheet.mentions[after..].iter().take_while(|mention| mention.span.start < row.end);
    // Dates that one blank parts are told side by side as well: `Date 5/13/24 5/28/24`.
    let single = fields.len() == 1 && {
        let mut spans = inside().map(|of| of.span);
        let first = spans.next();
        let mut end = first.map_or(row.start, |of| of.end);
        spans.all(|of| {
            let blank = stream.text(Span::new(end.min(of.start), of.start)).chars().all(|of| of == ' ');
            end = of.end;
            blank
        })
    };
    if single {
        let days: Vec<_> = inside().map(|of| (0, of.date, of.span)).collect();
        let fields = days.iter().map(|of| of.2).collect();
        return (days.len() >= 2).then_some(Header { row, days, fields, parted: false });
    }
    let mut days = Vec::new();
    let mut zero = None;
    for field in &fields {
        let own = |counted: bool| {
            inside().filter(move |of| {
                of.counted.is_some() == counted && of.span.start >= field.start && of.span.end <= field.end
            })
        };
        // `D14 (21/09)`: the day itself before the count.
        let mut own = own(false).chain(own(true).filter(|_| own(false).next().is_none()));
        match (own.next(), own.next()) {
            (Some(mention), None) if is_day_of_column(stream, *field, mention.span) => {
                days.push((separators(sheet, row.start, field.start), mention.date, *field));
            }
            (None, _) if is_day_zero(stream, *field) => zero = Some(*field),
            (None, _) if !stream.text(*field).contains(|of: char| of.is_ascii_digit()) => {}
            _ => return None,
        }
    }
    if let Some(field) = zero {
        let day = inside().find_map(DateMention::day_zero)?;
        days.push((separators(sheet, row.start, field.start), day, field));
        // The newest column may stand first: `D14   D7   D0`.
        days.sort_by_key(|(_, _, field)| field.start);
    }
    let parted = (row.start..row.end).any(|at| matches!(stream.at(at), '|' | CELL));
    // "Collected 12/09/2023   Received 12/09/2023": two days of a form, and no columns.
    let named = |field: &Span| sheet.says(*field, COLUMN_NAMES);
    let bare =
        |field: &Span| !stream.text(*field).contains(char::is_alphabetic) || counts_days(stream, *field);
    let columns = days.iter().all(|(_, _, field)| bare(field) || named(field));
    (days.len() >= 2 && (columns || days.len() > 2)).then_some(Header { row, days, fields, parted })
}

/// `D14`, `Day +20`, `D14 (21/09)`.
fn counts_days(stream: &Stream, field: Span) -> bool {
    let text = stream.lower_text(field);
    let rest = text.strip_prefix("day").or_else(|| text.strip_prefix('d'));
    rest.is_some_and(|rest| !rest.contains(|of: char| of.is_alphabetic() && of != 'm' && of != 'p'))
}

/// `05/28/24  ANC 0.3 called to the ward`, "IVIG if IgG < 4": a row that tells its day or a condition is none of the table.
fn is_of_no_table(sheet: &Sheet<'_>, name: &Name) -> bool {
    let Some(row) = sheet.stream.short_row(name.span().start) else { return true };
    let before = Span::new(row.start, name.span().start);
    let condition = words!["if ", "when ", "until ", "unless ", "should ", "若", "如"];
    sheet.says(before, condition) || !sheet.mentions_in(before).is_empty()
}

/// `05/13/24`, `Admission 29/05`, `D14 (21/09)`, `07-12 08:00`; a label with a colon is a field of a form.
fn is_day_of_column(stream: &Stream, field: Span, day: Span) -> bool {
    const LONGEST: usize = 24;
    let before = stream.text(Span::new(field.start, day.start));
    let after = stream.text(Span::new(day.end, field.end));
    let counts = |text: &str| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        digits == 0
            || digits <= 3 && (text.to_lowercase().starts_with('d') || text.to_lowercase().starts_with("c"))
    };
    let time = after.contains(':') && after.chars().filter(char::is_ascii_digit).count() <= 6;
    field.len() <= LONGEST + day.len() && !before.contains(':') && counts(&before) && (counts(&after) || time)
}

/// `D0`, `Day 0`.
fn is_day_zero(stream: &Stream, field: Span) -> bool {
    matches!(stream.lower_text(field), "d0" | "d 0" | "d+0" | "day 0" | "day0")
}

impl Row {
    /// The cells in the columns of days, where strokes or cells part them.
    fn under_columns<'h>(&mut self, header: &'h Header) -> Vec<(Cell, &'h Head)> {
        let day = |cell: &Cell| header.days.iter().find(|(column, _, _)| *column == cell.column);
        std::mem::take(&mut self.cells)
            .into_iter()
            .filter_map(|cell| day(&cell).map(|of| (cell, of)))
            .collect()
    }

    /// The cells under the heads of days, told by where they stand; where that says nothing, by their number.
    fn under_fields<'h>(
        &mut self,
        sheet: &Sheet<'_>,
        name: &Name,
        header: &'h Header,
    ) -> Option<Vec<(Cell, &'h Head)>> {
        let cells = std::mem::take(&mut self.cells);
        let spans: Vec<Span> = cells.iter().map(|of| of.span).collect();
        let heads: Vec<Span> = header.fields.clone();
        let complete = cells.len() == header.days.len();
        let typed = heads.len() > 1 && sheet.stream.is_same_line(name.span().start, spans.last()?.start);
        // `<5` under the head of the reference is counted as a value otherwise.
        let others = heads.len() > header.days.len()
            && cells.iter().any(|of| of.number.comparator != Comparator::Equal);
        let places = (typed && (others || !complete)).then(|| place::under(sheet, &heads, &spans)).flatten();
        let places = places.filter(|of| !complete || of.iter().all(Option::is_some));
        let Some(places) = places else {
            return (cells.len() >= header.days.len()).then(|| cells.into_iter().zip(&header.days).collect());
        };
        let mut found = Vec::new();
        for (cell, field) in cells.into_iter().zip(places) {
            let head = field.and_then(|field| header.days.iter().find(|of| of.2 == heads[field]));
            match head {
                Some(head) => found.push((cell, head)),
                // `<225` behind the days is the reference.
                None if self.reference.is_none() && !found.is_empty() => {
                    self.reference = number::range_in(
                        &sheet.stream,
                        cell.span.start,
                        Slot { measured: true, spaced: false },
                    )
                    .map(|of| of.range);
                }
                None => {}
            }
        }
        let row = sheet.stream.short_row(name.span().start);
        let own_row = row.is_some_and(|row| row.start + 2 > name.span().start);
        let bare = header.days.iter().all(|of| !sheet.stream.text(of.2).contains(char::is_alphabetic));
        let enough = found.len() > 1 || header.days.len() > 2 || own_row && bare;
        (enough && !found.is_empty()).then_some(found)
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
    // What is bounded behind the unit of all days is their range.
    let mut unit_behind = false;
    let ends = |at: usize| {
        matches!(stream.at(at), BREAK | ';' | '。') || stream.at(at) == '.' && stream.at(at + 1) == ' '
    };
    while !ends(at) && at < stream.len() {
        let of = stream.at(at);
        // `7.4 (D+10)`: the day of one value in brackets.
        let opened = at + usize::from(of == '(');
        if let Some(mention) = sheet.mention_at(opened) {
            if let Some(cell) = row.cells.last_mut() {
                cell.own_day = Some((mention.date, mention.span));
            }
            at = mention.span.end.max(at + 1);
            continue;
        }
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
            if (range.low.is_some() && range.high.is_some()) || !of_a_day || unit_behind {
                row.reference = row.reference.or(Some(range));
                (at, filled) = (span.end, true);
                continue;
            }
        }
        // `Calcium (adjusted)`, "CD4+ T cells": no unit begins inside a word.
        let in_word = of.is_ascii_alphabetic() && at > 0 && stream.at(at - 1).is_ascii_alphabetic();
        if let Some(unit) = sheet.engine.units.read(stream, inner).filter(|_| !in_word).filter(|_| {
            // `388 H   -   274 H   U/L`: a unit in a field of its own, whatever days have no value.
            let filled = !header.parted && (row.cells.len() >= header.days.len() || stream.was_parted(at));
            row.unit.is_none() && (row.cells.is_empty() || !of_a_day || filled)
        }) {
            row.unit = Some(unit.unit);
            unit_behind = !row.cells.is_empty() && !header.parted;
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
        if !header.parted && !row.cells.is_empty() && !matches!(of, ' ' | '-' | '/' | '(' | ')') {
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
        own_day: None,
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
            let row = row(
                sheet,
                name,
                &Header { row: Span::new(start, end), days, fields: Vec::new(), parted: true },
            )?;
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
