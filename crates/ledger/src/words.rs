//! Texts to the words by which they are found.
//!
//! Chinese has no spaces and the databases no dictionary, so words are made here and both engines index the same: words of
//! letters and digits for scripts with spaces, each pair of neighbouring characters for Chinese, Japanese and Korean.
//! A query is cut in the same way, and finds what has all its words.

use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// Longer runs of letters are no words; they would only be found by whoever knows all of them.
const LONGEST: usize = 64;

/// The words of a text, each with how often it stands there. A lone Chinese character is a word where it stands alone.
///
/// Width and form are set to one (NFKC), capitals and accents do not count.
pub fn words(text: &str) -> BTreeMap<String, u32> {
    words_by(text, std::convert::identity)
}

/// The same, with one letter for those that `letter` takes for each other, such as traditional and simplified characters.
pub(crate) fn words_by(text: &str, letter: fn(char) -> char) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::new();
    let mut take = |word: String| *found.entry(word).or_insert(0) += 1;
    each_run(text, letter, |run| match run {
        Run::Spaced(word) => take(word),
        Run::Dense(characters) if characters.len() == 1 => take(characters[0].to_string()),
        Run::Dense(characters) => characters.windows(2).for_each(|pair| take(pair.iter().collect())),
    });
    found
}

/// A person's name, number or address in the form in which it is compared: without spaces, signs, width and capitals.
pub fn same(text: &str) -> String {
    same_by(text, std::convert::identity)
}

/// The same, with one letter for those that `letter` takes for each other.
pub(crate) fn same_by(text: &str, letter: fn(char) -> char) -> String {
    text.nfkc()
        .map(letter)
        .flat_map(char::to_lowercase)
        .filter(|letter| letter.is_alphanumeric() || *letter == '@')
        .collect()
}

enum Run {
    Spaced(String),
    Dense(Vec<char>),
}

fn each_run(text: &str, one_for: fn(char) -> char, mut give: impl FnMut(Run)) {
    let mut word = String::new();
    let mut dense = Vec::new();
    // Decomposed, marks can be left out; what remains is composed again by being compared in the same form.
    for letter in text.nfkd().map(one_for).flat_map(char::to_lowercase) {
        if unicode_normalization::char::is_combining_mark(letter) {
            continue;
        }
        let is_dense = is_dense(letter);
        if !dense.is_empty() && !is_dense {
            give(Run::Dense(std::mem::take(&mut dense)));
        }
        let is_letter = letter.is_alphanumeric() && !is_dense;
        if !word.is_empty() && !is_letter {
            end(&mut word, &mut give);
        }
        if is_dense {
            dense.push(letter);
        } else if is_letter {
            word.push(letter);
        }
    }
    end(&mut word, &mut give);
    if !dense.is_empty() {
        give(Run::Dense(dense));
    }
}

fn end(word: &mut String, give: &mut impl FnMut(Run)) {
    let word = std::mem::take(word);
    if !word.is_empty() && word.len() <= LONGEST {
        give(Run::Spaced(word));
    }
}

/// Scripts that are written without spaces: Han, kana, Hangul (whose particles cling to words).
fn is_dense(letter: char) -> bool {
    matches!(u32::from(letter),
        0x1100..=0x11FF | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        words(text).into_keys().collect()
    }

    #[test]
    fn latin_words_lose_capitals_width_and_accents() {
        assert_eq!(
            all("Diffuse, LARGE-cell Ｌｙｍｐｈｏｍａ (Müller) CD20+"),
            ["cd20", "cell", "diffuse", "large", "lymphoma", "muller"]
        );
        assert_eq!(words("a b a")["a"], 2);
    }

    #[test]
    fn chinese_is_cut_into_overlapping_pairs() {
        assert_eq!(all("弥漫大B细胞淋巴瘤"), ["b", "巴瘤", "弥漫", "淋巴", "漫大", "细胞", "胞淋"]);
        assert_eq!(all("淋巴"), ["淋巴"]);
        assert_eq!(all("男，58岁"), ["58", "岁", "男"]);
    }

    #[test]
    fn each_word_of_a_part_is_a_word_of_the_whole() {
        let whole = words("患者确诊弥漫大B细胞淋巴瘤 stage IV");
        assert!(words("淋巴瘤").keys().all(|word| whole.contains_key(word)));
        assert!(words("确诊").keys().all(|word| whole.contains_key(word)));
        assert!(!words("白血病").keys().all(|word| whole.contains_key(word)));
    }

    #[test]
    fn names_are_compared_without_what_writing_adds() {
        assert_eq!(same("ＷＡＮＧ Xiao-ming"), "wangxiaoming");
        assert_eq!(same("+86 138-0013 8000"), "8613800138000");
        assert_eq!(same("王 小明"), same("王小明"));
    }

    #[test]
    fn letters_that_are_taken_for_each_other_make_the_same_words() {
        let letter = |char| if char == '\u{5f4c}' { '\u{5f25}' } else { char };
        assert_eq!(words_by("\u{5f4c}漫", letter), words("\u{5f25}漫"));
        assert_eq!(same_by("\u{5f4c} 漫", letter), same("\u{5f25}漫"));
    }

    #[test]
    fn endless_runs_of_letters_are_no_words() {
        assert!(all(&"x".repeat(1_000_000)).is_empty());
    }
}
