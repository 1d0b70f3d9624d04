//! Findings of the whole patient, which `evaluate` asks for and the exchange form has no word for (`findings.csv`).
//!
//! A new case is a new row: `kind of paper;text;concept;told`, told being `present`, `possible`, `denied` or `silent`.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, exchange};
use cartulary_model::Assertion;
use std::sync::Arc;

fn told(engine: &Engine, doc_type: &str, text: &str, concept: &str) -> String {
    let record = exchange::Record {
        id: String::new(),
        text: text.into(),
        doc_type: Some(doc_type.into()),
        section: None,
        doc_date: None,
    };
    let facts = exchange::facts(engine, &record);
    let mut told: Vec<&str> = facts
        .iter()
        .filter(|fact| fact.concept.as_str() == concept)
        .map(|fact| match fact.assertion {
            Assertion::Present => "present",
            Assertion::Negated => "denied",
            Assertion::Possible => "possible",
            Assertion::Hypothetical => "hypothetical",
        })
        .collect();
    told.dedup();
    if told.is_empty() { "silent".into() } else { told.join("+") }
}

#[test]
fn findings_of_the_patient_are_told_as_the_table_says() {
    let engine = Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")));
    let mut wrong = Vec::new();
    for row in include_str!("findings.csv").lines().skip(1).filter(|row| !row.is_empty()) {
        let [doc_type, text, concept, expected] = row.split(';').collect::<Vec<_>>()[..] else {
            panic!("four columns: {row}");
        };
        let got = told(&engine, doc_type, text, concept);
        if got != expected {
            wrong.push(format!("{row}\n    read as {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}
