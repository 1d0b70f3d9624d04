//! What a child does once it is locked in: reads its document and says each page as it is done.

use crate::linux::zygote::{Outlet, Work};
use crate::wire::{Begun, Ended, Order, PageDone, kind};
use cartulary_model::{Page, Unread};
use cartulary_reading::{Listener, PageImage, ReadDocument, Reader, drawn_over};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Reads documents for a parent that waits at the other end of a pipe.
pub struct ReadingWork {
    reader: Reader,
}

impl ReadingWork {
    /// Works with this reader, which is loaded in the zygote.
    pub fn new(reader: Reader) -> Self {
        Self { reader }
    }
}

impl Work for ReadingWork {
    fn prepare(&mut self, heavy: bool) {
        self.reader.prepare(heavy);
    }

    fn run(&mut self, order: &[u8], input: Vec<u8>, outlet: &Outlet) {
        // Without an order that can be understood there is no FINISHED, and the parent knows that something is wrong.
        let Ok(order) = serde_json::from_slice::<Order>(order) else { return };
        self.reader.set_threads(order.threads);
        self.reader.set_keep_images(order.pictures || order.drawn_over);
        self.reader.set_password(order.password.clone());
        let portion = order.portion();
        let clerk = Clerk { outlet, order, sent: Mutex::default() };
        // The name of the file is not this process's to know.
        self.reader.read_portion("", &input, portion, &clerk);
        outlet.send(kind::FINISHED, &[]);
    }
}

/// Writes down for the parent what the reader says.
struct Clerk<'a> {
    outlet: &'a Outlet,
    order: Order,
    sent: Mutex<Sent>,
}

/// What was sent of the current document.
#[derive(Default)]
struct Sent {
    /// Each page as it was sent, to see whether it changed since.
    pages: BTreeMap<u32, Vec<u8>>,
    counted: usize,
    images: usize,
    unread: usize,
}

impl Clerk<'_> {
    fn say(&self, kind: u8, what: &impl Serialize) {
        match serde_json::to_vec(what) {
            Ok(body) => self.outlet.send(kind, &body),
            // Nothing we send can fail to be written; if it does, an answer that stops says so.
            Err(_) => self.outlet.finish(),
        }
    }

    fn sent(&self) -> MutexGuard<'_, Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn page(&self, sent: &mut Sent, page: &Page) {
        let Ok(body) = serde_json::to_vec(&within(page)) else { return };
        if sent.pages.get(&page.number) != Some(&body) {
            self.outlet.send(kind::PAGE, &body);
            sent.pages.insert(page.number, body);
        }
    }

    /// Sends what is new of a document since the last time.
    fn news(&self, sent: &mut Sent, pages: &[Page], images: &[PageImage]) {
        for page in pages.iter().skip(sent.counted) {
            self.page(sent, page);
        }
        for image in images.iter().skip(sent.images) {
            let over = self.order.drawn_over.then(|| pages.iter().find(|page| page.number == image.page));
            let drawn = over.flatten().and_then(|page| drawn_over(page, image));
            self.picture(drawn.as_ref().unwrap_or(image));
        }
        (sent.counted, sent.images) = (pages.len(), images.len());
    }

    fn picture(&self, image: &PageImage) {
        let mut body = image.page.to_le_bytes().to_vec();
        body.extend(&image.bytes);
        self.outlet.send(kind::PICTURE, &body);
    }
}

impl Listener for Clerk<'_> {
    fn begins(&self, document: &cartulary_reading::Begun<'_>) {
        *self.sent() = Sent::default();
        self.say(
            kind::BEGUN,
            &Begun {
                index: document.index,
                suffix: document.name.to_owned(),
                media_type: document.media_type.to_owned(),
                sha256: sha256(document.bytes),
            },
        );
    }

    fn counted(&self, pages: u32) {
        self.say(kind::COUNTED, &pages);
    }

    fn needs_recognition(&self) {
        if !self.order.recognition {
            self.outlet.send(kind::NEEDS_RECOGNITION, &[]);
            self.outlet.finish();
        }
    }

    fn page_done(&self, done: &cartulary_reading::PageDone<'_>) {
        let mut sent = self.sent();
        self.news(&mut sent, done.read, done.images);
        let unread: Vec<Unread> = done.unread.iter().skip(sent.unread).cloned().collect();
        sent.unread = done.unread.len();
        self.say(kind::DONE, &PageDone { page: done.page, pages: done.pages, unread });
    }

    fn ends(&self, document: &ReadDocument) {
        let mut sent = self.sent();
        let ReadDocument { source, images } = document;
        self.news(&mut sent, &source.pages, images);
        // A reader may say more of a page at the end, when it has seen the others.
        for page in &source.pages {
            self.page(&mut sent, page);
        }
        self.say(
            kind::ENDED,
            &Ended {
                media_type: source.media_type.clone(),
                sha256: source.sha256.clone(),
                pages: source.pages.iter().map(|page| page.number).collect(),
                unread: source.unread.clone(),
            },
        );
    }
}

/// The page with every place inside it: the parent refuses what is not.
fn within(page: &Page) -> Page {
    let (width, height) = (page.width as f32, page.height as f32);
    let mut page = page.clone();
    for line in &mut page.lines {
        for [x, y] in &mut line.quad.0 {
            *x = x.clamp(0.0, width);
            *y = y.clamp(0.0, height);
        }
        line.confidence = line.confidence.clamp(0.0, 1.0);
        line.char_edges.iter_mut().for_each(|edge| *edge = edge.clamp(0.0, 1.0));
    }
    page
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
