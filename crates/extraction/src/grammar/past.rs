//! Old and new values of one scale, and conditions that are nobody's state.
//!
//! ## Reads
//! `初诊ⅡA期…现ⅣB期`, "ECOG 2 at presentation", "previously 5", `纳入标准:ECOG 0-1分`.
//!
//! ## Never
//! A value that was true at diagnosis is only past when a newer one of the same scale stands beside it.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::past::{
        CONDITIONS, DEMANDS, NOW, OWN, SURE_AFTER, SURE_BEFORE, TRIAL_CONDITION, VISIT_AFTER, VISIT_BEFORE,
    },
    words::{List, Place, words},
};
use cartulary_model::Temporality;

/// How surely a value is one of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Past {
    /// The words say that it is of today: what else is told of the same scale is older.
    Now,
    /// Nothing says so.
    No,
    /// It is of an earlier visit, and past if a newer value is told.
    IfReplaced,
    /// The words say so.
    Yes,
}

/// Whether the value named at `name` and ending at `end` is of the past, by the words of its own clause.
pub(super) fn past(sheet: &Sheet<'_>, name: usize, end: usize) -> Past {
    let before = clause_before(sheet, name, 26);
    let after = clause_after(sheet, end, 24);
    if before.ends_with('原')
        || sheet.stream.text_has(before, SURE_BEFORE)
        || sheet.stream.text_begins(after.trim_start(), SURE_AFTER)
    {
        return Past::Yes;
    }
    // "the sheet of 2022 still gives ECOG 2": the value of an earlier year.
    let years = sheet.date.is_some_and(|today| {
        let clause = clause_window(sheet, name, 26);
        sheet.mentions.iter().any(|of| {
            of.span.start >= clause.start && of.span.end <= clause.end && of.date.year() < today.year()
        })
    });
    if years {
        return Past::IfReplaced;
    }
    if sheet.stream.text_begins(after.trim_start(), NOW) || sheet.stream.text_ends(before.trim_end(), NOW) {
        return Past::Now;
    }
    let left = sheet.stream.text_ends(before.trim_end(), words!["from", "由", "从"]);
    if left || sheet.stream.text_has(before, VISIT_BEFORE) || sheet.stream.text_has(after, VISIT_AFTER) {
        return Past::IfReplaced;
    }
    Past::No
}

fn is_stop(of: char) -> bool {
    matches!(of, ',' | ';' | '。' | BREAK | '\t' | '(' | '、')
}

fn clause_before<'s>(sheet: &'s Sheet<'_>, at: usize, most: usize) -> &'s str {
    sheet.stream.lower_text(clause_window(sheet, at, most))
}

fn clause_window(sheet: &Sheet<'_>, at: usize, most: usize) -> Span {
    let window = sheet.before(at, most);
    let start = (window.start..window.end)
        .rev()
        .find(|of| is_stop(sheet.stream.at(*of)))
        .map_or(window.start, |of| of + 1);
    Span::new(start, at)
}

fn clause_after<'s>(sheet: &'s Sheet<'_>, at: usize, most: usize) -> &'s str {
    let window = sheet.after(at, most);
    let end = (window.start..window.end).find(|of| is_stop(sheet.stream.at(*of))).unwrap_or(window.end);
    sheet.stream.lower_text(Span::new(window.start, end))
}

/// A value of an earlier visit is past when the paper tells a newer one of the same scale.
pub(super) fn settle(drafts: &mut [(Draft, Past)], same: impl Fn(&Draft, &Draft) -> bool) {
    for index in 0..drafts.len() {
        let told = |sure: fn(Past) -> bool| {
            drafts.iter().any(|(other, past)| sure(*past) && same(other, &drafts[index].0))
        };
        let newer = told(|past| past <= Past::No);
        let today = told(|past| past == Past::Now);
        let is_past = match drafts[index].1 {
            Past::Now => false,
            Past::No => today,
            Past::IfReplaced => newer,
            Past::Yes => true,
        };
        let (draft, _) = &mut drafts[index];
        draft.temporality = Some(if is_past { Temporality::Historical } else { Temporality::Current });
    }
}

/// Conditions of a trial, a label or a guideline: what they name is not the patient's.
pub(super) fn is_condition(sheet: &Sheet<'_>, span: Span) -> bool {
    let sentence = sheet.sentence(span.start);
    let start = sentence.start.max(span.start.saturating_sub(120));
    let text = sheet.stream.lower_text(Span::new(start, span.start));
    let near = clause_before(sheet, span.start, 40);
    let demanded = text.contains("须满足") || sheet.stream.text_has(near, DEMANDS);
    (demanded || sheet.stream.text_has(text, CONDITIONS)) && !sheet.stream.text_has(text, OWN)
}

/// The list of who may enter a trial: the diseases it names are nobody's.
pub(super) fn is_trial_condition(sheet: &Sheet<'_>, span: Span) -> bool {
    const REACH: usize = 160;
    let sentence = sheet.sentence(span.start);
    let previous = sheet.sentence(sentence.start.saturating_sub(1)).start;
    let start = previous.max(span.start.saturating_sub(REACH));
    let before = sheet.within(Span::new(start, span.start));
    // "Eligibility: ECOG 0-1. The patient is ECOG 2": behind the list the patient is spoken of.
    let last_of = |words: &List| sheet.stream.words_in(before, words).next_back().map(Place::start);
    let (last, own) = (last_of(TRIAL_CONDITION), last_of(OWN));
    last.is_some() && own < last
}
