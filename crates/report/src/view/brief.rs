//! The case on one page: what a tumour board looks at first, each value with its place.

use super::{
    facts::{self, FactRow},
    papers::Papers,
    sets::{AnswerWords, answer_words},
    value::key_of,
    warnings,
};
use crate::{clean::clean, words::Words};
use cartulary_model::{
    Answer, FactId, PartialDate, SetEvaluation,
    evaluation::{Role, SetKind, Summary},
    record::{LineOfTherapy, Response},
};

/// Values of the blood and of organs, in the order in which they are looked for.
const LABS: [&str; 13] = [
    "lab.ldh",
    "lab.hb",
    "lab.plt",
    "lab.anc",
    "lab.alc",
    "lab.creat",
    "lab.crcl",
    "lab.egfr",
    "lab.alt",
    "lab.ast",
    "lab.tbil",
    "lab.lvef",
    "lab.spo2",
];
/// Markers of the tumour.
const MARKERS: [&str; 10] = [
    "bio.cd19",
    "bio.cd20",
    "bio.cyclin_d1",
    "bio.myc_r",
    "bio.bcl2_r",
    "bio.bcl6_r",
    "bio.igh_ccnd1",
    "bio.tp53_mut",
    "bio.del17p",
    "bio.eber",
];
/// Infections that are asked before any cell therapy.
const VIRUSES: [&str; 5] = ["lab.hbsag", "lab.anti_hbc", "lab.hbv_dna", "lab.anti_hcv", "lab.hiv"];
const SCORES: [&str; 3] = ["ecog", "ipi", "deauville"];
/// Rows that fit on a page; of the rest the number is told.
const SETS: usize = 10;
const ASKS: usize = 6;
const REASONS: usize = 3;

/// The case on one page.
pub(crate) struct Brief {
    pub(crate) lines: Vec<BriefLine>,
    pub(crate) values: Vec<FactRow>,
    pub(crate) sets: Vec<BriefSet>,
    /// `and 3 more`; empty where all are shown.
    pub(crate) more_sets: String,
    /// The leading reasons of these sets, each once.
    pub(crate) reasons: Vec<String>,
    /// Where trials stand: the group's title and how many.
    pub(crate) trials: Vec<(String, usize)>,
    pub(crate) asks: Vec<String>,
    pub(crate) more_asks: String,
    pub(crate) warnings: Vec<String>,
}

/// A line of therapy.
pub(crate) struct BriefLine {
    pub(crate) number: u32,
    pub(crate) what: String,
    pub(crate) cycles: String,
    pub(crate) when: String,
    pub(crate) best: String,
    pub(crate) failed: String,
    pub(crate) place: String,
}

/// Where an indication stands.
pub(crate) struct BriefSet {
    pub(crate) title: String,
    pub(crate) standing: String,
    /// Met, not met, unknown, of what decides.
    pub(crate) counts: [(AnswerWords, usize); 3],
}

/// Makes the page.
pub(crate) fn brief(papers: &Papers<'_>, words: Words<'_>) -> Brief {
    let evaluation = papers.evaluation;
    let concerns = |set: &&SetEvaluation| set.summary != Summary::NotApplicable;
    let of_kind =
        |kind: SetKind| evaluation.evaluations.iter().filter(concerns).filter(move |set| set.kind == kind);
    Brief {
        lines: evaluation.record.lines.iter().map(|of| line(of, papers, words)).collect(),
        values: values(papers, words),
        sets: of_kind(SetKind::Label).take(SETS).map(|of| set(of, words)).collect(),
        more_sets: more(of_kind(SetKind::Label).count(), SETS, words),
        reasons: reasons(&of_kind(SetKind::Label).take(SETS).collect::<Vec<_>>(), words),
        trials: standings(&of_kind(SetKind::Trial).collect::<Vec<_>>(), words),
        asks: evaluation.ask_for.iter().take(ASKS).map(|ask| words.said(&ask.item.text)).collect(),
        more_asks: more(evaluation.ask_for.len(), ASKS, words),
        warnings: warned(papers, words),
    }
}

fn more(all: usize, shown: usize, words: Words<'_>) -> String {
    if all > shown { words.count("sets.more", all - shown) } else { String::new() }
}

fn line(of: &LineOfTherapy, papers: &Papers<'_>, words: Words<'_>) -> BriefLine {
    let mut what = vec![clean(&of.label)];
    what.extend(of.transplant.iter().map(|of| words.concept(&of.concept)));
    let mut what = what.join(" + ");
    // What went on behind the courses was given after them, not with them.
    for then in &of.continued_with {
        what = words.join(&[what, words.fill("timeline.continued", &[("what", &words.concept(then))])]);
    }
    let day = |date: Option<PartialDate>| date.map_or_else(|| "?".to_owned(), |date| date.to_string());
    let when = match (of.start, of.end) {
        (None, None) => words.t("no_date"),
        (start, end) if start == end => day(start),
        (start, end) => format!("{} – {}", day(start), day(end)),
    };
    let chips = papers.chips(&of.facts);
    BriefLine {
        number: of.number,
        what,
        cycles: of.cycles_given.map(|count| count.to_string()).unwrap_or_default(),
        when,
        best: of.best_response.as_ref().map(response).unwrap_or_default(),
        failed: of.failed_on.map(|date| date.to_string()).unwrap_or_default(),
        place: chips.first().map(|chip| chip.place.clone()).unwrap_or_default(),
    }
}

fn response(of: &Response) -> String {
    let category = key_of(of.category);
    of.date.map_or_else(|| category.clone(), |date| format!("{category} ({date})"))
}

/// The newest of each; of those without a date the last that was read.
fn values(papers: &Papers<'_>, words: Words<'_>) -> Vec<FactRow> {
    let record = &papers.evaluation.record;
    let mut found: Vec<FactId> = Vec::new();
    let stages = record.stages.iter().map(|of| (of.date, &of.facts));
    found.extend(newest(stages));
    for score in SCORES {
        found.extend(newest(record.scores.get(score).into_iter().flatten().map(|of| (of.date, &of.facts))));
    }
    for lab in LABS {
        found.extend(newest(record.labs.get(lab).into_iter().flatten().map(|of| (of.date, &of.facts))));
    }
    for marker in MARKERS {
        let of_it = record.biomarkers.iter().filter(|of| of.concept.as_str() == marker);
        found.extend(newest(of_it.map(|of| (of.date, &of.facts))));
    }
    for virus in VIRUSES {
        found.extend(newest(record.virology.get(virus).into_iter().flatten().map(|of| (of.date, &of.facts))));
    }
    let facts = found.iter().filter_map(|id| papers.fact(*id));
    facts.map(|fact| facts::row(fact, papers, words)).collect()
}

fn newest<'f>(all: impl Iterator<Item = (Option<PartialDate>, &'f Vec<FactId>)>) -> Option<FactId> {
    let last = all.enumerate().max_by_key(|(place, (date, _))| (date.map(|date| date.latest()), *place));
    last.and_then(|(_, (_, facts))| facts.first().copied())
}

fn set(of: &SetEvaluation, words: Words<'_>) -> BriefSet {
    let decides = || of.findings.iter().filter(|of| of.role != Role::Warning);
    BriefSet {
        title: words.said(&of.title),
        standing: words.t(&format!("sets.{}", key_of(of.summary))),
        counts: [Answer::Met, Answer::NotMet, Answer::Unknown]
            .map(|answer| (answer_words(answer, words), decides().filter(|of| of.answer == answer).count())),
    }
}

fn reasons(sets: &[&SetEvaluation], words: Words<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for reason in sets.iter().filter_map(|set| set.reasons.first()).map(|reason| words.said(reason)) {
        if all.len() < REASONS && !all.contains(&reason) {
            all.push(reason);
        }
    }
    all
}

fn standings(sets: &[&SetEvaluation], words: Words<'_>) -> Vec<(String, usize)> {
    [Summary::Possible, Summary::NeedsInformation, Summary::NotMetAsWritten]
        .into_iter()
        .map(|summary| {
            let count = sets.iter().filter(|set| set.summary == summary).count();
            (words.t(&format!("sets.{}", key_of(summary))), count)
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// What makes all of it less sure, a line each.
fn warned(papers: &Papers<'_>, words: Words<'_>) -> Vec<String> {
    let conflicts = warnings::conflicts(papers, words);
    let unread = papers.evaluation.unread.len();
    let about: Vec<String> = conflicts.into_iter().map(|of| of.about).collect();
    let mut all = Vec::new();
    if !papers.evaluation.record.identity_mismatch.is_empty() {
        all.push(words.t("warnings.identity"));
    }
    if !about.is_empty() {
        all.push(format!("{}: {}", words.t("warnings.conflicts"), words.join(&about)));
    }
    if unread > 0 {
        all.push(words.count("count.unread", unread));
    }
    all
}
