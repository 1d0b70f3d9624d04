//! Text of a PDF that nobody sees is not read, and the page says that there was some.

#[path = "support/pdf.rs"]
mod pdf;

use cartulary_model::Page;
use cartulary_model::document::{QualityNote, UnreadReason};
use cartulary_reading::{ReadDocument, Reader, ReaderOptions};

const LETTER: &str =
    "BT /F1 12 Tf 72 700 Td (Follicular lymphoma, grade 1-2, stage III, with lesions) Tj ET\n";
const LIE: &str = "(Complete remission, ECOG 0) Tj";

fn read(bytes: &[u8]) -> ReadDocument {
    let reader =
        Reader::new(ReaderOptions { models_dir: Some("no models here".into()), ..ReaderOptions::default() });
    reader.read("a.pdf", bytes, &|_| {}).remove(0)
}

fn page(content: &str) -> Page {
    read(&pdf::page(content)).source.pages.remove(0)
}

fn is_marked(page: &Page) -> bool {
    page.quality.contains(&QualityNote::TextLayerMismatch)
}

/// Reads the letter with something hidden on it.
fn hides(content: &str) {
    let page = page(content);
    assert_eq!(page.text(), "Follicular lymphoma, grade 1-2, stage III, with lesions\n", "{content}");
    assert!(is_marked(&page), "{content}");
}

#[test]
fn a_letter_that_hides_nothing_is_not_marked() {
    let page = page(LETTER);
    assert!(page.text().starts_with("Follicular") && !is_marked(&page));
}

#[test]
fn white_on_white() {
    hides(&format!("{LETTER}1 g BT /F1 12 Tf 72 600 Td {LIE} ET"));
}

#[test]
fn white_on_a_dark_ground_is_seen() {
    let page = page(&format!("{LETTER}0.1 g 60 590 300 30 re f 1 g BT /F1 12 Tf 72 600 Td {LIE} ET"));
    assert!(page.text().contains("Complete remission") && !is_marked(&page));
}

#[test]
fn black_on_black() {
    hides(&format!("{LETTER}0 g 60 590 300 30 re f BT /F1 12 Tf 72 600 Td {LIE} ET"));
}

#[test]
fn without_ink() {
    hides(&format!("{LETTER}BT 3 Tr /F1 12 Tf 72 600 Td {LIE} ET"));
}

#[test]
fn beside_the_page() {
    hides(&format!("{LETTER}BT /F1 12 Tf 700 600 Td {LIE} ET"));
}

#[test]
fn smaller_than_an_eye_can_read() {
    hides(&format!("{LETTER}BT /F1 0.8 Tf 72 600 Td {LIE} ET"));
}

#[test]
fn cut_off_by_a_clip() {
    hides(&format!("{LETTER}q 0 0 50 50 re W n BT /F1 12 Tf 72 600 Td {LIE} ET Q"));
}

#[test]
fn under_a_white_box() {
    hides(&format!("BT /F1 12 Tf 72 600 Td {LIE} ET 1 g 60 590 300 30 re f 0 g {LETTER}"));
}

#[test]
fn under_a_picture_with_strokes_of_its_own() {
    hides(&format!("BT /F1 12 Tf 72 600 Td {LIE} ET q 200 0 0 16 70 596 cm /Im1 Do Q {LETTER}"));
}

#[test]
fn under_a_scan_of_the_whole_page_the_scan_is_read() {
    let long: String = (0..9).map(|line| format!("1 0 0 1 0 -{} cm {LETTER}", 15 + line)).collect();
    let document = read(&pdf::page(&format!("q {long} Q q 595 0 0 842 0 0 cm /Im1 Do Q")));
    let page = &document.source.pages[0];
    assert!(page.lines.is_empty() && is_marked(page));
    assert_eq!(document.source.unread[0].reason, UnreadReason::NoModels);
}

#[test]
fn a_picture_on_a_page_of_text_is_looked_at() {
    let document = read(&pdf::page(&format!("{LETTER}q 300 0 0 300 72 200 cm /Im1 Do Q")));
    assert!(document.source.pages[0].text().starts_with("Follicular"));
    assert_eq!(document.source.unread[0].reason, UnreadReason::NoModels);
}

#[test]
fn a_password_opens_what_it_fits() {
    let with = |password: &str| {
        let options = ReaderOptions { password: Some(password.into()), ..ReaderOptions::default() };
        Reader::new(options).read("a.pdf", include_bytes!("fixtures/locked.pdf"), &|_| {}).remove(0).source
    };
    assert!(with("open sesame").pages[0].text().contains("Follicular lymphoma"));
    let refused = with("wrong");
    assert_eq!((refused.pages.len(), refused.unread[0].reason), (0, UnreadReason::Encrypted));
    let options = ReaderOptions { password: Some("open sesame".into()), ..ReaderOptions::default() };
    assert!(!format!("{options:?}").contains("sesame"));
}
