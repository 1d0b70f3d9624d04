//! What all pages share.

use crate::{CriteriaVersion, Site, counts::Counts, events::Events, limits::Limits, presence::Presence};
use cartulary_casework::{Casework, FileForms, people::CodeSecret};
use cartulary_catalogue::Catalogue;
use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{Semaphore, watch};

/// How the pages are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Behind a proxy that speaks TLS: cookies go over TLS only, and the client's address is in `X-Forwarded-For`.
    Tls,
    /// Without TLS, on this machine only.
    Plain,
}

/// The pages with what they stand on. Clones are the same.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What the pages stand on.
pub struct Inner {
    pub(crate) casework: Casework,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) criteria: Vec<CriteriaVersion>,
    pub(crate) site: Site,
    pub(crate) mode: Mode,
    pub(crate) limits: Limits,
    pub(crate) events: Events,
    pub(crate) counts: Counts,
    pub(crate) presence: Presence,
    /// Whoever knows it may make the first account.
    setup: Mutex<Option<String>>,
    /// Logins that the sign-in page of a demo shows; with their passwords they are no secret there.
    pub(crate) demo: Vec<DemoUser>,
    /// What is to be known of files.
    pub(crate) files: FileForms,
    /// Whoever sets the summary as PDF, in a build that can.
    pub(crate) printer: Option<Printer>,
    /// Deliveries that are put together at the same time: each holds all its bytes.
    pub(crate) deliveries: Semaphore,
    /// Forms with files that come in at the same time.
    pub(crate) forms: Semaphore,
    /// Passwords that are stretched at the same time: each takes 46 MiB.
    pub(crate) stretching: Semaphore,
    /// The server is to end: what would never end by itself ends.
    pub(crate) stopping: watch::Sender<bool>,
}

/// What the pages are of.
pub struct House {
    /// The register and the vault.
    pub casework: Casework,
    /// The words and the clinical knowledge.
    pub catalogue: Arc<Catalogue>,
    /// The criteria sets that workers evaluate by.
    pub criteria: Vec<CriteriaVersion>,
    /// Whose pages they are.
    pub site: Site,
    /// What is to be known of files.
    pub files: FileForms,
    /// Whoever sets the summary of a case as PDF; none in a build without.
    pub printer: Option<Printer>,
}

/// Makes a PDF of the data of a page (`cartulary_report::one_page`) and the drawing that stands on it.
pub type Printer = Arc<dyn Fn(&serde_json::Value, &str) -> Result<Vec<u8>, String> + Send + Sync>;

/// A user of the demo. Its password and code are no secret: the sign-in page says them.
pub struct DemoUser {
    /// The login.
    pub login: String,
    /// The name.
    pub name: String,
    /// The role, by its name.
    pub role: String,
    /// The password.
    pub password: String,
    /// What codes are made of.
    pub code: CodeSecret,
    /// A session that stands ready.
    pub token: Mutex<String>,
}

impl DemoUser {
    /// The code of now.
    pub(crate) fn code_now(&self, app: &App) -> String {
        self.code.code(app.now_s())
    }

    /// A session that counts: the one that stands ready, or a new one.
    pub(crate) async fn session(&self, app: &App) -> cartulary_casework::Result<Option<String>> {
        let people = app.casework.people();
        let held = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if people.session(&held).await?.is_some() {
            return Ok(Some(held));
        }
        let Some(token) = people.sign_in(&self.login, self.password.clone()).await? else { return Ok(None) };
        let new = people.show_code(&token, &self.code_now(app)).await?;
        if let Some(new) = &new {
            self.token.lock().unwrap_or_else(PoisonError::into_inner).clone_from(new);
        }
        Ok(new)
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Puts the pages together. `setup`: the token for the first account, where there is none yet.
    pub fn new(house: House, mode: Mode, setup: Option<String>, demo: Vec<DemoUser>) -> Self {
        let House { casework, catalogue, criteria, site, files, printer } = house;
        Self(Arc::new(Inner {
            casework,
            catalogue,
            criteria,
            site,
            files,
            printer,
            mode,
            limits: Limits::new(),
            events: Events::new(),
            counts: Counts::default(),
            presence: Presence::new(),
            setup: Mutex::new(setup),
            demo,
            deliveries: Semaphore::new(2),
            forms: Semaphore::new(8),
            stretching: Semaphore::new(2),
            stopping: watch::Sender::new(false),
        }))
    }

    /// Whether this is the token for the first account.
    pub(crate) fn is_setup(&self, token: &str) -> bool {
        let held = self.setup.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_deref().is_some_and(|held| same(held.as_bytes(), token.as_bytes()))
    }

    /// The first account is made: the token opens nothing any more.
    pub(crate) fn end_setup(&self) {
        *self.setup.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Seconds since 1970, for what is limited in time.
    pub(crate) fn now_s(&self) -> u64 {
        self.casework.ledger().now().millis() / 1_000
    }
}

/// Whether two secrets are the same, in a time that tells nothing of where they differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
