//! Reads HTML strictly: every element that is opened is closed in its place, every id stands once.

use quick_xml::{Reader, events::Event};
use std::collections::BTreeSet;

/// What links may lead to, and what they lead to.
pub(crate) struct Document {
    pub(crate) ids: BTreeSet<String>,
    pub(crate) links: BTreeSet<String>,
}

const VOID: [&str; 7] = ["meta", "img", "input", "br", "hr", "link", "col"];

/// Reads a document; panics with the place of the first fault.
pub(crate) fn read(html: &str) -> Document {
    let html = without_raw_text(html);
    let mut reader = Reader::from_str(&html);
    reader.config_mut().check_end_names = false;
    let mut document = Document { ids: BTreeSet::new(), links: BTreeSet::new() };
    let mut open: Vec<String> = Vec::new();
    loop {
        let at = reader.buffer_position();
        match reader.read_event() {
            Err(error) => panic!("at {at}: {error}"),
            Ok(Event::Eof) => break,
            Ok(Event::Start(element)) => {
                let name = element.name().as_ref().to_owned();
                attributes(&element, &mut document);
                if !VOID.contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Ok(Event::Empty(element)) => attributes(&element, &mut document),
            Ok(Event::End(element)) => {
                let name = element.name().as_ref().to_owned();
                assert_eq!(open.pop().as_ref(), Some(&name), "at {at}: {}", &html[at as usize..][..80]);
            }
            Ok(_) => {}
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    document
}

/// The text without ANSI codes.
pub(crate) fn without_ansi(text: &str) -> String {
    let mut plain = String::new();
    for (index, part) in text.split('\u{1b}').enumerate() {
        plain.push_str(if index == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    plain
}

fn attributes(element: &quick_xml::events::BytesStart<'_>, document: &mut Document) {
    for attribute in element.html_attributes() {
        let attribute = attribute.unwrap();
        let value = attribute.value.into_owned();
        match attribute.key.as_ref() {
            "id" => assert!(document.ids.insert(value.clone()), "the id `{value}` stands twice"),
            "href" => {
                let link =
                    value.strip_prefix('#').unwrap_or_else(|| panic!("`{value}` leads out of the file"));
                document.links.insert(link.to_owned());
            }
            _ => {}
        }
    }
}

/// Script and style are no markup.
fn without_raw_text(html: &str) -> String {
    let mut html = html.to_owned();
    for element in ["script", "style"] {
        let close = format!("</{element}>");
        let mut from = 0;
        while let Some(start) = html[from..].find(&format!("<{element}")) {
            let body = from + start + html[from + start..].find('>').unwrap() + 1;
            let end = body + html[body..].find(&close).unwrap();
            html.replace_range(body..end, "");
            from = body + close.len();
        }
    }
    html
}
