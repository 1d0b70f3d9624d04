//! Fills a register: very many cases that only stand in lists, and some with real papers, which are opened.

use bytes::Bytes;
use cartulary_casework::{
    Casework, Inquiry, Parcel, ReadingTexts, Wrapped,
    people::{NewAccount, Role},
};
use cartulary_ledger::{
    Act, Body, Evaluated, FactIndex, FactRef, FactsExtracted, Identified, Inquired, Ledger, Noted, Opened,
    PageRead, Person, Place, Received, Sender, Texts, World,
};
use cartulary_model::{ActorId, BlobId, CaseId, Clock, Entropy, Instant};
use cartulary_vault::{Blobs, CaseKey, RootKey};
use std::{
    collections::{BTreeSet, HashMap},
    future::Future,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex},
};

/// Cases whose pages are asked for.
const OPENED: usize = 200;
/// Pages that two readers can look at in a second, and some more.
const PHOTOS_A_SECOND: u32 = 3;

/// A register that is ready, and what can be asked of it.
pub(crate) struct Filled {
    pub(crate) cookie: String,
    /// With the codes that are said on the telephone.
    cases: Vec<(CaseId, String)>,
}

impl Filled {
    /// What the department looks at, one after the other: of ten requests four lists, a search by code, five of a case.
    pub(crate) fn page(&self, number: u32) -> (&'static str, String) {
        let (case, code) = &self.cases[number as usize * 7 % self.cases.len()];
        match number % 10 {
            0 | 5 => ("worklist", "/worklist".to_owned()),
            3 => ("worklist, a view", "/worklist?view=unanswered".to_owned()),
            7 => ("worklist, rows alone", "/worklist?part=rows".to_owned()),
            2 => ("search by code", format!("/worklist?q={code}")),
            1 | 6 => ("case: reading desk", format!("/cases/{case}/desk")),
            4 => ("case: evaluation sheet", format!("/cases/{case}/sheet")),
            8 => ("case: reply", format!("/cases/{case}/reply")),
            _ => ("case: history", format!("/cases/{case}/history")),
        }
    }
}

pub(crate) async fn register(folder: &Path, database: Option<String>, cases: u32) -> Filled {
    let root = RootKey::generate(&mut Machine);
    root.write_file(&folder.join("root.key"), None).unwrap();
    let (shelf, world, blobs) = world(folder);
    let ledger = place(folder, database).init(&root, world).await.unwrap();
    crowd(&ledger, &shelf, cases).await;
    let casework = Casework::new(ledger, blobs);
    let token = coordinator(&casework).await;
    let mut opened = Vec::new();
    for number in 0..OPENED {
        let case = receive(&casework, number, is_text).await;
        opened.push((case, casework.ledger().code(case)));
    }
    casework.ledger().clone().close().await.unwrap();
    Filled { cookie: format!("__Host-session={token}"), cases: opened }
}

/// Photographs that wait to be read for so many seconds.
pub(crate) async fn photos(folder: &Path, database: Option<String>, seconds: u32) {
    let root = RootKey::from_file(&folder.join("root.key"), None).unwrap();
    let (_, world, blobs) = world(folder);
    let ledger = place(folder, database).open(&root, None, world).await.unwrap();
    let casework = Casework::new(ledger, blobs);
    for number in 0..(seconds + 5) * PHOTOS_A_SECOND {
        receive(&casework, number as usize, is_photo).await;
    }
    casework.ledger().clone().close().await.unwrap();
}

fn place(folder: &Path, database: Option<String>) -> Place {
    let mut place = Place::folder(folder.join("data"));
    place.database = database;
    place
}

fn world(folder: &Path) -> (Arc<Shelf>, World, Blobs) {
    std::fs::create_dir_all(folder.join("data/blobs")).unwrap();
    let blobs = Blobs::in_folder(&folder.join("data/blobs")).unwrap();
    let shelf = Arc::new(Shelf { texts: Mutex::default(), readings: ReadingTexts::new(blobs.clone()) });
    let world =
        World { clock: Arc::new(Machine), entropy: Arc::new(Mutex::new(Machine)), texts: shelf.clone() };
    (shelf, world, blobs)
}

/// Somebody with a session.
async fn coordinator(casework: &Casework) -> String {
    let new = NewAccount {
        login: "bench".to_owned(),
        name: "Bench".to_owned(),
        roles: BTreeSet::from([Role::Coordinator]),
        language: "en".to_owned(),
        password: "a password of a bench".to_owned(),
    };
    let password = new.password.clone();
    let people = casework.people();
    people.create(new).await.unwrap();
    let token = people.sign_in("bench", password).await.unwrap().unwrap();
    let code = people.new_code(&token).await.unwrap().unwrap();
    let now_s = casework.ledger().now().millis() / 1_000;
    people.show_code(&token, &code.code(now_s)).await.unwrap().unwrap()
}

fn is_text(name: &str) -> bool {
    name.ends_with(".txt")
}

/// The photographed pages of the demo.
pub(crate) fn photographs() -> Vec<Bytes> {
    let patients = cartulary_web::DEMO.dirs();
    let files = patients.flat_map(include_dir::Dir::files);
    files
        .filter(|file| is_photo(&file.path().to_string_lossy()))
        .map(|file| Bytes::from_static(file.contents()))
        .collect()
}

fn is_photo(name: &str) -> bool {
    name.ends_with(".jpg")
}

/// A case with the papers of one of the demo's patients, each paper a little other so that none is a copy.
async fn receive(casework: &Casework, number: usize, wanted: fn(&str) -> bool) -> CaseId {
    let of = |dir: &include_dir::Dir<'static>| -> Vec<(String, Bytes)> {
        let named = dir.files().map(|file| (file.path().to_string_lossy().into_owned(), file.contents()));
        named
            .filter(|(name, _)| wanted(name))
            .map(|(name, bytes)| (name, [bytes, format!("\n{number}\n").as_bytes()].concat().into()))
            .collect()
    };
    let patients: Vec<_> = cartulary_web::DEMO.dirs().map(of).filter(|papers| !papers.is_empty()).collect();
    let papers = &patients[number % patients.len()];
    let sender =
        Sender { name: format!("Sender {number}"), relation: "relative".to_owned(), ..Sender::default() };
    let inquiry = Inquiry { sender, words: None, notice: None, consents: vec!["care".to_owned()] };
    let parcel = Parcel {
        channel: "upload".to_owned(),
        papers: papers
            .iter()
            .map(|(name, bytes)| Wrapped::of(name.as_str(), cartulary_reading::media_type(bytes), bytes))
            .collect(),
        inquiry: Some(inquiry),
        ..Parcel::default()
    };
    let mut open = |place: usize| Ok(papers[place].1.clone());
    casework.coordinator(ActorId::MACHINE).receive(None, &parcel, &mut open).await.unwrap().case
}

/// Cases with eight entries and a text of sixty words each.
async fn crowd(ledger: &Ledger, shelf: &Shelf, cases: u32) {
    let mut left = cases;
    while left > 0 {
        let now = left.min(1_000);
        left -= now;
        let mut tasks = Vec::new();
        for number in left..left + now {
            let case = CaseId::new(Machine.now(), &mut Machine);
            let entries = entries(shelf, number);
            let ledger = ledger.clone();
            tasks.push(tokio::spawn(async move {
                ledger.append(Act::on(ActorId::MACHINE, case, 0, entries)).await.unwrap();
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        shelf.texts.lock().unwrap().clear();
    }
}

fn entries(shelf: &Shelf, number: u32) -> Vec<Body> {
    let (document, reading, blob) = (any_blob(), any_blob(), any_blob());
    shelf.texts.lock().unwrap().insert(reading, text());
    let sender = Sender {
        name: format!("Sender {number}"),
        relation: "relative".to_owned(),
        language: if number.is_multiple_of(2) { "zh" } else { "en" }.to_owned(),
        country: Some("CN".to_owned()),
        ..Sender::default()
    };
    let fact = |name: &str, value: f64| {
        Arc::new(FactIndex {
            fact: FactRef(name.into()),
            concept: "lab.plt".into(),
            assertion: "present".to_owned(),
            number: Some(value),
            unit: Some("10*9/L".to_owned()),
            on: Some("2026-11".to_owned()),
        })
    };
    let received = Received {
        document,
        name: "report.pdf".to_owned(),
        size: 1_234,
        media_type: "application/pdf".to_owned(),
        channel: "upload".to_owned(),
        from: None,
        resembles: None,
    };
    let read = PageRead {
        document,
        reader: "reading 1".to_owned(),
        pages: 1,
        unread: 0,
        reading,
        images: Vec::new(),
        resembles: None,
    };
    let person = Person { names: vec![format!("Person {number}")], ..Person::default() };
    vec![
        Opened { channel: "upload".to_owned(), owner: None }.into(),
        Inquired { sender, words: None, notice: None }.into(),
        received.into(),
        read.into(),
        FactsExtracted {
            document,
            extractor: "extraction 1".to_owned(),
            blob,
            facts: vec![fact("a", 45.0), fact("b", 60.0)],
        }
        .into(),
        Identified { person }.into(),
        Evaluated {
            blob: any_blob(),
            record_sha256: String::new(),
            sets: Vec::new(),
            diagnosis: Some("dx.dlbcl".into()),
            missing: number % 9,
        }
        .into(),
        Noted { text: "called back".to_owned() }.into(),
    ]
}

/// Sixty words out of five thousand, frequent and rare ones.
fn text() -> String {
    let mut words = String::new();
    for _ in 0..60 {
        let mut bytes = [0; 4];
        Machine.fill(&mut bytes);
        let uniform = f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX);
        words.push_str(&format!("w{} ", (5_000.0 * uniform.powi(3)) as u32));
    }
    words + "淋巴瘤 lymphoma"
}

fn any_blob() -> BlobId {
    let mut bytes = [0; 32];
    Machine.fill(&mut bytes);
    BlobId::from_bytes(bytes)
}

/// Texts of the crowd, which lie in no vault; of others, those that were read.
struct Shelf {
    texts: Mutex<HashMap<BlobId, String>>,
    readings: Arc<ReadingTexts>,
}

impl Texts for Shelf {
    fn text<'a>(
        &'a self,
        key: &'a CaseKey,
        reading: BlobId,
    ) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>> {
        let held = self.texts.lock().unwrap().get(&reading).cloned();
        match held {
            Some(text) => Box::pin(async move { Ok(text) }),
            None => self.readings.text(key, reading),
        }
    }

    fn letter(&self) -> fn(char) -> char {
        self.readings.letter()
    }
}

/// The machine's clock and randomness.
struct Machine;

impl Clock for Machine {
    #[expect(clippy::disallowed_methods, reason = "the server that is measured has the machine's clock")]
    fn now(&self) -> Instant {
        Instant::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

impl Entropy for Machine {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}
