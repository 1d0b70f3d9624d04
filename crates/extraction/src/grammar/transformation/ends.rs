//! From which lymphoma to which: by the words around the transformation, else by their nature.

use super::word::{Trigger, new_disease_in, old_disease_in};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::transformation::{COMPOSITE, COMPOSITE_DENIED, TOLD_AS_OLD, TOLD_AS_OLD_BEHIND},
    words::words,
};
use cartulary_model::{Assertion, ConceptId, Experiencer};

/// A lymphoma told near a transformation.
#[derive(Clone, Debug)]
pub(super) struct Lymphoma {
    concept: ConceptId,
    span: Span,
}

/// The patient's lymphomas of the same paragraph that are not denied.
pub(super) fn lymphomas(sheet: &Sheet<'_>, drafts: &[Draft], at: Span) -> Vec<Lymphoma> {
    const REACH: usize = 260;
    let near = |span: Span| {
        let (start, end) = (span.start.min(at.start), span.end.max(at.end));
        end - start <= REACH && !(start..end).any(|of| sheet.stream.at(of) == BREAK)
    };
    drafts
        .iter()
        .filter(|of| of.rule == "diagnosis.name" && near(of.span))
        .filter(|of| {
            let reading = sheet.modifiers.read(of.name);
            let own = reading.experiencer == Experiencer::Patient || sheet.is_kind(&["sec.doc_message"]);
            let denied = of.assertion == Some(Assertion::Negated)
                || (reading.assertion == Assertion::Negated && !denial_is_of_change(sheet, of.span, at));
            own && !denied
        })
        .map(|of| Lymphoma { concept: of.concept.clone(), span: of.span })
        .collect()
}

/// "no evidence of transformation in this follicular lymphoma": what is denied is the change, not the disease.
fn denial_is_of_change(sheet: &Sheet<'_>, name: Span, at: Span) -> bool {
    let denied = sheet.modifiers.read(at).assertion == Assertion::Negated;
    denied && name.start >= at.end && sheet.sentence(name.start) == sheet.sentence(at.start)
}

type Ends = (Option<ConceptId>, Option<ConceptId>);

pub(super) fn of(sheet: &Sheet<'_>, trigger: &Trigger, lymphomas: &[Lymphoma]) -> Ends {
    let stream = &sheet.stream;
    let at = trigger.span;
    let word = stream.lower_text(at);
    let behind = lymphomas.iter().find(|of| of.span.start >= at.end && of.span.start - at.end <= 40);
    let ahead = lymphomas.iter().rev().find(|of| of.span.end <= at.start && at.start - of.span.end <= 60);
    let within = lymphomas.iter().find(|of| of.span.overlaps(at));
    let from_word = old_disease_in(sheet, at).map(|(concept, _)| concept);
    let to_word = new_disease_in(sheet, at).map(|(concept, _)| concept);
    let points_back = ["from", "arising", "arose", "arisen", "而来"].iter().any(|part| word.contains(part))
        || linked(sheet, at.end, words!["from", "of", "in", "of a", "of the"]);
    let points_on = ["into", "为", "成", " to"].iter().any(|part| word.ends_with(part))
        || linked(sheet, at.end, words!["to", "into", "as", "为", "成"]);
    let changed = word.contains("changed from");
    let indolent = |of: &&Lymphoma| is_indolent(sheet, &of.concept);
    let aggressive = |of: &&Lymphoma| is_aggressive(sheet, &of.concept);
    let by_nature_from = lymphomas
        .iter()
        .find(|of| indolent(of) && of.concept.as_str() != "hist.fl_3b")
        .or_else(|| lymphomas.iter().find(indolent));
    let by_nature_to = lymphomas.iter().rev().find(aggressive);
    let old =
        if points_back && !points_on { behind.filter(indolent).or(ahead.filter(indolent)) } else { None };
    let new = if points_on && !changed { behind.filter(|of| aggressive(of) || !indolent(of)) } else { None };
    let from = old.or(by_nature_from).or(within.filter(indolent)).map(|of| of.concept.clone());
    let to = new.or(by_nature_to).map(|of| of.concept.clone());
    let from = from_word.map_or(from.clone(), |word| Some(finer_of(sheet, word, from)));
    let to = to_word.or(to).filter(|to| Some(to) != from.as_ref());
    (from, to)
}

/// `tMZL` in the text of a splenic marginal zone lymphoma comes from that one.
fn finer_of(sheet: &Sheet<'_>, word: ConceptId, told: Option<ConceptId>) -> ConceptId {
    match told {
        Some(told) if crate::grammar::diagnosis::is_finer(sheet, &told, &word) => told,
        Some(_) | None => word,
    }
}

/// A joining word directly behind.
fn linked(sheet: &Sheet<'_>, at: usize, words: &[&str]) -> bool {
    let from = at + usize::from(sheet.stream.at(at) == ' ');
    words.iter().any(|word| {
        let end = from + word.chars().count();
        sheet.stream.reads(from, word) && !sheet.stream.at(end).is_ascii_alphabetic()
    })
}

pub(super) fn is_indolent(sheet: &Sheet<'_>, concept: &ConceptId) -> bool {
    let id = concept.as_str();
    let by_group =
        sheet.catalogue().cart_group(concept).is_some_and(|group| matches!(group, "FL" | "MZL" | "CLL"));
    by_group
        || matches!(id, "hist.lpl" | "hist.wm" | "hist.fl_3_nos" | "hist.nlphl" | "hist.indolent_b_nhl" | "hist.pcmzl" | "hist.dfl" | "hist.ptfl" | "hist.pcfcl" | "hist.mbl" | "hist.fl_3b")
        // A mantle cell lymphoma transforms into its blastoid form.
        || id == "hist.mcl"
}

pub(super) fn is_aggressive(sheet: &Sheet<'_>, concept: &ConceptId) -> bool {
    let id = concept.as_str();
    sheet.catalogue().cart_group(concept).is_some_and(|group| {
        matches!(group, "DLBCL_NOS" | "HGBL" | "FL3B" | "LBCL_OTHER" | "BURKITT" | "PMBCL" | "PCNSL")
    }) || matches!(
        id,
        "hist.pbl" | "hist.lbcl" | "hist.chl" | "hist.mcl_blastoid" | "hist.aggressive_b_nhl" | "hist.b_all"
    )
}

/// Two lymphomas in one specimen: both are of today.
pub(super) fn is_composite(sheet: &Sheet<'_>, at: Span) -> bool {
    let around = Span::new(at.start.saturating_sub(160), (at.end + 120).min(sheet.stream.len()));
    sheet.stream.lower_text(around).split([',', ';', '。', '.']).any(|clause| {
        sheet.stream.text_has(clause, COMPOSITE) && !sheet.stream.text_has(clause, COMPOSITE_DENIED)
    })
}

/// `原为`, `病史6年`, "known", "since 2012", "changed from", a year of its own: the disease as it was.
pub(super) fn is_told_as_old(sheet: &Sheet<'_>, name: Span) -> bool {
    let stream = &sheet.stream;
    let before = stream.lower_text(sheet.before(name.start, 26));
    let clause = before.rsplit([';', '。', ',']).next().unwrap_or_default();
    let after = stream.lower_text(sheet.after(name.end, 16));
    let told_before = sheet.stream.text_has(clause, TOLD_AS_OLD) && !clause.contains("原发");
    let behind = TOLD_AS_OLD_BEHIND.iter().any(|word| after.trim_start().starts_with(word.trim_start()));
    let dated = sheet.mentions.iter().any(|of| {
        of.span.end <= name.start
            && of.span.start >= name.start.saturating_sub(14)
            && of.span.start >= sheet.sentence(name.start).start
    });
    told_before || behind || dated
}
