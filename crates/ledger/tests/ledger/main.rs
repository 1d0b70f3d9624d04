//! The register as its callers see it, on both engines.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as its test does")]

#[expect(dead_code, reason = "the fault drivers of the binary use more of it")]
#[path = "../support/postgres.rs"]
mod postgres;

mod folders;
mod formats;
mod kill;
mod suite;
mod support;
mod tamper;
mod walk;
