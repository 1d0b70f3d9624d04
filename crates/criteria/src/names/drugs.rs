//! Named sets of drugs.

use crate::document::{Entry, Log};
use cartulary_catalogue::Catalogue;
use cartulary_model::{ConceptId, Text};
use std::collections::BTreeSet;

/// A named set of drugs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DrugSet {
    /// Its name for people.
    pub name: Text,
    pub(crate) counts: BTreeSet<ConceptId>,
    pub(crate) physician: BTreeSet<ConceptId>,
    pub(crate) findings: BTreeSet<ConceptId>,
    pub(crate) cell_therapy: bool,
    /// Drugs whose denial denies the whole set: "no CAR-T".
    pub(crate) denied_by: BTreeSet<ConceptId>,
}

impl DrugSet {
    /// Both sets as one: any of their drugs.
    pub(crate) fn or(mut self, other: &Self, or: &Text) -> Self {
        if self == Self::default() {
            return other.clone();
        }
        self.name.en = format!("{}{}{}", self.name.en, or.en, other.name.en);
        self.name.zh = format!("{}{}{}", self.name.zh, or.zh, other.name.zh);
        self.counts.extend(other.counts.iter().cloned());
        self.physician.extend(other.physician.iter().cloned());
        self.findings.extend(other.findings.iter().cloned());
        self.cell_therapy |= other.cell_therapy;
        // The denial of one of two sets does not deny both.
        self.denied_by = if self.denied_by == other.denied_by { self.denied_by } else { BTreeSet::new() };
        self
    }
}

pub(super) fn read<'n>(
    entry: &'n Entry,
    all: &'n [Entry],
    path: &mut Vec<&'n str>,
    catalogue: &Catalogue,
    log: &mut Log<'_>,
) -> Option<DrugSet> {
    let mut fields = log.fields(&entry.node);
    let name = fields.require("name", log).and_then(|node| super::read_text(node, log));
    let mut set = DrugSet {
        name: name.unwrap_or_default(),
        counts: of_names(fields.texts("counts", log), catalogue, log),
        physician: of_names(fields.texts("physician", log), catalogue, log),
        cell_therapy: fields.flag("cell_therapy", log),
        denied_by: of_names(fields.texts("denied_by", log), catalogue, log),
        ..DrugSet::default()
    };
    if let Some(node) = fields.take("findings") {
        set.findings.extend(super::concepts(node, &["find"], catalogue, log));
    }
    for (at, other) in fields.texts("with", log) {
        if let Some(other) = super::follow(at, &other, all, path, log) {
            let name = set.name.clone();
            if let Some(inner) = read(other, all, path, catalogue, log) {
                set = DrugSet { name, ..set.or(&inner, &Text::default()) };
            }
            path.pop();
        }
    }
    fields.finish(log);
    Some(set)
}

/// The drugs of classes and the drugs named themselves.
fn of_names(names: Vec<(usize, String)>, catalogue: &Catalogue, log: &mut Log<'_>) -> BTreeSet<ConceptId> {
    let mut found = BTreeSet::new();
    for (at, name) in names {
        let before = found.len();
        if name.starts_with("drug.") {
            found.extend(super::known(at, &name, &["drug"], catalogue, log));
            continue;
        }
        found.extend(
            catalogue.drugs().map(|(id, _)| id).filter(|id| catalogue.is_of_class(id, &name)).cloned(),
        );
        if found.len() == before && !catalogue.drugs().any(|(id, _)| catalogue.is_of_class(id, &name)) {
            log.problem(at, format!("no drug of terms/drug.csv is of the class `{name}`"));
        }
    }
    found
}
