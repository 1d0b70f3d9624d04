//! The lines of a text layer: glyphs by direction, made to pieces, brought into reading order.

use crate::frame::Turn;
use crate::order;
use crate::pdf::glyphs::{Doubt, Glyph, Layer};
use crate::pdf::ink;
use crate::pdf::pieces::{Axis, Piece, pieces};
use cartulary_model::{Line, Quad};
use image::RgbImage;

/// Difference of brightness below which nothing is printed at a place.
const VISIBLE_CONTRAST: u8 = 24;

/// The lines of a text layer.
pub(crate) struct Lines {
    /// In reading order.
    pub(crate) seen: Vec<Line>,
    /// Characters of lines that the picture of the page does not show.
    pub(crate) hidden: usize,
    /// How most of them are turned.
    pub(crate) turn: Turn,
}

/// The lines of a text layer. With a picture of the page, doubtful lines that do not show on it are left out: nobody
/// can see them.
pub(crate) fn of_layer(layer: &Layer, picture: Option<&RgbImage>) -> Lines {
    let mut directions = by_direction(&layer.glyphs);
    directions.sort_by_key(|(_, glyphs)| std::cmp::Reverse(glyphs.len()));
    let turn = directions.first().map_or(Turn::default(), |(angle, _)| quarter(*angle));
    let mut lines = Lines { seen: Vec::new(), hidden: 0, turn };
    for (angle, glyphs) in directions {
        let axis = Axis::new(angle);
        let pieces = pieces(&axis, glyphs);
        let quads: Vec<Quad> = pieces.iter().map(Piece::quad).collect();
        for index in order::reading_order(&quads) {
            let piece = &pieces[index];
            let quad = axis.back(quads[index]);
            let shown = picture.is_none_or(|picture| is_shown(picture, piece, &quad));
            match piece.line(quad) {
                Some(line) if shown => lines.seen.push(line),
                Some(line) => lines.hidden += line.text.chars().count(),
                None => {}
            }
        }
    }
    lines
}

/// Whether a line is on the picture, strokes compared where the font has outlines.
fn is_shown(picture: &RgbImage, piece: &Piece<'_>, quad: &Quad) -> bool {
    let Some(doubt) = piece.doubt() else { return true };
    ink::is_shown(picture, piece.doubtful_ink())
        .unwrap_or_else(|| doubt == Doubt::Pale && is_visible(picture, quad))
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
        of_layer(&layer(glyphs), None).seen.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn words_are_parted_at_gaps_and_columns_at_wide_ones() {
        let glyphs = [word("PLT", 100.0, 50.0), word("low", 136.0, 50.0), word("45", 300.0, 50.0)].concat();
        assert_eq!(texts(glyphs), ["PLT low", "45"]);
    }

    #[test]
    fn a_cell_that_fills_its_column_is_parted_from_the_next_by_the_other_rows() {
        let mut glyphs = word("Lymphocytes", 100.0, 50.0);
        glyphs.extend(word("0.9", 225.0, 50.0));
        assert_eq!(texts(glyphs.clone()), ["Lymphocytes 0.9"]);
        for row in 1..4 {
            let baseline = 50.0 + 40.0 * row as f32;
            glyphs.extend(word("WBC", 100.0, baseline));
            glyphs.extend(word("3.1", 225.0, baseline));
        }
        assert_eq!(texts(glyphs)[..2], ["Lymphocytes", "0.9"]);
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
        let Lines { seen: lines, turn, .. } = of_layer(&layer(glyphs), None);
        assert_eq!(turn.degrees(), 90);
        assert_eq!(lines[0].text, "Stage");
        let [first, second, ..] = lines[0].quad.0;
        assert!((first[0] - 517.0).abs() < 0.1 && (first[1] - 100.0).abs() < 0.1);
        assert!((second[1] - 150.0).abs() < 0.1);
    }

    #[test]
    fn every_character_has_an_edge() {
        let lines = of_layer(&layer(word("Ki-67", 100.0, 50.0)), None);
        assert_eq!(lines.seen[0].char_edges, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    }

    #[test]
    fn white_on_white_is_not_read() {
        let mut glyphs = word("ECOG 0, eligible", 100.0, 50.0);
        for glyph in &mut glyphs {
            glyph.doubt = Some(Doubt::Pale);
        }
        let blank = RgbImage::from_pixel(1000, 1000, Rgb([255; 3]));
        let unseen = of_layer(&layer(glyphs.clone()), Some(&blank));
        assert!(unseen.seen.is_empty() && unseen.hidden == 16);
        let mut header = blank;
        for x in 90..200 {
            for y in 30..45 {
                header.put_pixel(x, y, Rgb([20, 40, 120]));
            }
        }
        assert_eq!(of_layer(&layer(glyphs), Some(&header)).seen.len(), 1);
    }
}
