//! Arrows told from figures by their form: `608↑` came out as `6081`.
//!
//! Where the last character of a number looks like a one, its ink is looked at: an arrow spreads to both sides of its stem at
//! one end, a one to the left at most.

use crate::ocr::ctc::Decoded;
use crate::ocr::ink::{Page, runs};
use cartulary_model::Quad;
use std::ops::Range;

/// What the network makes of an arrow behind a number.
const LIKE_ARROWS: &str = "1lI!！|丨iT";
/// How sure an arrow is that only its form told.
const CONFIDENCE: f32 = 0.75;
/// Height against the size of print, and width against height.
const HEIGHT: std::ops::RangeInclusive<f32> = 0.4..=1.5;
const WIDTH: std::ops::RangeInclusive<f32> = 0.25..=0.9;
/// The share of the rows in which the head lies.
const HEAD_ROWS: f32 = 0.45;
/// The head is so many times as wide as the stem, and so wide against the height; a row of so much of it is broad.
const OVER_STEM: f32 = 1.6;
const SPREAD: f32 = 0.25;
const BROAD: f32 = 0.7;
/// Its first row is so much of it at most, or it is so narrow against the height: a T is broad, and begins so.
const TIP: f32 = 0.75;
const NARROW: f32 = 0.5;
/// How far the head may stand beside the line of the stem, against the height; the flag of a one stands further. And how
/// much the stem may lean.
const OFF: f32 = 0.03;
const LEAN: f32 = 0.2;
/// An arrow stands apart from the figure before it by so much of the box's height, or is at most so high against the text.
pub(crate) const APART: f32 = 0.15;
pub(crate) const LOWER: f32 = 0.85;
const SHORT: f32 = 3.0;
/// Where the network is surer than this of each character, it is believed.
const SURE: f32 = 0.95;

/// Writes arrows where the ink shows them.
pub(crate) fn settle(page: &Page, quads: &[Quad], lines: &mut [Decoded]) {
    for (quad, line) in quads.iter().zip(lines) {
        let like_arrow = may_be_arrow(&line.text);
        if let Some(arrow) =
            (line.weakest < SURE && like_arrow).then(|| last_arrow(page, quad, &line.text)).flatten()
        {
            let mut text = line.text.clone();
            text.pop();
            text.push(arrow.sign);
            let read = std::mem::replace(&mut line.text, text);
            line.confidence = line.confidence.min(CONFIDENCE);
            line.seen.get_or_insert(read);
        }
    }
}

/// Whether the last character may be an arrow: behind a number or, with a blank, behind its unit. A one is of its word in
/// `18q21`, and the value of its name in `ECOG 1`.
fn may_be_arrow(text: &str) -> bool {
    let Some(last) = text.chars().next_back().filter(|last| LIKE_ARROWS.contains(*last)) else {
        return false;
    };
    let before = &text[..text.len() - last.len_utf8()];
    let word = before.split_whitespace().next_back().unwrap_or_default();
    let of_number = word.ends_with(|c: char| c.is_ascii_digit());
    let is_unit = word.contains(['/', '%']) && word.contains(|c: char| c.is_alphabetic() || c == '%');
    match before.ends_with(char::is_whitespace) {
        true => of_number || is_unit,
        false => of_number && !(last == '1' && word.contains(char::is_alphabetic)),
    }
}

/// An arrow, and how high it is in pixels of the ink.
#[derive(Debug)]
pub(crate) struct Arrow {
    pub(crate) sign: char,
    pub(crate) height: f32,
}

/// The arrow that stands last in a box; nothing if another form does.
/// `text` is what was read there.
pub(crate) fn last_arrow(page: &Page, quad: &Quad, text: &str) -> Option<Arrow> {
    let [left, top, right, bottom] = quad.bounds().map(|edge| (edge * page.factor).max(0.0) as usize);
    let longest = |rows: Vec<Range<usize>>| rows.into_iter().max_by_key(Range::len);
    let inked = |columns: &Range<usize>| {
        runs(top..bottom + 1, |row| page.ink.count(columns.clone(), row..row + 1) > 0)
    };
    // The rules of the table lie above and below the text.
    let lines = longest(inked(&(left..right + 1)))?;
    let mut strokes = runs(left..right + 1, |column| page.ink.count(column..column + 1, lines.clone()) > 0);
    let columns = strokes.pop()?;
    let gap = strokes.last().map(|before| (columns.start - before.end) as f32);
    let tallest = lines.len() as f32;
    let rows = longest(runs(lines, |row| page.ink.count(columns.clone(), row..row + 1) > 0))?;
    let (height, width) = (rows.len() as f32, columns.len() as f32);
    if !(HEIGHT.contains(&(height / page.print)) && WIDTH.contains(&(width / height))) {
        return None;
    }
    let row = |row: usize| {
        let inked = |column: &usize| page.ink.at(*column, row);
        let (first, last) = (columns.clone().find(inked), columns.clone().rev().find(inked));
        first.zip(last).map(|(first, last)| [first as f32, (last + 1) as f32])
    };
    let rows: Vec<[f32; 2]> = rows.filter_map(row).collect();
    let upended: Vec<[f32; 2]> = rows.iter().rev().copied().collect();
    let sign = match (is_arrow(&rows), is_arrow(&upended)) {
        (true, false) => '↑',
        (false, true) => '↓',
        _ => return None,
    };
    // The foot of a blurred one looks like a head, but a one is as high as the figures beside it and stands close to them.
    let apart = gap.is_none_or(|gap| gap >= APART * (bottom + 1 - top) as f32);
    // Strokes and brackets are higher than figures, and a long line that leans is higher than its letters.
    let level = text.chars().all(|c| c.is_ascii_digit() || ".,-–<> ↑↓".contains(c));
    let short = (right - left) as f32 <= SHORT * (bottom + 1 - top) as f32;
    (apart || level && short && height <= LOWER * tallest).then_some(Arrow { sign, height })
}

/// Whether a stroke is an arrow that points to its first row: a head about the stem's own line, and nothing at the foot. The
/// stem may lean.
fn is_arrow(rows: &[[f32; 2]]) -> bool {
    let height = rows.len() as f32;
    let width = |row: &[f32; 2]| row[1] - row[0];
    let middle = |row: &[f32; 2]| (row[0] + row[1]) / 2.0;
    let (head, stem) = rows.split_at((HEAD_ROWS * height) as usize);
    let widest = head.iter().map(width).fold(0.0, f32::max);
    let mut widths: Vec<f32> = stem.iter().map(width).collect();
    widths.sort_by(f32::total_cmp);
    let (Some(usual), Some(most)) = (widths.get(widths.len() / 2), widths.last()) else { return false };
    let is_pointed = head.first().is_some_and(|tip| width(tip) <= TIP * widest || widest <= NARROW * height);
    let is_bare = *most <= usual + 1.0 && widest >= OVER_STEM * usual && widest >= SPREAD * height;
    // The line through the stem's rows, by least squares.
    let at = |row: usize| (head.len() + row) as f32;
    let count = stem.len() as f32;
    let mean_at = (0..stem.len()).map(at).sum::<f32>() / count;
    let mean = stem.iter().map(middle).sum::<f32>() / count;
    let (mut lean, mut square) = (0.0, 0.0);
    for (row, place) in stem.iter().enumerate() {
        lean += (at(row) - mean_at) * (middle(place) - mean);
        square += (at(row) - mean_at).powi(2);
    }
    let slope = if square > 0.0 { lean / square } else { 0.0 };
    let beside: Vec<f32> = head
        .iter()
        .enumerate()
        .filter(|(_, row)| width(row) >= BROAD * widest)
        .map(|(row, place)| middle(place) - (mean + slope * (row as f32 - mean_at)))
        .collect();
    let off = beside.iter().sum::<f32>() / beside.len().max(1) as f32;
    is_pointed && is_bare && slope.abs() <= LEAN && off.abs() <= OFF * height + 0.25
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    /// What a cell says whose last character has these rows of ink, from left to right of its stem at 440.
    fn settled(rows: &[(i32, i32)], text: &str) -> String {
        let mut picture = RgbImage::from_pixel(600, 300, Rgb([230; 3]));
        let mut ink = |x: i32, y: usize| picture.put_pixel(x as u32, y as u32, Rgb([30; 3]));
        (400..412).for_each(|x| (90..112).for_each(|y| ink(x, y)));
        for (row, (left, right)) in rows.iter().enumerate() {
            (440 - left..=440 + right).for_each(|x| ink(x, 90 + row));
        }
        let quads = [Quad::upright(20.0, 83.0, 200.0, 117.0), Quad::upright(395.0, 83.0, 455.0, 117.0)];
        let page = Page::of(&picture, &quads).unwrap();
        let line = Decoded { text: text.to_owned(), confidence: 0.97, weakest: 0.5, ..Decoded::default() };
        let mut lines = [Decoded::default(), line];
        settle(&page, &quads, &mut lines);
        assert_eq!(lines[1].text != text, lines[1].confidence < 0.8);
        lines[1].text.clone()
    }

    fn arrow() -> Vec<(i32, i32)> {
        let head = (0..6).map(|row| (1 + row, 1 + row));
        head.chain(std::iter::repeat_n((1, 1), 16)).collect()
    }

    #[test]
    fn an_arrow_spreads_to_both_sides_at_one_end() {
        assert_eq!(settled(&arrow(), "6081"), "608↑");
        let down: Vec<(i32, i32)> = arrow().into_iter().rev().collect();
        assert_eq!(settled(&down, "88！"), "88↓");
        assert_eq!(settled(&down, "0.08 1"), "0.08 ↓");
        assert_eq!(settled(&down, "CD7l"), "CD7↓");
        assert_eq!(settled(&down, "18q21"), "18q21", "a place on a chromosome");
        assert_eq!(settled(&down, "ECOG 1"), "ECOG 1", "the value of a name");
        assert_eq!(settled(&down, "CRS 1 / 1"), "CRS 1 / 1");
        assert_eq!(settled(&down, "2,9 mg/l 1"), "2,9 mg/l ↓");
    }

    #[test]
    fn a_stroke_close_to_its_figure_is_a_one() {
        let mut picture = RgbImage::from_pixel(600, 300, Rgb([230; 3]));
        let down: Vec<(i32, i32)> = arrow().into_iter().rev().collect();
        (400..412).for_each(|x| (90..112).for_each(|y| picture.put_pixel(x, y, Rgb([30; 3]))));
        for (row, (left, right)) in down.iter().enumerate() {
            (420 - left..=420 + right)
                .for_each(|x| picture.put_pixel(x as u32, 90 + row as u32, Rgb([30; 3])));
        }
        let cell = Quad::upright(395.0, 83.0, 435.0, 117.0);
        let page = Page::of(&picture, &[Quad::upright(20.0, 83.0, 200.0, 117.0), cell]).unwrap();
        assert!(last_arrow(&page, &cell, "11").is_none());
    }

    #[test]
    fn a_figure_does_not() {
        let stem = |rows: usize| std::iter::repeat_n((1, 1), rows);
        let plain: Vec<(i32, i32)> = stem(22).collect();
        let flag: Vec<(i32, i32)> = [(1, 1), (4, 1), (6, 1)].into_iter().chain(stem(19)).collect();
        let foot: Vec<(i32, i32)> =
            [(1, 1), (4, 1), (6, 1)].into_iter().chain(stem(17)).chain([(5, 5), (5, 5)]).collect();
        let serifs: Vec<(i32, i32)> = [(5, 5)].into_iter().chain(stem(20)).chain([(5, 5)]).collect();
        for rows in [plain, flag, foot, serifs] {
            assert_eq!(settled(&rows, "6081"), "6081");
        }
        assert_eq!(settled(&arrow(), "608"), "608", "read as something else");
    }
}
