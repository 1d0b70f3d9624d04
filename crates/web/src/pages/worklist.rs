//! The worklist: one row a case, the longest waiting first where somebody waits for an answer.

mod filter;
mod saved;

pub(crate) use saved::{keep, take_away};

use crate::{
    App,
    counts::Counted,
    error::{Failure, Outcome},
    form::Posted,
    frame::{Frame, escaped, page, see_other},
    guard::Tongue,
    pages::{ago, time},
    who::Signed,
    words::{Language, Words},
};
use askama::Template;
use axum::extract::{Path, Query, State};
use cartulary_casework::{Listed, contact::Standing, people::Role};
use cartulary_ledger::{CaseFile, CaseRow, ListQuery};
use cartulary_model::{ActorId, CaseId, Instant};
pub(crate) use filter::Filter;
use saved::{Saved, saved};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};

/// The views, by their names in addresses.
const VIEWS: [&str; 9] =
    ["unanswered", "overdue", "evaluated", "asked", "with_physician", "decided", "treated", "mine", "all"];
/// Rows of a page.
const ROWS: u32 = 50;
/// Days over which answers in time are counted.
const COUNTED_DAYS: i64 = 30;

/// Which cases of a list.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(crate) view: Option<String>,
    #[serde(default)]
    pub(crate) owner: Option<String>,
    #[serde(default)]
    pub(crate) diagnosis: Option<String>,
    #[serde(default)]
    pub(crate) lacks: Option<String>,
    #[serde(default)]
    pub(crate) q: Option<String>,
    #[serde(default)]
    pub(crate) after: Option<String>,
    /// Only the rows, for a page that is open.
    #[serde(default)]
    pub(crate) part: Option<String>,
}

#[derive(Template)]
#[template(path = "worklist.html")]
struct WorklistPage {
    f: Frame,
    views: Vec<View>,
    saved: Vec<Saved>,
    filter: Filter,
    said: String,
    diagnoses: Vec<(String, String)>,
    query: String,
    today: Today,
    rows: Vec<Row>,
    next: Option<String>,
    complete: bool,
}

#[derive(Template)]
#[template(path = "rows.html")]
struct RowsPart {
    f: Frame,
    filter: Filter,
    said: String,
    query: String,
    rows: Vec<Row>,
    next: Option<String>,
    complete: bool,
}

struct View {
    name: &'static str,
    count: Option<u64>,
    is_now: bool,
}

#[derive(Default)]
struct Today {
    waiting: u64,
    /// Percent of those answered, or late already, that were answered in time; empty without any.
    in_time: String,
    /// Working time that the oldest has waited.
    oldest: String,
}

pub(crate) struct Row {
    case: CaseId,
    code: String,
    clock: Clock,
    channel: String,
    who: String,
    born: String,
    sender: String,
    country: String,
    language: String,
    diagnosis: String,
    state: &'static str,
    missing: u64,
    papers: u64,
    unread: u64,
    owner: String,
    last: String,
    changed: String,
    changed_at: String,
    is_hidden: bool,
    lines: Vec<String>,
}

/// The clock of the first answer, in words and a class.
pub(crate) struct Clock {
    pub(crate) class: &'static str,
    pub(crate) sign: &'static str,
    pub(crate) words: String,
    pub(crate) due: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    signed: Signed,
    Tongue(language): Tongue,
    Query(asked): Query<Asked>,
) -> Outcome {
    if !signed.is_of_the_department() {
        return if signed.is(Role::Administrator) { Ok(see_other("/people")) } else { Err(Failure::Absent) };
    }
    // An address stands in logs and histories: it may hold a code, and no name.
    let query =
        asked.q.as_deref().map(str::trim).filter(|query| is_code(query)).unwrap_or_default().to_owned();
    let is_part = asked.part.is_some();
    list_page(&app, &signed, language, asked, query, is_part).await
}

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

/// Words to search for come in a form, because they are names.
pub(crate) async fn search(
    State(app): State<App>,
    Tongue(language): Tongue,
    posted: Posted<Search>,
) -> Outcome {
    posted.signed.staff(&app)?;
    let query = posted.form.q.trim().to_owned();
    list_page(&app, &posted.signed, language, Asked::default(), query, false).await
}

/// Eight letters and digits, as a case is called on the telephone.
fn is_code(text: &str) -> bool {
    let plain: String = text.chars().filter(|sign| *sign != '-').collect();
    plain.len() == 8 && plain.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

async fn list_page(
    app: &App,
    signed: &Signed,
    language: Language,
    asked: Asked,
    query: String,
    is_part: bool,
) -> Outcome {
    let standard = if signed.is(Role::Coordinator) {
        "unanswered"
    } else if signed.is(Role::Physician) {
        "with_physician"
    } else {
        "treated"
    };
    let filter = Filter::of(&asked, if query.is_empty() { standard } else { "all" });
    let said = filter.said();
    let f = Frame::staff(app, signed, language, &address(&said, &query), "worklist");
    let (rows, next, complete) = match query.is_empty() {
        true => listed(app, signed, &f.w, &filter, asked.after.as_deref()).await?,
        false => found(app, signed, &f.w, &query).await?,
    };
    if is_part {
        return page(&RowsPart { f, filter, said, query, rows, next, complete });
    }
    let counted = app.counts.of(app.casework.ledger()).await?;
    let (views, saved) = (views(&counted, &filter), saved(app, signed, &counted, &filter).await?);
    let diagnoses = counted.diagnoses(app, signed, &f.w);
    let today = today(app, &f.w, counted.unanswered()).await?;
    page(&WorklistPage { f, views, saved, filter, said, diagnoses, query, today, rows, next, complete })
}

fn address(said: &str, query: &str) -> String {
    if query.is_empty() { format!("/worklist?{said}") } else { format!("/worklist?q={}", escaped(query)) }
}

type Rows = (Vec<Row>, Option<String>, bool);

async fn listed(
    app: &App,
    signed: &Signed,
    w: &Words,
    filter: &Filter,
    after: Option<&str>,
) -> Outcome<Rows> {
    let (listed, next) = cases_listed(app, signed, filter, (after, ROWS)).await?;
    let names = app.casework.people().names().await?;
    let row = |of: Listed| row(app, signed, w, &names, &of.row, of.file.as_deref(), Vec::new());
    Ok((listed.into_iter().map(row).collect(), next, true))
}

/// So many cases of a list after a place, and the place where the next page begins.
pub(crate) async fn cases_listed(
    app: &App,
    signed: &Signed,
    filter: &Filter,
    (after, limit): (Option<&str>, u32),
) -> Outcome<(Vec<Listed>, Option<String>)> {
    let query = ListQuery { after: after.and_then(place), ..filter.query(signed, limit) };
    let wanted = |row: &CaseRow| filter.fits(app, signed, row);
    let (listed, next) = signed.staff(app)?.list_of(&query, &wanted).await?;
    Ok((listed, next.map(|(at, case)| format!("{}.{case}", at.micros()))))
}

/// Where a page of a list begins.
pub(crate) fn place(text: &str) -> Option<(Instant, CaseId)> {
    let (at, case) = text.split_once('.')?;
    Some((Instant::from_micros(at.parse().ok()?), case.parse().ok()?))
}

async fn found(app: &App, signed: &Signed, w: &Words, query: &str) -> Outcome<Rows> {
    let names = app.casework.people().names().await?;
    let (found, complete) = cases_found(app, signed, query).await?;
    let row = |(of, file, lines): Hit| row(app, signed, w, &names, &of, Some(&file), lines);
    Ok((found.into_iter().map(row).collect(), None, complete))
}

/// A case that was found, with the lines of its papers in which the words stand.
pub(crate) type Hit = (CaseRow, Arc<CaseFile>, Vec<String>);

/// The cases that words, a code, a number or an address lead to, and whether all papers were looked at.
pub(crate) async fn cases_found(app: &App, signed: &Signed, query: &str) -> Outcome<(Vec<Hit>, bool)> {
    let ledger = app.casework.ledger();
    let mut hits: Vec<Hit> = Vec::new();
    // A code, a telephone number or an address names a case by itself.
    let mut exact = Vec::new();
    for what in ["code", "phone", "mail", "number"] {
        exact.extend(ledger.find_person(what, query).await?);
    }
    exact.sort_unstable();
    exact.dedup();
    let found = signed.staff(app)?.search(query, 50).await?;
    let lines: BTreeMap<CaseId, Vec<String>> =
        found.cases.into_iter().map(|found| (found.hit.seen_in, found.lines)).collect();
    let cases = exact.iter().copied().chain(lines.keys().copied().filter(|case| !exact.contains(case)));
    for case in cases.take(60) {
        let case = app.casework.seen_in(case).await?;
        let Some(of) = ledger.case_row(case).await? else { continue };
        let Ok(file) = ledger.case(case).await else { continue };
        // That a word stands in a case of others is a finding of theirs: only who knows its code is told that it is there.
        if !signed.may_see(&file) && !is_code(query) {
            continue;
        }
        hits.push((of, file, lines.get(&case).cloned().unwrap_or_default()));
    }
    hits.dedup_by_key(|hit| hit.0.case);
    Ok((hits, found.complete))
}

fn views(counted: &Counted, now: &Filter) -> Vec<View> {
    let counts: BTreeMap<&str, u64> = counted.states.iter().map(|of| (of.state.name(), of.cases)).collect();
    let count = |name: &str| match name {
        "unanswered" => Some(counted.unanswered()),
        "overdue" | "mine" => None,
        "all" => Some(
            counts
                .iter()
                .filter(|(state, _)| !["merged", "erased"].contains(*state))
                .map(|(_, count)| count)
                .sum(),
        ),
        state => Some(counts.get(state).copied().unwrap_or(0)),
    };
    VIEWS
        .into_iter()
        .map(|name| View { name, count: count(name), is_now: now.is_plain() && name == now.view })
        .collect()
}

async fn today(app: &App, w: &Words, waiting: u64) -> Outcome<Today> {
    let ledger = app.casework.ledger();
    let now = ledger.now();
    let since = now.plus_micros(-COUNTED_DAYS * 86_400 * 1_000_000);
    let hours = &app.site.hours;
    let (mut good, mut all) = (0_u64, 0_u64);
    for (opened, contact) in ledger.answers(since, 500).await? {
        match hours.standing(opened, contact, None, now) {
            Standing::Answered { in_time, .. } => {
                all += 1;
                good += u64::from(in_time);
            }
            Standing::Waiting { left_s, .. } if left_s < 0 => all += 1,
            Standing::Waiting { .. } | Standing::Paused => {}
        }
    }
    let oldest = ledger.list(&ListQuery { unanswered: true, limit: 1, ..ListQuery::default() }).await?;
    let oldest = oldest.first().map_or(String::new(), |row| span(w, hours.working_s(row.opened_at, now)));
    let in_time = (good * 100).checked_div(all).map_or(String::new(), |percent| format!("{percent} %"));
    Ok(Today { waiting, in_time, oldest })
}

/// Working time in words.
fn span(w: &Words, seconds: i64) -> String {
    let minutes = usize::try_from(seconds.unsigned_abs() / 60).unwrap_or(0);
    match minutes {
        0..60 => w.n("span-minutes", minutes),
        60..2_880 => w.n("span-hours", minutes / 60),
        _ => w.n("span-days", minutes / 480),
    }
}

fn standing(app: &App, row: &CaseRow) -> Standing {
    app.site.hours.standing(row.opened_at, row.contact_at, row.asked_at, app.casework.ledger().now())
}

/// The clock of a case.
pub(crate) fn clock(app: &App, w: &Words, row: &CaseRow) -> Clock {
    let (class, sign, words, due) = match standing(app, row) {
        Standing::Waiting { left_s, due } if left_s < 0 => {
            ("late", "‼", w.with("clock-late", "span", &span(w, left_s)), Some(due))
        }
        Standing::Waiting { left_s, due } if left_s < 4 * 3_600 => {
            ("soon", "◔", w.with("clock-left", "span", &span(w, left_s)), Some(due))
        }
        Standing::Waiting { left_s, due } => {
            ("calm", "○", w.with("clock-left", "span", &span(w, left_s)), Some(due))
        }
        Standing::Paused => ("paused", "‖", w.t("clock-paused"), None),
        Standing::Answered { after_s: 0..60, .. } => ("done", "✓", w.t("clock-at-once"), None),
        Standing::Answered { after_s, in_time: true } => {
            ("done", "✓", w.with("clock-in-time", "span", &span(w, after_s)), None)
        }
        Standing::Answered { after_s, .. } => {
            ("done-late", "✓", w.with("clock-answered-late", "span", &span(w, after_s)), None)
        }
    };
    let due = due.map_or(String::new(), |due| w.with("clock-due", "time", &time(app, due)));
    Clock { class, sign, words, due }
}

fn row(
    app: &App,
    signed: &Signed,
    w: &Words,
    names: &BTreeMap<ActorId, String>,
    of: &CaseRow,
    file: Option<&CaseFile>,
    lines: Vec<String>,
) -> Row {
    let now = app.casework.ledger().now();
    let is_hidden = !file.is_some_and(|file| signed.may_see(file));
    let file = file.filter(|_| !is_hidden);
    let sender = file.and_then(|file| file.inquiries.last()).map(|inquiry| &inquiry.sender);
    let diagnosis = of.diagnosis.as_ref().filter(|_| !is_hidden);
    Row {
        case: of.case,
        code: app.casework.ledger().code(of.case),
        clock: clock(app, w, of),
        channel: file.map_or(String::new(), |file| file.channel.clone()),
        who: file.and_then(|file| file.person.names.first().cloned()).unwrap_or_default(),
        born: file.and_then(|file| file.person.born.clone()).unwrap_or_default(),
        sender: sender.map_or(String::new(), |sender| sender.name.clone()),
        country: sender.and_then(|sender| sender.country.clone()).unwrap_or_default(),
        language: sender.map_or(String::new(), |sender| sender.language.clone()),
        diagnosis: diagnosis
            .map_or(String::new(), |id| app.catalogue.label(id, w.language.catalogue).to_owned()),
        state: of.state.name(),
        missing: of.missing,
        papers: of.documents,
        unread: of.unread,
        owner: of.owner.and_then(|owner| names.get(&owner).cloned()).unwrap_or_default(),
        last: file.map_or(String::new(), last_word),
        changed: ago(w, of.changed_at, now),
        changed_at: time(app, of.changed_at),
        is_hidden,
        lines: if is_hidden { Vec::new() } else { lines },
    }
}

/// What was said last: a message, or the sender's words.
fn last_word(file: &CaseFile) -> String {
    let message = file
        .messages
        .values()
        .max_by_key(|message| message.seq)
        .map(|message| (message.seq, message.text.as_str()));
    let words = file.inquiries.last().and_then(|inquiry| Some((inquiry.seq, inquiry.words.as_deref()?)));
    let (_, text) = message.into_iter().chain(words).max_by_key(|(seq, _)| *seq).unwrap_or_default();
    let short: String = text.lines().next().unwrap_or_default().chars().take(90).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

#[derive(Deserialize)]
pub(crate) struct Assign {
    #[serde(default)]
    to: String,
}

/// Gives a case to oneself, or to nobody.
pub(crate) async fn assign(
    State(app): State<App>,
    Path(case): Path<String>,
    posted: Posted<Assign>,
) -> Outcome {
    let case = posted.signed.expect_case(&app, &case).await?;
    let coordinator = posted.signed.coordinator(&app)?;
    coordinator.assign(case, owner_of(&app, &posted.signed, &posted.form.to).await?).await?;
    Ok(see_other(&format!("/cases/{case}")))
}

/// Who is meant: a login, `me`, or nobody.
pub(crate) async fn owner_of(app: &App, signed: &Signed, to: &str) -> Outcome<Option<ActorId>> {
    Ok(match to {
        "" => None,
        "me" => Some(signed.who()),
        other => {
            let people = app.casework.people().all().await?;
            Some(people.iter().find(|account| account.login == other).ok_or(Failure::Absent)?.who)
        }
    })
}
