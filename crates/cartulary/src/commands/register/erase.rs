//! `cartulary erase`: a case and all that was joined into it, for good.

use super::case_of;
use crate::{cli::Erase, console, register};
use anyhow::{Context, Result, bail};
use cartulary_casework::Casework;
use cartulary_ledger::Error;
use cartulary_model::CaseId;
use std::{io, process::ExitCode};

pub(in crate::commands) fn run(options: &Erase) -> Result<ExitCode> {
    register::with(&options.register, async |casework| {
        let case = case_of(casework, &options.case).await?;
        let cases = with_joined(casework, case).await?;
        if !options.yes {
            ask(case, cases.len())?;
        }
        let administrator = casework.administrator(register::operator());
        for case in cases {
            let erasure = administrator.erase(case, &options.reason).await?;
            if erasure.already {
                console::say(&format!("case {case} was erased before"));
                continue;
            }
            console::print(&erasure.certificate)?;
            console::print(&format!(
                "SHA-256 of the lines above, kept in the register: {}\n\n",
                erasure.digest
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// The cases of one person, those that were joined first.
async fn with_joined(casework: &Casework, case: CaseId) -> Result<Vec<CaseId>> {
    let mut cases = vec![case];
    let mut at = 0;
    while let Some(case) = cases.get(at).copied() {
        at += 1;
        match casework.ledger().case(case).await {
            Ok(file) => cases.extend(
                file.merged_from.iter().filter(|of| !cases.contains(of)).copied().collect::<Vec<_>>(),
            ),
            Err(Error::Erased(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    cases.reverse();
    Ok(cases)
}

fn ask(case: CaseId, cases: usize) -> Result<()> {
    if cases > 1 {
        console::say(&format!("{} cases were joined into it and are erased with it", cases - 1));
    }
    console::say(&format!("This cannot be undone. Write the id of the case again to erase it ({case}):"));
    let mut line = String::new();
    io::stdin().read_line(&mut line).context("could not read the answer")?;
    if line.trim() != case.to_string() {
        bail!("that is not the id of the case: nothing was erased");
    }
    Ok(())
}
