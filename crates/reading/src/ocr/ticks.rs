//! Boxes to tick: `☐ yes ☑ no`.
//!
//! The network that reads has no sure sign for them: it passes over most, and `yes no` without its boxes can be taken for
//! either. A box is found by its form, four straight sides of one length, and is ticked if there is ink inside.

use crate::ocr::crop;
use crate::ocr::ctc::Decoded;
use crate::ocr::ink::{Ink, Page};
use cartulary_model::Quad;

/// The length of a side, against the size of print.
const SIDE: [f32; 2] = [0.5, 1.3];
/// A side may be so much longer than another.
const SQUARE: f32 = 1.25;
/// Share of a side that must be ink.
const CLOSED: f32 = 0.9;
/// What lies so near a side, as a share of its length, is the side itself.
const RIM: f32 = 0.25;
/// Share of the inside that is ink if something was written there.
const TICKED: f32 = 0.08;
/// A box belongs to a line if it stands so near its end, against the height of the line's box.
const NEAR: f32 = 0.9;
/// How far the middle of a box lies from the course of its line.
const IN_LINE: [f32; 2] = [0.4, 0.4];
/// How sure a box is that the network did not read.
const CONFIDENCE: f32 = 0.85;
/// How far around a box there is nothing but paper, as a share of its side, and how much of that may be ink all the same:
/// a mark that is larger than its box.
const CLEAR: f32 = 0.2;
const CLEAR_INK: f32 = 0.12;
/// More of them are squared paper.
const MOST: usize = 300;

/// A box to tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TickBox {
    pub(crate) quad: Quad,
    pub(crate) is_ticked: bool,
}

/// The boxes on a page.
pub(crate) fn find(page: &Page) -> Vec<TickBox> {
    let mut found: Vec<Square> = Vec::new();
    for y in 0..page.ink.height {
        for x in 0..page.ink.width {
            if let Some(square) = Square::below(page, x, y)
                && !found.iter().any(|other| other.overlaps(&square))
            {
                found.push(square);
            }
        }
    }
    if found.len() > MOST {
        return Vec::new();
    }
    let in_line = |square: &Square| page.is_in_line(square.middle(), IN_LINE);
    let tick_box = |square: Square| TickBox {
        quad: page.quad([square.left, square.top, square.right, square.bottom].map(|edge| edge as f32)),
        is_ticked: square.is_ticked(&page.ink),
    };
    found.into_iter().filter(in_line).map(tick_box).collect()
}

/// Four sides of ink.
struct Square {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Square {
    /// The square whose upper side begins at a pixel.
    fn below(page: &Page, x: usize, y: usize) -> Option<Self> {
        let ink = &page.ink;
        if !ink.at(x, y) || (x > 0 && (y.saturating_sub(1)..=y + 1).any(|y| ink.at(x - 1, y))) {
            return None;
        }
        let [shortest, longest] = SIDE.map(|share| share * page.print);
        let right = end_of_side(ink, x, y, longest as usize + 1);
        let side = (right - x + 1) as f32;
        if side < shortest || side > longest {
            return None;
        }
        let [lowest, highest] = [side * SQUARE, side / SQUARE].map(|height| y + height.round() as usize);
        (highest..=lowest)
            .rev()
            .map(|bottom| Self { left: x, top: y, right: right + 1, bottom: bottom + 1 })
            .find(|square| square.is_closed(ink) && square.is_clear(ink))
    }

    /// Whether it stands for itself: no part of a dark field, of a table or of a character.
    fn is_clear(&self, ink: &Ink) -> bool {
        let rim = ((CLEAR * (self.right - self.left) as f32) as usize).max(2);
        let slack = ((self.right - self.left) / 12).max(1);
        let grown = |by: usize| {
            let columns = self.left.saturating_sub(by)..self.right + by;
            let rows = self.top.saturating_sub(by)..self.bottom + by;
            (ink.count(columns.clone(), rows.clone()), columns.len() * rows.len())
        };
        let ((outer, outer_area), (inner, inner_area)) = (grown(slack + rim), grown(slack));
        ((outer - inner) as f32) <= CLEAR_INK * (outer_area - inner_area) as f32
    }

    /// Whether all sides are ink from corner to corner. Each may run a little askew.
    fn is_closed(&self, ink: &Ink) -> bool {
        let slack = ((self.right - self.left) / 12).max(1);
        let closed = |length: usize, is_ink: &dyn Fn(usize) -> bool| {
            (0..length).filter(|step| is_ink(*step)).count() as f32 >= CLOSED * length as f32
        };
        let level = |middle: usize| {
            let rows = middle.saturating_sub(slack)..=middle + slack;
            closed(self.right - self.left, &|step| rows.clone().any(|y| ink.at(self.left + step, y)))
        };
        let upright = |middle: usize| {
            let columns = middle.saturating_sub(slack)..=middle + slack;
            closed(self.bottom - self.top, &|step| columns.clone().any(|x| ink.at(x, self.top + step)))
        };
        let corner = |x: usize, y: usize| {
            let near = |at: usize| at.saturating_sub(slack)..at + slack + 1;
            ink.count(near(x), near(y)) > slack * slack
        };
        let corners = [self.left, self.right - 1]
            .into_iter()
            .all(|x| corner(x, self.top) && corner(x, self.bottom - 1));
        // The corners tell it from a D and an O.
        corners && upright(self.left) && upright(self.right - 1) && level(self.bottom - 1) && level(self.top)
    }

    fn is_ticked(&self, ink: &Ink) -> bool {
        let rim = |from: usize, to: usize| (RIM * (to - from) as f32).ceil() as usize;
        let (across, down) = (rim(self.left, self.right), rim(self.top, self.bottom));
        let columns = self.left + across..(self.right - across).max(self.left + across + 1);
        let rows = self.top + down..(self.bottom - down).max(self.top + down + 1);
        let area = columns.len() * rows.len();
        ink.count(columns, rows) as f32 > TICKED * area as f32
    }

    fn middle(&self) -> [f32; 2] {
        [(self.left + self.right) as f32 / 2.0, (self.top + self.bottom) as f32 / 2.0]
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// The last column of a stroke that runs to the right, rising or falling by a pixel at a step.
fn end_of_side(ink: &Ink, x: usize, y: usize, longest: usize) -> usize {
    let (mut x, mut y, end) = (x, y, x + longest);
    while x < end {
        let Some(next) = [y, y.saturating_sub(1), y + 1].into_iter().find(|y| ink.at(x + 1, *y)) else {
            break;
        };
        (x, y) = (x + 1, next);
    }
    x
}

/// Writes the boxes into the lines they stand in; those that stand alone are lines of their own.
pub(crate) fn write(boxes: &[TickBox], lines: &mut Vec<(Quad, Decoded)>) {
    let mut alone = Vec::new();
    for tick_box in boxes {
        match home(tick_box, lines) {
            Some((place, at)) => place.write(tick_box, &mut lines[at]),
            None => alone.push((tick_box.quad, lone(tick_box))),
        }
    }
    lines.extend(alone);
}

/// The line that a box belongs to, with its place there.
pub(crate) fn home(tick_box: &TickBox, lines: &[(Quad, Decoded)]) -> Option<(Place, usize)> {
    let places = lines.iter().enumerate().filter_map(|(at, line)| Some((Place::of(tick_box, &line.0)?, at)));
    places.min_by(|(a, _), (b, _)| a.distance.total_cmp(&b.distance))
}

/// Whether a box stands where no character was read, or a sign for a box: what lies in a character stands where it does.
pub(crate) fn is_apart(tick_box: &TickBox, lines: &[(Quad, Decoded)]) -> bool {
    let Some((place, at)) = home(tick_box, lines) else { return true };
    let line = &lines[at].1;
    let text: Vec<char> = line.text.chars().collect();
    let centre = |at: usize| (line.edges[at] + line.edges[at + 1]) / 2.0;
    let takes = |at: usize| !text[at].is_whitespace() && place.is_taken_by(text[at], centre(at));
    (0..text.len()).filter(|at| takes(*at)).all(|at| is_square(&text, at))
}

pub(crate) fn sign(tick_box: &TickBox) -> char {
    if tick_box.is_ticked { '☑' } else { '☐' }
}

fn lone(tick_box: &TickBox) -> Decoded {
    Decoded {
        text: sign(tick_box).to_string(),
        confidence: CONFIDENCE,
        weakest: CONFIDENCE,
        edges: vec![0.0, 1.0],
        seen: None,
    }
}

/// Where a box begins and ends along a line, as shares of its length: below 0 before it, above 1 behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) from: f32,
    pub(crate) to: f32,
    /// How far from the line's box, in heights of it; a box is more likely the first of a line than the last of the other.
    distance: f32,
}

impl Place {
    fn of(tick_box: &TickBox, line: &Quad) -> Option<Self> {
        let [a, b, _, d] = line.0;
        let along = |[x, y]: [f32; 2]| {
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy).max(1.0)
        };
        let down = |[x, y]: [f32; 2]| {
            let (dx, dy) = (d[0] - a[0], d[1] - a[1]);
            ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy).max(1.0)
        };
        let [left, top, right, bottom] = tick_box.quad.bounds();
        let middle = (top + bottom) / 2.0;
        let (from, to) = (along([left, middle]), along([right, middle]));
        let [length, height] = crop::size(line);
        let heights = length / height;
        let (before, behind) = (-to * heights, (from - 1.0) * heights);
        let distance = before.max(if behind > 0.0 { behind + NEAR / 2.0 } else { 0.0 }).max(0.0);
        let beside = (0.2..=0.8).contains(&down([(left + right) / 2.0, middle]));
        (beside && before < NEAR && behind < NEAR).then_some(Self { from, to, distance })
    }

    fn write(&self, tick_box: &TickBox, (quad, decoded): &mut (Quad, Decoded)) {
        let mut text: Vec<char> = decoded.text.chars().collect();
        let centre = |at: usize| (decoded.edges[at] + decoded.edges[at + 1]) / 2.0;
        let slack = (self.to - self.from) / 4.0;
        let within = |at: &usize| (self.from - slack..=self.to + slack).contains(&centre(*at));
        let square = (0..text.len()).filter(within).find(|at| is_square(&text, *at));
        let mut others = (0..text.len()).filter(|at| !text[*at].is_whitespace());
        match square {
            Some(at) => text[at] = sign(tick_box),
            // Something else stands there: a character with four sides.
            None if others.any(|at| self.is_taken_by(text[at], centre(at))) => return,
            None => {
                let middle = (self.from + self.to) / 2.0;
                let at = (0..text.len()).filter(|at| centre(*at) < middle).count();
                text.insert(at, sign(tick_box));
                self.widen(quad, decoded, at);
            }
        }
        let read = std::mem::replace(&mut decoded.text, text.into_iter().collect());
        decoded.seen.get_or_insert(read);
    }

    /// Whether a character's middle lies in the box, or nearer than that of one beside it would: places are known to a
    /// sixth of a height.
    fn is_taken_by(&self, character: char, centre: f32) -> bool {
        let margin = (self.to - self.from)
            * match character {
                c if is_han(c) => 0.35,
                c if c.is_uppercase() => 0.2,
                _ => 0.1,
            };
        (self.from - margin..=self.to + margin).contains(&centre)
    }

    /// Makes room for a character at the box's place, in the line's box too.
    fn widen(&self, quad: &mut Quad, decoded: &mut Decoded, at: usize) {
        let (start, end) = (self.from.min(0.0), self.to.max(1.0));
        let before = decoded.edges.get(at).map_or(start, |edge| edge.min(self.from).max(start));
        decoded.edges[at..].iter_mut().for_each(|edge| *edge = edge.max(self.to));
        decoded.edges.insert(at, before);
        reach(quad, &mut decoded.edges, start, end);
    }
}

/// Lets a line's box begin and end at these shares of its length, and its edges with it.
pub(crate) fn reach(quad: &mut Quad, edges: &mut [f32], start: f32, end: f32) {
    edges.iter_mut().for_each(|edge| *edge = (*edge - start) / (end - start));
    let [a, b, c, d] = quad.0;
    let between =
        |p: [f32; 2], q: [f32; 2], share: f32| [0, 1].map(|axis| p[axis] + (q[axis] - p[axis]) * share);
    *quad = Quad([between(a, b, start), between(a, b, end), between(d, c, end), between(d, c, start)]);
}

/// Whether a character is what the network makes of a box. 口 is a mouth as well: it is a box only where no word is.
pub(crate) fn is_square(text: &[char], at: usize) -> bool {
    match text[at] {
        '□' | '囗' | 'ロ' | '☐' | '☑' | '√' | '✓' | '✔' => true,
        '口' => {
            let before = at.checked_sub(1).map(|at| text[at]);
            let after = text.get(at + 1).copied();
            let word_before = before.is_some_and(|c| is_han(c) && !"是否有无".contains(c));
            let word_after = after.is_some_and(|c| "服腔干唇咽角感径袋头述吃语诊鼻味周香渴苦".contains(c));
            !word_before && !word_after
        }
        _ => false,
    }
}

pub(crate) fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    /// A page with a line at y = 100 and one at y = 200, print of about 24 pixels, and boxes with a mark or without.
    fn page(boxes: &[(u32, u32, u32, bool)]) -> RgbImage {
        let mut picture = RgbImage::from_pixel(600, 300, Rgb([230; 3]));
        let mut ink = |x: u32, y: u32| picture.put_pixel(x, y, Rgb([30; 3]));
        for (left, top, side, ticked) in boxes {
            for step in 0..*side {
                for thick in 0..2 {
                    ink(left + step, top + thick);
                    ink(left + step, top + side - 1 - thick);
                    ink(left + thick, top + step);
                    ink(left + side - 1 - thick, top + step);
                    if *ticked {
                        ink((left + step + thick).min(left + side - 1), top + step);
                    }
                }
            }
        }
        picture
    }

    fn quads() -> Vec<Quad> {
        vec![Quad::upright(60.0, 83.0, 260.0, 117.0), Quad::upright(60.0, 183.0, 260.0, 217.0)]
    }

    fn found(boxes: &[(u32, u32, u32, bool)]) -> Vec<bool> {
        let page = Page::of(&page(boxes), &quads()).expect("a page with text");
        find(&page).iter().map(|found| found.is_ticked).collect()
    }

    fn line(text: &str) -> (Quad, Decoded) {
        let count = text.chars().count();
        let edges = (0..=count).map(|at| at as f32 / count as f32).collect();
        (
            quads()[0],
            Decoded { text: text.to_owned(), confidence: 0.9, edges, seen: None, ..Decoded::default() },
        )
    }

    fn written(text: &str, left: f32, is_ticked: bool) -> Vec<String> {
        let mut lines = vec![line(text)];
        let tick_box = TickBox { quad: Quad::upright(left, 91.0, left + 18.0, 109.0), is_ticked };
        write(&[tick_box], &mut lines);
        for (_, line) in &lines {
            assert_eq!(line.edges.len(), line.text.chars().count() + 1);
            assert!(line.edges.is_sorted() && line.edges.iter().all(|edge| (0.0..=1.0).contains(edge)));
        }
        lines.into_iter().map(|(_, line)| line.text).collect()
    }

    #[test]
    fn a_box_is_found_and_told_ticked_or_not() {
        assert_eq!(found(&[(30, 91, 18, false)]), [false]);
        assert_eq!(found(&[(30, 91, 18, true)]), [true]);
        assert_eq!(
            found(&[(300, 91, 18, false), (340, 91, 18, true), (380, 91, 18, false)]),
            [false, true, false]
        );
    }

    #[test]
    fn what_is_no_box_is_not_found() {
        assert!(found(&[(300, 141, 18, false)]).is_empty(), "between the lines");
        assert!(found(&[(300, 70, 60, false)]).is_empty(), "a cell of a table");
        assert!(found(&[(300, 97, 6, false)]).is_empty(), "a speck");
    }

    #[test]
    fn a_box_is_written_where_it_stands() {
        assert_eq!(written("positive", 40.0, true), ["☑positive"]);
        assert_eq!(written("yes   no", 150.0, false), ["yes ☐  no"]);
        assert_eq!(written("无有", 100.0, true), ["无有"], "a character stands there");
        assert_eq!(written("□是", 100.0, true), ["☑是"]);
        assert_eq!(written("yes", 400.0, false), ["yes", "☐"]);
    }

    #[test]
    fn a_mouth_is_no_box() {
        assert_eq!(written("口服", 100.0, false), ["口服"]);
        assert_eq!(written("口否", 100.0, false), ["☐否"]);
        assert!(!is_square(&['伤', '口'], 1));
    }
}
