//! Criteria sets, three-valued evaluation, explanation, what to ask for.
//!
//! A criteria set is the indication in a product's label or a trial's protocol, written as one TOML document in
//! the catalogue's folder `criteria/`. Evaluation is a pure function of the record, the sets and a day.
//!
//! Invariants:
//! - *Unknown never turns into met; silence is unknown, never no.* Every leaf answers from a statement or not at all.
//! - *Only what was verified decides.* A criterion whose source is from memory is computed and shown, and is unknown.
//! - *The machine never rejects a patient.* A summary says where a set stands as written; a physician decides.
//!
//! | module | holds |
//! |---|---|
//! | [`kernel`] | Kleene's logic over verdicts with evidence, missing items and reasons |
//! | [`need`] | the questions a criterion can ask, one file each |
//! | `set`, `load`, `document` | criteria sets and their strict reading from TOML |
//! | `names` | `sets.toml`: named sets of drugs and histologies, what belongs to which paper |
//! | `context`, `disease`, `lines`, `latest`, `period`, `bound` | the views of a record that several questions share |
//! | `summary`, `ask` | where a set stands, what to ask for |
//! | `fingerprint`, `diff` | what an evaluation was made from, what changed between two |
//! | `schema` | the form of a criteria document, for editors |

mod ask;
mod bound;
mod context;
mod diff;
mod disease;
mod document;
mod error;
mod fingerprint;
pub mod kernel;
mod latest;
mod library;
mod lines;
mod load;
mod names;
pub mod need;
mod period;
mod phrases;
mod schema;
mod set;
mod summary;

pub use diff::{Cause, Difference, SetChange, Stood, VerdictChange, diff_evaluations, diff_sets};
pub use disease::TodaysDisease;
pub use error::{CriteriaError, Problem};
pub use fingerprint::record_fingerprint;
pub use library::{Assessment, CriteriaLibrary};
pub use schema::schema;
pub use set::{CriteriaSet, Criterion};
pub use summary::{Answered, Screening};
