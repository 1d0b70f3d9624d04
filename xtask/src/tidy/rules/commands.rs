//! The commands that documents give can be run: the package and the target they name are there.

use crate::tidy::{Finding, Rule, house::House};

pub(crate) const RULE: Rule = Rule {
    name: "commands",
    says: "a cargo command in a document names a package of the workspace, and an example, test or bench it has",
    check,
};

/// The flags that name a target, and the folder its file lies in.
const TARGETS: &[(&str, &str)] = &[("--example", "examples"), ("--test", "tests"), ("--bench", "benches")];

fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in house.texts().filter(|(file, _)| file.path.ends_with(".md")) {
        for (index, line) in text.lines().enumerate() {
            for command in line.split("cargo ").skip(1) {
                let command = command.split(['`', '|', '#']).next().unwrap_or_default();
                let what = missing(house, command);
                findings.extend(what.map(|what| Finding::new(&RULE, &file.path, index + 1, what)));
            }
        }
    }
    findings
}

/// What a command names and the repository lacks.
fn missing(house: &House, command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().take_while(|word| *word != "--").collect();
    let behind = |flag: &str| words.iter().position(|word| *word == flag).and_then(|at| words.get(at + 1));
    // `-p CRATE` stands for any.
    let name = *behind("-p").filter(|name| name.contains(|of: char| of.is_ascii_lowercase()))?;
    let Some(package) = house.members.iter().find(|of| of.name == name) else {
        return Some(format!("no package `{name}` in the workspace"));
    };
    let folder = package.manifest_path.strip_suffix("Cargo.toml").unwrap_or_default();
    TARGETS.iter().find_map(|(flag, inside)| {
        let target = *behind(flag)?;
        let of = format!("{folder}{inside}/{target}");
        let there = house
            .files
            .iter()
            .any(|file| file.path == format!("{of}.rs") || file.path.starts_with(&format!("{of}/")));
        (!there).then(|| format!("`{name}` has no {target} in {inside}/"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::house::Package;

    #[test]
    fn what_a_command_names_must_be_there() {
        let package = Package {
            name: "house-a".to_owned(),
            manifest_path: "crates/a/Cargo.toml".to_owned(),
            ..Package::default()
        };
        let files = [("crates/a/examples/kit.rs", ""), ("crates/a/tests/all/main.rs", "")];
        let house = House { members: vec![package], ..House::of(&files) };
        for good in [
            "run --release -p house-a --example kit -- FILE all",
            "test -p house-a --test all -- --nocapture",
            "run -p house-a",
            "xtask tidy",
            "test -- -p house-b",
        ] {
            assert_eq!(missing(&house, good), None, "{good}");
        }
        for bad in ["run -p house-a --example gone", "bench -p house-b", "test -p house-a --test kit"] {
            assert!(missing(&house, bad).is_some(), "{bad}");
        }
    }
}
