//! A sealed file of a backup: a tar within an age stream, which other tools open too.

use super::manifest::{PackedFile, hex};
use anyhow::{Context, Result};
use cartulary_vault::{BackupRecipient, BackupWriter, seal_backup};
use sha2::{Digest as _, Sha256};
use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, Read, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

/// A sealed file that is being written.
pub(super) struct Pack(tar::Builder<BackupWriter<Hashed<BufWriter<File>>>>);

impl Pack {
    pub(super) fn begin(path: &Path, recipients: &[BackupRecipient]) -> Result<Self> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .with_context(|| format!("could not make {}", path.display()))?;
        let sealed = seal_backup(recipients, Hashed::new(BufWriter::new(file)))?;
        Ok(Self(tar::Builder::new(sealed)))
    }

    /// Adds a file of the disk under a name.
    pub(super) fn add(&mut self, name: &str, path: &Path) -> Result<PackedFile> {
        let mut add = || -> io::Result<PackedFile> {
            let file = File::open(path)?;
            let size = file.metadata()?.len();
            let mut header = tar::Header::new_gnu();
            header.set_size(size);
            header.set_mode(0o600);
            let mut read = Hashed::new(file.take(size));
            self.0.append_data(&mut header, name, &mut read)?;
            if read.count != size {
                return Err(io::Error::other("it grew shorter meanwhile"));
            }
            Ok(PackedFile { name: name.to_owned(), size, sha256: read.digest() })
        };
        add().with_context(|| format!("could not back up {}", path.display()))
    }

    /// Adds bytes under a name.
    pub(super) fn add_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<PackedFile> {
        let size = bytes.len() as u64;
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        self.0
            .append_data(&mut header, name, bytes)
            .with_context(|| format!("could not back up {name} of the vault"))?;
        Ok(PackedFile { name: name.to_owned(), size, sha256: hex(&Sha256::digest(bytes)) })
    }

    /// Ends it; durable when this returns.
    pub(super) fn finish(self, name: &str) -> Result<PackedFile> {
        let finish = || -> Result<PackedFile> {
            let mut hashed = self.0.into_inner()?.finish()?;
            hashed.flush()?;
            let (size, sha256) = (hashed.count, hashed.digest());
            hashed.inner.get_ref().sync_all()?;
            Ok(PackedFile { name: name.to_owned(), size, sha256 })
        };
        finish().with_context(|| format!("could not finish {name}"))
    }
}

/// Counts and hashes what passes.
pub(in crate::commands::register) struct Hashed<T> {
    inner: T,
    hasher: Sha256,
    pub(in crate::commands::register) count: u64,
}

impl<T> Hashed<T> {
    pub(in crate::commands::register) fn new(inner: T) -> Self {
        Self { inner, hasher: Sha256::new(), count: 0 }
    }

    pub(in crate::commands::register) fn digest(&self) -> String {
        hex(&self.hasher.clone().finalize())
    }

    fn pass(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.count += bytes.len() as u64;
    }
}

impl<T: Write> Write for Hashed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.pass(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Hashed<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.pass(&bytes[..read]);
        Ok(read)
    }
}
