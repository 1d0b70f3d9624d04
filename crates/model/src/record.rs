//! The reconciled view of one patient: a pure function of the facts, in whatever order the papers came.
//!
//! Every entry names the facts it rests on. What nobody wrote is absent, and absent means *unknown*.

use crate::{
    date::PartialDate,
    fact::{Assertion, Measurement, Sign, Temporality},
    id::{ConceptId, DocumentId, FactId},
    text::Text,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the papers, taken together, say of one patient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PatientRecord {
    /// Who.
    pub patient: Patient,
    /// Diagnoses of lymphoma in time order; the last that is not historical is today's.
    pub diagnoses: Vec<Diagnosis>,
    /// Change from an indolent to an aggressive lymphoma.
    pub transformation: Option<Transformation>,
    /// Lines of therapy in order.
    pub lines: Vec<LineOfTherapy>,
    /// Treatment that is no line: radiotherapy alone, prophylaxis, bridging, lymphodepletion, maintenance, planned.
    pub other_therapies: Vec<OtherTherapy>,
    /// Relapsed, refractory, last response.
    pub status: DiseaseStatus,
    /// Stages as written, latest last.
    pub stages: Vec<Stage>,
    /// Laboratory and organ-function values by concept, in time order, undated last.
    pub labs: BTreeMap<ConceptId, Vec<LabValue>>,
    /// Markers of the tumour: protein, flow, FISH, variants.
    pub biomarkers: Vec<Biomarker>,
    /// Scores by name (`ecog`, `kps`, `ipi`, `deauville`), in time order, undated last.
    pub scores: BTreeMap<String, Vec<ScoreValue>>,
    /// Infection serology and viral loads by concept, in time order, undated last.
    pub virology: BTreeMap<ConceptId, Vec<VirologyResult>>,
    /// Findings, comorbidities, sites, events that were stated, denied or doubted. Absent = nobody wrote of it.
    pub findings: BTreeMap<ConceptId, FindingState>,
    /// Statements that cannot both be true; both are kept.
    pub conflicts: Vec<Conflict>,
    /// Documents that seem to belong to another person; their facts are not in this record.
    pub identity_mismatch: Vec<IdentityMismatch>,
    /// What a person or a paper said to be complete.
    pub completeness: Completeness,
}

/// Who the papers are about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Patient {
    /// The name most papers carry.
    pub name: Option<Sourced<String>>,
    /// Date of birth.
    pub birth_date: Option<Sourced<PartialDate>>,
    /// Age as written, with the day it was true if known.
    pub age: Option<AgeStatement>,
    /// `female` or `male`.
    pub sex: Option<Sourced<String>>,
    /// Hospital, admission and record numbers.
    pub numbers: Vec<Sourced<String>>,
}

/// A value and the facts it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// An age and when it was true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AgeStatement {
    /// Completed years.
    pub years: f64,
    /// The day of the paper that says so; unknown when the paper has no date.
    pub on: Option<PartialDate>,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// A diagnosis as the papers state it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnosis {
    /// `hist.*`.
    pub concept: ConceptId,
    /// Day of the specimen or of the statement.
    pub date: Option<PartialDate>,
    /// `present` or `possible`; denied diagnoses do not stand here.
    pub assertion: Assertion,
    /// Today's disease, or an earlier one.
    pub temporality: Temporality,
    /// Whether a pathology report says so.
    pub by_pathology: bool,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// Change from an indolent to an aggressive lymphoma.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Transformation {
    /// The indolent lymphoma.
    pub from: Option<ConceptId>,
    /// The aggressive one.
    pub to: Option<ConceptId>,
    /// Day of the biopsy that shows it, else of the statement.
    pub date: Option<PartialDate>,
    /// `present` when a biopsy or a statement says so, `possible` when it is suspected.
    pub assertion: Assertion,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// One planned course of systemic therapy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LineOfTherapy {
    /// From 1.
    pub number: u32,
    /// `reg.*` when the regimen has a name.
    pub regimen: Option<ConceptId>,
    /// As people write it: `R-CHOP`, `zanubrutinib`.
    pub label: String,
    /// Drugs, `drug.*`, sorted.
    pub components: Vec<ConceptId>,
    /// Cycles given, not planned.
    pub cycles_given: Option<u32>,
    /// First day.
    pub start: Option<PartialDate>,
    /// Last day.
    pub end: Option<PartialDate>,
    /// Best response.
    pub best_response: Option<Response>,
    /// Last response stated.
    pub last_response: Option<Response>,
    /// Why it ended.
    pub reason_for_ending: Option<ReasonForEnding>,
    /// Relapse or progression after it.
    pub failed_on: Option<PartialDate>,
    /// Time from its end to relapse as a paper states it, in months.
    pub months_to_relapse: Option<f64>,
    /// Consolidating transplant inside this line: `reg.asct` or `reg.allosct`.
    pub transplant: Option<Transplant>,
    /// Maintenance and consolidation inside this line.
    pub continued_with: Vec<ConceptId>,
    /// Given before the transformation: `Some(true)`, after it: `Some(false)`, unknown: nothing.
    pub before_transformation: Option<bool>,
    /// CAR-T or another cell therapy.
    #[serde(default)]
    pub cell_therapy: bool,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// A transplant inside a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Transplant {
    /// `reg.asct` or `reg.allosct`.
    pub concept: ConceptId,
    /// Day of the infusion of cells.
    pub date: Option<PartialDate>,
}

/// A response with its time point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Response {
    /// CR, PR, SD or PD.
    pub category: ResponseCategory,
    /// Of the assessment.
    pub date: Option<PartialDate>,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// Lugano categories [Cheson 2014], metabolic and anatomical together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum ResponseCategory {
    /// Progressive disease.
    PD,
    /// Stable disease, no metabolic response.
    SD,
    /// Partial response.
    PR,
    /// Complete response.
    CR,
}

/// Why a line of therapy ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonForEnding {
    /// Given as planned.
    Completed,
    /// Relapse after a response.
    Relapse,
    /// Progression under or after it.
    Progression,
    /// Stable disease or too little response.
    InsufficientResponse,
    /// Not tolerated.
    Toxicity,
    /// The patient's wish, or another reason that was written.
    Other,
}

/// Treatment that is no line of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OtherTherapy {
    /// `reg.*` or `drug.*`.
    pub concept: ConceptId,
    /// As people write it.
    pub label: String,
    /// Why it is no line: `radiotherapy`, `prophylaxis`, `bridging`, `lymphodepletion`, `maintenance`, `planned`,
    /// `refused`, `supportive`, `antiviral`, `steroid`, `another_illness`.
    pub intent: String,
    /// `present`, `hypothetical` (planned), `negated` (refused or not given).
    pub assertion: Assertion,
    /// First day.
    pub start: Option<PartialDate>,
    /// Last day.
    pub end: Option<PartialDate>,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// Relapsed, refractory, last response: as stated, not as concluded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiseaseStatus {
    /// `find.primary_refractory`, `find.refractory`, `find.relapsed`, `find.rr` with how and when they were stated.
    pub statements: Vec<StatusStatement>,
    /// The last response stated anywhere.
    pub last_response: Option<Response>,
    /// Number of lines as a paper counts them.
    pub stated_line_count: Option<Sourced<u32>>,
}

/// One statement on the state of the disease.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StatusStatement {
    /// `find.*`.
    pub concept: ConceptId,
    /// How it is asserted.
    pub assertion: Assertion,
    /// When.
    pub date: Option<PartialDate>,
    /// Time since the end of therapy or since diagnosis, in months, if the paper says so.
    pub months_since: Option<f64>,
    /// The fact.
    pub fact: FactId,
}

/// A stage as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// `I` to `IV`.
    pub stage: String,
    /// B symptoms, if the stage says so.
    pub b_symptoms: Option<bool>,
    /// When.
    pub date: Option<PartialDate>,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// A measured value at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LabValue {
    /// Day of the specimen or examination, else of the report.
    pub date: Option<PartialDate>,
    /// As printed and as converted.
    pub measurement: Measurement,
    /// What makes it less telling: `transfused`, `growth_factor`, `ocr_fixed`, `unit_unreadable`.
    pub caveats: Vec<String>,
    /// The facts (several when the same sheet was sent twice).
    pub facts: Vec<FactId>,
}

/// A marker of the tumour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Biomarker {
    /// `bio.*`.
    pub concept: ConceptId,
    /// `ihc`, `flow`, `fish`, `ngs`, `karyotype`, if known.
    pub method: Option<String>,
    /// Positive or negative, if known.
    pub sign: Option<Sign>,
    /// Percent of cells.
    pub percent: Option<f64>,
    /// More words: intensity, variant, fraction.
    pub detail: String,
    /// `present`, or `possible` and `hypothetical` for doubtful and pending results.
    pub assertion: Assertion,
    /// Day of the specimen.
    pub date: Option<PartialDate>,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// A score at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreValue {
    /// The number.
    pub value: f64,
    /// When.
    pub date: Option<PartialDate>,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// A serology result or a viral load at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VirologyResult {
    /// Positive or negative, where the paper says so or the value is below the detection limit.
    pub sign: Option<Sign>,
    /// The number, where one was printed.
    pub measurement: Option<Measurement>,
    /// When.
    pub date: Option<PartialDate>,
    /// The facts.
    pub facts: Vec<FactId>,
}

/// What the papers say of one finding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingState {
    /// Facts that state it, current.
    pub asserted: Vec<DatedFact>,
    /// Facts that state it of the past.
    pub historical: Vec<DatedFact>,
    /// Facts that deny it.
    pub denied: Vec<DatedFact>,
    /// Facts that doubt it.
    pub possible: Vec<DatedFact>,
}

/// A fact and its day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatedFact {
    /// When.
    pub date: Option<PartialDate>,
    /// The fact.
    pub fact: FactId,
}

/// Statements that cannot both be true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// What they are about: a concept id or a path of the record such as `patient.birth_date`.
    pub about: String,
    /// In words.
    pub text: Text,
    /// The rival statements with their facts.
    pub sides: Vec<Sourced<String>>,
}

/// A document that seems to belong to somebody else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IdentityMismatch {
    /// The document that was set aside.
    pub document: DocumentId,
    /// In words, without the names themselves.
    pub text: Text,
    /// The identity facts that differ, of this document and of the others.
    pub facts: Vec<FactId>,
}

/// What a paper or a person said to be complete. Silence is incomplete.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Completeness {
    /// The history of treatment is complete, with the facts that say so.
    pub treatment_history: Option<Vec<FactId>>,
}
