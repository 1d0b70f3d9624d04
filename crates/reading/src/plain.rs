//! Plain text: which encoding, and the text itself.
//!
//! Chinese hospital exports are GB18030 as often as UTF-8; papers from Taiwan and Hong Kong are Big5. None says so.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The encoding, or nothing when the bytes are no text.
pub(crate) fn encoding_of(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    if let Some(encoding) = utf16_without_bom(sample) {
        return Some(encoding);
    }
    if control_share(sample) > 0.005 {
        return None;
    }
    if std::str::from_utf8(bytes).is_ok() || valid_but_for_its_end(sample) {
        return Some(UTF_8);
    }
    legacy(sample)
}

/// The text; what cannot be decoded becomes U+FFFD.
pub(crate) fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    let (text, _, _) = encoding.decode(bytes);
    text.into_owned()
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

/// UTF-16 shows itself by line ends and spaces, whose one byte is zero.
fn utf16_without_bom(sample: &[u8]) -> Option<&'static Encoding> {
    let pairs = sample.len() / 2;
    if pairs < 4 || sample.len() % 2 == 1 {
        return None;
    }
    let blank = |low: usize| {
        let is_blank = |pair: &&[u8]| pair[1 - low] == 0 && matches!(pair[low], b'\n' | b' ' | b'0'..=b'9');
        sample.chunks_exact(2).filter(is_blank).count()
    };
    let zero_pairs = sample.chunks_exact(2).filter(|pair| **pair == [0, 0]).count();
    let (little, big) = (blank(0), blank(1));
    let clear = |a: usize, b: usize| a * 50 > pairs && b * 10 < a && zero_pairs == 0;
    if clear(little, big) {
        Some(UTF_16LE)
    } else if clear(big, little) {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn control_share(sample: &[u8]) -> f32 {
    let is_control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c);
    let controls = sample.iter().filter(is_control).count();
    controls as f32 / sample.len().max(1) as f32
}

/// A sample may be cut inside a character.
fn valid_but_for_its_end(sample: &[u8]) -> bool {
    std::str::from_utf8(sample)
        .err()
        .is_some_and(|error| error.error_len().is_none() && error.valid_up_to() > 0)
}

/// GB18030 or Big5 by the share of everyday characters, else Western, else no text.
fn legacy(sample: &[u8]) -> Option<&'static Encoding> {
    let score = |encoding: &'static Encoding, everyday: fn(u8) -> bool| {
        let (text, malformed) = encoding.decode_without_bom_handling(sample);
        let wrong = text.chars().filter(|c| *c == '\u{fffd}').count();
        // One wrong character is the cut end of the sample; more is another encoding.
        let plausible = !malformed || wrong * 200 <= text.chars().count().max(200);
        plausible.then(|| everyday_share(sample, everyday))
    };
    let simplified = score(GB18030, |lead| (0xB0..=0xD7).contains(&lead)).unwrap_or(0.0);
    let traditional = score(BIG5, |lead| (0xA4..=0xC6).contains(&lead)).unwrap_or(0.0);
    if simplified.max(traditional) > 0.6 {
        // The ranges overlap; what Big5 alone can have is a second byte below 0xA1.
        let by_trail = low_trail_share(sample) > 0.15;
        let is_big5 = traditional > 0.6 && (by_trail || traditional > simplified + 0.1);
        return Some(if is_big5 { BIG5 } else { GB18030 });
    }
    let high = sample.iter().filter(|byte| **byte >= 0x80).count();
    (high * 10 < sample.len()).then_some(WINDOWS_1252)
}

/// Share of double-byte characters whose lead byte is in the range of everyday characters or punctuation.
fn everyday_share(sample: &[u8], everyday: fn(u8) -> bool) -> f32 {
    let leads = lead_and_trail(sample);
    let punctuation = |lead: u8| matches!(lead, 0xA1..=0xA3);
    let hits = leads.iter().filter(|(lead, _)| everyday(*lead) || punctuation(*lead)).count();
    hits as f32 / leads.len().max(1) as f32
}

fn low_trail_share(sample: &[u8]) -> f32 {
    let pairs = lead_and_trail(sample);
    let low = pairs.iter().filter(|(_, trail)| *trail < 0xA1).count();
    low as f32 / pairs.len().max(1) as f32
}

fn lead_and_trail(sample: &[u8]) -> Vec<(u8, u8)> {
    let mut pairs = Vec::new();
    let mut bytes = sample.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte >= 0x81
            && let Some(trail) = bytes.next()
        {
            pairs.push((byte, trail));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "姓名：王某  性别：女  年龄：52岁\n诊断：弥漫大B细胞淋巴瘤，Ki-67 80%。\n";
    const TRADITIONAL: &str = "診斷：瀰漫性大B細胞淋巴瘤，病人接受六個療程的化學治療。\n";

    fn round_trip(text: &str, encoding: &'static Encoding) {
        let (bytes, _, _) = encoding.encode(text);
        let found = encoding_of(&bytes).expect("text");
        assert_eq!(decode(&bytes, found), text, "{}", found.name());
    }

    #[test]
    fn simplified_chinese_is_read_as_gb18030() {
        round_trip(REPORT, GB18030);
        round_trip(REPORT, UTF_8);
    }

    #[test]
    fn traditional_chinese_is_read_as_big5() {
        round_trip(TRADITIONAL, BIG5);
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
