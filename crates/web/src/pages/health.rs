//! How the register does: for the administrator as a page, for programmes as JSON and metrics. Nothing of a patient.

use crate::{
    App,
    error::Outcome,
    frame::{Frame, page},
    guard::Tongue,
    pages::time,
    who::Signed,
};
use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use cartulary_casework::people::Role;
use cartulary_ledger::{Access, JobState};
use std::fmt::Write as _;

#[derive(Template)]
#[template(path = "health.html")]
struct HealthPage {
    f: Frame,
    rows: Vec<(String, String)>,
    dead: Vec<(String, String, String)>,
}

/// The page.
pub(crate) async fn get(State(app): State<App>, signed: Signed, Tongue(language): Tongue) -> Outcome {
    signed.only(Role::Administrator)?;
    let f = Frame::staff(&app, &signed, language, "/health", "health");
    let ledger = app.casework.ledger();
    let jobs = ledger.job_counts().await?;
    let checkpoint = ledger.last_checkpoint().await?;
    let cases: u64 = app.counts.of(ledger).await?.states.iter().map(|of| of.cases).sum();
    let checked =
        checkpoint.map_or_else(|| "–".to_owned(), |of| format!("#{} · {}", of.n, time(&app, of.at)));
    let backup = ledger.last_time(Access::BACKUP).await?;
    let backup = backup.map_or_else(|| f.w.t("health-no-backup"), |at| time(&app, at));
    let rows = vec![
        (f.w.t("health-cases"), cases.to_string()),
        (f.w.t("health-entries"), ledger.length().await?.to_string()),
        (f.w.t("health-checkpoint"), checked),
        (f.w.t("health-backup"), backup),
        (f.w.t("health-jobs"), (jobs.ready + jobs.running).to_string()),
        (f.w.t("health-dead"), jobs.dead.to_string()),
        (f.w.t("health-version"), env!("CARGO_PKG_VERSION").to_owned()),
    ];
    let dead = ledger.jobs_in(JobState::Dead, 50).await?;
    let dead = dead.into_iter().map(|job| {
        let code = job.case.map(|case| ledger.code(case)).unwrap_or_default();
        (f.w.of("job", &job.kind), code, job.error.unwrap_or_default())
    });
    let dead = dead.collect();
    page(&HealthPage { f, rows, dead })
}

/// For whoever watches: 200 while the register answers.
pub(crate) async fn healthz(State(app): State<App>) -> Response {
    match app.casework.ledger().job_counts().await {
        Ok(jobs) => Json(serde_json::json!({ "ok": true, "waiting": jobs.ready, "running": jobs.running, "dead": jobs.dead })).into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, Json(serde_json::json!({ "ok": false }))).into_response(),
    }
}

/// Figures for a collector, in the text form that collectors read.
pub(crate) async fn metrics(State(app): State<App>) -> Outcome {
    let ledger = app.casework.ledger();
    let jobs = ledger.job_counts().await?;
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: u64| {
        let _ = writeln!(
            text,
            "# HELP cartulary_{name} {help}\n# TYPE cartulary_{name} gauge\ncartulary_{name} {value}"
        );
    };
    gauge("entries", "Entries in the register.", ledger.length().await?);
    let counted = app.counts.of(ledger).await?;
    gauge("unanswered", "Cases that nobody has answered yet.", counted.unanswered());
    gauge("jobs_ready", "Jobs that wait.", jobs.ready);
    gauge("jobs_running", "Jobs that run.", jobs.running);
    gauge("jobs_dead", "Jobs that need a person.", jobs.dead);
    if let Some(at) = ledger.last_time(Access::BACKUP).await? {
        gauge(
            "last_backup_seconds",
            "When the last backup was made, seconds since 1970.",
            at.micros().unsigned_abs() / 1_000_000,
        );
    }
    for of in &counted.states {
        let _ = writeln!(text, "cartulary_cases{{state=\"{}\"}} {}", of.state.name(), of.cases);
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
