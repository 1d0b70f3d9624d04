//! Lymphomas, their grade, their cell of origin, and the day they were found.
//!
//! ## Reads
//! `滤泡性淋巴瘤3A级`, `FL grade 3a`, "grade 1-2 follicular lymphoma", `弥漫大B细胞淋巴瘤，non-GCB型`, `MCL, blastoid variant`; in messages and
//! letters the short names `套细胞`, `纵隔大B`, `双打`, "mantle cell". One mention is one fact: `SLL/CLL`, "diffuse large B-cell lymphoma (DLBCL)".
//!
//! ## Leaves alone
//! The lymphoma department, `淋巴瘤浸润`, `未见淋巴瘤累及` (a site, not a diagnosis), names of tissues (`套细胞区`, "marginal zone cells").
//!
//! ## References
//! - WHO-HAEM5 2022; ICC 2022; Hans 2004 (cell of origin)

mod context;
mod found;
mod grade;
mod origin;

use super::{Claims, past};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Hit, Span},
};
use cartulary_model::{
    Assertion, ConceptId, Experiencer, Temporality,
    fact::{Attr, AttrValue},
};
use std::sync::Arc;

/// Read as transformations: the name says what it came from.
pub(super) const TRANSFORMED: [&str; 4] = ["hist.tfl", "hist.tmzl", "hist.tinhl", "hist.transformed_nos"];
/// No name of a disease by itself: both parts are named beside it.
const NO_NAME: [&str; 1] = ["hist.b_lymphoma_composite"];

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for candidate in sheet.candidates.iter().filter(|of| of.hit.concept.is("hist")) {
        let hit = &candidate.hit;
        let id = hit.concept.as_str();
        let elsewhere = TRANSFORMED.contains(&id) || NO_NAME.contains(&id) || is_richter(id);
        if elsewhere || claims.has(hit.span) || drafts.iter().any(|draft| draft.span.overlaps(hit.span)) {
            continue;
        }
        if !context::names_disease(sheet, candidate) || past::is_trial_condition(sheet, hit.span) {
            continue;
        }
        match drafts.last_mut() {
            Some(last) if repeats(sheet, last, hit) => absorb(sheet, last, hit),
            _ => drafts.push(diagnosis(sheet, hit)),
        }
    }
    drafts.extend(origin::read(sheet, claims));
    let found = found::read(sheet, &drafts);
    drafts.extend(found);
    drafts
}

/// Richter's transformation is a transformation and a diagnosis group of its own.
pub(super) fn is_richter(id: &str) -> bool {
    matches!(id, "hist.richter_dlbcl" | "hist.richter_hl")
}

fn diagnosis(sheet: &Sheet<'_>, hit: &Hit) -> Draft {
    let graded = grade::of(sheet, hit);
    let (concept, span) = match &graded {
        Some(graded) => (graded.concept.as_str(), graded.span),
        None => (hit.concept.as_str(), hit.span),
    };
    let mut draft = Draft::new(concept, span, "diagnosis.name").named_at(hit.span);
    let by_name =
        concept.strip_prefix("hist.fl_").filter(|of| of.starts_with(|of: char| of.is_ascii_digit()));
    let text = graded
        .as_ref()
        .map(|of| of.text.clone())
        .or_else(|| by_name.map(|grade| grade.trim_end_matches("_nos").replace('_', "-").to_uppercase()));
    if let Some(text) = text {
        draft.set(Attr::Grade, AttrValue::Text(text));
    }
    if let Some((years, end)) = found::duration(sheet, draft.span.end) {
        draft.set(Attr::Duration, AttrValue::Text(years));
        draft.span = Span::new(draft.span.start, end);
    }
    if draft.concept.as_str() == "hist.mcl"
        && let Some(variant) = context::mantle_variant(sheet, hit.span)
    {
        draft.concept = ConceptId::from(variant);
    }
    if context::is_denied_by_word(sheet, hit.span) {
        draft.assertion = Some(Assertion::Negated);
    } else if context::is_the_known_disease(sheet, hit.span) {
        draft.assertion = Some(Assertion::Present);
    }
    if context::is_still_so(sheet, hit.span) {
        draft.temporality = Some(Temporality::Current);
    }
    if context::is_of_a_friend(sheet, hit.span) {
        draft.experiencer = Some(Experiencer::Other);
    }
    draft
}

/// `DLBCL (弥漫大B细胞淋巴瘤)`, `SLL/CLL`, `HGBL, double hit`, `非霍奇金淋巴瘤(套细胞淋巴瘤)`: a second name of the same disease.
fn repeats(sheet: &Sheet<'_>, last: &Draft, hit: &Hit) -> bool {
    let stream = &sheet.stream;
    let from = last.span.end;
    if hit.span.start < from || hit.span.start - from > 4 {
        return false;
    }
    let gap = stream.text(Span::new(from, hit.span.start));
    let gap = gap.trim();
    let joined = matches!(gap, "(" | "/" | "," | ":" | "-" | "" | "[" | ",即" | "即" | "或称");
    if !joined || gap.is_empty() && from == hit.span.start {
        return false;
    }
    // `考虑B细胞淋巴瘤,边缘区淋巴瘤可能性大`: two statements.
    let stated = |of: Span| sheet.modifiers.read(of).assertion == Assertion::Present;
    if gap == "," && !(stated(last.name) && stated(hit.span)) {
        return false;
    }
    let (first, second) = (&last.concept, &hit.concept);
    let same = code(sheet, first) == code(sheet, second);
    same || gap != "/" && (is_finer(sheet, second, first) || (gap == "(" && is_finer(sheet, first, second)))
}

/// The finer name stays; the span covers both.
fn absorb(sheet: &Sheet<'_>, last: &mut Draft, hit: &Hit) {
    let again = diagnosis(sheet, hit);
    let same = code(sheet, &last.concept) == code(sheet, &again.concept);
    let finer =
        is_finer(sheet, &again.concept, &last.concept) || (same && again.attrs.contains_key(&Attr::Grade));
    if finer {
        last.concept = again.concept;
    }
    last.attrs.extend(again.attrs);
    last.span = last.span.to(again.span);
    let closes = sheet.stream.at(last.span.end) == ')' && sheet.stream.text(last.span).contains('(');
    last.span.end += usize::from(closes);
}

/// The code of the exchange form: two names with one code are one disease.
pub(super) fn code(sheet: &Sheet<'_>, concept: &ConceptId) -> Arc<str> {
    sheet.catalogue().exchange_code(concept).code
}

/// An entity is finer than the umbrella above it.
pub(super) fn is_finer(sheet: &Sheet<'_>, fine: &ConceptId, coarse: &ConceptId) -> bool {
    let umbrella = |of: &ConceptId| sheet.catalogue().cart_group(of) == Some("UNSPEC");
    let rank = |of: &ConceptId| match of.as_str() {
        "hist.lymphoma_nos" => 0,
        "hist.nhl_nos" => 1,
        _ => 2,
    };
    let (small, large) = (fine.as_str(), coarse.as_str());
    match large {
        _ if umbrella(coarse) => !umbrella(fine) || rank(fine) > rank(coarse),
        "hist.hgbl_nos" => small.starts_with("hist.hgbl_") && small != large,
        "hist.lbcl" => {
            small.starts_with("hist.dlbcl")
                || small.starts_with("hist.hgbl")
                || matches!(small, "hist.pmbcl" | "hist.thrlbcl" | "hist.ebv_dlbcl")
        }
        "hist.dlbcl_nos" => {
            small.starts_with("hist.hgbl_") && small != "hist.hgbl_nos"
                || matches!(small, "hist.pcdlbcl_lt" | "hist.ebv_dlbcl" | "hist.dlbcl_gcb" | "hist.dlbcl_abc")
        }
        "hist.mzl_nos" => matches!(small, "hist.malt" | "hist.smzl" | "hist.nmzl"),
        "hist.mcl" => small.starts_with("hist.mcl_"),
        "hist.fl_nos" => small.starts_with("hist.fl_") && small != large,
        "hist.ptcl_nos" => matches!(small, "hist.aitl" | "hist.tfhl_f" | "hist.tfhl_nos"),
        _ => false,
    }
}

/// A disease named twice in one paragraph, said in the same way both times, is one fact: the fuller name stays.
pub(super) fn say_once(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let mut dropped = vec![false; drafts.len()];
    let named: Vec<usize> =
        (0..drafts.len()).filter(|index| drafts[*index].rule == "diagnosis.name").collect();
    for (position, first) in named.iter().copied().enumerate() {
        for second in named[position + 1..].iter().copied() {
            if !dropped[first] && !dropped[second] && same_statement(sheet, &drafts[first], &drafts[second]) {
                dropped[less_said(sheet, &drafts[first], first, &drafts[second], second)] = true;
            }
        }
    }
    let mut index = 0;
    drafts.retain(|_| {
        index += 1;
        !dropped[index - 1]
    });
}

fn same_statement(sheet: &Sheet<'_>, a: &Draft, b: &Draft) -> bool {
    let (start, end) = (a.span.start.min(b.span.start), a.span.end.max(b.span.end));
    const REACH: usize = 400;
    let near = end - start <= REACH && !(start..end).any(|at| sheet.stream.at(at) == BREAK);
    if !near || code(sheet, &a.concept) != code(sheet, &b.concept) {
        return false;
    }
    let grades = (a.text_of(Attr::Grade), b.text_of(Attr::Grade));
    if matches!(grades, (Some(first), Some(second)) if first != second)
        || a.temporality != b.temporality
        || a.assertion != b.assertion
    {
        return false;
    }
    let (first, second) = (sheet.modifiers.read(a.name), sheet.modifiers.read(b.name));
    let same_person = first.experiencer == second.experiencer
        || first.experiencer == Experiencer::Patient && sheet.is_kind(&["sec.doc_message"]);
    same_person && first.assertion == second.assertion && first.temporality == second.temporality
}

/// Of two mentions the one with a grade or the longer name stays, else the first.
fn less_said(sheet: &Sheet<'_>, a: &Draft, first: usize, b: &Draft, second: usize) -> usize {
    if is_finer(sheet, &b.concept, &a.concept) {
        return first;
    }
    if is_finer(sheet, &a.concept, &b.concept) {
        return second;
    }
    let said = |of: &Draft| (of.attrs.len(), of.name.end - of.name.start);
    let (a, b) = (said(a), said(b));
    if b.0 > a.0 || b.0 == a.0 && b.1 > a.1 + 8 { first } else { second }
}
