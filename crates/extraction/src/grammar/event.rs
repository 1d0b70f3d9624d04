//! The days that a course is told by: when the lymphoma was diagnosed, when an unnamed treatment began.
//!
//! ## Reads
//! `Diagnosed 04/2021`, `found in the summer of 2014`, `CLL since 2012`, `FL 2016`, `2年前(2022-06)诊断FL`,
//! `上个月查出来胃里的大B`; `Chemotherapy began on 29 December`, `11-20开始化疗`.
//!
//! ## Never
//! The day another illness was diagnosed, or a transformation, is no day of diagnosis; a treatment that is named
//! has its own first day and is no event. Nothing undated is an event.
//!
//! ## References
//! Anchored at the dates of the sheet; the clause of a date says what happened on it.

use super::Claims;
use crate::{
    assign::clause,
    dates::DateMention,
    draft::Draft,
    lexicon::Candidate,
    sheet::Sheet,
    stream::{BREAK, CELL, Hit, Span},
    vocabulary::event::{
        BEGAN_OF_LYMPHOMA, BEGAN_TREATMENT, BEGINS, DIAGNOSED, FOUND, NAMED_PLAIN, NEXT_CLAUSE_TOLD,
        NOT_FIRST,
    },
    words::{List, Place, words},
};
use cartulary_catalogue::Needs;
use cartulary_model::{
    Assertion, Experiencer, PartialDate, Temporality,
    fact::{Attr, AttrValue},
};

pub(crate) fn read(sheet: &Sheet<'_>, _: &Claims) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for mention in &sheet.mentions {
        let clause = clause(sheet, mention.span);
        let found = diagnosed(sheet, mention, clause)
            .or_else(|| diagnosed(sheet, mention, next_clause(sheet, mention, clause)?))
            .or_else(|| named(sheet, mention, clause))
            .or_else(|| began(sheet, mention, clause));
        if let Some(draft) = found
            && !drafts.iter().any(|known| known.span.overlaps(draft.span) && known.concept == draft.concept)
        {
            drafts.push(draft);
        }
    }
    drafts
}

/// The day a diagnosis was made is told once: the words of the diagnosis itself come before the clause of the date.
pub(super) fn say_once(drafts: &mut Vec<Draft>) {
    let found: Vec<(Span, Option<(PartialDate, Span)>)> = drafts
        .iter()
        .filter(|of| !of.rule.starts_with("event.") && of.concept.as_str() == "event.diagnosis")
        .map(|of| (of.span, of.date))
        .collect();
    drafts.retain(|draft| {
        let event = draft.rule.starts_with("event.") && draft.concept.as_str() == "event.diagnosis";
        let day = |of: Option<(PartialDate, Span)>| of.map(|(date, _)| date);
        !(event
            && found.iter().any(|(span, date)| span.overlaps(draft.span) || day(*date) == day(draft.date)))
    });
}

/// The day of diagnosis is told once; a former lymphoma carries its own day and has no event.
///
/// The lymphoma that another one arose from is still the disease, and keeps its first day.
pub(crate) fn diagnosed_once(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let arose = drafts.iter().any(|of| {
        of.assertion == Some(Assertion::Present)
            && sheet.catalogue().exchange_code(&of.concept).kind.as_ref() == "transformation"
    });
    let replaced = |of: &Draft| {
        let lead = sheet.stream.lower_text(sheet.before(of.name.start, 24));
        !arose || sheet.stream.text_has(lead, words!["previous", "prior ", "earlier"])
    };
    let is_event = |draft: &Draft| draft.concept.as_str() == "event.diagnosis";
    let mut taken: Vec<(PartialDate, Span)> = Vec::new();
    let former: Vec<(PartialDate, Span)> = drafts
        .iter()
        .filter(|of| of.concept.is("hist") && of.temporality == Some(Temporality::Historical))
        .filter(|of| replaced(of))
        .filter_map(|of| of.date)
        .collect();
    drafts.retain(|draft| {
        let Some(date) = draft.date.filter(|_| is_event(draft)) else { return true };
        let again = taken.contains(&date) || former.contains(&date);
        taken.push(date);
        !again
    });
}

/// A draft with its day, which nothing later changes.
fn event(concept: &'static str, span: Span, mention: &DateMention, rule: &'static str) -> Draft {
    let mut draft = Draft::new(concept, span.to(mention.span), rule);
    draft.date = Some((mention.date, mention.span));
    if mention.season {
        draft.set(Attr::DatePrecision, AttrValue::Text("season".into()));
    }
    draft
}

/// Where the first of the words stands in a span.
fn position(sheet: &Sheet<'_>, span: Span, words: &List) -> Option<Span> {
    let places = sheet.stream.words_beginning(span, words);
    // Of several at one place the first of the list is meant.
    let meant = |at: usize| sheet.stream.words_at(at, words).map(Place::word).min();
    places.filter(|of| of.end() <= span.end && meant(of.start()) == Some(of.word())).map(Place::span).next()
}

fn hits_in<'s>(sheet: &'s Sheet<'_>, kinds: &'s [&'s str], span: Span) -> impl Iterator<Item = &'s Hit> {
    let stands = |of: &&Candidate| of.needs.is_none_or(|needs| needs == Needs::Diagnosis);
    let named = sheet.candidates_in(span).iter().filter(stands).map(|of| &of.hit);
    named.filter(move |hit| hit.span.end <= span.end && kinds.contains(&hit.concept.kind()))
}

/// Dated papers of one specimen tell no course.
pub(super) fn tells_course(sheet: &Sheet<'_>) -> bool {
    !sheet.is_kind(&["sec.doc_pathology", "sec.doc_ngs", "sec.doc_fish", "sec.doc_ihc", "sec.doc_lab"])
}

/// `2023-08-21确诊套细胞淋巴瘤`, `Diagnosed in early 2019`, `Her FL was found in the summer of 2014`.
fn diagnosed(sheet: &Sheet<'_>, mention: &DateMention, clause: Span) -> Option<Draft> {
    if !tells_course(sheet) || mention.until.is_some() || position(sheet, clause, NOT_FIRST).is_some() {
        return None;
    }
    let lymphoma = hits_in(sheet, &["hist"], clause).next().map(|hit| hit.span);
    let other = hits_in(sheet, &["com"], clause).next().is_some();
    let word = position(sheet, clause, DIAGNOSED)
        .filter(|word| !is_label_of_diagnosis(sheet, *word))
        .filter(|_| lymphoma.is_some() || !other)
        .or_else(|| lymphoma.and_then(|_| position(sheet, clause, FOUND)))?;
    let reading = sheet.modifiers.read(word);
    let of_patient = reading.experiencer == Experiencer::Patient || sheet.is_kind(&["sec.doc_message"]);
    let stated = reading.assertion == Assertion::Present;
    let nearest = !sheet.mentions.iter().any(|of| between(of.span, word, mention.span));
    if !(of_patient && stated && nearest) || sheet.is_under(word.start, &["sec.sec_family"]) {
        return None;
    }
    let span = lymphoma.map_or(word, |lymphoma| lymphoma.to(word));
    Some(event("event.diagnosis", span, mention, "event.diagnosed").named_at(word).present())
}

/// `诊断医师：…`, `临床诊断：…`: a doctor's title or a field of the form, and no statement that something was diagnosed.
fn is_label_of_diagnosis(sheet: &Sheet<'_>, word: Span) -> bool {
    sheet.stream.reads_any(word.end, words!["医师", "医生", "者:", "科", "日期", "意见", "报告"])
        || sheet.stream.reads_back_any(
            word.start,
            words!["临床", "病理", "影像", "初步", "入院", "出院", "门诊", "送检", "超声"],
        ) && sheet.stream.reads_any(word.end, words![":"])
}

/// `2022年5月因颈部肿物就诊,确诊DLBCL`: a diagnosis in the next clauses of the sentence, which have no date.
fn next_clause(sheet: &Sheet<'_>, mention: &DateMention, own: Span) -> Option<Span> {
    const REACH: usize = 48;
    let sentence = sheet.sentence(mention.span.start);
    let next = sheet.mentions.iter().find(|of| of.span.start >= mention.span.end).map(|of| of.span.start);
    let end = sentence.end.min(own.end + REACH).min(next.unwrap_or(usize::MAX));
    let start = (own.end + 1).min(end);
    let word = position(sheet, Span::new(start, end), words!["确诊", "诊断为", "明确诊断", "诊断"])?;
    let clause = clause(sheet, word);
    let disease = hits_in(sheet, &["hist"], clause).next().is_some();
    let lead = sheet.stream.lower_text(own);
    // `2012年行食管癌手术,现确诊DLBCL`: today's diagnosis is not of the day of old.
    let now = sheet.stream.reads_back_any(word.start, words!["现", "现已", "目前", "本次", "此次"])
        && hits_in(sheet, &["com"], own).next().is_some();
    let told = now || sheet.stream.text_has(lead, NEXT_CLAUSE_TOLD);
    (disease && !told && clause.end <= end.max(word.end + 24)).then_some(clause)
}

/// Whether a span stands between two others.
fn between(of: Span, one: Span, other: Span) -> bool {
    let (start, end) = (one.end.min(other.end), one.start.max(other.start));
    of.start >= start && of.end <= end
}

/// `CLL since 2012`, `NLPHL in 1998`, `FL 2016`: the first disease told, with its day directly behind it.
fn named(sheet: &Sheet<'_>, mention: &DateMention, clause: Span) -> Option<Draft> {
    let hit = hits_in(sheet, &["hist"], clause).find(|hit| hit.span.end <= mention.span.start)?;
    let glue = sheet.stream.lower_text(Span::new(hit.span.end, mention.span.start));
    let hangs = glue.starts_with(' ') && matches!(glue.trim(), "" | "in" | "since" | "from" | "dx" | "dx in");
    let first = hits_in(sheet, &["hist"], Span::new(0, hit.span.start)).next().is_none();
    let before = sheet.stream.lower_text(Span::new(clause.start, hit.span.start));
    let plain = before.split_whitespace().count() <= 4 && !sheet.stream.text_has(before, NAMED_PLAIN);
    let known = tells_course(sheet) && hangs && first && plain && mention.until.is_none();
    let patient = sheet.modifiers.read(hit.span).experiencer == Experiencer::Patient
        || sheet.is_kind(&["sec.doc_message"]);
    (known && patient && !sheet.is_under(hit.span.start, &["sec.sec_family"])).then(|| {
        event("event.diagnosis", hit.span, mention, "event.disease_since").named_at(mention.span).present()
    })
}

/// `Chemotherapy began on 29 December`, `11-20开始化疗`, `3.12开始第一程治疗`; a named regimen is its own fact.
fn began(sheet: &Sheet<'_>, mention: &DateMention, clause: Span) -> Option<Draft> {
    if mention.until.is_some() || hits_in(sheet, &["reg", "drug"], clause).next().is_some() {
        return None;
    }
    let treatment = position(sheet, clause, BEGAN_TREATMENT)?;
    let begins = position(sheet, clause, BEGINS)?;
    let of_lymphoma = position(sheet, clause, BEGAN_OF_LYMPHOMA).is_none();
    let near = treatment.start < mention.span.end + 60 && mention.span.start < treatment.end + 60;
    let joined = !(begins.end.min(treatment.end)..begins.start.max(treatment.start))
        .any(|at| matches!(sheet.stream.at(at), BREAK | CELL));
    let nearest = !sheet.mentions.iter().any(|of| between(of.span, begins, mention.span));
    (of_lymphoma && near && joined && nearest).then(|| {
        let span = begins.to(treatment);
        event("event.therapy_start", span, mention, "event.therapy_began").named_at(treatment)
    })
}
