//! How many cases stand in each state, for all pages that show it.
//!
//! The counting goes over all cases, so its result is kept for some times as long as it took: a small register is counted
//! for each page, and of a large one the counts are a moment old rather than all that the machine does.

use cartulary_ledger::{CaseCount, Ledger, Result};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// At most this part of the time goes into counting: one in so many.
const SHARE: u32 = 20;

/// What was counted last.
#[derive(Default)]
pub(crate) struct Counts(Mutex<Option<Held>>);

struct Held {
    counts: Vec<CaseCount>,
    at: Instant,
    took: Duration,
}

impl Counts {
    /// The counts of now, or of a moment ago. Who comes while they are counted waits for that.
    pub(crate) async fn of(&self, ledger: &Ledger) -> Result<Vec<CaseCount>> {
        let mut held = self.0.lock().await;
        if let Some(held) = held.as_ref().filter(|held| held.at.elapsed() < held.took * SHARE) {
            return Ok(held.counts.clone());
        }
        let begun = Instant::now();
        let counts = ledger.case_counts().await?;
        let took = begun.elapsed();
        *held = Some(Held { counts: counts.clone(), at: Instant::now(), took });
        Ok(counts)
    }
}
