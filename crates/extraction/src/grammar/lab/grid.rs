//! A table with a day a row: names of analytes side by side, and rows of values under them.
//!
//! `日期 WBC HGB PLT` over `2024-05-01 3.1 98 120`. A row counts only when it has a value for every name (or, with
//! strokes between cells, when the value stands under its name).

use super::{Name, course::value_draft, flag::flag_at};
use crate::{
    draft::Draft,
    number::{self, Number, Slot, UnitRead},
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
};
use cartulary_model::{PartialDate, Temporality, Unit, Value, fact::Flag};

/// Names of one row, with the column and the unit of each.
struct Heading<'a> {
    names: Vec<(&'a Name, usize, Option<Unit>)>,
    parted: bool,
    end: usize,
}

struct Day {
    date: Option<(PartialDate, Span)>,
    values: Vec<Cell>,
}

/// A value with the place of its name in the heading.
struct Cell {
    place: usize,
    number: Number,
    flag: Option<Flag>,
    unit: Option<UnitRead>,
}

/// Facts of every such table, and the names in their headings.
pub(super) fn read(sheet: &Sheet<'_>, names: &[Name]) -> (Vec<Draft>, Vec<Span>) {
    let (mut drafts, mut taken) = (Vec::new(), Vec::new());
    let mut start = 0;
    while start < names.len() {
        let row_end = row_end(sheet, names[start].span().end);
        let end = start + names[start..].iter().take_while(|name| name.span().end <= row_end).count().max(1);
        if let Some(heading) = heading(sheet, &names[start..end], row_end) {
            let found = under(sheet, &heading);
            if !found.is_empty() {
                taken.extend(names[start..end].iter().map(Name::span));
                drafts.extend(found);
            }
        }
        start = end;
    }
    (drafts, taken)
}

fn row_end(sheet: &Sheet<'_>, from: usize) -> usize {
    let rest = Span::new(from, sheet.stream.len());
    sheet.stream.first_sign_in(rest, |of| of == BREAK).unwrap_or(sheet.stream.len())
}

/// Two or more names in a row that has no value of its own.
fn heading<'a>(sheet: &Sheet<'_>, names: &'a [Name], end: usize) -> Option<Heading<'a>> {
    let stream = &sheet.stream;
    // `血小板计数 PLT | 186 | 151`: one analyte named twice heads nothing.
    let several = names.iter().any(|of| of.hit.concept != names[0].hit.concept);
    let first = names.first().filter(|_| several)?;
    if names.iter().any(Name::is_serology) || end >= stream.len() {
        return None;
    }
    let row_start = (0..first.span().start).rev().find(|at| stream.at(*at) == BREAK).map_or(0, |at| at + 1);
    let mut column = 0;
    let mut at = row_start;
    let mut heading = Heading { names: Vec::new(), parted: false, end };
    for name in names {
        let between = (at..name.span().start).filter(|of| matches!(stream.at(*of), '|' | CELL)).count();
        column += between;
        heading.parted |= between > 0 && !heading.names.is_empty();
        let unit_at = name.span().end + usize::from(stream.at(name.span().end) == ' ');
        let opened = usize::from(stream.at(unit_at) == '(');
        let unit = sheet.engine.units.read(stream, unit_at + opened);
        at = unit.as_ref().map_or(name.span().end, |of| of.span.end);
        heading.names.push((name, column, unit.map(|of| of.unit)));
        let next = (at..end).find(|of| stream.at(*of).is_alphanumeric() || stream.at(*of) == '|');
        // A number behind a name is its value: this row is no heading.
        if next.is_some_and(|of| stream.at(of).is_ascii_digit() || matches!(stream.at(of), '<' | '>')) {
            return None;
        }
    }
    Some(heading)
}

/// The rows of values under a heading, until one is something else.
fn under(sheet: &Sheet<'_>, heading: &Heading<'_>) -> Vec<Draft> {
    let mut days = Vec::new();
    let mut at = heading.end + 1;
    while at < sheet.stream.len() {
        let end = row_end(sheet, at);
        let Some(day) = day(sheet, heading, Span::new(at, end)) else { break };
        days.push(day);
        at = end + 1;
    }
    let latest = days.iter().filter_map(|day| day.date.map(|(date, _)| date)).max();
    let mut drafts = Vec::new();
    for day in &days {
        let older = day.date.zip(latest).is_some_and(|((date, _), latest)| date < latest);
        for Cell { place, number, flag, unit: own } in &day.values {
            let (name, _, unit) = &heading.names[*place];
            let unit = unit.clone().or_else(|| own.as_ref().map(|of| of.unit.clone()));
            let mut draft = value_draft(sheet, &name.hit, *number, unit, number.span);
            if number.repaired || own.as_ref().is_some_and(|of| of.repaired) {
                draft.marks_repair();
            }
            draft.rule = "lab.grid";
            draft.date = day.date;
            draft.temporality = older.then_some(Temporality::Historical);
            if let Value::Measurement(of) = &mut draft.value {
                of.flag = *flag;
            }
            drafts.push(draft);
        }
    }
    // Several rows without days cannot be told apart.
    if days.len() > 1 && days.iter().any(|day| day.date.is_none()) { Vec::new() } else { drafts }
}

/// The values of one row.
fn day(sheet: &Sheet<'_>, heading: &Heading<'_>, row: Span) -> Option<Day> {
    let stream = &sheet.stream;
    let after = sheet.mentions.partition_point(|mention| mention.span.end <= row.start);
    let mention = sheet.mentions.get(after).filter(|of| of.span.end <= row.end);
    let mut at = mention.map_or(row.start, |of| of.span.end);
    let mut column = (row.start..at).filter(|of| matches!(stream.at(*of), '|' | CELL)).count();
    let mut values = Vec::new();
    let slot = Slot { measured: true, spaced: false };
    while at < row.end {
        if matches!(stream.at(at), '|' | CELL) {
            column += 1;
        }
        let Some(number) = number::number_in(stream, at, slot).filter(|of| of.span.end <= row.end) else {
            at += 1;
            continue;
        };
        // `报告:2024-06-12 10:51` tells an hour.
        if stream.at(number.span.end) == ':' && stream.at(number.span.end + 1).is_ascii_digit() {
            return None;
        }
        // `38 ×109/L`: the unit of a cell, whose numbers are none of its own.
        let behind = |at: usize| at + usize::from(stream.at(at) == ' ');
        let unit_at =
            |at: usize| sheet.engine.units.read(stream, behind(at)).filter(|of| of.span.end <= row.end);
        let first = unit_at(number.span.end);
        let end = first.as_ref().map_or(number.span.end, |of| of.span.end);
        let flag = flag_at(sheet, behind(end)).filter(|(_, end)| *end <= row.end);
        let end = flag.map_or(end, |(_, end)| end);
        let unit = first.or_else(|| unit_at(end));
        at = unit.as_ref().map_or(end, |of| of.span.end.max(end));
        let place = match heading.parted {
            true => heading.names.iter().position(|(_, of, _)| *of == column),
            false => Some(values.len()),
        };
        let place = place.filter(|place| !values.iter().any(|of: &Cell| of.place == *place));
        values.extend(place.map(|place| Cell { place, number, flag: flag.map(|(of, _)| of), unit }));
    }
    let complete = if heading.parted { !values.is_empty() } else { values.len() == heading.names.len() };
    complete.then(|| Day { date: mention.map(|of| (of.date, of.span)), values })
}
