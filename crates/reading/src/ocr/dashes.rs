//! Cells of a table that hold nothing but a dash.
//!
//! The network that finds text does not see a lone `-`, and a row without it reads as if the column were not there. A dash
//! is looked for by its form: a short level stroke with nothing around it, in line with a line of text.

use crate::scale;
use cartulary_model::Quad;
use image::{GrayImage, RgbImage, imageops};

/// The size of print at which the picture is looked at, in pixels.
const PRINT: f32 = 24.0;
/// Height of print against the height of the box around it.
const OF_BOX: f32 = 0.7;
/// Width, height and least fill of a dash, against the size of print.
const WIDTH: std::ops::RangeInclusive<f32> = 0.2..=0.95;
const HEIGHT: f32 = 0.25;
const FILL: f32 = 0.65;
/// How much wider than high it is.
const LEVEL: f32 = 1.7;
/// Nothing else is so near, beside it and above or below.
const ALONE: [f32; 2] = [0.3, 0.3];
/// How far it may lie from the middle of a line's course.
const IN_LINE: f32 = 0.3;
/// More of them are a pattern of the paper.
const MOST: usize = 300;
/// How much darker than its surroundings ink is, at least.
const DARKER: f32 = 14.0;

/// The places of lone dashes on an upright picture whose text has these quads.
pub(crate) fn find(picture: &RgbImage, quads: &[Quad]) -> Vec<Quad> {
    let Some(print) = print_size(quads) else { return Vec::new() };
    let factor = (PRINT / print).min(1.0);
    let side = |side: u32| ((side as f32 * factor).round() as u32).max(1);
    let (width, height) = (side(picture.width()), side(picture.height()));
    let luma = scale::luma(&imageops::grayscale(picture), width, height);
    let print = print * factor;
    let courses: Vec<Course> = quads.iter().map(|quad| Course::of(quad, factor)).collect();
    let ink = Ink::of(&luma, print);
    let found: Vec<Quad> = ink
        .strokes(print)
        .filter(|stroke| ink.is_alone(stroke, print))
        .filter(|stroke| is_in_line(stroke, &courses, print))
        .map(|stroke| stroke.quad(print, factor))
        .collect();
    if found.len() > MOST { Vec::new() } else { found }
}

/// The size of the print, from the boxes around lines.
fn print_size(quads: &[Quad]) -> Option<f32> {
    let height = |quad: &Quad| {
        let [a, b, c, d] = quad.0;
        ((d[0] - a[0]).hypot(d[1] - a[1]) + (c[0] - b[0]).hypot(c[1] - b[1])) / 2.0
    };
    let mut heights: Vec<f32> = quads.iter().map(height).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).map(|height| OF_BOX * height).filter(|print| *print >= 6.0)
}

/// The middle of a line's box: a point and its slope, and the box's edges.
struct Course {
    x: f32,
    y: f32,
    slope: f32,
    bounds: [f32; 4],
}

impl Course {
    fn of(quad: &Quad, factor: f32) -> Self {
        let [a, b, c, d] = quad.0;
        let middle = |p: [f32; 2], q: [f32; 2]| [(p[0] + q[0]) / 2.0, (p[1] + q[1]) / 2.0];
        let (start, end) = (middle(a, d), middle(b, c));
        let run = end[0] - start[0];
        // A short line does not tell the slope.
        let slope = if run.abs() > 60.0 { (end[1] - start[1]) / run } else { 0.0 };
        Self {
            x: (start[0] + end[0]) / 2.0 * factor,
            y: (start[1] + end[1]) / 2.0 * factor,
            slope,
            bounds: quad.bounds().map(|edge| edge * factor),
        }
    }

    fn holds(&self, [x, y]: [f32; 2]) -> bool {
        let [left, top, right, bottom] = self.bounds;
        left <= x && x <= right && top <= y && y <= bottom
    }
}

/// A dash is no part of a line's box, and lies where a line of its row would go on.
fn is_in_line(stroke: &Stroke, courses: &[Course], print: f32) -> bool {
    let [x, y] = stroke.middle();
    let on_course = |course: &Course| (course.y + (x - course.x) * course.slope - y).abs() <= IN_LINE * print;
    !courses.iter().any(|course| course.holds([x, y])) && courses.iter().any(on_course)
}

/// Pixels darker than their surroundings.
struct Ink {
    width: usize,
    height: usize,
    is_ink: Vec<bool>,
}

/// A group of neighbouring pixels of ink.
struct Stroke {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
    pixels: usize,
}

impl Ink {
    fn of(luma: &GrayImage, print: f32) -> Self {
        let (width, height) = (luma.width() as usize, luma.height() as usize);
        let sums = sums(luma);
        let reach = (1.2 * print).ceil() as usize;
        let mut is_ink = vec![false; width * height];
        for y in 0..height {
            let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
            for x in 0..width {
                let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
                let at = |x: usize, y: usize| u64::from(sums[y * (width + 1) + x]);
                let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
                let mean = sum as f32 / ((right - left) * (bottom - top)) as f32;
                let value = f32::from(luma.as_raw()[y * width + x]);
                is_ink[y * width + x] = mean - value > DARKER.max(0.12 * mean);
            }
        }
        Self { width, height, is_ink }
    }

    /// Strokes of the form of a dash.
    fn strokes(&self, print: f32) -> impl Iterator<Item = Stroke> {
        let mut seen = vec![false; self.is_ink.len()];
        let starts = (0..self.is_ink.len()).filter(|at| self.is_ink[*at]);
        starts.filter_map(move |start| {
            let stroke = self.stroke(start, &mut seen)?;
            stroke.is_dash(print).then_some(stroke)
        })
    }

    fn stroke(&self, start: usize, seen: &mut [bool]) -> Option<Stroke> {
        if seen[start] {
            return None;
        }
        let (x, y) = (start % self.width, start / self.width);
        let mut stroke = Stroke { left: x, top: y, right: x, bottom: y, pixels: 0 };
        let mut open = vec![start];
        seen[start] = true;
        while let Some(at) = open.pop() {
            let (x, y) = (at % self.width, at / self.width);
            stroke.pixels += 1;
            (stroke.left, stroke.right) = (stroke.left.min(x), stroke.right.max(x));
            (stroke.top, stroke.bottom) = (stroke.top.min(y), stroke.bottom.max(y));
            for ny in y.saturating_sub(1)..(y + 2).min(self.height) {
                for nx in x.saturating_sub(1)..(x + 2).min(self.width) {
                    let next = ny * self.width + nx;
                    if self.is_ink[next] && !seen[next] {
                        seen[next] = true;
                        open.push(next);
                    }
                }
            }
        }
        Some(stroke)
    }

    fn is_alone(&self, stroke: &Stroke, print: f32) -> bool {
        let [beside, above] = ALONE.map(|share| (share * print).round() as usize);
        let columns = stroke.left.saturating_sub(beside)..(stroke.right + beside + 1).min(self.width);
        let rows = stroke.top.saturating_sub(above)..(stroke.bottom + above + 1).min(self.height);
        let around = rows.map(|y| {
            let row = &self.is_ink[y * self.width..][columns.clone()];
            row.iter().filter(|ink| **ink).count()
        });
        around.sum::<usize>() == stroke.pixels
    }
}

impl Stroke {
    fn is_dash(&self, print: f32) -> bool {
        let (width, height) = (self.width(), self.height());
        let fill = self.pixels as f32 / (width * height);
        WIDTH.contains(&(width / print))
            && height <= HEIGHT * print
            && width >= LEVEL * height
            && fill >= FILL
    }

    fn width(&self) -> f32 {
        (self.right - self.left + 1) as f32
    }

    fn height(&self) -> f32 {
        (self.bottom - self.top + 1) as f32
    }

    fn middle(&self) -> [f32; 2] {
        [self.left as f32 + self.width() / 2.0, self.top as f32 + self.height() / 2.0]
    }

    /// A box of the height of print around it, in the frame of the picture.
    fn quad(&self, print: f32, factor: f32) -> Quad {
        let [_, y] = self.middle();
        let margin = 0.15 * print;
        let edges =
            [self.left as f32 - margin, y - print / 2.0, (self.right + 1) as f32 + margin, y + print / 2.0];
        let [left, top, right, bottom] = edges.map(|edge| edge / factor);
        Quad::upright(left, top, right, bottom)
    }
}

/// Sums of all pixels above and to the left, with a row and a column of zeros in front.
fn sums(luma: &GrayImage) -> Vec<u32> {
    let (width, height) = (luma.width() as usize, luma.height() as usize);
    let mut sums = vec![0u32; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0u32;
        for x in 0..width {
            row = row.wrapping_add(u32::from(luma.as_raw()[y * width + x]));
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1].wrapping_add(row);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A page with a line of "text" at y = 100, and strokes at the given places.
    fn page(strokes: &[[u32; 4]]) -> RgbImage {
        let mut picture = RgbImage::from_pixel(600, 300, Rgb([230; 3]));
        for [left, top, right, bottom] in strokes {
            for (x, y) in (*left..*right).flat_map(|x| (*top..*bottom).map(move |y| (x, y))) {
                picture.put_pixel(x, y, Rgb([30; 3]));
            }
        }
        picture
    }

    /// Boxes around lines of print of 24 pixels.
    fn quads() -> Vec<Quad> {
        vec![Quad::upright(20.0, 83.0, 200.0, 117.0), Quad::upright(20.0, 183.0, 200.0, 217.0)]
    }

    fn found(strokes: &[[u32; 4]]) -> usize {
        find(&page(strokes), &quads()).len()
    }

    #[test]
    fn a_dash_in_line_with_text_is_found_in_its_place() {
        let [quad] = find(&page(&[[400, 99, 409, 102]]), &quads())[..] else { panic!("one dash") };
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
        assert!(find(&page(&[[400, 99, 409, 102]]), &[]).is_empty(), "a page without text has no cells");
    }

    #[test]
    fn a_pattern_is_not_three_hundred_cells() {
        let mut picture = RgbImage::from_pixel(13_000, 120, Rgb([230; 3]));
        let dashes = |count: u32| {
            (0..count).flat_map(|n| (0..27u32).map(move |at| (240 + 40 * n + at % 9, 99 + at / 9)))
        };
        dashes(20).for_each(|(x, y)| picture.put_pixel(x, y, Rgb([30; 3])));
        assert_eq!(find(&picture, &quads()[..1]).len(), 20);
        dashes(310).for_each(|(x, y)| picture.put_pixel(x, y, Rgb([30; 3])));
        assert!(find(&picture, &quads()[..1]).is_empty());
    }
}
