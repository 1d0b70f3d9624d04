//! The rules of the repository as code, one file each.

mod code;
mod house;
mod licence;
mod rules;

use anyhow::Result;
use house::House;
use std::fmt;

/// One rule: its name, what it says, and how it is checked.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    /// Short, as printed behind a finding.
    pub(crate) name: &'static str,
    /// The rule in one sentence.
    pub(crate) says: &'static str,
    check: fn(&House) -> Vec<Finding>,
}

/// All rules, in the order in which they are checked.
pub(crate) const RULES: &[Rule] = &[
    rules::layers::RULE,
    rules::owners::RULE,
    rules::purity::RULE,
    rules::printing::RULE,
    rules::module_docs::RULE,
    rules::module_files::RULE,
    rules::markers::RULE,
    rules::attributes::RULE,
    rules::length::RULE,
    rules::addresses::RULE,
    rules::whitespace::RULE,
    rules::sizes::RULE,
    rules::docs::RULE,
    rules::commands::RULE,
    rules::licences::RULE,
];

/// A place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    file: String,
    line: usize,
    what: String,
    rule: &'static str,
}

impl Finding {
    fn new(rule: &Rule, file: &str, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into(), rule: rule.name }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {} [{}]", self.file, self.line, self.what, self.rule)
    }
}

/// Checks every rule.
///
/// # Errors
/// When git or cargo cannot say what belongs to the repository.
pub(crate) fn run() -> Result<Vec<Finding>> {
    let house = House::load()?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.check)(&house)).collect();
    findings.sort();
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_rules_differ() {
        let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
    }

    #[test]
    fn a_finding_reads_file_line_what() {
        let finding = Finding::new(&rules::length::RULE, "a.rs", 7, "too long, expected less");
        assert_eq!(finding.to_string(), "a.rs:7: too long, expected less [length]");
    }
}
