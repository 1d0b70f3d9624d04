//! Text that the engine cannot read: other scripts, other languages.
//!
//! A fact is still taken from it where a name is the same in every language; the rest is reported, because silence
//! about a page would look like a page without findings.

use crate::vocabulary::layout::LANGUAGE_ENGLISH;
use cartulary_catalogue::hash::Table;
use std::{borrow::Cow, fmt, sync::LazyLock};

/// Why a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// Letters of a script that the engine has no words of.
    Script(&'static str),
    /// Latin letters, but words of another language.
    Language(&'static str),
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Script(name) => write!(f, "text in {name} script; English and Chinese are read"),
            Self::Language(name) => write!(f, "text in {name}; English and Chinese are read"),
        }
    }
}

/// Share of letters from which a text is of another script.
const MOST: f64 = 0.5;
/// Words a text must have before its language is judged.
const LEAST_WORDS: usize = 12;

/// What the text is written in, if that is neither English nor Chinese.
#[must_use]
pub fn foreign(text: &str) -> Option<Foreign> {
    let text = opening(text);
    other_script(text).map(Foreign::Script).or_else(|| other_language(text).map(Foreign::Language))
}

/// Pieces a text must have before it is called gibberish.
const LEAST_PIECES: usize = 12;

/// Whether the characters are words of no language: what recognition makes of a page whose fonts are lost.
///
/// `1((/.$0$/ 0(',&$/` has hardly a piece that is a word or a number.
#[must_use]
pub fn is_gibberish(text: &str) -> bool {
    let (mut pieces, mut plain) = (0, 0);
    let text = opening(text);
    let mut rest = text.len();
    for piece in text.split_whitespace() {
        pieces += 1;
        plain += usize::from(is_plain_piece(piece));
        // If all that is left were rubbish, a sign and a blank each, would it be enough?
        rest = rest.saturating_sub(piece.len() + 1);
        if 10 * plain >= 3 * (pieces + rest / 2 + 1) {
            return false;
        }
    }
    pieces >= LEAST_PIECES && 10 * plain < 3 * pieces
}

/// A word, a number with its signs, a short name in capitals.
fn is_plain_piece(piece: &str) -> bool {
    const LONGEST_NAME: usize = 5;
    if !piece.is_ascii() && piece.chars().any(|of| !of.is_ascii() && is_letter(of)) {
        return true;
    }
    let bare = piece.trim_matches(|of: char| of.is_ascii_punctuation());
    if bare.is_empty() {
        // A dash or a stroke of a table is neither word nor rubbish.
        return piece.len() == 1;
    }
    let (mut odd, mut letters, mut vowel) = (false, 0, false);
    for of in bare.bytes() {
        letters += usize::from(of.is_ascii_alphabetic());
        vowel |= matches!(of.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
        odd |= !of.is_ascii_alphanumeric() && !b"-/.:,'^*%+~".contains(&of);
    }
    !odd && (letters == 0 || letters <= LONGEST_NAME || vowel)
        && 2 * (piece.len() - bare.len()) <= piece.len()
}

/// So many characters of a text are enough to tell.
const ENOUGH: usize = 1_200;

/// No more bytes of a text are looked at.
pub(crate) const OPENING_BYTES: usize = 4 * ENOUGH;

/// A text keeps its language: its opening tells.
fn opening(text: &str) -> &str {
    if text.len() <= ENOUGH {
        return text;
    }
    // Of ASCII a character is a byte.
    if let Some(opening) = text.get(..ENOUGH).filter(|of| of.is_ascii()) {
        return opening;
    }
    text.char_indices().nth(ENOUGH).map_or(text, |(byte, _)| &text[..byte])
}

fn other_script(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return None;
    }
    let mut letters = 0usize;
    let mut counts = [0usize; SCRIPTS.len()];
    for of in text.chars().filter(|of| is_letter(*of)) {
        letters += 1;
        if of >= FIRST_OF_SCRIPTS
            && !is_ideograph(of)
            && let Some(index) = SCRIPTS.iter().position(|(_, from, to)| (*from..=*to).contains(&of))
        {
            counts[index] += 1;
        }
    }
    let (index, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    (*most >= 8 && *most as f64 > MOST * letters as f64).then(|| SCRIPTS[index].0)
}

/// Before it stands Latin.
const FIRST_OF_SCRIPTS: char = '\u{370}';

const SCRIPTS: [(&str, char, char); 8] = [
    ("Greek", '\u{370}', '\u{3ff}'),
    ("Cyrillic", '\u{400}', '\u{52f}'),
    ("Hebrew", '\u{590}', '\u{5ff}'),
    ("Arabic", '\u{600}', '\u{6ff}'),
    ("Devanagari", '\u{900}', '\u{97f}'),
    ("Thai", '\u{e00}', '\u{e7f}'),
    ("Japanese", '\u{3040}', '\u{30ff}'),
    ("Korean", '\u{ac00}', '\u{d7a3}'),
];

/// Function words tell a language: they are frequent, short and no medical term.
fn other_language(text: &str) -> Option<&'static str> {
    let text = if has_other_capitals(text) { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) };
    let (mut all, mut english) = (0, 0);
    let mut counts = [0; LANGUAGES.len()];
    let mut small = [0u8; LONGEST_WORD];
    for word in text.split(|of: char| !is_letter(of)).filter(|word| !word.is_empty()) {
        all += 1;
        let Some(small) = small.get_mut(..word.len()) else { continue };
        small.copy_from_slice(word.as_bytes());
        small.make_ascii_lowercase();
        for index in OF_LANGUAGES.get(&*small).into_iter().flatten() {
            match counts.get_mut(*index) {
                Some(count) => *count += 1,
                None => english += 1,
            }
        }
    }
    if all < LEAST_WORDS {
        return None;
    }
    let (name, most) = LANGUAGES
        .iter()
        .zip(counts)
        .map(|((name, _), count)| (*name, count))
        .max_by_key(|(_, count)| *count)?;
    (most * 12 >= all && most > 2 * english).then_some(name)
}

/// No function word is longer, in bytes.
const LONGEST_WORD: usize = 16;

/// The text in small letters; most texts have no capitals but those of ASCII.
pub(crate) fn lowered(text: &str) -> String {
    if has_other_capitals(text) { text.to_lowercase() } else { text.to_ascii_lowercase() }
}

/// Whether a text has capitals beside those of ASCII.
fn has_other_capitals(text: &str) -> bool {
    let changes = |of: char| !of.is_ascii() && !is_ideograph(of) && of.to_lowercase().next() != Some(of);
    !text.is_ascii() && text.contains(changes)
}

/// As `char::is_alphabetic`, without a search in its tables for most characters.
fn is_letter(of: char) -> bool {
    if of.is_ascii() {
        return of.is_ascii_alphabetic();
    }
    let sign = matches!(of, '\u{3000}'..='\u{3004}' | '\u{ff00}'..='\u{ff20}');
    is_ideograph(of) || (!sign && of.is_alphabetic())
}

fn is_ideograph(of: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&of)
}

/// For each word the languages that have it; English comes behind the others.
static OF_LANGUAGES: LazyLock<Table<&'static [u8], Vec<usize>>> = LazyLock::new(|| {
    let mut of_word: Table<&'static [u8], Vec<usize>> = Table::default();
    for (index, (_, words)) in LANGUAGES.iter().enumerate() {
        for word in words {
            of_word.entry(word.as_bytes()).or_default().push(index);
        }
    }
    for word in LANGUAGE_ENGLISH {
        of_word.entry(word.as_bytes()).or_default().push(LANGUAGES.len());
    }
    of_word
});

const LANGUAGES: [(&str, [&str; 16]); 7] = [
    (
        "German",
        [
            "der", "die", "das", "und", "mit", "nicht", "wurde", "eine", "einer", "bei", "zur", "nach",
            "ist", "von", "im", "auf",
        ],
    ),
    (
        "French",
        [
            "le", "la", "les", "des", "une", "avec", "est", "dans", "pour", "du", "sur", "et", "pas", "sont",
            "aux", "par",
        ],
    ),
    (
        "Spanish",
        [
            "el", "la", "los", "las", "una", "con", "es", "por", "para", "del", "se", "en", "y", "que",
            "fue", "sin",
        ],
    ),
    (
        "Portuguese",
        [
            "o", "os", "as", "uma", "com", "foi", "não", "por", "para", "da", "do", "em", "e", "que", "dos",
            "sem",
        ],
    ),
    (
        "Italian",
        [
            "il", "lo", "gli", "una", "con", "è", "per", "della", "del", "si", "di", "e", "che", "non",
            "nel", "alla",
        ],
    ),
    (
        "Turkish",
        [
            "ve",
            "ile",
            "bir",
            "bu",
            "olarak",
            "için",
            "olan",
            "hastanın",
            "tedavi",
            "sonra",
            "yok",
            "var",
            "de",
            "da",
            "göre",
            "kadar",
        ],
    ),
    (
        "Vietnamese",
        [
            "và", "của", "bệnh", "không", "có", "được", "là", "với", "các", "cho", "nhân", "trong", "đã",
            "theo", "điều", "trị",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_scripts_and_languages_are_said() {
        let said = |text: &str| foreign(text).map(|of| of.to_string());
        let cases = [
            ("Диагноз: диффузная крупноклеточная В-клеточная лимфома", "Cyrillic"),
            ("تشخيص: ورم لمفي منتشر كبير الخلايا البائية", "Arabic"),
            (
                "Die Patientin wurde mit R-CHOP behandelt und ist nach sechs Zyklen in kompletter Remission",
                "German",
            ),
            (
                "La patiente est en rémission complète après une chimiothérapie par R-CHOP avec les six cures",
                "French",
            ),
        ];
        for (text, name) in cases {
            assert!(said(text).is_some_and(|of| of.contains(name)), "{text}");
        }
    }

    #[test]
    fn characters_of_lost_fonts_are_no_words() {
        let rubbish = "1((/.$0$/ 0(',&$/ &(1/2(  '$.0 ))/&1$ $,/'(0 2&/.( ,$$/1 (0/'&, .,/($1 0&'(/ $1(,/. &/0('$ ,.1/$(";
        assert!(is_gibberish(rubbish));
        let texts = [
            "WBC 4.6 1.9 L 10*9/L 4.0 - 11.0 PLT 188 61 L 150 - 400 ANC 3.2 0.8 L 2.0 - 8.0",
            "CD20 (+) CD3 (-) CD10 (-) BCL6 (+) MUM1 (+) Ki-67 (80%) MYC (40%) BCL2 (90%) EBER (-)",
            "- - + - + | 12 / 7 | 3.4 (1.0 - 4.0) | <0.5 | >= 60 | 98% | 2026-11-02 | 08:15",
            "Диагноз: диффузная крупноклеточная В-клеточная лимфома, стадия IV, после шести курсов терапии, рецидив",
            "患者 确诊 弥漫大B细胞淋巴瘤 ， 予 R-CHOP 方案 化疗 6 周期 ， 疗效 评价 CR 。",
        ];
        for text in texts {
            assert!(!is_gibberish(text), "{text}");
        }
    }

    #[test]
    fn english_chinese_and_lists_are_read() {
        let texts = [
            "She was treated with R-CHOP and is in complete remission after six cycles of it",
            "患者确诊弥漫大B细胞淋巴瘤，予R-CHOP方案化疗6周期，疗效评价CR。",
            "CD20 positive, CD10 negative, BCL6 positive, MUM1 positive, Ki-67 80%, MYC 40%, BCL2 90%",
            "WBC HGB PLT ALT AST LDH TBIL ALB CREA UA GLU K NA CL CA",
            "",
        ];
        for text in texts {
            assert_eq!(foreign(text), None, "{text}");
        }
    }
}
