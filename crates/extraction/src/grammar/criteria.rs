//! Criteria of a trial or a label: what they ask for says nothing of the person.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::criteria::{APPROVED, DEFINED, TURNS_TO_PATIENT_OPENINGS},
    words::words,
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

/// Leaves out what general sentences name. A course stays, and so does all of a sentence with a day or with the person: "primary
/// refractory disease, defined as progression on R-CHOP in 2023".
pub(super) fn leave_out_general(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let of_person = |of: &Span| {
        let sentence = sheet.sentence(of.start);
        !sheet.mentions_in(sentence).is_empty()
            || sheet
                .says(sentence, words![" her ", " his ", "patient", "she ", "he ", "患者", "该患", "病人"])
    };
    let (mut defined, mut approved) = general(sheet);
    defined.retain(|of| !of_person(of));
    approved.retain(|of| !of_person(of));
    let inside = |spans: &[Span], draft: &Draft| {
        spans.iter().any(|of| of.start <= draft.span.start && draft.span.start < of.end)
    };
    if !defined.is_empty() || !approved.is_empty() {
        drafts.retain(|draft| {
            let measured = matches!(draft.concept.kind(), "lab" | "bio" | "find" | "sym" | "com" | "event");
            !(measured && inside(&defined, draft) || inside(&approved, draft))
        });
    }
}

/// "Tazemetostat is approved for EZH2-mutated follicular lymphoma", "double expression is defined as MYC >= 40%": sentences that
/// hold of everybody.
fn general(sheet: &Sheet<'_>) -> (Vec<Span>, Vec<Span>) {
    let all = Span::new(0, sheet.stream.len());
    let defined = sheet.stream.words_in(all, DEFINED).map(|of| {
        let sentence = sheet.sentence(of.start());
        // "CRS grade 2 is defined as ...": the term is nobody's either; ", defined as ..." explains a finding.
        let verb =
            sheet.stream.reads_any(of.start(), words!["is ", "are ", "was ", "定义为", "定义是", "是指"]);
        let start = if verb { sentence.start } else { of.end() };
        Span::new(start, sentence.end.max(of.end()))
    });
    let approved = sheet.stream.words_in(all, APPROVED).filter_map(|of| {
        let sentence = sheet.sentence(of.start());
        let behind = Span::new(of.start(), sentence.end.max(of.start()));
        let of_disease = sheet.candidates_in(behind).iter().any(|of| of.hit.concept.is("hist"));
        of_disease.then_some(sentence)
    });
    (defined.collect(), approved.collect())
}
