//! The codes of the exchange form, which `cartulary extract` speaks.

use crate::{error::Problem, files::Files, table, terms::Concept};
use cartulary_model::ConceptId;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Type and code of a concept in the exchange form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeCode {
    /// `diagnosis`, `lab`, `therapy` ...
    pub kind: String,
    /// The code inside its type.
    pub code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    r#type: String,
    code: String,
}

pub(crate) fn load(
    files: &Files,
    concepts: &BTreeMap<ConceptId, Concept>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<ConceptId, ExchangeCode> {
    const PATH: &str = "exchange.csv";
    let mut codes = BTreeMap::new();
    for row in table::read::<Row>(files, PATH, problems) {
        let id = ConceptId::new(row.of.id);
        if !concepts.contains_key(&id) {
            let what = format!("`{id}` is no concept of terms/");
            problems.push(Problem { file: PATH.into(), line: row.line, what });
        }
        codes.insert(id, ExchangeCode { kind: row.of.r#type, code: row.of.code });
    }
    codes
}

/// What a concept is called where the table has no row: its kind decides the type, its own name is the code.
pub(crate) fn by_default(id: &ConceptId) -> ExchangeCode {
    let kind = match id.kind() {
        "hist" => "diagnosis",
        "reg" | "drug" => "therapy",
        "bio" => "ihc",
        "find" => "finding",
        "sym" => "symptom",
        "com" => "comorbidity",
        "pt" => "demographic",
        other => other,
    };
    ExchangeCode { kind: kind.to_owned(), code: id.name().to_owned() }
}
