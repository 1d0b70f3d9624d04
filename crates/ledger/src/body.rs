//! What an entry says: one type a kind.
//!
//! Bodies are stored as sealed JSON for ever. So a field may be added, with a default, and none may be taken away or
//! change its meaning; `tests/formats` holds an example of every kind and form that was ever written.

use cartulary_model::{ActorId, BlobId, CaseId, ConceptId, SetId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident = $kind:literal { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* })+) => {
        /// The body of an entry.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum Body {
            $($(#[$doc])* #[serde(rename = $kind)] $name($name),)+
        }

        $($(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $ty,)*
        }

        impl From<$name> for Body {
            fn from(body: $name) -> Self {
                Self::$name(body)
            }
        })+

        impl Body {
            /// The names of all kinds, in the order in which a case usually meets them.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// Reads a body whose kind is known.
            ///
            /// Several times as fast as finding the kind among the fields, which must be kept aside until then.
            pub(crate) fn read(kind: &str, json: &[u8]) -> Option<Self> {
                match kind {
                    $($kind => serde_json::from_slice(json).ok().map(Self::$name),)+
                    _ => None,
                }
            }

            /// The name of the kind, which stands beside the sealed body in the clear.
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $kind,)+
                }
            }
        }
    };
}

bodies! {
    /// A case was opened. Always the first entry, and no other.
    Opened = "opened" {
        /// How the inquiry came: `upload`, `mail`, `whatsapp`, `walk_in`.
        channel: String,
        /// Who looks after the case.
        #[serde(default)]
        owner: Option<ActorId>,
    }
    /// Who the patient is, as a person or the papers say; it replaces what was said before.
    Identified = "identified" {
        /// The person.
        person: Person,
    }
    /// A document arrived; its bytes lie in the vault.
    Received = "received" {
        /// The original's bytes.
        document: BlobId,
        /// The name that the sender gave it.
        name: String,
        /// Bytes.
        size: u64,
        /// Such as `application/pdf`, as found in the bytes.
        media_type: String,
        /// As in [`Opened`].
        channel: String,
        /// The sender's address on the channel, where there is one.
        #[serde(default)]
        from: Option<String>,
        /// The document of this case that shows the same sheet, where one was found.
        #[serde(default)]
        resembles: Option<BlobId>,
    }
    /// Somebody sent papers and said who they are.
    Inquired = "inquired" {
        /// Who.
        sender: Sender,
        /// What they wrote.
        #[serde(default)]
        words: Option<String>,
        /// The version of the notice that they were shown.
        #[serde(default)]
        notice: Option<String>,
    }
    /// A document was read.
    PageRead = "page_read" {
        /// Which document.
        document: BlobId,
        /// The reader and its version.
        reader: String,
        /// The pages that it has.
        pages: u32,
        /// The pages that could not be read.
        #[serde(default)]
        unread: u32,
        /// The reading as JSON, in the vault; the search takes its text from there.
        reading: BlobId,
        /// The picture of each page that has one, in the vault.
        #[serde(default)]
        images: Vec<BlobId>,
        /// The document of this case that shows the same sheet, as far as their texts tell.
        #[serde(default)]
        resembles: Option<BlobId>,
    }
    /// A document could not be read at all.
    Unreadable = "unreadable" {
        /// Which document.
        document: BlobId,
        /// The reader and its version.
        reader: String,
        /// Why, as a key of the catalogue's messages.
        reason: String,
    }
    /// Facts were taken from a document. They replace those that were taken from it before.
    FactsExtracted = "facts_extracted" {
        /// Which document.
        document: BlobId,
        /// The extractor and its version.
        extractor: String,
        /// All of it as JSON, in the vault.
        blob: BlobId,
        /// What is counted and searched of each.
        facts: Vec<Arc<FactIndex>>,
    }
    /// A person found a fact to be right.
    FactConfirmed = "fact_confirmed" {
        /// Which fact.
        fact: FactRef,
    }
    /// A person found a fact to be wrong and said what is right, at the same place of the paper.
    FactCorrected = "fact_corrected" {
        /// Which fact.
        fact: FactRef,
        /// What is counted and searched of the right one.
        index: Arc<FactIndex>,
        /// The right one, in the model's JSON form.
        content: Value,
        /// Why, in the person's words.
        #[serde(default)]
        reason: Option<String>,
    }
    /// A person found that a fact does not stand on the paper.
    FactRejected = "fact_rejected" {
        /// Which fact.
        fact: FactRef,
        /// Why, in the person's words.
        #[serde(default)]
        reason: Option<String>,
    }
    /// A person added a fact that the papers say and the machine did not see.
    FactAdded = "fact_added" {
        /// What is counted and searched of it; its id is new.
        index: Arc<FactIndex>,
        /// The fact, in the model's JSON form.
        content: Value,
    }
    /// The case was evaluated.
    Evaluated = "evaluated" {
        /// The whole evaluation as JSON, in the vault.
        blob: BlobId,
        /// The digest of the record it was made from.
        record_sha256: String,
        /// The answer of each criteria set.
        sets: Vec<SetAnswer>,
        /// The patient's last diagnosis, as the papers say.
        #[serde(default)]
        diagnosis: Option<ConceptId>,
        /// How many things there are to ask for.
        #[serde(default)]
        missing: u32,
    }
    /// A physician decided.
    Decided = "decided" {
        /// Such as `accept`, `decline`, `wait`.
        decision: String,
        /// The criteria set or product it is about.
        #[serde(default)]
        set: Option<SetId>,
        /// The physician's reason.
        reason: String,
        /// The entry of the evaluation that the physician saw.
        #[serde(default)]
        evaluation: Option<u64>,
    }
    /// A message to the referrer or patient waits to be sent.
    MessageQueued = "message_queued" {
        /// Names the message inside the case.
        message: String,
        /// As in [`Opened`].
        channel: String,
        /// The address on the channel.
        to: String,
        /// The text as it will be sent.
        text: String,
        /// What it asks for, by keys of the catalogue's messages.
        #[serde(default)]
        asks: Vec<String>,
    }
    /// A message left the house.
    MessageSent = "message_sent" {
        /// Which message.
        message: String,
        /// What the channel answered.
        #[serde(default)]
        receipt: Option<String>,
    }
    /// The patient consented.
    ConsentGiven = "consent_given" {
        /// To what: `care`, `registry`, `research`.
        scope: String,
        /// The signed paper.
        #[serde(default)]
        document: Option<BlobId>,
    }
    /// The patient withdrew a consent.
    ConsentWithdrawn = "consent_withdrawn" {
        /// To what.
        scope: String,
        /// In the patient's words, where there are some.
        #[serde(default)]
        reason: Option<String>,
    }
    /// This case turned out to be the same patient's as another, which goes on.
    MergedInto = "merged_into" {
        /// The case that goes on.
        case: CaseId,
    }
    /// Another case of the same patient is seen with this one from here on. Its entries stay where they are.
    MergedFrom = "merged_from" {
        /// The case that does not go on.
        case: CaseId,
    }
    /// A merge was a mistake; stands in both cases.
    Unmerged = "unmerged" {
        /// The other case.
        case: CaseId,
    }
    /// An entry of this case was a mistake: the case is seen as if it were not there.
    Undone = "undone" {
        /// The place of that entry, which stands before this one.
        seq: u64,
        /// Why, in the person's words.
        #[serde(default)]
        reason: Option<String>,
    }
    /// Somebody else looks after the case, or nobody.
    Assigned = "assigned" {
        /// Who.
        #[serde(default)]
        owner: Option<ActorId>,
    }
    /// The case waits for somebody else of the house now.
    HandedOn = "handed_on" {
        /// `physician` or `coordinator`.
        to: String,
    }
    /// Nothing is left to do on the case. A new paper opens it again.
    Closed = "closed" {
        /// Why, in the person's words.
        reason: String,
    }
    /// A note.
    Noted = "noted" {
        /// The text.
        text: String,
    }
    /// The cells were given: day zero.
    Infused = "infused" {
        /// The day, as `2026-11-26`.
        on: String,
        /// The product, as an id of the catalogue.
        product: String,
        /// What else is known, in the model's JSON form.
        #[serde(default)]
        content: Value,
    }
    /// A follow-up visit took place.
    VisitRecorded = "visit_recorded" {
        /// The day, as `2026-11-26`.
        on: String,
        /// Which visit of the schedule, such as `month_3`.
        visit: String,
        /// What was found, in the model's JSON form.
        #[serde(default)]
        content: Value,
    }
    /// Until when the case must be kept.
    RetentionSet = "retention_set" {
        /// The day, as `2041-11-26`; none: until somebody says.
        #[serde(default)]
        until: Option<String>,
        /// The ground, in words.
        reason: String,
    }
    /// The case is to be erased: its key will be destroyed.
    ErasureOrdered = "erasure_ordered" {
        /// The ground, in words.
        reason: String,
    }
    /// The key of the case was destroyed. The only body that is not sealed, for nothing can be sealed any more.
    Erased = "erased" {
        /// The digest of the certificate that was given out.
        #[serde(default)]
        certificate: Option<String>,
    }
}

impl Body {
    /// Whether an [`Undone`] may name it: what only says something, and no fact of the world or of the register.
    pub const fn can_be_undone(&self) -> bool {
        !matches!(
            self,
            Self::Opened(_)
                | Self::MessageSent(_)
                | Self::MergedInto(_)
                | Self::MergedFrom(_)
                | Self::Unmerged(_)
                | Self::ErasureOrdered(_)
                | Self::Erased(_)
        )
    }
}

/// A person, as far as it is known. All of it is sealed; each name, number and address is found by its token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Names in all scripts they are known in.
    pub names: Vec<String>,
    /// The day, month or year of birth, as `1961-04-02`, `1961-04` or `1961`.
    pub born: Option<String>,
    /// `female`, `male`, `other`.
    pub sex: Option<String>,
    /// Numbers by which a hospital or a state knows the person.
    pub numbers: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Mail addresses.
    pub mails: Vec<String>,
}

/// Who sent papers. All of it is sealed; telephone numbers and addresses are found by their tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sender {
    /// The name.
    pub name: String,
    /// `self`, `relative`, `doctor`, `other`.
    pub relation: String,
    /// In which language to answer: `en`, `zh`.
    pub language: String,
    /// The country, as ISO 3166 alpha-2.
    pub country: Option<String>,
    /// A mail address.
    pub mail: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The number on WhatsApp.
    pub whatsapp: Option<String>,
}

/// Names a fact inside a case, the same for the same place and concept whatever extractor read it.
///
/// It stands in the database in the clear, so it is made of a document's id, a place and a concept, never of words of
/// the paper.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactRef(pub Arc<str>);

/// What is counted and searched of a fact, and stands in the database in the clear: nothing that tells who it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactIndex {
    /// Which fact.
    pub fact: FactRef,
    /// What it is about.
    pub concept: ConceptId,
    /// `present`, `negated`, `possible`, `hypothetical`.
    pub assertion: String,
    /// A measured value, a score, a stage.
    #[serde(default)]
    pub number: Option<f64>,
    /// The unit of the number in UCUM.
    #[serde(default)]
    pub unit: Option<String>,
    /// The year, month or day the fact is of, as `2026-11`.
    #[serde(default)]
    pub on: Option<String>,
}

/// What a criteria set answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAnswer {
    /// The set.
    pub set: SetId,
    /// The digest of the set's document.
    pub sha256: String,
    /// `possible`, `needs_information`, `not_met_as_written`, `not_applicable`.
    pub answer: String,
}
