//! How many cases stand in each state, and the newest of them to count others by, for all pages that show counts.
//!
//! What was counted holds until something happens in the register. A large one is busy, and counting it takes long: there
//! the counts are kept for some times as long as they took, a moment old rather than all that the machine does.

use cartulary_ledger::{CaseCount, CaseRow, Ledger, ListQuery, Result};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// At most this part of the time goes into counting: one in so many.
const SHARE: u32 = 20;
/// The newest cases that views of one's own are counted over.
const NEWEST: u32 = 4_000;

/// What was counted last.
#[derive(Default)]
pub(crate) struct Counts(Mutex<Option<Held>>);

struct Held {
    counted: Arc<Counted>,
    /// How many entries the register had.
    length: u64,
    at: Instant,
    took: Duration,
}

/// What was counted at a moment.
pub(crate) struct Counted {
    /// The cases of each state.
    pub(crate) states: Vec<CaseCount>,
    /// The newest cases.
    pub(crate) rows: Vec<CaseRow>,
    /// Whether there are no others.
    pub(crate) is_all: bool,
}

impl Counted {
    async fn new(ledger: &Ledger) -> Result<Self> {
        let states = ledger.case_counts().await?;
        let rows = ledger.list(&ListQuery { limit: NEWEST, ..ListQuery::default() }).await?;
        let is_all = rows.len() < usize::try_from(NEWEST).unwrap_or(usize::MAX);
        Ok(Self { states, rows, is_all })
    }

    /// The cases that nobody has answered yet.
    pub(crate) fn unanswered(&self) -> u64 {
        self.states.iter().map(|of| of.unanswered).sum()
    }
}

impl Held {
    /// Of a large register, and counted so short a time ago that counting anew would take too large a part of it.
    fn is_recent(&self) -> bool {
        !self.counted.is_all && self.at.elapsed() < self.took * SHARE
    }
}

impl Counts {
    /// The counts of now, or of a moment ago. Who comes while they are counted waits for that.
    pub(crate) async fn of(&self, ledger: &Ledger) -> Result<Arc<Counted>> {
        let mut held = self.0.lock().await;
        if let Some(held) = held.as_ref().filter(|held| held.is_recent()) {
            return Ok(Arc::clone(&held.counted));
        }
        let length = ledger.length().await?;
        if let Some(held) = held.as_ref().filter(|held| held.length == length) {
            return Ok(Arc::clone(&held.counted));
        }
        let begun = Instant::now();
        let counted = Arc::new(Counted::new(ledger).await?);
        let took = begun.elapsed();
        *held = Some(Held { counted: Arc::clone(&counted), length, at: Instant::now(), took });
        Ok(counted)
    }
}
