//! Cases in lists.

use super::{
    Changed, Refusals,
    sent::{Names, Sent, changed},
};
use crate::{
    App,
    error::Outcome,
    pages::worklist::{Asked, Filter, cases_found, cases_listed},
    who::Signed,
};
use axum::{
    Json,
    extract::{Query, State},
    response::IntoResponse as _,
};
use cartulary_ledger::{CaseFile, CaseRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Cases of a page of a list.
const ROWS: u32 = 100;

/// A case in a list.
#[derive(Serialize, ToSchema)]
struct CaseItem {
    /// Its id.
    case: String,
    /// What it is called on the telephone: eight letters and digits.
    code: String,
    /// `opened`, `received`, `evaluated`, `asked`, `with_physician`, `decided`, `answered`, `closed`, `treated`.
    state: &'static str,
    opened_at: String,
    changed_at: String,
    /// When somebody of the house first answered.
    contact_at: Option<String>,
    /// Since when papers are waited for that were asked for.
    asked_at: Option<String>,
    /// Who looks after it.
    owner: Option<String>,
    /// Its papers, and those of them that were not read, or not wholly.
    documents: u64,
    unread: u64,
    /// How many things there are to ask for.
    missing: u64,
    /// The last diagnosis, as an id of the catalogue; null as well where the case is not to be seen.
    diagnosis: Option<String>,
    /// The patient's names; none where the case is not to be seen.
    names: Vec<String>,
    /// Lines of its papers in which words stand that were searched for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<String>,
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
struct Cases {
    cases: Vec<CaseItem>,
    /// Where the next page begins: `after` of the next request.
    next: Option<String>,
    /// Of a search: whether all papers were looked at.
    complete: bool,
}

fn item(
    app: &App,
    signed: &Signed,
    names: &Names,
    row: CaseRow,
    file: Option<&CaseFile>,
    lines: Vec<String>,
) -> CaseItem {
    let seen = file.filter(|file| signed.may_see(file));
    CaseItem {
        case: row.case.to_string(),
        code: app.casework.ledger().code(row.case),
        state: row.state.name(),
        opened_at: row.opened_at.to_string(),
        changed_at: row.changed_at.to_string(),
        contact_at: row.contact_at.map(|at| at.to_string()),
        asked_at: row.asked_at.map(|at| at.to_string()),
        owner: names.of_staff(row.owner),
        documents: row.documents,
        unread: row.unread,
        missing: row.missing,
        diagnosis: row.diagnosis.filter(|_| seen.is_some()).map(|id| id.to_string()),
        names: seen.map_or(Vec::new(), |file| file.person.names.clone()),
        lines: if seen.is_some() { lines } else { Vec::new() },
    }
}

/// Cases, the last changed first; of those that nobody answered yet the longest waiting.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(Asked),
    responses((status = 200, description = "A page of the list.", body = Cases), Refusals))]
pub(crate) async fn list(State(app): State<App>, signed: Signed, Query(asked): Query<Asked>) -> Outcome {
    signed.staff(&app)?;
    let filter = Filter::of(&asked, "all");
    let (listed, next) = cases_listed(&app, &signed, &filter, (asked.after.as_deref(), ROWS)).await?;
    let names = Names::of(&app).await?;
    let item =
        |of: cartulary_casework::Listed| item(&app, &signed, &names, of.row, of.file.as_deref(), Vec::new());
    let cases = listed.into_iter().map(item).collect();
    Ok(Json(Cases { cases, next, complete: true }).into_response())
}

/// What to search for. It stands in no address, because it may be a name.
#[derive(Deserialize, ToSchema)]
struct Words {
    /// A code, a telephone number, a mail address, a hospital's number; or words, of which all must stand in a case.
    words: String,
}

/// Cases in which words stand.
#[utoipa::path(post, path = "/api/v1/search", tag = "cases", request_body = Words,
    responses((status = 200, description = "The cases, those named by a number first.", body = Cases), Refusals))]
pub(crate) async fn search(State(app): State<App>, sent: Sent) -> Outcome {
    sent.signed.staff(&app)?;
    let Words { words } = sent.body()?;
    let (found, complete) = cases_found(&app, &sent.signed, words.trim()).await?;
    let names = Names::of(&app).await?;
    let cases = found
        .into_iter()
        .map(|(row, file, lines)| item(&app, &sent.signed, &names, row, Some(&file), lines))
        .collect();
    Ok(Json(Cases { cases, next: None, complete }).into_response())
}

/// How a case came.
#[derive(Deserialize, ToSchema)]
struct Channel {
    /// `upload`, `mail`, `whatsapp`, `walk_in`.
    channel: String,
}

/// Opens a case, for coordinators.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = Channel,
    responses((status = 200, description = "The case.", body = Changed), Refusals))]
pub(crate) async fn open(State(app): State<App>, sent: Sent) -> Outcome {
    let coordinator = sent.signed.coordinator(&app)?;
    let Channel { channel } = sent.body()?;
    let case = coordinator.open(&channel).await?;
    changed(&app, case).await
}
