//! The questions a criterion can ask, one file each.
//!
//! A question is written in TOML as a table whose first word names it: `{ lab = "lab.plt", at_least = "50 10*9/L" }`.
//! `all`, `any`, `not` and `of` (with `at_least`) put questions together.

mod age;
mod biomarker;
mod creatinine_clearance;
mod disease_status;
mod exposure;
mod failed_line;
mod finding;
mod histology;
mod infection;
mod judge;
mod lab_bound;
mod last_response;
mod measurable;
mod outline;
mod prior_lines;
mod score_bound;
mod serology;
mod sex;
mod transplant;
mod uln_bound;
mod washout;

pub use age::AgeBound;
pub use biomarker::BiomarkerState;
pub use creatinine_clearance::CreatinineClearance;
pub use disease_status::StatusOfDisease;
pub use exposure::Exposure;
pub use failed_line::FailedLine;
pub use finding::StatedFinding;
pub use histology::Histology;
pub use infection::{Infection, Virus};
pub use judge::Judge;
pub use lab_bound::LabBound;
pub use last_response::LastResponse;
pub use measurable::MeasurableDisease;
pub use outline::{Drugs, Limit, Outline};
pub use prior_lines::PriorLines;
pub use score_bound::ScoreBound;
pub use serology::SerologyResult;
pub use sex::Sex;
pub use transplant::PriorTransplant;
pub use uln_bound::UlnBound;
pub use washout::Washout;

use crate::{
    context::Context,
    document::{Fields, Log, Node},
    kernel::Verdict,
    names::{DrugSet, Names},
    phrases::{Arg, Phrases, Say},
};
use cartulary_catalogue::Catalogue;
use cartulary_model::{Answer, ConceptId, PartialDate, Text};

/// A question to the record.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// Which disease it is.
    Histology(Histology),
    /// How many lines of therapy there were, and with which drugs.
    PriorLines(PriorLines),
    /// Whether a line failed: refractory, or relapse within a time.
    FailedLine(FailedLine),
    /// Relapsed or refractory today.
    DiseaseStatus(StatusOfDisease),
    /// The response to the last line.
    LastResponse(LastResponse),
    /// A transplant, and relapse after it.
    Transplant(PriorTransplant),
    /// A drug or class of drugs ever given.
    Exposure(Exposure),
    /// Time since a drug or class of drugs.
    Washout(Washout),
    /// A measured value against a bound.
    Lab(LabBound),
    /// A measured value against a multiple of the laboratory's own upper limit.
    Uln(UlnBound),
    /// Creatinine clearance by Cockcroft and Gault.
    CreatinineClearance(CreatinineClearance),
    /// A score against a bound.
    Score(ScoreBound),
    /// Age against a bound.
    Age(AgeBound),
    /// Sex.
    Sex(Sex),
    /// A finding stated or denied.
    Finding(StatedFinding),
    /// The result of a serology test.
    Test(SerologyResult),
    /// Whether a viral or other infection is active.
    Infection(Infection),
    /// A marker of the tumour.
    Biomarker(BiomarkerState),
    /// Measurable disease.
    Measurable(MeasurableDisease),
    /// A question that only a physician answers.
    Judge(Judge),
    /// All of these.
    All(Vec<Need>),
    /// One of these or more.
    Any(Vec<Need>),
    /// So many of these or more.
    AtLeast(usize, Vec<Need>),
    /// Not this.
    Not(Box<Need>),
}

/// The words that name a question.
pub(crate) const WORDS: [&str; 24] = [
    "histology",
    "prior_lines",
    "failed_line",
    "disease_status",
    "last_response",
    "transplant",
    "exposure",
    "washout",
    "lab",
    "uln",
    "cockcroft_gault",
    "score",
    "age",
    "sex",
    "finding",
    "test",
    "infection",
    "biomarker",
    "measurable",
    "judge",
    "all",
    "any",
    "of",
    "not",
];

impl Need {
    /// Answers from the record.
    pub fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let each = |needs: &[Self]| needs.iter().map(|need| need.assess(context)).collect();
        match self {
            Self::Histology(need) => need.assess(context),
            Self::PriorLines(need) => need.assess(context),
            Self::FailedLine(need) => need.assess(context),
            Self::DiseaseStatus(need) => need.assess(context),
            Self::LastResponse(need) => need.assess(context),
            Self::Transplant(need) => need.assess(context),
            Self::Exposure(need) => need.assess(context),
            Self::Washout(need) => need.assess(context),
            Self::Lab(need) => need.assess(context),
            Self::Uln(need) => need.assess(context),
            Self::CreatinineClearance(need) => need.assess(context),
            Self::Score(need) => need.assess(context),
            Self::Age(need) => need.assess(context),
            Self::Sex(need) => need.assess(context),
            Self::Finding(need) => need.assess(context),
            Self::Test(need) => need.assess(context),
            Self::Infection(need) => need.assess(context),
            Self::Biomarker(need) => need.assess(context),
            Self::Measurable(need) => need.assess(context),
            Self::Judge(need) => need.assess(context),
            Self::All(needs) => Verdict::all(each(needs)),
            Self::Any(needs) => Verdict::any(each(needs)),
            Self::AtLeast(wanted, needs) => Verdict::at_least(*wanted, each(needs)),
            Self::Not(need) => need.assess(context).negated(),
        }
    }

    /// Whether it compares a measured value: organ function, blood count, score.
    pub(crate) fn is_a_number(&self) -> bool {
        match self {
            Self::Lab(_) | Self::Uln(_) | Self::CreatinineClearance(_) | Self::Score(_) => true,
            Self::All(needs) | Self::Any(needs) | Self::AtLeast(_, needs) => {
                needs.iter().any(Self::is_a_number)
            }
            Self::Not(need) => need.is_a_number(),
            _ => false,
        }
    }

    /// The question in words, for people who check a set.
    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let each = |needs: &[Self], with| {
            let parts: Vec<Text> = needs.iter().map(|need| need.part(context)).collect();
            context.listed(&parts, with)
        };
        match self {
            Self::Histology(need) => need.question(context),
            Self::PriorLines(need) => need.question(context),
            Self::FailedLine(need) => need.question(context),
            Self::DiseaseStatus(need) => need.question(context),
            Self::LastResponse(need) => need.question(context),
            Self::Transplant(need) => need.question(context),
            Self::Exposure(need) => need.question(context),
            Self::Washout(need) => need.question(context),
            Self::Lab(need) => need.question(context),
            Self::Uln(need) => need.question(context),
            Self::CreatinineClearance(need) => need.question(context),
            Self::Score(need) => need.question(context),
            Self::Age(need) => need.question(context),
            Self::Sex(need) => need.question(context),
            Self::Finding(need) => need.question(context),
            Self::Test(need) => need.question(context),
            Self::Infection(need) => need.question(context),
            Self::Biomarker(need) => need.question(context),
            Self::Measurable(_) => MeasurableDisease::question(context),
            Self::Judge(need) => need.question(context),
            Self::All(needs) => each(needs, Say::AlsoAnd),
            Self::Any(needs) => each(needs, Say::AlsoOr),
            Self::AtLeast(wanted, needs) => {
                let parts = each(needs, Say::AlsoOr);
                context.say(Say::AskAtLeast, &[Arg::Number(*wanted as f64), (&parts).into()])
            }
            Self::Not(need) => context.say(Say::AskNot, &[(&need.question(context)).into()]),
        }
    }

    /// The question as a part of another one, in brackets where it has parts itself.
    fn part(&self, context: &Context<'_>) -> Text {
        let own = self.question(context);
        match self {
            Self::All(needs) | Self::Any(needs) if needs.len() > 1 => {
                context.say(Say::AskGroup, &[(&own).into()])
            }
            _ => own,
        }
    }

    pub(crate) fn read(node: &Node, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let mut fields = reader.log.fields(node);
        let Some(word) = WORDS.iter().find(|word| fields.has(word)) else {
            reader.log.problem(node.at, format!("no question; expected one of {}", WORDS.join(", ")));
            return None;
        };
        let need = Self::read_word(word, &mut fields, reader);
        fields.finish(reader.log);
        need
    }

    fn read_word(word: &str, fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        Some(match word {
            "histology" => Self::Histology(Histology::read(fields, reader)?),
            "prior_lines" => Self::PriorLines(PriorLines::read(fields, reader)?),
            "failed_line" => Self::FailedLine(FailedLine::read(fields, reader)?),
            "disease_status" => Self::DiseaseStatus(StatusOfDisease::read(fields, reader)?),
            "last_response" => Self::LastResponse(LastResponse::read(fields, reader)?),
            "transplant" => Self::Transplant(PriorTransplant::read(fields, reader)?),
            "exposure" => Self::Exposure(Exposure::read(fields, reader)?),
            "washout" => Self::Washout(Washout::read(fields, reader)?),
            "lab" => Self::Lab(LabBound::read(fields, reader)?),
            "uln" => Self::Uln(UlnBound::read(fields, reader)?),
            "cockcroft_gault" => Self::CreatinineClearance(CreatinineClearance::read(fields, reader)?),
            "score" => Self::Score(ScoreBound::read(fields, reader)?),
            "age" => Self::Age(AgeBound::read(fields, reader)?),
            "sex" => Self::Sex(Sex::read(fields, reader)?),
            "finding" => Self::Finding(StatedFinding::read(fields, reader)?),
            "test" => Self::Test(SerologyResult::read(fields, reader)?),
            "infection" => Self::Infection(Infection::read(fields, reader)?),
            "biomarker" => Self::Biomarker(BiomarkerState::read(fields, reader)?),
            "measurable" => Self::Measurable(MeasurableDisease::read(fields, reader)?),
            "judge" => Self::Judge(Judge::read(fields, reader)?),
            "all" => Self::All(Self::read_list("all", fields, reader)?),
            "any" => Self::Any(Self::read_list("any", fields, reader)?),
            "of" => {
                let needs = Self::read_list("of", fields, reader)?;
                let wanted = fields.count("at_least", reader.log).unwrap_or(0) as usize;
                if !(1..=needs.len()).contains(&wanted) {
                    let most = needs.len();
                    reader.log.problem(fields.at, format!("expected at_least = 1 to {most} beside `of`"));
                }
                Self::AtLeast(wanted, needs)
            }
            _ => Self::Not(Box::new(Self::read(fields.require("not", reader.log)?, reader)?)),
        })
    }

    fn read_list(
        key: &'static str,
        fields: &mut Fields<'_>,
        reader: &mut Reader<'_, '_>,
    ) -> Option<Vec<Self>> {
        let node = fields.require(key, reader.log)?;
        let items = reader.log.list(node)?;
        if items.is_empty() {
            reader.log.problem(node.at, format!("`{key}` of nothing; expected a list of questions"));
        }
        let needs: Vec<Self> = items.iter().filter_map(|item| Self::read(item, reader)).collect();
        (needs.len() == items.len()).then_some(needs)
    }
}

/// What a question may look at while it is read.
pub(crate) struct Reader<'r, 't> {
    pub(crate) log: &'r mut Log<'t>,
    pub(crate) catalogue: &'r Catalogue,
    pub(crate) names: &'r Names,
    pub(crate) phrases: &'r Phrases,
}

impl Reader<'_, '_> {
    /// A concept of one of these kinds that `sets.toml` tells how to ask for.
    fn concept(&mut self, at: usize, id: &str, kinds: &[&str]) -> Option<ConceptId> {
        let concept = crate::names::known(at, id, kinds, self.catalogue, self.log)?;
        if !self.names.covers(concept.as_str()) {
            self.log.problem(
                at,
                format!("sets.toml does not say how to ask for `{concept}`; expected it in an [ask.*] or in not_asked"),
            );
        }
        Some(concept)
    }

    fn concepts(&mut self, node: &Node, kinds: &[&str]) -> Vec<ConceptId> {
        let texts = self.log.texts(node);
        texts.into_iter().filter_map(|(at, id)| self.concept(at, &id, kinds)).collect()
    }

    /// The drugs of a name, or of any of several names.
    fn drugs(&mut self, node: &Node) -> Option<DrugSet> {
        let or = self.phrases.say(Say::Or, &[]);
        let mut whole = DrugSet::default();
        for (at, name) in self.log.texts(node) {
            let set = self.names.drug_set(at, &name, self.catalogue, self.log)?;
            whole = whole.or(&set, &or);
        }
        Some(whole)
    }

    /// One word of a list.
    fn word(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        words: &[&'static str],
    ) -> Option<&'static str> {
        let node = fields.require(key, self.log)?;
        let text = self.log.text(node)?;
        let word = words.iter().find(|word| **word == text);
        if word.is_none() {
            self.log.problem(node.at, format!("`{text}` does not fit; expected {}", words.join(" or ")));
        }
        word.copied()
    }
}

/// Whether all possible values keep a bound, none does, or it depends.
fn agreement(answers: impl IntoIterator<Item = Option<bool>>) -> Answer {
    let mut agreed = None;
    for answer in answers {
        match (answer, agreed) {
            (Some(answer), None) => agreed = Some(answer),
            (Some(answer), Some(before)) if answer == before => {}
            _ => return Answer::Unknown,
        }
    }
    match agreed {
        Some(true) => Answer::Met,
        Some(false) => Answer::NotMet,
        None => Answer::Unknown,
    }
}

/// A day behind a name: ` (2026-06-28)`, or nothing.
fn date(date: Option<PartialDate>) -> Arg<'static> {
    Arg::Date(date)
}
