//! The way in and out: password, code, the first account, the language.

use crate::{
    App,
    app::DemoUser,
    error::{Failure, Outcome},
    form::Posted,
    frame::{Frame, escaped, page, see_other},
    guard::{From, Tongue},
    limits::Limit,
    who::{Signed, cookie, cookie_name, set_cookie},
    words::Language,
};
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use cartulary_casework::people::{NewAccount, Role};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    f: Frame,
    problem: Option<String>,
    to: String,
    demo: Vec<Demo>,
}

/// A user of the demo, as the page shows them.
struct Demo {
    login: String,
    name: String,
    role: String,
    password: String,
    code: String,
}

impl Demo {
    fn of(app: &App, user: &DemoUser) -> Self {
        let DemoUser { login, name, role, password, .. } = user;
        let code = user.code_now(app);
        Self {
            login: login.clone(),
            name: name.clone(),
            role: role.clone(),
            password: password.clone(),
            code,
        }
    }
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    f: Frame,
    problem: Option<String>,
    to: String,
    secret: Option<String>,
    uri: String,
}

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    f: Frame,
    token: String,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct To {
    #[serde(default)]
    to: String,
}

/// An address of ours; anything else leads to the worklist.
fn own(to: &str) -> &str {
    let is_ours = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\n', '\r']);
    if is_ours { to } else { "/worklist" }
}

pub(crate) async fn get(State(app): State<App>, Tongue(language): Tongue, Query(to): Query<To>) -> Outcome {
    sign_in_page(&app, language, &to.to, None)
}

fn sign_in_page(app: &App, language: Language, to: &str, problem: Option<&str>) -> Outcome {
    let f = Frame::public(app, language, "/sign-in");
    let problem = problem.map(|key| f.w.of("sign-in-problem", key));
    let is_wrong = problem.is_some();
    let demo = app.demo.iter().map(|user| Demo::of(app, user)).collect();
    let mut response = page(&SignInPage { f, problem, to: to.to_owned(), demo })?;
    if is_wrong {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

#[derive(Deserialize)]
pub(crate) struct SignIn {
    login: String,
    password: String,
    #[serde(default)]
    to: String,
}

pub(crate) async fn post(
    State(app): State<App>,
    Tongue(language): Tongue,
    from: From,
    Form(form): Form<SignIn>,
) -> Outcome {
    let Some(token) = show_password(&app, &from, &form.login, form.password).await? else {
        return sign_in_page(&app, language, &form.to, Some("wrong"));
    };
    let cookie = set_cookie(&app, cookie_name(&app), &token, None);
    let to = format!("/sign-in/code?to={}", escaped(own(&form.to)));
    Ok(([(header::SET_COOKIE, cookie)], see_other(&to)).into_response())
}

/// The first step of a sign-in: a token of half a session, or nothing where the password is not that of the login.
pub(crate) async fn show_password(
    app: &App,
    from: &From,
    login: &str,
    password: String,
) -> Outcome<Option<String>> {
    expect_few(app, from, &cartulary_ledger::same(login))?;
    let _room = app.stretching.acquire().await.map_err(|_| Failure::Unavailable)?;
    Ok(app.casework.people().sign_in(login, password).await?)
}

/// The second step: a token of a whole session, or nothing where the code is not that of the telephone.
pub(crate) async fn show_code(app: &App, from: &From, token: &str, code: &str) -> Outcome<Option<String>> {
    let session = app.casework.people().session(token).await?.ok_or(Failure::SignIn)?;
    let account = format!("code {}", session.account.login);
    expect_few(app, from, &account)?;
    let Some(token) = app.casework.people().show_code(token, code).await? else { return Ok(None) };
    app.limits.forget(Limit::Account, &account);
    app.limits.forget(Limit::Account, &session.account.login);
    Ok(Some(token))
}

fn expect_few(app: &App, from: &From, account: &str) -> Outcome<()> {
    let now = app.now_s();
    let may =
        app.limits.let_in(Limit::SignIn, &from.0, now) & app.limits.let_in(Limit::Account, account, now);
    if may { Ok(()) } else { Err(Failure::TooMany) }
}

pub(crate) async fn get_code(
    State(app): State<App>,
    Tongue(language): Tongue,
    headers: HeaderMap,
    Query(to): Query<To>,
) -> Outcome {
    code_page(&app, language, &headers, &to.to, false).await
}

async fn code_page(app: &App, language: Language, headers: &HeaderMap, to: &str, is_wrong: bool) -> Outcome {
    let token = cookie(headers, cookie_name(app)).ok_or(Failure::SignIn)?;
    let people = app.casework.people();
    let session = people.session(&token).await?.ok_or(Failure::SignIn)?;
    if session.is_whole {
        return Ok(see_other(own(to)));
    }
    let secret = people.new_code(&token).await?.map(|secret| secret.text());
    let f = Frame::public(app, language, "/sign-in");
    let uri = secret.as_ref().map_or(String::new(), |secret| {
        let label = escaped(&format!("Cartulary {}", session.account.login)).replace('/', "%2F");
        format!("otpauth://totp/{label}?secret={secret}&issuer=Cartulary")
    });
    let problem = is_wrong.then(|| f.w.t("code-wrong"));
    let mut response = page(&CodePage { f, problem, to: to.to_owned(), secret, uri })?;
    if is_wrong {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

#[derive(Deserialize)]
pub(crate) struct Code {
    code: String,
    #[serde(default)]
    to: String,
}

pub(crate) async fn post_code(
    State(app): State<App>,
    Tongue(language): Tongue,
    from: From,
    headers: HeaderMap,
    Form(form): Form<Code>,
) -> Outcome {
    let token = cookie(&headers, cookie_name(&app)).ok_or(Failure::SignIn)?;
    let session = app.casework.people().session(&token).await?.ok_or(Failure::SignIn)?;
    let Some(token) = show_code(&app, &from, &token, &form.code).await? else {
        return code_page(&app, language, &headers, &form.to, true).await;
    };
    signed_in(&app, &token, own(&form.to), &session.account.language)
}

fn signed_in(app: &App, token: &str, to: &str, language: &str) -> Outcome {
    let mut response = see_other(to);
    let headers = response.headers_mut();
    let mut add = |cookie: String| {
        if let Ok(value) = cookie.parse() {
            headers.append(header::SET_COOKIE, value);
        }
    };
    add(set_cookie(app, cookie_name(app), token, None));
    if Language::of(language).is_some() {
        add(set_cookie(app, "language", language, Some(31_536_000)));
    }
    Ok(response)
}

#[derive(Deserialize)]
pub(crate) struct DemoSignIn {
    login: String,
}

/// In a demo a click is enough: its sessions stand ready, and there is no patient in it.
pub(crate) async fn post_demo(State(app): State<App>, Form(form): Form<DemoSignIn>) -> Outcome {
    let user = app.demo.iter().find(|user| user.login == form.login).ok_or(Failure::Absent)?;
    let over = || Failure::Refused("the session of the demo is over: wait half a minute".to_owned());
    let token = user.session(&app).await?.ok_or_else(over)?;
    let to = if user.role == "administrator" { "/people" } else { "/worklist" };
    signed_in(&app, &token, to, "")
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

pub(crate) async fn sign_out(State(app): State<App>, posted: Posted<Nothing>) -> Outcome {
    // The sessions of a demo are for everybody.
    if app.demo.is_empty() {
        app.casework.people().sign_out(&posted.signed.token).await?;
    }
    let cookie = set_cookie(&app, cookie_name(&app), "", Some(0));
    Ok(([(header::SET_COOKIE, cookie)], see_other("/sign-in")).into_response())
}

pub(crate) async fn get_setup(
    State(app): State<App>,
    Tongue(language): Tongue,
    Path(token): Path<String>,
) -> Outcome {
    setup_page(&app, language, token, None)
}

fn setup_page(app: &App, language: Language, token: String, problem: Option<String>) -> Outcome {
    if !app.is_setup(&token) {
        return Err(Failure::Absent);
    }
    let f = Frame::public(app, language, &format!("/setup/{token}"));
    page(&SetupPage { f, token, problem })
}

#[derive(Deserialize)]
pub(crate) struct First {
    login: String,
    name: String,
    password: String,
}

pub(crate) async fn post_setup(
    State(app): State<App>,
    Tongue(language): Tongue,
    Path(token): Path<String>,
    Form(form): Form<First>,
) -> Outcome {
    if !app.is_setup(&token) || !app.casework.people().nobody().await? {
        return Err(Failure::Absent);
    }
    let new = NewAccount {
        login: form.login,
        name: form.name,
        roles: BTreeSet::from([Role::Administrator]),
        language: language.tag.to_owned(),
        password: form.password,
    };
    match app.casework.people().create(new).await {
        Ok(_) => {
            app.end_setup();
            Ok(see_other("/sign-in?to=/people"))
        }
        Err(error) => setup_page(&app, language, token, Some(error.to_string())),
    }
}

/// Chooses a language and goes back.
pub(crate) async fn choose_language(
    State(app): State<App>,
    Path(tag): Path<String>,
    Query(to): Query<To>,
) -> Outcome {
    let language = Language::of(&tag).ok_or(Failure::Absent)?;
    let cookie = set_cookie(&app, "language", language.tag, Some(31_536_000));
    let to = if to.to.is_empty() { "/send" } else { own(&to.to) };
    Ok(([(header::SET_COOKIE, cookie)], see_other(to)).into_response())
}

/// Whoever is signed in begins with the worklist, everybody else with sending.
pub(crate) async fn root(signed: Option<Signed>) -> Response {
    see_other(if signed.is_some() { "/worklist" } else { "/send" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_nowhere_else() {
        for (to, own_to) in [
            ("/cases/1", "/cases/1"),
            ("//evil.example", "/worklist"),
            ("https://evil.example", "/worklist"),
            ("/\\evil.example", "/worklist"),
            ("", "/worklist"),
        ] {
            assert_eq!(own(to), own_to);
        }
    }
}
