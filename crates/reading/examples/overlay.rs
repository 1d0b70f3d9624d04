//! Reads files and draws what was read over their pages, to look at.
//!
//! ```sh
//! cargo run --release -p cartulary-reading --example overlay -- OUT_FOLDER FILE...
//! ```
//!
//! For each page `OUT_FOLDER/NAME-PAGE.png` shows the boxes: green for sure, red for doubtful, a dot on the corner
//! where the first letter is. The text goes to the standard output.

use cartulary_model::{Line, Page};
use cartulary_reading::{PageImage, ReadDocument, Reader, ReaderOptions};
use image::{Rgb, RgbImage};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

const GREEN: Rgb<u8> = Rgb([0, 150, 60]);
const RED: Rgb<u8> = Rgb([220, 0, 0]);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or("usage: overlay OUT_FOLDER FILE...")?;
    std::fs::create_dir_all(&folder)?;
    let reader = Reader::new(ReaderOptions { keep_images: true, ..ReaderOptions::default() });
    for file in arguments {
        let bytes = std::fs::read(&file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let start = Instant::now();
        let documents = reader.read(&name, &bytes, &|_| {});
        let took = start.elapsed().as_secs_f32();
        for document in &documents {
            describe(document, took)?;
            draw(document, &folder)?;
        }
    }
    Ok(())
}

fn describe(document: &ReadDocument, took: f32) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let source = &document.source;
    writeln!(out, "== {} {} ({took:.2} s)", source.name, source.media_type)?;
    for unread in &source.unread {
        writeln!(out, "   unread {unread:?}")?;
    }
    for page in &source.pages {
        let Page { number, width, height, origin, rotation, quality, .. } = page;
        writeln!(out, "-- page {number} {width}x{height} {origin:?} turned {rotation} {quality:?}")?;
        for line in &page.lines {
            let [left, top, ..] = line.quad.bounds();
            let Line { text, confidence, .. } = line;
            writeln!(out, "{confidence:.2} {left:6.0} {top:6.0}  {text}")?;
        }
    }
    Ok(())
}

fn draw(document: &ReadDocument, folder: &Path) -> Result<(), Box<dyn Error>> {
    for PageImage { page: number, bytes, .. } in &document.images {
        let mut picture = image::load_from_memory(bytes)?.into_rgb8();
        let pages = &document.source.pages;
        let Some(page) = pages.iter().find(|page| page.number == *number) else {
            continue;
        };
        let scale = picture.width() as f32 / page.width as f32;
        for line in &page.lines {
            draw_line(&mut picture, line, scale);
        }
        let name = document.source.name.replace(['/', ' '], "_");
        picture.save(folder.join(format!("{name}-{number}.png")))?;
    }
    Ok(())
}

fn draw_line(picture: &mut RgbImage, line: &Line, scale: f32) {
    let colour = if line.confidence >= 0.8 { GREEN } else { RED };
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
