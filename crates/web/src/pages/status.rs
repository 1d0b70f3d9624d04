//! How a case stands, for whoever holds its link. No word of medicine but those that the department wrote.

use crate::{
    App,
    error::{Failure, Outcome},
    frame::{Frame, page, see_other},
    guard::{From, Tongue},
    limits::Limit,
    pages::{send, time},
    who::{cookie, set_cookie},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::IntoResponse as _,
};
use cartulary_casework::{LinkStatus, SentPaper};
use cartulary_ledger::CaseState;

const STEPS: [&str; 4] = ["received", "reading", "doctor", "answer"];

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    f: Frame,
    token: String,
    code: String,
    steps: Vec<(&'static str, &'static str)>,
    sentence: String,
    told: Vec<(String, String)>,
    asks: Vec<String>,
    papers: Vec<Paper>,
}

struct Paper {
    name: String,
    at: String,
    state: String,
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    f: Frame,
    token: String,
}

/// A programme that only looks where a link leads (a mail scanner, a preview) sees a button; a person opens it.
pub(crate) async fn get(
    State(app): State<App>,
    Tongue(language): Tongue,
    from: From,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Outcome {
    let f = Frame::public(&app, language, &format!("/status/{token}"));
    let opened =
        cookie(&headers, "opened").is_some_and(|opened| token.starts_with(&opened) && opened.len() >= 16);
    if !opened {
        if !app.limits.let_in(Limit::Link, &from.0, app.now_s()) {
            return Err(Failure::TooMany);
        }
        return page(&LinkPage { f, token });
    }
    let Some(link) = app.casework.link(&token).await? else { return absent(&app, &from) };
    let status = link.status().await?;
    let now_reading = status.papers.iter().any(|paper| paper.state == "received");
    let promise = app.site.promise_hours().to_string();
    let sentence = match step(&status) {
        3 => f.w.t("status-answered"),
        2 => f.w.with("status-doctor", "hours", &promise),
        _ if !status.asks.is_empty() => f.w.t("status-waiting"),
        _ if now_reading => f.w.t("status-reading"),
        _ => f.w.with("status-received", "hours", &promise),
    };
    let told = status.told.iter().rev().map(|told| (time(&app, told.at), told.text.clone())).collect();
    let papers = status.papers.iter().map(|paper| shown(&app, &f, paper)).collect();
    let asks = send::asked(&app, &f.w, &status.asks);
    let code = app.casework.ledger().code(status.case);
    page(&StatusPage { token, code, steps: steps(&status), sentence, told, asks, papers, f })
}

/// Opens a link.
pub(crate) async fn open(State(app): State<App>, from: From, Path(token): Path<String>) -> Outcome {
    if app.casework.link(&token).await?.is_none() {
        return absent(&app, &from);
    }
    let opened: String = token.chars().take(16).collect();
    let cookie = set_cookie(&app, "opened", &opened, None);
    Ok(([(header::SET_COOKIE, cookie)], see_other(&format!("/status/{token}"))).into_response())
}

fn absent(app: &App, from: &From) -> Outcome {
    let is_few = app.limits.let_in(Limit::Link, &from.0, app.now_s());
    Err(if is_few { Failure::Absent } else { Failure::TooMany })
}

fn shown(app: &App, f: &Frame, paper: &SentPaper) -> Paper {
    let state = match (paper.state, paper.unread) {
        ("received", _) => f.w.t("paper-received"),
        ("read", 0) => f.w.t("paper-read"),
        ("read", pages) => f.w.n("paper-partly", usize::try_from(pages).unwrap_or(0)),
        _ => f.w.t("paper-unreadable"),
    };
    Paper { name: paper.name.clone(), at: time(app, paper.at), state }
}

/// How far: received, reading, with the doctor, answered.
fn step(status: &LinkStatus) -> usize {
    match status.state {
        // Answered is what was answered, not what was closed.
        CaseState::Answered | CaseState::Treated | CaseState::Closed if !status.told.is_empty() => 3,
        CaseState::WithPhysician | CaseState::Decided | CaseState::Treated => 2,
        CaseState::Evaluated | CaseState::Asked => 1,
        _ if status.papers.iter().all(|paper| paper.state != "received") => 1,
        _ => 0,
    }
}

fn steps(status: &LinkStatus) -> Vec<(&'static str, &'static str)> {
    let now = step(status);
    let mark = |(at, name): (usize, &'static str)| {
        let is = match at.cmp(&now) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "later",
        };
        (name, is)
    };
    STEPS.into_iter().enumerate().map(mark).collect()
}
