//! Phrases that grammars look for besides the concepts of the lexicon: told by the walk over a document.
//!
//! ## Reads
//! Labels of a header (`姓名`, `DOB`), cells of origin (`非生发中心型`).
//!
//! ## Leaves alone
//! What a phrase means where it stands: that is for the grammar it belongs to.

use crate::{
    lexicon::folded,
    stream::Span,
    vocabulary::diagnosis::ORIGINS,
    walk::{Met, Reader, Walk, Words},
};
use cartulary_catalogue::Catalogue;
use cartulary_model::ConceptId;
use std::collections::BTreeMap;

/// What a phrase is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// A label of a header: `pt.name`, `pt.age` ...
    Label(ConceptId),
    /// A cell of origin.
    Origin(&'static str),
}

/// A phrase found.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    pub(crate) span: Span,
    pub(crate) topic: Topic,
}

/// All phrases.
pub(crate) struct Phrases {
    topics: Vec<Topic>,
}

impl Phrases {
    /// They go to the words of the walk.
    pub(crate) fn new(catalogue: &Catalogue, words: &mut Words) -> Self {
        let mut all: BTreeMap<String, Topic> = BTreeMap::new();
        for concept in catalogue.concepts().filter(|concept| concept.id.is("pt")) {
            for form in &concept.forms {
                all.insert(folded(&form.text), Topic::Label(concept.id.clone()));
            }
        }
        let origin = ORIGINS.iter().map(|(word, code)| (folded(word), Topic::Origin(code)));
        all.extend(origin);
        all.retain(|form, _| !form.trim().is_empty());
        words.learn(Reader::Phrases, all.keys().map(String::as_str));
        Self { topics: all.into_values().collect() }
    }

    /// Every phrase in the stream, in order.
    pub(crate) fn scan(&self, walk: &Walk, met: &[Met]) -> Vec<Phrase> {
        let found = walk.longest(met, Reader::Phrases, |_| true);
        found.map(|(span, word)| Phrase { span, topic: self.topics[word].clone() }).collect()
    }
}
