//! Where a photograph was taken, taken out of its file.
//!
//! A telephone writes its place into a photograph: the address of whoever took it at home. No reader needs it. The places in
//! EXIF (JPEG, HEIC, WebP, TIFF, PNG) and in XMP are blanked where they stand, so that the file keeps its length and its
//! picture is untouched, bit for bit. Tags: Exif 2.32 (CIPA DC-008), 4.6.3 and 4.6.6; XMP, part 2, `exif:GPS...`.

mod png;

/// Tag of the pointer to the block of places.
const GPS_POINTER: u16 = 0x8825;
/// More entries than this are no camera's.
const MOST_ENTRIES: usize = 512;
/// The last tag of a block of places. A directory with others is none: a pointer astray must not blank the picture.
const LAST_TAG: u16 = 0x1F;
/// A place is written in fewer bytes than this: what a stranger claims of gigabytes is not filled.
const LONGEST_VALUE: usize = 4096;
/// More blocks than this are no photograph's.
const MOST_BLOCKS: usize = 64;
/// A place in XMP is shorter than this.
const LONGEST: usize = 200;

/// The file without its place; nothing if it tells none.
#[must_use]
pub fn without_location(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_tiff = bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*");
    let mut blocks: Vec<usize> = is_tiff.then_some(0).into_iter().collect();
    blocks.extend(places(bytes, b"Exif\0\0").into_iter().map(|at| at + 6));
    if bytes.starts_with(b"RIFF") {
        // WebP may leave out the word: name and length of the part, and then the block.
        blocks.extend(places(bytes, b"EXIF").into_iter().map(|at| at + 8));
    }
    let chunks = png::chunks(bytes);
    blocks.extend(chunks.iter().filter(|chunk| chunk.is(bytes, b"eXIf")).map(png::Chunk::data_at));
    let names = places(bytes, b"exif:GPS");
    if blocks.is_empty() && names.is_empty() && chunks.is_empty() {
        return None;
    }
    let mut cleaned = bytes.to_vec();
    for block in blocks {
        Tiff::at(&mut cleaned, block).and_then(|mut tiff| tiff.blank());
    }
    for name in names {
        blank_text(&mut cleaned, name);
    }
    for chunk in chunks {
        chunk.blank_if_veiled(&mut cleaned);
        chunk.seal(bytes, &mut cleaned);
    }
    (cleaned != bytes).then_some(cleaned)
}

/// Where a word stands in the file.
fn places(bytes: &[u8], word: &[u8]) -> Vec<usize> {
    let found = bytes.windows(word.len()).enumerate().filter(|(_, window)| *window == word);
    found.map(|(at, _)| at).take(MOST_BLOCKS).collect()
}

/// Blanks what `exif:GPS...="..."` or `<exif:GPS...>...<` says.
fn blank_text(bytes: &mut [u8], name: usize) {
    let after =
        bytes[name..].iter().position(|byte| matches!(byte, b'=' | b'>')).filter(|length| *length < LONGEST);
    let Some(sign) = after.map(|length| name + length) else { return };
    let (start, end) = match (bytes[sign], bytes.get(sign + 1)) {
        (b'=', Some(quote @ (b'"' | b'\''))) => (sign + 2, *quote),
        (b'>', _) => (sign + 1, b'<'),
        _ => return,
    };
    let Some(length) = bytes[start..].iter().position(|byte| *byte == end) else { return };
    if length < LONGEST {
        bytes[start..start + length].fill(b' ');
    }
}

/// A block of EXIF: numbers in one of two orders, and places counted from its head.
struct Tiff<'a> {
    bytes: &'a mut [u8],
    is_little: bool,
}

impl<'a> Tiff<'a> {
    fn at(bytes: &'a mut [u8], start: usize) -> Option<Self> {
        let bytes = bytes.get_mut(start..)?;
        let is_little = bytes.starts_with(b"II*\0");
        (is_little || bytes.starts_with(b"MM\0*")).then_some(Self { bytes, is_little })
    }

    fn short(&self, at: usize) -> Option<u16> {
        let pair = [*self.bytes.get(at)?, *self.bytes.get(at.checked_add(1)?)?];
        Some(if self.is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    }

    fn long(&self, at: usize) -> Option<usize> {
        let four = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let value = if self.is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
        usize::try_from(value).ok()
    }

    /// Where the entries of a directory stand.
    fn entries(&self, directory: usize) -> Option<Vec<usize>> {
        let count = usize::from(self.short(directory)?).min(MOST_ENTRIES);
        Some((0..count).map(|entry| directory + 2 + 12 * entry).collect())
    }

    /// Blanks the block of places, if there is one.
    fn blank(&mut self) -> Option<()> {
        let entries = self.entries(self.long(4)?)?;
        let pointer = entries.into_iter().find(|entry| self.short(*entry) == Some(GPS_POINTER))?;
        let places = self.long(pointer + 8)?;
        let entries = self.entries(places)?;
        let is_of_place = |entry: &usize| {
            self.short(*entry).is_some_and(|tag| tag <= LAST_TAG)
                && self.size(*entry).is_some_and(|size| size <= LONGEST_VALUE)
        };
        if !entries.iter().all(is_of_place) {
            return None;
        }
        for entry in entries {
            let size = self.size(entry).unwrap_or(0);
            if let Some(value) = self.long(entry + 8).filter(|_| size > 4) {
                self.fill(value, size);
            }
            self.fill(entry, 12);
        }
        // An empty directory: what reads on finds no entries and no directory behind.
        self.fill(places, 6);
        Some(())
    }

    /// The bytes of an entry's value.
    fn size(&self, entry: usize) -> Option<usize> {
        let each = match self.short(entry + 2)? {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        self.long(entry + 4)?.checked_mul(each)
    }

    fn fill(&mut self, from: usize, length: usize) {
        let end = from.saturating_add(length).min(self.bytes.len());
        if let Some(part) = self.bytes.get_mut(from..end) {
            part.fill(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with a maker's name and a place: latitude 49° 24' 36", a name of the method in ASCII.
    fn exif(is_little: bool) -> Vec<u8> {
        let short = |value: u16| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        let long = |value: u32| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        let entry = |tag: u16, kind: u16, count: u32, value: u32| {
            [&short(tag)[..], &short(kind), &long(count), &long(value)].concat()
        };
        let head = if is_little { b"II*\0" } else { b"MM\0*" };
        let mut block = [&head[..], &long(8), &short(2)].concat();
        block.extend(entry(0x010F, 2, 7, 80));
        block.extend(entry(GPS_POINTER, 4, 1, 38));
        block.extend(long(0));
        assert_eq!(block.len(), 38);
        block.extend(short(2));
        block.extend(entry(2, 5, 3, 88));
        block.extend(entry(27, 2, 3, 0x4142_4300));
        block.extend(long(0));
        block.resize(80, 0);
        block.extend(b"CAMERA\0\0");
        [49u32, 1, 24, 1, 36, 1].iter().for_each(|number| block.extend(long(*number)));
        block
    }

    fn jpeg(exif: &[u8]) -> Vec<u8> {
        let length = u16::try_from(exif.len() + 8).unwrap().to_be_bytes();
        [&[0xFF, 0xD8, 0xFF, 0xE1][..], &length, b"Exif\0\0", exif, &[0xFF, 0xD9]].concat()
    }

    #[test]
    fn a_photograph_forgets_where_it_was_taken() {
        for is_little in [true, false] {
            let sent = jpeg(&exif(is_little));
            let cleaned = without_location(&sent).expect("it has a place");
            assert_eq!(cleaned.len(), sent.len());
            let text = String::from_utf8_lossy(&cleaned).into_owned();
            assert!(text.contains("CAMERA") && !text.contains("ABC"));
            assert!(cleaned.ends_with(&[[0; 24].as_slice(), &[0xFF, 0xD9]].concat()), "the degrees");
            assert_eq!(without_location(&cleaned), None, "once is enough");
        }
        assert!(without_location(&exif(true)).is_some(), "a TIFF file");
        let heic = [b"\0\0\0\x18ftypheic....\0\0\0\x06Exif\0\0".as_slice(), &exif(false)].concat();
        assert!(without_location(&heic).is_some());
        let webp = [b"RIFF\0\0\0\0WEBPEXIF\x68\0\0\0".as_slice(), &exif(true)].concat();
        assert!(without_location(&webp).is_some());
    }

    #[test]
    fn a_place_in_xmp_is_blanked() {
        let xmp =
            br#"<rdf exif:GPSLatitude="49,24.6N" exif:Make="X"><exif:GPSLongitude>8,40E</exif:GPSLongitude>"#;
        let cleaned = String::from_utf8(without_location(xmp).unwrap()).unwrap();
        assert!(
            !cleaned.contains("49,24") && !cleaned.contains("8,40") && cleaned.contains("exif:Make=\"X\"")
        );
    }

    /// A picture of one pixel with more chunks behind its head.
    fn png(parts: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut pixel = std::io::Cursor::new(Vec::new());
        image::GrayImage::new(1, 1).write_to(&mut pixel, image::ImageFormat::Png).unwrap();
        let chunk = |(kind, data): &(&[u8; 4], &[u8])| {
            let part = [kind.as_slice(), data].concat();
            let length = u32::try_from(data.len()).unwrap().to_be_bytes();
            [&length[..], &part, &crc32fast::hash(&part).to_be_bytes()].concat()
        };
        let more: Vec<u8> = parts.iter().flat_map(chunk).collect();
        let (head, rest) = pixel.get_ref().split_at(33);
        [head, &more, rest].concat()
    }

    #[test]
    fn a_png_forgets_it_and_its_sums_are_right() {
        let xmp = b"XML:com.adobe.xmp\0\0\0\0\0<rdf exif:GPSLatitude='49,24.6N' exif:Make='X'>";
        let hidden = b"Raw profile type exif\0\0packed place";
        let parts: [(&[u8; 4], &[u8]); 4] =
            [(b"eXIf", &exif(false)), (b"iTXt", xmp), (b"zTXt", hidden), (b"tEXt", b"Title\0report")];
        let sent = png(&parts);
        image::load_from_memory(&sent).unwrap();
        let cleaned = without_location(&sent).expect("it has places");
        image::load_from_memory(&cleaned).unwrap();
        assert_eq!(cleaned.len(), sent.len());
        let sums = png::chunks(&cleaned).into_iter().map(|chunk| {
            let (data, end) = (chunk.data_at(), chunk.data_at() + chunk.length());
            crc32fast::hash(&cleaned[data - 4..end]).to_be_bytes() == cleaned[end..end + 4]
        });
        assert_eq!(sums.collect::<Vec<_>>(), [true; 7]);
        let text = String::from_utf8_lossy(&cleaned).into_owned();
        assert!(["ABC", "49,24", "packed"].iter().all(|place| !text.contains(place)), "{text}");
        assert!(["CAMERA", "exif:Make='X'", "Title\0report"].iter().all(|other| text.contains(other)));
        assert_eq!(without_location(&cleaned), None, "once is enough");
        assert_eq!(without_location(&png(&[(b"tEXt", b"Title\0report")])), None);
        // Cut off anywhere, or a byte turned: the same length, and no more.
        for at in 0..sent.len() {
            let mut bent = sent.clone();
            bent[at] ^= 0xFF;
            for file in [&sent[..at], &bent] {
                assert!(without_location(file).is_none_or(|cleaned| cleaned.len() == file.len()));
            }
        }
    }

    #[test]
    fn what_tells_no_place_is_left_alone() {
        let mut plain = exif(true);
        plain.truncate(30);
        for file in [
            b"%PDF-1.7 exif".as_slice(),
            b"",
            &jpeg(&plain),
            b"Exif\0\0II*\0\xFF\xFF\xFF\xFF",
            b"exif:GPS",
            b"exif:GPSx=",
        ] {
            assert_eq!(without_location(file), None);
        }
    }

    #[test]
    fn a_hostile_block_does_no_harm() {
        let mut file = jpeg(&exif(true));
        for at in 0..file.len() {
            let kept = std::mem::replace(&mut file[at], 0xFF);
            assert!(without_location(&file).is_none_or(|cleaned| cleaned.len() == file.len()));
            file[at] = kept;
        }
        // A value of gigabytes, and a tag of another directory: nothing is blanked.
        for (at, byte) in [(47, 0x7F), (41, 0x7F)] {
            let mut block = exif(true);
            block[at] = byte;
            assert_eq!(without_location(&jpeg(&block)), None);
        }
        // A directory that points at itself, and one beyond the end.
        for pointer in [8u32, 38, 0xFFFF_FFFF] {
            let mut block = exif(true);
            block[30..34].copy_from_slice(&pointer.to_le_bytes());
            let _ = without_location(&jpeg(&block));
        }
    }
}
