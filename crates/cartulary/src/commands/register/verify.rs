//! `cartulary verify`: is the register as it was written?

use super::{bar, count, json};
use crate::{cli::Verify, console, register};
use anyhow::Result;
use cartulary_casework::Casework;
use cartulary_ledger::{Report, Thorough};
use cartulary_vault::Scrub;
use serde_json::json;
use std::process::ExitCode;

pub(in crate::commands) fn run(options: &Verify) -> Result<ExitCode> {
    register::with(&options.register, async |casework| {
        let entries = bar(None, "entries");
        let thorough = Thorough { texts: options.texts, witnesses: Vec::new() };
        let report = casework.ledger().verify(&thorough, |done| entries.set_position(done)).await?;
        entries.finish_and_clear();
        let scrub = if options.entries_only { None } else { Some(scrub(casework).await?) };
        let is_clean = report.is_clean() && scrub.as_ref().is_none_or(Scrub::is_whole);
        if options.json {
            console::print(&json(&as_json(&report, scrub.as_ref(), is_clean))?)?;
        } else {
            tell(&report, scrub.as_ref())?;
        }
        Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

/// Opens every file of the vault that an entry names.
async fn scrub(casework: &Casework) -> Result<Scrub> {
    let expected = casework.all_kept().await?;
    let bar = bar(Some(expected.len() as u64), "files of the vault");
    let told = bar.clone();
    let scrub = casework.blobs().scrub(expected.into_iter().inspect(move |_| told.inc(1))).await?;
    bar.finish_and_clear();
    Ok(scrub)
}

fn tell(report: &Report, scrub: Option<&Scrub>) -> Result<()> {
    for fault in &report.faults {
        console::print(&format!("BAD  {fault}\n"))?;
    }
    if report.more > 0 {
        console::print(&format!("BAD  and {} more\n", report.more))?;
    }
    let mut words = vec![
        count(report.cases, "case"),
        count(report.entries, "entry|entries"),
        count(report.accesses, "access|accesses"),
        count(report.checkpoints, "signed checkpoint"),
    ];
    if report.erased > 0 {
        words.insert(1, format!("{} erased", report.erased));
    }
    if let Some(scrub) = scrub {
        for (blob, what) in scrub
            .damaged
            .iter()
            .map(|blob| (blob, "is damaged"))
            .chain(scrub.missing.iter().map(|blob| (blob, "is missing")))
        {
            console::print(&format!("BAD  file {blob} of the vault {what}: restore it from a backup\n"))?;
        }
        words.push(count(scrub.good, "file"));
    }
    let clean = report.is_clean() && scrub.is_none_or(Scrub::is_whole);
    let verdict = if clean { "ok   all as it was written" } else { "BAD  not as it was written" };
    console::print(&format!("{verdict}: {}\n", words.join(", ")))?;
    remarks(report, scrub);
    Ok(())
}

/// What is no fault, and worth a word.
fn remarks(report: &Report, scrub: Option<&Scrub>) {
    if report.uncovered > 0 {
        console::say(&format!("{} behind the last checkpoint", count(report.uncovered, "entry|entries")));
    }
    if let Some(scrub) = scrub {
        if !scrub.unexpected.is_empty() {
            console::say(&format!(
                "{} in the vault without an entry, left by receipts or work that broke off: no harm",
                count(scrub.unexpected.len(), "file")
            ));
        }
        for path in &scrub.foreign {
            console::say(&format!(
                "cartulary: {} is not ours and was left alone: move it out of the vault",
                path.display()
            ));
        }
    }
}

fn as_json(report: &Report, scrub: Option<&Scrub>, is_clean: bool) -> serde_json::Value {
    let faults = report.faults.iter().map(|fault| {
        json!({
            "case": fault.entry.map(|entry| entry.case),
            "entry": fault.entry.map(|entry| entry.seq),
            "what": fault.what,
        })
    });
    json!({
        "clean": is_clean,
        "faults": faults.collect::<Vec<_>>(),
        "more": report.more,
        "cases": report.cases,
        "erased": report.erased,
        "entries": report.entries,
        "accesses": report.accesses,
        "checkpoints": report.checkpoints,
        "witnessed": report.witnessed,
        "uncovered": report.uncovered,
        "vault": scrub.map(|scrub| json!({
            "good": scrub.good,
            "damaged": scrub.damaged,
            "missing": scrub.missing,
            "unexpected": scrub.unexpected.len(),
            "foreign": scrub.foreign,
        })),
    })
}
