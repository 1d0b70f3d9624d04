//! A clinic to test in: a register on either engine, a clock that is set by hand, randomness from a seed.

use crate::postgres;
use cartulary_ledger::{Act, Body, FactIndex, FactRef, Ledger, Place, Texts, World, *};
use cartulary_model::{ActorId, BlobId, CaseId, Clock, Entropy, Instant, JobId};
use cartulary_vault::{CaseKey, RootKey};
use std::{
    collections::HashMap,
    future::Future,
    path::Path,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A clock that goes on by a microsecond each time it is read, and by hand.
pub(crate) struct HandClock(pub(crate) AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

/// Numbers from a seed; good enough for tests, and the same each time.
pub(crate) struct Seeded(pub(crate) u64);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            // splitmix64
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (z ^ (z >> 31)) as u8;
        }
    }
}

/// Texts by what they are kept under, in place of a vault.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<HashMap<BlobId, String>>);

impl Texts for Shelf {
    fn text<'a>(
        &'a self,
        _: &'a CaseKey,
        reading: BlobId,
    ) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>> {
        let text = self.0.lock().unwrap().get(&reading).cloned();
        Box::pin(async move { text.ok_or_else(|| format!("blob {reading} is missing")) })
    }
}

pub(crate) struct Clinic {
    pub(crate) engine: Engine,
    pub(crate) folder: TempDir,
    pub(crate) place: Place,
    pub(crate) root: RootKey,
    pub(crate) ledger: Ledger,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) shelf: Arc<Shelf>,
    entropy: Arc<Mutex<Seeded>>,
    blobs: AtomicU64,
}

impl Clinic {
    pub(crate) async fn new(engine: Engine) -> Self {
        Self::durable(engine, false).await
    }

    pub(crate) async fn durable(engine: Engine, durable: bool) -> Self {
        let folder = TempDir::new().unwrap();
        let mut place = Place::folder(folder.path().join("data"));
        if engine == Engine::Postgres {
            place.database = Some(postgres::database(durable));
        }
        let clock = Arc::new(HandClock(AtomicI64::new(1_760_000_000_000_000)));
        let shelf = Arc::new(Shelf::default());
        let entropy = Arc::new(Mutex::new(Seeded(7)));
        let root = RootKey::generate(&mut *entropy.lock().unwrap());
        let world = World { clock: clock.clone(), entropy: entropy.clone(), texts: shelf.clone() };
        let ledger = place.init(&root, world).await.unwrap();
        Self { engine, folder, place, root, ledger, clock, shelf, entropy, blobs: AtomicU64::new(1) }
    }

    pub(crate) fn world(&self) -> World {
        World { clock: self.clock.clone(), entropy: self.entropy.clone(), texts: self.shelf.clone() }
    }

    /// Another process on the same register.
    pub(crate) async fn another(&self) -> Ledger {
        self.place.open(&self.root, None, self.world()).await.unwrap()
    }

    pub(crate) fn new_root(&self) -> RootKey {
        RootKey::generate(&mut *self.entropy.lock().unwrap())
    }

    pub(crate) fn case_id(&self) -> CaseId {
        CaseId::new(self.clock.now(), &mut *self.entropy.lock().unwrap())
    }

    pub(crate) fn actor(&self) -> ActorId {
        ActorId::new(self.clock.now(), &mut *self.entropy.lock().unwrap())
    }

    pub(crate) fn job_id(&self) -> JobId {
        JobId::new(self.clock.now(), &mut *self.entropy.lock().unwrap())
    }

    pub(crate) fn job(&self, kind: &str, dedupe: Option<&str>) -> NewJob {
        NewJob {
            id: self.job_id(),
            kind: kind.to_owned(),
            payload: "{}".to_owned(),
            case: None,
            dedupe: dedupe.map(str::to_owned),
            priority: 0,
            run_at: None,
        }
    }

    pub(crate) fn pass_s(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(crate) fn blob(&self) -> BlobId {
        blob(self.blobs.fetch_add(1, Ordering::SeqCst))
    }

    /// A reading with this text on the shelf.
    pub(crate) fn reading(&self, text: &str) -> BlobId {
        let blob = self.blob();
        self.shelf.0.lock().unwrap().insert(blob, text.to_owned());
        blob
    }

    pub(crate) async fn append(&self, case: CaseId, expected: u64, entries: Vec<Body>) -> Done {
        self.ledger.append(Act::on(ActorId::MACHINE, case, expected, entries)).await.unwrap()
    }

    /// A case with a document that was read and has this text.
    pub(crate) async fn case_with(&self, text: &str) -> CaseId {
        let case = self.case_id();
        let document = self.blob();
        let entries = vec![opened(), received(document), read(document, self.reading(text))];
        self.append(case, 0, entries).await;
        case
    }

    pub(crate) async fn verify(&self) -> Report {
        let thorough = Thorough { texts: true, witnesses: Vec::new() };
        self.ledger.verify(&thorough, |_| {}).await.unwrap()
    }

    /// Runs SQL behind the register's back, as whoever has the disk can.
    pub(crate) async fn steal(&self, sql: &str) {
        match &self.place.database {
            Some(address) => postgres::run_sql(address, sql),
            None => behind(&self.place.folder.join("register.db"), sql).await,
        }
    }
}

/// Runs SQL on a file of SQLite.
pub(crate) async fn behind(path: &Path, sql: &str) {
    use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(std::time::Duration::from_secs(20));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

pub(crate) fn blob(number: u64) -> BlobId {
    let mut bytes = [0xB0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    BlobId::from_bytes(bytes)
}

pub(crate) fn opened() -> Body {
    Opened { channel: "upload".to_owned(), owner: None }.into()
}

pub(crate) fn received(document: BlobId) -> Body {
    Received {
        document,
        name: "report.pdf".to_owned(),
        size: 1_234,
        media_type: "application/pdf".to_owned(),
        channel: "upload".to_owned(),
        from: None,
        resembles: None,
    }
    .into()
}

pub(crate) fn read(document: BlobId, reading: BlobId) -> Body {
    let reader = "reading 1".to_owned();
    PageRead { document, reader, pages: 1, unread: 0, reading, images: Vec::new(), resembles: None }.into()
}

pub(crate) fn index(fact: &str, number: f64) -> Arc<FactIndex> {
    Arc::new(FactIndex {
        fact: FactRef(fact.into()),
        concept: "lab.plt".into(),
        assertion: "present".to_owned(),
        number: Some(number),
        unit: Some("10*9/L".to_owned()),
        on: Some("2026-11".to_owned()),
    })
}

pub(crate) fn facts(document: BlobId, blob: BlobId, facts: Vec<Arc<FactIndex>>) -> Body {
    FactsExtracted { document, extractor: "extraction 1".to_owned(), blob, facts }.into()
}

pub(crate) fn noted(text: &str) -> Body {
    Noted { text: text.to_owned() }.into()
}

pub(crate) fn undone(seq: u64) -> Body {
    Undone { seq, reason: None }.into()
}

pub(crate) fn identified(name: &str) -> Body {
    Identified { person: Person { names: vec![name.to_owned()], ..Person::default() } }.into()
}
