//! Roman numerals read twice.
//!
//! The network knows `Ⅲ` as one character and `I` as another, and often reads both from the same strokes: `ⅢI`, `ⅢⅢ`, `ⅡI`.
//! No paper writes such a number. What was seen is kept beside it.

use crate::ocr::ctc::Decoded;

/// A numeral that was read twice is less sure than a line is.
const CONFIDENCE: f32 = 0.75;

/// Writes a numeral that was read twice once.
pub(crate) fn settle(line: &mut Decoded) {
    let text: Vec<char> = line.text.chars().collect();
    let mut kept = String::new();
    let mut edges: Vec<f32> = line.edges.first().copied().into_iter().collect();
    let mut at = 0;
    while at < text.len() {
        let strokes = text[at..].iter().take_while(|c| is_stroke(**c)).count();
        let (sign, length) = match doubled(&text, at, strokes) {
            Some(sign) => (sign, strokes),
            None => (text[at], 1),
        };
        kept.push(sign);
        at += length;
        edges.push(line.edges[at]);
    }
    if kept != line.text {
        line.confidence = line.confidence.min(CONFIDENCE);
        line.edges = edges;
        let read = std::mem::replace(&mut line.text, kept);
        line.seen.get_or_insert(read);
    }
}

fn is_stroke(c: char) -> bool {
    matches!(c, 'Ⅰ' | 'Ⅱ' | 'Ⅲ' | 'I' | 'l' | '|' | '川')
}

/// The numeral that a run of strokes is: of more than one sign, one of them two or three strokes in one.
fn doubled(text: &[char], at: usize, strokes: usize) -> Option<char> {
    let run = &text[at..at + strokes];
    let before = at.checked_sub(1).map(|at| text[at]);
    let after = text.get(at + strokes);
    let apart =
        !before.is_some_and(|c| c.is_ascii_alphabetic()) && !after.is_some_and(char::is_ascii_lowercase);
    if strokes < 2 || !apart {
        return None;
    }
    let three = run.iter().any(|c| matches!(c, 'Ⅲ' | '川'));
    let two = run.contains(&'Ⅱ');
    (three && run.iter().any(|c| *c != '川')).then_some('Ⅲ').or_else(|| two.then_some('Ⅱ'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(text: &str) -> Decoded {
        let count = text.chars().count();
        let edges = (0..=count).map(|at| at as f32 / count as f32).collect();
        let mut line =
            Decoded { text: text.to_owned(), confidence: 0.99, edges, seen: None, ..Decoded::default() };
        settle(&mut line);
        assert_eq!(line.edges.len(), line.text.chars().count() + 1);
        line
    }

    #[test]
    fn a_numeral_is_written_once() {
        for (read, expected) in [
            ("ⅢI", "Ⅲ"),
            ("ⅢII", "Ⅲ"),
            ("ⅢⅢ", "Ⅲ"),
            ("Ⅲ川", "Ⅲ"),
            ("IⅢ度血小板减少", "Ⅲ度血小板减少"),
            ("分期为ⅢIA期", "分期为ⅢA期"),
            ("ⅡI", "Ⅱ"),
            ("抗凝血酶ⅢI", "抗凝血酶Ⅲ"),
        ] {
            let line = settled(read);
            assert_eq!(line.text, expected, "{read}");
            assert_eq!(line.seen.as_deref(), Some(read));
            assert!(line.confidence < 0.8);
        }
    }

    #[test]
    fn what_was_read_once_stays() {
        for read in ["Ⅲ", "Ⅱ/Ⅲ", "Ⅱ1期", "III", "IIIA", "川", "四川川芎", "Ⅰ～Ⅱ类", "ⅣA期", "I→II"]
        {
            let line = settled(read);
            assert_eq!(line.text, read);
            assert_eq!(line.seen, None);
        }
    }
}
