//! A clinic to test in: a register in a folder of its own, a person of each role with a session, and two cases.

use axum::{
    Router,
    body::Body,
    http::{Method, Request, Response, StatusCode, header},
};
use bytes::Bytes;
use cartulary_casework::{
    Casework, FileForms, Inquiry, Parcel, ReadingTexts, Wrapped,
    people::{CodeSecret, NewAccount, Role},
};
use cartulary_catalogue::Catalogue;
use cartulary_ledger::{Place, Sender, World};
use cartulary_model::{CaseId, Clock, Entropy, Instant};
use cartulary_vault::{Blobs, RootKey};
use cartulary_web::{App, House, Mode, Printer, Site, router};
use http_body_util::BodyExt as _;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub(crate) const PASSWORD: &str = "a password of tests";
pub(crate) const SETUP: &str = "0123456789abcdef0123456789abcdef";

pub(crate) struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

struct Seeded(u64);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

pub(crate) struct Clinic {
    _folder: TempDir,
    pub(crate) casework: Casework,
    pub(crate) router: Router,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) sessions: BTreeMap<Role, String>,
    codes: BTreeMap<Role, CodeSecret>,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a hidden field.
    pub(crate) fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let at =
            self.text.find(&mark).unwrap_or_else(|| panic!("no field {name}: {}", self.text)) + mark.len();
        self.text[at..].split('"').next().unwrap().to_owned()
    }
}

impl Clinic {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(&folder.path().join("blobs")).unwrap();
        let start = "2026-11-26T02:00:00Z".parse::<jiff::Timestamp>().unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(start.as_microsecond())));
        let mut entropy = Seeded(7);
        let root = RootKey::generate(&mut entropy);
        let world = World {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(Mutex::new(entropy)),
            texts: ReadingTexts::new(blobs.clone()),
        };
        let ledger = Place::folder(folder.path().join("data")).init(&root, world).await.unwrap();
        let casework = Casework::new(ledger, blobs);
        let catalogue = Arc::new(Catalogue::embedded().unwrap());
        // Here a file tells where it was taken if it begins with these words.
        let without_location: fn(&[u8]) -> Option<Vec<u8>> =
            |bytes| bytes.strip_prefix(b"TAKEN AT HOME").map(<[u8]>::to_vec);
        let files = FileForms { media_type: |_| "text/plain", without_location };
        let printer: Printer = Arc::new(|data, _| Ok(data.to_string().into_bytes()));
        let house = House {
            casework: casework.clone(),
            catalogue,
            criteria: Vec::new(),
            site: Site::plain(),
            files,
            printer: Some(printer),
        };
        let app = App::new(house, Mode::Plain, Some(SETUP.to_owned()), Vec::new());
        Self {
            _folder: folder,
            casework,
            router: router(app),
            clock,
            sessions: BTreeMap::new(),
            codes: BTreeMap::new(),
        }
    }

    /// With a person of each role who is signed in.
    pub(crate) async fn staffed() -> Self {
        let mut clinic = Self::new().await;
        let people = clinic.casework.people();
        for role in Role::ALL {
            let login = role.name().to_owned();
            let roles = BTreeSet::from([role]);
            let new = NewAccount {
                login: login.clone(),
                name: login.clone(),
                roles,
                language: String::new(),
                password: PASSWORD.into(),
            };
            people.create(new).await.unwrap();
            let token = people.sign_in(&login, PASSWORD.to_owned()).await.unwrap().unwrap();
            let code = people.new_code(&token).await.unwrap().unwrap();
            let now = clinic.casework.ledger().now().millis() / 1_000;
            let token = people.show_code(&token, &code.code(now)).await.unwrap().unwrap();
            clinic.sessions.insert(role, token);
            clinic.codes.insert(role, code);
        }
        clinic
    }

    /// What the telephone of a role shows, a minute later: a code counts once.
    pub(crate) fn next_code(&self, role: Role) -> String {
        self.later(60);
        self.codes[&role].code(self.casework.ledger().now().millis() / 1_000)
    }

    pub(crate) fn later(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// A case with a paper, as a relative sends it.
    pub(crate) async fn case(&self, name: &str, words: &str) -> CaseId {
        let bytes = format!("Patient: {name}\n{words}\n").into_bytes();
        let sender = Sender {
            name: name.to_owned(),
            relation: "relative".into(),
            language: "en".into(),
            mail: Some("a@b.example".into()),
            ..Sender::default()
        };
        let inquiry =
            Inquiry { sender, words: Some(words.to_owned()), notice: None, consents: vec!["care".into()] };
        let parcel = Parcel {
            channel: "upload".into(),
            papers: vec![Wrapped::of("report.txt", "text/plain", &bytes)],
            inquiry: Some(inquiry),
            ..Parcel::default()
        };
        let who = cartulary_model::ActorId::MACHINE;
        let mut open = |_: usize| Ok(Bytes::from(bytes.clone()));
        self.casework.coordinator(who).receive(None, &parcel, &mut open).await.unwrap().case
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) async fn get(&self, role: Option<Role>, path: &str) -> Answer {
        self.send(self.request(role, Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, role: Option<Role>, path: &str, form: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = form.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
        let request = self
            .request(role, Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")));
        self.send(request.unwrap()).await
    }

    pub(crate) fn request(
        &self,
        role: Option<Role>,
        method: Method,
        path: &str,
    ) -> axum::http::request::Builder {
        let builder = Request::builder().method(method).uri(path).header(header::ACCEPT, "text/html");
        match role.and_then(|role| self.sessions.get(&role)) {
            Some(token) => builder.header(header::COOKIE, format!("session={token}")),
            None => builder,
        }
    }

    /// The token that goes with the forms of a role.
    pub(crate) async fn form_token(&self, role: Role) -> String {
        let page = if role == Role::Administrator { "/people" } else { "/worklist" };
        self.get(Some(role), page).await.field("form_token")
    }
}

pub(crate) fn encoded(text: &str) -> String {
    encoded_bytes(text.as_bytes())
}

/// Bytes as a form or an address carries them.
pub(crate) fn encoded_bytes(bytes: &[u8]) -> String {
    let sign = |byte: &u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
        other => format!("%{other:02X}"),
    };
    bytes.iter().map(sign).collect()
}
