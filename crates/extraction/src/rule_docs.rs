//! The pages behind rule ids: what a rule reads, what it must not be taken for, its source, and what it finds today.
//!
//! The examples are run through the engine when the pages are made, so a page cannot promise what a rule does not do.

use crate::{
    Engine,
    exchange::{self, ExchangeFact, Record},
};
use cartulary_catalogue::{Rule, RuleExample};
use cartulary_model::fact::Method;
use std::{collections::BTreeMap, fmt::Write as _};

/// The page a rule stands on, with its place there.
#[must_use]
pub fn link(rule: &str) -> String {
    let page = rule.split('.').next().unwrap_or(rule);
    format!("docs/rules/{page}.md#{}", anchor(rule))
}

fn anchor(rule: &str) -> String {
    rule.replace(['.', '_'], "-")
}

/// Every page as Markdown, by file name; `README.md` lists them.
#[must_use]
pub fn pages(engine: &Engine) -> BTreeMap<String, String> {
    let mut by_page: BTreeMap<String, Vec<&Rule>> = BTreeMap::new();
    for rule in engine.catalogue.rules() {
        let page = rule.id.as_str().split('.').next().unwrap_or_default();
        by_page.entry(page.to_owned()).or_default().push(rule);
    }
    let mut pages: BTreeMap<String, String> =
        by_page.iter().map(|(name, rules)| (format!("{name}.md"), page(engine, name, rules))).collect();
    pages.insert("README.md".to_owned(), list(&by_page));
    pages
}

const MADE: &str = "<!-- Made from catalogue/rules by `UPDATE_DOCS=1 cargo test -p cartulary-extraction --test \
                    rules`; change it there. -->\n\n";

fn list(by_page: &BTreeMap<String, Vec<&Rule>>) -> String {
    let mut out = format!(
        "{MADE}# The rules of extraction\n\nEvery fact names the rule that read it. Each rule has a place here: what \
         it reads, what it must not be taken for, where that comes from, and what it finds in examples.\n\n"
    );
    for (name, rules) in by_page {
        let ids: Vec<String> = rules
            .iter()
            .map(|rule| format!("[`{}`]({name}.md#{})", rule.id, anchor(rule.id.as_str())))
            .collect();
        let _ = writeln!(out, "- **{name}**: {}", ids.join(", "));
    }
    out
}

fn page(engine: &Engine, name: &str, rules: &[&Rule]) -> String {
    let mut out = format!("{MADE}# Rules: {name}\n");
    for rule in rules {
        let id = rule.id.as_str();
        let _ = write!(out, "\n<a id=\"{}\"></a>\n\n## `{id}`\n\n{}\n", anchor(id), rule.says);
        for (title, text) in [("Never", &rule.never), ("Source", &rule.source)] {
            if !text.is_empty() {
                let _ = write!(out, "\n*{title}.* {text}\n");
            }
        }
        out.push_str("\n| example | reads |\n|---|---|\n");
        for example in &rule.examples {
            let found: Vec<String> = read(engine, example)
                .into_iter()
                .filter(|(rule, _)| rule == id)
                .map(|(_, said)| format!("`{}`", cell(&said)))
                .collect();
            let _ = writeln!(out, "| {} | {} |", cell(&example.text), found.join("<br>"));
        }
    }
    out
}

/// The facts of an example: the rule that read each, and the fact in short. A fact that the exchange form leaves out is
/// told by its concept.
#[must_use]
pub fn read(engine: &Engine, example: &RuleExample) -> Vec<(String, String)> {
    let record = Record {
        id: String::new(),
        text: example.text.clone(),
        doc_type: Some(example.doc_type.clone()).filter(|kind| !kind.is_empty()),
        section: None,
        doc_date: None,
    };
    let answer = exchange::extract(engine, &record);
    let mut all: Vec<(String, String)> =
        answer.facts.iter().map(|fact| (fact.rule.clone(), said(fact))).collect();
    for fact in exchange::facts(engine, &record) {
        let Method::Rule(rule) = &fact.method else { continue };
        if all.iter().all(|(known, _)| known != rule.as_str()) {
            let kept = format!("{} «{}» (kept for the record)", fact.concept, fact.quote());
            all.push((rule.as_str().to_owned(), kept));
        }
    }
    all
}

/// A fact in one line: `lab plt = 45 10*9/L (125-350), present "PLT 45..."`.
#[must_use]
pub fn said(fact: &ExchangeFact) -> String {
    let mut out = format!("{} {}", fact.r#type, fact.concept);
    for part in fact.parts() {
        let _ = write!(out, " {part}");
    }
    let _ = write!(out, " «{}»", fact.quote.replace('\n', "⏎"));
    out
}

/// A bar or a line break would end a table's cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', "⏎")
}
