//! Findings, comorbidities, sites, symptoms, tests and events: stated, of the past, denied, doubted.

use super::{Facts, by_date};
use cartulary_model::{
    Assertion, ConceptId, Temporality, Value,
    record::{DatedFact, FindingState},
};
use std::collections::BTreeMap;

pub(super) fn reconcile(facts: &Facts<'_>) -> BTreeMap<ConceptId, FindingState> {
    let mut findings: BTreeMap<ConceptId, FindingState> = BTreeMap::new();
    let plain = facts.of_kind(&["find", "com", "sym", "site", "test", "event"]).filter(|fact| {
        // Scores, stages and the state of the disease have places of their own in the record.
        !matches!(fact.value, Value::Number(_) | Value::Code(_))
    });
    for fact in plain {
        let state = findings.entry(fact.concept.clone()).or_default();
        let dated = DatedFact { date: facts.date(fact), fact: fact.id };
        match (fact.assertion, fact.temporality) {
            (Assertion::Present, Temporality::Current) => state.asserted.push(dated),
            (Assertion::Present, Temporality::Historical) => state.historical.push(dated),
            (Assertion::Negated, _) => state.denied.push(dated),
            (Assertion::Possible, _) => state.possible.push(dated),
            // What is planned, asked for or feared says nothing of what is.
            (Assertion::Hypothetical, _) => {}
        }
    }
    findings.retain(|_, state| *state != FindingState::default());
    for state in findings.values_mut() {
        for list in [&mut state.asserted, &mut state.historical, &mut state.denied, &mut state.possible] {
            list.sort_by(|a, b| by_date((a.date, &[a.fact]), (b.date, &[b.fact])));
        }
    }
    findings
}
