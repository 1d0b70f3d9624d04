//! Collects the glyphs a page shows, with their places, instead of drawing them.

use crate::pdf::spelling::spelled;
use hayro::hayro_interpret::font::{Glyph as Shown, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point, Rect};

/// Units in which glyph space is given.
const UNITS_PER_EM: f64 = 1000.0;
/// Lower than this, in pixels at 200 dpi, no eye reads text: it is a label for machines, or an attack.
const MIN_SIZE: f32 = 4.0;
/// A densely printed page has ten thousand; finding lines among more takes time that grows with the square.
const MOST_GLYPHS: usize = 30_000;
/// Ink lighter than this may be white on white.
const PALE: f32 = 0.8;

/// One shown glyph, in pixels of the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Glyph {
    /// What it stands for; U+FFFD when the file does not say.
    pub(crate) text: String,
    /// Where its baseline begins.
    pub(crate) origin: [f32; 2],
    /// Unit vector along the baseline.
    pub(crate) along: [f32; 2],
    pub(crate) advance: f32,
    /// Height of an em.
    pub(crate) size: f32,
    /// Its ink is nearly white.
    pub(crate) pale: bool,
}

/// What a page shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) pictures: usize,
    /// Share of the page that the largest picture covers.
    pub(crate) picture_share: f32,
    pub(crate) shapes: usize,
}

impl Layer {
    /// Characters that are not white space.
    pub(crate) fn characters(&self) -> usize {
        let texts = self.glyphs.iter().flat_map(|glyph| glyph.text.chars());
        texts.filter(|c| !c.is_whitespace()).count()
    }

    /// Share of the characters that mean nothing.
    pub(crate) fn unknown_share(&self) -> f32 {
        let texts = self.glyphs.iter().flat_map(|glyph| glyph.text.chars());
        let unknown = texts.filter(|c| *c == '\u{fffd}' || is_private(*c)).count();
        unknown as f32 / self.characters().max(1) as f32
    }

    /// Whether there were more glyphs than were collected.
    pub(crate) fn is_overfull(&self) -> bool {
        self.glyphs.len() >= MOST_GLYPHS
    }

    pub(crate) fn has_pale_ink(&self) -> bool {
        self.glyphs.iter().any(|glyph| glyph.pale)
    }
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// A device that collects.
pub(crate) struct Collector {
    layer: Layer,
}

impl Collector {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self { layer: Layer { width, height, ..Layer::default() } }
    }

    pub(crate) fn finish(self) -> Layer {
        self.layer
    }

    fn on_page(&self, origin: [f32; 2]) -> bool {
        let [x, y] = origin;
        x >= 0.0 && y >= 0.0 && x <= self.layer.width as f32 && y <= self.layer.height as f32
    }
}

impl<'a> Device<'a> for Collector {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        // Invisible text lies under scans, put there by a machine: what the eye sees is the picture.
        // A stroke repeats the fill of the same glyphs when both are drawn.
        if matches!(mode, DrawMode::Invisible) {
            return;
        }
        let pale = is_pale(&props.paint);
        for glyph in run.glyphs() {
            let place = props.transform * glyph.transform();
            let found = placed(glyph, place, pale);
            let known = &self.layer.glyphs;
            let lately = &known[known.len().saturating_sub(2 * run.glyphs().len())..];
            let repeated = matches!(mode, DrawMode::Stroke(_)) && lately.contains(&found);
            let wanted = found.size >= MIN_SIZE && self.on_page(found.origin) && !repeated;
            if wanted && known.len() < MOST_GLYPHS {
                self.layer.glyphs.push(found);
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let unit = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let covered = props.transform.transform_rect_bbox(unit);
        let page = Rect::new(0.0, 0.0, f64::from(self.layer.width), f64::from(self.layer.height));
        let share = (covered.intersect(page).area() / page.area()) as f32;
        self.layer.pictures += 1;
        self.layer.picture_share = self.layer.picture_share.max(share);
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.layer.shapes += 1;
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn placed(glyph: &Shown<'_>, place: Affine, pale: bool) -> Glyph {
    let origin = place * Point::ZERO;
    let across = place * Point::new(UNITS_PER_EM, 0.0) - origin;
    let up = place * Point::new(0.0, UNITS_PER_EM) - origin;
    let (length, size) = (across.hypot().max(1e-6), up.hypot());
    let advance = match glyph {
        Shown::Outline(glyph) => glyph.advance_width(),
        Shown::Type3(glyph) => glyph.advance_width(),
    };
    let advance = f64::from(advance.unwrap_or(500.0)) / UNITS_PER_EM * size;
    Glyph {
        text: meaning(glyph),
        origin: [origin.x as f32, origin.y as f32],
        along: [(across.x / length) as f32, (across.y / length) as f32],
        advance: advance as f32,
        size: size as f32,
        pale,
    }
}

fn meaning(glyph: &Shown<'_>) -> String {
    let text = match glyph.as_unicode() {
        Some(BfString::Char(c)) => c.to_string(),
        Some(BfString::String(text)) => text,
        None => '\u{fffd}'.to_string(),
    };
    let visible: String = text.chars().filter(|c| !c.is_control()).collect();
    spelled(&visible)
}

fn is_pale(paint: &Paint<'_>) -> bool {
    match paint {
        Paint::Color(color) => {
            let [red, green, blue, alpha] = color.to_rgba().components();
            let luma = 0.3 * red + 0.59 * green + 0.11 * blue;
            luma > PALE || alpha < 0.1
        }
        Paint::Pattern(_) => false,
    }
}

#[cfg(test)]
impl Glyph {
    /// A glyph ten pixels wide and twenty high for tests.
    pub(crate) fn test(c: char, x: f32, baseline: f32) -> Self {
        Self {
            text: c.to_string(),
            origin: [x, baseline],
            along: [1.0, 0.0],
            advance: 10.0,
            size: 20.0,
            pale: false,
        }
    }
}
