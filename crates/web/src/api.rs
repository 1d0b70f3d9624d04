//! The same as JSON, for programmes of the house: with a session of the staff, and never more than its pages show.

use crate::{
    App,
    error::{Failure, Outcome},
    who::Signed,
};
use axum::{
    Json,
    extract::{Path, Query, State},
    response::IntoResponse as _,
};
use cartulary_ledger::{CaseState, ListQuery};
use serde::{Deserialize, Serialize};

/// A case in a list.
#[derive(Serialize)]
struct CaseItem {
    case: String,
    code: String,
    state: &'static str,
    opened_at: String,
    changed_at: String,
    contact_at: Option<String>,
    documents: u64,
    unread: u64,
    missing: u64,
    diagnosis: Option<String>,
    names: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    limit: Option<u32>,
}

/// Cases, the last changed first.
pub(crate) async fn cases(State(app): State<App>, signed: Signed, Query(asked): Query<Asked>) -> Outcome {
    let state = match asked.state.as_deref() {
        Some(name) => Some(
            CaseState::named(name).ok_or_else(|| Failure::Refused(format!("there is no state `{name}`")))?,
        ),
        None => None,
    };
    let query = ListQuery { state, limit: asked.limit.unwrap_or(50).min(200), ..ListQuery::default() };
    let listed = signed.staff(&app)?.list(&query).await?;
    let items = listed.into_iter().map(|of| {
        let may_see = of.file.as_deref().is_some_and(|file| signed.may_see(file));
        CaseItem {
            case: of.row.case.to_string(),
            code: app.casework.ledger().code(of.row.case),
            state: of.row.state.name(),
            opened_at: of.row.opened_at.to_string(),
            changed_at: of.row.changed_at.to_string(),
            contact_at: of.row.contact_at.map(|at| at.to_string()),
            documents: of.row.documents,
            unread: of.row.unread,
            missing: of.row.missing,
            diagnosis: of.row.diagnosis.filter(|_| may_see).map(|id| id.to_string()),
            names: if may_see { of.person.names } else { Vec::new() },
        }
    });
    Ok(Json(items.collect::<Vec<_>>()).into_response())
}

/// The newest evaluation of a case, in the form of `cartulary evaluate --json`.
pub(crate) async fn evaluation(State(app): State<App>, signed: Signed, Path(case): Path<String>) -> Outcome {
    let case = signed.expect_case(&app, &case).await?;
    let view = signed.staff(&app)?.show(case).await?;
    let evaluation = view.evaluation.ok_or(Failure::Absent)?;
    Ok(Json(evaluation).into_response())
}

/// The facts of a case as people left them.
pub(crate) async fn facts(State(app): State<App>, signed: Signed, Path(case): Path<String>) -> Outcome {
    let case = signed.expect_case(&app, &case).await?;
    let facts = signed.staff(&app)?.facts(case).await?;
    let items = facts
        .into_iter()
        .map(|(case, taken)| serde_json::json!({ "case": case, "name": taken.name, "fact": taken.fact }));
    Ok(Json(items.collect::<Vec<_>>()).into_response())
}

/// This interface, described.
pub(crate) async fn description() -> Outcome {
    let text = include_str!("../openapi.json");
    Ok(([(axum::http::header::CONTENT_TYPE, "application/json")], text).into_response())
}
