//! Glyphs to lines: by direction, by baseline, parted at wide gaps; raised and lowered digits put back in their row.

use crate::frame::Turn;
use crate::order;
use crate::pdf::glyphs::{Glyph, Layer};
use cartulary_model::{Line, Quad};
use image::RgbImage;

/// Glyphs whose baselines differ by less, in ems, stand on one line.
const SAME_BASELINE: f32 = 0.15;
/// A gap of more ems parts columns.
const COLUMN_GAP: f32 = 1.5;
/// A gap of more ems parts words.
const WORD_GAP: f32 = 0.18;
/// How far the box reaches above and below the baseline, in ems.
const ASCENT: f32 = 0.85;
const DESCENT: f32 = 0.2;
/// Difference of brightness below which nothing is printed at a place.
const VISIBLE_CONTRAST: u8 = 24;

/// The lines of a text layer in reading order, and how most of them are turned.
///
/// With a picture of the page, lines of pale ink that do not show on it are left out: nobody can see them.
pub(crate) fn of_layer(layer: &Layer, picture: Option<&RgbImage>) -> (Vec<Line>, Turn) {
    let mut directions = by_direction(&layer.glyphs);
    directions.sort_by_key(|(_, glyphs)| std::cmp::Reverse(glyphs.len()));
    let turn = directions.first().map_or(Turn::default(), |(angle, _)| quarter(*angle));
    let mut lines = Vec::new();
    for (angle, glyphs) in directions {
        let axis = Axis::new(angle);
        let pieces = pieces(&axis, glyphs);
        let quads: Vec<Quad> = pieces.iter().map(Piece::quad).collect();
        for index in order::reading_order(&quads) {
            let piece = &pieces[index];
            let quad = axis.back(quads[index]);
            let shown = !piece.pale() || picture.is_none_or(|picture| is_visible(picture, &quad));
            lines.extend(piece.line(quad).filter(|_| shown));
        }
    }
    (lines, turn)
}

/// Glyphs by the direction of their baseline, in steps of five degrees.
fn by_direction(glyphs: &[Glyph]) -> Vec<(f32, Vec<&Glyph>)> {
    let mut directions: Vec<(f32, Vec<&Glyph>)> = Vec::new();
    for glyph in glyphs {
        let angle = glyph.along[1].atan2(glyph.along[0]).to_degrees();
        let step = (angle / 5.0).round().rem_euclid(72.0) * 5.0;
        match directions.iter_mut().find(|(known, _)| *known == step) {
            Some((_, same)) => same.push(glyph),
            None => directions.push((step, vec![glyph])),
        }
    }
    directions
}

fn quarter(degrees: f32) -> Turn {
    Turn::quarters((degrees / 90.0).round() as u8)
}

/// Page coordinates and those along and across a direction.
struct Axis {
    cos: f32,
    sin: f32,
}

impl Axis {
    fn new(degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self { cos, sin }
    }

    fn onto(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [x * self.cos + y * self.sin, y * self.cos - x * self.sin]
    }

    fn back(&self, quad: Quad) -> Quad {
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
struct Piece<'a> {
    sets: Vec<Set<'a>>,
    /// Left ends of the white space glyphs among them.
    spaces: Vec<f32>,
}

fn pieces<'a>(axis: &Axis, glyphs: Vec<&'a Glyph>) -> Vec<Piece<'a>> {
    let mut sets: Vec<Set<'a>> = glyphs
        .into_iter()
        .filter(|glyph| !glyph.text.is_empty())
        .map(|glyph| {
            let [start, baseline] = axis.onto(glyph.origin);
            Set { glyph, start, end: start + glyph.advance, baseline }
        })
        .collect();
    sets.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let pieces = baselines(sets).into_iter().flat_map(parted).collect();
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

    fn pale(&self) -> bool {
        self.sets.iter().any(|set| set.glyph.pale)
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

    fn quad(&self) -> Quad {
        let (size, baseline) = (self.size(), self.baseline());
        Quad::upright(self.start(), baseline - ASCENT * size, self.end(), baseline + DESCENT * size)
    }

    /// The line; nothing when it is without text.
    fn line(&self, quad: Quad) -> Option<Line> {
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
        (!text.trim().is_empty()).then_some(Line { text, quad, confidence: 1.0, char_edges: edges })
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

fn is_visible(picture: &RgbImage, quad: &Quad) -> bool {
    let [left, top, right, bottom] = quad.bounds();
    let clamp = |at: f32, most: u32| (at.max(0.0) as u32).min(most.saturating_sub(1));
    let (width, height) = picture.dimensions();
    let mut range = (u8::MAX, u8::MIN);
    for y in clamp(top, height)..=clamp(bottom, height) {
        for x in clamp(left, width)..=clamp(right, width) {
            let [red, green, blue] = picture.get_pixel(x, y).0;
            let light = red.min(green).min(blue);
            range = (range.0.min(light), range.1.max(light));
        }
    }
    range.1.saturating_sub(range.0) >= VISIBLE_CONTRAST
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn layer(glyphs: Vec<Glyph>) -> Layer {
        Layer { width: 1000, height: 1000, glyphs, ..Layer::default() }
    }

    fn word(text: &str, x: f32, baseline: f32) -> Vec<Glyph> {
        let place = |(i, c)| Glyph::test(c, x + 10.0 * i as f32, baseline);
        text.chars().enumerate().map(place).collect()
    }

    fn texts(glyphs: Vec<Glyph>) -> Vec<String> {
        let (lines, _) = of_layer(&layer(glyphs), None);
        lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn words_are_parted_at_gaps_and_columns_at_wide_ones() {
        let glyphs = [word("PLT", 100.0, 50.0), word("low", 136.0, 50.0), word("45", 300.0, 50.0)].concat();
        assert_eq!(texts(glyphs), ["PLT low", "45"]);
    }

    #[test]
    fn han_characters_are_not_parted_by_their_spacing() {
        let glyphs = "血小板".chars().enumerate();
        let spread = glyphs.map(|(i, c)| Glyph::test(c, 100.0 + 16.0 * i as f32, 50.0));
        assert_eq!(texts(spread.collect()), ["血小板"]);
    }

    #[test]
    fn a_raised_digit_stays_in_its_row() {
        let mut glyphs = word("45 x 10", 100.0, 50.0);
        glyphs.extend(word("/L", 176.0, 50.0));
        let mut nine = Glyph::test('9', 170.0, 43.0);
        (nine.size, nine.advance) = (12.0, 6.0);
        glyphs.push(nine);
        assert_eq!(texts(glyphs), ["45 x 109/L"]);
    }

    #[test]
    fn glyphs_printed_twice_are_one() {
        let twice = [word("bold", 100.0, 50.0), word("bold", 100.5, 50.0)].concat();
        assert_eq!(texts(twice), ["bold"]);
    }

    #[test]
    fn turned_text_has_its_first_corner_at_its_first_letter() {
        let down = |(i, c)| Glyph { along: [0.0, 1.0], ..Glyph::test(c, 500.0, 100.0 + 10.0 * i as f32) };
        let glyphs = "Stage".chars().enumerate().map(down).collect();
        let (lines, turn) = of_layer(&layer(glyphs), None);
        assert_eq!(turn.degrees(), 90);
        assert_eq!(lines[0].text, "Stage");
        let [first, second, ..] = lines[0].quad.0;
        assert!((first[0] - 517.0).abs() < 0.1 && (first[1] - 100.0).abs() < 0.1);
        assert!((second[1] - 150.0).abs() < 0.1);
    }

    #[test]
    fn every_character_has_an_edge() {
        let (lines, _) = of_layer(&layer(word("Ki-67", 100.0, 50.0)), None);
        assert_eq!(lines[0].char_edges, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    }

    #[test]
    fn white_on_white_is_not_read() {
        let mut glyphs = word("ECOG 0, eligible", 100.0, 50.0);
        for glyph in &mut glyphs {
            glyph.pale = true;
        }
        let blank = RgbImage::from_pixel(1000, 1000, Rgb([255; 3]));
        assert!(of_layer(&layer(glyphs.clone()), Some(&blank)).0.is_empty());
        let mut header = blank;
        for x in 90..200 {
            for y in 30..45 {
                header.put_pixel(x, y, Rgb([20, 40, 120]));
            }
        }
        assert_eq!(of_layer(&layer(glyphs), Some(&header)).0.len(), 1);
    }
}
