//! What was sent and what was read of it: documents, pages, positioned lines.

use crate::id::DocumentId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Four corners in pixels of the page image: top-left, top-right, bottom-right, bottom-left of the text as read.
///
/// The image is the input image with its EXIF orientation applied, or the page rendered at 200 dpi.
/// A line of a page that was photographed sideways has its "top-left" corner where its first letter is.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Quad(pub [[f32; 2]; 4]);

impl Quad {
    /// An upright box.
    pub fn upright(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self([[left, top], [right, top], [right, bottom], [left, bottom]])
    }

    /// The upright box around it: left, top, right, bottom.
    pub fn bounds(&self) -> [f32; 4] {
        let xs = self.0.map(|corner| corner[0]);
        let ys = self.0.map(|corner| corner[1]);
        [
            xs.into_iter().fold(f32::INFINITY, f32::min),
            ys.into_iter().fold(f32::INFINITY, f32::min),
            xs.into_iter().fold(f32::NEG_INFINITY, f32::max),
            ys.into_iter().fold(f32::NEG_INFINITY, f32::max),
        ]
    }

    /// The piece of the quad between two fractions of its reading direction, `0.0` its start and `1.0` its end.
    pub fn slice(&self, from: f32, to: f32) -> Self {
        let [start_top, end_top, end_bottom, start_bottom] = self.0;
        let along = |a: [f32; 2], b: [f32; 2], t: f32| [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
        Self([
            along(start_top, end_top, from),
            along(start_top, end_top, to),
            along(start_bottom, end_bottom, to),
            along(start_bottom, end_bottom, from),
        ])
    }
}

/// One line, or one cell of a table, as read. The text is never changed afterwards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// The text as read.
    pub text: String,
    /// Where it stands.
    pub quad: Quad,
    /// How sure the reader is, from 0 to 1; 1 for a text layer.
    pub confidence: f32,
    /// Where each character begins along the quad, from 0 to 1, and at last where the last one ends.
    ///
    /// One more entry than the text has characters; empty when the reader does not know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub char_edges: Vec<f32>,
    /// What the reader saw, where it told signs that look alike apart by their neighbours (`×10°/L` for `×10⁹/L`), wrote a
    /// numeral that it read twice once, or wrote in a box to tick that it found by its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}

impl Line {
    /// The quad of a span of characters; the share of the whole line when the reader gave no positions.
    pub fn quad_of(&self, start: usize, end: usize) -> Quad {
        let count = self.text.chars().count();
        self.quad_of_share(
            (u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX)),
            count,
        )
    }

    /// The quad of a span of characters, for a caller that knows how many characters the line has.
    pub fn quad_of_share(&self, (start, end): (u32, u32), count: usize) -> Quad {
        let (start, end, count) = (start as usize, end as usize, count.max(1));
        let edge = |index: usize| {
            if self.char_edges.len() == count + 1 {
                self.char_edges[index.min(count)]
            } else {
                (index as f32 / count as f32).min(1.0)
            }
        };
        self.quad.slice(edge(start), edge(end))
    }
}

/// Where a page's text came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The document carries text.
    #[default]
    Text,
    /// Optical character recognition of an image.
    Ocr,
}

/// One page as read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Width of the page image in pixels.
    pub width: u32,
    /// Height of the page image in pixels.
    pub height: u32,
    /// Text layer or recognition.
    pub origin: Origin,
    /// How far the text is turned against the image, clockwise: 0, 90, 180 or 270 degrees.
    pub rotation: u16,
    /// In reading order.
    pub lines: Vec<Line>,
    /// What hinders reading, for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quality: Vec<QualityNote>,
}

impl Page {
    /// The text of its lines, a line each.
    pub fn text(&self) -> String {
        self.lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect()
    }
}

/// Something about a page that makes its reading less sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QualityNote {
    /// The picture is blurred.
    Blurred,
    /// The picture is dark.
    Dark,
    /// Many lines were read with low confidence.
    LowConfidence,
    /// Some lines were found and could not be read.
    UnreadLines,
    /// Lines run over the edge of the picture.
    CutOff,
    /// No text was found on the page.
    NoText,
    /// The text layer and the picture disagree; the picture was read.
    TextLayerMismatch,
}

/// A page, or a whole document when `page` is `None`, that could not be read, and why. Never dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// The page, from 1; nothing for the whole document.
    pub page: Option<u32>,
    /// Why it could not be read.
    pub reason: UnreadReason,
    /// The reader's own words, for the person who looks into it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// Why something could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnreadReason {
    /// The file has no bytes.
    Empty,
    /// It does not open without a password.
    Encrypted,
    /// The bytes are damaged or end early.
    Damaged,
    /// A kind of file that Cartulary does not read: video, sound, DICOM, a programme.
    UnsupportedType,
    /// Greater than the limits.
    TooLarge,
    /// More pages, parts or levels than the limits.
    TooMany,
    /// The document opened and held no page.
    NoPages,
    /// The file system did not let it be read.
    NotPermitted,
    /// Recognition was needed and its model files are not installed.
    NoModels,
    /// The page is a picture in which no text was found.
    NoText,
    /// Parts could not be read because the picture is blurred or dark.
    PoorQuality,
    /// Read, but in a script or language that no rule knows: facts may be missing.
    OtherLanguage,
    /// Reading took longer than allowed, or the reader died.
    ReaderFailed,
}

/// What was sent: one file, or one part of an e-mail or archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SourceDocument {
    /// Named by content.
    pub id: DocumentId,
    /// The file's name as sent; parts of a container are written `letter.eml » report.pdf`. May name a person.
    pub name: String,
    /// The type found in the bytes, for example `application/pdf`.
    pub media_type: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// The pages that were read.
    pub pages: Vec<Page>,
    /// What was not read.
    #[serde(default)]
    pub unread: Vec<Unread>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_lights_its_own_part_of_the_line() {
        let line = Line {
            text: "PLT 45".into(),
            quad: Quad::upright(100.0, 10.0, 160.0, 30.0),
            confidence: 1.0,
            ..Line::default()
        };
        assert_eq!(line.quad_of(4, 6).bounds(), [140.0, 10.0, 160.0, 30.0]);
    }

    #[test]
    fn a_line_turned_by_180_degrees_is_sliced_from_its_first_letter() {
        let quad = Quad([[160.0, 30.0], [100.0, 30.0], [100.0, 10.0], [160.0, 10.0]]);
        assert_eq!(quad.slice(0.0, 0.5).bounds(), [130.0, 10.0, 160.0, 30.0]);
    }
}
