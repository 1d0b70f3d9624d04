//! `pages`: reads the pictures of `benches/pages` and prints what was wrong, how long it took, and how sure the reader was.

use anyhow::{Context, Result, bail};
use cartulary_benches::pages::{
    calibration::bins,
    corpus::{Choice, Picture, ReadLine, Reading, json_lines, pictures},
    meter::{cpu_seconds, peak_megabytes},
    score::{Score, score},
    table,
};
use cartulary_reading::{Reader, ReaderOptions};
use std::{
    collections::HashMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

pub(crate) const USAGE: &str = "pages [--kind K] [--page NAME] [--held-out] [--limit N] [--threads N] [--errors] [--calibration] [--row NAME] [--read FILE] [--write FILE] [--corpus DIR]";

/// What was asked for.
#[derive(Default)]
struct Wishes {
    choice: Choice,
    corpus: Option<PathBuf>,
    threads: usize,
    errors: bool,
    calibration: bool,
    row: Option<String>,
    read: Option<PathBuf>,
    write: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let wishes = parse(arguments)?;
    let home = || Path::new(env!("CARGO_MANIFEST_DIR")).join("pages/cache");
    let folder = wishes.corpus.clone().unwrap_or_else(home);
    let pictures = pictures(&folder, &wishes.choice)?;
    if pictures.is_empty() {
        bail!("no picture of the corpus in {} is of this choice", folder.display());
    }
    let readings = match &wishes.read {
        Some(path) => json_lines(path)?,
        None => read(&folder, &pictures, wishes.threads)?,
    };
    if let Some(path) = &wishes.write {
        write(path, &readings)?;
    }
    show(&wishes, &pictures, &readings)
}

fn parse(arguments: &[&str]) -> Result<Wishes> {
    let mut wishes = Wishes::default();
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{name} wants a value; usage: {USAGE}"));
        match *name {
            "--kind" => wishes.choice.kind = Some((*value()?).to_owned()),
            "--page" => wishes.choice.page = Some((*value()?).to_owned()),
            "--held-out" => wishes.choice.held_out = true,
            "--limit" => wishes.choice.limit = Some(value()?.parse().context("--limit wants a number")?),
            "--threads" => wishes.threads = value()?.parse().context("--threads wants a number")?,
            "--errors" => wishes.errors = true,
            "--calibration" => wishes.calibration = true,
            "--row" => wishes.row = Some((*value()?).to_owned()),
            "--read" => wishes.read = Some(value()?.into()),
            "--write" => wishes.write = Some(value()?.into()),
            "--corpus" => wishes.corpus = Some(value()?.into()),
            other => bail!("{other} is not known; usage: {USAGE}"),
        }
    }
    Ok(wishes)
}

/// Reads the pictures one after the other. The first is read twice: once for loading the models, which is told apart.
fn read(folder: &Path, pictures: &[Picture], threads: usize) -> Result<Vec<Reading>> {
    let start = Instant::now();
    let reader = Reader::new(ReaderOptions { threads, ..ReaderOptions::default() });
    reader.models_ready().map_err(|error| anyhow::anyhow!("{error}"))?;
    one(&reader, folder, &pictures[0])?;
    println!("first page, with loading: {:.2} s", start.elapsed().as_secs_f64());
    pictures.iter().map(|picture| one(&reader, folder, picture)).collect()
}

fn one(reader: &Reader, folder: &Path, picture: &Picture) -> Result<Reading> {
    let path = folder.join(&picture.file);
    let bytes = fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
    let (start, spent) = (Instant::now(), cpu_seconds()?);
    let documents = reader.read(&picture.file, &bytes, &|_| {});
    let mut reading = Reading {
        file: picture.file.clone(),
        turn: None,
        millis: start.elapsed().as_secs_f64() * 1e3,
        cpu_millis: (cpu_seconds()? - spent) * 1e3,
        rss_mb: peak_megabytes()?,
        lines: vec![],
    };
    for page in documents.into_iter().flat_map(|document| document.source.pages) {
        reading.turn = Some(page.rotation);
        reading.lines.extend(page.lines.into_iter().map(|line| ReadLine {
            text: line.text,
            quad: line.quad.0,
            confidence: Some(line.confidence),
        }));
    }
    Ok(reading)
}

fn write(path: &Path, readings: &[Reading]) -> Result<()> {
    let mut text = String::new();
    for reading in readings {
        let _ = writeln!(text, "{}", serde_json::to_string(reading)?);
    }
    fs::write(path, text).with_context(|| format!("could not write {}", path.display()))
}

fn show(wishes: &Wishes, pictures: &[Picture], readings: &[Reading]) -> Result<()> {
    let by_file: HashMap<&str, &Reading> =
        readings.iter().map(|reading| (reading.file.as_str(), reading)).collect();
    let mut scored: Vec<(&Picture, Score)> = Vec::new();
    let mut used = Vec::new();
    for picture in pictures {
        let Some(reading) = by_file.get(picture.file.as_str()) else {
            continue;
        };
        scored.push((picture, score(picture, reading)));
        used.push(*reading);
    }
    let (count, all) = (scored.len(), pictures.len());
    if count == 0 {
        bail!("of the {all} pictures of this choice none was read: read them first, or choose others");
    }
    let partly = if count < all { format!("{count} of {all} pictures") } else { String::new() };
    if let Some(name) = &wishes.row {
        let name = format!("{name} {partly}");
        println!("{}{}", table::READERS_HEAD, table::reader(name.trim_end(), &scored, &used));
        return Ok(());
    }
    if wishes.errors {
        for (picture, score) in &scored {
            for difference in &score.differences {
                println!("{}\n  truth: {}\n  read:  {}", picture.file, difference.truth, difference.read);
                if !difference.critical.is_empty() {
                    println!("  wrong: {}", difference.critical.join("  "));
                }
            }
        }
    }
    if count < all {
        println!("only {partly} were read");
    }
    println!("{}\n{}", table::errors(&scored), table::times(&used));
    if wishes.calibration {
        let trials: Vec<_> = scored.iter().flat_map(|(_, score)| score.trials.iter().copied()).collect();
        println!("\n{}", table::reliability(&bins(&trials)));
    }
    Ok(())
}
