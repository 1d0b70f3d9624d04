//! Transformation of an indolent lymphoma into an aggressive one, and what it does to the diagnoses told beside it.
//!
//! ## Reads
//! "transformed follicular lymphoma (tFL)", "Richter transformation to DLBCL", `由滤泡性淋巴瘤转化而来`, `转化为HGBL-NOS`, `符合转化`, `未见转化`,
//! "large-cell transformation", "plasmablastic transformation of a CLL", "changed from FL grade 2 to DLBCL"; from, to, denial and doubt. The old disease
//! becomes one of the past where the transformation is stated.
//!
//! ## Leaves alone
//! `转化医学`, `血清学转化`, "transformed lymphocytes", the TRANSFORM trial; a transformation that is only feared (`若转化`).
//!
//! ## References
//! - Cheson 2014; WHO-HAEM5 2022

mod ends;
mod word;

use super::{diagnosis, event};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::transformation::AFFIRM_OLD_PLACE,
    words::words,
};
use cartulary_model::{
    Assertion, ConceptId, Experiencer, Temporality,
    fact::{Attr, AttrValue},
};
use word::{Trigger, Weight};

/// "Outside read: tFL. Our review: transformation not confirmed": what another laboratory called it and the review denies is no
/// statement, neither of the change nor of what it was to have changed into.
fn revise(sheet: &Sheet<'_>, told: &mut [Draft], drafts: &mut [Draft]) {
    let outside = words![
        "outside",
        "referring",
        "submitting",
        "original report",
        "送检单位",
        "外院",
        "曾诊断",
        "原单位",
        "原诊断"
    ];
    // "No transformation in the marrow" reviews nothing.
    let reviews = words![
        "review",
        "re-read",
        "reread",
        "reference path",
        "second opinion",
        "复阅",
        "会诊",
        "复核",
        "复片"
    ];
    let is_review = |of: &&Draft| {
        let sentence = sheet.sentence(of.span.start);
        of.assertion == Some(Assertion::Negated) && sheet.stream.words_in(sentence, reviews).next().is_some()
    };
    let Some(denied) = told.iter().filter(is_review).map(|of| of.span.start).max() else { return };
    let is_revised = |of: &Draft| {
        let sentence = sheet.sentence(of.span.start);
        of.assertion.is_none_or(|of| of == Assertion::Present)
            && of.span.end <= denied
            && sheet.stream.words_in(Span::new(sentence.start, of.span.start), outside).next().is_some()
    };
    for of in told.iter().filter(|of| is_revised(of)) {
        let Some(AttrValue::Text(to)) = of.attrs.get(&Attr::To) else { continue };
        let sentence = sheet.sentence(of.span.start);
        let claimed = |draft: &&mut Draft| {
            draft.concept.as_str() == to.as_str()
                && sentence.start <= draft.span.start
                && draft.span.start < sentence.end
        };
        drafts.iter_mut().filter(claimed).for_each(|draft| draft.assertion = Some(Assertion::Negated));
    }
    told.iter_mut().filter(|of| is_revised(of)).for_each(|of| of.assertion = Some(Assertion::Negated));
}

/// Reads transformations and sets the diagnoses they relate.
pub(super) fn relate(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let triggers = word::triggers(sheet);
    if triggers.is_empty() {
        return;
    }
    let mut told: Vec<Draft> = Vec::new();
    for trigger in &triggers {
        if let Some(draft) = transformation(sheet, trigger, drafts) {
            keep_best(sheet, &mut told, draft, trigger);
        }
    }
    revise(sheet, &mut told, drafts);
    drafts.retain(|draft| {
        // "progression from the original NLPHL" is no progression of the disease under treatment.
        !(draft.rule.starts_with("response.") && told.iter().any(|of| of.span.overlaps(draft.span)))
    });
    drafts.retain(|draft| {
        let found = draft.rule.starts_with("diagnosis.found") || draft.rule == "event.diagnosed";
        !(found && is_day_of_change(sheet, draft, &told))
    });
    for draft in &told {
        affirm_old(sheet, draft, drafts);
        let named = named_by(sheet, draft, drafts);
        drafts.extend(named);
        make_old(sheet, draft, drafts);
        merge_mention_inside(sheet, draft, drafts);
    }
    drafts.extend(told);
}

/// `去年12月查出来转成大B`: the day of the change is no day of first diagnosis.
fn is_day_of_change(sheet: &Sheet<'_>, found: &Draft, told: &[Draft]) -> bool {
    told.iter().any(|of| {
        let behind = of.span.start >= found.name.end && of.span.start - found.name.end <= 6;
        // `2017年诊断FL…转化`: the plain word gives its day to the old disease.
        let plain = !event::tells_course(sheet)
            && sheet.stream.lower_text(found.name) == "诊断"
            && of.assertion == Some(Assertion::Present);
        behind || plain && !crosses(sheet, found.span.end, of.span.start)
    })
}

/// "no evidence of transformation in this follicular lymphoma" denies the change and not the disease.
fn affirm_old(sheet: &Sheet<'_>, draft: &Draft, drafts: &mut [Draft]) {
    if draft.assertion != Some(Assertion::Negated) {
        return;
    }
    for of in drafts.iter_mut().filter(|of| of.rule == "diagnosis.name" && of.span.start >= draft.span.end) {
        let gap = sheet
            .stream
            .lower_text(sheet.within(Span::new(draft.span.end, of.span.start.min(draft.span.end + 40))));
        if of.span.start - draft.span.end <= 30
            && sheet.stream.text_begins(gap.trim_start(), AFFIRM_OLD_PLACE)
        {
            of.assertion = Some(Assertion::Present);
        }
    }
}

fn transformation(sheet: &Sheet<'_>, trigger: &Trigger, drafts: &[Draft]) -> Option<Draft> {
    let reading = sheet.modifiers.read(trigger.span);
    // "Thank you for considering this patient with": the patient is considered.
    let read = match reading.assertion {
        Assertion::Hypothetical if is_of_patient_considered(sheet, trigger.span, &reading.cues) => {
            Assertion::Present
        }
        read => read,
    };
    let assertion = word::assertion(sheet, trigger, read);
    if assertion == Assertion::Hypothetical
        || reading.experiencer != Experiencer::Patient && !sheet.is_kind(&["sec.doc_message"])
    {
        return None;
    }
    let lymphomas = ends::lymphomas(sheet, drafts, trigger.span);
    let (from, to) = ends::of(sheet, trigger, &lymphomas);
    let enough = match trigger.weight {
        Weight::Named => true,
        Weight::Word => {
            from.is_some() || to.is_some() || assertion != Assertion::Present && !lymphomas.is_empty()
        }
        Weight::Verb => from.is_some() && to.is_some(),
    };
    if !enough {
        return None;
    }
    let richter = diagnosis::is_richter(&trigger.concept);
    let concept = match assertion {
        _ if richter => trigger.concept.as_str(),
        Assertion::Possible => "find.suspected_transformation",
        Assertion::Present | Assertion::Negated | Assertion::Hypothetical => "find.transformation",
    };
    let rule = if trigger.weight == Weight::Verb { "transformation.change" } else { "transformation.stated" };
    let mut draft = Draft::new(concept, trigger.span, rule).named_at(trigger.span);
    draft.assertion = Some(assertion);
    draft.experiencer = Some(Experiencer::Patient);
    draft.temporality = Some(Temporality::Current);
    draft.cues = reading.cues;
    let default_from = richter.then(|| ConceptId::from("hist.cll_sll"));
    for (attr, end) in [(Attr::From, from.or(default_from)), (Attr::To, to)] {
        if let Some(end) = end {
            draft.set(attr, AttrValue::Text(end.as_str().to_owned()));
        }
    }
    Some(draft)
}

fn is_of_patient_considered(sheet: &Sheet<'_>, at: Span, cues: &[Span]) -> bool {
    const OBJECT: usize = 24;
    cues.iter().filter(|cue| cue.end <= at.start).any(|cue| {
        let object = sheet.within(Span::new(cue.end, at.start.min(cue.end + OBJECT)));
        sheet.says(
            object,
            words![
                "this patient",
                "this man",
                "this woman",
                "this lady",
                "this gentleman",
                "mr ",
                "ms ",
                "mrs ",
                "该患者",
            ],
        )
    })
}

/// One fact for one paragraph and assertion: the fullest, and the first of equals.
fn keep_best(sheet: &Sheet<'_>, told: &mut Vec<Draft>, draft: Draft, trigger: &Trigger) {
    let same = |of: &Draft| of.assertion == draft.assertion && !crosses(sheet, of.span.end, draft.span.start);
    let Some(known) = told.iter_mut().find(|of| same(of)) else {
        told.push(draft);
        return;
    };
    let richer = draft.attrs.len() > known.attrs.len() || known.rule == "transformation.change";
    if richer && trigger.weight != Weight::Verb {
        let old = std::mem::replace(known, draft);
        for (attr, value) in old.attrs {
            known.attrs.entry(attr).or_insert(value);
        }
    } else {
        for (attr, value) in draft.attrs {
            known.attrs.entry(attr).or_insert(value);
        }
    }
}

fn crosses(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    (from.min(to)..to.max(from)).any(|at| sheet.stream.at(at) == BREAK)
}

/// `tFL` names the old disease and "plasmablastic transformation" the new one: diagnoses that no other words tell.
fn named_by(sheet: &Sheet<'_>, draft: &Draft, drafts: &[Draft]) -> Vec<Draft> {
    if draft.assertion != Some(Assertion::Present) {
        return Vec::new();
    }
    let told = |concept: &ConceptId| {
        drafts.iter().any(|of| {
            of.concept.is("hist")
                && diagnosis::code(sheet, &of.concept) == diagnosis::code(sheet, concept)
                && !crosses(sheet, of.span.end, draft.span.start)
        })
    };
    let mut named = Vec::new();
    if let Some((concept, span)) =
        word::old_disease_in(sheet, draft.span).filter(|(concept, _)| !told(concept))
    {
        let mut old = Draft::new(concept.as_str(), span, "diagnosis.name").named_at(span).present();
        old.temporality = Some(Temporality::Historical);
        named.push(old);
    }
    if let Some((concept, span)) =
        word::new_disease_in(sheet, draft.span).filter(|(concept, _)| !told(concept))
    {
        named.push(Draft::new(concept.as_str(), span, "diagnosis.name").named_at(span).present());
    }
    named
}

/// `FL转化为DLBCL待证实`, `担心滤泡性淋巴瘤日后转化`: in doubt is the transformation, not the disease it began from.
fn keep_known(sheet: &Sheet<'_>, draft: &Draft, code: &str, drafts: &mut [Draft]) {
    const NEAR: usize = 6;
    let beside = |of: &Draft| of.span.end <= draft.span.start && draft.span.start - of.span.end <= NEAR;
    for old in drafts.iter_mut().filter(|of| of.rule == "diagnosis.name" && beside(of)) {
        let reading = sheet.modifiers.read(old.name);
        let own_doubt = !reading.feared && reading.cues.iter().any(|cue| cue.start < old.name.start);
        let denied = reading.assertion == Assertion::Negated;
        if diagnosis::code(sheet, &old.concept).as_ref() == code && !denied && !own_doubt {
            old.assertion.get_or_insert(Assertion::Present);
        }
    }
}

/// The old disease is one of the past once the transformation is stated; not in a composite specimen.
fn make_old(sheet: &Sheet<'_>, draft: &Draft, drafts: &mut [Draft]) {
    let Some(from) = draft.text_of(Attr::From).map(ConceptId::from) else { return };
    let to = draft.text_of(Attr::To).map(ConceptId::from);
    let stated = draft.assertion == Some(Assertion::Present);
    let denied_of_newer = draft.assertion == Some(Assertion::Negated) && to.is_some();
    let code = diagnosis::code(sheet, &from);
    if !stated && !denied_of_newer {
        return keep_known(sheet, draft, &code, drafts);
    }
    let new_at = to.as_ref().and_then(|to| {
        drafts
            .iter()
            .filter(|of| {
                // `本次活检为FL,未见DLBCL`: what is not there is no newer disease.
                of.concept.is("hist")
                    && diagnosis::code(sheet, &of.concept) == diagnosis::code(sheet, to)
                    && (!stated || sheet.modifiers.read(of.name).assertion != Assertion::Negated)
            })
            .map(|of| of.span.start)
            .max()
    });
    if let Some(to) = to.as_ref().filter(|_| stated) {
        let to = diagnosis::code(sheet, to);
        let new = |of: &&mut Draft| of.rule == "diagnosis.name" && diagnosis::code(sheet, &of.concept) == to;
        for new in drafts.iter_mut().filter(new).filter(|of| of.span.start >= draft.span.start) {
            // `既往…转化为DLBCL`: the past of the old disease does not reach the new one.
            new.temporality.get_or_insert(Temporality::Current);
        }
    }
    let composite = ends::is_composite(sheet, draft.span);
    for old in drafts
        .iter_mut()
        .filter(|of| of.rule == "diagnosis.name" && diagnosis::code(sheet, &of.concept) == code)
    {
        if crosses(sheet, old.span.end, draft.span.start)
            || sheet.modifiers.read(old.name).assertion == Assertion::Negated
        {
            continue;
        }
        let told_as_old = ends::is_told_as_old(sheet, old.span);
        let earlier = new_at.is_none_or(|at| old.span.start < at) || told_as_old;
        let newer_entity = old.concept.as_str() == "hist.fl_3b" && from.as_str() != "hist.fl_3b";
        let dated_apart = stated || (new_at.is_some_and(|at| at > old.span.end) && told_as_old);
        if earlier && dated_apart && !newer_entity && (!composite || told_as_old) {
            old.temporality = Some(Temporality::Historical);
            old.assertion.get_or_insert(Assertion::Present);
        }
    }
}

/// `2017年诊断FL…由滤泡性淋巴瘤转化而来`: the name inside the words of the transformation repeats the diagnosis told before.
fn merge_mention_inside(sheet: &Sheet<'_>, draft: &Draft, drafts: &mut Vec<Draft>) {
    let joined =
        |from: usize, to: usize| !(from..to).any(|at| matches!(sheet.stream.at(at), ',' | ';' | '。'));
    let beside = |span: Span| {
        span.end <= draft.span.start && draft.span.start - span.end <= 3 && joined(span.end, draft.span.start)
            || span.start >= draft.span.end && span.start - draft.span.end <= 18
    };
    let Some(from) = draft.text_of(Attr::From).map(ConceptId::from) else { return };
    let code = diagnosis::code(sheet, &from);
    let first = drafts
        .iter()
        .position(|of| of.rule == "diagnosis.name" && diagnosis::code(sheet, &of.concept) == code);
    let mut index = 0;
    drafts.retain(|of| {
        index += 1;
        let repeats = of.rule == "diagnosis.name"
            && diagnosis::code(sheet, &of.concept) == code
            && first.is_some_and(|first| first < index - 1);
        let same_grade = of.text_of(Attr::Grade).is_none();
        !(repeats && same_grade && beside(of.span) && !crosses(sheet, of.span.end, draft.span.start))
    });
}
