//! Rectangles, of any angle, around islands of text pixels.

use crate::ocr::band::{self, Band};
use cartulary_model::Quad;
use cartulary_networks::TextMap;

/// Mean probability of text that a box must have.
const BOX_SCORE: f32 = 0.5;
/// How much the network shrank text when it was trained; boxes are widened by it again.
const UNCLIP: f32 = 1.6;
/// Islands less high than this, in pixels of the map, are dust.
const MIN_SIDE: f32 = 3.0;

type Point = [f32; 2];

/// A rectangle of any angle: its centre, the unit vector along its width, half its width and height.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TextBox {
    centre: Point,
    along: Point,
    half_width: f32,
    half_height: f32,
    stretch: Point,
    /// The course of the line, if it is bent.
    band: Option<Band>,
}

impl TextBox {
    /// The same box in a picture whose sides are so many times longer.
    pub(crate) fn scaled(self, stretch: Point) -> Self {
        let band = self.band.map(|band| band.scaled(stretch));
        Self { stretch, band, ..self }
    }

    /// Where to cut the line out: along its course, if it is bent.
    pub(crate) fn band(&self) -> Option<&Band> {
        self.band.as_ref()
    }

    /// Its corners, from the upper left one of its text, clockwise.
    pub(crate) fn quad(&self) -> Quad {
        let across = [-self.along[1], self.along[0]];
        let corner = |right: f32, down: f32| {
            let reach = |axis: usize| {
                self.centre[axis]
                    + self.along[axis] * self.half_width * right
                    + across[axis] * self.half_height * down
            };
            [reach(0) * self.stretch[0], reach(1) * self.stretch[1]]
        };
        Quad([corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)])
    }

    /// The rectangle with its width lying as near to level as it can: text boxes are read from left to right.
    fn levelled(self) -> Self {
        let [x, y] = self.along;
        let level = x.abs() >= y.abs();
        let along = if level { [x, y] } else { [-y, x] };
        let along = if along[0] < 0.0 { [-along[0], -along[1]] } else { along };
        let (half_width, half_height) =
            if level { (self.half_width, self.half_height) } else { (self.half_height, self.half_width) };
        Self { along, half_width, half_height, ..self }
    }

    fn widened(self) -> Self {
        let margin = margin(2.0 * self.half_width, 2.0 * self.half_height);
        Self { half_width: self.half_width + margin, half_height: self.half_height + margin, ..self }
    }

    fn holds(&self, x: f32, y: f32) -> bool {
        let (dx, dy) = (x - self.centre[0], y - self.centre[1]);
        let right = dx * self.along[0] + dy * self.along[1];
        let down = dy * self.along[0] - dx * self.along[1];
        right.abs() <= self.half_width && down.abs() <= self.half_height
    }
}

/// The widened rectangles of all islands that are likely text.
pub(crate) fn around_islands(map: &TextMap, is_text: &[bool]) -> Vec<TextBox> {
    let found = islands(map.width, map.height, is_text).into_iter();
    found.filter_map(|island| text_box(map, &island)).collect()
}

fn text_box(map: &TextMap, island: &Island) -> Option<TextBox> {
    let found = smallest_rectangle(&island.outline())?;
    if found.half_height.min(found.half_width) * 2.0 < MIN_SIDE {
        return None;
    }
    let band = band::course(island.left, &island.columns, margin);
    // Much of the rectangle around a bent line is not the line.
    let score = if band.is_some() { island.score(map) } else { score(map, &found) };
    (score >= BOX_SCORE).then(|| TextBox { band, ..found.widened() })
}

/// How far the text of an island reaches beyond it.
fn margin(width: f32, height: f32) -> f32 {
    width * height * UNCLIP / (2.0 * (width + height))
}

/// Neighbouring pixels of text.
struct Island {
    pixels: Vec<usize>,
    width: usize,
    left: usize,
    top: usize,
    /// First and last row of each column.
    columns: Vec<(usize, usize)>,
    /// First and last column of each row.
    rows: Vec<(usize, usize)>,
}

fn islands(width: usize, height: usize, is_text: &[bool]) -> Vec<Island> {
    let mut seen = vec![false; is_text.len()];
    let mut found = Vec::new();
    for start in 0..is_text.len() {
        if is_text[start] && !seen[start] {
            found.push(Island::new(width, pixels(width, height, is_text, &mut seen, start)));
        }
    }
    found
}

fn pixels(width: usize, height: usize, is_text: &[bool], seen: &mut [bool], start: usize) -> Vec<usize> {
    let mut pixels = Vec::new();
    let mut open = vec![start];
    seen[start] = true;
    while let Some(at) = open.pop() {
        pixels.push(at);
        let (x, y) = (at % width, at / width);
        for ny in y.saturating_sub(1)..(y + 2).min(height) {
            for nx in x.saturating_sub(1)..(x + 2).min(width) {
                let next = ny * width + nx;
                if is_text[next] && !seen[next] {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
    }
    pixels
}

impl Island {
    fn new(width: usize, pixels: Vec<usize>) -> Self {
        let places = || pixels.iter().map(|at| (at % width, at / width));
        let (mut left, mut right) = (usize::MAX, 0);
        let (mut top, mut bottom) = (usize::MAX, 0);
        for (x, y) in places() {
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
        let mut columns = vec![(usize::MAX, 0); right + 1 - left];
        let mut rows = vec![(usize::MAX, 0); bottom + 1 - top];
        for (x, y) in places() {
            let column = &mut columns[x - left];
            *column = (column.0.min(y), column.1.max(y));
            let row = &mut rows[y - top];
            *row = (row.0.min(x), row.1.max(x));
        }
        Self { width, left, top, columns, rows, pixels }
    }

    /// The two ends of each of its rows.
    fn outline(&self) -> Vec<Point> {
        let rows = self.rows.iter().enumerate();
        rows.flat_map(|(row, (left, right))| {
            let y = (self.top + row) as f32;
            [[*left as f32, y], [*right as f32, y]]
        })
        .collect()
    }

    /// Mean probability of its pixels.
    fn score(&self, map: &TextMap) -> f32 {
        debug_assert_eq!(self.width, map.width);
        let sum: f32 = self.pixels.iter().map(|at| map.probability[*at]).sum();
        sum / self.pixels.len().max(1) as f32
    }
}

/// The rectangle of least area around points: one of its sides lies on a side of their convex hull.
fn smallest_rectangle(points: &[Point]) -> Option<TextBox> {
    let hull = convex_hull(points);
    if hull.len() < 3 {
        return None;
    }
    let sides = (0..hull.len()).map(|i| (hull[i], hull[(i + 1) % hull.len()]));
    sides
        .map(|(from, to)| rectangle_along(&hull, from, to))
        .min_by(|a, b| {
            let area = |r: &TextBox| r.half_width * r.half_height;
            area(a).total_cmp(&area(b))
        })
        .map(TextBox::levelled)
}

fn rectangle_along(hull: &[Point], from: Point, to: Point) -> TextBox {
    let length = (to[0] - from[0]).hypot(to[1] - from[1]);
    let along = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    let (mut right, mut down) = ([f32::MAX, f32::MIN], [f32::MAX, f32::MIN]);
    for [x, y] in hull {
        let (u, v) = (x * along[0] + y * along[1], y * along[0] - x * along[1]);
        right = [right[0].min(u), right[1].max(u)];
        down = [down[0].min(v), down[1].max(v)];
    }
    let (u, v) = ((right[0] + right[1]) / 2.0, (down[0] + down[1]) / 2.0);
    TextBox {
        centre: [u * along[0] - v * along[1], u * along[1] + v * along[0]],
        along,
        half_width: (right[1] - right[0]) / 2.0,
        half_height: (down[1] - down[0]) / 2.0,
        stretch: [1.0, 1.0],
        band: None,
    }
}

/// Andrew's monotone chain.
fn convex_hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let mut lower = half_hull(sorted.iter().copied());
    let upper = half_hull(sorted.iter().rev().copied());
    lower.pop();
    lower.extend(&upper[..upper.len() - 1]);
    lower
}

fn half_hull(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let turns_left =
        |a: Point, b: Point, c: Point| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0.0;
    let mut hull: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = hull[..] {
            if turns_left(a, b, point) {
                break;
            }
            hull.pop();
        }
        hull.push(point);
    }
    hull
}

/// Mean probability inside the rectangle.
fn score(map: &TextMap, found: &TextBox) -> f32 {
    let [left, top, right, bottom] = found.quad().bounds();
    let columns = left.floor().max(0.0) as usize..=(right.ceil() as usize).min(map.width - 1);
    let rows = top.floor().max(0.0) as usize..=(bottom.ceil() as usize).min(map.height - 1);
    let (mut sum, mut count) = (0.0, 0);
    for y in rows {
        for x in columns.clone() {
            if found.holds(x as f32, y as f32) {
                sum += map.probability[y * map.width + x];
                count += 1;
            }
        }
    }
    sum / count.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map_of(width: usize, height: usize, inside: impl Fn(f32, f32) -> bool) -> TextMap {
        let probability = (0..width * height)
            .map(|at| {
                let (x, y) = ((at % width) as f32, (at / width) as f32);
                if inside(x, y) { 0.9 } else { 0.0 }
            })
            .collect();
        TextMap { width, height, probability }
    }

    fn boxes_of(map: &TextMap) -> Vec<TextBox> {
        let is_text: Vec<bool> = map.probability.iter().map(|p| *p > 0.3).collect();
        around_islands(map, &is_text)
    }

    #[test]
    fn a_level_line_is_found_and_widened() {
        let map = map_of(100, 40, |x, y| (20.0..=80.0).contains(&x) && (15.0..=25.0).contains(&y));
        let [found] = &boxes_of(&map)[..] else { panic!("one island") };
        // 60 x 10 grows by area * 1.6 / perimeter = 6.86 on each side.
        let [left, top, right, bottom] = found.quad().bounds();
        assert!((left - 13.14).abs() < 0.1 && (right - 86.86).abs() < 0.1);
        assert!((top - 8.14).abs() < 0.1 && (bottom - 31.86).abs() < 0.1);
        assert_eq!(found.quad().0[0], [left, top]);
    }

    #[test]
    fn a_tilted_line_keeps_its_angle_and_its_first_corner() {
        let (sin, cos) = 0.2f32.sin_cos();
        let map = map_of(200, 120, |x, y| {
            let (dx, dy) = (x - 100.0, y - 60.0);
            (dx * cos + dy * sin).abs() < 70.0 && (dy * cos - dx * sin).abs() < 7.0
        });
        let [found] = &boxes_of(&map)[..] else { panic!("one island") };
        let [first, second, _, last] = found.quad().0;
        let angle = (second[1] - first[1]).atan2(second[0] - first[0]);
        assert!((angle - 0.2).abs() < 0.03, "{angle}");
        assert!(last[1] > first[1]);
    }

    #[test]
    fn a_bent_line_brings_its_course() {
        let middle = |x: f32| 40.0 - 15.0 * (1.0 - ((x - 150.0) / 140.0).powi(2));
        let map = map_of(300, 80, |x, y| (10.0..=290.0).contains(&x) && (y - middle(x)).abs() <= 4.0);
        let [found] = &boxes_of(&map)[..] else { panic!("one island") };
        let band = found.band().expect("it is bent");
        let [upper, lower] = band.at(0.5);
        assert!(upper[1] < 21.0 && lower[1] > 29.0 && lower[1] < 40.0, "{upper:?} {lower:?}");
    }

    #[test]
    fn faint_islands_and_dust_are_no_text() {
        let mut map = map_of(60, 30, |x, y| x < 2.0 && y < 2.0);
        map.probability[15 * 60 + 30] = 0.31;
        assert!(boxes_of(&map).is_empty());
    }

    #[test]
    fn islands_that_do_not_touch_are_two_boxes() {
        let map = map_of(120, 20, |x, y| {
            (5.0..=15.0).contains(&y) && ((5.0..=40.0).contains(&x) || (60.0..=110.0).contains(&x))
        });
        assert_eq!(boxes_of(&map).len(), 2);
    }
}
