//! HTML: paragraphs and table rows as a browser would show them; scripts, styles and hidden elements are not text.
//!
//! Tokens come from a parser that follows the standard. The tree is not built: a page of a million nested elements is
//! as cheap as any other.

mod writer;

use crate::failure::Failure;
use crate::manuscript::{Block, Enclosure, Manuscript};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use mail_parser::decoders::base64::base64_decode;
use writer::Writer;
pub(crate) use writer::superscript;

/// Elements whose contents nobody sees.
const UNSEEN: &[&str] = &[
    "script", "style", "head", "template", "noscript", "iframe", "object", "svg", "math", "select", "title",
];
/// Elements that have no end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
/// Elements that end the line before and after them.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];
/// Elements that are closed by the next of their kind when nobody closed them.
const CLOSED_BY_NEXT: &[&str] = &["p", "li", "td", "th", "tr", "dd", "dt", "option"];

/// The words of a page.
pub(crate) fn read(html: &str) -> Manuscript {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut reader = Page::default();
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => reader.opened(&tag),
            Token::EndTag(tag) => reader.closed(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    Manuscript { pictures: reader.pictures, ..reader.writer.finish() }
}

/// Of the two forms of one letter the one that says more. HTML keeps cells apart, so it is taken where they differ
/// little and it has a table.
pub(crate) fn fuller(text: Manuscript, page: Manuscript) -> Manuscript {
    let (short, long) = (text.characters(), page.characters());
    let has_rows = page.blocks.iter().any(|block| matches!(block, Block::Row(_)));
    let says_more = long * 2 > short * 3;
    if says_more || !page.pictures.is_empty() || (has_rows && long * 2 > short) { page } else { text }
}

#[derive(Default)]
struct Page {
    writer: Writer,
    /// The hidden element we are in, and how many of the same name are open in it.
    hidden: Option<(String, usize)>,
    preformatted: usize,
    pictures: Vec<Enclosure>,
}

impl Page {
    fn opened(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        if let Some((hidden, depth)) = &mut self.hidden {
            if *hidden != name {
                return;
            }
            if !CLOSED_BY_NEXT.contains(&name.as_str()) {
                *depth += 1;
                return;
            }
            self.hidden = None;
        }
        let void = VOID.contains(&name.as_str()) || tag.self_closing;
        if !void && (UNSEEN.contains(&name.as_str()) || is_hidden(tag)) {
            self.hidden = Some((name, 1));
            return;
        }
        match name.as_str() {
            "img" => self.picture(tag),
            "br" => self.writer.end_line(),
            "table" => self.writer.open_table(),
            "tr" => self.writer.open_row(),
            "td" | "th" => self.writer.open_cell(span(tag)),
            "pre" => self.preformatted += 1,
            "sup" => self.writer.set_raised(true),
            "li" => self.writer.end_line(),
            _ => {}
        }
        if BLOCKS.contains(&name.as_str()) && name != "table" {
            self.writer.end_line();
        }
    }

    /// A picture that the page carries in itself. Nothing is fetched from elsewhere.
    fn picture(&mut self, tag: &StartTag<()>) {
        let Some(source) = tag.attributes.get(&b"src"[..]) else { return };
        let source = String::from_utf8_lossy(source);
        let Some((_, packed)) =
            source.split_once(";base64,").filter(|(head, _)| head.starts_with("data:image/"))
        else {
            return;
        };
        let name = format!("picture {}", self.pictures.len() + 1);
        let bytes = base64_decode(packed.as_bytes());
        self.pictures.push((name, bytes.ok_or_else(|| Failure::damaged("the picture is not base64"))));
    }

    fn closed(&mut self, name: &str) {
        if let Some((hidden, depth)) = &mut self.hidden {
            if hidden == name {
                *depth -= 1;
            }
            // The head ends where the body begins, whether or not somebody says so.
            if *depth == 0 || (hidden == "head" && name == "body") {
                self.hidden = None;
            }
            return;
        }
        match name {
            "table" => self.writer.close_table(),
            "tr" => self.writer.close_row(),
            "td" | "th" => self.writer.close_cell(),
            "sup" => self.writer.set_raised(false),
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            _ if BLOCKS.contains(&name) => self.writer.end_line(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        if self.preformatted > 0 {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.writer.end_line();
                }
                self.writer.verbatim(line);
            }
        } else {
            self.writer.words(text);
        }
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(value).to_ascii_lowercase())
}

fn span(tag: &StartTag<()>) -> usize {
    attribute(tag, "colspan").and_then(|span| span.trim().parse().ok()).unwrap_or(1)
}

/// Whether the element says of itself that it is not shown. What style sheets say of it is not known here.
fn is_hidden(tag: &StartTag<()>) -> bool {
    let style: String =
        attribute(tag, "style").unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    let says =
        |declaration: &str| style.split(';').any(|said| said.trim_end_matches("!important") == declaration);
    tag.attributes.contains_key(&b"hidden"[..])
        || ["display:none", "visibility:hidden", "font-size:0", "font-size:0px", "opacity:0", "mso-hide:all"]
            .into_iter()
            .any(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_page_without_what_nobody_sees() {
        let html = "<html><head><title>x</title><style>p{color:red}</style></head><body>\
            <p>Ki-67 <b>80</b>%,  CD20&nbsp;(+)<br>PLT &lt; 50 &times; 10<sup>9</sup>/L\
            <script>document.write('<p>no lymphoma</p>')</script><p style='display: none'>hidden</p>\
            <p hidden>hidden too<p>seen<!-- not this --></body></html>";
        assert_eq!(read(html).text(), "Ki-67 80%, CD20 (+)\nPLT < 50 × 10⁹/L\nseen");
    }

    #[test]
    fn cells_of_a_table_stay_apart() {
        let html = "<p>Labs</p><table><tr><th>Item<th>Value</tr><tr><td>PLT</td><td>45</td></tr>\
            <tr><td colspan=2>see below</table>after";
        assert_eq!(read(html).text(), "Labs\nItem\tValue\nPLT\t45\nsee below\nafter");
    }

    #[test]
    fn a_table_that_only_lays_out_the_page_is_read_through() {
        let html =
            "<table><tr><td><p>Dear doctors,</p><table><tr><td>PLT<td>45</tr></table><p>Yours</p></table>";
        assert_eq!(read(html).text(), "Dear doctors,\nPLT\t45\nYours");
    }

    #[test]
    fn preformatted_lines_stay_lines() {
        assert_eq!(read("<pre>WBC  3.1\nHb    90</pre>").text(), "WBC  3.1\nHb    90");
    }

    #[test]
    fn a_hundred_thousand_open_elements_are_read_through() {
        let html = format!("{}deep", "<div><table><tr><td>".repeat(100_000));
        let blocks = read(&html).blocks;
        assert!(matches!(&blocks[..], [Block::Paragraph(text)] if text == "deep"), "{blocks:?}");
    }
}
