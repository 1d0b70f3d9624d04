//! What hinders reading a picture, for the person who is asked to send a better one.

use crate::scale;
use cartulary_model::{Line, document::QualityNote};
use image::{GrayImage, RgbImage};

/// Long side at which sharpness is judged: a blur that is gone at this size does not hinder reading.
const LONG_SIDE: u32 = 1600;
/// Side of the tiles whose sharpness is compared; a tile holds a few words.
const TILE: u32 = 64;
/// Tiles with less contrast than this hold no text.
const MIN_CONTRAST: f32 = 12.0;
/// Sharpness below which text is blurred. Pages of 10-point print at 200 dpi have 1.4; blurred by 2 pixels they have
/// 0.35 and are read as well as before, by 2.5 pixels 0.24, by 3 pixels 0.17 and errors are five times as many.
const SHARP: f32 = 0.3;
/// Paper darker than this is hard to read.
const DARK: f32 = 95.0;
/// Share of doubtful lines from which a page is doubtful.
const DOUBTFUL_LINES: f32 = 0.3;
/// A line ends on the border of the picture if it comes so near to it, in heights of its box.
const EDGE: f32 = 0.15;
/// So many lines on the border are no stamp and no rule.
const CUT_LINES: usize = 3;

/// Notes on the picture itself.
pub(crate) fn of_picture(picture: &RgbImage) -> Vec<QualityNote> {
    let luma = scaled_luma(picture);
    let mut notes = Vec::new();
    if sharpness(&luma).is_some_and(|sharpness| sharpness < SHARP) {
        notes.push(QualityNote::Blurred);
    }
    if paper(&luma) < DARK {
        notes.push(QualityNote::Dark);
    }
    notes
}

/// Notes on how sure the reading was: share of doubtful lines, count of those of which nothing is left.
pub(crate) fn of_reading(doubtful: f32, unread: usize) -> Vec<QualityNote> {
    let low = (doubtful >= DOUBTFUL_LINES).then_some(QualityNote::LowConfidence);
    let unread = (unread > 0).then_some(QualityNote::UnreadLines);
    low.into_iter().chain(unread).collect()
}

/// A note if lines run over the edge: of those that are read on a picture of this size, several end on its border.
///
/// A margin is left on a whole page, so more than one line on the border means that the page was not.
pub(crate) fn of_edges(lines: &[Line], width: u32, height: u32) -> Option<QualityNote> {
    let (width, height) = (width as f32, height as f32);
    let at_border = |line: &&Line| {
        let [left, top, right, bottom] = line.quad.bounds();
        let thick = (right - left).min(bottom - top);
        let long = (right - left).max(bottom - top) > 3.0 * thick;
        let ends = if right - left > bottom - top { [left, width - right] } else { [top, height - bottom] };
        long && ends.into_iter().any(|room| room < EDGE * thick)
    };
    (lines.iter().filter(at_border).count() >= CUT_LINES).then_some(QualityNote::CutOff)
}

fn scaled_luma(picture: &RgbImage) -> GrayImage {
    let (width, height) = picture.dimensions();
    let scale = (LONG_SIDE as f32 / width.max(height) as f32).min(1.0);
    let smaller = |side: u32| ((side as f32 * scale) as u32).max(1);
    let luma = image::imageops::grayscale(picture);
    scale::luma(&luma, smaller(width), smaller(height))
}

/// Deviation of the Laplacian over deviation of the brightness, in the middle one of the tiles with contrast.
///
/// Over the whole picture the first would measure how much text there is, not how sharp it is. The middle, because a
/// photograph whose lower half is out of focus lacks that half.
fn sharpness(luma: &GrayImage) -> Option<f32> {
    let (width, height) = luma.dimensions();
    let mut ratios = Vec::new();
    for top in (1..height.saturating_sub(TILE)).step_by(TILE as usize) {
        for left in (1..width.saturating_sub(TILE)).step_by(TILE as usize) {
            ratios.extend(tile_sharpness(luma, left, top));
        }
    }
    ratios.sort_by(f32::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}

fn tile_sharpness(luma: &GrayImage, left: u32, top: u32) -> Option<f32> {
    let (mut brightness, mut edges) = (Spread::default(), Spread::default());
    for y in top..top + TILE {
        for x in left..left + TILE {
            let at = |x: u32, y: u32| f32::from(luma.get_pixel(x, y).0[0]);
            let middle = at(x, y);
            brightness.add(middle);
            edges.add(at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4.0 * middle);
        }
    }
    let contrast = brightness.deviation();
    (contrast >= MIN_CONTRAST).then(|| edges.deviation() / contrast)
}

/// Brightness of the paper: nine tenths of the picture are darker than the lightest tenth.
fn paper(luma: &GrayImage) -> f32 {
    let mut counts = [0usize; 256];
    for pixel in luma.pixels() {
        counts[usize::from(pixel.0[0])] += 1;
    }
    let tenth = luma.pixels().len() / 10;
    let mut lighter = 0;
    for (value, count) in counts.iter().enumerate().rev() {
        lighter += count;
        if lighter > tenth {
            return value as f32;
        }
    }
    0.0
}

#[derive(Default)]
struct Spread {
    count: f32,
    sum: f32,
    squares: f32,
}

impl Spread {
    fn add(&mut self, value: f32) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    fn deviation(&self) -> f32 {
        let mean = self.sum / self.count.max(1.0);
        (self.squares / self.count.max(1.0) - mean * mean).max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// Strokes three pixels wide, as print has at 200 dpi.
    fn strokes(ink: u8, paper: u8) -> RgbImage {
        RgbImage::from_fn(800, 800, |x, y| {
            let stroke = x % 9 < 3 && y % 30 < 20;
            Rgb([if stroke { ink } else { paper }; 3])
        })
    }

    #[test]
    fn sharp_print_on_white_has_no_note() {
        assert!(of_picture(&strokes(20, 240)).is_empty());
    }

    #[test]
    fn blurred_print_is_noted() {
        let blurred = image::imageops::blur(&strokes(20, 240), 3.0);
        assert_eq!(of_picture(&blurred), [QualityNote::Blurred]);
    }

    #[test]
    fn a_picture_taken_in_the_dark_is_noted() {
        assert_eq!(of_picture(&strokes(5, 60)), [QualityNote::Dark]);
    }

    #[test]
    fn lines_that_end_on_the_border_are_cut_off() {
        let line = |left: f32, at: f32| Line {
            quad: cartulary_model::Quad::upright(left, 100.0 + 50.0 * at, 480.0, 130.0 + 50.0 * at),
            ..Line::default()
        };
        let cut: Vec<Line> = (0..4u8).map(|at| line(1.0, f32::from(at))).collect();
        let whole: Vec<Line> = (0..4u8).map(|at| line(60.0, f32::from(at))).collect();
        assert_eq!(of_edges(&cut, 600, 800), Some(QualityNote::CutOff));
        assert_eq!(of_edges(&cut[..2], 600, 800), None, "a stamp and a number");
        assert_eq!(of_edges(&whole, 600, 800), None);
        assert_eq!(of_edges(&whole, 481, 800), Some(QualityNote::CutOff));
    }

    #[test]
    fn lines_of_which_nothing_is_left_are_noted() {
        assert_eq!(of_reading(0.1, 0), []);
        assert_eq!(of_reading(0.1, 2), [QualityNote::UnreadLines]);
        assert_eq!(of_reading(0.5, 1), [QualityNote::LowConfidence, QualityNote::UnreadLines]);
    }

    #[test]
    fn a_blank_page_is_not_called_blurred() {
        assert!(of_picture(&RgbImage::from_pixel(500, 500, Rgb([250; 3]))).is_empty());
    }
}
