//! Entries out of the database: stored ones, opened ones, and the case file that they come to.

use super::{
    Held, Ledger,
    packed::{self, Packed},
};
use crate::{
    Body, CaseFile, Entry, Error, Result,
    chain::{self, Hash, Sealed},
    db::Row,
};
use cartulary_model::{ActorId, CaseId, EntryId, Instant};
use cartulary_vault::{CaseKey, Context};
use std::sync::Arc;
use uuid::Uuid;

/// An entry as it lies in the database.
pub(crate) struct StoredEntry {
    pub(crate) case: CaseId,
    pub(crate) seq: u64,
    pub(crate) kind: String,
    pub(crate) at: Instant,
    pub(crate) actor: ActorId,
    pub(crate) body: Vec<u8>,
    pub(crate) prev: Hash,
    pub(crate) hash: Hash,
    pub(crate) once: Option<Vec<u8>>,
}

/// The columns of a [`StoredEntry`] in their order.
macro_rules! stored_columns {
    () => {
        "case_id, seq, kind, at, actor, body, prev, hash, once"
    };
}

/// Entries of cases from one id to another, in the order of cases and places, after an entry, at most so many.
pub(crate) const SELECT_AFTER: &str = concat!(
    "SELECT ",
    stored_columns!(),
    " FROM entry WHERE (case_id, seq) > ($1, $2) AND case_id <= $3 ORDER BY case_id, seq LIMIT $4"
);

/// Reads a row of these columns.
pub(crate) fn stored(row: &Row) -> Result<StoredEntry> {
    Ok(StoredEntry {
        case: CaseId::from_uuid(Uuid::from_bytes(row.array(0)?)),
        seq: u64::try_from(row.int(1)?).map_err(|_| Error::Damaged("a negative place".to_owned()))?,
        kind: row.text(2)?,
        at: Instant::from_micros(row.int(3)?),
        actor: ActorId::from_uuid(Uuid::from_bytes(row.array(4)?)),
        body: row.bytes(5)?,
        prev: row.array(6)?,
        hash: row.array(7)?,
        once: row.maybe_bytes(8)?,
    })
}

impl StoredEntry {
    pub(crate) fn id(&self) -> EntryId {
        EntryId { case: self.case, seq: self.seq }
    }

    /// What is wrong with the entry after the one with this place and hash in its case; nothing when it is right.
    pub(crate) fn fault(&self, seq: u64, prev: &Hash) -> Option<&'static str> {
        let of = Sealed {
            case: self.case,
            seq: self.seq,
            kind: &self.kind,
            at: self.at,
            actor: self.actor,
            body: &self.body,
            once: self.once.as_deref(),
        };
        if self.seq != seq + 1 {
            Some("an entry before it is missing")
        } else if self.prev != *prev {
            Some("it does not follow the entry before it")
        } else if chain::entry(&self.prev, &of) != self.hash {
            Some("it was changed: its hash does not fit it")
        } else {
            None
        }
    }
}

/// Opens the body of an entry.
///
/// # Errors
///
/// [`Error::Damaged`] when the seal is broken, or the body is none of this programme's kinds.
pub(crate) fn opened(stored: &StoredEntry, key: &CaseKey) -> Result<Entry> {
    let plain = key
        .open(&Context::new(&stored.kind, stored.seq), &stored.body)
        .map_err(|_| Error::Damaged(format!("entry {}: the seal of its body is broken", stored.id())))?;
    // The seal holds the kind, so the body is of it.
    let body = Body::read(&stored.kind, &plain).ok_or_else(|| {
        Error::Damaged(format!(
            "entry {}: this programme does not know its form ({})",
            stored.id(),
            stored.kind
        ))
    })?;
    Ok(Entry { seq: stored.seq, at: stored.at, actor: stored.actor, body })
}

impl Ledger {
    pub(super) async fn held(&self, case: CaseId) -> Result<Held> {
        let held = self.cases_held().get(&case).cloned();
        let (key, file, more) = match held {
            Some(held) => {
                let more = packed::entries(self.db(), case, (held.file.version, u64::MAX)).await?;
                (held.key, held.file, vec![more])
            }
            None => {
                let (key, more) = tokio::join!(self.case_key(case), packed::all(self.db(), case));
                (key?, Arc::new(CaseFile::empty(case)), more?)
            }
        };
        if more.iter().all(Packed::is_empty) {
            if file.version == 0 {
                return Err(Error::NoCase(case));
            }
            return Ok(Held { key, file });
        }
        let file = more.iter().try_fold(Arc::unwrap_or_clone(file), |file, more| with(file, more, &key))?;
        if file.erased {
            self.let_go(case);
            return Err(Error::Erased(case));
        }
        let held = Held { key, file: Arc::new(file) };
        self.hold(held.clone());
        Ok(held)
    }
}

/// The file with more entries.
fn with(file: CaseFile, more: &Packed, key: &CaseKey) -> Result<CaseFile> {
    let entries = more.each((file.version, file.head), |before, stored| {
        if let Some(fault) = stored.fault(before, &stored.prev) {
            return Err(Error::Damaged(format!("entry {}: {fault}", stored.id())));
        }
        let entry = if stored.kind == ERASED { None } else { Some(opened(&stored, key)?) };
        Ok((entry, stored.seq, stored.at, stored.hash))
    })?;
    match entries.last() {
        Some((None, seq, at, _)) => Ok(CaseFile::erased(file.case, *seq, file.opened_at, *at)),
        Some((Some(_), _, _, head)) => {
            let head = *head;
            Ok(file.with(entries.into_iter().filter_map(|(entry, ..)| entry)).with_head(head))
        }
        None => Ok(file),
    }
}

/// The kind of the entry after which nothing of a case can be opened.
pub(crate) const ERASED: &str = "erased";
