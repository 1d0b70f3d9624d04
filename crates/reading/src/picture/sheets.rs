//! The pages of a TIFF file: fax machines and scanners put many into one.
//!
//! The decoder reads the first picture. Each other one is read by letting the header point to it.

use crate::failure::Failure;
use crate::limits;
use cartulary_model::document::UnreadReason;

/// Width of offsets in the file, and the order of its bytes.
#[derive(Clone, Copy)]
struct Form {
    little: bool,
    big_tiff: bool,
}

/// The pages of a file, one at a time.
pub(crate) struct Sheets {
    bytes: Vec<u8>,
    form: Form,
    offsets: Vec<u64>,
    /// Why there may be more than these.
    pub(crate) unread: Option<Failure>,
}

impl Sheets {
    /// Finds the pages; reduced copies of pages are none.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, Failure> {
        let form = Form {
            little: bytes.starts_with(b"II"),
            big_tiff: bytes.get(2) == Some(&43) || bytes.get(3) == Some(&43),
        };
        let mut sheets = Self { bytes: bytes.to_vec(), form, offsets: Vec::new(), unread: None };
        sheets.find();
        if sheets.offsets.is_empty() {
            let none = Failure::new(UnreadReason::NoPages, "the TIFF file holds no picture");
            return Err(sheets.unread.take().unwrap_or(none));
        }
        Ok(sheets)
    }

    pub(crate) fn len(&self) -> usize {
        self.offsets.len()
    }

    /// The file with this page, from 0, as its first.
    pub(crate) fn page(&mut self, index: usize) -> &[u8] {
        let offset = self.offsets[index];
        let (at, width) = self.form.first();
        let place = &mut self.bytes[at..at + width];
        let (little, big) = (offset.to_le_bytes(), offset.to_be_bytes());
        place.copy_from_slice(if self.form.little { &little[..width] } else { &big[8 - width..] });
        &self.bytes
    }

    fn find(&mut self) {
        let (at, width) = self.form.first();
        let mut next = self.number(at as u64, width);
        let mut seen = Vec::new();
        while let Some(offset) = next.filter(|offset| *offset != 0) {
            if seen.contains(&offset) {
                self.unread = Some(Failure::damaged("the pages of the TIFF file lead back to one another"));
                return;
            }
            if self.offsets.len() == limits::PAGES || seen.len() == 4 * limits::PAGES {
                self.unread = Some(Failure::too_many(format!("more than {} pages", limits::PAGES)));
                return;
            }
            seen.push(offset);
            let Some(directory) = self.directory(offset) else {
                self.unread = Some(Failure::damaged("the TIFF file ends before its last page"));
                return;
            };
            if !directory.is_copy {
                self.offsets.push(offset);
            }
            next = directory.next;
        }
    }

    fn directory(&self, offset: u64) -> Option<Directory> {
        let (count_width, entry, tail) = if self.form.big_tiff { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.number(offset, count_width)?;
        let first = offset.checked_add(count_width as u64)?;
        let end = first.checked_add(count.checked_mul(entry)?)?;
        if end > self.bytes.len() as u64 || count > 4096 {
            return None;
        }
        let is_copy = (0..count).any(|index| {
            const KIND_OF_PICTURE: u64 = 254;
            let at = first + index * entry;
            let value = at + if self.form.big_tiff { 12 } else { 8 };
            self.number(at, 2) == Some(KIND_OF_PICTURE)
                && self.number(value, if self.form.little { 1 } else { 4 }).is_some_and(|kind| kind & 1 == 1)
        });
        // The last offset is sometimes missing.
        Some(Directory { is_copy, next: self.number(end, tail) })
    }

    fn number(&self, at: u64, width: usize) -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.bytes.get(at..at.checked_add(width)?)?;
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(if self.form.little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    }
}

struct Directory {
    is_copy: bool,
    next: Option<u64>,
}

impl Form {
    /// Where the header says where the first page is, and in how many bytes.
    fn first(self) -> (usize, usize) {
        if self.big_tiff { (8, 8) } else { (4, 4) }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::picture;

    /// A TIFF file of one grey pixel a page, each darker than the one before.
    pub(crate) fn tiff(pages: u8, last_leads_to: u32) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        for page in 0..pages {
            let start = bytes.len() as u32;
            let entries: [(u16, u16, u32); 8] = [
                (256, 4, 1),
                (257, 4, 1),
                (258, 3, 8),
                (259, 3, 1),
                (262, 3, 1),
                (273, 4, start + 2 + 8 * 12 + 4),
                (278, 4, 1),
                (279, 4, 1),
            ];
            bytes.extend((entries.len() as u16).to_le_bytes());
            for (tag, kind, value) in entries {
                bytes.extend(tag.to_le_bytes());
                bytes.extend(kind.to_le_bytes());
                bytes.extend(1u32.to_le_bytes());
                bytes.extend(value.to_le_bytes());
            }
            let next = start + 2 + 8 * 12 + 4 + 2;
            let next = if page + 1 == pages { last_leads_to } else { next };
            bytes.extend(next.to_le_bytes());
            bytes.extend([200 - 10 * page, 0]);
        }
        bytes
    }

    #[test]
    fn every_page_is_read() {
        let mut sheets = Sheets::of(&tiff(3, 0)).unwrap();
        assert_eq!((sheets.len(), sheets.unread.clone()), (3, None));
        let shade = |bytes: &[u8]| picture::decode(bytes).unwrap().get_pixel(0, 0).0[0];
        let shades: Vec<u8> = (0..3).map(|page| shade(sheets.page(page))).collect();
        assert_eq!(shades, [200, 190, 180]);
    }

    #[test]
    fn pages_that_lead_back_end_and_are_reported() {
        let sheets = Sheets::of(&tiff(2, 8)).unwrap();
        assert_eq!(sheets.len(), 2);
        assert_eq!(sheets.unread.unwrap().reason, UnreadReason::Damaged);
    }

    #[test]
    fn a_cut_file_is_damaged() {
        let whole = tiff(2, 0);
        for length in 4..whole.len() {
            if let Ok(mut sheets) = Sheets::of(&whole[..length]) {
                (0..sheets.len()).for_each(|page| drop(picture::decode(sheets.page(page))));
            }
        }
        assert_eq!(Sheets::of(b"II*\0\xff\xff\0\0").err().unwrap().reason, UnreadReason::Damaged);
    }
}
