//! What was taken from a document: its facts as they are kept in the vault, and what is counted of them in the clear.

use cartulary_extraction::Paper;
use cartulary_ledger::{FactIndex, FactRef};
use cartulary_model::{Assertion, BlobId, ConceptId, DocumentId, Fact, PartialDate, SourceDocument, Value};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// The form of a [`Taken`].
pub(crate) const FORMAT: u32 = 1;

/// The facts of one document as they are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// 1.
    pub format: u32,
    /// The extractor and its version.
    pub extractor: String,
    /// What kind of paper each part of the document is.
    pub papers: Vec<TakenPaper>,
    /// The facts, in the order of the document; their numbers are those of the document.
    pub facts: Vec<TakenFact>,
}

/// A fact and the name it has in the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakenFact {
    /// Its name.
    pub name: FactRef,
    /// The fact.
    pub fact: Fact,
}

/// What kind of paper a document or a part of one is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenPaper {
    /// The document.
    pub document: DocumentId,
    /// `sec.doc_*`, if recognised.
    #[serde(default)]
    pub kind: Option<ConceptId>,
    /// The day it was written.
    #[serde(default)]
    pub date: Option<PartialDate>,
    /// The day of the specimen or examination.
    #[serde(default)]
    pub sample_date: Option<PartialDate>,
    /// It held too many facts, and its rest was not read.
    #[serde(default)]
    pub cut: bool,
}

impl From<Paper> for TakenPaper {
    fn from(paper: Paper) -> Self {
        let Paper { document, kind, date, sample_date, cut } = paper;
        Self { document, kind, date, sample_date, cut }
    }
}

impl From<TakenPaper> for Paper {
    fn from(paper: TakenPaper) -> Self {
        let TakenPaper { document, kind, date, sample_date, cut } = paper;
        Self { document, kind, date, sample_date, cut }
    }
}

impl Taken {
    /// What was taken from a document with these parts.
    pub(crate) fn of(
        extractor: &str,
        document: BlobId,
        parts: &[&SourceDocument],
        papers: Vec<TakenPaper>,
        facts: Vec<Fact>,
    ) -> Self {
        let mut names = Names::new(document, parts);
        let mut taken: Vec<TakenFact> = Vec::with_capacity(facts.len());
        for (mut fact, number) in facts.into_iter().zip(1u32..) {
            fact.id = cartulary_model::FactId(number);
            taken.push(TakenFact { name: names.of(&fact), fact });
        }
        Self { format: FORMAT, extractor: extractor.to_owned(), papers, facts: taken }
    }

    /// What is counted and searched of the facts.
    pub(crate) fn index(&self) -> Vec<Arc<FactIndex>> {
        self.facts.iter().map(|taken| index_of(taken.name.clone(), &taken.fact)).collect()
    }
}

/// Gives the facts of a document names that stay the same when it is read again: document, part, page, line, character
/// and concept of their first place. None of it is a word of the paper.
struct Names<'a> {
    document: String,
    parts: BTreeMap<&'a DocumentId, usize>,
    given: BTreeMap<String, u32>,
}

impl<'a> Names<'a> {
    fn new(document: BlobId, parts: &[&'a SourceDocument]) -> Self {
        let parts = parts.iter().enumerate().map(|(at, part)| (&part.id, at)).collect();
        let document = document.to_string()[..12].to_owned();
        Self { document, parts, given: BTreeMap::new() }
    }

    fn of(&mut self, fact: &Fact) -> FactRef {
        let place = fact.evidence.first().map_or_else(String::new, |at| {
            let part = self.parts.get(&at.document).copied().unwrap_or(0);
            format!("{part}.{}.{}.{}", at.page, at.line, at.span.0)
        });
        let name = format!("{}:{place}:{}", self.document, fact.concept);
        let times = self.given.entry(name.clone()).or_insert(0);
        *times += 1;
        // Two statements of one concept at one place: of two people, say.
        FactRef(if *times == 1 { name } else { format!("{name}:{times}") }.into())
    }
}

/// What is counted and searched of a fact, and stands in the clear: of who somebody is, only that it was read.
pub(crate) fn index_of(name: FactRef, fact: &Fact) -> Arc<FactIndex> {
    let assertion = match fact.assertion {
        Assertion::Present => "present",
        Assertion::Negated => "negated",
        Assertion::Possible => "possible",
        Assertion::Hypothetical => "hypothetical",
    };
    let is_identity = fact.concept.is("pt");
    let (number, unit) = match &fact.value {
        _ if is_identity => (None, None),
        Value::Measurement(of) => {
            let quantity = of.canonical.as_ref().unwrap_or(&of.printed);
            (Some(quantity.value), quantity.unit.as_ref().map(|unit| unit.as_str().to_owned()))
        }
        Value::Number(number) => (Some(*number), None),
        Value::None | Value::Sign(_) | Value::Code(_) | Value::Date(_) | Value::Text(_) => (None, None),
    };
    Arc::new(FactIndex {
        fact: name,
        concept: fact.concept.clone(),
        assertion: assertion.to_owned(),
        number: number.filter(|number| number.is_finite()),
        unit,
        on: fact.date.filter(|_| !is_identity).map(|date| date.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::{Evidence, FactId, RuleId, fact::Method};

    fn fact(concept: &str, line: u32, value: Value) -> Fact {
        let evidence = Evidence {
            role: cartulary_model::fact::EvidenceRole::Value,
            document: "d".into(),
            page: 1,
            line,
            span: (2, 5),
            quote: "Wang".to_owned(),
            quads: Vec::new(),
        };
        Fact {
            id: FactId(9),
            concept: concept.into(),
            value,
            assertion: Assertion::Present,
            experiencer: cartulary_model::Experiencer::Patient,
            temporality: cartulary_model::Temporality::Current,
            date: PartialDate::from_year(1961),
            attrs: BTreeMap::new(),
            evidence: vec![evidence],
            method: Method::Rule(RuleId::new("r")),
            confidence: 1.0,
            status: cartulary_model::fact::Status::Read,
        }
    }

    fn taken(facts: Vec<Fact>) -> Taken {
        Taken::of("x", BlobId::from_bytes([0xAB; 32]), &[], Vec::new(), facts)
    }

    #[test]
    fn a_fact_has_the_same_name_whatever_stands_before_it() {
        let alone = taken(vec![fact("lab.plt", 3, Value::Number(4.0))]);
        let among =
            taken(vec![fact("lab.wbc", 1, Value::Number(4.0)), fact("lab.plt", 3, Value::Number(5.0))]);
        assert_eq!(alone.facts[0].name, among.facts[1].name);
        assert_eq!(&*alone.facts[0].name.0, "abababababab:0.1.3.2:lab.plt");
    }

    #[test]
    fn two_facts_of_one_place_have_two_names() {
        let both = taken(vec![fact("hist.fl", 1, Value::None), fact("hist.fl", 1, Value::None)]);
        assert_ne!(both.facts[0].name, both.facts[1].name);
    }

    #[test]
    fn nothing_of_who_somebody_is_stands_in_the_clear() {
        let index = taken(vec![fact("pt.age", 1, Value::Number(64.0))]).index();
        assert_eq!((index[0].number, index[0].on.as_deref()), (None, None));
        let shown = format!("{index:?}");
        assert!(!shown.contains("Wang") && !shown.contains("1961"), "{shown}");
    }
}
