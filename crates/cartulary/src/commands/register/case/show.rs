//! `cartulary case show`

mod standing;

use super::{
    super::{
        case_of, json,
        table::{Table, clean},
    },
    short, when, who,
};
use crate::{
    cli::{CaseShow, Global},
    console, knowledge, register,
};
use anyhow::Result;
use cartulary_casework::{CaseView, TakenFact};
use cartulary_catalogue::Catalogue;
use cartulary_ledger::{CaseFile, Document, DocumentState, JobState};
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
        let lang: Lang = options.lang.into();
        console::print(&head(&view))?;
        console::print(&papers(&view, &catalogue, lang))?;
        console::print(&work(&view))?;
        console::print(&care(view.whole.own()))?;
        if options.facts {
            console::print(&fact_table(&facts, &catalogue, lang))?;
        }
        if options.entries {
            console::print(&entries(&view))?;
        }
        if let Some(evaluation) = view.evaluation.as_ref().filter(|_| !options.evaluation) {
            console::print(&standing::brief(evaluation, &catalogue, lang, console::width()))?;
        }
        if let Some(evaluation) = view.evaluation.as_ref().filter(|_| options.evaluation) {
            let width = console::width();
            let text = cartulary_report::terminal(evaluation, &catalogue, lang, width, console::colours());
            console::print(&format!("\n{text}\n"))?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn head(view: &CaseView) -> String {
    let file = view.whole.own();
    let mut text = format!("case {}\n{}\n", file.case, who(&file.person));
    text.push_str(&format!(
        "{} · opened {} by {} · changed {}\n",
        file.state().name(),
        when(file.opened_at),
        file.channel,
        when(file.changed_at)
    ));
    if view.asked != file.case {
        text.push_str(&format!("case {} was joined into this one\n", view.asked));
    }
    for other in view.whole.files.iter().skip(1) {
        text.push_str(&format!("holds case {}\n", other.case));
    }
    if file.erasure_ordered.is_some() {
        text.push_str("its erasure was ordered; run `cartulary erase` again to end it\n");
    }
    text
}

fn papers(view: &CaseView, catalogue: &Catalogue, lang: Lang) -> String {
    let documents = view.whole.documents();
    if documents.is_empty() {
        return "\nno papers yet\n".to_owned();
    }
    let number_of = |id: BlobId| documents.iter().position(|(_, other, _)| *other == id).map(|at| at + 1);
    let mut table = Table::new(&["#", "received", "paper", "pages", "state"], &[0, 3]);
    for (number, (_, id, document)) in documents.iter().enumerate() {
        let alike = document.resembles.and_then(number_of);
        let (pages, state) = state_of(document, alike, arrivals(view, *id), catalogue, lang);
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
    catalogue: &Catalogue,
    lang: Lang,
) -> (String, String) {
    let (pages, mut state) = match &document.state {
        DocumentState::Received => ("-".to_owned(), "waits to be read".to_owned()),
        DocumentState::Read { pages, unread: 0, .. } => (pages.to_string(), "read".to_owned()),
        DocumentState::Read { pages, unread, .. } => (pages.to_string(), format!("read, {unread} not read")),
        DocumentState::Unreadable { reason, .. } => {
            let why = catalogue.messages().get(&format!("unread.{reason}"));
            ("-".to_owned(), format!("not read: {}", why.in_lang(lang)))
        }
    };
    if let Some(number) = alike {
        state.push_str(&format!("; seems to show the same sheet as {number}"));
    }
    if arrivals > 1 {
        state.push_str(&format!("; came {arrivals} times"));
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

fn work(view: &CaseView) -> String {
    let waiting = view.jobs.iter().filter(|job| job.state != JobState::Dead).count();
    let mut text = String::new();
    if waiting > 0 {
        text.push_str(&format!("\n{waiting} pieces of work wait; `cartulary worker --drain` does them\n"));
    }
    for job in view.jobs.iter().filter(|job| job.error.is_some()) {
        let what = if job.state == JobState::Dead { "gave up" } else { "is tried again" };
        text.push_str(&format!(
            "{} failed and {what}: {}\n",
            job.kind,
            clean(job.error.as_deref().unwrap_or_default())
        ));
    }
    text
}

/// What people did.
fn care(file: &CaseFile) -> String {
    let mut table = Table::new(&[], &[]);
    for decision in &file.decisions {
        table.row([when(decision.at), format!("decided: {}", decision.decision), decision.reason.clone()]);
    }
    for (scope, consent) in &file.consents {
        let what = if consent.given { "consent given" } else { "consent withdrawn" };
        table.row([when(consent.at), what.to_owned(), scope.clone()]);
    }
    for event in &file.course {
        table.row([event.on.clone(), event.what.clone(), event.product.clone().unwrap_or_default()]);
    }
    for note in &file.notes {
        table.row([when(note.at), "note".to_owned(), note.text.clone()]);
    }
    if let Some(kept) = &file.retention {
        let until = kept.until.clone().unwrap_or_else(|| "until somebody says".to_owned());
        table.row([until, "kept until".to_owned(), kept.reason.clone()]);
    }
    let text = table.text();
    if text.trim().is_empty() { String::new() } else { text }
}

fn fact_table(facts: &[(CaseId, TakenFact)], catalogue: &Catalogue, lang: Lang) -> String {
    let mut table = Table::new(&["fact", "says", "on", "read from", "name"], &[]);
    for (_, TakenFact { name, fact }) in facts {
        let on = fact.date.map_or_else(String::new, |date| date.to_string());
        let mut says = format!("{:?}", fact.assertion).to_lowercase();
        if fact.status != cartulary_model::fact::Status::Read {
            says.push_str(&format!(", {}", format!("{:?}", fact.status).to_lowercase()));
        }
        let quote: String = fact.quote().chars().take(48).collect();
        table.row([catalogue.label(&fact.concept, lang).to_owned(), says, on, quote, name.0.clone()]);
    }
    format!("\n{}", table.text())
}

fn entries(view: &CaseView) -> String {
    let mut table = Table::new(&["entry", "when", "kind", "who", ""], &[0]);
    for file in &view.whole.files {
        for entry in &file.entries {
            let who = if entry.actor == cartulary_model::ActorId::MACHINE {
                "machine".to_owned()
            } else {
                entry.actor.to_string()
            };
            let mark = if file.undone.contains(&entry.seq) { "taken back" } else { "" };
            let seq = if view.whole.files.len() > 1 {
                format!("{}/{}", short(file.case), entry.seq)
            } else {
                entry.seq.to_string()
            };
            table.row([seq, when(entry.at), entry.body.kind().to_owned(), who, mark.to_owned()]);
        }
    }
    format!("\n{}", table.text())
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
