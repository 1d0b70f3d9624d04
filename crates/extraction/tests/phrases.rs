//! Phrases that deny, doubt, plan or state, each tried with several names (`phrases/*.csv`).
//!
//! A new case is a new row: `phrase with {} for the name;answer`. The second row of a table lists the names with their
//! codes in the exchange form. `phrases/whole/*.csv` holds sentences that hasty rules misread: `sentence;answer;code`. The answers: `not` - no fact with this code is present; `given` - one is; `positive`,
//! `negative` - a stain has this result and not the other; `unread` - it has neither;
//! `kin` - none is present of the patient, of another person perhaps; `patient` - one is.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, exchange};
use std::{fs, path::Path, sync::Arc};

/// What a paper says of one code: its assertions, those that concern the patient, and the values that are present of them.
struct Said {
    assertions: Vec<String>,
    own: Vec<String>,
    values: Vec<String>,
}

fn said(engine: &Engine, text: &str, code: &str) -> Said {
    let record = exchange::Record {
        id: "phrase".into(),
        text: text.into(),
        doc_type: Some("letter".into()),
        section: None,
        doc_date: Some(jiff::civil::date(2025, 3, 15).into()),
    };
    let answer = serde_json::to_value(exchange::extract(engine, &record)).expect("JSON");
    let facts = answer["facts"].as_array().cloned().unwrap_or_default();
    let named = facts.iter().filter(|fact| fact["concept"] == code);
    let own = named.clone().filter(|fact| fact["experiencer"].is_null() || fact["experiencer"] == "patient");
    let texts = |key: &'static str| move |fact: &serde_json::Value| fact[key].as_str().map(str::to_owned);
    Said {
        assertions: named.filter_map(texts("assertion")).collect(),
        own: own.clone().filter_map(texts("assertion")).collect(),
        values: own.filter(|fact| fact["assertion"] == "present").filter_map(texts("value")).collect(),
    }
}

fn fits(answer: &str, said: &Said) -> bool {
    let present = said.assertions.iter().any(|of| of == "present");
    let of_patient = said.own.iter().any(|of| of == "present");
    let has = |value: &str| said.values.iter().any(|of| of == value);
    match answer {
        "not" => !present,
        "given" => present,
        "kin" => !of_patient,
        "patient" => of_patient,
        "positive" => has("positive") && !has("negative"),
        "negative" => has("negative") && !has("positive"),
        "unread" => !has("positive") && !has("negative"),
        other => panic!("an unknown answer: {other}"),
    }
}

/// A phrase as a sentence: a capital where it begins, the stop of its language.
fn sentence(phrase: &str, name: &str) -> String {
    let text = phrase.replace("{}", name);
    let stop = if text.chars().any(|of| ('\u{4e00}'..='\u{9fff}').contains(&of)) { '。' } else { '.' };
    let mut chars = text.chars();
    let first = chars.next().map(|of| of.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}{stop}", chars.as_str())
}

#[test]
fn phrases_are_read_with_every_name() {
    let engine = Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/phrases");
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            continue;
        }
        let table = fs::read_to_string(&path).expect("the table is there");
        let mut rows = table.lines().skip(1);
        let names = rows.next().and_then(|row| row.strip_prefix("terms;")).expect("the row of names");
        for row in rows.filter(|row| !row.is_empty()) {
            let (phrase, answer) = row.rsplit_once(';').expect("two columns");
            for name in names.split(", ") {
                let (name, code) = name.rsplit_once('=').expect("a name with its code");
                let text = sentence(phrase, name);
                let said = said(&engine, &text, code);
                if !fits(answer, &said) {
                    wrong.push(format!("{text} {answer}, read as {:?} {:?}", said.assertions, said.values));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of the phrases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn sentences_keep_what_they_state() {
    let engine = Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/phrases/whole");
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let table = fs::read_to_string(entry.expect("an entry").path()).expect("the table is there");
        for row in table.lines().skip(1).filter(|row| !row.is_empty()) {
            let [code, answer, text] = row.rsplitn(3, ';').collect::<Vec<_>>()[..] else {
                panic!("three columns: {row}");
            };
            let said = said(&engine, text, code);
            if !fits(answer, &said) {
                wrong.push(format!("{row}, read as {:?} {:?}", said.assertions, said.values));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of the sentences:\n{}", wrong.len(), wrong.join("\n"));
}
