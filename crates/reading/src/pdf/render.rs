//! A page as a picture, at the resolution in which places on it are given.

use crate::failure::Failure;
use crate::limits;
use crate::pdf::glyphs::{Collector, Layer};
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::RgbImage;

const DOTS_PER_INCH: f32 = 200.0;
const POINTS_PER_INCH: f32 = 72.0;
/// The rasteriser counts in 16 bits.
const LONGEST_SIDE: f32 = 30_000.0;

/// An open PDF and what is worth keeping from page to page.
pub(crate) struct Sheet<'a> {
    pdf: &'a Pdf,
    settings: InterpreterSettings,
    rendering: RenderCache<'a>,
    interpreting: InterpreterCache<'a>,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(pdf: &'a Pdf, settings: InterpreterSettings) -> Self {
        Self { pdf, settings, rendering: RenderCache::new(), interpreting: InterpreterCache::new() }
    }

    /// The glyphs of a page, numbered from 1, in pixels of its picture.
    ///
    /// `with_ink` samples their strokes, to be found on the picture.
    pub(crate) fn layer(&self, number: u32, with_ink: bool) -> Result<Layer, Failure> {
        let page = self.page(number)?;
        let (width, height) = pixels(page)?;
        let to_pixels = Affine::scale(scale()) * page.initial_transform(true).to_kurbo();
        let whole = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut context =
            Context::new(to_pixels, whole, &self.interpreting, page.xref(), self.settings.clone());
        let mut collector = Collector::new(width, height, with_ink);
        interpret_page(page, &mut context, &mut collector);
        Ok(collector.finish())
    }

    /// The picture of a page, numbered from 1, in the frame in which places are given.
    pub(crate) fn render(&self, number: u32) -> Result<RgbImage, Failure> {
        let drawn = self.render_at(number, 1.0)?;
        let expected = pixels(self.page(number)?)?;
        let right = drawn.dimensions() == expected;
        right.then_some(drawn).ok_or_else(|| Failure::damaged("the page could not be rendered"))
    }

    /// The picture of a page in so many times as many pixels.
    pub(crate) fn render_at(&self, number: u32, times: f32) -> Result<RgbImage, Failure> {
        let page = self.page(number)?;
        let (width, height) = pixels(page)?;
        let area = f64::from(width) * f64::from(height) * f64::from(times * times);
        let fits = area <= limits::PIXELS as f64 && width.max(height) as f32 * times <= LONGEST_SIDE;
        let scale = DOTS_PER_INCH / POINTS_PER_INCH * if fits { times } else { 1.0 };
        let pixmap = hayro::render(
            page,
            &self.rendering,
            &self.settings,
            &RenderSettings::default(),
            &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
        );
        let (drawn_width, drawn_height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
        let bytes: &[u8] = pixmap.data_as_u8_slice();
        // Paper is opaque, so premultiplied colours are the colours.
        let rgb = bytes.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]);
        let drawn = RgbImage::from_raw(drawn_width, drawn_height, rgb.collect());
        drawn.ok_or_else(|| Failure::damaged("the page could not be rendered"))
    }

    fn page(&self, number: u32) -> Result<&'a Page<'a>, Failure> {
        let pages = self.pdf.pages();
        pages.get(number as usize - 1).ok_or_else(|| Failure::damaged("the page is not there"))
    }
}

fn scale() -> f64 {
    f64::from(DOTS_PER_INCH / POINTS_PER_INCH)
}

/// Width and height of the page's picture; pages without a sane size are refused.
fn pixels(page: &Page<'_>) -> Result<(u32, u32), Failure> {
    let (width, height) = page.render_dimensions();
    let pixels = |points: f32| points * (DOTS_PER_INCH / POINTS_PER_INCH);
    let (width, height) = (pixels(width), pixels(height));
    if !(width >= 1.0 && height >= 1.0) {
        return Err(Failure::damaged("the page has no size"));
    }
    let area = f64::from(width) * f64::from(height);
    if width > LONGEST_SIDE || height > LONGEST_SIDE || area > limits::PIXELS as f64 {
        let detail = format!("the page is {width:.0} x {height:.0} pixels at 200 dpi");
        return Err(Failure::too_large(detail));
    }
    Ok((width as u32, height as u32))
}
