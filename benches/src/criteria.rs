//! How fast criteria are evaluated, in processor time: one set of 28 criteria, all sets for a cohort, loading.

use anyhow::{Context, Result};
use cartulary_benches::cpu_time;
use cartulary_catalogue::{Catalogue, Files};
use cartulary_criteria::CriteriaLibrary;
use cartulary_model::{Fact, PatientRecord, SetId};
use jiff::civil::{Date, date};
use std::{collections::BTreeMap, fs, hint::black_box, path::Path, time::Duration};

#[path = "../../crates/criteria/tests/support/case.rs"]
#[expect(dead_code, reason = "only the record's form is used here")]
mod case;

const ON: Date = date(2026, 7, 1);
const CRITERIA: usize = 28;
const COHORT: usize = 10_000;
const AT_LEAST: Duration = Duration::from_secs(2);

type Patient = (PatientRecord, Vec<Fact>);

pub(crate) fn speed() -> Result<()> {
    let begun = cpu_time()?;
    let catalogue = Catalogue::load(files()?).map_err(|error| anyhow::anyhow!("{error}"))?;
    let loaded = cpu_time()?;
    let library = CriteriaLibrary::load(&catalogue)?;
    let built = cpu_time()?;
    println!(
        "load: {} sets {:.1} ms (the catalogue before them {:.1} ms)",
        library.sets().count(),
        (built - loaded).as_secs_f64() * 1e3,
        (loaded - begun).as_secs_f64() * 1e3
    );
    println!("\n| patients | sets | criteria | reasons | patients/CPU-s | answers that are not unknown |");
    println!("|---|---|---|---|---|---|");
    let cases = patients("cases", &catalogue)?;
    let rich = patients("rich.toml", &catalogue)?;
    let one = [SetId::from("BENCH")];
    for (name, patients) in [("one of whom much is known", &rich), ("the hand-written cases", &cases)] {
        row(name, &catalogue, &library, patients, &one, false)?;
        row(name, &catalogue, &library, patients, &one, true)?;
    }
    row("the hand-written cases", &catalogue, &library, &cases, &[], false)?;
    row("the hand-written cases", &catalogue, &library, &cases, &[], true)?;
    let begun = cpu_time()?;
    for (record, facts) in cases.iter().cycle().take(COHORT) {
        black_box(library.screen(&catalogue, record, facts, ON, &[]));
    }
    println!("\nall sets for {COHORT} records: {:.2} CPU-s", (cpu_time()? - begun).as_secs_f64());
    Ok(())
}

fn row(
    name: &str,
    catalogue: &Catalogue,
    library: &CriteriaLibrary,
    patients: &[Patient],
    only: &[SetId],
    with_reasons: bool,
) -> Result<()> {
    let sets: Vec<_> = library.sets().filter(|set| only.is_empty() || only.contains(&set.id)).collect();
    let criteria: usize = sets.iter().map(|set| set.criteria.len()).sum();
    let (mut done, mut answers, begun) = (0, 0, cpu_time()?);
    while cpu_time()? - begun < AT_LEAST {
        for (record, facts) in patients.iter().cycle().take(patients.len().max(500)) {
            if with_reasons {
                let all = black_box(library.evaluate(catalogue, record, facts, ON, only));
                answers += all
                    .evaluations
                    .iter()
                    .flat_map(|of| &of.findings)
                    .filter(|of| is_known(of.answer))
                    .count();
            } else {
                let all = black_box(library.screen(catalogue, record, facts, ON, only));
                answers += all.iter().flat_map(|of| &of.answers).filter(|of| is_known(of.answer)).count();
            }
            done += 1;
        }
    }
    let spent = (cpu_time()? - begun).as_secs_f64();
    println!(
        "| {name} | {} | {criteria} | {} | {:.0} | {:.1} |",
        sets.len(),
        if with_reasons { "in words" } else { "evidence only" },
        f64::from(done) / spent,
        answers as f64 / f64::from(done)
    );
    Ok(())
}

fn is_known(answer: cartulary_model::Answer) -> bool {
    answer != cartulary_model::Answer::Unknown
}

/// The built-in catalogue with the first 28 criteria of ZUMA-1 as a set of their own.
fn files() -> Result<Files> {
    let embedded = Files::embedded();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalogue/criteria/ZUMA-1.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    let parts: Vec<&str> = text.split("\n[[criterion]]").take(CRITERIA + 1).collect();
    let set = parts.join("\n[[criterion]]").replacen("\"ZUMA-1\"", "\"BENCH\"", 1);
    Ok(embedded.overlaid(BTreeMap::from([("criteria/BENCH.toml".to_owned(), set)])))
}

/// The patients of a file or a folder of `crates/criteria/tests`.
fn patients(name: &str, catalogue: &Catalogue) -> Result<Vec<Patient>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/criteria/tests").join(name);
    let mut paths = vec![path.clone()];
    if path.is_dir() {
        paths = fs::read_dir(&path)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        paths.sort();
    }
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
        let case: case::Case = toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
        Ok(case.record.build(catalogue))
    };
    paths.iter().map(read).collect()
}
