//! The clinical core computes: no file, no socket, no process, no environment, no clock, no async.
//!
//! So it cannot fail for a technical reason, and the same papers give the same evaluation on any day and machine.

use crate::tidy::{Finding, Rule, code, house::House};

pub(crate) const RULE: Rule = Rule {
    name: "purity",
    says: "the clinical core opens no file or socket, starts no process, reads no clock and no environment",
    check,
};

/// The crates of the core, which take data and give data back.
const PURE: &[&str] =
    &["model", "catalogue", "extraction", "criteria", "criteria-export", "outcomes", "figures", "report"];
/// Reading opens the model files and measures its own time, and no more.
const READS_FILES: &[&str] = &["reading"];

const FOR_NO_ONE: &[&str] = &["std::net", "std::process", "std::env", "tokio", "SystemTime", "Zoned::now"];
const FOR_NO_PURE: &[&str] =
    &["std::fs", "std::io::stdin", "File::open", "Instant::now", "Timestamp::now", "std::thread"];

fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in house.rust().filter(|(file, _)| file.is_crate_source()) {
        let folder = file.crate_folder().unwrap_or_default();
        let forbidden: Vec<&str> = if PURE.contains(&folder) {
            FOR_NO_ONE.iter().chain(FOR_NO_PURE).copied().collect()
        } else if READS_FILES.contains(&folder) {
            FOR_NO_ONE.iter().copied().filter(|path| *path != "std::env").collect()
        } else {
            continue;
        };
        for (line, path) in reaches(text, &forbidden) {
            let what = format!("crate {folder} uses {path}, expected it as an argument from the binary");
            findings.push(Finding::new(&RULE, &file.path, line, what));
        }
    }
    findings
}

/// The forbidden paths that a source reaches outside of its tests, in `use` declarations or in place.
fn reaches(text: &str, forbidden: &[&str]) -> Vec<(usize, String)> {
    let code = code::without_tests(&code::part(text).code);
    let mut reached = Vec::new();
    for path in forbidden {
        reached.extend(code::lines_with(&code, path).into_iter().map(|line| (line, (*path).to_owned())));
    }
    for (line, used) in code::used_paths(&code) {
        let used = used.trim_end_matches("::self").split(" as ").next().unwrap_or_default().to_owned();
        let found = forbidden.iter().find(|path| used == **path || used.starts_with(&format!("{path}::")));
        reached.extend(found.map(|path| (line, (*path).to_owned())));
    }
    reached.sort();
    reached.dedup();
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&House::of(&[(path, text)])).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_file_or_clock_in_the_core_is_found() {
        let text = "//! x\nuse std::{\n    fs,\n    io::Read,\n};\nfn f() { std::env::var(\"A\"); }\n\
                    fn g() { jiff::Zoned::now(); }\n";
        assert_eq!(lines("crates/criteria/src/a.rs", text), [2, 6, 7]);
    }

    #[test]
    fn words_and_tests_are_not_code() {
        let text =
            "//! No std::fs here.\nconst A: &str = \"std::fs\";\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert_eq!(lines("crates/model/src/a.rs", text), Vec::<usize>::new());
    }

    #[test]
    fn reading_opens_model_files_but_no_socket() {
        let text = "//! x\nuse std::fs;\nuse std::net::TcpStream;\n";
        assert_eq!(lines("crates/reading/src/a.rs", text), [3]);
    }

    #[test]
    fn the_binary_may() {
        assert_eq!(lines("crates/cartulary/src/a.rs", "//! x\nuse std::fs;\n"), Vec::<usize>::new());
        assert_eq!(lines("crates/model/tests/a.rs", "//! x\nuse std::fs;\n"), Vec::<usize>::new());
    }
}
