//! Who asks: the session, what its person may do, and which cases are theirs to see.
//!
//! | | sees without asking | else |
//! |---|---|---|
//! | coordinator | every case | |
//! | physician | cases handed to a physician, decided, answered, treated; those they look after | with a reason |
//! | data manager | cases decided, answered, closed, treated; those they look after | with a reason |
//! | administrator alone | no case | |
//!
//! A reason opens a case for the session: it stands in the case, in the access log, and the administrator sees it.

use crate::{
    App,
    error::{Failure, Outcome},
    limits::Limit,
};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use cartulary_casework::{
    Coordinator, DataManager, Physician, Staff,
    people::{Role, Session},
};
use cartulary_ledger::{CaseFile, CaseState};
use cartulary_model::{ActorId, CaseId};

/// Somebody who is signed in, with password and code.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) session: Session,
    pub(crate) token: String,
    /// By a header of its own, which no page elsewhere can make a browser send.
    pub(crate) by_header: bool,
}

/// The cookie of the session; with TLS it is bound to this host and to TLS.
pub(crate) fn cookie_name(app: &App) -> &'static str {
    match app.mode {
        crate::Mode::Tls => "__Host-session",
        crate::Mode::Plain => "session",
    }
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The session of a programme, which keeps no cookies.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let said = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = said.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Sets or, with an empty value, takes away a cookie.
pub(crate) fn set_cookie(app: &App, name: &str, value: &str, seconds: Option<u64>) -> String {
    let secure = if app.mode == crate::Mode::Tls { "; Secure" } else { "" };
    let age = seconds.map_or(String::new(), |seconds| format!("; Max-Age={seconds}"));
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
}

impl FromRequestParts<App> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        if let Some(signed) = parts.extensions.get::<Self>() {
            return Ok(signed.clone());
        }
        let (token, by_header) = match bearer(&parts.headers) {
            Some(token) => (token, true),
            None => (cookie(&parts.headers, cookie_name(app)).ok_or(Failure::SignIn)?, false),
        };
        let session = app.casework.people().session(&token).await?.ok_or(Failure::SignIn)?;
        if !session.is_whole {
            return Err(Failure::SignIn);
        }
        let signed = Self { session, token, by_header };
        parts.extensions.insert(signed.clone());
        Ok(signed)
    }
}

impl OptionalFromRequestParts<App> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Failure> {
        match <Self as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(signed) => Ok(Some(signed)),
            Err(Failure::SignIn) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

impl Signed {
    pub(crate) fn who(&self) -> ActorId {
        self.session.account.who
    }

    pub(crate) fn is(&self, role: Role) -> bool {
        self.session.account.roles.contains(&role)
    }

    /// Sees cases at all.
    pub(crate) fn is_of_the_department(&self) -> bool {
        [Role::Coordinator, Role::Physician, Role::DataManager].into_iter().any(|role| self.is(role))
    }

    /// The handle for what all of the department may do.
    pub(crate) fn staff(&self, app: &App) -> Outcome<Staff> {
        if !self.is_of_the_department() {
            return Err(Failure::Absent);
        }
        Ok(app.casework.staff(self.who()))
    }

    pub(crate) fn coordinator(&self, app: &App) -> Outcome<Coordinator> {
        self.only(Role::Coordinator)?;
        Ok(app.casework.coordinator(self.who()))
    }

    pub(crate) fn physician(&self, app: &App) -> Outcome<Physician> {
        self.only(Role::Physician)?;
        Ok(app.casework.physician(self.who()))
    }

    pub(crate) fn data_manager(&self, app: &App) -> Outcome<DataManager> {
        self.only(Role::DataManager)?;
        Ok(app.casework.data_manager(self.who()))
    }

    /// Somebody of a role; for others there is no such page.
    pub(crate) fn only(&self, role: Role) -> Outcome<()> {
        if self.is(role) { Ok(()) } else { Err(Failure::Absent) }
    }

    /// Whether the person shows password and code once more, to sign what nothing takes back.
    pub(crate) async fn shows_again(&self, app: &App, password: &str, code: &str) -> Outcome<bool> {
        let account = format!("sign {}", self.session.account.login);
        if !app.limits.let_in(Limit::Account, &account, app.now_s()) {
            return Err(Failure::TooMany);
        }
        let _room = app.stretching.acquire().await.map_err(|_| Failure::Unavailable)?;
        let shown = app.casework.people().show_again(&self.token, password.to_owned(), code).await?;
        if shown {
            app.limits.forget(Limit::Account, &account);
        }
        Ok(shown)
    }

    /// Whether this person may see the case without a reason, or gave one in this session.
    pub(crate) fn may_see(&self, file: &CaseFile) -> bool {
        let is_mine = file.owner == Some(self.who()) || self.session.broken.contains(&file.case);
        is_mine || self.may_see_in(file.state())
    }

    /// Whether a case that stands so is this person's to see.
    pub(crate) fn may_see_in(&self, state: CaseState) -> bool {
        use CaseState::{Answered, Closed, Decided, Treated, WithPhysician};
        let by_physician = matches!(state, WithPhysician | Decided | Answered | Treated);
        let by_data_manager = matches!(state, Decided | Answered | Closed | Treated);
        self.is(Role::Coordinator)
            || (self.is(Role::Physician) && by_physician)
            || (self.is(Role::DataManager) && by_data_manager)
    }

    /// Looks whether the case is there and may be seen. A case that is not there and one that may not be seen differ for
    /// nobody but who may give a reason.
    pub(crate) async fn expect_case(&self, app: &App, text: &str) -> Outcome<CaseId> {
        let case: CaseId = text.parse().map_err(|_| Failure::Absent)?;
        if !self.is_of_the_department() {
            return Err(Failure::Absent);
        }
        // Joined cases are shown as one: who may see the one that goes on may see them all.
        let seen = app.casework.seen_in(case).await?;
        let file = app.casework.ledger().case(seen).await?;
        if self.may_see(&file) { Ok(case) } else { Err(Failure::NotYours(seen)) }
    }
}
