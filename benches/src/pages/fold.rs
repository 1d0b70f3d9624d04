//! What counts as the same character.
//!
//! Full and half width, raised and plain figures, the many dashes and dots: a reader that takes one for the other has read
//! the page. Everything else is an error, 0 for O too.

use unicode_normalization::UnicodeNormalization;

/// A text as it is compared: folded characters without spaces, and before which of them a space stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The characters.
    pub chars: Vec<char>,
    /// Whether a word begins at the character of this index.
    pub begins: Vec<bool>,
}

impl Folded {
    /// Of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folded = Self::default();
        folded.add(text);
        folded
    }

    /// Adds a text that stands apart.
    pub fn add(&mut self, text: &str) {
        let mut begins = true;
        for character in text.nfkc().map(alike) {
            if character.is_whitespace() {
                begins = true;
            } else if !silent(character) {
                self.chars.push(character);
                self.begins.push(begins);
                begins = false;
            }
        }
    }
}

/// Whether it is a Chinese character.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// One of those that look the same.
fn alike(character: char) -> char {
    match character {
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' => '-',
        '〜' | '∼' | '˜' => '~',
        '“' | '”' | '″' => '"',
        '‘' | '’' | '′' | '`' | '´' => '\'',
        '•' | '∙' | '⋅' | '・' | '‧' => '·',
        '⩾' | '≧' => '≥',
        '⩽' | '≦' => '≤',
        '∶' | '꞉' => ':',
        '☐' | '▢' | '◻' => '□',
        '∆' => 'Δ',
        '✕' | '╳' | '⨯' => '×',
        other => other,
    }
}

/// The sign of a power, lines to write on, and what is not seen.
fn silent(character: char) -> bool {
    matches!(character, '^' | '_' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> String {
        Folded::of(text).chars.into_iter().collect()
    }

    #[test]
    fn width_and_height_of_a_character_do_not_count() {
        assert_eq!(chars("Ｋｉ－６７（约８０％＋）"), "Ki-67(约80%+)");
        assert_eq!(chars("45 ×10⁹/L"), chars("45×10^9/L"));
        assert_eq!(chars("∆SUV"), chars("ΔSUV"));
        assert_eq!(chars("3.5–9.5 μmol, Ⅳ期"), chars("3.5-9.5µmol，IV期"));
    }

    #[test]
    fn look_alikes_of_another_meaning_stay_apart() {
        for (one, other) in [("0", "O"), ("l", "1"), ("I", "l"), ("-", "+"), ("≥", ">"), ("。", ".")] {
            assert_ne!(chars(one), chars(other));
        }
    }

    #[test]
    fn it_remembers_where_words_begin() {
        let mut folded = Folded::of("a  bc");
        folded.add("d");
        assert_eq!(folded.begins, [true, true, false, true]);
    }
}
