//! `cartulary read`: files to positioned lines, one JSON line a file.

mod overlay;

use crate::{
    cli::{Global, Read},
    console,
    papers::{self, Paper},
    readers::{Outcome, Pictures, Readers},
};
use anyhow::{Context, Result};
use cartulary_model::{Page, Unread, document::UnreadReason};
use overlay::Overlay;
use serde::Serialize;
use std::{fs::File, io::Write, process::ExitCode};

/// One line of the answer.
#[derive(Serialize)]
struct Answer<'a> {
    file: &'a str,
    pages: &'a [Page],
    unread: &'a [Unread],
    millis: u64,
}

pub(super) fn run(global: &Global, options: &Read) -> Result<ExitCode> {
    let readers = Readers::new(global, &options.reading)?;
    let files = papers::named(&options.files)?;
    let mut overlay = options.overlay.as_deref().map(Overlay::new).transpose()?;
    let pictures = if overlay.is_some() { Pictures::DrawnOver } else { Pictures::No };
    let mut out = options
        .jsonl
        .as_ref()
        .map(|path| {
            console::expect_no_paper(path)?;
            File::create(path).with_context(|| format!("could not write {}", path.display()))
        })
        .transpose()?;
    let mut any_page = false;
    readers.each(&files, pictures, &mut |file, outcome| {
        any_page |= write(&mut out, file, &outcome)?;
        if let (Some(overlay), Ok(documents)) = (&mut overlay, &outcome.documents) {
            documents.iter().try_for_each(|document| overlay.write(document))?;
        }
        Ok(())
    })?;
    if !any_page {
        console::say("cartulary: no page could be read; the reason stands in each line's `unread`");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a line for each document of a file; says whether any has a page.
fn write(out: &mut Option<File>, file: &Paper, outcome: &Outcome) -> Result<bool> {
    let documents = match &outcome.documents {
        Ok(documents) => documents,
        Err(unread) => {
            let unread = [missing(file.path.exists(), unread)];
            emit(out, &Answer { file: &file.name, pages: &[], unread: &unread, millis: 0 })?;
            return Ok(false);
        }
    };
    let millis = u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX);
    for document in documents {
        let source = &document.source;
        emit(out, &Answer { file: &source.name, pages: &source.pages, unread: &source.unread, millis })?;
    }
    Ok(documents.iter().any(|document| !document.source.pages.is_empty()))
}

fn missing(exists: bool, unread: &Unread) -> Unread {
    if exists {
        unread.clone()
    } else {
        Unread { page: None, reason: UnreadReason::NotPermitted, detail: "no such file".into() }
    }
}

fn emit(out: &mut Option<File>, answer: &Answer<'_>) -> Result<()> {
    let line = serde_json::to_string(answer).context("could not write a line as JSON")?;
    match out {
        Some(file) => writeln!(file, "{line}").context("could not write a line"),
        None => console::print(&format!("{line}\n")),
    }
}
