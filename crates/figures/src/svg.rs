//! A small writer of SVG: every text and attribute is escaped, every number has one decimal.

/// SVG text under construction.
pub(crate) struct Svg {
    out: String,
}

impl Svg {
    pub(crate) fn new() -> Self {
        Self { out: String::with_capacity(8 * 1024) }
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push('>');
    }

    /// Closes an element.
    pub(crate) fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str("/>");
    }

    /// An element with text.
    pub(crate) fn text(&mut self, name: &str, attributes: &[(&str, &str)], content: &str) {
        self.open(name, attributes);
        escape_into(&mut self.out, content);
        self.close(name);
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            escape_into(&mut self.out, value);
            self.out.push('"');
        }
    }
}

/// A coordinate as SVG writes it.
pub(crate) fn number(value: f64) -> String {
    format!("{value:.1}")
}

/// How wide a text is about, in pixels: a Chinese character is as wide as it is high, a Latin
/// one about 0.6 of it. Nobody knows the reader's font, so this is on the wide side.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|c| match c {
            '\u{1100}'.. => 1.0,
            'i' | 'l' | 'j' | 't' | 'f' | 'r' | '.' | ',' | ':' | ' ' | '(' | ')' | '-' | '·' => 0.4,
            'm' | 'w' | 'M' | 'W' => 0.95,
            'A'..='Z' | '0'..='9' => 0.68,
            _ => 0.61,
        })
        .sum();
    ems * size
}

/// The text cut to a width, with an ellipsis when something was cut.
pub(crate) fn fit(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if text_width(&kept, size) > width - size {
            kept.pop();
            break;
        }
    }
    kept.push('…');
    kept
}

fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML 1.0 has no other control characters.
            c if c.is_control() && !matches!(c, '\t' | '\n') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut svg = Svg::new();
        svg.text("text", &[("class", "a\"b")], "<script>&\u{1b}");
        assert_eq!(svg.finish(), "<text class=\"a&quot;b\">&lt;script&gt;&amp;\u{FFFD}</text>");
    }

    #[test]
    fn a_long_label_is_cut_and_says_so() {
        let cut = fit("高级别B细胞淋巴瘤伴MYC和BCL2重排", 12.0, 100.0);
        assert!(cut.ends_with('…') && text_width(&cut, 12.0) <= 112.0, "{cut}");
        assert_eq!(fit("R-CHOP", 12.0, 100.0), "R-CHOP");
    }
}
