//! A question as plain data with its named sets resolved, for those who write it in another language.

use super::{
    AgeBound, BiomarkerState, Exposure, LabBound, LastResponse, Need, PriorLines, PriorTransplant,
    ScoreBound, SerologyResult, Sex, StatedFinding, UlnBound, Washout,
};
use crate::{bound::Bound, names::DrugSet, names::Names, period::Period};
use cartulary_model::{Comparator, ConceptId, Text, record::ResponseCategory};
use std::collections::BTreeSet;

/// A question to the record. Periods are in words that a calendar understands: `14 days`, `12 months`.
#[derive(Clone, Debug, PartialEq)]
pub enum Outline {
    /// Which disease it is: the question itself, to be put to each disease by [`crate::CriteriaLibrary::screen_set`].
    Histology(Box<Need>),
    /// How many lines, and with which drugs.
    PriorLines {
        /// So many or more.
        at_least: Option<u32>,
        /// So many or fewer.
        at_most: Option<u32>,
        /// A drug of each of these sets.
        including: Vec<Drugs>,
        /// A line of these alone does not count.
        not_alone: Option<Drugs>,
    },
    /// Relapsed or refractory today.
    DiseaseStatus,
    /// The best response to the last line is one of these.
    LastResponse(Vec<ResponseCategory>),
    /// A transplant, and relapse after it.
    Transplant {
        /// `reg.asct` or `reg.allosct`.
        concept: ConceptId,
        /// Whether a relapse after it is asked for.
        relapse: bool,
        /// The relapse came within so long.
        within: Option<String>,
    },
    /// A drug ever given.
    Exposure(Drugs),
    /// So long since a drug.
    Washout {
        /// The drugs.
        drugs: Drugs,
        /// So long or longer.
        at_least: String,
    },
    /// The latest value of an analyte.
    Lab {
        /// `lab.*`.
        analyte: ConceptId,
        /// Its bound.
        bound: Vec<Limit>,
        /// Not older than this.
        within: Option<String>,
        /// A value reached by transfusion does not count.
        without_transfusion: bool,
        /// Measured on room air.
        room_air: bool,
        /// Taken after the last of these drugs.
        after_last: Option<Drugs>,
    },
    /// The latest values against multiples of the printed upper limit.
    Uln {
        /// `lab.*`, each with how long a value counts.
        analytes: Vec<(ConceptId, Option<String>)>,
        /// The multiples.
        limits: Vec<(Comparator, f64)>,
    },
    /// The latest value of a score.
    Score {
        /// `ecog`, `deauville`.
        score: &'static str,
        /// Its bound.
        bound: Vec<Limit>,
        /// Not older than this.
        within: Option<String>,
    },
    /// Age in completed years.
    Age(Vec<Limit>),
    /// `female` or `male`.
    Sex(&'static str),
    /// A finding stated or denied.
    Finding {
        /// The findings, each with those whose statement denies it.
        findings: Vec<(ConceptId, Vec<ConceptId>)>,
        /// Kinds of them: a statement counts, silence says nothing.
        also_shown_by: Vec<(ConceptId, Vec<ConceptId>)>,
        /// Whether a past one counts.
        history: bool,
        /// Only one so recent.
        within: Option<String>,
    },
    /// The latest result of a test.
    Test {
        /// `lab.*`.
        test: ConceptId,
        /// Which result is asked for.
        positive: bool,
        /// Whether a measured amount is a positive result.
        is_load: bool,
    },
    /// A marker of the tumour.
    Biomarker {
        /// `bio.*`.
        marker: ConceptId,
        /// Which result is asked for.
        positive: bool,
        /// Taken after the last of these drugs.
        after_last: Option<Drugs>,
    },
    /// All of these.
    All(Vec<Outline>),
    /// One of these or more.
    Any(Vec<Outline>),
    /// So many of these or more.
    AtLeast(usize, Vec<Outline>),
    /// Not this.
    Not(Box<Outline>),
    /// A question that rests on more than plain comparisons; the word that names it in a document.
    Other(&'static str),
}

/// A limit that a number must keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// On which side.
    pub sign: Comparator,
    /// In the analyte's canonical unit.
    pub value: f64,
    /// The unit that the criterion is written in; empty for bare numbers.
    pub written_unit: String,
}

/// A named set of drugs.
#[derive(Clone, Debug, PartialEq)]
pub struct Drugs {
    /// Its name for people.
    pub name: Text,
    /// Drugs that count.
    pub counts: BTreeSet<ConceptId>,
    /// Drugs that a physician must place.
    pub physician: BTreeSet<ConceptId>,
    /// Findings that say one was given.
    pub findings: BTreeSet<ConceptId>,
    /// Whether every cell therapy counts.
    pub cell_therapy: bool,
    /// Drugs whose denial denies the whole set.
    pub denied_by: BTreeSet<ConceptId>,
}

impl Drugs {
    fn of(set: &DrugSet) -> Self {
        Self {
            name: set.name.clone(),
            counts: set.counts.clone(),
            physician: set.physician.clone(),
            findings: set.findings.clone(),
            cell_therapy: set.cell_therapy,
            denied_by: set.denied_by.clone(),
        }
    }
}

impl Need {
    /// The question as plain data.
    pub(crate) fn outline(&self, names: &Names) -> Outline {
        let each = |needs: &[Self]| needs.iter().map(|need| need.outline(names)).collect();
        match self {
            Self::Histology(_) => Outline::Histology(Box::new(self.clone())),
            Self::PriorLines(need) => need.outline(),
            Self::DiseaseStatus(_) => Outline::DiseaseStatus,
            Self::LastResponse(LastResponse { categories }) => Outline::LastResponse(categories.clone()),
            Self::Transplant(need) => need.outline(),
            Self::Exposure(Exposure { drugs }) => Outline::Exposure(Drugs::of(drugs)),
            Self::Washout(Washout { drugs, at_least }) => {
                Outline::Washout { drugs: Drugs::of(drugs), at_least: at_least.to_string() }
            }
            Self::Lab(need) => need.outline(),
            Self::Uln(need) => need.outline(names),
            Self::Score(ScoreBound { score, bound, within }) => {
                Outline::Score { score, bound: limits(bound), within: words(within.as_ref()) }
            }
            Self::Age(AgeBound { bound }) => Outline::Age(limits(bound)),
            Self::Sex(Sex { is }) => Outline::Sex(is),
            Self::Finding(need) => need.outline(names),
            Self::Test(SerologyResult { test, positive }) => Outline::Test {
                test: test.clone(),
                positive: *positive,
                is_load: super::serology::LOADS.contains(&test.as_str()),
            },
            Self::Biomarker(BiomarkerState { marker, positive, after_last }) => Outline::Biomarker {
                marker: marker.clone(),
                positive: *positive,
                after_last: after_last.as_ref().map(Drugs::of),
            },
            Self::All(needs) => Outline::All(each(needs)),
            Self::Any(needs) => Outline::Any(each(needs)),
            Self::AtLeast(wanted, needs) => Outline::AtLeast(*wanted, each(needs)),
            Self::Not(need) => Outline::Not(Box::new(need.outline(names))),
            Self::FailedLine(_) => Outline::Other("failed_line"),
            Self::CreatinineClearance(_) => Outline::Other("cockcroft_gault"),
            Self::Infection(_) => Outline::Other("infection"),
            Self::Measurable(_) => Outline::Other("measurable"),
            Self::Judge(_) => Outline::Other("judge"),
        }
    }
}

impl PriorLines {
    fn outline(&self) -> Outline {
        Outline::PriorLines {
            at_least: self.at_least,
            at_most: self.at_most,
            including: self.including.iter().map(Drugs::of).collect(),
            not_alone: self.not_alone.as_ref().map(Drugs::of),
        }
    }
}

impl PriorTransplant {
    fn outline(&self) -> Outline {
        Outline::Transplant {
            concept: self.concept.clone(),
            relapse: self.relapse,
            within: words(self.relapse_within.as_ref()),
        }
    }
}

impl LabBound {
    fn outline(&self) -> Outline {
        Outline::Lab {
            analyte: self.analyte.clone(),
            bound: limits(&self.bound),
            within: words(self.within.as_ref()),
            without_transfusion: self.without_transfusion,
            room_air: self.room_air,
            after_last: self.after_last.as_ref().map(Drugs::of),
        }
    }
}

impl UlnBound {
    fn outline(&self, names: &Names) -> Outline {
        let fresh = |of: &ConceptId| (of.clone(), words(names.fresh(of.as_str()).as_ref()));
        Outline::Uln { analytes: self.analytes.iter().map(fresh).collect(), limits: self.limits.clone() }
    }
}

impl StatedFinding {
    fn outline(&self, names: &Names) -> Outline {
        let with = |of: &ConceptId| (of.clone(), names.denied_by(of).to_vec());
        Outline::Finding {
            findings: self.findings.iter().map(with).collect(),
            also_shown_by: self.also_shown_by.iter().map(with).collect(),
            history: self.history,
            within: words(self.within.as_ref()),
        }
    }
}

fn limits(bound: &Bound) -> Vec<Limit> {
    let limit =
        |(sign, value, unit): (Comparator, f64, &str)| Limit { sign, value, written_unit: unit.into() };
    bound.limits().map(limit).collect()
}

fn words(period: Option<&Period>) -> Option<String> {
    period.map(Period::to_string)
}
