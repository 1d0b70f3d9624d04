//! `cartulary schema`: the JSON Schema of the answer, generated from the types.

use crate::console;
use anyhow::{Context, Result};
use cartulary_model::PreliminaryEvaluation;
use std::process::ExitCode;

pub(super) fn run() -> Result<ExitCode> {
    let schema = schemars::schema_for!(PreliminaryEvaluation);
    let json = serde_json::to_string_pretty(&schema).context("could not write the schema as JSON")?;
    console::print(&format!("{json}\n"))?;
    Ok(ExitCode::SUCCESS)
}
