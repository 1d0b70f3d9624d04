//! A clone stays small: large files have a script that gets or makes them.

use crate::tidy::{Finding, Rule, house::House};

pub(crate) const RULE: Rule =
    Rule { name: "sizes", says: "a file has at most 1.5 MB, the examples 15 MB together", check };

const FILE: usize = 1_500_000;
const EXAMPLES: usize = 15_000_000;

fn check(house: &House) -> Vec<Finding> {
    let mut findings: Vec<Finding> = house
        .files
        .iter()
        .filter(|file| file.size > FILE)
        .map(|file| {
            let what = format!("{} bytes, expected at most {FILE}", file.size);
            Finding::new(&RULE, &file.path, 1, what)
        })
        .collect();
    let examples: usize =
        house.files.iter().filter(|file| file.path.starts_with("examples/")).map(|file| file.size).sum();
    if examples > EXAMPLES {
        let what = format!("{examples} bytes in all files, expected at most {EXAMPLES}");
        findings.push(Finding::new(&RULE, "examples", 1, what));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_and_large_examples_are_found() {
        let large = "x".repeat(FILE + 1);
        let names: Vec<String> = (0..10).map(|number| format!("examples/{number}")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), large.as_str())).collect();
        assert_eq!(check(&House::of(&files)).len(), 11);
        assert_eq!(check(&House::of(&[("a", "x")])), []);
    }
}
