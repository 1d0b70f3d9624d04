//! Criteria of a trial or a label: what they ask for says nothing of the person.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
};

/// Leaves out what was read of criteria: from the words that open them to the end of the paragraph.
pub(super) fn leave_out(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let stream = &sheet.stream;
    let paragraphs: Vec<Span> = sheet
        .candidates
        .iter()
        .filter(|of| of.hit.concept.as_str() == "event.criteria")
        .map(|of| {
            let end =
                (of.hit.span.end..stream.len()).find(|at| stream.at(*at) == BREAK).unwrap_or(stream.len());
            Span::new(of.hit.span.start, end)
        })
        .collect();
    if !paragraphs.is_empty() {
        drafts.retain(|draft| {
            !paragraphs.iter().any(|of| of.start <= draft.span.start && draft.span.start < of.end)
        });
    }
}
