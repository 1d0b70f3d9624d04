//! `cartulary criteria`: the sets, one set, or a check of a document.

use crate::{
    cli::{Criteria, Global},
    console, knowledge,
};
use anyhow::{Context, Result, bail};
use cartulary_criteria::{CriteriaLibrary, CriteriaSet};
use cartulary_model::{Lang, SetId, evaluation::Verification};
use serde::Serialize;
use std::{collections::BTreeMap, fmt::Write as _, path::Path, process::ExitCode};

pub(super) fn run(global: &Global, options: &Criteria) -> Result<ExitCode> {
    let catalogue = knowledge::catalogue(global)?;
    let text = match options {
        Criteria::List { json } => list(&knowledge::criteria(&catalogue)?, *json)?,
        Criteria::Show { id, lang } => {
            let library = knowledge::criteria(&catalogue)?;
            let Some(set) = library.get(&SetId::new(id.as_str())) else {
                bail!("there is no criteria set `{id}`; `cartulary criteria list` names them");
            };
            show(set, (*lang).into())
        }
        Criteria::Check { file } => check(&catalogue, file)?,
    };
    console::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// A set as listed.
#[derive(Serialize)]
struct Listed<'a> {
    set: &'a str,
    kind: String,
    authority: &'a str,
    title: &'a str,
    criteria: usize,
    marks: BTreeMap<String, usize>,
}

fn list(library: &CriteriaLibrary, json: bool) -> Result<String> {
    let rows: Vec<Listed<'_>> = library.sets().map(listed).collect();
    if json {
        return serde_json::to_string_pretty(&rows)
            .map(|text| format!("{text}\n"))
            .context("could not write JSON");
    }
    let mut total: BTreeMap<String, usize> = BTreeMap::new();
    let mut text = String::new();
    for row in &rows {
        let marks: Vec<String> = row.marks.iter().map(|(mark, count)| format!("{mark}{count}")).collect();
        let _ = writeln!(
            text,
            "{:<24} {:<10} {:>3} criteria  {:<16} {}",
            row.set,
            row.kind,
            row.criteria,
            marks.join(" "),
            row.title
        );
        for (mark, count) in &row.marks {
            *total.entry(mark.clone()).or_default() += count;
        }
    }
    let marks: Vec<String> = total.iter().map(|(mark, count)| format!("{mark} {count}")).collect();
    let _ = writeln!(text, "\n{} sets; criteria by verification: {}", rows.len(), marks.join(", "));
    let _ = writeln!(text, "V seen in a source; P mainly seen; L, M from memory: never decide.");
    Ok(text)
}

fn listed(set: &CriteriaSet) -> Listed<'_> {
    let mut marks: BTreeMap<String, usize> = BTreeMap::new();
    for criterion in &set.criteria {
        *marks.entry(mark(criterion.verification).to_owned()).or_default() += 1;
    }
    Listed {
        set: set.id.as_str(),
        kind: format!("{:?}", set.kind).to_lowercase(),
        authority: &set.authority,
        title: &set.title.en,
        criteria: set.criteria.len(),
        marks,
    }
}

fn mark(verification: Verification) -> &'static str {
    match verification {
        Verification::V => "V",
        Verification::P => "P",
        Verification::L => "L",
        Verification::M => "M",
        Verification::N => "N",
    }
}

fn show(set: &CriteriaSet, lang: Lang) -> String {
    let mut text = format!("{}\n{}  version {}\n\n", set.title.in_lang(lang), set.id, set.version);
    for criterion in &set.criteria {
        let role = format!("{:?}", criterion.role).to_lowercase();
        let _ = writeln!(
            text,
            "{:<22} {:<10} [{}] {}",
            criterion.id.as_str(),
            role,
            mark(criterion.verification),
            criterion.text.in_lang(lang)
        );
        let _ = writeln!(text, "{:<22} source: {}", "", criterion.source);
    }
    text
}

fn check(catalogue: &cartulary_catalogue::Catalogue, file: &Path) -> Result<String> {
    let toml = std::fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    let set = CriteriaLibrary::parse_one(catalogue, &file.display().to_string(), &toml)?;
    Ok(format!("{}: {} with {} criteria is well formed\n", file.display(), set.id, set.criteria.len()))
}
