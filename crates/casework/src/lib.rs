//! The work on a case: receive, read, extract, evaluate, judge, decide; and who may do what.
//!
//! ```text
//! papers ─receive─► originals in the vault + one act in the register ─► job read ─► job extract ─► job evaluate
//! people ─judge, decide, merge, undo, consent, erase─► acts, and the jobs that follow from them
//! ```
//!
//! Invariant: what a role may not do is not a method of its handle. Invariant: a paper is acknowledged after its bytes and
//! its entry are durable, and the same delivery twice is one. Invariant: no file, no process, no clock: the reader comes in
//! as [`Read`], time and randomness with the [`Ledger`](cartulary_ledger::Ledger).
//!
//! | module | does |
//! |---|---|
//! | `casework` | the register and the vault together |
//! | `roles` | what coordinator, physician, data manager, administrator and a patient's link may do |
//! | `receive` | papers into a case, once |
//! | `reading`, `taken` | what is kept of a reading and of an extraction |
//! | `whole` | a case with those that were merged into it |
//! | `evaluation` | papers and facts to the preliminary evaluation |
//! | `worker`, `work` | the jobs |
//! | `people` | accounts, signing in, sessions |
//! | `upload` | papers that come in pieces |
//! | `links` | links of patients |
//! | `contact` | the clock of the first answer |
//! | `spare` | what broken-off receipts left in the vault |
//! | `likeness` | the same sheet in other clothes |

mod casework;
pub mod contact;
mod error;
pub mod evaluation;
mod likeness;
mod links;
pub mod people;
mod reading;
mod receive;
mod roles;
mod spare;
mod taken;
mod upload;
mod whole;
mod work;
mod worker;

pub use casework::{Casework, ReadingTexts};
pub use error::{Error, Result};
pub use reading::{PagePicture, Picture, Read, ReadPaper, ReadStep, Reading, Sheet};
pub use receive::{Inquiry, Parcel, Receipt, ReceivedPaper, Wrapped};
pub use roles::{
    Administrator, CaseView, Coordinator, Correction, DataManager, Decision, Erasure, Found, FoundCase,
    Judgement, Kept, LinkStatus, ListPlace, Listed, Page, PatientLink, Physician, Reply, SCOPES, SavedView,
    SentPaper, Staff, Told,
};
pub use spare::Spare;
pub use taken::{Taken, TakenFact, TakenPaper};
pub use upload::{Delivered, FileForms, UploadedFile};
pub use whole::Whole;
pub use worker::{Done, Tools, Worker};

/// The places of this crate at which a test stops the programme: see [`cartulary_ledger::failpoint`].
pub const FAIL_POINTS: &[&str] =
    &["receive.paper_kept", "receive.kept", "read.kept", "extract.kept", "evaluate.kept"];
