//! Forms of the staff: each carries the token of the session, so that a page elsewhere cannot send one.

use crate::{App, app::same, error::Failure, who::Signed};
use axum::{
    Form,
    extract::{FromRequest, Request},
};
use serde::{Deserialize, de::DeserializeOwned};

/// A form with its token checked, and who sent it.
pub(crate) struct Posted<T> {
    pub(crate) signed: Signed,
    pub(crate) form: T,
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    form_token: String,
}

/// Longest form, in bytes.
const LIMIT: usize = 256 * 1024;

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let signed =
            <Signed as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        let bytes = axum::body::to_bytes(body, LIMIT).await.map_err(|_| Failure::TooLarge)?;
        let read =
            |parts: &axum::http::request::Parts| Request::from_parts(parts.clone(), bytes.clone().into());
        let Form(token) = Form::<Token>::from_request(read(&parts), app).await.map_err(|_| Failure::Form)?;
        if !same(token.form_token.as_bytes(), signed.session.form_token.as_bytes()) {
            return Err(Failure::Form);
        }
        let form = Form::<T>::from_request(read(&parts), app).await;
        let Form(form) = form.map_err(|error| Failure::Refused(error.body_text()))?;
        Ok(Self { signed, form })
    }
}
