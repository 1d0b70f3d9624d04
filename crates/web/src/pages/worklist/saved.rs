//! Views that somebody keeps under a name, beside those of the house.

use super::{Asked, filter::Filter};
use crate::{App, counts::Counted, error::Outcome, form::Posted, frame::see_other, who::Signed};
use axum::extract::{Path, State};
use serde::Deserialize;

/// A view of one's own.
pub(super) struct Saved {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) count: String,
    pub(super) is_now: bool,
}

/// The views of this person, with counts.
pub(super) async fn saved(
    app: &App,
    signed: &Signed,
    counted: &Counted,
    now: &Filter,
) -> Outcome<Vec<Saved>> {
    let views = signed.staff(app)?.views().await?.into_iter().map(|view| {
        let filter = Filter::of(&asked(&view.address), "all");
        Saved {
            count: counted.count(app, signed, &filter),
            is_now: filter == *now,
            address: filter.said(),
            key: view.key,
            name: view.name,
        }
    });
    Ok(views.collect())
}

/// An address that was kept, read as the worklist reads it.
fn asked(address: &str) -> Asked {
    let mut asked = Asked::default();
    for (name, said) in address.split('&').filter_map(|pair| pair.split_once('=')) {
        let field = match name {
            "view" => &mut asked.view,
            "owner" => &mut asked.owner,
            "diagnosis" => &mut asked.diagnosis,
            "lacks" => &mut asked.lacks,
            _ => continue,
        };
        *field = Some(said.to_owned());
    }
    asked
}

#[derive(Deserialize)]
pub(crate) struct Named {
    #[serde(default)]
    name: String,
    /// What stands behind the question mark of the address.
    #[serde(default)]
    address: String,
}

/// Keeps a view.
pub(crate) async fn keep(State(app): State<App>, posted: Posted<Named>) -> Outcome {
    let staff = posted.signed.staff(&app)?;
    let address = Filter::of(&asked(&posted.form.address), "all").said();
    staff.keep_view(&posted.form.name, &address).await?;
    Ok(see_other(&format!("/worklist?{address}")))
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Takes a view away.
pub(crate) async fn take_away(
    State(app): State<App>,
    Path(view): Path<String>,
    posted: Posted<Nothing>,
) -> Outcome {
    posted.signed.staff(&app)?.drop_view(&view).await?;
    Ok(see_other("/worklist"))
}
