//! Gains of a gene: more copies are no rearrangement.
//!
//! ## Reads
//! `BCL2基因扩增`, "MYC gain (3-5 copies)", "no MYC amplification": a statement of its own.

use super::{gene::Gene, verdict::Said};
use crate::draft::Draft;
use cartulary_model::{
    Assertion, Value,
    fact::{Attr, Sign},
};

impl Said<'_> {
    /// A gain is kept as a statement of its own; it is no rearrangement.
    pub(super) fn copies(&self, gene: &Gene) -> Option<Draft> {
        let negative = self.result(self.trail(), self.lead()) == Some(Sign::Negative);
        // A gain of MYC is asked for by name beside its rearrangement.
        let of_myc = gene.rearrangement == Some("bio.myc_r");
        let concept = if of_myc { "bio.myc_amp" } else { "bio.copy_gain" };
        let draft = self.draft(gene, concept, "genetics.copies").word(Attr::Method, "fish");
        if of_myc && negative {
            return Some(Draft { assertion: Some(Assertion::Negated), ..draft });
        }
        let sign = if negative { Sign::Negative } else { Sign::Positive };
        Some(draft.value(Value::Sign(sign)).present())
    }
}
