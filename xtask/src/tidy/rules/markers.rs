//! What is not finished is an issue, not a mark in the source.

use crate::tidy::{Finding, Rule, code, house::House};

pub(crate) const RULE: Rule =
    Rule { name: "markers", says: "no mark of unfinished work, no macro left from debugging", check };

const MARKS: &[&str] = &["TODO", "FIXME", "XXX"];
const MACROS: &[&str] = &["todo!", "unimplemented!", "dbg!"];
/// Scripts and texts in which a mark may hide.
const TEXTS: &[&str] = &["md", "toml", "css", "js", "html", "sh", "py", "sql"];

fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in house.texts() {
        let mut found = Vec::new();
        if file.has_extension("rs") {
            let parted = code::part(text);
            found.extend(MARKS.iter().flat_map(|mark| with(&parted.comments, mark)));
            found.extend(MACROS.iter().flat_map(|mark| with(&parted.code, mark)));
        } else if TEXTS.iter().any(|kind| file.has_extension(kind)) || text.starts_with("#!") {
            found.extend(MARKS.iter().flat_map(|mark| with(text, mark)));
        }
        found.sort_unstable();
        findings.extend(found.into_iter().map(|(line, mark)| {
            let what = format!("`{mark}`, expected finished work or an issue");
            Finding::new(&RULE, &file.path, line, what)
        }));
    }
    findings
}

fn with(text: &str, mark: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    code::lines_with(text, mark).into_iter().map(move |line| (line, mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_in_comments_and_macros_in_code_are_found() {
        let text =
            "//! x\n// TODO: later\nfn f() { todo!() }\nconst A: &str = \"TODO dbg!\";\nfn todo() {}\n";
        let house = House::of(&[("crates/model/src/a.rs", text), ("run", "#!/bin/sh\n# FIXME\n")]);
        let found: Vec<(String, usize)> =
            check(&house).into_iter().map(|finding| (finding.file, finding.line)).collect();
        let source = "crates/model/src/a.rs".to_owned();
        assert_eq!(found, [(source.clone(), 2), (source, 3), ("run".to_owned(), 2)]);
    }
}
