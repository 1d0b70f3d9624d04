//! Every address of the table, asked by nobody and by each role, for a case that is theirs, one that is not, and none.

use crate::clinic::Clinic;
use axum::http::StatusCode;
use cartulary_casework::people::Role;
use cartulary_model::CaseId;
use cartulary_web::{Access, Method, ROUTES, Route};

/// An address with its places filled.
fn filled(route: &Route, case: &str) -> String {
    let places = [
        ("{case}", case),
        ("{document}", "0000000000000000000000000000000000000000000000000000000000000000"),
        ("{part}", "0"),
        ("{page}", "1"),
        ("{number}", "0"),
        ("{token}", "00000000000000000000000000000000"),
        ("{upload}", "00000000000000000000000000000000"),
        ("{login}", "nobody"),
        ("{view}", "0000"),
        ("{tag}", "en"),
        ("{digest}/{name}", "0/nothing.css"),
    ];
    places.into_iter().fold(route.path.to_owned(), |path, (place, with)| path.replace(place, with))
}

async fn ask(clinic: &Clinic, role: Option<Role>, route: &Route, case: &str) -> StatusCode {
    let path = filled(route, case);
    let token = match role {
        Some(role) => clinic.form_token(role).await,
        None => String::new(),
    };
    let form = [
        ("form_token", token.as_str()),
        ("act", "none"),
        ("of", case),
        ("fact", "x"),
        ("text", "physician"),
        ("seq", "999"),
        ("reason", "because of tests"),
        ("place", "x"),
        ("area", ""),
        ("concept", "x"),
        ("login", "nobody"),
        ("name", "n"),
        ("password", "short"),
        ("code", "000000"),
    ];
    let method = match route.method {
        Method::Get => axum::http::Method::GET,
        Method::Post => axum::http::Method::POST,
        Method::Put => axum::http::Method::PUT,
        Method::Delete => axum::http::Method::DELETE,
    };
    if path.starts_with("/api/") {
        let request = clinic.request(role, method, &path).header("x-form-token", token);
        return clinic.send(request.body("{}".into()).unwrap()).await.status;
    }
    match route.method {
        Method::Get => clinic.get(role, &path).await.status,
        Method::Post => clinic.post(role, &path, &form).await.status,
        Method::Put | Method::Delete => {
            let path = format!("{path}?name=a&size=1&offset=0");
            clinic
                .send(clinic.request(role, method, &path).body(axum::body::Body::empty()).unwrap())
                .await
                .status
        }
    }
}

/// Whether a role may use an address at all.
fn may(role: Role, access: Access) -> bool {
    match access {
        Access::Public | Access::Token | Access::Signed => true,
        Access::Department => role != Role::Administrator,
        Access::Coordinator => role == Role::Coordinator,
        Access::Physician => role == Role::Physician,
        Access::Filing => matches!(role, Role::Coordinator | Role::DataManager),
        Access::Treating => matches!(role, Role::Physician | Role::DataManager),
        Access::Administrator => role == Role::Administrator,
    }
}

/// Signing out would end what the rest of the test is asked with.
fn ends_sessions(route: &Route) -> bool {
    route.path == "/sign-out" || (route.path == "/api/v1/session" && route.method == Method::Delete)
}

fn needs_sign_in(access: Access) -> bool {
    !matches!(access, Access::Public | Access::Token)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_is_not_signed_in_sees_a_page_of_the_staff() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "R-CHOP x 6").await.to_string();
    for route in ROUTES.iter().filter(|route| needs_sign_in(route.access)) {
        let status = ask(&clinic, None, route, &case).await;
        let is_sent_away = matches!(status, StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED);
        assert!(is_sent_away, "{route:?}: {status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_role_s_is_as_if_it_were_not_there() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "R-CHOP x 6").await.to_string();
    let absent = CaseId::from_uuid(uuid::Uuid::from_u128(7)).to_string();
    for route in ROUTES.iter().filter(|route| needs_sign_in(route.access) && !ends_sessions(route)) {
        for role in Role::ALL {
            let is_of_case = route.path.contains("{case}");
            if !may(role, route.access) {
                // The worklist sends administrators to their own page.
                let expected =
                    if route.path == "/worklist" { StatusCode::SEE_OTHER } else { StatusCode::NOT_FOUND };
                assert_eq!(ask(&clinic, Some(role), route, &case).await, expected, "{role:?} {route:?}");
            }
            if is_of_case {
                assert_eq!(
                    ask(&clinic, Some(role), route, &absent).await,
                    StatusCode::NOT_FOUND,
                    "{role:?} {route:?} absent"
                );
                assert_eq!(
                    ask(&clinic, Some(role), route, "no-case").await,
                    StatusCode::NOT_FOUND,
                    "{role:?} {route:?} no id"
                );
            }
            // A new case is the coordinator's: for the others it is absent, too, until they give a reason.
            let is_other = is_of_case
                && may(role, route.access)
                && role != Role::Coordinator
                && !route.path.ends_with("break-glass");
            if is_other {
                assert_eq!(
                    ask(&clinic, Some(role), route, &case).await,
                    StatusCode::NOT_FOUND,
                    "{role:?} {route:?} other"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_ever_fails_inside() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "R-CHOP x 6").await.to_string();
    for route in ROUTES.iter().filter(|route| route.path != "/events" && !ends_sessions(route)) {
        for role in Role::ALL {
            let status = ask(&clinic, Some(role), route, &case).await;
            assert!(!status.is_server_error(), "{role:?} {route:?}: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_opens_a_case_and_is_kept() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "R-CHOP x 6").await;
    let physician = Some(Role::Physician);
    let page = clinic.get(physician, &format!("/cases/{case}/history")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.text.contains("Muster") && page.text.contains("break-glass"));
    let token = clinic.form_token(Role::Physician).await;
    let path = format!("/cases/{case}/break-glass");
    let short = clinic.post(physician, &path, &[("form_token", &token), ("reason", "why")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    clinic
        .post(physician, &path, &[("form_token", &token), ("reason", "on call, patient arrives tonight")])
        .await;
    let page = clinic.get(physician, &format!("/cases/{case}/history")).await;
    assert!(
        page.text.contains("on call, patient arrives tonight") && page.text.contains("Muster"),
        "{}",
        page.text
    );
    let log = clinic.get(Some(Role::Administrator), "/access").await;
    assert!(log.text.contains("break_glass") && !log.text.contains("Muster"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_token_or_from_elsewhere_does_nothing() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "R-CHOP x 6").await;
    let path = format!("/cases/{case}/note");
    let before = clinic.casework.ledger().length().await.unwrap();
    for token in ["", "wrong"] {
        let answer =
            clinic.post(Some(Role::Coordinator), &path, &[("form_token", token), ("text", "x")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let token = clinic.form_token(Role::Coordinator).await;
    let other = clinic.form_token(Role::Physician).await;
    assert_ne!(token, other);
    let request = clinic
        .request(Some(Role::Coordinator), axum::http::Method::POST, &path)
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("form_token={token}&text=x").into());
    assert_eq!(clinic.send(request.unwrap()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(clinic.casework.ledger().length().await.unwrap(), before);
    let answer = clinic.post(Some(Role::Coordinator), &path, &[("form_token", &token), ("text", "x")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(clinic.casework.ledger().length().await.unwrap(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_was_joined_into_another_is_no_way_around_it() {
    let clinic = Clinic::staffed().await;
    let (from, into) = (clinic.case("Anna Muster", "FL").await, clinic.case("A. Muster", "DLBCL").await);
    clinic.casework.coordinator(cartulary_model::ActorId::MACHINE).merge(from, into).await.unwrap();
    for case in [from, into] {
        for page in ["desk", "sheet", "history"] {
            for role in [Role::Physician, Role::DataManager] {
                let answer = clinic.get(Some(role), &format!("/cases/{case}/{page}")).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{role:?} {page}");
            }
        }
    }
    let token = clinic.form_token(Role::Physician).await;
    let form = [("form_token", token.as_str()), ("reason", "on call tonight")];
    clinic.post(Some(Role::Physician), &format!("/cases/{from}/break-glass"), &form).await;
    assert_eq!(
        clinic.get(Some(Role::Physician), &format!("/cases/{from}/history")).await.status,
        StatusCode::OK
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_finds_nobody_who_is_not_to_be_seen_and_what_others_said_is_not_taken_back() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "unmistakable words").await;
    let token = clinic.form_token(Role::Physician).await;
    let search = [("form_token", token.as_str()), ("q", "unmistakable")];
    let found = clinic.post(Some(Role::Physician), "/search", &search).await;
    assert!(found.status.is_success() && !found.text.contains(&case.to_string()));
    let token = clinic.form_token(Role::Coordinator).await;
    let search = [("form_token", token.as_str()), ("q", "unmistakable")];
    assert!(clinic.post(Some(Role::Coordinator), "/search", &search).await.text.contains(&case.to_string()));
    // The papers of the sender, in whatever words the form is forged.
    for seq in ["1", "2", "3", "4"] {
        let form = [("form_token", token.as_str()), ("seq", seq), ("text", "because")];
        let answer = clinic.post(Some(Role::Coordinator), &format!("/cases/{case}/undo"), &form).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{seq}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_joined_cases_is_that_of_all_of_them() {
    let clinic = Clinic::staffed().await;
    let (from, into) = (
        clinic.case("Anna Muster", "words of one").await,
        clinic.case("A. Muster", "and of the other").await,
    );
    let token = clinic.form_token(Role::Coordinator).await;
    let coordinator = Some(Role::Coordinator);
    for (case, text) in [(from, "a note on one"), (into, "a note on the other")] {
        let form = [("form_token", token.as_str()), ("text", text)];
        clinic.post(coordinator, &format!("/cases/{case}/note"), &form).await;
    }
    clinic.casework.coordinator(cartulary_model::ActorId::MACHINE).merge(from, into).await.unwrap();
    let ledger = clinic.casework.ledger();
    for case in [from, into] {
        let page = clinic.get(coordinator, &format!("/cases/{case}/history")).await.text;
        for words in ["words of one", "and of the other", "a note on one", "a note on the other"] {
            assert!(page.contains(words), "{case}: {words}");
        }
        let place = |words: &str| page.find(words).unwrap();
        assert!(place("a note on the other") < place("a note on one"), "the newest first");
        assert!(page.contains(&format!("of joined case {}", ledger.code(from))));
        assert!(!page.contains(&format!("of joined case {}", ledger.code(into))));
    }
    // What was said of the joined case is taken back there.
    let note = ledger.case(from).await.unwrap();
    let seq = note.entries.iter().find(|entry| entry.body.kind() == "noted").unwrap().seq.to_string();
    let form = [("form_token", token.as_str()), ("seq", seq.as_str()), ("text", "wrong patient")];
    let answer = clinic.post(coordinator, &format!("/cases/{from}/undo"), &form).await;
    assert!(answer.status.is_redirection(), "{}", answer.text);
    let page = clinic.get(coordinator, &format!("/cases/{into}/history")).await.text;
    assert!(page.contains("wrong patient") && page.contains("class=\"undone\""), "{page}");
}
