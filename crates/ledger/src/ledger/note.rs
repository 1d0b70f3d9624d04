//! The small files of a data folder: what the folder is, and how its root key is made of a passphrase.

use super::Place;
use crate::{Error, Result, checkpoint, failpoint};
use cartulary_vault::PassphraseHeader;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    fs::{self, File},
    io::{ErrorKind, Write as _},
};
use uuid::Uuid;

/// The file that says what a data folder is.
pub(super) const NOTE: &str = "register.toml";
/// The file that says how a passphrase becomes the root key.
pub(super) const PASSPHRASE: &str = "passphrase.toml";
/// The form of a data folder.
pub(super) const FORMAT: i64 = 1;

/// What stands in the note.
#[derive(Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) format: i64,
    pub(super) register: Uuid,
    pub(super) engine: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bucket: Option<BucketPlace>,
}

/// Where the originals are when they are not in the data folder. No secret: the access key comes from the environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketPlace {
    /// The service, as `https://s3.hospital.example`.
    pub endpoint: String,
    /// The region that signatures name.
    pub region: String,
    /// The bucket.
    pub name: String,
    /// What all names in it begin with; may be empty.
    #[serde(default)]
    pub prefix: String,
}

/// How a passphrase becomes the root key. No secret, and without it the passphrase opens nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passphrase {
    /// For the passphrase in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<PassphraseHeader>,
    /// For the one that a rotation is going to; what an interrupted one left is used again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<PassphraseHeader>,
}

impl Passphrase {
    /// What there is, in the order in which it is tried.
    pub fn headers(&self) -> impl Iterator<Item = &PassphraseHeader> {
        self.current.iter().chain(&self.next)
    }
}

impl Place {
    /// Where the originals of the register lie: in a bucket, or in the data folder.
    ///
    /// # Errors
    ///
    /// [`Error::Place`] when the note is damaged; [`Error::Io`] when it cannot be read.
    pub fn bucket(&self) -> Result<Option<BucketPlace>> {
        Ok(self.note()?.and_then(|note| note.bucket))
    }

    /// Says that the originals lie elsewhere now, as after a restore.
    ///
    /// # Errors
    ///
    /// [`Error::Place`] when there is no register; [`Error::Io`] when the note cannot be written.
    pub fn set_bucket(&self, bucket: Option<&BucketPlace>) -> Result<()> {
        let note = self.note()?.ok_or_else(|| self.refuse("there is no register"))?;
        self.write_note(&Note { bucket: bucket.cloned(), ..note })
    }

    /// How the root key is made of a passphrase; empty when it is none.
    ///
    /// # Errors
    ///
    /// [`Error::Place`] when the file is damaged; [`Error::Io`] when it cannot be read.
    pub fn passphrase(&self) -> Result<Passphrase> {
        Ok(self.read_small(PASSPHRASE)?.unwrap_or_default())
    }

    /// Keeps how the root key is made of a passphrase, durably; must be done before anything is wrapped with that key.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when it cannot be written.
    pub fn set_passphrase(&self, passphrase: &Passphrase) -> Result<()> {
        if passphrase.headers().next().is_some() {
            return self.write_small(PASSPHRASE, passphrase, || {});
        }
        let path = self.folder.join(PASSPHRASE);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", &path)(error)),
            _ => checkpoint::sync_folder(&path),
        }
    }

    /// Written last and whole: with it the folder is a register.
    pub(super) fn write_note(&self, note: &Note) -> Result<()> {
        self.write_small(NOTE, note, || failpoint::pass("init.note_written"))?;
        failpoint::pass("init.note_renamed");
        // The folder's own name, too.
        checkpoint::sync_folder(&self.folder)
    }

    pub(super) fn note(&self) -> Result<Option<Note>> {
        self.read_small(NOTE)
    }

    fn read_small<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>> {
        let path = self.folder.join(name);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", path)(error)),
        };
        let understood = toml::from_str(&text).map(Some);
        understood.map_err(|_| self.refuse(format!("{name} is damaged; restore it from a backup")))
    }

    fn write_small(&self, name: &'static str, form: &impl Serialize, synced: impl FnOnce()) -> Result<()> {
        let text = toml::to_string(form).map_err(|error| self.refuse(error.to_string()))?;
        let (path, new) = (self.folder.join(name), self.folder.join(format!("{name}.new")));
        let mut file = File::create(&new).map_err(Error::io("make", &new))?;
        file.write_all(text.as_bytes()).map_err(Error::io("write", &new))?;
        file.sync_all().map_err(Error::io("sync", &new))?;
        synced();
        fs::rename(&new, &path).map_err(Error::io("rename", &new))?;
        checkpoint::sync_folder(&path)
    }
}
