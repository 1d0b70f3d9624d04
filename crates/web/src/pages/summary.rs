//! The case on one page of paper, in the language of the address: for a tumour board, a file, a colleague. As a page for
//! the browser's print, and as PDF in a build that can set one.

use crate::{
    App,
    error::{Failure, Outcome},
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
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse as _,
};
use cartulary_model::PreliminaryEvaluation;
use serde::Deserialize;
use serde_json::{Value, json};

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
    /// Whether there is a PDF.
    prints: bool,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    lang: Option<String>,
}

/// What stands on it beside the evaluation.
struct OnPaper {
    f: Frame,
    head: Head,
    evaluation: Option<PreliminaryEvaluation>,
    decision: Option<Shown>,
    printed: String,
}

impl OnPaper {
    async fn of(app: &App, signed: &Signed, language: Language, case: &str) -> Outcome<Self> {
        let view = view(app, signed, case).await?;
        let f = Frame::staff(app, signed, language, &format!("/cases/{case}/summary"), "case");
        let head = head(app, signed, &f.w, &view, "sheet").await?;
        let decision = decisions(app, &f.w, view.whole.own()).await?.into_iter().next();
        let mut evaluation = view.evaluation.clone();
        if let Some(evaluation) = &mut evaluation {
            with_lines(app, signed, &view, evaluation).await?;
        }
        let printed = time(app, app.casework.ledger().now());
        Ok(Self { f, head, evaluation, decision, printed })
    }

    /// Where it is from and how it stands.
    fn standing(&self) -> Vec<String> {
        let w = &self.f.w;
        let owner = Some(self.head.owner.as_str()).filter(|owner| !owner.is_empty());
        let mut standing = vec![self.f.site_name().to_owned(), w.of("state", self.head.state)];
        standing.extend(owner.map(|owner| w.with("owner-is", "name", owner)));
        standing.push(w.with("summary-printed", "time", self.printed.as_str()));
        standing
    }

    fn decided(&self) -> (Vec<String>, &str) {
        let w = &self.f.w;
        let Some(of) = &self.decision else { return (vec![w.t("decision-none")], "") };
        let mut said = vec![of.what.clone(), of.set.clone(), of.who.clone(), of.at.clone()];
        said.extend((!of.is_on_this).then(|| w.t("decision-older")));
        said.retain(|word| !word.is_empty());
        (said, &of.reason)
    }
}

/// The page.
pub(crate) async fn get(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
) -> Outcome {
    let language = asked.lang.as_deref().and_then(Language::of).unwrap_or(language);
    let OnPaper { f, head, evaluation, decision, printed } =
        OnPaper::of(&app, &signed, language, &case).await?;
    let (mut body, mut notice) = (String::new(), String::new());
    if let Some(evaluation) = evaluation {
        body = cartulary_report::summary(&evaluation, &app.catalogue, language.catalogue);
        notice = evaluation.notice.in_lang(language.catalogue).to_owned();
    }
    let prints = app.printer.is_some();
    page(&SummaryPage { f, head, body, notice, decision, printed, languages: LANGS, prints })
}

/// The page as PDF.
pub(crate) async fn pdf(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
) -> Outcome {
    let language = asked.lang.as_deref().and_then(Language::of).unwrap_or(language);
    let paper = OnPaper::of(&app, &signed, language, &case).await?;
    let Some(printer) = app.printer.clone() else { return Err(Failure::Absent) };
    let w = &paper.f.w;
    let Some(evaluation) = &paper.evaluation else { return Err(Failure::Refused(w.t("sheet-empty"))) };
    let (mut data, course) = cartulary_report::one_page(evaluation, &app.catalogue, language.catalogue);
    let (said, reason) = paper.decided();
    let rest = json!({
        "lang": language.tag,
        "title": format!("{} · {}", w.t("summary"), paper.head.code),
        "standing": paper.standing(),
        "decision": { "title": w.t("decision-title"), "said": said, "reason": reason },
        "not_ours": w.t("summary-notice"),
    });
    if let (Some(data), Value::Object(rest)) = (data.as_object_mut(), rest) {
        data.extend(rest);
    }
    let name = format!("{}.pdf", paper.head.code);
    let set = move || printer(&data, course.as_deref().unwrap_or_default());
    let set = tokio::task::spawn_blocking(set).await.map_err(|error| Failure::Ours(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, set.map_err(Failure::Ours)?).into_response())
}
