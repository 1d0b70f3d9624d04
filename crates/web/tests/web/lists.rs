//! The worklist as people keep it: filters in the address, views under names; and who has the same desk open.

use crate::clinic::Clinic;
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use cartulary_casework::people::Role;
use http_body_util::BodyExt as _;
use std::time::Duration;
use tower::ServiceExt as _;

const COORDINATOR: Option<Role> = Some(Role::Coordinator);

/// The count beside a view of one's own.
fn count_of(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("<bdi>{name}</bdi><b>")).unwrap_or_else(|| panic!("no view {name}: {page}"));
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_kept_under_its_name_with_its_count_and_is_taken_away() {
    let clinic = Clinic::staffed().await;
    let mut cases = Vec::new();
    for name in ["Anna Muster", "Berta Muster", "Carla Muster"] {
        cases.push(clinic.case(name, "DLBCL").await);
    }
    let token = clinic.form_token(Role::Coordinator).await;
    let form = [("form_token", token.as_str()), ("to", "me")];
    clinic.post(COORDINATOR, &format!("/cases/{}/assign", cases[0]), &form).await;
    let address = "view=all&owner=nobody";
    let page = clinic.get(COORDINATOR, &format!("/worklist?{address}")).await;
    assert!(!page.text.contains("Anna Muster") && page.text.contains("Berta Muster"), "{}", page.text);
    let form = [("form_token", token.as_str()), ("name", " Nobody\u{2019}s <b> "), ("address", address)];
    let kept = clinic.post(COORDINATOR, "/views", &form).await;
    assert_eq!(
        (kept.status, kept.header("location")),
        (StatusCode::SEE_OTHER, "/worklist?view=all&owner=nobody")
    );
    let page = clinic.get(COORDINATOR, kept.header("location")).await.text;
    assert_eq!(count_of(&page, "Nobody\u{2019}s &#60;b&#62;"), "2");
    assert!(page.contains("view=all&#38;owner=nobody\" aria-current=\"page\""), "{page}");
    // The same name again is the same view, and what an address does not know is not kept.
    let form = [
        ("form_token", token.as_str()),
        ("name", "Nobody\u{2019}s <b>"),
        ("address", "view=mine&owner=you&x=//y"),
    ];
    assert_eq!(clinic.post(COORDINATOR, "/views", &form).await.header("location"), "/worklist?view=mine");
    let page = clinic.get(COORDINATOR, "/worklist").await.text;
    assert_eq!(
        (count_of(&page, "Nobody\u{2019}s &#60;b&#62;").as_str(), page.matches("/views/").count()),
        ("1", 1)
    );
    // It is its person's own.
    assert!(!clinic.get(Some(Role::Physician), "/worklist").await.text.contains("/views/"));
    let key = page.split("action=\"/views/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let others = clinic.form_token(Role::Physician).await;
    clinic.post(Some(Role::Physician), &format!("/views/{key}"), &[("form_token", &others)]).await;
    assert!(clinic.get(COORDINATOR, "/worklist").await.text.contains("/views/"));
    clinic.post(COORDINATOR, &format!("/views/{key}"), &[("form_token", &token)]).await;
    assert!(!clinic.get(COORDINATOR, "/worklist").await.text.contains("/views/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_needs_a_name_and_twenty_are_enough() {
    let clinic = Clinic::staffed().await;
    let token = clinic.form_token(Role::Coordinator).await;
    for name in ["", "  ", &"x".repeat(61)] {
        let form = [("form_token", token.as_str()), ("name", name), ("address", "view=all")];
        assert_eq!(clinic.post(COORDINATOR, "/views", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for number in 0..21 {
        let name = format!("view {number}");
        let form = [("form_token", token.as_str()), ("name", name.as_str()), ("address", "view=all")];
        let expected = if number < 20 { StatusCode::SEE_OTHER } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(clinic.post(COORDINATOR, "/views", &form).await.status, expected, "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_tells_nothing_of_cases_that_are_not_to_be_seen() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "DLBCL").await;
    for address in ["view=all&diagnosis=hist.dlbcl_nos", "view=all&lacks=papers", "view=all&lacks=reading"] {
        let page = clinic.get(Some(Role::Physician), &format!("/worklist?{address}")).await;
        assert!(!page.text.contains(&case.to_string()), "{address}");
    }
    assert!(clinic.get(Some(Role::Physician), "/worklist?view=all").await.text.contains(&case.to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_a_few_among_many_goes_on_where_it_stopped() {
    let clinic = Clinic::staffed().await;
    let token = clinic.form_token(Role::Coordinator).await;
    let mut taken = Vec::new();
    for number in 0..120 {
        let case =
            clinic.casework.coordinator(cartulary_model::ActorId::MACHINE).open("upload").await.unwrap();
        if number % 2 == 0 {
            clinic
                .post(COORDINATOR, &format!("/cases/{case}/assign"), &[("form_token", &token), ("to", "me")])
                .await;
            taken.push(case.to_string());
        }
    }
    let (mut seen, mut address) = (Vec::new(), Some("/worklist?view=all&owner=me".to_owned()));
    let mut pages = 0;
    while let Some(next) = address {
        let page = clinic.get(COORDINATOR, &next).await.text;
        seen.extend(
            page.split("data-href=\"/cases/").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()),
        );
        let link = page.split("class=\"next\" rel=\"next\" href=\"").nth(1);
        address = link.map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&"));
        pages += 1;
        assert!(pages < 9);
    }
    assert_eq!((seen.len(), pages), (60, 2));
    seen.sort();
    taken.sort();
    assert_eq!(seen, taken);
}

/// What is said next of who else is there.
async fn said(body: &mut Body) -> String {
    let frame = tokio::time::timeout(Duration::from_secs(20), body.frame()).await.unwrap().unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_the_same_desk_see_each_other_until_one_goes() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "DLBCL").await;
    let open = async |role: Role| {
        let request = clinic.request(Some(role), Method::GET, &format!("/events?case={case}"));
        clinic.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    };
    assert_eq!(open(Role::Physician).await.status(), StatusCode::NOT_FOUND, "not a case of theirs");
    let token = clinic.form_token(Role::Coordinator).await;
    let hand_on = [("form_token", token.as_str()), ("text", "physician")];
    clinic.post(COORDINATOR, &format!("/cases/{case}/hand-on"), &hand_on).await;
    let mut first = open(Role::Coordinator).await.into_body();
    let mut second = open(Role::Physician).await.into_body();
    assert_eq!(said(&mut first).await, "event: here\ndata: physician is also here\n\n");
    assert_eq!(said(&mut second).await, "event: here\ndata: coordinator is also here\n\n");
    let desk = format!("/cases/{case}/desk");
    assert!(clinic.get(COORDINATOR, &desk).await.text.contains("physician is also here"));
    drop(second);
    assert_eq!(said(&mut first).await, "event: alone\ndata: -\n\n");
    assert!(!clinic.get(COORDINATOR, &desk).await.text.contains("is also here"));
}
