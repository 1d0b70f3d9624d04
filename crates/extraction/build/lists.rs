//! From one table of word lists to one Rust module; every error has its file and line.

use std::{collections::BTreeSet, fmt::Write};

const PLAIN: &str = "list,word,note";
const CODED: &str = "list,word,code,note";

/// The words of one list, each with its code or none.
#[derive(Default)]
struct List {
    name: String,
    doc: String,
    words: Vec<(String, String)>,
}

/// The module of an area as Rust text, its lists numbered on from `numbered`, to which their words are added; or what is
/// wrong as `file:line: what`.
pub(crate) fn module(
    area: &str,
    table: &str,
    numbered: &mut Vec<Vec<String>>,
) -> Result<String, Vec<String>> {
    let mut problems = Vec::new();
    let lists = read(area, table, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut text = format!("pub(crate) mod {area} {{\n");
    for list in lists {
        let coded = list.words.iter().any(|(_, code)| !code.is_empty());
        let kind = if coded { "Coded" } else { "List" };
        if !list.doc.is_empty() {
            let _ = writeln!(text, "    // {}", list.doc);
        }
        let (name, number) = (list.name.to_uppercase(), numbered.len());
        let _ = writeln!(
            text,
            "    pub(crate) const {name}: &crate::words::{kind} = &crate::words::{kind}::numbered({number}, &["
        );
        numbered.push(list.words.iter().map(|(word, _)| word.clone()).collect());
        for (word, code) in list.words {
            let _ = match coded {
                true => writeln!(text, "        ({word:?}, {code:?}),"),
                false => writeln!(text, "        {word:?},"),
            };
        }
        text.push_str("    ]);\n");
    }
    text.push_str("}\n");
    Ok(text)
}

fn read(area: &str, table: &str, problems: &mut Vec<String>) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    let mut names = BTreeSet::new();
    let mut words = BTreeSet::new();
    let mut lines = table.lines().enumerate().map(|(index, line)| (index + 1, line));
    let header = lines.next().map_or("", |(_, line)| line);
    let mut tell = |line: usize, what: String| problems.push(format!("{area}.csv:{line}: {what}"));
    if header != PLAIN && header != CODED {
        tell(1, format!("the columns are `{header}`; expected `{PLAIN}` or `{CODED}`"));
        return lists;
    }
    let columns = header.split(',').count();
    for (line, row) in lines {
        let cells = match cells(row) {
            Ok(cells) if cells.len() == columns => cells,
            Ok(cells) => {
                tell(
                    line,
                    format!("the row has {} fields; expected {columns}, as the header has", cells.len()),
                );
                continue;
            }
            Err(what) => {
                tell(line, what.to_owned());
                continue;
            }
        };
        let (list, word, note) = (&cells[0], &cells[1], &cells[columns - 1]);
        let code = if header == CODED { cells[2].text.as_str() } else { "" };
        let Some(name) = list.text.strip_prefix(area).and_then(|rest| rest.strip_prefix('.')) else {
            tell(line, format!("the list `{}` is not of this area; expected `{area}.name`", list.text));
            continue;
        };
        if !is_name(name) {
            tell(line, format!("`{name}` names no list; expected a-z, 0-9 and _, a letter first"));
            continue;
        }
        if lists.last().is_none_or(|last| last.name != name) {
            if !names.insert(name.to_owned()) {
                tell(line, format!("`{area}.{name}` goes on here; expected its rows to stand together"));
            }
            words.clear();
            lists.push(List { name: name.to_owned(), doc: note.text.clone(), ..List::default() });
        }
        if word.text.is_empty() {
            tell(line, "the word is empty".to_owned());
        }
        if word.text.trim() != word.text && !word.quoted {
            tell(line, format!("`{}` begins or ends with a space; expected it in quotes", word.text));
        }
        if !words.insert(word.text.clone()) {
            tell(line, format!("`{}` stands twice in `{area}.{name}`", word.text));
        }
        let Some(last) = lists.last_mut() else { continue };
        if last.words.first().is_some_and(|(_, first)| first.is_empty() != code.is_empty()) {
            tell(
                line,
                format!("`{area}.{name}` has words with and without a code; expected one or the other"),
            );
        }
        last.words.push((word.text.clone(), code.to_owned()));
    }
    lists
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|of| of.is_ascii_lowercase() || of.is_ascii_digit() || of == '_')
}

/// A field of a row, and whether it stood in quotes.
#[derive(Default)]
struct Cell {
    text: String,
    quoted: bool,
}

/// The fields of a row; one in quotes may hold commas, and quotes written twice.
fn cells(row: &str) -> Result<Vec<Cell>, &'static str> {
    let mut cells = Vec::new();
    let mut rest = row;
    loop {
        let mut cell = Cell::default();
        if let Some(quoted) = rest.strip_prefix('"') {
            cell.quoted = true;
            rest = quoted;
            loop {
                let end = rest.find('"').ok_or("a quote is not closed on its line")?;
                cell.text.push_str(&rest[..end]);
                rest = &rest[end + 1..];
                match rest.strip_prefix('"') {
                    Some(after) => {
                        cell.text.push('"');
                        rest = after;
                    }
                    None => break,
                }
            }
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            cell.text.push_str(&rest[..end]);
            rest = &rest[end..];
            if cell.text.contains('"') {
                return Err("a quote within a field; expected the whole field in quotes");
            }
        }
        cells.push(cell);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None if rest.is_empty() => return Ok(cells),
            None => return Err("text behind a closing quote; expected a comma"),
        }
    }
}
