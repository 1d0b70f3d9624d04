//! Answers of a child that was taken over: whatever it says, the file ends as read within the rules, or as *unread*.

use crate::support::{actors, read, short};
use cartulary_model::document::UnreadReason;
use cartulary_reading::ReadDocument;

const BEGUN: &str = r#"B{"index":0,"suffix":"","media_type":"application/pdf","sha256":"$SHA"}"#;
const DONE: &str = r#"D{"page":1,"pages":1,"unread":[]}"#;
const ENDED: &str = r#"E{"media_type":"application/pdf","sha256":"$SHA","pages":[1],"unread":[]}"#;

fn page(quad: &str, confidence: &str, more: &str) -> String {
    format!(
        r#"P{{"number":1,"width":100,"height":100,"origin":"text","rotation":0,"lines":[{{"text":"PLT","quad":{quad},"confidence":{confidence}{more}}}]}}"#
    )
}

fn good_page() -> String {
    page("[[0,0],[9,0],[9,9],[0,9]]", "1", "")
}

fn answer(lines: &[&str]) -> Vec<ReadDocument> {
    let script = format!("== 0 0 usual\n{}\n", lines.join("\n"));
    read(&actors(short()), "sent.pdf", script.as_bytes())
}

/// The one document that a file is when nothing of its answer is believed.
fn refused(lines: &[&str]) {
    let documents = answer(lines);
    assert_eq!(documents.len(), 1, "{documents:?}");
    let source = &documents[0].source;
    assert!(source.pages.is_empty() && documents[0].images.is_empty(), "{source:?}");
    assert_eq!((source.name.as_str(), source.unread[0].reason), ("sent.pdf", UnreadReason::ReaderFailed));
    assert!(source.unread[0].detail.contains("not sound"), "{:?}", source.unread);
}

#[test]
fn an_honest_answer_is_taken() {
    let documents = answer(&[BEGUN, &good_page(), DONE, ENDED, "F"]);
    assert_eq!(documents.len(), 1);
    let source = &documents[0].source;
    assert_eq!(source.pages[0].lines[0].text, "PLT");
    assert_eq!((source.unread.len(), source.name.as_str()), (0, "sent.pdf"));
    assert!(source.sha256.starts_with(source.id.as_str()));
}

#[test]
fn lies_about_a_page_are_refused() {
    let quad = "[[0,0],[9,0],[9,9],[0,9]]";
    let lies = [
        page("[[0,0],[900,0],[9,9],[0,9]]", "1", ""),
        page("[[0,0],[1e39,0],[9,9],[0,9]]", "1", ""),
        page("[[-1,0],[9,0],[9,9],[0,9]]", "1", ""),
        page("[[null,0],[9,0],[9,9],[0,9]]", "1", ""),
        page("[[0,0],[9,0],[9,9]]", "1", ""),
        page(quad, "2", ""),
        page(quad, "NaN", ""),
        page(quad, "1", r#","char_edges":[0,1]"#),
        good_page().replace("\"number\":1", "\"number\":4294967295"),
        good_page().replace("\"number\":1", "\"number\":-1"),
        good_page().replace("\"width\":100", "\"width\":4000000000"),
        good_page().replace("\"rotation\":0", "\"rotation\":1"),
        good_page().replace("PLT", "\\ud800"),
        "P{\"number\":1".to_owned(),
        "P".to_owned() + &"[".repeat(100_000),
    ];
    for lie in &lies {
        refused(&[BEGUN, lie, DONE, ENDED, "F"]);
    }
}

#[test]
fn lies_about_a_document_are_refused() {
    let good = good_page();
    let digest = "0".repeat(64);
    refused(&[&BEGUN.replace("$SHA", &digest), &good, DONE, ENDED, "F"]);
    refused(&[
        &BEGUN.replace("\"suffix\":\"\"", "\"suffix\":\"/another patient.pdf\""),
        &good,
        DONE,
        ENDED,
        "F",
    ]);
    refused(&[&BEGUN.replace("\"index\":0", "\"index\":7"), &good, DONE, ENDED, "F"]);
    refused(&[BEGUN, &good, DONE, &ENDED.replace("[1]", "[1,2]"), "F"]);
    refused(&[BEGUN, &good, DONE, &ENDED.replace("$SHA", &digest), "F"]);
    refused(&[BEGUN, &good, DONE, ENDED, BEGUN, "F"]);
    refused(&[&good, DONE, ENDED, "F"]);
    refused(&[BEGUN, &good, &DONE.replace("\"page\":1", "\"page\":9"), ENDED, "F"]);
    refused(&[BEGUN, &good, DONE, "F"]);
    refused(&[BEGUN, "C4294967295", "F"]);
    refused(&[BEGUN, "Zwhat is this", "F"]);
    refused(&[BEGUN, "I\0\0\0\0<svg onload=alert(1)>", "F"]);
    refused(&["R", "F", "R"]);
}

#[test]
fn a_child_cannot_plead_that_the_box_is_broken() {
    refused(&["!plead"]);
    refused(&[BEGUN, &good_page(), "!plead"]);
    refused(&["L"]);
}

#[test]
fn an_answer_that_says_nothing_is_no_empty_document() {
    for silent in [&["F"][..], &[BEGUN, &ENDED.replace("[1]", "[]"), "F"]] {
        let documents = answer(silent);
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0].source.unread[0].reason, UnreadReason::NoPages, "{silent:?}");
    }
}

#[test]
fn an_answer_that_is_too_long_is_cut_and_says_so() {
    refused(&["!flood"]);
    let documents = answer(&[BEGUN, "!pages", "F"]);
    let source = &documents[0].source;
    assert_eq!(source.unread[0].reason, UnreadReason::TooLarge, "{:?}", source.unread);
    // 64 MiB in all, a page of 4 MiB each.
    assert!((10..=16).contains(&source.pages.len()), "{}", source.pages.len());
}
