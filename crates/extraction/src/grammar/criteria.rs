//! Criteria of a trial or a label: what they ask for says nothing of the person.

use crate::{draft::Draft, sheet::Sheet, stream::BREAK};

/// Whether a place stands in the paragraph of criteria, behind the words that open them.
pub(super) fn asks(sheet: &Sheet<'_>, at: usize) -> bool {
    sheet
        .candidates
        .iter()
        .filter(|of| of.hit.concept.as_str() == "event.criteria" && of.hit.span.start <= at)
        .any(|of| !(of.hit.span.end..at).any(|between| sheet.stream.at(between) == BREAK))
}

/// Leaves out what was read of criteria.
pub(super) fn leave_out(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    if sheet.candidates.iter().any(|of| of.hit.concept.as_str() == "event.criteria") {
        drafts.retain(|draft| !asks(sheet, draft.span.start));
    }
}
