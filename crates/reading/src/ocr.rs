//! Text recognition: from a picture to lines with their places.
//!
//! One stage a file: [`orientation`] of the page, [`detect`]ion of text, [`boxes`] around it, [`crop`]s of the boxes,
//! [`recognise`] what they say, decoded by [`ctc`].

pub(crate) mod again;
pub(crate) mod arrows;
pub(crate) mod band;
pub(crate) mod boxes;
pub(crate) mod crop;
pub(crate) mod ctc;
pub(crate) mod dashes;
pub(crate) mod detect;
pub(crate) mod ink;
pub(crate) mod lost;
pub(crate) mod marks;
pub(crate) mod models;
pub(crate) mod names;
pub(crate) mod numerals;
pub(crate) mod orientation;
pub(crate) mod pieces;
pub(crate) mod recognise;
pub(crate) mod results;
pub(crate) mod rules;
pub(crate) mod signs;
pub(crate) mod strokes;
pub(crate) mod ticks;

use crate::frame::Turn;
use crate::ocr::again::Read;
use crate::ocr::band::Band;
use crate::order;
use cartulary_model::{Line, Quad};
use ctc::Decoded;
use image::RgbImage;
use models::Models;

/// Lines below this are noise: logos, stamps, folds.
const MIN_CONFIDENCE: f32 = 0.5;
/// Lines below this make a page doubtful.
const DOUBTFUL_CONFIDENCE: f32 = 0.8;
/// How sure the sample must be for the first orientation to be taken without trying others.
const ASSURED: f32 = 0.75;
/// How sure a dash is that was found by its form: doubtful, for a speck in its place would be read as a result.
const DASH_CONFIDENCE: f32 = 0.6;
/// Lines read to verify the orientation.
const SAMPLE: usize = 8;

/// What was recognised on a picture, in the frame of the picture as sent.
pub(crate) struct Recognised {
    pub(crate) turn: Turn,
    pub(crate) lines: Vec<Line>,
    /// Share of the lines found, dropped ones too, that were read with little confidence.
    pub(crate) doubtful: f32,
    /// Lines that were found and could not be read.
    pub(crate) unread: usize,
    /// Most of the text found is in a script that the network does not know: it sees lines and hardly a letter in them.
    pub(crate) other_script: bool,
}

/// Recognises the text of a picture.
pub(crate) fn read(models: &Models, picture: RgbImage) -> Result<Recognised, String> {
    let (width, height) = picture.dimensions();
    let mut attempt = settle(models, picture)?;
    let turn = attempt.turn;
    let mut ink = ink::Page::of(&attempt.upright, &attempt.quads);
    let decoded = attempt.finish(models, ink.as_ref())?;
    let quads = &attempt.quads;
    let doubtful = decoded.iter().filter(|line| line.confidence < DOUBTFUL_CONFIDENCE).count();
    let doubtful = doubtful as f32 / decoded.len().max(1) as f32;
    let unread = quads.iter().zip(&decoded).filter(|(quad, line)| is_unread_line(quad, line)).count();
    let other_script = is_other_script(quads.iter().zip(&decoded));
    let (mut kept, mut bands) = (Vec::new(), Vec::new());
    for (at, mut line) in decoded.into_iter().enumerate() {
        if line.confidence >= MIN_CONFIDENCE && !line.text.is_empty() {
            numerals::settle(&mut line);
            kept.push((quads[at], line));
            bands.push(&attempt.bands[at]);
        } else if let Some(ink) = &mut ink {
            ink.leave_out(at);
        }
    }
    if let Some(ink) = &ink {
        let read = |pieces: &[&Band]| recognise::lines(models, &attempt.upright, pieces);
        add_forms(ink, &mut kept, &bands, &read)?;
    }
    let upright: Vec<Quad> = kept.iter().map(|(quad, _)| *quad).collect();
    let lines = order::reading_order(&upright)
        .into_iter()
        .map(|index| {
            let (quad, decoded) = &kept[index];
            let sent = turn.back(*quad, width, height);
            line(clamped(sent, width, height), decoded)
        })
        .collect();
    Ok(Recognised { turn, lines, doubtful, unread, other_script })
}

/// Adds what is told by its form: boxes to tick, marks that stand alone, dashes.
fn add_forms(
    ink: &ink::Page,
    kept: &mut Vec<(Quad, Decoded)>,
    bands: &[&Band],
    read: Read<'_>,
) -> Result<(), String> {
    let (dashes, boxes) = (dashes::find(ink), ticks::find(ink));
    let is_box = |mark: &Quad| boxes.iter().any(|tick_box| ink::overlap(&tick_box.quad, mark));
    let marks: Vec<Quad> = marks::find(ink).into_iter().filter(|mark| !is_box(mark)).collect();
    let bands_of_marks: Vec<Band> = marks.iter().map(Band::straight).collect();
    let answers = read(&bands_of_marks.iter().collect::<Vec<_>>())?;
    let boxes = pieces::write(boxes, kept, bands, read)?;
    ticks::write(&boxes, kept);
    kept.extend(
        marks.into_iter().zip(answers).filter_map(|(mark, read)| Some((mark, marks::accepted(read)?))),
    );
    results::settle(kept, !dashes.is_empty());
    kept.extend(dashes.into_iter().map(|quad| (quad, dash())));
    Ok(())
}

/// Whether a line of some length was found of which nothing can be trusted. A stamp or a fold is not so long.
fn is_unread_line(quad: &Quad, line: &Decoded) -> bool {
    let [width, height] = crop::size(quad);
    line.confidence < MIN_CONFIDENCE && width >= SHORT * height
}

/// Letters and figures that a line has at least, a height of its box: a wide font has two, Chinese one and a half.
const SPARSE: f32 = 0.6;
/// A line shorter than this, in heights of its box, tells nothing.
const SHORT: f32 = 4.0;

/// Whether at least half of the length of all lines holds hardly a letter. What the network does not know it leaves out.
fn is_other_script<'a>(lines: impl Iterator<Item = (&'a Quad, &'a Decoded)>) -> bool {
    let (mut sparse, mut all) = (0.0, 0.0);
    for (quad, decoded) in lines {
        let [width, height] = crop::size(quad);
        let length = width / height;
        if length >= SHORT {
            let letters = decoded.text.chars().filter(|c| c.is_alphanumeric()).count() as f32;
            all += length;
            sparse += if letters < SPARSE * length { length } else { 0.0 };
        }
    }
    all > 0.0 && sparse >= all / 2.0
}

/// A lone dash, found by its form. It is written as the long dash of an empty cell: the minus of a negative result is
/// taken from nothing but a reading, so that no speck becomes a "no".
fn dash() -> Decoded {
    Decoded {
        text: "—".to_owned(),
        confidence: DASH_CONFIDENCE,
        weakest: DASH_CONFIDENCE,
        edges: vec![0.0, 1.0],
        seen: None,
    }
}

fn line(quad: Quad, decoded: &Decoded) -> Line {
    let signs = signs::settled(&decoded.text).unwrap_or_else(|| decoded.text.clone());
    let text = names::settled(&signs).unwrap_or(signs);
    let raw = (text != decoded.text).then(|| decoded.text.clone());
    Line {
        seen: decoded.seen.clone().or(raw),
        text,
        quad,
        confidence: decoded.confidence.clamp(0.0, 1.0),
        char_edges: decoded.edges.clone(),
    }
}

fn clamped(quad: Quad, width: u32, height: u32) -> Quad {
    let inside = |[x, y]: [f32; 2]| [x.clamp(0.0, width as f32), y.clamp(0.0, height as f32)];
    Quad(quad.0.map(inside))
}

/// A picture under one assumption on how its text is turned, with a few of its lines read.
struct Attempt {
    turn: Turn,
    upright: RgbImage,
    quads: Vec<Quad>,
    bands: Vec<Band>,
    sample: Vec<(usize, Decoded)>,
    /// Mean confidence of the sample, lowered by the share of boxes that stand on end.
    score: f32,
}

/// The orientation in which the text can be read: the network's first guess if a sample of lines bears it out,
/// else the best of all four.
fn settle(models: &Models, picture: RgbImage) -> Result<Attempt, String> {
    let ranked = orientation::ranked(models, &picture);
    let first = ranked.first().copied().unwrap_or_default();
    let mut best = Attempt::new(models, first, first.upright(picture))?;
    if best.quads.is_empty() || best.score >= ASSURED {
        return Ok(best);
    }
    for quarters in [2, 1, 3] {
        let turn = first.plus(quarters);
        let further = turn.since(best.turn);
        let attempt = Attempt::new(models, turn, further.upright(best.upright.clone()))?;
        if attempt.score > best.score {
            best = attempt;
        }
        if best.score >= ASSURED {
            break;
        }
    }
    Ok(best)
}

impl Attempt {
    fn new(models: &Models, turn: Turn, upright: RgbImage) -> Result<Self, String> {
        let boxes = detect::text_boxes(models, &upright);
        let quads: Vec<Quad> = boxes.iter().map(boxes::TextBox::quad).collect();
        let level = level_share(&quads);
        let quads = on_end_turned(quads);
        let bands = boxes.iter().zip(&quads).map(|(found, quad)| match found.band() {
            Some(bent) => bent.clone(),
            None => Band::straight(quad),
        });
        let bands: Vec<Band> = bands.collect();
        let mut longest: Vec<usize> = (0..quads.len()).collect();
        longest.sort_by(|a, b| {
            let length = |i: &usize| crop::size(&quads[*i])[0];
            length(b).total_cmp(&length(a))
        });
        longest.truncate(SAMPLE);
        let chosen: Vec<&Band> = longest.iter().map(|index| &bands[*index]).collect();
        let decoded = recognise::lines(models, &upright, &chosen)?;
        let sure: f32 = decoded.iter().map(|line| line.confidence).sum();
        let score = level * sure / decoded.len().max(1) as f32;
        Ok(Self { turn, upright, quads, bands, sample: longest.into_iter().zip(decoded).collect(), score })
    }

    /// Cuts the rules of tables off the lines that were not read yet.
    fn cut_rules(&mut self, ink: &ink::Page) {
        for at in 0..self.bands.len() {
            let is_read = self.sample.iter().any(|(read, _)| *read == at);
            if let Some([from, to]) = rules::between(ink, &self.bands[at]).filter(|_| !is_read) {
                self.bands[at] = self.bands[at].part(from, to);
                ticks::reach(&mut self.quads[at], &mut [], from, to);
            }
        }
    }

    /// Reads the lines that are not in the sample, and the doubtful ones again; gives all of them.
    fn finish(&mut self, models: &Models, ink: Option<&ink::Page>) -> Result<Vec<Decoded>, String> {
        if let Some(ink) = ink {
            self.cut_rules(ink);
        }
        let mut decoded = self.read_all(models)?;
        let read = |pieces: &[&Band]| recognise::lines(models, &self.upright, pieces);
        again::settle(&mut decoded, &self.bands, &read)?;
        if let Some(ink) = ink {
            lost::settle(ink, &self.bands, &mut decoded, &read)?;
            strokes::settle(ink, &self.quads, &mut decoded);
            arrows::settle(ink, &self.quads, &mut decoded);
        }
        Ok(decoded)
    }

    fn read_all(&mut self, models: &Models) -> Result<Vec<Decoded>, String> {
        let mut all: Vec<Option<Decoded>> = vec![None; self.quads.len()];
        for (index, decoded) in std::mem::take(&mut self.sample) {
            all[index] = Some(decoded);
        }
        let open = |index: &usize| all[*index].is_none();
        let open: Vec<usize> = (0..self.quads.len()).filter(open).collect();
        let bands: Vec<&Band> = open.iter().map(|index| &self.bands[*index]).collect();
        let decoded = recognise::lines(models, &self.upright, &bands)?;
        for (index, decoded) in open.into_iter().zip(decoded) {
            all[index] = Some(decoded);
        }
        Ok(all.into_iter().flatten().collect())
    }
}

/// Share of the boxes, by their length, that lie rather than stand.
fn level_share(quads: &[Quad]) -> f32 {
    let sizes = quads.iter().map(crop::size);
    let (level, all) = sizes.fold((0.0, 0.0), |(level, all), [width, height]| {
        let long = width.max(height);
        (level + if width >= height { long } else { 0.0 }, all + long)
    });
    if all > 0.0 { level / all } else { 0.0 }
}

/// Boxes much higher than wide are text written downwards in the margin; a lone "I" is not one of them.
fn on_end_turned(quads: Vec<Quad>) -> Vec<Quad> {
    let mut heights: Vec<f32> = quads.iter().map(|quad| crop::size(quad)[1]).collect();
    heights.sort_by(f32::total_cmp);
    let usual = heights.get(heights.len() / 2).copied().unwrap_or(0.0);
    let turned = |quad: Quad| {
        let [width, height] = crop::size(&quad);
        let [a, b, c, d] = quad.0;
        if height > 1.8 * width && height > 2.0 * usual { Quad([b, c, d, a]) } else { quad }
    };
    quads.into_iter().map(turned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_end_is_read_downwards_but_a_lone_numeral_is_not() {
        let mut quads = vec![Quad::upright(0.0, 0.0, 200.0, 20.0); 5];
        quads.push(Quad::upright(300.0, 0.0, 310.0, 24.0));
        quads.push(Quad::upright(400.0, 0.0, 420.0, 200.0));
        let turned = on_end_turned(quads.clone());
        assert_eq!(turned[..6], quads[..6]);
        assert_eq!(turned[6].0[0], [420.0, 0.0]);
    }

    #[test]
    fn lines_without_letters_are_of_another_script() {
        let quad = Quad::upright(0.0, 0.0, 800.0, 40.0);
        let line = |text: &str| Decoded { text: text.to_owned(), confidence: 0.9, ..Decoded::default() };
        let russian = [line(":   , 1961 .."), line(":   -"), line(", 1 /")];
        let english = [line("Diffuse large B-cell lymphoma, stage IV"), line("PLT 45, HGB 97, WBC 4.4")];
        let chinese = [line("弥漫大B细胞淋巴瘤,IV期,国际预后指数三分")];
        let other = |lines: &[Decoded]| is_other_script(lines.iter().map(|line| (&quad, line)));
        assert!(other(&russian));
        assert!(!other(&english) && !other(&chinese) && !other(&[]));
        let mixed: Vec<Decoded> = russian[..1].iter().chain(&english).cloned().collect();
        assert!(!other(&mixed));
    }

    #[test]
    fn a_page_of_boxes_on_end_is_not_level() {
        let standing = [Quad::upright(0.0, 0.0, 10.0, 100.0)];
        let lying = [Quad::upright(0.0, 0.0, 100.0, 10.0)];
        assert_eq!(level_share(&standing), 0.0);
        assert_eq!(level_share(&lying), 1.0);
        assert_eq!(level_share(&[]), 0.0);
    }
}
