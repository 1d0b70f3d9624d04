//! The small copy of a page that people look at.

use crate::reader::PageImage;
use crate::scale;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, RgbImage};

/// Long side of the copy: enough to read small print at full width of a screen.
const LONG_SIDE: u32 = 1400;
const JPEG_QUALITY: u8 = 75;

/// The page scaled down as JPEG; nothing when it cannot be encoded, which leaves the text without its picture.
pub(crate) fn copy(page: u32, picture: &RgbImage) -> Option<PageImage> {
    let (width, height) = picture.dimensions();
    let scale = (LONG_SIDE as f32 / width.max(height) as f32).min(1.0);
    let smaller = |side: u32| ((side as f32 * scale).round() as u32).max(1);
    let small = scale::colours(picture, smaller(width), smaller(height));
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
        .write_image(&small, small.width(), small.height(), image::ExtendedColorType::Rgb8)
        .ok()?;
    Some(PageImage { page, media_type: "image/jpeg", bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_is_in_the_same_frame_only_smaller() {
        let copied = copy(3, &RgbImage::new(2800, 1000)).unwrap();
        let small = image::load_from_memory(&copied.bytes).unwrap();
        assert_eq!((small.width(), small.height()), (1400, 500));
        assert_eq!(copied.page, 3);
    }
}
