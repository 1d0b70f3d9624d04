//! What kind of paper it is, told by its title: `titles.csv`, a paper a row, its first lines with `/` between.

use cartulary_catalogue::Catalogue;
use cartulary_extraction::{Engine, Hint};
use cartulary_model::{Line, Page, Quad, SourceDocument};
use std::sync::Arc;

const PAPERS: &str = include_str!("titles.csv");

fn document(lines: &str) -> SourceDocument {
    let line = |(row, text): (usize, &str)| {
        // A title stands apart from what is under it.
        let (top, width) = (row as f32 * 100.0, 20.0 * text.chars().count() as f32);
        Line {
            text: text.to_owned(),
            quad: Quad::upright(0.0, top, width, top + 24.0),
            confidence: 1.0,
            ..Line::default()
        }
    };
    let lines = lines.split('/').enumerate().map(line).collect();
    let page = Page { number: 1, width: 1654, height: 2339, lines, ..Page::default() };
    SourceDocument {
        id: "d".into(),
        name: String::new(),
        media_type: "application/pdf".into(),
        sha256: String::new(),
        pages: vec![page],
        unread: vec![],
    }
}

#[test]
fn a_paper_is_of_the_kind_that_its_title_says() {
    let engine = Engine::new(Arc::new(Catalogue::embedded().expect("the catalogue loads")));
    let mut wrong = Vec::new();
    for row in PAPERS.lines().skip(1) {
        let (kind, lines) = row.split_once(',').expect("a kind and lines");
        let (paper, _) = engine.extract_one(&document(lines), &Hint::default());
        let read = paper.kind.map(|kind| kind.to_string()).unwrap_or_default();
        if read != format!("sec.{kind}") {
            wrong.push(format!("{lines}: {read}, expected {kind}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
