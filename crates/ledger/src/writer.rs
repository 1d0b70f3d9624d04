//! The one place that appends: what many callers ask at the same time is written together.
//!
//! Making a commit durable takes milliseconds, whatever is in it. So a task takes all that waits, writes it in one
//! transaction, and answers each. Who was refused (a changed case, a late job) is refused alone.

mod batch;

pub(crate) use batch::{Prepared, SealedEntry, acts};

use crate::{
    Error, Result,
    act::{Access, Done},
    chain::Hash,
    checkpoint::{self, Checkpoint, Heads, Witness},
    db::{At, Db, Tx, list, padded},
    failpoint,
    ledger::seed_name,
};
use cartulary_model::{ActorId, CaseId, Clock};
use cartulary_vault::{Keys, VaultError, WrappedKey};
use sqlx::AssertSqlSafe;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};
use uuid::Uuid;

/// What may be asked of the writer.
pub(crate) enum Ask {
    Append(Box<Prepared>, oneshot::Sender<Result<Done>>),
    Access(ActorId, Vec<Access>, Answer),
    Reserve(CaseId, WrappedKey, Answer),
    Checkpoint(Answer),
}

/// Where an outcome without a value goes.
type Answer = oneshot::Sender<Result<()>>;

/// The task that writes.
pub(crate) struct Writer {
    pub(crate) db: Db,
    pub(crate) keys: Keys,
    pub(crate) register: Uuid,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) witness: Witness,
    /// Lines that stand in the register and not yet in the witness.
    pub(crate) unwitnessed: Vec<String>,
    /// Rows appended since the last checkpoint.
    pub(crate) since: usize,
    /// When there must be a checkpoint.
    pub(crate) due: Option<Instant>,
}

/// At most this many callers share a commit, so that none waits for long.
const TOGETHER: usize = 512;
/// At most this many rows lie behind the last checkpoint.
const ROWS: usize = 1_000;
/// At most this long lie rows behind the last checkpoint.
const PATIENCE: Duration = Duration::from_millis(900);

impl Writer {
    /// Serves until all that could ask are gone.
    pub(crate) async fn serve(mut self, mut asked: mpsc::Receiver<Ask>) {
        loop {
            let next = match self.due {
                Some(due) => timeout_at(due, asked.recv()).await,
                None => Ok(asked.recv().await),
            };
            match next {
                Ok(Some(first)) => {
                    let mut asks = vec![first];
                    while asks.len() < TOGETHER
                        && let Ok(more) = asked.try_recv()
                    {
                        asks.push(more);
                    }
                    self.answer(asks).await;
                }
                // Nobody is there to be told that a checkpoint failed; the next one is tried in its turn.
                Err(_) => drop(self.checkpoint().await),
                Ok(None) => {
                    drop(self.checkpoint().await);
                    return;
                }
            }
        }
    }

    async fn answer(&mut self, asks: Vec<Ask>) {
        let mut appends = Vec::new();
        let mut accesses = Vec::new();
        let mut checkpoints = Vec::new();
        let mut keys = Vec::new();
        for ask in asks {
            match ask {
                Ask::Append(prepared, to) => appends.push((prepared, to)),
                Ask::Access(actor, rows, to) => accesses.push((actor, rows, to)),
                Ask::Reserve(case, wrapped, to) => keys.push(((case, wrapped), to)),
                Ask::Checkpoint(to) => checkpoints.push(to),
            }
        }
        self.reserve(keys).await;
        self.append(appends).await;
        self.access(accesses).await;
        if !checkpoints.is_empty() {
            let mut outcome = self.checkpoint().await;
            for to in checkpoints {
                // An error can be told once; the others learn that there was one.
                let _ = to.send(std::mem::replace(&mut outcome, Err(Error::Closed)));
                if outcome.is_err() {
                    outcome = self.checkpoint().await;
                }
            }
        }
    }

    async fn append(&mut self, asked: Vec<(Box<Prepared>, oneshot::Sender<Result<Done>>)>) {
        if asked.is_empty() {
            return;
        }
        let (prepared, to): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
        match self.commit(&prepared).await {
            Ok(done) => {
                for (to, done) in to.into_iter().zip(done) {
                    let _ = to.send(done);
                }
            }
            Err(Failed::InCommit(error)) => fail_all(to, error),
            Err(Failed::Before(error)) if prepared.len() == 1 => fail_all(to, error),
            Err(Failed::Before(_)) => {
                // One of them cannot be written: each alone, so that the others are.
                for (one, to) in prepared.iter().zip(to) {
                    let done = match self.commit(std::slice::from_ref(one)).await {
                        Ok(mut done) => done.pop().unwrap_or(Err(Error::Closed)),
                        Err(Failed::Before(error) | Failed::InCommit(error)) => Err(error),
                    };
                    let _ = to.send(done);
                }
            }
        }
        failpoint::pass("append.answered");
    }

    async fn reserve(&self, asked: Vec<((CaseId, WrappedKey), Answer)>) {
        let (keys, to): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
        let all: Vec<&(CaseId, WrappedKey)> = keys.iter().collect();
        match self.write_keys(&all).await {
            Ok(()) => to.into_iter().for_each(|to| drop(to.send(Ok(())))),
            Err(_) => {
                for (key, to) in keys.iter().zip(to) {
                    let _ = to.send(self.write_keys(&[key]).await);
                }
            }
        }
    }

    /// Writes all in one transaction; gives each its outcome.
    async fn commit(&mut self, all: &[Box<Prepared>]) -> Result<Vec<Result<Done>>, Failed> {
        let new: Vec<&(CaseId, WrappedKey)> = all.iter().flat_map(|prepared| &prepared.new_keys).collect();
        self.write_keys(&new).await.map_err(Failed::Before)?;
        let mut tx = self.db.appending().await.map_err(Failed::Before)?;
        failpoint::pass("append.begun");
        let written = batch::write(&mut tx, all, self.clock.now()).await.map_err(Failed::Before)?;
        let checkpoint = self.note(&mut tx, written.rows).await.map_err(Failed::Before)?;
        failpoint::pass("append.before_commit");
        tx.commit().await.map_err(Failed::InCommit)?;
        failpoint::pass("append.committed");
        self.noted(written.rows, checkpoint).await;
        Ok(written.done)
    }

    /// The keys of new cases go first and are durable before anything is sealed with them. A key without a case is no
    /// harm; a case without its key would be lost.
    async fn write_keys(&self, new: &[&(CaseId, WrappedKey)]) -> Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.keys().await?;
        let sql = format!("SELECT name FROM {} WHERE name = $1", self.db.key_register());
        if tx.row(AssertSqlSafe(sql), &[seed_name(self.keys.version()).into()]).await?.is_none() {
            return Err(VaultError::WrongKey { version: self.keys.version() + 1 }.into());
        }
        let there = self.keys_there(&mut tx, new).await?;
        let mut rows = Vec::with_capacity(new.len());
        for (case, wrapped) in new {
            match there.get(case) {
                None => rows.push(vec![
                    (*case.bytes()).into(),
                    i64::from(wrapped.version()).into(),
                    wrapped.bytes().into(),
                ]),
                // From an attempt with others, one of which could not be written.
                Some(held) if held.as_deref() == Some(wrapped.bytes()) => {}
                // Somebody else makes the same case with another key.
                Some(_) => return Err(Error::Conflict { case: *case, expected: 0, found: 0 }),
            }
        }
        tx.insert(self.db.case_key(), &["case_id", "version", "wrapped"], "", &rows).await?;
        failpoint::pass("append.keys_before_commit");
        tx.commit().await?;
        failpoint::pass("append.keys_committed");
        Ok(())
    }

    async fn keys_there(
        &self,
        tx: &mut Tx,
        new: &[&(CaseId, WrappedKey)],
    ) -> Result<BTreeMap<CaseId, Option<Vec<u8>>>> {
        let mut there = BTreeMap::new();
        let ids: Vec<_> = new.iter().map(|(case, _)| (*case.bytes()).into()).collect();
        let sql = format!(
            "SELECT case_id, wrapped FROM {} WHERE case_id IN ({})",
            self.db.case_key(),
            list(1, ids.len())
        );
        for row in tx.rows(AssertSqlSafe(sql), &padded(ids)).await? {
            there.insert(CaseId::from_uuid(Uuid::from_bytes(row.array(0)?)), row.maybe_bytes(1)?);
        }
        Ok(there)
    }

    async fn access(&mut self, asked: Vec<(ActorId, Vec<Access>, Answer)>) {
        if asked.is_empty() {
            return;
        }
        let at = self.clock.now();
        let (mut seen, mut to) = (Vec::new(), Vec::new());
        for (actor, rows, answer) in asked {
            seen.extend(rows.into_iter().map(|row| (actor, at, row)));
            to.push(answer);
        }
        match self.write_access(&seen).await {
            Ok(()) => to.into_iter().for_each(|to| drop(to.send(Ok(())))),
            Err(error) => fail_all(to, error),
        }
    }

    async fn write_access(&mut self, seen: &[batch::Seen]) -> Result<()> {
        let mut tx = self.db.appending().await?;
        batch::write_access(&mut tx, seen).await?;
        let checkpoint = self.note(&mut tx, seen.len()).await?;
        tx.commit().await?;
        self.noted(seen.len(), checkpoint).await;
        Ok(())
    }

    /// Writes a checkpoint within a transaction when enough has been appended.
    async fn note(&self, tx: &mut Tx, rows: usize) -> Result<Option<Checkpoint>> {
        let late = self.due.is_some_and(|due| due <= Instant::now());
        if self.since + rows < ROWS && !late {
            return Ok(None);
        }
        let heads = heads(tx).await?;
        let checkpoint = checkpoint::write(tx, &self.keys, self.register, &heads, self.clock.now()).await?;
        failpoint::pass("append.checkpoint_written");
        Ok(checkpoint)
    }

    /// After a commit: counts, and tells the witness.
    async fn noted(&mut self, rows: usize, checkpoint: Option<Checkpoint>) {
        if let Some(checkpoint) = checkpoint {
            self.unwitnessed.push(checkpoint.line());
            self.since = 0;
            self.due = None;
            // What the witness does not take now it is given with the next checkpoint.
            drop(self.witness().await);
        } else if rows > 0 {
            self.since += rows;
            self.due.get_or_insert_with(|| Instant::now() + PATIENCE);
        }
    }

    /// Writes a checkpoint of all that was appended, by whomever, and has the witness keep it.
    async fn checkpoint(&mut self) -> Result<()> {
        self.due = None;
        let mut tx = self.db.appending().await?;
        let heads = heads(&mut tx).await?;
        let written = checkpoint::write(&mut tx, &self.keys, self.register, &heads, self.clock.now()).await?;
        tx.commit().await?;
        self.since = 0;
        self.unwitnessed.extend(written.map(|written| written.line()));
        self.witness().await
    }

    async fn witness(&mut self) -> Result<()> {
        if self.unwitnessed.is_empty() {
            return Ok(());
        }
        let lines = self.unwitnessed.clone();
        let witness = self.witness.clone();
        let added = tokio::task::spawn_blocking(move || witness.add(&lines)).await;
        added.map_err(|_| Error::Closed)??;
        self.unwitnessed.clear();
        Ok(())
    }
}

/// Where writing failed: only before the commit is it certain that nothing was kept.
enum Failed {
    Before(Error),
    InCommit(Error),
}

fn fail_all<T>(to: Vec<oneshot::Sender<Result<T>>>, error: Error) {
    let mut error = Some(error);
    for to in to {
        // The first is told why; to the others it is the same, and an error is not copied.
        let told = error.take().unwrap_or_else(|| Error::Damaged("writing with others failed".to_owned()));
        let _ = to.send(Err(told));
    }
}

/// The ends of the register's chain and of the access log.
async fn heads(tx: &mut Tx) -> Result<Heads> {
    let (pos, chain) = head(tx, "SELECT pos, chain FROM entry ORDER BY pos DESC LIMIT 1").await?;
    let (access_pos, access) = head(tx, "SELECT pos, hash FROM access ORDER BY pos DESC LIMIT 1").await?;
    Ok(Heads { pos, chain, access_pos, access })
}

async fn head(tx: &mut Tx, sql: &'static str) -> Result<(i64, Hash)> {
    match tx.row(sql, &[]).await? {
        Some(row) => Ok((row.int(0)?, row.array(1)?)),
        None => Ok((0, crate::chain::START)),
    }
}

/// The last checkpoint of a register.
pub(crate) async fn last_checkpoint(db: &Db) -> Result<Option<Checkpoint>> {
    let row = db.row(At::Write, checkpoint::SELECT_LAST, &[]).await?;
    row.map(|row| Checkpoint::read(&row)).transpose()
}
