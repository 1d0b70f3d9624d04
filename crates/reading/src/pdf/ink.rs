//! Whether the strokes of glyphs are on the picture of their page.
//!
//! Contrast alone does not tell: a picture drawn over a line of text has contrast of its own. So the picture is looked
//! at where the strokes must be and where they must not.

use hayro::kurbo::{Affine, BezPath, Point, Shape};
use image::RgbImage;

/// A place on the page, and whether it is inside of a stroke.
pub(crate) type Sample = ([f32; 2], bool);

/// Places in each direction that are tried.
const STEPS: usize = 6;
/// Outlines with more pieces are drawings.
const MOST_SEGMENTS: usize = 2_000;
/// Fewer rows of places say nothing.
const FEWEST: usize = 4;
/// Strokes and the ground between them differ at least by this in brightness.
const VISIBLE_CONTRAST: f32 = 24.0;

/// Places inside and outside of the strokes of an outline.
pub(crate) fn samples(outline: &BezPath, place: Affine) -> Vec<Sample> {
    if outline.elements().len() > MOST_SEGMENTS || outline.elements().is_empty() {
        return Vec::new();
    }
    let bounds = outline.bounding_box();
    let share = |step: usize| (step as f64 + 0.5) / STEPS as f64;
    let at = |column: usize, row: usize| {
        Point::new(bounds.x0 + share(column) * bounds.width(), bounds.y0 + share(row) * bounds.height())
    };
    let places = (0..STEPS).flat_map(|row| (0..STEPS).map(move |column| (column, row)));
    places
        .map(|(column, row)| {
            let point = at(column, row);
            let page = place * point;
            ([page.x as f32, page.y as f32], outline.winding(point) != 0)
        })
        .collect()
}

/// Whether the picture shows the strokes of these glyphs; nothing when there are too few places to tell.
///
/// Strokes are compared with the ground beside them in the same row of places, so that an edge of something else that
/// runs through the line does not pass for strokes.
pub(crate) fn is_shown<'a>(picture: &RgbImage, glyphs: impl Iterator<Item = &'a [Sample]>) -> Option<bool> {
    let rows = glyphs.flat_map(|samples| samples.chunks(STEPS));
    let (sum, count) = rows
        .filter_map(|row| contrast(picture, row))
        .fold((0.0, 0), |(sum, count), contrast| (sum + contrast, count + 1));
    (count >= FEWEST).then(|| (sum / count as f32).abs() >= VISIBLE_CONTRAST)
}

/// How much lighter the strokes in a row of places are than the ground; nothing when it has only one of them.
fn contrast(picture: &RgbImage, row: &[Sample]) -> Option<f32> {
    let mut sums = [(0.0f32, 0usize); 2];
    for ([x, y], inside) in row {
        if *x < 0.0 || *y < 0.0 || *x >= picture.width() as f32 || *y >= picture.height() as f32 {
            continue;
        }
        let [red, green, blue] = picture.get_pixel(*x as u32, *y as u32).0;
        let (sum, count) = &mut sums[usize::from(*inside)];
        *sum += 0.3 * f32::from(red) + 0.59 * f32::from(green) + 0.11 * f32::from(blue);
        *count += 1;
    }
    let [(outside, around), (inside, within)] = sums;
    (around > 0 && within > 0).then(|| inside / within as f32 - outside / around as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro::kurbo::Rect;
    use image::Rgb;

    fn two_bars() -> Vec<Sample> {
        let mut outline = Rect::new(0.0, 0.0, 10.0, 30.0).to_path(0.1);
        outline.extend(Rect::new(20.0, 0.0, 30.0, 30.0).to_path(0.1));
        samples(&outline, Affine::translate((5.0, 5.0)))
    }

    #[test]
    fn strokes_that_are_there_are_seen() {
        let mut picture = RgbImage::from_pixel(50, 50, Rgb([255; 3]));
        assert_eq!(is_shown(&picture, [&two_bars()[..]].into_iter()), Some(false));
        for y in 5..35 {
            for x in (5..15).chain(25..35) {
                picture.put_pixel(x, y, Rgb([30; 3]));
            }
        }
        assert_eq!(is_shown(&picture, [&two_bars()[..]].into_iter()), Some(true));
    }

    #[test]
    fn other_strokes_at_their_place_are_others() {
        let stripes = |_, y: u32| if y % 4 < 2 { Rgb([0; 3]) } else { Rgb([255; 3]) };
        assert_eq!(is_shown(&RgbImage::from_fn(50, 50, stripes), [&two_bars()[..]].into_iter()), Some(false));
    }

    #[test]
    fn without_outlines_nothing_is_said() {
        assert_eq!(is_shown(&RgbImage::new(9, 9), [].into_iter()), None);
    }
}
