//! Plain text: which encoding, and the text itself.
//!
//! Chinese hospital exports are GB18030 as often as UTF-8; papers from Taiwan and Hong Kong are Big5. None says so.

mod encoding;

use crate::failure::Failure;
use crate::manuscript::Manuscript;
pub(crate) use encoding::encoding_of;
use encoding_rs::{Encoding, UTF_8};

/// The text; what cannot be decoded becomes U+FFFD.
pub(crate) fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    let (text, _, _) = encoding.decode(bytes);
    text.into_owned()
}

/// The text, a paragraph a line. Bytes that are no characters of the encoding are reported.
pub(crate) fn read(bytes: &[u8], encoding: &'static Encoding) -> Manuscript {
    let text = decode(bytes, encoding);
    let mut manuscript = Manuscript::of_text(&text);
    let wrong = text.chars().filter(|c| *c == '\u{fffd}').count();
    if wrong > 0 {
        let detail = format!("{wrong} characters of the text are damaged ({})", encoding.name());
        manuscript.unread.push(Failure::damaged(detail));
    }
    if manuscript.blocks.len() == 1 && text.trim().is_empty() {
        manuscript.blocks.clear();
    }
    manuscript
}

/// The encoding of a page of HTML: what it says of itself, unless its bytes say otherwise.
pub(crate) fn encoding_of_html(bytes: &[u8]) -> &'static Encoding {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let said = head.split("charset=").nth(1).map(|rest| {
        let rest = rest.trim_start_matches(['"', '\'', ' ']);
        rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).next().unwrap_or_default()
    });
    let said = said.and_then(|label| Encoding::for_label(label.as_bytes()));
    let is_valid = |encoding: &&'static Encoding| !encoding.decode_without_bom_handling(bytes).1;
    said.filter(is_valid).or_else(|| encoding_of(bytes)).unwrap_or(UTF_8)
}

/// Whether the text begins with mail headers: at least two of the usual ones before the first empty line.
pub(crate) fn looks_like_mail(bytes: &[u8]) -> bool {
    const USUAL: &[&str] = &[
        "from",
        "to",
        "subject",
        "date",
        "received",
        "message-id",
        "mime-version",
        "return-path",
        "delivered-to",
        "content-type",
        "x-mailer",
    ];
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(16 * 1024)]);
    let mut usual = 0;
    for line in head.lines().take_while(|line| !line.trim().is_empty()) {
        // Continued headers, and the line that mail boxes put before each mail.
        if line.starts_with([' ', '\t']) || line.starts_with("From ") {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return false;
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return false;
        }
        usual += usize::from(USUAL.contains(&name.to_ascii_lowercase().as_str()));
    }
    usual >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

    const REPORT: &str = "姓名：王某  性别：女  年龄：52岁\n诊断：弥漫大B细胞淋巴瘤，Ki-67 80%。\n";

    /// Encoding, then the text in it. Short texts are hard: four characters of GB18030 may be four of Big5.
    const TEXTS: &str = include_str!("../tests/fixtures/encodings.csv");

    #[test]
    fn each_text_is_read_in_its_encoding() {
        let mut wrong = Vec::new();
        for row in TEXTS.lines().skip(1) {
            let (label, text) = row.split_once(',').expect("encoding,text");
            let encoding = Encoding::for_label(label.as_bytes()).expect(label);
            let bytes = match label {
                "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                _ => encoding.encode(text).0.into_owned(),
            };
            let found = encoding_of(&bytes);
            let read = found.map(|found| decode(&bytes, found));
            if read.as_deref() != Some(text) {
                wrong.push(format!("{label}: {text}: {}", read.unwrap_or_default()));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    fn round_trip(text: &str, encoding: &'static Encoding) {
        let (bytes, _, _) = encoding.encode(text);
        let found = encoding_of(&bytes).expect("text");
        assert_eq!(decode(&bytes, found), text, "{}", found.name());
    }

    #[test]
    fn utf_16_is_read_with_and_without_its_mark() {
        let little: Vec<u8> = REPORT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(encoding_of(&little), Some(UTF_16LE));
        let big: Vec<u8> = REPORT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(encoding_of(&big), Some(UTF_16BE));
        let marked: Vec<u8> = [0xFF, 0xFE].into_iter().chain(little).collect();
        let found = encoding_of(&marked).unwrap();
        assert_eq!(decode(&marked, found), REPORT);
    }

    #[test]
    fn western_letters_are_text_and_noise_is_not() {
        round_trip("Sjögren syndrome, 37 °C, follow-up in Köln in two weeks", WINDOWS_1252);
        assert_eq!(encoding_of(&[0, 1, 2, 3, 250, 251, 0, 9]), None);
    }

    #[test]
    fn a_paper_with_colons_is_no_mail() {
        assert!(!looks_like_mail(b"Name: Li\nSex: F\nDiagnosis: FL\n\n"));
        assert!(looks_like_mail(b"Received: x\nFrom: y\n z\nSubject: s\n\nbody"));
    }
}
