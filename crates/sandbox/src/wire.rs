//! What crosses the pipe between a child that reads and its parent.

use cartulary_model::Unread;
use cartulary_reading::Portion;
use serde::{Deserialize, Serialize};

/// The kinds of frames. A document is `BEGUN`, pages with their pictures, `ENDED`; the last frame is `FINISHED`.
pub(crate) mod kind {
    /// [`Begun`](super::Begun)
    pub(crate) const BEGUN: u8 = b'B';
    /// How many pages the document has that can be read singly: a number.
    pub(crate) const COUNTED: u8 = b'C';
    /// [`Page`](cartulary_model::Page), new or in place of one of the same number
    pub(crate) const PAGE: u8 = b'P';
    /// Four bytes of page number, then a JPEG
    pub(crate) const PICTURE: u8 = b'I';
    /// [`PageDone`](super::PageDone)
    pub(crate) const DONE: u8 = b'D';
    /// [`Ended`](super::Ended)
    pub(crate) const ENDED: u8 = b'E';
    /// Text recognition is needed and this child may not do it; it ends.
    pub(crate) const NEEDS_RECOGNITION: u8 = b'R';
    /// All that was ordered is done.
    pub(crate) const FINISHED: u8 = b'F';
    /// The lock is shut. Sent before the first byte of the document is there, so a child that was taken over by its
    /// document has said it already.
    #[cfg(target_os = "linux")]
    pub(crate) const LOCKED: u8 = b'L';
    /// The lock does not shut; why, in words.
    #[cfg(target_os = "linux")]
    pub(crate) const UNLOCKABLE: u8 = b'X';
}

/// What a child is to read of its input, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) from_document: usize,
    pub(crate) from_page: u32,
    pub(crate) only: bool,
    pub(crate) without_rendering: bool,
    /// Whether it may recognise text in pictures, or is to say that this is needed.
    pub(crate) recognition: bool,
    pub(crate) threads: usize,
    pub(crate) pictures: bool,
    /// Whether the pictures show what was read where.
    pub(crate) drawn_over: bool,
    pub(crate) password: Option<String>,
}

impl Order {
    pub(crate) fn portion(&self) -> Portion {
        Portion {
            from_document: self.from_document,
            from_page: self.from_page,
            only: self.only,
            without_rendering: self.without_rendering,
        }
    }
}

/// A document is about to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Begun {
    pub(crate) index: usize,
    /// What follows the name of the file: nothing, or ` » part`.
    pub(crate) suffix: String,
    pub(crate) media_type: String,
    pub(crate) sha256: String,
}

/// A page is done; what was not read since the last one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageDone {
    pub(crate) page: u32,
    pub(crate) pages: u32,
    pub(crate) unread: Vec<Unread>,
}

/// A document is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) media_type: String,
    pub(crate) sha256: String,
    /// The numbers of its pages, each of which was sent.
    pub(crate) pages: Vec<u32>,
    /// Everything of it that was not read.
    pub(crate) unread: Vec<Unread>,
}
