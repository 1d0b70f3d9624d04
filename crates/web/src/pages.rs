//! A file a page.

pub(crate) mod access;
pub(crate) mod case;
pub(crate) mod desk;
pub(crate) mod entry;
pub(crate) mod health;
pub(crate) mod keeping;
pub(crate) mod people;
pub(crate) mod reply;
pub(crate) mod send;
pub(crate) mod sheet;
pub(crate) mod status;
pub(crate) mod summary;
pub(crate) mod worklist;

use crate::{App, words::Words};
use cartulary_model::Instant;
use jiff::{Timestamp, Zoned};

/// The kinds of papers that are wanted of everybody, by the keys of their words.
pub(crate) const WANTED: [&str; 10] =
    ["pathology", "fish", "flow", "pet_ct", "treatment", "bloods", "serology", "heart", "discharge", "drugs"];

/// An instant on the site's clock.
pub(crate) fn on_site(app: &App, at: Instant) -> Zoned {
    let at = Timestamp::from_microsecond(at.micros()).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(app.site.hours.zone.clone())
}

/// A time for people: `2026-11-26 14:05` on the site's clock.
pub(crate) fn time(app: &App, at: Instant) -> String {
    on_site(app, at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// How long ago, in words; the absolute time stands beside it.
pub(crate) fn ago(w: &Words, at: Instant, now: Instant) -> String {
    let minutes = now.micros_since(at) / 60_000_000;
    let count = |minutes: i64| usize::try_from(minutes).unwrap_or(0);
    match minutes {
        0 => w.t("ago-now"),
        1..60 => w.n("ago-minutes", count(minutes)),
        60..1_440 => w.n("ago-hours", count(minutes / 60)),
        1_440..87_600 => w.n("ago-days", count(minutes / 1_440)),
        _ => w.n("ago-months", count(minutes / 43_800)),
    }
}

/// What is asked for, in words: a kind of paper, a sentence of the catalogue, or a concept's name.
pub(crate) fn ask_words(app: &App, w: &Words, key: &str) -> String {
    let own = format!("ask-{}", key.replace('_', "-"));
    if w.has(&own) {
        return w.t(&own);
    }
    let messages = app.catalogue.messages();
    if messages.has(key) {
        return messages.get(key).in_lang(w.language.catalogue).to_owned();
    }
    app.catalogue.label(&key.into(), w.language.catalogue).to_owned()
}
