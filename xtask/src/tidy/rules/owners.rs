//! Knowledge of a foreign format or tool stays in one crate of ours.

use crate::tidy::{Finding, Rule, house::House};

pub(crate) const RULE: Rule = Rule {
    name: "owners",
    says: "a foreign crate for a format, a cipher, a database or the terminal is used by its one owner",
    check,
};

/// Foreign crates, and the crates of ours that may use them outside of tests.
const OWNERS: &[(&str, &[&str])] = &[
    ("age", &["cartulary-vault"]),
    ("argon2", &["cartulary-vault"]),
    ("askama", &["cartulary-report", "cartulary-web"]),
    ("axum", &["cartulary-web"]),
    ("calamine", &["cartulary-reading"]),
    ("cfb", &["cartulary-reading"]),
    ("chacha20poly1305", &["cartulary-vault"]),
    ("clap", &["cartulary"]),
    ("daachorse", &["cartulary-extraction"]),
    ("ed25519-dalek", &["cartulary-vault"]),
    ("encoding_rs", &["cartulary-reading"]),
    ("fluent-bundle", &["cartulary-web"]),
    ("hayro", &["cartulary-reading"]),
    ("heic-decoder", &["cartulary-reading"]),
    ("hkdf", &["cartulary-vault"]),
    ("html5gum", &["cartulary-reading"]),
    ("image", &["cartulary-reading"]),
    ("include_dir", &["cartulary-catalogue", "cartulary-web", "cartulary"]),
    ("indicatif", &["cartulary"]),
    ("landlock", &["cartulary-sandbox"]),
    ("libc", &["cartulary-sandbox"]),
    ("mail-parser", &["cartulary-reading"]),
    ("object_store", &["cartulary-vault"]),
    ("quick-xml", &["cartulary-reading"]),
    ("archmage", &["cartulary-networks"]),
    // The binary sends itself signals where a test asks for it.
    ("rustix", &["cartulary-sandbox", "cartulary"]),
    ("seccompiler", &["cartulary-sandbox"]),
    ("sqlx", &["cartulary-ledger"]),
    ("totp-rs", &["cartulary-vault"]),
    ("tracing-subscriber", &["cartulary"]),
    ("zip", &["cartulary-reading"]),
    ("anyhow", &["cartulary", "cartulary-benches", "xtask"]),
];

fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in &house.members {
        for used in member.dependencies.iter().filter(|used| used.kind.as_deref() != Some("dev")) {
            let Some((_, owners)) = OWNERS.iter().find(|(name, _)| *name == used.name) else { continue };
            if !owners.contains(&member.name.as_str()) {
                let what =
                    format!("{} uses {}, expected only {} to", member.name, used.name, owners.join(", "));
                findings.push(Finding::new(&RULE, &member.manifest_path, 1, what));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::house::{Dependency, Package};

    fn house(name: &str, used: &str, kind: Option<&str>) -> House {
        let dependencies = vec![Dependency { name: used.to_owned(), kind: kind.map(str::to_owned) }];
        let member = Package { name: name.to_owned(), dependencies, ..Package::default() };
        House { members: vec![member], ..House::default() }
    }

    #[test]
    fn a_second_reader_of_pictures_is_found() {
        assert_eq!(check(&house("cartulary-report", "image", None)).len(), 1);
        assert_eq!(check(&house("cartulary-reading", "image", None)), []);
        assert_eq!(check(&house("cartulary-report", "quick-xml", Some("dev"))), []);
    }

    #[test]
    fn libraries_have_their_own_errors() {
        assert_eq!(check(&house("cartulary-criteria", "anyhow", None)).len(), 1);
    }
}
