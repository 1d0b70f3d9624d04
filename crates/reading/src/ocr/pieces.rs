//! Lines that have boxes to tick, read once more in the pieces between the boxes.
//!
//! Where the network sees a character is known to a step of it, and beside a box it is often seen too early: `抗原 ☐ 阳性 ☑ 阴性`
//! came out as `抗原阳☐性阴性`, a positive result with its tick lost. Where a character may stand on either side of a box, the
//! line is cut at its boxes, and each piece says itself what it holds. The pieces must hold what the whole line held: what was
//! taken for a box may be a character of four sides, which a cut would take away.

use crate::ocr::again::Read;
use crate::ocr::band::Band;
use crate::ocr::ctc::Decoded;
use crate::ocr::numerals;
use crate::ocr::ticks::{self, Place, TickBox};
use cartulary_model::Quad;

/// Further from a box than this, in sides of it, a character stands on the side where it was seen.
const NEAR: f32 = 1.0;
/// The same for a Han character, which is as wide as two others.
const NEAR_HAN: f32 = 2.0;
/// What is cut away with a box on each side, as a share of its side: the rest of its frame reads as a stroke.
const RIM: f32 = 0.12;
/// A gap shorter than this, in sides of the box beside it, holds no character.
const GAP: f32 = 0.35;
/// So many boxes of a line may be parts of characters, such as the right half of 阳.
const MOST_FALSE: usize = 3;
/// So many lines are read again whatever stands in them.
const FEW: usize = 3;
/// The signs that the network has for a box. What it takes for a letter may be one: a D has four sides too.
const SIGNS: &str = "□囗ロ☐☑☒√✓✔■";

/// Writes boxes into lines where their places are doubtful; gives the boxes that it did not write.
pub(crate) fn write(
    boxes: Vec<TickBox>,
    lines: &mut [(Quad, Decoded)],
    bands: &[&Band],
    read: Read<'_>,
) -> Result<Vec<TickBox>, String> {
    let mut cut: Vec<Cut> = Vec::new();
    for tick_box in &boxes {
        let Some((place, line)) = ticks::home(tick_box, lines) else { continue };
        match cut.iter_mut().find(|cut| cut.line == line) {
            Some(cut) => cut.boxes.push((place, *tick_box)),
            None => cut.push(Cut { line, boxes: vec![(place, *tick_box)] }),
        }
    }
    cut.retain_mut(|cut| {
        cut.boxes.sort_by(|(a, _), (b, _)| a.from.total_cmp(&b.from));
        cut.is_doubtful(&lines[cut.line].1)
    });
    // Where on many lines no box stands apart, the four sides are those of characters.
    if cut.len() > FEW && !boxes.iter().any(|tick_box| ticks::is_apart(tick_box, lines)) {
        return Ok(boxes);
    }
    let mut written: Vec<TickBox> = Vec::new();
    for cut in cut {
        let (quad, line) = &mut lines[cut.line];
        let Some((joined, boxes)) = cut.settled(line, bands[cut.line], read)? else { continue };
        *line = joined;
        let first = boxes.first().map_or(0.0, |(place, _)| place.from.min(0.0));
        let last = boxes.last().map_or(1.0, |(place, _)| place.to.max(1.0));
        ticks::reach(quad, &mut line.edges, first, last);
        // What was cut out of a character is no box either.
        written.extend(cut.boxes.iter().map(|(_, tick_box)| *tick_box));
    }
    Ok(boxes.into_iter().filter(|tick_box| !written.contains(tick_box)).collect())
}

/// A line with its boxes, from left to right.
struct Cut {
    line: usize,
    boxes: Vec<(Place, TickBox)>,
}

/// A line put together, with the boxes that are in it.
type Settled = (Decoded, Vec<(Place, TickBox)>);

/// What stands between two boxes.
struct Piece {
    shares: [f32; 2],
    read: Decoded,
}

impl Cut {
    /// Whether a character may stand on either side of a box, or in it.
    fn is_doubtful(&self, line: &Decoded) -> bool {
        let text: Vec<char> = line.text.chars().collect();
        self.boxes.iter().any(|(place, _)| {
            let (side, middle) = (place.to - place.from, (place.from + place.to) / 2.0);
            let near = |at: usize| {
                let centre = (line.edges[at] + line.edges[at + 1]) / 2.0;
                let reach = if ticks::is_han(text[at]) { NEAR_HAN } else { NEAR };
                (centre - middle).abs() < reach * side
            };
            (0..text.len()).any(|at| !text[at].is_whitespace() && !ticks::is_square(&text, at) && near(at))
        })
    }

    /// The line put together, and the boxes that are in it: all of them, or all but some that were cut out of a character.
    fn settled(&self, line: &Decoded, band: &Band, read: Read<'_>) -> Result<Option<Settled>, String> {
        let attempt = |boxes: &[(Place, TickBox)]| -> Result<Option<(usize, Decoded)>, String> {
            Cut { line: self.line, boxes: boxes.to_vec() }.attempt(line, band, read)
        };
        let mut boxes = self.boxes.clone();
        let mut best = attempt(&boxes)?;
        let changes =
            |attempt: &Option<(usize, Decoded)>| attempt.as_ref().map_or(usize::MAX, |(changes, _)| *changes);
        for _ in 0..MOST_FALSE {
            let left_out = changes(&best);
            if left_out == 0 || boxes.len() < 2 {
                break;
            }
            for at in 0..boxes.len() {
                let mut fewer = boxes.clone();
                fewer.remove(at);
                let tried = attempt(&fewer)?;
                if changes(&tried) < changes(&best) {
                    (best, boxes) = (tried, fewer);
                    break;
                }
            }
            if changes(&best) == left_out {
                break;
            }
        }
        // Anything that is read otherwise may be a character that was cut: 阳 without its half reads as β.
        Ok(best.filter(|(changes, _)| *changes == 0).map(|(_, decoded)| (decoded, boxes)))
    }

    /// The line read in its pieces, with how many characters are other than before; nothing if one is lost.
    fn attempt(
        &self,
        line: &Decoded,
        band: &Band,
        read: Read<'_>,
    ) -> Result<Option<(usize, Decoded)>, String> {
        let pieces = self.pieces();
        let parts: Vec<Band> = pieces.iter().flatten().map(|[from, to]| band.part(*from, *to)).collect();
        let mut answers = read(&parts.iter().collect::<Vec<_>>())?.into_iter();
        let mut piece = |shares: Option<[f32; 2]>| Some(Piece { shares: shares?, read: answers.next()? });
        let pieces = pieces.into_iter().map(&mut piece).collect();
        Ok(self.joined(pieces, line))
    }

    /// The shares of the line before, between and behind the boxes; nothing where nothing fits.
    fn pieces(&self) -> Vec<Option<[f32; 2]>> {
        let mut pieces = Vec::new();
        let mut start = 0.0;
        for (place, _) in &self.boxes {
            let side = place.to - place.from;
            let end = place.from - RIM * side;
            pieces.push((end - start > GAP * side).then_some([start, end]));
            start = (place.to + RIM * side).max(0.0);
        }
        let side = self.boxes.last().map_or(0.0, |(place, _)| place.to - place.from);
        pieces.push((1.0 - start > GAP * side).then_some([start, 1.0]));
        pieces
    }

    /// The line put together, in shares of its length as it was; nothing if it does not hold what was read before.
    fn joined(&self, pieces: Vec<Option<Piece>>, before: &Decoded) -> Option<(usize, Decoded)> {
        let mut joined = Joined::default();
        for (at, piece) in pieces.into_iter().enumerate() {
            if let Some(mut piece) = piece {
                numerals::settle(&mut piece.read);
                joined.append(&piece);
            }
            if let Some((place, tick_box)) = self.boxes.get(at) {
                joined.append_box(*place, ticks::sign(tick_box));
            }
        }
        let decoded = joined.finish(before)?;
        Some((self.changed(before, &decoded)?, decoded))
    }

    /// How many characters are read otherwise, stops and signs of boxes aside; nothing if one is lost.
    fn changed(&self, before: &Decoded, after: &Decoded) -> Option<usize> {
        let text: Vec<char> = before.text.chars().collect();
        let in_box = |at: usize| {
            let centre = (before.edges[at] + before.edges[at + 1]) / 2.0;
            let near = |place: &Place| {
                let side = place.to - place.from;
                (place.from - side..=place.to + side).contains(&centre)
            };
            self.boxes.iter().any(|(place, _)| near(place))
        };
        let is_sign = |at: usize| SIGNS.contains(text[at]) || ticks::is_square(&text, at);
        let read: Vec<(char, bool)> = (0..text.len())
            .filter(|at| tells(&text[*at]))
            .map(|at| (text[at], is_sign(at) && in_box(at)))
            .collect();
        let kept: Vec<char> = after.text.chars().filter(|c| tells(c) && !matches!(c, '☐' | '☑')).collect();
        changes(&read, &kept)
    }
}

/// A line in the making.
#[derive(Default)]
struct Joined {
    text: Vec<char>,
    /// Where each character begins and ends, in shares of the line.
    spans: Vec<[f32; 2]>,
    certainty: f32,
    read: f32,
}

impl Joined {
    fn append(&mut self, piece: &Piece) {
        let [from, to] = piece.shares;
        let share = |edge: f32| from + edge * (to - from);
        if !piece.read.text.is_empty() {
            self.space();
        }
        let count = piece.read.text.chars().count();
        self.spans.extend(piece.read.edges.windows(2).map(|pair| [share(pair[0]), share(pair[1])]));
        self.text.extend(piece.read.text.chars());
        self.certainty += piece.read.confidence * count as f32;
        self.read += count as f32;
    }

    fn append_box(&mut self, place: Place, sign: char) {
        self.space();
        self.text.push(sign);
        self.spans.push([place.from, place.to]);
    }

    /// A space between a box and what stands beside it.
    fn space(&mut self) {
        if let Some([_, end]) = self.spans.last().copied() {
            self.text.push(' ');
            self.spans.push([end, end]);
        }
    }

    fn finish(self, before: &Decoded) -> Option<Decoded> {
        let mut edges: Vec<f32> = Vec::new();
        for [from, _] in &self.spans {
            edges.push(edges.last().map_or(*from, |last| from.max(*last)));
        }
        edges.push(self.spans.last()?[1].max(*edges.last()?));
        Some(Decoded {
            text: self.text.into_iter().collect(),
            weakest: before.weakest,
            confidence: if self.read > 0.0 { self.certainty / self.read } else { before.confidence },
            edges,
            seen: before.seen.clone().or_else(|| Some(before.text.clone())),
        })
    }
}

/// Whether a character counts when two readings are compared: stops are read or not by chance.
fn tells(c: &char) -> bool {
    !c.is_whitespace() && !":：.。,，、;；".contains(*c)
}

/// The least number of characters written for others or added; nothing if a character is lost that may not be.
fn changes(read: &[(char, bool)], kept: &[char]) -> Option<usize> {
    const NEVER: usize = usize::MAX / 2;
    let mut row: Vec<usize> = (0..=kept.len()).collect();
    for (c, may_go) in read {
        let mut diagonal = row[0];
        row[0] = if *may_go { row[0] } else { NEVER };
        for (at, other) in kept.iter().enumerate() {
            let replaced = diagonal + usize::from(c != other);
            let lost = if *may_go { row[at + 1] } else { NEVER };
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(lost).min(row[at] + 1);
        }
    }
    row.last().copied().filter(|changes| *changes < NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of 400 by 20 pixels with these characters at these places, and boxes of 20 pixels at these.
    fn line(text: &str, centres: &[f32]) -> Decoded {
        let mut edges: Vec<f32> = centres.iter().map(|centre| (centre - 10.0) / 400.0).collect();
        edges.push((centres.last().unwrap() + 10.0) / 400.0);
        Decoded { text: text.to_owned(), confidence: 0.9, edges, seen: None, ..Decoded::default() }
    }

    /// `glyphs` are the characters that are printed, from where to where. A cut one reads as `?`.
    fn written(
        text: &str,
        centres: &[f32],
        boxes: &[(f32, bool)],
        glyphs: &[(char, f32, f32)],
    ) -> (String, usize) {
        let quad = Quad::upright(0.0, 0.0, 400.0, 20.0);
        let mut lines = vec![(quad, line(text, centres))];
        let boxes = boxes.iter().map(|(left, is_ticked)| TickBox {
            quad: Quad::upright(*left, 2.0, left + 16.0, 18.0),
            is_ticked: *is_ticked,
        });
        let read_one = |band: &&Band| {
            let (from, to) = (band.at(0.0)[0][0], band.at(1.0)[0][0]);
            let mut text = String::new();
            for (glyph, left, right) in glyphs {
                let whole = *left >= from && *right <= to;
                let seen = *left < to - 3.0 && *right > from + 3.0;
                text.extend(whole.then_some(*glyph).or_else(|| seen.then_some('?')));
            }
            let count = text.chars().count();
            let edges = (0..=count).map(|at| at as f32 / count.max(1) as f32).collect();
            Decoded { text, confidence: 0.9, edges, seen: None, ..Decoded::default() }
        };
        let read = |bands: &[&Band]| Ok(bands.iter().map(read_one).collect());
        let left = write(boxes.collect(), &mut lines, &[&Band::straight(&quad)], &read).unwrap();
        let line = &lines[0].1;
        assert_eq!(line.edges.len(), line.text.chars().count() + 1);
        assert!(line.edges.is_sorted(), "{:?}", line.edges);
        (line.text.clone(), left.len())
    }

    /// Characters of 20 pixels that begin at these places.
    fn print(glyphs: &[(char, f32)]) -> Vec<(char, f32, f32)> {
        glyphs.iter().map(|(glyph, left)| (*glyph, *left, left + 20.0)).collect()
    }

    #[test]
    fn pieces_say_on_which_side_of_a_box_a_character_stands() {
        let glyphs =
            print(&[('抗', 5.0), ('原', 27.0), ('阳', 90.0), ('性', 112.0), ('阴', 170.0), ('性', 192.0)]);
        let centres = [15.0, 40.0, 78.0, 110.0, 160.0, 202.0];
        let (text, left) = written("抗原阳性阴性", &centres, &[(60.0, false), (145.0, true)], &glyphs);
        assert_eq!((text.as_str(), left), ("抗原 ☐ 阳性 ☑ 阴性", 0));
        // The right half of 阳 is no box.
        let boxes = [(60.0, false), (94.0, false), (145.0, true)];
        let (text, left) = written("抗原阳性阴性", &centres, &boxes, &glyphs);
        assert_eq!((text.as_str(), left), ("抗原 ☐ 阳性 ☑ 阴性", 0));
    }

    #[test]
    fn a_character_of_four_sides_is_not_cut_away() {
        let centres = [20.0, 40.0, 70.0, 100.0];
        let glyphs = print(&[('五', 10.0), ('月', 32.0), ('日', 61.0), ('止', 90.0)]);
        let (text, left) = written("五月日止", &centres, &[(62.0, true)], &glyphs);
        assert_eq!((text.as_str(), left), ("五月日止", 1));
        // Nor is a letter of four sides, of which the rest reads as another word.
        let glyphs = print(&[('直', 5.0), ('(', 27.0), ('D', 40.0), ('B', 61.0), ('I', 84.0), ('L', 105.0)]);
        let (text, left) =
            written("直(DBIL", &[15.0, 37.0, 50.0, 71.0, 94.0, 115.0], &[(63.0, true)], &glyphs);
        assert_eq!((text.as_str(), left), ("直(DBIL", 1));
        // The network's sign for the box itself goes.
        let glyphs = print(&[('糖', 10.0), ('尿', 32.0), ('有', 90.0)]);
        let (text, _) = written("糖尿□有", &centres, &[(62.0, true)], &glyphs);
        assert_eq!(text, "糖尿 ☑ 有");
    }

    #[test]
    fn lines_whose_places_are_clear_are_not_read_again() {
        let glyphs = print(&[('?', 10.0)]);
        let (text, left) =
            written("yes no", &[10.0, 20.0, 30.0, 40.0, 200.0, 210.0], &[(100.0, true)], &glyphs);
        assert_eq!((text.as_str(), left), ("yes no", 1));
    }
}
