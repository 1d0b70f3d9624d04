//! Puts together what one or several children say of a file, after it was judged.

use crate::judge::{self, Unsound};
use crate::limits::{ANSWER_BYTES, DEATHS, PICTURE_BYTES};
use crate::wire::{Begun, Ended, PageDone, kind};
use crate::work::sha256;
use cartulary_model::document::UnreadReason;
use cartulary_model::{DocumentId, Origin, Page, SourceDocument, Unread};
use cartulary_reading::{PageImage, ReadDocument};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The answer for one file as far as it has come.
pub(crate) struct Draft<'a> {
    name: &'a str,
    sha256: String,
    documents: Vec<Document>,
    /// What concerns no document that was met.
    unread: Vec<Unread>,
    bytes: usize,
    picture_bytes: usize,
    /// Pages with recognised text, each of which prolongs the time.
    pub(crate) recognised: u32,
}

/// One document of the file.
#[derive(Default)]
struct Document {
    suffix: String,
    media_type: String,
    sha256: String,
    pages: BTreeMap<u32, Page>,
    images: BTreeMap<u32, PageImage>,
    /// Known for good.
    unread: Vec<Unread>,
    /// Said by the child that reads it now; replaced by what it says at the end.
    unread_so_far: Vec<Unread>,
    counted: Option<u32>,
    /// The last page that is done.
    done: u32,
    ended: bool,
}

/// What a frame means for the course of things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// Goes on.
    Nothing,
    /// A page is done: of this document, this page of so many.
    Page { document: String, page: u32, pages: u32 },
    /// A document is done.
    Document,
    /// Text recognition is needed.
    NeedsRecognition,
    /// All is done.
    Finished,
    /// The answer is longer than allowed; what came so far is kept.
    TooLong,
}

/// Where reading stands: in this document, before this page of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) document: usize,
    pub(crate) page: u32,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(name: &'a str, bytes: &[u8]) -> Self {
        Self {
            name,
            sha256: sha256(bytes),
            documents: Vec::new(),
            unread: Vec::new(),
            bytes: 0,
            picture_bytes: 0,
            recognised: 0,
        }
    }

    /// Takes a frame.
    pub(crate) fn take(&mut self, kind: u8, body: Vec<u8>) -> Result<News, Unsound> {
        if kind == kind::PICTURE {
            self.picture_bytes += body.len();
        } else {
            self.bytes += body.len();
        }
        if self.bytes > ANSWER_BYTES || self.picture_bytes > PICTURE_BYTES {
            return Ok(News::TooLong);
        }
        match kind {
            kind::BEGUN => self.begun(parsed(&body)?),
            kind::COUNTED => self.counted(parsed(&body)?),
            kind::PAGE => self.page(parsed(&body)?),
            kind::PICTURE => self.picture(&body),
            kind::DONE => self.page_done(parsed(&body)?),
            kind::ENDED => self.ended(parsed(&body)?),
            kind::NEEDS_RECOGNITION => Ok(News::NeedsRecognition),
            kind::FINISHED if self.open().is_ok() => Err(Unsound("an end before the end of a document")),
            kind::FINISHED => Ok(News::Finished),
            _ => Err(Unsound("a frame of no known kind")),
        }
    }

    fn begun(&mut self, begun: Begun) -> Result<News, Unsound> {
        judge::begun(&begun)?;
        let Begun { index, suffix, media_type, sha256 } = begun;
        if suffix.is_empty() && sha256 != self.sha256 {
            return Err(Unsound("the digest of the file"));
        }
        if self.open().is_ok() && index + 1 != self.documents.len() {
            return Err(Unsound("a document before the end of another"));
        }
        let count = self.documents.len();
        match self.documents.get_mut(index) {
            // Another child goes on with it.
            Some(known) if index + 1 == count && !known.ended => known.unread_so_far.clear(),
            Some(_) => return Err(Unsound("a document for the second time")),
            None if index == count => {
                self.documents.push(Document { suffix, media_type, sha256, ..Document::default() });
            }
            None => return Err(Unsound("the number of a document")),
        }
        Ok(News::Nothing)
    }

    /// The document that has begun and not ended.
    fn open(&mut self) -> Result<&mut Document, Unsound> {
        let open = self.documents.last_mut().filter(|document| !document.ended);
        open.ok_or(Unsound("a page of no document"))
    }

    fn counted(&mut self, pages: u32) -> Result<News, Unsound> {
        if pages > judge::MOST_PAGES {
            return Err(Unsound("the number of pages"));
        }
        self.open()?.counted = Some(pages);
        Ok(News::Nothing)
    }

    fn page(&mut self, page: Page) -> Result<News, Unsound> {
        judge::page(&page)?;
        let recognised = page.origin == Origin::Ocr;
        let replaced = self.open()?.pages.insert(page.number, page);
        self.recognised += u32::from(recognised && replaced.is_none());
        Ok(News::Nothing)
    }

    fn picture(&mut self, body: &[u8]) -> Result<News, Unsound> {
        let (number, bytes) = body.split_first_chunk::<4>().ok_or(Unsound("a picture of no page"))?;
        judge::picture(bytes)?;
        let page = u32::from_le_bytes(*number);
        let document = self.open()?;
        if document.images.len() >= judge::MOST_PAGES as usize {
            return Err(Unsound("the number of pictures"));
        }
        let image = PageImage { page, media_type: "image/jpeg", bytes: bytes.to_vec() };
        document.images.insert(page, image);
        Ok(News::Nothing)
    }

    fn page_done(&mut self, done: PageDone) -> Result<News, Unsound> {
        judge::done(&done)?;
        let name = self.name;
        let document = self.open()?;
        document.unread_so_far.extend(done.unread);
        if document.unread_so_far.len() > judge::MOST_PAGES as usize {
            return Err(Unsound("how much was not read"));
        }
        document.done = done.page;
        let document = format!("{name}{}", document.suffix);
        Ok(News::Page { document, page: done.page, pages: done.pages })
    }

    fn ended(&mut self, ended: Ended) -> Result<News, Unsound> {
        judge::ended(&ended)?;
        let document = self.open()?;
        if ended.sha256 != document.sha256 {
            return Err(Unsound("the digest of a document"));
        }
        if ended.pages.iter().any(|page| !document.pages.contains_key(page)) {
            return Err(Unsound("a page that was not sent"));
        }
        document.media_type = ended.media_type;
        document.unread_so_far = ended.unread;
        document.ended = true;
        document.settle();
        Ok(News::Document)
    }

    /// Where the child that just ended, however it ended, has come to.
    pub(crate) fn place(&mut self) -> Place {
        match self.open() {
            Ok(open) => {
                let page = if open.counted.is_some() { open.done + 1 } else { 0 };
                open.settle();
                Place { document: self.documents.len() - 1, page }
            }
            Err(_) => Place { document: self.documents.len(), page: 0 },
        }
    }

    /// Gives up on a place, with the reason, and goes to the next one; nothing when there is none that is known of.
    pub(crate) fn give_up(&mut self, place: Place, reason: &str) -> Option<Place> {
        let page = (place.page > 0).then_some(place.page);
        let unread = Unread { page, reason: UnreadReason::ReaderFailed, detail: reason.to_owned() };
        let Ok(open) = self.open() else {
            // It died between documents, or before the first: in the container itself.
            self.unread.push(unread);
            return None;
        };
        open.unread.push(unread);
        open.done = place.page;
        if open.counted.is_some_and(|pages| place.page > 0 && place.page < pages) {
            return Some(Place { page: place.page + 1, ..place });
        }
        open.ended = true;
        Some(Place { document: place.document + 1, page: 0 })
    }

    /// Whether the document at the place has ended, or a page of it is done: a second try has succeeded.
    pub(crate) fn is_past(&self, place: Place) -> bool {
        self.documents
            .get(place.document)
            .is_some_and(|document| document.ended || (place.page > 0 && document.done >= place.page))
    }

    /// Says of a page that could be read in no careful way what ended the child that read it in the usual one.
    pub(crate) fn explain(&mut self, place: Place, reason: &str) {
        let Some(document) = self.documents.get_mut(place.document) else { return };
        let of_page = |unread: &&mut Unread| unread.page.is_some() && unread.page == Some(place.page);
        for unread in document.unread.iter_mut().filter(of_page) {
            if unread.reason == UnreadReason::ReaderFailed {
                reason.clone_into(&mut unread.detail);
            }
        }
    }

    /// Opens the last document again for the pages that follow, after a child was to read one page of it only.
    pub(crate) fn reopen_after(&mut self, place: Place) -> Place {
        let Some(document) = self.documents.get_mut(place.document) else { return place };
        document.done = document.done.max(place.page);
        if document.counted.is_some_and(|pages| place.page > 0 && place.page < pages) {
            document.ended = false;
            return Place { page: place.page + 1, ..place };
        }
        document.ended = true;
        Place { document: place.document + 1, page: 0 }
    }

    /// Adds a reason that concerns the rest of the file.
    pub(crate) fn stop(&mut self, reason: UnreadReason, detail: impl Into<String>) {
        let unread = Unread { page: None, reason, detail: detail.into() };
        match self.documents.last_mut() {
            Some(last) => last.unread.push(unread),
            None => self.unread.push(unread),
        }
    }

    /// Too many deaths: the rest is not tried.
    pub(crate) fn stop_after_deaths(&mut self) {
        let detail = format!("the reader had to be ended {DEATHS} times; the rest was not tried");
        self.stop(UnreadReason::ReaderFailed, detail);
    }

    /// Nothing of the answer can be trusted: the file is unread.
    pub(crate) fn discard(self, unsound: Unsound) -> Vec<ReadDocument> {
        let Unsound(what) = unsound;
        let detail =
            format!("the reader's answer was not sound ({what}); the file may have been made to attack it");
        let unread = Unread { page: None, reason: UnreadReason::ReaderFailed, detail };
        let Self { name, sha256, .. } = self;
        vec![whole(name, sha256, vec![unread])]
    }

    /// The documents. There is at least one, and none is without a page and without a reason.
    pub(crate) fn finish(mut self) -> Vec<ReadDocument> {
        if self.documents.is_empty() && self.unread.is_empty() {
            let detail = "the reader found no document in it".to_owned();
            self.unread.push(Unread { page: None, reason: UnreadReason::NoPages, detail });
        }
        let name = self.name;
        let mut documents: Vec<ReadDocument> =
            self.documents.into_iter().map(|document| document.finish(name)).collect();
        if !self.unread.is_empty() {
            documents.push(whole(name, self.sha256, self.unread));
        }
        documents
    }
}

impl Document {
    /// Keeps what the child said of it that reads no more.
    fn settle(&mut self) {
        for unread in std::mem::take(&mut self.unread_so_far) {
            if !self.unread.contains(&unread) {
                self.unread.push(unread);
            }
        }
    }

    fn finish(mut self, name: &str) -> ReadDocument {
        self.settle();
        if self.pages.is_empty() && self.unread.is_empty() {
            let detail = "the reader gave back no page".to_owned();
            self.unread.push(Unread { page: None, reason: UnreadReason::NoPages, detail });
        }
        let source = SourceDocument {
            id: DocumentId::new(&self.sha256[..16]),
            name: format!("{name}{}", self.suffix),
            media_type: self.media_type,
            sha256: self.sha256,
            pages: self.pages.into_values().collect(),
            unread: self.unread,
        };
        ReadDocument { source, images: self.images.into_values().collect() }
    }
}

/// The whole file, of which nothing was read.
fn whole(name: &str, sha256: String, unread: Vec<Unread>) -> ReadDocument {
    let source = SourceDocument {
        id: DocumentId::new(&sha256[..16]),
        name: name.to_owned(),
        media_type: "application/octet-stream".to_owned(),
        sha256,
        pages: Vec::new(),
        unread,
    };
    ReadDocument { source, images: Vec::new() }
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unsound> {
    serde_json::from_slice(body).map_err(|_| Unsound("a frame that is not of its form"))
}
