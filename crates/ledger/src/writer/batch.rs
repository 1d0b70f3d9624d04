//! What one transaction writes for many callers.

use super::head;
use crate::{
    Error, Result,
    act::{Access, Done, NewJob},
    chain::{self, Hash},
    db::{Tx, Value, list, padded},
    failpoint,
    jobs::{self, Claim},
    projection::Change,
};
use cartulary_model::{ActorId, CaseId, Instant};
use cartulary_vault::WrappedKey;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// An act, sealed and ready to be written. Its entries fit the version of the cases that the caller saw.
pub(crate) struct Prepared {
    pub(crate) actor: ActorId,
    pub(crate) once: Option<[u8; 32]>,
    /// Each case with the version before and after.
    pub(crate) cases: Vec<(CaseId, u64, u64)>,
    pub(crate) new_keys: Vec<(CaseId, WrappedKey)>,
    pub(crate) entries: Vec<SealedEntry>,
    pub(crate) change: Change,
    pub(crate) jobs: Vec<NewJob>,
    pub(crate) finish: Option<Claim>,
    pub(crate) access: Vec<Access>,
}

/// An entry as it is stored, but for its place in the register.
pub(crate) struct SealedEntry {
    pub(crate) case: CaseId,
    pub(crate) seq: u64,
    pub(crate) kind: &'static str,
    pub(crate) at: Instant,
    pub(crate) body: Vec<u8>,
    pub(crate) prev: Hash,
    pub(crate) hash: Hash,
}

/// What a transaction came to.
pub(crate) struct Written {
    pub(crate) done: Vec<Result<Done>>,
    /// How many entries and rows of the access log were written.
    pub(crate) rows: usize,
}

const ENTRY: &[&str] =
    &["pos", "act", "case_id", "seq", "kind", "at", "actor", "body", "prev", "hash", "chain", "once"];
const ACCESS: &[&str] = &["pos", "at", "actor", "case_id", "what", "prev", "hash"];

/// Writes acts within a transaction in which nobody else appends.
///
/// All is read first, then decided, then written, each in a few statements however many acts there are.
pub(super) async fn write(tx: &mut Tx, all: &[Box<Prepared>], now: Instant) -> Result<Written> {
    let mut known = Known::read(tx, all).await?;
    let mut with = With::default();
    let mut done = Vec::with_capacity(all.len());
    for prepared in all {
        let decided = known.decide(tx, prepared).await?;
        if decided.as_ref().is_ok_and(|done| done.first) {
            with.add(prepared, now);
        }
        done.push(decided);
    }
    failpoint::pass("append.decided");
    tx.insert("entry", ENTRY, "", &known.entries).await?;
    failpoint::pass("append.entries_written");
    with.change.write(tx).await?;
    failpoint::pass("append.projections_written");
    tx.insert("job", jobs::COLUMNS, jobs::UNLESS_WAITING, &with.jobs).await?;
    failpoint::pass("append.jobs_written");
    write_access(tx, &with.access).await?;
    failpoint::pass("append.access_written");
    Ok(Written { done, rows: known.entries.len() + with.access.len() })
}

/// What goes with the entries of the acts that are taken.
#[derive(Default)]
struct With {
    change: Change,
    jobs: Vec<Vec<Value>>,
    access: Vec<Seen>,
}

/// Who saw what, and when.
pub(super) type Seen = (ActorId, Instant, Access);

impl With {
    fn add(&mut self, prepared: &Prepared, now: Instant) {
        self.change.then(prepared.change.clone());
        self.jobs.extend(prepared.jobs.iter().map(|job| jobs::row(job, now)));
        self.access.extend(prepared.access.iter().map(|access| (prepared.actor, now, access.clone())));
    }
}

/// Adds to the access log.
pub(super) async fn write_access(tx: &mut Tx, seen: &[Seen]) -> Result<()> {
    if seen.is_empty() {
        return Ok(());
    }
    let (mut pos, mut prev) = head(tx, "SELECT pos, hash FROM access ORDER BY pos DESC LIMIT 1").await?;
    let mut written = Vec::new();
    for (actor, at, access) in seen {
        pos += 1;
        let hash = chain::access(&prev, pos, *at, *actor, access.case, &access.what);
        written.push(vec![
            pos.into(),
            at.micros().into(),
            (*actor.bytes()).into(),
            access.case.map(|case| case.bytes().to_vec()).into(),
            access.what.as_str().into(),
            prev.into(),
            hash.into(),
        ]);
        prev = hash;
    }
    tx.insert("access", ACCESS, "", &written).await
}

/// What the register holds of the cases and acts that are asked about, and what this transaction adds to it.
struct Known {
    pos: i64,
    chain: Hash,
    versions: BTreeMap<CaseId, u64>,
    acts: BTreeMap<[u8; 32], Done>,
    entries: Vec<Vec<Value>>,
}

impl Known {
    async fn read(tx: &mut Tx, all: &[Box<Prepared>]) -> Result<Self> {
        let (pos, chain) = head(tx, "SELECT pos, chain FROM entry ORDER BY pos DESC LIMIT 1").await?;
        let cases = all.iter().flat_map(|prepared| &prepared.cases).map(|(case, ..)| *case).collect();
        let onces = all.iter().filter_map(|prepared| prepared.once).collect();
        let (versions, acts) = (versions(tx, cases).await?, acts(tx, onces).await?);
        Ok(Self { pos, chain, versions, acts, entries: Vec::new() })
    }

    /// Decides about one act. Whoever is taken is added; whoever is refused leaves nothing.
    async fn decide(&mut self, tx: &mut Tx, prepared: &Prepared) -> Result<Result<Done>> {
        if let Some(first) = prepared.once.and_then(|once| self.acts.get(&once)) {
            return Ok(Ok(Done { first: false, ..first.clone() }));
        }
        for (case, expected, _) in &prepared.cases {
            let found = self.versions.get(case).copied().unwrap_or(0);
            if found != *expected {
                return Ok(Err(Error::Conflict { case: *case, expected: *expected, found }));
            }
        }
        // Last, because it writes.
        if let Some(claim) = &prepared.finish
            && !jobs::finish_in(tx, claim).await?
        {
            return Ok(Err(Error::StaleClaim(claim.job)));
        }
        Ok(Ok(self.take(prepared)))
    }

    fn take(&mut self, prepared: &Prepared) -> Done {
        let act = self.pos + 1;
        for (at, entry) in prepared.entries.iter().enumerate() {
            self.pos += 1;
            self.chain = chain::chain(&self.chain, self.pos, act, &entry.hash);
            let once = prepared.once.filter(|_| at == 0).map(|once| once.to_vec());
            self.entries.push(vec![
                self.pos.into(),
                act.into(),
                (*entry.case.bytes()).into(),
                i64::try_from(entry.seq).unwrap_or(i64::MAX).into(),
                entry.kind.into(),
                entry.at.micros().into(),
                (*prepared.actor.bytes()).into(),
                entry.body.as_slice().into(),
                entry.prev.into(),
                entry.hash.into(),
                self.chain.into(),
                once.into(),
            ]);
        }
        let cases: Vec<_> = prepared.cases.iter().map(|(case, _, after)| (*case, *after)).collect();
        self.versions.extend(cases.iter().copied());
        let done = Done { first: true, act: u64::try_from(act).unwrap_or(0), cases };
        self.acts.extend(prepared.once.map(|once| (once, done.clone())));
        done
    }
}

/// The number of entries of each case that has any.
async fn versions(tx: &mut Tx, cases: Vec<CaseId>) -> Result<BTreeMap<CaseId, u64>> {
    let mut versions = BTreeMap::new();
    for some in cases.chunks(256) {
        let values = padded(some.iter().map(|case| (*case.bytes()).into()).collect());
        let sql = format!(
            "SELECT column1, (SELECT MAX(seq) FROM entry WHERE case_id = column1) FROM (VALUES {}) AS asked",
            list(1, some.len()).split(", ").map(|at| format!("({at})")).collect::<Vec<_>>().join(", ")
        );
        for row in tx.rows(AssertSqlSafe(sql), &values).await? {
            if let Some(seq) = row.maybe_int(1)? {
                let case = CaseId::from_uuid(uuid::Uuid::from_bytes(row.array(0)?));
                versions.insert(case, u64::try_from(seq).unwrap_or(0));
            }
        }
    }
    Ok(versions)
}

/// What the acts of these names came to, where they have happened.
pub(crate) async fn acts(tx: &mut Tx, onces: Vec<[u8; 32]>) -> Result<BTreeMap<[u8; 32], Done>> {
    let mut acts = BTreeMap::new();
    for some in onces.chunks(256) {
        let values = padded(some.iter().map(|once| (*once).into()).collect());
        let sql = format!("SELECT once, act FROM entry WHERE once IN ({})", list(1, some.len()));
        for row in tx.rows(AssertSqlSafe(sql), &values).await? {
            let (once, act) = (row.array(0)?, row.int(1)?);
            acts.insert(once, outcome(tx, act).await?);
        }
    }
    Ok(acts)
}

/// What an act came to when it happened.
async fn outcome(tx: &mut Tx, act: i64) -> Result<Done> {
    let sql =
        "SELECT case_id, MAX(seq), MIN(pos) FROM entry WHERE act = $1 GROUP BY case_id ORDER BY MIN(pos)";
    let mut cases = Vec::new();
    for row in tx.rows(sql, &[act.into()]).await? {
        let case = CaseId::from_uuid(uuid::Uuid::from_bytes(row.array(0)?));
        cases.push((case, u64::try_from(row.int(1)?).unwrap_or(0)));
    }
    Ok(Done { first: false, act: u64::try_from(act).unwrap_or(0), cases })
}
