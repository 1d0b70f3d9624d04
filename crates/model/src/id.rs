//! Typed identifiers: no bare `String` or number names a thing in a signature.

use crate::{Entropy, Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, fmt, str::FromStr, sync::Arc};
use uuid::Uuid;

// An id is shared, not copied: a document has thousands of mentions of a few hundred concepts.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps the identifier's text.
            pub fn new(id: impl Into<String>) -> Self {
                Self(Arc::from(id.into()))
            }

            /// The identifier's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        // A map with such keys is searched with a plain text, without making an id of it first.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(Arc::from(id))
            }
        }
    };
}

text_id! {
    /// A concept of the catalogue's code list, for example `hist.dlbcl_nos` or `lab.plt`.
    ///
    /// The part before the first dot is the kind.
    ConceptId
}
text_id! {
    /// A document, named by the start of its SHA-256, so that the same bytes are the same document.
    DocumentId
}
text_id! {
    /// A rule of extraction, reconciliation or evaluation, for example `lab.row`.
    RuleId
}
text_id! {
    /// A criteria set: a product's indication (`axi.fda.lbcl_3l`) or a trial (`ZUMA-1`).
    SetId
}
text_id! {
    /// A criterion inside its set, for example `prior_lines`.
    CriterionId
}

// Sorted by the time they were made, unguessable beyond it (74 random bits), and made without asking a database.
macro_rules! made_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// A UUID of version 7, shown with hyphens.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(#[schemars(with = "String")] Uuid);

        impl $name {
            /// Makes a new one.
            pub fn new(at: Instant, entropy: &mut dyn Entropy) -> Self {
                let mut random = [0; 10];
                entropy.fill(&mut random);
                Self(uuid::Builder::from_unix_timestamp_millis(at.millis(), &random).into_uuid())
            }

            /// Wraps a stored one.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID, to be stored.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// The 16 bytes.
            pub const fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId(stringify!($name)))
            }
        }
    };
}

/// A text that is no id of the kind that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}: check that it was copied whole")]
pub struct NotAnId(&'static str);

made_id! {
    /// A case of the register: one referral of one patient.
    CaseId
}
made_id! {
    /// A piece of work that waits in the register, or was done.
    JobId
}
made_id! {
    /// Who did something: a member of the staff, a sender, or a programme.
    ActorId
}

impl ActorId {
    /// The machine itself, where no person acted.
    pub const MACHINE: Self = Self(Uuid::nil());
}

/// An entry of a case file: the case and the entry's place in it, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct EntryId {
    /// The case.
    pub case: CaseId,
    /// The place in the case file; the first entry is 1.
    pub seq: u64,
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.case, self.seq)
    }
}

/// Bytes kept in the vault, named by what they are and whose they are.
///
/// A keyed hash of the content under a key of the case: the same bytes in one case have one name, in two cases two
/// names that nobody can link without the keys. Shown, and written in JSON, as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct BlobId([u8; 32]);

impl BlobId {
    /// Wraps a keyed hash.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobId({self})")
    }
}

impl FromStr for BlobId {
    type Err = NotAnId;

    // Capitals are refused: one blob has one name.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(NotAnId("BlobId"));
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            let (high, low) = digit(*high).zip(digit(*low)).ok_or(NotAnId("BlobId"))?;
            *byte = high << 4 | low;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for BlobId {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl From<BlobId> for String {
    fn from(id: BlobId) -> Self {
        id.to_string()
    }
}

impl ConceptId {
    /// The kind of the concept: the part before the first dot.
    #[inline]
    pub fn kind(&self) -> &str {
        // Kinds are a few letters long: a plain walk beats a search.
        let end = self.0.bytes().position(|byte| byte == b'.').unwrap_or(self.0.len());
        &self.0[..end]
    }

    /// The concept's own name: the part after the first dot.
    pub fn name(&self) -> &str {
        self.0.split_once('.').map_or(&*self.0, |(_, name)| name)
    }

    /// Whether the concept is of this kind.
    #[inline]
    pub fn is(&self, kind: &str) -> bool {
        let (id, kind) = (self.0.as_bytes(), kind.as_bytes());
        // Most concepts are of another kind, and their first letter tells.
        id.first() == kind.first()
            && id.get(kind.len()).is_none_or(|byte| *byte == b'.')
            && id.starts_with(kind)
    }
}

/// A fact inside one case, numbered in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FactId(pub u32);

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "f{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counter(u8);

    impl Entropy for Counter {
        fn fill(&mut self, bytes: &mut [u8]) {
            for byte in bytes {
                self.0 = self.0.wrapping_add(1);
                *byte = self.0;
            }
        }
    }

    #[test]
    fn made_ids_sort_by_time_and_read_back() {
        let mut entropy = Counter(0);
        let ids = [1, 2, 3].map(|second| CaseId::new(Instant::from_micros(second * 1_000_000), &mut entropy));
        assert!(ids.is_sorted());
        assert_eq!(ids[0].to_string(), "00000000-03e8-7102-8304-05060708090a");
        assert_eq!(ids[0].to_string().parse(), Ok(ids[0]));
        assert_eq!(serde_json::to_string(&ids[0]).unwrap(), "\"00000000-03e8-7102-8304-05060708090a\"");
        assert_eq!(
            "00000000".parse::<JobId>().unwrap_err().to_string(),
            "not a JobId: check that it was copied whole"
        );
    }

    #[test]
    fn a_blob_has_one_written_name() {
        let id = BlobId::from_bytes(std::array::from_fn(|at| at as u8 * 8));
        let text = id.to_string();
        assert!(text.starts_with("0008101820") && text.len() == 64);
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(serde_json::from_str::<BlobId>(&format!("\"{text}\"")).unwrap(), id);
        for bad in
            [&text[1..], &text[2..], &text.to_uppercase(), &format!("{text}00"), &text.replace('0', "é")]
        {
            assert_eq!(bad.parse::<BlobId>(), Err(NotAnId("BlobId")), "{bad}");
        }
    }
}
