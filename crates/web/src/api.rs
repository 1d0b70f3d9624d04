//! The same as JSON, for programmes of the house: as a person of the staff, and never more than their pages show.
//!
//! A programme signs in as a person does, with password and code, and sends the token that it gets as
//! `Authorization: Bearer`. Scripts of our pages use the session's cookie, and then what changes something needs the
//! session's form token in `x-form-token`. Refusals are those of the pages, as JSON. The description at
//! `/api/v1/openapi.json` is made of what stands here; `docs/openapi.json` is its last state, for reading.

mod care;
mod case;
mod cases;
mod course;
mod house;
mod joining;
mod papers;
mod sent;
mod session;

pub(crate) use care::{
    assign, close, consent, decide, hand_on, identify, make_link, message, note, revoke_links, undo,
};
pub(crate) use case::{evaluation, facts, history, whole};
pub(crate) use cases::{list, open, search};
pub(crate) use course::{infusion, visit};
pub(crate) use house::{accesses, account, accounts, criteria, health, keep, new_account};
pub(crate) use joining::{break_glass, merge, unmerge};
pub(crate) use papers::{add_fact, judge, read_again, reading, receive};
pub(crate) use session::{sign_in, sign_out, who};

use crate::error::Outcome;
use axum::{http::header, response::IntoResponse as _};
use serde::Serialize;
use utoipa::{
    IntoParams, IntoResponses, OpenApi, ToSchema,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// What the interface is, in the form that programmes read.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cartulary",
        description = "What the pages of the staff do, for programmes. Sign in at `/api/v1/session` and send the token as \
            `Authorization: Bearer`. Cases and papers are named by their ids, times are UTC."
    ),
    paths(
        session::sign_in, session::who, session::sign_out, cases::list, cases::search, cases::open, case::whole,
        case::history, case::facts, case::evaluation, papers::receive, papers::reading, papers::read_again,
        papers::original, papers::picture, papers::judge, papers::add_fact, care::identify, care::note, care::undo, care::assign,
        care::hand_on, care::close, care::message, care::make_link, care::revoke_links, care::consent, care::decide,
        course::infusion, course::visit, joining::merge, joining::unmerge, joining::break_glass, house::accounts,
        house::new_account, house::account, house::keep, house::accesses, house::criteria, house::health
    ),
    components(schemas(Refusal)),
    modifiers(&Ways),
    security(("session" = []))
)]
struct Interface;

/// How a programme says who it is.
struct Ways;

impl utoipa::Modify for Ways {
    fn modify(&self, interface: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let parts = interface.components.get_or_insert_default();
        parts.add_security_scheme("session", SecurityScheme::Http(scheme));
    }
}

/// The description of this interface.
pub fn description() -> String {
    Interface::openapi().to_pretty_json().unwrap_or_default()
}

/// This interface, described.
pub(crate) async fn describe() -> Outcome {
    Ok(([(header::CONTENT_TYPE, "application/json")], description()).into_response())
}

/// The case that an address names.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes what axum takes out of the address")]
struct OfCase {
    /// The id of the case.
    case: String,
}

/// The document that an address names.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes what axum takes out of the address")]
struct OfDocument {
    /// The id of the case that holds the document.
    case: String,
    /// The id of the document.
    document: String,
}

/// Why something was not done.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the guard makes of a failure")]
struct Refusal {
    /// `absent`, `not_yours`, `sign_in`, `form`, `too_many`, `refused`, `too_large`, `conflict`, `unavailable`, `ours`.
    error: String,
    /// What is wrong and what to do, where there is more to say.
    why: String,
    /// Under which number it stands in the log, where it is ours.
    number: Option<String>,
}

/// How everything here may be refused.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes what the guard makes of a failure")]
enum Refusals {
    /// Nobody is signed in: the token is wrong or its session is over.
    #[response(status = 401)]
    SignIn(Refusal),
    /// It is not there, or not for this person: both look the same. `not_yours`: a reason opens it.
    #[response(status = 404)]
    Absent(Refusal),
    /// Somebody else changed it meanwhile: look again.
    #[response(status = 409)]
    Conflict(Refusal),
    /// What was asked for cannot be; `why` says so.
    #[response(status = 422)]
    Refused(Refusal),
    /// Too many tries: wait.
    #[response(status = 429)]
    TooMany(Refusal),
    /// The disk or the database takes nothing now: try again.
    #[response(status = 503)]
    Unavailable(Refusal),
}

/// A case that was changed.
#[derive(Serialize, ToSchema)]
struct Changed {
    /// The case.
    case: String,
    /// Its entries now.
    version: u64,
}
