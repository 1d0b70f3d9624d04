//! Each format that people send, from bytes to pages: found by content, with its type, its pages, its parts.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use cartulary_model::document::UnreadReason;
use cartulary_reading::{ReadDocument, Reader, ReaderOptions};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn read(bytes: &[u8]) -> Vec<ReadDocument> {
    let reader =
        Reader::new(ReaderOptions { models_dir: Some("no models here".into()), ..ReaderOptions::default() });
    reader.read("IMG_0001.jpg", bytes, &|_| {})
}

fn text(document: &ReadDocument) -> String {
    document.source.pages.iter().map(cartulary_model::Page::text).collect()
}

/// Media type and sizes of the pages of a file of pictures.
fn pictures(bytes: &[u8]) -> (String, Vec<(u32, u32)>) {
    let source = read(bytes).remove(0).source;
    assert!(
        source.unread.iter().all(|unread| unread.reason == UnreadReason::NoModels),
        "{:?}",
        source.unread
    );
    (source.media_type, source.pages.iter().map(|page| (page.width, page.height)).collect())
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_photograph_of_a_phone_is_a_page() {
    assert_eq!(pictures(include_bytes!("fixtures/one.heic")), ("image/heic".into(), vec![(96, 64)]));
    assert_eq!(pictures(include_bytes!("fixtures/grid.heic")), ("image/heic".into(), vec![(64, 128)]));
}

#[test]
fn each_sheet_of_a_fax_is_a_page() {
    let expected = ("image/tiff".into(), vec![(200, 100), (200, 100)]);
    assert_eq!(pictures(include_bytes!("fixtures/fax.tif")), expected);
}

#[test]
fn of_moving_pictures_the_first_is_a_page() {
    assert_eq!(pictures(include_bytes!("fixtures/moving.gif")), ("image/gif".into(), vec![(200, 100)]));
    assert_eq!(pictures(include_bytes!("fixtures/moving.webp")), ("image/webp".into(), vec![(200, 100)]));
}

#[test]
fn an_old_workbook_is_a_table_on_a_page() {
    let document = read(include_bytes!("fixtures/lab.xls")).remove(0);
    assert_eq!(document.source.media_type, "application/vnd.ms-excel");
    let lines = &document.source.pages[0].lines;
    let place = |text: &str| lines.iter().find(|line| line.text == text).unwrap().quad.bounds();
    assert_eq!(place("PLT")[1], place("2024-03-05")[1]);
    assert_eq!(place("结果")[0], place("45.5")[0]);
}

#[test]
fn texts_of_every_kind_are_found_by_their_bytes() {
    let gbk = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let table: &[(Vec<u8>, &str, &str)] = &[
        (br"{\rtf1\ansicpg936 \'d1\'aa\'d0\'a1\'b0\'e5 45\par}".to_vec(), "application/rtf", "血小板 45\n"),
        (
            gbk("项目,结果,单位\n血小板,45,G/L\n血红蛋白,102,g/L\n"),
            "text/csv",
            "项目\n结果\n单位\n血小板\n45\nG/L\n血红蛋白\n102\ng/L\n",
        ),
        (b"Item\tValue\nPLT\t45\n".to_vec(), "text/tab-separated-values", "Item\nValue\nPLT\n45\n"),
        ("<table><tr><td>PLT<td>45</table>".into(), "text/html", "PLT\n45\n"),
        ([b"<html><meta charset=gb2312><p>".to_vec(), gbk("血小板 45")].concat(), "text/html", "血小板 45\n"),
        (gbk("血小板 45"), "text/plain", "血小板 45\n"),
    ];
    for (bytes, media_type, expected) in table {
        let document = read(bytes).remove(0);
        assert_eq!(document.source.media_type, *media_type);
        assert_eq!(text(&document), *expected);
    }
}

#[test]
fn a_file_in_a_word_file_is_a_document() {
    let document = b"<w:document><w:body><w:p><w:r><w:t>letter</w:t></w:r></w:p></w:body></w:document>";
    let documents = read(&zipped(&[
        ("word/document.xml", document),
        ("word/embeddings/lab.xls", include_bytes!("fixtures/lab.xls")),
    ]));
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[1].source.name, "IMG_0001.jpg » word/embeddings/lab.xls");
    assert!(text(&documents[1]).contains("PLT"));
}

#[test]
fn a_drawing_in_a_word_file_is_named() {
    let mut metafile = vec![0; 60];
    metafile[..4].copy_from_slice(&[1, 0, 0, 0]);
    metafile[40..44].copy_from_slice(b" EMF");
    let document = b"<w:document><w:body><w:p><w:r><w:t>letter</w:t></w:r></w:p></w:body></w:document>";
    let source = read(&zipped(&[("word/document.xml", document), ("word/media/image1.emf", &metafile)]))
        .remove(0)
        .source;
    assert_eq!(source.unread.len(), 1);
    assert!(source.unread[0].detail.contains("Windows Metafile"), "{:?}", source.unread);
}

#[test]
fn what_is_not_read_says_what_it_is_and_what_to_do() {
    let mut tnef = vec![0x78, 0x9f, 0x3e, 0x22];
    tnef.extend([1; 60]);
    let table: &[(&[u8], &str, &str)] = &[
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "image/avif", "send it as JPEG"),
        (&tnef, "application/ms-tnef", "ask for the papers as plain attachments"),
        (b"Rar!\x1a\x07\x01\0", "application/vnd.rar", "send it as ZIP"),
        (b"\0\0\0\x20ftypqt  \0\0\x02\0qt  ", "video/mp4", "a video"),
    ];
    for (bytes, media_type, words) in table {
        let source = read(bytes).remove(0).source;
        assert_eq!(source.media_type, *media_type);
        assert_eq!(source.unread[0].reason, UnreadReason::UnsupportedType);
        assert!(source.unread[0].detail.contains(words), "{:?}", source.unread);
    }
}

#[test]
fn a_text_longer_than_three_hundred_pages_is_cut_and_said() {
    let source = read("line of words\n".repeat(30_000).as_bytes()).remove(0).source;
    assert_eq!(source.pages.len(), 300);
    assert_eq!(source.unread[0].reason, UnreadReason::TooMany);
}
