//! Workbooks made in code, and an old one made by another library, as tables.

use super::*;
use crate::archive::tests::zipped;

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
    <sheet name="血常规" sheetId="1" r:id="rId1"/><sheet name="old" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>"#;
const LINKS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
    <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/>
    <Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
    <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3">
    <xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="9" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

/// A workbook of one visible sheet with these rows, and a hidden one.
pub(crate) fn workbook(rows: &str) -> Vec<u8> {
    let sheet = |rows: &str| {
        format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        )
    };
    zipped(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet(rows).as_bytes()),
        ("xl/worksheets/sheet2.xml", sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#).as_bytes()),
    ])
}

const ROWS: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>项目</t></is></c><c r="B1" t="inlineStr"><is><t>结果</t></is></c><c r="D1" t="inlineStr"><is><t>日期</t></is></c></row>
    <row r="3"><c r="A3" t="inlineStr"><is><t>PLT</t></is></c><c r="B3"><v>0.30000000000000004</v></c><c r="D3" s="1"><v>45356</v></c></row>
    <row r="4"><c r="A4" t="inlineStr"><is><t>Ki-67</t></is></c><c r="B4" s="2"><v>0.8</v></c></row>"#;

#[test]
fn a_sheet_is_a_table_of_what_it_shows() {
    let book = open(&workbook(ROWS), Form::Xml).unwrap();
    assert_eq!(book.text().trim(), "血常规\n项目\t结果\t日期\nPLT\t0.3\t2024-03-05\nKi-67\t80%");
}

#[test]
fn a_hidden_sheet_is_named_and_not_read() {
    let book = open(&workbook(ROWS), Form::Xml).unwrap();
    assert_eq!(book.unread.len(), 1);
    assert!(book.unread[0].detail.ends_with("a hidden sheet of the workbook was not read: sheet old"));
}

#[test]
fn cells_at_the_far_ends_of_a_sheet_cost_nothing() {
    let rows =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    assert_eq!(open(&workbook(rows), Form::Xml).unwrap().text().trim(), "血常规\n1\n2");
}

#[test]
fn too_many_cells_are_cut_and_said() {
    let cells = r#"<c><v>7</v></c>"#.repeat(250);
    let rows: String = (0..1000).map(|_| format!("<row>{cells}</row>")).collect();
    let book = open(&workbook(&rows), Form::Xml).unwrap();
    assert!(book.unread.iter().any(|failure| failure.reason == UnreadReason::TooMany));
}

#[test]
fn an_old_workbook_is_read() {
    let book = open(include_bytes!("../../tests/fixtures/lab.xls"), Form::Old).unwrap();
    assert_eq!(book.text().trim(), "血常规\n项目\t结果\t日期\nPLT\t45.5\t2024-03-05");
}

#[test]
fn more_texts_than_bytes_are_refused_before_room_is_made() {
    for claim in [
        "uniqueCount=\"99999999999\"",
        "uniqueCount = '4294967295'",
        "uniqueCount=\"999999999999999999999999\"",
    ] {
        let strings = format!("<?xml version=\"1.0\"?><x><sst {claim}><si><t>a</t></si></sst></x>");
        assert!(refuse_claims(strings.as_bytes()).is_err(), "{claim}");
    }
    assert!(refuse_claims(b"<sst count=\"900\" uniqueCount=\"2\"><si><t>PLT</t></si></sst>").is_ok());
}
