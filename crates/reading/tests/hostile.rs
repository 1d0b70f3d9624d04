//! Files that mean harm end as *read*, or as *unread, kept, with the reason*: never as read with nothing.

#[path = "support/hostile.rs"]
mod hostile;

use cartulary_reading::{ReadDocument, Reader, ReaderOptions};
use hostile::Hostile;
use std::time::{Duration, Instant};

/// What one file may take. The machine of a test may be busy; what is meant is seconds, not minutes.
const LONGEST: Duration = Duration::from_secs(60);

fn problem(reader: &Reader, file: &Hostile) -> Option<String> {
    let bytes = (file.make)();
    let started = Instant::now();
    let documents = reader.read(file.name, &bytes, &|_| {});
    let took = started.elapsed();
    let silent = |document: &ReadDocument| {
        let source = &document.source;
        let empty = source.pages.iter().all(|page| page.lines.is_empty());
        empty && source.unread.is_empty()
    };
    let says = |document: &ReadDocument| {
        let mut text = document.source.pages.iter().map(cartulary_model::Page::text);
        !file.must_not_say.is_empty() && text.any(|text| text.contains(file.must_not_say))
    };
    let told =
        |document: &ReadDocument| document.source.unread.iter().all(|unread| !unread.detail.is_empty());
    if documents.is_empty() {
        Some("gave no document".to_owned())
    } else if documents.iter().any(silent) {
        Some("was read with nothing and without a reason".to_owned())
    } else if documents.iter().any(says) {
        Some(format!("gave the words {:?}", file.must_not_say))
    } else if !documents.iter().all(told) {
        Some("was refused without words".to_owned())
    } else if took > LONGEST {
        Some(format!("took {took:?}"))
    } else {
        None
    }
}

fn reader() -> Reader {
    Reader::new(ReaderOptions { models_dir: Some("no models here".into()), ..ReaderOptions::default() })
}

#[test]
fn every_hostile_file_ends_with_an_answer() {
    let reader = reader();
    let only = std::env::var("HOSTILE").ok();
    let chosen = |file: &Hostile| match &only {
        Some(name) => file.name.contains(name.as_str()),
        None => !file.needs_wall_clock,
    };
    let mut problems = Vec::new();
    for file in hostile::all().iter().filter(|file| chosen(file)) {
        let started = Instant::now();
        let found = problem(&reader, file);
        if only.is_some() || started.elapsed() > Duration::from_secs(3) {
            eprintln!("{}: {:?}", file.name, started.elapsed());
        }
        problems.extend(found.map(|problem| format!("{} {problem}", file.name)));
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn there_are_enough_of_them_and_no_name_twice() {
    let mut names: Vec<&str> = hostile::all().iter().map(|file| file.name).collect();
    assert!(names.len() >= 100, "{}", names.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), hostile::all().len());
}
