//! A module `foo` is `foo.rs` with its folder `foo/`, so that every tab of an editor has a name.

use crate::tidy::{Finding, Rule, house::House};

pub(crate) const RULE: Rule =
    Rule { name: "module-files", says: "a module is `foo.rs`, never `foo/mod.rs`", check };

fn check(house: &House) -> Vec<Finding> {
    house
        .files
        .iter()
        // A folder of helpers for tests needs it: cargo takes every other file in `tests/` for a test.
        .filter(|file| file.path.ends_with("/mod.rs") && !file.path.contains("/tests/"))
        .map(|file| {
            let folder = file.path.trim_end_matches("/mod.rs");
            Finding::new(&RULE, &file.path, 1, format!("a module file mod.rs, expected {folder}.rs"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mod_rs_is_found() {
        let house =
            House::of(&[("crates/model/src/a/mod.rs", ""), ("crates/model/tests/support/mod.rs", "")]);
        let findings = check(&house);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].what.ends_with("expected crates/model/src/a.rs"));
    }
}
