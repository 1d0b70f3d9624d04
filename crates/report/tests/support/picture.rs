//! Pictures of synthetic pages, drawn from their own lines so that every quad fits.

use super::desk::advance;
use cartulary_model::{Origin, PreliminaryEvaluation};

/// One picture: document index, page number, SVG.
pub(crate) struct Picture {
    /// Index of the document.
    pub(crate) document: usize,
    /// Page, from 1.
    pub(crate) page: u32,
    /// The picture.
    pub(crate) svg: String,
}

/// Pictures of all pages that were photographed or stand in a PDF.
pub(crate) fn pictures(evaluation: &PreliminaryEvaluation) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for (document, of) in evaluation.documents.iter().enumerate() {
        for page in &of.source.pages {
            if page.origin == Origin::Ocr || of.source.name.ends_with("pdf") {
                pictures.push(Picture { document, page: page.number, svg: draw(page) });
            }
        }
    }
    pictures
}

fn draw(page: &cartulary_model::Page) -> String {
    let (width, height) = (page.width, page.height);
    let turn = match page.rotation {
        90 => format!("translate({width},0) rotate(90)"),
        180 => format!("translate({width},{height}) rotate(180)"),
        270 => format!("translate(0,{height}) rotate(270)"),
        _ => String::new(),
    };
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>\
         <rect width='{width}' height='{height}' fill='#f4efe4'/><g transform='{turn}' font-size='28' fill='#222' \
         font-family='Noto Serif CJK SC, serif'>"
    );
    for (row, line) in page.lines.iter().enumerate() {
        let y = 120 + row * 54 + 28;
        let length: f32 = line.text.chars().map(advance).sum();
        let text: String = line
            .text
            .chars()
            .filter(|c| !c.is_control() && *c != '\u{202E}')
            .map(|c| match c {
                '<' => "&lt;".to_owned(),
                '&' => "&amp;".to_owned(),
                c => c.to_string(),
            })
            .collect();
        let words = format!("<text x='90' y='{y}' textLength='{length}' xml:space='preserve'>{text}</text>");
        svg.push_str(&words);
    }
    svg.push_str("</g></svg>");
    svg
}
