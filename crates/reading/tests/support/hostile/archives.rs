//! Archives that unpack to too much, point elsewhere or never end, and office files, which are archives.

use super::Hostile;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub(crate) const FILES: &[Hostile] = &[
    Hostile::new("flat-bomb.zip", flat_bomb),
    Hostile::new("nested-bomb.zip", nested_bomb),
    Hostile::new("overlapping-bomb.zip", overlapping_bomb),
    Hostile::new("many-small-bombs.zip", many_small_bombs),
    Hostile::new("slip.zip", slip),
    Hostile::new("absolute-and-device-names.zip", device_names),
    Hostile::new("symlink.zip", symlink),
    Hostile::new("ten-deep.zip", ten_deep),
    Hostile::new("holds-itself.zip", holds_itself),
    Hostile::new("hundred-thousand-entries.zip", many_entries),
    Hostile::new("directory-lies.zip", directory_lies),
    Hostile::new("cut.zip", cut),
    Hostile::new("right-to-left-name.zip", right_to_left_name),
    Hostile::new("eicar.zip", eicar_in_zip),
    Hostile::new("billion-laughs.docx", || word(LAUGHS)).silent_on("lollol"),
    Hostile::new("external-entity.docx", || word(EXTERNAL)).silent_on("root:"),
    Hostile::new("million-deep.docx", million_deep_word),
    Hostile::new("no-text.docx", || word("")),
    Hostile::new("xml-bomb.docx", xml_bomb),
    Hostile::new("billion-laughs.xlsx", || workbook(LAUGHS, "")),
    Hostile::new("far-cell.xlsx", || {
        workbook("", r#"<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>"#)
    }),
    Hostile::new("shared-string-out-of-range.xlsx", || {
        workbook("", r#"<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>"#)
    }),
    Hostile::new("billions-of-texts.xlsx", billions_of_texts),
    Hostile::new("far-cells.xls", far_cells),
    Hostile::new("cell-of-no-column.xlsx", || workbook("", r#"<row r="0"><c r="0"><v>1</v></c></row>"#)),
    Hostile::new("formula-and-macro.xlsm", || {
        workbook("", r#"<row r="1"><c r="A1"><f>cmd|'/c calc'!A1</f><v>1</v></c></row>"#)
    }),
    Hostile::new("repeated-cell.ods", repeated_cell),
];

const LAUGHS: &str = "<!DOCTYPE l [<!ENTITY a \"lollollollol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\
    <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>";
const EXTERNAL: &str = "<!DOCTYPE l [<!ENTITY d SYSTEM \"file:///etc/passwd\">]>";

/// A ZIP file of these parts.
pub(crate) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn flat_bomb() -> Vec<u8> {
    zipped(&[("zeros.txt", &vec![b' '; 120_000_000])])
}

fn nested_bomb() -> Vec<u8> {
    let bomb = zipped(&[("zeros", &vec![0; 45_000_000])]);
    let names: Vec<String> = (0..50).map(|number| format!("{number}.zip")).collect();
    zipped(&names.iter().map(|name| (name.as_str(), &bomb[..])).collect::<Vec<_>>())
}

/// Each entry of the directory points to the same packed bytes.
fn overlapping_bomb() -> Vec<u8> {
    let mut bytes = zipped(&[("a.txt", &vec![b'a'; 4_000_000])]);
    let directory = position(&bytes, b"PK\x01\x02");
    let end = position(&bytes, b"PK\x05\x06");
    let entry = bytes[directory..end].to_vec();
    let tail = bytes[end..].to_vec();
    bytes.truncate(directory);
    const COPIES: usize = 900;
    for number in 0..COPIES {
        let mut copy = entry.clone();
        copy[46] = b'a' + (number % 26) as u8;
        bytes.extend(copy);
    }
    let mut tail = tail;
    tail[8..10].copy_from_slice(&(COPIES as u16).to_le_bytes());
    tail[10..12].copy_from_slice(&(COPIES as u16).to_le_bytes());
    tail[12..16].copy_from_slice(&((COPIES * entry.len()) as u32).to_le_bytes());
    bytes.extend(tail);
    bytes
}

fn position(bytes: &[u8], signature: &[u8]) -> usize {
    bytes.windows(4).rposition(|four| four == signature).unwrap()
}

fn many_small_bombs() -> Vec<u8> {
    let names: Vec<String> = (0..400).map(|number| format!("{number}.txt")).collect();
    let bomb = vec![b' '; 4_000_000];
    zipped(&names.iter().map(|name| (name.as_str(), &bomb[..])).collect::<Vec<_>>())
}

fn slip() -> Vec<u8> {
    zipped(&[("../../../../tmp/slipped.txt", b"text"), ("..\\..\\slipped.txt", b"text")])
}

fn device_names() -> Vec<u8> {
    zipped(&[("/etc/passwd", b"text"), ("C:\\CON", b"text"), ("nul\0byte.txt", b"text"), ("", b"text")])
}

fn symlink() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("report.pdf", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    writer.finish().unwrap().into_inner()
}

fn ten_deep() -> Vec<u8> {
    (0..10).fold(b"words".to_vec(), |inner, level| zipped(&[(&format!("{level}.zip"), &inner[..])]))
}

/// A stored entry whose bytes are the archive itself, as far as that goes: its directory points to offset 0.
fn holds_itself() -> Vec<u8> {
    let mut bytes = zipped(&[("self.zip", b"PK\x03\x04")]);
    let directory = position(&bytes, b"PK\x01\x02");
    let size = bytes.len() as u32;
    bytes[directory + 10..directory + 12].copy_from_slice(&[0, 0]);
    bytes[directory + 20..directory + 24].copy_from_slice(&size.to_le_bytes());
    bytes[directory + 24..directory + 28].copy_from_slice(&size.to_le_bytes());
    bytes
}

fn many_entries() -> Vec<u8> {
    let names: Vec<String> = (0..30_000).map(|number| number.to_string()).collect();
    zipped(&names.iter().map(|name| (name.as_str(), &b"x"[..])).collect::<Vec<_>>())
}

/// The directory says one byte where a million come.
fn directory_lies() -> Vec<u8> {
    let mut bytes = zipped(&[("a.txt", &vec![b'a'; 1_000_000])]);
    let directory = position(&bytes, b"PK\x01\x02");
    bytes[directory + 24..directory + 28].copy_from_slice(&1u32.to_le_bytes());
    bytes
}

fn cut() -> Vec<u8> {
    let bytes = zipped(&[("a.txt", &super::noise(50_000))]);
    bytes[..bytes.len() / 2].to_vec()
}

fn right_to_left_name() -> Vec<u8> {
    zipped(&[("report\u{202e}fdp.exe", b"MZ\x90\0\x03\0\0\0")])
}

pub(crate) const EICAR: &str = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

fn eicar_in_zip() -> Vec<u8> {
    zipped(&[("eicar.com", EICAR.as_bytes())])
}

fn word(doctype: &str) -> Vec<u8> {
    let text = if doctype.is_empty() { "" } else { "<w:p><w:r><w:t>seen &d;</w:t></w:r></w:p>" };
    let xml = format!(
        "<?xml version=\"1.0\"?>{doctype}<w:document xmlns:w=\"w\"><w:body>{text}</w:body></w:document>"
    );
    zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", xml.as_bytes())])
}

fn million_deep_word() -> Vec<u8> {
    let xml = format!("<w:document><w:body>{}</w:body></w:document>", "<w:tbl><w:tr><w:tc>".repeat(400_000));
    zipped(&[("word/document.xml", xml.as_bytes())])
}

fn xml_bomb() -> Vec<u8> {
    let xml = format!("<w:document><w:body>{}</w:body></w:document>", " ".repeat(49_000_000));
    zipped(&[("word/document.xml", xml.as_bytes())])
}

fn workbook(doctype: &str, rows: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const LINKS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let root = format!(
        "<Relationships xmlns=\"{LINKS}\"><Relationship Id=\"a\" Type=\"{KINDS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let links = format!(
        "<Relationships xmlns=\"{LINKS}\"><Relationship Id=\"a\" Type=\"{KINDS}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let book = format!(
        "{doctype}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{KINDS}\"><sheets><sheet name=\"&d;\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"
    );
    let sheet = format!("{doctype}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/workbook.xml", book.replace(if doctype.is_empty() { "&d;" } else { "\0" }, "s").as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn repeated_cell() -> Vec<u8> {
    let row = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
        table:number-columns-repeated=\"4000000000\"><text:p>x</text:p></table:table-cell></table:table-row>";
    let xml = format!(
        "<office:document-content><table:table>{}</table:table></office:document-content>",
        row.repeat(2000)
    );
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("mimetype", stored).unwrap();
    writer.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    writer.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(xml.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

fn billions_of_texts() -> Vec<u8> {
    const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let links = format!(
        "<Relationships><Relationship Id=\"a\" Type=\"{KINDS}/sharedStrings\" Target=\"names.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships><Relationship Id=\"a\" Type=\"{KINDS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/workbook.xml", b"<workbook><sheets/></workbook>"),
        ("xl/names.xml", b"<sst uniqueCount = '288230376151711743'><si><t>a</t></si></sst>"),
    ])
}

/// An old workbook with its first cell moved to where none can be.
fn far_cells() -> Vec<u8> {
    const TEXT_CELL: [u8; 4] = [0xFD, 0, 10, 0];
    let mut bytes = include_bytes!("../../fixtures/lab.xls").to_vec();
    let cell = bytes.windows(4).position(|four| four == TEXT_CELL).unwrap();
    bytes[cell + 4..cell + 8].copy_from_slice(&[0xFF; 4]);
    bytes
}
