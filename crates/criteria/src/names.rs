//! `sets.toml`: what criteria documents call by name.
//!
//! Sets of drugs and of histologies, the families of diseases, what an unspecific diagnosis may turn out to be, what
//! denies a finding, how long a value counts, and on which paper an answer stands.

mod drugs;

pub(crate) use drugs::DrugSet;

use crate::{
    context::Context,
    document::{Entry, Log, Node},
    error::Problem,
    period::Period,
};
use cartulary_catalogue::Catalogue;
use cartulary_model::{ConceptId, MissingItem, Text};
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "sets.toml";

/// Label groups and single entities.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HistologySet {
    pub(crate) groups: BTreeSet<String>,
    pub(crate) concepts: BTreeSet<ConceptId>,
}

impl HistologySet {
    pub(crate) fn contains(&self, concept: Option<&ConceptId>, group: &str) -> bool {
        self.groups.contains(group) || concept.is_some_and(|concept| self.concepts.contains(concept))
    }

    /// For people: the groups by their letters, the entities by their names.
    pub(crate) fn words(&self, context: &Context<'_>) -> Text {
        let groups = self.groups.iter().map(|group| Text::same(group.replace('_', " ")));
        let names = self.concepts.iter().map(|concept| context.name_of(concept));
        context.either(&groups.chain(names).collect::<Vec<_>>())
    }

    fn extend(&mut self, other: Self) {
        self.groups.extend(other.groups);
        self.concepts.extend(other.concepts);
    }
}

/// Everything in `sets.toml`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    drugs: BTreeMap<String, DrugSet>,
    histologies: BTreeMap<String, HistologySet>,
    families: BTreeMap<String, HistologySet>,
    indolent: HistologySet,
    may_be: BTreeMap<ConceptId, HistologySet>,
    denied_by: BTreeMap<ConceptId, Vec<ConceptId>>,
    fresh: BTreeMap<String, Period>,
    items: BTreeMap<String, MissingItem>,
    item_of: BTreeMap<String, String>,
    not_asked: BTreeSet<String>,
    regimens_by_form: BTreeMap<String, Vec<ConceptId>>,
    groups: BTreeSet<String>,
}

impl Names {
    /// Reads `sets.toml` of the catalogue.
    pub(crate) fn load(catalogue: &Catalogue, problems: &mut Vec<Problem>) -> Self {
        let text = catalogue.file(FILE).unwrap_or_default();
        let mut log = Log::new(FILE, text);
        let mut names = Self::of_catalogue(catalogue);
        if let Some(root) = log.parse() {
            names.read(&root, catalogue, &mut log);
        }
        problems.extend(log.problems);
        names
    }

    fn of_catalogue(catalogue: &Catalogue) -> Self {
        let mut names = Self::default();
        for concept in catalogue.concepts() {
            if let Some(group) = catalogue.cart_group(&concept.id) {
                names.groups.insert(group.to_owned());
            }
            if concept.id.is("reg") {
                for form in &concept.forms {
                    let regimens = names.regimens_by_form.entry(plain_form(&form.text)).or_default();
                    if !regimens.contains(&concept.id) {
                        regimens.push(concept.id.clone());
                    }
                }
            }
        }
        names
    }

    fn read(&mut self, root: &Node, catalogue: &Catalogue, log: &mut Log<'_>) {
        let mut fields = log.fields(root);
        if let Some(node) = fields.require("drugs", log) {
            self.read_drugs(log.entries(node), catalogue, log);
        }
        if let Some(node) = fields.take("histologies") {
            self.read_histologies(log.entries(node), catalogue, log);
        }
        if let Some(node) = fields.require("families", log) {
            for entry in log.entries(node) {
                let set = self.histology_set(&entry.node, catalogue, log);
                self.families.insert(entry.key.clone(), set);
            }
        }
        if let Some(node) = fields.require("indolent", log) {
            self.indolent = self.histology_set(node, catalogue, log);
        }
        if let Some(node) = fields.take("may_be") {
            for entry in log.entries(node) {
                let set = self.histology_set(&entry.node, catalogue, log);
                if let Some(concept) = known(entry.at, &entry.key, &["hist"], catalogue, log) {
                    self.may_be.insert(concept, set);
                }
            }
        }
        if let Some(node) = fields.take("denied_by") {
            for entry in log.entries(node) {
                let by = concepts(&entry.node, &["find", "com", "event"], catalogue, log);
                if let Some(concept) = known(entry.at, &entry.key, &["find", "com"], catalogue, log) {
                    self.denied_by.insert(concept, by);
                }
            }
        }
        if let Some(node) = fields.take("fresh") {
            for entry in log.entries(node) {
                if let Some(period) = Period::read(&entry.node, log) {
                    self.fresh.insert(entry.key.clone(), period);
                }
            }
        }
        if let Some(node) = fields.require("ask", log) {
            self.read_items(log.entries(node), catalogue, log);
        }
        for (_, covered) in fields.texts("not_asked", log) {
            self.not_asked.insert(covered);
        }
        fields.finish(log);
    }

    fn read_drugs(&mut self, entries: &[Entry], catalogue: &Catalogue, log: &mut Log<'_>) {
        for entry in entries {
            let mut path = vec![entry.key.as_str()];
            if let Some(set) = drugs::read(entry, entries, &mut path, catalogue, log) {
                self.drugs.insert(entry.key.clone(), set);
            }
        }
    }

    fn read_histologies(&mut self, entries: &[Entry], catalogue: &Catalogue, log: &mut Log<'_>) {
        for entry in entries {
            let mut path = vec![entry.key.as_str()];
            let set = self.read_histology(entry, entries, &mut path, catalogue, log);
            self.histologies.insert(entry.key.clone(), set);
        }
    }

    fn read_histology<'n>(
        &self,
        entry: &'n Entry,
        all: &'n [Entry],
        path: &mut Vec<&'n str>,
        catalogue: &Catalogue,
        log: &mut Log<'_>,
    ) -> HistologySet {
        let mut fields = log.fields(&entry.node);
        let mut set = HistologySet::default();
        if let Some(node) = fields.take("counts") {
            set.extend(self.histology_set(node, catalogue, log));
        }
        for (at, other) in fields.texts("with", log) {
            if let Some(other) = follow(at, &other, all, path, log) {
                set.extend(self.read_histology(other, all, path, catalogue, log));
                path.pop();
            }
        }
        fields.finish(log);
        set
    }

    fn read_items(&mut self, entries: &[Entry], catalogue: &Catalogue, log: &mut Log<'_>) {
        for entry in entries {
            let mut fields = log.fields(&entry.node);
            let document = fields.required_text("document", log).map(ConceptId::new);
            for (at, covered) in fields.texts("covers", log) {
                let known =
                    catalogue.concept(&ConceptId::new(covered.clone())).is_some() || !covered.contains('.');
                if !known {
                    log.problem(at, format!("`{covered}` is no concept of the catalogue"));
                }
                if self.item_of.insert(covered.clone(), entry.key.clone()).is_some() {
                    log.problem(at, format!("`{covered}` is covered twice"));
                }
            }
            fields.finish(log);
            if !catalogue.messages().has(&entry.key) {
                log.problem(
                    entry.at,
                    format!("messages/ask.csv has no sentence `{}` for the patient", entry.key),
                );
            }
            let Some(document) = document else { continue };
            if catalogue.concept(&document).is_none() || !document.as_str().starts_with("sec.doc_") {
                log.problem(entry.at, format!("`{document}` is no document type; expected sec.doc_*"));
            }
            let item =
                MissingItem { item: entry.key.clone(), text: catalogue.messages().get(&entry.key), document };
            self.items.insert(entry.key.clone(), item);
        }
    }

    /// A list of label groups, entities and, once they are read, named sets.
    pub(crate) fn histology_set(
        &self,
        node: &Node,
        catalogue: &Catalogue,
        log: &mut Log<'_>,
    ) -> HistologySet {
        let mut set = HistologySet::default();
        for (at, name) in log.texts(node) {
            if let Some(named) = self.histologies.get(&name) {
                set.extend(named.clone());
            } else if self.groups.contains(&name) {
                set.groups.insert(name);
            } else if name.starts_with("hist.") {
                set.concepts.extend(known(at, &name, &["hist"], catalogue, log));
            } else {
                let groups: Vec<&str> = self.groups.iter().map(String::as_str).collect();
                log.problem(
                    at,
                    format!(
                        "`{name}` is no histology; expected a hist.* concept, a set of sets.toml, or one of {}",
                        groups.join(", ")
                    ),
                );
            }
        }
        set
    }

    /// A named set of drugs, or one drug.
    pub(crate) fn drug_set(
        &self,
        at: usize,
        name: &str,
        catalogue: &Catalogue,
        log: &mut Log<'_>,
    ) -> Option<DrugSet> {
        if let Some(set) = self.drugs.get(name) {
            return Some(set.clone());
        }
        if name.starts_with("drug.") {
            let drug = known(at, name, &["drug"], catalogue, log)?;
            let name = catalogue.concept(&drug).map(|concept| concept.label.clone()).unwrap_or_default();
            return Some(DrugSet {
                name,
                denied_by: BTreeSet::from([drug.clone()]),
                counts: BTreeSet::from([drug]),
                ..DrugSet::default()
            });
        }
        let names: Vec<&str> = self.drugs.keys().map(String::as_str).collect();
        log.problem(
            at,
            format!("`{name}` is no set of drugs; expected a drug.* concept or one of {}", names.join(", ")),
        );
        None
    }

    /// The families that label groups and entities belong to.
    pub(crate) fn families<'s>(
        &'s self,
        of: &'s HistologySet,
        catalogue: &'s Catalogue,
    ) -> impl Iterator<Item = &'s str> {
        let holds = move |family: &HistologySet| {
            of.groups.iter().any(|group| family.contains(None, group))
                || of.concepts.iter().any(|concept| {
                    family.contains(Some(concept), catalogue.cart_group(concept).unwrap_or_default())
                })
        };
        self.families.iter().filter(move |(_, family)| holds(family)).map(|(name, _)| name.as_str())
    }

    /// Whether a label group belongs to a family: `UNSPEC`, `REVIEW` and `NONE` do not.
    pub(crate) fn has_family(&self, group: &str) -> bool {
        self.families.values().any(|family| family.contains(None, group))
    }

    /// Whether the disease grows slowly and can transform.
    pub(crate) fn is_indolent(&self, concept: &ConceptId, group: &str) -> bool {
        self.indolent.contains(Some(concept), group)
    }

    /// Whether two label groups belong to one family.
    pub(crate) fn same_family(&self, one: &str, other: &str) -> bool {
        self.families.values().any(|family| family.contains(None, one) && family.contains(None, other))
    }

    /// What an unspecific diagnosis may turn out to be.
    pub(crate) fn may_be(&self, concept: &ConceptId) -> Option<&HistologySet> {
        self.may_be.get(concept)
    }

    /// Findings whose statement denies this one.
    pub(crate) fn denied_by(&self, finding: &ConceptId) -> &[ConceptId] {
        self.denied_by.get(finding).map_or(&[], Vec::as_slice)
    }

    /// How long a value of a concept or score counts, where the criterion says nothing.
    pub(crate) fn fresh(&self, what: &str) -> Option<Period> {
        self.fresh.get(what).copied()
    }

    /// The item that a concept or score is asked for by; nothing when the patient cannot help.
    pub(crate) fn item_of(&self, what: &str) -> Option<&str> {
        self.item_of.get(what).map(String::as_str)
    }

    /// Whether `sets.toml` says how a concept or score is asked for, or that it is not.
    pub(crate) fn covers(&self, what: &str) -> bool {
        self.item_of.contains_key(what) || self.not_asked.contains(what)
    }

    /// An item to ask for.
    pub(crate) fn item(&self, key: &str) -> Option<&MissingItem> {
        self.items.get(key)
    }

    /// The regimens that a line's label can stand for: `R-CEOP` stands for two.
    pub(crate) fn regimens_written(&self, label: &str) -> &[ConceptId] {
        self.regimens_by_form.get(&plain_form(label)).map_or(&[], Vec::as_slice)
    }
}

/// The named set that `with` names, unless that leads back to where we came from.
fn follow<'n>(
    at: usize,
    name: &str,
    all: &'n [Entry],
    path: &mut Vec<&'n str>,
    log: &mut Log<'_>,
) -> Option<&'n Entry> {
    let Some(entry) = all.iter().find(|entry| entry.key == name) else {
        let known: Vec<&str> = all.iter().map(|entry| entry.key.as_str()).collect();
        log.problem(at, format!("`{name}` is no set; expected one of {}", known.join(", ")));
        return None;
    };
    if path.contains(&name) {
        log.problem(at, format!("the sets go in a circle: {} -> {name}", path.join(" -> ")));
        return None;
    }
    path.push(&entry.key);
    Some(entry)
}

/// A concept of the catalogue of one of these kinds.
pub(crate) fn known(
    at: usize,
    id: &str,
    kinds: &[&str],
    catalogue: &Catalogue,
    log: &mut Log<'_>,
) -> Option<ConceptId> {
    let concept = ConceptId::new(id);
    if catalogue.concept(&concept).is_some() && kinds.contains(&concept.kind()) {
        return Some(concept);
    }
    let what =
        if kinds.contains(&concept.kind()) { "is no concept of the catalogue" } else { "does not fit" };
    log.problem(at, format!("`{id}` {what}; expected the id of a concept {}.*", kinds.join(".* or ")));
    None
}

/// A list of concepts.
pub(crate) fn concepts(
    node: &Node,
    kinds: &[&str],
    catalogue: &Catalogue,
    log: &mut Log<'_>,
) -> Vec<ConceptId> {
    log.texts(node).into_iter().filter_map(|(at, id)| known(at, &id, kinds, catalogue, log)).collect()
}

/// A text in both languages.
pub(crate) fn read_text(node: &Node, log: &mut Log<'_>) -> Option<Text> {
    let mut fields = log.fields(node);
    let en = fields.required_text("en", log);
    let zh = fields.required_text("zh", log);
    fields.finish(log);
    Some(Text::new(en?, zh?))
}

/// Letters and digits only, so that `R-CEOP`, `RCEOP` and `r ceop` are one form.
fn plain_form(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
