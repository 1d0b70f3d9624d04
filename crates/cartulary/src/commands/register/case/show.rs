//! `cartulary case show`

mod standing;

use super::{
    super::{
        case_of, json,
        table::{Table, clean},
    },
    short, when,
};
use crate::{
    cli::{CaseShow, Global},
    console, knowledge, register,
};
use anyhow::Result;
use cartulary_casework::{CaseView, TakenFact};
use cartulary_catalogue::Catalogue;
use cartulary_ledger::{CaseFile, Document, DocumentState, JobState, Person};
use cartulary_model::{BlobId, CaseId, Lang};
use serde_json::json;
use std::process::ExitCode;

pub(super) fn run(global: &Global, options: &CaseShow) -> Result<ExitCode> {
    let catalogue = knowledge::catalogue(global)?;
    register::with(&options.register, async |casework| {
        let case = case_of(casework, &options.case).await?;
        let coordinator = casework.coordinator(register::operator());
        let view = coordinator.show(case).await?;
        let facts = if options.facts || options.json { coordinator.facts(case).await? } else { Vec::new() };
        if options.json {
            console::print(&json(&as_json(&view, &facts))?)?;
            return Ok(ExitCode::SUCCESS);
        }
        let words = Words { catalogue: &catalogue, lang: options.lang.into() };
        console::print(&head(&view, words))?;
        console::print(&papers(&view, words))?;
        console::print(&work(&view, words))?;
        console::print(&care(view.whole.own(), words))?;
        if options.facts {
            console::print(&fact_table(&facts, words))?;
        }
        if options.entries {
            console::print(&entries(&view, words))?;
        }
        let (lang, width) = (words.lang, console::width());
        if let Some(evaluation) = view.evaluation.as_ref().filter(|_| !options.evaluation) {
            console::print(&standing::brief(evaluation, &catalogue, lang, width))?;
        }
        if let Some(evaluation) = view.evaluation.as_ref().filter(|_| options.evaluation) {
            let text = cartulary_report::terminal(evaluation, &catalogue, lang, width, console::colours());
            console::print(&format!("\n{text}\n"))?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn head(view: &CaseView, words: Words<'_>) -> String {
    let file = view.whole.own();
    let title = words.fill("title", &[("case", &file.case.to_string())]);
    let (state, channel) = (words.named("state", file.state().name()), words.named("channel", &file.channel));
    let life = [
        ("state", state.as_str()),
        ("opened", &when(file.opened_at)),
        ("channel", &channel),
        ("changed", &when(file.changed_at)),
    ];
    let mut text = format!("{title}\n{}\n{}\n", person(&file.person, words), words.fill("life", &life));
    if view.asked != file.case {
        text.push_str(&format!("{}\n", words.fill("joined", &[("case", &view.asked.to_string())])));
    }
    for other in view.whole.files.iter().skip(1) {
        text.push_str(&format!("{}\n", words.fill("holds", &[("case", &other.case.to_string())])));
    }
    if file.erasure_ordered.is_some() {
        text.push_str(&format!("{}\n", words.say("erasure")));
    }
    text
}

/// Who, in a few words.
fn person(person: &Person, words: Words<'_>) -> String {
    let name = person.names.first().cloned().unwrap_or_else(|| words.say("name_unknown"));
    let sex = person.sex.as_deref().map(|sex| words.named("sex", sex));
    let born = person.born.as_deref().map(|born| words.fill("born", &[("date", born)]));
    let comma = if words.lang == Lang::Zh { "，" } else { ", " };
    clean(&std::iter::once(name).chain(sex).chain(born).collect::<Vec<_>>().join(comma))
}

fn papers(view: &CaseView, words: Words<'_>) -> String {
    let documents = view.whole.documents();
    if documents.is_empty() {
        return format!("\n{}\n", words.say("no_papers"));
    }
    let number_of = |id: BlobId| documents.iter().position(|(_, other, _)| *other == id).map(|at| at + 1);
    let heads = ["received", "paper", "pages", "state"].map(|name| words.say(&format!("column.{name}")));
    let mut table = Table::new(&["#", &heads[0], &heads[1], &heads[2], &heads[3]], &[0, 3]);
    for (number, (_, id, document)) in documents.iter().enumerate() {
        let alike = document.resembles.and_then(number_of);
        let (pages, state) = state_of(document, alike, arrivals(view, *id), words);
        table.row([
            (number + 1).to_string(),
            when(document.received_at),
            document.name.clone(),
            pages,
            state,
        ]);
    }
    format!("\n{}", table.text())
}

fn state_of(
    document: &Document,
    alike: Option<usize>,
    arrivals: usize,
    words: Words<'_>,
) -> (String, String) {
    let (pages, mut state) = match &document.state {
        DocumentState::Received => ("-".to_owned(), words.say("paper.waits")),
        DocumentState::Read { pages, unread: 0, .. } => (pages.to_string(), words.say("paper.read")),
        DocumentState::Read { pages, unread, .. } => {
            (pages.to_string(), words.fill("paper.partly", &[("count", &unread.to_string())]))
        }
        DocumentState::Unreadable { reason, .. } => {
            let why = words.catalogue.messages().get(&format!("unread.{reason}"));
            ("-".to_owned(), words.fill("paper.unread", &[("why", why.in_lang(words.lang))]))
        }
    };
    if let Some(number) = alike {
        state.push_str(&words.fill("paper.same_sheet", &[("number", &number.to_string())]));
    }
    if arrivals > 1 {
        state.push_str(&words.fill("paper.came", &[("count", &arrivals.to_string())]));
    }
    (pages, state)
}

/// How often the same bytes came.
fn arrivals(view: &CaseView, id: BlobId) -> usize {
    let entries = view.whole.files.iter().flat_map(|file| &file.entries);
    entries
        .filter(|entry| matches!(&entry.body, cartulary_ledger::Body::Received(of) if of.document == id))
        .count()
}

fn work(view: &CaseView, words: Words<'_>) -> String {
    let waiting = view.jobs.iter().filter(|job| job.state != JobState::Dead).count();
    let mut text = String::new();
    if waiting > 0 {
        text.push_str(&format!("\n{}\n", words.fill("waits", &[("count", &waiting.to_string())])));
    }
    for job in view.jobs.iter().filter(|job| job.error.is_some()) {
        let key = if job.state == JobState::Dead { "failed.dead" } else { "failed.again" };
        let why = clean(job.error.as_deref().unwrap_or_default());
        text.push_str(&format!("{}\n", words.fill(key, &[("kind", &job.kind), ("why", &why)])));
    }
    text
}

/// What people did.
fn care(file: &CaseFile, words: Words<'_>) -> String {
    let mut table = Table::new(&[], &[]);
    for of in &file.decisions {
        let decision = words.named("care", &of.decision);
        let decided = words.fill("care.decided", &[("decision", &decision)]);
        table.row([when(of.at), decided, of.reason.clone()]);
    }
    for (scope, consent) in &file.consents {
        let what = if consent.given { "care.consent" } else { "care.withdrawn" };
        table.row([when(consent.at), words.say(what), scope.clone()]);
    }
    for event in &file.course {
        let what = words.named("care", &event.what);
        table.row([event.on.clone(), what, event.product.clone().unwrap_or_default()]);
    }
    for note in &file.notes {
        table.row([when(note.at), words.say("care.note"), note.text.clone()]);
    }
    if let Some(kept) = &file.retention {
        let until = kept.until.clone().unwrap_or_else(|| words.say("care.open_end"));
        table.row([until, words.say("care.kept"), kept.reason.clone()]);
    }
    let text = table.text();
    if text.trim().is_empty() { String::new() } else { text }
}

fn fact_table(facts: &[(CaseId, TakenFact)], words: Words<'_>) -> String {
    let heads = ["fact", "says", "on", "quote", "name"].map(|name| words.say(&format!("column.{name}")));
    let mut table = Table::new(&heads.each_ref().map(String::as_str), &[]);
    for (_, TakenFact { name, fact }) in facts {
        let on = fact.date.map_or_else(String::new, |date| date.to_string());
        let mut says = words.named("assertion", &format!("{:?}", fact.assertion).to_lowercase());
        if fact.status != cartulary_model::fact::Status::Read {
            let status = words.named("status", &format!("{:?}", fact.status).to_lowercase());
            says.push_str(&format!(", {status}"));
        }
        let quote: String = fact.quote().chars().take(48).collect();
        let label = words.catalogue.label(&fact.concept, words.lang).to_owned();
        table.row([label, says, on, quote, name.0.to_string()]);
    }
    format!("\n{}", table.text())
}

fn entries(view: &CaseView, words: Words<'_>) -> String {
    let heads = ["entry", "when", "kind", "who"].map(|name| words.say(&format!("column.{name}")));
    let mut table = Table::new(&[&heads[0], &heads[1], &heads[2], &heads[3], ""], &[0]);
    for file in &view.whole.files {
        for entry in &file.entries {
            let who = if entry.actor == cartulary_model::ActorId::MACHINE {
                words.say("machine")
            } else {
                entry.actor.to_string()
            };
            let mark = if file.undone.contains(&entry.seq) { words.say("taken_back") } else { String::new() };
            let seq = if view.whole.files.len() > 1 {
                format!("{}/{}", short(file.case), entry.seq)
            } else {
                entry.seq.to_string()
            };
            table.row([seq, when(entry.at), entry.body.kind().to_owned(), who, mark]);
        }
    }
    format!("\n{}", table.text())
}

/// The sentences of the view, in the language that was asked for.
#[derive(Clone, Copy)]
struct Words<'a> {
    catalogue: &'a Catalogue,
    lang: Lang,
}

impl Words<'_> {
    fn say(self, key: &str) -> String {
        self.catalogue.messages().get(&format!("case.{key}")).in_lang(self.lang).to_owned()
    }

    fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        self.catalogue.messages().fill(&format!("case.{key}"), values).in_lang(self.lang).to_owned()
    }

    /// The words for a name of the programme; the name itself where there are none.
    fn named(self, family: &str, name: &str) -> String {
        let key = format!("case.{family}.{name}");
        if self.catalogue.messages().has(&key) {
            self.catalogue.messages().text(&key, self.lang).to_owned()
        } else {
            name.to_owned()
        }
    }
}

/// All of it, for scripts and exports.
pub(in crate::commands::register) fn as_json(
    view: &CaseView,
    facts: &[(CaseId, TakenFact)],
) -> serde_json::Value {
    let file = view.whole.own();
    let documents = view.whole.documents().into_iter().map(|(case, id, document)| {
        json!({
            "case": case,
            "document": id,
            "name": document.name,
            "media_type": document.media_type,
            "size": document.size,
            "received_at": document.received_at.to_string(),
            "channel": document.channel,
            "from": document.from,
            "resembles": document.resembles,
            "arrivals": arrivals(view, id),
            "state": document.state.name(),
            "pages": match &document.state {
                DocumentState::Read { pages, .. } => Some(pages),
                DocumentState::Received | DocumentState::Unreadable { .. } => None,
            },
        })
    });
    let entries =
        view.whole.files.iter().flat_map(|file| file.entries.iter().map(move |entry| (file, entry)));
    let entries = entries.map(|(file, entry)| {
        json!({
            "case": file.case,
            "seq": entry.seq,
            "at": entry.at.to_string(),
            "actor": entry.actor,
            "counts": !file.undone.contains(&entry.seq),
            "body": entry.body,
        })
    });
    let facts =
        facts.iter().map(|(case, taken)| json!({ "case": case, "name": taken.name, "fact": taken.fact }));
    json!({
        "case": file.case,
        "state": file.state().name(),
        "person": file.person,
        "owner": file.owner,
        "opened_at": file.opened_at.to_string(),
        "changed_at": file.changed_at.to_string(),
        "version": file.version,
        "cases": view.whole.files.iter().map(|file| file.case).collect::<Vec<_>>(),
        "documents": documents.collect::<Vec<_>>(),
        "facts": facts.collect::<Vec<_>>(),
        "evaluation": view.evaluation,
        "waiting": view.jobs.len(),
        "entries": entries.collect::<Vec<_>>(),
    })
}
