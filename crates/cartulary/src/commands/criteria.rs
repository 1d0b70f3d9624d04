//! `cartulary criteria`: the sets, one set, a check of documents, what changed, what a change would do, sets for others.

mod check;
mod diff;
mod documents;
mod dry_run;
mod export;
mod list;
mod show;

use crate::{
    cli::{Criteria, Global},
    console, knowledge,
};
use anyhow::{Context, Result};
use cartulary_criteria::CriteriaLibrary;
use cartulary_model::evaluation::{Role, SetKind, Summary, Verification};
use serde::Serialize;
use std::process::ExitCode;

pub(super) fn run(global: &Global, command: &Criteria) -> Result<ExitCode> {
    let catalogue = knowledge::catalogue(global)?;
    let text = match command {
        Criteria::List { json } => list::run(&knowledge::criteria(&catalogue)?, *json)?,
        Criteria::Show { id, lang } => {
            show::run(&catalogue, &knowledge::criteria(&catalogue)?, id, lang.map(Into::into))?
        }
        Criteria::Check { paths } => return check::run(global, paths),
        Criteria::Diff { before, after, json } => diff::run(global, before, after, *json)?,
        Criteria::DryRun(options) => dry_run::run(global, options)?,
        Criteria::Export(options) => export::run(global, options)?,
        Criteria::Schema => json(&cartulary_criteria::schema())?,
    };
    console::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn json(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value).context("could not write JSON")?;
    Ok(format!("{text}\n"))
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

fn kind(kind: SetKind) -> &'static str {
    match kind {
        SetKind::Label => "label",
        SetKind::Trial => "trial",
        SetKind::Guideline => "guideline",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Inclusion => "inclusion",
        Role::Exclusion => "exclusion",
        Role::Warning => "warning",
    }
}

fn summary(summary: Summary) -> &'static str {
    match summary {
        Summary::Possible => "possible",
        Summary::NeedsInformation => "needs_information",
        Summary::NotMetAsWritten => "not_met_as_written",
        Summary::NotApplicable => "not_applicable",
    }
}

/// Says which set was meant where there is none of that name.
fn no_such_set(library: &CriteriaLibrary, id: &str) -> anyhow::Error {
    let wanted = id.to_lowercase();
    let near: Vec<&str> = library
        .sets()
        .map(|set| set.id.as_str())
        .filter(|known| known.to_lowercase().contains(&wanted) || wanted.contains(&known.to_lowercase()))
        .collect();
    let hint = if near.is_empty() { String::new() } else { format!(" (near it: {})", near.join(", ")) };
    anyhow::anyhow!("there is no criteria set `{id}`{hint}; `cartulary criteria list` names them")
}
