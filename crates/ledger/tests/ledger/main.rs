//! The register as its callers see it, on both engines.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as its test does")]

#[path = "../support/postgres.rs"]
mod postgres;

mod folders;
mod formats;
mod kill;
mod suite;
mod support;
mod tamper;
mod walk;
