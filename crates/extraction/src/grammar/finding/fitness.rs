//! Fit for a transplant.
//!
//! ## Reads
//! "fit for autologous transplant", `适合自体移植`: the denial of being ineligible.

use crate::{draft::Draft, sheet::Sheet, stream::Hit, vocabulary::finding::FITNESS_DENIALS};
use cartulary_model::Assertion;

pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let denied = super::words::precedes(sheet, hit.span.start, FITNESS_DENIALS);
    let plain = sheet.modifiers.read(hit.span).assertion == Assertion::Present;
    (!denied && plain).then(|| {
        let mut draft = Draft::new("find.asct_ineligible", hit.span, "finding.transplant_fitness");
        draft.assertion = Some(Assertion::Negated);
        draft
    })
}
