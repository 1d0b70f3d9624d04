//! A criteria set as FHIR `Library` and `EvidenceVariable`.
//!
//! The characteristics of an EvidenceVariable must all be so. Criteria of which one is enough stand in one
//! characteristic; a warning decides nothing and is a note. A criterion from memory has an expression that is always null.

use crate::{
    cql::{CqlExporter, library_name},
    fhir::{
        Annotation, Attachment, Characteristic, CodeableConcept, EvidenceVariable, Expression, Extension,
        ExtensionValue, Library, Resource, in_chinese,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cartulary_criteria::{CriteriaSet, Criterion};
use cartulary_model::{Text, evaluation::Role};

/// What a draft is: no approval of ours.
const STATUS: &str = "draft";

/// The library with the CQL, and the variable that refers to it.
pub fn resources(exporter: &CqlExporter<'_>, set: &CriteriaSet) -> [Resource; 2] {
    let variable = Resource::EvidenceVariable(Box::new(evidence_variable(set)));
    [Resource::Library(library(exporter, set)), variable]
}

/// The set as a `Library` that holds the CQL.
pub fn library(exporter: &CqlExporter<'_>, set: &CriteriaSet) -> Library {
    Library {
        id: id(set),
        url: url("library", set),
        version: set.version.clone(),
        name: library_name(set),
        title: set.title.en.clone(),
        title_in_chinese: in_chinese(&set.title.zh),
        status: STATUS,
        kind: CodeableConcept::logic_library(),
        description: description(set),
        content: vec![Attachment { content_type: "text/cql", data: STANDARD.encode(exporter.export(set)) }],
    }
}

/// The set as an `EvidenceVariable`.
pub fn evidence_variable(set: &CriteriaSet) -> EvidenceVariable {
    let warnings = set.criteria.iter().filter(|criterion| criterion.role == Role::Warning);
    let notes = set.note.iter().cloned();
    let warning = |of: &Criterion| format!("warning, decides nothing: {} ({})", of.text.en, of.text.zh);
    EvidenceVariable {
        id: id(set),
        extension: vec![Extension::ours("sha256", ExtensionValue::String(set.sha256.clone()))],
        url: url("evidence-variable", set),
        version: set.version.clone(),
        name: library_name(set),
        title: set.title.en.clone(),
        title_in_chinese: in_chinese(&set.title.zh),
        status: STATUS,
        description: description(set),
        note: notes.chain(warnings.map(warning)).map(|text| Annotation { text }).collect(),
        kind: "dichotomous",
        characteristic: alternatives(set).iter().map(|of| characteristic(set, of)).collect(),
    }
}

/// The criteria that decide, each with those of which one is enough.
fn alternatives(set: &CriteriaSet) -> Vec<Vec<&Criterion>> {
    let mut groups: Vec<Vec<&Criterion>> = Vec::new();
    for criterion in set.criteria.iter().filter(|criterion| criterion.role != Role::Warning) {
        let group = criterion.one_of.as_ref().and_then(|name| {
            groups.iter_mut().find(|group| group.iter().any(|of| of.one_of.as_ref() == Some(name)))
        });
        match group {
            Some(group) => group.push(criterion),
            None => groups.push(vec![criterion]),
        }
    }
    groups
}

fn characteristic(set: &CriteriaSet, criteria: &[&Criterion]) -> Characteristic {
    let exclude = criteria.iter().all(|criterion| criterion.role == Role::Exclusion);
    let answers: Vec<String> = criteria.iter().map(|criterion| format!("\"{}\"", criterion.id)).collect();
    let met = if answers.len() == 1 { answers.concat() } else { format!("({})", answers.join(" or ")) };
    let text = criteria.iter().fold(Text::default(), |text, criterion| joined(text, &criterion.text));
    Characteristic {
        extension: criteria.iter().flat_map(|criterion| marks(criterion)).collect(),
        description: text.en,
        description_in_chinese: in_chinese(&text.zh),
        definition_expression: Expression {
            language: "text/cql",
            // The library turns exclusions: true says that nothing stands in the way.
            expression: if exclude { format!("not {met}") } else { met },
            reference: url("library", set),
        },
        exclude,
    }
}

fn joined(text: Text, next: &Text) -> Text {
    if text.en.is_empty() {
        return next.clone();
    }
    Text::new(format!("{}; or: {}", text.en, next.en), format!("{}；或：{}", text.zh, next.zh))
}

/// Where a criterion is written, and how far that was verified.
fn marks(criterion: &Criterion) -> Vec<Extension> {
    let string = |name, text: &str| Extension::ours(name, ExtensionValue::String(text.to_owned()));
    let mut marks = vec![
        Extension::code("criterion", criterion.id.as_str()),
        Extension::code("verification", &format!("{:?}", criterion.verification)),
        string("source", &criterion.source),
    ];
    marks.extend(criterion.seen.iter().map(|seen| string("seen", seen)));
    marks.extend(criterion.note.iter().map(|note| string("note", note)));
    marks
}

/// Letters, digits, points and hyphens, as ids of FHIR have.
fn id(set: &CriteriaSet) -> String {
    set.id.as_str().replace('_', "-")
}

fn url(kind: &str, set: &CriteriaSet) -> String {
    format!("urn:cartulary:{kind}:{}", set.id)
}

fn description(set: &CriteriaSet) -> String {
    format!(
        "{} Seen in: {}. Fingerprint {}. Exported from a criteria set; a physician decides.",
        set.authority,
        set.sources.join("; "),
        set.sha256
    )
}
