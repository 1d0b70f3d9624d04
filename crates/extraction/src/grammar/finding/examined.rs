//! What an examination showed of marrow, cerebrospinal fluid and nervous system.
//!
//! ## Reads
//! `骨髓活检:...,未见淋巴瘤累及`, "CSF cytology: no malignant cells", `颅脑增强MRI未见异常强化灶`, `BM(-)`, "bone marrow positive",
//! `骨髓里原始细胞占60%`.
//!
//! ## Leaves alone
//! "Bone marrow biopsy was normal" is the test's result and says no more of the site.

use super::words::{clause_end, find, find_last, has, report};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span, is_han},
    vocabulary::finding::{BRAIN_DOUBTED, BRAIN_GONE, CELLS_FOUND, CELLS_GONE, SIGN_NO},
    words::words,
};
use cartulary_model::Assertion;

pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Option<Draft> {
    let (concept, reach) = match hit.concept.as_str() {
        "test.bm_biopsy" | "site.bone_marrow" => ("find.bm_involved", 70),
        "test.csf" | "test.csf_cytology" => ("site.csf", 70),
        "test.brain_mri" => ("find.cns_active", 60),
        _ => return None,
    };
    let behind = own_words(sheet, hit, reach);
    if concept == "find.cns_active" {
        return brain(sheet, hit, behind);
    }
    let gone = find(sheet, behind, CELLS_GONE);
    let found = find(sheet, behind, CELLS_FOUND);
    let (word, assertion) = match (gone, found) {
        (Some(gone), Some(found)) if found.end < gone.start => (found, Assertion::Present),
        (Some(gone), _) => (gone, Assertion::Negated),
        (None, Some(found)) => (found, Assertion::Present),
        (None, None) => return sign(sheet, hit, behind),
    };
    let before_word = Span::new(hit.span.end, word.start);
    if has(sheet, before_word, words!["if ", "如", "若"]) || is_planned(sheet, hit) {
        return None;
    }
    // `考虑反应性增生,不考虑淋巴瘤浸润`: the last weighing is against it.
    if find_last(sheet, before_word, words!["不考虑", "不支持", "不符合", "可排除", "已排除", "除外"])
        .is_some_and(|against| !has(sheet, Span::new(against.end, word.start), words![",", ";"]))
        && !has(sheet, before_word, words!["不除外", "不能除外", "不能排除", "待排"])
    {
        let mut draft = Draft::new(concept, hit.span.to(word), "finding.marrow").named_at(hit.span);
        draft.assertion = Some(Assertion::Negated);
        return Some(draft);
    }
    if has(
        sheet,
        before_word,
        words!["可疑", "不除外", "不能除外", "考虑", "疑", "suspicious", "cannot", "possib"],
    ) {
        let mut draft = Draft::new(concept, hit.span.to(word), "finding.marrow").named_at(hit.span);
        draft.assertion = Some(Assertion::Possible);
        return Some(draft);
    }
    let denied = assertion == Assertion::Present
        && has(
            sheet,
            before_word,
            words!["未", "无", "阴性", "no ", "not ", "without", "negative for", "free of", "absence of"],
        );
    // "no excess of blasts" is no word on lymphoma.
    if denied && super::words::stands_at(&sheet.stream, word.start, "blasts") {
        return None;
    }
    let mut draft = Draft::new(concept, hit.span.to(word), "finding.marrow").named_at(hit.span);
    if denied && is_han(sheet.stream.at(word.start)) {
        draft.assertion = Some(Assertion::Negated);
        return Some(draft);
    }
    draft.assertion = Some(if denied { Assertion::Negated } else { assertion });
    Some(draft)
}

fn is_planned(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    sheet.modifiers.read(hit.span).assertion == Assertion::Hypothetical
}

/// `头颅MRI未见异常`, "no parenchymal or leptomeningeal enhancement".
fn brain(sheet: &Sheet<'_>, hit: &Hit, behind: Span) -> Option<Draft> {
    let word = find(sheet, behind, BRAIN_GONE)?;
    if has(sheet, Span::new(hit.span.end, word.start), BRAIN_DOUBTED) || is_planned(sheet, hit) {
        return None;
    }
    let end = clause_end(sheet, word.end).min(word.end + 40);
    let mut draft =
        Draft::new("find.cns_active", Span::new(word.start, end.max(word.end)), "finding.normal_examination")
            .named_at(word);
    draft.assertion = Some(Assertion::Negated);
    Some(draft)
}

/// `BM(-)`, "bone marrow positive", `骨髓阴性`: a sign directly behind the site.
fn sign(sheet: &Sheet<'_>, hit: &Hit, behind: Span) -> Option<Draft> {
    if !hit.concept.is("site") {
        return None;
    }
    // "Bone marrow & CSF negative": one sign of both.
    let joint = words![" & csf", " and csf", "/csf", " + csf", "& csf", "and csf"];
    let both = sheet.stream.words_at(hit.span.end, joint).next_back();
    let behind =
        both.map_or(behind, |of| Span::new(of.end(), behind.end.max(of.end() + 14).min(sheet.stream.len())));
    let near = Span::new(behind.start, behind.end.min(behind.start + 14));
    let yes = find(sheet, near, words!["positive", "阳性", "(+)", "was involved", "is involved"]);
    let no = find(sheet, near, SIGN_NO);
    let (word, assertion) = match (yes, no) {
        (_, Some(no)) => (no, Assertion::Negated),
        (Some(yes), None) => (yes, Assertion::Present),
        (None, None) => return None,
    };
    let plain = !has(sheet, Span::new(hit.span.end, word.start), words!["cd", "mrd", "fish", "流式"])
        && !is_planned(sheet, hit);
    plain.then(|| {
        let mut draft =
            Draft::new("find.bm_involved", hit.span.to(word), "finding.marrow_sign").named_at(hit.span);
        draft.assertion = Some(assertion);
        draft
    })
}

/// The sentence behind a hit until another examination is named.
fn own_words(sheet: &Sheet<'_>, hit: &Hit, reach: usize) -> Span {
    let behind = report(sheet, hit.span.end, reach);
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < behind.start);
    let next = sheet.candidates[index..]
        .iter()
        .take_while(|of| of.hit.span.start < behind.end)
        .find(|of| {
            let other = of.hit.concept.is("test") && of.hit.concept.as_str() != "test.flow";
            (other || hit.concept.is("site")) && (other != (of.hit.concept == hit.concept))
        })
        .map_or(behind.end, |of| of.hit.span.start);
    Span::new(behind.start, next)
}
