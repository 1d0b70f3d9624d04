//! The words of Cartulary, as plain data.
//!
//! Everything here is inert: no file, no clock, no socket, no knowledge of a product or a trial.
//! The other crates of the clinical core take these types and give these types back.
//!
//! | module | holds |
//! |---|---|
//! | [`id`] | typed identifiers |
//! | [`date`] | partial dates and the intervals of days they stand for |
//! | [`quantity`] | numbers with comparators and UCUM units |
//! | [`document`] | source documents, pages, positioned lines, what could not be read |
//! | [`fact`] | facts and the evidence they rest on |
//! | [`record`] | the reconciled view of one patient |
//! | [`evaluation`] | three-valued findings, summaries, what to ask for |
//! | [`world`] | instants; the clock and randomness as parameters |

pub mod date;
pub mod document;
pub mod evaluation;
pub mod fact;
pub mod id;
pub mod quantity;
pub mod record;
pub mod text;
pub mod world;

pub use date::{DateInterval, PartialDate};
pub use document::{Line, Origin, Page, Quad, SourceDocument, Unread};
pub use evaluation::{Answer, Finding, MissingItem, PreliminaryEvaluation, SetEvaluation};
pub use fact::{Assertion, Evidence, Experiencer, Fact, Temporality, Value};
pub use id::{
    ActorId, BlobId, CaseId, ConceptId, CriterionId, DocumentId, EntryId, FactId, JobId, NotAnId, RuleId,
    SetId,
};
pub use quantity::{Comparator, Quantity, Unit};
pub use record::PatientRecord;
pub use text::{Lang, Text};
pub use world::{Clock, Entropy, Instant};

/// Version of every serialised form in this crate.
///
/// It stands in each JSON answer as `format`; a reader refuses a greater one.
pub const FORMAT_VERSION: u32 = 1;
