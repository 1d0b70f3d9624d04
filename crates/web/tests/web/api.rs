//! The JSON interface, as a programme of the house uses it.

use crate::clinic::{Answer, Clinic, PASSWORD};
use axum::http::{Method, StatusCode};
use cartulary_casework::people::Role;
use cartulary_web::ROUTES;
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path};

/// A programme that signed in as a role.
struct Programme<'a> {
    clinic: &'a Clinic,
    token: String,
}

impl<'a> Programme<'a> {
    async fn of(clinic: &'a Clinic, role: Role) -> Self {
        let said = json!({ "login": role.name(), "password": PASSWORD, "code": clinic.next_code(role) });
        let request = clinic.request(None, Method::POST, "/api/v1/session").body(said.to_string().into());
        let answer = clinic.send(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        Self { clinic, token: json(&answer)["token"].as_str().unwrap().to_owned() }
    }

    async fn ask(&self, method: Method, path: &str, said: Option<Value>) -> Answer {
        let body = said.map_or(String::new(), |said| said.to_string());
        self.send(method, path, body.into_bytes()).await
    }

    async fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Answer {
        let request = self
            .clinic
            .request(None, method, &format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .body(body.into());
        self.clinic.send(request.unwrap()).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        json(&answer)
    }

    async fn post(&self, path: &str, said: Value) -> Value {
        let answer = self.ask(Method::POST, path, Some(said)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        json(&answer)
    }
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

#[test]
fn the_description_is_what_is_there() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let now = cartulary_web::description() + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept == now, "docs/openapi.json is old: run the tests of cartulary-web with UPDATE_DOCS=1");

    let description: Value = serde_json::from_str(&now).unwrap();
    let mut described = BTreeSet::new();
    for (path, ways) in description["paths"].as_object().unwrap() {
        described.extend(ways.as_object().unwrap().keys().map(|way| (path.clone(), way.clone())));
    }
    let all: BTreeSet<_> =
        ROUTES.iter().map(|of| (of.path.to_owned(), format!("{:?}", of.method).to_lowercase())).collect();
    assert!(described.is_subset(&all), "{:?}", described.difference(&all));
    let is_ours =
        |(path, _): &&(String, String)| path.starts_with("/api/") && !path.ends_with("openapi.json");
    let missing: Vec<_> = all.iter().filter(is_ours).filter(|of| !described.contains(*of)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programme_takes_a_case_from_its_papers_to_an_answer() {
    let clinic = Clinic::staffed().await;
    let coordinator = Programme::of(&clinic, Role::Coordinator).await;
    assert_eq!(coordinator.get("/session").await["roles"], json!(["coordinator"]));

    let case = coordinator.post("/cases", json!({ "channel": "walk_in" })).await["case"].clone();
    let path = format!("/cases/{}", case.as_str().unwrap());
    let file = b"TAKEN AT HOME Patient: Anna Muster\nPLT 45 x10^9/L\n".to_vec();
    let sent = coordinator.send(Method::POST, &format!("{path}/documents?name=a.txt"), file.clone()).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    let again = coordinator.send(Method::POST, &format!("{path}/documents?name=a.txt"), file).await;
    assert_eq!(json(&sent)["document"], json(&again)["document"]);
    let original = format!("{path}/documents/{}/original", json(&sent)["document"].as_str().unwrap());
    let request = clinic
        .request(None, Method::GET, &original)
        .header("authorization", format!("Bearer {}", coordinator.token))
        .body(axum::body::Body::empty());
    let kept = clinic.send(request.unwrap()).await;
    assert!(kept.text.contains("Muster") && !kept.text.contains("HOME"), "{}", kept.text);

    let person = json!({ "names": ["Anna Muster", "安娜"], "born": "1961-04-02", "sex": "female" });
    let answer = coordinator.ask(Method::PUT, &format!("{path}/person"), Some(person)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = coordinator.ask(Method::PUT, &format!("{path}/owner"), Some(json!({ "to": "me" }))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    coordinator.post(&format!("{path}/notes"), json!({ "text": "called the son" })).await;
    coordinator.post(&format!("{path}/consents"), json!({ "scope": "registry", "given": true })).await;
    let asked = json!({ "text": "Please send the marrow report.", "asks": ["marrow"], "once": "1" });
    let first = coordinator.post(&format!("{path}/messages"), asked.clone()).await;
    let twice = coordinator.post(&format!("{path}/messages"), asked).await;
    assert_eq!(first, twice, "an answer goes once");
    coordinator.post(&format!("{path}/hand-on"), json!({})).await;

    let physician = Programme::of(&clinic, Role::Physician).await;
    let unsigned = json!({ "decision": "accept", "reason": "fits", "password": "wrong", "code": "000000" });
    let answer = physician.ask(Method::POST, &format!("{path}/decisions"), Some(unsigned)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    let code = clinic.next_code(Role::Physician);
    let signed = json!({ "decision": "accept", "reason": "fits", "password": PASSWORD, "code": code });
    physician.post(&format!("{path}/decisions"), signed).await;
    let infused = json!({ "on": "2026-11-26", "product": "axi-cel" });
    physician.post(&format!("{path}/infusions"), infused).await;

    let data = Programme::of(&clinic, Role::DataManager).await;
    data.post(&format!("{path}/visits"), json!({ "on": "2026-12-26", "visit": "day_30" })).await;
    let case = data.get(&path).await;
    assert_eq!(case["state"], "treated");
    assert_eq!(case["person"]["names"], json!(["Anna Muster", "安娜"]));
    assert_eq!(case["owner"], "coordinator");
    assert_eq!(case["notes"][0]["text"], "called the son");
    assert_eq!(case["messages"][0]["asks"], json!(["marrow"]));
    assert_eq!(case["decisions"][0]["by"], "physician");
    assert_eq!(case["course"].as_array().unwrap().len(), 2);
    assert_eq!(case["documents"][0]["name"], "a.txt");
    let history = data.get(&format!("{path}/history")).await;
    assert_eq!(history[0]["kind"], "visit_recorded");
    let list = data.get("/cases?view=treated").await;
    assert_eq!(list["cases"][0]["names"][0], "Anna Muster");
    let found = data.post("/search", json!({ "words": case["code"] })).await;
    assert_eq!(found["cases"][0]["case"], case["case"]);

    let administrator = Programme::of(&clinic, Role::Administrator).await;
    assert_eq!(administrator.get("/people").await.as_array().unwrap().len(), 4);
    let log = administrator.get("/access").await.to_string();
    assert!(log.contains("case.show") && !log.contains("Muster"));
    let kept = json!({ "act": "retain", "case_code": case["code"], "until": "2041-11-26", "reason": "law" });
    administrator.post("/keeping", kept).await;
    assert!(administrator.get("/health").await["entries"].as_u64().unwrap() > 8);

    let out = coordinator.ask(Method::DELETE, "/session", None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let after = coordinator.ask(Method::GET, "/session", None).await;
    assert_eq!((after.status, json(&after)["error"].clone()), (StatusCode::UNAUTHORIZED, json!("sign_in")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_changes_nothing_without_the_form_token() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "R-CHOP x 6").await;
    let before = clinic.casework.ledger().length().await.unwrap();
    let path = format!("/api/v1/cases/{case}/notes");
    let ask = async |token: Option<String>| {
        let request = clinic.request(Some(Role::Coordinator), Method::POST, &path);
        let request = token.into_iter().fold(request, |request, token| request.header("x-form-token", token));
        clinic.send(request.body(r#"{"text":"x"}"#.into()).unwrap()).await
    };
    for token in [None, Some(String::new()), Some(clinic.form_token(Role::Physician).await)] {
        assert_eq!(ask(token).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(clinic.casework.ledger().length().await.unwrap(), before);
    assert_eq!(ask(Some(clinic.form_token(Role::Coordinator).await)).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_body_and_a_wrong_sign_in_are_said() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "R-CHOP x 6").await;
    let coordinator = Programme::of(&clinic, Role::Coordinator).await;
    for body in ["[", "{}", r#"{"text":7}"#, r#"{"text":"x","reason":"y"}"#] {
        let answer = coordinator.send(Method::POST, &format!("/cases/{case}/notes"), body.into()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(json(&answer)["why"].as_str().unwrap().contains("described"), "{}", answer.text);
    }
    // A list that is not the one that was asked for would be taken for it.
    for asked in
        ["view=with_physican", "owner=lin", "diagnosis=x", "lacks=x", "after=x", "state=treated", "limit=5"]
    {
        let answer = coordinator.ask(Method::GET, &format!("/cases?{asked}"), None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{asked}: {}", answer.text);
    }
    let answer = coordinator.ask(Method::POST, "/cases", Some(json!({ "channel": "pigeon" }))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    let large = vec![b'x'; (50 << 20) + 1];
    let answer = coordinator.send(Method::POST, &format!("/cases/{case}/documents?name=a"), large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let administrator = Programme::of(&clinic, Role::Administrator).await;
    let shut = administrator.post("/people/PHYSICIAN", json!({ "act": "disable" })).await;
    assert_eq!((shut["login"].clone(), shut["disabled"].clone()), (json!("physician"), json!(true)));
    for (login, password) in [("coordinator", "wrong"), ("nobody", PASSWORD)] {
        let said = json!({ "login": login, "password": password, "code": "000000" }).to_string();
        let request = clinic.request(None, Method::POST, "/api/v1/session").body(said.into()).unwrap();
        assert_eq!(clinic.send(request).await.status, StatusCode::UNAUTHORIZED);
    }
}
