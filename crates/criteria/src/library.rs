//! All criteria sets of a catalogue, and their evaluation.

use crate::{
    ask,
    context::{Context, Words},
    disease::TodaysDisease,
    document::Log,
    error::{CriteriaError, Problem},
    fingerprint::{Fingerprints, record_fingerprint},
    load,
    names::Names,
    need::Outline,
    phrases::Phrases,
    set::{CriteriaSet, Criterion},
    summary::{self, Assessed, Screening},
};
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    ConceptId, Fact, PatientRecord, SetId, Text,
    evaluation::{AskFor, SetEvaluation, SetKind},
};
use jiff::civil::Date;

/// The criteria sets of a catalogue, ready to evaluate.
#[derive(Clone, Debug)]
pub struct CriteriaLibrary {
    sets: Vec<CriteriaSet>,
    names: Names,
    phrases: Phrases,
}

/// What an evaluation says of one patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// A row a set: possible first, then needing information, not met as written, not applicable; inside that the
    /// nearest first.
    pub evaluations: Vec<SetEvaluation>,
    /// What to ask for, most telling first.
    pub ask_for: Vec<AskFor>,
    /// Fingerprint of the record.
    pub record_sha256: String,
}

impl CriteriaLibrary {
    /// Loads every criteria document of a catalogue.
    ///
    /// # Errors
    /// Every problem found, with file, line, column and what was expected.
    pub fn load(catalogue: &Catalogue) -> Result<Self, CriteriaError> {
        let mut problems = Vec::new();
        let (names, phrases) = words(catalogue, &mut problems);
        let mut sets: Vec<CriteriaSet> = Vec::new();
        let fingerprints = Fingerprints::new(catalogue.file(NAMES).unwrap_or_default());
        for (path, text) in catalogue.criteria_documents() {
            let mut log = Log::new(path, text);
            if let Some(mut set) = load::read_set(catalogue, &names, &phrases, &mut log) {
                set.sha256 = fingerprints.of(text);
                check_place(path, &set, &sets, &mut log);
                sets.push(set);
            }
            problems.extend(log.problems);
        }
        for set in &sets {
            check_trials(catalogue, set, &sets, &mut problems);
        }
        if !problems.is_empty() {
            return Err(CriteriaError { problems });
        }
        sets.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { sets, names, phrases })
    }

    /// Reads one criteria document that is not (yet) in the catalogue.
    ///
    /// # Errors
    /// Every problem found, with the name given, line, column and what was expected.
    pub fn parse_one(catalogue: &Catalogue, name: &str, toml: &str) -> Result<CriteriaSet, CriteriaError> {
        let mut sets = Self::parse(catalogue, &[(name.to_owned(), toml.to_owned())])?;
        sets.pop().ok_or_else(|| CriteriaError { problems: Vec::new() })
    }

    /// Reads criteria documents that are not (yet) in the catalogue, with their names.
    ///
    /// # Errors
    /// Every problem of every document, with the name given, line, column and what was expected.
    pub fn parse(
        catalogue: &Catalogue,
        documents: &[(String, String)],
    ) -> Result<Vec<CriteriaSet>, CriteriaError> {
        let mut problems = Vec::new();
        let (names, phrases) = words(catalogue, &mut problems);
        let fingerprints = Fingerprints::new(catalogue.file(NAMES).unwrap_or_default());
        let mut sets: Vec<CriteriaSet> = Vec::new();
        for (name, toml) in documents {
            let mut log = Log::new(name, toml);
            if let Some(set) = load::read_set(catalogue, &names, &phrases, &mut log) {
                check_once(&set, &sets, &mut log);
                sets.push(CriteriaSet { sha256: fingerprints.of(toml), ..set });
            }
            problems.extend(log.problems);
        }
        if problems.is_empty() { Ok(sets) } else { Err(CriteriaError { problems }) }
    }

    /// All sets, in order of their ids.
    pub fn sets(&self) -> impl Iterator<Item = &CriteriaSet> {
        self.sets.iter()
    }

    /// One set.
    pub fn get(&self, id: &SetId) -> Option<&CriteriaSet> {
        self.sets.iter().find(|set| set.id == *id)
    }

    /// Evaluates the sets named in `only`, or all, for one patient on a day.
    ///
    /// The catalogue is the one that the library was loaded from.
    pub fn evaluate(
        &self,
        catalogue: &Catalogue,
        record: &PatientRecord,
        facts: &[Fact],
        on: Date,
        only: &[SetId],
    ) -> Assessment {
        let context = Context::new(catalogue, &self.names, &self.phrases, record, facts, on, Words::Spoken);
        let mut assessed: Vec<Assessed<'_>> =
            self.wanted(only).map(|set| summary::assess(set, &context)).collect();
        for of in &mut assessed {
            let trials = self.sets.iter().filter(|set| of.set.trials.contains(&set.id));
            summary::warn_of_trials(of, trials, &context);
        }
        assessed.sort_by_cached_key(Assessed::rank);
        let ask_for = ask::ask_for(&assessed);
        let evaluations = assessed.into_iter().map(|of| of.evaluation).collect();
        Assessment { evaluations, ask_for, record_sha256: record_fingerprint(record) }
    }

    /// Evaluates the sets named in `only`, or all, without putting the reasons into words: for a cohort. Answers and
    /// evidence are those of [`Self::evaluate`], which tells the reasons when somebody asks for them.
    pub fn screen<'a>(
        &'a self,
        catalogue: &'a Catalogue,
        record: &'a PatientRecord,
        facts: &'a [Fact],
        on: Date,
        only: &[SetId],
    ) -> Vec<Screening<'a>> {
        let context = Context::new(catalogue, &self.names, &self.phrases, record, facts, on, Words::Silent);
        self.wanted(only).map(|set| summary::screen(set, &context)).collect()
    }

    /// Evaluates one set that need not be in the library, without words: what would change if it were?
    pub fn screen_set<'a>(
        &'a self,
        set: &'a CriteriaSet,
        catalogue: &'a Catalogue,
        record: &'a PatientRecord,
        facts: &'a [Fact],
        on: Date,
    ) -> Screening<'a> {
        let context = Context::new(catalogue, &self.names, &self.phrases, record, facts, on, Words::Silent);
        summary::screen(set, &context)
    }

    /// The question of a criterion as plain data, with its named sets resolved.
    pub fn outline(&self, criterion: &Criterion) -> Outline {
        criterion.need.outline(&self.names)
    }

    /// Today's disease, as far as the record says it.
    pub fn todays_disease(&self, catalogue: &Catalogue, record: &PatientRecord) -> Option<TodaysDisease> {
        TodaysDisease::of(record, catalogue, &self.names)
    }

    /// The regimens that a line's label can stand for: `R-CEOP` stands for two.
    pub fn regimens_written(&self, label: &str) -> &[ConceptId] {
        self.names.regimens_written(label)
    }

    /// The question that a criterion puts to a record, in words.
    pub fn question(&self, catalogue: &Catalogue, criterion: &Criterion) -> Text {
        let nobody = PatientRecord::default();
        let context =
            Context::new(catalogue, &self.names, &self.phrases, &nobody, &[], Date::ZERO, Words::Spoken);
        criterion.need.question(&context)
    }

    fn wanted<'a>(&'a self, only: &[SetId]) -> impl Iterator<Item = &'a CriteriaSet> {
        self.sets.iter().filter(|set| only.is_empty() || only.contains(&set.id))
    }
}

const NAMES: &str = "sets.toml";

fn words(catalogue: &Catalogue, problems: &mut Vec<Problem>) -> (Names, Phrases) {
    let phrases = Phrases::load(catalogue, problems);
    let names = Names::load(catalogue, problems);
    ask::check_items(&names, problems);
    (names, phrases)
}

fn check_place(path: &str, set: &CriteriaSet, before: &[CriteriaSet], log: &mut Log<'_>) {
    let expected = format!("criteria/{}.toml", set.id);
    if path != expected {
        log.problem(0, format!("the set `{}` stands in another file; expected {expected}", set.id));
    }
    check_once(set, before, log);
}

/// The trials that a label names must be sets of trials.
fn check_trials(catalogue: &Catalogue, set: &CriteriaSet, all: &[CriteriaSet], problems: &mut Vec<Problem>) {
    let path = format!("criteria/{}.toml", set.id);
    let text = catalogue.file(&path).unwrap_or_default();
    let mut log = Log::new(&path, text);
    for trial in &set.trials {
        if !all.iter().any(|other| other.id == *trial && other.kind == SetKind::Trial) {
            let at = text.find(&format!("\"{trial}\"")).unwrap_or(0);
            log.problem(at, format!("`{trial}` is no trial; expected the id of a set with kind = \"trial\""));
        }
    }
    problems.extend(log.problems);
}

fn check_once(set: &CriteriaSet, before: &[CriteriaSet], log: &mut Log<'_>) {
    if before.iter().any(|other| other.id == set.id) {
        log.problem(0, format!("the id `{}` stands twice", set.id));
    }
}
