//! The words of the report: each stands in both languages and is used.

#![expect(clippy::unwrap_used, reason = "a test stops where its own material is wrong")]

use cartulary_catalogue::Catalogue;
use cartulary_model::Lang;
use std::{collections::BTreeSet, fs, path::Path};

/// Keys that are put together from a value of the model; the part after the point is the value's name.
const FAMILIES: [&str; 11] = [
    "answer.",
    "attr.",
    "code.",
    "column.",
    "facts.",
    "intent.",
    "kind.",
    "quality.",
    "said.",
    "sets.",
    "verification.",
];

fn keys() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("../../catalogue/messages/report.csv")).unwrap();
    let keys = text.lines().filter_map(|line| line.split(',').next()?.strip_prefix("report."));
    keys.map(str::to_owned).collect()
}

/// Everything between double quotes in the sources and templates.
fn literals() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut literals = BTreeSet::new();
    let mut folders = vec![root.join("src"), root.join("templates"), root.join("../figures/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(path).unwrap();
                literals.extend(text.split('"').map(str::to_owned));
            }
        }
    }
    literals
}

#[test]
fn every_key_is_used() {
    let literals = literals();
    for key in keys() {
        let whole = key.strip_suffix(".one").unwrap_or(&key);
        let is_of_family = FAMILIES.iter().any(|family| whole.starts_with(family));
        assert!(is_of_family || literals.contains(whole), "nothing uses report.{key}");
    }
}

#[test]
fn every_key_that_is_used_has_its_words() {
    let keys = keys();
    let prefixes: BTreeSet<&str> =
        keys.iter().filter_map(|key| key.split_once('.')).map(|(first, _)| first).collect();
    for literal in literals() {
        let is_key = literal.split_once('.').is_some_and(|(first, rest)| {
            prefixes.contains(first)
                && !rest.is_empty()
                && rest.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c))
        });
        // Names of files (`header.html`) are no keys.
        if is_key && !literal.ends_with(".html") {
            assert!(keys.contains(&literal), "report.{literal} has no words");
        }
    }
}

#[test]
fn both_languages_say_something_of_their_own() {
    let catalogue = Catalogue::embedded().unwrap();
    for key in keys() {
        let key = format!("report.{key}");
        assert!(catalogue.messages().has(&key), "{key}");
        let chinese = catalogue.messages().text(&key, Lang::Zh);
        let english = catalogue.messages().text(&key, Lang::En);
        assert!(!english.chars().any(|c| c >= '\u{3000}'), "{key}: {english}");
        let is_sign = ["PET", "ECOG", "ALT", "HIV", "FISH", "DNA", "{name} {value}"].contains(&chinese);
        assert!(is_sign || chinese.chars().any(|c| c >= '\u{3000}'), "{key}: {chinese}");
    }
}

#[test]
fn every_property_of_a_fact_has_a_name() {
    let keys = keys();
    let schema = serde_json::to_value(schemars::schema_for!(cartulary_model::fact::Attr)).unwrap();
    let names: Vec<&str> =
        schema["oneOf"].as_array().unwrap().iter().filter_map(|of| of["const"].as_str()).collect();
    assert!(names.len() > 30, "{schema}");
    for name in names {
        assert!(keys.contains(&format!("attr.{name}")), "attr.{name}");
    }
}
