//! Accounts of the staff, for the administrator.

use crate::{
    App,
    error::Outcome,
    form::Posted,
    frame::{Frame, page, see_other},
    guard::Tongue,
    who::Signed,
};
use askama::Template;
use axum::extract::{Path, Query, State};
use cartulary_casework::people::{Account, NewAccount, Role};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    f: Frame,
    people: Vec<Account>,
    roles: [&'static str; 4],
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    problem: Option<String>,
}

pub(crate) async fn get(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Query(asked): Query<Asked>,
) -> Outcome {
    signed.only(Role::Administrator)?;
    let f = Frame::staff(&app, &signed, language, "/people", "people");
    let people = app.casework.people().all().await?;
    page(&PeoplePage { f, people, roles: Role::ALL.map(Role::name), problem: asked.problem })
}

#[derive(Deserialize)]
pub(crate) struct New {
    login: String,
    name: String,
    password: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    coordinator: Option<String>,
    #[serde(default)]
    physician: Option<String>,
    #[serde(default)]
    data_manager: Option<String>,
    #[serde(default)]
    administrator: Option<String>,
}

impl New {
    fn roles(&self) -> std::collections::BTreeSet<Role> {
        let chosen = [
            (&self.coordinator, Role::Coordinator),
            (&self.physician, Role::Physician),
            (&self.data_manager, Role::DataManager),
            (&self.administrator, Role::Administrator),
        ];
        chosen.into_iter().filter(|(of, _)| of.is_some()).map(|(_, role)| role).collect()
    }
}

/// Makes an account.
pub(crate) async fn create(State(app): State<App>, posted: Posted<New>) -> Outcome {
    posted.signed.only(Role::Administrator)?;
    let roles = posted.form.roles();
    let New { login, name, password, language, .. } = posted.form;
    let new = NewAccount { login, name, roles, language, password };
    outcome(app.casework.people().create(new).await.map(|_| ()))
}

/// A change of an account.
#[derive(Deserialize, ToSchema)]
#[schema(as = AccountChange)]
pub(crate) struct Change {
    /// `disable`, `enable`, `telephone` (a new one is set up at the next sign-in), `password`.
    act: String,
    /// The new password.
    #[serde(default)]
    password: String,
}

/// Changes an account: shut, opened, a new password, a new telephone.
pub(crate) async fn change(
    State(app): State<App>,
    Path(login): Path<String>,
    posted: Posted<Change>,
) -> Outcome {
    posted.signed.only(Role::Administrator)?;
    outcome(changed(&app, &login, posted.form).await?)
}

/// Changes it; what cannot be is inside.
pub(crate) async fn changed(
    app: &App,
    login: &str,
    change: Change,
) -> Outcome<cartulary_casework::Result<()>> {
    let people = app.casework.people();
    Ok(match change.act.as_str() {
        "disable" => people.change(login, |account| account.disabled = true).await.map(|_| ()),
        "enable" => people.change(login, |account| account.disabled = false).await.map(|_| ()),
        "telephone" => people.change(login, |account| account.code = None).await.map(|_| ()),
        "password" => people.set_password(login, change.password).await,
        _ => return Err(crate::error::Failure::Absent),
    })
}

fn outcome(done: cartulary_casework::Result<()>) -> Outcome {
    match done {
        Ok(()) => Ok(see_other("/people")),
        Err(cartulary_casework::Error::Refused(why)) => {
            Ok(see_other(&format!("/people?problem={}", crate::frame::escaped(&why))))
        }
        Err(cartulary_casework::Error::Vault(error)) => {
            Ok(see_other(&format!("/people?problem={}", crate::frame::escaped(&error.to_string()))))
        }
        Err(error) => Err(error.into()),
    }
}
