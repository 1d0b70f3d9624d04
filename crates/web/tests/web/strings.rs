//! Strings that break programmes, through every field that takes words: shown as they are, and nothing fails.

use crate::clinic::Clinic;
use cartulary_casework::people::Role;

/// Markup, quotes, escapes, other directions, control signs, SQL, paths, formulas, emoji, combining marks, lone surrogates'
/// neighbours, numbers that are none.
const NAUGHTY: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'; DROP TABLE entry; --",
    "{{7*7}}",
    "{% include \"x\" %}",
    "${7*7}",
    "../../etc/passwd",
    "\u{202E}gpj.exe",
    "a\r\nSet-Cookie: x=1",
    "\u{0}\u{1}\u{7f}",
    "=cmd|' /C calc'!A0",
    "👩‍👩‍👧‍👦",
    "Z̸̢̛͎a̶l̷g̵o̸",
    "NaN",
    "-0",
    "1e400",
    "９９９",
    "\u{202E}אבג",
    "你好'\"<>&",
    "%00%0d%0a",
    "\\u0000",
    "&lt;b&gt;",
    "javascript:alert(1)",
    "undefined",
    "null",
    "true",
    "Ω≈ç√∫˜µ≤≥÷",
    "\u{FEFF}\u{200B}\u{2060}",
    "ﷺ",
    "田中さんにあげて下さい",
    "﷽﷽﷽﷽",
    "(｡◕ ∀ ◕｡)",
    "`ls`",
    "$(touch x)",
    "%n%s%d",
    "<svg/onload=1>",
    "<!--",
    "]]>",
];

#[tokio::test(flavor = "multi_thread")]
async fn they_are_shown_as_they_are() {
    let clinic = Clinic::staffed().await;
    let long = "长".repeat(4_000);
    for text in NAUGHTY.iter().copied().chain([long.as_str()]) {
        let case = clinic.case(text, text).await;
        let role = Some(Role::Coordinator);
        let token = clinic.form_token(Role::Coordinator).await;
        for (path, fields) in [
            (format!("/cases/{case}/note"), vec![("text", text)]),
            (
                format!("/cases/{case}/reply"),
                vec![
                    ("act", "send"),
                    ("channel", "link"),
                    ("language", text),
                    ("asks", text),
                    ("text", text),
                ],
            ),
            (format!("/cases/{case}/judge"), vec![("act", text), ("of", text), ("fact", text)]),
            (format!("/cases/{case}/undo"), vec![("seq", "1"), ("text", text)]),
            ("/sign-in".to_owned(), vec![("login", text), ("password", text)]),
        ] {
            let form: Vec<(&str, &str)> =
                [("form_token", token.as_str())].into_iter().chain(fields).collect();
            let answer = clinic.post(role, &path, &form).await;
            assert!(!answer.status.is_server_error(), "{path} {text:?}: {}", answer.status);
            assert!(answer.headers.get("set-cookie").is_none() || path == "/sign-in", "{path} {text:?}");
        }
        for path in ["history", "reply", "desk", "sheet"] {
            let page = clinic.get(role, &format!("/cases/{case}/{path}")).await;
            assert!(page.status.is_success(), "{path} {text:?}: {}", page.status);
            for tag in ["<script>alert", "<img src=x", "<svg/onload"] {
                assert!(!page.text.contains(tag), "{path} {text:?}");
            }
        }
        let found = clinic.post(role, "/search", &[("form_token", &token), ("q", text)]).await;
        assert!(found.status.is_success(), "{text:?}: {}", found.status);
    }
}
