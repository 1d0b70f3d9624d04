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
/// So many dashes of a page tell what a dash of it is like. Of a blurred one the last row or column is chance: a stroke as
/// wide as they are, a pixel more or less, at most a pixel higher, of so much fill, is one of them.
const KNOWN: usize = 4;
const LIKE_FILL: f32 = 0.5;

/// How far apart the cells of a row and of a column lie, in sizes of print.
const BESIDE: std::ops::RangeInclusive<f32> = 1.0..=16.0;
const ABOVE: std::ops::RangeInclusive<f32> = 1.0..=4.0;
/// How far a dash may lie beside the course of its row and of its column, in sizes of print, and the row may bend.
const LEVEL_WITH: f32 = 0.3;
const BENT: f32 = 0.03;
const UNDER: f32 = 0.5;
/// How far a rule is looked for beside a dash of no line, and how far it would stand up, in sizes of print.
const GOES_ON: f32 = 2.0;
const UPRIGHT: f32 = 0.3;

/// The places of lone dashes on a page.
pub(crate) fn find(page: &Page) -> Vec<Quad> {
    let is_lone = |stroke: &Stroke| {
        may_be_dash(stroke, page.print) && is_alone(page, stroke) && page.is_outside_lines(stroke.middle())
    };
    let lone = page.ink.strokes().filter(is_lone);
    let (in_line, apart): (Vec<Stroke>, Vec<Stroke>) =
        lone.partition(|stroke| page.is_in_line(stroke.middle(), IN_LINE));
    let (mut dashes, others): (Vec<Stroke>, Vec<Stroke>) =
        in_line.into_iter().partition(|stroke| is_dash(stroke, page.print));
    if let Some(usual) = usual(&dashes) {
        dashes.extend(others.into_iter().filter(|stroke| is_like(stroke, usual)));
        let apart = apart
            .into_iter()
            .filter(|stroke| is_dash(stroke, page.print) && is_like(stroke, usual) && !goes_on(page, stroke));
        add_cells(page, &mut dashes, apart.collect());
    }
    if dashes.len() > MOST { Vec::new() } else { dashes.iter().map(|stroke| around(page, stroke)).collect() }
}

/// Whether level ink stands beside a stroke at its height: it is a piece of a faint rule. A rule of a column and text stand up.
fn goes_on(page: &Page, stroke: &Stroke) -> bool {
    let [reach, apart] = [GOES_ON, UPRIGHT].map(|share| (share * page.print).round() as usize);
    let rows = stroke.top.saturating_sub(1)..stroke.bottom + 2;
    let sides = [stroke.left.saturating_sub(reach)..stroke.left, stroke.right + 1..stroke.right + 1 + reach];
    let is_level = |column: usize| {
        let columns = column..column + 1;
        let above = rows.start.saturating_sub(apart)..rows.start;
        page.ink.count(columns.clone(), rows.clone()) > 0
            && page.ink.count(columns.clone(), above) == 0
            && page.ink.count(columns, rows.end..rows.end + apart) == 0
    };
    sides.into_iter().flatten().any(is_level)
}

/// Adds the dashes of rows without text on a page that does not lie flat, where no line's course leads to them: each stands
/// beside a dash of its row, and below or above a dash or a line of its column.
fn add_cells(page: &Page, dashes: &mut Vec<Stroke>, mut apart: Vec<Stroke>) {
    loop {
        let in_row = |one: &Stroke, other: &Stroke| {
            let ([x, y], [there, level]) = (one.middle(), other.middle());
            let (across, drop) = ((there - x).abs(), level - y - page.slope_at(y) * (there - x));
            BESIDE.contains(&(across / page.print)) && drop.abs() <= LEVEL_WITH * page.print + BENT * across
        };
        let in_column = |one: &Stroke, other: &Stroke| {
            let ([x, y], [there, level]) = (one.middle(), other.middle());
            ABOVE.contains(&((level - y).abs() / page.print)) && (there - x).abs() <= UNDER * page.print
        };
        let is_cell = |stroke: &Stroke| {
            dashes.iter().any(|dash| in_row(stroke, dash))
                && (dashes.iter().any(|dash| in_column(stroke, dash))
                    || page.is_in_column(stroke.middle(), ABOVE))
        };
        let (cells, rest): (Vec<Stroke>, Vec<Stroke>) = apart.into_iter().partition(is_cell);
        apart = rest;
        if cells.is_empty() {
            return;
        }
        dashes.extend(cells);
    }
}

/// The middle width and height of the dashes of a page, if there are enough to tell.
fn usual(dashes: &[Stroke]) -> Option<[f32; 2]> {
    let middle = |side: fn(&Stroke) -> f32| {
        let mut sides: Vec<f32> = dashes.iter().map(side).collect();
        sides.sort_by(f32::total_cmp);
        sides.get(sides.len() / 2).copied()
    };
    (dashes.len() >= KNOWN).then_some(())?;
    Some([middle(Stroke::width)?, middle(Stroke::height)?])
}

/// Whether a stroke is as the dashes of its page are, but for a pixel.
fn is_like(stroke: &Stroke, [usual_width, usual_height]: [f32; 2]) -> bool {
    let (width, height) = (stroke.width(), stroke.height());
    let apart = (usual_width / 8.0).max(1.0);
    (width - usual_width).abs() <= apart
        && height <= usual_height + 1.0
        && width > height
        && stroke.pixels as f32 >= LIKE_FILL * width * height
}

/// Whether a stroke is of the size of a dash, blurred ones too.
fn may_be_dash(stroke: &Stroke, print: f32) -> bool {
    WIDTH.contains(&(stroke.width() / print)) && stroke.height() <= HEIGHT * print + 1.0
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

    /// How many strokes are taken for dashes beside four dashes of 6 by 3 pixels.
    fn among_dashes(stroke: [u32; 4]) -> usize {
        let dashes = [[400, 99, 406, 102], [430, 99, 436, 102], [460, 99, 466, 102], [490, 99, 496, 102]];
        found(&[&dashes[..], &[stroke]].concat()) - dashes.len()
    }

    #[test]
    fn a_blurred_dash_is_told_by_the_others_of_its_page() {
        let blurred = [530, 98, 535, 102];
        assert_eq!(found(&[blurred]), 0, "alone it may be a speck");
        assert_eq!(among_dashes(blurred), 1);
        assert_eq!(among_dashes([530, 97, 535, 102]), 0, "too high");
        assert_eq!(among_dashes([530, 98, 534, 102]), 0, "a dot");
        assert_eq!(among_dashes([530, 148, 535, 152]), 0, "between the lines");
    }

    #[test]
    fn a_dash_of_a_bent_row_is_told_by_its_row_and_its_column() {
        let row = [300, 360, 420, 480].map(|x| [x, 99, x + 9, 102]);
        let bent = [[300, 199, 309, 202], [360, 207, 369, 210], [420, 215, 429, 218]];
        let strokes = [&row[..], &bent].concat();
        let cell = Quad::upright(410.0, 150.0, 440.0, 184.0);
        let beside = |quads: &[Quad], strokes: &[[u32; 4]]| lone(&page(strokes), quads).len();
        let with_cell = [&quads()[..], &[cell]].concat();
        assert_eq!(beside(&with_cell, &strokes), 7);
        assert_eq!(beside(&quads(), &strokes), 6, "nothing stands in its column");
        let rule = [&strokes[..], &[[445, 216, 490, 218]]].concat();
        assert_eq!(beside(&with_cell, &rule), 6, "a piece of a faint rule");
    }

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
