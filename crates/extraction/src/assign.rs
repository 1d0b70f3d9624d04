//! Assertion, experiencer, temporality and date of each draft, from cues, sections and dates around it.

mod assertion;
mod past;
mod person;
mod replaced;

pub(crate) use assertion::{assert_alone, assertions};

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
};
use cartulary_model::fact::{Attr, AttrValue};

/// How far back a date may stand, in characters, for events of a course told in one paragraph.
const CARRY: usize = 160;

/// Gives each undated draft the date that governs it.
pub(crate) fn dates(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut().filter(|draft| draft.date.is_none()) {
        draft.date = match draft.concept.kind() {
            "pt" => None,
            "lab" | "bio" if !draft.attrs.contains_key(&Attr::Timepoint) => hanging(sheet, draft.span)
                .or_else(|| own_sentence(sheet, draft.span).filter(|_| !is_sheet(sheet)))
                .or_else(|| heads(sheet, draft.span).filter(|_| !is_sheet(sheet)))
                .or(sheet.sample_date)
                .or_else(|| carried(sheet, draft)),
            _ => governing(sheet, draft),
        };
        let span = draft.date.map(|(_, span)| span);
        if sheet.mentions.iter().any(|of| of.season && Some(of.span) == span) {
            draft.attrs.insert(Attr::DatePrecision, AttrValue::Text("season".into()));
        }
    }
}

/// A pathologist's or radiologist's report of one specimen or examination.
fn is_examination(sheet: &Sheet<'_>) -> bool {
    let kinds = [
        "sec.doc_pathology",
        "sec.doc_pathology_consult",
        "sec.doc_ihc",
        "sec.doc_fish",
        "sec.doc_ngs",
        "sec.doc_pet",
        "sec.doc_ct",
        "sec.doc_mri",
        "sec.doc_us",
        "sec.doc_echo",
        "sec.doc_bm_biopsy",
        "sec.doc_bm_smear",
        "sec.doc_flow",
        "sec.doc_csf",
    ];
    sheet.is_kind(&kinds)
}

/// A laboratory sheet or report has one date for all its values.
fn is_sheet(sheet: &Sheet<'_>) -> bool {
    let values = sheet.sample_date.is_some()
        && !sheet.is_kind(&[
            "sec.doc_discharge",
            "sec.doc_referral",
            "sec.doc_admission",
            "sec.doc_message",
            "sec.doc_progress",
            "sec.doc_outpatient",
        ]);
    values
        || sheet.is_kind(&["sec.doc_lab", "sec.doc_cbc", "sec.doc_chem", "sec.doc_virology", "sec.doc_coag"])
}

type Dated = Option<(cartulary_model::PartialDate, Span)>;

/// A date that hangs on the words is theirs.
fn hanging(sheet: &Sheet<'_>, span: Span) -> Dated {
    sheet.mentions.iter().find(|of| hangs_on(sheet, span, of.span)).map(|of| (of.date, of.span))
}

/// `in October 2022`, `(2022-08-08)`, `on PET 22/07/2019` directly behind the words.
fn hangs_on(sheet: &Sheet<'_>, words: Span, date: Span) -> bool {
    if date.start < words.end || date.start > words.end + 8 {
        return false;
    }
    let glue = sheet.stream.lower_text(Span::new(words.end, date.start));
    let known = [
        "",
        "(",
        "in",
        "on",
        "dated",
        "of",
        "since",
        "于",
        ":",
        "on pet",
        "on ct",
        "until",
        "was diagnosed in",
    ];
    known.contains(&glue.trim()) && !glue.contains(BREAK)
}

/// The last date before the words in their sentence, else the first after them in their clause.
fn own_sentence(sheet: &Sheet<'_>, span: Span) -> Dated {
    let sentence = sheet.sentence(span.start);
    let inside = sheet.mentions.iter().find(|of| of.span.overlaps(span));
    let before =
        sheet.mentions.iter().rev().find(|of| of.span.end <= span.start && of.span.start >= sentence.start);
    let clause_end = (span.end..sentence.end)
        .find(|at| matches!(sheet.stream.at(*at), ',' | CELL | BREAK))
        .unwrap_or(sentence.end);
    let after = sheet.mentions.iter().find(|of| of.span.start >= span.end && of.span.end <= clause_end);
    // `R-CHOP from March to July 2020`: the date in the same clause is nearer than one of an earlier clause.
    let clause_start = (sentence.start..span.start)
        .rev()
        .find(|at| matches!(sheet.stream.at(*at), ',' | CELL))
        .unwrap_or(sentence.start);
    let before_in_clause = before.filter(|of| of.span.start >= clause_start);
    let hung = sheet.mentions.iter().find(|of| hangs_on(sheet, span, of.span));
    inside.or(hung).or(before_in_clause).or(after).or(before).map(|of| (of.date, of.span))
}

fn governing(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    let own =
        own_sentence(sheet, draft.span).or_else(|| heads(sheet, draft.span)).or_else(|| beside(sheet, draft));
    let told = matches!(draft.concept.kind(), "reg" | "drug" | "hist" | "test" | "event")
        || matches!(
            draft.rule,
            "response.category" | "response.relapse" | "response.transformation" | "score.points"
        );
    // Examination reports are dated as a whole.
    let shown = matches!(draft.concept.kind(), "site" | "find" | "hist" | "test") && is_examination(sheet);
    if shown
        && own.is_none_or(|(date, _)| sheet.sample_date.is_some_and(|(sample, _)| date.may_equal(sample)))
    {
        return sheet.sample_date;
    }
    if own.is_some() || !told {
        return own;
    }
    carried(sheet, draft)
}

/// A date at the start of the row, or in the short heading above the paragraph, governs what stands there:
/// `11/21/2023 | Baseline PET/CT ...`, `Examination, June 11, 2024` over its paragraph.
fn heads(sheet: &Sheet<'_>, span: Span) -> Dated {
    const HEADING: usize = 44;
    let stream = &sheet.stream;
    let row = |at: usize| (0..at).rev().find(|of| stream.at(*of) == BREAK).map_or(0, |of| of + 1);
    let own = row(span.start);
    let above = if own > 0 { row(own - 1) } else { own };
    let starts = sheet.mentions.iter().find(|of| of.span.start >= own && of.span.start <= own + 2);
    let short = own > above && own - above <= HEADING;
    let headed = sheet.mentions.iter().rev().find(|of| short && of.span.start >= above && of.span.end < own);
    starts.or(headed).map(|of| (of.date, of.span))
}

/// The date cell behind a treatment in its table row.
fn beside(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    if !matches!(draft.concept.kind(), "reg" | "drug") {
        return None;
    }
    let row_end = (draft.span.end..sheet.stream.len()).find(|at| sheet.stream.at(*at) == BREAK)?;
    let alone = |span: Span| {
        span.start > 0
            && sheet.stream.at(span.start - 1) == CELL
            && matches!(sheet.stream.at(span.end), CELL | BREAK)
    };
    let cell = sheet
        .mentions
        .iter()
        .find(|of| of.span.start >= draft.span.end && of.span.end <= row_end && alone(of.span));
    cell.map(|of| (of.date, of.span))
}

/// The last date told before in the same paragraph.
fn carried(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
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
