//! The walks by place: the chain of entries and the access log, each against the checkpoints.

use super::Report;
use crate::{
    Ledger, Result,
    chain::{self, Hash},
    checkpoint::{Checkpoint, SELECT_MORE},
    db::Tx,
};
use cartulary_model::{ActorId, CaseId, EntryId, Instant};
use std::collections::VecDeque;
use uuid::Uuid;

const PAGE: i64 = 5_000;

pub(super) async fn walk_entries(ledger: &Ledger, tx: &mut Tx, report: &mut Report) -> Result<()> {
    let sql = "SELECT pos, act, case_id, seq, hash, chain FROM entry WHERE pos > $1 ORDER BY pos LIMIT $2";
    let mut checkpoints = Checkpoints::new(Of::Entries);
    let (mut pos, mut act, mut head) = (0, 0, chain::START);
    loop {
        let rows = tx.rows(sql, &[pos.into(), PAGE.into()]).await?;
        for row in &rows {
            let (at, began, hash, stored) = (row.int(0)?, row.int(1)?, row.array(4)?, row.array(5)?);
            let case = CaseId::from_uuid(Uuid::from_bytes(row.array(2)?));
            let id = EntryId { case, seq: u64::try_from(row.int(3)?).unwrap_or(0) };
            let fault = if at != pos + 1 {
                Some(format!("before it, place {} of the register is missing", pos + 1))
            } else if chain::chain(&head, at, began, &hash) != stored {
                Some("the chain of the register is broken here".to_owned())
            } else if began != at && began != act {
                Some("it is of an act that began elsewhere".to_owned())
            } else {
                None
            };
            if let Some(fault) = fault {
                report.fault(Some(id), fault);
            }
            (pos, act, head) = (at, began, stored);
            checkpoints.reach(ledger, tx, pos, &head, report).await?;
        }
        if rows.is_empty() {
            break;
        }
    }
    checkpoints.end(ledger, tx, pos, report).await?;
    report.uncovered = u64::try_from(pos).unwrap_or(0).saturating_sub(checkpoints.reached);
    report.checkpoints = checkpoints.n;
    Ok(())
}

pub(super) async fn walk_accesses(ledger: &Ledger, tx: &mut Tx, report: &mut Report) -> Result<()> {
    let sql =
        "SELECT pos, at, actor, case_id, what, prev, hash FROM access WHERE pos > $1 ORDER BY pos LIMIT $2";
    let mut checkpoints = Checkpoints::new(Of::Accesses);
    let (mut pos, mut head) = (0, chain::START);
    loop {
        let rows = tx.rows(sql, &[pos.into(), PAGE.into()]).await?;
        for row in &rows {
            let (at, prev, stored): (i64, Hash, Hash) = (row.int(0)?, row.array(5)?, row.array(6)?);
            let when = Instant::from_micros(row.int(1)?);
            let actor = ActorId::from_uuid(Uuid::from_bytes(row.array(2)?));
            let case = row.maybe_bytes(3)?.map(|id| Uuid::from_slice(&id).unwrap_or_default());
            let hash = chain::access(&prev, at, when, actor, case.map(CaseId::from_uuid), &row.text(4)?);
            if at != pos + 1 {
                report.fault(None, format!("row {} of the access log is missing", pos + 1));
            } else if prev != head || hash != stored {
                report.fault(None, format!("row {at} of the access log was changed"));
            }
            (pos, head) = (at, stored);
            report.accesses += 1;
            checkpoints.reach(ledger, tx, pos, &head, report).await?;
        }
        if rows.is_empty() {
            break;
        }
    }
    checkpoints.end(ledger, tx, pos, report).await
}

/// Which of the two chains.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Entries,
    Accesses,
}

/// The checkpoints in their order, met as a walk reaches their places.
struct Checkpoints {
    of: Of,
    waiting: VecDeque<Checkpoint>,
    /// The last number that was taken out of the database.
    n: u64,
    digest: Hash,
    ended: bool,
    /// The last place at which a checkpoint was met.
    reached: u64,
}

impl Checkpoints {
    fn new(of: Of) -> Self {
        let waiting = VecDeque::new();
        Self { of, waiting, n: 0, digest: chain::START, ended: false, reached: 0 }
    }

    fn says(&self, checkpoint: &Checkpoint) -> (u64, Hash) {
        match self.of {
            Of::Entries => (checkpoint.pos, checkpoint.chain),
            Of::Accesses => (checkpoint.access_pos, checkpoint.access),
        }
    }

    /// Compares with all checkpoints at this place.
    async fn reach(
        &mut self,
        ledger: &Ledger,
        tx: &mut Tx,
        pos: i64,
        head: &Hash,
        report: &mut Report,
    ) -> Result<()> {
        let here = u64::try_from(pos).unwrap_or(0);
        while let Some(next) = self.peek(ledger, tx, report).await? {
            let (place, says) = self.says(&next);
            if place > here {
                break;
            }
            // A checkpoint of place 0 was written before there was any.
            if place == here && says != *head {
                report.fault(
                    None,
                    format!("checkpoint {} says otherwise of place {place}{}", next.n, self.where_()),
                );
            } else if place < here && place < self.reached {
                report
                    .fault(None, format!("checkpoint {} is of an earlier place than the one before", next.n));
            }
            self.reached = self.reached.max(place);
            self.waiting.pop_front();
        }
        Ok(())
    }

    /// At the end of a walk: what the remaining checkpoints say is not there.
    async fn end(&mut self, ledger: &Ledger, tx: &mut Tx, pos: i64, report: &mut Report) -> Result<()> {
        let here = u64::try_from(pos).unwrap_or(0);
        while let Some(next) = self.peek(ledger, tx, report).await? {
            let (place, says) = self.says(&next);
            if place > here {
                report.fault(
                    None,
                    format!(
                        "places {} to {place}{} are missing: checkpoint {} has seen them",
                        here + 1,
                        self.where_(),
                        next.n
                    ),
                );
            } else if place == 0 && says != chain::START {
                report.fault(None, format!("checkpoint {} is wrong about the beginning", next.n));
            }
            self.waiting.pop_front();
        }
        Ok(())
    }

    const fn where_(&self) -> &'static str {
        match self.of {
            Of::Entries => " of the register",
            Of::Accesses => " of the access log",
        }
    }

    async fn peek(
        &mut self,
        ledger: &Ledger,
        tx: &mut Tx,
        report: &mut Report,
    ) -> Result<Option<Checkpoint>> {
        if self.waiting.is_empty() && !self.ended {
            let after = i64::try_from(self.n).unwrap_or(i64::MAX);
            let rows = tx.rows(SELECT_MORE, &[after.into()]).await?;
            self.ended = rows.is_empty();
            for row in &rows {
                let checkpoint = Checkpoint::read(row)?;
                // Told once, in the walk of the entries.
                if self.of == Of::Entries {
                    self.look_at(ledger, &checkpoint, report);
                }
                self.n = checkpoint.n;
                self.digest = checkpoint.digest();
                self.waiting.push_back(checkpoint);
            }
        }
        Ok(self.waiting.front().cloned())
    }

    fn look_at(&self, ledger: &Ledger, checkpoint: &Checkpoint, report: &mut Report) {
        let n = checkpoint.n;
        if n != self.n + 1 {
            report.fault(None, format!("checkpoint {} is missing", self.n + 1));
        } else if checkpoint.prev != self.digest {
            report.fault(None, format!("checkpoint {n} does not follow the one before it"));
        }
        if !checkpoint.is_signed_by(&ledger.keys().verify_key(), ledger.register()) {
            report.fault(None, format!("the signature of checkpoint {n} is wrong"));
        }
    }
}
