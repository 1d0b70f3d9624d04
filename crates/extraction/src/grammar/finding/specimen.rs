//! Specimens.
//!
//! ## Reads
//! "Lymph node, left inguinal, excision: follicular lymphoma", "core of the neck node", `脾切除病理:大B细胞淋巴瘤`: the organ held the
//! disease, and a biopsy was taken.

use super::words::{find, find_last, has, precedes};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::finding::{
        SPECIMEN_CORE, SPECIMEN_CORE_OF, SPECIMEN_DISEASE, SPECIMEN_DOUBTED, SPECIMEN_TAKEN,
    },
    words::words,
};
use cartulary_model::Assertion;

/// `脾切除病理:大B细胞淋巴瘤`: the organ that was taken out held the disease.
fn resected(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let word = find(
        sheet,
        Span::new(hit.span.end, hit.span.end + 10),
        words!["切除病理", "切除术后病理", "切除,病理", "术后病理", "肿物病理"],
    )?;
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < word.end);
    let named = sheet
        .candidates
        .get(index)
        .filter(|of| of.hit.concept.is("hist") && of.hit.span.start <= word.end + 8)?;
    let sure = sheet.modifiers.read(named.hit.span).assertion == Assertion::Present;
    sure.then(|| {
        Draft::new(hit.concept.clone(), hit.span.to(word), "finding.specimen").named_at(hit.span).present()
    })
}

/// "Lymph node, left inguinal, excision:", "core of the neck node", "Skin, left thigh, punch biopsy:": a specimen.
pub(super) fn specimen(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(hit.span.start);
    let behind = Span::new(hit.span.end, sentence.end.min(hit.span.end + 70));
    let colon = (behind.start..behind.end).find(|at| stream.at(*at) == ':');
    let listed = stream.at(hit.span.end) == ','
        && colon.is_some_and(|colon| has(sheet, Span::new(hit.span.end, colon), SPECIMEN_TAKEN));
    let core = precedes(sheet, hit.span.start, SPECIMEN_CORE)
        || has(sheet, sheet.before(hit.span.start, 34), SPECIMEN_CORE_OF);
    if let Some(resected) = resected(sheet, hit) {
        return vec![resected];
    }
    if !(listed || core && hit.span.start > 0) {
        return Vec::new();
    }
    let end = colon.filter(|_| listed).unwrap_or(hit.span.end);
    let disease = has(sheet, Span::new(end, sheet.after(end, 110).end), SPECIMEN_DISEASE);
    let denied = has(
        sheet,
        Span::new(end, sheet.after(end, 60).end),
        words!["no evidence", "no lymphoma", "negative", "reactive", "no malignan"],
    );
    let mut drafts = Vec::new();
    if disease || denied {
        let mut site = Draft::new(hit.concept.clone(), hit.span, "finding.specimen").named_at(hit.span);
        let doubted = has(sheet, Span::new(end, sheet.after(end, 110).end), SPECIMEN_DOUBTED);
        site.assertion = Some(match (denied, doubted) {
            (true, _) => Assertion::Negated,
            (false, true) => Assertion::Possible,
            (false, false) => Assertion::Present,
        });
        drafts.push(site);
    }
    let named = has(sheet, Span::new(hit.span.end, end), words!["biops"])
        || has(sheet, sheet.before(hit.span.start, 24), words!["biopsy"]);
    if !named {
        let start = if listed {
            hit.span.start
        } else {
            find_last(sheet, sheet.before(hit.span.start, 34), words!["core", "excision"])
                .map_or(hit.span.start, |word| word.start)
        };
        let mut draft =
            Draft::new("test.biopsy", Span::new(start, end.max(hit.span.end)), "finding.specimen")
                .named_at(hit.span);
        draft.assertion = Some(Assertion::Present);
        drafts.push(draft);
    }
    drafts
}
