//! `cartulary extract`: facts from texts in the exchange form, or from files.

mod explain;

use crate::{
    cli::{Extract, Global},
    console, knowledge, papers,
    readers::{Pictures, Readers},
};
use anyhow::{Context, Result, bail};
use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, Extraction, exchange, language, reconcile};
use cartulary_model::{Fact, SourceDocument};
use serde::Serialize;
use std::{
    fmt::Write as _,
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

pub(super) fn run(global: &Global, options: &Extract) -> Result<ExitCode> {
    let catalogue = knowledge::catalogue(global)?;
    let engine = Engine::new(Arc::clone(&catalogue));
    let answer = match (&options.jsonl, options.files.as_slice()) {
        (Some(path), _) => records(&engine, path, options.explain)?,
        (None, []) => bail!("nothing to extract from; name files, or give --jsonl IN"),
        (None, files) => {
            documents(&Readers::new(global, &options.reading)?, &engine, files, options.explain)?
        }
    };
    console::write(options.out.as_deref(), &answer)?;
    Ok(ExitCode::SUCCESS)
}

fn records(engine: &Engine, path: &Path, explained: bool) -> Result<String> {
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
        let answer = exchange::extract(engine, &record);
        if explained {
            out.push_str(&explain::record(&record, &answer));
        } else {
            let line = serde_json::to_string(&answer).context("could not write JSON")?;
            let _ = writeln!(out, "{line}");
        }
    }
    Ok(out)
}

/// The facts of one file.
#[derive(Serialize)]
struct Answer<'a> {
    file: &'a str,
    facts: Vec<&'a Fact>,
}

fn documents(readers: &Readers, engine: &Engine, files: &[PathBuf], explained: bool) -> Result<String> {
    let read = papers::read(readers, &papers::find(files)?, Pictures::No)?;
    for (name, unread) in &read.unopened {
        console::say(&format!("cartulary: could not read {name}: {}", unread.detail));
    }
    let sources: Vec<SourceDocument> = read.documents.into_iter().map(|document| document.source).collect();
    let extraction = engine.extract(&sources);
    say_other_people(engine.catalogue(), &extraction, &sources);
    let mut out = String::new();
    for source in &sources {
        for unread in &source.unread {
            console::say(&format!(
                "cartulary: not read: {} {:?} {}",
                source.name, unread.reason, unread.detail
            ));
        }
        say_foreign(source);
        let facts: Vec<&Fact> =
            extraction.facts.iter().filter(|fact| fact.document() == Some(&source.id)).collect();
        if explained {
            let _ = writeln!(out, "{}", source.name);
            facts.into_iter().for_each(|fact| out.push_str(&explain::fact(fact)));
            continue;
        }
        let answer =
            serde_json::to_string(&Answer { file: &source.name, facts }).context("could not write JSON")?;
        let _ = writeln!(out, "{answer}");
    }
    Ok(out)
}

/// A page without findings and a page in a language that is not read must not look alike.
fn say_foreign(source: &SourceDocument) {
    for page in &source.pages {
        if let Some(foreign) = language::foreign(&page.text()) {
            console::say(&format!("cartulary: not read: {} page {}: {foreign}", source.name, page.number));
        }
    }
}

/// Papers of two people in one call are said to be so: their facts must not be put together.
fn say_other_people(catalogue: &Catalogue, extraction: &Extraction, sources: &[SourceDocument]) {
    for aside in &reconcile(catalogue, extraction).identity_mismatch {
        let name = sources.iter().find(|of| of.id == aside.document).map_or("", |of| of.name.as_str());
        console::say(&format!("cartulary: {name} names another person than the other papers"));
    }
}
