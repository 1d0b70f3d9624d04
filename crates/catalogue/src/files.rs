//! The catalogue's files as texts: embedded in the binary, overlaid by a hospital's own.

use crate::error::Problem;
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../catalogue");

/// Path inside the catalogue -> text. A path is relative and uses `/`.
#[derive(Clone, Debug, Default)]
pub struct Files {
    texts: BTreeMap<String, String>,
    overlay: Vec<String>,
}

impl Files {
    /// The files that the binary carries.
    pub fn embedded() -> Self {
        let mut texts = BTreeMap::new();
        collect(&EMBEDDED, &mut texts);
        Self { texts, overlay: Vec::new() }
    }

    /// Puts a hospital's files over these: a file of the same path replaces ours, another is added.
    #[must_use]
    pub fn overlaid(mut self, overlay: BTreeMap<String, String>) -> Self {
        self.overlay.extend(overlay.keys().cloned());
        self.texts.extend(overlay);
        self
    }

    /// One file's text.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// The files under a folder, by path.
    pub fn in_folder<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.texts
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// A misspelt path in an overlay would be silently without effect, so it is an error.
    pub(crate) fn check_names(&self, problems: &mut Vec<Problem>) {
        let known = Self::embedded();
        for path in &self.overlay {
            let adds_a_document = [("criteria/", ".toml"), ("messages/replies/", "")]
                .iter()
                .any(|(folder, kind)| path.starts_with(folder) && path.ends_with(kind));
            if known.get(path).is_none() && !adds_a_document {
                problems.push(Problem {
                    file: path.clone(),
                    line: 1,
                    what: "no such file in the catalogue; expected the path of a file to replace, or a new \
                           criteria/NAME.toml or messages/replies/LANGUAGE/NAME.txt"
                        .to_owned(),
                });
            }
        }
    }
}

fn collect(dir: &Dir<'_>, texts: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        if let Some(text) = file.contents_utf8() {
            texts.insert(file.path().to_string_lossy().replace('\\', "/"), text.to_owned());
        }
    }
    // Compiled into the crate extraction: a text put over it would be without effect.
    let read = |sub: &&Dir<'_>| !sub.path().ends_with("vocabulary");
    for sub in dir.dirs().filter(read) {
        collect(sub, texts);
    }
}
