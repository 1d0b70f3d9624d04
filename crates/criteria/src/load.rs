//! From a TOML text to a criteria set; every problem with its place.

use crate::{
    document::{Fields, Log, Node},
    names::{Names, read_text},
    need::{Need, Reader},
    phrases::Phrases,
    set::{CriteriaSet, Criterion},
};
use cartulary_catalogue::Catalogue;
use cartulary_model::{
    CriterionId, SetId,
    evaluation::{Role, SetKind, Verification},
};

const KINDS: [(&str, SetKind); 3] =
    [("label", SetKind::Label), ("trial", SetKind::Trial), ("guideline", SetKind::Guideline)];
const ROLES: [(&str, Role); 3] =
    [("inclusion", Role::Inclusion), ("exclusion", Role::Exclusion), ("warning", Role::Warning)];
const MARKS: [(&str, Verification); 4] =
    [("V", Verification::V), ("P", Verification::P), ("L", Verification::L), ("M", Verification::M)];

/// Reads one document; what cannot be read is in the log.
pub(crate) fn read_set(
    catalogue: &Catalogue,
    names: &Names,
    phrases: &Phrases,
    log: &mut Log<'_>,
) -> Option<CriteriaSet> {
    let root = log.parse()?;
    let mut fields = log.fields(&root);
    let id = fields.required_text("id", log);
    let kind = one_of("kind", &KINDS, &mut fields, log);
    let product = fields.required_text("product", log);
    let authority = fields.required_text("authority", log);
    let version = fields.required_text("version", log);
    let title = fields.require("title", log).and_then(|node| read_text(node, log));
    let sources: Vec<String> = fields.texts("sources", log).into_iter().map(|(_, source)| source).collect();
    let trials: Vec<SetId> =
        fields.texts("trials", log).into_iter().map(|(_, trial)| SetId::new(trial)).collect();
    let note = fields.text("note", log);
    let mut criteria: Vec<Criterion> = Vec::new();
    if let Some(node) = fields.require("criterion", log) {
        for item in log.list(node).unwrap_or_default() {
            let mut reader = Reader { log: &mut *log, catalogue, names, phrases };
            let Some(criterion) = read_criterion(item, &sources, &mut reader) else { continue };
            if criteria.iter().any(|other| other.id == criterion.id) {
                log.problem(item.at, format!("the criterion `{}` stands twice", criterion.id));
            }
            criteria.push(criterion);
        }
    }
    if sources.is_empty() {
        log.problem(root.at, "`sources` is missing: where was this set seen?");
    }
    fields.finish(log);
    Some(CriteriaSet {
        id: SetId::new(id?),
        kind: kind?,
        product: product?,
        authority: authority?,
        title: title?,
        version: version?,
        sha256: String::new(),
        trials,
        sources,
        note,
        criteria,
    })
}

fn read_criterion(node: &Node, sources: &[String], reader: &mut Reader<'_, '_>) -> Option<Criterion> {
    let mut fields = reader.log.fields(node);
    let id = fields.required_text("id", reader.log);
    let role = one_of("role", &ROLES, &mut fields, reader.log);
    let text = fields.require("text", reader.log).and_then(|node| read_text(node, reader.log));
    let verification = read_mark(&mut fields, reader.log);
    let need = fields.require("need", reader.log).and_then(|node| Need::read(node, reader));
    let source = fields.text("source", reader.log).unwrap_or_else(|| sources.join("; "));
    let seen = fields.text("seen", reader.log);
    let note = fields.text("note", reader.log);
    let one_of = fields.text("one_of", reader.log);
    fields.finish(reader.log);
    Some(Criterion {
        id: CriterionId::new(id?),
        role: role?,
        text: text?,
        need: need?,
        source,
        verification: verification?,
        seen,
        note,
        one_of,
    })
}

fn read_mark(fields: &mut Fields<'_>, log: &mut Log<'_>) -> Option<Verification> {
    let node = fields.require("verification", log)?;
    if log.text(node)? == "N" {
        log.problem(node.at, "verification N means that the source was not found: leave the criterion out");
        return None;
    }
    choose(node, &MARKS, log)
}

fn one_of<T: Copy>(
    key: &'static str,
    words: &[(&str, T)],
    fields: &mut Fields<'_>,
    log: &mut Log<'_>,
) -> Option<T> {
    let node = fields.require(key, log)?;
    choose(node, words, log)
}

fn choose<T: Copy>(node: &Node, words: &[(&str, T)], log: &mut Log<'_>) -> Option<T> {
    let text = log.text(node)?;
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        log.problem(node.at, format!("`{text}` does not fit; expected {}", known.join(" or ")));
    }
    found
}
