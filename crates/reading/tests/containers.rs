//! Mails and archives: every part is a document, limits hold over all of them.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use cartulary_model::document::UnreadReason;
use cartulary_reading::{ReadDocument, Reader, ReaderOptions};
use std::io::{Cursor, Write};
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;

const LETTER: &[u8] = include_bytes!("fixtures/letter.pdf");

fn read(name: &str, bytes: &[u8]) -> Vec<ReadDocument> {
    Reader::new(ReaderOptions::default()).read(name, bytes, &|_| {})
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn text(document: &ReadDocument) -> String {
    let lines = document.source.pages.iter().flat_map(|page| &page.lines);
    lines.map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_part_of_an_archive_is_a_document() {
    let bytes = zipped(&[("scans/letter.pdf", LETTER), ("note.txt", "血小板 45".as_bytes())]);
    let documents = read("papers.zip", &bytes);
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0].source.name, "papers.zip » scans/letter.pdf");
    assert!(text(&documents[0]).contains("Follicular lymphoma"));
    assert_eq!(text(&documents[1]), "血小板 45");
}

#[test]
fn the_same_bytes_are_the_same_document_wherever_they_came_from() {
    let alone = &read("a.pdf", LETTER)[0].source;
    let zipped = &read("b.zip", &zipped(&[("c.pdf", LETTER)]))[0].source;
    assert_eq!(alone.id, zipped.id);
    assert!(alone.sha256.starts_with(alone.id.as_str()) && alone.id.as_str().len() == 16);
}

#[test]
fn archives_in_archives_end_at_the_second() {
    let one = zipped(&[("note.txt", b"deep")]);
    let two = zipped(&[("one.zip", &one)]);
    let three = zipped(&[("two.zip", &two)]);
    assert_eq!(text(&read("two.zip", &two)[0]), "deep");
    let refused = &read("three.zip", &three)[0].source;
    assert_eq!(refused.unread[0].reason, UnreadReason::TooMany);
}

#[test]
fn a_thousand_parts_are_read_and_the_rest_is_reported_once() {
    let names: Vec<String> = (0..1005).map(|number| format!("{number}.txt")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let documents = read("many.zip", &zipped(&parts));
    assert_eq!(documents.len(), 1001);
    let last = &documents[1000].source;
    assert_eq!(last.name, "many.zip");
    assert_eq!(last.unread[0].reason, UnreadReason::TooMany);
}

#[test]
fn an_empty_archive_says_so() {
    assert_eq!(read("empty.zip", &zipped(&[]))[0].source.unread[0].reason, UnreadReason::NoPages);
}

#[test]
fn a_mail_gives_its_words_and_its_attachments() {
    let mail = "From: a@example.org\r\nTo: b@example.org\r\nSubject: Report of my mother\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n\
        --b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear doctors, 请看附件。\r\n\
        --b1\r\nContent-Type: application/pdf; name=\"letter.pdf\"\r\n\r\n";
    let mut bytes = mail.as_bytes().to_vec();
    bytes.extend_from_slice(LETTER);
    bytes.extend_from_slice(b"\r\n--b1--\r\n");
    let documents = read("letter.eml", &bytes);
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0].source.name, "letter.eml");
    assert!(text(&documents[0]).contains("请看附件"));
    assert_eq!(documents[1].source.name, "letter.eml » letter.pdf");
    assert!(text(&documents[1]).contains("Follicular lymphoma"));
}

#[test]
fn a_locked_part_needs_its_password() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let locked = SimpleFileOptions::default().with_deprecated_encryption(b"open sesame").unwrap();
    writer.start_file("note.txt", locked).unwrap();
    writer.write_all("血小板 45".as_bytes()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    let with = |password: Option<&str>| {
        let options = ReaderOptions { password: password.map(str::to_owned), ..ReaderOptions::default() };
        Reader::new(options).read("a.zip", &bytes, &|_| {}).remove(0)
    };
    assert_eq!(text(&with(Some("open sesame"))), "血小板 45");
    for refused in [with(None), with(Some("wrong"))] {
        assert_eq!(refused.source.unread[0].reason, UnreadReason::Encrypted);
    }
}
