//! Short names for papers, and the links from a statement to the place it was read.

use crate::{
    clean::{clean, language_of},
    words::Words,
};
use cartulary_model::{
    DocumentId, Evidence, Fact, FactId, PreliminaryEvaluation,
    evaluation::DocumentSummary,
    fact::{EvidenceRole, Method},
};
use std::collections::BTreeMap;

/// Words of a paper, in the paper's own language.
#[derive(Clone, Debug)]
pub(crate) struct Quote {
    pub(crate) text: String,
    pub(crate) lang: &'static str,
}

impl Quote {
    pub(crate) fn new(text: &str) -> Self {
        let text = clean(text);
        Self { lang: language_of(&text), text }
    }
}

/// A link to the place a statement rests on.
#[derive(Clone, Debug)]
pub(crate) struct Chip {
    pub(crate) fact: FactId,
    /// `D3 p.1`, so that a printed page still leads to the paper.
    pub(crate) place: String,
    /// `p3-1`, the link of the page; nothing for a person's entry.
    pub(crate) page: Option<String>,
    pub(crate) quote: Quote,
}

/// The evaluation's papers and facts, to look things up in.
pub(crate) struct Papers<'a> {
    pub(crate) evaluation: &'a PreliminaryEvaluation,
    numbers: BTreeMap<&'a DocumentId, usize>,
    facts: BTreeMap<FactId, &'a Fact>,
    words: Words<'a>,
}

impl<'a> Papers<'a> {
    pub(crate) fn of(evaluation: &'a PreliminaryEvaluation, words: Words<'a>) -> Self {
        let numbers =
            evaluation.documents.iter().enumerate().map(|(index, of)| (&of.source.id, index + 1)).collect();
        let facts = evaluation.facts.iter().map(|fact| (fact.id, fact)).collect();
        Self { evaluation, numbers, facts, words }
    }

    /// A document's number in this report, from 1.
    pub(crate) fn number(&self, document: &DocumentId) -> Option<usize> {
        self.numbers.get(document).copied()
    }

    /// A document.
    pub(crate) fn document(&self, id: &DocumentId) -> Option<&'a DocumentSummary> {
        self.evaluation.documents.get(self.number(id)? - 1)
    }

    /// A document's name as sent.
    pub(crate) fn name(&self, document: &DocumentId) -> String {
        self.document(document).map_or_else(|| document.to_string(), |of| clean(&of.source.name))
    }

    /// A fact.
    pub(crate) fn fact(&self, id: FactId) -> Option<&'a Fact> {
        self.facts.get(&id).copied()
    }

    /// The place that carries a fact's value; its first place when none does.
    pub(crate) fn main_place<'f>(&self, fact: &'f Fact) -> Option<&'f Evidence> {
        let is_value = |evidence: &&Evidence| evidence.role == EvidenceRole::Value;
        fact.evidence.iter().find(is_value).or_else(|| fact.evidence.first())
    }

    /// Links to facts, in order, each once. Ids of facts that do not exist are left out.
    pub(crate) fn chips(&self, facts: &[FactId]) -> Vec<Chip> {
        let mut chips: Vec<Chip> = Vec::new();
        for fact in facts.iter().filter_map(|id| self.facts.get(id)) {
            if chips.iter().all(|chip| chip.fact != fact.id) {
                chips.push(self.chip(fact));
            }
        }
        chips
    }

    pub(crate) fn chip(&self, fact: &Fact) -> Chip {
        let page = self
            .main_place(fact)
            .and_then(|evidence| Some(format!("p{}-{}", self.number(&evidence.document)?, evidence.page)));
        Chip { fact: fact.id, place: self.place(fact), page, quote: Quote::new(&self.quote(fact)) }
    }

    /// The words that carry the value: a table gives its name, number and unit in cells of their own.
    fn quote(&self, fact: &Fact) -> String {
        let Some(main) = self.main_place(fact) else { return String::new() };
        let mut quotes: Vec<&str> = Vec::new();
        for place in fact.evidence.iter().filter(|of| of.role == main.role) {
            let is_here = (&place.document, place.page) == (&main.document, main.page);
            if is_here && !quotes.contains(&place.quote.as_str()) {
                quotes.push(&place.quote);
            }
        }
        quotes.join(" · ")
    }

    fn place(&self, fact: &Fact) -> String {
        match (self.main_place(fact), &fact.method) {
            (Some(evidence), _) => {
                let number = self.number(&evidence.document).unwrap_or_default().to_string();
                self.words.fill("place", &[("document", &number), ("page", &evidence.page.to_string())])
            }
            (None, Method::Person { name, .. }) => self.words.fill("place.person", &[("name", &clean(name))]),
            (None, Method::Rule(_) | Method::Model { .. }) => String::new(),
        }
    }
}
