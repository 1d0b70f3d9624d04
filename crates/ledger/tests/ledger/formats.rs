//! What was ever written is read for ever: `tests/formats` holds an example of each kind of entry with all its fields.
//!
//! A change that fails here would make entries of running registers unreadable. Fields may be added with a default, and
//! then a second example is added; no example is ever changed or removed.

use cartulary_ledger::Body;
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};

fn examples() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let mut examples: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            (path.file_stem().unwrap().to_string_lossy().into_owned(), serde_json::from_str(&text).unwrap())
        })
        .collect();
    examples.sort_by(|a, b| a.0.cmp(&b.0));
    examples
}

#[test]
fn each_kind_has_an_example_and_each_example_is_read() {
    let mut seen = BTreeSet::new();
    for (name, example) in examples() {
        let body: Body =
            serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(example["kind"], body.kind(), "{name}");
        assert!(name.starts_with(body.kind()), "{name} holds an entry of kind {}", body.kind());
        // Nothing of it is lost.
        let Value::Object(now) = serde_json::to_value(&body).unwrap() else { panic!("{name}") };
        let Value::Object(then) = example else { panic!("{name}") };
        for (field, value) in &then {
            assert_eq!(now.get(field), Some(value), "{name}: {field}");
        }
        seen.insert(body.kind());
    }
    assert_eq!(seen, Body::KINDS.iter().copied().collect());
}

#[test]
fn a_field_that_a_newer_programme_added_does_not_stop_an_older_one() {
    for (name, mut example) in examples() {
        example["from_the_future"] = Value::from(1);
        assert!(serde_json::from_value::<Body>(example).is_ok(), "{name}");
    }
}
