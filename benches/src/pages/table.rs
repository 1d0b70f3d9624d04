//! What is printed.

use crate::pages::calibration::{Bin, expected_error};
use crate::pages::corpus::{Picture, Reading};
use crate::pages::score::{Count, Score, Tally};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEAD: &str = "| pictures | count | Han % | other % | all % | crit right % | orientation | segments unread | lines invented |
|---|---|---|---|---|---|---|---|---|
";

/// The head of the one-row table of several readers.
pub const READERS_HEAD: &str = "| reader | clean Han / other | upright photo Han / other | turned photo Han / other | CER all % | crit right % | s/page mean | median | p95 | max | CPU s/page | peak MB |
|---|---|---|---|---|---|---|---|---|---|---|---|
";

/// Errors by group of kinds and language, then by kind.
#[must_use]
pub fn errors(scored: &[(&Picture, Score)]) -> String {
    let mut out = String::from(HEAD);
    for group in ["clean", "upright photo", "turned photo"] {
        for language in ["zh", "en"] {
            let of = |picture: &Picture| group_of(picture) == group && picture.language == language;
            row(&mut out, &format!("{group}, {language}"), &total(scored, of));
        }
    }
    for language in ["zh", "en"] {
        row(&mut out, &format!("all, {language}"), &total(scored, |picture| picture.language == language));
    }
    row(&mut out, "**all**", &total(scored, |_| true));
    let mut kinds: BTreeMap<&str, ()> = BTreeMap::new();
    for (picture, _) in scored {
        kinds.insert(&picture.kind, ());
    }
    out.push('\n');
    out.push_str(HEAD);
    for kind in kinds.keys() {
        row(&mut out, kind, &total(scored, |picture| picture.kind == *kind));
    }
    out
}

/// One reader's row beside others.
#[must_use]
pub fn reader(name: &str, scored: &[(&Picture, Score)], readings: &[&Reading]) -> String {
    let by_group = |group: &str| {
        let tally = total(scored, |picture| group_of(picture) == group);
        format!("{} / {}", percent(tally.han), percent(tally.other))
    };
    let all = total(scored, |_| true);
    let time = Times::of(readings);
    format!(
        "| {name} | {} | {} | {} | {} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} |",
        by_group("clean"),
        by_group("upright photo"),
        by_group("turned photo"),
        percent(all.characters()),
        right(all.critical),
        time.mean,
        time.median,
        time.p95,
        time.max,
        time.cpu,
        time.megabytes
    )
}

/// Seconds a page.
#[must_use]
pub fn times(readings: &[&Reading]) -> String {
    let Times { mean, median, p95, max, cpu, megabytes } = Times::of(readings);
    format!(
        "seconds a page: mean {mean:.3}, median {median:.3}, p95 {p95:.3}, max {max:.3}; processor {cpu:.3}; peak memory {megabytes:.0} MB"
    )
}

/// The reliability of confidences.
#[must_use]
pub fn reliability(bins: &[Bin]) -> String {
    let mut out = String::from("| lines | mean confidence | exactly right |\n|---|---|---|\n");
    for bin in bins {
        let _ = writeln!(out, "| {} | {:.4} | {:.4} |", bin.count, bin.confidence, bin.right);
    }
    let _ = write!(out, "expected calibration error {:.4}", expected_error(bins));
    out
}

fn group_of(picture: &Picture) -> &'static str {
    match (picture.kind.as_str(), picture.turn) {
        ("clean", _) => "clean",
        (_, 0) => "upright photo",
        _ => "turned photo",
    }
}

fn total(scored: &[(&Picture, Score)], of: impl Fn(&Picture) -> bool) -> Tally {
    let mut total = Tally::default();
    for (_, score) in scored.iter().filter(|(picture, _)| of(picture)) {
        total += score.tally;
    }
    total
}

fn row(out: &mut String, name: &str, tally: &Tally) {
    if tally.pictures == 0 {
        return;
    }
    let turned = match tally.orientation {
        Count { all: 0, .. } => "-".to_owned(),
        Count { wrong, all } => format!("{} of {all}", all - wrong),
    };
    let _ = writeln!(
        out,
        "| {name} | {} | {} | {} | {} | {} | {turned} | {} | {} |",
        tally.pictures,
        percent(tally.han),
        percent(tally.other),
        percent(tally.characters()),
        right(tally.critical),
        tally.unread,
        tally.invented
    );
}

fn percent(count: Count) -> String {
    if count.all == 0 { "-".to_owned() } else { format!("{:.3}", count.percent()) }
}

fn right(count: Count) -> String {
    if count.all == 0 { "-".to_owned() } else { format!("{:.2}", 100.0 - count.percent()) }
}

struct Times {
    mean: f64,
    median: f64,
    p95: f64,
    max: f64,
    cpu: f64,
    megabytes: f64,
}

impl Times {
    fn of(readings: &[&Reading]) -> Self {
        let mut millis: Vec<f64> = readings.iter().map(|reading| reading.millis).collect();
        millis.sort_by(f64::total_cmp);
        let count = millis.len().max(1);
        let at = |share: f64| {
            let place = (share * count as f64).ceil() as usize;
            millis.get(place.saturating_sub(1)).copied().unwrap_or_default() / 1e3
        };
        let mean = |of: fn(&Reading) -> f64| {
            readings.iter().map(|reading| of(reading)).sum::<f64>() / count as f64 / 1e3
        };
        Self {
            mean: mean(|reading| reading.millis),
            median: at(0.5),
            p95: at(0.95),
            max: at(1.0),
            cpu: mean(|reading| reading.cpu_millis),
            megabytes: readings.iter().map(|reading| reading.rss_mb).fold(0.0, f64::max),
        }
    }
}
