//! A clinic to test in: a register on SQLite, a clock set by hand, and a reader of plain lines that can be held and broken.

use cartulary_casework::{
    Administrator, Casework, Coordinator, Parcel, Physician, Read, ReadStep, ReadingTexts, Receipt, Sheet,
    TakenFact, Tools, Worker, Wrapped,
};
use cartulary_catalogue::{Catalogue, Files};
use cartulary_criteria::CriteriaLibrary;
use cartulary_extraction::Engine;
use cartulary_ledger::{CaseFile, Place, Thorough, World};
use cartulary_model::{
    ActorId, CaseId, Clock, Entropy, Instant, Line, Page, SourceDocument, Unread, document::UnreadReason,
};
use cartulary_vault::{Blobs, RootKey};
use std::{
    sync::{
        Arc, Condvar, LazyLock, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

pub(crate) const REPORT: &str = "Pathology report\nName: Ann Moore\nSex: female\nDate of birth: 1961-04-02\nReport date: 2023-06-14\n\
    Diagnosis: diffuse large B-cell lymphoma, non-GCB.\nKi-67 80%.\n";

struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

pub(crate) struct Seeded(pub(crate) u64);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 33) as u8;
        }
    }
}

/// Reads lines; a file that begins with `film` is of no kind that is read.
#[derive(Default)]
struct PlainReader {
    reads: AtomicUsize,
    broken: AtomicBool,
    gate: Gate,
}

/// Holds the first reading until it is opened.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<GateState>, Condvar)>);

#[derive(Default)]
struct GateState {
    holds: bool,
    waiting: bool,
}

impl Gate {
    fn pass(&self) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap();
        if !state.holds || state.waiting {
            return;
        }
        state.waiting = true;
        while state.holds {
            state = changed.wait(state).unwrap();
        }
    }

    pub(crate) async fn until_reading(&self) {
        while !self.0.0.lock().unwrap().waiting {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub(crate) fn open(&self) {
        self.0.0.lock().unwrap().holds = false;
        self.0.1.notify_all();
    }
}

impl Read for PlainReader {
    fn version(&self) -> String {
        "plain 1".to_owned()
    }

    fn read(&self, name: &str, bytes: &[u8], _: &(dyn Fn(ReadStep) + Sync)) -> Result<Vec<Sheet>, String> {
        if self.broken.load(Ordering::SeqCst) {
            return Err("the reader is broken".to_owned());
        }
        self.gate.pass();
        self.reads.fetch_add(1, Ordering::SeqCst);
        let text = String::from_utf8_lossy(bytes);
        let is_film = text.starts_with("film");
        let line = |(number, text): (usize, &str)| Line {
            text: text.to_owned(),
            quad: cartulary_model::Quad::upright(
                10.0,
                number as f32 * 20.0,
                400.0,
                number as f32 * 20.0 + 15.0,
            ),
            confidence: 1.0,
            ..Line::default()
        };
        let page = Page {
            number: 1,
            width: 800,
            height: 1100,
            lines: text.lines().enumerate().map(line).collect(),
            ..Page::default()
        };
        let unread =
            Unread { page: None, reason: UnreadReason::UnsupportedType, detail: "a film".to_owned() };
        let id: String =
            Wrapped::of("", "", bytes).sha256.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let source = SourceDocument {
            id: id.as_str().into(),
            name: name.to_owned(),
            media_type: "text/plain".to_owned(),
            sha256: id,
            pages: if is_film { Vec::new() } else { vec![page] },
            unread: if is_film { vec![unread] } else { Vec::new() },
        };
        Ok(vec![Sheet { source, pictures: Vec::new() }])
    }
}

static KNOWN: LazyLock<(Arc<Catalogue>, CriteriaLibrary)> = LazyLock::new(|| {
    let catalogue = Arc::new(Catalogue::load(Files::embedded()).unwrap());
    let library = CriteriaLibrary::load(&catalogue).unwrap();
    (catalogue, library)
});

pub(crate) struct Clinic {
    pub(crate) casework: Casework,
    clock: Arc<HandClock>,
    reader: Arc<PlainReader>,
    tools: Arc<Tools>,
    _folder: TempDir,
}

impl Clinic {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(1_760_000_000_000_000)));
        let mut dice = Seeded(7);
        let root = RootKey::generate(&mut dice);
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let blobs = Blobs::in_folder(&data.join("blobs")).unwrap();
        let texts = ReadingTexts::new(blobs.clone());
        let world = World { clock: clock.clone(), entropy: Arc::new(Mutex::new(dice)), texts };
        let ledger = Place::folder(&data).init(&root, world).await.unwrap();
        let reader = Arc::new(PlainReader::default());
        let (catalogue, library) = &*KNOWN;
        let tools = Tools {
            reader: reader.clone(),
            engine: Engine::new(Arc::clone(catalogue)),
            extractor: "engine 1".to_owned(),
            catalogue: Arc::clone(catalogue),
            library: library.clone(),
            day: |_| jiff::civil::date(2025, 10, 9),
        };
        Self {
            casework: Casework::new(ledger, blobs),
            clock,
            reader,
            tools: Arc::new(tools),
            _folder: folder,
        }
    }

    pub(crate) fn who(&self, number: u128) -> ActorId {
        ActorId::from_uuid(uuid::Uuid::from_u128(number))
    }

    pub(crate) fn coordinator(&self) -> Coordinator {
        self.casework.coordinator(self.who(1))
    }

    pub(crate) fn physician(&self) -> Physician {
        self.casework.physician(self.who(2))
    }

    pub(crate) fn administrator(&self) -> Administrator {
        self.casework.administrator(self.who(3))
    }

    pub(crate) fn worker(&self) -> Worker {
        Worker::new(self.casework.clone(), Arc::clone(&self.tools), "w")
    }

    pub(crate) async fn receive(&self, papers: &[(&str, &str)]) -> CaseId {
        let texts: Vec<&str> = papers.iter().map(|(_, text)| *text).collect();
        self.send(None, &parcel(papers), &texts).await.case
    }

    pub(crate) async fn send(&self, case: Option<CaseId>, parcel: &Parcel, texts: &[&str]) -> Receipt {
        let mut open = |place: usize| Ok(bytes::Bytes::copy_from_slice(texts[place].as_bytes()));
        self.coordinator().receive(case, parcel, &mut open).await.unwrap()
    }

    /// Does all that waits and must succeed.
    pub(crate) async fn drain(&self) {
        while let Some(done) = self.worker().step().await.unwrap() {
            assert_eq!(done.failed, None, "{}", done.kind);
        }
    }

    pub(crate) async fn file(&self, case: CaseId) -> Arc<CaseFile> {
        self.casework.ledger().case(case).await.unwrap()
    }

    pub(crate) async fn fact(&self, case: CaseId, concept: &str) -> TakenFact {
        let facts = self.coordinator().facts(case).await.unwrap();
        let known: Vec<String> = facts.iter().map(|(_, of)| of.fact.concept.to_string()).collect();
        let found = facts.into_iter().find(|(_, of)| of.fact.concept.as_str() == concept);
        found.unwrap_or_else(|| panic!("no {concept} among {known:?}")).1
    }

    pub(crate) fn reads(&self) -> usize {
        self.reader.reads.load(Ordering::SeqCst)
    }

    pub(crate) fn break_reader(&self, broken: bool) {
        self.reader.broken.store(broken, Ordering::SeqCst);
    }

    /// Makes the next reading wait.
    pub(crate) fn hold_reader(&self) -> Gate {
        self.reader.gate.0.0.lock().unwrap().holds = true;
        self.reader.gate.clone()
    }

    pub(crate) fn pass_s(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// All is as it was written, nothing in the vault is missing, and the tables are what the entries give.
    pub(crate) async fn expect_whole(&self) {
        let ledger = self.casework.ledger();
        let thorough = Thorough { texts: true, witnesses: Vec::new() };
        assert_eq!(ledger.verify(&thorough, |_| {}).await.unwrap().faults, []);
        let scrub = self.casework.blobs().scrub(self.casework.all_kept().await.unwrap()).await.unwrap();
        assert!(scrub.is_whole(), "{scrub:?}");
        let before = ledger.dump_projections().await.unwrap();
        ledger.rebuild(|_| {}).await.unwrap();
        assert_eq!(ledger.dump_projections().await.unwrap(), before);
    }
}

pub(crate) fn parcel(papers: &[(&str, &str)]) -> Parcel {
    let papers = papers.iter().map(|(name, text)| Wrapped::of(*name, "text/plain", text.as_bytes()));
    Parcel { channel: "upload".to_owned(), papers: papers.collect(), ..Parcel::default() }
}
