//! `cartulary extract`: facts from texts in the exchange form, or from files.

use crate::{
    cli::{Extract, Global},
    console, knowledge, models, papers,
};
use anyhow::{Context, Result, bail};
use cartulary_extraction::{Engine, exchange};
use cartulary_model::{Fact, SourceDocument};
use serde::Serialize;
use std::{fmt::Write as _, io::Read as _, path::Path, process::ExitCode, sync::Arc};

pub(super) fn run(global: &Global, options: &Extract) -> Result<ExitCode> {
    let catalogue = knowledge::catalogue(global)?;
    let engine = Engine::new(Arc::clone(&catalogue));
    let answer = match (&options.jsonl, options.files.as_slice()) {
        (Some(path), _) => records(&engine, path)?,
        (None, []) => bail!("nothing to extract from; name files, or give --jsonl IN"),
        (None, files) => documents(global, &engine, files)?,
    };
    console::write(options.out.as_deref(), &answer)?;
    Ok(ExitCode::SUCCESS)
}

fn records(engine: &Engine, path: &Path) -> Result<String> {
    let mut text = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).context("could not read standard input")?;
    } else {
        text = std::fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    }
    let mut out = String::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let record: exchange::Record = serde_json::from_str(line)
            .with_context(|| format!("{} line {} is no record", path.display(), number + 1))?;
        let answer =
            serde_json::to_string(&exchange::extract(engine, &record)).context("could not write JSON")?;
        let _ = writeln!(out, "{answer}");
    }
    Ok(out)
}

/// The facts of one file.
#[derive(Serialize)]
struct Answer<'a> {
    file: &'a str,
    facts: Vec<&'a Fact>,
}

fn documents(global: &Global, engine: &Engine, files: &[std::path::PathBuf]) -> Result<String> {
    let reader = models::reader(global, false);
    let read = papers::read(&reader, &papers::find(files)?);
    for (name, unread) in &read.unopened {
        console::say(&format!("cartulary: could not read {name}: {}", unread.detail));
    }
    let sources: Vec<SourceDocument> = read.documents.into_iter().map(|document| document.source).collect();
    let extraction = engine.extract(&sources);
    let mut out = String::new();
    for source in &sources {
        for unread in &source.unread {
            console::say(&format!(
                "cartulary: not read: {} {:?} {}",
                source.name, unread.reason, unread.detail
            ));
        }
        let facts = extraction.facts.iter().filter(|fact| fact.document() == Some(&source.id)).collect();
        let answer =
            serde_json::to_string(&Answer { file: &source.name, facts }).context("could not write JSON")?;
        let _ = writeln!(out, "{answer}");
    }
    Ok(out)
}
