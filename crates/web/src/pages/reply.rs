//! The reply: what was said so far, and an answer made of blocks in the sender's language.

use crate::{
    App,
    error::Outcome,
    form::Posted,
    frame::{Frame, page, see_other},
    guard::Tongue,
    pages::{
        WANTED, ask_words,
        case::{Head, head, view},
        time,
    },
    who::Signed,
    words::{LANGS, Language, Words},
};
use askama::Template;
use axum::extract::{Path, Query, State};
use cartulary_casework::{CaseView, Reply};
use cartulary_model::ActorId;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "reply.html")]
struct ReplyPage {
    f: Frame,
    head: Head,
    thread: Vec<Message>,
    languages: Vec<(&'static str, &'static str, bool)>,
    their: Words,
    asks: Vec<Ask>,
    text: String,
    preview: Option<String>,
    names_diagnosis: bool,
    link: Option<String>,
    once: String,
}

struct Message {
    at: String,
    who: String,
    text: String,
    is_ours: bool,
    state: &'static str,
    channel: String,
}

struct Ask {
    key: String,
    theirs: String,
    ours: String,
    decides: usize,
    is_chosen: bool,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    ask: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Written {
    #[serde(default)]
    language: String,
    #[serde(default)]
    text: String,
    /// Keys with commas between: forms give one value a name.
    #[serde(default)]
    asks: String,
    #[serde(default)]
    act: String,
    /// The page's own secret: pressed twice, the answer goes once.
    #[serde(default)]
    once: String,
}

/// The page.
pub(crate) async fn get(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let f = Frame::staff(&app, &signed, language, &format!("/cases/{case}/reply"), "case");
    let language = asked.language.as_deref().and_then(Language::of).unwrap_or_else(|| of_sender(&view));
    let asks = asked.ask.unwrap_or_default();
    let chosen: Vec<String> = asks.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    let written = Written {
        language: language.tag.to_owned(),
        text: String::new(),
        asks,
        act: String::new(),
        once: String::new(),
    };
    drawer(&app, &signed, f, &view, &written, &chosen, None, None).await
}

/// The language that the sender writes.
fn of_sender(view: &CaseView) -> Language {
    let sender = view.whole.own().inquiries.last().and_then(|inquiry| Language::of(&inquiry.sender.language));
    sender.unwrap_or(LANGS[0])
}

#[expect(
    clippy::too_many_arguments,
    reason = "one page with all that it shows; a structure would only carry them here"
)]
async fn drawer(
    app: &App,
    signed: &Signed,
    f: Frame,
    view: &CaseView,
    written: &Written,
    chosen: &[String],
    preview: Option<String>,
    link: Option<String>,
) -> Outcome {
    let head = head(app, signed, &f.w, view, "reply").await?;
    let language = Language::of(&written.language).unwrap_or_else(|| of_sender(view));
    let their = Words::new(language);
    let sender = view.whole.own().inquiries.last().map(|inquiry| &inquiry.sender);
    let text = match written.text.trim() {
        "" => draft(app, &their, sender.map_or("", |sender| &sender.name), chosen),
        text => text.to_owned(),
    };
    let names_diagnosis =
        !head.diagnosis.is_empty() && text.to_lowercase().contains(&head.diagnosis.to_lowercase());
    let languages = LANGS.iter().map(|of| (of.tag, of.name, *of == language)).collect();
    let (thread, asks) = (thread(app, &f.w, view).await?, asks(app, &f.w, &their, view, chosen));
    page(&ReplyPage {
        f,
        head,
        thread,
        languages,
        their,
        asks,
        text,
        preview,
        names_diagnosis,
        link,
        once: app.casework.secret(),
    })
}

/// What there is to ask for: what the criteria miss, the most deciding first; else what is wanted of everybody.
fn asks(app: &App, w: &Words, their: &Words, view: &CaseView, chosen: &[String]) -> Vec<Ask> {
    let ask = |key: String, decides: usize| Ask {
        theirs: ask_words(app, their, &key),
        ours: ask_words(app, w, &key),
        is_chosen: chosen.contains(&key),
        decides,
        key,
    };
    match &view.evaluation {
        Some(of) if !of.ask_for.is_empty() => {
            of.ask_for.iter().take(14).map(|of| ask(of.item.item.clone(), of.decides.len())).collect()
        }
        _ => WANTED.iter().map(|key| ask((*key).to_owned(), 0)).collect(),
    }
}

/// The blocks of an answer, in the sender's language.
fn draft(app: &App, their: &Words, name: &str, chosen: &[String]) -> String {
    let greeting = if name.is_empty() {
        their.t("block-greeting-plain")
    } else {
        their.with("block-greeting", "name", name)
    };
    let mut text = format!("{greeting}\n\n{}\n", their.t("block-thanks"));
    if !chosen.is_empty() {
        text.push_str(&format!("\n{}\n", their.t("block-ask")));
        for key in chosen {
            text.push_str(&format!("- {}\n", ask_words(app, their, key)));
        }
        text.push_str(&format!("\n{}\n", their.t("block-how")));
    }
    text.push_str(&format!("\n{}\n{}", their.t("block-close"), app.site.name_in(their.language.tag)));
    text
}

async fn thread(app: &App, w: &Words, view: &CaseView) -> Outcome<Vec<Message>> {
    let names = app.casework.people().names().await?;
    let file = view.whole.own();
    let name = |who: &ActorId| names.get(who).cloned().unwrap_or_else(|| w.t("who-terminal"));
    let mut all: Vec<(u64, Message)> = Vec::new();
    for inquiry in &file.inquiries {
        let text = inquiry.words.clone().unwrap_or_else(|| w.t("thread-papers"));
        let message = Message {
            at: time(app, inquiry.at),
            who: inquiry.sender.name.clone(),
            text,
            is_ours: false,
            state: "",
            channel: w.of("channel", &file.channel),
        };
        all.push((inquiry.seq, message));
    }
    for message in file.messages.values() {
        let state = if message.sent_at.is_some() { "sent" } else { "waits" };
        let at = message.sent_at.unwrap_or(file.changed_at);
        let channel = w.of("by", &message.channel);
        all.push((
            message.seq,
            Message {
                at: time(app, at),
                who: name(&message.actor),
                text: message.text.clone(),
                is_ours: true,
                state,
                channel,
            },
        ));
    }
    all.sort_by_key(|(seq, _)| *seq);
    Ok(all.into_iter().map(|(_, message)| message).collect())
}

/// Blocks, a look at it, and sending: each a button of the same form.
pub(crate) async fn post(
    State(app): State<App>,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    posted: Posted<Written>,
) -> Outcome {
    let Posted { signed, form } = posted;
    let chosen: Vec<String> = form.asks.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    match form.act.as_str() {
        // Other channels come with a later issue: a message must not wait where it looks sent.
        "send" => {
            let id = signed.expect_case(&app, &case).await?;
            let reply = Reply {
                channel: "link".to_owned(),
                text: form.text.clone(),
                asks: chosen,
                once: form.once.clone(),
            };
            signed.coordinator(&app)?.reply(id, &reply).await?;
            Ok(see_other(&format!("/cases/{id}/reply#thread")))
        }
        "link" => {
            let id = signed.expect_case(&app, &case).await?;
            let token = signed.coordinator(&app)?.make_link(id).await?;
            // Shown in the answer to the form: an address that holds it would stand in logs.
            let view = view(&app, &signed, &case).await?;
            let f = Frame::staff(&app, &signed, language, &format!("/cases/{case}/reply"), "case");
            drawer(&app, &signed, f, &view, &form, &chosen, None, Some(token)).await
        }
        "revoke" => {
            let id = signed.expect_case(&app, &case).await?;
            signed.coordinator(&app)?.revoke_links(id).await?;
            Ok(see_other(&format!("/cases/{id}/reply")))
        }
        "blocks" => {
            let id = signed.expect_case(&app, &case).await?;
            let to = format!(
                "/cases/{id}/reply?language={}&ask={}",
                form.language,
                crate::frame::escaped(&form.asks)
            );
            Ok(see_other(&to))
        }
        _ => {
            let view = view(&app, &signed, &case).await?;
            let f = Frame::staff(&app, &signed, language, &format!("/cases/{case}/reply"), "case");
            let text = form.text.clone();
            drawer(&app, &signed, f, &view, &form, &chosen, Some(text), None).await
        }
    }
}
