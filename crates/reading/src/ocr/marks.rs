//! Cells of one or two characters that the detection network passed over: `↓`, `+`, `Ⅲ`, `1`.
//!
//! A row without them reads as if the column were empty: a flag, a result or a grade is lost without a word. They are looked
//! for by their place: strokes of the size of print, alone, where a line of text would run if it went on. What the
//! recognition network makes of them is kept if it is such a sign, and stays doubtful.

use crate::ocr::ctc::Decoded;
use crate::ocr::ink::{Page, Stroke};
use cartulary_model::Quad;

/// The longer side of a stroke, and the height and width of a mark, against the size of print.
const STROKE: std::ops::RangeInclusive<f32> = 0.35..=1.5;
const HEIGHT: f32 = 1.4;
const WIDTH: f32 = 2.6;
/// Strokes this near to each other, beside and above, are one mark.
const APART: [f32; 2] = [0.4, 0.2];
/// Nothing else is so near, beside it and above or below: pieces of a rule have their like above them.
const ALONE: [f32; 2] = [0.3, 0.45];
/// A row above or below of which so much is ink is a rule.
const RULE: f32 = 0.6;
/// How far its middle may lie from the course of a line.
const IN_LINE: [f32; 2] = [0.3, 0.3];
/// The height of a box around print, and the room at its ends, against the size of print.
const BOX: f32 = 1.43;
const ROOM: f32 = 0.25;
/// More of them are a pattern of the paper.
const MOST: usize = 120;
/// A reading below this is noise.
const SURE: f32 = 0.85;
/// How sure a mark is at most that only its form told.
const CONFIDENCE: f32 = 0.7;
/// What stands alone in a cell. A minus is not among them: no smudge becomes a negative result.
const SIGNS: &str = "+±↑↓→←HLNIVⅠⅡⅢⅣ0123456789";
/// The longest of them.
const LONGEST: usize = 3;

/// The places of marks on a page.
pub(crate) fn find(page: &Page) -> Vec<Quad> {
    let candidates: Vec<Stroke> = page.ink.strokes().filter(|stroke| may_be_part(page, stroke)).collect();
    if candidates.len() > 10 * MOST {
        return Vec::new();
    }
    let mut marks: Vec<Stroke> = Vec::new();
    for stroke in candidates {
        join(&mut marks, stroke, APART.map(|share| share * page.print));
    }
    marks.retain(|mark| is_mark(page, mark));
    if marks.len() > MOST { Vec::new() } else { marks.iter().map(|mark| around(page, mark)).collect() }
}

/// What a reading of a mark is worth: nothing if it is no such sign.
pub(crate) fn accepted(mut read: Decoded) -> Option<Decoded> {
    let signs: Vec<char> = read.text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_sign = (1..=LONGEST).contains(&signs.len()) && signs.iter().all(|c| SIGNS.contains(*c));
    let accepted = is_sign && read.confidence >= SURE;
    read.confidence = read.confidence.min(CONFIDENCE);
    accepted.then_some(read)
}

/// Whether a stroke can be of a character that stands in line with others.
fn may_be_part(page: &Page, stroke: &Stroke) -> bool {
    let longer = stroke.width().max(stroke.height());
    let place = stroke.middle();
    STROKE.contains(&(longer / page.print))
        && page.is_outside_lines(place)
        && page.is_in_line(place, [0.6, 0.6])
}

/// Adds a stroke to the mark that it stands near, or begins another.
fn join(marks: &mut Vec<Stroke>, mut stroke: Stroke, [beside, above]: [f32; 2]) {
    let near = |mark: &Stroke, stroke: &Stroke| {
        let gap = |from: usize, to: usize| to as f32 - from as f32 - 1.0;
        gap(mark.right, stroke.left) <= beside
            && gap(stroke.right, mark.left) <= beside
            && gap(mark.bottom, stroke.top) <= above
            && gap(stroke.bottom, mark.top) <= above
    };
    while let Some(at) = marks.iter().position(|mark| near(mark, &stroke)) {
        let mark = marks.swap_remove(at);
        stroke = Stroke {
            left: mark.left.min(stroke.left),
            top: mark.top.min(stroke.top),
            right: mark.right.max(stroke.right),
            bottom: mark.bottom.max(stroke.bottom),
            pixels: mark.pixels + stroke.pixels,
        };
    }
    marks.push(stroke);
}

fn is_mark(page: &Page, mark: &Stroke) -> bool {
    mark.height() <= HEIGHT * page.print
        && mark.height() >= 0.35 * page.print
        && mark.width() <= WIDTH * page.print
        && page.is_in_line(mark.middle(), IN_LINE)
        && is_alone(page, mark)
}

/// Whether nothing is near it but rules of its table, which run on to both sides.
fn is_alone(page: &Page, mark: &Stroke) -> bool {
    let [beside, above] = ALONE.map(|share| (share * page.print).round() as usize);
    let columns = mark.left.saturating_sub(beside)..mark.right + beside + 1;
    let rows = mark.top.saturating_sub(above)..mark.bottom + above + 1;
    let outside = rows.clone().filter(|row| !(mark.top..=mark.bottom).contains(row));
    let is_rule = |ink: &usize| *ink as f32 >= RULE * columns.len() as f32;
    let over: usize =
        outside.map(|row| page.ink.count(columns.clone(), row..row + 1)).filter(|ink| !is_rule(ink)).sum();
    let level = page.ink.count(columns.clone(), mark.top..mark.bottom + 1);
    over + level <= mark.pixels + mark.pixels / 20
}

/// A box of the height that boxes around print have.
fn around(page: &Page, mark: &Stroke) -> Quad {
    let ([_, y], half, room) = (mark.middle(), BOX * page.print / 2.0, ROOM * page.print);
    page.quad([mark.left as f32 - room, y - half, (mark.right + 1) as f32 + room, y + half])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::ink::drawn;

    /// A page with a line of "text" at y = 100, print of 24 pixels, and strokes at the given places.
    fn found(strokes: &[[u32; 4]]) -> Vec<Quad> {
        let picture = drawn(strokes);
        let quads = [Quad::upright(20.0, 83.0, 200.0, 117.0), Quad::upright(20.0, 183.0, 200.0, 217.0)];
        Page::of(&picture, &quads).map(|page| find(&page)).unwrap_or_default()
    }

    #[test]
    fn a_mark_in_line_with_text_is_found() {
        assert_eq!(found(&[[400, 90, 404, 110]]).len(), 1, "a one");
        assert_eq!(found(&[[400, 90, 403, 110], [408, 90, 411, 110]]).len(), 1, "a two of strokes");
        let [quad] = found(&[[400, 90, 404, 110]])[..] else { panic!("one mark") };
        let rules = [[300, 80, 500, 82], [300, 118, 500, 120]];
        assert_eq!(found(&[&rules[..], &[[400, 90, 404, 110]]].concat()).len(), 1, "in a narrow row");
        let [left, top, right, bottom] = quad.bounds();
        assert!(left < 400.0 && right > 404.0 && top < 88.0 && bottom > 112.0);
    }

    #[test]
    fn what_is_no_mark_is_not_found() {
        for (what, strokes) in [
            ("between the lines", vec![[400, 140, 404, 160]]),
            ("a rule down the page", vec![[400, 20, 402, 280]]),
            ("a broken rule", vec![[400, 72, 402, 86], [400, 90, 402, 110], [400, 114, 402, 130]]),
            ("a dash", vec![[400, 99, 409, 102]]),
            ("a dot", vec![[400, 99, 403, 102]]),
            ("inside a line's box", vec![[100, 90, 104, 110]]),
            (
                "a word",
                vec![[400, 90, 410, 110], [414, 90, 424, 110], [428, 90, 438, 110], [442, 90, 466, 110]],
            ),
        ] {
            assert_eq!(found(&strokes).len(), 0, "{what}");
        }
    }

    #[test]
    fn only_signs_are_taken_and_stay_doubtful() {
        let read = |text: &str, confidence| {
            accepted(Decoded { text: text.to_owned(), confidence, ..Decoded::default() })
        };
        assert!(read("↓", 0.99).is_some_and(|line| line.confidence < 0.8));
        assert!(read("Ⅲ", 0.9).is_some());
        for (text, confidence) in [("↓", 0.5), ("的", 0.99), ("", 0.0), ("IIII", 0.99), ("-", 0.99)] {
            assert_eq!(read(text, confidence), None, "{text}");
        }
    }
}
