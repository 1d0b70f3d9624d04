//! Strings that break programmes, each through every field that takes words and every address that takes a name: nothing fails,
//! nothing leads elsewhere, and they are shown as they are.

mod markup;
mod naughty;

use crate::clinic::{Answer, Clinic, encoded_bytes};
use axum::http::Method;
use cartulary_casework::people::Role;
use cartulary_model::CaseId;
use naughty::{Naughty, naughty};

/// Strings of a case, so that its pages stay of a size that a case has.
const OF_A_CASE: usize = 40;

/// What the forms of a case take, by who may send them. `{}` stands for the string.
const FORMS: &[(Role, &str, &[&str])] = &[
    (Role::Coordinator, "note", &["text=", "seq=1", "back="]),
    (
        Role::Coordinator,
        "reply",
        &["act=preview", "text=", "language=", "was=", "asks=", "insert=", "once=", "ask.{}=1"],
    ),
    (Role::Coordinator, "reply", &["act=blocks", "text=", "language=zh", "was=en", "asks=", "ask.{}=1"]),
    (Role::Coordinator, "reply", &["act=send", "text=", "asks=", "once="]),
    (Role::Coordinator, "reply", &["act=", "insert=call_us", "text="]),
    (Role::Coordinator, "judge", &["act=confirm", "of=", "fact=", "next="]),
    (
        Role::Coordinator,
        "judge",
        &["act=", "of={case}", "fact=", "number=", "unit=", "text=", "date=", "assertion=", "reason="],
    ),
    (
        Role::Coordinator,
        "add",
        &["place=", "page=1", "area=1,2,3,4", "concept=", "text=", "number=", "unit=", "date=", "assertion="],
    ),
    (
        Role::Coordinator,
        "add",
        &["place={case}", "page=", "area=", "concept=lab.plt", "number=", "unit=", "date="],
    ),
    (Role::Coordinator, "undo", &["seq=", "text="]),
    (Role::Coordinator, "undo", &["seq=999", "text=", "back="]),
    (Role::Coordinator, "assign", &["to="]),
    (Role::Coordinator, "hand-on", &["text="]),
    (Role::Physician, "break-glass", &["reason="]),
];

/// What programmes send of a case, by who may. `{}` stands for the string.
const BODIES: &[(Role, &str, &str)] = &[
    (Role::Coordinator, "notes", r#"{"text":"{}"}"#),
    (Role::Coordinator, "messages", r#"{"text":"{}","asks":["{}"],"once":"{}"}"#),
    (Role::Coordinator, "consents", r#"{"scope":"{}","given":false,"document":"{}","reason":"{}"}"#),
    (Role::Coordinator, "merge", r#"{"into":"{}"}"#),
    (
        Role::Coordinator,
        "judgements",
        r#"{"act":"correct","of":"{case}","fact":"{}","number":"{}","unit":"{}","text":"{}","date":"{}"}"#,
    ),
    (
        Role::Coordinator,
        "facts",
        r#"{"place":"{}","area":"{}","concept":"{}","number":"{}","unit":"{}","text":"{}","date":"{}"}"#,
    ),
    (Role::Physician, "break-glass", r#"{"reason":"{}"}"#),
];

/// Addresses that take a name.
const ADDRESSES: &[&str] = &[
    "/cases/{}/desk",
    "/cases/{}/history",
    "/cases/{case}/desk/{}",
    "/cases/{case}/desk?fact={}",
    "/cases/{case}/summary?lang={}",
    "/cases/{case}/documents/{}/original",
    "/cases/{case}/documents/{}/{}/{}",
    "/worklist?view={}&q={}&after={}&part={}",
    "/worklist?view={}",
    "/api/v1/cases?view={}&owner={}&diagnosis={}&lacks={}&after={}",
    "/api/v1/cases/{}",
    "/api/v1/cases/{case}/documents/{}/reading",
    "/api/v1/access?before={}",
    "/api/v1/cases/{}/facts",
    "/api/v1/cases/{}/evaluation",
    "/people?problem={}",
    "/language/{}?to={}",
    "/sign-in?to={}",
    "/assets/{}/{}",
    "/status/{}",
    "/status/{}/add",
    "/send/{}",
    "/setup/{}",
];

/// What holds of every answer, whatever was asked.
fn expect_sound(answer: &Answer, of: &Naughty, asked: &str) {
    let Answer { status, headers, .. } = answer;
    assert!(!status.is_server_error(), "{asked} {of:?}: {status} {}", answer.text);
    let location = answer.header("location");
    let leads_here = location.starts_with('/') && !location.starts_with("//") && !location.contains('\\');
    assert!(location.is_empty() || leads_here, "{asked} {of:?}: to {location}");
    let cookies: Vec<_> = headers.get_all("set-cookie").iter().filter_map(|of| of.to_str().ok()).collect();
    assert!(cookies.iter().all(|of| of.starts_with("language=")), "{asked} {of:?}: {cookies:?}");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{asked} {of:?}");
    if answer.header("content-type").starts_with("text/html") {
        markup::expect_ours(&answer.text, asked);
    }
}

async fn fill(
    clinic: &Clinic,
    role: Option<Role>,
    path: &str,
    fields: &[&str],
    case: &str,
    of: &Naughty,
) -> Answer {
    let string = encoded_bytes(&of.bytes);
    let fields = fields.iter().map(|field| {
        let field = if field.ends_with('=') { format!("{field}{{}}") } else { (*field).to_owned() };
        field.replace("{case}", case).replace("{}", &string)
    });
    let request = clinic
        .request(role, Method::POST, path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(fields.collect::<Vec<_>>().join("&").into());
    clinic.send(request.unwrap()).await
}

/// What a script of our pages sends.
async fn post(
    clinic: &Clinic,
    role: Role,
    path: &str,
    (token, body): (&str, &str),
    case: &str,
    of: &Naughty,
) -> Answer {
    let string = serde_json::to_string(&String::from_utf8_lossy(&of.bytes)).unwrap();
    let body = body.replace("{case}", case).replace("{}", &string[1..string.len() - 1]);
    let request = clinic
        .request(Some(role), Method::POST, path)
        .header("x-form-token", token.trim_start_matches("form_token="))
        .body(body.into());
    clinic.send(request.unwrap()).await
}

/// The case is opened by whoever sends papers under this name.
async fn sent_by(clinic: &Clinic, of: &Naughty) -> Option<CaseId> {
    let mut body = Vec::new();
    let fields = [
        "name", "relation", "mail", "phone", "whatsapp", "country", "words", "delivery", "consent",
        "language",
    ];
    let fixed = [("relation", "relative"), ("mail", "a@b.example"), ("consent", "care")];
    let strings = fields.iter().map(|name| (*name, of.bytes.as_slice()));
    for (name, value) in strings.chain(fixed.iter().map(|(name, value)| (*name, value.as_bytes()))) {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes());
        body.extend_from_slice(value);
        body.extend(b"\r\n");
    }
    let name = String::from_utf8_lossy(&of.bytes).replace(['"', '\r', '\n'], "_");
    body.extend(
        format!("--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n").bytes(),
    );
    body.extend_from_slice(&of.bytes);
    body.extend(b"PLT 45\r\n--b--\r\n");
    let request =
        clinic.request(None, Method::POST, "/send").header("content-type", "multipart/form-data; boundary=b");
    let before = clinic.casework.ledger().case_ids(None, 9_999).await.unwrap();
    let answer = clinic.send(request.body(body.into()).unwrap()).await;
    expect_sound(&answer, of, "/send");
    let after = clinic.casework.ledger().case_ids(None, 9_999).await.unwrap();
    after.into_iter().find(|case| !before.contains(case))
}

/// All strings, in parts that run side by side.
async fn a_part_through_the_forms_of_a_case(part: usize) {
    let clinic = Clinic::staffed().await;
    let all = naughty();
    assert!(all.len() >= 500, "{}", all.len());
    let chunks = all.chunks(OF_A_CASE).enumerate().filter(|(place, _)| place % 2 == part);
    for (_, chunk) in chunks {
        let case = clinic.case("Anna Muster", "DLBCL").await;
        let mut tokens = Vec::new();
        for role in [Role::Coordinator, Role::Physician] {
            tokens.push((role, format!("form_token={}", clinic.form_token(role).await)));
        }
        let mut kept = Vec::new();
        for of in chunk {
            for (role, form, fields) in FORMS {
                let token = &tokens.iter().find(|(of, _)| of == role).unwrap().1;
                let fields: Vec<&str> = [token.as_str()].into_iter().chain(fields.iter().copied()).collect();
                let path = format!("/cases/{case}/{form}");
                let answer = fill(&clinic, Some(*role), &path, &fields, &case.to_string(), of).await;
                expect_sound(&answer, of, &path);
                if *form == "note" && answer.status.is_redirection() {
                    kept.push(of);
                }
            }
            for (role, way, body) in BODIES {
                let token = &tokens.iter().find(|(of, _)| of == role).unwrap().1;
                let path = format!("/api/v1/cases/{case}/{way}");
                let answer = post(&clinic, *role, &path, (token, body), &case.to_string(), of).await;
                expect_sound(&answer, of, &path);
                assert!(answer.header("content-type").starts_with("application/json"), "{path} {of:?}");
            }
            let search = [tokens[0].1.as_str(), "q="];
            let answer = fill(&clinic, Some(Role::Coordinator), "/search", &search, "", of).await;
            expect_sound(&answer, of, "/search");
        }
        for page in ["desk", "sheet", "summary", "reply", "history"] {
            let answer = clinic.get(Some(Role::Coordinator), &format!("/cases/{case}/{page}")).await;
            assert!(answer.status.is_success(), "{page}: {}", answer.text);
            expect_sound(&answer, &chunk[0], page);
            let is_missing = |of: &&&Naughty| page == "history" && !answer.text.contains(&of.shown());
            assert!(!kept.iter().any(|of| is_missing(&of)), "{:?}", kept.iter().find(is_missing));
        }
        assert!(kept.len() > chunk.len() / 3, "most strings are words");
        let close = [tokens[0].1.as_str(), "text="];
        let answer =
            fill(&clinic, Some(Role::Coordinator), &format!("/cases/{case}/close"), &close, "", &chunk[0])
                .await;
        expect_sound(&answer, &chunk[0], "close");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_of_a_case_take_every_string() {
    a_part_through_the_forms_of_a_case(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_of_a_case_take_every_other_string() {
    a_part_through_the_forms_of_a_case(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_takes_every_string() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "DLBCL").await.to_string();
    for (number, of) in naughty().iter().enumerate() {
        // Links that open nothing are counted; the session must not end meanwhile.
        if number % 10 == 9 {
            clinic.later(600);
        }
        let string = encoded_bytes(&of.bytes);
        for address in ADDRESSES {
            let path = address.replace("{case}", &case).replace("{}", &string);
            // A longer address is none.
            if path.len() < 1 << 16 {
                let answer = clinic.get(Some(Role::Coordinator), &path).await;
                expect_sound(&answer, of, address);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_come_under_every_name_and_their_pages_show_it() {
    let clinic = Clinic::staffed().await;
    for of in naughty() {
        clinic.later(31);
        let Some(case) = sent_by(&clinic, &of).await else { continue };
        for page in ["history", "reply"] {
            let answer = clinic.get(Some(Role::Coordinator), &format!("/cases/{case}/{page}")).await;
            expect_sound(&answer, &of, page);
            assert!(answer.status.is_success(), "{page} {of:?}: {}", answer.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_in_takes_every_string() {
    let clinic = Clinic::new().await;
    for of in naughty() {
        // Forty tries of an address in a quarter of an hour.
        clinic.later(25);
        let answer = fill(&clinic, None, "/sign-in", &["login=", "password=x", "to="], "", &of).await;
        expect_sound(&answer, &of, "/sign-in");
        for (path, fields) in [
            ("/sign-in/code", &["code=", "to="][..]),
            ("/demo-sign-in", &["login="]),
            ("/setup/0123456789abcdef0123456789abcdef", &["login=", "name=", "password=short"]),
            ("/send/begin", &["link="]),
        ] {
            let answer = fill(&clinic, None, path, fields, "", &of).await;
            expect_sound(&answer, &of, path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_take_every_string() {
    let clinic = Clinic::staffed().await;
    let role = Some(Role::Administrator);
    let token = format!("form_token={}", clinic.form_token(Role::Administrator).await);
    for (number, of) in naughty().iter().enumerate() {
        // Making an account stretches a password, which takes long: most are refused before.
        let password = if number % 25 == 0 { "password=a%20password%20of%20tests" } else { "password=short" };
        let fields = [token.as_str(), "login=", "name=", password, "coordinator=1", "language="];
        let answer = fill(&clinic, role, "/people", &fields, "", of).await;
        expect_sound(&answer, of, "/people");
        let fields = [token.as_str(), "act=", "password=short", "name="];
        let path = format!("/people/{}", encoded_bytes(&of.bytes));
        expect_sound(&fill(&clinic, role, &path, &fields, "", of).await, of, "/people/{login}");
    }
    for page in ["/people", "/access", "/health"] {
        let answer = clinic.get(role, page).await;
        assert!(answer.status.is_success());
        expect_sound(&answer, &naughty()[0], page);
    }
}
