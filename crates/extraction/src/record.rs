//! Reconciliation: many statements of many papers become one view of one patient.
//!
//! A pure function of the facts: any order of the papers gives the same record. What papers contradict is kept
//! as a conflict with both sides; what nobody wrote stays absent.

mod courses;
mod diagnoses;
mod findings;
mod identity;
mod lines;
mod series;

pub(crate) use courses::is_antitumour;

use crate::engine::{Extraction, Paper};
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    ConceptId, DocumentId, Fact, FactId, PartialDate, PatientRecord,
    fact::Status,
    record::{Completeness, DiseaseStatus, Sourced, StatusStatement},
};
use std::collections::{BTreeMap, BTreeSet};

/// The record that the facts give.
pub fn reconcile(catalogue: &Catalogue, extraction: &Extraction) -> PatientRecord {
    let (patient, mismatch, mut conflicts) = identity::reconcile(extraction);
    let aside: BTreeSet<&DocumentId> = mismatch.iter().map(|of| &of.document).collect();
    let of_patient: Vec<&Fact> = extraction
        .facts
        .iter()
        .filter(|fact| fact.status != Status::Rejected)
        .filter(|fact| fact.document().is_none_or(|document| !aside.contains(document)))
        .collect();
    let facts = Facts { catalogue, all: of_patient, papers: papers(extraction) };
    let diagnoses = diagnoses::reconcile(&facts);
    let transformation = diagnoses::transformation(&facts, &diagnoses);
    let told = lines::reconcile(&facts, transformation.as_ref());
    conflicts.extend(told.conflicts);
    conflicts.extend(series::conflicts(&facts));
    conflicts.sort_by(|a, b| a.about.cmp(&b.about));
    let status = DiseaseStatus {
        statements: statements(&facts),
        last_response: told.last_response,
        stated_line_count: line_count(&facts),
    };
    PatientRecord {
        patient,
        diagnoses,
        transformation,
        lines: told.lines,
        other_therapies: told.others,
        status,
        stages: series::stages(&facts),
        labs: series::labs(&facts),
        biomarkers: series::biomarkers(&facts),
        scores: series::scores(&facts),
        virology: series::virology(&facts),
        findings: findings::reconcile(&facts),
        conflicts,
        identity_mismatch: mismatch,
        completeness: Completeness { treatment_history: complete(&facts) },
    }
}

/// The patient's facts and the papers they stand on.
pub(crate) struct Facts<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) all: Vec<&'a Fact>,
    papers: BTreeMap<&'a DocumentId, &'a Paper>,
}

impl<'a> Facts<'a> {
    /// Facts of the patient of one of these kinds.
    pub(crate) fn of_kind(&self, kinds: &'a [&'a str]) -> impl Iterator<Item = &'a Fact> + '_ {
        self.all
            .iter()
            .copied()
            .filter(move |fact| fact.is_of_patient() && kinds.contains(&fact.concept.kind()))
    }

    /// The paper a fact stands on.
    pub(crate) fn paper(&self, fact: &Fact) -> Option<&'a Paper> {
        fact.document().and_then(|document| self.papers.get(document).copied())
    }

    /// The kind of paper a fact stands on.
    pub(crate) fn paper_kind(&self, fact: &Fact) -> &'a str {
        self.paper(fact).and_then(|paper| paper.kind.as_ref()).map_or("", ConceptId::as_str)
    }

    /// The fact's own date, else its paper's.
    pub(crate) fn date(&self, fact: &Fact) -> Option<PartialDate> {
        fact.date.or_else(|| self.paper(fact).and_then(|paper| paper.sample_date.or(paper.date)))
    }

    /// Whether the paper is a pathologist's.
    pub(crate) fn by_pathology(&self, fact: &Fact) -> bool {
        [
            "sec.doc_pathology",
            "sec.doc_pathology_consult",
            "sec.doc_ihc",
            "sec.doc_fish",
            "sec.doc_bm_biopsy",
            "sec.doc_ngs",
        ]
        .contains(&self.paper_kind(fact))
    }
}

fn papers(extraction: &Extraction) -> BTreeMap<&DocumentId, &Paper> {
    extraction.papers.iter().map(|paper| (&paper.document, paper)).collect()
}

/// Order by date, undated last, then by fact.
pub(crate) fn by_date(
    a: (Option<PartialDate>, &[FactId]),
    b: (Option<PartialDate>, &[FactId]),
) -> std::cmp::Ordering {
    let key = |date: Option<PartialDate>| date.map(|of| (of.earliest(), of.latest()));
    match (key(a.0), key(b.0)) {
        (Some(first), Some(second)) => first.cmp(&second),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => std::cmp::Ordering::Equal,
    }
    .then_with(|| a.1.cmp(b.1))
}

fn statements(facts: &Facts<'_>) -> Vec<StatusStatement> {
    let wanted = [
        "find.primary_refractory",
        "find.refractory",
        "find.relapsed",
        "find.rr",
        "find.early_relapse",
        "find.pd",
    ];
    let mut statements: Vec<StatusStatement> = facts
        .of_kind(&["find"])
        .filter(|fact| wanted.contains(&fact.concept.as_str()))
        .map(|fact| StatusStatement {
            concept: fact.concept.clone(),
            assertion: fact.assertion,
            date: fact.date,
            months_since: months(fact),
            fact: fact.id,
        })
        .collect();
    statements.sort_by(|a, b| by_date((a.date, &[a.fact]), (b.date, &[b.fact])));
    statements
}

/// The interval a relapse is said to have come after, in months.
pub(crate) fn months(fact: &Fact) -> Option<f64> {
    fact.word(cartulary_model::fact::Attr::Interval)?.strip_suffix(" mo")?.parse().ok()
}

fn line_count(facts: &Facts<'_>) -> Option<Sourced<u32>> {
    let mut counts: Vec<(Option<PartialDate>, FactId, u32)> = facts
        .of_kind(&["event"])
        .filter(|fact| {
            fact.concept.as_str() == "event.line_count"
                && fact.assertion == cartulary_model::Assertion::Present
        })
        .filter_map(|fact| match fact.value {
            cartulary_model::Value::Number(count) => Some((facts.date(fact), fact.id, count as u32)),
            _ => None,
        })
        .collect();
    counts.sort_by(|a, b| by_date((a.0, &[a.1]), (b.0, &[b.1])));
    counts.last().map(|(_, fact, count)| Sourced { value: *count, facts: vec![*fact] })
}

fn complete(facts: &Facts<'_>) -> Option<Vec<FactId>> {
    let said: Vec<FactId> = facts
        .of_kind(&["event"])
        .filter(|fact| {
            fact.concept.as_str() == "event.history_complete"
                && fact.assertion == cartulary_model::Assertion::Present
        })
        .map(|fact| fact.id)
        .collect();
    (!said.is_empty()).then_some(said)
}
