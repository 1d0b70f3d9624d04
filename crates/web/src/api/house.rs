//! The house itself, for administrators, who see no patient.

use super::{Refusals, sent::Sent};
use crate::{
    App,
    error::{Failure, Outcome},
    guard::Tongue,
    pages::{
        keeping::{self, Done},
        people::{self, Change},
    },
    who::Signed,
    words::Words,
};
use axum::{
    Json,
    extract::{Path, Query, State},
    response::IntoResponse as _,
};
use cartulary_casework::people::{Account, NewAccount, Role};
use cartulary_ledger::Access;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An account of the staff.
#[derive(Serialize, ToSchema)]
struct Person {
    login: String,
    name: String,
    /// `coordinator`, `physician`, `data_manager`, `administrator`.
    roles: Vec<&'static str>,
    /// The language of its pages.
    language: String,
    disabled: bool,
    /// Whether a telephone is set up.
    has_code: bool,
}

impl From<Account> for Person {
    fn from(of: Account) -> Self {
        Self {
            roles: of.roles.iter().map(|role| role.name()).collect(),
            login: of.login,
            name: of.name,
            language: of.language,
            disabled: of.disabled,
            has_code: of.code.is_some(),
        }
    }
}

/// The accounts of the staff.
#[utoipa::path(get, path = "/api/v1/people", tag = "house",
    responses((status = 200, description = "The accounts, by login.", body = Vec<Person>), Refusals))]
pub(crate) async fn accounts(State(app): State<App>, signed: Signed) -> Outcome {
    signed.only(Role::Administrator)?;
    let people = app.casework.people().all().await?;
    Ok(Json(people.into_iter().map(Person::from).collect::<Vec<_>>()).into_response())
}

/// A new account.
#[derive(Deserialize, ToSchema)]
struct NewPerson {
    login: String,
    name: String,
    /// The first password.
    password: String,
    #[serde(default)]
    language: String,
    /// `coordinator`, `physician`, `data_manager`, `administrator`.
    roles: Vec<String>,
}

/// Makes an account.
#[utoipa::path(post, path = "/api/v1/people", tag = "house", request_body = NewPerson,
    responses((status = 200, description = "The account.", body = Person), Refusals))]
pub(crate) async fn new_account(State(app): State<App>, sent: Sent) -> Outcome {
    sent.signed.only(Role::Administrator)?;
    let NewPerson { login, name, password, language, roles } = sent.body()?;
    let role = |name: &String| {
        Role::named(name).ok_or_else(|| Failure::Refused(format!("there is no role `{name}`")))
    };
    let roles = roles.iter().map(role).collect::<Outcome<_>>()?;
    let new = NewAccount { login, name, roles, language, password };
    let account = app.casework.people().create(new).await.map_err(refused)?;
    Ok(Json(Person::from(account)).into_response())
}

/// Changes an account: shut, opened, a new password, a new telephone.
#[utoipa::path(post, path = "/api/v1/people/{login}", tag = "house", request_body = Change,
    params(("login" = String, Path, description = "The login.")),
    responses((status = 200, description = "The account.", body = Person), Refusals))]
pub(crate) async fn account(State(app): State<App>, Path(login): Path<String>, sent: Sent) -> Outcome {
    sent.signed.only(Role::Administrator)?;
    // A login may be typed in any case: first it is known whose it is, then it is changed.
    let login = cartulary_ledger::same(&login);
    let held = async || {
        let all = app.casework.people().all().await?;
        let account = all.into_iter().find(|account| cartulary_ledger::same(&account.login) == login);
        account.ok_or(Failure::Absent)
    };
    let account: Account = held().await?;
    people::changed(&app, &account.login, sent.body()?).await?.map_err(refused)?;
    Ok(Json(Person::from(held().await?)).into_response())
}

/// A password that is too short is refused by the vault.
fn refused(error: cartulary_casework::Error) -> Failure {
    match error {
        cartulary_casework::Error::Vault(error) => Failure::Refused(error.to_string()),
        error => error.into(),
    }
}

/// What became of a case.
#[derive(Serialize, ToSchema)]
struct Kept {
    /// What was done, in words.
    done: String,
    /// Of an erasure: the certificate to give out, and its SHA-256, which stands in the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

/// Says until when a case is kept, or erases it, which is signed with password and code: nothing brings a case back.
#[utoipa::path(post, path = "/api/v1/keeping", tag = "house", request_body = keeping::Said,
    responses((status = 200, description = "It was done.", body = Kept), Refusals))]
pub(crate) async fn keep(State(app): State<App>, Tongue(language): Tongue, sent: Sent) -> Outcome {
    sent.signed.only(Role::Administrator)?;
    let kept = match keeping::act(&app, &sent.signed, &Words::new(language), &sent.body()?).await? {
        Done::Kept(done) => Kept { done, certificate: None, digest: None },
        Done::Erased(of) => Kept {
            done: format!("{} erased", of.case),
            certificate: Some(of.certificate),
            digest: Some(of.digest),
        },
        Done::Problem(why) => return Err(Failure::Refused(why)),
    };
    Ok(Json(kept).into_response())
}

/// Where a page of the access log begins.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Before {
    /// Only rows before this place.
    #[serde(default)]
    before: Option<u64>,
}

/// A row of the access log.
#[derive(Serialize, ToSchema)]
struct AccessRow {
    /// Its place in the log, from 1.
    place: u64,
    at: String,
    /// The id of who it was.
    actor: String,
    /// The name, of somebody of the staff.
    name: Option<String>,
    /// The code of the case that was seen; null for lists.
    code: Option<String>,
    /// What was done.
    what: String,
}

/// Rows of a page.
const ROWS: u32 = 200;

/// Who saw what, the newest first. It holds no patient's name.
#[utoipa::path(get, path = "/api/v1/access", tag = "house", params(Before),
    responses((status = 200, description = "A page of the log.", body = Vec<AccessRow>), Refusals))]
pub(crate) async fn accesses(State(app): State<App>, signed: Signed, Query(asked): Query<Before>) -> Outcome {
    signed.only(Role::Administrator)?;
    let (ledger, names) = (app.casework.ledger(), app.casework.people().names().await?);
    let rows = ledger.accesses(None, asked.before, ROWS).await?;
    let rows = rows.into_iter().map(|row| AccessRow {
        place: row.pos,
        at: row.at.to_string(),
        actor: row.actor.to_string(),
        name: names.get(&row.actor).cloned(),
        code: row.case.map(|case| ledger.code(case)),
        what: row.what,
    });
    Ok(Json(rows.collect::<Vec<_>>()).into_response())
}

/// A criteria set.
#[derive(Serialize, ToSchema)]
struct Set {
    set: String,
    /// Its title in English.
    title: String,
    /// Its version, as its source has it.
    version: String,
    /// SHA-256 of its document, which stands in each evaluation.
    sha256: String,
}

/// The criteria that evaluations are made with.
#[utoipa::path(get, path = "/api/v1/criteria", tag = "house",
    responses((status = 200, description = "The sets.", body = Vec<Set>), Refusals))]
pub(crate) async fn criteria(State(app): State<App>, _: Signed) -> Outcome {
    let sets = app.criteria.iter().map(|of| Set {
        set: of.set.clone(),
        title: of.title[0].clone(),
        version: of.version.clone(),
        sha256: of.sha256.clone(),
    });
    Ok(Json(sets.collect::<Vec<_>>()).into_response())
}

/// How the register does.
#[derive(Serialize, ToSchema)]
struct Health {
    cases: u64,
    entries: u64,
    /// The last checkpoint: its number and when.
    checkpoint: Option<u64>,
    checkpoint_at: Option<String>,
    /// When the last backup was made; none: never.
    backup_at: Option<String>,
    jobs_ready: u64,
    jobs_running: u64,
    /// Jobs that need a person.
    jobs_dead: u64,
    version: &'static str,
}

/// How the register does.
#[utoipa::path(get, path = "/api/v1/health", tag = "house",
    responses((status = 200, description = "Its figures.", body = Health), Refusals))]
pub(crate) async fn health(State(app): State<App>, signed: Signed) -> Outcome {
    signed.only(Role::Administrator)?;
    let ledger = app.casework.ledger();
    let (jobs, checkpoint) = (ledger.job_counts().await?, ledger.last_checkpoint().await?);
    let figures = Health {
        cases: app.counts.of(ledger).await?.states.iter().map(|of| of.cases).sum(),
        entries: ledger.length().await?,
        checkpoint: checkpoint.as_ref().map(|of| of.n),
        checkpoint_at: checkpoint.as_ref().map(|of| of.at.to_string()),
        backup_at: ledger.last_time(Access::BACKUP).await?.map(|at| at.to_string()),
        jobs_ready: jobs.ready,
        jobs_running: jobs.running,
        jobs_dead: jobs.dead,
        version: env!("CARGO_PKG_VERSION"),
    };
    Ok(Json(figures).into_response())
}
