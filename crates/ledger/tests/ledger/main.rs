//! The register as its callers see it, on both engines.

#[path = "../support/postgres.rs"]
mod postgres;

mod folders;
mod formats;
mod suite;
mod support;
mod tamper;
mod walk;
