//! Breaking text into lines of a width, in columns of the terminal: a Chinese character takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// Fills a text up with spaces to a number of columns.
pub(super) fn pad(text: &str, to: usize) -> String {
    let missing = to.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(missing))
}

/// Breaks a text into lines of at most `width` columns.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if columns(&line) + columns(piece.trim_end()) > width && !line.is_empty() {
            lines.push(line.trim_end().to_owned());
            line = String::new();
        }
        for part in split_long(piece, width) {
            if !line.is_empty() && columns(&line) + columns(part.trim_end()) > width {
                lines.push(line.trim_end().to_owned());
                line = String::new();
            }
            line.push_str(part);
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Pieces that are not broken: a word with the space after it, or one wide character with the closing marks after
/// it, because no line begins with a full stop.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        let may_break = previous.is_some_and(|before| {
            let is_wide = |c: char| c.width() == Some(2);
            (before == ' ' && c != ' ')
                || ((is_wide(before) || is_wide(c)) && !is_closing(c) && !is_opening(before))
        });
        if may_break {
            pieces.push(&text[start..at]);
            start = at;
        }
        previous = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

fn is_closing(c: char) -> bool {
    "，。、；：！？）】》」』”’%,.;:!?)]}".contains(c) || c == ' '
}

fn is_opening(c: char) -> bool {
    "（【《「『“‘([{".contains(c)
}

/// A piece longer than a line, cut hard.
fn split_long(piece: &str, width: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut taken) = (0, 0);
    for (at, c) in piece.char_indices() {
        let wide = c.width().unwrap_or(0);
        if taken + wide > width && c != ' ' {
            parts.push(&piece[start..at]);
            (start, taken) = (at, 0);
        }
        taken += wide;
    }
    parts.push(&piece[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_asked() {
        let text = "复发时间：2023年3月（R-CHOP结束后3个月），转化为高级别B细胞淋巴瘤。 Ask for the discharge summary.";
        for width in [8, 13, 20, 41, 80] {
            for line in wrap(text, width) {
                // A closing mark may hang over by its own width rather than begin a line.
                assert!(columns(&line) <= width + 2, "{width}: {line}");
                assert!(!line.starts_with(['，', '。', '）']), "{line}");
            }
        }
    }

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(wrap("after two lines of therapy", 10), ["after two", "lines of", "therapy"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut() {
        assert_eq!(wrap("abcdefghijkl", 8), ["abcdefgh", "ijkl"]);
    }
}
