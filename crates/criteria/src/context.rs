//! What a question may look at: the record, the facts, the day, and the catalogue's words.

use crate::{
    disease::Disease,
    names::Names,
    period::Period,
    phrases::{Arg, Phrases, Say},
};
use cartulary_catalogue::Catalogue;
use cartulary_model::{ConceptId, Fact, FactId, PartialDate, PatientRecord, Text, record::LabValue};
use jiff::civil::Date;
use std::cell::Cell;

/// The record of one patient, as one evaluation sees it.
pub struct Context<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) names: &'a Names,
    pub(crate) phrases: &'a Phrases,
    pub(crate) record: &'a PatientRecord,
    pub(crate) facts: &'a [Fact],
    pub(crate) on: Date,
    pub(crate) disease: Disease<'a>,
    words: Words,
    /// The last window's first day: neighbouring criteria ask for the same window, and calendars are slow.
    since: Cell<Option<(Period, Date)>>,
}

/// Whether reasons are put into words. The answers are the same either way: a cohort is screened without words, and the
/// reason of a verdict is built when somebody asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    Spoken,
    Silent,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        catalogue: &'a Catalogue,
        names: &'a Names,
        phrases: &'a Phrases,
        record: &'a PatientRecord,
        facts: &'a [Fact],
        on: Date,
        words: Words,
    ) -> Self {
        let disease = Disease::of(record, catalogue, names);
        Self { catalogue, names, phrases, record, facts, on, disease, words, since: Cell::new(None) }
    }

    /// Whether nobody asked for the reasons.
    pub(crate) fn is_silent(&self) -> bool {
        self.words == Words::Silent
    }

    /// A sentence with its places filled; nothing when nobody asked for it.
    pub(crate) fn say(&self, say: Say, args: &[Arg<'_>]) -> Text {
        if self.is_silent() { Text::default() } else { self.phrases.say(say, args) }
    }

    /// A period in words.
    pub(crate) fn period(&self, period: Period) -> Text {
        if self.is_silent() { Text::default() } else { period.text() }
    }

    /// Two texts with a word between them; the second alone when the first is empty.
    pub(crate) fn joined(&self, first: Text, second: Text, with: Say) -> Text {
        if first.en.is_empty() || self.is_silent() {
            return second;
        }
        let word = self.say(with, &[]);
        Text::new(
            format!("{}{}{}", first.en, word.en, second.en),
            format!("{}{}{}", first.zh, word.zh, second.zh),
        )
    }

    /// A concept's name in both languages.
    pub(crate) fn label<'c>(&'c self, concept: &'c ConceptId) -> Arg<'c> {
        if self.is_silent() {
            return Arg::Same("");
        }
        match self.catalogue.concept(concept) {
            Some(known) => (&known.label).into(),
            None => Arg::Same(concept.as_str()),
        }
    }

    /// The name of a concept that the code itself asks for.
    pub(crate) fn label_of(&self, concept: &'static str) -> Arg<'_> {
        if self.is_silent() {
            return Arg::Same("");
        }
        match self.catalogue.concept(&ConceptId::from(concept)) {
            Some(known) => (&known.label).into(),
            None => Arg::Same(concept),
        }
    }

    /// Every value of an analyte.
    pub(crate) fn labs(&self, analyte: &str) -> &'a [LabValue] {
        self.record.labs.get(analyte).map_or(&[], Vec::as_slice)
    }

    /// A concept's name in both languages, as a text of its own.
    pub(crate) fn name_of(&self, concept: &ConceptId) -> Text {
        let plain = || Text::same(concept.as_str());
        self.catalogue.concept(concept).map_or_else(plain, |known| known.label.clone())
    }

    /// Texts with "or" between them, empty ones left out.
    pub(crate) fn either(&self, parts: &[Text]) -> Text {
        self.listed(parts, Say::Or)
    }

    /// Texts with "and" between them, empty ones left out.
    pub(crate) fn both(&self, parts: &[Text]) -> Text {
        self.listed(parts, Say::And)
    }

    /// Texts with a word between them, empty ones left out.
    pub(crate) fn listed(&self, parts: &[Text], with: Say) -> Text {
        let told = parts.iter().filter(|part| !part.en.is_empty());
        told.fold(Text::default(), |whole, part| self.joined(whole, part.clone(), with))
    }

    /// The label group of an entity.
    pub(crate) fn group_of<'c>(&'c self, concept: &'c ConceptId) -> &'c str {
        self.catalogue.cart_group(concept).unwrap_or_default()
    }

    /// What to ask for when nothing is known of a concept or score.
    pub(crate) fn ask(&self, what: &str) -> Vec<&'a str> {
        self.names.item_of(what).into_iter().collect()
    }

    /// Whether a paper or a person said that all therapies are known. Silence is incomplete.
    pub(crate) fn history_is_complete(&self) -> bool {
        self.record.completeness.treatment_history.is_some()
    }

    /// The facts that say so.
    pub(crate) fn completeness_facts(&self) -> &'a [FactId] {
        self.record.completeness.treatment_history.as_deref().unwrap_or_default()
    }

    /// Whether the record holds statements on this that cannot both be true.
    pub(crate) fn conflict_about(&self, about: &str) -> Option<Vec<FactId>> {
        let conflict = self.record.conflicts.iter().find(|conflict| conflict.about == about)?;
        Some(conflict.sides.iter().flat_map(|side| side.facts.iter().copied()).collect())
    }

    /// A fact by its number.
    pub(crate) fn fact(&self, id: FactId) -> Option<&'a Fact> {
        // Facts are numbered in reading order, so the place is mostly the number.
        self.facts
            .get(id.0 as usize)
            .filter(|fact| fact.id == id)
            .or_else(|| self.facts.iter().find(|fact| fact.id == id))
    }

    /// The first day of a window that ends on the day of the evaluation.
    pub(crate) fn oldest(&self, within: Period) -> Date {
        if let Some((period, day)) = self.since.get()
            && period == within
        {
            return day;
        }
        let day = within.before(self.on);
        self.since.set(Some((within, day)));
        day
    }

    /// Whether a value of that day still counts on the day of the evaluation.
    pub(crate) fn is_fresh(&self, date: Option<PartialDate>, within: Period) -> Freshness {
        let oldest = self.oldest(within);
        match date.map(PartialDate::interval) {
            None => Freshness::Undated,
            Some(days) if days.earliest >= oldest => Freshness::Fresh,
            Some(days) if days.latest < oldest => Freshness::Old,
            Some(_) => Freshness::Undated,
        }
    }
}

/// How a value's day lies to a window.
/// Of several values the one that tells least is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Freshness {
    Fresh,
    /// The day is not known well enough.
    Undated,
    Old,
}

/// The facts of several things as one list.
pub(crate) fn facts_of<'f>(lists: impl IntoIterator<Item = &'f [FactId]>) -> Vec<FactId> {
    lists.into_iter().flatten().copied().collect()
}
