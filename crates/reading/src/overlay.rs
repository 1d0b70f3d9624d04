//! Draws what was read over the picture of its page, to look at: green for sure, red for doubtful, a dot on the corner
//! where the first letter is.

use crate::display;
use crate::reader::PageImage;
use cartulary_model::{Line, Page};
use image::{Rgb, RgbImage};

const GREEN: Rgb<u8> = Rgb([0, 150, 60]);
const RED: Rgb<u8> = Rgb([220, 0, 0]);
/// Lines below this are doubtful.
const SURE: f32 = 0.8;

/// The picture with the boxes of the lines of its page drawn over it; nothing if it is no picture.
pub fn drawn_over(page: &Page, image: &PageImage) -> Option<PageImage> {
    let mut picture = image::load_from_memory(&image.bytes).ok()?.into_rgb8();
    let scale = picture.width() as f32 / page.width as f32;
    for line in &page.lines {
        draw_line(&mut picture, line, scale);
    }
    display::copy(image.page, &picture)
}

fn draw_line(picture: &mut RgbImage, line: &Line, scale: f32) {
    let colour = if line.confidence >= SURE { GREEN } else { RED };
    let corners = line.quad.0.map(|[x, y]| [x * scale, y * scale]);
    for index in 0..4 {
        stroke(picture, corners[index], corners[(index + 1) % 4], colour);
    }
    let [x, y] = corners[0];
    for dx in -2..=2 {
        for dy in -2..=2 {
            put(picture, x + dx as f32, y + dy as f32, RED);
        }
    }
}

fn stroke(picture: &mut RgbImage, from: [f32; 2], to: [f32; 2], colour: Rgb<u8>) {
    let steps = (to[0] - from[0]).abs().max((to[1] - from[1]).abs()).ceil().max(1.0);
    for step in 0..=steps as u32 {
        let t = step as f32 / steps;
        let at = |axis: usize| from[axis] + (to[axis] - from[axis]) * t;
        put(picture, at(0), at(1), colour);
    }
}

fn put(picture: &mut RgbImage, x: f32, y: f32, colour: Rgb<u8>) {
    if x >= 0.0
        && y >= 0.0
        && let Some(pixel) = picture.get_pixel_mut_checked(x as u32, y as u32)
    {
        *pixel = colour;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::Quad;

    #[test]
    fn a_box_stands_where_the_line_does_in_the_smaller_picture() {
        let white = RgbImage::from_pixel(2800, 1000, Rgb([255; 3]));
        let image = display::copy(1, &white).unwrap();
        let quad = Quad::upright(200.0, 200.0, 1000.0, 400.0);
        let line = Line { text: "x".into(), quad, confidence: 1.0, ..Line::default() };
        let page = Page { number: 1, width: 2800, height: 1000, lines: vec![line], ..Page::default() };
        let drawn = drawn_over(&page, &image).unwrap();
        let picture = image::load_from_memory(&drawn.bytes).unwrap().into_rgb8();
        let dark = |x, y| picture.get_pixel(x, y).0[0] < 128;
        assert!(dark(300, 100) && dark(300, 200) && !dark(300, 150) && !dark(700, 400));
    }
}
