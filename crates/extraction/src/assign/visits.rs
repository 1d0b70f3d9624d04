//! The visit after an infusion, or of a treatment, that a fact belongs to.
//!
//! ## Reads
//! Examinations from the words that touch their name; values, fevers, early toxicities and new lesions from the head of their
//! part of the sentence: `回输后第3天发热,CRS 1级`, "At M6 a new 18 mm node".
//!
//! ## Leaves alone
//! What has a day or a visit of its own; toxicities told at a late visit, which came earlier.

use crate::{draft::Draft, grammar, sheet::Sheet};
use cartulary_model::{
    Assertion, Value,
    fact::{Attr, AttrValue},
};

/// The last day on which a release syndrome that is told with it began on it.
const LAST_OF_RELEASE: u32 = 14;

pub(crate) fn visits(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut().filter(|of| !of.attrs.contains_key(&Attr::Timepoint)) {
        let told = draft.assertion == Some(Assertion::Present);
        let visit = match draft.concept.as_str() {
            "test.pet_ct" => grammar::visit_of_scan(sheet, draft.name),
            "find.crs" | "find.icans" if told => {
                grammar::visit_of_part(sheet, draft.name.start).filter(|of| is_early(of))
            }
            "find.new_lesion" | "find.new_lymphadenopathy" | "find.bcell_aplasia" | "sym.fever" if told => {
                undated(draft).then(|| grammar::visit_of_part(sheet, draft.name.start)).flatten()
            }
            _ if draft.concept.is("lab")
                && matches!(draft.value, Value::Measurement(_))
                && undated(draft) =>
            {
                grammar::visit_of_part(sheet, draft.name.start)
            }
            _ => None,
        };
        if let Some(visit) = visit {
            draft.set(Attr::Timepoint, AttrValue::Text(visit));
        }
    }
}

fn undated(draft: &Draft) -> bool {
    draft.date.is_none()
}

fn is_early(visit: &str) -> bool {
    visit
        .strip_prefix('D')
        .and_then(|days| days.parse::<u32>().ok())
        .is_some_and(|days| days <= LAST_OF_RELEASE)
}
