//! Uptake on a scan that says nothing of the patient's disease.

use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};
use cartulary_model::Assertion;

/// `骨骼未见局灶性代谢增高`, "no other FDG-avid disease": a part without disease says nothing of the whole patient.
pub(super) fn is_denied_of_a_part(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let whole = matches!(draft.concept.as_str(), "find.pet_positive" | "find.measurable");
    if !whole || draft.assertion != Some(Assertion::Negated) {
        return false;
    }
    let rest = words![
        "elsewhere",
        "other",
        "rest of",
        "remaining",
        "remainder",
        "additional",
        "其余",
        "其他",
        "其它",
        "余"
    ];
    let sentence = sheet.sentence(draft.name.start);
    let placed = sheet.candidates_in(sentence).iter().any(|of| of.hit.concept.is("site"));
    placed
        || sheet.stream.reads_any(draft.name.end, words![" in the ", " in her ", " in his ", " at the "])
        || sheet.stream.words_in(sentence, rest).next().is_some()
}

/// `扁桃体代谢增高,考虑生理性摄取`: uptake that is no disease, unless a lymphoma is named for it too.
pub(super) fn is_harmless_uptake(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    if draft.concept.as_str() != "find.pet_positive" || draft.assertion != Some(Assertion::Present) {
        return false;
    }
    let behind = Span::new(draft.name.end, sheet.sentence(draft.name.start).end.max(draft.name.end));
    let mut named = sheet.candidates_in(behind).iter();
    // Another uptake has its own explanation.
    let next = named.clone().find(|of| of.hit.concept == draft.concept);
    let own = Span::new(behind.start, next.map_or(behind.end, |of| of.hit.span.start));
    let harmless = words!["生理性", "炎性", "炎症", "反应性", "physiologic", "inflammat", "reactive"];
    let told = sheet.stream.words_in(own, harmless).next().is_some();
    told && !named.any(|of| of.hit.span.start < own.end && of.hit.concept.is("hist"))
        && sheet.stream.words_in(own, words!["浸润", "受累", "恶性", "lymphoma", "malignan"]).next().is_none()
}
