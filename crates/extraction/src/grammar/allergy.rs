//! Allergies, by substance.
//!
//! ## Reads
//! "Penicillin allergy (anaphylaxis)", "allergic to septrin", `对头孢曲松过敏（皮疹）`, `否认青霉素、磺胺过敏`, a substance under the heading
//! of allergies, "anaphylaxis to piperacillin-tazobactam".
//!
//! ## Never
//! A drug that is given, tolerated, or whose name stands in a list of treatment is no allergy. An intolerance ("codeine causes
//! nausea") is none.

use super::{
    Claims,
    words::{find, find_last, follows, has},
};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Hit, Span},
    vocabulary::allergy::{
        BORNE, DENIED_ENDS, DENIED_NO, DOUBTED, ENGLISH, LIST_ACTS, REFUTED, SAID, SAID_LINKED, SAID_OTHER,
    },
    words::words,
};
use cartulary_model::{Assertion, Temporality};

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for hit in sheet.hits(&["com"], &[]).filter(|hit| hit.concept.name().starts_with("allergy_")) {
        if claims.has(hit.span)
            || drafts.last().is_some_and(|draft| draft.name == hit.span)
            || is_borne(sheet, hit)
        {
            continue;
        }
        if let Some(said) = said(sheet, hit) {
            let mut draft =
                Draft::new(hit.concept.clone(), hit.span.to(said), "allergy.substance").named_at(hit.span);
            draft.temporality = Some(Temporality::Current);
            draft.assertion = denied(sheet, hit).or_else(|| judged_later(sheet, hit));
            drafts.push(draft);
        }
    }
    drafts
}

/// Where it is said that the substance is not borne.
fn said(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    let sentence = sheet.sentence(hit.span.start);
    let behind = Span::new(hit.span.end, sentence.end.min(hit.span.end + 26));
    let chinese = find(sheet, behind, words!["过敏", "皮试阳性", "皮试(+)"])
        .filter(|word| !sheet.stream.reads_back_any(word.start, words!["非"]))
        .filter(|word| is_list(sheet, Span::new(hit.span.end, word.start)));
    let english = follows(sheet, hit.span.end, ENGLISH).then(|| Span::new(hit.span.end, hit.span.end + 1));
    let own = chinese.or(english);
    if own.is_some() {
        return own;
    }
    // `输注利妥昔单抗曾出现输液反应,非过敏`: the reaction to an infusion is none.
    let comma = (behind.start..behind.end).find(|at| matches!(sheet.stream.at(*at), ',' | ';' | '、'));
    let own = Span::new(behind.start, comma.unwrap_or(behind.end));
    if has(sheet, own, words!["输液反应", "输注反应", "输注相关反应", "非过敏", "infusion reaction"])
    {
        return None;
    }
    if sheet.is_under(hit.span.start, &["sec.sec_allergy"]) {
        return Some(hit.span);
    }
    let before = Span::new(sentence.start.max(hit.span.start.saturating_sub(70)), hit.span.start);
    let word = find_last(sheet, before, SAID)?;
    let between = Span::new(word.end, hit.span.start);
    // Behind a row's end, and no longer under the heading of allergies, another list has begun.
    let parted = (between.start..between.end).any(|at| sheet.stream.at(at) == BREAK);
    if parted && sheet.is_under(word.start, &["sec.sec_allergy"]) {
        return None;
    }
    let linked = word.end - word.start > 9
        || find(sheet, between, SAID_LINKED).is_some()
        || follows(sheet, word.end, words![":"]);
    (linked && !has(sheet, between, SAID_OTHER)).then_some(hit.span)
}

/// "Penicillin allergy, not confirmed", "(de-labelled 2022)", "I think": what the sentence says of the allergy behind it.
fn judged_later(sheet: &Sheet<'_>, hit: &Hit) -> Option<Assertion> {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(hit.span.start);
    // What is said behind another substance is said of that.
    let next = sheet
        .candidates_in(Span::new(hit.span.end, sentence.end))
        .iter()
        .find(|of| of.hit.concept.name().starts_with("allergy_"))
        .map_or(sentence.end, |of| of.hit.span.start);
    let behind = Span::new(hit.span.end, next.min(hit.span.end + 60).max(hit.span.end));
    // In its own clause, or first behind it: "Penicillin allergy, PE not confirmed" speaks of the embolism.
    let parted = (behind.start..behind.end).find(|at| matches!(stream.at(*at), ',' | ';' | '('));
    let own = |word: &Span| parted.is_none_or(|mark| word.start <= mark + 2);
    if find(sheet, behind, REFUTED)
        .is_some_and(|word| own(&word) && !stream.reads_back_any(word.start, words!["not ", "not been "]))
    {
        return Some(Assertion::Negated);
    }
    find(sheet, behind, DOUBTED).filter(own).map(|_| Assertion::Possible)
}

/// Only other names stand between a substance and the word of allergy: `青霉素、磺胺类药物过敏`.
fn is_list(sheet: &Sheet<'_>, between: Span) -> bool {
    let parted =
        (between.start..between.end).any(|at| matches!(sheet.stream.at(at), '。' | ';' | '\n' | '(' | ':'));
    let commas = (between.start..between.end).filter(|at| sheet.stream.at(*at) == ',').count();
    !parted && commas == 0 && !has(sheet, between, LIST_ACTS)
}

/// "Tolerates cephalosporins", "codeine causes nausea": borne, or an intolerance.
fn is_borne(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let before = sheet.before(hit.span.start, 18);
    let behind = sheet.after(hit.span.end, 34);
    has(sheet, before, words!["tolerat", "耐受", "可用"]) || has(sheet, behind, BORNE)
}

/// `否认青霉素过敏`, "no allergy to penicillin"; `except` and `对` end the denial.
fn denied(sheet: &Sheet<'_>, hit: &Hit) -> Option<Assertion> {
    // `头孢类不过敏`, `青霉素无过敏`
    let behind = Span::new(hit.span.end, sheet.after(hit.span.end, 8).end);
    if find(sheet, behind, words!["不过敏", "无过敏", "未过敏", "没有过敏", "没过敏"])
        .is_some_and(|word| !has(sheet, Span::new(hit.span.end, word.start), words![",", "对"]))
    {
        return Some(Assertion::Negated);
    }
    // `否认磺胺类药物过敏,青霉素皮试阳性`: a test that was done.
    if follows(sheet, hit.span.end, words!["皮试阳性", "皮试(+)", "皮试(阳性"]) {
        return Some(Assertion::Present);
    }
    let sentence = sheet.sentence(hit.span.start);
    let rest = Span::new(hit.span.end, sentence.end.min(hit.span.end + 70).max(hit.span.end));
    let next = sheet.candidates_in(rest).iter().find(|of| of.hit.concept.name().starts_with("allergy_"));
    let own = Span::new(rest.start, next.map_or(rest.end, |of| of.hit.span.start.max(rest.start)));
    let before = sheet.before(hit.span.start, 30);
    // "Penicillin (rash), none to latex", "(2) none to contrast".
    if sheet.stream.reads_back_any(hit.span.start, words!["none to ", "none to the ", "nil to ", "not to "]) {
        return Some(Assertion::Negated);
    }
    // A "none" for another substance denies this one not.
    if has(sheet, own, words!["none to ", "nil to "]) {
        return Some(Assertion::Present);
    }
    let no = find_last(sheet, before, DENIED_NO)?;
    let between = Span::new(no.end, hit.span.start);
    let commas = (between.start..between.end).any(|at| sheet.stream.at(at) == ',');
    let to = has(sheet, between, words!["对"]) && !has(sheet, between, words!["过敏"]) && !commas;
    (to || (!has(sheet, between, DENIED_ENDS) && !commas)).then_some(Assertion::Negated)
}
