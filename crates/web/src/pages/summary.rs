//! The case on one page of paper, in the language of the address: for a tumour board, a file, a colleague.

use crate::{
    App,
    error::Outcome,
    frame::{Frame, page},
    guard::Tongue,
    pages::{
        case::{Head, head, view},
        sheet::{Shown, decisions, with_lines},
        time,
    },
    who::Signed,
    words::{LANGS, Language},
};
use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "summary.html")]
struct SummaryPage {
    f: Frame,
    head: Head,
    body: String,
    notice: String,
    /// The newest decision.
    decision: Option<Shown>,
    printed: String,
    languages: [Language; 2],
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    lang: Option<String>,
}

/// The page.
pub(crate) async fn get(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let language = asked.lang.as_deref().and_then(Language::of).unwrap_or(language);
    let f = Frame::staff(&app, &signed, language, &format!("/cases/{case}/summary"), "case");
    let head = head(&app, &signed, &f.w, &view, "sheet").await?;
    let decision = decisions(&app, &f.w, view.whole.own()).await?.into_iter().next();
    let (mut body, mut notice) = (String::new(), String::new());
    if let Some(mut evaluation) = view.evaluation.clone() {
        with_lines(&app, &signed, &view, &mut evaluation).await?;
        body = cartulary_report::summary(&evaluation, &app.catalogue, language.catalogue);
        notice = evaluation.notice.in_lang(language.catalogue).to_owned();
    }
    let printed = time(&app, app.casework.ledger().now());
    page(&SummaryPage { f, head, body, notice, decision, printed, languages: LANGS })
}
