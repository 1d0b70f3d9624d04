//! The engine: everything that is built once, and the way of one document through it.

use crate::{
    assertion::Cues,
    assign,
    dates::{self, Order},
    doctype::{DateLabels, Titles},
    draft::Draft,
    grammar, layout,
    lexicon::Lexicon,
    number::Units,
    sections::Headings,
    sheet::{Hint, Sheet},
};
use cartulary_catalogue::Catalogue;
use cartulary_model::{ConceptId, Fact, FactId, PartialDate, SourceDocument};
use std::sync::Arc;

/// Lexicon, cues, units, titles and headings, built once from a catalogue.
pub struct Engine {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) lexicon: Lexicon,
    pub(crate) cues: Cues,
    pub(crate) units: Units,
    pub(crate) titles: Titles,
    pub(crate) headings: Headings,
    pub(crate) date_labels: DateLabels,
}

/// What was read of a set of documents.
#[derive(Clone, Debug, Default)]
pub struct Extraction {
    /// Every fact, numbered in the order of documents and pages.
    pub facts: Vec<Fact>,
    /// What kind of paper each document is, and its day.
    pub papers: Vec<Paper>,
}

/// What kind of paper a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The document.
    pub document: cartulary_model::DocumentId,
    /// `sec.doc_*`, if recognised.
    pub kind: Option<ConceptId>,
    /// The day it was written.
    pub date: Option<PartialDate>,
    /// The day of the specimen or examination.
    pub sample_date: Option<PartialDate>,
}

impl Engine {
    /// Builds the engine; takes some tens of milliseconds.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            lexicon: Lexicon::new(&catalogue),
            cues: Cues::new(catalogue.cues()),
            units: Units::new(catalogue.unit_forms()),
            titles: Titles::new(&catalogue),
            headings: Headings::new(&catalogue),
            date_labels: DateLabels::new(&catalogue),
            catalogue,
        }
    }

    /// Reads facts from documents. Documents of the same content are read once.
    ///
    /// The result does not depend on the order of the documents.
    pub fn extract(&self, documents: &[SourceDocument]) -> Extraction {
        let mut ordered: Vec<&SourceDocument> = documents.iter().collect();
        ordered.sort_by(|a, b| a.id.cmp(&b.id));
        ordered.dedup_by(|a, b| a.id == b.id);
        let hint = Hint { order: common_order(&ordered), ..Hint::default() };
        let mut extraction = Extraction::default();
        for document in ordered {
            let (paper, facts) = self.extract_one(document, &hint);
            extraction.papers.push(paper);
            extraction.facts.extend(facts);
        }
        for (fact, number) in extraction.facts.iter_mut().zip(1u32..) {
            fact.id = FactId(number);
        }
        extraction
    }

    /// Reads the facts of one document, with what is known of it beforehand.
    pub fn extract_one(&self, document: &SourceDocument, hint: &Hint) -> (Paper, Vec<Fact>) {
        let sheet = Sheet::new(self, document, hint);
        let mut drafts: Vec<Draft> = grammar::all(&sheet);
        assign::assertions(&sheet, &mut drafts);
        assign::dates(&sheet, &mut drafts);
        drafts.sort_by(|a, b| (a.span, &a.concept, a.rule).cmp(&(b.span, &b.concept, b.rule)));
        drafts.dedup_by(|a, b| {
            a.span == b.span && a.concept == b.concept && a.value == b.value && a.experiencer == b.experiencer
        });
        let paper = Paper {
            document: document.id.clone(),
            kind: sheet.kind.clone(),
            date: sheet.date,
            sample_date: sheet.sample_date.map(|(date, _)| date),
        };
        let facts = drafts.into_iter().filter_map(|draft| draft.into_fact(&sheet)).collect();
        (paper, facts)
    }
}

/// The order of day and month that the papers prove together; nothing when they prove both or neither.
fn common_order(documents: &[&SourceDocument]) -> Option<Order> {
    let mut proved = documents.iter().filter_map(|document| dates::numeric_order(&layout::stream(document)));
    let first = proved.next()?;
    proved.all(|other| other == first).then_some(first)
}
