//! The rules of tables at the ends of a line's box.
//!
//! A box reaches a little beyond its text, and in a narrow cell as far as the rule beside it. The network reads the rule with
//! the text: `|97↓` came out as `7↓`, `17↓↓` as `171`. What lies beyond a rule is cut off.

use crate::ocr::band::Band;
use crate::ocr::ink::{Page, runs};
use std::ops::Range;

/// A rule is looked for so far from the end of a box, in heights of it.
const REACH: f32 = 0.5;
/// Share of the height of a box that a rule crosses. A figure fills two thirds of it.
const CROSSED: f32 = 0.93;
/// A rule is at most so wide, in heights of the box, and beside it there is at most so much ink.
const THIN: f32 = 0.12;
const PAPER: f32 = 0.15;

/// The shares of a band's length between which it holds text; nothing if no rule crosses its ends.
pub(crate) fn between(page: &Page, band: &Band) -> Option<[f32; 2]> {
    let [length, height] = band.size().map(|side| side * page.factor);
    let columns = length as usize;
    let reach = ((REACH * height) as usize).min(columns / 3);
    let inked: Vec<f32> =
        (0..columns).map(|column| inked(page, band, (column as f32 + 0.5) / length)).collect();
    let is_rule = |run: &Range<usize>| {
        // A rule is thin, and there is paper on both sides of it: white letters on a dark field have none.
        let paper = |column: Option<usize>| {
            column.and_then(|column| inked.get(column)).is_none_or(|share| *share <= PAPER)
        };
        run.len() as f32 <= (THIN * height).max(4.0)
            && paper(run.start.checked_sub(2))
            && paper(Some(run.end + 1))
    };
    let rules: Vec<Range<usize>> =
        runs(0..columns, |column| inked[column] >= CROSSED).into_iter().filter(is_rule).collect();
    let from = rules.iter().rev().find(|rule| rule.end <= reach).map_or(0, |rule| rule.end + 1);
    let to = rules.iter().find(|rule| rule.start >= columns - reach).map_or(columns, |rule| rule.start - 1);
    let end = if to < columns { to as f32 / length } else { 1.0 };
    ((from > 0 || to < columns) && to > from).then_some([from as f32 / length, end])
}

/// The share of ink across the band at a share of its length.
fn inked(page: &Page, band: &Band, along: f32) -> f32 {
    let across = page.across(band, along);
    across.iter().filter(|ink| **ink).count() as f32 / across.len() as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::ink::drawn;
    use cartulary_model::Quad;

    /// The ends of a cell's text at 400 to 480 on a page of print of 24 pixels.
    fn ends(strokes: &[[u32; 4]]) -> Option<[f32; 2]> {
        let picture = drawn(strokes);
        let cell = Quad::upright(400.0, 83.0, 480.0, 117.0);
        let page = Page::of(&picture, &[Quad::upright(20.0, 83.0, 200.0, 117.0), cell]).unwrap();
        between(&page, &Band::straight(&cell)).map(|ends| ends.map(|end| (400.0 + 80.0 * end).round()))
    }

    #[test]
    fn what_lies_beyond_a_rule_is_cut_off() {
        assert_eq!(ends(&[[404, 60, 406, 140]]), Some([407.0, 480.0]));
        assert_eq!(ends(&[[474, 60, 476, 140]]), Some([400.0, 473.0]));
    }

    #[test]
    fn what_is_no_rule_stays() {
        assert_eq!(ends(&[[406, 88, 409, 112]]), None, "a one");
        assert_eq!(ends(&[[438, 60, 440, 140]]), None, "a stroke in the middle of the text");
        assert_eq!(ends(&[[400, 60, 412, 140]]), None, "a dark field");
        let letters = [
            [396, 80, 404, 120],
            [404, 80, 408, 92],
            [404, 108, 408, 120],
            [408, 80, 411, 120],
            [411, 80, 420, 90],
        ];
        assert_eq!(ends(&letters), None, "white letters");
        assert_eq!(ends(&[]), None);
    }
}
