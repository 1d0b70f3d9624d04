//! What is kept when a child dies, what is tried again, and that it ends.

use crate::support::{actors, read, readers, request, short};
use cartulary_model::document::UnreadReason;
use cartulary_reading::{ReadDocument, Reader, ReaderOptions};
use cartulary_sandbox::Deadlines;
use std::time::{Duration, Instant};

const BEGUN: &str = r#"B{"index":0,"suffix":"","media_type":"application/pdf","sha256":"$SHA"}"#;

fn page(number: u32) -> String {
    format!(
        "P{{\"number\":{number},\"width\":9,\"height\":9,\"origin\":\"text\",\"rotation\":0,\"lines\":[]}}\n\
         D{{\"page\":{number},\"pages\":4,\"unread\":[]}}"
    )
}

fn ended(pages: &str) -> String {
    format!(r#"E{{"media_type":"application/pdf","sha256":"$SHA","pages":{pages},"unread":[]}}"#)
}

fn play(script: &str) -> Vec<ReadDocument> {
    read(&actors(short()), "sent.pdf", script.as_bytes())
}

fn numbers(document: &ReadDocument) -> Vec<u32> {
    document.source.pages.iter().map(|page| page.number).collect()
}

#[test]
fn a_page_that_kills_its_reader_costs_only_itself() {
    for (act, words) in [
        ("!abort", "crashed"),
        ("!spin", "too long"),
        ("!connect", "must not do"),
        ("!allocate", "too much memory"),
    ] {
        let documents = play(&format!(
            "== 0 0 usual\n{BEGUN}\nC4\n{}\n{act}\n== 0 2 careful\n{BEGUN}\nC4\n{act}\n\
             == 0 3 usual\n{BEGUN}\nC4\n{}\n{}\n{}\nF\n",
            page(1),
            page(3),
            page(4),
            ended("[3,4]")
        ));
        assert_eq!(documents.len(), 1);
        assert_eq!(numbers(&documents[0]), [1, 3, 4], "{act}");
        let unread = &documents[0].source.unread;
        assert_eq!((unread.len(), unread[0].page), (1, Some(2)), "{act}: {unread:?}");
        assert_eq!(unread[0].reason, UnreadReason::ReaderFailed);
        assert!(unread[0].detail.contains(words), "{act}: {unread:?}");
    }
}

#[test]
fn the_careful_way_can_save_a_page() {
    let documents = play(&format!(
        "== 0 0 usual\n{BEGUN}\nC4\n{}\n!abort\n== 0 2 careful\n{BEGUN}\nC4\n{}\n{}\nF\n\
         == 0 3 usual\n{BEGUN}\nC4\n{}\n{}\n{}\nF\n",
        page(1),
        page(2),
        ended("[2]"),
        page(3),
        page(4),
        ended("[3,4]")
    ));
    assert_eq!(numbers(&documents[0]), [1, 2, 3, 4]);
    assert!(documents[0].source.unread.is_empty(), "{:?}", documents[0].source.unread);
}

#[test]
fn a_part_that_kills_its_reader_costs_only_itself() {
    let part = |index: u32, digit: &str| {
        let sha256 = digit.repeat(64);
        let begun = format!(
            r#"B{{"index":{index},"suffix":" » {index}.txt","media_type":"text/plain","sha256":"{sha256}"}}"#
        );
        let ended = ended("[1]").replace("$SHA", &sha256);
        (begun, ended)
    };
    let (first, first_end) = part(0, "a");
    let (second, _) = part(1, "b");
    let (third, third_end) = part(2, "c");
    let one = page(1);
    let documents = play(&format!(
        "== 0 0 usual\n{first}\n{one}\n{first_end}\n{second}\n!abort\n== 1 0 careful\n{second}\n!abort\n\
         == 2 0 usual\n{third}\n{one}\n{third_end}\nF\n"
    ));
    let names: Vec<&str> = documents.iter().map(|document| document.source.name.as_str()).collect();
    assert_eq!(names, ["sent.pdf » 0.txt", "sent.pdf » 1.txt", "sent.pdf » 2.txt"]);
    let pages: Vec<usize> = documents.iter().map(|document| document.source.pages.len()).collect();
    assert_eq!(pages, [1, 0, 1]);
    assert!(documents[1].source.unread[0].detail.contains("crashed"));
}

#[test]
fn a_reader_that_always_dies_is_not_tried_for_ever() {
    let mut script = String::new();
    for page in 0..=400 {
        for care in ["usual", "careful"] {
            script.push_str(&format!("== 0 {page} {care}\n{BEGUN}\nC300\n!abort\n"));
        }
    }
    let begun = Instant::now();
    let documents = play(&script);
    assert!(begun.elapsed() < Duration::from_secs(30));
    let unread = &documents[0].source.unread;
    assert_eq!(documents[0].source.pages.len(), 0);
    assert!(unread.last().is_some_and(|last| last.detail.contains("the rest was not tried")), "{unread:?}");
}

#[test]
fn a_file_that_kills_at_once_is_unread_and_named() {
    for act in ["!abort", "!spin"] {
        let documents = play(&format!("== 0 0 usual\n{act}\n== 0 0 careful\n{act}\n"));
        assert_eq!(documents.len(), 1);
        let source = &documents[0].source;
        assert_eq!((source.name.as_str(), source.pages.len()), ("sent.pdf", 0));
        assert_eq!(source.unread[0].reason, UnreadReason::ReaderFailed);
    }
}

#[test]
fn recognition_is_asked_for_and_what_was_read_before_is_kept() {
    // A reader that may recognise goes on where the other stopped; the probe does not look at that.
    let documents = play(&format!(
        "== 0 0 usual\n{BEGUN}\nC4\n{}\n{}\nR\n== 0 3 usual\n{BEGUN}\nC4\n{}\n{}\n{}\nF\n",
        page(1),
        page(2),
        page(3),
        page(4),
        ended("[3,4]")
    ));
    assert_eq!(numbers(&documents[0]), [1, 2, 3, 4]);
    assert!(documents[0].source.unread.is_empty());
}

#[test]
fn pages_are_heard_of_as_they_are_done() {
    let script = format!("== 0 0 usual\n{BEGUN}\n{}\n{}\n{}\nF\n", page(1), page(2), ended("[1,2]"));
    let mut steps = Vec::new();
    let reader = actors(Deadlines::default());
    let read =
        reader.read(&request("sent.pdf", script.as_bytes()), &mut |step| steps.push((step.page, step.pages)));
    assert!(read.is_ok());
    assert_eq!(steps, [(1, 4), (2, 4)]);
}

#[test]
fn honest_children_read_what_a_reader_in_this_process_reads() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../reading/tests/fixtures");
    let boxed = readers(Deadlines::default());
    let open = Reader::new(ReaderOptions::default());
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("fixtures").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut compared = 0;
    for path in files.iter().filter(|path| path.is_file()) {
        let bytes = std::fs::read(path).expect("a fixture");
        let ours = read(&boxed, "a file", &bytes);
        let theirs = open.read("a file", &bytes, &|_| {});
        let text = |documents: &[ReadDocument]| -> Vec<(String, Vec<String>, usize)> {
            let pages =
                |document: &ReadDocument| document.source.pages.iter().map(|page| page.text()).collect();
            documents
                .iter()
                .map(|document| (document.source.name.clone(), pages(document), document.source.unread.len()))
                .collect()
        };
        assert_eq!(text(&ours), text(&theirs), "{}", path.display());
        compared += 1;
    }
    assert!(compared >= 3, "{compared} fixtures");
}

#[test]
fn the_box_says_that_it_works() {
    assert_eq!(readers(Deadlines::default()).check(), Ok(()));
    // A child that answers with something else than it was given is no box that works.
    assert!(actors(Deadlines::default()).check().is_err());
}
