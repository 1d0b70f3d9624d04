//! Photographs of iPhones: HEIC, decoded within limits.

use crate::failure::Failure;
use crate::limits;
use crate::picture::turned;
use heic_decoder::HeifError;
use image::RgbImage;
use image::metadata::Orientation;

/// The first picture as a person sees it in a viewer.
pub(crate) fn decode(bytes: &[u8]) -> Result<RgbImage, Failure> {
    let info = heic_decoder::probe(bytes).map_err(refusal)?;
    let pixels = |width: usize, height: usize| width as u64 * height as u64;
    let most = pixels(info.coded_width, info.coded_height).max(pixels(info.width, info.height));
    if most > limits::HEIC_PIXELS {
        let detail = format!("the picture has {} x {} pixels", info.coded_width, info.coded_height);
        return Err(Failure::too_large(detail));
    }
    let image = heic_decoder::decode(bytes).map_err(refusal)?;
    // Phones say the turn twice, in the container and in EXIF; the decoder has followed the container.
    let exif = image.metadata.exif.as_deref().filter(|_| !says_turn_itself(bytes));
    let orientation = exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    let rgb = image.to_rgb8().map_err(refusal)?;
    let (width, height) = (image.width as u32, image.height as u32);
    drop(image);
    let picture = RgbImage::from_raw(width, height, rgb.data)
        .ok_or_else(|| Failure::damaged("the HEIC picture has other pixels than it says"))?;
    Ok(turned(picture, orientation))
}

/// Whether the container has a property of rotation or mirroring, be it one that changes nothing.
fn says_turn_itself(bytes: &[u8]) -> bool {
    const PROPERTIES_STAND_IN: usize = 256 * 1024;
    let head = &bytes[..bytes.len().min(PROPERTIES_STAND_IN)];
    head.windows(4).any(|four| four == b"irot" || four == b"imir")
}

fn refusal(error: HeifError) -> Failure {
    let detail = format!("the HEIC picture could not be decoded ({error}); send it as JPEG");
    match error {
        HeifError::Unsupported(_) => Failure::unsupported(detail),
        HeifError::LimitExceeded(_) => Failure::too_large(detail),
        _ => Failure::damaged(detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::document::UnreadReason;

    // Made with heif-enc of libheif: a white picture of 96 x 64 whose first corner is red.
    const ONE: &[u8] = include_bytes!("../tests/fixtures/one.heic");
    /// The same from a JPEG that says in EXIF to turn it by a quarter, of which the container says nothing.
    const TURNED: &[u8] = include_bytes!("../tests/fixtures/turned.heic");
    /// The same with a container that says so as well.
    const TWICE: &[u8] = include_bytes!("../tests/fixtures/twice.heic");
    /// Two tiles of 64 x 64 in a grid, as phones write them, to be turned clockwise by a quarter.
    const GRID: &[u8] = include_bytes!("../tests/fixtures/grid.heic");

    fn is_red(picture: &RgbImage, x: u32, y: u32) -> bool {
        let [red, green, _] = picture.get_pixel(x, y).0;
        red > 200 && green < 80
    }

    #[test]
    fn a_picture_is_decoded() {
        let picture = decode(ONE).unwrap();
        assert_eq!(picture.dimensions(), (96, 64));
        assert!(is_red(&picture, 8, 6) && !is_red(&picture, 80, 50));
    }

    #[test]
    fn a_picture_is_turned_once_be_it_said_once_or_twice() {
        for bytes in [TURNED, TWICE] {
            let picture = decode(bytes).unwrap();
            assert_eq!(picture.dimensions(), (64, 96));
            assert!(is_red(&picture, 60, 8), "the first corner is at the right above");
        }
    }

    #[test]
    fn the_tiles_of_a_grid_make_one_picture() {
        let picture = decode(GRID).unwrap();
        assert_eq!(picture.dimensions(), (64, 128));
        assert!(is_red(&picture, 60, 4));
        let [red, _, blue] = picture.get_pixel(5, 120).0;
        assert!(blue > 200 && red < 80);
    }

    #[test]
    fn a_picture_that_claims_too_many_pixels_is_refused_before_decoding() {
        let mut bytes = GRID.to_vec();
        let grid = bytes.windows(8).position(|eight| eight == [0, 0, 0, 1, 0, 128, 0, 64]).unwrap();
        bytes[grid + 4..grid + 8].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        let failure = decode(&bytes).unwrap_err();
        assert_eq!(failure.reason, UnreadReason::TooLarge, "{failure}");
    }

    #[test]
    fn a_cut_picture_says_what_to_do() {
        for length in (12..ONE.len()).step_by(41) {
            if let Err(failure) = decode(&ONE[..length]) {
                assert!(failure.detail.contains("send it as JPEG"), "{failure}");
            }
        }
    }
}
