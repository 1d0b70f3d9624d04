//! Text that shows no difference where there is none.

use crate::tidy::{Finding, Rule, house::File, house::House};

pub(crate) const RULE: Rule = Rule {
    name: "whitespace",
    says: "no space at the end of a line, no tab in Rust, one newline at the end of a file",
    check,
};

fn check(house: &House) -> Vec<Finding> {
    house.texts().filter(|(file, _)| !is_sample(file)).flat_map(|(file, text)| of(file, text)).collect()
}

fn of(file: &File, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut tell = |line: usize, what: &str| findings.push(Finding::new(&RULE, &file.path, line, what));
    let (mut count, mut carriage_returns) = (0, 0);
    for (index, line) in text.split_terminator('\n').enumerate() {
        count = index + 1;
        if line.ends_with('\r') {
            carriage_returns += 1;
        } else if line.ends_with([' ', '\t']) {
            tell(count, "space at the end of the line, expected none");
        }
        if file.has_extension("rs") && line.contains('\t') {
            tell(count, "a tab, expected spaces");
        }
    }
    if carriage_returns > 0 {
        tell(1, &format!("{carriage_returns} lines end with a carriage return, expected plain newlines"));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        tell(count, "no newline at the end of the file, expected one");
    } else if text.ends_with("\n\n") {
        tell(count, "empty lines at the end of the file, expected none");
    }
    findings
}

/// Papers as sent and recorded answers keep their bytes.
fn is_sample(file: &File) -> bool {
    file.path.contains("/papers/") || file.path.contains("/fixtures/") || file.has_extension("snap")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&House::of(&[(path, text)])).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn spaces_tabs_and_ends_are_found() {
        assert_eq!(lines("a.rs", "a \nb\tc\n\td"), [1, 2, 3, 3]);
        assert_eq!(lines("a.md", "a\n\n"), [2]);
        assert_eq!(lines("a.md", "a\r\nb\n"), [1]);
        assert_eq!(lines("a.csv", "a\tb\n"), Vec::<usize>::new());
    }

    #[test]
    fn papers_keep_their_bytes() {
        assert_eq!(lines("examples/cases/a/papers/a.txt", "a \r\nb"), Vec::<usize>::new());
    }
}
