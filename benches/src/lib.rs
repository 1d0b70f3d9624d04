//! Notes to measure with, and a clock of the processor; and the score of reading pictures, in [`pages`].
//!
//! The notes are made of the sentences of `crates/extraction/tests/sentences`: sentences of one kind of paper are
//! joined to notes of one to three kilobytes, as departments write them. The same notes go to the peers.

pub mod pages;

use anyhow::{Context, Result};
use cartulary_extraction::exchange::Record;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fs, path::Path, time::Duration};

/// A note to measure with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Note {
    /// Its name.
    pub id: String,
    /// `en` or `zh`.
    pub lang: String,
    /// As in the exchange form.
    pub doc_type: String,
    /// The text.
    pub text: String,
}

/// How long a note is, in bytes.
const NOTE_BYTES: usize = 2_000;

/// The notes of a language, `copies` times over in different orders.
///
/// # Errors
/// When the sentences cannot be read.
pub fn notes(lang: &str, copies: usize) -> Result<Vec<Note>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/extraction/tests/sentences")
        .join(format!("{lang}.jsonl"));
    let text = fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    let mut by_kind: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let record: Record = serde_json::from_str(line).context("a line of sentences is no record")?;
        by_kind.entry(record.doc_type.unwrap_or_default()).or_default().push(record.text);
    }
    let mut notes = Vec::new();
    for copy in 0..copies {
        for (kind, sentences) in &by_kind {
            let mut turned = sentences.clone();
            let places = turned.len().max(1);
            turned.rotate_left(copy * 7 % places);
            notes.extend(joined(&turned).into_iter().map(|text| (kind.clone(), text)));
        }
    }
    let numbered = notes.into_iter().enumerate().map(|(number, (doc_type, text))| Note {
        id: format!("{lang}-{number:05}"),
        lang: lang.to_owned(),
        doc_type,
        text,
    });
    Ok(numbered.collect())
}

/// Sentences joined to notes; every third sentence ends its paragraph.
fn joined(sentences: &[String]) -> Vec<String> {
    let mut notes = vec![String::new()];
    for (number, sentence) in sentences.iter().enumerate() {
        if notes.last().is_some_and(|note| note.len() + sentence.len() > NOTE_BYTES) {
            notes.push(String::new());
        }
        if let Some(note) = notes.last_mut() {
            note.push_str(sentence);
            note.push(if number % 3 == 2 { '\n' } else { ' ' });
        }
    }
    notes
}

/// A note as the engine takes it.
#[must_use]
pub fn record(note: &Note) -> Record {
    Record {
        id: note.id.clone(),
        text: note.text.clone(),
        doc_type: Some(note.doc_type.clone()),
        section: None,
        doc_date: None,
    }
}

/// Time this process has spent on processors, so that a busy machine does not count.
///
/// # Errors
/// Where the kernel does not tell (not Linux).
pub fn cpu_time() -> Result<Duration> {
    let path = "/proc/self/schedstat";
    let text = fs::read_to_string(path).with_context(|| format!("could not read {path}"))?;
    let nanoseconds = text.split_whitespace().next().unwrap_or_default();
    Ok(Duration::from_nanos(nanoseconds.parse().context("the processor time is no number")?))
}
