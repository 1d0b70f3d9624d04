//! What a case file is made of.

use crate::body::{FactIndex, FactRef, Sender, SetAnswer};
use cartulary_model::{ActorId, BlobId, ConceptId, Instant, SetId};
use serde_json::Value;
use std::sync::Arc;

/// What an infusion is called in the course.
pub(crate) const INFUSION: &str = "infusion";

/// Where a case stands. The last of these that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseState {
    /// It was opened and holds no document.
    Opened,
    /// It has documents.
    Received,
    /// It was evaluated.
    Evaluated,
    /// Papers were asked for and none has come since.
    Asked,
    /// It waits for a physician.
    WithPhysician,
    /// A physician decided.
    Decided,
    /// The decision was told.
    Answered,
    /// Nothing is left to do.
    Closed,
    /// The cells were given.
    Treated,
    /// It goes on in another case.
    Merged,
    /// It was erased.
    Erased,
}

impl CaseState {
    /// All states, in the order in which a case usually meets them.
    pub const ALL: [Self; 11] = [
        Self::Opened,
        Self::Received,
        Self::Evaluated,
        Self::Asked,
        Self::WithPhysician,
        Self::Decided,
        Self::Answered,
        Self::Closed,
        Self::Treated,
        Self::Merged,
        Self::Erased,
    ];

    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Received => "received",
            Self::Evaluated => "evaluated",
            Self::Asked => "asked",
            Self::WithPhysician => "with_physician",
            Self::Decided => "decided",
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Treated => "treated",
            Self::Merged => "merged",
            Self::Erased => "erased",
        }
    }

    /// The state of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A document of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The entry that received it.
    pub seq: u64,
    /// When.
    pub received_at: Instant,
    /// The name that the sender gave it.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Such as `application/pdf`.
    pub media_type: String,
    /// How it came.
    pub channel: String,
    /// The sender's address.
    pub from: Option<String>,
    /// The document that shows the same sheet.
    pub resembles: Option<BlobId>,
    /// How far its reading has come.
    pub state: DocumentState,
    /// The extractor, and where all facts that it took lie.
    pub extraction: Option<(String, BlobId)>,
    /// The facts that it took.
    pub extracted: Vec<FactRef>,
}

/// How far the reading of a document has come.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentState {
    /// Nobody has read it.
    Received,
    /// It was read.
    Read {
        /// The reader and its version.
        reader: String,
        /// Its pages.
        pages: u32,
        /// Pages that could not be read.
        unread: u32,
        /// The reading, in the vault.
        reading: BlobId,
        /// The pictures of pages, in the vault.
        images: Vec<BlobId>,
    },
    /// It cannot be read.
    Unreadable {
        /// The reader and its version.
        reader: String,
        /// Why.
        reason: String,
    },
}

impl DocumentState {
    /// The name in the database.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Read { .. } => "read",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// Where the reading lies, if there is one.
    pub const fn reading(&self) -> Option<BlobId> {
        match self {
            Self::Read { reading, .. } => Some(*reading),
            Self::Received | Self::Unreadable { .. } => None,
        }
    }
}

/// A fact of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFact {
    /// What is counted and searched of it.
    pub index: Arc<FactIndex>,
    /// The document it was taken from; none of a fact that a person added.
    pub document: Option<BlobId>,
    /// What a person made of it.
    pub status: FactStatus,
    /// The fact in the model's form, where a person said it; else it lies in the document's extraction.
    pub content: Option<Value>,
    /// The entry that last spoke of it.
    pub seq: u64,
}

/// What a person made of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactStatus {
    /// Nothing yet: the machine read it.
    Read,
    /// It is right.
    Confirmed,
    /// It was wrong, and this is right.
    Corrected,
    /// It does not stand on the paper.
    Rejected,
    /// A person read it.
    Added,
}

impl FactStatus {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Confirmed => "confirmed",
            Self::Corrected => "corrected",
            Self::Rejected => "rejected",
            Self::Added => "added",
        }
    }
}

/// An evaluation of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// The whole of it, in the vault.
    pub blob: BlobId,
    /// The digest of the record it was made from.
    pub record_sha256: String,
    /// The answers.
    pub sets: Vec<SetAnswer>,
    /// The patient's last diagnosis, as the papers say.
    pub diagnosis: Option<ConceptId>,
    /// How many things there are to ask for.
    pub missing: u32,
}

/// A physician's decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: ActorId,
    /// What.
    pub decision: String,
    /// About which set.
    pub set: Option<SetId>,
    /// Why.
    pub reason: String,
    /// Upon which evaluation.
    pub evaluation: Option<u64>,
}

/// A message of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The entry that queued it.
    pub seq: u64,
    /// The channel.
    pub channel: String,
    /// To whom.
    pub to: String,
    /// The text.
    pub text: String,
    /// What it asks for, by keys of the catalogue's messages.
    pub asks: Vec<String>,
    /// Who wrote it.
    pub actor: ActorId,
    /// When it left the house.
    pub sent_at: Option<Instant>,
}

/// The last word on a scope of consent.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Whether it is given.
    pub given: bool,
    /// The signed paper.
    pub document: Option<BlobId>,
}

/// A note.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: ActorId,
    /// The text.
    pub text: String,
}

/// An infusion or a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct CourseEvent {
    /// The entry.
    pub seq: u64,
    /// `infusion`, or the visit of the schedule.
    pub what: String,
    /// The day.
    pub on: String,
    /// The product of an infusion.
    pub product: Option<String>,
    /// What else is known.
    pub content: Value,
}

/// Until when a case must be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Retention {
    /// The entry.
    pub seq: u64,
    /// The day; none: until somebody says.
    pub until: Option<String>,
    /// The ground.
    pub reason: String,
}

/// Papers came with somebody's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Who sent them.
    pub sender: Sender,
    /// What they wrote.
    pub words: Option<String>,
}
