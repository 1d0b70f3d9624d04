//! One crate talks to the terminal; a library that prints would spoil data on standard output.

use crate::tidy::{Finding, Rule, code, house::House};

pub(crate) const RULE: Rule =
    Rule { name: "printing", says: "only the crate cartulary writes to standard output or error", check };

const WAYS: &[&str] =
    &["println!", "eprintln!", "print!", "eprint!", "io::stdout", "io::stderr", "stdout()", "stderr()"];

fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in house.rust().filter(|(file, _)| file.is_crate_source()) {
        let folder = file.crate_folder().unwrap_or_default();
        if folder == "cartulary" {
            continue;
        }
        let code = code::without_tests(&code::part(text).code);
        let mut lines: Vec<usize> = WAYS.iter().flat_map(|way| code::lines_with(&code, way)).collect();
        lines.sort_unstable();
        lines.dedup();
        findings.extend(lines.into_iter().map(|line| {
            let what = format!("crate {folder} prints, expected a value that the crate cartulary prints");
            Finding::new(&RULE, &file.path, line, what)
        }));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_prints_is_found() {
        let text =
            "//! x\nfn f() { println!(\"a\"); }\nfn g() { std::io::stderr().lock(); }\n// println!(\"b\")\n";
        let house = House::of(&[("crates/reading/src/a.rs", text), ("crates/cartulary/src/a.rs", text)]);
        let lines: Vec<usize> = check(&house).into_iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 3]);
    }
}
