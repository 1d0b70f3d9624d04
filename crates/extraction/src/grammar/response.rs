//! Response, relapse, progression, refractory disease.
//!
//! ## Reads
//! `评效CR`, `达PR`, `疗效评估：完全缓解`, "achieved complete remission", "with progressive disease", `3个月后复发`,
//! "relapse after 10 months", `难治`, "refractory to the last", "both stopped working".
//!
//! ## Leaves alone
//! CR and PR among markers (calretinin, progesterone receptor), PD-1, stable vital signs, progression-free survival;
//! a response under a condition (`如复查达CR,可予…`): it has not been reached.
//!
//! ## References
//! - Cheson 2014 (Lugano categories)

mod category;
mod condition;
mod heads;
mod line_count;
mod relapse;
mod senses;
mod timepoint;

pub(crate) use heads::{of_part as visit_of_part, of_scan as visit_of_scan};
pub(super) use relapse::is_foretold;
pub(super) use timepoint::{heading_visit, visit, visit_of_clause};

use super::Claims;
use crate::{draft::Draft, sheet::Sheet};

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
            if stands && !senses::is_other_sense(sheet, hit) {
                drafts.extend(category::read(sheet, hit, courses));
            }
        } else if STATES.contains(&id) {
            drafts.extend(relapse::read(sheet, hit, courses));
        }
    }
    drafts.extend(line_count::read(sheet));
    drafts
}
