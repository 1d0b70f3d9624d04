//! What needs a person's eye before anything else: another person's papers, contradictions, what was not read.

use super::papers::{Chip, Papers};
use crate::{clean::clean, words::Words};
use cartulary_model::ConceptId;

/// A paper that seems to be somebody else's.
pub(crate) struct MismatchView {
    pub(crate) document: String,
    pub(crate) text: String,
    pub(crate) chips: Vec<Chip>,
}

/// Statements that cannot both be true.
pub(crate) struct ConflictView {
    pub(crate) about: String,
    pub(crate) text: String,
    pub(crate) sides: Vec<(String, Vec<Chip>)>,
}

/// A file or page that was not read.
pub(crate) struct UnreadView {
    pub(crate) name: String,
    /// `page 2`; nothing for the whole file.
    pub(crate) page: Option<String>,
    /// What happened and what to do.
    pub(crate) text: String,
}

/// Papers that were set aside.
pub(crate) fn mismatches(papers: &Papers<'_>, words: Words<'_>) -> Vec<MismatchView> {
    let record = &papers.evaluation.record;
    let view = |of: &cartulary_model::record::IdentityMismatch| MismatchView {
        document: match papers.number(&of.document) {
            Some(number) => {
                let name = papers.name(&of.document);
                words.fill("document.named", &[("number", &number.to_string()), ("name", &name)])
            }
            None => of.document.to_string(),
        },
        text: words.said(&of.text),
        chips: papers.chips(&of.facts),
    };
    record.identity_mismatch.iter().map(view).collect()
}

/// Contradictions, both sides kept.
pub(crate) fn conflicts(papers: &Papers<'_>, words: Words<'_>) -> Vec<ConflictView> {
    let record = &papers.evaluation.record;
    let view = |of: &cartulary_model::record::Conflict| ConflictView {
        about: about(&of.about, words),
        text: words.said(&of.text),
        sides: of
            .sides
            .iter()
            .map(|side| (words.concept_or_text(&side.value), papers.chips(&side.facts)))
            .collect(),
    };
    record.conflicts.iter().map(view).collect()
}

/// What was not read, with what to do.
pub(crate) fn unread(papers: &Papers<'_>, words: Words<'_>) -> Vec<UnreadView> {
    let view = |of: &cartulary_model::evaluation::UnreadItem| UnreadView {
        name: clean(&of.name),
        page: of.unread.page.map(|page| words.fill("page", &[("page", &page.to_string())])),
        text: words.said(&of.text),
    };
    papers.evaluation.unread.iter().map(view).collect()
}

/// What a conflict is about: a concept's name, or a place of the record in words.
fn about(about: &str, words: Words<'_>) -> String {
    let concept = ConceptId::new(match about {
        "patient.birth_date" => "pt.birth_date",
        "patient.name" => "pt.name",
        "patient.sex" => "pt.sex",
        "patient.age" => "pt.age",
        other => other,
    });
    words.concept(&concept)
}
