//! Pictures that claim more than they have, and some that are two things at once.

use super::{Hostile, noise};
use image::{ImageFormat, RgbImage};
use std::io::Cursor;

const HEIC: &[u8] = include_bytes!("../../fixtures/one.heic");
const GRID: &[u8] = include_bytes!("../../fixtures/grid.heic");

pub(crate) const FILES: &[Hostile] = &[
    Hostile::new("hundred-thousand-square.png", || png(100_000, 100_000, &[])),
    Hostile::new("no-pixels.png", || png(0, 0, &[])),
    Hostile::new("zeros-for-nine-thousand-square.png", zeros_png),
    Hostile::new("gigabyte-profile.png", || png(8, 8, &chunk(b"iCCP", &profile_bomb()))),
    Hostile::new("text-bomb.png", || png(8, 8, &chunk(b"zTXt", &profile_bomb()))),
    Hostile::new("chunk-of-four-gigabytes.png", || png(8, 8, b"\xff\xff\xff\xffiTXtx")),
    Hostile::new("pages-in-a-loop.tif", || tiff(8, 64, 64, 1)),
    Hostile::new("strip-of-four-gigabytes.tif", || tiff(0, 60_000, 60_000, u32::MAX)),
    Hostile::new("strip-count-of-a-million.tif", || tiff(0, 1, 1_000_000, 1)),
    Hostile::new("directory-far-outside.tif", || b"II*\0\xf0\xff\xff\xff".to_vec()),
    Hostile::new("big-tiff-loop.tif", big_tiff_loop),
    Hostile::new("huge-screen.gif", huge_gif),
    Hostile::new("cut.jpg", || cut(ImageFormat::Jpeg)),
    Hostile::new("no-pixels.jpg", no_pixels_jpeg),
    Hostile::new("thousand-scans.jpg", thousand_scans),
    Hostile::new("comments-of-forty-megabytes.jpg", comments),
    Hostile::new("cut.heic", || HEIC[..HEIC.len() / 2].to_vec()),
    Hostile::new("huge-grid.heic", huge_grid),
    Hostile::new("brand-only.heic", || b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec()),
    Hostile::new("boxes-in-boxes.heic", boxes_in_boxes),
    Hostile::new("negative.bmp", || bmp(-64, 64)),
    Hostile::new("two-billion-high.bmp", || bmp(64, i32::MIN)),
    Hostile::new("nonsense.webp", || [b"RIFF\xff\xff\xff\xffWEBPVP8L".to_vec(), noise(2_000)].concat()),
    Hostile::new("huge.webp", || {
        b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0\0\0\0\0".to_vec()
    }),
    Hostile::new("script-in-gif.gif", gif_and_script).silent_on("alert"),
    Hostile::new("page-in-jpeg.jpg", jpeg_and_html).silent_on("alert"),
];

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(96, 96, |x, y| image::Rgb([x as u8, y as u8, 90]))
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

fn cut(format: ImageFormat) -> Vec<u8> {
    let bytes = encoded(format);
    bytes[..bytes.len() * 2 / 3].to_vec()
}

/// A chunk with its check sum.
fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let sum = crc(&[&name[..], data].concat());
    [&(data.len() as u32).to_be_bytes()[..], name, data, &sum.to_be_bytes()].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 },
        )
    };
    !bytes.iter().fold(u32::MAX, step)
}

fn png(width: u32, height: u32, extra: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let pixels = deflated(&[200; 9 * 8]);
    let parts = [chunk(b"IHDR", &header), extra.to_vec(), chunk(b"IDAT", &pixels), chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}

/// 81 megapixels of nothing in 80 kB: within the limit of pixels, and much to unpack.
fn zeros_png() -> Vec<u8> {
    let header = [&9_000u32.to_be_bytes()[..], &9_000u32.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let pixels = deflated(&vec![0; 9_001 * 9_000]);
    let parts = [chunk(b"IHDR", &header), chunk(b"IDAT", &pixels), chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}

/// A name, then 64 megabytes of zeros, packed: the library's limit is what a gigabyte would meet as well.
fn profile_bomb() -> Vec<u8> {
    [b"x\0\0".to_vec(), deflated(&vec![0; 64_000_000])].concat()
}

/// Packed as zlib does, by way of a ZIP entry, whose packed bytes are the same without their frame.
pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let zip = super::archives::zipped(&[("x", bytes)]);
    let directory = zip.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    let packed = u32::from_le_bytes(zip[directory + 20..directory + 24].try_into().unwrap()) as usize;
    let name = usize::from(u16::from_le_bytes([zip[26], zip[27]]));
    let extra = usize::from(u16::from_le_bytes([zip[28], zip[29]]));
    let start = 30 + name + extra;
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    [&[0x78, 0x9C][..], &zip[start..start + packed], &(b << 16 | a).to_be_bytes()].concat()
}

fn tiff(next: u32, width: u32, height: u32, strip: u32) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0\x09\0".to_vec();
    let entries: [(u16, u16, u32, u32); 9] = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 1),
        (279, 4, 1, strip),
    ];
    for (tag, kind, count, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(next.to_le_bytes());
    bytes
}

fn big_tiff_loop() -> Vec<u8> {
    let head = [&b"II+\0\x08\0\0\0"[..], &16u64.to_le_bytes()].concat();
    [head, 0u64.to_le_bytes().to_vec(), 16u64.to_le_bytes().to_vec()].concat()
}

fn huge_gif() -> Vec<u8> {
    let mut bytes = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    bytes.extend(b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;");
    bytes
}

fn no_pixels_jpeg() -> Vec<u8> {
    let mut bytes = encoded(ImageFormat::Jpeg);
    let frame = bytes.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0; 4]);
    bytes
}

/// The one scan again and again.
fn thousand_scans() -> Vec<u8> {
    let bytes = encoded(ImageFormat::Jpeg);
    let scan = bytes.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap();
    [&bytes[..scan], &bytes[scan..bytes.len() - 2].repeat(1_000), &bytes[bytes.len() - 2..]].concat()
}

fn comments() -> Vec<u8> {
    let bytes = encoded(ImageFormat::Jpeg);
    let comment = [&[0xFF, 0xFE, 0xFF, 0xFF][..], &vec![b'x'; 65_533]].concat();
    [&bytes[..2], &comment.repeat(600), &bytes[2..]].concat()
}

fn huge_grid() -> Vec<u8> {
    let mut bytes = GRID.to_vec();
    let grid = bytes.windows(8).position(|eight| eight == [0, 0, 0, 1, 0, 128, 0, 64]).unwrap();
    bytes[grid + 2..grid + 8].copy_from_slice(&[0xFF; 6]);
    bytes
}

fn boxes_in_boxes() -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    for depth in 0..20_000u32 {
        bytes.extend((8 * (20_000 - depth)).to_be_bytes());
        bytes.extend(b"meta");
    }
    bytes
}

fn bmp(width: i32, height: i32) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    for number in [1_000u32, 0, 54, 40] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    bytes.extend([0; 500]);
    bytes
}

fn gif_and_script() -> Vec<u8> {
    [&b"GIF89a/*"[..], &noise(20), b"*/=1;alert(document.cookie);"].concat()
}

fn jpeg_and_html() -> Vec<u8> {
    let bytes = encoded(ImageFormat::Jpeg);
    let page = b"<html><script>alert(1)</script><p>alert</p></html>";
    [&bytes[..2], &[0xFF, 0xFE, 0, page.len() as u8 + 2], page, &bytes[2..]].concat()
}
