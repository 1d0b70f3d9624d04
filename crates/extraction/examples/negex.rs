//! Scores the reading of cues on the public NegEx test kit (`rsAnnotations-1-120-random.txt`): F1 of negated and of
//! historical conditions. The kit gives each condition in capitals inside its sentence.
//!
//! `negex KIT [odd|even|all] [show]`: rules were written with the odd lines; the even ones measure.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, Hint, probe};
use cartulary_model::{Assertion, Temporality};
use std::{error::Error, fs, io::Write as _, ops::Range, sync::Arc};

/// Right, wrongly said, missed.
#[derive(Default)]
struct Tally {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Tally {
    fn add(&mut self, want: bool, got: bool) {
        match (want, got) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }

    fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.wrong + self.missed).max(1) as f64
    }
}

/// Where the condition stands in its sentence, in capitals as the kit writes it.
fn place(sentence: &str, condition: &str) -> Option<Range<usize>> {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = sentence.rfind(&condition.to_uppercase()).or_else(|| {
        let lower = sentence.to_lowercase();
        lower.rfind(&folded(condition).to_lowercase())
    })?;
    let start = sentence[..found].chars().count();
    Some(start..start + condition.chars().count())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let kit = arguments.next().ok_or("usage: negex KIT [odd|even|all] [show]")?;
    let half = arguments.next().unwrap_or_else(|| "all".into());
    let show = arguments.next().is_some();
    let engine = Engine::new(Arc::new(Catalogue::embedded()?));
    let bytes = fs::read(kit)?;
    let text: String = bytes.iter().map(|of| char::from(*of)).collect();
    let mut out = std::io::stdout().lock();
    let (mut negated, mut historical, mut unplaced) = (Tally::default(), Tally::default(), 0);
    let chosen = text.lines().zip(1usize..).skip(1).filter(|(_, line)| match half.as_str() {
        "odd" => line % 2 == 1,
        "even" => line % 2 == 0,
        _ => true,
    });
    for (row, _) in chosen {
        let [_, condition, sentence, status, time, _] = row.split('\t').collect::<Vec<_>>()[..] else {
            continue;
        };
        let sentence: String = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
        let condition = condition.trim().trim_matches('"').split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(span) = place(&sentence, &condition) else {
            unplaced += 1;
            continue;
        };
        let (assertion, _, temporality) = probe::assert_at(&engine, &sentence, span, &Hint::default());
        let (denied, past) = (assertion == Assertion::Negated, temporality == Temporality::Historical);
        negated.add(status == "Negated", denied);
        historical.add(time == "Historical", past);
        let differs = (status == "Negated") != denied || (time == "Historical") != past;
        if show && differs {
            writeln!(out, "{status}/{time} read {assertion:?}/{temporality:?}\t{condition}\t{sentence}")?;
        }
    }
    for (name, tally) in [("negated", &negated), ("historical", &historical)] {
        let Tally { right, wrong, missed } = tally;
        writeln!(out, "{name:<12} F1 {:.3}  right {right}  wrong {wrong}  missed {missed}", tally.f1())?;
    }
    writeln!(out, "not placed in their sentence: {unplaced}")?;
    Ok(())
}
