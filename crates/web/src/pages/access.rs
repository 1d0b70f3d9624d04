//! Who saw what: the access log, for the administrator. It holds no patient's name.

use crate::{
    App,
    error::Outcome,
    frame::{Frame, page},
    guard::Tongue,
    pages::time,
    who::Signed,
};
use askama::Template;
use axum::extract::{Query, State};
use cartulary_casework::people::Role;
use cartulary_model::ActorId;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "access.html")]
struct AccessPage {
    f: Frame,
    rows: Vec<Row>,
    next: Option<u64>,
}

struct Row {
    pos: u64,
    at: String,
    who: String,
    what: String,
    code: String,
    is_glass: bool,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    before: Option<u64>,
}

const ROWS: u32 = 100;

pub(crate) async fn get(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Query(asked): Query<Asked>,
) -> Outcome {
    signed.only(Role::Administrator)?;
    let f = Frame::staff(&app, &signed, language, "/access", "access");
    let names = app.casework.people().names().await?;
    let ledger = app.casework.ledger();
    let rows = ledger.accesses(None, asked.before, ROWS).await?;
    let next = rows.last().filter(|_| rows.len() == usize::try_from(ROWS).unwrap_or(0)).map(|row| row.pos);
    let rows = rows.into_iter().map(|row| Row {
        pos: row.pos,
        at: time(&app, row.at),
        who: names.get(&row.actor).cloned().unwrap_or_else(|| match row.actor {
            ActorId::MACHINE => f.w.t("who-machine"),
            actor if row.case.is_some_and(|case| actor == ActorId::from_uuid(case.uuid())) => {
                f.w.t("who-sender")
            }
            _ => f.w.t("who-terminal"),
        }),
        code: row.case.map(|case| ledger.code(case)).unwrap_or_default(),
        is_glass: row.what == "break_glass",
        what: row.what,
    });
    let rows = rows.collect();
    page(&AccessPage { f, rows, next })
}
