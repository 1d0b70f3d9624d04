//! The register as one has it in the hand.

mod append;
mod keyring;
mod lists;
mod load;
mod note;
mod open;
mod packed;
mod parts;
mod search;

pub use lists::{AccessRow, CaseCount, CaseRow, ListQuery};
pub use note::{BucketPlace, Passphrase};
pub use open::Place;
pub use search::{Found, Hit};

pub(crate) use keyring::seed_name;
pub(crate) use load::{ERASED, SELECT_AFTER, StoredEntry, opened, stored};

use crate::{
    CaseFile, Error, Result,
    act::Access,
    checkpoint,
    db::Db,
    failpoint, projection,
    writer::{Ask, last_checkpoint},
};
use cartulary_model::{ActorId, BlobId, CaseId, Clock, Entropy, Instant};
use cartulary_vault::{CaseKey, Keys};
use std::{
    collections::HashMap,
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// The register. Clones are the same register.
///
/// It appends through one task, which must run inside of a Tokio runtime. [`close`](Self::close) it at the end, so that
/// the last checkpoint is written.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    place: Place,
    db: Db,
    keys: Keys,
    register: Uuid,
    world: World,
    held: Mutex<HashMap<CaseId, Held>>,
    writer: mpsc::Sender<Ask>,
}

/// A case that was opened lately.
#[derive(Clone)]
struct Held {
    key: CaseKey,
    file: Arc<CaseFile>,
}

/// Cases held open. More are let go all at once: simple, and rare enough.
const HELD: usize = 256;

/// What the register takes from the world.
#[derive(Clone)]
pub struct World {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness for nonces and keys.
    pub entropy: Arc<Mutex<dyn Entropy>>,
    /// Where the search finds the texts of documents.
    pub texts: Arc<dyn Texts>,
}

impl World {
    fn with_entropy<T>(&self, work: impl FnOnce(&mut dyn Entropy) -> T) -> T {
        let mut entropy = self.entropy.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut *entropy)
    }
}

/// Gives the text of a reading, for the search.
pub trait Texts: Send + Sync {
    /// The text of all pages of the reading that lies under `reading`; an error says why it cannot be had.
    fn text<'a>(
        &'a self,
        key: &'a CaseKey,
        reading: BlobId,
    ) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>>;

    /// One letter for those that the search takes for each other, such as traditional and simplified characters. It must
    /// not change while a register is used: tokens are made of it. After a change the tables are rebuilt.
    fn letter(&self) -> fn(char) -> char {
        std::convert::identity
    }
}

impl Ledger {
    /// The case, as its entries have it.
    ///
    /// # Errors
    ///
    /// [`Error::NoCase`]; [`Error::Erased`]; [`Error::Damaged`] when entries are not as they were appended.
    pub async fn case(&self, case: CaseId) -> Result<Arc<CaseFile>> {
        Ok(self.held(case).await?.file)
    }

    /// The case files of rows that were listed just now; none of an erased case. A row tells its version, so what is held
    /// and as new needs no way to the database.
    ///
    /// # Errors
    ///
    /// As of [`case`](Self::case).
    pub async fn cases_listed(&self, rows: &[CaseRow]) -> Result<Vec<Option<Arc<CaseFile>>>> {
        let mut files = Vec::with_capacity(rows.len());
        for row in rows {
            let held = self.cases_held().get(&row.case).map(|held| Arc::clone(&held.file));
            let file = match held.filter(|file| file.version >= row.version) {
                Some(file) => Ok(file),
                None => self.case(row.case).await,
            };
            files.push(match file {
                Ok(file) => Some(file),
                Err(Error::Erased(_)) => None,
                Err(error) => return Err(error),
            });
        }
        Ok(files)
    }

    /// The key of a case, for what is kept beside the register.
    pub async fn key(&self, case: CaseId) -> Result<CaseKey> {
        Ok(self.held(case).await?.key)
    }

    /// Adds to the access log; durable when this returns, so that what is shown after it was logged.
    pub async fn log_access(&self, actor: ActorId, rows: Vec<Access>) -> Result<()> {
        self.ask(|to| Ask::Access(actor, rows, to)).await
    }

    /// Writes a checkpoint and has the witness keep it. Commands do so at their end.
    pub async fn checkpoint(&self) -> Result<()> {
        self.ask(Ask::Checkpoint).await
    }

    /// The number and place of the last checkpoint.
    pub async fn last_checkpoint(&self) -> Result<Option<crate::Checkpoint>> {
        last_checkpoint(self.db()).await
    }

    /// Copies the register into a folder while it is used: the two databases of SQLite, the witness, and what says what
    /// the folder is. Blobs are for the caller, after this: the copy names none that came later.
    ///
    /// Of a register on PostgreSQL only the small files are copied; its databases have their own programmes.
    pub async fn copy_to(&self, folder: &Path) -> Result<()> {
        failpoint::pass("copy.begun");
        self.checkpoint().await?;
        // The witness before the database, for the copy must not be older than its witness; the note last, for with it
        // the folder is a register.
        self.place().copy_file(checkpoint::FILE, folder)?;
        if self.db().is_sqlite() {
            self.db().copy_to(folder).await?;
        }
        self.place().copy_file(note::PASSPHRASE, folder)?;
        self.place().copy_file(note::NOTE, folder)?;
        failpoint::pass("copy.done");
        Ok(())
    }

    /// Ends: writes the last checkpoint and closes the connections. Other clones can do nothing any more.
    pub async fn close(self) -> Result<()> {
        let outcome = self.checkpoint().await;
        self.db().close().await;
        outcome
    }

    /// The keys of the register.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// The id of the register.
    pub fn register(&self) -> Uuid {
        self.0.register
    }

    /// Where the register lies.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// The time by the register's clock.
    pub fn now(&self) -> Instant {
        self.0.world.clock.now()
    }

    /// Lends the randomness.
    pub fn with_entropy<T>(&self, work: impl FnOnce(&mut dyn Entropy) -> T) -> T {
        self.0.world.with_entropy(work)
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn texts(&self) -> &dyn Texts {
        self.0.world.texts.as_ref()
    }

    pub(crate) fn tokens(&self) -> projection::Tokens<'_> {
        projection::Tokens { keys: self.keys(), letter: self.texts().letter() }
    }

    pub(crate) fn witness_folder(&self) -> Option<PathBuf> {
        self.0.place.witness.clone()
    }

    fn cases_held(&self) -> MutexGuard<'_, HashMap<CaseId, Held>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, held: Held) {
        let mut cases = self.cases_held();
        if cases.len() >= HELD {
            cases.clear();
        }
        cases.insert(held.file.case, held);
    }

    pub(crate) fn let_go(&self, case: CaseId) {
        self.cases_held().remove(&case);
    }

    async fn ask<T>(&self, ask: impl FnOnce(oneshot::Sender<Result<T>>) -> Ask) -> Result<T> {
        let (to, answer) = oneshot::channel();
        self.0.writer.send(ask(to)).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }
}
