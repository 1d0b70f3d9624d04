//! What the rules look at: the files of the repository and its packages.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

/// The repository.
#[derive(Debug, Default)]
pub(crate) struct House {
    pub(crate) files: Vec<File>,
    /// The packages of the workspace, with their direct dependencies.
    pub(crate) members: Vec<Package>,
    /// All packages that a build could use, the workspace's included.
    pub(crate) packages: Vec<Package>,
    /// What `cargo deny` printed when it is installed and found something.
    pub(crate) deny: Option<String>,
}

/// A file that git knows, or would take.
#[derive(Debug)]
pub(crate) struct File {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) size: usize,
    /// Nothing for pictures, PDF files and other bytes.
    pub(crate) text: Option<String>,
}

/// A package, as `cargo metadata` tells.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    /// Nothing for a package of the workspace.
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: String,
    #[serde(default)]
    pub(crate) dependencies: Vec<Dependency>,
    #[serde(default)]
    pub(crate) id: String,
    /// The names of the packages that a build would let use it directly.
    #[serde(skip)]
    pub(crate) used_by: Vec<String>,
}

/// A direct dependency.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `dev`, `build`, or nothing for an ordinary one.
    pub(crate) kind: Option<String>,
}

/// Files of these kinds are bytes, whatever they look like.
const BYTES: &[&str] = &["pdf", "jpg", "jpeg", "png", "docx", "zip", "onnx", "woff2"];

impl House {
    /// Reads the repository around the working folder.
    pub(crate) fn load() -> Result<Self> {
        let root = root()?;
        let mut files = Vec::new();
        for path in listed(&root)? {
            let on_disk = root.join(&path);
            if !on_disk.is_file() {
                continue;
            }
            let bytes = std::fs::read(&on_disk).with_context(|| format!("could not read {path}"))?;
            files.push(File::of(path, bytes));
        }
        let members = metadata(&root, &["--no-deps", "--offline"])?;
        let packages =
            metadata(&root, &["--locked", "--offline"]).or_else(|_| metadata(&root, &["--locked"]))?;
        let mut house = Self { files, members, packages, deny: deny(&root)? };
        for member in &mut house.members {
            let inside = Path::new(&member.manifest_path).strip_prefix(&root).map(Path::to_owned);
            member.manifest_path = inside
                .with_context(|| format!("{} lies outside of the repository", member.manifest_path))?
                .to_string_lossy()
                .replace('\\', "/");
        }
        Ok(house)
    }

    /// The text files.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&File, &str)> {
        self.files.iter().filter_map(|file| Some((file, file.text.as_deref()?)))
    }

    /// The Rust files.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&File, &str)> {
        self.texts().filter(|(file, _)| file.has_extension("rs"))
    }

    /// The text of one file.
    pub(crate) fn text_of(&self, path: &str) -> Option<&str> {
        self.texts().find(|(file, _)| file.path == path).map(|(_, text)| text)
    }

    /// The names of the folders in `crates/`, sorted.
    pub(crate) fn crate_folders(&self) -> Vec<&str> {
        let mut folders: Vec<&str> = self.files.iter().filter_map(File::crate_folder).collect();
        folders.sort_unstable();
        folders.dedup();
        folders
    }

    /// A repository of text files, for tests of rules.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files =
            files.iter().map(|(path, text)| File::of((*path).to_owned(), text.as_bytes().to_vec())).collect();
        Self { files, ..Self::default() }
    }
}

impl File {
    fn of(path: String, bytes: Vec<u8>) -> Self {
        let size = bytes.len();
        let is_bytes = BYTES.iter().any(|kind| path.ends_with(&format!(".{kind}"))) || bytes.contains(&0);
        let text = if is_bytes { None } else { String::from_utf8(bytes).ok() };
        Self { path, size, text }
    }

    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, of)| of == extension)
    }

    /// The folder in `crates/` that the file lies in.
    pub(crate) fn crate_folder(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split_once('/').map(|(folder, _)| folder)
    }

    /// Whether it is a source of a crate's library or programme, not of a test.
    pub(crate) fn is_crate_source(&self) -> bool {
        let inside = self.path.strip_prefix("crates/").and_then(|path| path.split_once('/'));
        inside.is_some_and(|(_, path)| path.starts_with("src/") && !path.ends_with("/tests.rs"))
    }
}

impl Package {
    /// The package's own folder, from the root.
    pub(crate) fn folder(&self) -> &str {
        self.manifest_path.strip_suffix("/Cargo.toml").unwrap_or("")
    }
}

fn root() -> Result<PathBuf> {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().map(Path::to_owned).context("xtask has no folder above it")
}

/// What git knows or would take; a file that was just written counts.
fn listed(root: &Path) -> Result<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output();
    let output = output.context("could not run git; install it")?;
    if !output.status.success() {
        bail!("git could not list the files: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let names = String::from_utf8(output.stdout).context("a file's name is not UTF-8")?;
    let mut names: Vec<String> =
        names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// The part of `cargo metadata` that is read.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    /// Absent where dependencies were not asked for.
    resolve: Option<Resolve>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

/// A package, and those that it uses with the features that were chosen.
#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Metadata {
    /// The packages, each with those that use it.
    fn packages(self) -> Vec<Package> {
        let mut packages = self.packages;
        let names: BTreeMap<String, String> =
            packages.iter().map(|package| (package.id.clone(), package.name.clone())).collect();
        let mut users: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let nodes = self.resolve.map_or_else(Vec::new, |resolve| resolve.nodes);
        for node in &nodes {
            for used in &node.dependencies {
                users.entry(used).or_default().extend(names.get(&node.id).cloned());
            }
        }
        for package in &mut packages {
            package.used_by = users.remove(package.id.as_str()).unwrap_or_default();
        }
        packages
    }
}

fn metadata(root: &Path, arguments: &[&str]) -> Result<Vec<Package>> {
    let output =
        cargo(root).args(["metadata", "--format-version", "1"]).args(arguments).output().context("cargo")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("could not understand cargo metadata")?;
    Ok(metadata.packages())
}

/// The answer of `cargo deny` where it is installed; it also reads the licence files themselves.
fn deny(root: &Path) -> Result<Option<String>> {
    let installed = cargo(root).args(["deny", "--version"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        return Ok(None);
    }
    let output = cargo(root)
        .args(["deny", "--offline", "--log-level", "error", "check", "licenses", "bans", "sources"])
        .output()
        .context("could not run cargo deny")?;
    let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok((!output.status.success()).then_some(told))
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}
