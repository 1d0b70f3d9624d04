//! Making the projections again from the entries, as if they had never been.

use crate::{
    Error, Ledger, Result,
    db::Tx,
    failpoint,
    ledger::StoredEntry,
    projection::{Change, Held, Rows, held},
    recount::{Cases, KeyState, between},
};
use cartulary_model::CaseId;
use uuid::Uuid;

/// So many entries, or a few more, are done in one transaction. Rows of the search stand in the order of words, so that
/// each case touches the ends of all its words; many cases at a time touch them once.
const TOGETHER: usize = 10_000;

impl Ledger {
    /// Makes all projections again; gives the number of cases. `told` hears how many are done.
    ///
    /// Some cases at a time, each whole in a transaction, while others go on working. What the tables hold already is
    /// compared and left, so a register that is sound is read and not written. Interrupted, it is run again.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] at the first entry that is not as it was appended: nothing is made from what is not true.
    pub async fn rebuild(&self, told: impl FnMut(u64)) -> Result<u64> {
        self.db().make_room(true).await?;
        let outcome = self.rebuild_all(told).await;
        self.db().make_room(false).await?;
        outcome
    }

    async fn rebuild_all(&self, mut told: impl FnMut(u64)) -> Result<u64> {
        let mut cases = Cases::new();
        let mut last = None;
        let mut done = 0;
        loop {
            let mut tx = self.db().appending().await?;
            let some = cases.next_many(&mut tx, TOGETHER).await?;
            let to = some.last().map(|entries| entries[0].case);
            let change = self.rebuilt(&mut tx, &some, (last, to)).await?;
            last = to;
            change.write(&mut tx).await?;
            failpoint::pass("rebuild.before_commit");
            tx.commit().await?;
            failpoint::pass("rebuild.committed");
            if some.is_empty() {
                return Ok(done);
            }
            done += some.len() as u64;
            told(done);
        }
    }

    /// What must change in the tables between two cases, the first not among them.
    async fn rebuilt(
        &self,
        tx: &mut Tx,
        cases: &[Vec<StoredEntry>],
        (above, to): (Option<CaseId>, Option<CaseId>),
    ) -> Result<Change> {
        let keys = self.keys_between(above, to).await?;
        let Held { cases: mut held, strange } = held(tx, &between(above, to), true).await?;
        let mut change = Change::default();
        for entries in cases {
            let case = entries[0].case;
            let key = keys.get(&case).unwrap_or(&KeyState::Missing);
            let recounted = self.recount(entries, key, true).await?;
            let closed = matches!(key, KeyState::Destroyed);
            if let Some((entry, what)) = recounted.faults.first().filter(|_| !closed) {
                return Err(Error::Damaged(format!("entry {entry}: {what}")));
            }
            let before = held.remove(&case).unwrap_or_default();
            if before != recounted.rows {
                change.then(Change::between(case, &before, recounted.rows));
            }
        }
        // What stands there of cases that do not exist.
        for case in held.into_keys() {
            change.then(Change::whole(case, Rows::new()));
        }
        change.then(Change::between(CaseId::from_uuid(Uuid::nil()), &strange, Rows::new()));
        Ok(change)
    }
}
