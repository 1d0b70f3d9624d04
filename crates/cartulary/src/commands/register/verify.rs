//! `cartulary verify`: is the register as it was written?

use super::{bar, count, json};
use crate::{cli::Verify, console, register};
use anyhow::Result;
use cartulary_casework::{Casework, Spare};
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
        let left = match &scrub {
            Some(scrub) => left_over(casework, scrub).await?,
            None => 0,
        };
        // Of a register that is not whole nobody knows what its entries name.
        let removed =
            if options.clean_spare && is_clean { casework.clean_spare().await? } else { Spare::default() };
        if options.json {
            let found = as_json(&report, scrub.as_ref(), is_clean);
            console::print(&json(&with_spare(found, left, &removed))?)?;
        } else {
            tell(&report, scrub.as_ref(), left)?;
        }
        if options.clean_spare {
            tell_removed(&removed, is_clean);
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

/// Bytes of the files that no entry names.
async fn left_over(casework: &Casework, scrub: &Scrub) -> Result<u64> {
    if scrub.unexpected.is_empty() {
        return Ok(0);
    }
    let listing = casework.blobs().list().await?;
    let of = listing.blobs.iter().filter(|(blob, _)| scrub.unexpected.binary_search(blob).is_ok());
    Ok(of.map(|(_, size)| size).sum())
}

fn with_spare(mut found: serde_json::Value, left: u64, removed: &Spare) -> serde_json::Value {
    if let Some(vault) = found.get_mut("vault").and_then(serde_json::Value::as_object_mut) {
        vault.insert("unexpected_bytes".to_owned(), json!(left));
        vault.insert("removed".to_owned(), json!(removed.blobs.len()));
        vault.insert("removed_bytes".to_owned(), json!(removed.bytes()));
    }
    found
}

fn tell_removed(removed: &Spare, is_clean: bool) {
    console::say(&if is_clean {
        format!(
            "removed {} without an entry, {:.1} kB, and {} half written; what is younger than a day stays",
            count(removed.blobs.len(), "file"),
            removed.bytes() as f64 / 1e3,
            removed.parts
        )
    } else {
        "cartulary: no spare file was removed: the register is not as it was written".to_owned()
    });
}

fn tell(report: &Report, scrub: Option<&Scrub>, left: u64) -> Result<()> {
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
    remarks(report, scrub, left);
    Ok(())
}

/// What is no fault, and worth a word.
fn remarks(report: &Report, scrub: Option<&Scrub>, left: u64) {
    if report.uncovered > 0 {
        console::say(&format!("{} behind the last checkpoint", count(report.uncovered, "entry|entries")));
    }
    if let Some(scrub) = scrub {
        if !scrub.unexpected.is_empty() {
            console::say(&format!(
                "{} in the vault without an entry, {:.1} kB, left by receipts or work that broke off: no harm; \
                 `cartulary verify --clean-spare` removes those that are older than a day",
                count(scrub.unexpected.len(), "file"),
                left as f64 / 1e3
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
