//! What changed, as it changes: one task asks the register now and then, and tells every page that listens.

use crate::{App, error::Outcome, guard::Tongue, presence::Here, who::Signed, words::Words};
use axum::{
    extract::{Query, State},
    response::{
        IntoResponse as _,
        sse::{Event, KeepAlive, Sse},
    },
};
use cartulary_model::{ActorId, CaseId};
use futures_util::stream;
use serde::Deserialize;
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

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The case whose desk the page is.
    #[serde(default)]
    case: Option<String>,
}

/// The case that a page is of, and who has it open beside it.
struct Desk {
    case: CaseId,
    me: ActorId,
    w: Words,
    /// Drops with the page.
    _here: Here,
}

/// Tells a page that something changed; of what it says nothing, the page asks for itself. And tells a desk who else is there.
pub(crate) async fn listen(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Query(asked): Query<Asked>,
) -> Outcome {
    signed.staff(&app)?;
    let desk = match asked.case {
        Some(case) => {
            let case = app.casework.seen_in(signed.expect_case(&app, &case).await?).await?;
            let here = app.presence.come(case, signed.who());
            Some(Desk { case, me: signed.who(), w: Words::new(language), _here: here })
        }
        None => None,
    };
    let mut people = app.presence.changes();
    // Whoever was here before is told at once.
    people.mark_changed();
    let (register, stopping) = (app.events.0.subscribe(), app.stopping.subscribe());
    let said = String::new();
    let page = Page { app, desk, register, people, stopping, said };
    let events = stream::unfold(page, |mut page| async move {
        let event = page.next().await?;
        Some((Ok::<_, Infallible>(event), page))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

/// A page that listens.
struct Page {
    app: App,
    desk: Option<Desk>,
    register: watch::Receiver<(u64, u64)>,
    people: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    /// What was said of others last.
    said: String,
}

impl Page {
    async fn next(&mut self) -> Option<Event> {
        loop {
            let is_of_register = tokio::select! {
                changed = self.register.changed() => changed.is_ok().then_some(true),
                changed = self.people.changed() => changed.is_ok().then_some(false),
                // A page that listens must not keep the server from ending.
                _ = self.stopping.wait_for(|stopping| *stopping) => None,
            };
            if is_of_register? {
                let (entries, working) = *self.register.borrow_and_update();
                return Some(Event::default().event("changed").data(format!("{entries} {working}")));
            }
            if let Some(said) = self.others().await {
                // A browser hears no event without words.
                let (event, said) = if said.is_empty() { ("alone", "-") } else { ("here", said.as_str()) };
                return Some(Event::default().event(event).data(said));
            }
        }
    }

    /// Who else is there, in words; nothing when that is what was said last.
    async fn others(&mut self) -> Option<String> {
        let desk = self.desk.as_ref()?;
        let said = also_here(&self.app, &desk.w, desk.case, desk.me).await.ok()?;
        (said != self.said).then(|| {
            self.said.clone_from(&said);
            said
        })
    }
}

/// Who else has a case open, in words; empty when nobody has.
pub(crate) async fn also_here(app: &App, w: &Words, case: CaseId, me: ActorId) -> Outcome<String> {
    let others = app.presence.others(case, me);
    if others.is_empty() {
        return Ok(String::new());
    }
    let names = app.casework.people().names().await?;
    let others: Vec<String> = others.iter().filter_map(|who| names.get(who).cloned()).collect();
    // An event is a line.
    let others = others.join(" · ").replace(char::is_control, " ");
    Ok(w.with("also-here", "name", &others))
}
