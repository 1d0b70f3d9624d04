//! PDF files: the text layer where there is one to trust, otherwise the rendered page read as a picture.

pub(crate) mod fonts;
pub(crate) mod glyphs;
pub(crate) mod ink;
pub(crate) mod lines;
pub(crate) mod page;
pub(crate) mod pieces;
pub(crate) mod render;
pub(crate) mod spelling;

use crate::failure::Failure;
use crate::limits;
use crate::reader::desk::{Desk, Reading};
use cartulary_model::document::UnreadReason;
use fonts::Fonts;
use glyphs::{Layer, TooManyDrawings};
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use render::Sheet;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Fewer characters than this on a page with pictures are a stamp or a page number, not its text.
const SCANT_TEXT: usize = 20;
/// On a page that is mostly one picture, this much text is still only its header: scanner programmes add one.
const HEADER_TEXT: usize = 200;
/// Share of the page from which pictures are the page.
const MOSTLY_PICTURE: f32 = 0.5;
/// Drawn shapes from which a page without text may be text turned to outlines.
const MANY_SHAPES: usize = 40;
/// Share of characters without meaning from which a text layer is not trusted.
const MOST_UNKNOWN: f32 = 0.1;

/// Reads every page of a PDF file.
pub(crate) fn read(desk: &Desk<'_>, bytes: &[u8], reading: &mut Reading) -> Result<(), Failure> {
    let pdf = open(bytes, desk.password().unwrap_or_default())?;
    let count = pdf.pages().len();
    if count == 0 {
        let detail = "the PDF opens and holds no page";
        return Err(Failure::new(UnreadReason::NoPages, detail));
    }
    let fonts = Fonts::default();
    let sheet = Sheet::new(&pdf, fonts.settings());
    let read = count.min(limits::PAGES);
    for number in desk.wanted(read as u32) {
        let outcome = catch_unwind(AssertUnwindSafe(|| page::read(desk, &sheet, number, &fonts)));
        match outcome {
            Ok(Ok(page)) => reading.add(page),
            Ok(Err(failure)) => reading.unread.push(failure.at(Some(number))),
            Err(cause) => reading.unread.push(given_up(cause.as_ref()).at(Some(number))),
        }
        desk.done(reading, number, read as u32);
    }
    if read < count {
        let detail = format!("{count} pages, of which the first {read} were read");
        reading.unread.push(Failure::too_many(detail).at(None));
    }
    Ok(())
}

fn given_up(cause: &(dyn Any + Send)) -> Failure {
    if cause.is::<TooManyDrawings>() {
        let detail = format!("the page draws more than {} things; send it as a picture", limits::DRAWINGS);
        return Failure::too_many(detail);
    }
    Failure::new(UnreadReason::ReaderFailed, "the PDF reader panicked on this page")
}

fn open(bytes: &[u8], password: &str) -> Result<Pdf, Failure> {
    Pdf::new_with_password(bytes.to_vec(), password).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            let detail = if password.is_empty() {
                "the PDF needs a password"
            } else {
                "the PDF does not open with the password that was given"
            };
            Failure::new(UnreadReason::Encrypted, detail)
        }
        LoadPdfError::Decryption(error) => {
            let detail = format!("the PDF is encrypted in an unknown way: {error:?}");
            Failure::new(UnreadReason::Encrypted, detail)
        }
        LoadPdfError::Invalid => Failure::damaged("the PDF does not open"),
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The text layer is the text.
    Text,
    /// The picture is the text.
    Picture,
    /// There is a text layer, but its characters mean nothing.
    Garbled,
}

pub(crate) fn judge(layer: &Layer, characters: usize) -> Verdict {
    let drawn = !layer.pictures.is_empty() || layer.shapes >= MANY_SHAPES;
    if layer.unknown_share() > MOST_UNKNOWN {
        Verdict::Garbled
    } else if layer.is_overfull()
        || (characters < SCANT_TEXT && drawn)
        || (characters < HEADER_TEXT && layer.picture_share() > MOSTLY_PICTURE)
    {
        Verdict::Picture
    } else {
        Verdict::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glyphs::{Glyph, Shown};

    fn layer(text: &str, pictures: usize, share: f32) -> Layer {
        Layer {
            glyphs: text.chars().map(|c| Glyph::test(c, 0.0, 0.0)).collect(),
            pictures: vec![Shown { place: [0.0; 4], share, density: 1.0 }; pictures],
            ..Layer::default()
        }
    }

    fn judge(layer: &Layer) -> Verdict {
        super::judge(layer, layer.characters())
    }

    #[test]
    fn a_scan_with_a_stamp_is_a_picture() {
        assert_eq!(judge(&layer("Page 3", 1, 0.9)), Verdict::Picture);
        let watermark = "Scanned with a scanner app";
        assert_eq!(judge(&layer(watermark, 1, 1.0)), Verdict::Picture);
    }

    #[test]
    fn a_letter_with_a_logo_is_text() {
        let words = "Diffuse large B-cell lymphoma, stage IV. ".repeat(9);
        assert_eq!(judge(&layer(&words, 1, 0.05)), Verdict::Text);
        assert_eq!(judge(&layer("", 0, 0.0)), Verdict::Text);
    }

    #[test]
    fn characters_of_private_use_are_not_trusted() {
        let words = "\u{e001}\u{e002}\u{fffd}abc".repeat(20);
        assert_eq!(judge(&layer(&words, 0, 0.0)), Verdict::Garbled);
    }
}
