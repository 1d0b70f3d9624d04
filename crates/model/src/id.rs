//! Typed identifiers: no bare `String` or number names a thing in a signature.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, fmt, sync::Arc};

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

impl ConceptId {
    /// The kind of the concept: the part before the first dot.
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
    pub fn is(&self, kind: &str) -> bool {
        let rest = self.0.as_bytes().strip_prefix(kind.as_bytes());
        rest.is_some_and(|rest| rest.first().is_none_or(|byte| *byte == b'.'))
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
