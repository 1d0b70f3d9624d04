//! Roman numerals told by their form: two or three upright strokes of one height, and nothing else.
//!
//! In a cell of its own the network reads `Ⅲ` as 三, as `111`, as `ⅡI` or as nothing at all. Where it is not sure, and sees
//! nothing but strokes, the strokes are counted.

use crate::ocr::ctc::Decoded;
use crate::ocr::ink::{Page, runs};
use cartulary_model::Quad;
use std::ops::Range;

/// Readings below this are not relied on.
const SURE: f32 = 0.8;
/// How sure a numeral is whose strokes were counted.
const CONFIDENCE: f32 = 0.75;
/// What the network makes of upright strokes.
const LIKE_STROKES: &str = "1lI|iⅠⅡⅢ川三工一…ー-—·“”\"'□」［[]!/ ";
/// A numeral is at most so many times wider than high.
const WIDE: f32 = 1.6;
/// Share of the rows that a stroke crosses.
const CROSSED: f32 = 0.85;
/// A stroke is at most so wide, against its height.
const THIN: f32 = 0.3;
/// Strokes and the gaps between them differ at most so many times.
const EVEN: f32 = 1.8;

/// Writes the numeral where strokes were counted.
pub(crate) fn settle(page: &Page, quads: &[Quad], lines: &mut [Decoded]) {
    for (quad, line) in quads.iter().zip(lines) {
        let only_strokes = line.text.chars().all(|c| LIKE_STROKES.contains(c));
        if line.confidence >= SURE || !only_strokes {
            continue;
        }
        let numeral = match count(page, quad) {
            Some(2) => "Ⅱ",
            Some(3) => "Ⅲ",
            _ => continue,
        };
        if line.text == numeral {
            line.confidence = line.confidence.max(CONFIDENCE);
            continue;
        }
        let read = std::mem::replace(&mut line.text, numeral.to_owned());
        line.confidence = CONFIDENCE;
        line.edges = vec![0.0, 1.0];
        line.seen = line.seen.take().or(Some(read).filter(|read| !read.is_empty()));
    }
}

/// How many upright strokes stand in a box; nothing if anything else does.
fn count(page: &Page, quad: &Quad) -> Option<usize> {
    let [left, top, right, bottom] = quad.bounds().map(|edge| (edge * page.factor).max(0.0) as usize);
    let (columns, rows) = (left..right + 1, top..bottom + 1);
    let (columns, rows) = inked(page, columns, rows)?;
    let height = rows.len();
    let is_size = (height as f32) > 0.4 * page.print && (columns.len() as f32) < WIDE * height as f32;
    if !is_size {
        return None;
    }
    // Serifs lie at the ends of strokes: between them stands nothing but strokes.
    let middle = rows.start + height / 4..rows.end - height / 4;
    let ink = |column: usize| page.ink.count(column..column + 1, middle.clone());
    let strokes = runs(columns, |column| ink(column) > 0);
    let crossed = |stroke: &Range<usize>| page.ink.crossed(stroke.clone(), middle.clone()) as f32;
    let upright = strokes.iter().all(|stroke| {
        stroke.len() as f32 <= THIN * height as f32 && crossed(stroke) >= CROSSED * middle.len() as f32
    });
    let gaps: Vec<usize> = strokes.windows(2).map(|pair| pair[1].start - pair[0].end).collect();
    let widths: Vec<usize> = strokes.iter().map(Range::len).collect();
    (upright && even(&gaps) && even(&widths)).then_some(strokes.len())
}

/// The part of a box that holds ink, without what reaches in from its edges.
fn inked(page: &Page, columns: Range<usize>, rows: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let across = runs(rows.clone(), |row| page.ink.count(columns.clone(), row..row + 1) > 0);
    let rows = across.into_iter().max_by_key(Range::len)?;
    let inked = |column: &usize| page.ink.count(*column..column + 1, rows.clone()) > 0;
    let first = columns.clone().find(inked)?;
    let last = columns.rev().find(inked)?;
    Some((first..last + 1, rows))
}

fn even(lengths: &[usize]) -> bool {
    let (least, most) = (lengths.iter().min(), lengths.iter().max());
    // A pixel more or less is no difference.
    least
        .zip(most)
        .is_none_or(|(least, most)| *most as f32 <= (*least as f32 * EVEN).max(*least as f32 + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::ink::drawn;

    /// What a cell at 400, 83 of a page of print of 24 pixels says, read as the given text.
    fn settled(strokes: &[[u32; 4]], text: &str, confidence: f32) -> String {
        let picture = drawn(strokes);
        let quads = [Quad::upright(20.0, 83.0, 200.0, 117.0), Quad::upright(395.0, 83.0, 435.0, 117.0)];
        let page = Page::of(&picture, &quads).unwrap();
        let line = Decoded { text: text.to_owned(), confidence, ..Decoded::default() };
        let mut lines = [line.clone(), line];
        settle(&page, &quads, &mut lines);
        lines[1].text.clone()
    }

    const TWO: [[u32; 4]; 2] = [[404, 90, 407, 112], [412, 90, 415, 112]];
    const THREE: [[u32; 4]; 3] = [[404, 90, 407, 112], [412, 90, 415, 112], [420, 90, 423, 112]];

    #[test]
    fn strokes_are_counted_where_the_reading_is_not_sure() {
        assert_eq!(settled(&THREE, "三", 0.4), "Ⅲ");
        assert_eq!(settled(&THREE, "", 0.0), "Ⅲ");
        assert_eq!(settled(&TWO, "ⅡI", 0.6), "Ⅱ");
        assert_eq!(settled(&TWO, "11", 0.99), "11", "a sure eleven");
        assert_eq!(settled(&THREE, "山", 0.4), "山", "no stroke");
        let serifs = [[402, 90, 425, 92], [402, 110, 425, 112]];
        assert_eq!(settled(&[&THREE[..], &serifs[..]].concat(), "三", 0.4), "Ⅲ");
    }

    #[test]
    fn other_forms_are_not_numerals() {
        for (what, strokes) in [
            ("three level strokes", vec![[404, 92, 424, 94], [404, 100, 424, 102], [404, 108, 424, 110]]),
            ("a bar across", vec![[404, 90, 407, 112], [412, 90, 415, 112], [404, 100, 415, 102]]),
            ("strokes far apart", vec![[400, 90, 403, 112], [408, 90, 411, 112], [428, 90, 431, 112]]),
            ("one stroke", vec![[404, 90, 407, 112]]),
            ("a thick and a thin one", vec![[404, 90, 411, 112], [416, 90, 418, 112]]),
        ] {
            assert_eq!(settled(&strokes, "三", 0.4), "三", "{what}");
        }
    }
}
