//! The strings, from their file.

use std::fmt;

const FILE: &str = include_str!("../../naughty.tsv");

/// A string, of bytes that need not be UTF-8.
#[derive(Clone)]
pub(super) struct Naughty {
    pub(super) category: &'static str,
    pub(super) bytes: Vec<u8>,
}

impl fmt::Debug for Naughty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short: String = String::from_utf8_lossy(&self.bytes).chars().take(60).collect();
        write!(f, "{} {short:?}", self.category)
    }
}

impl Naughty {
    /// How a page shows it.
    pub(super) fn shown(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let signs = [('&', "&#38;"), ('<', "&#60;"), ('>', "&#62;"), ('"', "&#34;"), ('\'', "&#39;")];
        text.trim().chars().fold(String::new(), |mut shown, sign| {
            match signs.iter().find(|(of, _)| *of == sign) {
                Some((_, escaped)) => shown.push_str(escaped),
                None => shown.push(sign),
            }
            shown
        })
    }
}

/// All of them.
pub(super) fn naughty() -> Vec<Naughty> {
    FILE.lines().filter(|line| !line.starts_with("# ")).map(read).collect()
}

fn read(line: &'static str) -> Naughty {
    let (category, text) = line.split_once('\t').unwrap();
    let (text, times) =
        text.split_once("\t*").map_or((text, 1), |(text, times)| (text, times.parse().unwrap()));
    Naughty { category, bytes: unescaped(text).repeat(times) }
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut parts = text.split('\\');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    while let Some(part) = parts.next() {
        let rest = if let Some(rest) = part.strip_prefix("u{") {
            let (number, rest) = rest.split_once('}').unwrap();
            let sign = char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap();
            bytes.extend(sign.to_string().bytes());
            rest
        } else if let Some(rest) = part.strip_prefix('x') {
            bytes.push(u8::from_str_radix(&rest[..2], 16).unwrap());
            &rest[2..]
        } else {
            assert!(part.is_empty(), "no escape: \\{part}");
            bytes.push(b'\\');
            parts.next().unwrap_or_default()
        };
        bytes.extend(rest.bytes());
    }
    bytes
}

#[test]
fn the_file_says_bytes() {
    assert_eq!(unescaped("a\\\\u{41}\\u{42}\\xFFc\\\\"), b"a\\u{41}B\xFFc\\");
    assert_eq!(read("long\tab\t*3").bytes, b"ababab");
    let all = naughty();
    let mut categories: Vec<_> = all.iter().map(|of| of.category).collect();
    categories.dedup();
    assert!(categories.len() > 20 && all.iter().any(|of| std::str::from_utf8(&of.bytes).is_err()));
}
