//! Why a document or a page could not be read, on its way to the report.

use cartulary_model::Unread;
use cartulary_model::document::UnreadReason;

/// A reason and the reader's own words. The words never hold text of the document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub(crate) struct Failure {
    pub(crate) reason: UnreadReason,
    pub(crate) detail: String,
}

impl Failure {
    pub(crate) fn new(reason: UnreadReason, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { reason, detail }
    }

    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        Self::new(UnreadReason::Damaged, detail)
    }

    pub(crate) fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(UnreadReason::UnsupportedType, detail)
    }

    pub(crate) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(UnreadReason::TooLarge, detail)
    }

    pub(crate) fn too_many(detail: impl Into<String>) -> Self {
        Self::new(UnreadReason::TooMany, detail)
    }

    /// As an entry of the document, of one page or of the whole.
    pub(crate) fn at(self, page: Option<u32>) -> Unread {
        let Self { reason, detail } = self;
        Unread { page, reason, detail }
    }
}
