//! Which diseases a question about the histology means, found by asking the engine about each of them.
//!
//! The rules of groups, unspecific names and transformations stay in one place, the engine. CQL gets their outcome as
//! three lists: met, unknown, and every other disease that is known.

use super::words::list_of;
use cartulary_catalogue::Catalogue;
use cartulary_criteria::{CriteriaLibrary, CriteriaSet, Criterion, need::Need};
use cartulary_model::{
    Answer, Assertion, ConceptId, CriterionId, PatientRecord, Temporality, Text,
    evaluation::{Role, Verification},
    record::{Diagnosis, Transformation},
};
use jiff::civil::Date;
use std::{collections::BTreeMap, fmt::Write as _};

/// A record for each disease, by the disease's key.
#[derive(Debug)]
pub(super) struct Diseases {
    records: BTreeMap<String, PatientRecord>,
}

impl Diseases {
    pub(super) fn new(catalogue: &Catalogue, library: &CriteriaLibrary) -> Self {
        let histologies: Vec<&ConceptId> =
            catalogue.concepts().map(|concept| &concept.id).filter(|id| id.is("hist")).collect();
        let of_group = |group: &str| histologies.iter().find(|id| catalogue.cart_group(id) == Some(group));
        let mut earlier: Vec<Option<&ConceptId>> = vec![None];
        earlier.extend(["FL", "MZL", "CLL"].into_iter().filter_map(of_group).map(|id| Some(*id)));
        let mut records = BTreeMap::new();
        for concept in &histologies {
            for from in &earlier {
                let record = record_of(concept, *from);
                if let Some(disease) = library.todays_disease(catalogue, &record).filter(|of| of.sure) {
                    records.entry(disease.key).or_insert(record);
                }
            }
        }
        Self { records }
    }

    /// The definitions that questions about the disease share.
    pub(super) fn definitions(&self, catalogue: &Catalogue) -> String {
        let transformed = |key: &str| {
            let (concept, added) = key.split_once('/').unwrap_or((key, ""));
            let own = catalogue.cart_group(&ConceptId::from(concept)).unwrap_or_default();
            [own, added].iter().any(|group| matches!(*group, "TFL" | "TINHL" | "RICHTER"))
        };
        let mut out = String::new();
        let all = self.records.keys().map(String::as_str);
        let _ = writeln!(out, "define \"Known diseases\":\n  {}\n", list_of(all.clone()));
        let _ = writeln!(
            out,
            "define \"Is transformed\":\n  \"Transformation\"\n    or (\"Disease\".key is not null and \"Disease\".key in {})\n",
            list_of(all.filter(|key| transformed(key)))
        );
        out
    }

    /// The question in CQL.
    pub(super) fn question(
        &self,
        need: &Need,
        set: &CriteriaSet,
        catalogue: &Catalogue,
        library: &CriteriaLibrary,
    ) -> String {
        let alone = alone(need, set);
        let mut keys: BTreeMap<Answer, Vec<&str>> = BTreeMap::new();
        for (key, record) in &self.records {
            let screened = library.screen_set(&alone, catalogue, record, &[], Date::MAX);
            if let Some(given) = screened.answers.first() {
                keys.entry(given.answer).or_default().push(key);
            }
        }
        let mut out = "(if \"Disease key\" is null then null".to_owned();
        for (answer, word) in [(Answer::Met, "true"), (Answer::Unknown, "null")] {
            if let Some(keys) = keys.get(&answer) {
                let listed = list_of(keys.iter().copied());
                let _ = write!(out, "\n    else if \"Disease key\" in {listed} then {word}");
            }
        }
        out.push_str("\n    else if \"Disease key\" in \"Known diseases\" then false\n    else null)");
        out
    }
}

/// A patient with one disease.
fn record_of(concept: &ConceptId, from: Option<&ConceptId>) -> PatientRecord {
    let diagnosis = Diagnosis {
        concept: concept.clone(),
        date: None,
        assertion: Assertion::Present,
        temporality: Temporality::Current,
        by_pathology: true,
        facts: Vec::new(),
    };
    let transformation = from.map(|from| Transformation {
        from: Some(from.clone()),
        to: None,
        date: None,
        assertion: Assertion::Present,
        facts: Vec::new(),
    });
    PatientRecord { diagnoses: vec![diagnosis], transformation, ..PatientRecord::default() }
}

/// A set that asks this alone.
fn alone(need: &Need, set: &CriteriaSet) -> CriteriaSet {
    let criterion = Criterion {
        id: CriterionId::from("asked"),
        role: Role::Inclusion,
        text: Text::default(),
        need: need.clone(),
        source: String::new(),
        verification: Verification::V,
        seen: None,
        note: None,
        one_of: None,
    };
    CriteriaSet { criteria: vec![criterion], ..set.clone() }
}
