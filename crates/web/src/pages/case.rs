//! What the pages of one case share: its head, its history, and what is done to it as a whole.

use crate::{
    App,
    error::{Failure, Outcome},
    form::Posted,
    frame::{Frame, page, see_other},
    guard::Tongue,
    pages::{
        time,
        worklist::{Clock, clock},
    },
    who::Signed,
    words::Words,
};
use askama::Template;
use axum::extract::{Path, State};
use cartulary_casework::{CaseView, people::Role};
use cartulary_ledger::{Body, CaseFile, Entry};
use cartulary_model::{ActorId, CaseId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The head of a case.
pub(crate) struct Head {
    pub(crate) case: CaseId,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) born: String,
    pub(crate) sex: String,
    pub(crate) state: &'static str,
    pub(crate) clock: Clock,
    pub(crate) diagnosis: String,
    pub(crate) owner: String,
    pub(crate) is_mine: bool,
    pub(crate) missing: u32,
    pub(crate) working: usize,
    pub(crate) stuck: Vec<String>,
    pub(crate) is_coordinator: bool,
    pub(crate) is_physician: bool,
    pub(crate) tab: &'static str,
}

/// Makes the head of a case.
pub(crate) async fn head(
    app: &App,
    signed: &Signed,
    w: &Words,
    view: &CaseView,
    tab: &'static str,
) -> Outcome<Head> {
    let file = view.whole.own();
    let ledger = app.casework.ledger();
    let row = ledger.case_row(file.case).await?.ok_or(Failure::Absent)?;
    let names = app.casework.people().names().await?;
    let diagnosis = row.diagnosis.as_ref().map(|id| app.catalogue.label(id, w.language.catalogue).to_owned());
    let sex = file.person.sex.as_deref().filter(|sex| ["female", "male"].contains(sex));
    let (stuck, working): (Vec<_>, Vec<_>) =
        view.jobs.iter().partition(|job| job.state == cartulary_ledger::JobState::Dead);
    Ok(Head {
        case: file.case,
        code: ledger.code(file.case),
        name: file.person.names.join(" / "),
        born: file.person.born.clone().unwrap_or_default(),
        sex: sex.map_or(String::new(), |sex| w.of("sex", sex)),
        state: file.state().name(),
        clock: clock(app, w, &row),
        diagnosis: diagnosis.unwrap_or_default(),
        owner: file.owner.and_then(|owner| names.get(&owner).cloned()).unwrap_or_default(),
        is_mine: file.owner == Some(signed.who()),
        missing: file.evaluations.last().map_or(0, |last| last.missing),
        working: working.len(),
        stuck: stuck
            .iter()
            .map(|job| format!("{}: {}", w.of("job", &job.kind), job.error.clone().unwrap_or_default()))
            .collect(),
        is_coordinator: signed.is(Role::Coordinator),
        is_physician: signed.is(Role::Physician),
        tab,
    })
}

/// A case that this person may see.
pub(crate) async fn view(app: &App, signed: &Signed, case: &str) -> Outcome<CaseView> {
    let case = signed.expect_case(app, case).await?;
    Ok(signed.staff(app)?.show(case).await?)
}

/// A case begins with its papers.
pub(crate) async fn get(State(app): State<App>, signed: Signed, Path(case): Path<String>) -> Outcome {
    let id = signed.expect_case(&app, &case).await?;
    let file = app.casework.ledger().case(id).await?;
    let tab = if signed.is(Role::Coordinator) || file.evaluations.is_empty() { "desk" } else { "sheet" };
    Ok(see_other(&format!("/cases/{id}/{tab}")))
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    f: Frame,
    head: Head,
    inquiries: Vec<Said>,
    consents: Vec<Consent>,
    entries: Vec<Line>,
}

struct Consent {
    scope: String,
    given: bool,
    at: String,
    joined: String,
}

/// When, in which words, and what is known of whom.
type Said = (String, String, Vec<(String, String)>);

struct Line {
    /// Whose entry it is: the numbers of joined cases begin anew.
    case: CaseId,
    /// The code of a joined case.
    joined: String,
    seq: u64,
    at: String,
    who: String,
    kind: String,
    text: String,
    is_undone: bool,
    can_be_undone: bool,
}

/// Everything that happened.
pub(crate) async fn history(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Path(case): Path<String>,
) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let f = Frame::staff(&app, &signed, language, &format!("/cases/{case}/history"), "case");
    let head = head(&app, &signed, &f.w, &view, "history").await?;
    let names = app.casework.people().names().await?;
    // Joined cases are shown as one, the newest first.
    let files = || view.whole.files.iter();
    let mut entries: Vec<(&CaseFile, &Entry)> =
        files().flat_map(|file| file.entries.iter().map(|entry| (&**file, &**entry))).collect();
    entries.sort_by_key(|(file, entry)| std::cmp::Reverse((entry.at, file.case, entry.seq)));
    let is_own = |file: &CaseFile| file.case == view.whole.case();
    let entries = entries
        .into_iter()
        .map(|(file, entry)| line(&app, &signed, &f.w, &names, (file, is_own(file)), entry))
        .collect();
    let mut inquiries: Vec<_> = files().flat_map(|file| &file.inquiries).collect();
    inquiries.sort_by_key(|of| std::cmp::Reverse(of.at));
    let inquiries = inquiries.into_iter().map(|of| sender(&app, &f.w, of)).collect();
    let consents = files().flat_map(|file| {
        let joined = joined(&app, file, is_own(file));
        file.consents.iter().map(move |(scope, of)| (scope, of, joined.clone()))
    });
    let consents = consents
        .map(|(scope, of, joined)| Consent {
            scope: scope.clone(),
            given: of.given,
            at: time(&app, of.at),
            joined,
        })
        .collect();
    page(&HistoryPage { f, head, inquiries, consents, entries })
}

/// The code of a case that was joined into the one that is shown; empty for that one.
fn joined(app: &App, file: &CaseFile, is_own: bool) -> String {
    if is_own { String::new() } else { app.casework.ledger().code(file.case) }
}

fn sender(app: &App, w: &Words, of: &cartulary_ledger::Inquiry) -> Said {
    let sender = &of.sender;
    let known = [
        ("send-name", Some(&sender.name)),
        ("send-mail", sender.mail.as_ref()),
        ("send-phone", sender.phone.as_ref()),
        ("send-whatsapp", sender.whatsapp.as_ref()),
        ("send-country", sender.country.as_ref()),
    ];
    let mut rows: Vec<(String, String)> = known
        .into_iter()
        .filter_map(|(key, text)| Some((w.t(key), text?.clone())))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    if !sender.relation.is_empty() {
        rows.insert(1.min(rows.len()), (w.t("send-relation"), w.of("relation", &sender.relation)));
    }
    (time(app, of.at), of.words.clone().unwrap_or_default(), rows)
}

fn line(
    app: &App,
    signed: &Signed,
    w: &Words,
    names: &BTreeMap<ActorId, String>,
    (file, is_own): (&CaseFile, bool),
    entry: &Entry,
) -> Line {
    let is_sender = entry.actor == ActorId::from_uuid(file.case.uuid());
    let who = match names.get(&entry.actor) {
        Some(name) => name.clone(),
        None if is_sender => w.t("who-sender"),
        None if entry.actor == ActorId::MACHINE => w.t("who-machine"),
        None => w.t("who-terminal"),
    };
    Line {
        case: file.case,
        joined: joined(app, file, is_own),
        seq: entry.seq,
        at: time(app, entry.at),
        who,
        kind: w.of("entry", entry.body.kind()),
        text: said(app, w, &entry.body),
        is_undone: !file.counts(entry.seq),
        can_be_undone: may_undo(signed, file, entry),
    }
}

/// What an entry says, in its own words where it has some.
fn said(app: &App, w: &Words, body: &Body) -> String {
    let concept = |id| app.catalogue.label(id, w.language.catalogue).to_owned();
    match body {
        Body::Received(of) => of.name.clone(),
        Body::Noted(of) => of.text.clone(),
        Body::Decided(of) => format!("{} — {}", w.of("decision", &of.decision), of.reason),
        Body::MessageQueued(of) => of.text.clone(),
        Body::FactCorrected(of) => concept(&of.index.concept),
        Body::FactAdded(of) => concept(&of.index.concept),
        Body::FactConfirmed(of) => fact_name(app, w, &of.fact.0),
        Body::FactRejected(of) => fact_name(app, w, &of.fact.0),
        Body::PageRead(of) => w.n("history-pages", usize::try_from(of.pages).unwrap_or(0)),
        Body::FactsExtracted(of) => w.n("history-facts", of.facts.len()),
        Body::Evaluated(of) => of.diagnosis.as_ref().map(concept).unwrap_or_default(),
        Body::ConsentGiven(of) => w.of("consent", &of.scope),
        Body::ConsentWithdrawn(of) => w.of("consent", &of.scope),
        Body::Undone(of) => format!("#{} — {}", of.seq, of.reason.clone().unwrap_or_default()),
        Body::Infused(of) => format!("{} {}", of.on, of.product),
        Body::VisitRecorded(of) => format!("{} {}", of.on, of.visit),
        Body::Closed(of) => of.reason.clone(),
        Body::HandedOn(of) => w.of("desk", &of.to),
        _ => String::new(),
    }
}

/// The concept stands at the end of the name of a fact.
fn fact_name(app: &App, w: &Words, name: &str) -> String {
    let id = name
        .split(':')
        .find(|part| part.contains('.') && part.starts_with(|of: char| of.is_ascii_alphabetic()));
    id.map_or(String::new(), |id| app.catalogue.label(&id.into(), w.language.catalogue).to_owned())
}

#[derive(Deserialize)]
pub(crate) struct Text {
    #[serde(default)]
    text: String,
    #[serde(default)]
    seq: u64,
    #[serde(default)]
    back: String,
}

/// Writes a note.
pub(crate) async fn note(State(app): State<App>, Path(case): Path<String>, posted: Posted<Text>) -> Outcome {
    let case = posted.signed.expect_case(&app, &case).await?;
    posted.signed.staff(&app)?.note(case, &posted.form.text).await?;
    Ok(see_other(&format!("/cases/{case}/history")))
}

/// Takes an entry back.
pub(crate) async fn undo(State(app): State<App>, Path(case): Path<String>, posted: Posted<Text>) -> Outcome {
    let case = posted.signed.expect_case(&app, &case).await?;
    let (seq, reason) = (posted.form.seq, posted.form.text.as_str());
    undo_as(&app, &posted.signed, case, seq, reason).await?;
    let back = if posted.form.back == "desk" { "desk" } else { "history" };
    Ok(see_other(&format!("/cases/{case}/{back}")))
}

/// Whether somebody of the department may take an entry back: what people of the house said, a decision only who made it,
/// and never a consent that was withdrawn, which must be given anew.
fn may_undo(signed: &Signed, file: &CaseFile, entry: &Entry) -> bool {
    let is_sender = entry.actor == ActorId::from_uuid(file.case.uuid());
    let is_of_house = entry.actor != ActorId::MACHINE && !is_sender;
    let is_own_word = match entry.body {
        Body::Decided(_) => entry.actor == signed.who(),
        Body::ConsentWithdrawn(_) | Body::Undone(_) => false,
        _ => true,
    };
    is_of_house && is_own_word && file.counts(entry.seq) && entry.body.can_be_undone()
}

/// Takes an entry back in the role that may.
pub(crate) async fn undo_as(app: &App, signed: &Signed, case: CaseId, seq: u64, reason: &str) -> Outcome<()> {
    let file = app.casework.ledger().case(case).await?;
    let entry = file.entry(seq).ok_or(Failure::Absent)?;
    if !may_undo(signed, &file, entry) {
        return Err(Failure::Absent);
    }
    if signed.is(Role::Coordinator) {
        signed.coordinator(app)?.undo(case, seq, reason).await?;
    } else if signed.is(Role::Physician) {
        signed.physician(app)?.undo(case, seq, reason).await?;
    } else {
        signed.data_manager(app)?.undo(case, seq, reason).await?;
    }
    Ok(())
}

/// Hands the case to the physician.
pub(crate) async fn hand_on(
    State(app): State<App>,
    Path(case): Path<String>,
    posted: Posted<Text>,
) -> Outcome {
    let case = posted.signed.expect_case(&app, &case).await?;
    if posted.signed.is(Role::Coordinator) {
        posted.signed.coordinator(&app)?.hand_on(case, &posted.form.text).await?;
    } else {
        posted.signed.physician(&app)?.hand_back(case).await?;
    }
    Ok(see_other(&format!("/cases/{case}")))
}

/// Closes the case.
pub(crate) async fn close(State(app): State<App>, Path(case): Path<String>, posted: Posted<Text>) -> Outcome {
    let case = posted.signed.expect_case(&app, &case).await?;
    posted.signed.coordinator(&app)?.close(case, &posted.form.text).await?;
    Ok(see_other("/worklist"))
}

/// Opens a case that is not this person's, with a reason.
pub(crate) async fn break_glass(
    State(app): State<App>,
    Path(case): Path<String>,
    posted: Posted<Reason>,
) -> Outcome {
    let signed = &posted.signed;
    signed.staff(&app)?;
    let case: CaseId = case.parse().map_err(|_| Failure::Absent)?;
    let case = app.casework.seen_in(case).await?;
    app.casework.people().break_glass(&signed.token, case, &posted.form.reason).await?;
    Ok(see_other(&format!("/cases/{case}")))
}

#[derive(Deserialize)]
pub(crate) struct Reason {
    reason: String,
}
