//! The catalogue and the criteria, with a hospital's overlay.

use crate::cli::Global;
use anyhow::{Context, Result, bail};
use cartulary_catalogue::{Catalogue, Files};
use cartulary_criteria::CriteriaLibrary;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Loads the catalogue: the built-in one, overlaid by `--catalogue DIR`.
pub(crate) fn catalogue(global: &Global) -> Result<Arc<Catalogue>> {
    catalogue_with(global, BTreeMap::new()).map(Arc::new)
}

/// The same with some files put over it.
pub(crate) fn catalogue_with(global: &Global, own: BTreeMap<String, String>) -> Result<Catalogue> {
    let mut files = Files::embedded();
    if let Some(folder) = &global.catalogue {
        files = files.overlaid(overlay(folder)?);
    }
    Ok(Catalogue::load(files.overlaid(own))?)
}

/// Loads the criteria sets.
pub(crate) fn criteria(catalogue: &Catalogue) -> Result<CriteriaLibrary> {
    Ok(CriteriaLibrary::load(catalogue)?)
}

fn overlay(folder: &Path) -> Result<BTreeMap<String, String>> {
    if !folder.is_dir() {
        bail!("the catalogue folder {} does not exist or is no folder", folder.display());
    }
    let mut texts = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let entries =
            std::fs::read_dir(&current).with_context(|| format!("could not list {}", current.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("could not list {}", current.display()))?.path();
            let inside = path.strip_prefix(folder).unwrap_or(&path);
            let known = path.extension().is_some_and(|of| of == "csv" || of == "toml")
                || (inside.starts_with("messages") && path.extension().is_some_and(|of| of == "txt"));
            if path.is_dir() {
                folders.push(path);
            } else if known {
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("could not read {}", path.display()))?;
                texts.insert(inside.to_string_lossy().replace('\\', "/"), text);
            }
        }
    }
    if texts.is_empty() {
        bail!("the catalogue folder {} holds no .csv or .toml file", folder.display());
    }
    Ok(texts)
}
