//! Facts, and the evidence without which there is no fact.

use crate::{
    date::PartialDate,
    document::Quad,
    id::{ConceptId, DocumentId, FactId, RuleId},
    quantity::Quantity,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The place on a page that a fact was read from.
///
/// `quote` is exactly the characters `span` of that line's text (invariant I4).
/// A fact that spans several lines has several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What this place contributes.
    #[serde(default)]
    pub role: EvidenceRole,
    /// The document.
    pub document: DocumentId,
    /// The page, from 1.
    pub page: u32,
    /// The line's index on the page, from 0.
    pub line: u32,
    /// Start and end in Unicode scalar values of the line's text, end excluded.
    pub span: (u32, u32),
    /// The characters of the span.
    pub quote: String,
    /// Where the characters stand on the page image.
    pub quads: Vec<Quad>,
}

/// What a place contributes to a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceRole {
    /// The words that name the concept and its value.
    #[default]
    Value,
    /// The words that negate, doubt or date it.
    Cue,
    /// The heading it stands under.
    Heading,
    /// The date it is dated by.
    Date,
}

/// How the paper asserts it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Assertion {
    /// Stated.
    #[default]
    Present,
    /// Denied.
    Negated,
    /// Doubted, considered, not excluded.
    Possible,
    /// Planned, conditional, pending, asked for.
    Hypothetical,
}

/// Whom it is about.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Experiencer {
    /// The patient.
    #[default]
    Patient,
    /// A blood relative or spouse.
    Family,
    /// A stem-cell donor.
    Donor,
    /// Somebody else.
    Other,
}

/// Whether it is so today.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Temporality {
    /// Of the time the paper was written.
    #[default]
    Current,
    /// A past state that is not today's.
    Historical,
}

/// What a person has done with a fact that was read.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Read by machine; nobody has looked.
    #[default]
    Read,
    /// A person agreed.
    Confirmed,
    /// A person put another value in its place.
    Corrected,
    /// A person said it is wrong.
    Rejected,
}

/// How a fact came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// A rule of the extraction engine.
    Rule(RuleId),
    /// A person's entry.
    Person {
        /// Who.
        name: String,
        /// When, RFC 3339.
        at: String,
    },
    /// A language model.
    Model {
        /// Its name.
        name: String,
        /// Digest of its weights.
        digest: String,
    },
}

/// A laboratory's printed mark beside a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Flag {
    /// Above the reference range.
    #[serde(rename = "H")]
    High,
    /// Below the reference range.
    #[serde(rename = "L")]
    Low,
}

/// The reference range printed beside a value, in the value's own unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
pub struct ReferenceRange {
    /// Lower limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// A measured value as printed and as converted.
#[derive(Clone, Debug, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
pub struct Measurement {
    /// As printed (after repair of recognition errors, which is then marked).
    pub printed: Quantity,
    /// In the analyte's canonical unit; nothing when the unit could not be read or converted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<Quantity>,
    /// Printed reference range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<ReferenceRange>,
    /// Printed mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
}

/// The result of a test that answers in words or signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// Positive, detected, expressed.
    Positive,
    /// Negative, not detected, not expressed.
    Negative,
    /// Weakly positive or at the border.
    Equivocal,
    /// Restricted (light chains).
    Restricted,
}

/// What a fact says of its concept. Nothing when the concept itself is the statement.
#[derive(Clone, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", tag = "kind", content = "of")]
pub enum Value {
    /// The concept itself is the statement.
    #[default]
    None,
    /// A measured value.
    Measurement(Measurement),
    /// A test's result in words or signs.
    Sign(Sign),
    /// A count or a score.
    Number(f64),
    /// A stage or another closed code, for example `IV`, `female`.
    Code(String),
    /// A day.
    Date(PartialDate),
    /// Free words: a name, a number on a form.
    Text(String),
}

/// A further property of a fact. The list is closed: a new property is a new entry here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attr {
    /// The therapy a response follows: a concept id.
    After,
    /// What the reactivity belongs to, for example background T cells.
    Background,
    /// B symptoms, of a stage.
    BSymptoms,
    /// Bulky disease, of a stage.
    Bulky,
    /// Cycle that is being given (`第3程`), not a count.
    CycleNo,
    /// Cycles given.
    Cycles,
    /// Cycles planned.
    CyclesPlanned,
    /// `season` when a date was given as a season.
    DatePrecision,
    /// Doses given.
    Doses,
    /// Duration, for example `20 a`, `6 mo`.
    Duration,
    /// When it ended.
    End,
    /// Exon of a variant.
    Exon,
    /// Extent of staining: focal, partial, diffuse, rare.
    Extent,
    /// Extranodal disease (E), of a stage.
    Extranodal,
    /// Diagnosis it came from: a concept id.
    From,
    /// Grade, of a tumour or an adverse event.
    Grade,
    /// Coding-DNA notation of a variant.
    HgvsC,
    /// Protein notation of a variant.
    HgvsP,
    /// Intensity of staining: weak, dim, moderate, strong, `2+`, `3+`.
    Intensity,
    /// Bridging, maintenance, prophylaxis, lymphodepletion, consolidation, antiviral, for another illness.
    Intent,
    /// Time since the end of therapy or since diagnosis, for example `10 mo`.
    Interval,
    /// Line of therapy as the paper numbers it.
    Line,
    /// Test method: `ihc`, `flow`, `fish`, `ngs`, `karyotype`.
    Method,
    /// A misread character was put right inside a slot that must be a number or a known name.
    OcrFixed,
    /// Staining pattern.
    Pattern,
    /// Percent of cells.
    Percent,
    /// Upper end of a percent range.
    PercentHigh,
    /// Lower end of a percent range.
    PercentLow,
    /// Risk group: low, low_intermediate, high_intermediate, intermediate, high.
    Risk,
    /// Measured on room air.
    RoomAir,
    /// Greatest diameter of a lesion in millimetres.
    SizeMm,
    /// Splenic disease (S), of a stage.
    Spleen,
    /// When it began.
    Start,
    /// `planned`, `ongoing`, `not_planned`, `refused`, `pending`, `completed`, `stopped`.
    Status,
    /// Time point of a response: `interim`, `eot`, `best`, `M1`, `D28`.
    Timepoint,
    /// Diagnosis it became: a concept id.
    To,
    /// Variant allele fraction in percent.
    Vaf,
}

/// The value of a further property.
#[derive(Clone, Debug, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AttrValue {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A day.
    Date(PartialDate),
    /// A word.
    Text(String),
}

/// One statement of one paper about one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// Its number in the case.
    pub id: FactId,
    /// What it is about.
    pub concept: ConceptId,
    /// What is said of it.
    #[serde(default)]
    pub value: Value,
    /// How it is asserted.
    #[serde(default)]
    pub assertion: Assertion,
    /// Of whom.
    #[serde(default)]
    pub experiencer: Experiencer,
    /// Of today or of the past.
    #[serde(default)]
    pub temporality: Temporality,
    /// When it was so: the event's, specimen's or examination's day. The document's date is not filled in here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<PartialDate>,
    /// Further properties.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attrs: BTreeMap<Attr, AttrValue>,
    /// Where it was read; never empty for a fact that was read.
    pub evidence: Vec<Evidence>,
    /// How it came to be.
    pub method: Method,
    /// From 0 to 1.
    pub confidence: f32,
    /// What people did with it.
    #[serde(default)]
    pub status: Status,
}

impl Fact {
    /// The words it was read from.
    pub fn quote(&self) -> &str {
        self.evidence.first().map_or("", |evidence| evidence.quote.as_str())
    }

    /// The document it was read from.
    pub fn document(&self) -> Option<&DocumentId> {
        self.evidence.first().map(|evidence| &evidence.document)
    }

    /// Whether it says something of the patient as stated fact, past or present.
    pub fn is_of_patient(&self) -> bool {
        self.experiencer == Experiencer::Patient && self.status != Status::Rejected
    }

    /// A property as a number.
    pub fn number(&self, attr: Attr) -> Option<f64> {
        match self.attrs.get(&attr) {
            Some(AttrValue::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A property as a word.
    pub fn word(&self, attr: Attr) -> Option<&str> {
        match self.attrs.get(&attr) {
            Some(AttrValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A property as yes or no.
    pub fn flag(&self, attr: Attr) -> Option<bool> {
        match self.attrs.get(&attr) {
            Some(AttrValue::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// A property as a day.
    pub fn day(&self, attr: Attr) -> Option<PartialDate> {
        match self.attrs.get(&attr) {
            Some(AttrValue::Date(date)) => Some(*date),
            _ => None,
        }
    }
}
