//! Leaves out what no reader needs of a picture file: colour profiles, comments, thumbnails. A few packed bytes of them
//! can claim gigabytes, and a decoder unpacks them before it looks at the picture.

use crate::limits;
use std::borrow::Cow;

/// The file without metadata beyond the limit; the file itself when there is nothing to leave out.
pub(crate) fn stripped(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(bytes)
    } else if bytes.starts_with(&[0xFF, 0xD8]) {
        jpeg(bytes)
    } else {
        Cow::Borrowed(bytes)
    }
}

/// PNG packs text and profiles, so that their true size shows only after unpacking: they all go.
fn png(bytes: &[u8]) -> Cow<'_, [u8]> {
    const NEEDED: &[&[u8]] = &[b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"eXIf"];
    const SIGNATURE: usize = 8;
    let mut kept = bytes[..SIGNATURE].to_vec();
    let mut at = SIGNATURE;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let is_exif = &head[4..8] == b"eXIf";
        let end = at.saturating_add(12).saturating_add(length).min(bytes.len());
        let wanted = NEEDED.contains(&&head[4..8]) && !(is_exif && length > limits::METADATA_BYTES);
        if wanted {
            kept.extend_from_slice(&bytes[at..end]);
        }
        at = end;
    }
    Cow::Owned(kept)
}

/// Of a JPEG the segments before the picture, when they are more than the limit.
fn jpeg(bytes: &[u8]) -> Cow<'_, [u8]> {
    let segments = segments(bytes);
    let metadata = |marker: u8| matches!(marker, 0xE1..=0xED | 0xEF | 0xFE);
    let size: usize =
        segments.iter().filter(|(marker, ..)| metadata(*marker)).map(|(_, from, to)| to - from).sum();
    if size <= limits::METADATA_BYTES {
        return Cow::Borrowed(bytes);
    }
    let mut kept = bytes[..2].to_vec();
    let mut end = 2;
    let mut exif_wanted = true;
    for (marker, from, to) in segments {
        let is_exif = marker == 0xE1 && bytes[from..].get(4..8) == Some(b"Exif");
        if !metadata(marker) || (is_exif && exif_wanted) {
            kept.extend_from_slice(&bytes[from..to]);
            exif_wanted &= !is_exif;
        }
        end = to;
    }
    kept.extend_from_slice(&bytes[end..]);
    Cow::Owned(kept)
}

/// Marker, begin and end of each segment before the picture.
fn segments(bytes: &[u8]) -> Vec<(u8, usize, usize)> {
    const START_OF_SCAN: u8 = 0xDA;
    let mut segments = Vec::new();
    let mut at = 2;
    while let Some([0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        let end = at + 2 + usize::from(u16::from_be_bytes([*high, *low]));
        if *marker == START_OF_SCAN || end > bytes.len() || end < at + 4 {
            break;
        }
        segments.push((*marker, at, end));
        at = end;
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, RgbImage};
    use std::io::Cursor;

    fn picture(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        RgbImage::from_pixel(9, 7, image::Rgb([1, 2, 3])).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_profile_and_a_comment_of_a_png_are_left_out() {
        let plain = picture(ImageFormat::Png);
        let chunk = |name: &[u8]| [&[0, 0, 0, 3][..], name, b"abc", &[0; 4]].concat();
        let with = [&plain[..33], &chunk(b"iCCP"), &chunk(b"zTXt"), &plain[33..]].concat();
        assert_eq!(stripped(&with).as_ref(), plain);
    }

    #[test]
    fn five_megabytes_of_comments_of_a_jpeg_are_left_out() {
        let plain = picture(ImageFormat::Jpeg);
        let comment = [&[0xFF, 0xFE, 0xFF, 0xFF][..], &vec![b'x'; 65_533]].concat();
        let with = [&plain[..2], &comment.repeat(80), &plain[2..]].concat();
        assert_eq!(stripped(&with).as_ref(), plain);
        let few = [&plain[..2], &comment, &plain[2..]].concat();
        assert_eq!(stripped(&few).as_ref(), few);
    }

    #[test]
    fn a_chunk_that_claims_more_than_there_is_ends_the_file() {
        let plain = picture(ImageFormat::Png);
        let cut = [&plain[..33], &[0xFF, 0xFF, 0xFF, 0xFF], b"IDAT", &[1, 2]].concat();
        assert_eq!(stripped(&cut).as_ref(), cut);
    }
}
