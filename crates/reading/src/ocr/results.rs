//! Cells that hold nothing but the sign of a result.
//!
//! Alone in its cell, `+` looks like 十 and `±` like 土. Where a page has a column of such signs no cell of it is a ten or the
//! soil. What was seen is kept beside it.

use crate::ocr::ctc::Decoded;
use cartulary_model::Quad;

/// A sign settled by what else is on the page is less sure than a line is.
const CONFIDENCE: f32 = 0.75;

/// Settles lone 十 and 土 on a page that has other lone signs; `has_dashes` says that some were found by their form.
pub(crate) fn settle(lines: &mut [(Quad, Decoded)], has_dashes: bool) {
    let looks_like = |text: &str| match text {
        "十" => Some("+"),
        "土" => Some("±"),
        _ => None,
    };
    let is_sign = |text: &str| matches!(text, "+" | "-" | "—" | "±" | "++" | "+++" | "(+)" | "(-)");
    let alike = lines.iter().filter(|(_, line)| looks_like(&line.text).is_some()).count();
    let signs = lines.iter().filter(|(_, line)| is_sign(&line.text)).count();
    if alike + signs < 2 && !has_dashes {
        return;
    }
    for (_, line) in lines {
        if let Some(sign) = looks_like(&line.text) {
            let read = std::mem::replace(&mut line.text, sign.to_owned());
            line.confidence = line.confidence.min(CONFIDENCE);
            line.seen.get_or_insert(read);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(cells: &[&str]) -> Vec<String> {
        let line = |text: &&str| {
            (
                Quad::upright(0.0, 0.0, 1.0, 1.0),
                Decoded { text: (*text).to_owned(), confidence: 0.9, ..Decoded::default() },
            )
        };
        let mut lines: Vec<(Quad, Decoded)> = cells.iter().map(line).collect();
        settle(&mut lines, false);
        lines.into_iter().map(|(_, line)| line.text).collect()
    }

    #[test]
    fn a_column_of_signs_has_no_tens_in_it() {
        assert_eq!(settled(&["CD19", "十", "CD20", "-"]), ["CD19", "+", "CD20", "-"]);
        assert_eq!(settled(&["十", "十", "土"]), ["+", "+", "±"]);
    }

    #[test]
    fn a_ten_among_words_stays() {
        assert_eq!(settled(&["第", "十", "章"]), ["第", "十", "章"]);
        assert_eq!(settled(&["十二指肠", "-", "+"]), ["十二指肠", "-", "+"]);
    }
}
