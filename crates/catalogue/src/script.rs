//! How characters are written and misread: traditional and simplified, confusions of recognition, common words.

use crate::{error::Problem, files::Files, table};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// The first Han character of the plane that papers use.
const FIRST: u32 = 0x4e00;
/// One past the last.
const LAST: u32 = 0xa000;

/// `hanzi.csv` as a table by character; a constant of the build, so that folding needs no catalogue.
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = (FIRST..LAST).filter_map(char::from_u32).collect();
    let mut problems = Vec::new();
    for row in table::read::<Pair>(&Files::embedded(), "hanzi.csv", &mut problems) {
        if let Some(place) = place(row.of.traditional).and_then(|at| table.get_mut(at)) {
            *place = row.of.simplified;
        }
    }
    table
});

/// The simplified form of a traditional character; any other character itself.
pub fn simplified(of: char) -> char {
    place(of).and_then(|at| SIMPLIFIED.get(at).copied()).unwrap_or(of)
}

fn place(of: char) -> Option<usize> {
    let code = of as u32;
    (FIRST..LAST).contains(&code).then(|| (code - FIRST) as usize)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    traditional: char,
    simplified: char,
}

/// What recognition takes for what.
#[derive(Clone, Debug, Default)]
pub struct Confusions {
    /// Letters that are taken for each other, each with the one that stands for all: `1` and `l` for `i`.
    pub letters: Vec<(String, String)>,
    /// A Han character read in place of another.
    pub han: Vec<(char, char)>,
    /// Whole words that are no words, and what they were.
    pub words: Vec<(String, String)>,
    /// Common words of papers that are no concepts: what a damaged word may have been.
    pub common: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Letter,
    Han,
    Word,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: Kind,
    seen: String,
    meant: String,
    #[serde(rename = "note")]
    _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    word: String,
}

pub(crate) fn load(files: &Files, problems: &mut Vec<Problem>) -> Confusions {
    let mut all = Confusions::default();
    check_pairs(files, problems);
    for row in table::read::<Row>(files, "confusions.csv", problems) {
        let (seen, meant) = (row.of.seen, row.of.meant);
        match row.of.kind {
            Kind::Letter => all.letters.push((seen, meant)),
            Kind::Word => all.words.push((seen, meant)),
            Kind::Han => match (single(&seen), single(&meant)) {
                (Some(seen), Some(meant)) => all.han.push((seen, meant)),
                _ => problems.push(Problem {
                    file: "confusions.csv".into(),
                    line: row.line,
                    what: format!("`{seen}` and `{meant}` are single characters"),
                }),
            },
        }
    }
    all.common =
        table::read::<Word>(files, "words.csv", problems).into_iter().map(|row| row.of.word).collect();
    all
}

fn single(of: &str) -> Option<char> {
    let mut chars = of.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// One-to-one: a character stands once, and what it becomes is not changed again.
fn check_pairs(files: &Files, problems: &mut Vec<Problem>) {
    const PATH: &str = "hanzi.csv";
    let rows = table::read::<Pair>(files, PATH, problems);
    let mut known = BTreeMap::new();
    for row in &rows {
        if known.insert(row.of.traditional, row.of.simplified).is_some() {
            let what = format!("`{}` stands twice", row.of.traditional);
            problems.push(Problem { file: PATH.into(), line: row.line, what });
        }
    }
    for row in rows.iter().filter(|row| known.contains_key(&row.of.simplified)) {
        let what = format!("`{}` is itself changed", row.of.simplified);
        problems.push(Problem { file: PATH.into(), line: row.line, what });
    }
}
