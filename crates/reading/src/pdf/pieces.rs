//! Glyphs of one direction to pieces, each of which is one line or one cell: by baseline, parted at wide gaps, raised
//! and lowered digits put back in their row.

use crate::pdf::glyphs::{Doubt, Glyph};
use crate::pdf::ink::Sample;
use cartulary_model::{Line, Quad};

/// Glyphs whose baselines differ by less, in ems, stand on one line.
const SAME_BASELINE: f32 = 0.15;
/// A gap of more ems parts columns.
const COLUMN_GAP: f32 = 1.5;
/// A gap of more ems parts columns where other rows begin at the same place.
const ALIGNED_GAP: f32 = 0.6;
/// So many other rows make a column.
const ALIGNED_ROWS: usize = 3;
/// A gap of more ems parts words.
const WORD_GAP: f32 = 0.18;
/// How far the box reaches above and below the baseline, in ems.
const ASCENT: f32 = 0.85;
const DESCENT: f32 = 0.2;

/// Page coordinates and those along and across a direction.
pub(crate) struct Axis {
    cos: f32,
    sin: f32,
}

impl Axis {
    pub(crate) fn new(degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self { cos, sin }
    }

    fn onto(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [x * self.cos + y * self.sin, y * self.cos - x * self.sin]
    }

    pub(crate) fn back(&self, quad: Quad) -> Quad {
        let back = |[u, v]: [f32; 2]| [u * self.cos - v * self.sin, u * self.sin + v * self.cos];
        Quad(quad.0.map(back))
    }
}

/// A glyph along its direction.
#[derive(Clone, Debug)]
struct Set<'a> {
    glyph: &'a Glyph,
    start: f32,
    end: f32,
    baseline: f32,
}

/// Glyphs that will be one line.
#[derive(Clone, Debug)]
pub(crate) struct Piece<'a> {
    sets: Vec<Set<'a>>,
    /// Left ends of the white space glyphs among them.
    spaces: Vec<f32>,
}

/// The lines and cells of glyphs that share a direction.
pub(crate) fn pieces<'a>(axis: &Axis, glyphs: Vec<&'a Glyph>) -> Vec<Piece<'a>> {
    let mut sets: Vec<Set<'a>> = glyphs
        .into_iter()
        .filter(|glyph| !glyph.text.is_empty())
        .map(|glyph| {
            let [start, baseline] = axis.onto(glyph.origin);
            Set { glyph, start, end: start + glyph.advance, baseline }
        })
        .collect();
    sets.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let pieces: Vec<Piece<'a>> = baselines(sets).into_iter().flat_map(parted).collect();
    let mut columns: Vec<f32> = pieces.iter().map(Piece::start).collect();
    columns.sort_by(f32::total_cmp);
    let pieces = pieces.into_iter().flat_map(|piece| piece.parted_at(&columns)).collect();
    with_scripts(pieces)
}

fn baselines(sets: Vec<Set<'_>>) -> Vec<Vec<Set<'_>>> {
    let mut lines: Vec<Vec<Set<'_>>> = Vec::new();
    for set in sets {
        let joins = |line: &Vec<Set<'_>>| {
            let limit = SAME_BASELINE * set.glyph.size.max(line[0].glyph.size);
            set.baseline - line[0].baseline <= limit
        };
        match lines.last_mut().filter(|line| joins(line)) {
            Some(line) => line.push(set),
            None => lines.push(vec![set]),
        }
    }
    lines
}

/// Parts a line at wide gaps. White space is no glyph here: programmes lay out tables with it.
fn parted(mut line: Vec<Set<'_>>) -> Vec<Piece<'_>> {
    line.sort_by(|a, b| a.start.total_cmp(&b.start));
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut spaces = Vec::new();
    for set in line {
        if set.glyph.text.trim().is_empty() {
            spaces.push(set.start);
            continue;
        }
        let near = |piece: &&mut Piece<'_>| {
            let last = &piece.sets[piece.sets.len() - 1];
            set.start - last.end <= COLUMN_GAP * last.glyph.size.max(set.glyph.size)
        };
        match pieces.last_mut().filter(near) {
            // Bold is sometimes the same glyph printed twice, a little apart.
            Some(piece) if piece.repeats(&set) => {}
            Some(piece) => {
                piece.spaces.append(&mut spaces);
                piece.sets.push(set);
            }
            None => {
                spaces.clear();
                pieces.push(Piece { sets: vec![set], spaces: Vec::new() });
            }
        }
    }
    pieces
}

/// Puts raised and lowered small glyphs, as in 10⁹/L, into the line beside which they stand.
fn with_scripts(mut pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    pieces.sort_by(|a, b| b.size().total_cmp(&a.size()));
    let mut lines: Vec<Piece<'_>> = Vec::new();
    for piece in pieces {
        match lines.iter_mut().find(|line| line.carries(&piece)) {
            Some(line) => {
                line.sets.extend(piece.sets);
                line.sets.sort_by(|a, b| a.start.total_cmp(&b.start));
            }
            None => lines.push(piece),
        }
    }
    lines
}

impl<'a> Piece<'a> {
    fn size(&self) -> f32 {
        self.sets.iter().map(|set| set.glyph.size).fold(0.0, f32::max)
    }

    fn start(&self) -> f32 {
        self.sets[0].start
    }

    fn end(&self) -> f32 {
        self.sets.iter().map(|set| set.end).fold(f32::MIN, f32::max)
    }

    /// The baseline of its largest glyphs.
    fn baseline(&self) -> f32 {
        let size = self.size();
        let largest = self.sets.iter().find(|set| set.glyph.size >= size);
        largest.map_or(0.0, |set| set.baseline)
    }

    /// Parts a cell that nearly fills its column from the next one: no wide gap tells them apart, other rows do.
    /// `columns` are the left ends of all pieces, sorted.
    fn parted_at(self, columns: &[f32]) -> Vec<Self> {
        let mut pieces: Vec<Self> = Vec::new();
        for set in self.sets {
            let size = set.glyph.size;
            let is_column = || {
                let before = |limit: f32| columns.partition_point(|column| *column < limit);
                before(set.start + 0.1 * size) - before(set.start - 0.1 * size) >= ALIGNED_ROWS
            };
            let follows = |piece: &&mut Self| {
                let last = &piece.sets[piece.sets.len() - 1];
                set.start - last.end <= ALIGNED_GAP * size || !is_column()
            };
            match pieces.last_mut().filter(follows) {
                Some(piece) => piece.sets.push(set),
                None => pieces.push(Self { sets: vec![set], spaces: self.spaces.clone() }),
            }
        }
        pieces
    }

    /// Why some of it may not be seen.
    pub(crate) fn doubt(&self) -> Option<Doubt> {
        let doubts = || self.sets.iter().filter_map(|set| set.glyph.doubt);
        doubts().find(|doubt| *doubt == Doubt::Covered).or_else(|| doubts().next())
    }

    /// Places in and around the strokes of the glyphs that may not be seen.
    pub(crate) fn doubtful_ink(&self) -> impl Iterator<Item = &[Sample]> {
        self.sets.iter().filter(|set| set.glyph.doubt.is_some()).map(|set| &set.glyph.ink[..])
    }

    fn repeats(&self, set: &Set<'a>) -> bool {
        let near = 0.2 * set.glyph.size;
        let recent = self.sets.iter().rev().take(3);
        let mut same = recent.filter(|known| known.glyph.text == set.glyph.text);
        same.any(|known| (known.start - set.start).abs() < near.min(0.5 * set.glyph.advance.max(1.0)))
    }

    /// Whether the other is a superscript or subscript of this line.
    fn carries(&self, other: &Self) -> bool {
        let size = self.size();
        let raised = self.baseline() - other.baseline();
        other.size() <= 0.85 * size
            && (-0.35 * size..=0.75 * size).contains(&raised)
            && other.start() >= self.start() - 0.1 * size
            && other.end() <= self.end() + 1.2 * size.max(other.end() - other.start())
            && self.beside(other)
    }

    /// Whether the other begins right after one of this line's glyphs.
    fn beside(&self, other: &Self) -> bool {
        let size = self.size();
        let start = other.start();
        self.sets.iter().any(|set| (-0.3 * size..=0.35 * size).contains(&(start - set.end)))
    }

    pub(crate) fn quad(&self) -> Quad {
        let (size, baseline) = (self.size(), self.baseline());
        Quad::upright(self.start(), baseline - ASCENT * size, self.end(), baseline + DESCENT * size)
    }

    /// The line; nothing when it is without text.
    pub(crate) fn line(&self, quad: Quad) -> Option<Line> {
        let (start, length) = (self.start(), (self.end() - self.start()).max(1e-3));
        let along = |at: f32| ((at - start) / length).clamp(0.0, 1.0);
        let mut text = String::new();
        let mut edges = Vec::new();
        for (index, set) in self.sets.iter().enumerate() {
            let before = index.checked_sub(1).map(|index| &self.sets[index]);
            if before.is_some_and(|before| self.parts_words(before, set)) {
                text.push(' ');
                edges.push(along(before.map_or(set.start, |before| before.end)));
            }
            let next = self.sets.get(index + 1).map_or(set.end, |next| next.start);
            let end = set.end.min(next.max(set.start));
            let count = set.glyph.text.chars().count();
            for (step, c) in set.glyph.text.chars().enumerate() {
                text.push(if c.is_whitespace() { ' ' } else { c });
                edges.push(along(set.start + (end - set.start) * step as f32 / count as f32));
            }
        }
        edges.push(1.0);
        for index in 1..edges.len() {
            edges[index] = f32::max(edges[index], edges[index - 1]);
        }
        (!text.trim().is_empty()).then_some(Line {
            text,
            quad,
            confidence: 1.0,
            char_edges: edges,
            seen: None,
        })
    }

    fn parts_words(&self, before: &Set<'a>, after: &Set<'a>) -> bool {
        let size = before.glyph.size.max(after.glyph.size);
        let printed = self.spaces.iter().any(|space| *space >= before.start && *space < after.start);
        if printed {
            return true;
        }
        let between_han = ends_in_han(&before.glyph.text) && ends_in_han(&after.glyph.text);
        !between_han && after.start - before.end > WORD_GAP * size
    }
}

fn ends_in_han(text: &str) -> bool {
    text.chars()
        .last()
        .is_some_and(|c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}'))
}
