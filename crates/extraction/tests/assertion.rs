//! Conditions marked in a text with the assertion, experiencer and temporality their cues give (`assertion/*.csv`).
//!
//! A new case is a new row: `kind;text with [the condition];assertion;experiencer;temporality`. The kind of paper may
//! be empty. Semicolons part the columns, since sentences have commas; a semicolon in a sentence is written `|`.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, Hint, probe};
use std::{fs, path::Path, sync::Arc};

fn engine() -> Engine {
    Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")))
}

/// The text without the brackets, and the characters they held.
fn marked(text: &str) -> (String, std::ops::Range<usize>) {
    let place = |bracket: char| text.chars().position(|of| of == bracket).expect("the condition is marked");
    let (start, end) = (place('['), place(']'));
    let plain = text.chars().filter(|of| !matches!(of, '[' | ']')).map(|of| if of == '|' { ';' } else { of });
    (plain.collect(), start..end - 1)
}

fn wrong_rows(file: &str) -> Vec<String> {
    let engine = engine();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assertion").join(file);
    let table = fs::read_to_string(path).expect("the table is there");
    let mut wrong = Vec::new();
    for row in table.lines().skip(1).filter(|row| !row.is_empty()) {
        let [kind, text, assertion, experiencer, temporality] = row.split(';').collect::<Vec<_>>()[..] else {
            panic!("five columns: {row}");
        };
        let mut hint = Hint::default();
        hint.kind = (!kind.is_empty()).then(|| format!("sec.doc_{kind}").as_str().into());
        let (text, span) = marked(text);
        let (a, e, t) = probe::assert_at(&engine, &text, span, &hint);
        let got = format!("{a:?} {e:?} {t:?}").to_lowercase();
        if got != format!("{assertion} {experiencer} {temporality}") {
            wrong.push(format!("{row}\n    read as {got}"));
        }
    }
    wrong
}

#[test]
fn english_conditions_are_asserted_as_their_cues_say() {
    let wrong = wrong_rows("en.csv");
    assert!(wrong.is_empty(), "{} rows are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn chinese_conditions_are_asserted_as_their_cues_say() {
    let wrong = wrong_rows("zh.csv");
    assert!(wrong.is_empty(), "{} rows are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}
