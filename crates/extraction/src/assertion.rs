//! Denied, doubted, planned, past, of a relative: the ConText idea for two languages.
//!
//! ## Reads
//! Every cue of `catalogue/cues.csv` in the stream ([`cues`]), how far each reaches ([`scope`]), and which of the cues
//! that reach a mention decide ([`reading`]). A mention looks only at the cues of its own sentence.
//!
//! ## Leaves alone
//! What a kind of fact makes of a reading (a plan is no symptom, an old illness is no old lymphoma): `assign` does.
//!
//! ## References
//! - Chapman et al., A simple algorithm for identifying negated findings and diseases in discharge summaries, 2001.
//! - Harkema et al., ConText: an algorithm for determining negation, experiencer, and temporal status, 2009.

mod cues;
mod reading;
mod scope;
mod words;

pub(crate) use cues::Cues;
pub(crate) use reading::{Modifiers, Reading};
pub(crate) use words::{contains_any, ends_with_any, says_any, starts_with_any, trimmed};
