//! What is kept of the reading of a document, and the reader as a parameter.

use cartulary_model::{BlobId, SourceDocument, document::UnreadReason};
use serde::{Deserialize, Serialize};

/// The form of a [`Reading`].
pub(crate) const FORMAT: u32 = 1;

/// Reads documents. It blocks, and is called on threads that may wait.
pub trait Read: Send + Sync {
    /// Its name and version, which stand in each entry that it causes.
    fn version(&self) -> String;

    /// Reads a document with all that is in it. `step` hears of each page as it is done.
    ///
    /// # Errors
    ///
    /// When nothing can be read here at all: the work is tried again later. What is wrong with the document itself is in
    /// the sheets.
    fn read(&self, name: &str, bytes: &[u8], step: &(dyn Fn(ReadStep) + Sync)) -> Result<Vec<Sheet>, String>;
}

/// A page is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadStep {
    /// The page that is done, from 1.
    pub page: u32,
    /// How many there are.
    pub pages: u32,
}

/// A document as read: what was sent, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its pages, and what was not read.
    pub source: SourceDocument,
    /// Pictures of its pages.
    pub pictures: Vec<Picture>,
}

/// A picture of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The page, from 1.
    pub page: u32,
    /// Such as `image/jpeg`.
    pub media_type: String,
    /// The encoded picture.
    pub bytes: Vec<u8>,
}

/// A reading as it is kept in the vault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// 1.
    pub format: u32,
    /// The reader and its version.
    pub reader: String,
    /// What was sent, and each part of it.
    pub papers: Vec<ReadPaper>,
}

/// One document of a reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadPaper {
    /// Its pages, and what was not read.
    pub source: SourceDocument,
    /// Where the pictures of its pages lie.
    #[serde(default)]
    pub pictures: Vec<PagePicture>,
}

/// Where the picture of a page lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagePicture {
    /// The page, from 1.
    pub page: u32,
    /// Such as `image/jpeg`.
    pub media_type: String,
    /// The encoded picture, in the vault.
    pub blob: BlobId,
}

impl Reading {
    /// The text of all pages, a line each.
    pub fn text(&self) -> String {
        self.papers.iter().flat_map(|paper| &paper.source.pages).map(cartulary_model::Page::text).collect()
    }

    /// All its pages.
    pub fn pages(&self) -> usize {
        self.papers.iter().map(|paper| paper.source.pages.len()).sum()
    }

    /// Pages and parts that could not be read.
    pub fn unread(&self) -> usize {
        self.papers.iter().map(|paper| paper.source.unread.len()).sum()
    }
}

/// The key of a reason, as it stands in the catalogue's messages behind `unread.`.
pub(crate) fn key_of(reason: UnreadReason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(key)) => key,
        _ => "damaged".to_owned(),
    }
}

/// The reason of a key; damaged where this programme does not know it.
pub(crate) fn reason_of(key: &str) -> UnreadReason {
    serde_json::from_value(key.into()).unwrap_or(UnreadReason::Damaged)
}
