//! Headings and document types share a table; this tells them apart.

use crate::Catalogue;
use cartulary_model::ConceptId;

/// A written form of a document type or of a section heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentKindForm {
    /// `sec.doc_*` or `sec.sec_*`.
    pub concept: ConceptId,
    /// As written.
    pub text: String,
}

impl Catalogue {
    /// Titles of document types, longest first.
    pub fn document_kind_forms(&self) -> Vec<DocumentKindForm> {
        self.section_forms("doc_")
    }

    /// Section headings, longest first.
    pub fn heading_forms(&self) -> Vec<DocumentKindForm> {
        self.section_forms("sec_")
    }

    fn section_forms(&self, prefix: &str) -> Vec<DocumentKindForm> {
        let mut forms: Vec<DocumentKindForm> = self
            .concepts()
            .filter(|concept| concept.id.is("sec") && concept.id.name().starts_with(prefix))
            .flat_map(|concept| {
                concept
                    .forms
                    .iter()
                    .filter(|form| form.needs.is_none())
                    .map(|form| DocumentKindForm { concept: concept.id.clone(), text: form.text.clone() })
            })
            .collect();
        forms.sort_by(|a, b| {
            b.text.chars().count().cmp(&a.text.chars().count()).then_with(|| a.text.cmp(&b.text))
        });
        forms
    }
}
