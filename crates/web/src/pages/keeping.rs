//! How long cases are kept, how they are erased, and by which criteria they are judged: for the administrator, who sees no
//! patient and names a case by its code.

use crate::{
    App,
    error::{Failure, Outcome},
    form::Posted,
    frame::{Frame, page},
    guard::Tongue,
    who::Signed,
    words::{Language, Words},
};
use askama::Template;
use axum::extract::State;
use cartulary_casework::{Erasure, people::Role};
use cartulary_catalogue::Replies;
use cartulary_model::CaseId;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Template)]
#[template(path = "keeping.html")]
struct KeepingPage {
    f: Frame,
    said: Said,
    problem: Option<String>,
    done: Option<String>,
    erased: Option<Erasure>,
    criteria: Vec<CriteriaVersion>,
    /// The languages in which answers are written, with their templates.
    replies: Replies,
}

/// A criteria set that evaluations are made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriteriaVersion {
    /// The set's id.
    pub set: String,
    /// Its title in English and in Chinese.
    pub title: [String; 2],
    /// Its version, as its source has it.
    pub version: String,
    /// SHA-256 of its document, which stands in each evaluation.
    pub sha256: String,
}

impl CriteriaVersion {
    fn title_in(&self, language: &Language) -> &str {
        let [english, chinese] = &self.title;
        if language.tag == "zh" && !chinese.is_empty() { chinese } else { english }
    }
}

/// What the administrator said.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = Keeping)]
pub(crate) struct Said {
    /// `retain` or `erase`.
    #[serde(default)]
    act: String,
    /// The code of the case, eight letters and digits.
    #[serde(default)]
    case_code: String,
    /// Of `retain`: the last day, as `2041-11-26`; empty: until somebody says.
    #[serde(default)]
    until: String,
    /// The ground. Never empty.
    #[serde(default)]
    reason: String,
    /// Of `erase`: the administrator's password, once more.
    #[serde(default)]
    password: String,
    /// Of `erase`: the code of the telephone.
    #[serde(default)]
    code: String,
}

/// What became of it.
pub(crate) enum Done {
    Kept(String),
    Erased(Erasure),
    Problem(String),
}

pub(crate) async fn get(State(app): State<App>, signed: Signed, Tongue(language): Tongue) -> Outcome {
    signed.only(Role::Administrator)?;
    let f = Frame::staff(&app, &signed, language, "/keeping", "keeping");
    let criteria = app.criteria.clone();
    let replies = app.catalogue.replies().clone();
    page(&KeepingPage {
        f,
        said: Said::default(),
        problem: None,
        done: None,
        erased: None,
        criteria,
        replies,
    })
}

/// Sets until when a case is kept, or erases it. Erasing is signed with password and code: nothing brings a case back.
pub(crate) async fn post(State(app): State<App>, Tongue(language): Tongue, posted: Posted<Said>) -> Outcome {
    let Posted { signed, form } = posted;
    signed.only(Role::Administrator)?;
    let f = Frame::staff(&app, &signed, language, "/keeping", "keeping");
    let done = act(&app, &signed, &f.w, &form).await?;
    let mut shown = KeepingPage {
        f,
        said: form,
        problem: None,
        done: None,
        erased: None,
        criteria: app.criteria.clone(),
        replies: app.catalogue.replies().clone(),
    };
    match done {
        Done::Problem(problem) => shown.problem = Some(problem),
        Done::Kept(words) => (shown.done, shown.said) = (Some(words), Said::default()),
        Done::Erased(erasure) => (shown.erased, shown.said) = (Some(erasure), Said::default()),
    }
    page(&shown)
}

/// Does it.
pub(crate) async fn act(app: &App, signed: &Signed, w: &Words, form: &Said) -> Outcome<Done> {
    let Some(case) = named(app, &form.case_code).await? else {
        return Ok(Done::Problem(w.t("keeping-no-case")));
    };
    let administrator = app.casework.administrator(signed.who());
    let done = match form.act.as_str() {
        "retain" => {
            let until = Some(form.until.as_str()).filter(|until| !until.is_empty());
            let words = w.with("keeping-kept", "code", &app.casework.ledger().code(case));
            administrator.retain(case, until, &form.reason).await.map(|()| Done::Kept(words))
        }
        "erase" if !signed.shows_again(app, &form.password, &form.code).await? => {
            return Ok(Done::Problem(w.t("keeping-not-signed")));
        }
        "erase" => administrator.erase(case, &form.reason).await.map(Done::Erased),
        _ => return Err(Failure::Absent),
    };
    match done {
        Err(cartulary_casework::Error::Refused(why)) => Ok(Done::Problem(why)),
        done => Ok(done?),
    }
}

/// The case of a code. Of very many cases two may share one: such a code names none here.
async fn named(app: &App, code: &str) -> Outcome<Option<CaseId>> {
    let found = app.casework.ledger().find_person("code", code.trim()).await?;
    Ok(found.first().copied().filter(|_| found.len() == 1))
}
