//! Runs the program on an example case and compares the answer with what was expected.

use serde_json::Value;
use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Whether images can be read.
pub(crate) fn models_installed() -> bool {
    root().join("models/cache/PP-OCRv6_rec_small.onnx").is_file()
}

/// Runs the program in the root of the repository.
pub(crate) fn cartulary(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cartulary"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the program starts")
}

/// One example case: what was expected and what the program answered.
pub(crate) struct Case {
    pub(crate) expected: toml::Table,
    pub(crate) answer: Value,
}

/// How the facts compare.
#[derive(Default)]
pub(crate) struct Score {
    pub(crate) expected: usize,
    pub(crate) found: usize,
    pub(crate) missed: usize,
    pub(crate) wrong: usize,
    pub(crate) forbidden: usize,
    pub(crate) notes: Vec<String>,
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expected, found, missed, wrong, forbidden, .. } = self;
        write!(f, "{expected} expected, {found} found, {missed} missed, {wrong} wrong, {forbidden} forbidden")
    }
}

impl Case {
    pub(crate) fn evaluate(name: &str) -> Self {
        let folder = root().join("examples/cases").join(name);
        let text = std::fs::read_to_string(folder.join("expected.toml")).expect("expected.toml is there");
        let expected: toml::Table = text.parse().expect("expected.toml is TOML");
        let on = expected["on"].as_str().expect("on is a date").to_owned();
        let papers = folder.join("papers");
        let output = cartulary(&["evaluate", &papers.to_string_lossy(), "--on", &on, "--json", "-"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer = serde_json::from_slice(&output.stdout).expect("the answer is JSON");
        Self { expected, answer }
    }

    fn list(&self, key: &str) -> Vec<&toml::Table> {
        let list = self.expected.get(key).and_then(toml::Value::as_array);
        list.into_iter().flatten().filter_map(toml::Value::as_table).collect()
    }

    fn facts(&self) -> Vec<(&Value, String)> {
        let names: Vec<(&str, String)> = array(&self.answer["documents"])
            .iter()
            .map(|of| (text(&of["id"]), text(&of["name"]).replace(" » ", "/")))
            .collect();
        array(&self.answer["facts"])
            .iter()
            .map(|fact| {
                let id = text(&fact["evidence"][0]["document"]);
                let name =
                    names.iter().find(|(of, _)| *of == id).map_or(String::new(), |(_, name)| name.clone());
                (fact, name)
            })
            .collect()
    }

    /// Compares every expected fact with the nearest one that was read of the same concept and paper.
    pub(crate) fn score(&self) -> Score {
        let facts = self.facts();
        let mut used: BTreeSet<usize> = BTreeSet::new();
        let mut score = Score::default();
        for expected in self.list("fact") {
            score.expected += 1;
            let candidates = facts.iter().enumerate().filter(|(index, (fact, name))| {
                !used.contains(index)
                    && *name == word(expected, "document")
                    && text(&fact["concept"]) == word(expected, "concept")
            });
            let best = candidates
                .map(|(index, (fact, _))| (differences(expected, fact), index))
                .min_by_key(|(of, _)| (of.0.len(), of.1));
            match best {
                None => {
                    score.missed += 1;
                    score.notes.push(format!(
                        "missed {} {} {}",
                        word(expected, "document"),
                        word(expected, "concept"),
                        word(expected, "quote")
                    ));
                }
                Some(((differences, _), index)) => {
                    used.insert(index);
                    if differences.is_empty() {
                        score.found += 1;
                    } else {
                        score.wrong += 1;
                        score.notes.push(format!(
                            "wrong {} {} {}: {}",
                            word(expected, "document"),
                            word(expected, "concept"),
                            word(expected, "quote"),
                            differences.join(", ")
                        ));
                    }
                }
            }
        }
        for pattern in self.list("forbidden") {
            for (fact, name) in &facts {
                if is_forbidden(pattern, fact, name) {
                    score.forbidden += 1;
                    score.notes.push(format!(
                        "FORBIDDEN {} {} {}",
                        name,
                        text(&fact["concept"]),
                        text(&fact["evidence"][0]["quote"])
                    ));
                }
            }
        }
        score
    }

    pub(crate) fn check_patient(&self) {
        let Some(expected) = self.expected.get("patient").and_then(toml::Value::as_table) else { return };
        let patient = &self.answer["record"]["patient"];
        for (key, value) in expected {
            let got = match key.as_str() {
                "age" => patient["age"]["years"].to_string(),
                other => text(&patient[other]["value"]).to_owned(),
            };
            assert!(same(&plain(value), &got), "patient.{key}: expected {value}, got {got}");
        }
    }

    pub(crate) fn check_diagnoses(&self) {
        let got: Vec<(String, String)> = array(&self.answer["record"]["diagnoses"])
            .iter()
            .filter(|of| of["assertion"] == "present")
            .map(|of| (text(&of["concept"]).to_owned(), text(&of["date"]).to_owned()))
            .collect();
        for expected in self.list("diagnosis") {
            let concept = word(expected, "concept");
            let date = word(expected, "date");
            let found = got.iter().find(|(of, _)| of == concept);
            let (_, got_date) =
                found.unwrap_or_else(|| panic!("diagnosis {concept} is missing from {got:?}"));
            assert!(agree(date, got_date), "diagnosis {concept}: expected {date}, got {got_date}");
        }
        if let Some(expected) = self.expected.get("transformation").and_then(toml::Value::as_table) {
            let transformation = &self.answer["record"]["transformation"];
            for key in ["from", "to", "date"] {
                assert_eq!(word(expected, key), text(&transformation[key]), "transformation.{key}");
            }
        } else {
            assert!(self.answer["record"]["transformation"].is_null(), "no transformation was told");
        }
    }

    pub(crate) fn check_lines(&self) {
        let expected = self.list("line");
        let got = array(&self.answer["record"]["lines"]);
        assert_eq!(expected.len(), got.len(), "lines of therapy: {got:#?}");
        for (expected, got) in expected.iter().zip(got) {
            let number = plain(&expected["number"]);
            for key in ["number", "regimen", "cycles_given", "start", "end", "reason_for_ending"] {
                let Some(value) = expected.get(key) else { continue };
                assert!(
                    same(&plain(value), &scalar(&got[key])),
                    "line {number} {key}: expected {value}, got {}",
                    got[key]
                );
            }
            for key in ["components", "continued_with"] {
                let Some(value) = expected.get(key).and_then(toml::Value::as_array) else { continue };
                let want: BTreeSet<String> = value.iter().map(plain).collect();
                let have: BTreeSet<String> = array(&got[key]).iter().map(scalar).collect();
                assert_eq!(want, have, "line {number} {key}");
            }
            if let Some(best) = expected.get("best_response") {
                assert_eq!(
                    plain(best),
                    text(&got["best_response"]["category"]),
                    "line {number} best response"
                );
            }
            if let Some(transplant) = expected.get("transplant") {
                assert_eq!(
                    plain(transplant),
                    text(&got["transplant"]["concept"]),
                    "line {number} transplant"
                );
            } else {
                assert!(got["transplant"].is_null(), "line {number}: no transplant was told");
            }
        }
    }

    pub(crate) fn check_sets(&self) {
        let Some(expected) = self.expected.get("sets").and_then(toml::Value::as_table) else { return };
        let evaluations = array(&self.answer["evaluations"]);
        for (set, summary) in expected {
            let got = evaluations
                .iter()
                .find(|of| text(&of["set"]) == set)
                .unwrap_or_else(|| panic!("set {set} was not evaluated"));
            assert_eq!(plain(summary), text(&got["summary"]), "{set}: {}", got["reasons"]);
        }
    }

    pub(crate) fn check_papers_set_aside(&self) {
        let aside: Vec<&str> = array(&self.answer["record"]["identity_mismatch"])
            .iter()
            .map(|of| text(&of["document"]))
            .collect();
        let names: Vec<&str> = array(&self.answer["documents"])
            .iter()
            .filter(|of| aside.contains(&text(&of["id"])))
            .map(|of| text(&of["name"]))
            .collect();
        let expected = self.expected.get("identity_mismatch").and_then(|of| of.get("document")).map(plain);
        assert_eq!(expected.as_deref().into_iter().collect::<Vec<_>>(), names, "papers of another person");
    }

    /// Invariant I4: the quote is exactly the characters of the span of its line.
    pub(crate) fn check_grounding(&self) {
        for fact in array(&self.answer["facts"]) {
            assert!(!array(&fact["evidence"]).is_empty(), "a fact without evidence: {fact}");
            for evidence in array(&fact["evidence"]) {
                let document = array(&self.answer["documents"])
                    .iter()
                    .find(|of| of["id"] == evidence["document"])
                    .expect("the document is listed");
                let page = array(&document["pages"])
                    .iter()
                    .find(|of| of["number"] == evidence["page"])
                    .expect("the page is listed");
                let line = &page["lines"][evidence["line"].as_u64().expect("a line index") as usize];
                let (start, end) = (
                    evidence["span"][0].as_u64().expect("a span") as usize,
                    evidence["span"][1].as_u64().expect("a span") as usize,
                );
                let quoted: String = text(&line["text"]).chars().skip(start).take(end - start).collect();
                assert_eq!(quoted, text(&evidence["quote"]), "{fact}");
            }
        }
    }
}

/// What differs, and whether the quotes touch (0) or not (1).
fn differences(expected: &toml::Table, fact: &Value) -> (Vec<String>, u8) {
    let mut differences = Vec::new();
    let quote = word(expected, "quote");
    if let Some(want) = expected.get("value") {
        let got = value_of(fact);
        // A proliferation index is a percent; papers say no sign with it.
        let index = text(&fact["concept"]) == "lab.ki67" && got.is_empty();
        if !same(&plain(want), &got) && !index {
            differences.push(format!("value {got}"));
        }
    }
    for (key, default) in [("assertion", "present"), ("experiencer", "patient"), ("temporality", "current")] {
        let want = expected.get(key).map_or(default.to_owned(), plain);
        if want != text(&fact[key]) {
            differences.push(format!("{key} {}", text(&fact[key])));
        }
    }
    if let Some(want) = expected.get("date")
        && plain(want) != text(&fact["date"])
    {
        differences.push(format!("date {}", text(&fact["date"])));
    }
    for key in
        ["percent", "percent_low", "percent_high", "cycles", "grade", "extent", "intensity", "vaf", "hgvs_p"]
    {
        if let Some(want) = expected.get(key) {
            let got = scalar(&fact["attrs"][key]);
            if !same(&plain(want), &got) {
                differences.push(format!("{key} {got}"));
            }
        }
    }
    let read = text(&fact["evidence"][0]["quote"]);
    let head = |of: &str| of.chars().take(6).collect::<String>();
    let touches = read.contains(&head(quote)) || quote.contains(&head(read));
    (differences, u8::from(!touches))
}

fn is_forbidden(pattern: &toml::Table, fact: &Value, name: &str) -> bool {
    let keys = ["assertion", "experiencer", "temporality", "date"];
    text(&fact["concept"]) == word(pattern, "concept")
        && pattern.get("document").is_none_or(|of| plain(of) == name)
        && pattern.get("value").is_none_or(|of| same(&plain(of), &value_of(fact)))
        && keys.iter().all(|key| pattern.get(*key).is_none_or(|of| plain(of) == text(&fact[*key])))
}

fn value_of(fact: &Value) -> String {
    match text(&fact["value"]["kind"]) {
        "measurement" => scalar(&fact["value"]["of"]["printed"]["value"]),
        _ => scalar(&fact["value"]["of"]),
    }
}

fn same(want: &str, got: &str) -> bool {
    match (want.parse::<f64>(), got.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() < 1e-9,
        _ => want.trim().to_lowercase() == got.trim().to_lowercase(),
    }
}

/// A date as precise as expected or less precise, but never another one.
fn agree(want: &str, got: &str) -> bool {
    want == got || (!got.is_empty() && want.starts_with(got))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn word<'a>(table: &'a toml::Table, key: &str) -> &'a str {
    table.get(key).and_then(toml::Value::as_str).unwrap_or_default()
}

fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
