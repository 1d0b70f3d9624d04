//! The bytes of small papers: plain text, a PDF of one page, a word-processor file.

use std::io::Write as _;

/// The paper of a number. No two are alike, each is in one of three forms, and its dates can be read in one way only.
pub(crate) fn sheet(number: usize) -> (&'static str, Vec<u8>) {
    let lines = lines(number);
    match number % 20 {
        3 => ("pdf", pdf(&lines)),
        11 => ("docx", docx(&lines)),
        _ => ("txt", lines.join("\n").into_bytes()),
    }
}

fn lines(number: usize) -> Vec<String> {
    let day = number % 17 + 13;
    vec![
        format!("Laboratory report no. {number}"),
        "Name: Ann Moore".to_owned(),
        "Sex: female".to_owned(),
        format!("Report date: 2023-06-{day}"),
        format!("Haemoglobin {} g/L", 90 + number % 60),
        format!("Platelets {} x10^9/L", 100 + number),
        "Diagnosis: diffuse large B-cell lymphoma.".to_owned(),
    ]
}

/// One page of A4 with lines in Helvetica.
pub(crate) fn pdf(lines: &[String]) -> Vec<u8> {
    let shown: Vec<String> = lines.iter().map(|line| format!("({line}) Tj T*")).collect();
    let content = format!("BT /F1 12 Tf 14 TL 60 780 Td {} ET", shown.join(" "));
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    bytes.extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    bytes
}

/// A word-processor file with a paragraph a line.
pub(crate) fn docx(lines: &[String]) -> Vec<u8> {
    const SPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let body: String = lines.iter().map(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>")).collect();
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"{SPACE}\"><w:body>{body}</w:body></w:document>"
    );
    let types = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in [("[Content_Types].xml", types), ("word/document.xml", &document)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
