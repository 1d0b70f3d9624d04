//! Results of an earlier day that are told beside today's.
//!
//! ## Reads
//! "Previous: Hb 9.9 g/dL, Plt 41 x10^3/uL": a sentence under that word; "LDH 1.8 x ULN at referral, today 236 U/L".

use super::later;
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::Hit,
    vocabulary::lab::FORMER_BEHIND,
    words::{List, words},
};
use cartulary_model::{Temporality, Value};

const LABELS: &List = words![
    "previous:",
    "previously:",
    "previous results:",
    "previous values:",
    "prior:",
    "prior results:",
    "earlier:",
    "last time:",
    "last visit:",
    "上次:",
    "前次:",
    "上次结果:",
    "既往结果:",
    "前次结果:",
];

/// Marks what stands under such a word, and reads the value of today behind one of then.
pub(super) fn set(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let mut today = Vec::new();
    for draft in drafts.iter_mut().filter(|of| of.value != Value::None && of.temporality.is_none()) {
        let sentence = sheet.sentence(draft.name.start);
        let begin = (sentence.start..draft.name.start).find(|at| sheet.stream.at(*at) != ' ');
        if begin.is_some_and(|at| sheet.stream.reads_any(at, LABELS)) {
            draft.temporality = Some(Temporality::Historical);
            continue;
        }
        let former = sheet.stream.words_at(draft.span.end, FORMER_BEHIND).next_back().is_some();
        if !former || draft.rule != "lab.row" {
            continue;
        }
        let hit = Hit { concept: draft.concept.clone(), span: draft.name };
        if let Some(now) = later::result(sheet, &hit, draft, draft.span.end) {
            draft.temporality = Some(Temporality::Historical);
            today.push(now);
        }
    }
    today.retain(|now| !drafts.iter().any(|of| of.span.overlaps(now.span)));
    drafts.extend(today);
}
