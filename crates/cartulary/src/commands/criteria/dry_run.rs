//! What a changed set would do to many records: who becomes possible, and why.

use super::{diff, json, summary};
use crate::{
    cli::{DryRun, Global},
    commands::evaluate::today,
    knowledge,
};
use anyhow::{Context, Result, bail};
use cartulary_catalogue::Catalogue;
use cartulary_criteria::{CriteriaLibrary, CriteriaSet, Screening};
use cartulary_model::{Answer, Fact, PatientRecord, evaluation::Summary};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

/// A line of the records: a saved evaluation fits, and so does a record alone.
#[derive(Deserialize)]
struct Line {
    id: Option<String>,
    on: Option<Date>,
    record: PatientRecord,
    #[serde(default)]
    facts: Vec<Fact>,
}

/// What the changed set does.
#[derive(Serialize)]
struct Report<'a> {
    set: &'a str,
    version_before: Option<&'a str>,
    version_after: &'a str,
    sha256_before: Option<&'a str>,
    sha256_after: &'a str,
    records: usize,
    after: BTreeMap<&'static str, usize>,
    changes: Vec<Change>,
}

/// A record that stands otherwise.
#[derive(Serialize)]
struct Change {
    record: String,
    before: Option<&'static str>,
    after: &'static str,
    criteria: Vec<CriterionChange>,
}

#[derive(Serialize)]
struct CriterionChange {
    criterion: String,
    before: Option<&'static str>,
    after: &'static str,
}

pub(super) fn run(global: &Global, options: &DryRun) -> Result<String> {
    let documents = diff::find(global, &options.set)?;
    let mut sets = documents.read()?;
    let (Some(set), true) = (sets.pop(), sets.is_empty()) else {
        bail!("{} holds other than one criteria set; expected one document", options.set.display());
    };
    let catalogue = knowledge::catalogue(global)?;
    let built_in = knowledge::criteria(&catalogue)?;
    let old = Judge { catalogue: &catalogue, library: &built_in, set: built_in.get(&set.id) };
    let changed = knowledge::criteria(&documents.catalogue)?;
    let new = Judge { catalogue: &documents.catalogue, library: &changed, set: Some(&set) };
    let report = over_records(&old, &new, &set, options)?;
    if options.json { json(&report) } else { Ok(told(&report)) }
}

/// A version of the set with the knowledge it is read with.
struct Judge<'a> {
    catalogue: &'a Catalogue,
    library: &'a CriteriaLibrary,
    set: Option<&'a CriteriaSet>,
}

impl Judge<'_> {
    fn screen<'r>(&'r self, line: &'r Line, on: Date) -> Option<Screening<'r>> {
        let set = self.set?;
        Some(self.library.screen_set(set, self.catalogue, &line.record, &line.facts, on))
    }
}

fn over_records<'a>(
    old: &Judge<'a>,
    new: &Judge<'_>,
    set: &'a CriteriaSet,
    options: &DryRun,
) -> Result<Report<'a>> {
    let mut report = Report {
        set: set.id.as_str(),
        version_before: old.set.map(|set| set.version.as_str()),
        version_after: &set.version,
        sha256_before: old.set.map(|set| set.sha256.as_str()),
        sha256_after: &set.sha256,
        records: 0,
        after: BTreeMap::new(),
        changes: Vec::new(),
    };
    let name = options.records.display();
    for (index, text) in reader(&options.records)?.lines().enumerate() {
        let number = index + 1;
        let text = text.with_context(|| format!("could not read line {number} of {name}"))?;
        if text.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&text).with_context(|| {
            format!("line {number} of {name} is no record; expected {{\"id\",\"record\",\"facts\"}} or an evaluation")
        })?;
        let on = options.on.or(line.on).unwrap_or_else(today);
        let Some(after) = new.screen(&line, on) else { continue };
        report.records += 1;
        *report.after.entry(summary(after.summary)).or_default() += 1;
        let record = line.id.clone().unwrap_or_else(|| format!("line {number}"));
        report.changes.extend(change(record, old.screen(&line, on).as_ref(), &after));
    }
    Ok(report)
}

fn reader(path: &Path) -> Result<Box<dyn BufRead>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path).with_context(|| format!("could not open {}", path.display()))?;
    Ok(Box::new(BufReader::new(file)))
}

fn change(record: String, before: Option<&Screening<'_>>, after: &Screening<'_>) -> Option<Change> {
    let was = before.map(|of| of.summary);
    if was == Some(after.summary) {
        return None;
    }
    let answer_before = |id: &_| {
        let before = before?;
        let place = before.set.criteria.iter().position(|criterion| criterion.id == *id)?;
        Some(before.answers[place].answer)
    };
    let criteria = after.set.criteria.iter().zip(&after.answers).filter_map(|(criterion, given)| {
        let was = answer_before(&criterion.id);
        (was != Some(given.answer)).then(|| CriterionChange {
            criterion: criterion.id.to_string(),
            before: was.map(word),
            after: word(given.answer),
        })
    });
    Some(Change {
        record,
        before: was.map(summary),
        after: summary(after.summary),
        criteria: if before.is_some() { criteria.collect() } else { Vec::new() },
    })
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Met => "met",
        Answer::NotMet => "not met",
        Answer::Unknown => "unknown",
    }
}

fn told(report: &Report<'_>) -> String {
    let mut text = String::new();
    let from = report.version_before.unwrap_or("not there");
    let _ = writeln!(text, "{}: version {from} -> {}", report.set, report.version_after);
    let _ = writeln!(text, "{} of {} records stand otherwise", report.changes.len(), report.records);
    let counts: Vec<String> =
        report.after.iter().map(|(word, count)| format!("{count} {}", word.replace('_', " "))).collect();
    let _ = writeln!(text, "now: {}", counts.join(", "));
    let possible = summary(Summary::Possible);
    let becomes = |change: &&Change| change.after == possible;
    let parts: [(&str, Vec<&Change>); 3] = [
        ("becomes possible", report.changes.iter().filter(becomes).collect()),
        (
            "is no longer possible",
            report.changes.iter().filter(|change| change.before == Some(possible)).collect(),
        ),
        (
            "stands otherwise",
            report
                .changes
                .iter()
                .filter(|change| change.after != possible && change.before != Some(possible))
                .collect(),
        ),
    ];
    for (title, changes) in parts.iter().filter(|(_, changes)| !changes.is_empty()) {
        let _ = writeln!(text, "\n{title} ({}):", changes.len());
        for change in changes {
            let before = change.before.unwrap_or("not there").replace('_', " ");
            let _ = writeln!(text, "  {}: {before} -> {}", change.record, change.after.replace('_', " "));
            for of in &change.criteria {
                let before = of.before.unwrap_or("not there");
                let _ = writeln!(text, "    {}: {before} -> {}", of.criterion, of.after);
            }
        }
    }
    text
}
