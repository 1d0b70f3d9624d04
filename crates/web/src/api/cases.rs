//! Cases in lists.

use super::{
    Changed, Refusals,
    sent::{Names, Sent, changed},
};
use crate::{
    App,
    error::{Failure, Outcome},
    pages::worklist::{Asked, Filter, cases_found, cases_listed, place},
    who::Signed,
};
use axum::{
    Json,
    extract::{Query, State},
    response::IntoResponse as _,
};
use cartulary_ledger::{CaseFile, CaseRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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

/// Which cases.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    /// `unanswered`, `overdue`, `evaluated`, `asked`, `with_physician`, `decided`, `treated`, `mine`, `all`; without it
    /// `all`.
    view: Option<String>,
    /// `me`, `nobody`.
    owner: Option<String>,
    /// The diagnosis, as an id of the catalogue: `hist.dlbcl_nos`.
    diagnosis: Option<String>,
    /// `papers` that must be asked for, `reading` of some paper.
    lacks: Option<String>,
    /// Where the page begins: `next` of the page before.
    after: Option<String>,
}

impl Listing {
    /// The filter. A page leaves out what an address says wrongly; a programme would take the longer list for the right one.
    fn filter(self) -> Outcome<(Filter, Option<String>)> {
        let Self { view, owner, diagnosis, lacks, after } = self;
        if let Some(after) = after.as_deref().filter(|after| place(after).is_none()) {
            return Err(Failure::Refused(format!("`{after}` is no place of a list: send `next` as it came")));
        }
        let asked = Asked { view, owner, diagnosis, lacks, ..Asked::default() };
        let filter = Filter::of(&asked, "all");
        let read = filter.diagnosis.as_ref().map(ToString::to_string);
        let pairs = [
            ("view", asked.view, Some(filter.view.clone())),
            ("owner", asked.owner, Some(filter.owner.clone())),
            ("diagnosis", asked.diagnosis, read),
            ("lacks", asked.lacks, Some(filter.lacks.clone())),
        ];
        for (name, said, read) in pairs {
            if let Some(said) = said.filter(|said| read.as_ref() != Some(said)) {
                return Err(Failure::Refused(format!("there is no {name} `{said}`")));
            }
        }
        Ok((filter, after))
    }
}

/// Cases, the last changed first; of those that nobody answered yet the longest waiting.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(Listing),
    responses((status = 200, description = "A page of the list.", body = Cases), Refusals))]
pub(crate) async fn list(State(app): State<App>, signed: Signed, Query(asked): Query<Listing>) -> Outcome {
    signed.staff(&app)?;
    let (filter, after) = asked.filter()?;
    let (listed, next) = cases_listed(&app, &signed, &filter, (after.as_deref(), ROWS)).await?;
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

/// How papers come.
const CHANNELS: [&str; 4] = ["upload", "mail", "whatsapp", "walk_in"];

/// Refuses a channel that the pages have no word for.
pub(super) fn expect_known(channel: &str) -> Outcome<()> {
    if CHANNELS.contains(&channel) {
        return Ok(());
    }
    Err(Failure::Refused(format!("there is no channel `{channel}`: it is one of {}", CHANNELS.join(", "))))
}

/// Opens a case, for coordinators.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = Channel,
    responses((status = 200, description = "The case.", body = Changed), Refusals))]
pub(crate) async fn open(State(app): State<App>, sent: Sent) -> Outcome {
    let coordinator = sent.signed.coordinator(&app)?;
    let Channel { channel } = sent.body()?;
    expect_known(&channel)?;
    let case = coordinator.open(&channel).await?;
    changed(&app, case).await
}
