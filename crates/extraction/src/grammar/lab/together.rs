//! Several analytes written together: `ALT/AST 32/28 U/L`, `WBC/Hb/PLT：2.1/78/34`.
//!
//! As many numbers as names, in the same order. Names with a single number are a ratio (`AST/ALT 1.2`) and are left
//! alone.

use super::{Name, course::value_draft, row::is_own};
use crate::{
    draft::Draft,
    number::{self, Number, Slot},
    sheet::Sheet,
    stream::Span,
};

/// Facts of names written together, and the names that must not be read alone.
pub(super) fn read(sheet: &Sheet<'_>, names: &[Name]) -> (Vec<Draft>, Vec<Span>) {
    let (mut drafts, mut taken) = (Vec::new(), Vec::new());
    let mut start = 0;
    while start < names.len() {
        let mut end = start + 1;
        while end < names.len() && is_joined(sheet, &names[end - 1], &names[end]) {
            end += 1;
        }
        let run = &names[start..end];
        start = end;
        if run.len() < 2 {
            continue;
        }
        taken.extend(run.iter().map(Name::span));
        let numbers = numbers(sheet, run[run.len() - 1].span().end);
        if numbers.len() == run.len() {
            drafts
                .extend(run.iter().zip(&numbers).map(|(name, number)| draft(sheet, name, number, &numbers)));
        }
    }
    (drafts, taken)
}

fn is_joined(sheet: &Sheet<'_>, name: &Name, next: &Name) -> bool {
    let apart = sheet.stream.text(Span::new(name.span().end.min(next.span().start), next.span().start));
    apart.trim() == "/" && !name.is_serology() && !next.is_serology() && name.hit.concept != next.hit.concept
}

/// Numbers parted by strokes.
fn numbers(sheet: &Sheet<'_>, from: usize) -> Vec<Number> {
    let stream = &sheet.stream;
    let slot = Slot { measured: true, spaced: false };
    let mut numbers = Vec::new();
    let mut at = from;
    loop {
        while matches!(stream.at(at), ' ' | ':' | '=' | '为') {
            at += 1;
        }
        let Some(number) = number::number_in(stream, at, slot) else { break };
        at = number.span.end;
        numbers.push(number);
        while stream.at(at) == ' ' {
            at += 1;
        }
        if stream.at(at) != '/' {
            break;
        }
        at += 1;
    }
    numbers
}

fn draft(sheet: &Sheet<'_>, name: &Name, number: &Number, all: &[Number]) -> Draft {
    let last = all.last().map_or(number.span.end, |of| of.span.end);
    let at = last + usize::from(sheet.stream.at(last) == ' ');
    let unit = sheet.engine.units.read(&sheet.stream, at).map(|of| of.unit);
    let unit = unit.filter(|unit| is_own(sheet, &name.hit.concept, unit));
    Draft { rule: "lab.together", ..value_draft(sheet, &name.hit, *number, unit, number.span) }
}
