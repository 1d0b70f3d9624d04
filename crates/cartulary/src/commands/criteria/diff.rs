//! What changed: between two versions of criteria sets, or between two saved evaluations.

use super::{documents::Documents, json, mark, no_such_set};
use crate::{cli::Global, knowledge};
use anyhow::{Context, Result, bail};
use cartulary_criteria::{
    CriteriaLibrary, CriteriaSet, Criterion, Difference, SetChange, VerdictChange, diff_evaluations,
    diff_sets,
};
use cartulary_model::{FORMAT_VERSION, PreliminaryEvaluation};
use serde::Serialize;
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

pub(super) fn run(global: &Global, before: &Path, after: &Path, as_json: bool) -> Result<String> {
    match (is_evaluation(before), is_evaluation(after)) {
        (true, true) => {
            let changes = diff_evaluations(&evaluation(before)?, &evaluation(after)?);
            if as_json { json(&changes) } else { Ok(verdicts(&changes)) }
        }
        (false, false) => {
            let (before, after) = (Side::read(global, before)?, Side::read(global, after)?);
            let changes = diff_sets(&before.sets, &after.sets);
            let rows: Vec<Row<'_>> = changes.iter().map(|change| Row::of(change, &before, &after)).collect();
            if as_json { json(&rows) } else { Ok(table(&rows)) }
        }
        _ => bail!(
            "{} and {} are of two kinds; expected two evaluations (.json), or two documents or folders (.toml)",
            before.display(),
            after.display()
        ),
    }
}

fn is_evaluation(path: &Path) -> bool {
    path.extension().is_some_and(|of| of == "json")
}

fn evaluation(path: &Path) -> Result<PreliminaryEvaluation> {
    let text = std::fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    let evaluation: PreliminaryEvaluation = serde_json::from_str(&text)
        .with_context(|| format!("{} is no evaluation as `evaluate --json` writes it", path.display()))?;
    if evaluation.format > FORMAT_VERSION {
        let format = evaluation.format;
        bail!("{} has the format {format}; this program reads up to {FORMAT_VERSION}", path.display());
    }
    Ok(evaluation)
}

fn verdicts(changes: &[VerdictChange]) -> String {
    if changes.is_empty() {
        return "no verdict changed\n".to_owned();
    }
    let mut text = String::new();
    let mut last = None;
    for change in changes {
        if last != Some(&change.set) {
            let causes: Vec<String> =
                change.causes.iter().map(|cause| format!("{cause:?}").to_lowercase()).collect();
            let _ = writeln!(text, "{}  (changed: {})", change.set, causes.join(", "));
            last = Some(&change.set);
        }
        let name = change.criterion.as_ref().map_or("the set", |criterion| criterion.as_str());
        let word = |stood: &Option<_>| stood.as_ref().map_or("not there", stood_word);
        let _ = writeln!(text, "  {name}: {} -> {}", word(&change.before), word(&change.after));
        for (sign, stood) in [("-", &change.before), ("+", &change.after)] {
            if let Some(stood) = stood {
                let _ = writeln!(text, "    {sign} {}", stood.why.en);
            }
        }
    }
    text
}

fn stood_word(stood: &cartulary_criteria::Stood) -> &'static str {
    stood.answer
}

/// One of the two: its sets and what tells their questions.
struct Side {
    documents: Documents,
    library: CriteriaLibrary,
    sets: Vec<CriteriaSet>,
}

impl Side {
    fn read(global: &Global, path: &Path) -> Result<Self> {
        let documents = find(global, path)?;
        let sets = documents.read()?;
        let library = knowledge::criteria(&documents.catalogue)?;
        Ok(Self { documents, library, sets })
    }

    fn asks(&self, criterion: &Criterion) -> String {
        self.library.question(&self.documents.catalogue, criterion).en
    }
}

/// A path, or the id of a built-in set.
pub(super) fn find(global: &Global, path: &Path) -> Result<Documents> {
    if path.exists() {
        return Documents::find(global, &[PathBuf::from(path)]);
    }
    let id = path.to_string_lossy();
    match Documents::built_in(global, &id)? {
        Some(documents) => Ok(documents),
        None => {
            let catalogue = knowledge::catalogue(global)?;
            Err(no_such_set(&knowledge::criteria(&catalogue)?, &id)
                .context(format!("{id} is no file and no folder")))
        }
    }
}

/// A difference as told.
#[derive(Serialize)]
struct Row<'s> {
    set: &'s str,
    criterion: Option<&'s str>,
    difference: Difference,
    before: Option<String>,
    after: Option<String>,
}

impl<'s> Row<'s> {
    fn of(change: &SetChange<'s>, before: &Side, after: &Side) -> Self {
        let told = |criterion: Option<&Criterion>, side: &Side| {
            let criterion = criterion?;
            Some(match change.difference {
                Difference::Added | Difference::Removed | Difference::Question => side.asks(criterion),
                Difference::Role => {
                    let group = criterion.one_of.as_ref().map(|group| format!(", one of `{group}`"));
                    format!("{}{}", super::role(criterion.role), group.unwrap_or_default())
                }
                Difference::Mark => mark(criterion.verification).to_owned(),
                Difference::Words => {
                    let note = criterion.note.as_deref().unwrap_or_default();
                    format!("{} / {} [{}] {note}", criterion.text.en, criterion.text.zh, criterion.source)
                }
            })
        };
        Self {
            set: change.set.as_str(),
            criterion: change.before.or(change.after).map(|criterion| criterion.id.as_str()),
            difference: change.difference,
            before: told(change.before, before),
            after: told(change.after, after),
        }
    }
}

fn table(rows: &[Row<'_>]) -> String {
    if rows.is_empty() {
        return "no criterion changed\n".to_owned();
    }
    let mut text = String::new();
    for row in rows {
        let name = row.criterion.map_or_else(|| "the set".to_owned(), str::to_owned);
        let what = match row.difference {
            Difference::Added => "added",
            Difference::Removed => "removed",
            Difference::Question => "asks another question",
            Difference::Role => "has another role",
            Difference::Mark => "has another mark",
            Difference::Words => "has other words, the same question",
        };
        let _ = writeln!(text, "{} {name}: {what}", row.set);
        for (sign, words) in [("-", &row.before), ("+", &row.after)] {
            if let Some(words) = words {
                let _ = writeln!(text, "  {sign} {words}");
            }
        }
    }
    text
}
