//! Properties of a message or an attachment: long ones are streams, short ones lie together in one stream.

use super::{Compound, stream};
use crate::plain;
use crate::rtf::by_code_page;
use encoding_rs::{Encoding, UTF_16LE, WINDOWS_1252};

/// Bytes before the first property of a message that was sent, and of an attachment.
pub(crate) const MESSAGE_HEADER: usize = 32;
/// The same of an attachment.
pub(crate) const ATTACHMENT_HEADER: usize = 8;
/// The same of a message in a message.
const EMBEDDED_HEADER: usize = 24;
const ENTRY: usize = 16;

/// Numbers of properties.
pub(crate) mod property {
    pub(crate) const SUBJECT: u16 = 0x0037;
    pub(crate) const CLIENT_SUBMIT_TIME: u16 = 0x0039;
    pub(crate) const SENDER_NAME: u16 = 0x0C1A;
    pub(crate) const SENDER_ADDRESS: u16 = 0x0C1F;
    pub(crate) const DELIVERY_TIME: u16 = 0x0E06;
    pub(crate) const BODY: u16 = 0x1000;
    pub(crate) const COMPRESSED_RTF: u16 = 0x1009;
    pub(crate) const HTML: u16 = 0x1013;
    pub(crate) const DISPLAY_NAME: u16 = 0x3001;
    pub(crate) const ATTACH_DATA: u16 = 0x3701;
    pub(crate) const ATTACH_FILENAME: u16 = 0x3704;
    pub(crate) const ATTACH_LONG_FILENAME: u16 = 0x3707;
    pub(crate) const CODE_PAGE: u16 = 0x3FFD;
    pub(crate) const INTERNET_CODE_PAGE: u16 = 0x3FDE;
}

const TIME: u16 = 0x0040;
const LONG: u16 = 0x0003;

/// The properties of one storage.
pub(crate) struct Properties<'f, 'b> {
    file: &'f mut Compound<'b>,
    storage: String,
    fixed: Vec<u8>,
}

impl<'f, 'b> Properties<'f, 'b> {
    pub(crate) fn of(file: &'f mut Compound<'b>, storage: &str, header: usize) -> Self {
        let bytes = stream(file, &format!("{storage}__properties_version1.0")).unwrap_or_default();
        // A message in a message has a shorter header, and is read as a file of its own.
        let is_embedded = header == MESSAGE_HEADER && bytes.len() % ENTRY == EMBEDDED_HEADER % ENTRY;
        let header = if is_embedded { EMBEDDED_HEADER } else { header };
        let fixed = bytes.get(header..).unwrap_or_default().to_vec();
        Self { file, storage: storage.to_owned(), fixed }
    }

    /// A property of bytes.
    pub(crate) fn bytes(&mut self, id: u16) -> Option<Vec<u8>> {
        self.stream(id, 0x0102)
    }

    /// A property of text, in UTF-16 or the message's code page.
    pub(crate) fn text(&mut self, id: u16) -> Option<String> {
        let text = match self.stream(id, 0x001F) {
            Some(bytes) => plain::decode(&bytes, UTF_16LE),
            None => {
                let bytes = self.stream(id, 0x001E)?;
                plain::decode(&bytes, self.encoding())
            }
        };
        Some(text.trim_end_matches('\0').to_owned())
    }

    /// The day of a point in time, in universal time.
    pub(crate) fn day(&self, id: u16) -> Option<String> {
        const TICKS_PER_DAY: u64 = 24 * 3600 * 10_000_000;
        let days = self.value(id, TIME)? / TICKS_PER_DAY;
        let (year, month, day) = civil(i64::try_from(days).ok()?)?;
        Some(format!("{year:04}-{month:02}-{day:02}"))
    }

    fn stream(&mut self, id: u16, kind: u16) -> Option<Vec<u8>> {
        stream(self.file, &format!("{}__substg1.0_{id:04X}{kind:04X}", self.storage))
    }

    fn encoding(&self) -> &'static Encoding {
        let pages = [property::CODE_PAGE, property::INTERNET_CODE_PAGE];
        let named = pages.into_iter().find_map(|id| self.value(id, LONG));
        let known = named.and_then(|page| by_code_page(page as u32 as i32));
        known.unwrap_or(WINDOWS_1252)
    }

    fn value(&self, id: u16, kind: u16) -> Option<u64> {
        let tag = [kind.to_le_bytes(), id.to_le_bytes()].concat();
        let entry = self.fixed.chunks_exact(ENTRY).find(|entry| entry.starts_with(&tag))?;
        Some(u64::from_le_bytes(entry[8..16].try_into().ok()?))
    }
}

/// Year, month and day of a day counted from 1 January 1601, by the algorithm of Hinnant (2013).
fn civil(days_since_1601: i64) -> Option<(i64, i64, i64)> {
    const DAYS_FROM_MARCH_0_TO_1601: i64 = 584_694;
    if days_since_1601 > 1_000_000 {
        return None;
    }
    let days = days_since_1601 + DAYS_FROM_MARCH_0_TO_1601;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1601() {
        assert_eq!(civil(0), Some((1601, 1, 1)));
        assert_eq!(civil(134_774), Some((1970, 1, 1)));
        assert_eq!(civil(154_564), Some((2024, 3, 8)));
        assert_eq!(civil(154_556), Some((2024, 2, 29)));
        assert_eq!(civil(i64::MAX), None);
    }
}
