//! RTF as Outlook packs it, after [MS-OXRTFCP]: a dictionary of 4096 bytes that begins with common words.

use crate::limits;

const BEGINNING: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW: usize = 4096;
const PACKED: &[u8] = b"LZFu";
const STORED: &[u8] = b"MELA";

/// The RTF; nothing when it is not packed in a known way. Ends where the bytes do.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let (header, body) = bytes.split_at_checked(16)?;
    let raw = usize::try_from(u32::from_le_bytes(header[4..8].try_into().ok()?)).ok()?;
    let raw = raw.min(limits::FILE_BYTES);
    match &header[8..12] {
        kind if kind == STORED => Some(body[..raw.min(body.len())].to_vec()),
        kind if kind == PACKED => Some(inflated(body, raw)),
        _ => None,
    }
}

fn inflated(body: &[u8], raw: usize) -> Vec<u8> {
    let mut window = vec![b' '; WINDOW];
    window[..BEGINNING.len()].copy_from_slice(BEGINNING);
    let mut at = BEGINNING.len();
    let mut out = Vec::new();
    let mut put = |out: &mut Vec<u8>, window: &mut Vec<u8>, byte: u8| {
        out.push(byte);
        window[at] = byte;
        at = (at + 1) % WINDOW;
        at
    };
    let mut bytes = body.iter().copied();
    let mut end = BEGINNING.len();
    while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if out.len() >= raw {
                return out;
            }
            let Some(first) = bytes.next() else { return out };
            if control >> bit & 1 == 0 {
                end = put(&mut out, &mut window, first);
                continue;
            }
            let Some(second) = bytes.next() else { return out };
            let pair = usize::from(first) << 8 | usize::from(second);
            let (from, length) = (pair >> 4, (pair & 0xF) + 2);
            if from == end {
                return out;
            }
            for step in 0..length {
                let byte = window[(from + step) % WINDOW];
                end = put(&mut out, &mut window, byte);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_unpacked() {
        let packed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0, 0x0a, 0,
            0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09,
            0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];
        let expected = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n";
        assert_eq!(unpack(&packed).as_deref(), Some(&expected[..]));
    }

    #[test]
    fn stored_text_is_taken_as_it_is_and_rubbish_is_not() {
        let stored = [&[0; 4][..], &3u32.to_le_bytes(), b"MELA", &[0; 4], b"{a}b"].concat();
        assert_eq!(unpack(&stored).as_deref(), Some(&b"{a}"[..]));
        assert_eq!(unpack(b"short"), None);
        assert_eq!(unpack(&[7; 40]), None);
    }
}
