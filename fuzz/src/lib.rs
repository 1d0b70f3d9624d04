//! What the targets of reading share: one function that reads bytes without models and holds the answer to its promise.

use cartulary_reading::{Reader, ReaderOptions};
use std::io::{Cursor, Write};
use std::sync::LazyLock;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The first bytes of a compound file.
pub const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

static READER: LazyLock<Reader> = LazyLock::new(|| {
    std::panic::set_hook(Box::new(|panic| {
        let ours = panic.location().is_some_and(|place| place.file().contains("crates/"));
        if ours {
            eprintln!("{panic}");
            std::process::abort();
        }
    }));
    let options = ReaderOptions { models_dir: Some("no models here".into()), ..ReaderOptions::default() };
    Reader::new(options)
});

/// Reads a file. Each document must hold text or say why not, and quads and edges must be numbers.
///
/// Panics of foreign parsers are held by the reader, reported to people, and pass here. Those of ours end the run.
pub fn read(bytes: &[u8]) {
    let documents = READER.read("fuzz", bytes, &|_| {});
    assert!(!documents.is_empty());
    for document in documents {
        let source = document.source;
        let lines: Vec<_> = source.pages.iter().flat_map(|page| &page.lines).collect();
        assert!(!lines.is_empty() || !source.unread.is_empty(), "read with nothing");
        assert!(lines.iter().all(|line| line.quad.0.iter().flatten().all(|edge| edge.is_finite())));
        let edges = |line: &cartulary_model::Line| line.char_edges.len() == line.text.chars().count() + 1;
        assert!(lines.iter().all(|line| edges(line)));
    }
}

/// A ZIP file of these parts, not packed, so that changes reach the parts.
pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        writer.start_file(*name, stored).expect("a name");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// A workbook whose one sheet is this.
pub fn workbook(sheet: &[u8]) -> Vec<u8> {
    const ROOT: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const LINKS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    const BOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="a"/></sheets></workbook>"#;
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", ROOT),
        ("xl/_rels/workbook.xml.rels", LINKS),
        ("xl/workbook.xml", BOOK),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}
