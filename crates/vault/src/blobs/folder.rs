//! Blobs in a folder: durable before they are acknowledged.
//!
//! ```text
//! blobs/incoming/NAME.SUFFIX     written here, synced, then moved
//! blobs/3f/3fa1..                64 digits, in one of 256 folders
//! ```
//!
//! A power cut can lose whatever was not synced: a file's content, and separately its name in the folder, and
//! separately that folder's name in the folder above. So the order is: content, sync, rename, sync the folder, and
//! before all that the folder's own name. A file whose sync failed is never published, even if a second sync would
//! succeed: the system may have dropped its pages and forgotten that [Rebello 2020]. It is written anew instead.
//!
//! # What may be removed
//!
//! A receipt that broke off leaves a blob that no entry names, and the same receipt sent again finds it here and counts on
//! it. So whoever removes such a blob must not meet whoever is about to name it, who may be any process on any machine that
//! shares the folder. Two rules keep them apart:
//!
//! - who finds a blob here that he wants to keep touches it, so that it looks new; a look and a touch, and a publishing,
//!   are done under a shared lock on `incoming/lock`;
//! - who removes takes the lock alone, looks whether the blob was untouched for a day, and removes it then.
//!
//! So either the touch came first, and the blob is too new to be removed; or the removal came first, and whoever wants the
//! blob finds nothing and writes it anew. What the remover takes for unnamed he must have read after he listed: an entry
//! that is younger than that has a blob that was touched since. Whoever sleeps for a day between the touch and the entry
//! would be late; the callers see to that (`casework`: a receipt that took long keeps its papers again, a job has a lease).

use super::disk::{Disk, DiskEntry, DiskKind};
use crate::{VaultError, error::io_at};
use cartulary_model::{BlobId, Instant};
use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

const INCOMING: &str = "incoming";
/// A file in it that carries the lock; nothing is in it.
const LOCK: &str = "lock";

/// Blobs in a folder of a disk. Several processes may share it.
pub(super) struct Folder {
    disk: Arc<dyn Disk>,
    root: PathBuf,
    /// The folders of blobs whose own names this process has seen synced.
    settled: Mutex<BTreeSet<PathBuf>>,
}

/// What lies in a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The blobs and their sealed lengths in bytes, sorted.
    pub blobs: Vec<(BlobId, u64)>,
    /// What others put there. It is never touched.
    pub foreign: Vec<PathBuf>,
    /// What an interrupted process left half written.
    pub parts: usize,
}

impl Folder {
    /// Opens the folder, and makes it if its parent is there.
    pub(super) fn open(disk: Arc<dyn Disk>, root: &Path) -> Result<Self, VaultError> {
        let folder = Self { disk, root: root.to_owned(), settled: Mutex::default() };
        folder.make(root)?;
        if let Some(parent) = root.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            folder.sync(parent)?;
        }
        folder.make(&root.join(INCOMING))?;
        folder.sync(root)?;
        Ok(folder)
    }

    /// The sealed bytes of a blob, if they are here.
    pub(super) fn get(&self, blob: BlobId) -> Result<Option<Vec<u8>>, VaultError> {
        let path = self.place(blob);
        match self.disk.read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_at("read", &path)(error)),
        }
    }

    /// Keeps sealed bytes. `suffix` is random, so that two writers of one blob do not meet.
    pub(super) fn put(&self, blob: BlobId, sealed: &[u8], suffix: u64) -> Result<(), VaultError> {
        self.settle_folder(blob)?;
        let part = self.root.join(INCOMING).join(format!("{blob}.{suffix:016x}"));
        let written = self.write(&part, sealed).and_then(|()| self.publish(&part, blob));
        if written.is_err() {
            // Only tidiness: what stays is found by `clean`.
            drop(self.disk.remove(&part));
        }
        written
    }

    /// Makes the name of a blob durable that was seen here: its writer may have been cut off between rename and sync.
    ///
    /// The folder's own name was synced before anything came into it.
    pub(super) fn settle(&self, blob: BlobId) -> Result<(), VaultError> {
        self.sync(&self.folder_of(blob))
    }

    /// Has a blob that is here look new; whether it still is here.
    pub(super) fn refresh(&self, blob: BlobId) -> Result<bool, VaultError> {
        let path = self.place(blob);
        match self.disk.touch(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(io_at("touch", &path)(error)),
        }
    }

    /// Keeps all blobs where they are while it is held. A disk without locks is never cleaned, so none is needed.
    pub(super) fn shared(&self) -> Result<Option<Box<dyn Send>>, VaultError> {
        let path = self.root.join(INCOMING).join(LOCK);
        match self.disk.lock(&path, true) {
            Ok(lock) => Ok(Some(lock)),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
            Err(error) => Err(io_at("lock", &path)(error)),
        }
    }

    /// The blobs that nobody has written or touched since `before`, and their sealed lengths.
    pub(super) fn untouched(&self, before: Instant) -> Result<Vec<(BlobId, u64)>, VaultError> {
        let mut listing = Listing::default();
        for entry in self.entries(&self.root)? {
            if entry.kind == DiskKind::Folder && is_shard(&entry.name.to_string_lossy()) {
                self.list_shard(&self.root.join(&entry.name), Some(before), &mut listing)?;
            }
        }
        listing.blobs.sort_unstable();
        Ok(listing.blobs)
    }

    /// Removes a blob if nobody has written or touched it since `before`; whether it did.
    pub(super) fn delete_untouched(&self, blob: BlobId, before: Instant) -> Result<bool, VaultError> {
        let lock = self.root.join(INCOMING).join(LOCK);
        let _alone = self.disk.lock(&lock, false).map_err(io_at("lock", &lock))?;
        let path = self.place(blob);
        match self.disk.modified(&path) {
            Ok(modified) if modified < before => self.delete(blob),
            Ok(_) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(io_at("look at", &path)(error)),
        }
    }

    /// Removes a blob for good; whether it was here.
    pub(super) fn delete(&self, blob: BlobId) -> Result<bool, VaultError> {
        let path = self.place(blob);
        let found = match self.disk.remove(&path) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(io_at("remove", &path)(error)),
        };
        match self.sync(&self.folder_of(blob)) {
            // Nothing was ever put into this folder.
            Err(VaultError::Io { source, .. }) if !found && source.kind() == io::ErrorKind::NotFound => {
                Ok(false)
            }
            synced => synced.map(|()| found),
        }
    }

    /// Lists all that lies here.
    pub(super) fn list(&self) -> Result<Listing, VaultError> {
        let mut listing = Listing::default();
        for entry in self.entries(&self.root)? {
            let path = self.root.join(&entry.name);
            if entry.kind == DiskKind::Folder && entry.name == INCOMING {
                let mut entries = self.entries(&path)?;
                entries.retain(|entry| entry.name != LOCK);
                let (parts, others): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_part);
                listing.parts = parts.len();
                listing.foreign.extend(others.into_iter().map(|other| path.join(other.name)));
            } else if entry.kind == DiskKind::Folder && is_shard(&entry.name.to_string_lossy()) {
                self.list_shard(&path, None, &mut listing)?;
            } else {
                listing.foreign.push(path);
            }
        }
        listing.blobs.sort_unstable();
        listing.foreign.sort_unstable();
        Ok(listing)
    }

    /// Removes half-written files that nobody has touched since `before`; how many.
    pub(super) fn clean(&self, before: Instant) -> Result<usize, VaultError> {
        let incoming = self.root.join(INCOMING);
        let entries = self.entries(&incoming)?;
        let old = entries.iter().filter(|entry| is_part(entry) && entry.modified < before);
        let mut removed = 0;
        for entry in old {
            let path = incoming.join(&entry.name);
            match self.disk.remove(&path) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(io_at("remove", &path)(error)),
            }
        }
        Ok(removed)
    }

    fn write(&self, part: &Path, sealed: &[u8]) -> Result<(), VaultError> {
        let mut file = self.disk.create(part).map_err(io_at("make", part))?;
        file.write(sealed).map_err(io_at("write", part))?;
        file.sync().map_err(io_at("sync", part))
    }

    fn publish(&self, part: &Path, blob: BlobId) -> Result<(), VaultError> {
        let path = self.place(blob);
        self.disk.rename(part, &path).map_err(io_at("move a new blob to", &path))?;
        self.sync(&self.folder_of(blob))
    }

    /// Makes sure that the folder of a blob is there and stays there. A process looks once for each of the 256.
    fn settle_folder(&self, blob: BlobId) -> Result<(), VaultError> {
        let folder = self.folder_of(blob);
        if self.settled().contains(&folder) {
            return Ok(());
        }
        self.make(&folder)?;
        self.sync(&self.root)?;
        self.settled().insert(folder);
        Ok(())
    }

    /// Lists a folder of blobs; with `before` only what nobody has touched since.
    fn list_shard(
        &self,
        folder: &Path,
        before: Option<Instant>,
        listing: &mut Listing,
    ) -> Result<(), VaultError> {
        let entries = self.entries(folder)?;
        for entry in entries.into_iter().filter(|entry| before.is_none_or(|before| entry.modified < before)) {
            let path = folder.join(&entry.name);
            let blob = entry.name.to_str().and_then(|name| name.parse::<BlobId>().ok());
            match (entry.kind, blob) {
                (DiskKind::File(length), Some(blob)) if self.place(blob) == path => {
                    listing.blobs.push((blob, length));
                }
                _ => listing.foreign.push(path),
            }
        }
        Ok(())
    }

    fn make(&self, folder: &Path) -> Result<(), VaultError> {
        self.disk.make_folder(folder).map_err(io_at("make the folder", folder))
    }

    fn sync(&self, folder: &Path) -> Result<(), VaultError> {
        self.disk.sync_folder(folder).map_err(io_at("sync the folder", folder))
    }

    fn entries(&self, folder: &Path) -> Result<Vec<DiskEntry>, VaultError> {
        self.disk.list(folder).map_err(io_at("list", folder))
    }

    fn folder_of(&self, blob: BlobId) -> PathBuf {
        self.root.join(format!("{:02x}", blob.bytes()[0]))
    }

    fn place(&self, blob: BlobId) -> PathBuf {
        self.folder_of(blob).join(blob.to_string())
    }

    // Each change is one insertion: a panic beside it leaves nothing half done.
    fn settled(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_shard(name: &str) -> bool {
    name.len() == 2 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether it is named as we name what we have not finished: anything else in the folder is somebody else's.
fn is_part(entry: &DiskEntry) -> bool {
    let name = entry.name.to_string_lossy();
    let Some((blob, suffix)) = name.split_once('.') else { return false };
    let is_suffix = suffix.len() == 16 && suffix.bytes().all(|byte| byte.is_ascii_hexdigit());
    matches!(entry.kind, DiskKind::File(_)) && is_suffix && blob.parse::<BlobId>().is_ok()
}
