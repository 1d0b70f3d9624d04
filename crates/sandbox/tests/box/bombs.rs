//! Files that are made to take all memory or all time, read by honest readers in the box.

use crate::hostile;
use crate::support::{PROBE, grown};
use std::fs;
use std::process::Command;

/// Name, bytes.
type Bomb = (&'static str, Vec<u8>);

#[test]
fn no_bomb_is_lost_hangs_or_makes_the_parent_grow() {
    let folder = tempfile::tempdir().expect("a folder");
    let bombs = bombs();
    for (name, bytes) in &bombs {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    let path = folder.path().to_string_lossy().into_owned();
    let output = Command::new(PROBE).args(["hostile", &path]).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    eprint!("{said}");
    for (name, _) in &bombs {
        let line = said.lines().find(|line| line.starts_with(&format!("{name}:"))).unwrap_or_default();
        assert!(!line.is_empty(), "{name} is lost");
        assert!(!line.contains(" 0 pages") || !line.ends_with("[]"), "read with nothing: {line}");
    }
    let grown: usize =
        said.lines().last().and_then(|line| line.strip_prefix("grown ")?.parse().ok()).expect("a figure");
    assert!(grown < 64 << 20, "{} MiB", grown >> 20);
}

/// The files that `reading` is tried with in one process, each in a child of its own, those too that only the clock ends.
#[test]
fn every_hostile_file_ends_read_or_unread_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = hostile::all();
    assert!(files.len() >= 60, "{}", files.len());
    for file in &files {
        fs::write(folder.path().join(file.name), (file.make)()).expect("written");
    }
    let path = folder.path().to_string_lossy().into_owned();
    let output = Command::new(PROBE).args(["hostile", &path]).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for file in &files {
        let start = format!("{}: ", file.name);
        let line = said.lines().find(|line| line.starts_with(&start)).unwrap_or_default();
        assert!(!line.is_empty(), "{} is lost", file.name);
        assert!(!line.contains(": 0 pages") || !line.ends_with("[]"), "read with nothing: {line}");
    }
    let slowest = said.lines().filter_map(|line| {
        let (before, _) = line.split_once(" ms, ")?;
        let took: u64 = before.rsplit(' ').next()?.parse().ok()?;
        Some((took, line))
    });
    eprintln!("{} files; longest: {:?}", files.len(), slowest.max());
    let grown: usize =
        said.lines().last().and_then(|line| line.strip_prefix("grown ")?.parse().ok()).expect("a figure");
    assert!(grown < 64 << 20, "{} MiB", grown >> 20);
}

#[test]
fn an_empty_folder_grows_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(grown(&["hostile", &folder.path().to_string_lossy()]) < 4 << 20);
}

fn bombs() -> Vec<Bomb> {
    vec![
        ("a letter.txt", b"Diffuse large B-cell lymphoma.\n".to_vec()),
        ("brackets.pdf", pdf(&[&format!("<< /Type /Catalog /Pages {} >>", "[".repeat(1_000_000))])),
        ("deep mail.eml", deep_mail(20_000)),
        ("header flood.eml", format!("From: a\r\n{}\r\n\r\nx", "X: y\r\n".repeat(1_000_000)).into_bytes()),
        ("huge page.pdf", page("[0 0 1000000 1000000]", "<< >>", "0 0 9 9 re f")),
        ("many parts.eml", many_parts(1_000_000)),
        ("no number.pdf", page("[0 0 NaN NaN]", "<< >>", "0 0 9 9 re f")),
        (
            "page tree.pdf",
            pdf(&[
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 >>",
            ]),
        ),
        ("tiny tiles.pdf", tiles()),
        ("twice thirty times.pdf", expanding(30)),
        ("wide text.txt", "x ".repeat(5_000_000).into_bytes()),
        ("zeros.bin", vec![0; 20_000_000]),
    ]
}

/// A PDF of these objects, the first of which is the catalogue.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let (start, size) = (pdf.len(), objects.len() + 1);
    pdf.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    places.iter().for_each(|place| pdf.extend(format!("{place:010} 00000 n \n").bytes()));
    pdf.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    pdf
}

fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// The objects of one page, and what follows them from number 5 on.
fn page_and(media: &str, resources: &str, content: &str, more: &[String]) -> Vec<u8> {
    let page =
        format!("<< /Type /Page /Parent 2 0 R /MediaBox {media} /Resources {resources} /Contents 4 0 R >>");
    let content = stream("", content);
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        &page,
        &content,
    ];
    objects.extend(more.iter().map(String::as_str));
    pdf(&objects)
}

fn page(media: &str, resources: &str, content: &str) -> Vec<u8> {
    page_and(media, resources, content, &[])
}

/// A form that draws a form twice, which draws a form twice.
fn expanding(depth: usize) -> Vec<u8> {
    const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 595 842]";
    let mut forms: Vec<String> = (0..depth)
        .map(|level| {
            let inner = format!("{FORM} /Resources << /XObject << /F {} 0 R >> >>", level + 6);
            stream(&inner, "/F Do /F Do")
        })
        .collect();
    forms.push(stream(FORM, "0 0 1 1 re f"));
    page_and("[0 0 595 842]", "<< /XObject << /F 5 0 R >> >>", "/F Do", &forms)
}

/// A page filled with a pattern of which each tile is a hair's breadth.
fn tiles() -> Vec<u8> {
    let pattern = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] \
                   /XStep 0.0001 /YStep 0.0001 /Resources << >>";
    let pattern = stream(pattern, "0 0 1 1 re f");
    let content = "/Pattern cs /P scn 0 0 595 842 re f";
    page_and("[0 0 595 842]", "<< /Pattern << /P 5 0 R >> >>", content, &[pattern])
}

fn many_parts(count: usize) -> Vec<u8> {
    let head =
        "From: a@example.org\r\nTo: b@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    format!("{head}{}--b--\r\n", "--b\r\n\r\n".repeat(count)).into_bytes()
}

fn deep_mail(depth: usize) -> Vec<u8> {
    let mut mail = String::from("From: a@example.org\r\nTo: b@example.org\r\n");
    for level in 0..depth {
        mail.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
    }
    mail.into_bytes()
}
