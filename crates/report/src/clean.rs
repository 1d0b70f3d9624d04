//! Text of documents is hostile: it may hold terminal codes, or marks that turn the reading direction and make
//! `05` look like `50`. Escaping for HTML is the templates' work; this removes what escaping leaves alone.

/// Replaces control characters and overrides of direction, one for one, so that character positions stay true.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if is_harmful(c) { '\u{FFFD}' } else { c }).collect()
}

fn is_harmful(c: char) -> bool {
    let is_direction_override = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    is_direction_override || matches!(c, '\u{2028}' | '\u{2029}') || (c.is_control() && c != '\t')
}

/// The BCP 47 tag of a quote, from its script: the reader's language says nothing of a paper's.
pub(crate) fn language_of(text: &str) -> &'static str {
    let has = |range: std::ops::RangeInclusive<char>| text.chars().any(|c| range.contains(&c));
    if has('\u{3040}'..='\u{30FF}') {
        "ja"
    } else if has('\u{AC00}'..='\u{D7AF}') {
        "ko"
    } else if has('\u{3400}'..='\u{9FFF}') || has('\u{2160}'..='\u{2169}') {
        "zh-Hans"
    } else if has('\u{0600}'..='\u{06FF}') {
        "und-Arab"
    } else if has('\u{0400}'..='\u{04FF}') {
        "und-Cyrl"
    } else {
        "en"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_overrides_are_seen_and_do_nothing() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\0"), "a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}");
    }

    #[test]
    fn arabic_marks_and_letters_stay() {
        let text = "تقرير \u{200f}CT";
        assert_eq!(clean(text), text);
        assert_eq!(language_of(text), "und-Arab");
    }
}
