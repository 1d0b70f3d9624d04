//! How the text of a whole page is turned, decided once a page: deciding it line by line turns good lines to garbage.

use crate::frame::Turn;
use crate::ocr::models::Models;
use crate::ocr::runtime::Threads;
use image::RgbImage;
use image::imageops::{FilterType, crop_imm, resize};

const SHORT_SIDE: u32 = 256;
const INPUT: u32 = 224;
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// The turns, likeliest first.
pub(crate) fn ranked(models: &Models, picture: &RgbImage) -> Result<Vec<Turn>, String> {
    let input = input(picture);
    let side = INPUT as usize;
    let output = models.orientation.run(input, [1, 3, side, side], Threads::All)?;
    let mut ranked: Vec<(f32, Turn)> = output.data.iter().copied().zip(Turn::ALL).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(ranked.into_iter().map(|(_, turn)| turn).collect())
}

/// The middle of the picture, as the network was trained: planes of red, green and blue.
fn input(picture: &RgbImage) -> Vec<f32> {
    let (width, height) = picture.dimensions();
    let scale = SHORT_SIDE as f32 / width.min(height) as f32;
    let scaled = |side: u32| ((side as f32 * scale).round() as u32).max(INPUT);
    let (width, height) = (scaled(width), scaled(height));
    let small = resize(picture, width, height, FilterType::Triangle);
    let (left, top) = ((width - INPUT) / 2, (height - INPUT) / 2);
    let middle = crop_imm(&small, left, top, INPUT, INPUT).to_image();
    let plane = |channel: usize| {
        middle.pixels().map(move |pixel| {
            let value = f32::from(pixel.0[channel]) / 255.0;
            (value - MEAN[channel]) / DEVIATION[channel]
        })
    };
    (0..3).flat_map(plane).collect()
}
