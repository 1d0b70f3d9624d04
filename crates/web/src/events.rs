//! What changed, as it changes: one task asks the register now and then, and tells every page that listens.

use crate::{App, error::Outcome, who::Signed};
use axum::{
    extract::State,
    response::{
        IntoResponse as _,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use std::{convert::Infallible, time::Duration};
use tokio::sync::watch;

/// How often the register is asked.
const ASKED: Duration = Duration::from_secs(1);

/// The place in the register up to which pages have heard.
pub(crate) struct Events(watch::Sender<(u64, u64)>);

impl Events {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new((0, 0)))
    }
}

/// Asks the register for ever. Errors are waited out: pages say themselves that the register is away.
pub(crate) async fn watch(app: App) {
    loop {
        let is_heard = app.events.0.receiver_count() > 0;
        let ledger = app.casework.ledger();
        if is_heard && let (Ok(entries), Ok(jobs)) = (ledger.length().await, ledger.job_counts().await) {
            let now = (entries, jobs.ready + jobs.running);
            app.events.0.send_if_modified(|held| std::mem::replace(held, now) != now);
        }
        tokio::time::sleep(ASKED).await;
    }
}

/// Tells a page that something changed. It says nothing of what: the page asks for itself.
pub(crate) async fn listen(State(app): State<App>, signed: Signed) -> Outcome {
    signed.staff(&app)?;
    let receiver = app.events.0.subscribe();
    let stopping = app.stopping.subscribe();
    let changes = stream::unfold((receiver, stopping), |(mut receiver, mut stopping)| async move {
        tokio::select! {
            changed = receiver.changed() => changed.ok()?,
            // A page that listens must not keep the server from ending.
            _ = stopping.wait_for(|stopping| *stopping) => return None,
        }
        let (entries, working) = *receiver.borrow_and_update();
        let event = Event::default().event("changed").data(format!("{entries} {working}"));
        Some((Ok::<_, Infallible>(event), (receiver, stopping)))
    });
    Ok(Sse::new(changes).keep_alive(KeepAlive::default()).into_response())
}
