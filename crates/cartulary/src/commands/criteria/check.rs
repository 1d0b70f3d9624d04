//! Checks criteria documents of a person's own: every problem with file, line, column and what was expected.

use super::{documents::Documents, kind};
use crate::{cli::Global, console};
use anyhow::Result;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

pub(super) fn run(global: &Global, paths: &[PathBuf]) -> Result<ExitCode> {
    let documents = Documents::find(global, paths)?;
    let sets = documents.read()?;
    for (set, name) in sets.iter().zip(documents.names()) {
        let count = set.criteria.len();
        let deciding = set.criteria.iter().filter(|criterion| criterion.decides()).count();
        console::print(&format!(
            "{name}: {} ({}) with {count} criteria is well formed; {deciding} of them decide\n",
            set.id,
            kind(set.kind)
        ))?;
        if Path::new(name).file_stem().is_some_and(|stem| stem != set.id.as_str()) {
            console::say(&format!("hint: --catalogue DIR reads it as criteria/{}.toml", set.id));
        }
    }
    if sets.is_empty() {
        console::print("the named sets are well formed\n")?;
    }
    Ok(ExitCode::SUCCESS)
}
