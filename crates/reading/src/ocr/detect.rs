//! Where text stands: a map of text probability, and the rectangles around its islands.

use crate::ocr::boxes::{self, TextBox};
use crate::ocr::models::Models;
use crate::scale;
use cartulary_networks::TextMap;
use image::RgbImage;

/// Long side of the picture the network sees. Less loses small print, more costs time and gains nothing measurable.
const LONG_SIDE: u32 = 1280;
/// The network halves its input five times.
const MULTIPLE: u32 = 32;
/// A pixel is text above this probability.
const PIXEL_THRESHOLD: f32 = 0.3;

/// Boxes around the lines of text, in pixels of the picture.
pub(crate) fn text_boxes(models: &Models, picture: &RgbImage) -> Vec<TextBox> {
    let (width, height) = input_size(picture.width(), picture.height());
    let scaled = scale::colours(picture, width, height);
    let map = models.detection.run(scaled.as_raw(), width as usize, height as usize, models.threads());
    let is_text = dilated(&map);
    let scale = [picture.width() as f32 / width as f32, picture.height() as f32 / height as f32];
    let found = boxes::around_islands(&map, &is_text);
    found.into_iter().map(|found| found.scaled(scale)).collect()
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

/// Text pixels, grown by one to the right and below: joins strokes that the threshold parted.
fn dilated(map: &TextMap) -> Vec<bool> {
    let (width, height) = (map.width, map.height);
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
