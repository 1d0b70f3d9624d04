//! What the vault promises.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as its test does")]

#[cfg(feature = "backup")]
mod backup;
mod blobs;
#[cfg(feature = "s3")]
mod bucket;
mod chance;
mod flips;
#[cfg(feature = "s3")]
mod http;
mod keys;
mod lossy;
mod power;
mod root;
mod spare;
