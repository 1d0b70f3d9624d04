//! `cartulary reader`: the process that forks a locked child for each document. Other commands start it.

use crate::{cli::Global, models};
use cartulary_sandbox::{ReadingWork, serve};
use std::process::ExitCode;

pub(super) fn run(global: &Global) -> ExitCode {
    serve(ReadingWork::new(models::reader(global, false, None)))
}
