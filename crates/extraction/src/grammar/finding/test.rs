//! Examinations: their result, their plan.
//!
//! ## Reads
//! "Bone marrow biopsy on 12/11/10 was normal", "biopsy-proven", "FISH is not back", `待骨髓活检及PET-CT回报`,
//! `拟1月后复查PET-CT`, "CSF was positive now clear", "Lymph node, left inguinal, excision:".
//!
//! ## Never
//! A result that is outstanding or a condition ("if the PET is negative") is no result.

use super::test_result::{result, turned};
use super::words::{clause_end, clause_start, find, find_last, follows, has};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::finding::{
        NOT_DONE, OTHER_SENSE_DEPARTMENT, OUTSTANDING_LATE, OUTSTANDING_PLANNED, OUTSTANDING_TOLD,
        TEST_PENDING, TEST_PLANNED,
    },
    words::words,
};
use cartulary_model::{Assertion, Temporality, Value, fact::Attr};

/// A hit of a test and, where a later result is told beside it, a second fact.
pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    if is_other_sense(sheet, hit) {
        return Vec::new();
    }
    let mut draft = Draft::new(hit.concept.clone(), hit.span, rule(sheet, hit)).named_at(hit.span);
    if let Some(status) = outstanding(sheet, hit) {
        draft.assertion = Some(Assertion::Hypothetical);
        return vec![draft.word(Attr::Status, status)];
    }
    match sheet.modifiers.read(hit.span).assertion {
        Assertion::Hypothetical => return vec![draft.word(Attr::Status, "planned")],
        Assertion::Negated if is_not_done(sheet, hit) => return vec![draft],
        Assertion::Negated | Assertion::Possible | Assertion::Present => {}
    }
    let Some((sign, span)) = result(sheet, hit) else { return vec![draft] };
    if is_counterfactual(sheet, hit) {
        return vec![draft.present()];
    }
    draft.span = hit.span.to(span);
    draft = draft.value(Value::Sign(sign)).present();
    let Some((later, span)) = turned(sheet, span) else { return vec![draft] };
    draft.temporality = Some(Temporality::Historical);
    let now = Draft::new(hit.concept.clone(), span, "finding.later_result").named_at(span);
    vec![draft, now.value(Value::Sign(later)).present()]
}

/// "Had the brain MRI been positive we would have added HD-MTX": it was not.
fn is_counterfactual(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let sentence = sheet.sentence(hit.span.start);
    let begin = super::words::skip_spaces(&sheet.stream, sentence.start);
    sheet.stream.reads_any(begin, words!["had "])
        && has(sheet, Span::new(hit.span.end, sentence.end), words!["would have", "would've", "'d have"])
}

/// A specimen that heads its report, or one that is proved, is told whatever else is said of it.
fn rule(sheet: &Sheet<'_>, hit: &Hit) -> &'static str {
    let taken = matches!(hit.concept.as_str(), "test.biopsy" | "test.bm_biopsy");
    let heads = taken && sheet.stream.at(hit.span.end) == ':';
    let english = sheet.stream.at(hit.span.start).is_ascii_alphabetic();
    if heads && english { "finding.specimen" } else { "finding.named" }
}

/// `PETCT中心`, "CT-guided", a marker panel that FISH only introduces.
fn is_other_sense(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let id = hit.concept.as_str();
    let glued = matches!(sheet.stream.at(hit.span.end), '-') && id != "test.biopsy";
    let department = follows(sheet, hit.span.end, OTHER_SENSE_DEPARTMENT);
    let inside = id == "test.ct"
        && has(sheet, Span::new(hit.span.start.saturating_sub(5), hit.span.start), words!["pet", "spe"]);
    let probes = id == "test.fish" && names_probes(sheet, hit);
    department || inside || probes || (glued && id == "test.ct")
}

/// `FISH(MYC、BCL2)`, `CCND1 FISH`: the probes are the facts.
fn names_probes(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.end + 3 <= hit.span.start);
    sheet.candidates[index..].iter().take_while(|of| of.hit.span.start <= hit.span.end + 8).any(|of| {
        of.hit.concept.is("bio")
            && !of.hit.span.overlaps(hit.span)
            && !has(sheet, Span::new(of.hit.span.end.min(hit.span.start), hit.span.start), words![";", "。"])
    })
}

fn is_not_done(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let before = sheet.before(hit.span.start, 16);
    has(sheet, before, NOT_DONE)
        || has(
            sheet,
            sheet.after(hit.span.end, 26),
            words![
                "not been",
                "was not done",
                "was not performed",
                "declined",
                "refused",
                "未做",
                "未行",
                "没做"
            ],
        )
}

/// `pending`, `planned`, or nothing.
fn outstanding(sheet: &Sheet<'_>, hit: &Hit) -> Option<&'static str> {
    let clause = Span::new(clause_start(sheet, hit.span.start), clause_end(sheet, hit.span.end));
    let behind = Span::new(hit.span.end, clause.end.min(hit.span.end + 40));
    if find(sheet, behind, TEST_PENDING)
        .is_some_and(|word| !another_test(sheet, Span::new(hit.span.end, word.start)))
        || has(sheet, Span::new(clause.start, hit.span.start), words!["pending", "awaiting", "await "])
    {
        return Some("pending");
    }
    let waits = find_last(
        sheet,
        Span::new(clause.start.max(hit.span.start.saturating_sub(14)), hit.span.start),
        words!["待", "等待"],
    );
    let listed = waits.is_some_and(|word| {
        !has(sheet, Span::new(word.end, hit.span.start), words!["遇", "产", "排", "查", "行", "做", "完善"])
    });
    if listed {
        return Some("pending");
    }
    if sheet.stream.at(clause.end) == ','
        && follows(sheet, clause.end + 1, OUTSTANDING_LATE)
        && !has(sheet, sheet.after(clause.end, 14), words!["阴性", "阳性", "正常"])
    {
        return Some("pending");
    }
    let before = Span::new(clause.start.max(hit.span.start.saturating_sub(36)), hit.span.start);
    let planned = find_last(sheet, before, TEST_PLANNED)
        .is_some_and(|word| !has(sheet, Span::new(word.end, hit.span.start), OUTSTANDING_TOLD))
        || find(sheet, behind, OUTSTANDING_PLANNED)
            .is_some_and(|word| !has(sheet, Span::new(hit.span.end, word.start), OUTSTANDING_TOLD))
        || next_step(sheet, hit)
        // "Stereotactic biopsy only if it grows"
        || follows(sheet, hit.span.end, words!["only if", "if ", "should it ", "should the "]);
    planned.then_some("planned")
}

/// `下一步:复查腰穿`, `大夫让做PET-CT和骨穿,下周三做`.
fn next_step(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let sentence = sheet.sentence(hit.span.start);
    let before = Span::new(sentence.start.max(hit.span.start.saturating_sub(24)), hit.span.start);
    let end = clause_end(sheet, hit.span.end);
    has(sheet, before, words!["下一步", "next step", "下一步计划"])
        || (follows(sheet, end + 1, words!["下周", "明天", "后天", "next week", "tomorrow"])
            && sheet.stream.at(end) == ',')
}

fn another_test(sheet: &Sheet<'_>, span: Span) -> bool {
    let index = sheet.candidates.partition_point(|of| of.hit.span.start < span.start);
    sheet.candidates[index..].iter().take_while(|of| of.hit.span.start < span.end).any(|of| {
        of.hit.concept.is("test")
            && !has(sheet, Span::new(span.start, of.hit.span.start), words!["及", "和", "、", "and", "&"])
    })
}
