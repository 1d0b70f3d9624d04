//! The root key in a file of its own.

use super::RootKey;
use crate::{VaultError, error::io_at};
use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Longer files are not read: a key is one short line.
const LIMIT: u64 = 1024;

/// Who may read a key file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// The owner.
    OwnerOnly,
    /// The owner and the group, which the service manager made for this service.
    Service,
}

impl Readers {
    const fn accept(self, mode: u32) -> bool {
        match self {
            Self::OwnerOnly => matches!(mode, 0o400 | 0o600),
            Self::Service => mode & 0o137 == 0,
        }
    }
}

pub(super) fn read(path: &Path, data: Option<&Path>, readers: Readers) -> Result<RootKey, VaultError> {
    let text = read_text(path, data, readers)?;
    RootKey::from_text(&text)
        .map_err(|error| VaultError::KeyPlace { path: path.to_owned(), why: error.to_string() })
}

/// The text of a file that holds a secret, if it lies where one may lie.
pub(super) fn read_text(
    path: &Path,
    data: Option<&Path>,
    readers: Readers,
) -> Result<Zeroizing<String>, VaultError> {
    let refuse = |why: String| VaultError::KeyPlace { path: path.to_owned(), why };
    refuse_inside(path, data)?;
    let file = File::open(path).map_err(io_at("open the key file", path))?;
    // Asked of the open file, so that nobody can exchange it in between.
    let about = file.metadata().map_err(io_at("look at the key file", path))?;
    if !about.is_file() {
        return Err(refuse("it is no file; give the path of the key file".to_owned()));
    }
    let mode = about.mode() & 0o7777;
    if !readers.accept(mode) {
        let shown = path.display();
        return Err(refuse(format!("others can reach it (mode {mode:04o}); run `chmod 0400 {shown}`")));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT as usize));
    file.take(LIMIT).read_to_end(&mut bytes).map_err(io_at("read the key file", path))?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| refuse("it holds no text, expected a root key or a passphrase".to_owned()))?;
    Ok(Zeroizing::new(text.to_owned()))
}

pub(super) fn write(path: &Path, data: Option<&Path>, text: &str) -> Result<(), VaultError> {
    refuse_inside(path, data)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o400)
        .open(path)
        .map_err(io_at("make the key file", path))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .map_err(io_at("write the key file", path))?;
    let folder = folder_of(path);
    File::open(&folder).and_then(|folder| folder.sync_all()).map_err(io_at("sync the folder", &folder))
}

/// Refuses a key beside what it locks: whoever copies the data folder would have both.
fn refuse_inside(path: &Path, data: Option<&Path>) -> Result<(), VaultError> {
    let Some(data) = data.and_then(|data| data.canonicalize().ok()) else { return Ok(()) };
    // The file may not exist yet, and may be a link: both its folder and its end are asked.
    let folder = folder_of(path).canonicalize().map_err(io_at("find the folder of", path))?;
    let end = path.canonicalize().unwrap_or_else(|_| folder.clone());
    if folder.starts_with(&data) || end.starts_with(&data) {
        let why = format!(
            "it lies inside the data folder {}, so that a copy of the data would carry its key; move it elsewhere",
            data.display()
        );
        return Err(VaultError::KeyPlace { path: path.to_owned(), why });
    }
    Ok(())
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
