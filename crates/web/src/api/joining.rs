//! Two cases of one patient, and a case that is not one's own.

use super::{
    Changed, OfCase, Refusals,
    sent::{Sent, changed},
};
use crate::{
    App,
    error::{Failure, Outcome},
};
use axum::extract::{Path, State};
use cartulary_casework::people::Role;
use cartulary_model::CaseId;
use serde::Deserialize;
use utoipa::ToSchema;

/// Where a case goes on.
#[derive(Deserialize, ToSchema)]
struct Merge {
    /// The case that goes on.
    into: String,
}

/// Joins a case into another of the same patient, for coordinators and data managers.
#[utoipa::path(post, path = "/api/v1/cases/{case}/merge", tag = "case", params(OfCase), request_body = Merge,
    responses((status = 200, description = "The case that goes on.", body = Changed), Refusals))]
pub(crate) async fn merge(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    let is_coordinator = expect_filing(&sent)?;
    let Merge { into } = sent.body()?;
    let into = sent.case(&app, &into).await?;
    if is_coordinator {
        sent.signed.coordinator(&app)?.merge(case, into).await?;
    } else {
        sent.signed.data_manager(&app)?.merge(case, into).await?;
    }
    changed(&app, into).await
}

/// Takes a case out again that was joined into another by mistake, for coordinators and data managers.
#[utoipa::path(post, path = "/api/v1/cases/{case}/unmerge", tag = "case", params(OfCase),
    responses((status = 200, description = "The case by itself.", body = Changed), Refusals))]
pub(crate) async fn unmerge(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    if expect_filing(&sent)? {
        sent.signed.coordinator(&app)?.unmerge(case).await?;
    } else {
        sent.signed.data_manager(&app)?.unmerge(case).await?;
    }
    changed(&app, case).await
}

/// Whether it is a coordinator; else it is a data manager.
fn expect_filing(sent: &Sent) -> Outcome<bool> {
    let is_coordinator = sent.signed.is(Role::Coordinator);
    if !is_coordinator {
        sent.signed.only(Role::DataManager)?;
    }
    Ok(is_coordinator)
}

/// Why a case must be seen that is not one's own.
#[derive(Deserialize, ToSchema)]
struct Glass {
    /// It stands in the case and in the access log.
    reason: String,
}

/// Opens a case that is not one's own for this session, with a reason.
#[utoipa::path(post, path = "/api/v1/cases/{case}/break-glass", tag = "case", params(OfCase), request_body = Glass,
    responses((status = 200, description = "It can be seen.", body = Changed), Refusals))]
pub(crate) async fn break_glass(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    sent.signed.staff(&app)?;
    let case: CaseId = case.parse().map_err(|_| Failure::Absent)?;
    let case = app.casework.seen_in(case).await?;
    let Glass { reason } = sent.body()?;
    app.casework.people().break_glass(&sent.signed.token, case, &reason).await?;
    changed(&app, case).await
}
