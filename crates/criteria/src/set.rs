//! Criteria sets: a label's indication or a trial's protocol, as data.

use crate::{kernel, need::Need};
use cartulary_model::{
    CriterionId, SetId, Text,
    evaluation::{Role, SetKind, Verification},
};

/// The criteria of one indication or one trial.
#[derive(Clone, Debug, PartialEq)]
pub struct CriteriaSet {
    /// `axi.fda.lbcl_3l`, `ZUMA-1`.
    pub id: SetId,
    /// Label, trial or guideline.
    pub kind: SetKind,
    /// `axi_cel`.
    pub product: String,
    /// `FDA`, `EMA`, `NMPA`, `MHRA`, or the trial's registry number.
    pub authority: String,
    /// For people.
    pub title: Text,
    /// Version of the document.
    pub version: String,
    /// Fingerprint of the document together with the named sets of `sets.toml`.
    pub sha256: String,
    /// The trials that a label's indication rests on: a number failed there is a warning beside the indication.
    pub trials: Vec<SetId>,
    /// Where the set was seen.
    pub sources: Vec<String>,
    /// What a reader must know of it.
    pub note: Option<String>,
    /// The criteria, in the document's order.
    pub criteria: Vec<Criterion>,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Its key in the set.
    pub id: CriterionId,
    /// What it does in the set.
    pub role: Role,
    /// Its sense.
    pub text: Text,
    /// The question to the record.
    pub need: Need,
    /// Where it is written.
    pub source: String,
    /// How far the source was verified.
    pub verification: Verification,
    /// When it was seen, if known.
    pub seen: Option<String>,
    /// What a reader must know of it.
    pub note: Option<String>,
    /// Criteria of one name are alternatives: one of them is enough.
    pub one_of: Option<String>,
}

impl Criterion {
    /// Whether its answer decides where the set stands.
    pub fn decides(&self) -> bool {
        self.role != Role::Warning && self.verification.decides()
    }

    /// Whether the answer is turned: for an exclusion and a warning "met" means that it does not apply.
    pub(crate) fn is_turned(&self) -> bool {
        self.role != Role::Inclusion
    }

    pub(crate) fn turn(&self, answer: cartulary_model::Answer) -> cartulary_model::Answer {
        if self.is_turned() { kernel::negated(answer) } else { answer }
    }
}
