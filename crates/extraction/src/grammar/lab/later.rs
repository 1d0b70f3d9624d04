//! A later result of the same test, told without its name: `HBV-DNA上月未检出,本月1.5×10^3 IU/mL`, `HBsAg去年阴性,今年阳性`.
//!
//! ## Reads
//! Directly behind the first result a clause that opens with a word of the later time, or a day, and holds a sign or a
//! number with the test's own unit. The first result is then one of the past.
//!
//! ## Leaves alone
//! Clauses that name another test, and results of other days without a word that says so.

use super::{
    course::value_draft,
    row::is_own,
    signs::{Reported, first_sign},
};
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::{BREAK, Hit, Span},
    vocabulary::lab::{FORMER_BEHIND, LATER_GLUE, LATER_LEADS, NOW_BEHIND},
    words::{List, words},
};
use cartulary_model::{Temporality, Value};

/// The later result, if the clause behind `end` tells one that differs from the first.
pub(super) fn result(sheet: &Sheet<'_>, hit: &Hit, first: &Draft, end: usize) -> Option<Draft> {
    const LONGEST: usize = 34;
    let stream = &sheet.stream;
    let end = behind_day(sheet, end);
    if !matches!(stream.at(end), ',' | ';') {
        return None;
    }
    let from = end + 1 + usize::from(stream.at(end + 1) == ' ');
    let stops = |at: &usize| matches!(stream.at(*at), ',' | ';' | '。' | BREAK);
    let clause =
        Span::new(from, (from..stream.len().min(from + LONGEST)).find(stops).unwrap_or(from + LONGEST));
    let named = sheet
        .candidates_in(clause)
        .iter()
        .any(|of| of.hit.span.start >= from && matches!(of.hit.concept.kind(), "lab" | "bio" | "test"));
    let day = sheet.mentions.iter().find(|of| of.span.start == from);
    let lead = stream.words_at(from, LATER_LEADS).next_back().map(|of| of.end());
    let Some(told) = lead.or(day.map(|of| of.span.end)).filter(|_| !named) else {
        return if named {
            None
        } else {
            before_its_time(sheet, hit, from).filter(|of| of.value != first.value)
        };
    };
    let mut at = told;
    while let Some(glue) = stream.words_at(at, LATER_GLUE).next_back() {
        at = glue.end();
    }
    let draft = sign(sheet, hit, at).or_else(|| measured(sheet, hit, at))?;
    let differs = draft.value != first.value;
    let date = day.map(|of| (of.date, of.span)).or(draft.date);
    // `2019年阳性,上月未检出`: behind a result of an older day the last month is the later one.
    let near = Span::new(hit.span.start.saturating_sub(16), hit.span.start);
    let clause = stream.signs_in(near, |of| matches!(of, ',' | ';' | '。' | BREAK)).next_back();
    let own = sheet.mentions_in(Span::new(clause.map_or(near.start, |at| at + 1), end));
    let older = own.iter().any(|of| !stream.reads_any(of.span.start, words!["今", "本", "today", "this"]));
    let before = !older && stream.reads_any(from, BEFORE);
    let temporality = Some(if before { Temporality::Historical } else { Temporality::Current });
    differs.then_some(Draft { date, temporality, ..draft })
}

/// `今日HBV-DNA未检出,上月为64 IU/ml`: what opens the clause of an older result.
const BEFORE: &List = words![
    "上月",
    "上个月",
    "上周",
    "上次",
    "前次",
    "去年",
    "前年",
    "之前",
    "此前",
    "前一次",
    "last month",
    "last week",
    "previously",
    "last year",
];

/// The value of the same test behind one that is void: `(标本溶血,作废),重采后18.3μmol/L`.
pub(super) fn behind_void(sheet: &Sheet<'_>, void: &Draft, end: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    if !matches!(stream.at(end), ',' | ';') {
        return None;
    }
    let from = end + 1 + usize::from(stream.at(end + 1) == ' ');
    let mut at = stream.words_at(from, LATER_LEADS).next_back()?.end();
    while let Some(glue) = stream.words_at(at, LATER_GLUE).next_back() {
        at = glue.end();
    }
    let hit = Hit { concept: void.concept.clone(), span: void.name };
    measured(sheet, &hit, at)
}

/// "negative in 2019, positive today": where the day that hangs on the first result ends.
fn behind_day(sheet: &Sheet<'_>, end: usize) -> usize {
    let stream = &sheet.stream;
    if let Some(told) = stream.words_at(end, FORMER_BEHIND).next_back() {
        return told.end();
    }
    let from = stream.words_at(end, words![" in ", " on ", " "]).next_back().map_or(end, |of| of.end());
    sheet.mentions.iter().find(|of| of.span.start == from).map_or(end, |of| of.span.end)
}

/// "positive today", "reactive on 3 March": a sign with its time behind it.
fn before_its_time(sheet: &Sheet<'_>, hit: &Hit, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let draft = sign(sheet, hit, at).filter(|of| of.span.start == at)?;
    let behind = draft.span.end;
    let now = stream.reads_any(behind, NOW_BEHIND);
    let from = stream.words_at(behind, words![" in ", " on "]).next_back().map(|of| of.end());
    let day = from.and_then(|from| sheet.mentions.iter().find(|of| of.span.start == from));
    let date = day.map(|of| (of.date, of.span));
    (now || date.is_some()).then_some(Draft { date, temporality: Some(Temporality::Current), ..draft })
}

fn sign(sheet: &Sheet<'_>, hit: &Hit, at: usize) -> Option<Draft> {
    const NEAR: usize = 8;
    let (reported, span) = first_sign(sheet, Span::new(at, at + NEAR))?;
    let sign = Reported::sign(reported).filter(|_| span.start <= at + 1)?;
    let draft = Draft::new(hit.concept.as_str(), span, "lab.later").named_at(hit.span);
    Some(draft.value(Value::Sign(sign)).present())
}

fn measured(sheet: &Sheet<'_>, hit: &Hit, at: usize) -> Option<Draft> {
    let stream = &sheet.stream;
    let number = number::number_at(stream, at)?;
    let behind = number.span.end + usize::from(stream.at(number.span.end) == ' ');
    let unit = sheet.engine.units.read(stream, behind)?;
    let own = is_own(sheet, &hit.concept, &unit.unit);
    let span = Span::new(number.span.start, unit.span.end);
    own.then(|| Draft { rule: "lab.later", ..value_draft(sheet, hit, number, Some(unit.unit), span) })
}
