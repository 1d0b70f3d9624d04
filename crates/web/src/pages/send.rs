//! Send your reports: for anybody, without an account, with or without scripts.

use crate::{
    App,
    error::{Failure, Outcome},
    frame::{Frame, page, see_other},
    guard::{From, Tongue},
    limits::Limit,
    pages::{WANTED, ask_words, time},
    words::{Language, Words},
};
use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{Multipart, Path, Query, State, multipart::MultipartError},
    response::IntoResponse as _,
};
use cartulary_casework::{Delivered, Inquiry, SCOPES, UploadedFile};
use cartulary_ledger::Sender;
use cartulary_model::CaseId;
use serde::{Deserialize, Serialize};

pub(crate) const RELATIONS: [&str; 4] = ["self", "relative", "doctor", "other"];
/// Bytes of a form with its files, without pieces.
pub(crate) const LARGEST_FORM: usize = 210 << 20;
/// Bytes of a file of it, files, and bytes of what somebody types.
pub(crate) const LARGEST_FILE: usize = 50 << 20;
const MOST_FILES: usize = 50;
const LARGEST_TEXT: usize = 32 << 10;
/// Bytes of a piece.
pub(crate) const LARGEST_PIECE: usize = 8 << 20;

/// What somebody typed, to be shown again when something is missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    name: String,
    relation: String,
    mail: String,
    phone: String,
    whatsapp: String,
    country: String,
    words: String,
    consents: Vec<String>,
    delivery: String,
    /// The files of an upload that are to be received.
    wanted: Vec<u32>,
}

#[derive(Template)]
#[template(path = "send.html")]
struct SendPage {
    f: Frame,
    action: String,
    into: Option<CaseId>,
    asks: Vec<String>,
    promise: String,
    problem: Option<String>,
    said: Said,
    relations: [&'static str; 4],
    scopes: [&'static str; 6],
    wanted: [&'static str; 10],
}

#[derive(Template)]
#[template(path = "sent.html")]
struct SentPage {
    f: Frame,
    papers: usize,
    code: String,
    link: String,
    promise: String,
    due: String,
}

/// The page.
pub(crate) async fn get(State(app): State<App>, Tongue(language): Tongue) -> Outcome {
    form(&app, language, None, None, Said::default())
}

/// Papers for a case that is there, by its link.
pub(crate) async fn get_more(
    State(app): State<App>,
    Tongue(language): Tongue,
    from: From,
    Path(token): Path<String>,
) -> Outcome {
    let case = case_of(&app, &from, &token).await?;
    form(&app, language, Some((case, &token)), None, Said::default())
}

fn form(
    app: &App,
    language: Language,
    into: Option<(CaseId, &str)>,
    problem: Option<String>,
    mut said: Said,
) -> Outcome {
    if said.delivery.is_empty() {
        said.delivery = app.casework.secret();
    }
    let action = into.map_or("/send".to_owned(), |(_, token)| format!("/status/{token}/add"));
    page(&SendPage {
        f: Frame::public(app, language, &action),
        action,
        into: into.map(|(case, _)| case),
        asks: Vec::new(),
        promise: app.site.promise_hours().to_string(),
        problem,
        said,
        relations: RELATIONS,
        scopes: SCOPES,
        wanted: WANTED,
    })
}

/// The case that a link opens.
pub(crate) async fn case_of(app: &App, from: &From, token: &str) -> Outcome<CaseId> {
    match app.casework.link(token).await? {
        Some(link) => Ok(link.case()),
        None if app.limits.let_in(Limit::Link, &from.0, app.now_s()) => Err(Failure::Absent),
        None => Err(Failure::TooMany),
    }
}

/// A form with its files, of a browser without scripts.
pub(crate) async fn post(
    State(app): State<App>,
    Tongue(language): Tongue,
    from: From,
    multipart: Multipart,
) -> Outcome {
    receive(&app, language, &from, None, multipart).await
}

/// The same for a case that is there.
pub(crate) async fn post_more(
    State(app): State<App>,
    Tongue(language): Tongue,
    from: From,
    Path(token): Path<String>,
    multipart: Multipart,
) -> Outcome {
    let case = case_of(&app, &from, &token).await?;
    receive(&app, language, &from, Some((case, &token)), multipart).await
}

async fn receive(
    app: &App,
    language: Language,
    from: &From,
    into: Option<(CaseId, &str)>,
    multipart: Multipart,
) -> Outcome {
    expect_few(app, from)?;
    // A form holds all its files while it comes; a slow sender must not keep others from being delivered.
    let _coming = app.forms.try_acquire().map_err(|_| Failure::Unavailable)?;
    let (said, files) = parts(multipart).await?;
    let _room = app.deliveries.acquire().await.map_err(|_| Failure::Unavailable)?;
    let w = Words::new(language);
    let inquiry = match into {
        Some(_) => Ok(None),
        None => inquiry(app, language, &said).map(Some),
    };
    let problem = match &inquiry {
        Err(key) => Some(w.of("send-problem", key)),
        Ok(_) if files.is_empty() => Some(w.t("send-none")),
        Ok(_) => None,
    };
    let Some(inquiry) = inquiry.ok().filter(|_| problem.is_none()) else {
        let mut response = form(app, language, into, problem, said)?;
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };
    // A page's own secret names the delivery: sent twice it is one, and nobody else's papers lead to this case.
    let source = if said.delivery.len() == 32 { said.delivery.clone() } else { app.casework.secret() };
    let link = into.map(|(_, token)| token);
    let delivered = app.casework.receive_sent(link, &source, inquiry, &files, app.files).await?;
    answer(app, language, link, &delivered)
}

fn answer(app: &App, language: Language, link: Option<&str>, delivered: &Delivered) -> Outcome {
    if let Some(link) = link {
        return Ok(see_other(&format!("/status/{link}")));
    }
    let now = app.casework.ledger().now();
    page(&SentPage {
        f: Frame::public(app, language, "/send"),
        papers: delivered.papers,
        code: app.casework.ledger().code(delivered.case),
        link: delivered.link.clone(),
        promise: app.site.promise_hours().to_string(),
        due: time(app, app.site.hours.after(now, app.site.hours.promise_s)),
    })
}

fn expect_few(app: &App, from: &From) -> Outcome<()> {
    if app.limits.let_in(Limit::Send, &from.0, app.now_s()) { Ok(()) } else { Err(Failure::TooMany) }
}

async fn parts(mut multipart: Multipart) -> Outcome<(Said, Vec<(String, Bytes)>)> {
    let broken = |error: MultipartError| match error.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
        _ => Failure::Refused("the form came in part: send it again".to_owned()),
    };
    let (mut said, mut files) = (Said::default(), Vec::new());
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "files" {
            let file = file_name(field.file_name().unwrap_or_default());
            let bytes = field.bytes().await.map_err(broken)?;
            // A browser sends an empty file where none was chosen.
            if !(bytes.is_empty() && file.is_empty()) {
                files.push((file, bytes));
            }
            let is_large = files.last().is_some_and(|(_, bytes)| bytes.len() > LARGEST_FILE);
            if is_large || files.len() > MOST_FILES {
                return Err(Failure::TooLarge);
            }
        } else {
            let text = field.text().await.map_err(broken)?;
            if text.len() > LARGEST_TEXT {
                return Err(Failure::TooLarge);
            }
            said.take(&name, text);
        }
    }
    Ok((said, files))
}

/// A name as it is kept: without folders and signs that steer.
pub(crate) fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |sign: &char| {
        !sign.is_control() && !matches!(*sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    last.chars().filter(is_plain).take(200).collect::<String>().trim().to_owned()
}

impl Said {
    fn take(&mut self, field: &str, text: String) {
        let text = text.trim().to_owned();
        match field {
            "name" => self.name = text,
            "relation" => self.relation = text,
            "mail" => self.mail = text,
            "phone" => self.phone = text,
            "whatsapp" => self.whatsapp = text,
            "country" => self.country = text.to_ascii_uppercase(),
            "words" => self.words = text,
            "delivery" => self.delivery = text,
            "wanted" => self.wanted = text.split(',').filter_map(|number| number.parse().ok()).collect(),
            "consent" => self.consents.push(text),
            _ => {}
        }
    }
}

/// What somebody said, or the key of what is missing.
fn inquiry(app: &App, language: Language, said: &Said) -> Result<Inquiry, &'static str> {
    let optional = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let is_phone = |text: &str| text.is_empty() || text.chars().filter(char::is_ascii_digit).count() >= 6;
    let is_mail = |text: &str| {
        text.is_empty()
            || text.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
    };
    if said.name.is_empty() || said.name.chars().count() > 200 {
        return Err("name");
    } else if !RELATIONS.contains(&said.relation.as_str()) {
        return Err("relation");
    } else if said.mail.is_empty() && said.phone.is_empty() && said.whatsapp.is_empty() {
        return Err("contact");
    } else if !is_mail(&said.mail) || said.mail.contains(char::is_whitespace) {
        return Err("mail");
    } else if !is_phone(&said.phone) || !is_phone(&said.whatsapp) {
        return Err("phone");
    } else if !(said.country.is_empty()
        || (said.country.len() == 2 && said.country.bytes().all(|of| of.is_ascii_uppercase())))
    {
        return Err("country");
    }
    let gave_care = said.consents.iter().any(|scope| scope == "care");
    let are_known = said.consents.iter().all(|scope| SCOPES.contains(&scope.as_str()));
    if !(gave_care && are_known) {
        return Err("care");
    }
    let sender = Sender {
        name: said.name.clone(),
        relation: said.relation.clone(),
        language: language.tag.to_owned(),
        country: optional(&said.country),
        mail: optional(&said.mail),
        phone: optional(&said.phone),
        whatsapp: optional(&said.whatsapp),
    };
    let mut consents = said.consents.clone();
    consents.dedup();
    Ok(Inquiry { sender, words: optional(&said.words), notice: Some(app.site.notice.clone()), consents })
}

// ---- in pieces, for browsers with scripts ----

#[derive(Serialize)]
struct Begun {
    upload: String,
}

#[derive(Deserialize)]
pub(crate) struct Into {
    /// The token of a link: the papers go to its case.
    #[serde(default)]
    link: Option<String>,
}

/// Begins an upload.
pub(crate) async fn begin(State(app): State<App>, from: From, Query(into): Query<Into>) -> Outcome {
    expect_few(&app, &from)?;
    if let Some(token) = &into.link {
        case_of(&app, &from, token).await?;
    }
    let upload = app.casework.begin_upload(into.link.as_deref()).await?;
    Ok(Json(Begun { upload }).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Piece {
    name: String,
    size: u64,
    offset: u64,
}

#[derive(Serialize)]
struct Kept {
    number: u32,
    size: u64,
    kept: u64,
}

impl std::convert::From<UploadedFile> for Kept {
    fn from(file: UploadedFile) -> Self {
        Self { number: file.number, size: file.size, kept: file.kept }
    }
}

/// Keeps a piece of a file; says how much is kept.
pub(crate) async fn piece(
    State(app): State<App>,
    Path((upload, number)): Path<(String, u32)>,
    Query(piece): Query<Piece>,
    bytes: Bytes,
) -> Outcome {
    if bytes.len() > LARGEST_PIECE {
        return Err(Failure::TooLarge);
    }
    let name = file_name(&piece.name);
    let kept = app.casework.put_piece(&upload, (number, &name, piece.size), piece.offset, bytes).await?;
    Ok(Json(Kept { number, size: piece.size, kept }).into_response())
}

/// Says how far an upload has come.
pub(crate) async fn how_far(State(app): State<App>, Path(upload): Path<String>) -> Outcome {
    let files = app.casework.uploaded(&upload).await?.ok_or(Failure::Absent)?;
    Ok(Json(files.into_iter().map(Kept::from).collect::<Vec<_>>()).into_response())
}

/// Takes a file out.
pub(crate) async fn drop_file(
    State(app): State<App>,
    Path((upload, number)): Path<(String, u32)>,
) -> Outcome {
    app.casework.drop_file(&upload, number).await?;
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}

/// The form of an upload whose files have come.
pub(crate) async fn finish(
    State(app): State<App>,
    Tongue(language): Tongue,
    Path(upload): Path<String>,
    multipart: Multipart,
) -> Outcome {
    let (said, _) = parts(multipart).await?;
    let w = Words::new(language);
    app.casework.uploaded(&upload).await?.ok_or(Failure::Absent)?;
    let is_more = app.casework.goes_through_link(&upload).await?;
    let inquiry = match is_more {
        // Who sends is known.
        true => None,
        false => {
            Some(inquiry(&app, language, &said).map_err(|key| Failure::Refused(w.of("send-problem", key)))?)
        }
    };
    let none = said.wanted.is_empty();
    let _room = app.deliveries.acquire().await.map_err(|_| Failure::Unavailable)?;
    let delivered = match app.casework.deliver(&upload, &said.wanted, inquiry, app.files).await {
        Err(cartulary_casework::Error::Refused(_)) if none => return Err(Failure::Refused(w.t("send-none"))),
        other => other?,
    };
    answer(&app, language, is_more.then_some(delivered.link.as_str()), &delivered)
}

/// The words that the asked-for papers of a case have, for the page that adds to it.
pub(crate) fn asked(app: &App, w: &Words, asks: &[String]) -> Vec<String> {
    asks.iter().map(|key| ask_words(app, w, key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_folder_and_no_signs_that_steer() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\photos\\病理.jpg", "病理.jpg"),
            ("a\u{202E}gpj.exe", "agpj.exe"),
            ("a\r\nb\0.txt", "ab.txt"),
            ("", ""),
        ] {
            assert_eq!(file_name(sent), kept);
        }
        assert_eq!(file_name(&"x".repeat(5_000)).len(), 200);
    }
}
