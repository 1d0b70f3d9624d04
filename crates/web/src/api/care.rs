//! What people do on a case.

use super::{
    Changed, OfCase, Refusals,
    sent::{Sent, changed},
};
use crate::{
    App,
    error::{Failure, Outcome},
    guard::Tongue,
    pages::{
        case::undo_as,
        sheet::{self, Decided},
        worklist::owner_of,
    },
    words::Words,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse as _,
};
use cartulary_casework::{Reply, people::Role};
use cartulary_ledger::Person;
use cartulary_model::BlobId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who the patient is.
#[derive(Deserialize, ToSchema)]
struct Identity {
    /// Names in all scripts they are known in.
    names: Vec<String>,
    /// The day, month or year of birth.
    #[serde(default)]
    born: Option<String>,
    /// `female`, `male`, `other`.
    #[serde(default)]
    sex: Option<String>,
    /// Numbers by which a hospital knows the person.
    #[serde(default)]
    numbers: Vec<String>,
    #[serde(default)]
    phones: Vec<String>,
    #[serde(default)]
    mails: Vec<String>,
}

/// Says who the patient is, in place of what was said before, for coordinators. The machine leaves it so.
#[utoipa::path(put, path = "/api/v1/cases/{case}/person", tag = "case", params(OfCase), request_body = Identity,
    responses((status = 200, description = "It was said.", body = Changed), Refusals))]
pub(crate) async fn identify(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let coordinator = sent.signed.coordinator(&app)?;
    let Identity { names, born, sex, numbers, phones, mails } = sent.body()?;
    coordinator.identify(case, Person { names, born, sex, numbers, phones, mails }).await?;
    changed(&app, case).await
}

/// A note.
#[derive(Deserialize, ToSchema)]
struct NewNote {
    text: String,
}

/// Writes a note.
#[utoipa::path(post, path = "/api/v1/cases/{case}/notes", tag = "case", params(OfCase), request_body = NewNote,
    responses((status = 200, description = "It was written.", body = Changed), Refusals))]
pub(crate) async fn note(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let NewNote { text } = sent.body()?;
    sent.signed.staff(&app)?.note(case, &text).await?;
    changed(&app, case).await
}

/// What was a mistake.
#[derive(Deserialize, ToSchema)]
struct Undoing {
    /// The entry.
    entry: u64,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// Takes an entry back: what people of the house said, a decision only who made it.
#[utoipa::path(post, path = "/api/v1/cases/{case}/undo", tag = "case", params(OfCase), request_body = Undoing,
    responses((status = 200, description = "It counts no more.", body = Changed), Refusals))]
pub(crate) async fn undo(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let Undoing { entry, reason } = sent.body()?;
    undo_as(&app, &sent.signed, case, entry, &reason).await?;
    changed(&app, case).await
}

/// Who looks after a case.
#[derive(Deserialize, ToSchema)]
struct Owner {
    /// A login, or `me`; empty: nobody.
    to: String,
}

/// Gives a case to somebody, or to nobody, for coordinators.
#[utoipa::path(put, path = "/api/v1/cases/{case}/owner", tag = "case", params(OfCase), request_body = Owner,
    responses((status = 200, description = "It was given.", body = Changed), Refusals))]
pub(crate) async fn assign(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let coordinator = sent.signed.coordinator(&app)?;
    let Owner { to } = sent.body()?;
    coordinator.assign(case, owner_of(&app, &sent.signed, &to).await?).await?;
    changed(&app, case).await
}

/// Hands a case to the physician, as a coordinator; back to the coordinator, as a physician.
#[utoipa::path(post, path = "/api/v1/cases/{case}/hand-on", tag = "case", params(OfCase),
    responses((status = 200, description = "It waits for the other.", body = Changed), Refusals))]
pub(crate) async fn hand_on(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    if sent.signed.is(Role::Coordinator) {
        sent.signed.coordinator(&app)?.hand_on(case, "physician").await?;
    } else {
        sent.signed.physician(&app)?.hand_back(case).await?;
    }
    changed(&app, case).await
}

/// Why.
#[derive(Deserialize, ToSchema)]
struct Ground {
    reason: String,
}

/// Closes a case, for coordinators. A new paper opens it again.
#[utoipa::path(post, path = "/api/v1/cases/{case}/close", tag = "case", params(OfCase), request_body = Ground,
    responses((status = 200, description = "It is closed.", body = Changed), Refusals))]
pub(crate) async fn close(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let coordinator = sent.signed.coordinator(&app)?;
    let Ground { reason } = sent.body()?;
    coordinator.close(case, &reason).await?;
    changed(&app, case).await
}

/// An answer to whoever sent papers.
#[derive(Deserialize, ToSchema)]
struct NewMessage {
    /// The text as it will be read on the page of the link.
    text: String,
    /// What it asks for, by keys of the catalogue's messages.
    #[serde(default)]
    asks: Vec<String>,
    /// Names the answer, so that it goes once however often it is sent.
    #[serde(default)]
    once: String,
}

/// Answers whoever sent papers, for coordinators. It stands on the page of their link.
#[utoipa::path(post, path = "/api/v1/cases/{case}/messages", tag = "case", params(OfCase), request_body = NewMessage,
    responses((status = 200, description = "It is on the page of the link.", body = Changed), Refusals))]
pub(crate) async fn message(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let coordinator = sent.signed.coordinator(&app)?;
    let NewMessage { text, asks, once } = sent.body()?;
    let channel = "link".to_owned();
    coordinator.reply(case, &Reply { channel, text, asks, once }).await?;
    changed(&app, case).await
}

/// A link for whoever sent papers.
#[derive(Serialize, ToSchema)]
struct Link {
    /// The end of the address `/status/TOKEN`.
    token: String,
}

/// Makes a link to the case for whoever sent papers, for coordinators. It holds for 14 days.
#[utoipa::path(post, path = "/api/v1/cases/{case}/links", tag = "case", params(OfCase),
    responses((status = 200, description = "The link; only now can it be seen.", body = Link), Refusals))]
pub(crate) async fn make_link(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let token = sent.signed.coordinator(&app)?.make_link(case).await?;
    Ok(Json(Link { token }).into_response())
}

/// Takes all links to the case back, for coordinators.
#[utoipa::path(delete, path = "/api/v1/cases/{case}/links", tag = "case", params(OfCase),
    responses((status = 204, description = "They open nothing any more."), Refusals))]
pub(crate) async fn revoke_links(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    sent.signed.coordinator(&app)?.revoke_links(case).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A word on consent.
#[derive(Deserialize, ToSchema)]
struct Word {
    /// `care`, `registry`, `research` and the other scopes of the form for papers.
    scope: String,
    /// True: it is given; false: it is withdrawn.
    given: bool,
    /// The signed paper, where it is given.
    #[serde(default)]
    document: Option<String>,
    /// In the patient's words, where it is withdrawn.
    #[serde(default)]
    reason: Option<String>,
}

/// Notes that the patient consented, or withdrew a consent, for coordinators and data managers.
#[utoipa::path(post, path = "/api/v1/cases/{case}/consents", tag = "case", params(OfCase), request_body = Word,
    responses((status = 200, description = "It was noted.", body = Changed), Refusals))]
pub(crate) async fn consent(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let is_coordinator = sent.signed.is(Role::Coordinator);
    if !is_coordinator {
        sent.signed.only(Role::DataManager)?;
    }
    let Word { scope, given, document, reason } = sent.body()?;
    let document: Option<BlobId> = document.map(|id| id.parse()).transpose().map_err(|_| Failure::Absent)?;
    match (is_coordinator, given) {
        (true, true) => sent.signed.coordinator(&app)?.consent(case, &scope, document).await?,
        (true, false) => sent.signed.coordinator(&app)?.withdraw(case, &scope, reason).await?,
        (false, true) => sent.signed.data_manager(&app)?.consent(case, &scope, document).await?,
        (false, false) => sent.signed.data_manager(&app)?.withdraw(case, &scope, reason).await?,
    }
    changed(&app, case).await
}

/// Decides, for physicians, and signs with password and code.
#[utoipa::path(post, path = "/api/v1/cases/{case}/decisions", tag = "case", params(OfCase), request_body = sheet::Said,
    responses((status = 200, description = "It was decided.", body = Changed), Refusals))]
pub(crate) async fn decide(
    State(app): State<App>,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    sent: Sent,
) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let physician = sent.signed.physician(&app)?;
    match sheet::decided(&app, &sent.signed, &physician, case, &sent.body()?).await? {
        Decided::Done => changed(&app, case).await,
        Decided::NotSigned => Err(Failure::Refused(Words::new(language).t("decide-not-signed"))),
        Decided::Refused(why) => Err(Failure::Refused(why)),
    }
}
