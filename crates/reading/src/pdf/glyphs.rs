//! Collects the glyphs a page shows, with their places, instead of drawing them.

use crate::limits;
use crate::pdf::ink::{self, Sample};
use crate::pdf::spelling::spelled;
use hayro::hayro_interpret::font::{Glyph as Drawn, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};

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
    /// Why it may not be seen.
    pub(crate) doubt: Option<Doubt>,
    /// Places inside and outside of its strokes, where they were asked for.
    pub(crate) ink: Vec<Sample>,
}

/// Why a glyph may not be seen. The picture of the page decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Its ink is nearly white, or nearly clear.
    Pale,
    /// Something was drawn over it, or it was drawn on its own colour.
    Covered,
}

/// A picture on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shown {
    /// Left, top, right and bottom, in pixels of the page.
    pub(crate) place: [f32; 4],
    /// Share of the page that it covers.
    pub(crate) share: f32,
    /// Its own pixels for each pixel of the page.
    pub(crate) density: f32,
}

/// What a page shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) pictures: Vec<Shown>,
    pub(crate) shapes: usize,
    /// Text that no eye sees and that was put there all the same: drawn without ink, beside the page, cut off, tiny.
    pub(crate) unseen: String,
    /// The part of it that was drawn without ink, as programmes for recognition do under scans.
    pub(crate) inkless: String,
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

    /// Whether only the picture of the page can say which glyphs are seen.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.glyphs.iter().any(|glyph| glyph.doubt.is_some())
    }

    /// The picture that covers most of the page.
    pub(crate) fn largest_picture(&self) -> Option<&Shown> {
        self.pictures.iter().max_by(|a, b| a.share.total_cmp(&b.share))
    }

    /// Share of the page that the largest picture covers.
    pub(crate) fn picture_share(&self) -> f32 {
        self.largest_picture().map_or(0.0, |picture| picture.share)
    }
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// A device that collects.
pub(crate) struct Collector {
    layer: Layer,
    /// Whether to sample the strokes of glyphs.
    with_ink: bool,
    /// What may be drawn on, the innermost last; each within the one before.
    clips: Vec<Rect>,
    /// Whether each open group is nearly clear.
    clear_groups: Vec<bool>,
    /// The last areas that were filled, and how light.
    fills: Vec<(Rect, f32)>,
    /// What was drawn or clipped so far.
    steps: usize,
}

/// Why a page was given up: it draws more than a page can show. A form that shows the next one twice, thirty deep,
/// would draw for hours, and the interpreter asks nobody whether to go on.
pub(crate) struct TooManyDrawings;

/// Fills that are remembered: the ground of a table's head stands right before its words.
const MOST_FILLS: usize = 64;
/// Areas narrower than this, in pixels, hide no letter: lines, bullets, the dots of a plot.
const HIDES: f64 = 12.0;
/// Glyphs that are looked at in the time of drawing one thing.
const CHECKS_PER_STEP: usize = 400;
/// Ink and ground that differ by less in lightness are one colour.
const SAME_LIGHT: f32 = 0.12;

impl Collector {
    pub(crate) fn new(width: u32, height: u32, with_ink: bool) -> Self {
        let layer = Layer { width, height, ..Layer::default() };
        Self { layer, with_ink, clips: Vec::new(), clear_groups: Vec::new(), fills: Vec::new(), steps: 0 }
    }

    pub(crate) fn finish(self) -> Layer {
        self.layer
    }

    fn step(&mut self) {
        self.steps += 1;
        if self.steps > limits::DRAWINGS {
            std::panic::resume_unwind(Box::new(TooManyDrawings));
        }
    }

    fn page(&self) -> Rect {
        Rect::new(0.0, 0.0, f64::from(self.layer.width), f64::from(self.layer.height))
    }

    /// Whether a glyph's origin can be seen at all: on the page and inside of what may be drawn on.
    fn on_paper(&self, glyph: &Glyph) -> bool {
        let [x, y] = glyph.origin;
        let margin = f64::from(glyph.size);
        let open = self.clips.last().copied().unwrap_or_else(|| self.page()).inflate(margin, margin);
        let (x, y) = (f64::from(x), f64::from(y));
        self.page().contains(Point::new(x, y)) && open.contains(Point::new(x, y))
    }

    fn doubt(&self, glyph: &Glyph, paint: &Paint<'_>) -> Option<Doubt> {
        let (light, alpha) = lightness(paint)?;
        if light > PALE || alpha < 0.1 || self.clear_groups.contains(&true) {
            return Some(Doubt::Pale);
        }
        let center = glyph.center();
        let ground = self.fills.iter().rev().find(|(area, _)| area.contains(center));
        let same = |(_, ground): &(Rect, f32)| (ground - light).abs() < SAME_LIGHT;
        ground.is_some_and(same).then_some(Doubt::Covered)
    }

    /// Glyphs so far under an area that is drawn now.
    fn cover(&mut self, area: Rect) {
        // Many areas over many glyphs take time as their product: it counts as drawing.
        self.steps += self.layer.glyphs.len() / CHECKS_PER_STEP;
        self.step();
        for glyph in &mut self.layer.glyphs {
            if area.contains(glyph.center()) {
                glyph.doubt = Some(Doubt::Covered);
            }
        }
    }

    fn keep(&mut self, found: Glyph, repeats_of: usize, mode: &DrawMode) {
        if found.size < MIN_SIZE || !self.on_paper(&found) {
            self.layer.unseen.push_str(&found.text);
            return;
        }
        let known = &self.layer.glyphs;
        let lately = &known[known.len().saturating_sub(repeats_of)..];
        // A stroke repeats the fill of the same glyphs when both are drawn.
        let repeated =
            matches!(mode, DrawMode::Stroke(_)) && lately.iter().any(|glyph| glyph.stands_as(&found));
        if !repeated && known.len() < MOST_GLYPHS {
            self.layer.glyphs.push(found);
        }
    }
}

impl<'a> Device<'a> for Collector {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.step();
        let repeats_of = 2 * run.glyphs().len();
        for glyph in run.glyphs() {
            let place = props.transform * glyph.transform();
            let mut found = placed(glyph, place);
            // Invisible text lies under scans, put there by a machine: what the eye sees is the picture.
            if matches!(mode, DrawMode::Invisible) {
                if self.layer.inkless.len() < MOST_GLYPHS {
                    self.layer.inkless.push_str(&found.text);
                }
                continue;
            }
            found.doubt = self.doubt(&found, &props.paint);
            if self.with_ink
                && let Drawn::Outline(outline) = &**glyph
            {
                found.ink = ink::samples(&outline.outline(), place);
            }
            self.keep(found, repeats_of, mode);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.step();
        let unit = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let covered = props.transform.transform_rect_bbox(unit);
        let open = self.clips.last().copied().unwrap_or_else(|| self.page());
        let seen = covered.intersect(self.page()).intersect(open);
        let share = (seen.area() / self.page().area()) as f32;
        let density = (unit.area() / covered.area().max(1.0)).sqrt() as f32;
        let place = [seen.x0 as f32, seen.y0 as f32, seen.x1 as f32, seen.y1 as f32];
        if self.layer.pictures.len() < MOST_GLYPHS {
            self.layer.pictures.push(Shown { place, share, density });
        }
        if matches!(image, Image::Raster(_)) {
            self.cover(seen);
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.step();
        self.layer.shapes += 1;
        if !matches!(mode, DrawMode::Fill(_)) {
            return;
        }
        let Some((light, alpha)) = lightness(&props.paint) else { return };
        let area = props.transform.transform_rect_bbox(path.bounding_box());
        if alpha < 0.1 || area.width().min(area.height()) < HIDES {
            return;
        }
        self.cover(area);
        if self.fills.len() == MOST_FILLS {
            self.fills.remove(0);
        }
        self.fills.push((area, light));
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.step();
        let outer = self.clips.last().copied().unwrap_or_else(|| self.page());
        self.clips.push(clip.path.bounding_box().intersect(outer));
    }

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.step();
        self.clear_groups.push(opacity < 0.1);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.clear_groups.pop();
    }
}

impl Glyph {
    /// About the middle of its strokes.
    fn center(&self) -> Point {
        let ([x, y], [along_x, along_y]) = (self.origin, self.along);
        let (half, up) = (0.5 * self.advance, 0.3 * self.size);
        Point::new(f64::from(x + along_x * half + along_y * up), f64::from(y + along_y * half - along_x * up))
    }

    fn stands_as(&self, other: &Self) -> bool {
        self.text == other.text && self.origin == other.origin && self.size == other.size
    }
}

fn placed(glyph: &Drawn<'_>, place: Affine) -> Glyph {
    let origin = place * Point::ZERO;
    let across = place * Point::new(UNITS_PER_EM, 0.0) - origin;
    let up = place * Point::new(0.0, UNITS_PER_EM) - origin;
    let (length, size) = (across.hypot().max(1e-6), up.hypot());
    let advance = match glyph {
        Drawn::Outline(glyph) => glyph.advance_width(),
        Drawn::Type3(glyph) => glyph.advance_width(),
    };
    let advance = f64::from(advance.unwrap_or(500.0)) / UNITS_PER_EM * size;
    Glyph {
        text: meaning(glyph),
        origin: [origin.x as f32, origin.y as f32],
        along: [(across.x / length) as f32, (across.y / length) as f32],
        advance: advance as f32,
        size: size as f32,
        doubt: None,
        ink: Vec::new(),
    }
}

fn meaning(glyph: &Drawn<'_>) -> String {
    let text = match glyph.as_unicode() {
        Some(BfString::Char(c)) => c.to_string(),
        Some(BfString::String(text)) => text,
        None => '\u{fffd}'.to_string(),
    };
    let visible: String = text.chars().filter(|c| !c.is_control()).collect();
    spelled(&visible)
}

/// How light and how opaque a paint is; nothing for patterns.
fn lightness(paint: &Paint<'_>) -> Option<(f32, f32)> {
    match paint {
        Paint::Color(color) => {
            let [red, green, blue, alpha] = color.to_rgba().components();
            Some((0.3 * red + 0.59 * green + 0.11 * blue, alpha))
        }
        Paint::Pattern(_) => None,
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
            doubt: None,
            ink: Vec::new(),
        }
    }
}
