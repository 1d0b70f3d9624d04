//! Around every request: where it comes from, which language, which headers go back, and pages for what went wrong.

use crate::pages::send::{LARGEST_FILE, LARGEST_FORM, LARGEST_PIECE};
use crate::{
    App, Mode,
    error::{Failed, Failure},
    frame::{Frame, escaped, page, see_other},
    who::{Signed, cookie},
    words::Language,
};
use askama::Template;
use axum::{
    Json,
    body::Body,
    extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

/// The pages may show their own style, scripts and pictures, send forms home, and reach nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The language of a request.
#[derive(Clone, Copy)]
pub(crate) struct Tongue(pub(crate) Language);

impl<S: Send + Sync> FromRequestParts<S> for Tongue {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(language(&parts.headers)))
    }
}

/// The language that somebody chose, or that the browser asks for.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let chosen = cookie(headers, "language").and_then(|tag| Language::of(&tag));
    chosen.unwrap_or_else(|| {
        let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::accepted(header.unwrap_or_default())
    })
}

/// The address that a request comes from, for counting tries.
#[derive(Clone)]
pub(crate) struct From(pub(crate) String);

impl FromRequestParts<App> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let direct = direct.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        // The proxy adds the client's address at the end; what stands before it, the client itself may have written.
        let told =
            parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        let told = told.and_then(|value| value.rsplit(',').next()).and_then(|last| last.trim().parse().ok());
        let ip = match (app.mode, told) {
            (Mode::Tls, Some(told)) => told,
            _ => direct,
        };
        Ok(Self(network(ip)))
    }
}

/// Who has a network of version 6 has 2^64 addresses: the network counts.
fn network(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

/// Refuses forms that other pages send: a browser says where a request comes from.
pub(crate) async fn from_here(request: Request, next: Next) -> Result<Response, Failure> {
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !is_reading && !is_from_here(request.headers()) {
        return Err(Failure::Form);
    }
    Ok(next.run(request).await)
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let host = text("host").unwrap_or_default();
    match text("origin") {
        Some(origin) => origin.split_once("://").is_some_and(|(_, of)| of == host),
        // No browser sends a form without one of both; a programme has no session cookie by mistake.
        None => true,
    }
}

/// How long an answer may take, and how many bytes a request may have: papers come over slow networks and are large.
pub(crate) async fn bounds(mut request: Request, next: Next) -> Result<Response, Failure> {
    let path = request.uri().path();
    let is_form_of_papers = path == "/send" || (path.starts_with("/status/") && path.ends_with("/add"));
    let is_file = path.starts_with("/api/v1/cases/") && path.ends_with("/documents");
    let has_files = is_form_of_papers && *request.method() == Method::POST;
    let (bytes, patience) = match *request.method() {
        Method::PUT => (LARGEST_PIECE + 1, SLOW),
        _ if has_files => (LARGEST_FORM, SLOW),
        Method::POST if is_file => (LARGEST_FILE, SLOW),
        _ => (LARGEST_PAGE_FORM, QUICK),
    };
    DefaultBodyLimit::max(bytes).apply(&mut request);
    if path_is_stream(&request) {
        return Ok(next.run(request).await);
    }
    tokio::time::timeout(patience, next.run(request)).await.map_err(|_| Failure::Unavailable)
}

fn path_is_stream(request: &Request) -> bool {
    request.uri().path() == "/events"
}

/// Bytes of a form without files.
const LARGEST_PAGE_FORM: usize = 256 << 10;
/// A page takes no longer.
const QUICK: Duration = Duration::from_secs(60);
/// 200 MB over a telephone's network.
const SLOW: Duration = Duration::from_secs(1_800);

/// Sets the headers of every answer.
pub(crate) async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set("content-security-policy", POLICY);
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    set("permissions-policy", "camera=(self), geolocation=(), microphone=()");
    set("x-robots-tag", "noindex, nofollow");
    if !is_asset {
        set("cache-control", "no-store");
    }
    if app.mode == Mode::Tls {
        set("strict-transport-security", "max-age=31536000; includeSubDomains");
    }
    response
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    f: Frame,
    key: &'static str,
    why: String,
    case: Option<String>,
    number: Option<String>,
    back: String,
}

/// Makes pages of failures, in the reader's language.
pub(crate) async fn failures(State(app): State<App>, request: Request, next: Next) -> Response {
    let wants_json = request.uri().path().starts_with("/api/") || wants_json(request.headers());
    let (language, uri) = (language(request.headers()), request.uri().clone());
    let is_reading = *request.method() == Method::GET;
    let (mut parts, body) = request.into_parts();
    // Without the register there is still a page that says so.
    let signed = <Option<Signed> as FromRequestParts<App>>::from_request_parts(&mut parts, &app)
        .await
        .unwrap_or_default();
    let response = next.run(Request::from_parts(parts, body)).await;
    let failed = response.extensions().get::<Failed>().cloned();
    let status = response.status();
    let failure = match failed {
        Some(failed) => failed.0,
        None if status == axum::http::StatusCode::NOT_FOUND => std::sync::Arc::new(Failure::Absent),
        None if status == axum::http::StatusCode::PAYLOAD_TOO_LARGE => std::sync::Arc::new(Failure::TooLarge),
        None if status.is_client_error()
            && response.headers().get(header::CONTENT_TYPE).is_none_or(is_plain) =>
        {
            std::sync::Arc::new(Failure::Refused(String::new()))
        }
        None => return response,
    };
    let number = number(&app, &failure);
    if wants_json {
        let body = serde_json::json!({ "error": failure.key(), "why": why(&failure), "number": number });
        return (failure.status(), Json(body)).into_response();
    }
    // What was typed into a form is lost when its page goes: then it says so.
    if matches!(*failure, Failure::SignIn) && is_reading {
        return see_other(&format!("/sign-in?to={}", escaped(&here(&uri))));
    }
    error_page(&app, signed.as_ref(), language, &uri, &failure, number)
}

fn is_plain(value: &HeaderValue) -> bool {
    value.as_bytes().starts_with(b"text/plain")
}

fn here(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

/// What a failure says in the words of the register, which name no patient.
fn why(failure: &Failure) -> String {
    match failure {
        Failure::Refused(why) => why.clone(),
        _ => String::new(),
    }
}

/// Logs what is ours, and gives the number under which it stands there.
fn number(app: &App, failure: &Failure) -> Option<String> {
    let Failure::Ours(why) = failure else { return None };
    let number = format!("{:x}", app.casework.ledger().now().micros());
    tracing::error!(number = %number, error = %why, "web.failed");
    Some(number)
}

fn error_page(
    app: &App,
    signed: Option<&Signed>,
    language: Language,
    uri: &Uri,
    failure: &Failure,
    number: Option<String>,
) -> Response {
    let here = here(uri);
    let frame = match signed {
        Some(signed) => Frame::staff(app, signed, language, &here, "error"),
        None => Frame::public(app, language, &here),
    };
    let case = match failure {
        Failure::NotYours(case) => Some(case.to_string()),
        _ => None,
    };
    let back = match failure {
        Failure::SignIn => "/sign-in",
        _ if signed.is_some() => "/worklist",
        _ => "/send",
    };
    let back = back.to_owned();
    let template = ErrorPage { f: frame, key: failure.key(), why: why(failure), case, number, back };
    let mut response = page(&template).unwrap_or_else(|_| Body::empty().into_response());
    *response.status_mut() = failure.status();
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&'static str, &'static str)]) -> bool {
        let pairs = pairs.iter().map(|(name, value)| {
            (name.parse::<header::HeaderName>().unwrap(), HeaderValue::from_static(value))
        });
        is_from_here(&pairs.collect())
    }

    #[test]
    fn forms_from_elsewhere_are_told() {
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(from(&[("sec-fetch-site", "none")]));
        assert!(!from(&[("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(from(&[("origin", "https://clinic.example"), ("host", "clinic.example")]));
        assert!(!from(&[("origin", "https://evil.example"), ("host", "clinic.example")]));
        assert!(!from(&[("origin", "null"), ("host", "clinic.example")]));
        assert!(from(&[("host", "clinic.example")]));
    }

    #[test]
    fn a_network_of_version_6_is_one_address() {
        assert_eq!(
            network("2001:db8:1:2:3:4:5:6".parse().unwrap()),
            network("2001:db8:1:2::9".parse().unwrap())
        );
        assert_ne!(network("2001:db8:1:3::1".parse().unwrap()), network("2001:db8:1:2::1".parse().unwrap()));
    }
}
