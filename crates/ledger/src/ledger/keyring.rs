//! The keys of the cases: made, found, wrapped anew under another root key, destroyed.

use super::{Ledger, load::ERASED};
use crate::{
    CaseFile, Error, Result,
    act::Done,
    body::{Body, Erased},
    chain::{self, Sealed},
    db::At,
    failpoint,
    projection::{self, Change},
    writer::{Ask, Prepared, SealedEntry},
};
use cartulary_model::{ActorId, CaseId, Instant};
use cartulary_vault::{CaseKey, Keys, RootKey, WrappedKey};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// The name under which the wrapped seed of the register lies beside the keys; during a rotation there are two.
pub(crate) const SEED: &str = "seed";

/// Keys wrapped anew in one transaction.
const BATCH: i64 = 2_000;

impl Ledger {
    /// The key of a case that is there.
    pub(super) async fn case_key(&self, case: CaseId) -> Result<CaseKey> {
        match self.wrapped(case).await? {
            Some(Some(wrapped)) => Ok(self.keys().unwrap(case, &wrapped)?),
            Some(None) => Err(Error::Erased(case)),
            None => Err(Error::NoCase(case)),
        }
    }

    /// A key for a new case; the one that an attempt before this left, if there was one.
    pub(super) async fn key_for_new(&self, case: CaseId) -> Result<(CaseKey, Option<WrappedKey>)> {
        match self.wrapped(case).await? {
            Some(Some(wrapped)) => Ok((self.keys().unwrap(case, &wrapped)?, None)),
            Some(None) => Err(Error::Erased(case)),
            None => {
                let (key, wrapped) = self.with_entropy(|entropy| self.keys().new_case_key(case, entropy));
                Ok((key, Some(wrapped)))
            }
        }
    }

    /// The key of a case that is yet to be opened, kept before this returns: so that its documents can be sealed and laid
    /// down before the entries that name them. Asked for again, it is the same.
    pub async fn reserve(&self, case: CaseId) -> Result<CaseKey> {
        let (key, new) = self.key_for_new(case).await?;
        if let Some(wrapped) = new {
            self.ask(|to| Ask::Reserve(case, wrapped, to)).await?;
        }
        Ok(key)
    }

    /// The wrapped key of a case: none without such a case, an empty one of an erased case.
    async fn wrapped(&self, case: CaseId) -> Result<Option<Option<WrappedKey>>> {
        let sql = format!("SELECT wrapped FROM {} WHERE case_id = $1", self.db().case_key());
        let row = self.db().row(At::Keys, AssertSqlSafe(sql), &[(*case.bytes()).into()]).await?;
        let Some(row) = row else { return Ok(None) };
        let bytes = row.maybe_bytes(0)?;
        Ok(Some(bytes.map(|bytes| WrappedKey::from_bytes(&bytes)).transpose()?))
    }

    /// Erases a case whose erasure was ordered: destroys its key, then its rows, and writes that it was done.
    ///
    /// Where this was interrupted, it goes on; of a case that was erased it says when. The entries stay, unreadable, so
    /// that the chain of the register holds. Blobs are for the caller to remove, before or after.
    ///
    /// # Errors
    ///
    /// [`Error::Unfit`] when no erasure was ordered.
    pub async fn erase(&self, actor: ActorId, case: CaseId, certificate: Option<String>) -> Result<Done> {
        let heads = self.heads_of(case).await?.ok_or(Error::NoCase(case))?;
        if heads.kind == ERASED {
            let cases = vec![(case, heads.version)];
            return Ok(Done { first: false, act: heads.act, cases });
        }
        if !heads.ordered {
            return Err(Error::Unfit { case, why: "no erasure was ordered" });
        }
        failpoint::pass("erase.ordered");
        self.destroy_key(case).await?;
        self.let_go(case);
        let done = self.write_erased(actor, case, &heads, certificate).await?;
        failpoint::pass("erase.done");
        Ok(done)
    }

    async fn destroy_key(&self, case: CaseId) -> Result<()> {
        failpoint::pass("erase.before_destroy");
        let sql = format!(
            "UPDATE {} SET wrapped = NULL, version = 0 WHERE case_id = $1 AND wrapped IS NOT NULL",
            self.db().case_key()
        );
        self.db().run(At::Keys, AssertSqlSafe(sql), &[(*case.bytes()).into()]).await?;
        failpoint::pass("erase.destroyed");
        self.db().wipe_old_keys().await?;
        failpoint::pass("erase.wiped");
        Ok(())
    }

    async fn write_erased(
        &self,
        actor: ActorId,
        case: CaseId,
        heads: &Heads,
        certificate: Option<String>,
    ) -> Result<Done> {
        let (at, seq) = (self.now(), heads.version + 1);
        let body = serde_json::to_vec(&Body::from(Erased { certificate }))
            .map_err(|_| Error::Unfit { case, why: "an entry cannot be written as JSON" })?;
        let of = Sealed { case, seq, kind: ERASED, at, actor, body: &body, once: None };
        let hash = chain::entry(&heads.hash, &of);
        let entry = SealedEntry { case, seq, kind: ERASED, at, prev: heads.hash, hash, body };
        let file = CaseFile::erased(case, seq, heads.opened_at, at);
        let prepared = Prepared {
            actor,
            once: None,
            cases: vec![(case, heads.version, seq)],
            new_keys: Vec::new(),
            entries: vec![entry],
            change: Change::whole(case, projection::rows(&file, self.tokens())),
            jobs: Vec::new(),
            finish: None,
            access: Vec::new(),
        };
        self.ask(|to| Ask::Append(Box::new(prepared), to)).await
    }

    /// What can be known of a case without its key.
    async fn heads_of(&self, case: CaseId) -> Result<Option<Heads>> {
        let sql = "SELECT seq, kind, at, hash, act, \
                (SELECT at FROM entry WHERE case_id = $1 AND seq = 1), \
                (SELECT COUNT(*) FROM entry WHERE case_id = $1 AND kind = 'erasure_ordered') \
            FROM entry WHERE case_id = $1 ORDER BY seq DESC LIMIT 1";
        let row = self.db().row(At::Read, sql, &[(*case.bytes()).into()]).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Heads {
            version: u64::try_from(row.int(0)?).unwrap_or(0),
            kind: row.text(1)?,
            hash: row.array(3)?,
            act: u64::try_from(row.int(4)?).unwrap_or(0),
            opened_at: Instant::from_micros(row.maybe_int(5)?.unwrap_or(0)),
            ordered: row.int(6)? > 0,
        }))
    }

    /// Wraps all keys anew under another root key. Run again after an interruption, it goes on.
    ///
    /// Other processes that have the old root key go on until they open a case, which they are refused at the end.
    ///
    /// While it runs, and after an interruption, the register opens with either root key, given both
    /// ([`Place::open`](super::Place::open)). At its end only `root` opens it. `told` hears how many keys are done.
    pub async fn rotate(&self, root: &RootKey, mut told: impl FnMut(u64)) -> Result<Keys> {
        let new = self.seed_under(root).await?;
        let mut done = 0;
        loop {
            let count = self.rewrap_some(&new).await?;
            done += count;
            told(done);
            if count == 0 {
                break;
            }
        }
        self.db().wipe_old_keys().await?;
        failpoint::pass("rotate.wiped");
        failpoint::pass("rotate.done");
        Ok(new)
    }

    /// The keys under the new root key: those that an interrupted rotation began with, or new ones.
    async fn seed_under(&self, root: &RootKey) -> Result<Keys> {
        let seeds = seeds(self.db()).await?;
        for seed in &seeds {
            if let Ok(keys) = Keys::open(root, seed) {
                return Ok(keys);
            }
        }
        let newest = seeds.iter().map(WrappedKey::version).max().unwrap_or(0);
        let (keys, seed) = self.with_entropy(|entropy| self.keys().rotate(root, newest + 1, entropy));
        let sql = format!("INSERT INTO {} (name, value) VALUES ($1, $2)", self.db().key_register());
        let values = [seed_name(keys.version()).into(), seed.to_string().into()];
        self.db().run(At::Keys, AssertSqlSafe(sql), &values).await?;
        failpoint::pass("rotate.seed_written");
        Ok(keys)
    }

    async fn rewrap_some(&self, new: &Keys) -> Result<u64> {
        let table = self.db().case_key();
        let mut tx = self.db().keys().await?;
        let version = i64::from(new.version());
        let sql = format!(
            "SELECT case_id, wrapped FROM {table} WHERE version <> $1 AND wrapped IS NOT NULL \
             ORDER BY version, case_id LIMIT $2"
        );
        let rows = tx.rows(AssertSqlSafe(sql), &[version.into(), BATCH.into()]).await?;
        let mut wrapped = Vec::with_capacity(rows.len());
        for row in &rows {
            let case = CaseId::from_uuid(Uuid::from_bytes(row.array(0)?));
            let old = WrappedKey::from_bytes(&row.bytes(1)?)?;
            let anew = self.with_entropy(|entropy| self.keys().rewrap(new, case, &old, entropy))?;
            wrapped.push(vec![(*case.bytes()).into(), version.into(), anew.bytes().into()]);
        }
        let upsert =
            "ON CONFLICT (case_id) DO UPDATE SET version = excluded.version, wrapped = excluded.wrapped";
        tx.insert(table, &["case_id", "version", "wrapped"], upsert, &wrapped).await?;
        if rows.is_empty() {
            // In the transaction that saw that none is left: whoever wraps under the old root key is refused from here on.
            failpoint::pass("rotate.before_last");
            let sql =
                format!("DELETE FROM {} WHERE name LIKE 'seed.%' AND name <> $1", self.db().key_register());
            tx.run(AssertSqlSafe(sql), &[seed_name(new.version()).into()]).await?;
        }
        failpoint::pass("rotate.before_commit");
        tx.commit().await?;
        failpoint::pass("rotate.committed");
        Ok(rows.len() as u64)
    }
}

/// What can be known of a case without its key.
struct Heads {
    version: u64,
    kind: String,
    hash: chain::Hash,
    act: u64,
    opened_at: Instant,
    ordered: bool,
}

/// The wrapped seeds of a register.
pub(crate) async fn seeds(db: &crate::db::Db) -> Result<Vec<WrappedKey>> {
    let sql = format!("SELECT value FROM {} WHERE name LIKE 'seed.%' ORDER BY name", db.key_register());
    let rows = db.rows(At::Keys, AssertSqlSafe(sql), &[]).await?;
    rows.iter().map(|row| Ok(row.text(0)?.parse()?)).collect()
}

pub(crate) fn seed_name(version: u32) -> String {
    format!("{SEED}.{version}")
}
