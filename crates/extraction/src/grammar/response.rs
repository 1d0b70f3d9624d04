//! Response, relapse, progression, refractory disease, transformation.
//!
//! ## Reads
//! `评效CR`, `达PR`, `疗效评估：完全缓解`, "achieved complete remission", "with progressive disease", `3个月后复发`,
//! "relapse after 10 months", `难治`, "refractory to the last", "both stopped working", `符合转化`.
//!
//! ## Leaves alone
//! CR and PR among markers (calretinin, progesterone receptor), PD-1, stable vital signs, progression-free survival;
//! a response under a condition (`如复查达CR,可予…`): it has not been reached.
//!
//! ## References
//! - Cheson 2014 (Lugano categories)

mod category;
mod line_count;
mod relapse;
mod timepoint;

use super::Claims;
use crate::{draft::Draft, sheet::Sheet, stream::Hit};
use cartulary_model::{
    Assertion, ConceptId,
    fact::{Attr, AttrValue},
};
pub(super) use timepoint::timepoint;

const CATEGORIES: [&str; 6] =
    ["find.cr", "find.pr", "find.sd", "find.pd", "find.no_response", "find.response_unknown"];
const STATES: [&str; 5] =
    ["find.relapsed", "find.refractory", "find.primary_refractory", "find.rr", "find.early_relapse"];

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let courses = claims.courses();
    let mut drafts: Vec<Draft> = Vec::new();
    for candidate in &sheet.candidates {
        let hit = &candidate.hit;
        if claims.has(hit.span) || drafts.iter().any(|draft| draft.span.overlaps(hit.span)) {
            continue;
        }
        let id = hit.concept.as_str();
        if CATEGORIES.contains(&id) {
            let stands = candidate.needs.is_none() || category::in_response_context(sheet, hit);
            if stands && !category::is_other_sense(sheet, hit) {
                drafts.extend(category::read(sheet, hit, courses));
            }
        } else if STATES.contains(&id) {
            drafts.extend(relapse::read(sheet, hit, courses));
        } else if matches!(
            id,
            "find.transformation" | "find.suspected_transformation" | "hist.tfl" | "hist.transformed_nos"
        ) {
            drafts.extend(transformation(sheet, hit));
        }
    }
    drafts.extend(line_count::read(sheet));
    drafts
}

/// From and to are the diagnoses told around it. 转化 alone is a word of many senses.
fn transformation(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let sentence = sheet.sentence(hit.span.start);
    let text = sheet.stream.lower_text(sheet.before(hit.span.start, 4));
    let word_of_law = ["淋巴细胞", "恶性"].iter().any(|word| text.ends_with(word));
    let lymphomas: Vec<&Hit> = sheet
        .candidates
        .iter()
        .map(|of| &of.hit)
        .filter(|of| {
            of.concept.is("hist")
                && of.span.start >= sentence.start.saturating_sub(90)
                && of.span.end <= sentence.end + 40
        })
        .collect();
    let from = lymphomas.iter().find(|of| is_indolent(sheet, &of.concept));
    let to = lymphomas.iter().rev().find(|of| is_aggressive(sheet, &of.concept));
    if word_of_law || (from.is_none() && to.is_none()) {
        return None;
    }
    let doubted = sheet.modifiers.read(hit.span).assertion == Assertion::Possible;
    let mut draft = Draft::new("find.transformation", hit.span, "response.transformation").named_at(hit.span);
    if doubted || hit.concept.as_str() == "find.suspected_transformation" {
        draft.concept = ConceptId::from("find.suspected_transformation");
        draft.assertion = Some(Assertion::Possible);
    }
    for (attr, found) in [(Attr::From, from), (Attr::To, to)] {
        if let Some(found) = found {
            draft.set(attr, AttrValue::Text(found.concept.as_str().to_owned()));
        }
    }
    Some(draft)
}

fn is_indolent(sheet: &Sheet<'_>, concept: &ConceptId) -> bool {
    sheet.catalogue().cart_group(concept).is_some_and(|group| {
        matches!(group, "FL" | "MZL" | "CLL")
            || concept.as_str() == "hist.lpl"
            || concept.as_str() == "hist.wm"
            || concept.as_str() == "hist.fl_3_nos"
    })
}

fn is_aggressive(sheet: &Sheet<'_>, concept: &ConceptId) -> bool {
    sheet.catalogue().cart_group(concept).is_some_and(|group| {
        matches!(
            group,
            "DLBCL_NOS" | "HGBL" | "TFL" | "TINHL" | "FL3B" | "RICHTER" | "LBCL_OTHER" | "BURKITT"
        )
    })
}
