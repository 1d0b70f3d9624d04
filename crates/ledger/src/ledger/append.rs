//! From an act to what is written: sealed, hashed, with all its rows. None of it waits for the database's lock.

use super::{Held, Ledger, load::ERASED};
use crate::{
    Body, CaseFile, Entry, Error, Result,
    act::{Act, Done, Part},
    chain::{self, Sealed},
    failpoint,
    projection::{self, Change},
    writer::{Ask, Prepared, SealedEntry, acts},
};
use cartulary_model::{BlobId, Instant};
use cartulary_vault::{CaseKey, Context, WrappedKey};
use std::sync::Arc;

/// A part, sealed.
struct SealedPart {
    key: CaseKey,
    new_key: Option<WrappedKey>,
    before: u64,
    after: CaseFile,
    entries: Vec<SealedEntry>,
    change: Change,
}

impl Ledger {
    /// Appends: all of an act, or nothing. What is given back is durable.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when a case has another version than expected: look again, then decide again.
    /// [`Error::StaleClaim`] when the act is the result of a job that was given to another worker. [`Error::Unfit`] when
    /// the entries cannot stand in the case. With any other error nobody knows whether it was kept: ask again with the
    /// same `once`.
    pub async fn append(&self, act: Act) -> Result<Done> {
        if let Some(done) = self.happened(act.once).await? {
            return Ok(done);
        }
        let at = self.now();
        self.expect_versions(&act).await?;
        let mut parts = Vec::with_capacity(act.parts.len());
        for (number, part) in act.parts.iter().enumerate() {
            fits(part, &act.parts[..number])?;
            let once = act.once.as_ref().filter(|_| number == 0);
            parts.push(self.seal(part, &act, once, at).await?);
        }
        if parts.is_empty() {
            return Err(Error::Damaged("an act on no case".to_owned()));
        }
        let held: Vec<Held> = parts
            .iter()
            .map(|part| Held { key: part.key.clone(), file: Arc::new(part.after.clone()) })
            .collect();
        let prepared = Box::new(prepared(act, parts));
        failpoint::pass("append.prepared");
        let done = self.ask(|to| Ask::Append(prepared, to)).await?;
        if done.first {
            held.into_iter().for_each(|held| self.hold(held));
        }
        Ok(done)
    }

    /// What the act of this name came to, if it has happened.
    pub async fn happened(&self, once: Option<[u8; 32]>) -> Result<Option<Done>> {
        let Some(once) = once else { return Ok(None) };
        let mut tx = self.db().reading().await?;
        Ok(acts(&mut tx, vec![once]).await?.remove(&once))
    }

    /// Looks first, so that what is refused anyway is not sealed; the transaction looks again.
    async fn expect_versions(&self, act: &Act) -> Result<()> {
        for (case, expected) in &act.expected {
            let found = self.held(*case).await?.file.version;
            if found != *expected {
                return Err(Error::Conflict { case: *case, expected: *expected, found });
            }
        }
        Ok(())
    }

    async fn seal(&self, part: &Part, act: &Act, once: Option<&[u8; 32]>, at: Instant) -> Result<SealedPart> {
        let (key, new_key, before) = self.before(part).await?;
        let mut entries = Vec::with_capacity(part.entries.len());
        let mut opened = Vec::with_capacity(part.entries.len());
        let mut head = before.head;
        for (seq, body) in (before.version + 1..).zip(&part.entries) {
            let plain =
                serde_json::to_vec(body).map_err(|_| unfit(part, "an entry cannot be written as JSON"))?;
            let context = Context::new(body.kind(), seq);
            let sealed = self.with_entropy(|entropy| key.seal(&context, &plain, entropy));
            let once = once.filter(|_| entries.is_empty()).map(<[u8; 32]>::as_slice);
            let of =
                Sealed { case: part.case, seq, kind: body.kind(), at, actor: act.actor, body: &sealed, once };
            let hash = chain::entry(&head, &of);
            let (case, kind, prev) = (part.case, body.kind(), head);
            entries.push(SealedEntry { case, seq, kind, at, body: sealed, prev, hash });
            opened.push(Entry { seq, at, actor: act.actor, body: body.clone() });
            head = hash;
        }
        let after = CaseFile::clone(&before).with(opened).with_head(head);
        let change = self.change(&before, &after, &key).await?;
        Ok(SealedPart { key, new_key, before: before.version, after, entries, change })
    }

    /// The key and the file of a case before an act; a new key for a new case.
    async fn before(&self, part: &Part) -> Result<(CaseKey, Option<WrappedKey>, Arc<CaseFile>)> {
        if part.expected == 0 {
            let (key, new) = self.key_for_new(part.case).await?;
            return Ok((key, new, Arc::new(CaseFile::empty(part.case))));
        }
        let held = self.held(part.case).await?;
        let found = held.file.version;
        if found != part.expected {
            return Err(Error::Conflict { case: part.case, expected: part.expected, found });
        }
        Ok((held.key, None, held.file))
    }

    /// What changes in the projections.
    async fn change(&self, before: &CaseFile, after: &CaseFile, key: &CaseKey) -> Result<Change> {
        let tokens = self.tokens();
        let rows_before =
            if before.version == 0 { projection::Rows::new() } else { projection::rows(before, tokens) };
        let mut change = Change::between(after.case, &rows_before, projection::rows(after, tokens));
        for document in before.documents.keys().chain(after.documents.keys()) {
            let (old, new) = (reading(before, document), reading(after, document));
            if old == new {
                continue;
            }
            let text = match new {
                Some(reading) => self.texts().text(key, reading).await.map_err(Error::Text)?,
                None => String::new(),
            };
            let rows = projection::text_rows(after.case, Some(*document), &text, tokens);
            change.document(after.case, *document, rows);
        }
        Ok(change)
    }
}

/// The reading of a document from which the search has its text.
fn reading(file: &CaseFile, document: &BlobId) -> Option<BlobId> {
    file.documents.get(document).and_then(|document| document.state.reading())
}

fn fits(part: &Part, before: &[Part]) -> Result<()> {
    let opens = |body: &Body| matches!(body, Body::Opened(_));
    if part.entries.is_empty() {
        return Err(unfit(part, "there is no entry to append"));
    }
    if before.iter().any(|other| other.case == part.case) {
        return Err(unfit(part, "an act names it twice"));
    }
    if opens(&part.entries[0]) != (part.expected == 0) || part.entries[1..].iter().any(opens) {
        return Err(unfit(part, "a case is opened by its first entry and by no other"));
    }
    if part.entries.iter().any(|body| body.kind() == ERASED) {
        return Err(unfit(part, "only an erasure writes that it was erased"));
    }
    Ok(())
}

fn unfit(part: &Part, why: &'static str) -> Error {
    Error::Unfit { case: part.case, why }
}

fn prepared(act: Act, parts: Vec<SealedPart>) -> Prepared {
    let mut change = Change::default();
    let mut new_keys = Vec::new();
    let mut cases = Vec::with_capacity(parts.len());
    let mut entries = Vec::new();
    for part in parts {
        let case = part.after.case;
        cases.push((case, part.before, part.after.version));
        new_keys.extend(part.new_key.map(|key| (case, key)));
        entries.extend(part.entries);
        change.then(part.change);
    }
    // Nothing is added to these, and they must be as they were seen.
    cases.extend(act.expected.iter().map(|(case, version)| (*case, *version, *version)));
    Prepared {
        actor: act.actor,
        once: act.once,
        cases,
        new_keys,
        entries,
        change,
        jobs: act.jobs,
        finish: act.finish,
        access: act.access,
    }
}
