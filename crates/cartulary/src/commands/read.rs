//! `cartulary read`: files to positioned lines, one JSON line a file.

use crate::{
    cli::{Global, Read},
    console, models, papers,
};
use anyhow::{Context, Result};
use cartulary_model::{Page, Unread, document::UnreadReason};
use serde::Serialize;
use std::{fs::File, io::Write, process::ExitCode, time::Instant};

/// One line of the answer.
#[derive(Serialize)]
struct Answer<'a> {
    file: &'a str,
    pages: &'a [Page],
    unread: &'a [Unread],
    millis: u64,
}

pub(super) fn run(global: &Global, options: &Read) -> Result<ExitCode> {
    let reader = models::reader(global, false);
    let mut out = options
        .jsonl
        .as_ref()
        .map(|path| File::create(path).with_context(|| format!("could not write {}", path.display())))
        .transpose()?;
    let mut any_page = false;
    for path in &options.files {
        let name = path.to_string_lossy();
        let begun = Instant::now();
        let documents = match papers::open(path) {
            Ok(bytes) => reader.read(&name, &bytes, &|_| {}),
            Err(unread) => {
                let unread = [missing(path.exists(), unread)];
                emit(&mut out, &Answer { file: &name, pages: &[], unread: &unread, millis: 0 })?;
                continue;
            }
        };
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        for document in &documents {
            any_page |= !document.source.pages.is_empty();
            let answer = Answer {
                file: &document.source.name,
                pages: &document.source.pages,
                unread: &document.source.unread,
                millis,
            };
            emit(&mut out, &answer)?;
        }
    }
    if !any_page {
        console::say("cartulary: no page could be read; the reason stands in each line's `unread`");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn missing(exists: bool, unread: Unread) -> Unread {
    if exists {
        unread
    } else {
        Unread { reason: UnreadReason::NotPermitted, detail: "no such file".into(), ..unread }
    }
}

fn emit(out: &mut Option<File>, answer: &Answer<'_>) -> Result<()> {
    let line = serde_json::to_string(answer).context("could not write a line as JSON")?;
    match out {
        Some(file) => writeln!(file, "{line}").context("could not write a line"),
        None => console::print(&format!("{line}\n")),
    }
}
