//! The codes of the exchange form, which `cartulary extract` speaks.

use crate::{error::Problem, files::Files, hash::Table, table, terms::Concept};
use cartulary_model::ConceptId;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};

/// Type and code of a concept in the exchange form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeCode {
    /// `diagnosis`, `lab`, `therapy` ...
    pub kind: Arc<str>,
    /// The code inside its type.
    pub code: Arc<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    r#type: String,
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormRow {
    id: String,
    form: String,
    r#type: String,
    code: String,
}

/// The code of a concept that the exchange form does not have: the engine needs it, the answer leaves it out.
const LEFT_OUT: &str = "-";

/// Codes by concept, and by the words that say it where they are more particular than the concept.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExchangeCodes {
    of_concepts: Table<ConceptId, ExchangeCode>,
    of_forms: Table<ConceptId, BTreeMap<String, ExchangeCode>>,
}

impl ExchangeCodes {
    /// Type and code of a concept.
    pub(crate) fn of(&self, id: &ConceptId) -> ExchangeCode {
        self.of_concepts.get(id).cloned().unwrap_or_else(|| by_default(id))
    }

    /// Type and code of a concept said in these words; nothing when the exchange form has none.
    pub(crate) fn of_words(&self, id: &ConceptId, words: &str) -> Option<ExchangeCode> {
        let form = self.of_forms.get(id).and_then(|forms| forms.get(&words.to_lowercase()));
        Some(form.cloned().unwrap_or_else(|| self.of(id))).filter(|of| &*of.code != LEFT_OUT)
    }
}

pub(crate) fn load(
    files: &Files,
    concepts: &BTreeMap<ConceptId, Concept>,
    problems: &mut Vec<Problem>,
) -> ExchangeCodes {
    const PATH: &str = "exchange.csv";
    const FORMS: &str = "exchange_forms.csv";
    let mut codes = ExchangeCodes::default();
    codes.of_concepts.extend(concepts.keys().map(|id| (id.clone(), by_default(id))));
    let check = |id: &ConceptId, file: &str, line: u64, problems: &mut Vec<Problem>| {
        if !concepts.contains_key(id) {
            let what = format!("`{id}` is no concept of terms/");
            problems.push(Problem { file: file.into(), line, what });
        }
    };
    for row in table::read::<Row>(files, PATH, problems) {
        let id = ConceptId::new(row.of.id);
        check(&id, PATH, row.line, problems);
        codes.of_concepts.insert(id, ExchangeCode { kind: row.of.r#type.into(), code: row.of.code.into() });
    }
    for row in table::read::<FormRow>(files, FORMS, problems) {
        let id = ConceptId::new(row.of.id);
        check(&id, FORMS, row.line, problems);
        let code = ExchangeCode { kind: row.of.r#type.into(), code: row.of.code.into() };
        codes.of_forms.entry(id).or_default().insert(row.of.form.to_lowercase(), code);
    }
    codes
}

/// What a concept is called where the table has no row: its kind decides the type, its own name is the code.
fn by_default(id: &ConceptId) -> ExchangeCode {
    if let Some(substance) = id.name().strip_prefix("allergy_").filter(|_| id.is("com")) {
        return ExchangeCode { kind: "allergy".into(), code: substance.into() };
    }
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
    ExchangeCode { kind: kind.into(), code: id.name().into() }
}
