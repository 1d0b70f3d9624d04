//! `cartulary read`: what it writes, in which order, and that it reads in a box.

use crate::support::{cartulary, models_installed, root};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn read(arguments: &[&str]) -> (Output, Vec<Value>, String) {
    let output = cartulary(&[&["read"], arguments].concat());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, lines, words)
}

fn text(line: &Value) -> &str {
    line["pages"][0]["lines"][0]["text"].as_str().unwrap_or_default()
}

#[test]
fn files_and_folders_come_out_in_their_order_however_many_are_read_at_a_time() {
    let folder = folder();
    let sheets = folder.path().join("sheets");
    fs::create_dir(&sheets).expect("a folder");
    for number in 0..30 {
        // The first take longest.
        let words = format!("sheet {number:02}\n").repeat(1 + (30 - number) * 500);
        fs::write(sheets.join(format!("{number:02}.txt")), words).expect("written");
    }
    let last = folder.path().join("last.txt");
    fs::write(&last, "the last sheet").expect("written");
    let [sheets, last] = [&sheets, &last].map(|path| path.to_string_lossy().into_owned());
    let (output, lines, words) = read(&["--threads", "4", &sheets, "no/such/file.pdf", &last]);
    assert!(output.status.success() && words.is_empty(), "{words}");
    assert_eq!(lines.len(), 32);
    for (number, line) in lines[..30].iter().enumerate() {
        assert_eq!(line["file"], format!("{sheets}/{number:02}.txt"));
        assert_eq!(text(line), format!("sheet {number:02}"));
    }
    assert_eq!(
        (lines[30]["file"].as_str(), &lines[30]["pages"]),
        (Some("no/such/file.pdf"), &Value::Array(vec![]))
    );
    assert_eq!(lines[30]["unread"][0]["detail"], "no such file");
    assert_eq!(text(&lines[31]), "the last sheet");
}

#[test]
fn a_password_from_a_file_opens_a_locked_pdf() {
    let folder = folder();
    let (right, wrong) = (folder.path().join("right"), folder.path().join("wrong"));
    fs::write(&right, "secret\nnot this line\n").expect("written");
    fs::write(&wrong, "guess\n").expect("written");
    let [right, wrong] = [&right, &wrong].map(|path| path.to_string_lossy().into_owned());
    let locked = "crates/reading/tests/fixtures/encrypted.pdf";
    let (output, lines, _) = read(&["--password-file", &right, locked]);
    assert!(output.status.success());
    assert!(!text(&lines[0]).is_empty() && lines[0]["unread"] == Value::Array(vec![]), "{lines:?}");
    let (output, lines, _) = read(&["--password-file", &wrong, locked]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines[0]["unread"][0]["reason"], "encrypted");
    let (output, _, words) = read(&["--password-file", "no/such/file", locked]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("could not read the password file no/such/file"), "{words}");
}

#[test]
fn reading_without_a_box_is_said_loudly_and_gives_the_same() {
    let letter = "crates/reading/tests/fixtures/letter.pdf";
    let (_, boxed, quiet) = read(&[letter]);
    let (output, open, loud) = read(&["--no-sandbox", letter]);
    assert!(output.status.success() && quiet.is_empty());
    assert!(loud.contains("WARNING") && loud.contains("unprotected"), "{loud}");
    assert_eq!(boxed[0]["pages"], open[0]["pages"]);
    let by_environment = |value: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_cartulary"))
            .args(["read", letter])
            .env("CARTULARY_NO_SANDBOX", value)
            .current_dir(root())
            .output()
            .expect("it starts");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(by_environment("1").contains("WARNING"));
    assert!(by_environment("0").is_empty());
}

#[test]
fn overlays_are_pictures_in_the_folder_that_was_named() {
    let folder = folder();
    let out = folder.path().join("seen");
    let letter = "crates/reading/tests/fixtures/letter.pdf";
    let (output, lines, _) = read(&["--overlay", &out.to_string_lossy(), letter, letter]);
    assert!(output.status.success() && lines.len() == 2);
    let mut names: Vec<String> = fs::read_dir(&out)
        .expect("the folder was made")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let name = "crates_reading_tests_fixtures_letter.pdf";
    assert_eq!(names, [format!("{name}-1.jpg"), format!("{name}.2-1.jpg")]);
    let picture = fs::read(out.join(&names[0])).expect("a picture");
    assert!(picture.starts_with(&[0xff, 0xd8, 0xff]) && picture.ends_with(&[0xff, 0xd9]));
}

#[test]
fn a_photograph_is_recognised_in_the_box() {
    if !models_installed() {
        eprintln!("skipped: the model files are not installed (models/get)");
        return;
    }
    let (output, lines, words) = read(&["crates/reading/tests/fixtures/bilingual.png"]);
    assert!(output.status.success(), "{words}");
    assert_eq!(lines[0]["pages"][0]["origin"], "ocr");
    assert!(!text(&lines[0]).is_empty());
}

/// A page whose lines were written into lay once outside what the box lets through, and every form was refused.
#[test]
fn a_form_with_boxes_to_tick_is_read_in_the_box_as_outside() {
    if !models_installed() {
        eprintln!("skipped: the model files are not installed (models/get)");
        return;
    }
    let form = "crates/reading/tests/fixtures/ticked.png";
    let (output, boxed, words) = read(&[form]);
    assert!(output.status.success() && words.is_empty(), "{words}");
    assert_eq!(boxed[0]["unread"], Value::Array(vec![]));
    let (_, open, _) = read(&["--no-sandbox", form]);
    assert_eq!(boxed[0]["pages"], open[0]["pages"]);
    let lines: Vec<String> = boxed[0]["pages"][0]["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|line| line["text"].as_str().unwrap_or_default().replace(' ', ""))
        .collect();
    for said in [
        "Priorallogeneictransplant☐yes☑no",
        "Activeinfection☐yes☑no",
        "CNSinvolvement☑yes☐no",
        "乙肝表面抗原☐阳性☑阴性",
        "Knownseizuredisorder☐yes☐no",
    ] {
        assert!(lines.iter().any(|line| line == said), "{said} in {lines:#?}");
    }
}

#[test]
fn models_that_are_missing_are_named_from_inside_the_box() {
    let nowhere = folder();
    let (output, lines, _) =
        read(&["--models", &nowhere.path().to_string_lossy(), "crates/reading/tests/fixtures/bilingual.png"]);
    assert_eq!(output.status.code(), Some(0));
    let unread = &lines[0]["unread"][0];
    assert_eq!(unread["reason"], "no_models", "{unread}");
    assert!(unread["detail"].as_str().is_some_and(|detail| detail.contains("models/get")), "{unread}");
}

#[test]
fn a_pdf_that_never_ends_is_ended() {
    let folder = folder();
    let path = folder.path().join("endless.pdf");
    fs::write(&path, expanding_pdf()).expect("written");
    let (output, lines, _) = read(&["--time-limit", "2", &path.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    let unread = &lines[0]["unread"][0];
    assert_eq!(unread["reason"], "reader_failed", "{lines:?}");
    assert!(unread["detail"].as_str().is_some_and(|detail| detail.contains("took too long")), "{unread}");
}

/// A page filled with a pattern that is filled twice with a pattern, and so on, thirty deep.
fn expanding_pdf() -> Vec<u8> {
    const DEPTH: usize = 30;
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Pattern << /P 5 0 R >> >> /Contents 4 0 R >>"
            .to_owned(),
        stream("", &"/Pattern cs /P scn 0 0 595 842 re f ".repeat(50)),
    ];
    const TILE: &str =
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9";
    for depth in 0..DEPTH {
        let next = 6 + depth;
        let resources = format!("{TILE} /Resources << /Pattern << /P {next} 0 R >> >>");
        objects.push(stream(&resources, "/Pattern cs /P scn 0 0 4 9 re f 4 0 4 9 re f"));
    }
    objects.push(stream(&format!("{TILE} /Resources << >>"), "0 0 1 1 re f"));
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = pdf.len();
    pdf.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    places.iter().for_each(|place| pdf.extend(format!("{place:010} 00000 n \n").bytes()));
    let size = objects.len() + 1;
    pdf.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    pdf
}

fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

#[test]
fn the_doctor_says_whether_the_box_works() {
    let output = cartulary(&["doctor"]);
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(words.contains("sandbox     ok"), "this machine cannot build the box: {words}");
}

#[test]
fn no_process_is_left_behind() {
    let readers = || {
        let mut found = 0;
        for process in fs::read_dir("/proc").expect("a system with /proc").flatten() {
            let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
            let root = Path::new(env!("CARGO_BIN_EXE_cartulary"));
            let ours = fs::read_link(process.path().join("exe")).is_ok_and(|exe| exe == root);
            let parent = fs::read_to_string(process.path().join("stat")).unwrap_or_default();
            let orphan =
                parent.rsplit(')').next().is_some_and(|rest| rest.split_whitespace().nth(1) == Some("1"));
            found += usize::from(ours && orphan && command.windows(8).any(|part| part == b"\0reader\0"));
        }
        found
    };
    let before = readers();
    for _ in 0..3 {
        assert!(cartulary(&["read", "crates/reading/tests/fixtures/letter.pdf"]).status.success());
    }
    assert!(readers() <= before);
}

#[test]
fn an_answer_is_never_written_over_a_paper() {
    let folder = folder();
    let [first, second] = ["1.txt", "2.txt"].map(|name| folder.path().join(name));
    fs::write(&first, "the first sheet").expect("written");
    fs::write(&second, "the second sheet").expect("written");
    let [one, two] = [&first, &second].map(|path| path.to_string_lossy().into_owned());
    // As a shell makes it of `--jsonl *.txt`.
    let (output, _, words) = read(&["--jsonl", &one, &two]);
    assert!(!output.status.success() && words.contains("nothing was written over it"), "{words}");
    assert_eq!(fs::read_to_string(&first).expect("it is there"), "the first sheet");
    let page = folder.path().join("summary.html").to_string_lossy().into_owned();
    fs::write(&page, "<p>PLT 45 x10^9/L</p>").expect("written");
    assert!(!cartulary(&["evaluate", &two, "--on", "2026-01-01", "--html", &page]).status.success());
    assert!(fs::read_to_string(&page).expect("it is there").contains("PLT 45"));
    fs::remove_file(&page).expect("removed");
    for _ in 0..2 {
        assert!(cartulary(&["evaluate", &two, "--on", "2026-01-01", "--html", &page]).status.success());
    }
    let answers = folder.path().join("answers.jsonl").to_string_lossy().into_owned();
    for _ in 0..2 {
        assert!(read(&["--jsonl", &answers, &two]).0.status.success());
    }
}
