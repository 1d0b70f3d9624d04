//! Keys, sealing, and the bytes that are kept.
//!
//! | module | does |
//! |---|---|
//! | `root` | the root key: from a file, a passphrase, the service manager |
//! | `derive`, `keys` | the keys of a register, made of it; tokens; rotation |
//! | `wrapped`, `case_key` | the key of each case, as it lies in the database and as it works |
//! | `seal`, `cipher` | sealed bytes and what they are about |
//! | `blobs` | the store of sealed bytes: a folder of a disk, or a bucket |
//! | `stream` | the sealed form of a blob, in chunks |
//! | `sign` | signatures of checkpoints |
//! | `person` | passwords and codes of the staff |
//! | `backup` | streams sealed to people whose keys are elsewhere |
//!
//! The features `s3` (buckets) and `backup` (the crate `age`) bring most of the dependencies; the crates between do without.
//!
//! Invariant: no other crate of ours uses cryptography. Invariant: nothing here reads a clock or draws randomness of its
//! own (`backup` excepted): the caller hands in [`Entropy`](cartulary_model::Entropy). Invariant: no secret has a form that can be printed.

#[cfg(feature = "backup")]
mod backup;
mod blobs;
mod case_key;
mod cipher;
mod derive;
mod error;
mod hex;
mod keys;
mod person;
mod root;
mod seal;
mod secret;
mod sign;
mod stream;
#[cfg(test)]
mod vectors;
mod wrapped;

#[cfg(feature = "backup")]
pub use backup::{BackupIdentity, BackupReader, BackupRecipient, BackupWriter, open_backup, seal_backup};
#[cfg(feature = "s3")]
pub use blobs::BucketSettings;
pub use blobs::{Blobs, Disk, DiskEntry, DiskFile, DiskKind, Listing, LocalDisk, Scrub};
pub use case_key::CaseKey;
pub use error::VaultError;
pub use keys::Keys;
pub use person::{CodeSecret, Password, SHORTEST_PASSWORD};
pub use root::{PassphraseHeader, RootKey};
pub use seal::{Context, OVERHEAD};
pub use sign::{Signature, verify};
pub use wrapped::WrappedKey;
