//! The papers of a case: from paths to documents, nothing dropped.

use crate::readers::{Pictures, Readers};
use anyhow::{Context, Result, bail};
use cartulary_model::{Unread, document::UnreadReason};
use cartulary_reading::ReadDocument;
use std::{
    io,
    path::{Path, PathBuf},
};

/// Files above are not read into memory.
const LARGEST_FILE: u64 = 50 * 1024 * 1024;

/// A file to read, with the name it is shown under.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// The files of paths; folders are searched, in the order of names. Hidden files are left out.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Paper>> {
    let mut papers = Vec::new();
    for path in paths {
        let kind = std::fs::metadata(path).with_context(|| format!("could not open {}", path.display()))?;
        if kind.is_dir() {
            let before = papers.len();
            search(path, path, &mut papers)?;
            if papers.len() == before {
                bail!(
                    "the folder {} holds no file; put the patient's papers in it, or name the files",
                    path.display()
                );
            }
        } else {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            papers.push(Paper { name, path: path.clone() });
        }
    }
    Ok(papers)
}

/// The files of paths under the names that were given; what does not exist stays among them. Folders are searched.
pub(crate) fn named(paths: &[PathBuf]) -> Result<Vec<Paper>> {
    let mut papers = Vec::new();
    for path in paths {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            let found = find(std::slice::from_ref(path))?;
            let inside =
                |paper: Paper| Paper { name: path.join(&paper.name).to_string_lossy().into(), ..paper };
            papers.extend(found.into_iter().map(inside));
        } else {
            papers.push(Paper { name, path: path.clone() });
        }
    }
    Ok(papers)
}

fn search(root: &Path, folder: &Path, papers: &mut Vec<Paper>) -> Result<()> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("could not list {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .with_context(|| format!("could not list {}", folder.display()))?;
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            search(root, &path, papers)?;
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            papers.push(Paper { name, path });
        }
    }
    Ok(())
}

/// What was read, and what did not get as far as a document.
#[derive(Default)]
pub(crate) struct Papers {
    pub(crate) documents: Vec<ReadDocument>,
    pub(crate) unopened: Vec<(String, Unread)>,
}

/// Reads every paper, several at a time, with progress on a terminal.
pub(crate) fn read(readers: &Readers, papers: &[Paper], pictures: Pictures) -> Result<Papers> {
    let mut all = Papers::default();
    readers.each(papers, pictures, &mut |paper, outcome| {
        match outcome.documents {
            Ok(documents) => all.documents.extend(documents),
            Err(unread) => all.unopened.push((paper.name.clone(), unread)),
        }
        Ok(())
    })?;
    Ok(all)
}

/// The bytes of a file, or why it cannot be read.
pub(crate) fn open(path: &Path) -> Result<Vec<u8>, Unread> {
    let unread = |reason: UnreadReason, detail: String| Unread { page: None, reason, detail };
    let refused = |error: io::Error| {
        let reason = match error.kind() {
            io::ErrorKind::PermissionDenied => UnreadReason::NotPermitted,
            _ => UnreadReason::Damaged,
        };
        unread(reason, error.to_string())
    };
    let size = std::fs::metadata(path).map_err(refused)?.len();
    if size > LARGEST_FILE {
        let megabytes = size / 1024 / 1024;
        return Err(unread(UnreadReason::TooLarge, format!("{megabytes} MB; the limit is 50 MB")));
    }
    std::fs::read(path).map_err(refused)
}
