//! What a programme sends, and the names of people in what it gets.

use super::Changed;
use crate::{
    App,
    app::same,
    error::{Failure, Outcome},
    who::Signed,
};
use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request},
    response::IntoResponse as _,
};
use cartulary_ledger::CaseFile;
use cartulary_model::{ActorId, CaseId};
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

/// A body, and who sent it. It is taken apart only when it is known that its sender may do this, so that whoever may not
/// learns nothing of it.
pub(crate) struct Sent {
    pub(crate) signed: Signed,
    pub(crate) bytes: Bytes,
}

impl FromRequest<App> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let signed =
            <Signed as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        let token = parts.headers.get("x-form-token").map_or(&b""[..], axum::http::HeaderValue::as_bytes);
        if !signed.by_header && !same(token, signed.session.form_token.as_bytes()) {
            return Err(Failure::Form);
        }
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app).await;
        Ok(Self { signed, bytes: bytes.map_err(|_| Failure::TooLarge)? })
    }
}

impl Sent {
    /// The case of the address, if its sender may see it.
    pub(super) async fn case(&self, app: &App, case: &str) -> Outcome<CaseId> {
        self.signed.expect_case(app, case).await
    }

    /// The body as JSON; no body is an empty object.
    pub(super) fn body<T: DeserializeOwned + ToSchema>(&self) -> Outcome<T> {
        read(&self.bytes)
    }
}

/// JSON that somebody sent. A field that is not described is refused: a misspelt `assertion` would be a fact that is present.
pub(super) fn read<T: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Outcome<T> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    if let (Ok(sent), RefOr::T(Schema::Object(described))) =
        (serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(bytes), T::schema())
        && let Some(unknown) = sent.keys().find(|name| !described.properties.contains_key(*name))
    {
        return Err(Failure::Refused(format!(
            "the body is not as it is described: there is no field `{unknown}`"
        )));
    }
    serde_json::from_slice(bytes)
        .map_err(|error| Failure::Refused(format!("the body is not as it is described: {error}")))
}

/// Where the case stands now.
pub(super) async fn changed(app: &App, case: CaseId) -> Outcome {
    let case = app.casework.seen_in(case).await?;
    let file = app.casework.ledger().case(case).await?;
    Ok(Json(Changed { case: case.to_string(), version: file.version }).into_response())
}

/// Names of people by their ids.
pub(super) struct Names(BTreeMap<ActorId, String>);

impl Names {
    pub(super) async fn of(app: &App) -> Outcome<Self> {
        Ok(Self(app.casework.people().names().await?))
    }

    /// Who did something on a case: a person's name, or `sender`, `machine`, `terminal`.
    pub(super) fn who(&self, file: &CaseFile, actor: ActorId) -> String {
        match self.0.get(&actor) {
            Some(name) => name.clone(),
            None if actor == ActorId::from_uuid(file.case.uuid()) => "sender".to_owned(),
            None if actor == ActorId::MACHINE => "machine".to_owned(),
            None => "terminal".to_owned(),
        }
    }

    /// The name of somebody of the staff.
    pub(super) fn of_staff(&self, actor: Option<ActorId>) -> Option<String> {
        actor.and_then(|actor| self.0.get(&actor).cloned())
    }
}
