//! What is said of a file while it is read, and which portion of it to read.
//!
//! Whoever reads in a process of its own hears of each page as it is done, so that the pages before a crash are kept,
//! and can ask for what follows the page at which it happened.

use crate::reader::{PageImage, ReadDocument};
use cartulary_model::{Page, Unread};

/// Hears of documents and pages as they are read. Every method may be left out.
pub trait Listener: Sync {
    /// A document, or a part of a container, is about to be read.
    fn begins(&self, _document: &Begun<'_>) {}

    /// The document has so many pages that are read one after the other; reading may begin at any of them.
    fn counted(&self, _pages: u32) {}

    /// Text recognition is about to be needed for the first time.
    fn needs_recognition(&self) {}

    /// A page is done.
    fn page_done(&self, _done: &PageDone<'_>) {}

    /// A document is done.
    fn ends(&self, _document: &ReadDocument) {}
}

/// A document that is about to be read.
#[derive(Clone, Copy, Debug)]
pub struct Begun<'a> {
    /// Which document of the file, from 0, in the order in which they are met.
    pub index: usize,
    /// Its name; parts of a container are written `letter.eml » report.pdf`.
    pub name: &'a str,
    /// The type found in the bytes.
    pub media_type: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// A page that is done, with all that was read of its document so far.
#[derive(Clone, Copy, Debug)]
pub struct PageDone<'a> {
    /// The document's name.
    pub document: &'a str,
    /// The page, from 1.
    pub page: u32,
    /// How many pages the document has.
    pub pages: u32,
    /// The pages so far.
    pub read: &'a [Page],
    /// Their pictures.
    pub images: &'a [PageImage],
    /// What was not read so far.
    pub unread: &'a [Unread],
}

/// Which documents and pages of a file to read, and how. The default is everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Portion {
    /// Documents before this one, counted from 0, are passed over.
    pub from_document: usize,
    /// Pages of the first document before this one, counted from 1, are passed over where pages can be read singly.
    pub from_page: u32,
    /// Reads only that one document, and of it only that page where pages can be read singly and it is not 0.
    pub only: bool,
    /// Renders no page: what has no text layer is *unread*.
    pub without_rendering: bool,
}

impl Portion {
    /// Whether it holds the document of this index.
    pub(crate) fn has_document(&self, index: usize) -> bool {
        if self.only { index == self.from_document } else { index >= self.from_document }
    }

    /// The portion of pages of the document of this index.
    pub(crate) fn pages_of(&self, index: usize, count: u32) -> std::ops::RangeInclusive<u32> {
        if index != self.from_document || self.from_page == 0 {
            return 1..=count;
        }
        self.from_page..=if self.only { self.from_page.min(count) } else { count }
    }
}

/// Nobody listens.
#[derive(Clone, Copy, Debug)]
pub struct Silence;

impl Listener for Silence {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_portion_is_everything() {
        let all = Portion::default();
        assert!(all.has_document(0) && all.has_document(999));
        assert_eq!(all.pages_of(0, 7), 1..=7);
    }

    #[test]
    fn reading_goes_on_after_a_page_of_one_document_only() {
        let rest = Portion { from_document: 2, from_page: 4, ..Portion::default() };
        assert!(!rest.has_document(1) && rest.has_document(2) && rest.has_document(3));
        assert_eq!((rest.pages_of(2, 7), rest.pages_of(3, 7)), (4..=7, 1..=7));
        let one = Portion { only: true, ..rest };
        assert!(!one.has_document(3));
        assert_eq!(one.pages_of(2, 7), 4..=4);
        assert_eq!(one.pages_of(2, 3).count(), 0);
    }
}
