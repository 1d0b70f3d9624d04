//! A source that one can hold in the head: most have 100 to 400 lines.

use crate::tidy::{Finding, Rule, house::House};

pub(crate) const RULE: Rule =
    Rule { name: "length", says: "a source has at most 600 lines, unless it is listed with a reason", check };

const LIMIT: usize = 600;
const SOURCES: &[&str] = &["rs", "js", "css", "py", "sh", "sql"];

/// Sources that may be longer, and why: a flat list is easy to read at any length.
const LONGER: &[(&str, &str)] = &[];

fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in house.texts() {
        let source = SOURCES.iter().any(|kind| file.has_extension(kind)) || text.starts_with("#!");
        let listed = LONGER.iter().any(|(path, _)| *path == file.path);
        let lines = text.lines().count();
        if source && !listed && lines > LIMIT {
            let what = format!("{lines} lines, expected at most {LIMIT}: part it by what it knows");
            findings.push(Finding::new(&RULE, &file.path, LIMIT + 1, what));
        }
    }
    for (path, reason) in LONGER {
        let gone = house.text_of(path).is_none_or(|text| text.lines().count() <= LIMIT);
        if gone || reason.is_empty() {
            let what = format!("{path} is listed as longer, expected a long file and a reason");
            findings.push(Finding::new(&RULE, file!(), 1, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_source_is_found_and_a_long_table_is_not() {
        let long = "x\n".repeat(LIMIT + 1);
        let house = House::of(&[("a.rs", &long), ("a.csv", &long), ("b.rs", &"x\n".repeat(LIMIT))]);
        let files: Vec<String> = check(&house).into_iter().map(|finding| finding.file).collect();
        assert_eq!(files, ["a.rs"]);
    }
}
