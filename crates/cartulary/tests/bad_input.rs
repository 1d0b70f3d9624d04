//! Bad input: each a clear sentence and an exit code, nothing lost.

use crate::support::{cartulary, root};
use serde_json::Value;
use std::{fs, path::Path, process::Output};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn evaluate(path: &Path) -> (Output, Value, String) {
    let output = cartulary(&["evaluate", &path.to_string_lossy(), "--on", "2024-01-01", "--json", "-"]);
    let answer = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, answer, words)
}

/// Evaluates one file; it must be listed as unread for the reason, and the program must say that it read nothing.
fn unread_for(name: &str, bytes: &[u8], reason: &str) {
    let folder = folder();
    fs::write(folder.path().join(name), bytes).expect("the file is written");
    let (output, answer, words) = evaluate(folder.path());
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert_eq!(answer["unread"][0]["reason"], reason, "{answer}");
    assert_eq!(answer["unread"][0]["name"], name);
    assert!(!answer["unread"][0]["text"]["en"].as_str().unwrap_or_default().is_empty());
    assert!(words.contains("no page could be read"), "{words}");
}

#[test]
fn an_empty_folder_says_what_to_do() {
    let folder = folder();
    let (output, _, words) = evaluate(folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("holds no file") && words.contains("put the patient's papers"), "{words}");
}

#[test]
fn a_path_that_does_not_exist_is_named() {
    let (output, _, words) = evaluate(Path::new("no/such/place"));
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("could not open no/such/place"), "{words}");
}

#[test]
fn a_file_of_zero_bytes_is_empty() {
    unread_for("empty.pdf", b"", "empty");
}

#[test]
fn a_corrupt_photograph_is_damaged() {
    unread_for("photo.jpg", &[0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 2, 3], "damaged");
}

#[test]
fn a_cut_pdf_is_damaged() {
    unread_for("cut.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", "damaged");
}

#[test]
fn an_encrypted_pdf_asks_for_the_password() {
    let fixture = root().join("crates/reading/tests/fixtures/encrypted.pdf");
    unread_for("locked.pdf", &fs::read(fixture).expect("the fixture is there"), "encrypted");
}

#[test]
fn a_video_is_kept_and_not_read() {
    let mut video = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2mp41".to_vec();
    video.resize(4096, 0);
    unread_for("clip.mp4", &video, "unsupported_type");
}

#[test]
fn a_file_above_the_limit_is_not_loaded() {
    let folder = folder();
    let path = folder.path().join("huge.tif");
    let file = fs::File::create(&path).expect("the file is created");
    file.set_len(51 * 1024 * 1024).expect("a sparse file");
    let (output, answer, _) = evaluate(folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(answer["unread"][0]["reason"], "too_large");
}

#[test]
fn one_bad_paper_costs_only_itself() {
    let folder = folder();
    fs::write(folder.path().join("a-empty.pdf"), b"").expect("written");
    fs::write(folder.path().join("b-letter.txt"), "Diffuse large B-cell lymphoma, diagnosed in May 2022.")
        .expect("written");
    let (output, answer, _) = evaluate(folder.path());
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(answer["unread"][0]["name"], "a-empty.pdf");
    assert_eq!(answer["record"]["diagnoses"][0]["concept"], "hist.dlbcl_nos");
}

#[test]
fn a_criteria_overlay_with_a_typo_is_refused_with_file_and_line() {
    let overlay = folder();
    let criteria = overlay.path().join("criteria");
    fs::create_dir(&criteria).expect("a folder");
    let original =
        fs::read_to_string(root().join("catalogue/criteria/axi.fda.lbcl_3l.toml")).expect("the set is there");
    fs::write(criteria.join("axi.fda.lbcl_3l.toml"), original.replacen("need", "nead", 1)).expect("written");
    let output = cartulary(&["criteria", "list", "--catalogue", &overlay.path().to_string_lossy()]);
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("axi.fda.lbcl_3l.toml:") && words.contains("nead"), "{words}");
}

#[test]
fn an_unknown_set_and_an_unknown_option_are_told_apart() {
    let folder = folder();
    fs::write(folder.path().join("a.txt"), "lymphoma").expect("written");
    let path = folder.path().to_string_lossy().into_owned();
    let unknown_set = cartulary(&["evaluate", &path, "--set", "axi.fda.nothing"]);
    assert_eq!(unknown_set.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown_set.stderr).contains("cartulary criteria list"));
    assert_eq!(cartulary(&["evaluate", &path, "--sett", "x"]).status.code(), Some(2));
}

#[test]
fn the_order_of_papers_does_not_matter() {
    let folder = folder();
    let (a, b) = (folder.path().join("a.txt"), folder.path().join("b.txt"));
    fs::write(&a, "2020年5月起R-CHOP 6程后PR，2021年1月进展。").expect("written");
    fs::write(&b, "弥漫大B细胞淋巴瘤，PLT 45×10^9/L，ECOG 1分。").expect("written");
    let record = |first: &Path, second: &Path| {
        let output = cartulary(&[
            "evaluate",
            &first.to_string_lossy(),
            &second.to_string_lossy(),
            "--on",
            "2024-01-01",
            "--json",
            "-",
        ]);
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (answer["facts"].clone(), answer["record"].clone(), answer["evaluations"].clone())
    };
    assert_eq!(record(&a, &b), record(&b, &a));
}
