//! Every rule id leads to words, a source and an example that it reads, and the pages in `docs/rules` are fresh.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{
    Engine,
    exchange::{self, Record},
    rule_docs,
};
use cartulary_model::RuleId;
use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

fn engine() -> (Arc<Catalogue>, Engine) {
    let catalogue = Arc::new(Catalogue::embedded().expect("the catalogue loads"));
    (Arc::clone(&catalogue), Engine::new(catalogue))
}

#[test]
fn every_example_of_a_rule_is_read_by_it() {
    let (catalogue, engine) = engine();
    let mut missing = Vec::new();
    for rule in catalogue.rules() {
        if rule.examples.is_empty() {
            missing.push(format!("{}: no example", rule.id));
        }
        for example in &rule.examples {
            let facts = rule_docs::read(&engine, example);
            if !facts.iter().any(|(of, _)| of == rule.id.as_str()) {
                let found: Vec<&str> = facts.iter().map(|(of, _)| of.as_str()).collect();
                missing.push(format!("{}: not read in `{}` (read: {found:?})", rule.id, example.text));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_rule_that_reads_a_sentence_is_described() {
    let (catalogue, engine) = engine();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences");
    let mut unknown = BTreeSet::new();
    for place in ["", "areas"] {
        for entry in fs::read_dir(folder.join(place)).into_iter().flatten().flatten() {
            if entry.path().extension().is_none_or(|ending| ending != "jsonl") {
                continue;
            }
            let text = fs::read_to_string(entry.path()).expect("the sentences can be read");
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let record: Record = serde_json::from_str(line).expect("a line is a record");
                let facts = exchange::extract(&engine, &record).facts;
                let rules = facts.into_iter().map(|fact| RuleId::new(fact.rule));
                unknown.extend(rules.filter(|rule| catalogue.rule(rule).is_none()));
            }
        }
    }
    assert!(unknown.is_empty(), "rules without a row in catalogue/rules/rules.csv: {unknown:?}");
}

#[test]
fn the_pages_of_the_rules_are_fresh() {
    let (_, engine) = engine();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    for (name, text) in rule_docs::pages(&engine) {
        let path = folder.join(&name);
        if update {
            fs::create_dir_all(&folder).expect("the folder can be made");
            fs::write(&path, &text).expect("the page can be written");
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == text,
            "docs/rules/{name} is stale: UPDATE_DOCS=1 cargo test -p cartulary-extraction --test rules"
        );
    }
}
