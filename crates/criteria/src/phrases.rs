//! The sentences of a reason, compiled once: a reason is built a hundred thousand times.
//!
//! The words stand in `messages/criteria.csv`; the names of their places stand here and are checked at load.

use crate::{document::Log, error::Problem};
use cartulary_catalogue::Catalogue;
use cartulary_model::{PartialDate, Text};
use std::fmt::Write as _;

macro_rules! phrases {
    ($($name:ident = $key:literal [$($place:literal),*]),* $(,)?) => {
        /// A sentence of `messages/criteria.csv`.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Say { $($name),* }
        const PHRASES: &[(&str, &[&str])] = &[$(($key, &[$($place),*])),*];
    };
}

phrases! {
    // the disease
    NoDiagnosis = "why.no_diagnosis" [],
    OnlyPossible = "why.only_possible" ["disease"],
    OnlyHistorical = "why.only_historical" ["disease"],
    DiagnosisConflict = "why.diagnosis_conflict" ["disease"],
    TransformationSuspected = "why.transformation_suspected" ["disease"],
    RelapsedAfterTransformation = "why.indolent_after_transformation" ["disease", "to"],
    DiseaseNamed = "why.disease_named" ["disease", "date"],
    DiseaseNotNamed = "why.disease_not_named" ["disease", "date"],
    DiseaseToPhysician = "why.disease_to_physician" ["disease", "date"],
    DiseaseTooUnspecific = "why.disease_too_unspecific" ["disease", "date"],
    // lines
    LinesEnough = "why.lines_enough" ["lines", "bound"],
    LinesNotSo = "why.lines_not_so" ["lines", "bound"],
    LinesOpen = "why.lines_open" ["lines", "bound"],
    LinesStated = "why.lines_stated" ["lines", "stated", "bound"],
    LinesDoubtful = "why.lines_doubtful" ["lines", "bound"],
    NoLines = "why.no_lines" [],
    PhasesDiffer = "why.phases_differ" ["total", "since"],
    PhaseUnknown = "why.phase_unknown" ["line"],
    Had = "why.had" ["what", "line"],
    HadDoubtful = "why.had_doubtful" ["drug", "line", "what"],
    DrugsUnknown = "why.drugs_unknown" ["line", "what"],
    HadNot = "why.had_not" ["what"],
    HadNotRead = "why.had_not_read" ["what"],
    HadMaybe = "why.had_maybe" ["drug", "what"],
    HadStated = "why.had_stated" ["what"],
    HadDenied = "why.had_denied" ["what"],
    WashoutLong = "why.washout_long" ["what", "date", "period"],
    WashoutShort = "why.washout_short" ["what", "date", "period"],
    WashoutOpen = "why.washout_open" ["what", "period"],
    // failure of a line
    RefractoryStated = "why.refractory_stated" ["line"],
    BestResponse = "why.best_response" ["line", "response"],
    BestResponseCounts = "why.best_response_counts" ["line", "response"],
    BestResponseToPhysician = "why.best_response_to_physician" ["line", "response"],
    CyclesUnknown = "why.cycles_unknown" ["line", "response"],
    BestResponseUnknown = "why.best_response_unknown" ["line"],
    RelapseWithin = "why.relapse_within" ["line", "relapse", "spans", "period"],
    RelapseLater = "why.relapse_later" ["line", "relapse", "spans", "period"],
    RelapseStraddles = "why.relapse_straddles" ["line", "relapse", "spans", "period"],
    RelapseOneAnchor = "why.relapse_one_anchor" ["line", "relapse", "spans", "period"],
    RelapseNoAnchor = "why.relapse_no_anchor" ["line", "relapse"],
    RelapseUndated = "why.relapse_undated" ["line"],
    RelapseAnyTime = "why.relapse_any_time" ["line"],
    NotChemoimmunotherapy = "why.not_chemoimmunotherapy" ["line", "what"],
    MonthsFromStart = "why.months_from_start" ["months"],
    MonthsFromLastDose = "why.months_from_last_dose" ["months"],
    MonthsFromAssessment = "why.months_from_assessment" ["months"],
    MonthsFromTransplant = "why.months_from_transplant" ["months"],
    MonthsStated = "why.months_stated" ["months"],
    // status
    StatusStated = "why.status_stated" ["status", "date"],
    StatusDenied = "why.status_denied" ["status"],
    StatusByLine = "why.status_by_line" ["line"],
    StatusResponse = "why.status_response" ["response", "line"],
    StatusFailed = "why.status_failed" ["response", "line"],
    StatusUnknown = "why.status_unknown" [],
    TransplantGiven = "why.transplant_given" ["what", "date"],
    TransplantNone = "why.transplant_none" ["what"],
    TransplantDenied = "why.transplant_denied" ["what"],
    TransplantUnknown = "why.transplant_unknown" ["what"],
    // values
    Value = "why.value" ["what", "values", "relation"],
    ValuesDisagree = "why.values_disagree" ["what", "values", "bound"],
    ValueMissing = "why.value_missing" ["what"],
    ValueUnreadable = "why.value_unreadable" ["what", "values"],
    ValueOld = "why.value_old" ["what", "values", "period"],
    ValueUndated = "why.value_undated" ["what", "values", "period"],
    ValueStale = "why.value_stale" ["what", "values", "after"],
    ValueAtLimit = "why.value_at_limit" ["what", "values", "bound"],
    ValueTransfused = "why.value_transfused" ["what", "values"],
    ValueGrowthFactor = "why.value_growth_factor" ["what", "values"],
    ValueRoomAir = "why.value_room_air" ["what", "values"],
    NoReferenceRange = "why.no_reference_range" ["what", "values"],
    UlnValue = "why.uln_value" ["what", "values", "times", "relation"],
    On = "why.on" ["date"],
    NoDate = "why.no_date" [],
    AtLeast = "why.at_least" ["bound"],
    NotAtLeast = "why.not_at_least" ["bound"],
    Above = "why.above" ["bound"],
    NotAbove = "why.not_above" ["bound"],
    AtMost = "why.at_most" ["bound"],
    NotAtMost = "why.not_at_most" ["bound"],
    Below = "why.below" ["bound"],
    NotBelow = "why.not_below" ["bound"],
    CrclComputed = "why.crcl_computed" ["value", "age", "weight", "creatinine", "relation"],
    CrclOpen = "why.crcl_open" ["value", "bound"],
    CrclMissing = "why.crcl_missing" [],
    EgfrIsNotCrcl = "why.egfr_is_not_crcl" ["values"],
    KpsIsNotEcog = "why.kps_is_not_ecog" ["values"],
    Age = "why.age" ["age", "relation"],
    AgeOpen = "why.age_open" ["age", "bound"],
    AgeUnknown = "why.age_unknown" [],
    AgeConflict = "why.age_conflict" [],
    Sex = "why.sex" ["sex"],
    SexUnknown = "why.sex_unknown" [],
    // statements
    FindingStated = "why.finding_stated" ["what", "date"],
    FindingDenied = "why.finding_denied" ["what"],
    FindingPossible = "why.finding_possible" ["what"],
    FindingContradicted = "why.finding_contradicted" ["what"],
    FindingSilent = "why.finding_silent" ["what"],
    FindingPast = "why.finding_past" ["what"],
    FindingEarlier = "why.finding_earlier" ["what", "date", "period"],
    FindingUndated = "why.finding_undated" ["what", "period"],
    TestResult = "why.test_result" ["what", "result", "date"],
    TestUnclear = "why.test_unclear" ["what"],
    TestMissing = "why.test_missing" ["what"],
    HbvCarrier = "why.hbv_carrier" [],
    HbvCoreOnly = "why.hbv_core_only" [],
    CoreNotTested = "why.hbv_core_not_tested" [],
    HcvNeedsRna = "why.hcv_needs_rna" [],
    SyphilisToPhysician = "why.syphilis_to_physician" [],
    MarkerStale = "why.marker_stale" ["what", "drug"],
    MarkerUndated = "why.marker_undated" ["what", "drug"],
    LesionMeasured = "why.lesion_measured" ["size", "date"],
    Judge = "why.judge" ["question"],
    FromMemory = "why.from_memory" ["why"],
    // words
    Positive = "word.positive" [],
    Negative = "word.negative" [],
    Female = "word.female" [],
    Male = "word.male" [],
    And = "word.and" [],
    Or = "word.or" [],
    LineN = "word.line" ["number", "label"],
    LineCount = "word.line_count" ["lines"],
    OneLine = "word.one_line" [],
    // the question itself, for people
    AskAge = "question.age" ["bound"],
    AskBiomarker = "question.biomarker" ["what", "sign", "after"],
    AskAfter = "question.after" ["what"],
    AskCrcl = "question.crcl" ["bound"],
    AskDiseaseStatus = "question.disease_status" [],
    AskExposure = "question.exposure" ["what"],
    AskFirstLine = "question.first_line" ["ways"],
    AskLastLine = "question.last_line" ["ways"],
    AskLastLineFrom = "question.last_line_from" ["number", "ways"],
    AskRefractory = "question.refractory" ["responses"],
    AskRefractoryCycles = "question.refractory_cycles" ["responses", "cycles"],
    AskRelapse = "question.relapse" [],
    AskRelapseWithin = "question.relapse_within" ["period"],
    AskRelapseCompletion = "question.relapse_completion" ["period"],
    AskRelapseLastDose = "question.relapse_last_dose" ["period"],
    AskContaining = "question.containing" ["what", "names"],
    AskFinding = "question.finding" ["what"],
    AskFindingEver = "question.finding_ever" ["what"],
    AskFindingWithin = "question.finding_within" ["what", "period"],
    AskHistology = "question.histology" ["what"],
    AskHistologyPhysician = "question.histology_physician" ["what", "others"],
    AskPhysicianOnly = "question.physician_only" ["others"],
    AskInfection = "question.infection" ["what"],
    AskJudge = "question.judge" ["question"],
    AskValue = "question.value" ["what", "bound", "terms"],
    AskWithin = "question.within" ["period"],
    AskNotTransfused = "question.not_transfused" [],
    AskOnRoomAir = "question.on_room_air" [],
    AskLastResponse = "question.last_response" ["responses"],
    AskMeasurable = "question.measurable" [],
    AskLines = "question.lines" ["bound"],
    AskLinesIncluding = "question.lines_including" ["names"],
    AskNotAlone = "question.not_alone" ["what", "names"],
    AskTest = "question.test" ["what", "sign"],
    AskSex = "question.sex" ["sex"],
    AskTransplant = "question.transplant" ["what"],
    AskTransplantRelapse = "question.transplant_relapse" ["what"],
    AskTransplantWithin = "question.transplant_within" ["what", "period"],
    AskWashout = "question.washout" ["what", "period"],
    AskAtLeast = "question.at_least" ["number", "parts"],
    AskNot = "question.not" ["what"],
    AskGroup = "question.group" ["what"],
    AlsoAnd = "word.also_and" [],
    AlsoOr = "word.also_or" [],
    // summary
    ReasonFromMemory = "reason.from_memory" [],
    ReasonTrialNumber = "reason.trial_number" ["trial", "text", "why"],
}

/// A value for a place.
#[derive(Clone, Copy)]
pub(crate) enum Arg<'a> {
    Same(&'a str),
    Pair(&'a str, &'a str),
    Number(f64),
    Date(Option<PartialDate>),
}

impl<'a> From<&'a Text> for Arg<'a> {
    fn from(text: &'a Text) -> Self {
        Self::Pair(&text.en, &text.zh)
    }
}

impl Arg<'_> {
    fn write(self, into: &mut String, chinese: bool) {
        let written = match self {
            Self::Same(text) => into.write_str(text),
            Self::Pair(en, zh) => into.write_str(if chinese { zh } else { en }),
            Self::Number(number) => write!(into, "{number}"),
            Self::Date(Some(date)) if chinese => write!(into, "（{date}）"),
            Self::Date(Some(date)) => write!(into, " ({date})"),
            Self::Date(None) => Ok(()),
        };
        debug_assert!(written.is_ok(), "writing to a string does not fail");
    }
}

#[derive(Clone, Debug)]
enum Piece {
    Words(String),
    Place(usize),
}

/// All sentences, compiled.
#[derive(Clone, Debug)]
pub(crate) struct Phrases {
    of: Vec<(Vec<Piece>, Vec<Piece>)>,
}

const FILE: &str = "messages/criteria.csv";

impl Phrases {
    /// Compiles the sentences; one that is missing or has other places than the code fills is a problem.
    pub(crate) fn load(catalogue: &Catalogue, problems: &mut Vec<Problem>) -> Self {
        let text = catalogue.file(FILE).unwrap_or_default();
        let mut log = Log::new(FILE, text);
        let mut of = Vec::with_capacity(PHRASES.len());
        for (key, places) in PHRASES {
            let at = text.find(&format!("\n{key},")).map_or(0, |newline| newline + 1);
            if !catalogue.messages().has(key) {
                log.problem(at, format!("the sentence `{key}` is missing"));
            }
            let sentence = catalogue.messages().get(key);
            let mut compiled = |words: &str| {
                compile(words, places).unwrap_or_else(|place| {
                    let known = places.join(", ");
                    log.problem(at, format!("`{key}` has the place `{place}`; expected one of {known}"));
                    Vec::new()
                })
            };
            of.push((compiled(&sentence.en), compiled(&sentence.zh)));
        }
        problems.extend(log.problems);
        Self { of }
    }

    /// The sentence with its places filled, in the order in which [`Say`] lists them.
    pub(crate) fn say(&self, say: Say, args: &[Arg<'_>]) -> Text {
        let (en, zh) = &self.of[say as usize];
        Text { en: fill(en, args, false), zh: fill(zh, args, true) }
    }
}

fn compile(sentence: &str, places: &[&str]) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while let Some((words, tail)) = rest.split_once('{') {
        let (place, after) = tail.split_once('}').ok_or_else(|| tail.to_owned())?;
        let index = places.iter().position(|known| *known == place).ok_or_else(|| place.to_owned())?;
        pieces.push(Piece::Words(words.to_owned()));
        pieces.push(Piece::Place(index));
        rest = after;
    }
    pieces.push(Piece::Words(rest.to_owned()));
    Ok(pieces)
}

fn fill(pieces: &[Piece], args: &[Arg<'_>], chinese: bool) -> String {
    let mut sentence = String::with_capacity(96);
    for piece in pieces {
        match piece {
            Piece::Words(words) => sentence.push_str(words),
            Piece::Place(index) => {
                if let Some(arg) = args.get(*index) {
                    arg.write(&mut sentence, chinese);
                }
            }
        }
    }
    sentence
}
