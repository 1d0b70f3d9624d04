//! Sentences with the facts that must come out (`sentences/*.jsonl`), scored as F1 of mentions, assertions, values.
//!
//! A new case is a new line. `sentences/held-out/` was never looked at while rules were written.
//! The table is printed: `cargo test -p cartulary-extraction --test sentences -- --nocapture`.
#![expect(clippy::print_stderr, reason = "the table of scores is for the reader of the test run")]

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, exchange};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

/// How many of what was expected and what was answered agree.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    expected: usize,
    answered: usize,
    mentions: usize,
    assertions: usize,
    values: usize,
    forbidden: usize,
    sentences: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.expected += other.expected;
        self.answered += other.answered;
        self.mentions += other.mentions;
        self.assertions += other.assertions;
        self.values += other.values;
        self.forbidden += other.forbidden;
        self.sentences += other.sentences;
    }

    fn f1(&self, right: usize) -> f64 {
        2.0 * right as f64 / (self.expected + self.answered).max(1) as f64
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences")
}

/// Scores a file; prints a row a category, and what went wrong when asked to.
fn score(file: &str) -> Tally {
    let engine = Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")));
    let text = fs::read_to_string(folder().join(file)).expect("the file is there");
    let explain = std::env::var_os("EXPLAIN").is_some();
    let mut categories: BTreeMap<String, Tally> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let expected: Value = serde_json::from_str(line).expect("a line is JSON");
        let record: exchange::Record = serde_json::from_str(line).expect("a line is a record");
        let answer = serde_json::to_value(exchange::extract(&engine, &record)).expect("JSON");
        check_grounding(&record.text, &answer);
        let category = expected["category"].as_str().unwrap_or_default().to_owned();
        categories.entry(category).or_default().add(compare(&expected, &answer, explain));
    }
    let mut total = Tally::default();
    for (category, tally) in &categories {
        print_row(category, tally);
        total.add(*tally);
    }
    print_row(file, &total);
    total
}

fn print_row(name: &str, tally: &Tally) {
    eprintln!(
        "{name:<24} {:>4} sentences {:>5} facts {:>5} answered  mention {:.3}  assertion {:.3}  value {:.3}  forbidden {}",
        tally.sentences,
        tally.expected,
        tally.answered,
        tally.f1(tally.mentions),
        tally.f1(tally.assertions),
        tally.f1(tally.values),
        tally.forbidden
    );
}

/// Invariant I4 in the exchange form: the quote is the text at the span.
fn check_grounding(text: &str, answer: &Value) {
    for fact in list(&answer["facts"]) {
        let start = fact["span"][0].as_u64().expect("a span") as usize;
        let end = fact["span"][1].as_u64().expect("a span") as usize;
        let quoted: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(fact["quote"], quoted.as_str(), "{text}");
        assert!(!quoted.is_empty(), "an empty quote in {text}");
    }
}

fn compare(expected: &Value, answer: &Value, explain: bool) -> Tally {
    let id = expected["id"].as_str().unwrap_or_default();
    let answered = list(&answer["facts"]);
    let mut tally = Tally {
        sentences: 1,
        expected: list(&expected["facts"]).len(),
        answered: answered.len(),
        ..Tally::default()
    };
    let mut used = vec![false; answered.len()];
    for want in list(&expected["facts"]) {
        let fits = |got: &Value| {
            got["type"] == want["type"] && got["concept"] == want["concept"] && overlap(want, got)
        };
        let Some(index) = (0..answered.len()).find(|index| !used[*index] && fits(&answered[*index])) else {
            note(explain, id, "missed", want);
            continue;
        };
        used[index] = true;
        tally.mentions += 1;
        let got = &answered[index];
        if same_assertion(want, got) {
            tally.assertions += 1;
        } else {
            note(
                explain,
                id,
                &format!("asserted as {} {} {}", got["assertion"], got["experiencer"], got["temporality"]),
                want,
            );
        }
        let wrong = wrong_values(want, got);
        if wrong.is_empty() {
            tally.values += 1;
        } else {
            note(explain, id, &format!("value {}", wrong.join(", ")), want);
        }
    }
    for (index, got) in answered.iter().enumerate().filter(|(index, _)| !used[*index]) {
        let _ = index;
        note(explain, id, "not expected", got);
    }
    for pattern in list(&expected["forbidden"]) {
        for got in answered.iter().filter(|got| is_forbidden(pattern, got)) {
            tally.forbidden += 1;
            note(true, id, "FORBIDDEN", got);
        }
    }
    tally
}

fn note(explain: bool, id: &str, what: &str, fact: &Value) {
    if explain {
        eprintln!(
            "  {id} {what}: {} {} {} {}",
            fact["type"], fact["concept"], fact["assertion"], fact["quote"]
        );
    }
}

fn overlap(want: &Value, got: &Value) -> bool {
    let span = |of: &Value| (of["span"][0].as_u64().unwrap_or(0), of["span"][1].as_u64().unwrap_or(0));
    let ((a, b), (c, d)) = (span(want), span(got));
    a < d && c < b
}

fn same_assertion(want: &Value, got: &Value) -> bool {
    let or = |of: &Value, key: &str, default: &str| of[key].as_str().unwrap_or(default).to_owned();
    want["assertion"] == got["assertion"]
        && or(want, "experiencer", "patient") == or(got, "experiencer", "patient")
        && or(want, "temporality", "current") == or(got, "temporality", "current")
}

fn wrong_values(want: &Value, got: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for key in ["value", "unit", "comparator", "ref_low", "ref_high", "flag", "date"] {
        if !want[key].is_null() && !same(&want[key], &got[key]) {
            wrong.push(format!("{key} {} not {}", got[key], want[key]));
        }
    }
    if !want["norm"].is_null() && !same(&want["norm"]["value"], &got["norm"]["value"]) {
        wrong.push(format!("norm {}", got["norm"]));
    }
    for (key, value) in want["attrs"].as_object().into_iter().flatten() {
        if !same(value, &got["attrs"][key]) {
            wrong.push(format!("{key} {} not {value}", got["attrs"][key]));
        }
    }
    wrong
}

fn same(want: &Value, got: &Value) -> bool {
    match (want.as_f64(), got.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        _ => want == got,
    }
}

/// A fact equal on all the keys a pattern gives.
fn is_forbidden(pattern: &Value, got: &Value) -> bool {
    pattern.as_object().into_iter().flatten().all(|(key, want)| match key.as_str() {
        "experiencer" => got[key].as_str().unwrap_or("patient") == want,
        "temporality" => got[key].as_str().unwrap_or("current") == want,
        _ => same(want, &got[key]) || same(want, &got["attrs"][key]),
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Floors that only rise; a fall is a regression.
fn check(file: &str, mention: f64, assertion: f64, value: f64, forbidden: usize) {
    let tally = score(file);
    assert!(
        tally.f1(tally.mentions) >= mention,
        "{file}: mention F1 fell to {:.3}",
        tally.f1(tally.mentions)
    );
    assert!(
        tally.f1(tally.assertions) >= assertion,
        "{file}: assertion F1 fell to {:.3}",
        tally.f1(tally.assertions)
    );
    assert!(tally.f1(tally.values) >= value, "{file}: value F1 fell to {:.3}", tally.f1(tally.values));
    assert!(tally.forbidden <= forbidden, "{file}: {} forbidden facts", tally.forbidden);
}

#[test]
fn the_example_sentences_keep_their_score() {
    check("examples.jsonl", 0.9, 0.9, 0.8, 0);
}

#[test]
fn the_english_sentences_keep_their_score() {
    check("en.jsonl", 0.79, 0.75, 0.63, 23);
}

#[test]
fn the_chinese_sentences_keep_their_score() {
    check("zh.jsonl", 0.79, 0.73, 0.66, 34);
}
