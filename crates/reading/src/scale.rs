//! Pictures made smaller or larger.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{GrayImage, RgbImage};

/// A picture at another size; every pixel is a mean of those it stands for.
pub(crate) fn colours(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let bytes = scaled(picture.as_raw(), picture.dimensions(), (width, height), PixelType::U8x3);
    bytes
        .and_then(|bytes| RgbImage::from_raw(width, height, bytes))
        .unwrap_or_else(|| RgbImage::new(width, height))
}

/// The brightness of a picture at another size.
pub(crate) fn luma(picture: &GrayImage, width: u32, height: u32) -> GrayImage {
    let bytes = scaled(picture.as_raw(), picture.dimensions(), (width, height), PixelType::U8);
    bytes
        .and_then(|bytes| GrayImage::from_raw(width, height, bytes))
        .unwrap_or_else(|| GrayImage::new(width, height))
}

/// Nothing where one of the pictures has no pixels.
fn scaled(bytes: &[u8], from: (u32, u32), to: (u32, u32), kind: PixelType) -> Option<Vec<u8>> {
    let source = ImageRef::new(from.0, from.1, bytes, kind).ok()?;
    let mut target = Image::new(to.0, to.1, kind);
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).use_alpha(false);
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    Some(target.into_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn fine_stripes_become_their_mean() {
        let stripes = RgbImage::from_fn(400, 200, |x, _| Rgb([if x % 2 == 0 { 0 } else { 200 }; 3]));
        let small = colours(&stripes, 50, 25);
        assert_eq!(small.dimensions(), (50, 25));
        assert!(small.pixels().all(|pixel| (95..=105).contains(&pixel.0[1])));
    }

    #[test]
    fn no_pixels_are_no_panic() {
        assert_eq!(colours(&RgbImage::new(0, 0), 5, 5).dimensions(), (5, 5));
        assert_eq!(luma(&GrayImage::new(3, 3), 0, 0).dimensions(), (0, 0));
    }
}
