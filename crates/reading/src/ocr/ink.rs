//! The ink of a page, looked at by its form: for what the networks do not see.
//!
//! The network that finds text passes over a lone `-`, and the one that reads has no sign for a ticked box. Both are found
//! on a picture of even print: pixels darker than their surroundings, and the courses on which the lines of text run.

use crate::ocr::band::Band;
use crate::scale;
use cartulary_model::Quad;
use image::{GrayImage, RgbImage, imageops};

/// The size of print at which the picture is looked at, in pixels.
const PRINT: f32 = 32.0;
/// Height of print against the height of the box around it.
const OF_BOX: f32 = 0.7;
/// How much darker than its surroundings ink is, at least.
const DARKER: f32 = 14.0;
/// A line that is so many times longer than high tells its slope; a shorter one runs as the nearest of these.
const LONG: f32 = 5.0;

/// A cell of a column is at most so wide, in sizes of print.
const CELL: f32 = 8.0;

/// A page's ink at one size of print.
pub(crate) struct Page {
    pub(crate) ink: Ink,
    /// The size of print, in pixels of the ink.
    pub(crate) print: f32,
    /// Ink pixels for a pixel of the picture.
    pub(crate) factor: f32,
    courses: Vec<Course>,
}

impl Page {
    /// The ink of an upright picture whose text has these quads; nothing if there is no text, or too small a print.
    pub(crate) fn of(picture: &RgbImage, quads: &[Quad]) -> Option<Self> {
        let print = print_size(quads)?;
        let factor = (PRINT / print).min(1.0);
        let side = |side: u32| ((side as f32 * factor).round() as u32).max(1);
        let (width, height) = (side(picture.width()), side(picture.height()));
        let luma = scale::luma(&imageops::grayscale(picture), width, height);
        let print = print * factor;
        Some(Self { ink: Ink::of(&luma, print), print, factor, courses: courses(quads, factor) })
    }

    /// Leaves out the box of a line in which nothing was read: what stands there may be seen by its form.
    pub(crate) fn leave_out(&mut self, line: usize) {
        self.courses[line].is_read = false;
    }

    /// Whether a place lies in the box of no line that was read.
    pub(crate) fn is_outside_lines(&self, place: [f32; 2]) -> bool {
        !self.courses.iter().any(|course| course.is_read && course.holds(place))
    }

    /// Whether a line of text would run through a place if it went on, at most so many prints above and below its middle.
    pub(crate) fn is_in_line(&self, place: [f32; 2], [above, below]: [f32; 2]) -> bool {
        let on_course = |course: &Course| (-above..=below).contains(&(course.below(place) / self.print));
        self.courses.iter().any(on_course)
    }

    /// How the lines at this height run.
    pub(crate) fn slope_at(&self, y: f32) -> f32 {
        let near = self.courses.iter().min_by(|a, b| (a.y - y).abs().total_cmp(&(b.y - y).abs()));
        near.map_or(0.0, |course| course.slope)
    }

    /// Whether a cell that was read stands above or below a place, so many prints away.
    pub(crate) fn is_in_column(&self, place: [f32; 2], away: std::ops::RangeInclusive<f32>) -> bool {
        self.courses.iter().any(|course| {
            let [left, right] = course.sides;
            course.is_read
                && (left..=right).contains(&place[0])
                && right - left <= CELL * self.print
                && away.contains(&(course.below(place).abs() / self.print))
        })
    }

    /// Which points across a band are ink, at a share of its length; one at least.
    pub(crate) fn across(&self, band: &Band, along: f32) -> Vec<bool> {
        let [upper, lower] = band.at(along).map(|point| point.map(|side| side * self.factor));
        let steps = ((lower[1] - upper[1]).abs() as usize).max(1);
        let inked = |step: usize| {
            let part = step as f32 / steps as f32;
            let [x, y] =
                [0, 1].map(|axis| (upper[axis] + (lower[axis] - upper[axis]) * part).max(0.0) as usize);
            self.ink.at(x, y)
        };
        (0..steps).map(inked).collect()
    }

    /// Edges in ink pixels as a quad of the picture.
    pub(crate) fn quad(&self, edges: [f32; 4]) -> Quad {
        let [left, top, right, bottom] = edges.map(|edge| edge / self.factor);
        Quad::upright(left, top, right, bottom)
    }
}

/// The size of the print, from the boxes around lines.
fn print_size(quads: &[Quad]) -> Option<f32> {
    let mut heights: Vec<f32> = quads.iter().map(height).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).map(|height| OF_BOX * height).filter(|print| *print >= 6.0)
}

/// The middle of a line's box: a point and its slope, and how far the box reaches.
struct Course {
    x: f32,
    y: f32,
    slope: f32,
    sides: [f32; 2],
    half_height: f32,
    /// Whether something was read in the box.
    is_read: bool,
}

/// The courses of all lines. A short line's box does not tell how it runs: a page seen askew turns it with its neighbours.
fn courses(quads: &[Quad], factor: f32) -> Vec<Course> {
    let slopes: Vec<Option<f32>> = quads.iter().map(slope).collect();
    let long: Vec<(f32, f32)> =
        quads.iter().zip(&slopes).filter_map(|(quad, slope)| Some((middle(quad)[1], (*slope)?))).collect();
    let nearest = |y: f32| {
        let near = long.iter().min_by(|a, b| (a.0 - y).abs().total_cmp(&(b.0 - y).abs()));
        near.map_or(0.0, |(_, slope)| *slope)
    };
    let course = |(quad, slope): (&Quad, &Option<f32>)| {
        let [x, y] = middle(quad);
        Course {
            x: x * factor,
            y: y * factor,
            slope: slope.unwrap_or_else(|| nearest(y)),
            sides: [0, 2].map(|side| quad.bounds()[side] * factor),
            half_height: height(quad) / 2.0 * factor,
            is_read: true,
        }
    };
    quads.iter().zip(&slopes).map(course).collect()
}

fn height(quad: &Quad) -> f32 {
    let [a, b, c, d] = quad.0;
    ((d[0] - a[0]).hypot(d[1] - a[1]) + (c[0] - b[0]).hypot(c[1] - b[1])) / 2.0
}

fn middle(quad: &Quad) -> [f32; 2] {
    let sum = quad.0.iter().fold([0.0, 0.0], |sum, point| [sum[0] + point[0], sum[1] + point[1]]);
    [sum[0] / 4.0, sum[1] / 4.0]
}

/// Whether two quads share a place.
pub(crate) fn overlap(one: &Quad, other: &Quad) -> bool {
    let ([left, top, right, bottom], [from, above, to, below]) = (one.bounds(), other.bounds());
    left < to && from < right && top < below && above < bottom
}

/// The runs of places for which something holds.
pub(crate) fn runs(
    places: std::ops::Range<usize>,
    holds: impl Fn(usize) -> bool,
) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for place in places.filter(|place| holds(*place)) {
        match runs.last_mut() {
            Some(run) if run.end == place => run.end += 1,
            _ => runs.push(place..place + 1),
        }
    }
    runs
}

/// How a line long enough to tell runs.
fn slope(quad: &Quad) -> Option<f32> {
    let [a, b, c, d] = quad.0;
    let middle = |p: [f32; 2], q: [f32; 2]| [(p[0] + q[0]) / 2.0, (p[1] + q[1]) / 2.0];
    let (start, end) = (middle(a, d), middle(b, c));
    let run = end[0] - start[0];
    (run > LONG * height(quad)).then(|| (end[1] - start[1]) / run)
}

impl Course {
    /// How far a place lies below the middle of the line as it would go on.
    fn below(&self, [x, y]: [f32; 2]) -> f32 {
        y - (self.y + (x - self.x) * self.slope)
    }

    fn holds(&self, [x, y]: [f32; 2]) -> bool {
        let [left, right] = self.sides;
        (left..=right).contains(&x) && self.below([x, y]).abs() <= self.half_height
    }
}

/// Pixels darker than their surroundings.
pub(crate) struct Ink {
    pub(crate) width: usize,
    pub(crate) height: usize,
    is_ink: Vec<bool>,
}

/// A group of neighbouring pixels of ink.
pub(crate) struct Stroke {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) right: usize,
    pub(crate) bottom: usize,
    pub(crate) pixels: usize,
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

    /// All strokes, from above to below.
    pub(crate) fn strokes(&self) -> impl Iterator<Item = Stroke> {
        let mut seen = vec![false; self.is_ink.len()];
        let starts = (0..self.is_ink.len()).filter(|at| self.is_ink[*at]);
        starts.filter_map(move |start| self.stroke(start, &mut seen))
    }

    /// Whether there is ink at a place.
    pub(crate) fn at(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.is_ink[y * self.width + x]
    }

    /// How many pixels of ink lie in a rectangle.
    pub(crate) fn count(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> usize {
        let columns = columns.start.min(self.width)..columns.end.min(self.width);
        let rows = rows.start.min(self.height)..rows.end.min(self.height);
        let ink =
            |y: usize| self.is_ink[y * self.width..][columns.clone()].iter().filter(|ink| **ink).count();
        rows.map(ink).sum()
    }

    /// How many of the rows hold ink in these columns.
    pub(crate) fn crossed(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> usize {
        rows.filter(|row| self.count(columns.clone(), *row..row + 1) > 0).count()
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
}

impl Stroke {
    pub(crate) fn width(&self) -> f32 {
        (self.right - self.left + 1) as f32
    }

    pub(crate) fn height(&self) -> f32 {
        (self.bottom - self.top + 1) as f32
    }

    pub(crate) fn middle(&self) -> [f32; 2] {
        [self.left as f32 + self.width() / 2.0, self.top as f32 + self.height() / 2.0]
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

/// A page of paper with strokes of ink, each from its left and upper to its right and lower edge.
#[cfg(test)]
pub(crate) fn drawn(strokes: &[[u32; 4]]) -> RgbImage {
    let mut picture = RgbImage::from_pixel(600, 300, image::Rgb([230; 3]));
    for [left, top, right, bottom] in strokes {
        for (x, y) in (*left..*right).flat_map(|x| (*top..*bottom).map(move |y| (x, y))) {
            picture.put_pixel(x, y, image::Rgb([30; 3]));
        }
    }
    picture
}
