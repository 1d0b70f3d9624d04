//! The engine: everything that is built once, and the way of one document through it.

use crate::{
    assertion::Cues,
    assign,
    dates::{self, Order},
    doctype::{DateLabels, Titles},
    draft::Draft,
    grammar,
    grammar::Phrases,
    layout,
    lexicon::Lexicon,
    misread::Lookalikes,
    number::Units,
    repair::Repair,
    sections::Headings,
    sheet::{Frame, Hint, Sheet},
    stream::Span,
    walk::{Walk, Words},
};
use cartulary_catalogue::Catalogue;
use cartulary_model::{ConceptId, DocumentId, Fact, FactId, PartialDate, SourceDocument};
use jiff::civil::Date;
use std::sync::Arc;

/// Lexicon, cues, units, titles and headings, built once from a catalogue.
pub struct Engine {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) lexicon: Lexicon,
    /// Over the words of lexicon, cues, phrases and lists.
    pub(crate) walk: Walk,
    pub(crate) repair: Repair,
    pub(crate) lookalikes: Lookalikes,
    pub(crate) cues: Cues,
    pub(crate) units: Units,
    pub(crate) titles: Titles,
    pub(crate) headings: Headings,
    pub(crate) date_labels: DateLabels,
    pub(crate) phrases: Phrases,
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
    /// It held more than [`MOST_FACTS`], and its rest was not read.
    pub cut: bool,
}

/// More facts than this no paper of a patient has: three hundred dense pages hold some 20,000. What goes on longer is
/// not a paper, and is read no further, so that one file cannot fill the memory.
pub const MOST_FACTS: usize = 50_000;

impl Engine {
    /// Builds the engine; takes some tens of milliseconds.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        let mut words = Words::default();
        let lexicon = Lexicon::new(&catalogue, &mut words);
        let cues = Cues::new(catalogue.cues(), &mut words);
        let phrases = Phrases::new(&catalogue, &mut words);
        Self {
            lexicon,
            walk: Walk::new(words),
            repair: Repair::new(&catalogue),
            lookalikes: Lookalikes::new(&catalogue, "lab"),
            cues,
            units: Units::new(catalogue.unit_forms()),
            titles: Titles::new(&catalogue),
            headings: Headings::new(&catalogue),
            date_labels: DateLabels::new(&catalogue),
            phrases,
            catalogue,
        }
    }

    /// The catalogue it was built from.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The memory of the automaton over terms, cues, phrases and lists, in bytes.
    pub fn automata_bytes(&self) -> usize {
        self.walk.heap_bytes()
    }

    /// Reads facts from documents. Documents of the same content are read once.
    ///
    /// The result depends neither on the order of the documents nor on their names: they are told in the order of
    /// their days, papers of one day in the order of their words.
    pub fn extract(&self, documents: &[SourceDocument]) -> Extraction {
        let mut distinct: Vec<&SourceDocument> = documents.iter().collect();
        distinct.sort_by(|a, b| a.id.cmp(&b.id));
        distinct.dedup_by(|a, b| a.id == b.id);
        let hint = Hint { order: common_order(&distinct), ..Hint::default() };
        let mut told: Vec<(&SourceDocument, Paper, Vec<Fact>)> = distinct
            .into_iter()
            .map(|document| {
                let (paper, facts) = self.extract_one(document, &hint);
                (document, paper, facts)
            })
            .collect();
        told.sort_by_cached_key(|(document, paper, _)| in_time(document, paper));
        let mut extraction = Extraction::default();
        for (_, paper, facts) in told {
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
        let frame = Frame::new(self, document, hint);
        let mut paper = Paper {
            document: document.id.clone(),
            kind: frame.kind.clone(),
            date: frame.date,
            sample_date: frame.sample_date.map(|(date, _)| date),
            cut: false,
        };
        let mut facts = Vec::new();
        for sheet in frame.sheets() {
            if facts.len() >= MOST_FACTS {
                paper.cut = true;
                break;
            }
            let found = facts_of(&sheet);
            if facts.is_empty() {
                facts = found;
            } else {
                facts.extend(found);
            }
        }
        (paper, facts)
    }
}

/// Every step from a prepared sheet to its facts.
fn facts_of(sheet: &Sheet<'_>) -> Vec<Fact> {
    let mut drafts: Vec<Draft> = grammar::all(sheet);
    assign::without_legends(sheet, &mut drafts);
    assign::assertions(sheet, &mut drafts);
    assign::dates(sheet, &mut drafts);
    assign::not_of_another_step(sheet, &mut drafts);
    assign::keep_their_days(&mut drafts);
    assign::outdated(sheet, &mut drafts);
    assign::visits(sheet, &mut drafts);
    mark_repairs(sheet, &mut drafts);
    grammar::replaced(sheet, &mut drafts);
    grammar::diagnosed_once(sheet, &mut drafts);
    // A draft is long: their places are sorted, and each is moved once.
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&drafts[*a], &drafts[*b]);
        (a.span, &a.concept, a.rule).cmp(&(b.span, &b.concept, b.rule))
    });
    order.dedup_by(|a, b| {
        let (a, b) = (&drafts[*a], &drafts[*b]);
        a.span == b.span && a.concept == b.concept && a.value == b.value && a.experiencer == b.experiencer
    });
    let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let mut facts = Vec::with_capacity(order.len());
    facts.extend(order.into_iter().filter_map(|index| drafts[index].take()?.into_fact(sheet)));
    facts
}

/// Dated papers by day, undated ones last; then by their words, and by name only where the words are the same.
fn in_time(document: &SourceDocument, paper: &Paper) -> (bool, Option<Date>, Vec<String>, DocumentId) {
    let day = paper.sample_date.or(paper.date).map(PartialDate::earliest);
    let words = document.pages.iter().map(cartulary_model::Page::text).collect();
    (day.is_none(), day, words, document.id.clone())
}

/// What was read from damaged words says so and is trusted less.
fn mark_repairs(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    if sheet.stream.repaired.is_empty() {
        return;
    }
    for draft in drafts {
        let date = draft.date.map(|(_, span)| span);
        let damaged = |of: &Span| of.overlaps(draft.span) || date.is_some_and(|date| of.overlaps(date));
        if sheet.stream.repaired.iter().any(damaged) {
            draft.marks_repair();
        }
    }
}

/// The order of day and month that the papers prove together; nothing when they prove both or neither.
fn common_order(documents: &[&SourceDocument]) -> Option<Order> {
    let mut proved = documents.iter().filter_map(|document| dates::numeric_order(&layout::stream(document)));
    let first = proved.next()?;
    proved.all(|other| other == first).then_some(first)
}
