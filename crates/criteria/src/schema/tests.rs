//! The schema is the form that is read: the same words, the same keys.

use super::*;
use crate::{CriteriaLibrary, need};
use cartulary_catalogue::Catalogue;

/// A document around one question.
fn document(question: &str) -> String {
    format!(
        "id = \"t\"\nkind = \"label\"\nproduct = \"p\"\nauthority = \"FDA\"\nversion = \"1\"\n\
         title = {{ en = \"T\", zh = \"测\" }}\nsources = [\"none\"]\n\n[[criterion]]\nid = \"one\"\n\
         role = \"inclusion\"\ntext = {{ en = \"One\", zh = \"一\" }}\nverification = \"V\"\nneed = {question}\n"
    )
}

fn problems(toml: &str) -> String {
    let catalogue = Catalogue::embedded().unwrap();
    match CriteriaLibrary::parse_one(&catalogue, "t.toml", toml) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_question_is_in_the_schema() {
    let words: Vec<&str> = QUESTIONS.iter().map(|question| question.word).collect();
    assert_eq!(words, need::WORDS);
}

/// A key too many makes the reader list the keys that it knows.
#[test]
fn the_keys_are_those_that_are_read() {
    for question in QUESTIONS {
        assert_eq!(problems(&document(question.example)), "", "{}", question.word);
        let properties = (question.fields)();
        let (example, properties) = match properties[question.word].get("properties") {
            // The fields stand in a table of their own.
            Some(inner) if question.word != "judge" => {
                (question.example.replacen("= { ", "= { zzz = 1, ", 1), inner.clone())
            }
            _ => (question.example.replacen("{ ", "{ zzz = 1, ", 1), properties),
        };
        let said = problems(&document(&example));
        let listed = said.split("expected one of ").nth(1).unwrap_or_else(|| panic!("{example}: {said}"));
        let mut listed: Vec<&str> = listed.trim().split(", ").collect();
        let mut known: Vec<&str> = properties.as_object().unwrap().keys().map(String::as_str).collect();
        listed.sort_unstable();
        known.sort_unstable();
        assert_eq!(listed, known, "{}", question.word);
    }
}

#[test]
fn the_whole_catalogue_keeps_the_schema() {
    let catalogue = Catalogue::embedded().unwrap();
    let schema = schema();
    for (path, text) in catalogue.criteria_documents() {
        let document: Value = toml::from_str(text).unwrap();
        assert_eq!(wrong(&schema, &document, &schema), None, "{path}");
    }
}

#[test]
fn what_is_misspelt_breaks_the_schema() {
    let schema = schema();
    let breaks = |toml: &str| {
        let document: Value = toml::from_str(toml).unwrap();
        wrong(&schema, &document, &schema).is_some()
    };
    assert!(!breaks(&document("{ age = { at_least = 18 } }")));
    for question in [
        "{ age = { at_leest = 18 } }",
        "{ age = 18 }",
        "{ lab = \"plt\", at_least = \"50 10*9/L\" }",
        "{ washout = \"steroid\" }",
        "{ washout = \"steroid\", at_least = \"7 days\" }",
        "{ all = [] }",
        "{ platelets = 50 }",
    ] {
        assert!(breaks(&document(question)), "{question}");
    }
    assert!(breaks(&document("{ age = { at_least = 18 } }").replacen("version", "vershun", 1)));
}

/// The parts of JSON Schema that are used here; what is wrong, if anything is.
fn wrong(schema: &Value, value: &Value, root: &Value) -> Option<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return wrong(root.pointer(&reference[1..])?, value, root);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = choices.iter().any(|choice| wrong(choice, value, root).is_none());
        return (!fits).then(|| format!("{value} fits none of {} forms", choices.len()));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value))
        || schema.get("const").is_some_and(|only| only != value)
    {
        return Some(format!("{value} is no word of {schema}"));
    }
    let kind = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    if !kind {
        return Some(format!("{value} is no {}", schema["type"]));
    }
    if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
        if (list.len() as u64) < schema["minItems"].as_u64().unwrap_or(0) {
            return Some("an empty list".to_owned());
        }
        return list.iter().find_map(|item| wrong(items, item, root));
    }
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str()) {
        return (!matches(pattern, text)).then(|| format!("{text} is not {pattern}"));
    }
    let (Some(properties), Some(fields)) = (schema["properties"].as_object(), value.as_object()) else {
        return None;
    };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let missing = required.clone().find(|key| !fields.contains_key(*key));
    missing.map(|key| format!("{key} is missing")).or_else(|| {
        fields.iter().find_map(|(key, value)| match properties.get(key) {
            Some(of) => wrong(of, value, root).map(|what| format!("{key}: {what}")),
            None => Some(format!("{key} is unknown")),
        })
    })
}

/// The three patterns of the schema, by hand: no crate for regular expressions is worth it here.
fn matches(pattern: &str, text: &str) -> bool {
    if pattern == period()["pattern"] {
        let (count, unit) = text.split_once(' ').unwrap_or_default();
        return count.parse::<u16>().is_ok_and(|count| (1..1000).contains(&count))
            && ["d", "wk", "mo", "a"].contains(&unit);
    }
    if pattern == quantity()["pattern"] {
        return text
            .split_once(' ')
            .is_some_and(|(number, unit)| number.parse::<f64>().is_ok() && !unit.is_empty());
    }
    let kind = pattern.trim_start_matches('^').split('\\').next().unwrap_or_default();
    text.strip_prefix(kind).is_some_and(|rest| rest.starts_with('.') && rest.len() > 1)
}
