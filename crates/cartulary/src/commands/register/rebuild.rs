//! `cartulary rebuild`: makes all tables beside the entries again.

use super::bar;
use crate::{cli::Rebuild, console, register};
use anyhow::Result;
use std::process::ExitCode;

pub(in crate::commands) fn run(options: &Rebuild) -> Result<ExitCode> {
    register::with(&options.register, async |casework| {
        let bar = bar(None, "cases");
        casework.ledger().rebuild(|done| bar.set_position(done)).await?;
        bar.finish_and_clear();
        console::say("the tables beside the entries were made again");
        Ok(ExitCode::SUCCESS)
    })
}
