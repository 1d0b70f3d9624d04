//! What can go wrong, by what the caller can do about it.

use cartulary_model::{CaseId, JobId};
use cartulary_vault::VaultError;
use std::{io, path::PathBuf};

/// A result of the register.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the register could not do. No message names a patient.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else appended in the meantime: load the case again, look, and decide again.
    #[error(
        "case {case} has {found} entries, expected {expected}: somebody changed it meanwhile; look again"
    )]
    Conflict {
        /// The case.
        case: CaseId,
        /// The version that the caller had seen.
        expected: u64,
        /// The version that it has.
        found: u64,
    },
    /// The job was given to another worker since: what this one found must be thrown away.
    #[error("job {0} was given to another worker: this result comes too late and is not kept")]
    StaleClaim(JobId),
    /// There is no such case.
    #[error("there is no case {0}: check the id")]
    NoCase(CaseId),
    /// The key of the case was destroyed, so nothing of it can be read or added.
    #[error("case {0} was erased: nothing of it can be read")]
    Erased(CaseId),
    /// The entries do not fit the case, whatever its version.
    #[error("will not append to case {case}: {why}")]
    Unfit {
        /// The case.
        case: CaseId,
        /// What does not fit.
        why: &'static str,
    },
    /// The register was written by a newer programme.
    #[error("the register has schema {found}, this programme knows {known}: use the newer programme")]
    NewerSchema {
        /// The schema found.
        found: i64,
        /// The newest schema known.
        known: i64,
    },
    /// The folder or database holds no whole register, or holds one where none should be. Nothing was changed.
    #[error("{place}: {why}")]
    Place {
        /// The folder or database.
        place: String,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// The register is older than what a witness has seen of it.
    #[error(
        "the register was set back: the witness {witness} has seen checkpoint {seen}, the register {state}; \
         restore the newest backup, or find out who set it back"
    )]
    RolledBack {
        /// The witness file.
        witness: PathBuf,
        /// The checkpoint in the witness file.
        seen: u64,
        /// What the register holds in its place.
        state: &'static str,
    },
    /// Something stored is not what was stored: run `verify`.
    #[error("the register is damaged: {0}; run verify to see where")]
    Damaged(String),
    /// The vault refused: a wrong key, damaged bytes.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The text of a document, which the search needs, could not be had.
    #[error("could not read a document's text for the search: {0}")]
    Text(String),
    /// The database refused.
    #[error("could not {doing}: {source}")]
    Database {
        /// What was tried, as an infinitive.
        doing: &'static str,
        /// What the database said.
        source: sqlx::Error,
    },
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
    /// The ledger was closed while it was asked.
    #[error("the register was closed before this was written: nothing was kept")]
    Closed,
}

impl Error {
    pub(crate) fn db(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Database { doing, source }
    }

    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }

    pub(crate) fn place(place: impl std::fmt::Display, why: impl Into<String>) -> Self {
        Self::Place { place: place.to_string(), why: why.into() }
    }
}
