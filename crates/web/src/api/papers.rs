//! Papers and what is read of them.

use super::{
    Changed, OfCase, OfDocument, Refusals,
    cases::expect_known,
    sent::{Sent, changed},
};
use crate::{
    App,
    error::{Failure, Outcome},
    guard::Tongue,
    pages::{
        desk::{add, judge as desk},
        send::file_name,
    },
    who::Signed,
    words::{Language, Words},
};
use axum::{
    Json,
    extract::{Path, Query, State},
    response::IntoResponse as _,
};
use cartulary_model::BlobId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a file is called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    /// The name of the file.
    #[serde(default)]
    name: String,
    /// How it came: `upload`, `mail`, `whatsapp`, `walk_in`; without it `upload`.
    #[serde(default)]
    channel: Option<String>,
}

/// A document that was received.
#[derive(Serialize, ToSchema)]
struct Received {
    case: String,
    document: String,
    /// The same bytes were in the case before.
    known: bool,
}

/// Receives a document into a case, for coordinators. The place where a photograph was taken is not kept. When this
/// returns, it is durable and will be read; the same bytes again are the same document.
#[utoipa::path(post, path = "/api/v1/cases/{case}/documents", tag = "papers", params(OfCase, Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file, 50 MB at most."),
    responses((status = 200, description = "It was received.", body = Received), Refusals))]
pub(crate) async fn receive(
    State(app): State<App>,
    Path(case): Path<String>,
    Query(named): Query<Named>,
    sent: Sent,
) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let coordinator = sent.signed.coordinator(&app)?;
    if sent.bytes.is_empty() {
        return Err(Failure::Refused("the body holds no file".to_owned()));
    }
    expect_known(named.channel.as_deref().unwrap_or("upload"))?;
    let _room = app.deliveries.acquire().await.map_err(|_| Failure::Unavailable)?;
    let (name, channel) = (file_name(&named.name), named.channel.as_deref().unwrap_or("upload"));
    let receipt = coordinator.receive_file(case, channel, (&name, sent.bytes), app.files).await?;
    let paper = receipt.papers.first().ok_or(Failure::Absent)?;
    let (case, document) = (receipt.case.to_string(), paper.document.to_string());
    Ok(Json(Received { case, document, known: paper.known }).into_response())
}

/// What was read of a document: its pages with their lines and where each stands, as `cartulary read` gives them.
#[utoipa::path(get, path = "/api/v1/cases/{case}/documents/{document}/reading", tag = "papers", params(OfDocument),
    responses((status = 200, description = "The reading.", body = Object), Refusals))]
pub(crate) async fn reading(
    State(app): State<App>,
    signed: Signed,
    Path((case, document)): Path<(String, String)>,
) -> Outcome {
    let case = signed.expect_case(&app, &case).await?;
    let document: BlobId = document.parse().map_err(|_| Failure::Absent)?;
    let reading = signed.staff(&app)?.reading(case, document).await?;
    Ok(Json(reading).into_response())
}

/// Reads a document again, with the reader of today.
#[utoipa::path(post, path = "/api/v1/cases/{case}/documents/{document}/read-again", tag = "papers", params(OfDocument),
    responses((status = 200, description = "It waits to be read.", body = Changed), Refusals))]
pub(crate) async fn read_again(
    State(app): State<App>,
    Path((case, document)): Path<(String, String)>,
    sent: Sent,
) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let document: BlobId = document.parse().map_err(|_| Failure::Absent)?;
    sent.signed.staff(&app)?.read_again(case, document).await?;
    changed(&app, case).await
}

/// The original of a document, as it was sent: what it holds was made by a stranger.
#[utoipa::path(get, path = "/cases/{case}/documents/{document}/original", tag = "papers", params(OfDocument),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"), Refusals))]
#[expect(dead_code, reason = "it describes an address of the pages")]
pub(super) fn original() {}

/// The picture of a page, as the reader made it.
#[utoipa::path(get, path = "/cases/{case}/documents/{document}/{part}/{page}", tag = "papers",
    params(OfDocument, ("part" = usize, Path, description = "The part, from 0."), ("page" = u32, Path, description = "The page, from 1.")),
    responses((status = 200, description = "The picture.", body = Vec<u8>, content_type = "image/jpeg"), Refusals))]
#[expect(dead_code, reason = "it describes an address of the pages")]
pub(super) fn picture() {}

/// Says that a fact is right, wrong, or what is right.
#[utoipa::path(post, path = "/api/v1/cases/{case}/judgements", tag = "papers", params(OfCase), request_body = desk::Said,
    responses((status = 200, description = "It was said, and the case will be evaluated again.", body = Changed), Refusals))]
pub(crate) async fn judge(
    State(app): State<App>,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    sent: Sent,
) -> Outcome {
    let case = sent.case(&app, &case).await?;
    desk::judged(&app, &sent.signed, case, &sent.body()?).await?.map_err(|key| problem(language, key))?;
    changed(&app, case).await
}

/// Adds a fact that the papers say and the machine did not see.
#[utoipa::path(post, path = "/api/v1/cases/{case}/facts", tag = "papers", params(OfCase), request_body = add::Said,
    responses((status = 200, description = "It was added, and the case will be evaluated again.", body = Changed), Refusals))]
pub(crate) async fn add_fact(
    State(app): State<App>,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    sent: Sent,
) -> Outcome {
    let case = sent.case(&app, &case).await?;
    add::added(&app, &sent.signed, case, &sent.body()?).await?.map_err(|key| problem(language, key))?;
    changed(&app, case).await
}

fn problem(language: Language, key: &str) -> Failure {
    Failure::Refused(Words::new(language).of("judge-problem", key))
}
