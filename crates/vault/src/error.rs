//! What can go wrong, by what the caller can do about it.

use std::{io, path::PathBuf};

/// What the vault could not do.
///
/// No message names a patient or shows a secret.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The root key is not the one of this register: nothing can be read until the right one is given.
    #[error(
        "the root key does not open this register: give the key that it was made with (version {version})"
    )]
    WrongKey {
        /// The version that the register asks for.
        version: u32,
    },
    /// A key was wrapped under a root key of another version, which was not given.
    #[error(
        "the key is wrapped under root key version {wanted}, but version {given} was given: give both to rotate"
    )]
    OtherVersion {
        /// The version that it is wrapped under.
        wanted: u32,
        /// The newest version at hand.
        given: u32,
    },
    /// Sealed bytes were changed, cut, or moved here from another place.
    #[error("could not open {what}: its bytes were changed or belong elsewhere; restore it from a backup")]
    Damaged {
        /// What it was.
        what: String,
    },
    /// Bytes that this version did not write.
    #[error("could not understand {what}: {why}")]
    Format {
        /// What it should be.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A key cannot be taken from where it lies.
    #[error("will not use the key in {path}: {why}")]
    KeyPlace {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        why: String,
    },
    /// A passphrase, or the numbers beside it, cannot make a key.
    #[error("could not make a key of the passphrase: {0}")]
    Passphrase(String),
    /// The store cannot do this; nothing was done.
    #[error("{0}")]
    Unable(&'static str),
    /// No bytes are kept under this name.
    #[error("blob {0} is not in the store: restore it from a backup")]
    Missing(cartulary_model::BlobId),
    /// The disk refused.
    #[error("could not {doing} {path}: {source}")]
    Io {
        /// What was tried, as an infinitive.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Makes an error of what the system said when `doing` was tried on `path`.
pub(crate) fn io_at(doing: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> VaultError {
    move |source| VaultError::Io { doing, path: path.to_owned(), source }
}
