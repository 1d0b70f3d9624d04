//! Reading a portion of a file, and hearing of what is read: what a parent needs that reads in children.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use cartulary_model::document::UnreadReason;
use cartulary_reading::{
    Begun, Listener, PageDone, PageImage, Portion, ReadDocument, Reader, ReaderOptions, Silence, drawn_over,
};
use std::sync::Mutex;

const TWO_PAGES: &[u8] =
    include_bytes!("../../../examples/cases/primary-refractory/papers/04-oncology-letter.pdf");
const SCAN: &[u8] =
    include_bytes!("../../../examples/cases/transformed-follicular/papers/05-fish-ngs-2023.pdf");
const PICTURE: &[u8] = include_bytes!("fixtures/bilingual.png");
const LOCKED: &[u8] = include_bytes!("fixtures/encrypted.pdf");

/// Writes down what it hears.
#[derive(Default)]
struct Ear(Mutex<Vec<String>>);

impl Ear {
    fn heard(self) -> Vec<String> {
        self.0.into_inner().unwrap()
    }

    fn note(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }
}

impl Listener for Ear {
    fn begins(&self, document: &Begun<'_>) {
        self.note(format!("begins {} {} {}", document.index, document.name, document.bytes.len()));
    }

    fn counted(&self, pages: u32) {
        self.note(format!("has {pages}"));
    }

    fn needs_recognition(&self) {
        self.note("needs recognition".to_owned());
    }

    fn page_done(&self, done: &PageDone<'_>) {
        let PageDone { page, pages, read, unread, .. } = done;
        self.note(format!("page {page} of {pages}, {} read, {} unread", read.len(), unread.len()));
    }

    fn ends(&self, document: &ReadDocument) {
        self.note(format!("ends with {}", document.source.pages.len()));
    }
}

fn reader() -> Reader {
    Reader::new(ReaderOptions { models_dir: Some("no models here".into()), ..ReaderOptions::default() })
}

fn pages(bytes: &[u8], portion: Portion) -> Vec<u32> {
    let documents = reader().read_portion("a", bytes, portion, &Silence);
    documents.iter().flat_map(|document| &document.source.pages).map(|page| page.number).collect()
}

fn mail(parts: &[&str]) -> Vec<u8> {
    let mut mail = "From: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n\
                    Content-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\nbody\r\n"
        .to_owned();
    for (number, part) in parts.iter().enumerate() {
        mail.push_str(&format!(
            "--b1\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"{number}.txt\"\r\n\r\n{part}\r\n"
        ));
    }
    mail.push_str("--b1--\r\n");
    mail.into_bytes()
}

#[test]
fn each_page_is_heard_of_when_it_is_done() {
    let ear = Ear::default();
    reader().read_portion("a.pdf", TWO_PAGES, Portion::default(), &ear);
    let begins = format!("begins 0 a.pdf {}", TWO_PAGES.len());
    let expected =
        [&begins, "has 2", "page 1 of 2, 1 read, 0 unread", "page 2 of 2, 2 read, 0 unread", "ends with 2"];
    assert_eq!(ear.heard(), expected);
}

#[test]
fn reading_goes_on_at_a_page_and_can_be_of_one_only() {
    let from = |from_page, only| pages(TWO_PAGES, Portion { from_page, only, ..Portion::default() });
    assert_eq!(from(0, false), [1, 2]);
    assert_eq!(from(2, false), [2]);
    assert_eq!(from(1, true), [1]);
    assert_eq!(from(3, false), [0; 0]);
}

#[test]
fn reading_goes_on_at_a_part_and_counts_as_before() {
    let mail = mail(&["one", "two"]);
    let read = |from_document, only| {
        let portion = Portion { from_document, only, ..Portion::default() };
        let documents = reader().read_portion("m", &mail, portion, &Silence);
        documents.into_iter().map(|document| document.source.name).collect::<Vec<_>>()
    };
    let all = ["m", "m » 0.txt", "m » 1.txt"];
    assert_eq!(read(0, false), all);
    assert_eq!(read(1, false), all[1..]);
    assert_eq!(read(1, true), all[1..2]);
    assert_eq!(read(0, true), all[..1]);
    assert_eq!(read(3, false), [""; 0]);
}

#[test]
fn a_need_for_recognition_is_said_before_the_work_for_it() {
    for (bytes, before) in [(PICTURE, 1), (SCAN, 2)] {
        let ear = Ear::default();
        reader().read_portion("a", bytes, Portion::default(), &ear);
        assert_eq!(ear.heard()[before], "needs recognition");
    }
    let ear = Ear::default();
    reader().read_portion("a", TWO_PAGES, Portion::default(), &ear);
    assert!(!ear.heard().contains(&"needs recognition".to_owned()));
}

#[test]
fn without_rendering_a_page_with_text_is_read_and_a_picture_is_unread() {
    let careful = Portion { without_rendering: true, ..Portion::default() };
    assert_eq!(pages(TWO_PAGES, careful), [1, 2]);
    let ear = Ear::default();
    let documents = reader().read_portion("a", SCAN, careful, &ear);
    let unread = &documents[0].source.unread;
    assert_eq!((unread[0].page, unread[0].reason), (Some(1), UnreadReason::ReaderFailed));
    assert!(!ear.heard().contains(&"needs recognition".to_owned()));
}

#[test]
fn a_password_opens_a_locked_pdf() {
    let mut reader = reader();
    let mut reason = |password: Option<&str>| {
        reader.set_password(password.map(str::to_owned));
        let documents = reader.read("a", LOCKED, &|_| {});
        (
            documents[0].source.pages.len(),
            documents[0].source.unread.first().map(|unread| unread.detail.clone()),
        )
    };
    assert_eq!(reason(Some("secret")), (1, None));
    assert!(reason(None).1.is_some_and(|detail| detail.contains("needs a password")));
    assert!(reason(Some("guess")).1.is_some_and(|detail| detail.contains("that was given")));
}

#[test]
fn what_is_no_picture_is_not_drawn_over() {
    let image = PageImage { page: 1, media_type: "image/jpeg", bytes: b"<svg/>".to_vec() };
    let page = cartulary_model::Page { number: 1, width: 9, height: 9, ..Default::default() };
    assert_eq!(drawn_over(&page, &image), None);
}
