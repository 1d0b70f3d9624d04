//! One history of diagnosis: which lymphoma, since when, and whether it transformed.

use super::{Facts, by_date};
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    Assertion, ConceptId, Fact, FactId, PartialDate, Temporality,
    fact::{Attr, Sign},
    record::{Diagnosis, Transformation},
};

pub(super) fn reconcile(facts: &Facts<'_>) -> Vec<Diagnosis> {
    let mut diagnoses: Vec<Diagnosis> = Vec::new();
    for fact in facts
        .of_kind(&["hist"])
        .filter(|fact| matches!(fact.assertion, Assertion::Present | Assertion::Possible))
        .filter(|fact| !is_answered_no(facts, fact))
    {
        let date = dated(facts, fact);
        let same = |of: &Diagnosis| of.concept == fact.concept && (of.assertion == fact.assertion);
        match diagnoses.iter_mut().find(|of| same(of)) {
            Some(known) => merge(known, facts, fact, date),
            None => diagnoses.push(Diagnosis {
                concept: fact.concept.clone(),
                date,
                assertion: fact.assertion,
                temporality: fact.temporality,
                by_pathology: facts.by_pathology(fact),
                facts: vec![fact.id],
            }),
        }
    }
    drop_what_is_said_better(facts, &mut diagnoses);
    date_by_event(facts, &mut diagnoses);
    for diagnosis in &mut diagnoses {
        diagnosis.facts.sort();
        diagnosis.facts.dedup();
    }
    diagnoses.sort_by(|a, b| by_date((a.date, &a.facts), (b.date, &b.facts)));
    diagnoses
}

/// "?Blastoid change" of the request, and "no blastoid cytology is seen" in the same report: the doubt is settled.
fn is_answered_no(facts: &Facts<'_>, fact: &Fact) -> bool {
    let denied = |other: &Fact| {
        other.concept == fact.concept
            && other.assertion == Assertion::Negated
            && other.document() == fact.document()
    };
    fact.assertion == Assertion::Possible && facts.of_kind(&["hist"]).any(denied)
}

/// "He was diagnosed in February 2019": the first of undated diagnoses takes the day.
fn date_by_event(facts: &Facts<'_>, diagnoses: &mut [Diagnosis]) {
    let told = facts
        .of_kind(&["event"])
        .filter(|fact| fact.concept.as_str() == "event.diagnosis" && fact.assertion == Assertion::Present)
        .filter_map(|fact| fact.date.map(|date| (date, fact.id)))
        .reduce(|known, other| {
            // Of "2019" and "February 2019" the month says more.
            if earlier(Some(known.0), Some(other.0)) == Some(known.0) { known } else { other }
        });
    let present: Vec<usize> =
        (0..diagnoses.len()).filter(|index| diagnoses[*index].assertion == Assertion::Present).collect();
    if let (Some((date, fact)), [only]) = (told, present.as_slice()) {
        let diagnosis = &mut diagnoses[*only];
        if diagnosis.date.is_none_or(|known| date.latest() < known.earliest()) {
            diagnosis.date = Some(date);
            diagnosis.facts.push(fact);
        }
    }
}

/// The day of a diagnosis: the specimen's where a pathologist speaks, else the day the sentence gives.
fn dated(facts: &Facts<'_>, fact: &Fact) -> Option<PartialDate> {
    if facts.by_pathology(fact) {
        return facts.paper(fact).and_then(|paper| paper.sample_date.or(paper.date)).or(fact.date);
    }
    fact.date
}

/// The first day it was known; a pathologist's day is surer than a narrator's.
fn merge(known: &mut Diagnosis, facts: &Facts<'_>, fact: &Fact, date: Option<PartialDate>) {
    known.facts.push(fact.id);
    known.by_pathology |= facts.by_pathology(fact);
    if fact.temporality == Temporality::Current {
        known.temporality = Temporality::Current;
    }
    known.date = earlier(known.date, date);
}

/// The earlier of two dates; of two that may be the same day the more precise one.
pub(super) fn earlier(a: Option<PartialDate>, b: Option<PartialDate>) -> Option<PartialDate> {
    match (a, b) {
        (Some(first), Some(second)) if first.may_equal(second) => {
            Some(if first.precision() >= second.precision() { first } else { second })
        }
        (Some(first), Some(second)) => Some(first.min(second)),
        (first, second) => first.or(second),
    }
}

/// An umbrella term beside an entity says nothing new; a follicular lymphoma with a grade is the graded one;
/// a doubt about what another paper states is settled.
fn drop_what_is_said_better(facts: &Facts<'_>, diagnoses: &mut Vec<Diagnosis>) {
    let all = diagnoses.clone();
    let has_double_hit = double_hit(facts);
    let said_better = |diagnosis: &Diagnosis| {
        all.iter().any(|other| {
            let stated = other.assertion == Assertion::Present;
            let settled =
                other.concept == diagnosis.concept && diagnosis.assertion == Assertion::Possible && stated;
            let finer = other.concept != diagnosis.concept
                && stated
                && is_finer(facts.catalogue, &other.concept, &diagnosis.concept);
            settled || finer
        })
    };
    let mut moved: Vec<(ConceptId, Vec<FactId>, Option<PartialDate>, bool)> = Vec::new();
    diagnoses.retain(|diagnosis| {
        let better = said_better(diagnosis);
        if better {
            moved.push((
                diagnosis.concept.clone(),
                diagnosis.facts.clone(),
                diagnosis.date,
                diagnosis.by_pathology,
            ));
        }
        !better
    });
    for (concept, fact_ids, date, by_pathology) in moved {
        let unspecific = facts.catalogue.cart_group(&concept) == Some("UNSPEC");
        let heirs: Vec<usize> = (0..diagnoses.len())
            .filter(|index| is_finer(facts.catalogue, &diagnoses[*index].concept, &concept))
            .collect();
        if let ([heir], false) = (heirs.as_slice(), unspecific) {
            let diagnosis = &mut diagnoses[*heir];
            diagnosis.facts.extend(fact_ids);
            diagnosis.by_pathology |= by_pathology;
            diagnosis.date = earlier(diagnosis.date, date);
        }
    }
    // FISH makes a high-grade lymphoma without further name the double-hit entity of the same specimen.
    if let Some(fish) = has_double_hit {
        for diagnosis in diagnoses
            .iter_mut()
            .filter(|of| of.concept.as_str() == "hist.hgbl_nos" && of.assertion == Assertion::Present)
        {
            diagnosis.concept = ConceptId::from("hist.hgbl_myc_bcl2");
            diagnosis.facts.extend(fish.clone());
        }
    }
}

/// MYC and BCL2 rearranged [WHO-HAEM5]; amplification or protein is no hit.
fn double_hit(facts: &Facts<'_>) -> Option<Vec<FactId>> {
    let positive = |concepts: &[&str]| {
        facts
            .all
            .iter()
            .find(|fact| {
                concepts.contains(&fact.concept.as_str())
                    && fact.value == cartulary_model::Value::Sign(Sign::Positive)
                    && fact.assertion == Assertion::Present
                    && fact.is_of_patient()
            })
            .map(|fact| fact.id)
    };
    Some(vec![positive(&["bio.myc_r"])?, positive(&["bio.bcl2_r", "bio.igh_bcl2"])?])
}

/// Whether the first names more exactly what the second names.
fn is_finer(catalogue: &Catalogue, fine: &ConceptId, coarse: &ConceptId) -> bool {
    let group = |of: &ConceptId| catalogue.cart_group(of).unwrap_or_default().to_owned();
    let (fine_group, coarse_group) = (group(fine), group(coarse));
    if coarse_group == "UNSPEC" {
        return fine_group != "UNSPEC" || rank(fine) > rank(coarse);
    }
    let large = ["DLBCL_NOS", "HGBL", "PMBCL", "TFL", "TINHL", "FL3B", "LBCL_OTHER", "RICHTER", "PCNSL"];
    match coarse.as_str() {
        "hist.fl_nos" => fine.as_str().starts_with("hist.fl_") && fine != coarse,
        "hist.fl_3_nos" => matches!(fine.as_str(), "hist.fl_3a" | "hist.fl_3b"),
        "hist.lbcl" => large.contains(&fine_group.as_str()) && fine.as_str() != "hist.lbcl",
        "hist.hgbl_nos" => fine_group == "HGBL" && fine != coarse,
        "hist.hgbl_dh_2016" => {
            matches!(fine.as_str(), "hist.hgbl_myc_bcl2" | "hist.hgbl_myc_bcl6" | "hist.hgbl_triple")
        }
        "hist.dlbcl_nos" => matches!(fine.as_str(), "hist.dlbcl_gcb" | "hist.dlbcl_abc"),
        "hist.mzl_nos" => fine_group == "MZL" && fine != coarse,
        "hist.mcl" => fine.as_str().starts_with("hist.mcl_"),
        "hist.ptcl_nos" => matches!(fine.as_str(), "hist.aitl" | "hist.tfhl_f" | "hist.tfhl_nos"),
        "hist.transformed_nos" | "hist.tfl" | "hist.tinhl" => {
            large.contains(&fine_group.as_str()) && !matches!(fine.as_str(), "hist.tfl" | "hist.tinhl")
        }
        "hist.mcl_blastoid" | "hist.mcl_pleomorphic" => false,
        _ => false,
    }
}

/// How much an umbrella term says.
fn rank(concept: &ConceptId) -> u8 {
    match concept.as_str() {
        "hist.lymphoma_nos" => 0,
        "hist.nhl_nos" => 1,
        "hist.b_nhl_nos" | "hist.indolent_b_nhl" | "hist.aggressive_b_nhl" => 2,
        _ => 3,
    }
}

/// A stated transformation, or an aggressive lymphoma shown by biopsy after an indolent one.
pub(super) fn transformation(facts: &Facts<'_>, diagnoses: &[Diagnosis]) -> Option<Transformation> {
    let stated: Vec<&Fact> = facts
        .of_kind(&["find"])
        .filter(|fact| {
            fact.concept.as_str() == "find.transformation"
                && matches!(fact.assertion, Assertion::Present | Assertion::Possible)
        })
        .collect();
    let group = |of: &Diagnosis| facts.catalogue.cart_group(&of.concept).unwrap_or_default().to_owned();
    let indolent = diagnoses
        .iter()
        .find(|of| of.assertion == Assertion::Present && matches!(group(of).as_str(), "FL" | "MZL" | "CLL"));
    let aggressive = diagnoses.iter().rev().find(|of| {
        of.assertion == Assertion::Present
            && matches!(
                group(of).as_str(),
                "DLBCL_NOS" | "HGBL" | "FL3B" | "LBCL_OTHER" | "TFL" | "TINHL" | "RICHTER"
            )
    });
    let said = stated.iter().any(|fact| fact.assertion == Assertion::Present);
    let later = indolent.zip(aggressive).is_some_and(|(first, second)| {
        first.date.zip(second.date).is_some_and(|(a, b)| a.interval().before(b.interval()) == Some(true))
    });
    if stated.is_empty() && !(later && aggressive.is_some_and(|of| of.by_pathology)) {
        return None;
    }
    let named = |attr: Attr| stated.iter().find_map(|fact| fact.word(attr)).map(ConceptId::from);
    let mut rests_on: Vec<FactId> = stated.iter().map(|fact| fact.id).collect();
    rests_on.extend(indolent.into_iter().chain(aggressive).flat_map(|of| of.facts.first().copied()));
    rests_on.sort();
    rests_on.dedup();
    let biopsied = aggressive.filter(|of| of.by_pathology).and_then(|of| of.date);
    Some(Transformation {
        from: indolent.map(|of| of.concept.clone()).or_else(|| named(Attr::From)),
        to: aggressive.map(|of| of.concept.clone()).or_else(|| named(Attr::To)),
        date: biopsied
            .or_else(|| aggressive.and_then(|of| of.date))
            .or_else(|| stated.iter().find_map(|fact| fact.date)),
        assertion: if said || later { Assertion::Present } else { Assertion::Possible },
        facts: rests_on,
    })
}
