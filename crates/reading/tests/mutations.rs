//! Files of every format with some bytes changed: an answer with a reason, and no panic of ours.
//!
//! `MUTATIONS=100000` makes it a fuzzer for machines without one.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use cartulary_reading::{Reader, ReaderOptions};
use std::io::{Cursor, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use zip::write::SimpleFileOptions;

/// Places of panics in foreign crates and in ours.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A small generator of numbers, the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Changes bytes, repeats a piece, cuts one out or writes a number that is often wrong.
fn mutated(original: &[u8], dice: &mut Dice) -> Vec<u8> {
    const EDGES: [u32; 8] = [0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, u32::MAX];
    let mut bytes = original.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        let length = dice.below(bytes.len() - at).min(64);
        match dice.below(6) {
            0 => bytes[at] = dice.below(256) as u8,
            1 => bytes[at] ^= 1 << dice.below(8),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let piece = bytes[at..at + length].to_vec();
                let times = dice.below(30);
                bytes.splice(at..at, piece.repeat(times));
            }
            4 => {
                let number = EDGES[dice.below(EDGES.len())];
                let coded = if dice.below(2) == 0 { number.to_le_bytes() } else { number.to_be_bytes() };
                let end = (at + 4).min(bytes.len());
                bytes[at..end].copy_from_slice(&coded[..end - at]);
            }
            _ => bytes.truncate(at.max(8)),
        }
        if bytes.is_empty() {
            return vec![0];
        }
    }
    bytes
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        writer.start_file(*name, stored).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The bytes that are changed, and how they become a file: what is packed with check sums is packed after the change.
type Seed = (&'static str, Vec<u8>, fn(&[u8]) -> Vec<u8>);

fn whole(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

fn word(xml: &[u8]) -> Vec<u8> {
    package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", xml)])
}

fn open_document(xml: &[u8]) -> Vec<u8> {
    package(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", xml)])
}

fn sheet(xml: &[u8]) -> Vec<u8> {
    let links = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
        xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>";
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", links("officeDocument", "xl/workbook.xml").as_bytes()),
        ("xl/_rels/workbook.xml.rels", links("worksheet", "worksheets/sheet1.xml").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", xml),
    ])
}

fn message() -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let text: Vec<u8> = "请看附件 Ki-67 80%".encode_utf16().flat_map(u16::to_le_bytes).collect();
    file.create_storage("/__attach_version1.0_#00000000").unwrap();
    for name in [
        "/__substg1.0_0037001F",
        "/__substg1.0_1000001F",
        "/__properties_version1.0",
        "/__attach_version1.0_#00000000/__substg1.0_37010102",
    ] {
        file.create_stream(name).unwrap().write_all(&text).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn seeds() -> Vec<Seed> {
    let rtf = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}\f0 \'d1\'aa\'d0\'a1\'b0\'e5 \u8805?45\par\trowd\cellx900\cellx2000\intbl a\cell b\cell\row{\pict\pngblip 89504e47}{\*\x y}}";
    let html = "<html><head><title>t</title></head><body><p>PLT <b>45</b> &times; 10<sup>9</sup><table><tr><th>a<td colspan=2>b</tr></table><pre>x\ny</pre><img src='data:image/png;base64,iVBORw0KGgo='></body>";
    let mail = "From: a@example.org\r\nTo: b@example.org\r\nSubject: =?GB2312?B?0aE=?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=gb2312\r\n\r\n<p>x</p>\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@example.org\r\nTo: y@example.org\r\n\r\ny\r\n--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Transfer-Encoding: base64\r\n\r\nS2ktNjcgODAl\r\n--b--\r\n";
    let docx = "<w:document><w:body><w:p><w:r><w:rPr><w:strike w:val=\"0\"/></w:rPr><w:t>a &lt; b</w:t><w:tab/></w:r><w:del><w:r><w:t>c</w:t></w:r></w:del></w:p><w:tbl><w:tblGrid><w:gridCol w:w=\"9\"/><w:gridCol w:w=\"1\"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>";
    let odt = "<office:document-content><text:p>a<text:s text:c=\"3\"/>b</text:p><table:table><table:table-row><table:table-cell table:number-columns-repeated=\"3\"><text:p>c</text:p></table:table-cell></table:table-row></table:table></office:document-content>";
    let xlsx = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>PLT</t></is></c><c r=\"B1\" s=\"0\"><v>0.3</v></c></row></sheetData></worksheet>";
    let file = |bytes: &[u8]| bytes.to_vec();
    vec![
        ("pdf", file(include_bytes!("fixtures/letter.pdf")), whole),
        ("heic", file(include_bytes!("fixtures/one.heic")), whole),
        ("heic grid", file(include_bytes!("fixtures/grid.heic")), whole),
        ("tiff", file(include_bytes!("fixtures/fax.tif")), whole),
        ("gif", file(include_bytes!("fixtures/moving.gif")), whole),
        ("webp", file(include_bytes!("fixtures/moving.webp")), whole),
        ("xls", file(include_bytes!("fixtures/lab.xls")), whole),
        ("encodings", file(include_bytes!("fixtures/encodings.csv")), whole),
        ("msg", message(), whole),
        ("zip", word(docx.as_bytes()), whole),
        ("rtf", rtf.into(), whole),
        ("html", html.into(), whole),
        ("eml", mail.into(), whole),
        ("csv", b"a,b,c\n1,\"2, x\",3\n4,5,6\n".to_vec(), whole),
        ("docx", docx.into(), word),
        ("odt", odt.into(), open_document),
        ("xlsx", xlsx.into(), sheet),
    ]
}

fn check(reader: &Reader, bytes: &[u8]) {
    let documents = reader.read("sent", bytes, &|_| {});
    assert!(!documents.is_empty());
    for source in documents.into_iter().map(|document| document.source) {
        let lines: Vec<_> = source.pages.iter().flat_map(|page| &page.lines).collect();
        assert!(!lines.is_empty() || !source.unread.is_empty(), "read with nothing");
        let finite =
            |line: &&cartulary_model::Line| line.quad.0.iter().flatten().all(|edge| edge.is_finite());
        assert!(lines.iter().all(finite));
        assert!(lines.iter().all(|line| line.char_edges.len() == line.text.chars().count() + 1));
    }
}

#[test]
fn changed_files_are_answered() {
    let count: usize = std::env::var("MUTATIONS").map_or(150, |count| count.parse().unwrap());
    let seed: u64 = std::env::var("SEED").map_or(7, |seed| seed.parse().unwrap());
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(place);
    }));
    let reader =
        Reader::new(ReaderOptions { models_dir: Some("no models here".into()), ..ReaderOptions::default() });
    for (name, original, pack) in seeds() {
        let mut dice = Dice(seed);
        let started = Instant::now();
        for number in 0..count {
            let bytes = pack(&mutated(&original, &mut dice));
            let outcome = std::panic::catch_unwind(|| check(&reader, &bytes));
            if outcome.is_err() {
                let _ = std::panic::take_hook();
                let file = std::env::temp_dir().join("mutation.bin");
                std::fs::write(&file, &bytes).unwrap();
                panic!(
                    "{name}, change {number}, seed {seed}, in {}: {:?}",
                    file.display(),
                    PANICS.lock().unwrap().last()
                );
            }
        }
        if count > 1000 {
            eprintln!("{name}: {count} in {:?}", started.elapsed());
        }
    }
    let _ = std::panic::take_hook();
    let panics = PANICS.lock().unwrap();
    let (ours, foreign): (Vec<_>, Vec<_>) = panics.iter().partition(|place| place.starts_with("crates/"));
    let mut foreign = foreign;
    foreign.sort();
    foreign.dedup();
    if count > 1000 {
        eprintln!("panics of others, held: {foreign:#?}");
    }
    assert!(ours.is_empty(), "{ours:#?}");
}
