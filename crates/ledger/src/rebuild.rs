//! Making the projections again from the entries, as if they had never been.

use crate::{
    Error, Ledger, Result, failpoint,
    projection::{Change, Rows, Table},
    recount::{Cases, KeyState, between},
};

impl Ledger {
    /// Makes all projections again; gives the number of cases. `told` hears how many are done.
    ///
    /// Some cases at a time, each whole in a transaction, while others go on working. Interrupted, it is run again.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] at the first entry that is not as it was appended: nothing is made from what is not true.
    pub async fn rebuild(&self, mut told: impl FnMut(u64)) -> Result<u64> {
        let mut cases = Cases::new();
        let mut last = None;
        let mut done = 0;
        loop {
            let mut tx = self.db().appending().await?;
            let some = cases.next(&mut tx).await?;
            let to = some.last().map(|entries| entries[0].case);
            let keys = self.keys_between(last, to).await?;
            let mut change = Change::default();
            for entries in &some {
                let case = entries[0].case;
                let key = keys.get(&case).unwrap_or(&KeyState::Missing);
                let recounted = self.recount(entries, key, true).await?;
                let closed = matches!(key, KeyState::Destroyed);
                if let Some((entry, what)) = recounted.faults.first().filter(|_| !closed) {
                    return Err(Error::Damaged(format!("entry {entry}: {what}")));
                }
                change.then(Change::between(case, &Rows::new(), recounted.rows));
            }
            // Also what stands there of cases that do not exist.
            for table in Table::ALL {
                tx.run(table.delete_range(), &between(last, to)).await?;
            }
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
}
