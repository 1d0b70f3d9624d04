//! One page of a PDF: text layer or picture, and what of the layer the picture does not bear out.

use crate::failure::Failure;
use crate::pdf::fonts::Fonts;
use crate::pdf::glyphs::{Layer, Shown};
use crate::pdf::lines::{self, Lines};
use crate::pdf::render::Sheet;
use crate::pdf::{Verdict, judge};
use crate::reader::desk::{Desk, Reading};
use cartulary_model::document::{QualityNote, UnreadReason};
use cartulary_model::{Line, Origin, Page, Quad};
use image::{RgbImage, imageops};
use std::collections::BTreeSet;

/// Hidden characters from which a page is marked; fewer are rests of a printer's marks.
const HIDDEN_TEXT: usize = 8;
/// Share of the picture's pairs of characters that the text under it must have, to be the text of the picture.
const SAME_TEXT: f32 = 0.5;
/// Pictures on a page of text that may hold text themselves, by their share of the page: less is a logo, more a ground.
const MAY_HOLD_TEXT: std::ops::Range<f32> = 0.04..0.6;
/// Pictures of one page that are recognised.
const MOST_PICTURES: usize = 6;
/// How far the resolution of a scan is followed, against 200 dpi.
const DENSITY: std::ops::Range<f32> = 0.6..2.0;

/// Reads a page, numbered from 1.
pub(crate) fn read(
    desk: &Desk<'_>,
    sheet: &Sheet<'_>,
    number: u32,
    fonts: &Fonts,
) -> Result<Reading, Failure> {
    let mut layer = sheet.layer(number, false)?;
    let verdict = judge(&layer, layer.characters());
    if verdict != Verdict::Text {
        return as_picture(desk, sheet, number, &layer, fonts, verdict == Verdict::Garbled);
    }
    let doubtful = layer.is_doubtful();
    let holding: Vec<Shown> =
        layer.pictures.iter().copied().filter(may_hold_text).take(MOST_PICTURES).collect();
    let wanted = desk.may_render() && (desk.keep_images || doubtful || !holding.is_empty());
    let picture = wanted.then(|| sheet.render(number)).transpose()?;
    if doubtful {
        layer = sheet.layer(number, true)?;
    }
    let lines = lines::of_layer(&layer, picture.as_ref());
    let left: usize = lines.seen.iter().map(|line| line.text.chars().count()).sum();
    if lines.hidden > 0 && judge(&layer, left) == Verdict::Picture {
        return as_picture(desk, sheet, number, &layer, fonts, true);
    }
    let mut reading = as_text(number, &layer, lines);
    if picture.is_none() && !holding.is_empty() {
        let detail = "pictures on the page were not read: rendering it ended the reader";
        reading.unread.push(Failure::new(UnreadReason::ReaderFailed, detail).at(Some(number)));
    }
    if let Some(picture) = picture {
        for shown in holding {
            add_picture(desk, number, &picture, shown, &mut reading);
        }
        reading.images.extend(desk.copy(number, &picture));
    }
    if reading.pages.iter().all(|page| page.lines.is_empty()) && reading.unread.is_empty() {
        let blank = Failure::new(UnreadReason::NoText, "the page is blank");
        reading.unread.push(blank.at(Some(number)));
    }
    Ok(reading)
}

fn may_hold_text(shown: &Shown) -> bool {
    const SHORTEST_SIDE: f32 = 100.0;
    let [left, top, right, bottom] = shown.place;
    MAY_HOLD_TEXT.contains(&shown.share) && (right - left).min(bottom - top) >= SHORTEST_SIDE
}

fn as_text(number: u32, layer: &Layer, lines: Lines) -> Reading {
    let mut page = Page {
        number,
        width: layer.width,
        height: layer.height,
        origin: Origin::Text,
        rotation: lines.turn.degrees(),
        lines: lines.seen,
        quality: Vec::new(),
    };
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    if lines.hidden + visible(&layer.unseen) + visible(&layer.inkless) >= HIDDEN_TEXT {
        page.quality.push(QualityNote::TextLayerMismatch);
    }
    if page.lines.is_empty() {
        page.quality.push(QualityNote::NoText);
    }
    Reading { pages: vec![page], ..Reading::default() }
}

/// Reads the page as a picture, at the resolution of its scan. Places stay those of the page at 200 dpi.
fn as_picture(
    desk: &Desk<'_>,
    sheet: &Sheet<'_>,
    number: u32,
    layer: &Layer,
    fonts: &Fonts,
    mismatch: bool,
) -> Result<Reading, Failure> {
    if !desk.may_render() {
        let detail = "the page is a picture, and rendering it ended the reader";
        return Err(Failure::new(UnreadReason::ReaderFailed, detail));
    }
    desk.needs_recognition();
    let density =
        layer.largest_picture().filter(|picture| picture.share > 0.5).map_or(1.0, |shown| shown.density);
    let density = density.clamp(DENSITY.start, DENSITY.end);
    let picture = sheet.render_at(number, density)?;
    let times = [layer.width as f32 / picture.width() as f32, layer.height as f32 / picture.height() as f32];
    let mut reading = desk.picture_page(number, picture);
    let layer_text: String = layer.glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
    for page in &mut reading.pages {
        (page.width, page.height) = (layer.width, layer.height);
        page.lines.iter_mut().for_each(|line| line.quad = moved(line.quad, times, [0.0, 0.0]));
        if mismatch || differs(&page.text(), &layer.inkless) || differs(&page.text(), &layer_text) {
            page.quality.push(QualityNote::TextLayerMismatch);
        }
    }
    fonts.confess(&mut reading);
    Ok(reading)
}

fn moved(quad: Quad, times: [f32; 2], by: [f32; 2]) -> Quad {
    Quad(quad.0.map(|[x, y]| [x * times[0] + by[0], y * times[1] + by[1]]))
}

/// Whether the text under a scan is another one than that of the scan. Recognition by others errs, so half will do.
fn differs(seen: &str, inkless: &str) -> bool {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let letters: Vec<char> =
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (seen, under) = (pairs(seen), pairs(inkless));
    let same = seen.intersection(&under).count() as f32;
    seen.len().min(under.len()) >= HIDDEN_TEXT && same < SAME_TEXT * seen.len().min(under.len()) as f32
}

/// Recognises a picture on a page of text, and adds the lines that the text layer does not have there.
fn add_picture(desk: &Desk<'_>, number: u32, page: &RgbImage, shown: Shown, reading: &mut Reading) {
    let [left, top, right, bottom] = shown.place.map(|edge| edge.max(0.0) as u32);
    let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
    if width == 0 || height == 0 {
        return;
    }
    let part = imageops::crop_imm(page, left, top, width, height).to_image();
    let found = desk.picture_page(number, part);
    let known: Vec<[f32; 4]> =
        reading.pages.iter().flat_map(|page| &page.lines).map(|line| line.quad.bounds()).collect();
    let lines = found
        .pages
        .into_iter()
        .flat_map(|page| page.lines)
        .map(|line| Line { quad: moved(line.quad, [1.0, 1.0], [left as f32, top as f32]), ..line });
    let new: Vec<Line> =
        lines.filter(|line| !known.iter().any(|box_| overlap(*box_, line.quad.bounds()))).collect();
    // A photograph without text is no loss; one that could not be looked at is.
    let missed = found.unread.into_iter().filter(|unread| unread.reason != UnreadReason::NoText);
    for unread in missed {
        let same = |known: &cartulary_model::Unread| known.reason == unread.reason;
        if !reading.unread.iter().any(same) {
            reading.unread.push(unread);
        }
    }
    if let Some(page) = reading.pages.first_mut() {
        page.lines.extend(new);
        page.quality.retain(|note| *note != QualityNote::NoText || page.lines.is_empty());
    }
}

/// Whether two boxes share at least a third of the smaller one.
fn overlap(a: [f32; 4], b: [f32; 4]) -> bool {
    let area = |[left, top, right, bottom]: [f32; 4]| (right - left).max(0.0) * (bottom - top).max(0.0);
    let shared = area([a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]);
    shared * 3.0 > area(a).min(area(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_text_under_a_scan_is_told_from_a_badly_read_one() {
        let seen = "Diffuse large B-cell lymphoma, Ki-67 80%, stage IV";
        assert!(!differs(seen, "Dlffuse large B-ceII lymphoma Ki-67 80 % stage lV"));
        assert!(differs(seen, "Complete remission after six courses of chemotherapy"));
        assert!(!differs(seen, ""));
    }

    #[test]
    fn a_line_that_is_in_the_layer_already_is_known() {
        assert!(overlap([0.0, 0.0, 100.0, 20.0], [5.0, 4.0, 90.0, 22.0]));
        assert!(!overlap([0.0, 0.0, 100.0, 20.0], [0.0, 18.0, 100.0, 38.0]));
    }
}
