//! What happened to a patient who is treated, for physicians and data managers.

use super::{
    Changed, OfCase, Refusals,
    sent::{Sent, changed},
};
use crate::{App, error::Outcome};
use axum::extract::{Path, State};
use cartulary_casework::people::Role;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The cells were given.
#[derive(Deserialize, ToSchema)]
struct Infusion {
    /// The day, as `2026-11-26`.
    on: String,
    /// The product, as an id of the catalogue.
    product: String,
    /// What else is known.
    #[serde(default)]
    #[schema(value_type = Object)]
    content: Value,
}

/// Notes that the cells were given: day zero.
#[utoipa::path(post, path = "/api/v1/cases/{case}/infusions", tag = "course", params(OfCase), request_body = Infusion,
    responses((status = 200, description = "It was noted.", body = Changed), Refusals))]
pub(crate) async fn infusion(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    if sent.signed.is(Role::Physician) {
        let Infusion { on, product, content } = sent.body()?;
        sent.signed.physician(&app)?.infused(case, &on, &product, content).await?;
    } else {
        let data_manager = sent.signed.data_manager(&app)?;
        let Infusion { on, product, content } = sent.body()?;
        data_manager.infused(case, &on, &product, content).await?;
    }
    changed(&app, case).await
}

/// A follow-up visit.
#[derive(Deserialize, ToSchema)]
struct Visit {
    /// The day, as `2026-11-26`.
    on: String,
    /// Which visit of the schedule: `month_3`.
    visit: String,
    /// What was found.
    #[serde(default)]
    #[schema(value_type = Object)]
    content: Value,
}

/// Notes a follow-up visit.
#[utoipa::path(post, path = "/api/v1/cases/{case}/visits", tag = "course", params(OfCase), request_body = Visit,
    responses((status = 200, description = "It was noted.", body = Changed), Refusals))]
pub(crate) async fn visit(State(app): State<App>, Path(case): Path<String>, sent: Sent) -> Outcome {
    let case = sent.case(&app, &case).await?;
    if sent.signed.is(Role::Physician) {
        let Visit { on, visit, content } = sent.body()?;
        sent.signed.physician(&app)?.visited(case, &on, &visit, content).await?;
    } else {
        let data_manager = sent.signed.data_manager(&app)?;
        let Visit { on, visit, content } = sent.body()?;
        data_manager.visited(case, &on, &visit, content).await?;
    }
    changed(&app, case).await
}
