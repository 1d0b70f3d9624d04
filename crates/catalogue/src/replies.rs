//! What the department writes to people: templates of messages, a folder a language, a file a template.
//!
//! ```text
//! messages/replies/en/language.csv     the language's name in itself, and which way it is written
//! messages/replies/en/call_us.txt      "# Call us", an empty line, the text with its {places}
//! messages/replies/de/papers.csv       what papers are called, where messages/ask.csv does not speak the language
//! ```

use crate::{error::Problem, files::Files, table};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

const FOLDER: &str = "messages/replies/";
/// The places that every template may have.
const PLACES: [&str; 7] = ["name", "case", "site", "place", "phone", "mail", "hours"];
/// The templates that answers are put together of, each with the place that it must have.
const PARTS: [(&str, Option<&str>); 7] = [
    ("greeting", Some("name")),
    ("greeting_plain", None),
    ("thanks", None),
    ("ask", Some("papers")),
    ("paper", Some("paper")),
    ("no_opinion", None),
    ("close", None),
];
/// The languages of `messages/ask.csv`, which says what the papers are called.
const IN_ASK: [&str; 2] = ["en", "zh"];

/// The templates in all languages, in the order of their tags.
#[derive(Clone, Debug, Default)]
pub struct Replies {
    languages: Vec<ReplyLanguage>,
}

impl Replies {
    /// The languages, English and Chinese among them.
    pub fn languages(&self) -> &[ReplyLanguage] {
        &self.languages
    }

    /// The language of a tag such as `zh` or `zh-CN`.
    pub fn language(&self, tag: &str) -> Option<&ReplyLanguage> {
        let first = tag.split(['-', '_']).next().unwrap_or_default();
        self.languages.iter().find(|of| of.tag.eq_ignore_ascii_case(first))
    }
}

/// One language of the messages.
#[derive(Clone, Debug)]
pub struct ReplyLanguage {
    /// Its folder, for example `en`.
    pub tag: String,
    /// Its name in itself.
    pub name: String,
    /// Which way it is written: `ltr` or `rtl`.
    pub written: String,
    templates: BTreeMap<String, Template>,
    papers: BTreeMap<String, String>,
}

#[derive(Clone, Debug)]
struct Template {
    title: String,
    text: String,
}

impl ReplyLanguage {
    /// A template with its places filled; nothing of the values is taken for a place. Empty without such a template.
    pub fn fill(&self, id: &str, values: &[(&str, &str)]) -> String {
        let Some(template) = self.templates.get(id) else { return String::new() };
        let mut filled = String::new();
        for piece in template.text.split_inclusive(['{', '}']) {
            let name = piece.strip_suffix('}');
            let value = name.and_then(|name| values.iter().find(|(of, _)| *of == name));
            match value {
                Some((_, value)) => filled.push_str(value),
                None => filled.push_str(piece.strip_suffix('{').unwrap_or(piece)),
            }
        }
        filled
    }

    /// What a template is called; empty without such a template.
    pub fn title(&self, id: &str) -> &str {
        self.templates.get(id).map_or("", |of| &of.title)
    }

    /// Every template: its id, what it is called, its text with the places unfilled.
    pub fn templates(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.templates.iter().map(|(id, of)| (id.as_str(), of.title.as_str(), of.text.as_str()))
    }

    /// The templates to insert by hand: those that no answer is put together of.
    pub fn offered(&self) -> impl Iterator<Item = &str> {
        let is_part = |id: &str| PARTS.iter().any(|(part, _)| *part == id);
        self.templates.keys().map(String::as_str).filter(move |id| !is_part(id))
    }

    /// What a paper is called, where this language has words of its own for it.
    pub fn paper(&self, key: &str) -> Option<&str> {
        self.papers.get(key).map(String::as_str)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    written: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paper {
    key: String,
    text: String,
}

#[derive(Deserialize)]
struct Asked {
    key: String,
}

pub(crate) fn load(files: &Files, problems: &mut Vec<Problem>) -> Replies {
    let tags: BTreeSet<&str> = files
        .in_folder(FOLDER)
        .filter_map(|(path, _)| path[FOLDER.len()..].split_once('/'))
        .map(|(tag, _)| tag)
        .collect();
    let tags: BTreeSet<&str> = tags.into_iter().chain(IN_ASK).collect();
    let languages: Vec<_> = tags.into_iter().map(|tag| language(files, tag, problems)).collect();
    let all: BTreeSet<&String> = languages.iter().flat_map(|of| of.templates.keys()).collect();
    for language in &languages {
        for id in all.iter().filter(|id| !language.templates.contains_key(**id)) {
            let file = format!("{FOLDER}{}/{id}.txt", language.tag);
            problems.push(Problem { file, line: 1, what: "is missing: another language has it".to_owned() });
        }
    }
    Replies { languages }
}

fn language(files: &Files, tag: &str, problems: &mut Vec<Problem>) -> ReplyLanguage {
    let folder = format!("{FOLDER}{tag}/");
    let named = named(files, &folder, problems);
    let mut templates = BTreeMap::new();
    for (path, text) in files.in_folder(&folder) {
        if let Some(id) = path[folder.len()..].strip_suffix(".txt")
            && let Some(template) = template(path, id, text, problems)
        {
            templates.insert(id.to_owned(), template);
        }
    }
    for (id, _) in PARTS.iter().filter(|(id, _)| files.get(&format!("{folder}{id}.txt")).is_none()) {
        let what = "is missing: answers are put together of it".to_owned();
        problems.push(Problem { file: format!("{folder}{id}.txt"), line: 1, what });
    }
    let papers = papers(files, tag, &folder, problems);
    ReplyLanguage { tag: tag.to_owned(), name: named.name, written: named.written, templates, papers }
}

fn named(files: &Files, folder: &str, problems: &mut Vec<Problem>) -> Named {
    let file = format!("{folder}language.csv");
    let rows = table::read::<Named>(files, &file, problems);
    let row = rows.into_iter().next();
    let is_fit = |of: &Named| !of.name.is_empty() && ["ltr", "rtl"].contains(&of.written.as_str());
    if let Some(row) = &row
        && !is_fit(&row.of)
    {
        let what = "expected the language's name, and `ltr` or `rtl`".to_owned();
        problems.push(Problem { file, line: row.line, what });
    }
    row.map_or(Named { name: String::new(), written: String::new() }, |row| row.of)
}

/// A heading, and the text below it.
fn template(path: &str, id: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Template> {
    let mut problem = |line: usize, what: String| {
        problems.push(Problem { file: path.to_owned(), line: u64::try_from(line).unwrap_or(1), what });
    };
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let title = first.strip_prefix("# ").map(str::trim).unwrap_or_default();
    if title.is_empty() || rest.trim().is_empty() {
        problem(1, "expected `# ` and what the template is called, and its text below".to_owned());
        return None;
    }
    let needed = PARTS.iter().find(|(part, _)| *part == id).and_then(|(_, place)| *place);
    let mut has_needed = needed.is_none();
    for (number, line) in text.lines().enumerate() {
        for place in places(line) {
            has_needed |= Some(place) == needed;
            if Some(place) != needed && !PLACES.contains(&place) {
                problem(
                    number + 1,
                    format!("`{{{place}}}` is no place of it; expected one of {}", expected(needed)),
                );
            }
        }
    }
    if let Some(needed) = needed.filter(|_| !has_needed) {
        problem(1, format!("`{{{needed}}}` is missing: without it the message says nothing"));
    }
    Some(Template { title: title.to_owned(), text: rest.trim().to_owned() })
}

fn expected(needed: Option<&str>) -> String {
    let all: Vec<String> = needed.into_iter().chain(PLACES).map(|place| format!("{{{place}}}")).collect();
    all.join(" ")
}

/// What stands between braces; nothing after a brace that is never shut, which is no place either.
fn places(line: &str) -> impl Iterator<Item = &str> {
    line.split('{').skip(1).map(|rest| rest.split_once('}').map_or("", |(name, _)| name))
}

/// Names of papers; a language that `ask.csv` does not speak names all that stand there.
fn papers(files: &Files, tag: &str, folder: &str, problems: &mut Vec<Problem>) -> BTreeMap<String, String> {
    let file = format!("{folder}papers.csv");
    let is_in_ask = IN_ASK.contains(&tag);
    if is_in_ask && files.get(&file).is_none() {
        return BTreeMap::new();
    }
    let rows = table::read::<Paper>(files, &file, problems);
    let papers: BTreeMap<String, String> = rows.into_iter().map(|row| (row.of.key, row.of.text)).collect();
    let mut unheard = Vec::new();
    let asked = table::read::<Asked>(files, "messages/ask.csv", &mut unheard);
    for row in asked.iter().filter(|row| !is_in_ask && papers.get(&row.of.key).is_none_or(String::is_empty)) {
        let what = format!("`{}` of messages/ask.csv has no name here", row.of.key);
        problems.push(Problem { file: file.clone(), line: 1, what });
    }
    papers
}
