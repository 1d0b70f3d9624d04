//! Three-valued findings and what follows from them for people.

use crate::{
    document::{SourceDocument, Unread},
    fact::Fact,
    id::{ConceptId, CriterionId, DocumentId, FactId, SetId},
    record::PatientRecord,
    text::Text,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Kleene's three values. Unknown is a value, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The papers show that it is so.
    Met,
    /// The papers show that it is not so.
    NotMet,
    /// The papers do not show it, contradict each other, or the rule itself is not verified.
    Unknown,
}

/// Where a criterion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetKind {
    /// The indication in a product's label.
    Label,
    /// A trial's protocol. A number failed here warns, it never speaks against a commercial product.
    Trial,
    /// A guideline or consensus.
    Guideline,
}

/// What a criterion does in its set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Must be so.
    Inclusion,
    /// Must not be so. The answer is already turned: `met` means that the exclusion does *not* apply.
    Exclusion,
    /// Needs a physician's attention; decides nothing. Turned like an exclusion: `met` means that there is nothing to
    /// warn of.
    Warning,
}

/// How far the criterion's source was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Verification {
    /// Seen in a source, named with the criterion.
    V,
    /// Main fact seen, a part from memory.
    P,
    /// Label text from memory: never decides.
    L,
    /// Registry, protocol or paper from memory: never decides.
    M,
    /// Not found: not encoded.
    N,
}

impl Verification {
    /// Whether a criterion with this mark may answer met or not met.
    pub fn decides(self) -> bool {
        matches!(self, Self::V | Self::P)
    }
}

/// The answer to one criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The criterion's key in its set.
    pub criterion: CriterionId,
    /// What it does in its set.
    pub role: Role,
    /// The criterion's sense.
    pub text: Text,
    /// The answer. For an exclusion `met` means that it does not apply.
    pub answer: Answer,
    /// One sentence.
    pub why: Text,
    /// The facts the answer rests on.
    pub evidence: Vec<FactId>,
    /// What would answer it.
    pub missing: Vec<MissingItem>,
    /// How far the source was verified.
    pub verification: Verification,
    /// Where the rule is written.
    pub source: String,
}

/// One thing to ask for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct MissingItem {
    /// What is missing: a concept id or a key of the message catalogue such as `treatment_history`.
    pub item: String,
    /// For the patient, in plain words.
    pub text: Text,
    /// The kind of paper that carries it: `sec.doc_*` of the catalogue.
    pub document: ConceptId,
}

/// Where a set stands for this patient. Never "eligible", never "rejected".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Summary {
    /// Every deciding criterion is met.
    Possible,
    /// Nothing speaks against it and something is unknown.
    NeedsInformation,
    /// A criterion of the set is not met, as written.
    NotMetAsWritten,
    /// It is for another disease.
    NotApplicable,
}

/// One criteria set evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetEvaluation {
    /// `indication_id` or trial.
    pub set: SetId,
    /// Label, trial or guideline.
    pub kind: SetKind,
    /// For people: `axi-cel (Yescarta) · FDA · large B-cell lymphoma after 2 lines`.
    pub title: Text,
    /// `axi_cel`, for grouping.
    pub product: String,
    /// `FDA`, `EMA`, `NMPA`, `MHRA`, or the trial's registry number.
    pub authority: String,
    /// Version of the set.
    pub version: String,
    /// Fingerprint of the set's document and of the named sets it uses.
    #[serde(default)]
    pub sha256: String,
    /// Where it stands.
    pub summary: Summary,
    /// The leading reasons, most important first.
    pub reasons: Vec<Text>,
    /// A row a criterion, in the set's order.
    pub findings: Vec<Finding>,
}

/// A missing item with what it would decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AskFor {
    /// What.
    #[serde(flatten)]
    pub item: MissingItem,
    /// The sets whose summary it can still change, sorted.
    pub decides: Vec<SetId>,
}

/// A document as listed in the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentSummary {
    /// `sec.doc_*`, if the type was recognised.
    pub kind: Option<ConceptId>,
    /// The day of the report, if it was found.
    pub date: Option<crate::date::PartialDate>,
    /// What was sent and read.
    #[serde(flatten)]
    pub source: SourceDocument,
}

/// A file or page that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnreadItem {
    /// The document, when it got far enough to have an id.
    pub document: Option<DocumentId>,
    /// The file's name.
    pub name: String,
    /// What and why.
    #[serde(flatten)]
    pub unread: Unread,
    /// In words, with what to do.
    pub text: Text,
}

/// The whole answer for one case. A physician decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreliminaryEvaluation {
    /// [`crate::FORMAT_VERSION`].
    pub format: u32,
    /// The day it was made for.
    #[schemars(with = "String")]
    pub on: Date,
    /// Says what this is and is not.
    pub notice: Text,
    /// What was sent.
    pub documents: Vec<DocumentSummary>,
    /// What was read.
    pub facts: Vec<Fact>,
    /// What the facts say together.
    pub record: PatientRecord,
    /// Fingerprint of the record that was evaluated.
    #[serde(default)]
    pub record_sha256: String,
    /// A row a criteria set: possible first, then needing information, not met, not applicable.
    pub evaluations: Vec<SetEvaluation>,
    /// What to ask for, most telling first.
    pub ask_for: Vec<AskFor>,
    /// What could not be read.
    pub unread: Vec<UnreadItem>,
}
