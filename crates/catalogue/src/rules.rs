//! What each rule of extraction reads, in words, with its source and examples: the page behind a fact's rule id.

use crate::{error::Problem, files::Files, table};
use cartulary_model::RuleId;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A rule of extraction as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `lab.row`: the grammar, and what it reads there.
    pub id: RuleId,
    /// What it reads.
    pub says: String,
    /// What it must not be taken for; may be empty.
    pub never: String,
    /// Paper, standard or convention; may be empty for plain language.
    pub source: String,
    /// Sentences in which it finds something.
    pub examples: Vec<RuleExample>,
}

/// A sentence that shows a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleExample {
    /// The kind of paper, as in the exchange form; may be empty.
    pub doc_type: String,
    /// The sentence.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    says: String,
    never: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleRow {
    rule: String,
    doc_type: String,
    text: String,
}

pub(crate) fn load(files: &Files, problems: &mut Vec<Problem>) -> BTreeMap<RuleId, Rule> {
    const RULES: &str = "rules/rules.csv";
    const EXAMPLES: &str = "rules/examples.csv";
    let mut rules: BTreeMap<RuleId, Rule> = BTreeMap::new();
    for row in table::read::<Row>(files, RULES, problems) {
        let id = RuleId::from(row.of.id.as_str());
        let rule = Rule {
            id: id.clone(),
            says: row.of.says,
            never: row.of.never,
            source: row.of.source,
            examples: Vec::new(),
        };
        if !row.of.id.contains('.') || rules.insert(id, rule).is_some() {
            let what = format!("rule `{}` stands twice or is not of the form grammar.what", row.of.id);
            problems.push(Problem { file: RULES.into(), line: row.line, what });
        }
    }
    for row in table::read::<ExampleRow>(files, EXAMPLES, problems) {
        match rules.get_mut(&RuleId::from(row.of.rule.as_str())) {
            Some(rule) => {
                rule.examples.push(RuleExample { doc_type: row.of.doc_type, text: row.of.text });
            }
            None => problems.push(Problem {
                file: EXAMPLES.into(),
                line: row.line,
                what: format!("`{}` is no rule of {RULES}", row.of.rule),
            }),
        }
    }
    rules
}
