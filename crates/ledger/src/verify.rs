//! Looking at all of the register: is everything as it was appended?
//!
//! Two walks, each in one pass and with little memory. By cases: each entry's place, hash, seal and form, what the cases
//! come to, and the projections beside it. By places in the register: no place missing, the chain, the acts, and the
//! checkpoints with their signatures; the same for the access log. Then the witnesses.

mod cases;
mod chains;
mod witness;

use crate::{Ledger, Result};
use cartulary_model::EntryId;
use std::{fmt, path::PathBuf};

/// What to look at beyond the register itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thorough {
    /// Also read the text of every document, to see that it is found by its words. Slow.
    pub texts: bool,
    /// Witness files of other places.
    pub witnesses: Vec<PathBuf>,
}

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries.
    pub entries: u64,
    /// Cases, erased ones among them.
    pub cases: u64,
    /// Erased cases.
    pub erased: u64,
    /// Rows of the access log.
    pub accesses: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Lines of witnesses.
    pub witnessed: u64,
    /// Entries behind the last checkpoint: if the newest of them were cut off, nobody could tell.
    pub uncovered: u64,
    /// Keys without a case, left by attempts that were broken off. No harm.
    pub spare_keys: u64,
    /// What is wrong: the entries first, in the order of cases.
    pub faults: Vec<Fault>,
    /// Faults beyond those that are listed.
    pub more: u64,
}

/// Something that is not as it was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The entry, where it is one.
    pub entry: Option<EntryId>,
    /// What is wrong, and where if it is no entry.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "entry {entry}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// So many faults are listed; one is bad enough, and a missing table would give millions.
const LISTED: usize = 100;

impl Report {
    /// Whether all is as it was appended.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    pub(crate) fn fault(&mut self, entry: Option<EntryId>, what: impl Into<String>) {
        if self.faults.len() < LISTED {
            self.faults.push(Fault { entry, what: what.into() });
        } else {
            self.more += 1;
        }
    }
}

impl Ledger {
    /// Looks at all of the register as it is at this moment; others go on working. `told` hears how many entries are done.
    ///
    /// # Errors
    ///
    /// When the database cannot be read; what is wrong in it is no error but stands in the report.
    pub async fn verify(&self, thorough: &Thorough, mut told: impl FnMut(u64)) -> Result<Report> {
        let mut report = Report::default();
        for told in self.db().integrity().await? {
            report.fault(None, told);
        }
        let witnesses = witness::seen(self, &thorough.witnesses);
        let mut tx = self.db().reading().await?;
        cases::walk(self, &mut tx, thorough.texts, &mut report, &mut told).await?;
        chains::walk_entries(self, &mut tx, &mut report).await?;
        chains::walk_accesses(self, &mut tx, &mut report).await?;
        witness::compare(&witnesses, &mut tx, &mut report).await?;
        Ok(report)
    }
}
