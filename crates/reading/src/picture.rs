//! Photographs and scans: decoding within limits, EXIF orientation applied.

pub(crate) mod location;
pub(crate) mod metadata;
pub(crate) mod sheets;

use crate::failure::Failure;
use crate::{heic, limits};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// The picture as a person sees it in a viewer: EXIF orientation applied, transparency on white.
pub(crate) fn decode(bytes: &[u8]) -> Result<RgbImage, Failure> {
    if is_heic(bytes) {
        return heic::decode(bytes);
    }
    let bytes = metadata::stripped(bytes);
    let reader = ImageReader::new(Cursor::new(bytes.as_ref()))
        .with_guessed_format()
        .map_err(|error| Failure::damaged(error.to_string()))?;
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Failure::damaged("the picture has no pixels"));
    }
    if u64::from(width) * u64::from(height) > limits::PIXELS {
        let detail = format!("the picture has {width} x {height} pixels");
        return Err(Failure::too_large(detail));
    }
    let mut allowance = Limits::default();
    allowance.max_alloc = Some(limits::DECODER_BYTES);
    decoder.set_limits(allowance).map_err(refusal)?;
    // Damaged metadata is no reason not to read the picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    picture.apply_orientation(orientation);
    Ok(on_white(picture))
}

/// Whether the bytes are a HEIC picture, by the brand in their first box.
pub(crate) fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: &[&[u8]] = &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

/// The picture turned as its metadata say.
pub(crate) fn turned(picture: RgbImage, orientation: Orientation) -> RgbImage {
    let mut picture = DynamicImage::ImageRgb8(picture);
    picture.apply_orientation(orientation);
    picture.into_rgb8()
}

/// Whether a JPEG ends before its picture does. Decoders fill the rest with grey and say nothing.
pub(crate) fn is_cut_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0xD8])
        && scan_of_jpeg(bytes).is_none_or(|scan| {
            // Inside the scan every FF is followed by 00, so this is the end of the picture.
            !scan.windows(2).any(|pair| pair == [0xFF, 0xD9])
        })
}

/// What follows the header of the first scan; thumbnails before it have scans and ends of their own.
fn scan_of_jpeg(bytes: &[u8]) -> Option<&[u8]> {
    const START_OF_SCAN: u8 = 0xDA;
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xFF, marker, high, low, ..] = *rest else {
            return None;
        };
        let after = rest.get(2 + usize::from(u16::from_be_bytes([high, low]))..)?;
        if marker == START_OF_SCAN {
            return Some(after);
        }
        rest = after;
    }
}

fn refusal(error: ImageError) -> Failure {
    let detail = error.to_string();
    match error {
        ImageError::Limits(_) => Failure::too_large(detail),
        ImageError::Unsupported(_) => Failure::unsupported(detail),
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::IoError(_) => Failure::damaged(detail),
    }
}

/// Screenshots have transparent corners; black there would be read as dark.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let with_alpha = picture.into_rgba8();
    let mut flat = RgbImage::new(with_alpha.width(), with_alpha.height());
    for (pixel, target) in with_alpha.pixels().zip(flat.pixels_mut()) {
        let [red, green, blue, alpha] = pixel.0.map(u16::from);
        let over_white = |channel: u16| ((channel * alpha + 255 * (255 - alpha)) / 255) as u8;
        target.0 = [over_white(red), over_white(green), over_white(blue)];
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::document::UnreadReason;
    use image::codecs::jpeg::JpegEncoder;
    use image::{ImageEncoder, Rgb, Rgba, RgbaImage};

    /// A TIFF header with the one EXIF entry `orientation`.
    fn exif(orientation: u8) -> Vec<u8> {
        let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
        tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        tiff.extend([0; 4]);
        tiff
    }

    fn jpeg(orientation: u8) -> Vec<u8> {
        let picture = RgbImage::from_fn(64, 32, |x, y| {
            let marked = x < 16 && y < 16;
            if marked { Rgb([255, 0, 0]) } else { Rgb([255; 3]) }
        });
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        encoder.set_exif_metadata(exif(orientation)).unwrap();
        let (width, height) = picture.dimensions();
        encoder.write_image(&picture, width, height, image::ExtendedColorType::Rgb8).unwrap();
        bytes
    }

    #[test]
    fn exif_orientation_is_applied() {
        let red = |picture: &RgbImage, x, y| picture.get_pixel(x, y).0[1] < 100;
        let upright = decode(&jpeg(1)).unwrap();
        assert!(upright.dimensions() == (64, 32) && red(&upright, 4, 4));
        // 6: the camera was held upright, the picture must be turned clockwise by 90 degrees.
        let turned = decode(&jpeg(6)).unwrap();
        assert!(turned.dimensions() == (32, 64) && red(&turned, 28, 4));
        let upside_down = decode(&jpeg(3)).unwrap();
        assert!(red(&upside_down, 60, 28));
    }

    #[test]
    fn a_cut_jpeg_is_known_as_cut() {
        let whole = jpeg(1);
        assert!(!is_cut_jpeg(&whole));
        for length in (2..whole.len()).step_by(37) {
            assert!(is_cut_jpeg(&whole[..length]), "{length}");
            let _ = decode(&whole[..length]);
        }
    }

    #[test]
    fn a_picture_of_ten_billion_pixels_is_refused_before_it_is_decoded() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\x02\0\0\0".to_vec();
        png.extend([0x6d, 0x7a, 0x1f, 0x5b]);
        png.extend(b"\0\0\0\0IDAT");
        let failure = decode(&png).unwrap_err();
        assert!(matches!(failure.reason, UnreadReason::TooLarge | UnreadReason::Damaged));
    }

    #[test]
    fn transparency_is_white() {
        let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(2, 2, Rgba([0, 0, 0, 0])));
        assert_eq!(on_white(clear).get_pixel(0, 0).0, [255; 3]);
    }
}
