//! Tests of the program as people run it: files in, answers out.

mod bad_input;
mod criteria;
mod examples;
#[expect(dead_code, clippy::unwrap_used, reason = "the ledger's own tests use more of it; a test may panic")]
#[path = "../../ledger/tests/support/postgres.rs"]
mod postgres;
mod read;
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod register;
mod register_bucket;
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod register_case;
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod register_keys;
#[expect(dead_code, clippy::unwrap_used, reason = "the vault's own tests use more of it; a test may panic")]
#[path = "../../vault/tests/vault/http.rs"]
mod s3;
mod schema;
mod support;
