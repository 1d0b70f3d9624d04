//! Which encoding bytes are in, when nobody says so.
//!
//! Each candidate decodes the bytes, and the one whose characters one would expect in a paper wins: everyday Han
//! characters, their punctuation, accents inside of Latin words. Four bytes are often valid in all of them.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes that are looked at.
const SAMPLE: usize = 64 * 1024;
/// A mean score below this is no text.
const LEAST: f32 = 0.1;
/// UTF-16 makes Han characters of anything, so it must be nearly all everyday ones.
const LEAST_UTF_16: f32 = 0.8;
/// More characters of two bytes than this are no accident in UTF-8.
const ACCIDENTS: usize = 8;

/// The encoding, or nothing when the bytes are no text.
pub(crate) fn encoding_of(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if let Some(encoding) = utf_16(sample) {
        return Some(encoding);
    }
    if control_share(sample) > 0.005 {
        return None;
    }
    let is_utf_8 = std::str::from_utf8(bytes).is_ok() || valid_but_for_its_end(sample);
    if is_utf_8 && !may_be_accident(sample) {
        return Some(UTF_8);
    }
    let by_characters =
        [(GB18030, &han as &dyn Fn(&[char], usize) -> f32), (BIG5, &traditional), (WINDOWS_1252, &western)];
    let mut best = is_utf_8.then(|| (UTF_8, mean(sample, UTF_8, &accented)));
    for (encoding, score) in by_characters {
        let score = mean(sample, encoding, score);
        if best.is_none_or(|(_, known)| score > known) {
            best = Some((encoding, score));
        }
    }
    best.filter(|(_, score)| *score > LEAST).map(|(encoding, _)| encoding)
}

/// The mean score of the characters beyond ASCII.
fn mean(sample: &[u8], encoding: &'static Encoding, score: &dyn Fn(&[char], usize) -> f32) -> f32 {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let mut chars: Vec<char> = text.chars().collect();
    // The sample may end inside a character.
    if sample.len() == SAMPLE && chars.last() == Some(&'\u{fffd}') {
        chars.pop();
    }
    let beyond: Vec<usize> = (0..chars.len()).filter(|at| !chars[*at].is_ascii()).collect();
    let sum: f32 =
        beyond.iter().map(|at| if chars[*at] == '\u{fffd}' { -3.0 } else { score(&chars, *at) }).sum();
    if beyond.is_empty() { 1.0 } else { sum / beyond.len() as f32 }
}

/// A character of GB18030: everyday ones are in the first level of GB 2312.
fn han(chars: &[char], at: usize) -> f32 {
    if is_in_latin_word(chars, at) { -0.5 } else { everyday(chars[at], GB18030, 0xB0..=0xD7, 0xD8..=0xF7) }
}

/// A character of Big5, whose everyday ones come first as well.
fn traditional(chars: &[char], at: usize) -> f32 {
    if is_in_latin_word(chars, at) { -0.5 } else { everyday(chars[at], BIG5, 0xA4..=0xC6, 0xC9..=0xF9) }
}

/// A Han character between two small letters is an accent and the letter after it.
fn is_in_latin_word(chars: &[char], at: usize) -> bool {
    let is_letter =
        |index: Option<usize>| index.and_then(|index| chars.get(index)).is_some_and(char::is_ascii_lowercase);
    is_letter(at.checked_sub(1)) && is_letter(Some(at + 1))
}

fn everyday(
    c: char,
    encoding: &'static Encoding,
    often: std::ops::RangeInclusive<u8>,
    seldom: std::ops::RangeInclusive<u8>,
) -> f32 {
    if let Some(score) = sign(c) {
        return score;
    }
    let mut buffer = [0; 4];
    let (bytes, _, _) = encoding.encode(c.encode_utf8(&mut buffer));
    let is_han = matches!(c, '\u{4e00}'..='\u{9fff}');
    match bytes.as_ref() {
        [lead, trail] if is_han && often.contains(lead) && (encoding == BIG5 || *trail >= 0xA1) => 1.0,
        [lead, trail] if is_han && seldom.contains(lead) && (encoding == BIG5 || *trail >= 0xA1) => 0.2,
        _ if is_han => -0.3,
        _ => -1.0,
    }
}

/// The signs of reports, which are no letters.
fn sign(c: char) -> Option<f32> {
    match c {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => Some(0.5),
        '\u{3000}'..='\u{3011}' | '\u{ff01}'..='\u{ff5e}' | '“' | '”' | '‘' | '’' | '—' | '…' | '·' => {
            Some(0.9)
        }
        '×' | '±' | '≥' | '≤' | '°' | '℃' | 'μ' | 'α' | 'β' | 'γ' | 'κ' | 'λ' | '↑' | '↓' | '→' => {
            Some(0.9)
        }
        '①'..='⑩' | '√' | '□' | '■' | '●' | '○' | '★' | '㎡' | 'Ⅰ'..='Ⅹ' => Some(0.8),
        _ => None,
    }
}

/// A character of Windows-1252: accents stand in words, signs apart.
fn western(chars: &[char], at: usize) -> f32 {
    let near = |index: Option<usize>| index.and_then(|index| chars.get(index)).copied().unwrap_or(' ');
    let (before, c, after) = (near(at.checked_sub(1)), chars[at], near(Some(at + 1)));
    let beside_another = !before.is_ascii() || !after.is_ascii();
    match c {
        '°' if matches!(after, 'C' | 'F') => 1.2,
        '°' | '±' | 'µ' | '²' | '³' | '×' | '·' | '½' | '§' | '®' | '©' | '«' | '»' if !beside_another => {
            0.8
        }
        '“' | '”' | '‘' | '’' | '–' | '—' | '…' | '•' | '€' if !beside_another => 0.8,
        // Größe; where Chinese is misread, such pairs do not stand inside of words.
        _ if beside_another && is_inside_word(chars, at) => 0.6,
        _ if beside_another => -0.8,
        _ if c.is_lowercase() && after.is_ascii_uppercase() => -0.5,
        _ if c.is_alphabetic() && (before.is_ascii_alphabetic() || after.is_ascii_alphabetic()) => 1.0,
        _ => -0.5,
    }
}

/// One of two accented small letters between small letters without.
fn is_inside_word(chars: &[char], at: usize) -> bool {
    let is_accented = |c: &char| !c.is_ascii() && c.is_lowercase();
    let from = at - chars[..at].iter().rev().take_while(|c| is_accented(c)).count();
    let run = chars[from..].iter().take_while(|c| is_accented(c)).count();
    let is_letter =
        |index: Option<usize>| index.and_then(|index| chars.get(index)).is_some_and(char::is_ascii_lowercase);
    run == 2 && is_letter(from.checked_sub(1)) && is_letter(Some(from + run))
}

/// A character of two bytes of UTF-8.
fn accented(chars: &[char], at: usize) -> f32 {
    match chars[at] {
        '\u{a0}'..='\u{17f}' | '\u{2c6}'..='\u{2dd}' | '\u{391}'..='\u{3c9}' => 1.2,
        '\u{400}'..='\u{45f}' | '\u{590}'..='\u{6ff}' => 0.6,
        _ => 0.1,
    }
}

/// Valid UTF-8 of a few letters of two bytes, which may be Chinese characters of another encoding.
fn may_be_accident(sample: &[u8]) -> bool {
    let text = String::from_utf8_lossy(sample);
    let beyond = || text.chars().filter(|c| !c.is_ascii());
    let count = beyond().take(ACCIDENTS + 1).count();
    count > 0 && count <= ACCIDENTS && beyond().all(|c| c.len_utf8() == 2)
}

/// UTF-16 without its mark: shown by line ends, spaces and digits, whose one byte is zero, or by everyday characters.
fn utf_16(sample: &[u8]) -> Option<&'static Encoding> {
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
        return Some(UTF_16LE);
    }
    if clear(big, little) {
        return Some(UTF_16BE);
    }
    // Text of one byte a character may have no zeros and be text all the same.
    if zero_pairs > 0 || std::str::from_utf8(sample).is_ok() {
        return None;
    }
    let all = |encoding| {
        let (text, malformed) = Encoding::decode_without_bom_handling(encoding, sample);
        let chars: Vec<char> = text.chars().collect();
        let plausible = |at: usize| {
            if chars[at].is_ascii_graphic() { 1.0 } else { han(&chars, at).max(traditional(&chars, at)) }
        };
        let sum: f32 = (0..chars.len()).map(plausible).sum();
        if malformed { -1.0 } else { sum / chars.len() as f32 }
    };
    let found = [UTF_16LE, UTF_16BE].into_iter().map(|encoding| (encoding, all(encoding)));
    let best = found.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= LEAST_UTF_16).then_some(best.0)
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
