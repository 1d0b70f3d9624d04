//! One case, with all that is known of it.

use super::{OfCase, Refusals, sent::Names};
use crate::{
    App,
    error::{Failure, Outcome},
    pages::case::view,
    who::Signed,
};
use axum::{
    Json,
    extract::{Path, State},
    response::IntoResponse as _,
};
use cartulary_ledger::{CaseFile, Document, DocumentState};
use cartulary_model::{BlobId, CaseId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A case.
#[derive(Serialize, ToSchema)]
struct Case {
    /// Its id; of a case that was joined into another, that of the one that goes on.
    case: String,
    /// What it is called on the telephone.
    code: String,
    /// Its entries.
    version: u64,
    /// As in lists.
    state: &'static str,
    /// `upload`, `mail`, `whatsapp`, `walk_in`.
    channel: String,
    opened_at: String,
    changed_at: String,
    contact_at: Option<String>,
    owner: Option<String>,
    /// The patient, as far as known.
    person: Person,
    /// Who sent papers.
    inquiries: Vec<Inquiry>,
    documents: Vec<Paper>,
    consents: Vec<Consent>,
    messages: Vec<Message>,
    notes: Vec<Note>,
    evaluations: Vec<Evaluation>,
    decisions: Vec<Decision>,
    /// Infusions and visits.
    course: Vec<Event>,
    /// The cases that are seen with this one.
    joined: Vec<String>,
    /// Work that waits, runs, or needs a person.
    jobs: Vec<Job>,
}

/// The patient.
#[derive(Serialize, ToSchema)]
struct Person {
    names: Vec<String>,
    /// The day, month or year of birth.
    born: Option<String>,
    /// `female`, `male`, `other`.
    sex: Option<String>,
    /// Numbers by which a hospital knows the person.
    numbers: Vec<String>,
    phones: Vec<String>,
    mails: Vec<String>,
}

/// Papers came with somebody's name.
#[derive(Serialize, ToSchema)]
struct Inquiry {
    at: String,
    name: String,
    /// `self`, `relative`, `doctor`, `other`.
    relation: String,
    /// `en`, `zh`.
    language: String,
    country: Option<String>,
    mail: Option<String>,
    phone: Option<String>,
    whatsapp: Option<String>,
    words: Option<String>,
}

/// A document.
#[derive(Serialize, ToSchema)]
struct Paper {
    /// The case that holds it.
    case: String,
    /// Its id.
    document: String,
    name: String,
    media_type: String,
    /// Bytes.
    size: u64,
    received_at: String,
    channel: String,
    /// `received`, `read`, `unreadable`.
    state: &'static str,
    pages: u32,
    /// Pages that could not be read.
    unread: u32,
    /// Why it could not be read at all.
    reason: Option<String>,
    /// The document of the case that shows the same sheet.
    resembles: Option<String>,
}

/// The last word on a scope of consent.
#[derive(Serialize, ToSchema)]
struct Consent {
    case: String,
    scope: String,
    given: bool,
    at: String,
}

/// An answer to whoever sent papers.
#[derive(Serialize, ToSchema)]
struct Message {
    /// The case that holds it.
    case: String,
    entry: u64,
    by: String,
    channel: String,
    text: String,
    /// What it asks for, by keys of the catalogue's messages.
    asks: Vec<String>,
    /// When it left the house; null while it waits.
    sent_at: Option<String>,
}

/// A note.
#[derive(Serialize, ToSchema)]
struct Note {
    /// The case that holds it.
    case: String,
    entry: u64,
    at: String,
    by: String,
    text: String,
}

/// An evaluation, in short.
#[derive(Serialize, ToSchema)]
struct Evaluation {
    /// The case that holds it.
    case: String,
    entry: u64,
    at: String,
    /// The digest of the record that it was made from.
    record_sha256: String,
    diagnosis: Option<String>,
    missing: u32,
}

/// A physician's decision.
#[derive(Serialize, ToSchema)]
struct Decision {
    /// The case that holds it.
    case: String,
    entry: u64,
    at: String,
    by: String,
    /// `accept`, `decline`, `wait`, `ask`.
    decision: String,
    set: Option<String>,
    reason: String,
    /// The entry of the evaluation that the physician saw.
    evaluation: Option<u64>,
}

/// An infusion or a visit.
#[derive(Serialize, ToSchema)]
struct Event {
    /// The case that holds it.
    case: String,
    entry: u64,
    /// `infusion`, or the visit of the schedule.
    what: String,
    on: String,
    product: Option<String>,
    /// What else is known.
    #[schema(value_type = Object)]
    content: Value,
}

/// Work on the case.
#[derive(Serialize, ToSchema)]
struct Job {
    kind: String,
    /// `ready`, `running`, `dead`.
    state: &'static str,
    error: Option<String>,
}

/// A case.
#[utoipa::path(get, path = "/api/v1/cases/{case}", tag = "case", params(OfCase),
    responses((status = 200, description = "The case.", body = Case), Refusals))]
pub(crate) async fn whole(State(app): State<App>, signed: Signed, Path(case): Path<String>) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let names = Names::of(&app).await?;
    let file = view.whole.own();
    let files = || view.whole.files.iter();
    let jobs = view.jobs.iter().map(|job| Job {
        kind: job.kind.clone(),
        state: job.state.name(),
        error: job.error.clone(),
    });
    let consents = files().flat_map(|file| {
        let case = file.case.to_string();
        file.consents.iter().map(move |(scope, of)| Consent {
            case: case.clone(),
            scope: scope.clone(),
            given: of.given,
            at: of.at.to_string(),
        })
    });
    let shown = Case {
        case: file.case.to_string(),
        code: app.casework.ledger().code(file.case),
        version: file.version,
        state: file.state().name(),
        channel: file.channel.clone(),
        opened_at: file.opened_at.to_string(),
        changed_at: file.changed_at.to_string(),
        contact_at: file.contact_at.map(|at| at.to_string()),
        owner: names.of_staff(file.owner),
        person: person(file),
        inquiries: files().flat_map(|file| &file.inquiries).map(inquiry).collect(),
        documents: view.whole.documents().into_iter().map(|(case, id, of)| paper(case, id, of)).collect(),
        consents: consents.collect(),
        messages: files().flat_map(|file| messages(file, &names)).collect(),
        notes: files().flat_map(|file| file.notes.iter().map(|of| note(file, of, &names))).collect(),
        evaluations: files().flat_map(|file| file.evaluations.iter().map(|of| in_short(file, of))).collect(),
        decisions: files()
            .flat_map(|file| file.decisions.iter().map(|of| decision(file, of, &names)))
            .collect(),
        course: files().flat_map(|file| file.course.iter().map(|of| event(file, of))).collect(),
        joined: file.merged_from.iter().map(ToString::to_string).collect(),
        jobs: jobs.collect(),
    };
    Ok(Json(shown).into_response())
}

fn person(file: &CaseFile) -> Person {
    let of = file.person.clone();
    Person {
        names: of.names,
        born: of.born,
        sex: of.sex,
        numbers: of.numbers,
        phones: of.phones,
        mails: of.mails,
    }
}

fn inquiry(of: &cartulary_ledger::Inquiry) -> Inquiry {
    let sender = of.sender.clone();
    Inquiry {
        at: of.at.to_string(),
        name: sender.name,
        relation: sender.relation,
        language: sender.language,
        country: sender.country,
        mail: sender.mail,
        phone: sender.phone,
        whatsapp: sender.whatsapp,
        words: of.words.clone(),
    }
}

fn paper(case: CaseId, document: BlobId, of: &Document) -> Paper {
    let (pages, unread, reason) = match &of.state {
        DocumentState::Received => (0, 0, None),
        DocumentState::Read { pages, unread, .. } => (*pages, *unread, None),
        DocumentState::Unreadable { reason, .. } => (0, 0, Some(reason.clone())),
    };
    Paper {
        case: case.to_string(),
        document: document.to_string(),
        name: of.name.clone(),
        media_type: of.media_type.clone(),
        size: of.size,
        received_at: of.received_at.to_string(),
        channel: of.channel.clone(),
        state: of.state.name(),
        pages,
        unread,
        reason,
        resembles: of.resembles.map(|id| id.to_string()),
    }
}

fn messages(file: &CaseFile, names: &Names) -> Vec<Message> {
    let mut all: Vec<Message> = file
        .messages
        .values()
        .map(|of| Message {
            case: file.case.to_string(),
            entry: of.seq,
            by: names.who(file, of.actor),
            channel: of.channel.clone(),
            text: of.text.clone(),
            asks: of.asks.clone(),
            sent_at: of.sent_at.map(|at| at.to_string()),
        })
        .collect();
    all.sort_by_key(|of| of.entry);
    all
}

fn note(file: &CaseFile, of: &cartulary_ledger::Note, names: &Names) -> Note {
    Note {
        case: file.case.to_string(),
        entry: of.seq,
        at: of.at.to_string(),
        by: names.who(file, of.actor),
        text: of.text.clone(),
    }
}

fn in_short(file: &CaseFile, of: &cartulary_ledger::Evaluation) -> Evaluation {
    Evaluation {
        case: file.case.to_string(),
        entry: of.seq,
        at: of.at.to_string(),
        record_sha256: of.record_sha256.clone(),
        diagnosis: of.diagnosis.as_ref().map(ToString::to_string),
        missing: of.missing,
    }
}

fn decision(file: &CaseFile, of: &cartulary_ledger::Decision, names: &Names) -> Decision {
    Decision {
        case: file.case.to_string(),
        entry: of.seq,
        at: of.at.to_string(),
        by: names.who(file, of.actor),
        decision: of.decision.clone(),
        set: of.set.as_ref().map(ToString::to_string),
        reason: of.reason.clone(),
        evaluation: of.evaluation,
    }
}

fn event(file: &CaseFile, of: &cartulary_ledger::CourseEvent) -> Event {
    Event {
        case: file.case.to_string(),
        entry: of.seq,
        what: of.what.clone(),
        on: of.on.clone(),
        product: of.product.clone(),
        content: of.content.clone(),
    }
}

/// An entry of a case.
#[derive(Serialize, ToSchema)]
struct Line {
    /// The case: one that was joined into this, perhaps.
    case: String,
    /// Its place in that case.
    entry: u64,
    at: String,
    by: String,
    /// Such as `received`, `fact_confirmed`, `decided`.
    kind: &'static str,
    /// False where it was undone.
    counts: bool,
}

/// Everything that happened, the newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/history", tag = "case", params(OfCase),
    responses((status = 200, description = "The entries.", body = Vec<Line>), Refusals))]
pub(crate) async fn history(State(app): State<App>, signed: Signed, Path(case): Path<String>) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let names = Names::of(&app).await?;
    let mut entries: Vec<_> = view
        .whole
        .files
        .iter()
        .flat_map(|file| file.entries.iter().map(move |entry| (file, entry)))
        .collect();
    entries.sort_by_key(|(file, entry)| std::cmp::Reverse((entry.at, file.case, entry.seq)));
    let lines = entries.into_iter().map(|(file, entry)| Line {
        case: file.case.to_string(),
        entry: entry.seq,
        at: entry.at.to_string(),
        by: names.who(file, entry.actor),
        kind: entry.body.kind(),
        counts: file.counts(entry.seq),
    });
    Ok(Json(lines.collect::<Vec<_>>()).into_response())
}

/// The newest evaluation of a case, in the form of `cartulary evaluate --json`, which `docs/evaluation.schema.json`
/// describes, without the lines of the pages.
#[utoipa::path(get, path = "/api/v1/cases/{case}/evaluation", tag = "case", params(OfCase),
    responses((status = 200, description = "The evaluation.", body = Object), Refusals))]
pub(crate) async fn evaluation(State(app): State<App>, signed: Signed, Path(case): Path<String>) -> Outcome {
    let view = view(&app, &signed, &case).await?;
    let evaluation = view.evaluation.ok_or(Failure::Absent)?;
    Ok(Json(evaluation).into_response())
}

/// A fact as people left it.
#[derive(Serialize, ToSchema)]
struct Fact {
    /// The case that holds it.
    case: String,
    /// Its name there.
    name: String,
    /// Concept, value, assertion, day and evidence, as `facts` in `docs/evaluation.schema.json`.
    #[schema(value_type = Object)]
    fact: cartulary_model::Fact,
}

/// The facts of a case as people left them.
#[utoipa::path(get, path = "/api/v1/cases/{case}/facts", tag = "case", params(OfCase),
    responses((status = 200, description = "The facts.", body = Vec<Fact>), Refusals))]
pub(crate) async fn facts(State(app): State<App>, signed: Signed, Path(case): Path<String>) -> Outcome {
    let case = signed.expect_case(&app, &case).await?;
    let facts = signed.staff(&app)?.facts(case).await?;
    let items = facts.into_iter().map(|(case, taken)| Fact {
        case: case.to_string(),
        name: taken.name.0.to_string(),
        fact: taken.fact,
    });
    Ok(Json(items.collect::<Vec<_>>()).into_response())
}
