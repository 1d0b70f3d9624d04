//! How the text of a whole page is turned, decided once a page: deciding it line by line turns good lines to garbage.

use crate::frame::Turn;
use crate::ocr::models::Models;
use crate::scale;
use cartulary_networks::Orientation;
use image::imageops::crop_imm;
use image::{Rgb, RgbImage};

const SHORT_SIDE: u32 = 256;
const INPUT: u32 = Orientation::SIDE as u32;
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// The turns, likeliest first.
pub(crate) fn ranked(models: &Models, picture: &RgbImage) -> Vec<Turn> {
    let odds = models.orientation.run(input(picture));
    let mut ranked: Vec<(f32, Turn)> = odds.into_iter().zip(Turn::ALL).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.into_iter().map(|(_, turn)| turn).collect()
}

/// The middle of the picture, as the network was trained: red, green and blue of each pixel, and a zero.
fn input(picture: &RgbImage) -> Vec<f32> {
    let (width, height) = picture.dimensions();
    let scale = SHORT_SIDE as f32 / width.min(height) as f32;
    let scaled = |side: u32| ((side as f32 * scale).round() as u32).max(INPUT);
    let (width, height) = (scaled(width), scaled(height));
    let small = scale::colours(picture, width, height);
    let (left, top) = ((width - INPUT) / 2, (height - INPUT) / 2);
    let middle = crop_imm(&small, left, top, INPUT, INPUT).to_image();
    let normal = |channel: usize, value: u8| (f32::from(value) / 255.0 - MEAN[channel]) / DEVIATION[channel];
    let pixel =
        |Rgb([red, green, blue]): &Rgb<u8>| [normal(0, *red), normal(1, *green), normal(2, *blue), 0.0];
    middle.pixels().flat_map(pixel).collect()
}
