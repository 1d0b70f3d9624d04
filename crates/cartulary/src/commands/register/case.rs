//! `cartulary case`: the worklist, one case, the search, and what people do on a case.

mod act;
mod fact;
mod list;
mod named;
mod search;
mod show;

pub(super) use show::as_json;

use crate::cli::{Case, Global};
use anyhow::Result;
use cartulary_ledger::Person;
use cartulary_model::{CaseId, Instant};
use jiff::{Timestamp, tz::TimeZone};
use std::process::ExitCode;

pub(in crate::commands) fn run(global: &Global, command: &Case) -> Result<ExitCode> {
    match command {
        Case::List(options) => list::run(options),
        Case::Show(options) => show::run(global, options),
        Case::Search(options) => search::run(options),
        Case::Confirm(options) => act::confirm(options),
        Case::Correct(options) => fact::correct(global, options),
        Case::Reject(options) => act::reject(options),
        Case::AddFact(options) => fact::add(global, options),
        Case::Decide(options) => act::decide(options),
        Case::Merge(options) => act::merge(options),
        Case::Unmerge(options) => act::unmerge(options),
        Case::Undo(options) => act::undo(options),
        Case::Note(options) => act::note(options),
        Case::Assign(options) => act::assign(options),
        Case::Consent(options) => act::consent(options),
        Case::Retention(options) => act::retention(options),
        Case::ReadAgain(options) => act::read_again(options),
    }
}

/// When, to the minute, on this machine's clock.
fn when(at: Instant) -> String {
    let at = Timestamp::from_microsecond(at.micros()).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Who, in a few words.
fn who(person: &Person) -> String {
    let mut words = vec![person.names.first().cloned().unwrap_or_else(|| "name not known".to_owned())];
    words.extend(person.sex.clone());
    words.extend(person.born.as_ref().map(|born| format!("born {born}")));
    super::table::clean(&words.join(", "))
}

/// The end of an id, which is enough to name a case on the command line.
fn short(case: CaseId) -> String {
    let id = case.to_string();
    id[id.len() - 12..].to_owned()
}
