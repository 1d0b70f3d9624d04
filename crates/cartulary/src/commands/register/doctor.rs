//! What `cartulary doctor` says of a register that was named.

use super::count;
use crate::{cli::Register, console, register};
use anyhow::Result;
use cartulary_casework::Casework;

/// Looks at the register; whether it is well. Without one nothing is said.
pub(in crate::commands) fn look(options: &Register) -> Result<bool> {
    if options.data.is_none() {
        return Ok(true);
    }
    match register::with(options, async |casework| words(casework).await) {
        Ok((words, well)) => {
            console::print(&words)?;
            Ok(well)
        }
        Err(error) => {
            console::print(&format!("register    BAD  {error:#}\n"))?;
            Ok(false)
        }
    }
}

async fn words(casework: &Casework) -> Result<(String, bool)> {
    let ledger = casework.ledger();
    let engine = if ledger.place().database.is_some() { "PostgreSQL" } else { "SQLite" };
    let mut cases = 0;
    let mut states = Vec::new();
    for of in ledger.case_counts().await? {
        cases += of.cases;
        states.push(format!("{} {}", of.cases, of.state.name()));
    }
    let of = if states.is_empty() { String::new() } else { format!(" ({})", states.join(", ")) };
    let mut words = format!("register    ok   {engine}, {}{of}\n", count(cases, "case"));
    let jobs = ledger.job_counts().await?;
    let well = jobs.dead == 0;
    let state = if well { "ok " } else { "BAD" };
    words.push_str(&format!(
        "work        {state}  {} waiting, {} running, {} gave up\n",
        jobs.ready, jobs.running, jobs.dead
    ));
    for job in ledger.jobs_in(cartulary_ledger::JobState::Dead, 10).await? {
        let case = job.case.map_or_else(String::new, |case| format!(" of case {case}"));
        words.push_str(&format!("                 {}{case}: {}\n", job.kind, job.error.unwrap_or_default()));
    }
    let checkpoint = ledger.last_checkpoint().await?;
    let checkpoint = checkpoint.map_or_else(|| "none yet".to_owned(), |of| format!("{} at {}", of.n, of.at));
    words.push_str(&format!("checkpoint  ok   {checkpoint}\n"));
    let listing = casework.blobs().list().await?;
    let bytes: u64 = listing.blobs.iter().map(|(_, size)| size).sum();
    words.push_str(&format!(
        "vault       ok   {} files, {:.1} MB\n",
        listing.blobs.len(),
        bytes as f64 / 1e6
    ));
    for path in listing.foreign {
        words.push_str(&format!(
            "            ??   {} is not ours: move it out of the vault\n",
            path.display()
        ));
    }
    Ok((words, well))
}
