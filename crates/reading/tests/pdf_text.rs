//! PDF files with a text layer: words, rows, places.

use cartulary_model::{Line, Origin, Page};
use cartulary_reading::{Progress, Reader, ReaderOptions};
use std::sync::Mutex;

fn page(bytes: &[u8]) -> Page {
    let reader = Reader::new(ReaderOptions::default());
    let mut documents = reader.read("a.pdf", bytes, &|_| {});
    assert_eq!(documents[0].source.unread, []);
    documents.remove(0).source.pages.remove(0)
}

fn texts(page: &Page) -> Vec<&str> {
    page.lines.iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn lines_are_read_with_their_places_at_200_dpi() {
    let page = page(include_bytes!("fixtures/letter.pdf"));
    assert_eq!((page.width, page.height, page.origin), (1652, 2338, Origin::Text));
    assert_eq!(texts(&page), ["Follicular lymphoma, grade 1-2, stage III", "PLT 45 x 109"]);
    // 72 points from the left, baseline 72 points from the top.
    let [left, top, right, bottom] = page.lines[0].quad.bounds();
    assert!((left - 200.0).abs() < 2.0 && top < 200.0 && bottom > 200.0, "{left} {top}");
    assert!(right > 700.0 && right < 1000.0);
}

#[test]
fn a_span_of_a_line_stands_where_its_letters_are() {
    let page = page(include_bytes!("fixtures/letter.pdf"));
    let line: &Line = &page.lines[0];
    assert_eq!(line.char_edges.len(), line.text.chars().count() + 1);
    let whole = line.quad.bounds();
    let stage = line.quad_of(32, 41).bounds();
    assert!(stage[0] > whole[0] + 0.7 * (whole[2] - whole[0]) && stage[2] <= whole[2] + 0.5);
}

#[test]
fn a_page_that_is_turned_has_turned_corners() {
    let page = page(include_bytes!("fixtures/rotated.pdf"));
    assert_eq!((page.width, page.height, page.rotation), (2338, 1652, 90));
    let [first, second, ..] = page.lines[0].quad.0;
    assert!(second[1] > first[1] + 400.0, "the line runs downwards");
}

#[test]
fn pictures_and_progress_come_with_the_pages() {
    let reader = Reader::new(ReaderOptions { keep_images: true, ..ReaderOptions::default() });
    let seen = Mutex::new(Vec::new());
    let bytes = include_bytes!("fixtures/letter.pdf");
    let documents = reader.read("a.pdf", bytes, &|done| seen.lock().unwrap().push(done));
    let picture = &documents[0].images[0];
    assert!(picture.page == 1 && picture.bytes.starts_with(b"\xff\xd8"));
    let done = Progress { document: "a.pdf".into(), page: 1, pages: 1 };
    assert_eq!(*seen.lock().unwrap(), [done]);
}
