//! Papers from anybody: in one form, in pieces, broken off, too large, twice; and the link that follows.

use crate::clinic::{Answer, Clinic};
use axum::http::{Method, StatusCode};
use cartulary_casework::people::Role;

const FIELDS: [(&str, &str); 5] = [
    ("name", "Xu Min"),
    ("relation", "relative"),
    ("mail", "xu@example.org"),
    ("country", "cn"),
    ("consent", "care"),
];

/// A form with files, as a browser sends it.
async fn form(clinic: &Clinic, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (name, bytes) in files {
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n")
                .bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    let request =
        clinic.request(None, Method::POST, path).header("content-type", "multipart/form-data; boundary=b");
    clinic.send(request.body(body.into()).unwrap()).await
}

async fn put(
    clinic: &Clinic,
    upload: &str,
    number: u32,
    size: usize,
    offset: usize,
    bytes: &[u8],
) -> (StatusCode, String) {
    let path = format!("/send/{upload}/{number}?name=scan.jpg&size={size}&offset={offset}");
    let request = clinic.request(None, Method::PUT, &path).header("accept", "application/json");
    let answer = clinic.send(request.body(bytes.to_vec().into()).unwrap()).await;
    (answer.status, answer.text)
}

async fn begin(clinic: &Clinic) -> String {
    let answer = clinic.post(None, "/send/begin", &[]).await;
    let json: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    json["upload"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_scripts_is_enough() {
    let clinic = Clinic::staffed().await;
    let answer =
        form(&clinic, "/send", &FIELDS, &[("病理.txt", "弥漫大B".as_bytes()), ("b.txt", b"PLT 45")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let cases = clinic.casework.ledger().case_ids(None, 9).await.unwrap();
    let file = clinic.casework.ledger().case(cases[0]).await.unwrap();
    assert_eq!((cases.len(), file.documents.len()), (1, 2));
    assert_eq!(file.inquiries[0].sender.country.as_deref(), Some("CN"));
    assert!(file.consents["care"].given && !file.consents.contains_key("research"));
    let code = clinic.casework.ledger().code(cases[0]);
    assert!(answer.text.contains(&code));
    // What a receipt must not hold: names of files, the sender, what stands on the papers.
    assert!(!answer.text.contains("病理.txt") && !answer.text.contains("Xu Min"));
    // A coordinator finds the case by the code said on the telephone.
    let found = clinic.get(Some(Role::Coordinator), &format!("/worklist?q={}", code.to_lowercase())).await;
    assert!(found.text.contains(&cases[0].to_string()), "{}", found.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_photograph_was_taken_is_not_kept() {
    let clinic = Clinic::staffed().await;
    let sent = [("a.jpg", b"TAKEN AT HOME PLT 45".as_slice())];
    assert_eq!(form(&clinic, "/send", &FIELDS, &sent).await.status, StatusCode::OK);
    // The same again is the same paper: it is named by what is kept.
    assert_eq!(form(&clinic, "/send", &FIELDS, &sent).await.status, StatusCode::OK);
    let cases = clinic.casework.ledger().case_ids(None, 9).await.unwrap();
    for case in cases {
        let file = clinic.casework.ledger().case(case).await.unwrap();
        let [document] = file.documents.keys().copied().collect::<Vec<_>>()[..] else { panic!("one paper") };
        let path = format!("/cases/{case}/documents/{document}/original");
        let kept = clinic.get(Some(Role::Coordinator), &path).await;
        assert_eq!((kept.status, kept.text.as_str()), (StatusCode::OK, " PLT 45"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_said_and_nothing_is_kept() {
    let clinic = Clinic::new().await;
    let without =
        |name: &str| -> Vec<(&str, &str)> { FIELDS.into_iter().filter(|(key, _)| *key != name).collect() };
    for (field, said) in [
        ("name", "your name"),
        ("relation", "who you are"),
        ("mail", "leave an e-mail"),
        ("consent", "first consent"),
    ] {
        let answer = form(&clinic, "/send", &without(field), &[("a.txt", b"a")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(said), "{field}: {}", answer.text);
    }
    assert!(form(&clinic, "/send", &FIELDS, &[]).await.text.contains("at least one file"));
    assert_eq!(clinic.casework.ledger().length().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_go_on_where_they_stopped_and_are_received_once() {
    let clinic = Clinic::new().await;
    let upload = begin(&clinic).await;
    let bytes: Vec<u8> = (0..100_000_u32).map(|at| (at % 251) as u8).collect();
    let size = bytes.len();
    assert!(put(&clinic, &upload, 0, size, 0, &bytes[..40_000]).await.1.contains("40000"));
    // The same piece again, because the answer was lost; then one that leaves a hole.
    assert!(put(&clinic, &upload, 0, size, 0, &bytes[..40_000]).await.1.contains("40000"));
    assert_eq!(
        put(&clinic, &upload, 0, size, 70_000, &bytes[70_000..]).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let fields: Vec<_> = FIELDS.into_iter().chain([("wanted", "0")]).collect();
    let early = form(&clinic, &format!("/send/{upload}"), &fields, &[]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(clinic.get(None, &format!("/send/{upload}")).await.text.contains("40000"));
    assert!(put(&clinic, &upload, 0, size, 40_000, &bytes[40_000..]).await.1.contains("100000"));
    let first = form(&clinic, &format!("/send/{upload}"), &fields, &[]).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let again = form(&clinic, &format!("/send/{upload}"), &fields, &[]).await;
    assert_eq!(first.text, again.text);
    let cases = clinic.casework.ledger().case_ids(None, 9).await.unwrap();
    let file = clinic.casework.ledger().case(cases[0]).await.unwrap();
    assert_eq!((cases.len(), file.documents.len()), (1, 1));
    assert_eq!(file.documents.values().next().unwrap().size, 100_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_refused_in_words() {
    let clinic = Clinic::new().await;
    let upload = begin(&clinic).await;
    assert!(put(&clinic, &upload, 0, 60 << 20, 0, b"x").await.1.contains("50 MB"));
    for number in 0..4 {
        assert_eq!(put(&clinic, &upload, number, 50 << 20, 0, b"x").await.0, StatusCode::OK);
    }
    assert!(put(&clinic, &upload, 4, 1 << 20, 0, b"x").await.1.contains("200 MB"));
    assert_eq!(
        put(&clinic, "ffffffffffffffffffffffffffffffff", 0, 1, 0, b"x").await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_shows_the_state_and_nothing_of_medicine() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "Diffuse large B-cell lymphoma").await;
    let who = cartulary_model::ActorId::MACHINE;
    let coordinator = clinic.casework.coordinator(who);
    let token = coordinator.make_link(case).await.unwrap();
    let path = format!("/status/{token}");
    // A programme that follows links sees a button only.
    let looked = clinic.get(None, &path).await;
    assert!(!looked.text.contains("report.txt") && looked.text.contains("<form"));
    let opened = clinic.post(None, &path, &[]).await;
    let cookie = opened.header("set-cookie").split(';').next().unwrap().to_owned();
    let read = async |path: &str| {
        let request = clinic.request(None, Method::GET, path).header("cookie", &cookie);
        clinic.send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    let page = read(&path).await;
    assert!(
        page.text.contains("report.txt") && !page.text.contains("lymphoma") && !page.text.contains("Muster"),
        "{}",
        page.text
    );
    let more = form(&clinic, &format!("{path}/add"), &[], &[("pet.txt", b"PET-CT")]).await;
    assert_eq!(more.status, StatusCode::SEE_OTHER, "{}", more.text);
    assert_eq!(clinic.casework.ledger().case(case).await.unwrap().documents.len(), 2);
    coordinator.revoke_links(case).await.unwrap();
    assert_eq!(read(&path).await.status, StatusCode::NOT_FOUND);
    let token = coordinator.make_link(case).await.unwrap();
    clinic.later(15 * 24 * 3_600);
    assert!(clinic.casework.link(&token).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_opens_a_case_without_saying_who_and_consenting() {
    let clinic = Clinic::new().await;
    let upload = begin(&clinic).await;
    put(&clinic, &upload, 0, 1, 0, b"x").await;
    for fields in [&[][..], &FIELDS[..4]] {
        let answer = form(&clinic, &format!("/send/{upload}"), fields, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    }
    assert_eq!(clinic.casework.ledger().length().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_of_two_people_are_two_cases_and_the_same_page_twice_is_one() {
    let clinic = Clinic::new().await;
    let page = clinic.get(None, "/send").await.field("delivery");
    let with =
        |delivery: &'static str| FIELDS.into_iter().chain([("delivery", delivery)]).collect::<Vec<_>>();
    let page: &'static str = page.leak();
    for fields in [with(page), with(page), with("11111111111111111111111111111111"), FIELDS.to_vec()] {
        let answer = form(&clinic, "/send", &fields, &[("a.txt", b"the same")]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    assert_eq!(clinic.casework.ledger().case_ids(None, 9).await.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_taken_back_delivers_nothing_and_makes_no_other() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "DLBCL").await;
    let coordinator = clinic.casework.coordinator(cartulary_model::ActorId::MACHINE);
    let token = coordinator.make_link(case).await.unwrap();
    let answer = clinic.post(None, &format!("/send/begin?link={token}"), &[]).await;
    let json: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    let upload = json["upload"].as_str().unwrap().to_owned();
    put(&clinic, &upload, 0, 1, 0, b"x").await;
    coordinator.revoke_links(case).await.unwrap();
    let answer = form(&clinic, &format!("/send/{upload}"), &[("wanted", "0")], &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert_eq!(clinic.casework.ledger().case(case).await.unwrap().documents.len(), 1);
    let links = clinic.casework.ledger().slips(cartulary_ledger::Drawer::Link, None).await.unwrap();
    assert!(links.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_chosen_twice_and_taken_out_once_stays_and_what_was_taken_out_is_not_received() {
    let clinic = Clinic::new().await;
    let upload = begin(&clinic).await;
    for number in 0..3 {
        put(&clinic, &upload, number, 5, 0, b"photo").await;
    }
    let path = format!("/send/{upload}/1");
    clinic.send(clinic.request(None, Method::DELETE, &path).body(axum::body::Body::empty()).unwrap()).await;
    // The second was taken out; the third is there and not wanted any more.
    let fields: Vec<_> = FIELDS.into_iter().chain([("wanted", "0")]).collect();
    let answer = form(&clinic, &format!("/send/{upload}"), &fields, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let case = clinic.casework.ledger().case_ids(None, 9).await.unwrap()[0];
    let arrivals = clinic.casework.ledger().case(case).await.unwrap();
    let received = arrivals.entries.iter().filter(|entry| entry.body.kind() == "received").count();
    assert_eq!(received, 1);
    // What nobody goes on with is let go, pieces and all.
    let left = begin(&clinic).await;
    put(&clinic, &left, 0, 9, 0, b"not").await;
    let before = clinic.casework.blobs().list().await.unwrap().blobs.len();
    clinic.later(3 * 24 * 3_600);
    clinic.casework.let_uploads_go().await.unwrap();
    assert_eq!(clinic.casework.blobs().list().await.unwrap().blobs.len(), before - 1);
}
