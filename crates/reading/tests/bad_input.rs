//! Input that lies, ends early or means harm: an answer with a reason, never a panic, never silence.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use cartulary_model::document::UnreadReason;
use cartulary_reading::{ReadDocument, Reader, ReaderOptions};

const LETTER: &[u8] = include_bytes!("fixtures/letter.pdf");
const ENCRYPTED: &[u8] = include_bytes!("fixtures/encrypted.pdf");
const NO_PAGES: &[u8] = include_bytes!("fixtures/no_pages.pdf");

fn read(bytes: &[u8]) -> Vec<ReadDocument> {
    let reader =
        Reader::new(ReaderOptions { models_dir: Some("no models here".into()), ..ReaderOptions::default() });
    reader.read("sent.bin", bytes, &|_| {})
}

/// The one reason why a file of one document was not read.
fn reason(bytes: &[u8]) -> UnreadReason {
    let documents = read(bytes);
    assert_eq!(documents.len(), 1);
    let source = &documents[0].source;
    assert_eq!(source.unread.len(), 1, "{:?}", source.unread);
    source.unread[0].reason
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 7u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// A grey JPEG of 320 x 200.
fn jpeg() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(320, 200, image::Rgb([200; 3]))
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn an_empty_file_is_empty() {
    assert_eq!(reason(b""), UnreadReason::Empty);
}

#[test]
fn a_file_greater_than_the_limit_is_not_opened() {
    let mut pdf = LETTER.to_vec();
    pdf.resize(51 * 1024 * 1024, b' ');
    assert_eq!(reason(&pdf), UnreadReason::TooLarge);
}

#[test]
fn forty_megabytes_of_nothing_are_answered() {
    assert_eq!(reason(&noise(40 * 1024 * 1024)), UnreadReason::UnsupportedType);
    let zeros = vec![0; 40 * 1024 * 1024];
    assert_eq!(reason(&zeros), UnreadReason::UnsupportedType);
}

#[test]
fn a_video_is_named_as_one() {
    let documents = read(b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free");
    let source = &documents[0].source;
    assert_eq!(source.media_type, "video/mp4");
    assert_eq!(source.unread[0].reason, UnreadReason::UnsupportedType);
    assert!(source.unread[0].detail.contains("a video"));
}

#[test]
fn an_encrypted_pdf_asks_for_a_password() {
    assert_eq!(reason(ENCRYPTED), UnreadReason::Encrypted);
}

#[test]
fn a_pdf_without_pages_is_not_read_as_empty() {
    assert_eq!(reason(NO_PAGES), UnreadReason::NoPages);
}

#[test]
fn a_cut_pdf_is_read_or_refused_and_never_silent() {
    for length in (1..LETTER.len()).step_by(23) {
        for document in read(&LETTER[..length]) {
            let lines = document.source.pages.iter().map(|page| page.lines.len());
            let silent = lines.sum::<usize>() == 0 && document.source.unread.is_empty();
            assert!(!silent, "cut at {length}");
        }
    }
}

#[test]
fn a_cut_photograph_is_reported_as_damaged() {
    let whole = jpeg();
    assert_eq!(reason(&whole), UnreadReason::NoModels);
    let cut = &read(&whole[..whole.len() - 20])[0].source;
    let reasons: Vec<UnreadReason> = cut.unread.iter().map(|unread| unread.reason).collect();
    assert!(reasons.contains(&UnreadReason::Damaged), "{reasons:?}");
}

#[test]
fn changed_bytes_do_not_bring_the_reader_down() {
    let junk = noise(4 * 300);
    for change in junk.chunks_exact(4) {
        for original in [LETTER, &jpeg()] {
            let mut bytes = original.to_vec();
            let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % bytes.len();
            bytes[at] = change[2];
            assert!(!read(&bytes).is_empty());
        }
    }
}

#[test]
fn without_models_the_page_is_there_and_says_what_to_do() {
    let documents = read(&jpeg());
    let source = &documents[0].source;
    assert_eq!((source.pages[0].width, source.pages[0].height), (320, 200));
    assert_eq!(source.unread[0].page, Some(1));
    assert!(source.unread[0].detail.contains("models/get"));
}
