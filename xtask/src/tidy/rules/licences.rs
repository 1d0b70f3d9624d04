//! What we build on may be passed on: licences, sources and bans as `deny.toml` says.
//!
//! Where `cargo deny` is installed it is asked too; it also reads the licence files themselves.

use crate::tidy::{Finding, Rule, house::House, house::Package, licence};
use serde::Deserialize;
use std::collections::BTreeSet;

pub(crate) const RULE: Rule = Rule {
    name: "licences",
    says: "every package has a licence that deny.toml accepts, comes from the registry, and is not banned",
    check,
};

const RULES: &str = "deny.toml";

/// The part of `deny.toml` that is read here.
#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: BTreeSet<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// Licences that are accepted for one package only.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    #[serde(default)]
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
    /// Foreign packages that may use it all the same; ours may not.
    #[serde(default)]
    wrappers: Vec<String>,
}

impl Ban {
    fn holds_for(&self, package: &Package) -> bool {
        let mut users = package.used_by.iter();
        self.name == package.name
            && (package.used_by.is_empty() || users.any(|user| !self.wrappers.contains(user)))
    }
}

fn check(house: &House) -> Vec<Finding> {
    let deny: Deny = match toml::from_str(house.text_of(RULES).unwrap_or_default()) {
        Ok(deny) => deny,
        Err(error) => return vec![Finding::new(&RULE, RULES, 1, format!("not understood: {error}"))],
    };
    let mut findings: Vec<Finding> =
        house.packages.iter().flat_map(|package| of(package, &deny)).map(finding).collect();
    findings.extend(house.deny.iter().map(|told| finding(format!("cargo deny found:\n{told}"))));
    findings
}

fn finding(what: String) -> Finding {
    Finding::new(&RULE, "Cargo.lock", 1, what)
}

fn of(package: &Package, deny: &Deny) -> Vec<String> {
    let name = format!("{} {}", package.name, package.version);
    let mut told = Vec::new();
    let mut allowed = deny.licenses.allow.clone();
    let exceptions = deny.licenses.exceptions.iter().filter(|exception| exception.name == package.name);
    allowed.extend(exceptions.flat_map(|exception| exception.allow.clone()));
    match package.license.as_deref().map(|text| (text, licence::accepted(text, &allowed))) {
        Some((_, Ok(true))) => {}
        Some((text, Ok(false))) => {
            told.push(format!("{name} has the licence {text}, expected one that {RULES} accepts"));
        }
        Some((text, Err(error))) => told.push(format!("{name} has the licence `{text}`: {error}")),
        None => told.push(format!("{name} names no licence, expected one that {RULES} accepts")),
    }
    if let Some(source) = package.source.as_deref().filter(|source| !source.starts_with("registry+")) {
        told.push(format!("{name} comes from {source}, expected the package registry"));
    }
    if let Some(ban) = deny.bans.deny.iter().find(|ban| ban.holds_for(package)) {
        told.push(format!("{name} is banned, expected none: {}", ban.reason));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENY: &str =
        "[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"old\", reason = \"a clock\" }]\n";

    fn house(name: &str, license: Option<&str>, source: Option<&str>) -> House {
        let package = Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
            ..Package::default()
        };
        House { packages: vec![package], ..House::of(&[(RULES, DENY)]) }
    }

    #[test]
    fn a_licence_that_is_not_accepted_is_found() {
        assert_eq!(check(&house("a", Some("MIT OR GPL-3.0-only"), Some("registry+x"))), []);
        assert_eq!(check(&house("a", Some("GPL-3.0-only"), None)).len(), 1);
        assert_eq!(check(&house("a", Some("MIT OR"), None)).len(), 1);
        assert_eq!(check(&house("a", None, None)).len(), 1);
    }

    #[test]
    fn a_foreign_source_and_a_ban_are_found() {
        assert_eq!(check(&house("a", Some("MIT"), Some("git+x"))).len(), 1);
        assert_eq!(check(&house("old", Some("MIT"), None)).len(), 1);
    }

    #[test]
    fn a_banned_package_may_be_wrapped_by_one_that_needs_it() {
        let deny = "[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"old\", wrappers = [\"store\"], reason = \"a clock\" }]\n";
        let with_users = |users: &[&str]| {
            let mut house =
                House { files: House::of(&[(RULES, deny)]).files, ..house("old", Some("MIT"), None) };
            house.packages[0].used_by = users.iter().map(|user| (*user).to_owned()).collect();
            check(&house).len()
        };
        assert_eq!(with_users(&["store"]), 0);
        assert_eq!(with_users(&["store", "cartulary-web"]), 1);
        assert_eq!(with_users(&[]), 1);
    }

    #[test]
    fn a_licence_is_accepted_for_one_package_only() {
        let deny = "[licenses]\nallow = [\"MIT\"]\nexceptions = [{ crate = \"roots\", allow = [\"Data\"] }]\n[bans]\n";
        let found = |name: &str| {
            let files = House::of(&[(RULES, deny)]).files;
            check(&House { files, ..house(name, Some("Data"), None) }).len()
        };
        assert_eq!((found("roots"), found("others")), (0, 1));
    }

    #[test]
    fn rules_that_cannot_be_read_are_no_rules() {
        assert_eq!(check(&House::of(&[])).len(), 1);
    }
}
