//! Numbers whose digits stand apart: `1 204 U/L`, `61 000 /uL`, `9 .8 g/dL`, `15 6 x10^9/L`.
//!
//! Three digits behind a blank are thousands where the unit behind them is the analyte's and a living person can have
//! so much. Where digits, a blank, digits and a unit can be read in two ways, no value is read: the first digits alone are
//! not what the paper says.

use super::row::{canonical, is_own};
use crate::{number::Number, sheet::Sheet, stream::Span};
use cartulary_model::{Comparator, ConceptId, Quantity, Unit};

/// The number with the digits that belong to it; nothing where that cannot be told.
pub(super) fn mend(sheet: &Sheet<'_>, concept: &ConceptId, first: Number, limit: usize) -> Option<Number> {
    let end = first.span.end;
    if !sheet.stream.at(end.saturating_sub(1)).is_ascii_digit() || !is_whole(first.value) {
        return Some(first);
    }
    if let Some(decimal) = split_point(sheet, concept, first, limit) {
        return Some(decimal);
    }
    grouped(sheet, concept, first, limit)
}

fn is_whole(value: f64) -> bool {
    value.fract() == 0.0
}

/// How many digits stand from here, and where they end.
fn digits(sheet: &Sheet<'_>, at: usize) -> Span {
    let count = (at..).take_while(|of| sheet.stream.at(*of).is_ascii_digit()).count();
    Span::new(at, at + count)
}

fn unit_behind(sheet: &Sheet<'_>, end: usize, limit: usize) -> Option<Unit> {
    let at = end + usize::from(sheet.stream.at(end) == ' ');
    let found = sheet.engine.units.read(&sheet.stream, at);
    found.filter(|of| of.span.end <= limit).map(|of| of.unit)
}

/// The first number with all its digits; what was set apart is a repair.
fn figure(first: Number, digits: &str, end: usize) -> Option<Number> {
    let value = digits.parse().ok()?;
    Some(Number { value, span: Span::new(first.span.start, end), repaired: true, ..first })
}

/// `9 .8 g/dL`, `4. 2 x10^9/L`: the blank that recognition put beside a point.
fn split_point(sheet: &Sheet<'_>, concept: &ConceptId, first: Number, limit: usize) -> Option<Number> {
    let stream = &sheet.stream;
    let end = first.span.end;
    let (from, sure) = match (stream.at(end), stream.at(end + 1), stream.at(end + 2)) {
        (' ', '.', of) if of.is_ascii_digit() => (end + 2, true),
        ('.', ' ', of) if of.is_ascii_digit() => (end + 2, false),
        _ => return None,
    };
    let behind = digits(sheet, from);
    let ends = !stream.at(behind.end).is_ascii_alphanumeric();
    // A point before a blank also ends a sentence: there the unit of the analyte must follow.
    let own = || unit_behind(sheet, behind.end, limit).is_some_and(|unit| is_own(sheet, concept, &unit));
    if !(1..=if sure { 2 } else { 1 }).contains(&behind.len())
        || behind.end > limit.max(end + 4)
        || !(sure && ends || own())
    {
        return None;
    }
    figure(first, &format!("{}.{}", first.value, stream.text(behind)), behind.end)
}

/// Digits, one blank, digits.
fn grouped(sheet: &Sheet<'_>, concept: &ConceptId, first: Number, limit: usize) -> Option<Number> {
    let stream = &sheet.stream;
    let end = first.span.end;
    let apart = matches!(stream.at(end), ' ' | '\'') && !stream.has_gap(end);
    let behind = digits(sheet, end + 1);
    if !apart || behind.is_empty() || behind.end > limit || is_part(sheet, behind.end) {
        return Some(first);
    }
    // `712 1U/L`: a misread unit begins with a digit.
    if sheet.engine.units.read(stream, end + 1).is_some() {
        return Some(first);
    }
    let joined = figure(first, &format!("{}{}", first.value, stream.text(behind)), behind.end);
    let group = behind.len() == 3 && (1.0..1000.0).contains(&first.value);
    let Some(unit) = unit_behind(sheet, behind.end, limit) else {
        // Nothing is counted in whole thousands by chance: `61 000`.
        let round = group && (stream.at(end) == '\'' || stream.reads(end + 1, "000"));
        return if round { joined } else { Some(first) };
    };
    if !is_own(sheet, concept, &unit) {
        return Some(first);
    }
    let possible = |number: &Number| {
        let printed =
            Quantity { value: number.value, comparator: Comparator::Equal, unit: Some(unit.clone()) };
        canonical(sheet, concept, &printed).is_some()
    };
    joined.filter(|number| group && possible(number))
}

/// Whether the digits go on as a number of another kind: `3.5`, `100-300`, `8/12`.
fn is_part(sheet: &Sheet<'_>, end: usize) -> bool {
    let stream = &sheet.stream;
    match stream.at(end) {
        '.' | ',' | ':' | '/' => stream.at(end + 1).is_ascii_digit(),
        '-' | '~' | '^' => true,
        _ => false,
    }
}
