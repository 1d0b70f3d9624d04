//! What can go wrong, by what the caller can do about it.

use cartulary_model::CaseId;
use cartulary_vault::VaultError;

/// A result of the work on a case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What could not be done. No message names a patient.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The register refused.
    #[error(transparent)]
    Ledger(#[from] cartulary_ledger::Error),
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// What was asked for makes no sense, and asking again will not help.
    #[error("{0}")]
    Refused(String),
    /// There is no such thing in the case.
    #[error("case {case} has no {what}: look at the case again")]
    Nothing {
        /// The case.
        case: CaseId,
        /// What was looked for.
        what: String,
    },
    /// Something kept in the vault is not of this programme's forms.
    #[error("could not understand {what} of case {case}: {why}")]
    Form {
        /// The case.
        case: CaseId,
        /// What it is.
        what: &'static str,
        /// What the parser said.
        why: String,
    },
    /// A paper's bytes could not be had, or changed while they were received. Nothing was kept.
    #[error("could not take {name}: {why}; nothing was received, try again")]
    Paper {
        /// The name of the paper.
        name: String,
        /// Why.
        why: String,
    },
    /// Somebody changed the case again and again while this was tried.
    #[error("case {0} changes all the time: try again")]
    Busy(CaseId),
    /// Work that failed and may be tried again: the reader is not there, say.
    #[error("{0}")]
    Later(String),
}

impl Error {
    /// Whether database or disk refused, which may pass: the same can be tried again.
    pub const fn is_of_the_machine(&self) -> bool {
        use cartulary_ledger::Error as Register;
        matches!(
            self,
            Self::Ledger(
                Register::Database { .. } | Register::Io { .. } | Register::Vault(VaultError::Io { .. })
            ) | Self::Vault(VaultError::Io { .. })
        )
    }

    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }
}
