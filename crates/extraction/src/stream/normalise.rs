//! Folding of a line's characters: what means the same is written the same, and blanks that are none are dropped.
//!
//! ## Never
//! A confusion of recognition is not folded here: a character is folded only where it cannot mean another thing.

use super::{is_alphanumeric, is_han};

fn is_cjk(of: char) -> bool {
    // A space between full-width numbers parts them: `４．２１　１０＾９／Ｌ`.
    let full_width_ascii =
        matches!(of, '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}');
    is_han(of) || (matches!(of, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff65}') && !full_width_ascii)
}

/// A line of ASCII, nothing of which is folded but its blanks: most lines of an English paper.
pub(super) fn is_plain(text: &str) -> bool {
    text.is_ascii() && !is_letter_spaced(text)
}

/// The pieces of a plain line with where each begins: a run of blanks is one blank, and none at the line's ends.
pub(super) fn plain(text: &str) -> impl Iterator<Item = (&str, u32)> {
    let mut rest = text.trim();
    let mut at = u32::try_from(text.len() - text.trim_start().len()).unwrap_or(u32::MAX);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        // Up to the second of two blanks; a blank of another kind is written as a plain one.
        let blank = |of: u8| matches!(of, b'\t'..=b'\r' | b' ');
        let bytes = rest.as_bytes();
        if blank(bytes[0]) {
            let behind = rest.trim_start();
            let piece = (" ", at);
            at += u32::try_from(rest.len() - behind.len()).unwrap_or(u32::MAX);
            rest = behind;
            return Some(piece);
        }
        // Nearly every sign is greater than a blank.
        let odd = |at: &usize| {
            let of = bytes[*at];
            of <= b' ' && blank(of) && (of != b' ' || blank(bytes[*at + 1]))
        };
        let end = (0..bytes.len()).find(odd).unwrap_or(bytes.len());
        let piece = (&rest[..end], at);
        at += u32::try_from(end).unwrap_or(u32::MAX);
        rest = &rest[end..];
        Some(piece)
    })
}

/// Folds a line's characters; each keeps the index of the character it came from.
pub(super) fn normalise(text: &str) -> Vec<(char, u32)> {
    let source: Vec<char> = text.chars().collect();
    let mut folded: Vec<(char, u32)> = Vec::with_capacity(source.len());
    let letter_spaced = is_letter_spaced(text);
    let mut index = 0;
    while let Some(&of) = source.get(index) {
        if of.is_whitespace() {
            index = fold_blanks(&source, index, letter_spaced, &mut folded);
            continue;
        }
        let at = u32::try_from(index).unwrap_or(u32::MAX);
        fold(of, folded.last().map(|(last, _)| *last), &mut |into| folded.push((into, at)));
        index += 1;
    }
    folded
}

/// A run of blanks is one blank, and none at a line's ends, inside Chinese, or inside a letter-spaced word.
fn fold_blanks(source: &[char], start: usize, letter_spaced: bool, folded: &mut Vec<(char, u32)>) -> usize {
    let end = (start..source.len()).find(|at| !source[*at].is_whitespace()).unwrap_or(source.len());
    let joins = letter_spaced && end == start + 1 && joins_letters(source, start);
    let inside_chinese =
        start > 0 && is_cjk(source[start - 1]) && source.get(end).copied().is_some_and(is_cjk);
    let parts = folded.last().is_some_and(|(last, _)| *last != ' ') && end < source.len();
    if parts && !joins && !inside_chinese {
        folded.push((' ', u32::try_from(start).unwrap_or(u32::MAX)));
    }
    end
}

/// Whether a line is printed with a blank between every two characters: `C D 2 0 （ ＋ ）`.
fn is_letter_spaced(line: &str) -> bool {
    const FEW: usize = 6;
    let mut words = 0usize;
    let mut single = 0usize;
    let mut rest = line.len();
    for word in line.split_whitespace() {
        // If all that is left were single letters, would it be enough?
        rest = rest.saturating_sub(word.len() + 1);
        if 10 * (single + rest / 2 + 2) < 7 * (words + rest / 2 + 2) {
            return false;
        }
        let one_letter = word.chars().filter(|of| is_alphanumeric(*of)).nth(1).is_none();
        words += 1;
        single += usize::from(one_letter && word.chars().nth(4).is_none());
    }
    words >= FEW && 10 * single >= 7 * words
}

/// Whether a blank of a letter-spaced line stands inside a word: one blank between two single characters, but not
/// behind a unit (`U / L 1 2 0`) and not between Chinese and a number's end.
fn joins_letters(line: &[char], at: usize) -> bool {
    let around = |of: usize| line.get(of).copied().unwrap_or(' ');
    let back = |steps: usize| at.checked_sub(steps).map_or(' ', around);
    let (last, next) = (back(1), around(at + 1));
    let one_blank = !last.is_whitespace() && !next.is_whitespace();
    let single = |of: char, beyond: char| !is_alphanumeric(of) || !is_alphanumeric(beyond);
    let of_single = single(last, back(2)) && single(next, around(at + 2));
    let ends_unit = next.is_ascii_digit() && last.is_alphabetic() && (back(3) == '/' || back(2) == '/');
    let ends_name = next.is_ascii_digit() && is_han(last) && !matches!(last, 'β' | '第' | '约' | '約');
    one_blank && of_single && !ends_unit && !ends_name
}

/// Folds one character; one sign may become several (`Ⅳ` -> `IV`, `⁹` after a digit -> `^9`).
fn fold(of: char, before: Option<char>, push: &mut impl FnMut(char)) {
    if of.is_ascii() {
        push(of);
        return;
    }
    if ('\u{4e00}'..='\u{9fff}').contains(&of) {
        push(cartulary_catalogue::simplified(of));
        return;
    }
    match of {
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => {
            if before.is_some_and(|last| last.is_ascii_digit()) {
                push('^');
            }
            push(superscript_digit(of));
        }
        // A circled number counts items; what follows begins a word.
        '①'..='⑨' => {
            push(char::from_digit(of as u32 - '①' as u32 + 1, 10).unwrap_or(of));
            push(')');
        }
        '，' => push(','),
        '；' => push(';'),
        '：' | '∶' | '﹕' => push(':'),
        '【' | '〔' | '［' => push('['),
        '】' | '〕' | '］' => push(']'),
        '－' | '—' | '–' | '−' | '‐' | '‑' | '―' | '﹣' => push('-'),
        '～' | '〜' | '∼' | '˜' => push('~'),
        '×' | '✕' | '╳' | '＊' => push(if of == '＊' { '*' } else { 'x' }),
        'μ' | 'µ' => push('u'),
        '‹' | '﹤' | '〈' => push('<'),
        '›' | '﹥' | '〉' => push('>'),
        '≧' | '⩾' => push('≥'),
        '≦' | '⩽' => push('≤'),
        '⬆' | '🠕' | '⇧' | '▲' => push('↑'),
        '⬇' | '🠗' | '⇩' | '▼' => push('↓'),
        // Rules of a table that is drawn with characters.
        '│' | '┃' | '║' | '︱' | '┌' | '┬' | '┐' | '├' | '┼' | '┤' | '└' | '┴' | '┘' =>
        {
            push('|');
        }
        '─' | '━' | '═' => push('-'),
        '’' | '‘' | '＇' => push('\''),
        '“' | '”' | '＂' => push('"'),
        '〇' => push('0'),
        '。' | '、' => push(of),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
        _ => compatibility(of, push),
    }
}

fn superscript_digit(of: char) -> char {
    match of {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        _ => char::from_digit(of as u32 - '⁰' as u32, 10).unwrap_or(of),
    }
}

fn compatibility(of: char, push: &mut impl FnMut(char)) {
    use unicode_normalization::UnicodeNormalization;
    if of.is_ascii() {
        push(of);
        return;
    }
    if is_han(of) {
        push(cartulary_catalogue::simplified(of));
        return;
    }
    for into in std::iter::once(of).nfkc() {
        push(if into == 'μ' { 'u' } else { into });
    }
}
