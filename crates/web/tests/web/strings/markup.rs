//! Whether all markup of a page is ours: no string became an element, an attribute or an address.

/// Elements that pages have.
const ELEMENTS: &str = " html head meta title link script body a header nav ul ol li form label input button main section \
    aside div span p h1 h2 h3 b i em q s small strong bdi br hr pre dl dt dd table caption thead tbody tr th td time img details \
    summary select option datalist fieldset legend textarea footer article blockquote kbd code progress figure svg g rect \
    path line circle polygon polyline text tspan image defs pattern clippath use desc title template output mark ";

/// Panics where something stands that the pages do not have of themselves.
pub(super) fn expect_ours(html: &str, page: &str) {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        if rest.starts_with("!doctype html") || rest.starts_with('/') {
            continue;
        }
        assert!(!name.is_empty(), "{page}: <{}", start(rest));
        let name = name.to_ascii_lowercase();
        assert!(ELEMENTS.contains(&format!(" {name} ")), "{page}: an element <{}", start(rest));
        rest = attributes(&name, &rest[name.len()..], page);
        // What stands between is no markup until its end.
        if matches!(name.as_str(), "script" | "textarea" | "title") {
            let end =
                rest.find(&format!("</{name}")).unwrap_or_else(|| panic!("{page}: <{name}> without end"));
            rest = &rest[end + 1..];
        }
    }
}

/// Reads the attributes of an element; gives what stands after it.
fn attributes<'a>(element: &str, mut rest: &'a str, page: &str) -> &'a str {
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
            return after;
        }
        let end = rest.find(|sign: char| sign.is_whitespace() || "=>/".contains(sign)).unwrap_or(rest.len());
        let name = &rest[..end];
        let is_name =
            name.bytes().all(|of| of.is_ascii_alphanumeric() || b"-:_".contains(&of)) && !name.is_empty();
        assert!(
            is_name && !name.starts_with("on") && name != "style",
            "{page}: <{element} .. {}",
            start(rest)
        );
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix('=') else { continue };
        let quoted = value
            .strip_prefix('"')
            .unwrap_or_else(|| panic!("{page}: {name} without quotes: {}", start(value)));
        let (value, after) = quoted.split_once('"').unwrap_or_else(|| panic!("{page}: {name} without end"));
        if matches!(name, "href" | "src" | "action" | "formaction" | "data-href") {
            let is_ours = value.is_empty() || value.starts_with('#') || value.starts_with('?');
            let is_path = value.starts_with('/') && !value.starts_with("//") && !value.starts_with("/\\");
            assert!(is_ours || is_path || value.starts_with("otpauth:"), "{page}: <{element} {name}={value}");
        }
        rest = after;
    }
}

fn start(text: &str) -> String {
    text.chars().take(80).collect()
}

#[test]
fn what_is_not_ours_is_seen() {
    for html in [
        "<p onclick=\"x\">",
        "<iframe>",
        "<p>< b",
        "<a href=\"javascript:x\">",
        "<a href=\"//x\">",
        "<p style=\"a\">",
    ] {
        assert!(std::panic::catch_unwind(|| expect_ours(html, "a page")).is_err(), "{html}");
    }
    expect_ours(
        "<!doctype html><p class=\"a\" hidden>a &#60;b <a href=\"/x\">x</a></p><title><b></title>",
        "a page",
    );
}
