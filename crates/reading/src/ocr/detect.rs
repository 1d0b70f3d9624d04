//! Where text stands: a map of text probability, and the rectangles around its islands.

use crate::ocr::boxes::{self, TextBox};
use crate::ocr::models::Models;
use crate::ocr::runtime::Threads;
use image::RgbImage;
use image::imageops::{FilterType, resize};

/// Long side of the picture the network sees. Less loses small print, more costs time and gains nothing measurable.
const LONG_SIDE: u32 = 1280;
/// The network halves its input five times.
const MULTIPLE: u32 = 32;
/// A pixel is text above this probability.
const PIXEL_THRESHOLD: f32 = 0.3;

/// A map of text probability in pixels of the scaled picture.
pub(crate) struct TextMap {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) probability: Vec<f32>,
}

/// Boxes around the lines of text, in pixels of the picture.
pub(crate) fn text_boxes(models: &Models, picture: &RgbImage) -> Result<Vec<TextBox>, String> {
    let (width, height) = input_size(picture.width(), picture.height());
    let scaled = resize(picture, width, height, FilterType::Triangle);
    let map = run(models, &scaled)?;
    let is_text = dilated(&map);
    let scale = [picture.width() as f32 / width as f32, picture.height() as f32 / height as f32];
    let found = boxes::around_islands(&map, &is_text);
    Ok(found.into_iter().map(|found| found.scaled(scale)).collect())
}

fn input_size(width: u32, height: u32) -> (u32, u32) {
    // A small picture is not made larger than twice: that adds no detail.
    let scale = (LONG_SIDE as f32 / width.max(height) as f32).min(2.0);
    let fitted = |side: u32| {
        let multiples = (side as f32 * scale / MULTIPLE as f32).round() as u32;
        multiples.max(1) * MULTIPLE
    };
    (fitted(width), fitted(height))
}

fn run(models: &Models, scaled: &RgbImage) -> Result<TextMap, String> {
    let (width, height) = (scaled.width() as usize, scaled.height() as usize);
    // The network was trained on blue, green, red.
    let plane = |channel: usize| scaled.pixels().map(move |pixel| f32::from(pixel.0[channel]) / 127.5 - 1.0);
    let input = [2, 1, 0].into_iter().flat_map(plane).collect();
    let output = models.detection.run(input, [1, 3, height, width], Threads::All)?;
    if output.data.len() != width * height {
        return Err(format!("detection answered with shape {:?}", output.shape));
    }
    Ok(TextMap { width, height, probability: output.data })
}

/// Text pixels, grown by one to the right and below: joins strokes that the threshold parted.
fn dilated(map: &TextMap) -> Vec<bool> {
    let TextMap { width, height, .. } = *map;
    let mut is_text = vec![false; width * height];
    for y in 0..height {
        for x in 0..width {
            if map.probability[y * width + x] > PIXEL_THRESHOLD {
                for (below, right) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    if x + right < width && y + below < height {
                        is_text[(y + below) * width + x + right] = true;
                    }
                }
            }
        }
    }
    is_text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_input_is_a_multiple_of_32_and_not_blown_up() {
        assert_eq!(input_size(4032, 3024), (1280, 960));
        assert_eq!(input_size(1654, 2339), (896, 1280));
        assert_eq!(input_size(100, 20), (192, 32));
    }

    #[test]
    fn growing_stays_inside_the_map() {
        let map = TextMap { width: 3, height: 2, probability: vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.9] };
        assert_eq!(dilated(&map).iter().filter(|text| **text).count(), 1);
    }
}
