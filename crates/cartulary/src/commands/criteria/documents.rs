//! Criteria documents of a person's own: files, folders, or a set of the catalogue by its id.

use crate::{cli::Global, knowledge};
use anyhow::{Context, Result, bail};
use cartulary_catalogue::Catalogue;
use cartulary_criteria::{CriteriaError, CriteriaLibrary, CriteriaSet};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The named sets, which stand beside the documents.
const NAMES: &str = "sets.toml";

/// Documents with the catalogue that they are read with.
pub(super) struct Documents {
    pub(super) catalogue: Catalogue,
    /// Name for people and text.
    texts: Vec<(String, String)>,
    /// Where `sets.toml` was found, if it was.
    names: Option<String>,
}

impl Documents {
    /// Finds the documents. A `sets.toml` among them takes the place of the built-in one.
    pub(super) fn find(global: &Global, paths: &[PathBuf]) -> Result<Self> {
        let mut texts = Vec::new();
        let mut overlay = BTreeMap::new();
        let mut names = None;
        for path in paths {
            let mut files = Vec::new();
            collect(path, &mut files)?;
            if path.is_dir() && files.is_empty() {
                bail!("the folder {} holds no .toml file", path.display());
            }
            for file in files {
                let text = std::fs::read_to_string(&file)
                    .with_context(|| format!("could not read {}", file.display()))?;
                let name = file.display().to_string();
                if file.file_name().is_some_and(|of| of == NAMES) {
                    overlay.insert(NAMES.to_owned(), text);
                    names = Some(name);
                } else {
                    texts.push((name, text));
                }
            }
        }
        Ok(Self { catalogue: knowledge::catalogue_with(global, overlay)?, texts, names })
    }

    /// A set of the catalogue as a document.
    pub(super) fn built_in(global: &Global, id: &str) -> Result<Option<Self>> {
        let catalogue = knowledge::catalogue_with(global, BTreeMap::new())?;
        let Some(text) = catalogue.file(&format!("criteria/{id}.toml")).map(str::to_owned) else {
            return Ok(None);
        };
        Ok(Some(Self { catalogue, texts: vec![(format!("{id} (built in)"), text)], names: None }))
    }

    /// Reads them all.
    pub(super) fn read(&self) -> Result<Vec<CriteriaSet>, CriteriaError> {
        CriteriaLibrary::parse(&self.catalogue, &self.texts).map_err(|mut error| {
            // A problem in the named sets is told with the path that the person knows.
            if let Some(path) = &self.names {
                for problem in error.problems.iter_mut().filter(|problem| problem.file == NAMES) {
                    problem.file.clone_from(path);
                }
            }
            error
        })
    }

    /// The names of the documents.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|(name, _)| name.as_str())
    }
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        into.push(path.to_owned());
        return Ok(());
    }
    let listed = || format!("could not list {}", path.display());
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
        .with_context(listed)?
        .map(|entry| Ok(entry.with_context(listed)?.path()))
        .collect::<Result<_>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            collect(&entry, into)?;
        } else if entry.extension().is_some_and(|of| of == "toml") {
            into.push(entry);
        }
    }
    Ok(())
}
