//! The register: append-only case files, sealed, on SQLite or PostgreSQL.
//!
//! ```text
//! Act ──append──► entries ──fold──► CaseFile ──rows──► projections ──► lists, search
//!                 (truth)                              (made again by rebuild)
//! ```
//!
//! Invariant: only this crate writes SQL. Invariant: entries are the only truth; every other table of a case is a pure
//! function of them. Invariant: what [`Ledger::append`] gave back is on the disk.
//!
//! | module | does |
//! |---|---|
//! | `ledger` | opens, appends, loads, lists, searches; keys, rotation, erasure |
//! | `writer` | the one task that commits, for many callers at a time |
//! | `body`, `case_file` | what entries say, and what a case comes to |
//! | `chain`, `checkpoint` | hashes, signed checkpoints, witnesses |
//! | `projection`, `recount`, `rebuild` | the tables beside the truth |
//! | `verify` | is all as it was appended? |
//! | `jobs` | work that waits |
//! | `slips` | accounts, sessions, links: what changes and is no entry |
//! | `db`, `schema` | the two engines |
//! | [`failpoint`] | where tests stop the programme |

mod act;
mod body;
mod case_file;
mod chain;
mod checkpoint;
mod db;
mod error;
pub mod failpoint;
mod jobs;
mod ledger;
mod projection;
mod rebuild;
mod recount;
mod schema;
mod slips;
mod verify;
mod words;
mod writer;

pub use act::{Access, Act, Done, NewJob, Part};
pub use body::*;
pub use case_file::{
    CaseFact, CaseFile, CaseState, Consent, CourseEvent, Decision, Document, DocumentState, Entry,
    Evaluation, FactStatus, Inquiry, Message, Note, Retention,
};
pub use checkpoint::Checkpoint;
pub use error::{Error, Result};
pub use jobs::{ATTEMPTS, Claim, Job, JobCounts, JobState};
pub use ledger::{
    AccessRow, BucketPlace, CaseCount, CaseRow, Found, Hit, Ledger, ListQuery, Passphrase, Place, Texts,
    World,
};
pub use slips::{Drawer, Slip};
pub use verify::{Fault, Report, Thorough};
pub use words::{same, words};
