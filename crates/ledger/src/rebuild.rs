//! Making the projections again from the entries, as if they had never been.

use crate::{
    Error, Ledger, Result, failpoint,
    projection::{Change, Table},
    recount::{Cases, END, KeyState},
};
use cartulary_model::CaseId;

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
                change.then(Change::whole(case, recounted.rows));
                self.clear_between(&mut tx, last, Some(case)).await?;
                last = Some(case);
            }
            if some.is_empty() {
                self.clear_between(&mut tx, last, None).await?;
            }
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

    /// Removes rows of cases that do not exist, between two that do.
    async fn clear_between(
        &self,
        tx: &mut crate::db::Tx,
        above: Option<CaseId>,
        below: Option<CaseId>,
    ) -> Result<()> {
        let above = above.map_or(Vec::new(), |case| case.bytes().to_vec());
        let below = below.map_or(END.to_vec(), |case| case.bytes().to_vec());
        for table in Table::ALL {
            tx.run(table.delete_between(), &[above.clone().into(), below.clone().into()]).await?;
        }
        Ok(())
    }
}
