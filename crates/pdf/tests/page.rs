//! A page is set in both languages, whatever is missing from it. Run with `--features typst`.
#![cfg(feature = "typst")]
#![expect(clippy::unwrap_used, reason = "a test stops where its own material is wrong")]

use cartulary_pdf::Printer;
use serde_json::{Value, json};

const FONTS: [&str; 3] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
];
const COURSE: &str =
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><text x="2" y="9">弥漫大B</text></svg>"#;

/// A case of so many rows in each table; `text` stands everywhere.
fn case(lang: &str, rows: usize, text: &str) -> Value {
    let texts = |count| vec![text; count];
    let value = json!({ "name": text, "value": text, "said": [text], "date": "2026-10", "place": text, "check": text });
    let table =
        |columns| json!({ "title": text, "head": texts(columns), "rows": vec![texts(columns); rows] });
    let mut sets = table(5);
    sets["more"] = text.into();
    sets["reason"] = text.into();
    sets["reasons"] = json!(texts(rows));
    sets["trials"] = json!(texts(rows));
    json!({
        "lang": lang, "title": text, "standing": [text], "who": [text, text], "disease": text, "counts": [text],
        "warnings": texts(rows), "course": { "title": text, "empty": text, "is_drawn": rows > 0 },
        "lines": table(7), "values": { "title": text, "items": vec![value; rows] }, "sets": sets,
        "asks": { "title": text, "items": texts(rows), "more": text },
        "decision": { "title": text, "said": texts(rows), "reason": text }, "notice": text, "not_ours": text,
    })
}

#[test]
fn a_page_is_set_in_both_languages_and_when_nothing_is_known() {
    let printer = Printer::new(&FONTS).unwrap();
    for (lang, text) in [("en", "platelets 47 ×10⁹/L ↓"), ("zh", "血小板 47 ×10⁹/L ↓")] {
        for rows in [0, 1, 5, 60] {
            let pdf = printer.print(&case(lang, rows, text), COURSE).unwrap();
            assert!(pdf.starts_with(b"%PDF-"), "{lang} {rows}");
        }
    }
}

/// Words of papers are no words of the template's language.
#[test]
fn what_papers_say_is_text_and_nothing_else() {
    let printer = Printer::new(&FONTS).unwrap();
    for text in [
        "#panic()",
        "*_`$ #let x = 1",
        "\\u{1F600} \"quoted\" // no comment",
        "]] [[ <label> @ref",
        "",
        "\u{202E}abc",
    ] {
        printer.print(&case("en", 2, text), COURSE).unwrap();
    }
}

#[test]
fn a_missing_font_is_named() {
    let error = Printer::new(&["/no/such/font.ttf"]).err().unwrap().to_string();
    assert!(error.contains("/no/such/font.ttf") && error.contains("fonts-noto-cjk"), "{error}");
}
