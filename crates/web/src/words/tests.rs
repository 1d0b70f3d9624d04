//! Every word that a page asks for is there, in every language, and no other.

use super::*;
use std::{collections::BTreeSet, fs, path::Path};

/// Keys by the sentences of a language.
fn keys(tag: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for file in LOCALES.get_dir(tag).unwrap().files() {
        let text = file.contents_utf8().unwrap();
        assert!(FluentResource::try_new(text.to_owned()).is_ok(), "{} has an error", file.path().display());
        for line in text.lines() {
            if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| is_key(key)) {
                assert!(keys.insert(key.to_owned()), "{tag}: {key} stands twice");
            }
        }
    }
    keys
}

fn is_key(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if !path.ends_with("words/tests.rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The first argument of each call, where it is a literal; and the kinds of `of("kind", ..)`.
fn asked() -> (BTreeSet<String>, BTreeSet<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    sources(&root.join("templates"), &mut files);
    sources(&root.join("assets"), &mut files);
    let (mut keys, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    for (_, text) in &files {
        for (call, into) in
            [(".t(\"", 0), (".with(\"", 0), (".with_two(\"", 0), (".n(\"", 0), ("data-w-", 2), (".of(\"", 1)]
        {
            for rest in text.split(call).skip(1) {
                let Some(end) = rest.find('"') else { continue };
                let word = &rest[..end];
                match into {
                    0 if is_key(word) => keys.insert(word.to_owned()),
                    1 if is_key(word) => kinds.insert(word.to_owned()),
                    _ => false,
                };
            }
        }
    }
    (keys, kinds)
}

#[test]
fn every_language_says_everything() {
    let english = keys("en");
    for language in LANGS {
        let other = keys(language.tag);
        let missing: Vec<_> = english.difference(&other).collect();
        let more: Vec<_> = other.difference(&english).collect();
        assert!(
            missing.is_empty() && more.is_empty(),
            "{}: missing {missing:?}, more {more:?}",
            language.tag
        );
    }
}

#[test]
fn every_word_that_is_asked_for_is_there_and_no_other() {
    let there = keys("en");
    let (asked, kinds) = asked();
    let missing: Vec<_> = asked.iter().filter(|key| !there.contains(*key)).collect();
    assert!(missing.is_empty(), "asked for and not there: {missing:?}");
    let is_of_kind =
        |key: &str| kinds.iter().any(|kind| key.strip_prefix(kind).is_some_and(|rest| rest.starts_with('-')));
    let unused: Vec<_> = there.iter().filter(|key| !asked.contains(*key) && !is_of_kind(key)).collect();
    assert!(unused.is_empty(), "there and never asked for: {unused:?}");
}

#[test]
fn places_are_the_same_in_every_language() {
    let places = |tag: &str| -> Vec<(String, BTreeSet<String>)> {
        let mut all = Vec::new();
        for file in LOCALES.get_dir(tag).unwrap().files() {
            let mut key = String::new();
            for line in file.contents_utf8().unwrap().lines() {
                if let Some((found, _)) = line.split_once(" =").filter(|(key, _)| is_key(key)) {
                    key = found.to_owned();
                    all.push((key.clone(), BTreeSet::new()));
                }
                for rest in line.split('$').skip(1) {
                    let name: String = rest.chars().take_while(|sign| sign.is_ascii_alphanumeric()).collect();
                    if let Some(last) = all.last_mut().filter(|last| last.0 == key) {
                        last.1.insert(name);
                    }
                }
            }
        }
        all.sort();
        all
    };
    let english = places("en");
    for language in LANGS {
        for (one, other) in english.iter().zip(places(language.tag)) {
            assert_eq!(*one, other, "{}", language.tag);
        }
    }
}

#[test]
fn the_browser_s_first_language_that_there_is() {
    for (header, tag) in [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr-FR, en;q=0.5, zh;q=0.7", "zh"),
        ("fr", "en"),
        ("", "en"),
        ("en-GB", "en"),
    ] {
        assert_eq!(Language::accepted(header).tag, tag, "{header}");
    }
}
