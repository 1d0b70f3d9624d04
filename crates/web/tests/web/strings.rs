//! Strings that break programmes, each through every field that takes words and every address that takes a name: nothing fails,
//! nothing leads elsewhere, and they are shown as they are.

mod markup;
mod naughty;

use crate::clinic::{Answer, Clinic, PASSWORD, encoded, encoded_bytes};
use axum::http::Method;
use cartulary_casework::people::Role;
use cartulary_model::CaseId;
use cartulary_web::ROUTES;
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
    (Role::Physician, "decide", &["decision=", "set=", "reason=", "evaluation="]),
];

/// What the forms of the house take.
const HOUSE: &[(Role, &str, &[&str])] = &[
    (Role::Coordinator, "/search", &["q="]),
    (Role::Coordinator, "/views", &["name=", "address="]),
    (Role::Coordinator, "/views", &["name=", "address=view%3Dall%26diagnosis%3D{}%26q%3D{}"]),
    (Role::Coordinator, "/views/{}", &[]),
    (Role::Administrator, "/keeping", &["act=", "case_code=", "reason="]),
    (Role::Administrator, "/keeping", &["act=retain", "case_code=", "until=", "reason="]),
    (Role::Administrator, "/keeping", &["act=erase", "case_code=", "reason=", "password=", "code="]),
    (Role::Administrator, "/people/{}", &["act=", "password=short", "name="]),
];

/// What programmes send of the house.
const HOUSE_BODIES: &[(Role, &str, &str)] = &[
    (Role::Coordinator, "/api/v1/search", r#"{"words":"{}"}"#),
    (Role::Coordinator, "/api/v1/cases", r#"{"channel":"{}"}"#),
    (
        Role::Administrator,
        "/api/v1/people",
        r#"{"login":"{}","name":"{}","password":"short","language":"{}","roles":["{}"]}"#,
    ),
    (Role::Administrator, "/api/v1/people/{}", r#"{"act":"{}","name":"{}","language":"{}"}"#),
    (
        Role::Administrator,
        "/api/v1/keeping",
        r#"{"act":"retain","case_code":"{}","until":"{}","reason":"{}"}"#,
    ),
];

/// Addresses that take words in a test of their own.
const ELSEWHERE: &[&str] = &[
    "/send",
    "/send/begin",
    "/send/{upload}",
    "/sign-in",
    "/sign-in/code",
    "/demo-sign-in",
    "/setup/{token}",
    "/status/{token}",
    "/status/{token}/add",
    "/people",
    "/cases/{case}/close",
    "/api/v1/session",
    "/api/v1/cases/{case}/close",
];
/// Addresses that take no words.
const SILENT: &[&str] = &["/sign-out", "/api/v1/cases/{case}/hand-on"];

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
    (Role::Coordinator, "undo", r#"{"entry":999,"reason":"{}"}"#),
    (Role::Coordinator, "unmerge", r#"{"from":"{}","reason":"{}"}"#),
    (Role::Coordinator, "links", r#"{"days":"{}"}"#),
    (Role::Coordinator, "documents?name={}&channel=upload", "{}"),
    (Role::Coordinator, "documents?name=a&channel={}", "{}"),
    (Role::Coordinator, "documents/{}/read-again", r#"{"reason":"{}"}"#),
    (Role::Physician, "break-glass", r#"{"reason":"{}"}"#),
    (Role::Physician, "infusions", r#"{"on":"{}","product":"{}","content":{"{}":"{}"}}"#),
    (Role::Physician, "infusions", r#"{"on":"2026-01-02","product":"{}","content":{"{}":"{}"}}"#),
    (Role::Physician, "visits", r#"{"on":"2026-02-02","visit":"{}","content":{"words":["{}"]}}"#),
    (Role::Physician, "decisions", r#"{"decision":"{}","set":"{}","reason":"{}","evaluation":"{}"}"#),
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
    let path = path.replace("{}", &encoded_bytes(&of.bytes));
    let request = clinic
        .request(Some(role), Method::POST, &path)
        .header("x-form-token", token.trim_start_matches("form_token="))
        .body(body.into());
    clinic.send(request.unwrap()).await
}

/// A physician decides and signs with a string as the reason; how the sheet shows it, if it is a reason.
async fn decided(clinic: &Clinic, case: CaseId, of: &Naughty) -> Option<String> {
    let role = Role::Physician;
    let token = format!("form_token={}", clinic.form_token(role).await);
    let signature = [format!("password={}", encoded(PASSWORD)), format!("code={}", clinic.next_code(role))];
    let fields = [token.as_str(), "decision=decline", "set=", "reason=", &signature[0], &signature[1]];
    let path = format!("/cases/{case}/decide");
    let answer = fill(clinic, Some(role), &path, &fields, "", of).await;
    expect_sound(&answer, of, &path);
    answer.status.is_redirection().then(|| of.shown())
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
        }
        let reason = decided(&clinic, case, &chunk[chunk.len() / 2]).await;
        for page in ["desk", "sheet", "summary", "reply", "history"] {
            let answer = clinic.get(Some(Role::Coordinator), &format!("/cases/{case}/{page}")).await;
            assert!(answer.status.is_success(), "{page}: {}", answer.text);
            expect_sound(&answer, &chunk[0], page);
            let is_missing = |of: &&&Naughty| page == "history" && !answer.text.contains(&of.shown());
            assert!(!kept.iter().any(|of| is_missing(&of)), "{:?}", kept.iter().find(is_missing));
            let is_here =
                reason.as_ref().is_none_or(|reason| page != "sheet" || answer.text.contains(reason));
            assert!(is_here, "{reason:?}");
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
async fn the_forms_of_the_house_take_every_string() {
    let clinic = Clinic::staffed().await;
    let mut tokens = Vec::new();
    for role in [Role::Coordinator, Role::Administrator] {
        tokens.push((role, format!("form_token={}", clinic.form_token(role).await)));
    }
    let token_of = |role| tokens.iter().find(|(of, _)| *of == role).map(|(_, token)| token.as_str()).unwrap();
    for (number, of) in naughty().iter().enumerate() {
        // Half a day in all: a session ends after twelve hours.
        if number % 20 == 19 {
            clinic.later(600);
        }
        for (role, form, fields) in HOUSE {
            let fields: Vec<&str> = [token_of(*role)].into_iter().chain(fields.iter().copied()).collect();
            let path = form.replace("{}", &encoded_bytes(&of.bytes));
            expect_sound(&fill(&clinic, Some(*role), &path, &fields, "", of).await, of, form);
        }
        for (role, way, body) in HOUSE_BODIES {
            let answer = post(&clinic, *role, way, (token_of(*role), body), "", of).await;
            expect_sound(&answer, of, way);
        }
        let body = r#"{"login":"{}","password":"{}","code":"{}"}"#;
        let answer = post(&clinic, Role::Coordinator, "/api/v1/session", ("", body), "", of).await;
        expect_sound(&answer, of, "/api/v1/session");
        for (path, fields) in
            [("/status/{}", &["a="][..]), ("/status/{}/add", &["words="]), ("/send/{}", &["words="])]
        {
            let path = path.replace("{}", &encoded_bytes(&of.bytes));
            expect_sound(&fill(&clinic, None, &path, fields, "", of).await, of, "a link");
        }
    }
    // The views that were kept are shown.
    let answer = clinic.get(Some(Role::Coordinator), "/worklist").await;
    assert!(answer.status.is_success(), "{}: {}", answer.status, answer.text);
    expect_sound(&answer, &naughty()[0], "/worklist");
}

#[test]
fn no_address_that_takes_words_is_left_out() {
    let of_a_case = FORMS.iter().map(|(_, form, _)| format!("/cases/{{case}}/{form}"));
    let bodies = BODIES.iter().map(|(_, way, _)| format!("/api/v1/cases/{{case}}/{way}"));
    let house = HOUSE.iter().map(|(_, form, _)| (*form).to_owned());
    let house_bodies = HOUSE_BODIES.iter().map(|(_, way, _)| (*way).to_owned());
    let others = ELSEWHERE.iter().chain(SILENT).map(|path| (*path).to_owned());
    let asked: Vec<String> = of_a_case.chain(bodies).chain(house).chain(house_bodies).chain(others).collect();
    let is_asked = |path: &str| {
        asked.iter().any(|asked| {
            let (asked, path) = (asked.split(['?', '/']), path.split('/'));
            path.clone().count() <= asked.clone().count()
                && path.zip(asked).all(|(of, asked)| of == asked || (of.starts_with('{') && asked == "{}"))
        })
    };
    for route in ROUTES.iter().filter(|route| route.method == cartulary_web::Method::Post) {
        assert!(is_asked(route.path), "{}", route.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_takes_every_string() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "DLBCL").await.to_string();
    let all = naughty();
    // Links that open nothing are counted in quarters of an hour, and a session ends after twelve hours.
    let step = 40_000 / (i64::try_from(all.len()).unwrap() / 10 + 1);
    for (number, of) in all.iter().enumerate() {
        if number % 10 == 9 {
            clinic.later(step);
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
    // Signed in to the end, so that the last strings were asked like the first.
    assert!(clinic.get(Some(Role::Coordinator), "/worklist").await.status.is_success());
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
    }
    for page in ["/people", "/access", "/health"] {
        let answer = clinic.get(role, page).await;
        assert!(answer.status.is_success());
        expect_sound(&answer, &naughty()[0], page);
    }
}
