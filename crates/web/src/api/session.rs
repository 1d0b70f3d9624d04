//! Signing in and out.

use super::{
    Refusals,
    sent::{Sent, read},
};
use crate::{
    App,
    error::{Failure, Outcome},
    guard::From,
    pages::entry::{show_code, show_password},
    who::Signed,
};
use axum::{Json, body::Bytes, extract::State, http::StatusCode, response::IntoResponse as _};
use cartulary_casework::people::{Role, Session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
struct SignIn {
    login: String,
    password: String,
    /// The code of the telephone, which was set up at the first sign-in in a browser.
    code: String,
}

/// Somebody who is signed in.
#[derive(Serialize, ToSchema)]
struct Who {
    login: String,
    name: String,
    /// `coordinator`, `physician`, `data_manager`, `administrator`.
    roles: Vec<&'static str>,
}

impl Who {
    fn of(session: &Session) -> Self {
        let account = &session.account;
        let roles = account.roles.iter().map(|role: &Role| role.name()).collect();
        Self { login: account.login.clone(), name: account.name.clone(), roles }
    }
}

/// A session that began.
#[derive(Serialize, ToSchema)]
struct Begun {
    /// Goes into `Authorization: Bearer`. It ends after 15 minutes without a request, and after 12 hours in any case.
    token: String,
    #[serde(flatten)]
    who: Who,
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", security(()), request_body = SignIn,
    responses((status = 200, description = "The session began.", body = Begun), Refusals))]
pub(crate) async fn sign_in(State(app): State<App>, from: From, bytes: Bytes) -> Outcome {
    let SignIn { login, password, code } = read(&bytes)?;
    let half = show_password(&app, &from, &login, password).await?.ok_or(Failure::SignIn)?;
    let token = show_code(&app, &from, &half, &code).await?.ok_or(Failure::SignIn)?;
    let session = app.casework.people().session(&token).await?.ok_or(Failure::SignIn)?;
    Ok(Json(Begun { token, who: Who::of(&session) }).into_response())
}

/// Who this is.
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = 200, description = "Who is signed in.", body = Who), Refusals))]
pub(crate) async fn who(signed: Signed) -> Outcome {
    Ok(Json(Who::of(&signed.session)).into_response())
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = 204, description = "The session is over."), Refusals))]
pub(crate) async fn sign_out(State(app): State<App>, sent: Sent) -> Outcome {
    // The sessions of a demo are for everybody.
    if app.demo.is_empty() {
        app.casework.people().sign_out(&sent.signed.token).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
