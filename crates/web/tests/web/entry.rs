//! The way in: first account, password, code, limits, sessions that end.

use crate::clinic::{Clinic, PASSWORD, SETUP};
use axum::http::StatusCode;
use cartulary_casework::people::Role;

#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_is_made_once() {
    let clinic = Clinic::new().await;
    let form = [("login", "root"), ("name", "First"), ("password", PASSWORD)];
    assert_eq!(
        clinic.get(None, "/setup/ffffffffffffffffffffffffffffffff").await.status,
        StatusCode::NOT_FOUND
    );
    let path = format!("/setup/{SETUP}");
    let short =
        clinic.post(None, &path, &[("login", "root"), ("name", "First"), ("password", "short")]).await;
    assert!(short.text.contains("fewer than 12"), "{}", short.text);
    assert_eq!(clinic.post(None, &path, &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(clinic.post(None, &path, &form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(clinic.get(None, &path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_alone_opens_nothing() {
    let clinic = Clinic::staffed().await;
    let answer = clinic.post(None, "/sign-in", &[("login", "Coordinator "), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let session = cookie.split(';').next().unwrap();
    let request = axum::http::Request::builder()
        .uri("/worklist")
        .header("cookie", session)
        .header("accept", "text/html");
    let page = clinic.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/sign-in?to=/worklist"));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_and_unknown_answer_alike_and_the_ninth_try_waits() {
    let clinic = Clinic::staffed().await;
    let try_in = async |login: &str| {
        clinic.post(None, "/sign-in", &[("login", login), ("password", "not the password")]).await
    };
    let (wrong, unknown) = (try_in("physician").await, try_in("no such person").await);
    assert_eq!((wrong.status, &wrong.text), (unknown.status, &unknown.text));
    for _ in 0..7 {
        assert_eq!(try_in("physician").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(try_in("physician").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(try_in("coordinator").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_itself_and_with_its_account() {
    let clinic = Clinic::staffed().await;
    assert_eq!(clinic.get(Some(Role::Physician), "/worklist").await.status, StatusCode::OK);
    clinic.casework.people().change("physician", |account| account.disabled = true).await.unwrap();
    assert_eq!(clinic.get(Some(Role::Physician), "/worklist").await.status, StatusCode::SEE_OTHER);
    for _ in 0..60 {
        clinic.later(14 * 60);
        let status = clinic.get(Some(Role::Coordinator), "/worklist").await.status;
        if status != StatusCode::OK {
            // Twelve hours are the end of the busiest session.
            return;
        }
    }
    panic!("a session went on for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_session_ends() {
    let clinic = Clinic::staffed().await;
    clinic.later(16 * 60);
    assert_eq!(clinic.get(Some(Role::Coordinator), "/worklist").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays() {
    let clinic = Clinic::staffed().await;
    let token = clinic.form_token(Role::Administrator).await;
    let form = [("form_token", token.as_str()), ("act", "disable")];
    let answer = clinic.post(Some(Role::Administrator), "/people/administrator", &form).await;
    assert!(answer.header("location").contains("last%20administrator"), "{}", answer.header("location"));
    assert_eq!(clinic.get(Some(Role::Administrator), "/people").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_its_headers() {
    let clinic = Clinic::staffed().await;
    for (role, path) in
        [(None, "/send"), (None, "/nothing"), (Some(Role::Coordinator), "/worklist"), (None, "/healthz")]
    {
        let page = clinic.get(role, path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
}
