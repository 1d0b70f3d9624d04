//! Several analytes listed, and behind the list their values: `WBC、HGB、PLT分别为2.1、78、56`, "ALT and AST were 80 and 45 U/L".
//!
//! A bound may be of all: `ALT、AST均<40U/L`.
//!
//! As many numbers as names, in the same order; a unit behind the last number is of all it can be. Where the counts
//! differ, or a unit is not that of its analyte, nothing is read: the last name's value is not the first number.

use super::{
    Name,
    counter::is_counter,
    course::value_draft,
    flag::flag_at,
    row::{is_dated, is_own},
};
use crate::{
    draft::Draft,
    number::{self, Number, Slot},
    sheet::Sheet,
    stream::Span,
    vocabulary::lab::{LIST_GAPS, LIST_LEADS, LIST_ORDERED, LIST_PLURAL},
    words::Place,
};
use cartulary_model::{
    Comparator, Unit, Value,
    fact::{Flag, Measurement},
};

/// A value of the list.
struct Told {
    number: Number,
    unit: Option<Unit>,
    flag: Option<Flag>,
}

/// Facts of names listed before their values, and the names that must not be read alone.
pub(super) fn read(sheet: &Sheet<'_>, names: &[Name]) -> (Vec<Draft>, Vec<Span>) {
    let (mut drafts, mut taken) = (Vec::new(), Vec::new());
    let mut start = 0;
    while start < names.len() {
        let mut end = start + 1;
        while end < names.len() && goes_on(sheet, &names[end - 1], &names[end]) {
            end += 1;
        }
        let run = &names[start..end];
        start = end;
        let listed = distinct(run);
        if listed.len() < 2 {
            continue;
        }
        let from = run[run.len() - 1].span().end;
        let next = names.get(start).map_or(sheet.stream.len(), |of| of.span().start);
        let values = values(sheet, from);
        let one_of_all = is_of_all(sheet, from, &values);
        if values.len() < 2 && !one_of_all && !is_ordered(sheet, Span::new(from, next.max(from))) {
            continue;
        }
        taken.extend(run.iter().map(Name::span));
        drafts.extend(if one_of_all {
            bounds(sheet, &listed, &values)
        } else {
            matched(sheet, &listed, &values)
        });
    }
    (drafts, taken)
}

/// One name for each analyte: `白细胞(WBC)` is one.
fn distinct(run: &[Name]) -> Vec<&Name> {
    let mut names: Vec<&Name> = run.iter().collect();
    names.dedup_by(|next, before| next.hit.concept == before.hit.concept);
    names
}

/// Nothing but the sign or word of a list between two names, or the bracket of a second name.
fn goes_on(sheet: &Sheet<'_>, name: &Name, next: &Name) -> bool {
    let gap = Span::new(name.span().end, next.span().start.max(name.span().end));
    let alias = name.hit.concept == next.hit.concept && matches!(sheet.stream.text(gap).trim(), "" | "(");
    let closes = usize::from(sheet.stream.at(gap.start) == ')');
    let between = Span::new(gap.start + closes, gap.end.max(gap.start + closes));
    let listed = !between.is_empty() && whole(sheet, between);
    !(name.is_serology() || next.is_serology()) && (alias || listed)
}

fn whole(sheet: &Sheet<'_>, gap: Span) -> bool {
    sheet.stream.words_at(gap.start, LIST_GAPS).any(|of| of.end() == gap.end)
}

/// `分别`, "respectively" before the next name: the first number is not the last name's, whatever stands between them.
fn is_ordered(sheet: &Sheet<'_>, behind: Span) -> bool {
    let sentence = sheet.sentence(behind.start.saturating_sub(1));
    sheet.says(Span::new(behind.start, behind.end.min(sentence.end).max(behind.start)), LIST_ORDERED)
}

/// "ALT and AST were <40 U/L", `ALT、AST均<40U/L`: what is said of all of them once.
fn is_of_all(sheet: &Sheet<'_>, from: usize, values: &[Told]) -> bool {
    let [one] = values else { return false };
    sheet.says(Span::new(from, one.number.span.start), LIST_PLURAL)
}

/// A bound that all of them keep; one number is not the value of several.
fn bounds(sheet: &Sheet<'_>, names: &[&Name], values: &[Told]) -> Vec<Draft> {
    let [told] = values else { return Vec::new() };
    let kept = told.number.comparator != Comparator::Equal && told.unit.is_some();
    names.iter().filter(|_| kept).filter_map(|name| draft(sheet, name, told, None)).collect()
}

/// The numbers behind the list with their units, parted as a list is.
fn values(sheet: &Sheet<'_>, end: usize) -> Vec<Told> {
    let stream = &sheet.stream;
    let slot = Slot { measured: true, spaced: false };
    let past = |at: usize| at + usize::from(stream.at(at) == ' ');
    let mut at = end + usize::from(stream.at(end) == ')');
    while let Some(lead) = stream.words_at(past(at), LIST_LEADS).map(Place::end).max() {
        at = lead;
    }
    at = past(at);
    let mut values = Vec::new();
    while let Some(number) = number::number_in(stream, at, slot) {
        if is_counter(sheet, number.span) || is_dated(sheet, number.span) {
            break;
        }
        let mut end = number.span.end;
        let unit = sheet.engine.units.read(stream, past(end)).map(|of| {
            end = of.span.end;
            of.unit
        });
        let flag = flag_at(sheet, past(end)).map(|(flag, after)| {
            end = after;
            flag
        });
        values.push(Told { number, unit, flag });
        let Some(next) = stream.words_at(end, LIST_GAPS).map(Place::end).max() else { break };
        at = next;
    }
    values
}

/// Each name with its value; nothing where they do not fit.
fn matched(sheet: &Sheet<'_>, names: &[&Name], values: &[Told]) -> Vec<Draft> {
    if names.len() != values.len() {
        return Vec::new();
    }
    let last = values.last().and_then(|of| of.unit.clone());
    let bare = values.iter().filter(|of| of.unit.is_none()).count();
    let shared = (bare + 1 == values.len()).then_some(last).flatten();
    let drafts = names.iter().zip(values).map(|(name, told)| draft(sheet, name, told, shared.as_ref()));
    drafts.collect::<Option<_>>().unwrap_or_default()
}

fn draft(sheet: &Sheet<'_>, name: &Name, told: &Told, shared: Option<&Unit>) -> Option<Draft> {
    let own = |unit: &&Unit| is_own(sheet, &name.hit.concept, unit);
    if told
        .unit
        .as_ref()
        .is_some_and(|unit| !own(&unit) && sheet.catalogue().analyte(&name.hit.concept).is_some())
    {
        return None;
    }
    let unit = told.unit.clone().or_else(|| shared.filter(own).cloned());
    let mut draft = value_draft(sheet, &name.hit, told.number, unit, told.number.span);
    if let Value::Measurement(Measurement { flag, .. }) = &mut draft.value {
        *flag = told.flag;
    }
    Some(Draft { rule: "lab.together", ..draft })
}
