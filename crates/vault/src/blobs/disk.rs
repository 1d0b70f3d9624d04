//! What the folder store asks of a disk, one system call each.
//!
//! A trait, so that tests can hand in a disk that loses at a power cut what was not synced, or that fails at any step.

use cartulary_model::Instant;
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

/// A disk. What was written is safe from a power cut only after the matching sync came back without an error.
pub trait Disk: Send + Sync {
    /// Makes a new file for its owner alone; one that exists is an error.
    ///
    /// # Errors
    ///
    /// What the system says; so for all that follow.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Reads a whole file.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Moves a file, in place of the one that is there.
    ///
    /// # Errors
    ///
    /// As above.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder for its owner alone, if there is none.
    ///
    /// # Errors
    ///
    /// As above.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    ///
    /// # Errors
    ///
    /// As above; names whose sync failed may be lost even if a later sync succeeds.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// What lies in a folder, in no order. Links are not followed.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none.
    fn list(&self, path: &Path) -> io::Result<Vec<DiskEntry>>;
    /// When a file was last written or touched.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none.
    fn modified(&self, path: &Path) -> io::Result<Instant>;
    /// Has a file look as if it were written now. Need not survive a power cut.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none.
    fn touch(&self, path: &Path) -> io::Result<()>;
    /// Waits for a lock among all processes and threads, and holds it until what is given back is dropped or the process
    /// ends. `path` is its file, which is made. Many may hold it `shared`, one alone not so.
    ///
    /// # Errors
    ///
    /// `Unsupported` where the disk knows no locks.
    fn lock(&self, path: &Path, shared: bool) -> io::Result<Box<dyn Send>>;
}

/// A file that is being written.
pub trait DiskFile {
    /// Appends all bytes.
    ///
    /// # Errors
    ///
    /// What the system says; some of the bytes may be written.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes the content durable; the name is the folder's.
    ///
    /// # Errors
    ///
    /// What the system says; the content may be lost even if a later sync succeeds.
    fn sync(&mut self) -> io::Result<()>;
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskEntry {
    /// Its name.
    pub name: OsString,
    /// What it is.
    pub kind: DiskKind,
    /// When it was last written.
    pub modified: Instant,
}

/// What lies in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskKind {
    /// A file of so many bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A link, a pipe, a device.
    Other,
}

/// The machine's own disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalDisk;

impl Disk for LocalDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        match fs::DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            made => made,
        }
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn list(&self, path: &Path) -> io::Result<Vec<DiskEntry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            match entry.metadata() {
                Ok(about) => entries.push(DiskEntry {
                    name: entry.file_name(),
                    kind: kind(&about),
                    modified: modified(&about)?,
                }),
                // Removed since the folder was read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(entries)
    }

    fn modified(&self, path: &Path) -> io::Result<Instant> {
        modified(&fs::symlink_metadata(path)?)
    }

    #[expect(clippy::disallowed_methods, reason = "the disk's clock: compared with times of files only")]
    fn touch(&self, path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.set_modified(SystemTime::now())
    }

    fn lock(&self, path: &Path, shared: bool) -> io::Result<Box<dyn Send>> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        if shared {
            file.lock_shared()?;
        } else {
            file.lock()?;
        }
        Ok(Box::new(file))
    }
}

impl DiskFile for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

fn kind(about: &fs::Metadata) -> DiskKind {
    if about.is_file() {
        DiskKind::File(about.len())
    } else if about.is_dir() {
        DiskKind::Folder
    } else {
        DiskKind::Other
    }
}

fn modified(about: &fs::Metadata) -> io::Result<Instant> {
    let since = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)))
}
