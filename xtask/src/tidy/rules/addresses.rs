//! The repository stands on its own: it names no machine's folders and no host of the network.
//!
//! What it needs it gets by package name and version. People in examples have addresses under names that are
//! reserved for examples.

use crate::tidy::{Finding, Rule, code, house::House};

pub(crate) const RULE: Rule = Rule {
    name: "addresses",
    says: "no folder of a machine, no host but names of vocabularies and `.example`",
    check,
};

/// Files that may name what others must not.
const EXEMPT: &[(&str, &str)] = &[
    ("Cargo.lock", "cargo writes the registry into it"),
    ("LICENSE-APACHE", "the text of the licence names its own address"),
    (file!(), "this file holds the bad samples"),
];

/// Folders of machines: where a build ran, where a person works.
const FOLDERS: &[&str] = &["/work", "/home", "/root", "/tmp", "/Users", "/mnt", "../shared"];

/// Names of vocabularies look like addresses; nothing is ever fetched from them.
const VOCABULARIES: &[&str] = &[
    "www.w3.org",
    "schemas.openxmlformats.org",
    "schemas.microsoft.com",
    "purl.org",
    "json-schema.org",
    "hl7.org",
    "terminology.hl7.org",
    "unitsofmeasure.org",
];

/// Hosts that need no scheme to be recognised.
const HOSTS: &[&str] =
    &["github.com", "gitlab.com", "crates.io", "docs.rs", "pypi.org", "npmjs.com", "huggingface.co"];

fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in house.texts().filter(|(file, _)| !EXEMPT.iter().any(|(path, _)| *path == file.path)) {
        for (index, line) in text.lines().enumerate() {
            for what in in_line(line) {
                findings.push(Finding::new(&RULE, &file.path, index + 1, what));
            }
        }
    }
    findings
}

fn in_line(line: &str) -> Vec<String> {
    let folders = FOLDERS
        .iter()
        .filter(|folder| names_folder(line, folder))
        .map(|folder| format!("a machine's folder `{folder}`, expected a path inside the repository"));
    let hosts = HOSTS
        .iter()
        .filter(|host| !code::lines_with(line, host).is_empty())
        .map(|host| format!("the host `{host}`, expected a package's name and version"));
    let urls = hosts_of_urls(line)
        .filter(|host| !VOCABULARIES.contains(host) && !is_invented(host))
        .map(|host| format!("an address at `{host}`, expected none, or one under .example"));
    let mails = hosts_of_mail(line)
        .filter(|host| !is_invented(host))
        .map(|host| format!("a mail address at `{host}`, expected one under .example"));
    folders.chain(hosts).chain(urls).chain(mails).collect()
}

/// Whether a line names a folder from the root of a machine, and not a part of a longer name.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let inside = |char: char| char.is_alphanumeric() || "_-./})]".contains(char);
        let longer = |char: char| char.is_alphanumeric() || "_-".contains(char);
        !line[..at].ends_with(inside) && !line[at + folder.len()..].starts_with(longer)
    })
}

fn hosts_of_urls(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("://").filter_map(|(at, _)| {
        let scheme = line[..at].rsplit(|char: char| !char.is_ascii_alphanumeric()).next()?;
        let known = ["http", "https", "ftp", "ssh", "git", "ws", "wss"].contains(&scheme);
        let host = line[at + 3..].split(|char: char| !is_host(char)).next()?;
        (known && host.contains('.')).then_some(host)
    })
}

fn hosts_of_mail(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices('@').filter_map(|(at, _)| {
        let person = line[..at].ends_with(|char: char| char.is_ascii_alphanumeric());
        let host = line[at + 1..].split(|char: char| !is_host(char)).next()?.trim_end_matches(['.', '-']);
        let (_, top) = host.rsplit_once('.')?;
        let named = top.len() >= 2 && top.chars().all(|char| char.is_ascii_alphabetic());
        (person && named).then_some(host)
    })
}

fn is_host(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '.' || char == '-'
}

fn is_invented(host: &str) -> bool {
    let reserved = ["example.com", "example.net", "example.org"];
    reserved.contains(&host) || [".example", ".invalid", ".test"].iter().any(|end| host.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_machines_are_found() {
        for bad in ["cd /work/main", "open(\"/tmp/x\")", "see ../shared/a.md", "HOME=/root"] {
            assert_eq!(in_line(bad).len(), 1, "{bad}");
        }
        for good in
            ["out/work", "CT/PET and/home visit/workup", "$tmp/tmp", "/workup", "the work/home balance"]
        {
            assert_eq!(in_line(good), Vec::<String>::new(), "{good}");
        }
    }

    #[test]
    fn hosts_are_found() {
        for bad in ["see https://hospital.cn/a", "registry crates.io", "mail a.b@hospital.cn", "git://a.b/c"]
        {
            assert_eq!(in_line(bad).len(), 1, "{bad}");
        }
    }

    #[test]
    fn vocabularies_and_invented_addresses_are_none() {
        for good in [
            "xmlns=\"http://www.w3.org/2000/svg\"",
            "\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"",
            "From: Li <li@clinic.example>",
            "https://clinic.example/x",
            "package@3.10.0",
            "@media print",
            "letter.eml://part",
        ] {
            assert_eq!(in_line(good), Vec::<String>::new(), "{good}");
        }
    }
}
