//! The reply: what was said so far, and an answer made of blocks in the sender's language.

mod blocks;

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
    words::Words,
};
use askama::Template;
use axum::extract::{Path, State};
use blocks::Blocks;
use cartulary_casework::{CaseView, Reply};
use cartulary_model::ActorId;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "reply.html")]
struct ReplyPage {
    f: Frame,
    head: Head,
    thread: Vec<Message>,
    /// Tag, name in itself, and whether the answer is in it.
    languages: Vec<(String, String, bool)>,
    their: Their,
    asks: Vec<Ask>,
    /// Id, what it is called, and what it says.
    templates: Vec<(String, String, String)>,
    written: Written,
    preview: Option<String>,
    names_diagnosis: bool,
    link: Option<String>,
    once: String,
}

/// The language of the answer, as a page says it.
struct Their {
    html: String,
    dir: String,
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

/// What stands in the form.
#[derive(Default, Deserialize)]
pub(crate) struct Written {
    #[serde(default)]
    language: String,
    /// The language in which blocks were written into the text.
    #[serde(default)]
    was: String,
    #[serde(default)]
    text: String,
    /// What the text asks for: keys with commas between.
    #[serde(default)]
    asks: String,
    #[serde(default)]
    act: String,
    /// A template to write into the text.
    #[serde(default)]
    insert: String,
    /// The page's own secret: pressed twice, the answer goes once.
    #[serde(default)]
    once: String,
    /// The rest; ticked papers are `ask.KEY`.
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

impl Written {
    fn asked(&self) -> Vec<String> {
        self.asks.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect()
    }

    fn ticked(&self) -> Vec<String> {
        self.rest.keys().filter_map(|key| key.strip_prefix("ask.")).map(str::to_owned).collect()
    }
}

/// The page.
pub(crate) async fn get(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Path(case): Path<String>,
) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let f = Frame::staff(&app, &signed, language, &format!("/cases/{case}/reply"), "case");
    drawer(&app, &signed, f, &view, Written::default(), None, None).await
}

async fn drawer(
    app: &App,
    signed: &Signed,
    f: Frame,
    view: &CaseView,
    mut written: Written,
    preview: Option<String>,
    link: Option<String>,
) -> Outcome {
    let head = head(app, signed, &f.w, view, "reply").await?;
    let blocks = Blocks::new(app, view, &written.language)?;
    let ticked = written.ticked();
    if written.text.trim().is_empty() {
        (written.text, written.asks) = (blocks.draft(&ticked), ticked.join(","));
        written.was.clone_from(&blocks.language.tag);
    }
    let names_diagnosis =
        !head.diagnosis.is_empty() && written.text.to_lowercase().contains(&head.diagnosis.to_lowercase());
    let all = app.catalogue.replies().languages().iter();
    let languages = all.map(|of| (of.tag.clone(), of.name.clone(), of.tag == blocks.language.tag)).collect();
    let (thread, asks) = (thread(app, &f.w, view).await?, asks(app, &f.w, &blocks, view, &ticked));
    let (templates, their) = (blocks.offered(&f.w), blocks.their());
    let once = app.casework.secret();
    page(&ReplyPage {
        f,
        head,
        thread,
        languages,
        their,
        asks,
        templates,
        written,
        preview,
        names_diagnosis,
        link,
        once,
    })
}

/// What there is to ask for: what the criteria miss, the most deciding first; else what is wanted of everybody.
fn asks(app: &App, w: &Words, blocks: &Blocks<'_>, view: &CaseView, chosen: &[String]) -> Vec<Ask> {
    let ask = |key: String, decides: usize| Ask {
        theirs: blocks.paper(&key),
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

/// Blocks, a look at it, and sending: each a button of the same form, so that what was typed stays.
pub(crate) async fn post(
    State(app): State<App>,
    Tongue(language): Tongue,
    Path(case): Path<String>,
    posted: Posted<Written>,
) -> Outcome {
    let Posted { signed, form: mut written } = posted;
    let id = signed.expect_case(&app, &case).await?;
    let coordinator = signed.coordinator(&app)?;
    // A browser sends lines that end with two signs.
    written.text = written.text.replace("\r\n", "\n");
    let (mut preview, mut link) = (None, None);
    match written.act.as_str() {
        // Other channels come with a later issue: a message must not wait where it looks sent.
        "send" => {
            let reply = Reply {
                channel: "link".to_owned(),
                asks: written.asked(),
                text: written.text,
                once: written.once,
            };
            coordinator.reply(id, &reply).await?;
            return Ok(see_other(&format!("/cases/{id}/reply#thread")));
        }
        // Shown in the answer to the form: an address that holds it would stand in logs.
        "link" => link = Some(coordinator.make_link(id).await?),
        "revoke" => {
            coordinator.revoke_links(id).await?;
        }
        "blocks" | "" => {}
        _ => preview = Some(written.text.clone()),
    }
    let view = view(&app, &signed, &case).await?;
    if written.act == "blocks" || !written.insert.is_empty() {
        write_in(&app, &view, &mut written)?;
    }
    let f = Frame::staff(&app, &signed, language, &format!("/cases/{case}/reply"), "case");
    drawer(&app, &signed, f, &view, written, preview, link).await
}

/// Writes a template, or what was ticked, into what was typed.
fn write_in(app: &App, view: &CaseView, written: &mut Written) -> Outcome<()> {
    let (was, now) = (Blocks::new(app, view, &written.was)?, Blocks::new(app, view, &written.language)?);
    if written.insert.is_empty() {
        let ticked = written.ticked();
        written.text = blocks::rewritten(&written.text, (&was, &written.asked()), (&now, &ticked));
        (written.asks, written.was) = (ticked.join(","), now.language.tag.clone());
    } else {
        written.text = was.with(&written.text, &now.say(&written.insert));
    }
    Ok(())
}
