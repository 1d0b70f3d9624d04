//! The words that must be exactly right: numbers with what stands at them, percentages, signs, flags, Roman numerals.

use crate::pages::fold::{Folded, is_han};
use std::ops::Range;

const FLAGS: &[&str] = &["H", "L", "HH", "LL", "+", "++", "+++", "-", "±", "II", "III", "IV", "VI", "VII"];

/// The places of these words in a text.
#[must_use]
pub fn critical(text: &Folded) -> Vec<Range<usize>> {
    words(text).into_iter().filter(|word| is_critical(&text.chars[word.clone()])).collect()
}

/// Runs without a space, a Chinese character or a separator.
fn words(text: &Folded) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for index in 0..text.chars.len() {
        if is_separator(&text.chars, index) {
            open = false;
        } else {
            match words.last_mut() {
                Some(word) if open && !text.begins[index] => word.end = index + 1,
                _ => words.push(index..index + 1),
            }
            open = true;
        }
    }
    words
}

/// A comma or a colon between figures belongs to the number.
fn is_separator(chars: &[char], index: usize) -> bool {
    let figure = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    match chars[index] {
        ',' | ':' => !(figure(index.checked_sub(1)) && figure(Some(index + 1))),
        ';' | '。' | '、' | '"' | '【' | '】' | '《' | '》' => true,
        other => is_han(other),
    }
}

fn is_critical(word: &[char]) -> bool {
    let text: String = word.iter().collect();
    let bare = text.trim_matches(['(', ')', '[', ']', '.']);
    word.iter().any(|character| character.is_ascii_digit() || matches!(character, '%' | '↑' | '↓' | '±'))
        || FLAGS.contains(&bare)
        || ["(+", "(-", "+)", "-)"].iter().any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let folded = Folded::of(text);
        critical(&folded).into_iter().map(|word| folded.chars[word].iter().collect()).collect()
    }

    #[test]
    fn numbers_signs_and_flags_are_critical() {
        assert_eq!(
            found("Ki-67(约80%+)，MUM1(部分+)，EBER(-)"),
            ["Ki-67(", "80%+)", "MUM1(", "+)", "EBER(-)"]
        );
        assert_eq!(found("PLT 45×10⁹/L ↓ L 1,204 at 08:05"), ["45×109/L", "↓", "L", "1,204", "08:05"]);
        assert_eq!(found("stage III, Ⅳ期 -"), ["III", "IV", "-"]);
    }

    #[test]
    fn words_are_not() {
        assert_eq!(found("弥漫性大细胞淋巴瘤 Liver, spleen: normal - "), ["-"]);
        assert!(found("No effusion; IgM").is_empty());
    }
}
