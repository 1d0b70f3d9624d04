//! Where words go: data to standard output, everything else to standard error.

use anyhow::{Context, Result, bail};
use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    path::Path,
};

/// Writes data to a file, or to standard output for `-` or nothing.
pub(crate) fn write(to: Option<&Path>, data: &str) -> Result<()> {
    match to.filter(|path| path.as_os_str() != "-") {
        Some(path) => {
            expect_no_paper(path)?;
            std::fs::write(path, data).with_context(|| format!("could not write {}", path.display()))
        }
        None => print(data),
    }
}

/// Refuses to write an answer over a paper: of `--jsonl papers/*` the first would be lost. JSON is no form of papers; a page
/// of HTML may be one, if it is none of ours.
pub(crate) fn expect_no_paper(path: &Path) -> Result<()> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_answer = match ending.as_str() {
        "json" | "jsonl" | "ndjson" => true,
        "html" | "htm" => std::fs::read_to_string(path).is_ok_and(|text| cartulary_report::is_report(&text)),
        _ => false,
    };
    let holds_something = std::fs::metadata(path).is_ok_and(|of| of.is_file() && of.len() > 0);
    if holds_something && !is_answer {
        bail!(
            "{}: it is there and is no answer; nothing was written over it: name another file",
            path.display()
        );
    }
    Ok(())
}

/// Prints data; a reader that has gone away (`| head`) is no error.
pub(crate) fn print(data: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(data.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("could not write to standard output"),
    }
}

/// Says something to the person at the terminal.
pub(crate) fn say(line: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Says what failed, on what, and why.
pub(crate) fn complain(error: &anyhow::Error) {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Some errors tell their cause themselves.
        if !said.ends_with(&cause) {
            let colon = if said.is_empty() { "" } else { ": " };
            said.push_str(&format!("{colon}{cause}"));
        }
    }
    say(&format!("cartulary: {said}"));
}

/// The width of the terminal for the summary; 100 columns when it is no terminal.
pub(crate) fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100).clamp(60, 140)
}

/// Whether the summary may have colours.
pub(crate) fn colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
