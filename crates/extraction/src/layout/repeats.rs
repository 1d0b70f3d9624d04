//! Headers and footers that stand on every page: read once, on the first page that has them.
//!
//! Only what is repeated to the letter is left out, page numbers apart. A header with another name or number is
//! kept: it may be the sheet of another person.

use super::Row;
use crate::vocabulary::layout::HEAD_OF_FORM_LABELS;
use cartulary_model::SourceDocument;
use std::collections::BTreeSet;

/// How many rows from the top and from the foot of a page may be a header or footer.
const REACH: usize = 3;

/// Takes away the rows that repeat a header or footer of an earlier page. A footer that is repeated stands at the
/// end of the document, so that it parts no paragraph that goes on over the page.
pub(super) fn without_repeats(document: &SourceDocument, pages: Vec<Vec<Row>>) -> Vec<Row> {
    if pages.len() < 2 {
        return pages.into_iter().flatten().collect();
    }
    let running = running(document, &pages);
    let mut read: BTreeSet<String> = BTreeSet::new();
    let (mut kept, mut footers) = (Vec::new(), Vec::new());
    for rows in pages {
        let length = rows.len();
        for (position, mut row) in rows.into_iter().enumerate() {
            let text = if is_edge(position, length) { text(document, &row) } else { String::new() };
            if !running.contains(&text) || (2 * position < length && is_head_of_form(&row, &text)) {
                kept.push(row);
            } else if read.insert(text) {
                row.running = true;
                if 2 * position < length { kept.push(row) } else { footers.push(row) }
            }
        }
    }
    kept.extend(footers);
    kept
}

/// A table of name, number and age heads a form of its own (a second report, a second sheet); a running header is one
/// line.
fn is_head_of_form(row: &Row, text: &str) -> bool {
    row.cells.len() > 1 && HEAD_OF_FORM_LABELS.iter().any(|label| text.contains(label))
}

/// What stands at the edge of more than one page.
fn running(document: &SourceDocument, pages: &[Vec<Row>]) -> BTreeSet<String> {
    let mut once: BTreeSet<String> = BTreeSet::new();
    let mut running = BTreeSet::new();
    for rows in pages {
        let edges = rows.iter().enumerate().filter(|(position, _)| is_edge(*position, rows.len()));
        let texts: BTreeSet<String> = edges.map(|(_, row)| text(document, row)).collect();
        for text in texts {
            if !once.insert(text.clone()) {
                running.insert(text);
            }
        }
    }
    running
}

fn is_edge(position: usize, length: usize) -> bool {
    position < REACH || position + REACH >= length
}

/// A row's words without its page number; a row that is nothing but values repeats by chance.
fn text(document: &SourceDocument, row: &Row) -> String {
    let lines = &document.pages[row.page].lines;
    let words: Vec<&str> = row.cells.iter().map(|cell| lines[cell.index].text.trim()).collect();
    without_page_number(&words.join("\t"))
}

/// `第 2 页 共 3 页`, `Page 2 of 3`, `2/3`: the digits beside a word for page, or a lone fraction.
fn without_page_number(text: &str) -> String {
    let lower = text.to_lowercase();
    let names_page = ["页", "page", "pg."].iter().any(|word| lower.contains(word));
    let lone = text.chars().all(|of| of.is_ascii_digit() || matches!(of, '/' | ' ' | '-' | '·'));
    if lone {
        return "#".to_owned();
    }
    if !names_page || text.chars().count() > 24 {
        return lower;
    }
    lower.chars().filter(|of| !of.is_ascii_digit()).collect()
}
