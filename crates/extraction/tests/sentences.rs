//! Sentences with the facts that must come out (`sentences/*.jsonl`), scored as F1 of mentions, assertions, values.
//!
//! A new case is a new line. `sentences/held-out/` was never looked at while rules were written: of it only
//! totals by category are printed. `cargo test -p cartulary-extraction --test sentences -- --nocapture` prints the table;
//! `EXPLAIN=ihc,Z07` says what was missed and wrong in these categories or ids, `EXPLAIN=all` everywhere.
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
    let asked = std::env::var("EXPLAIN").unwrap_or_default();
    let held_out = file.starts_with("held-out");
    let mut categories: BTreeMap<String, Tally> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let expected: Value = serde_json::from_str(line).expect("a line is JSON");
        let record: exchange::Record = serde_json::from_str(line).expect("a line is a record");
        let answer = serde_json::to_value(exchange::extract(&engine, &record)).expect("JSON");
        check_grounding(&record.text, &answer);
        let category = expected["category"].as_str().unwrap_or_default().to_owned();
        let explain = !held_out && is_asked(&asked, &category, &record.id);
        if explain {
            eprintln!("{} [{category}] {}", record.id, record.text);
        }
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

fn is_asked(asked: &str, category: &str, id: &str) -> bool {
    asked.split(',').filter(|of| !of.is_empty()).any(|of| of == "all" || of == category || id.starts_with(of))
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
            note(explain, id, "FORBIDDEN", got);
        }
    }
    tally
}

fn note(explain: bool, id: &str, what: &str, fact: &Value) {
    if explain {
        eprintln!(
            "    {id} {what}: {} {} {} {} {} {} {} {} {} {}",
            fact["type"],
            fact["concept"],
            fact["assertion"],
            fact["quote"],
            fact["rule"].as_str().unwrap_or_default(),
            fact["experiencer"].as_str().unwrap_or_default(),
            fact["temporality"].as_str().unwrap_or_default(),
            if fact["value"].is_null() {
                String::new()
            } else {
                format!(
                    "{}{}{}",
                    fact["comparator"].as_str().unwrap_or_default(),
                    fact["value"],
                    fact["flag"].as_str().unwrap_or_default()
                )
            },
            if fact["date"].is_null() { String::new() } else { fact["date"].to_string() },
            if fact["attrs"].is_null() { String::new() } else { fact["attrs"].to_string() }
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
    if !want["norm"].is_null() && !same_as_printed(&want["norm"]["value"], &got["norm"]["value"]) {
        wrong.push(format!("norm {}", got["norm"]));
    }
    for (key, value) in want["attrs"].as_object().into_iter().flatten() {
        if !same(value, &got["attrs"][key]) {
            wrong.push(format!("{key} {} not {value}", got["attrs"][key]));
        }
    }
    wrong
}

/// A converted value is right to the digits that the author of the sentence wrote: 114.9 for 114.92 umol/L.
fn same_as_printed(want: &Value, got: &Value) -> bool {
    let decimals = want.to_string().split_once('.').map_or(0, |(_, of)| of.len());
    let half = 0.5 * 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
    match (want.as_f64(), got.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= half + 1e-9,
        _ => want == got,
    }
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

/// Floors that only rise; a fall is a regression. A row a file.
#[test]
fn the_sentences_keep_their_scores() {
    let floors = fs::read_to_string(folder().join("floors.csv")).expect("the floors are there");
    let mut fallen = Vec::new();
    for row in floors.lines().skip(1) {
        let [file, mention, assertion, value, forbidden] = row.split(',').collect::<Vec<_>>()[..] else {
            panic!("a row of floors.csv has five columns: {row}");
        };
        let floor = |of: &str| of.parse::<f64>().expect("a floor is a number");
        let tally = score(file);
        for (name, right, least) in [
            ("mention", tally.mentions, floor(mention)),
            ("assertion", tally.assertions, floor(assertion)),
            ("value", tally.values, floor(value)),
        ] {
            if tally.f1(right) < least {
                fallen.push(format!("{file}: {name} F1 fell to {:.3}", tally.f1(right)));
            }
        }
        if tally.forbidden as f64 > floor(forbidden) {
            fallen.push(format!("{file}: {} forbidden facts", tally.forbidden));
        }
    }
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
}

/// A file that is forgotten in the table would be a test that cannot fail.
#[test]
fn every_file_of_sentences_has_a_floor() {
    let floors = fs::read_to_string(folder().join("floors.csv")).expect("the floors are there");
    for place in ["", "areas", "held-out"] {
        for entry in fs::read_dir(folder().join(place)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if place.is_empty() { name.clone() } else { format!("{place}/{name}") };
            let listed = floors.lines().any(|row| row.starts_with(&format!("{path},")));
            assert!(!name.ends_with(".jsonl") || listed, "{path} has no row in floors.csv");
        }
    }
}
