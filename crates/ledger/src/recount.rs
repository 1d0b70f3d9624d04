//! From stored entries to what all tables must hold of their cases: for a rebuild, which writes it, and for `verify`,
//! which compares it.

use crate::{
    CaseFile, Error, Ledger, Result,
    chain::{self, Hash},
    db::{At, Tx, Value},
    ledger::{ERASED, SELECT_AFTER, StoredEntry, opened, stored},
    projection::{self, Rows},
};
use cartulary_model::{CaseId, EntryId};
use cartulary_vault::{CaseKey, VaultError, WrappedKey};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A case as its stored entries have it.
pub(crate) struct Recounted {
    pub(crate) file: CaseFile,
    pub(crate) rows: Rows,
    pub(crate) faults: Vec<(EntryId, String)>,
}

/// What lies in place of a case's key.
pub(crate) enum KeyState {
    There(Box<CaseKey>),
    Destroyed,
    Missing,
    Broken(VaultError),
}

/// Whole cases, one after the other in the order of their ids, some at a time.
pub(crate) struct Cases {
    last: (CaseId, i64),
    /// The entries of the case at the end of the page, of which more may follow.
    begun: Vec<StoredEntry>,
    ended: bool,
}

const PAGE: usize = 2_000;
/// Behind all ids.
pub(crate) const END: [u8; 17] = [0xFF; 17];

impl Cases {
    pub(crate) fn new() -> Self {
        Self { last: (CaseId::from_uuid(Uuid::nil()), 0), begun: Vec::new(), ended: false }
    }

    /// The next whole cases with so many entries, or a few more; none at the end.
    pub(crate) async fn next_many(&mut self, tx: &mut Tx, entries: usize) -> Result<Vec<Vec<StoredEntry>>> {
        let (mut cases, mut count) = (Vec::new(), 0);
        while count < entries {
            let more = self.next(tx).await?;
            if more.is_empty() {
                break;
            }
            count += more.iter().map(Vec::len).sum::<usize>();
            cases.extend(more);
        }
        Ok(cases)
    }

    /// The next whole cases; none at the end.
    pub(crate) async fn next(&mut self, tx: &mut Tx) -> Result<Vec<Vec<StoredEntry>>> {
        let mut cases: Vec<Vec<StoredEntry>> = Vec::new();
        while cases.is_empty() && !self.ended {
            let (case, seq) = self.last;
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let values = [(*case.bytes()).into(), seq.into(), END.into(), limit.into()];
            let rows = tx.rows(SELECT_AFTER, &values).await?;
            self.ended = rows.len() < PAGE;
            for row in &rows {
                let entry = stored(row)?;
                self.last = (entry.case, i64::try_from(entry.seq).unwrap_or(i64::MAX));
                if self.begun.last().is_some_and(|before| before.case != entry.case) {
                    cases.push(std::mem::take(&mut self.begun));
                }
                self.begun.push(entry);
            }
            if self.ended && !self.begun.is_empty() {
                cases.push(std::mem::take(&mut self.begun));
            }
        }
        Ok(cases)
    }
}

impl Ledger {
    /// The keys of the cases with ids above one and up to another.
    pub(crate) async fn keys_between(
        &self,
        above: Option<CaseId>,
        to: Option<CaseId>,
    ) -> Result<BTreeMap<CaseId, KeyState>> {
        let sql = format!(
            "SELECT case_id, wrapped, version FROM {} WHERE case_id >= $1 AND case_id <= $2",
            self.db().case_key()
        );
        let mut keys = BTreeMap::new();
        for row in self.db().rows(At::Keys, AssertSqlSafe(sql), &between(above, to)).await? {
            let case = CaseId::from_uuid(Uuid::from_bytes(row.array(0)?));
            let state = match row.maybe_bytes(1)? {
                None if row.int(2)? == 0 => KeyState::Destroyed,
                None => KeyState::Broken(changed()),
                Some(bytes) => self.key_state(case, &bytes, row.int(2)?),
            };
            keys.insert(case, state);
        }
        Ok(keys)
    }

    fn key_state(&self, case: CaseId, wrapped: &[u8], version: i64) -> KeyState {
        let opened = WrappedKey::from_bytes(wrapped).and_then(|wrapped| {
            // Beside the key, so that a rotation finds what is not done.
            if i64::from(wrapped.version()) != version {
                return Err(changed());
            }
            self.keys().unwrap(case, &wrapped)
        });
        match opened {
            Ok(key) => KeyState::There(Box::new(key)),
            Err(error) => KeyState::Broken(error),
        }
    }

    /// What the tables must hold of a case. Without `texts` the words of its documents are left out.
    pub(crate) async fn recount(
        &self,
        entries: &[StoredEntry],
        key: &KeyState,
        texts: bool,
    ) -> Result<Recounted> {
        let mut faults = Vec::new();
        let head = chained(entries, &mut faults);
        let file = match key {
            KeyState::There(key) => opened_file(entries, key, &mut faults),
            KeyState::Destroyed => closed_file(entries, &mut faults),
            KeyState::Missing => unopened(entries, "its key is missing", &mut faults),
            KeyState::Broken(error) => unopened(entries, &error.to_string(), &mut faults),
        }
        .with_head(head);
        let mut rows = projection::rows(&file, self.tokens());
        if texts && let KeyState::There(key) = key {
            self.add_words(&file, key, &mut rows, &mut faults).await;
        }
        Ok(Recounted { file, rows, faults })
    }

    async fn add_words(
        &self,
        file: &CaseFile,
        key: &CaseKey,
        rows: &mut Rows,
        faults: &mut Vec<(EntryId, String)>,
    ) {
        for (document, held) in &file.documents {
            let Some(reading) = held.state.reading() else { continue };
            match self.texts().text(key, reading).await {
                Ok(text) => {
                    rows.extend(projection::text_rows(file.case, Some(*document), &text, self.tokens()));
                }
                Err(error) => {
                    let id = EntryId { case: file.case, seq: held.seq };
                    faults.push((id, format!("the text of its document cannot be read: {error}")));
                }
            }
        }
    }
}

fn changed() -> VaultError {
    VaultError::Damaged { what: "the version of a wrapped key".to_owned() }
}

/// The bounds of a range of ids that is open below.
pub(crate) fn between(above: Option<CaseId>, to: Option<CaseId>) -> [Value; 2] {
    // No id of 16 bytes lies between an id and the same with one more byte.
    let from = above.map_or(Vec::new(), |case| [case.bytes().as_slice(), &[0]].concat());
    let to = to.map_or(END.to_vec(), |case| case.bytes().to_vec());
    [from.into(), to.into()]
}

/// Looks at places and hashes; gives the hash of the last entry.
fn chained(entries: &[StoredEntry], faults: &mut Vec<(EntryId, String)>) -> Hash {
    let (mut seq, mut head) = (0, chain::START);
    for entry in entries {
        faults.extend(entry.fault(seq, &head).map(|fault| (entry.id(), fault.to_owned())));
        (seq, head) = (entry.seq, entry.hash);
    }
    head
}

fn opened_file(entries: &[StoredEntry], key: &CaseKey, faults: &mut Vec<(EntryId, String)>) -> CaseFile {
    let case = entries[0].case;
    let mut file = Vec::with_capacity(entries.len());
    for entry in entries {
        if entry.kind == ERASED {
            faults.push((entry.id(), "the case is said to be erased and its key is there".to_owned()));
            continue;
        }
        match opened(entry, key) {
            Ok(entry) => file.push(entry),
            Err(Error::Damaged(what)) => faults.push((entry.id(), what)),
            Err(error) => faults.push((entry.id(), error.to_string())),
        }
    }
    CaseFile::fold(case, file)
}

/// A case whose key was destroyed: there must have been an order, and a word that it was done.
fn closed_file(entries: &[StoredEntry], faults: &mut Vec<(EntryId, String)>) -> CaseFile {
    let (first, last) = (&entries[0], &entries[entries.len() - 1]);
    let ordered = entries.iter().any(|entry| entry.kind == "erasure_ordered");
    if !ordered {
        faults.push((first.id(), "its key was destroyed, and no entry orders it".to_owned()));
    } else if last.kind != ERASED {
        faults.push((last.id(), "its erasure was not finished: run the erasure again".to_owned()));
    }
    CaseFile::erased(first.case, last.seq, first.at, last.at)
}

fn unopened(entries: &[StoredEntry], why: &str, faults: &mut Vec<(EntryId, String)>) -> CaseFile {
    let (first, last) = (&entries[0], &entries[entries.len() - 1]);
    faults.push((first.id(), format!("it cannot be opened: {why}")));
    CaseFile::erased(first.case, last.seq, first.at, last.at)
}
