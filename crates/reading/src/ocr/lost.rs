//! Characters that the network passed over in a short cell of figures, told by counting the ink.
//!
//! Of a figure and an arrow with a gap between them the network may read one and forget another: `98 ↓` came out as `8`,
//! `0.96↓↓` as `0.60`, and it was sure. Each figure and each arrow is a run of ink as high as print. Where a cell holds more
//! runs than were read of it, it is cut at its widest gaps and its pieces say what they hold; where they do not fit the ink
//! either, the cell stays as it is and doubtful.

use crate::ocr::again::Read;
use crate::ocr::arrows::{self, APART, Arrow, LOWER};
use crate::ocr::band::Band;
use crate::ocr::ctc::Decoded;
use crate::ocr::ink::{Page, runs};
use std::ops::Range;

/// A cell is at most so long, in heights of its box.
const LONG: f32 = 8.0;
/// Height against the size of print from which on a run of ink is a character and no stop or dash.
const HIGH: f32 = 0.4;
/// The share of a box, from above and from below, in which the rules of the table may lie.
const RIM: f32 = 0.1;
/// A run that crosses so much of the box, and is at most so wide in heights of it, is a rule.
const CROSSED: f32 = 0.93;
const THIN: f32 = 0.12;
/// Gaps wider than this, in heights of the box, are blanks.
const BLANK: f32 = 0.3;
/// A cell is cut at so many gaps at most.
const CUTS: usize = 3;
/// How sure each piece must be.
const SURE: f32 = 0.8;
/// How sure the network must be of a figure for no arrow to be looked for in its place.
const SURE_OF_FIGURES: f32 = 0.95;
/// How sure a cell is at most that was put together, and one that does not fit its ink.
const JOINED: f32 = 0.75;
const UNFIT: f32 = 0.6;
/// What stands in a cell of figures: as high as print, and lower. Each is one run of ink.
const HIGH_SIGNS: &str = "0123456789↑↓+±<>≤≥()HL/:";
const LOW_SIGNS: &str = ".,-−—=~～ ";

/// Reads cells again whose ink holds more characters than were read.
pub(crate) fn settle(
    page: &Page,
    bands: &[Band],
    lines: &mut [Decoded],
    read: Read<'_>,
) -> Result<(), String> {
    for (band, line) in bands.iter().zip(lines) {
        let [length, height] = band.size();
        let unread = line.text.is_empty();
        if !(unread || is_of_figures(&line.text) || is_of_signs(&line.text)) || length > LONG * height {
            continue;
        }
        let cell = Cell::of(page, band);
        // Figures that touch are one run: an arrow behind them shows all the same.
        let arrow = !unread
            && !line.text.ends_with(['↑', '↓'])
            && arrows::last_arrow(page, &band.quad(), &line.text).is_some();
        if cell.high() <= high_signs(&line.text) && !arrow {
            continue;
        }
        match cell.read_in_pieces(page, band, &line.text, read)? {
            Some(joined) => {
                let before = std::mem::replace(line, joined);
                line.confidence = line.confidence.min(JOINED);
                line.seen = before.seen.or(Some(before.text).filter(|text| !text.is_empty()));
            }
            None if unread => {}
            None => line.confidence = line.confidence.min(UNFIT),
        }
    }
    Ok(())
}

fn is_of_figures(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| HIGH_SIGNS.contains(c) || LOW_SIGNS.contains(c))
}

fn high_signs(text: &str) -> usize {
    text.chars().filter(|c| HIGH_SIGNS.contains(*c)).count()
}

/// Columns of ink without a gap, and how high it is.
struct Run {
    columns: Range<usize>,
    height: f32,
    is_high: bool,
}

/// The ink of a cell, from left to right.
struct Cell {
    runs: Vec<Run>,
    columns: usize,
    height: f32,
}

impl Cell {
    fn of(page: &Page, band: &Band) -> Self {
        let [length, height] = band.size().map(|side| side * page.factor);
        let columns = length as usize;
        let inked: Vec<Vec<bool>> =
            (0..columns).map(|at| page.across(band, (at as f32 + 0.5) / length)).collect();
        let share = |at: usize| {
            let all = inked[at].len().max(1);
            inked[at].iter().filter(|ink| **ink).count() as f32 / all as f32
        };
        let is_rule = |run: &Range<usize>| {
            run.len() as f32 <= (THIN * height).max(3.0) && run.clone().any(|at| share(at) >= CROSSED)
        };
        let inner = |at: usize| {
            let rim = (RIM * inked[at].len() as f32) as usize;
            inked[at][rim..inked[at].len() - rim].iter().any(|ink| *ink)
        };
        let height_of = |run: &Range<usize>| {
            let rows = inked[run.start].len();
            let rim = (RIM * rows as f32) as usize;
            let is_ink = |row: &usize| run.clone().any(|at| inked[at].get(*row).is_some_and(|ink| *ink));
            let first = (rim..rows - rim).find(is_ink);
            let last = (rim..rows - rim).rev().find(is_ink);
            first.zip(last).map_or(0.0, |(first, last)| (last - first + 1) as f32)
        };
        // What reaches the end of a box is of a neighbour.
        let whole = |run: &Range<usize>| run.start > 0 && run.end < columns;
        let runs = runs(0..columns, inner).into_iter().filter(|run| whole(run) && !is_rule(run));
        let run = |columns: Range<usize>| {
            let height = height_of(&columns);
            Run { columns, height, is_high: height >= HIGH * page.print }
        };
        Self { runs: runs.map(run).collect(), columns, height }
    }

    /// How many runs are as high as print.
    fn high(&self) -> usize {
        self.runs.iter().filter(|run| run.is_high).count()
    }

    fn tallest(&self) -> f32 {
        self.runs.iter().map(|run| run.height).fold(0.0, f32::max)
    }

    /// The cell read in pieces that hold as many characters as it has runs, and no fewer than before.
    fn read_in_pieces(
        &self,
        page: &Page,
        band: &Band,
        before: &str,
        read: Read<'_>,
    ) -> Result<Option<Decoded>, String> {
        let mut gaps: Vec<Range<usize>> =
            self.runs.windows(2).map(|pair| pair[0].columns.end..pair[1].columns.start).collect();
        gaps.sort_by_key(|gap| std::cmp::Reverse(gap.len()));
        for cuts in 1..=CUTS.min(gaps.len()) {
            let mut cuts = gaps[..cuts].to_vec();
            cuts.sort_by_key(|gap| gap.start);
            let pieces = self.pieces(&cuts);
            let parts: Vec<Band> = pieces.iter().map(|[from, to]| band.part(*from, *to)).collect();
            let answers = read(&parts.iter().collect::<Vec<_>>())?;
            let first = answers.into_iter().zip(&parts).enumerate();
            let answers: Vec<Decoded> = first
                .map(|(at, (read, part))| match at.checked_sub(1) {
                    Some(cut) => {
                        or_arrow(page, part, read, cuts[cut].len() as f32 / self.height, self.tallest())
                    }
                    None => read,
                })
                .collect();
            let joined = self.joined(&pieces, &cuts, &answers);
            let holds = |joined: &Decoded| high_signs(&joined.text) >= self.high().max(high_signs(before));
            if let Some(joined) = joined.filter(holds) {
                return Ok(Some(joined));
            }
        }
        Ok(None)
    }

    /// The shares of the cell's length on both sides of each cut.
    fn pieces(&self, cuts: &[Range<usize>]) -> Vec<[f32; 2]> {
        let share = |gap: &Range<usize>| (gap.start + gap.end) as f32 / 2.0 / self.columns as f32;
        let mut ends: Vec<f32> = vec![0.0];
        ends.extend(cuts.iter().map(share));
        ends.push(1.0);
        ends.windows(2).map(|pair| [pair[0], pair[1]]).collect()
    }

    /// The pieces as one cell: nothing if one is not sure, or if a second one holds figures, which may be an arrow read as a one.
    fn joined(&self, pieces: &[[f32; 2]], cuts: &[Range<usize>], answers: &[Decoded]) -> Option<Decoded> {
        let mut joined = Decoded { confidence: 1.0, weakest: 1.0, edges: vec![0.0], ..Decoded::default() };
        for (at, ([from, to], read)) in pieces.iter().zip(answers).enumerate() {
            let text = read.text.trim();
            let fits = if at == 0 { is_of_figures(text) } else { is_of_signs(text) };
            if !fits || read.confidence < SURE || text.len() != read.text.len() {
                return None;
            }
            if at == 1 && cuts[0].len() as f32 > BLANK * self.height {
                joined.text.push(' ');
                joined.edges.push(*from);
            }
            joined.text.push_str(text);
            joined.edges.pop();
            joined.edges.extend(read.edges.iter().map(|edge| from + edge * (to - from)));
            joined.confidence = joined.confidence.min(read.confidence);
            joined.weakest = joined.weakest.min(read.weakest);
        }
        Some(joined)
    }
}

/// A piece as the arrow that its form shows, where that stands apart: by the gap before it, or by its height, which of a one
/// is that of the other figures. Where the network is sure of a figure the gap must be a blank.
fn or_arrow(page: &Page, part: &Band, read: Decoded, gap: f32, tallest: f32) -> Decoded {
    let sure_of_sign = is_of_signs(&read.text) && read.confidence >= SURE;
    let sure_of_figure = is_of_figures(&read.text) && read.confidence >= SURE_OF_FIGURES;
    let apart =
        |arrow: &Arrow| gap >= if sure_of_figure { BLANK } else { APART } || arrow.height <= LOWER * tallest;
    match arrows::last_arrow(page, &part.quad(), &read.text).filter(|arrow| apart(arrow) && !sure_of_sign) {
        Some(arrow) => Decoded {
            text: arrow.sign.into(),
            confidence: SURE,
            weakest: SURE,
            edges: vec![0.0, 1.0],
            seen: None,
        },
        None => read,
    }
}

/// Whether a piece behind a figure holds arrows, flags or signs.
fn is_of_signs(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| "↑↓+-±HL".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::ink::drawn;
    use cartulary_model::Quad;

    #[test]
    fn a_figure_before_an_arrow_is_read() {
        assert_eq!(settled(&[one(404), arrow(450)], "↓", &["1", "↓"]).text, "1 ↓");
    }

    /// A one and an arrow down of 22 pixels, each from its left edge.
    fn one(left: u32) -> Vec<[u32; 4]> {
        vec![[left + 3, 90, left + 6, 112], [left, 92, left + 3, 96]]
    }

    fn arrow(left: u32) -> Vec<[u32; 4]> {
        let head = (0..6).map(|row| [left + row, 105 + row, left + 13 - row, 106 + row]);
        std::iter::once([left + 5, 90, left + 8, 106]).chain(head).collect()
    }

    /// What a cell at 400 of a page of print of 24 pixels says that reads as `text`, and in pieces as the others, in turn.
    fn settled(ink: &[Vec<[u32; 4]>], text: &str, pieces: &[&str]) -> Decoded {
        let picture = drawn(&ink.concat());
        let cell = Quad::upright(395.0, 83.0, 495.0, 117.0);
        let page = Page::of(&picture, &[Quad::upright(20.0, 83.0, 200.0, 117.0), cell]).unwrap();
        let decoded = |text: &str| {
            let count = text.chars().count().max(1);
            let edges = (0..=count).map(|at| at as f32 / count as f32).collect();
            Decoded { text: text.to_owned(), confidence: 0.95, weakest: 0.95, edges, seen: None }
        };
        let asked = std::cell::Cell::new(0);
        let read = |bands: &[&Band]| {
            let before = asked.replace(asked.get() + bands.len());
            Ok(pieces.iter().skip(before).take(bands.len()).map(|text| decoded(text)).collect())
        };
        let mut lines = [decoded(text)];
        settle(&page, &[Band::straight(&cell)], &mut lines, &read).unwrap();
        let [line] = lines;
        assert_eq!(line.edges.len(), line.text.chars().count().max(1) + 1);
        line
    }

    #[test]
    fn what_the_ink_shows_and_was_not_read_is_read_in_pieces() {
        let line = settled(&[one(404), one(420), arrow(450)], "1", &["11", "↓"]);
        assert_eq!((line.text.as_str(), line.seen.as_deref()), ("11 ↓", Some("1")));
        assert!(line.confidence < 0.8);
        assert_eq!(settled(&[one(404), arrow(450)], "", &["1", "↓"]).text, "1 ↓", "nothing was read");
        let line = settled(&[one(404), arrow(450)], "1", &["1", "的"]);
        assert_eq!(line.text, "1 ↓", "a piece that is not read is told by its form");
    }

    #[test]
    fn a_cell_that_does_not_fit_its_ink_is_doubtful() {
        let line = settled(&[one(404), one(420), one(450)], "11", &["11", "1", "1", "1", "1"]);
        assert_eq!((line.text.as_str(), line.confidence), ("11", UNFIT), "a second figure may be an arrow");
    }

    #[test]
    fn what_fits_stays() {
        for (ink, text) in [
            (vec![one(404), one(420), arrow(450)], "11↓"),
            (vec![one(404), vec![[418, 108, 422, 112]], one(430)], "1.1"),
            (vec![one(404), vec![[480, 60, 482, 140]]], "1"),
            (vec![one(404), one(420)], "Ⅱ"),
            (vec![one(404), one(420), one(440)], "CR"),
        ] {
            let line = settled(&ink, text, &[]);
            assert_eq!((line.text.as_str(), line.confidence), (text, 0.95));
        }
    }
}
