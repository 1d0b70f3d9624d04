//! Looks for words in bytes, in every dress in which a programme may have written them.

use std::{
    collections::BTreeMap,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

/// The words to look for, in all forms, by their first bytes.
pub(crate) struct Searcher {
    /// By their first four bytes.
    forms: BTreeMap<[u8; 4], Vec<Form>>,
    /// Which pairs of bytes begin a form at all, so that most places are passed by one look.
    begins: Vec<bool>,
    words: Vec<String>,
}

/// A word in one form.
struct Form {
    bytes: Vec<u8>,
    word: usize,
    name: &'static str,
}

/// A word that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) word: String,
    pub(crate) form: &'static str,
    pub(crate) place: PathBuf,
}

/// Packed things within packed things are opened so deep.
const DEPTH: u32 = 3;
/// No more of a packed thing is looked at.
const UNPACKED: u64 = 64 * 1024 * 1024;

impl Searcher {
    pub(crate) fn new(words: &[String]) -> Self {
        let mut searcher =
            Self { forms: BTreeMap::new(), begins: vec![false; 65_536], words: words.to_vec() };
        for (number, word) in words.iter().enumerate() {
            for (form, bytes) in forms(word) {
                let begin: [u8; 4] = bytes[..4].try_into().unwrap();
                searcher.begins[usize::from(begin[0]) << 8 | usize::from(begin[1])] = true;
                searcher.forms.entry(begin).or_default().push(Form { bytes, word: number, name: form });
            }
        }
        searcher
    }

    /// All hits in the files of a folder, links not followed; with the number of bytes that were looked at.
    pub(crate) fn folder(&self, folder: &Path, hits: &mut Vec<Hit>) -> u64 {
        let mut looked = 0;
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            self.bytes(entry.file_name().as_encoded_bytes(), &path, 0, hits);
            if kind.is_dir() {
                looked += self.folder(&path, hits);
            } else if kind.is_file()
                && let Ok(bytes) = fs::read(&path)
            {
                looked += bytes.len() as u64;
                self.bytes(&bytes, &path, DEPTH, hits);
            }
        }
        looked
    }

    /// All hits in some bytes and in what is packed within them.
    pub(crate) fn bytes(&self, bytes: &[u8], place: &Path, depth: u32, hits: &mut Vec<Hit>) {
        for at in 0..bytes.len().saturating_sub(3) {
            if !self.begins[usize::from(bytes[at]) << 8 | usize::from(bytes[at + 1])] {
                continue;
            }
            let begin: [u8; 4] = bytes[at..at + 4].try_into().unwrap();
            for Form { bytes: form, word, name } in self.forms.get(&begin).into_iter().flatten() {
                if bytes[at..].starts_with(form) {
                    hits.push(Hit { word: self.words[*word].clone(), form: name, place: place.to_owned() });
                }
            }
        }
        if depth > 0 {
            self.packed(bytes, place, depth - 1, hits);
        }
    }

    fn packed(&self, bytes: &[u8], place: &Path, depth: u32, hits: &mut Vec<Hit>) {
        for at in 0..bytes.len().saturating_sub(18) {
            let rest = &bytes[at..];
            let unpacked = if rest.starts_with(&[0x1f, 0x8b, 8]) {
                unpacked(flate2::read::GzDecoder::new(rest))
            } else if rest.starts_with(b"PK\x03\x04") {
                zip_member(rest)
            } else if rest[0] == 0x78 && matches!(rest[1], 0x01 | 0x5e | 0x9c | 0xda) {
                unpacked(flate2::read::ZlibDecoder::new(rest))
            } else {
                continue;
            };
            if !unpacked.is_empty() {
                self.bytes(&unpacked, &place.join("(unpacked)"), depth, hits);
            }
        }
    }
}

/// What comes out until the end, or until it is damaged.
fn unpacked(from: impl std::io::Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.take(UNPACKED).read_to_end(&mut bytes);
    bytes
}

/// The content of a member of a zip file that begins here.
fn zip_member(bytes: &[u8]) -> Vec<u8> {
    if bytes.len() < 30 || bytes[8] != 8 {
        return Vec::new();
    }
    let length = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let begin = 30 + length(26) + length(28);
    bytes.get(begin..).map(|rest| unpacked(flate2::read::DeflateDecoder::new(rest))).unwrap_or_default()
}

/// A word as it may have been written.
pub(crate) fn forms(word: &str) -> Vec<(&'static str, Vec<u8>)> {
    let plain = word.as_bytes().to_vec();
    let little: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let hex: String = plain.iter().map(|byte| format!("{byte:02x}")).collect();
    let escaped: String =
        word.chars().map(|char| if char.is_ascii() { char.to_string() } else { escape(char) }).collect();
    let mut forms = vec![
        ("plain", plain.clone()),
        ("UTF-16 LE", little),
        ("UTF-16 BE", big),
        ("hex", hex.clone().into_bytes()),
        ("HEX", hex.to_uppercase().into_bytes()),
    ];
    if !word.is_ascii() {
        forms.push(("escaped", escaped.into_bytes()));
    }
    for (name, shift) in [("base64", 0), ("base64 + 1", 1), ("base64 + 2", 2)] {
        forms.push((name, base64_within(&plain, shift)));
    }
    forms
}

/// As JSON may have it.
fn escape(char: char) -> String {
    let mut units = [0; 2];
    char.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// The letters of base64 that stand for these bytes whatever is around them, where they begin at this place of a group.
fn base64_within(bytes: &[u8], shift: usize) -> Vec<u8> {
    let padded: Vec<u8> = std::iter::repeat_n(0, shift).chain(bytes.iter().copied()).collect();
    let whole = base64(&padded);
    // Letters that hold bits of what is before or behind are cut off.
    let begin = (shift * 8).div_ceil(6);
    whole[begin..padded.len() * 8 / 6].to_vec()
}

/// Base64 without padding.
pub(crate) fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    bits.chunks(6)
        .map(|chunk| {
            let value = chunk.iter().fold(0, |value, bit| value << 1 | bit) << (6 - chunk.len());
            LETTERS[usize::from(value)]
        })
        .collect()
}
