//! The folder tree is the architecture: a crate depends on crates below it, and only on those it needs.

use crate::tidy::{Finding, Rule, house::House, house::Package};

pub(crate) const RULE: Rule = Rule {
    name: "layers",
    says: "a crate depends only on the crates that the table of layers gives it",
    check,
};

/// Our crates from the bottom to the top. Tests may use any crate below their own.
const ORDER: &[&str] = &[
    "model",
    "catalogue",
    "networks",
    "reading",
    "sandbox",
    "extraction",
    "criteria",
    "criteria-export",
    "outcomes",
    "figures",
    "publish",
    "vault",
    "ledger",
    "casework",
    "fhir",
    "channels",
    "report",
    "pdf",
    "web",
    "cartulary",
];

/// What each crate may depend on. A new crate needs a row here, and a row in ARCHITECTURE.md.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("catalogue", &["model"]),
    ("networks", &[]),
    ("reading", &["networks", "model"]),
    ("sandbox", &["reading", "model"]),
    ("extraction", &["catalogue", "model"]),
    ("criteria", &["catalogue", "model"]),
    ("criteria-export", &["criteria", "catalogue", "model"]),
    ("figures", &["catalogue", "model"]),
    ("vault", &["model"]),
    ("ledger", &["vault", "model"]),
    ("casework", &["ledger", "vault", "criteria", "extraction", "catalogue", "model"]),
    ("report", &["figures", "catalogue", "model"]),
    ("pdf", &[]),
    ("web", &["report", "casework", "ledger", "catalogue", "model"]),
    (
        "cartulary",
        &[
            "web",
            "pdf",
            "report",
            "casework",
            "ledger",
            "vault",
            "figures",
            "criteria-export",
            "criteria",
            "extraction",
            "sandbox",
            "reading",
            "catalogue",
            "model",
        ],
    ),
];

const PREFIX: &str = "cartulary-";

fn check(house: &House) -> Vec<Finding> {
    house.members.iter().filter(|package| package.folder().starts_with("crates/")).flat_map(of).collect()
}

fn of(package: &Package) -> Vec<Finding> {
    let finding = |what: String| Finding::new(&RULE, &package.manifest_path, 1, what);
    let folder = package.folder().trim_start_matches("crates/");
    let short = short(&package.name);
    if short != folder {
        return vec![finding(format!(
            "the package in crates/{folder} is called {}, expected {PREFIX}{folder}",
            package.name
        ))];
    }
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == short) else {
        return vec![finding(format!(
            "crate {short} has no row in the table of layers, expected one in {}",
            file!()
        ))];
    };
    package
        .dependencies
        .iter()
        .filter(|dependency| is_ours(&dependency.name))
        .filter_map(|dependency| {
            let wanted = self::short(&dependency.name);
            match dependency.kind.as_deref() {
                Some("dev") => (height(wanted) >= height(short)).then(|| {
                    finding(format!("tests of {short} use {wanted}, expected crates below {short} only"))
                }),
                _ => (!allowed.contains(&wanted)).then(|| {
                    finding(format!("{short} depends on {wanted}, expected only {}", listed(allowed)))
                }),
            }
        })
        .collect()
}

fn is_ours(package: &str) -> bool {
    package == "cartulary" || package.starts_with(PREFIX)
}

fn short(package: &str) -> &str {
    package.strip_prefix(PREFIX).unwrap_or(package)
}

fn height(name: &str) -> usize {
    ORDER.iter().position(|of| *of == name).unwrap_or(usize::MAX)
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "no crate of ours".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::house::Dependency;

    fn package(folder: &str, uses: &[(&str, Option<&str>)]) -> House {
        let dependencies = uses
            .iter()
            .map(|(name, kind)| Dependency { name: (*name).to_owned(), kind: kind.map(str::to_owned) })
            .collect();
        let member = Package {
            name: format!("{PREFIX}{folder}"),
            manifest_path: format!("crates/{folder}/Cargo.toml"),
            dependencies,
            ..Package::default()
        };
        House { members: vec![member], ..House::default() }
    }

    #[test]
    fn every_row_of_the_table_points_down() {
        for (name, allowed) in MAY_USE {
            assert!(height(name) < ORDER.len(), "{name} stands in no layer");
            for lower in *allowed {
                assert!(height(lower) < height(name), "{name} must not use {lower}");
            }
        }
    }

    #[test]
    fn an_arrow_upwards_is_found() {
        let findings = check(&package("reading", &[("cartulary-catalogue", None), ("image", None)]));
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].to_string(),
            "crates/reading/Cargo.toml:1: reading depends on catalogue, expected only networks, model [layers]"
        );
    }

    #[test]
    fn a_build_script_is_no_way_around() {
        assert_eq!(check(&package("model", &[("cartulary-catalogue", Some("build"))])).len(), 1);
    }

    #[test]
    fn tests_may_use_any_crate_below() {
        assert_eq!(check(&package("criteria", &[("cartulary-extraction", Some("dev"))])), []);
        assert_eq!(check(&package("extraction", &[("cartulary-criteria", Some("dev"))])).len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        assert_eq!(check(&package("helpers", &[])).len(), 1);
    }
}
