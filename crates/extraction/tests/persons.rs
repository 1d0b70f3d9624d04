//! Whose paper it is, as headers, letters and first sentences say it (`persons.csv`).
//!
//! A new case is a new row: `text;name;born;number`; several numbers are joined with `+`, nothing told is empty. A name
//! or number that is wrong merges two people or parts one, so silence is better than a guess.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, exchange};
use cartulary_model::Value;
use std::sync::Arc;

fn told(engine: &Engine, text: &str) -> [String; 3] {
    let record = exchange::Record {
        id: String::new(),
        text: text.into(),
        doc_type: Some("letter".into()),
        section: None,
        doc_date: None,
    };
    let facts = exchange::facts(engine, &record);
    ["pt.name", "pt.birth_date", "pt.number"].map(|concept| {
        let values =
            facts.iter().filter(|fact| fact.concept.as_str() == concept).map(|fact| match &fact.value {
                Value::Text(text) | Value::Code(text) => text.clone(),
                Value::Date(date) => date.to_string(),
                other => format!("{other:?}"),
            });
        values.collect::<Vec<_>>().join("+")
    })
}

#[test]
fn a_paper_names_its_person_as_the_table_says() {
    let engine = Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")));
    let mut wrong = Vec::new();
    for row in include_str!("persons.csv").lines().skip(1).filter(|row| !row.is_empty()) {
        let [text, expected @ ..] = &row.split(';').collect::<Vec<_>>()[..] else {
            panic!("four columns: {row}")
        };
        let got = told(&engine, text);
        if got[..] != *expected {
            wrong.push(format!("{row}\n    read as {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}
