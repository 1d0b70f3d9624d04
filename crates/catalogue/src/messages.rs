//! Sentences for people, by key, in every language.

use crate::{error::Problem, files::Files, table};
use cartulary_model::{Lang, Text};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The sentences of `messages/*.csv`. A sentence may hold `{name}` places.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    texts: BTreeMap<String, Text>,
}

impl Messages {
    /// The sentence of a key; the key itself when there is none, so that a gap is seen and nothing breaks.
    pub fn get(&self, key: &str) -> Text {
        self.texts.get(key).cloned().unwrap_or_else(|| Text::new(key, key))
    }

    /// The sentence in one language.
    pub fn text<'a>(&'a self, key: &'a str, lang: Lang) -> &'a str {
        self.texts.get(key).map_or(key, |text| text.in_lang(lang))
    }

    /// Whether the key has a sentence.
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// The sentence with its places filled, the same value in both languages.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> Text {
        let mut text = self.get(key);
        for (name, value) in values {
            let place = format!("{{{name}}}");
            text.en = text.en.replace(&place, value);
            text.zh = text.zh.replace(&place, value);
        }
        text
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    key: String,
    en: String,
    zh: String,
}

pub(crate) fn load(files: &Files, problems: &mut Vec<Problem>) -> Messages {
    // Below them lie the templates of messages, which `replies` reads.
    let is_table = |path: &str| path.matches('/').count() == 1;
    let paths = files.in_folder("messages/").map(|(path, _)| path).filter(|path| is_table(path));
    let paths: Vec<String> = paths.map(str::to_owned).collect();
    let mut texts = BTreeMap::new();
    for path in paths {
        for row in table::read::<Row>(files, &path, problems) {
            let mut problem =
                |what: String| problems.push(Problem { file: path.clone(), line: row.line, what });
            if row.of.en.is_empty() || row.of.zh.is_empty() {
                problem(format!("`{}` needs a sentence in both languages", row.of.key));
            }
            if places(&row.of.en) != places(&row.of.zh) {
                problem(format!("`{}` has other places in English than in Chinese", row.of.key));
            }
            let text = Text::new(row.of.en, row.of.zh);
            if texts.insert(row.of.key.clone(), text).is_some() {
                problem(format!("`{}` stands twice", row.of.key));
            }
        }
    }
    Messages { texts }
}

/// The names of a sentence's places, sorted.
fn places(sentence: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
    names.sort_unstable();
    names
}
