//! The parts of a PNG file: each has a length, a type, data and a sum over type and data (PNG, third edition, 5.3).

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// More chunks than this are no photograph's.
const MOST: usize = 4096;
/// Texts in which programmes hide a place: packed, or as digits.
const VEILED: [&[u8]; 4] = [
    b"XML:com.adobe.xmp\0\x01",
    b"Raw profile type exif\0",
    b"Raw profile type APP1\0",
    b"Raw profile type xmp\0",
];
/// A text that says nothing, to stand in the place of one.
const NOTHING: &[u8] = b"Comment\0";

/// A chunk, by where it stands.
pub(super) struct Chunk {
    start: usize,
    length: usize,
}

/// The chunks of a PNG file; none of another, or of one that is cut off before them.
pub(super) fn chunks(bytes: &[u8]) -> Vec<Chunk> {
    let mut found = Vec::new();
    let mut start = SIGNATURE.len();
    while bytes.starts_with(SIGNATURE) && found.len() < MOST {
        let Some(length) = bytes.get(start..).and_then(|rest| rest.first_chunk()) else { break };
        let Ok(length) = usize::try_from(u32::from_be_bytes(*length)) else { break };
        let chunk = Chunk { start, length };
        if bytes.len() < chunk.end() {
            break;
        }
        start = chunk.end();
        found.push(chunk);
    }
    found
}

impl Chunk {
    pub(super) fn is(&self, bytes: &[u8], kind: &[u8]) -> bool {
        self.part(bytes).starts_with(kind)
    }

    pub(super) const fn data_at(&self) -> usize {
        self.start + 8
    }

    #[cfg(test)]
    pub(super) const fn length(&self) -> usize {
        self.length
    }

    const fn end(&self) -> usize {
        self.data_at().saturating_add(self.length).saturating_add(4)
    }

    /// Type and data.
    fn part<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.start + 4..self.data_at() + self.length).unwrap_or_default()
    }

    /// Blanks a text that cannot be looked into and is known to hold places.
    pub(super) fn blank_if_veiled(&self, bytes: &mut [u8]) {
        let part = self.part(bytes);
        let is_text = [b"tEXt", b"zTXt", b"iTXt"].iter().any(|kind| part.starts_with(*kind));
        let words = part.get(4..).unwrap_or_default();
        if !is_text || !VEILED.iter().any(|name| words.starts_with(name)) {
            return;
        }
        let data = self.data_at()..self.data_at() + self.length;
        bytes[self.start + 4..self.data_at()].copy_from_slice(b"tEXt");
        bytes[data.clone()].fill(b' ');
        bytes[data][..NOTHING.len()].copy_from_slice(NOTHING);
    }

    /// Writes the sum anew where something was blanked: a reader refuses a chunk whose sum is wrong.
    pub(super) fn seal(&self, before: &[u8], bytes: &mut [u8]) {
        if self.part(before) != self.part(bytes) {
            let sum = crc32fast::hash(self.part(bytes)).to_be_bytes();
            bytes[self.end() - 4..self.end()].copy_from_slice(&sum);
        }
    }
}
