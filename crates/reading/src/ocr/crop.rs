//! Cuts a line out of a picture, straightened, at the height the recognition network reads.

use crate::ocr::band::Band;
use cartulary_model::Quad;
use cartulary_networks::Recognition;
use image::RgbImage;

/// Height of a line for the network.
const HEIGHT: usize = Recognition::HEIGHT;
/// Narrow lines ("II", "-", an arrow) are read better with room around them.
const MIN_WIDTH: usize = 96;
/// A line longer than this is squeezed: no paper has 400 characters on a line.
const MAX_WIDTH: f32 = 3200.0;

/// Numbers of a pixel: blue, green and red from -1 to 1, as the network wants them, and a zero.
const COLOURS: usize = 4;

/// A straightened line, with room to its right that holds the value of grey.
pub(crate) struct Crop {
    /// Columns of the line itself.
    pub(crate) width: usize,
    /// `HEIGHT` rows of pixels.
    pub(crate) pixels: Vec<f32>,
}

/// Columns of the line that a band holds.
pub(crate) fn width(band: &Band) -> usize {
    let [length, height] = band.size();
    (HEIGHT as f32 * length / height).round().clamp(1.0, MAX_WIDTH) as usize
}

/// Cuts the band out by bilinear sampling, and makes the line as wide as the network wants it.
pub(crate) fn cut(picture: &RgbImage, band: &Band) -> Crop {
    let [length, height] = band.size();
    let width = width(band);
    let wide = width.max(MIN_WIDTH).next_multiple_of(Recognition::STEP);
    let samples = Samples::new(length / width as f32, height / HEIGHT as f32);
    let ends = samples.ends(band, width);
    // Zero is grey, which the network was trained to see as nothing.
    let mut pixels = vec![0.0; HEIGHT * wide * COLOURS];
    for (row, line) in pixels.chunks_exact_mut(wide * COLOURS).enumerate() {
        let columns = ends.chunks_exact(samples.across).zip(line.chunks_exact_mut(COLOURS));
        for (ends, pixel) in columns {
            let [red, green, blue] = samples.mean(picture, row, ends);
            pixel[..3].copy_from_slice(&[blue, green, red].map(|colour| colour / 127.5 - 1.0));
        }
    }
    Crop { width, pixels }
}

/// Length along the text and height across it, in pixels, at least one.
pub(crate) fn size(quad: &Quad) -> [f32; 2] {
    let [a, b, c, d] = quad.0;
    let distance = |p: [f32; 2], q: [f32; 2]| (p[0] - q[0]).hypot(p[1] - q[1]);
    [distance(a, b).max(distance(d, c)).max(1.0), distance(a, d).max(distance(b, c)).max(1.0)]
}

/// Places inside one target pixel that are averaged, so that a large line is not thinned to dots.
struct Samples {
    across: usize,
    down: usize,
}

impl Samples {
    fn new(pixels_across: f32, pixels_down: f32) -> Self {
        let count = |pixels: f32| (pixels.round() as usize).clamp(1, 4);
        Self { across: count(pixels_across), down: count(pixels_down) }
    }

    /// The upper and lower end of each column of samples.
    fn ends(&self, band: &Band, width: usize) -> Vec<[[f32; 2]; 2]> {
        let columns = width * self.across;
        (0..columns).map(|column| band.at((column as f32 + 0.5) / columns as f32)).collect()
    }

    fn mean(&self, picture: &RgbImage, row: usize, ends: &[[[f32; 2]; 2]]) -> [f32; 3] {
        let mut sum = [0.0; 3];
        for y in 0..self.down {
            let down = (row as f32 + (y as f32 + 0.5) / self.down as f32) / HEIGHT as f32;
            for [upper, lower] in ends {
                let place = [0, 1].map(|axis| upper[axis] + (lower[axis] - upper[axis]) * down);
                let colour = bilinear(picture, place);
                for channel in 0..3 {
                    sum[channel] += colour[channel];
                }
            }
        }
        sum.map(|total| total / (self.across * self.down) as f32)
    }
}

/// The colour at a place, the border's colour outside.
fn bilinear(picture: &RgbImage, [x, y]: [f32; 2]) -> [f32; 3] {
    let (width, height) = picture.dimensions();
    let (x, y) = ((x - 0.5).clamp(0.0, (width - 1) as f32), (y - 0.5).clamp(0.0, (height - 1) as f32));
    let (left, top) = (x as usize, y as usize);
    let (fx, fy) = (x - left as f32, y - top as f32);
    let line = 3 * width as usize;
    let right = if left + 1 < width as usize { 3 } else { 0 };
    let below = if top + 1 < height as usize { line } else { 0 };
    let at = top * line + 3 * left;
    let bytes = picture.as_raw();
    let pixel = |at: usize| &bytes[at..at + 3];
    let (a, b, c, d) = (pixel(at), pixel(at + right), pixel(at + below), pixel(at + below + right));
    let mix = |p: u8, q: u8| f32::from(p) + (f32::from(q) - f32::from(p)) * fx;
    [0, 1, 2].map(|channel| {
        let (upper, lower) = (mix(a[channel], b[channel]), mix(c[channel], d[channel]));
        upper + (lower - upper) * fy
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_line_is_cut_at_the_networks_height_in_proportion() {
        let picture = RgbImage::from_pixel(300, 100, Rgb([255, 0, 127]));
        let crop = cut(&picture, &Band::straight(&Quad::upright(10.0, 20.0, 210.0, 60.0)));
        assert_eq!(crop.width, 240);
        let pixel = &crop.pixels[7 * COLOURS..8 * COLOURS];
        assert!(pixel[0].abs() < 0.01, "blue first");
        assert_eq!(pixel[1..], [-1.0, 1.0, 0.0]);
    }

    #[test]
    fn a_turned_quad_is_read_from_its_first_corner() {
        let picture = RgbImage::from_fn(100, 100, |x, _| Rgb([(2 * x) as u8; 3]));
        let upright = Quad::upright(10.0, 40.0, 90.0, 60.0);
        let [a, b, c, d] = upright.0;
        let upside_down = cut(&picture, &Band::straight(&Quad([c, d, a, b])));
        let last = (upside_down.width - 1) * COLOURS;
        assert!(upside_down.pixels[0] > upside_down.pixels[last]);
    }

    #[test]
    fn a_quad_beyond_the_border_repeats_the_border() {
        let picture = RgbImage::from_pixel(10, 10, Rgb([255; 3]));
        let crop = cut(&picture, &Band::straight(&Quad::upright(-50.0, -50.0, 50.0, 50.0)));
        assert!(
            crop.pixels[..crop.width * COLOURS].chunks(COLOURS).all(|pixel| (pixel[0] - 1.0).abs() < 1e-3)
        );
        assert_eq!(crop.pixels.len(), HEIGHT * MIN_WIDTH * COLOURS);
    }
}
