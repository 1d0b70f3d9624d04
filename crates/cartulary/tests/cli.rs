//! Tests of the program as people run it: files in, answers out.

mod bad_input;
mod criteria;
mod examples;
#[expect(dead_code, reason = "the ledger's own tests use more of it")]
#[path = "../../ledger/tests/support/postgres.rs"]
mod postgres;
mod read;
mod register;
mod schema;
mod support;
