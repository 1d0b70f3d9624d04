//! `speed`: how fast extraction is, in processor time; `criteria`: how fast criteria are evaluated; `vault`: how fast keys are wrapped anew and bytes sealed; `notes`: of notes only; `file`: of notes of one's own;
//! `pages`: how well and how fast pictures of pages are read; `answers`: every answer in full, to compare before and after a change for speed; `notes DIR`: writes the notes for the peers.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod criteria;
mod pages_command;
mod vault;

use anyhow::{Context, Result, bail};
use cartulary_benches::{Note, cpu_time, notes, record};
use cartulary_catalogue::Catalogue;
use cartulary_extraction::{
    Engine, Hint,
    exchange::{self, Record},
};
use cartulary_model::{Line, Page, Quad, SourceDocument};
use serde::Deserialize;
use std::{fmt::Write as _, fs, hint::black_box, path::Path, sync::Arc, time::Duration};

/// How many times each sentence is used.
const COPIES: usize = 20;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["speed"] => speed(true),
        ["criteria"] => criteria::speed(),
        ["vault"] => vault::speed(),
        ["notes"] => speed(false),
        ["file", path] => file(Path::new(path)),
        ["answers", ref files @ ..] => answers(files),
        ["pages", ref rest @ ..] => pages_command::run(rest),
        ["notes", folder] => write_notes(Path::new(folder)),
        _ => bail!(
            "usage: cargo run --release -p cartulary-benches [speed | criteria | vault | notes | file NOTES.jsonl | answers RECORDS.jsonl.. | notes DIR | {}]",
            pages_command::USAGE
        ),
    }
}

fn write_notes(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    for lang in ["en", "zh"] {
        let mut lines = String::new();
        for note in notes(lang, COPIES)? {
            let _ = writeln!(lines, "{}", serde_json::to_string(&note)?);
        }
        let path = folder.join(format!("{lang}.jsonl"));
        fs::write(&path, lines).with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(())
}

fn speed(with_long_texts: bool) -> Result<()> {
    let before = cpu_time()?;
    let catalogue = Arc::new(Catalogue::embedded().map_err(|error| anyhow::anyhow!("{error}"))?);
    let loaded = cpu_time()?;
    let engine = Engine::new(catalogue);
    let built = cpu_time()?;
    println!(
        "start: catalogue {:.0} ms, engine {:.0} ms; automata {:.2} MB",
        (loaded - before).as_secs_f64() * 1e3,
        (built - loaded).as_secs_f64() * 1e3,
        engine.automata_bytes() as f64 / 1e6
    );
    println!("{HEAD}");
    for lang in ["en", "zh"] {
        row(&engine, lang, &notes(lang, COPIES)?)?;
    }
    if with_long_texts { linear(&engine) } else { Ok(()) }
}

/// Notes of one's own: how dense a text is in facts makes most of the difference.
fn file(path: &Path) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    let notes = text.lines().map(serde_json::from_str).collect::<Result<Vec<Note>, _>>()?;
    let catalogue = Catalogue::embedded().map_err(|error| anyhow::anyhow!("{error}"))?;
    println!("{HEAD}");
    row(&Engine::new(Arc::new(catalogue)), "file", &notes)
}

/// A line of `cartulary read`: pages with the places of their lines.
#[derive(Deserialize)]
struct Read {
    pages: Vec<Page>,
}

/// What the engine answers to each line of some files, rules, places and properties included. A line is a record, or
/// what `cartulary read --jsonl` printed of a document.
fn answers(files: &[&str]) -> Result<()> {
    let catalogue = Catalogue::embedded().map_err(|error| anyhow::anyhow!("{error}"))?;
    let engine = Engine::new(Arc::new(catalogue));
    for path in files {
        let text = fs::read_to_string(path).with_context(|| format!("could not read {path}"))?;
        for line in text.lines() {
            if let Ok(Read { pages }) = serde_json::from_str(line) {
                let read = SourceDocument { pages, ..document("") };
                println!("{:?}", engine.extract_one(&read, &Hint::default()));
                continue;
            }
            let record: Record = serde_json::from_str(line)?;
            let answer = exchange::extract(&engine, &record);
            println!("{}\n{answer:?}", serde_json::to_string(&answer)?);
            println!("{:?}", engine.extract_one(&document(&record.text), &Hint::default()));
        }
    }
    Ok(())
}

/// The text as lines of one page.
fn document(text: &str) -> SourceDocument {
    let line = |(row, line): (usize, &str)| {
        let (top, width) = (row as f32 * 36.0, line.chars().count() as f32 * 12.0);
        Line {
            text: line.to_owned(),
            quad: Quad::upright(0.0, top, width, top + 24.0),
            confidence: 1.0,
            ..Line::default()
        }
    };
    let lines = text.split('\n').enumerate().map(line).collect();
    SourceDocument {
        id: "text".into(),
        name: String::new(),
        media_type: "text/plain".into(),
        sha256: String::new(),
        pages: vec![Page { number: 1, width: 1654, height: 2339, lines, ..Page::default() }],
        unread: vec![],
    }
}

const HEAD: &str = "| notes | count | mean bytes | facts | notes/CPU-s | MB/CPU-s | p50 ms | p99 ms |
|---|---|---|---|---|---|---|---|";

fn row(engine: &Engine, lang: &str, notes: &[Note]) -> Result<()> {
    let records: Vec<Record> = notes.iter().map(record).collect();
    let bytes: usize = records.iter().map(|of| of.text.len()).sum();
    let mut times: Vec<Duration> = Vec::with_capacity(records.len());
    let mut facts = 0;
    let begun = cpu_time()?;
    for record in &records {
        let start = std::time::Instant::now();
        facts += black_box(exchange::extract(engine, record)).facts.len();
        times.push(start.elapsed());
    }
    let spent = (cpu_time()? - begun).as_secs_f64();
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "| {lang} | {} | {} | {facts} | {:.0} | {:.1} | {:.2} | {:.2} |",
        records.len(),
        bytes / records.len(),
        records.len() as f64 / spent,
        bytes as f64 / spent / 1e6,
        at(0.5),
        at(0.99)
    );
    Ok(())
}

/// Twice the text should take twice the time, up to ten megabytes.
fn linear(engine: &Engine) -> Result<()> {
    println!("\n| one text of | CPU-s | against half of it |");
    println!("|---|---|---|");
    let seed: String =
        notes("en", 4)?.iter().chain(&notes("zh", 4)?).map(|note| note.text.as_str()).collect();
    let mut last: Option<f64> = None;
    for megabytes in [0.625, 1.25, 2.5, 5.0, 10.0] {
        let size = (megabytes * 1e6) as usize;
        let mut text = seed.repeat(size / seed.len() + 1);
        let cut = (0..=size).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(cut);
        let record = Record { id: "long".into(), text, doc_type: None, section: None, doc_date: None };
        let begun = cpu_time()?;
        black_box(exchange::extract(engine, &record));
        let spent = (cpu_time()? - begun).as_secs_f64();
        let ratio = last.map_or(String::new(), |half| format!("{:.2}", spent / half));
        println!("| {megabytes} MB | {spent:.2} | {ratio} |");
        last = Some(spent);
        if spent > 60.0 {
            println!("stopped: more than a minute");
            break;
        }
    }
    Ok(())
}
