//! Words from the catalogue, in the report's language.

use crate::clean::clean;
use cartulary_catalogue::Catalogue;
use cartulary_model::{ConceptId, Lang, Text};

/// The catalogue and the language of this report.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    catalogue: &'a Catalogue,
    lang: Lang,
}

impl<'a> Words<'a> {
    pub(crate) fn new(catalogue: &'a Catalogue, lang: Lang) -> Self {
        Self { catalogue, lang }
    }

    pub(crate) fn lang(&self) -> Lang {
        self.lang
    }

    /// The sentence `report.KEY`.
    pub(crate) fn t(&self, key: &str) -> String {
        self.fill(key, &[])
    }

    /// The sentence `report.KEY` with its places filled.
    pub(crate) fn fill(&self, key: &str, places: &[(&str, &str)]) -> String {
        let text = self.catalogue.messages().fill(&format!("report.{key}"), places);
        text.in_lang(self.lang).to_owned()
    }

    /// The sentence `report.KEY` about a number.
    pub(crate) fn count(&self, key: &str, count: usize) -> String {
        let one = format!("{key}.one");
        let key = if count == 1 && self.has(&one) { one } else { key.to_owned() };
        self.fill(&key, &[("count", &count.to_string())])
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.catalogue.messages().has(&format!("report.{key}"))
    }

    /// A concept's name.
    pub(crate) fn concept(&self, id: &ConceptId) -> String {
        clean(self.catalogue.label(id, self.lang))
    }

    /// The concept's name when the text is a concept's id; the text itself otherwise.
    pub(crate) fn concept_or_text(&self, text: &str) -> String {
        let id = ConceptId::new(text);
        self.catalogue.concept(&id).map_or_else(|| clean(text), |_| self.concept(&id))
    }

    /// A sentence of the evaluation. It may quote a paper, so it is made harmless.
    pub(crate) fn said(&self, text: &Text) -> String {
        clean(text.in_lang(self.lang))
    }

    /// Joins the parts of a list within a sentence.
    pub(crate) fn join(&self, parts: &[String]) -> String {
        parts.join(match self.lang {
            Lang::En => ", ",
            Lang::Zh => "，",
        })
    }
}
