//! One line a set, with its criteria counted by verification mark.

use super::{json, kind, mark};
use anyhow::Result;
use cartulary_criteria::{CriteriaLibrary, CriteriaSet};
use serde::Serialize;
use std::{collections::BTreeMap, fmt::Write as _};

/// A set as listed.
#[derive(Serialize)]
struct Listed<'a> {
    set: &'a str,
    kind: &'static str,
    product: &'a str,
    authority: &'a str,
    title: &'a str,
    title_zh: &'a str,
    version: &'a str,
    sha256: &'a str,
    criteria: usize,
    marks: BTreeMap<&'static str, usize>,
}

pub(super) fn run(library: &CriteriaLibrary, as_json: bool) -> Result<String> {
    let mut rows: Vec<Listed<'_>> = library.sets().map(listed).collect();
    if as_json {
        return json(&rows);
    }
    rows.sort_by_key(|row| ["label", "trial", "guideline"].iter().position(|kind| *kind == row.kind));
    let mut total: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut text = String::new();
    for row in &rows {
        let _ = writeln!(
            text,
            "{:<26} {:<10} {:>3} criteria  {:<16} {}",
            row.set,
            row.kind,
            row.criteria,
            counted(&row.marks, ""),
            row.title
        );
        *kinds.entry(row.kind).or_default() += 1;
        for (mark, count) in &row.marks {
            *total.entry(mark).or_default() += count;
        }
    }
    let _ = writeln!(
        text,
        "\n{} sets ({}); criteria by verification: {}",
        rows.len(),
        kinds.iter().map(|(kind, count)| format!("{count} {kind}s")).collect::<Vec<_>>().join(", "),
        counted(&total, " ")
    );
    let _ = writeln!(text, "V seen in a source; P mainly seen; L, M from memory: never decide.");
    Ok(text)
}

/// `V5 P1`.
fn counted(marks: &BTreeMap<&'static str, usize>, between: &str) -> String {
    marks.iter().map(|(mark, count)| format!("{mark}{between}{count}")).collect::<Vec<_>>().join(" ")
}

fn listed(set: &CriteriaSet) -> Listed<'_> {
    let mut marks: BTreeMap<&'static str, usize> = BTreeMap::new();
    for criterion in &set.criteria {
        *marks.entry(mark(criterion.verification)).or_default() += 1;
    }
    Listed {
        set: set.id.as_str(),
        kind: kind(set.kind),
        product: &set.product,
        authority: &set.authority,
        title: &set.title.en,
        title_zh: &set.title.zh,
        version: &set.version,
        sha256: &set.sha256,
        criteria: set.criteria.len(),
        marks,
    }
}
