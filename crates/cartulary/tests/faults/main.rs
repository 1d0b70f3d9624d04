//! What the register promises, held against a machine that fails: the fault drivers of the commands, on both engines.
//!
//! With `CARTULARY_FAULTS=full` they do as much as docs/register.md has figures of, and print them; without it a small part.
//! `cargo test -p cartulary --test faults -- --nocapture` shows what they count.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic, and tells what it counted")]

mod acts;
mod canaries;
mod desk;
mod disk;
mod moments;
mod papers;
mod points;
#[expect(dead_code, reason = "the ledger's own tests use more of it")]
#[path = "../../../ledger/tests/support/postgres.rs"]
mod postgres;
mod ready;
mod search;
mod seeded;
mod server;
mod sheets;
mod spare;
mod story;
mod workers;
