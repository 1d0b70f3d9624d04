//! `cartulary export`: everything of one person into a folder, to be handed out.
//!
//! ```text
//! DIR/case.json            the case file with every entry, the facts, the newest evaluation
//! DIR/originals/01-NAME    as they were sent
//! DIR/readings/01.json     pages and lines, as read
//! DIR/evaluations/12.json  each evaluation, by its entry
//! DIR/accesses.json        who saw what of it
//! ```

use super::{bar, case::as_json, case_of, count, empty_folder, json};
use crate::{cli::ExportCase, console, register};
use anyhow::{Context, Result};
use cartulary_casework::{CaseView, Casework, Coordinator};
use serde_json::json;
use std::{
    fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path, process::ExitCode,
};

pub(in crate::commands) fn run(options: &ExportCase) -> Result<ExitCode> {
    empty_folder(&options.folder)?;
    register::with(&options.register, async |casework| {
        let case = case_of(casework, &options.case).await?;
        let coordinator = casework.coordinator(register::operator());
        let view = coordinator.show(case).await?;
        let folder = &options.folder;
        let facts = coordinator.facts(case).await?;
        write(&folder.join("case.json"), json(&as_json(&view, &facts))?.as_bytes())?;
        let papers = papers(&coordinator, &view, folder).await?;
        evaluations(casework, &view, folder).await?;
        accesses(casework, &view, folder).await?;
        console::say(&format!(
            "{} of case {} in {}",
            count(papers, "paper"),
            view.whole.case(),
            folder.display()
        ));
        Ok(ExitCode::SUCCESS)
    })
}

async fn papers(coordinator: &Coordinator, view: &CaseView, folder: &Path) -> Result<usize> {
    let (originals, readings) = (folder.join("originals"), folder.join("readings"));
    register::folder(&originals)?;
    register::folder(&readings)?;
    let documents = view.whole.documents();
    let bar = bar(Some(documents.len() as u64), "papers");
    for (number, (case, id, document)) in documents.iter().enumerate() {
        let number = number + 1;
        let bytes = coordinator.original(*case, *id).await?;
        write(&originals.join(format!("{number:02}-{}", safe(&document.name))), &bytes)?;
        if document.state.reading().is_some() {
            let reading = coordinator.reading(*case, *id).await?;
            write(&readings.join(format!("{number:02}.json")), json(&reading)?.as_bytes())?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(documents.len())
}

async fn evaluations(casework: &Casework, view: &CaseView, folder: &Path) -> Result<()> {
    let to = folder.join("evaluations");
    register::folder(&to)?;
    for file in &view.whole.files {
        let Some(key) = view.whole.key(file.case) else { continue };
        for evaluation in &file.evaluations {
            let bytes = casework.blobs().get(key, evaluation.blob).await?;
            let name = if view.whole.files.len() > 1 {
                format!("{}-{}.json", file.case, evaluation.seq)
            } else {
                format!("{}.json", evaluation.seq)
            };
            write(&to.join(name), &bytes)?;
        }
    }
    Ok(())
}

async fn accesses(casework: &Casework, view: &CaseView, folder: &Path) -> Result<()> {
    let mut rows = Vec::new();
    for file in &view.whole.files {
        let mut before = None;
        loop {
            let page = casework.ledger().accesses(Some(file.case), before, 1_000).await?;
            let Some(last) = page.last() else { break };
            before = Some(last.pos);
            rows.extend(page.iter().map(|row| {
                json!({ "case": file.case, "at": row.at.to_string(), "actor": row.actor, "what": row.what })
            }));
        }
    }
    write(&folder.join("accesses.json"), json(&rows)?.as_bytes())
}

/// Writes a new file that only its owner reads: it holds a patient's papers in the clear.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().with_context(|| format!("could not write {}", path.display()))
}

/// A stranger's name for a file, as a name that stays in its folder.
fn safe(name: &str) -> String {
    let is_ending =
        |text: &str| (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let (stem, ending) = name.rsplit_once('.').filter(|(_, ending)| is_ending(ending)).unwrap_or((name, ""));
    let keep = |char: char| if char.is_control() || "/\\:*?\"<>|».".contains(char) { '_' } else { char };
    let stem: String = stem.chars().map(keep).take(80).collect();
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_folder() {
        assert_eq!(safe("../../etc/passwd"), "______etc_passwd");
        assert_eq!(safe("报告 1.PDF"), "报告 1.PDF");
        assert_eq!(safe("..\u{0}"), "___");
        let long = format!("{}.jpg", "x".repeat(300));
        assert_eq!(safe(&long).len(), 84);
    }
}
