//! Recognition of a synthetic bilingual page, turned every way. Skipped, with a word, where the models are missing.
//!
//! `bilingual.png` is a page of an invented person, printed by a browser and rasterised at 160 dpi.

#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use cartulary_model::document::{QualityNote, UnreadReason};
use cartulary_model::{Line, Origin, Page};
use cartulary_reading::{ReadDocument, Reader, ReaderOptions};
use image::{ImageFormat, RgbImage, imageops};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const PAGE: &[u8] = include_bytes!("fixtures/bilingual.png");

/// What the page says, cells of the table apart, in reading order.
const LINES: &[&str] = &[
    "病理诊断报告 Pathology report",
    "姓名：王某某",
    "性别：女",
    "年龄：52岁",
    "右颈部淋巴结：弥漫大B细胞淋巴瘤，非生发中心型。",
    "Diffuse large B-cell lymphoma, non-GCB type, Ki-67 about 80%.",
    "CD20",
    "(+)",
    "血小板计数",
    "76",
    "125-350",
    "CD3",
    "(-)",
    "乳酸脱氢酶",
    "486",
    "120-250",
    "BCL2",
    "90%",
    "血红蛋白",
    "98",
    "115-150",
    "Reported 2023-08-09, R-CHOP planned.",
];

fn models() -> Option<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join("models/cache"))
        .find(|cache| cache.join("PP-OCRv6_rec_small.onnx").is_file())
}

/// One reader for all tests: the models are loaded once. Nothing, with a word, when there are none.
fn reader() -> Option<&'static Reader> {
    static READER: OnceLock<Option<Reader>> = OnceLock::new();
    let reader = READER.get_or_init(|| {
        let options = ReaderOptions { models_dir: Some(models()?), threads: 2, ..ReaderOptions::default() };
        Some(Reader::new(options))
    });
    if reader.is_none() {
        println!("skipped: the model files are not installed, run models/get");
    }
    reader.as_ref()
}

fn read(reader: &Reader, picture: &RgbImage) -> ReadDocument {
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).expect("PNG");
    reader.read("page", &png.into_inner(), &|_| {}).remove(0)
}

fn page(reader: &Reader, picture: &RgbImage) -> Page {
    let source = read(reader, picture).source;
    assert_eq!(source.unread, []);
    source.pages.into_iter().next().expect("one page")
}

#[test]
fn boxes_to_tick_stand_beside_their_answers() {
    let Some(reader) = reader() else { return };
    let form = image::load_from_memory(include_bytes!("fixtures/ticked.png")).expect("fixture").into_rgb8();
    let lines: Vec<String> =
        page(reader, &form).lines.iter().map(|line| line.text.replace(' ', "")).collect();
    for said in ["Activeinfection☐yes☑no", "CNSinvolvement☑yes☐no", "乙肝表面抗原☐阳性☑阴性"]
    {
        assert!(lines.iter().any(|line| line == said), "{said} in {lines:#?}");
    }
}

fn upright() -> RgbImage {
    image::load_from_memory(PAGE).expect("fixture").into_rgb8()
}

/// Characters that differ, spaces apart: what is asked for is the words, not their spacing.
fn errors(lines: &[Line]) -> usize {
    let without_spaces = |text: String| text.replace([' ', '\u{3000}'], "");
    let read: String = without_spaces(lines.iter().map(|line| line.text.as_str()).collect());
    let said = without_spaces(LINES.concat());
    distance(&said, &read)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[test]
fn a_page_is_read_however_it_is_turned() {
    let Some(reader) = reader() else { return };
    let sent = upright();
    let turned = [
        (0, sent.clone()),
        (90, imageops::rotate90(&sent)),
        (180, imageops::rotate180(&sent)),
        (270, imageops::rotate270(&sent)),
    ];
    for (degrees, picture) in turned {
        let page = page(reader, &picture);
        assert_eq!((page.rotation, page.origin), (degrees, Origin::Ocr));
        assert_eq!((page.width, page.height), picture.dimensions());
        let errors = errors(&page.lines);
        assert!(errors <= 2, "{errors} errors at {degrees}: {:#?}", page.lines);
    }
}

#[test]
fn a_turned_line_begins_at_its_first_letter() {
    let Some(reader) = reader() else { return };
    let page = page(reader, &imageops::rotate90(&upright()));
    let title = &page.lines[0];
    let [first, second, ..] = title.quad.0;
    let (width, height) = (page.width as f32, page.height as f32);
    assert!(first[0] > 0.85 * width && first[1] < 0.15 * height, "{first:?}");
    assert!(second[1] > first[1] + 200.0, "it runs downwards: {second:?}");
}

#[test]
fn every_character_has_its_place() {
    let Some(reader) = reader() else { return };
    let page = page(reader, &upright());
    for line in &page.lines {
        assert_eq!(line.char_edges.len(), line.text.chars().count() + 1);
        assert!(line.char_edges.is_sorted(), "{line:?}");
    }
    let long = page.lines.iter().find(|line| line.text.starts_with("Diffuse"));
    let long = long.expect("the English line");
    let whole = long.quad.bounds();
    let half = long.quad_of(0, long.text.chars().count() / 2).bounds();
    let share = (half[2] - half[0]) / (whole[2] - whole[0]);
    assert!((share - 0.5).abs() < 0.05, "{share}");
}

#[test]
fn a_blurred_page_says_so() {
    let Some(reader) = reader() else { return };
    let blurred = imageops::blur(&upright(), 4.0);
    let source = read(reader, &blurred).source;
    assert!(source.pages[0].quality.contains(&QualityNote::Blurred));
}

#[test]
fn a_picture_without_text_is_a_page_that_says_so() {
    let Some(reader) = reader() else { return };
    let source = read(reader, &RgbImage::from_pixel(400, 300, image::Rgb([230; 3]))).source;
    assert!(source.pages[0].lines.is_empty());
    assert_eq!(source.pages[0].quality, [QualityNote::NoText]);
    assert_eq!(source.unread[0].reason, UnreadReason::NoText);
    assert_eq!(source.unread[0].page, Some(1));
}
