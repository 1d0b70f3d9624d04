//! What the questions of all sets speak of, so that random records speak of it too.

use cartulary_catalogue::Catalogue;
use cartulary_criteria::{
    CriteriaLibrary,
    need::{Drugs, Limit, Outline},
};
use cartulary_model::ConceptId;
use std::collections::{BTreeMap, BTreeSet};

/// Concepts by what they are asked as.
#[derive(Default)]
pub(crate) struct Words {
    /// Each analyte with the limits it is held against, in its canonical unit, and the unit that they are written in.
    pub(crate) labs: BTreeMap<ConceptId, Vec<(f64, String)>>,
    pub(crate) scores: BTreeMap<String, Vec<f64>>,
    pub(crate) findings: BTreeSet<ConceptId>,
    pub(crate) tests: BTreeSet<ConceptId>,
    pub(crate) markers: BTreeSet<ConceptId>,
    pub(crate) drugs: BTreeSet<ConceptId>,
    pub(crate) denials: BTreeSet<ConceptId>,
    pub(crate) histologies: Vec<ConceptId>,
    pub(crate) regimens: Vec<ConceptId>,
}

impl Words {
    pub(crate) fn new(catalogue: &Catalogue, library: &CriteriaLibrary) -> Self {
        let mut words = Self::default();
        for criterion in library.sets().flat_map(|set| &set.criteria) {
            words.add(&library.outline(criterion));
        }
        for concept in catalogue.concepts() {
            match concept.id.kind() {
                "hist" => words.histologies.push(concept.id.clone()),
                "reg" if catalogue.regimen(&concept.id).is_some() => words.regimens.push(concept.id.clone()),
                _ => {}
            }
        }
        words
    }

    fn add(&mut self, outline: &Outline) {
        match outline {
            Outline::PriorLines { including, not_alone, .. } => {
                including.iter().chain(not_alone).for_each(|drugs| self.add_drugs(drugs));
            }
            Outline::Exposure(drugs) | Outline::Washout { drugs, .. } => self.add_drugs(drugs),
            Outline::Lab { analyte, bound, after_last, .. } => {
                let limits = self.labs.entry(analyte.clone()).or_default();
                let known = bound.iter().map(|limit: &Limit| (limit.value, limit.written_unit.clone()));
                limits.extend(known);
                after_last.iter().for_each(|drugs| self.add_drugs(drugs));
            }
            Outline::Uln { analytes, .. } => {
                for (analyte, _) in analytes {
                    self.labs.entry(analyte.clone()).or_default();
                }
            }
            Outline::Score { score, bound, .. } => {
                let limits = self.scores.entry((*score).to_owned()).or_default();
                limits.extend(bound.iter().map(|limit| limit.value));
            }
            Outline::Finding { findings, also_shown_by, .. } => {
                for (finding, denied_by) in findings.iter().chain(also_shown_by) {
                    self.findings.insert(finding.clone());
                    self.findings.extend(denied_by.iter().cloned());
                }
            }
            Outline::Test { test, .. } => {
                self.tests.insert(test.clone());
            }
            Outline::Biomarker { marker, after_last, .. } => {
                self.markers.insert(marker.clone());
                after_last.iter().for_each(|drugs| self.add_drugs(drugs));
            }
            Outline::All(parts) | Outline::Any(parts) | Outline::AtLeast(_, parts) => {
                parts.iter().for_each(|part| self.add(part));
            }
            Outline::Not(part) => self.add(part),
            _ => {}
        }
    }

    fn add_drugs(&mut self, drugs: &Drugs) {
        self.drugs.extend(drugs.counts.iter().chain(&drugs.physician).cloned());
        self.findings.extend(drugs.findings.iter().cloned());
        self.denials.extend(drugs.denied_by.iter().cloned());
    }
}
