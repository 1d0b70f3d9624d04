//! Assertion, experiencer, temporality and date of each draft, from cues, sections and dates around it.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
};
use cartulary_model::{Assertion, Experiencer, Temporality, fact::Attr};

/// Fills in what the grammar left open.
pub(crate) fn assertions(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut() {
        let reading = sheet.modifiers.read(draft.name);
        let message = sheet.is_kind(&["sec.doc_message"]);
        let family_section = sheet.is_under(draft.span.start, &["sec.sec_family"]);
        if draft.experiencer.is_none() {
            draft.experiencer = Some(match reading.experiencer {
                _ if family_section => Experiencer::Family,
                // In a relative's own message "my mother" is the patient.
                Experiencer::Family if message => Experiencer::Patient,
                other => other,
            });
        }
        if draft.assertion.is_none() {
            draft.assertion = Some(section_default(sheet, draft, reading.assertion));
        }
        if draft.temporality.is_none() {
            draft.temporality = Some(temporality(sheet, draft, reading.temporality));
        }
        draft.cues.extend(reading.cues);
    }
}

/// What is planned or asked for under its heading is no fact of the past.
fn section_default(sheet: &Sheet<'_>, draft: &Draft, read: Assertion) -> Assertion {
    let kind = draft.concept.kind();
    let plan = sheet.is_under(draft.span.start, &["sec.sec_plan"]);
    let asked = sheet.is_under(draft.span.start, &["sec.sec_indication"]);
    match read {
        Assertion::Present if plan && matches!(kind, "reg" | "drug" | "test") => Assertion::Hypothetical,
        Assertion::Present if asked && matches!(kind, "find" | "site") => Assertion::Possible,
        other => other,
    }
}

fn temporality(sheet: &Sheet<'_>, draft: &Draft, read: Temporality) -> Temporality {
    let of_past_section = sheet.is_under(draft.span.start, &["sec.sec_pmh"]);
    match draft.concept.kind() {
        // The present disease's first diagnosis is not "historical"; only words like 原为 make it so.
        "hist" | "find" | "com" | "sym" => {
            if of_past_section && draft.concept.is("com") { Temporality::Historical } else { read }
        }
        _ => Temporality::Current,
    }
}

/// How far back a date may stand, in characters, for events of a course told in one paragraph.
const CARRY: usize = 160;

/// Gives each undated draft the date that governs it.
pub(crate) fn dates(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut().filter(|draft| draft.date.is_none()) {
        draft.date = match draft.concept.kind() {
            "pt" => None,
            "lab" | "bio" if draft.attrs.get(&Attr::Timepoint).is_none() => {
                own_sentence(sheet, draft.span).filter(|_| !is_sheet(sheet)).or(sheet.sample_date)
            }
            _ => governing(sheet, draft),
        };
    }
}

/// A laboratory sheet or report has one date for all its values.
fn is_sheet(sheet: &Sheet<'_>) -> bool {
    let values = sheet.sample_date.is_some() && !sheet.is_kind(&["sec.doc_discharge", "sec.doc_referral", "sec.doc_admission", "sec.doc_message", "sec.doc_progress", "sec.doc_outpatient"]);
    values || sheet.is_kind(&["sec.doc_lab", "sec.doc_cbc", "sec.doc_chem", "sec.doc_virology", "sec.doc_coag"])
}

type Dated = Option<(cartulary_model::PartialDate, Span)>;

/// The last date before the words in their sentence, else the first after them in their clause.
fn own_sentence(sheet: &Sheet<'_>, span: Span) -> Dated {
    let sentence = sheet.sentence(span.start);
    let inside = sheet.mentions.iter().find(|of| of.span.overlaps(span));
    let before = sheet.mentions.iter().rev().find(|of| of.span.end <= span.start && of.span.start >= sentence.start);
    let clause_end = (span.end..sentence.end).find(|at| matches!(sheet.stream.at(*at), ',' | CELL | BREAK)).unwrap_or(sentence.end);
    let after = sheet.mentions.iter().find(|of| of.span.start >= span.end && of.span.end <= clause_end);
    // `R-CHOP from March to July 2020`: the date in the same clause is nearer than one of an earlier clause.
    let clause_start = (sentence.start..span.start).rev().find(|at| matches!(sheet.stream.at(*at), ',' | CELL)).unwrap_or(sentence.start);
    let before_in_clause = before.filter(|of| of.span.start >= clause_start);
    inside.or(before_in_clause).or(after).or(before).map(|of| (of.date, of.span))
}

fn governing(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    let own = own_sentence(sheet, draft.span);
    let told = matches!(draft.concept.kind(), "reg" | "drug" | "hist" | "test" | "event")
        || matches!(draft.rule, "response.category" | "response.relapse" | "response.transformation" | "score.points");
    if own.is_some() || !told {
        return own;
    }
    // Examination reports are dated as a whole.
    if is_sheet(sheet) && !matches!(draft.concept.kind(), "reg" | "drug") {
        return sheet.sample_date;
    }
    let from = draft.span.start.saturating_sub(CARRY);
    sheet
        .mentions
        .iter()
        .rev()
        .find(|of| of.span.end <= draft.span.start && of.span.start >= from)
        .filter(|of| !crosses_paragraph(sheet, of.span.end, draft.span.start))
        .map(|of| (of.date, of.span))
}

fn crosses_paragraph(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|at| sheet.stream.at(at) == BREAK)
}
