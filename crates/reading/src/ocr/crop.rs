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
    // Zero is grey, which the network was trained to see as nothing.
    let mut pixels = vec![0.0; HEIGHT * wide * COLOURS];
    for row in 0..HEIGHT {
        for column in 0..width {
            let colour = samples.mean(|dx, dy| {
                let along = (column as f32 + dx) / width as f32;
                let down = (row as f32 + dy) / HEIGHT as f32;
                bilinear(picture, inside(band, along, down))
            });
            let pixel = &mut pixels[(row * wide + column) * COLOURS..];
            for (value, channel) in pixel.iter_mut().zip([2, 1, 0]) {
                *value = colour[channel] / 127.5 - 1.0;
            }
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

    fn mean(&self, sample: impl Fn(f32, f32) -> [f32; 3]) -> [f32; 3] {
        let mut sum = [0.0; 3];
        for y in 0..self.down {
            for x in 0..self.across {
                let at = |i: usize, of: usize| (i as f32 + 0.5) / of as f32;
                let colour = sample(at(x, self.across), at(y, self.down));
                for channel in 0..3 {
                    sum[channel] += colour[channel];
                }
            }
        }
        sum.map(|total| total / (self.across * self.down) as f32)
    }
}

fn inside(band: &Band, along: f32, down: f32) -> [f32; 2] {
    let [upper, lower] = band.at(along);
    [0, 1].map(|axis| upper[axis] + (lower[axis] - upper[axis]) * down)
}

/// The colour at a place, the border's colour outside.
fn bilinear(picture: &RgbImage, [x, y]: [f32; 2]) -> [f32; 3] {
    let (width, height) = picture.dimensions();
    let (x, y) = ((x - 0.5).clamp(0.0, (width - 1) as f32), (y - 0.5).clamp(0.0, (height - 1) as f32));
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let pixel = |x, y| picture.get_pixel(x, y).0;
    let corners = [
        (pixel(left, top), (1.0 - fx) * (1.0 - fy)),
        (pixel(right, top), fx * (1.0 - fy)),
        (pixel(left, bottom), (1.0 - fx) * fy),
        (pixel(right, bottom), fx * fy),
    ];
    [0, 1, 2].map(|channel| corners.iter().map(|(colour, weight)| f32::from(colour[channel]) * weight).sum())
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
