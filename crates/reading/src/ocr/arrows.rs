//! Arrows told from figures by their form: `608↑` came out as `6081`.
//!
//! Where the last character of a number looks like a one, its ink is looked at: an arrow spreads to both sides of its stem at
//! one end, a one to the left at most.

use crate::ocr::ctc::Decoded;
use crate::ocr::ink::{Page, runs};
use cartulary_model::Quad;

/// What the network makes of an arrow behind a number.
const LIKE_ARROWS: &str = "1lI!！|丨iT";
/// How sure an arrow is that only its form told.
const CONFIDENCE: f32 = 0.75;
/// Height against the size of print, and width against height.
const HEIGHT: std::ops::RangeInclusive<f32> = 0.5..=1.5;
const WIDTH: std::ops::RangeInclusive<f32> = 0.25..=0.9;
/// Share of the rows that the stem crosses.
const STEM: f32 = 0.8;
/// The head reaches at least so far to each side, and at most so many times further to one than to the other.
const SPREAD: f32 = 0.12;
const LOPSIDED: f32 = 1.5;
/// A row of the head is so much of the width, one of the bare stem at most so much.
const HEAD: f32 = 0.6;
const BARE: f32 = 0.35;
/// Where the network is surer than this of each character, it is believed.
const SURE: f32 = 0.9;

/// Writes arrows where the ink shows them.
pub(crate) fn settle(page: &Page, quads: &[Quad], lines: &mut [Decoded]) {
    for (quad, line) in quads.iter().zip(lines) {
        let mut behind = line.text.chars().rev();
        let like_arrow = behind.next().is_some_and(|last| LIKE_ARROWS.contains(last));
        let number = behind.find(|c| !c.is_whitespace()).is_some_and(|c| c.is_ascii_digit());
        if let Some(arrow) =
            (line.weakest < SURE && like_arrow && number).then(|| last_arrow(page, quad)).flatten()
        {
            let mut text = line.text.clone();
            text.pop();
            text.push(arrow);
            let read = std::mem::replace(&mut line.text, text);
            line.confidence = line.confidence.min(CONFIDENCE);
            line.seen.get_or_insert(read);
        }
    }
}

/// The arrow that stands last in a box; nothing if another form does.
fn last_arrow(page: &Page, quad: &Quad) -> Option<char> {
    let [left, top, right, bottom] = quad.bounds().map(|edge| (edge * page.factor).max(0.0) as usize);
    let count = |column: usize, rows: std::ops::Range<usize>| page.ink.count(column..column + 1, rows);
    let columns = runs(left..right + 1, |column| count(column, top..bottom + 1) > 0).pop()?;
    let rows = runs(top..bottom + 1, |row| page.ink.count(columns.clone(), row..row + 1) > 0);
    let rows = rows.into_iter().max_by_key(std::iter::ExactSizeIterator::len)?;
    let (height, width) = (rows.len() as f32, columns.len() as f32);
    let stem = columns.clone().max_by_key(|column| (count(*column, rows.clone()), usize::MAX - column))?;
    let crossed = page.ink.crossed(stem.saturating_sub(1)..stem + 2, rows.clone()) as f32;
    let (before, behind) = ((stem - columns.start) as f32, (columns.end - 1 - stem) as f32);
    let (less, more) = (before.min(behind), before.max(behind));
    let is_spread = less >= SPREAD * height && more <= LOPSIDED * less + 1.0;
    let is_size = HEIGHT.contains(&(height / page.print)) && WIDTH.contains(&(width / height));
    if !(is_spread && is_size && crossed >= STEM * height) {
        return None;
    }
    let spread = |row: &usize| {
        let inked = |column: &usize| page.ink.at(*column, *row);
        let (first, last) = (columns.clone().find(inked), columns.clone().rev().find(inked));
        first.zip(last).map_or(0.0, |(first, last)| (last - first + 1) as f32)
    };
    let middle = rows.start + rows.len() / 2;
    let widest = |mut rows: std::ops::Range<usize>| rows.by_ref().map(|row| spread(&row)).fold(0.0, f32::max);
    let (upper, lower) = (widest(rows.start..middle - 1), widest(middle + 1..rows.end));
    let bare = (BARE * width).max(3.0);
    match () {
        () if upper >= HEAD * width && lower <= bare => Some('↑'),
        () if lower >= HEAD * width && upper <= bare => Some('↓'),
        () => None,
    }
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
