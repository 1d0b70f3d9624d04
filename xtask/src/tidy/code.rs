//! Rust source parted into code and comments, so that a rule finds what it means and not what a string says.

/// A source, parted. Both parts have the lines of the source; what is not theirs is blank.
#[derive(Debug)]
pub(crate) struct Parted {
    /// Without comments and without the insides of strings and characters.
    pub(crate) code: String,
    /// Only the comments.
    pub(crate) comments: String,
}

/// Parts a source.
pub(crate) fn part(source: &str) -> Parted {
    let chars: Vec<char> = source.chars().collect();
    let mut parted =
        Parted { code: String::with_capacity(source.len()), comments: String::with_capacity(source.len()) };
    let mut at = 0;
    while at < chars.len() {
        let (end, kind) = piece(&chars, at);
        for (index, &char) in chars[at..end].iter().enumerate() {
            let edge = index == 0 || index + 1 == end - at;
            let code = kind == Kind::Code || (kind == Kind::Quoted && edge);
            parted.code.push(if code { char } else { blank(char) });
            parted.comments.push(if kind == Kind::Comment { char } else { blank(char) });
        }
        at = end;
    }
    parted
}

/// The code without the items that are compiled for tests only.
pub(crate) fn without_tests(code: &str) -> String {
    let mut chars: Vec<char> = code.chars().collect();
    let mark: Vec<char> = "#[cfg(test)]".chars().collect();
    let mut at = 0;
    while at + mark.len() <= chars.len() {
        if chars[at..].starts_with(&mark) {
            let end = end_of_item(&chars, at + mark.len());
            for char in &mut chars[at..end] {
                *char = blank(*char);
            }
            at = end;
        } else {
            at += 1;
        }
    }
    chars.into_iter().collect()
}

/// Every path that the code's `use` declarations name, with its line: `use std::{fs, io::Read}` names
/// `std::fs` and `std::io::Read`.
pub(crate) fn used_paths(code: &str) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let begins = !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
        let Some(end) = code[at..].find(';').filter(|_| begins) else { continue };
        let tree: String = code[at + 4..at + end].split_whitespace().collect();
        let line = line_of(code, at);
        branches("", &tree, &mut |path| paths.push((line, path)));
    }
    paths
}

/// The line of a byte offset, from 1.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// The lines on which a word or path stands, with nothing of a name before or behind it.
pub(crate) fn lines_with(text: &str, word: &str) -> Vec<usize> {
    let name = |char: char| char.is_alphanumeric() || char == '_';
    text.match_indices(word)
        .filter(|(at, _)| {
            let bound_before = !word.starts_with(name) || !text[..*at].ends_with(name);
            let bound_behind = !word.ends_with(name) || !text[at + word.len()..].starts_with(name);
            bound_before && bound_behind
        })
        .map(|(at, _)| line_of(text, at))
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Quoted,
}

/// The piece that begins at a place: where it ends, and what it is.
fn piece(chars: &[char], at: usize) -> (usize, Kind) {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => (end_of_line(chars, at), Kind::Comment),
        '/' if next == Some('*') => (end_of_block_comment(chars, at), Kind::Comment),
        '"' => (end_of_string(chars, at + 1), Kind::Quoted),
        '\'' => match end_of_char(chars, at) {
            Some(end) => (end, Kind::Quoted),
            None => (at + 1, Kind::Code),
        },
        'r' if !follows_a_name(chars, at) => match end_of_raw_string(chars, at) {
            Some(end) => (end, Kind::Quoted),
            None => (at + 1, Kind::Code),
        },
        _ => (at + 1, Kind::Code),
    }
}

fn blank(char: char) -> char {
    if char == '\n' { '\n' } else { ' ' }
}

fn end_of_line(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|&char| char == '\n').map_or(chars.len(), |length| at + length)
}

fn end_of_block_comment(chars: &[char], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut here = at;
    while here + 1 < chars.len() {
        match (chars[here], chars[here + 1]) {
            ('/', '*') => {
                depth += 1;
                here += 2;
            }
            ('*', '/') => {
                depth -= 1;
                here += 2;
                if depth == 0 {
                    return here;
                }
            }
            _ => here += 1,
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// The end of a character literal; nothing when the quote begins a lifetime.
fn end_of_char(chars: &[char], at: usize) -> Option<usize> {
    if chars.get(at + 1) == Some(&'\\') {
        let rest = chars.get(at + 3..)?;
        return rest.iter().position(|&char| char == '\'').map(|length| at + 3 + length + 1);
    }
    (chars.get(at + 2) == Some(&'\'')).then_some(at + 3)
}

fn end_of_raw_string(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|&&char| char == '#').count();
    let open = at + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let inside = &chars[open + 1..];
    let length = inside.windows(close.len()).position(|window| window == close).unwrap_or(inside.len());
    Some((open + 1 + length + close.len()).min(chars.len()))
}

/// `r` is the end of a name, as in `for`, unless it stands alone or behind `b` or `c`.
fn follows_a_name(chars: &[char], at: usize) -> bool {
    let name = |index: usize| chars.get(index).is_some_and(|char| char.is_alphanumeric() || *char == '_');
    let Some(before) = at.checked_sub(1).filter(|&before| name(before)) else { return false };
    !matches!(chars[before], 'b' | 'c') || before.checked_sub(1).is_some_and(name)
}

/// The end of the item behind an attribute: its closing brace, or its semicolon.
fn end_of_item(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < chars.len() {
        match chars[at] {
            '{' | '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    chars.len()
}

/// Hands on every leaf of a tree of paths that was written without spaces.
fn branches(prefix: &str, tree: &str, tell: &mut impl FnMut(String)) {
    let Some((head, rest)) = tree.split_once('{') else {
        return tell(format!("{prefix}{tree}"));
    };
    let inside = rest.strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut start) = (0_usize, 0);
    for (at, char) in inside.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                branches(&format!("{prefix}{head}"), &inside[start..at], tell);
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < inside.len() {
        branches(&format!("{prefix}{head}"), &inside[start..], tell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_not_code() {
        let source = "let a = \"// fs\"; // fs\nlet b = r#\"fs \" fs\"#; /* fs /* fs */ fs */ fs();";
        let parted = part(source);
        assert_eq!(lines_with(&parted.code, "fs"), [2]);
        assert_eq!(lines_with(&parted.comments, "fs"), [1, 2, 2, 2]);
        assert_eq!(parted.code.lines().count(), source.lines().count());
    }

    #[test]
    fn a_lifetime_opens_no_character() {
        let parted = part("fn f<'a>(x: &'a str) -> char { '\\'' } fn g() { '\"'; fs(); '{'; }");
        assert_eq!(lines_with(&parted.code, "fs"), [1]);
        assert!(!parted.code.contains("'{'"));
    }

    #[test]
    fn a_module_of_tests_is_left_out() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n  use std::fs; fn b() { {} }\n}\nfn c() {}\n";
        let left = without_tests(code);
        assert!(!left.contains("std::fs"));
        assert!(left.contains("fn c"));
        assert_eq!(left.lines().count(), code.lines().count());
    }

    #[test]
    fn a_function_for_tests_is_left_out() {
        let left = without_tests("#[cfg(test)]\n#[must_use]\nfn of(x: [u8; 2]) -> A { fs() }\nfn c() {}");
        assert!(!left.contains("fs"));
        assert!(left.contains("fn c"));
    }

    #[test]
    fn grouped_imports_are_told_apart() {
        let paths = used_paths("use std::{\n  fs,\n  io::{self, Read},\n};\npub use a::b;");
        let names: Vec<&str> = paths.iter().map(|(_, path)| path.as_str()).collect();
        assert_eq!(names, ["std::fs", "std::io::self", "std::io::Read", "a::b"]);
        assert_eq!(paths[3].0, 5);
    }

    #[test]
    fn a_word_within_a_name_is_another_word() {
        assert_eq!(lines_with("todos\nmy_todo\ntodo!", "todo"), [3]);
    }
}
