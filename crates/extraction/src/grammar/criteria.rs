//! Criteria of a trial or a label: what they ask for says nothing of the person.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::criteria::TURNS_TO_PATIENT_OPENINGS,
};

/// "Eligibility: ECOG 0-1. The patient is ECOG 2": a sentence that opens with the patient.
fn turns_to_patient(sheet: &Sheet<'_>, at: usize) -> bool {
    let stream = &sheet.stream;
    let opens = at > 0
        && matches!(stream.at(at - 1), '。' | ' ' | ';')
        && matches!(stream.at(at), 't' | 'T' | 'o' | 'O' | 's' | 'S' | 'h' | 'H' | '患' | '该' | '本');
    let full_stop =
        opens && (stream.at(at - 1) != ' ' || at > 1 && matches!(stream.at(at - 2), '.' | '。' | ';'));
    full_stop && stream.reads_any(at, TURNS_TO_PATIENT_OPENINGS)
}

/// Leaves out what was read of criteria: from the words that open them to the end of the paragraph, or to where
/// a sentence turns to the patient.
pub(super) fn leave_out(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let stream = &sheet.stream;
    let paragraphs: Vec<Span> = sheet
        .candidates
        .iter()
        .filter(|of| of.hit.concept.as_str() == "event.criteria")
        .map(|of| {
            let end = (of.hit.span.end..stream.len())
                .find(|at| stream.at(*at) == BREAK || turns_to_patient(sheet, *at))
                .unwrap_or(stream.len());
            Span::new(of.hit.span.start, end)
        })
        .collect();
    if !paragraphs.is_empty() {
        drafts.retain(|draft| {
            !paragraphs.iter().any(|of| of.start <= draft.span.start && draft.span.start < of.end)
        });
    }
}
