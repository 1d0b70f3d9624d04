//! A module says what it is for before it does it.

use crate::tidy::{Finding, Rule, house::House};

pub(crate) const RULE: Rule =
    Rule { name: "module-docs", says: "every Rust source begins with a `//!` sentence", check };

/// Folders of one type a file, where the type carries the headings that the reader needs.
const TYPE_DOCS: &[(&str, &str)] = &[("crates/criteria/src/need/", "/// ## What it asks\n")];

fn check(house: &House) -> Vec<Finding> {
    house
        .rust()
        .filter(|(file, _)| file.crate_folder().is_some() || file.path.starts_with("xtask/"))
        .filter(|(file, text)| {
            !TYPE_DOCS.iter().any(|(folder, heading)| file.path.starts_with(folder) && text.contains(heading))
        })
        .filter(|(_, text)| {
            let first = text.lines().next().unwrap_or_default();
            first.strip_prefix("//! ").is_none_or(|sentence| sentence.trim().is_empty())
        })
        .map(|(file, _)| {
            Finding::new(&RULE, &file.path, 1, "no module doc, expected `//! ` and a sentence on line 1")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_a_sentence_is_found() {
        let house = House::of(&[
            ("crates/model/src/a.rs", "//! Says it.\n"),
            ("crates/model/src/b.rs", "use std::fmt;\n//! Too late.\n"),
            ("crates/criteria/src/need/d.rs", "use a;\n/// ## What it asks\n"),
            ("xtask/src/c.rs", "//!\n"),
        ]);
        let files: Vec<String> = check(&house).into_iter().map(|finding| finding.file).collect();
        assert_eq!(files, ["crates/model/src/b.rs", "xtask/src/c.rs"]);
    }
}
