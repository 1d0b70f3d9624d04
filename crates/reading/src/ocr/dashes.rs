//! Cells of a table that hold nothing but a dash.
//!
//! The network that finds text does not see a lone `-`, and a row without it reads as if the column were not there. A dash
//! is looked for by its form: a short level stroke with nothing around it, in line with a line of text.

use crate::ocr::ink::{Page, Stroke};
use cartulary_model::Quad;

/// Width, height and least fill of a dash, against the size of print.
const WIDTH: std::ops::RangeInclusive<f32> = 0.17..=0.95;
const HEIGHT: f32 = 0.25;
const FILL: f32 = 0.65;
/// How much wider than high it is.
const LEVEL: f32 = 1.45;
/// Nothing else is so near, beside it and above or below: a dash stands close to the rule of its column.
const ALONE: [f32; 2] = [0.2, 0.3];
/// How far it may lie above and below the middle of a line's course: a hyphen stands lower than that.
const IN_LINE: [f32; 2] = [0.25, 0.42];
/// More of them are a pattern of the paper.
const MOST: usize = 300;

/// The places of lone dashes on a page.
pub(crate) fn find(page: &Page) -> Vec<Quad> {
    let is_lone = |stroke: &Stroke| {
        let place = stroke.middle();
        is_dash(stroke, page.print)
            && is_alone(page, stroke)
            && page.is_outside_lines(place)
            && page.is_in_line(place, IN_LINE)
    };
    let found: Vec<Quad> = page.ink.strokes().filter(is_lone).map(|stroke| around(page, &stroke)).collect();
    if found.len() > MOST { Vec::new() } else { found }
}

fn is_dash(stroke: &Stroke, print: f32) -> bool {
    let (width, height) = (stroke.width(), stroke.height());
    WIDTH.contains(&(width / print))
        && height <= HEIGHT * print
        && width >= LEVEL * height
        && stroke.pixels as f32 >= FILL * width * height
}

fn is_alone(page: &Page, stroke: &Stroke) -> bool {
    let [beside, above] = ALONE.map(|share| (share * page.print).round() as usize);
    let columns = stroke.left.saturating_sub(beside)..stroke.right + beside + 1;
    let rows = stroke.top.saturating_sub(above)..stroke.bottom + above + 1;
    page.ink.count(columns, rows) == stroke.pixels
}

/// A box of the height of print around it, in the frame of the picture.
fn around(page: &Page, stroke: &Stroke) -> Quad {
    let [_, y] = stroke.middle();
    let (margin, half) = (0.15 * page.print, page.print / 2.0);
    page.quad([stroke.left as f32 - margin, y - half, (stroke.right + 1) as f32 + margin, y + half])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::ink::drawn;
    use image::{Rgb, RgbImage};

    /// A page with a line of "text" at y = 100, and strokes at the given places.
    fn page(strokes: &[[u32; 4]]) -> RgbImage {
        drawn(strokes)
    }

    /// Boxes around lines of print of 24 pixels.
    fn quads() -> Vec<Quad> {
        vec![Quad::upright(20.0, 83.0, 200.0, 117.0), Quad::upright(20.0, 183.0, 200.0, 217.0)]
    }

    fn lone(picture: &RgbImage, quads: &[Quad]) -> Vec<Quad> {
        Page::of(picture, quads).map(|page| find(&page)).unwrap_or_default()
    }

    fn found(strokes: &[[u32; 4]]) -> usize {
        lone(&page(strokes), &quads()).len()
    }

    #[test]
    fn a_dash_in_line_with_text_is_found_in_its_place() {
        let [quad] = lone(&page(&[[400, 99, 409, 102]]), &quads())[..] else { panic!("one dash") };
        let [left, top, right, bottom] = quad.bounds();
        assert!(left < 400.0 && right > 409.0 && top < 95.0 && bottom > 106.0);
    }

    #[test]
    fn what_is_no_dash_is_not_found() {
        for (what, strokes) in [
            ("between the lines", vec![[400, 149, 409, 152]]),
            ("a rule", vec![[300, 99, 500, 101]]),
            ("a dot", vec![[400, 99, 403, 102]]),
            ("upright", vec![[400, 92, 403, 108]]),
            ("a dotted rule", vec![[380, 99, 388, 101], [392, 99, 400, 101], [404, 99, 412, 101]]),
            ("an equals sign", vec![[400, 97, 410, 99], [400, 103, 410, 105]]),
            ("inside a line's box", vec![[100, 99, 109, 102]]),
        ] {
            assert_eq!(found(&strokes), 0, "{what}");
        }
        assert!(lone(&page(&[[400, 99, 409, 102]]), &[]).is_empty(), "a page without text has no cells");
    }

    #[test]
    fn a_pattern_is_not_three_hundred_cells() {
        let mut picture = RgbImage::from_pixel(13_000, 120, Rgb([230; 3]));
        let dashes = |count: u32| {
            (0..count).flat_map(|n| (0..27u32).map(move |at| (240 + 40 * n + at % 9, 99 + at / 9)))
        };
        dashes(20).for_each(|(x, y)| picture.put_pixel(x, y, Rgb([30; 3])));
        assert_eq!(lone(&picture, &quads()[..1]).len(), 20);
        dashes(310).for_each(|(x, y)| picture.put_pixel(x, y, Rgb([30; 3])));
        assert!(lone(&picture, &quads()[..1]).is_empty());
    }
}
