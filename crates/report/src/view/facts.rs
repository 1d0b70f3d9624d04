//! What was read, by group, as a haematologist looks for it.

use super::{
    papers::{Chip, Papers},
    value,
};
use crate::words::Words;
use cartulary_model::{DocumentId, Experiencer, Fact, fact::Status};
use std::collections::BTreeSet;

/// A group of facts.
pub(crate) struct FactGroup {
    pub(crate) key: &'static str,
    pub(crate) title: String,
    pub(crate) rows: Vec<FactRow>,
}

/// One fact.
pub(crate) struct FactRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) value: String,
    /// Further properties: `after R-CHOP, at end of treatment`.
    pub(crate) details: String,
    pub(crate) range: String,
    pub(crate) flag: Option<String>,
    pub(crate) date: String,
    /// Denied, possible, planned, family, past; empty when it is plainly so.
    pub(crate) said: Vec<(&'static str, String)>,
    pub(crate) confidence: u8,
    pub(crate) is_unsure: bool,
    pub(crate) standing: String,
    pub(crate) chip: Chip,
}

/// The groups in their order.
const GROUPS: [&str; 9] =
    ["who", "diagnosis", "treatment", "markers", "stage", "blood", "infection", "other", "set_aside"];

/// All facts by group, empty groups left out.
pub(crate) fn fact_groups(papers: &Papers<'_>, words: Words<'_>) -> Vec<FactGroup> {
    let record = &papers.evaluation.record;
    let foreign: BTreeSet<&DocumentId> = record.identity_mismatch.iter().map(|of| &of.document).collect();
    let mut facts: Vec<&Fact> = papers.evaluation.facts.iter().collect();
    // The same thing stands together, in time; undated last.
    facts.sort_by_key(|fact| {
        let day = fact.date.map(|date| date.earliest());
        (fact.concept.clone(), day.is_none(), day, fact.id)
    });
    let groups = GROUPS.map(|key| FactGroup {
        key,
        title: words.t(&format!("facts.{key}")),
        rows: facts
            .iter()
            .filter(|fact| group_of(fact, &foreign) == key)
            .map(|fact| row(fact, papers, words))
            .collect(),
    });
    groups.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

/// A fact in words.
pub(super) fn row(fact: &Fact, papers: &Papers<'_>, words: Words<'_>) -> FactRow {
    let (range, flag) = value::range(fact, words);
    FactRow {
        id: fact.id.to_string(),
        name: words.concept(&fact.concept),
        value: value::value(fact, words),
        details: value::details(fact, words),
        range,
        flag,
        date: fact.date.map(|date| date.to_string()).unwrap_or_default(),
        said: value::said(fact, words),
        confidence: (fact.confidence.clamp(0.0, 1.0) * 100.0).floor() as u8,
        is_unsure: fact.confidence < 0.8 && fact.status == Status::Read,
        standing: value::standing(fact, words),
        chip: papers.chip(fact),
    }
}

fn group_of(fact: &Fact, foreign: &BTreeSet<&DocumentId>) -> &'static str {
    let is_foreign = fact.document().is_some_and(|document| foreign.contains(document));
    if is_foreign || fact.status == Status::Rejected {
        return "set_aside";
    }
    let name = fact.concept.name();
    match fact.concept.kind() {
        "pt" => "who",
        // A relative's lymphoma is history, not the patient's diagnosis.
        "hist" if fact.experiencer == Experiencer::Patient => "diagnosis",
        "drug" | "reg" => "treatment",
        "bio" => "markers",
        "lab" if INFECTION_LABS.contains(&name) => "infection",
        "lab" if ["ki67", "mrd", "ctdna"].contains(&name) => "markers",
        "lab" => "blood",
        "find" => group_of_finding(name),
        "event" if name == "diagnosis" => "diagnosis",
        "event" => "treatment",
        "com" if ["hepatitis_b", "tuberculosis"].contains(&name) => "infection",
        "test" if ["fish", "ngs", "flow"].contains(&name) => "markers",
        _ => "other",
    }
}

fn group_of_finding(name: &str) -> &'static str {
    const SCORES: [&str; 15] = [
        "ecog",
        "kps",
        "stage",
        "suffix",
        "deauville",
        "ipi",
        "aaipi",
        "saaipi",
        "r_ipi",
        "nccn_ipi",
        "cns_ipi",
        "flipi",
        "mipi",
        "bulky",
        "b_symptoms",
    ];
    const INFECTIONS: [&str; 8] =
        ["active_infection", "tb", "fungal", "hbv", "hcv", "hiv", "syphilis", "fever_now"];
    const TREATMENT: [&str; 12] = [
        "cr",
        "pr",
        "sd",
        "pd",
        "asct",
        "prior_cart",
        "prior_cd19",
        "steroid_now",
        "immunosuppressed",
        "sot",
        "gvhd",
        "live_vaccine",
    ];
    const DIAGNOSIS: [&str; 12] = [
        "primary_refractory",
        "refractory",
        "relapsed",
        "rr",
        "early_relapse",
        "pod24",
        "double_refractory",
        "transformation",
        "suspected_transformation",
        "measurable",
        "pet_positive",
        "gelf",
    ];
    let is_in = |names: &[&str]| {
        names.iter().any(|of| name == *of || name.strip_prefix(of).is_some_and(|rest| rest.starts_with('_')))
    };
    if is_in(&SCORES) {
        "stage"
    } else if is_in(&INFECTIONS) {
        "infection"
    } else if is_in(&DIAGNOSIS) {
        "diagnosis"
    } else if is_in(&TREATMENT) {
        "treatment"
    } else {
        "other"
    }
}

const INFECTION_LABS: [&str; 16] = [
    "hbsag", "anti_hbs", "hbeag", "anti_hbe", "anti_hbc", "hbv_dna", "anti_hcv", "hcv_rna", "hiv", "tp_ab",
    "rpr", "ebv_dna", "cmv_dna", "htlv", "tspot", "sarscov2",
];
