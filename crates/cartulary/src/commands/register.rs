//! The commands of the register.

pub(super) mod backup;
pub(super) mod backup_key;
pub(super) mod case;
pub(super) mod doctor;
pub(super) mod erase;
pub(super) mod export;
pub(super) mod init;
pub(super) mod rebuild;
pub(super) mod receive;
pub(super) mod restore;
pub(super) mod rotate_key;
mod table;
pub(super) mod verify;
pub(super) mod worker;

use crate::register;
use anyhow::{Context, Result, bail};
use cartulary_casework::Casework;
use cartulary_model::CaseId;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::{
    io::{self, IsTerminal},
    path::Path,
};

/// The case of an id, or of the end of one where that names a single case.
async fn case_of(casework: &Casework, text: &str) -> Result<CaseId> {
    if let Ok(case) = text.parse() {
        return Ok(case);
    }
    let end = text.trim().to_lowercase();
    let is_end = end.len() >= 4 && end.chars().all(|char| char.is_ascii_hexdigit() || char == '-');
    if !is_end {
        bail!("`{text}` is no id of a case: give all of it, or at least its last four digits");
    }
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let cases = casework.ledger().case_ids(after, 10_000).await?;
        let Some(last) = cases.last().copied() else { break };
        found.extend(cases.into_iter().filter(|case| case.to_string().ends_with(&end)));
        after = Some(last);
    }
    match found.as_slice() {
        [case] => Ok(*case),
        [] => bail!("no id of a case ends with {end}; `cartulary case list` shows them"),
        _ => bail!("{} cases end with {end}: give more of the id", found.len()),
    }
}

/// A bar on a terminal for work of a known or unknown length; nothing where there is none.
fn bar(total: Option<u64>, what: &'static str) -> ProgressBar {
    let target =
        if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(total, target);
    let form =
        if total.is_some() { "{bar:24} {pos} of {len} {msg}, {eta} left" } else { "{spinner} {pos} {msg}" };
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

fn json(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value).context("could not write JSON")?;
    Ok(format!("{text}\n"))
}

/// How many things, in words: `1 paper`, `2 papers`; of a word with another plural both stand in it, as `entry|entries`.
fn count(number: impl TryInto<u64>, what: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    match (what.split_once('|'), number) {
        (Some((one, _)), 1) => format!("1 {one}"),
        (Some((_, many)), _) => format!("{number} {many}"),
        (None, 1) => format!("1 {what}"),
        (None, _) => format!("{number} {what}s"),
    }
}

/// Makes a folder for something new; one that holds something is refused.
fn empty_folder(path: &Path) -> Result<()> {
    register::folder(path)?;
    let mut found = std::fs::read_dir(path).with_context(|| format!("could not list {}", path.display()))?;
    if found.next().is_some() {
        bail!("{} is not empty: give a new or empty folder; nothing was written", path.display());
    }
    Ok(())
}
