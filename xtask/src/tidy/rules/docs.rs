//! The documents keep up with the house.

use crate::tidy::{Finding, Rule, code, house::House};

pub(crate) const RULE: Rule = Rule {
    name: "docs",
    says: "README and ARCHITECTURE name every crate, links lead somewhere, the changelog is open",
    check,
};

fn check(house: &House) -> Vec<Finding> {
    let mut findings = crates_named(house);
    findings.extend(changelog(house));
    findings.extend(links(house));
    findings
}

fn crates_named(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md"] {
        let text = house.text_of(document).unwrap_or_default();
        for folder in house.crate_folders() {
            if code::lines_with(text, &format!("crates/{folder}")).is_empty() {
                let what = format!("crates/{folder} is not named, expected a sentence about it");
                findings.push(Finding::new(&RULE, document, 1, what));
            }
        }
    }
    findings
}

fn changelog(house: &House) -> Option<Finding> {
    let text = house.text_of("CHANGELOG.md").unwrap_or_default();
    let open = text.lines().any(|line| line.starts_with("## Unreleased"));
    (!open).then(|| Finding::new(&RULE, "CHANGELOG.md", 1, "no section, expected `## Unreleased`"))
}

/// Relative links of Markdown files must lead to a file or folder.
fn links(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in house.texts().filter(|(file, _)| file.has_extension("md")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#', ' ', '\n']).next().unwrap_or_default();
            if target.is_empty() || target.contains(':') || exists(house, &joined(folder, target)) {
                continue;
            }
            let what = format!("a link to `{target}`, expected a file of the repository");
            findings.push(Finding::new(&RULE, &file.path, code::line_of(text, at), what));
        }
    }
    findings
}

fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn exists(house: &House, path: &str) -> bool {
    let inside = format!("{path}/");
    house.files.iter().any(|file| file.path == path || file.path.starts_with(&inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_no_document_names_is_found() {
        let house = House::of(&[
            ("crates/model/src/lib.rs", ""),
            ("README.md", "`crates/models`"),
            ("ARCHITECTURE.md", "### `crates/model`"),
            ("CHANGELOG.md", "## Unreleased\n"),
        ]);
        let found: Vec<String> = check(&house).into_iter().map(|finding| finding.file).collect();
        assert_eq!(found, ["README.md"]);
    }

    #[test]
    fn a_closed_changelog_is_found() {
        assert!(changelog(&House::of(&[("CHANGELOG.md", "## 0.1.0\n")])).is_some());
    }

    #[test]
    fn a_link_to_nothing_is_found() {
        let text = "[a](../b/c.md) [b](#here) [c](c.md#there) [d](gone.md)\n[e](../b) [f](mailto:x)";
        let house = House::of(&[("a/a.md", text), ("b/c.md", ""), ("a/c.md", "")]);
        let found = links(&house);
        assert_eq!(found.len(), 1);
        assert!(found[0].what.contains("gone.md"));
    }
}
