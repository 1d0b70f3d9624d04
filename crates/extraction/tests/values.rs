//! The values of a text, all of them and no others (`values/*.csv`).
//!
//! A new case is a new row: `text;code=value code=value`, with `<` and `>` as printed, nothing behind the semicolon where
//! no value may be read. ` / ` in the text is the end of a line. Only values of the analytes that the exchange form knows.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, exchange};
use std::{fs, path::Path, sync::Arc};

fn values(engine: &Engine, text: &str, kind: &str) -> Vec<String> {
    let record = exchange::Record {
        id: "values".into(),
        text: text.into(),
        doc_type: Some(kind.into()),
        section: None,
        doc_date: Some(jiff::civil::date(2026, 3, 1).into()),
    };
    let answer = serde_json::to_value(exchange::extract(engine, &record)).expect("JSON");
    let facts = answer["facts"].as_array().cloned().unwrap_or_default();
    let told = facts.iter().filter(|fact| fact["type"] == "lab" && fact["assertion"] == "present");
    let mut values: Vec<String> = told
        .map(|fact| {
            let bound = fact["comparator"].as_str().unwrap_or_default();
            format!("{}={bound}{}", fact["concept"].as_str().unwrap_or_default(), fact["value"])
        })
        .map(|value| value.strip_suffix(".0").map_or(value.clone(), str::to_owned))
        .collect();
    values.sort();
    values
}

#[test]
fn values_are_those_of_their_analytes() {
    let engine = Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/values");
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let table = fs::read_to_string(entry.expect("an entry").path()).expect("the table is there");
        for row in table.lines().skip(1).filter(|row| !row.is_empty()) {
            let (text, expected) = row.rsplit_once(';').expect("two columns");
            let mut expected: Vec<&str> = expected.split_whitespace().collect();
            expected.sort_unstable();
            for kind in ["letter", "lab"] {
                let read = values(&engine, &text.replace(" / ", "\n"), kind);
                if read != expected {
                    wrong.push(format!("{kind}: {row}, read as {}", read.join(" ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of the texts:\n{}", wrong.len(), wrong.join("\n"));
}
