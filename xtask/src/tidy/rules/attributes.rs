//! A lint is switched off only where it is known to fire, and the reason stands beside it.

use crate::tidy::{Finding, Rule, code, house::House};

pub(crate) const RULE: Rule = Rule {
    name: "attributes",
    says: "a lint is silenced by `expect` with a reason, never by `allow`",
    check,
};

fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in house.rust() {
        let code = code::part(text).code;
        for (line, attribute) in attributes(&code) {
            let silences = |word: &str| !code::lines_with(attribute, word).is_empty();
            let what = if silences("allow(") {
                "`allow` of a lint, expected `expect` with a reason"
            } else if silences("expect(") && !silences("reason") {
                "`expect` of a lint without a reason, expected `reason = \"..\"`"
            } else {
                continue;
            };
            findings.push(Finding::new(&RULE, &file.path, line, what));
        }
    }
    findings
}

/// The attributes of a source, with their lines.
fn attributes(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices('#') {
        let open = code[at + 1..].trim_start_matches('!');
        if !open.starts_with('[') {
            continue;
        }
        let mut depth = 0_usize;
        let end = open.char_indices().find_map(|(index, char)| {
            match char {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(index)
        });
        found.push((code::line_of(code, at), &open[..end.unwrap_or(open.len())]));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allow_and_an_expect_without_reason_are_found() {
        let text = "//! x\n#![allow(dead_code)]\n#[expect(dead_code)]\n#[expect(dead_code, reason = \"later\")]\n\
                    #[cfg_attr(test, allow(dead_code))]\nfn f() { a.expect(\"b\"); }\n// #[allow(x)]\n";
        let house = House::of(&[("crates/model/src/a.rs", text)]);
        let lines: Vec<usize> = check(&house).into_iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 3, 5]);
    }
}
