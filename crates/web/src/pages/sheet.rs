//! The evaluation sheet: the course of the disease, the criteria, what to ask for, and the physician's decision.

use crate::{
    App,
    error::Outcome,
    form::Posted,
    frame::{Frame, page, see_other},
    guard::Tongue,
    pages::{
        case::{Head, head, view},
        time,
    },
    who::Signed,
    words::{LANGS, Language, Words},
};
use askama::Template;
use axum::extract::{Path, State};
use cartulary_casework::{CaseView, Decision, Physician};
use cartulary_ledger::CaseFile;
use cartulary_model::{CaseId, DocumentId, PreliminaryEvaluation, SetId, SourceDocument};
use cartulary_report::PageLink;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetPage {
    f: Frame,
    head: Head,
    body: String,
    evaluated: Option<u64>,
    decisions: Vec<Shown>,
    sets: Vec<(String, String)>,
    problem: Option<String>,
    said: Said,
    /// In a demo: password and code of now.
    demo: Option<(String, String)>,
    languages: [Language; 2],
}

/// A decision in words.
pub(crate) struct Shown {
    pub(crate) what: String,
    pub(crate) set: String,
    pub(crate) reason: String,
    pub(crate) who: String,
    pub(crate) at: String,
    pub(crate) is_on_this: bool,
}

/// A physician's decision, signed.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = SignedDecision)]
pub(crate) struct Said {
    /// `accept`, `decline`, `wait`, `ask`.
    #[serde(default)]
    decision: String,
    /// The criteria set or product it is about; empty: none.
    #[serde(default)]
    set: String,
    /// Why. Never empty.
    #[serde(default)]
    reason: String,
    /// The physician's password, once more.
    #[serde(default)]
    password: String,
    /// The code of the telephone, one that was not used before.
    #[serde(default)]
    code: String,
    /// The evaluation that the physician saw, by its entry.
    #[serde(default)]
    evaluation: Option<u64>,
}

/// The sheet.
pub(crate) async fn get(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Path(case): Path<String>,
) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let f = Frame::staff(&app, &signed, language, &format!("/cases/{case}/sheet"), "case");
    sheet(&app, &signed, f, view, None, Said::default()).await
}

async fn sheet(
    app: &App,
    signed: &Signed,
    f: Frame,
    view: CaseView,
    problem: Option<String>,
    said: Said,
) -> Outcome {
    let head = head(app, signed, &f.w, &view, "sheet").await?;
    let file = view.whole.own();
    let evaluated = file.evaluations.last().map(|last| last.seq);
    let decisions = decisions(app, &f.w, file).await?;
    let (mut body, mut sets) = (String::new(), Vec::new());
    if let Some(mut evaluation) = view.evaluation.clone() {
        let links = with_lines(app, signed, &view, &mut evaluation).await?;
        let links: Vec<PageLink<'_>> = links
            .iter()
            .map(|(document, page, href)| PageLink { document, page: *page, href: href.clone() })
            .collect();
        body = cartulary_report::sheet(&evaluation, &links, &app.catalogue, f.w.language.catalogue);
        let title = |of: &cartulary_model::SetEvaluation| of.title.in_lang(f.w.language.catalogue).to_owned();
        sets = evaluation.evaluations.iter().map(|of| (of.set.to_string(), title(of))).collect();
    }
    let is_wrong = problem.is_some();
    let demo = app.demo.iter().find(|user| user.login == signed.session.account.login);
    let demo = demo.map(|user| (user.password.clone(), user.code_now(app)));
    let mut response = page(&SheetPage {
        f,
        head,
        body,
        evaluated,
        decisions,
        sets,
        problem,
        said,
        demo,
        languages: LANGS,
    })?;
    if is_wrong {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// The decisions on a case, the newest first.
pub(crate) async fn decisions(app: &App, w: &Words, file: &CaseFile) -> Outcome<Vec<Shown>> {
    let names = app.casework.people().names().await?;
    let evaluated = file.evaluations.last().map(|last| last.seq);
    let decisions = file.decisions.iter().rev().map(|of| Shown {
        what: w.of("decision", &of.decision),
        set: of.set.as_ref().map(ToString::to_string).unwrap_or_default(),
        reason: of.reason.clone(),
        who: names.get(&of.actor).cloned().unwrap_or_else(|| w.t("who-terminal")),
        at: time(app, of.at),
        is_on_this: of.evaluation == evaluated,
    });
    Ok(decisions.collect())
}

/// The evaluation is kept without the lines of the pages: they lie with the readings. Gives where the pictures are.
pub(crate) async fn with_lines(
    app: &App,
    signed: &Signed,
    view: &CaseView,
    evaluation: &mut PreliminaryEvaluation,
) -> Outcome<Vec<(DocumentId, u32, String)>> {
    let staff = signed.staff(app)?;
    let mut links = Vec::new();
    let mut sources: BTreeMap<DocumentId, SourceDocument> = BTreeMap::new();
    for (case, document, held) in view.whole.documents() {
        if held.state.reading().is_none() {
            continue;
        }
        let reading = staff.reading(case, document).await?;
        for (part, paper) in reading.papers.into_iter().enumerate() {
            for picture in &paper.pictures {
                let href = format!("/cases/{case}/documents/{document}/{part}/{}", picture.page);
                links.push((paper.source.id.clone(), picture.page, href));
            }
            sources.entry(paper.source.id.clone()).or_insert(paper.source);
        }
    }
    for document in &mut evaluation.documents {
        if let Some(source) = sources.remove(&document.source.id) {
            document.source.pages = source.pages;
        }
    }
    Ok(links)
}

/// The physician decides, and signs with password and code.
pub(crate) async fn decide(
    State(app): State<App>,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    posted: Posted<Said>,
) -> Outcome {
    let Posted { signed, form } = posted;
    let id = signed.expect_case(&app, &case).await?;
    let physician = signed.physician(&app)?;
    let f = Frame::staff(&app, &signed, language, &format!("/cases/{id}/sheet"), "case");
    let problem = match decided(&app, &signed, &physician, id, &form).await? {
        Decided::Done => return Ok(see_other(&format!("/cases/{id}/sheet#decision"))),
        Decided::NotSigned => f.w.t("decide-not-signed"),
        Decided::Refused(why) => why,
    };
    let view = view(&app, &signed, &case).await?;
    sheet(&app, &signed, f, view, Some(problem), form).await
}

/// What became of a decision.
pub(crate) enum Decided {
    Done,
    /// Password or code were not the physician's.
    NotSigned,
    Refused(String),
}

/// Signs and decides.
pub(crate) async fn decided(
    app: &App,
    signed: &Signed,
    physician: &Physician,
    case: CaseId,
    form: &Said,
) -> Outcome<Decided> {
    if !signed.shows_again(app, &form.password, &form.code).await? {
        return Ok(Decided::NotSigned);
    }
    let decision = Decision {
        decision: form.decision.clone(),
        set: Some(form.set.as_str()).filter(|set| !set.is_empty()).map(SetId::from),
        reason: form.reason.clone(),
        evaluation: form.evaluation,
    };
    match physician.decide(case, &decision).await {
        Ok(()) => Ok(Decided::Done),
        Err(cartulary_casework::Error::Refused(why)) => Ok(Decided::Refused(why)),
        Err(error) => Err(error.into()),
    }
}
