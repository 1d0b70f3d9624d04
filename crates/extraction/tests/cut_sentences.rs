//! Whatever piece of a paper is read, reading ends without a panic: sentences cut and joined at any place.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, exchange};
use std::{fs, path::Path, sync::Arc};

/// The texts of the sentences with markers, genes and karyotypes.
fn texts() -> Vec<Vec<char>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences/areas/markers.jsonl");
    let file = fs::read_to_string(path).expect("the file is there");
    file.lines()
        .map(|line| {
            serde_json::from_str::<exchange::Record>(line).expect("a line is a record").text.chars().collect()
        })
        .collect()
}

fn read(engine: &Engine, text: String) {
    let record = exchange::Record {
        id: String::new(),
        text,
        doc_type: Some("pathology".into()),
        section: None,
        doc_date: None,
    };
    exchange::extract(engine, &record);
}

#[test]
fn a_sentence_cut_anywhere_is_read() {
    let engine = Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")));
    let texts = texts();
    for (index, text) in texts.iter().enumerate() {
        let other = &texts[(index * 7 + 3) % texts.len()];
        for at in (0..text.len()).step_by(3) {
            read(&engine, text[..at].iter().collect());
            read(&engine, text[at..].iter().collect());
            let from = (at * 5) % other.len();
            read(&engine, text[..at].iter().chain(&other[from..]).collect());
        }
    }
}
