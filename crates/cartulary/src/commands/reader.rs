//! `cartulary reader`: the process that forks a locked child for each document. Other commands start it.

use crate::{
    cli::{self, Global},
    models,
};
use cartulary_sandbox::{ReadingWork, serve};
use std::process::ExitCode;

/// What nobody waits for at a screen gives way to what somebody waits for.
const BEHIND: i32 = 10;

pub(super) fn run(global: &Global, options: &cli::Reader) -> ExitCode {
    if options.behind {
        // Refused where a limit forbids it; then the pages are a little slower.
        let _ = rustix::process::nice(BEHIND);
    }
    serve(ReadingWork::new(models::reader(global, false, None)))
}
