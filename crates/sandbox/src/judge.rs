//! Holds an answer to what an honest reader can say. A child that was taken over can say anything.

use crate::limits::ONE_PICTURE_BYTES;
use crate::wire::{Begun, Ended, PageDone};
use cartulary_model::{Line, Page, Unread};

/// Most pages of one document; text files come to more than the 300 of a PDF.
pub(crate) const MOST_PAGES: u32 = 30_000;
/// Most documents in one file, all levels of containers together.
const MOST_DOCUMENTS: usize = 5_000;
const MOST_LINES: usize = 100_000;
const LONGEST_SIDE: u32 = 100_000;
const MOST_PIXELS: u64 = 100_000_000;
const MOST_WORDS: usize = 2_000;
const LONGEST_NAME: usize = 4_096;
const MOST_UNREAD: usize = 10_000;

/// An answer that no honest reader gives, with what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsound(pub(crate) &'static str);

fn must(sound: bool, what: &'static str) -> Result<(), Unsound> {
    if sound { Ok(()) } else { Err(Unsound(what)) }
}

/// The beginning of a document.
pub(crate) fn begun(begun: &Begun) -> Result<(), Unsound> {
    let suffix = &begun.suffix;
    must(begun.index < MOST_DOCUMENTS, "the number of documents")?;
    must(suffix.is_empty() || suffix.starts_with(" » "), "the name of a part")?;
    must(suffix.len() <= LONGEST_NAME, "the length of a name")?;
    head(&begun.media_type, &begun.sha256)
}

fn head(media_type: &str, sha256: &str) -> Result<(), Unsound> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/.+-_;= ".contains(&byte);
    must(media_type.len() <= 200 && media_type.bytes().all(plain), "the type")?;
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    must(sha256.len() == 64 && sha256.bytes().all(hexadecimal), "the digest")
}

/// The end of a document.
pub(crate) fn ended(ended: &Ended) -> Result<(), Unsound> {
    head(&ended.media_type, &ended.sha256)?;
    must(ended.pages.len() <= MOST_PAGES as usize, "the number of pages")?;
    unread(&ended.unread)
}

/// That a page is done.
pub(crate) fn done(done: &PageDone) -> Result<(), Unsound> {
    let PageDone { page, pages, unread: missing } = done;
    must((1..=*pages).contains(page) && *pages <= MOST_PAGES, "the number of a page")?;
    unread(missing)
}

fn unread(unread: &[Unread]) -> Result<(), Unsound> {
    must(unread.len() <= MOST_UNREAD, "how much was not read")?;
    unread.iter().try_for_each(|unread| {
        must(unread.page.is_none_or(|page| (1..=MOST_PAGES).contains(&page)), "a page that was not read")?;
        must(unread.detail.len() <= MOST_WORDS, "a reason")
    })
}

/// A page.
pub(crate) fn page(page: &Page) -> Result<(), Unsound> {
    let Page { number, width, height, rotation, lines, quality, .. } = page;
    must((1..=MOST_PAGES).contains(number), "the number of a page")?;
    let sides = [width, height].into_iter().all(|side| (1..=LONGEST_SIDE).contains(side));
    must(sides && u64::from(*width) * u64::from(*height) <= MOST_PIXELS, "the size of a page")?;
    must([0, 90, 180, 270].contains(rotation), "the turn of a page")?;
    must(lines.len() <= MOST_LINES && quality.len() <= 100, "the number of lines")?;
    lines.iter().try_for_each(|line| self::line(line, *width as f32, *height as f32))
}

fn line(line: &Line, width: f32, height: f32) -> Result<(), Unsound> {
    let Line { text, quad, confidence, char_edges, seen } = line;
    // Comparisons with what is not a number are false.
    let inside = |[x, y]: [f32; 2]| (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
    must(quad.0.into_iter().all(inside), "the place of a line")?;
    must((0.0..=1.0).contains(confidence), "the confidence of a line")?;
    let known = char_edges.is_empty() || char_edges.len() == text.chars().count() + 1;
    // A numeral read twice is written once, and a box to tick is written in: lengths differ, but not by much.
    let alike = |seen: &String| seen.chars().count() <= 4 * text.chars().count() + 16;
    must(seen.as_ref().is_none_or(alike), "the reading of a line")?;
    must(known && char_edges.iter().all(|edge| (0.0..=1.0).contains(edge)), "the places of characters")
}

/// A picture: by its form a JPEG of a size that a page has, with nothing after its end.
pub(crate) fn picture(bytes: &[u8]) -> Result<(), Unsound> {
    must(bytes.len() <= ONE_PICTURE_BYTES, "the length of a picture")?;
    must(bytes.ends_with(&[0xff, 0xd9]), "the end of a picture")?;
    let (height, width) = sides(bytes).ok_or(Unsound("the header of a picture"))?;
    let fits = |side: u16| (1..=4096).contains(&side);
    must(fits(height) && fits(width), "the size of a picture")
}

/// Height and width in the frame header of a JPEG.
fn sides(bytes: &[u8]) -> Option<(u16, u16)> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let [0xff, marker, high, low, after @ ..] = rest else { return None };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        match marker {
            // Baseline, extended and progressive frames.
            0xc0..=0xc2 => {
                let [_, a, b, c, d, ..] = after else { return None };
                return Some((u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d])));
            }
            0xc4 | 0xdb | 0xdd | 0xe0..=0xef | 0xfe => rest = rest.get(2 + length..)?,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::Quad;

    fn sound() -> Page {
        let quad = Quad::upright(10.0, 10.0, 90.0, 20.0);
        let line = Line {
            text: "PLT".into(),
            quad,
            confidence: 0.9,
            char_edges: vec![0.0, 0.3, 0.6, 1.0],
            seen: None,
        };
        Page { number: 1, width: 100, height: 100, lines: vec![line], ..Page::default() }
    }

    fn spoilt(spoil: impl Fn(&mut Page)) -> Result<(), Unsound> {
        let mut page = sound();
        spoil(&mut page);
        self::page(&page)
    }

    #[test]
    fn an_honest_page_is_sound_and_each_lie_is_found() {
        assert_eq!(page(&sound()), Ok(()));
        type Lie = (&'static str, fn(&mut Page));
        let lies: [Lie; 13] = [
            ("page 0", |page| page.number = 0),
            ("a page of no width", |page| page.width = 0),
            ("a page of a million pixels a side", |page| page.height = 1_000_000),
            ("a page of too many pixels", |page| (page.width, page.height) = (90_000, 90_000)),
            ("half a turn of the head", |page| page.rotation = 45),
            ("a line outside", |page| page.lines[0].quad.0[2] = [101.0, 20.0]),
            ("a line before", |page| page.lines[0].quad.0[0] = [-0.1, 0.0]),
            ("a place that is no number", |page| page.lines[0].quad.0[1] = [f32::NAN, 1.0]),
            ("a place without end", |page| page.lines[0].quad.0[1] = [f32::INFINITY, 1.0]),
            ("more than sure", |page| page.lines[0].confidence = 1.5),
            ("a confidence that is no number", |page| page.lines[0].confidence = f32::NAN),
            ("edges for other characters", |page| page.lines[0].char_edges = vec![0.0, 1.0]),
            ("a reading without end", |page| page.lines[0].seen = Some("P".repeat(1000))),
        ];
        for (name, lie) in lies {
            assert!(spoilt(lie).is_err(), "{name}");
        }
        assert!(
            spoilt(|page| page.lines[0].seen = Some("P".into())).is_ok(),
            "what was written in was not seen"
        );
        assert!(spoilt(|page| page.lines = vec![Line::default(); MOST_LINES + 1]).is_err());
    }

    #[test]
    fn a_part_cannot_give_itself_another_files_name() {
        let begun = |suffix: &str, media_type: &str, sha256: &str| {
            let (suffix, media_type, sha256) = (suffix.into(), media_type.into(), sha256.into());
            super::begun(&Begun { index: 0, suffix, media_type, sha256 })
        };
        let digest = "0123456789abcdef".repeat(4);
        assert_eq!(begun("", "application/pdf", &digest), Ok(()));
        assert_eq!(begun(" » a.pdf", "image/x-ms-bmp", &digest), Ok(()));
        assert!(begun("/../other.pdf", "application/pdf", &digest).is_err());
        assert!(begun("", "text/html<script>", &digest).is_err());
        assert!(begun("", "application/pdf", &digest.to_uppercase()).is_err());
        assert!(begun(&format!(" » {}", "a".repeat(5_000)), "application/pdf", &digest).is_err());
    }

    #[test]
    fn a_picture_is_a_jpeg_of_a_size_and_nothing_else() {
        let header = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 11, 8, 0, 50, 0, 40, 1, 1, 0x11, 0];
        let mut jpeg = header.to_vec();
        jpeg.extend([0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]);
        assert_eq!(picture(&jpeg), Ok(()));
        assert!(picture(b"\x89PNG\r\n\x1a\n").is_err());
        assert!(picture(b"<svg onload=alert(1)>\xff\xd9").is_err());
        let mut appended = jpeg.clone();
        appended.extend(b"<script>");
        assert!(picture(&appended).is_err());
        let mut huge = jpeg.clone();
        huge[13..15].copy_from_slice(&[0xff, 0xff]);
        assert!(picture(&huge).is_err());
        let mut long = jpeg.clone();
        long.splice(21..21, std::iter::repeat_n(0, ONE_PICTURE_BYTES));
        assert!(picture(&long).is_err());
    }

    #[test]
    fn pages_are_counted_from_one_to_the_last() {
        let done = |page, pages| super::done(&PageDone { page, pages, unread: Vec::new() });
        assert_eq!(done(1, 1), Ok(()));
        assert!(done(0, 1).is_err() && done(2, 1).is_err() && done(1, u32::MAX).is_err());
    }
}
