//! A fact in the making: spans of the stream instead of places on paper.

use crate::{sheet::Sheet, stream::Span};
use cartulary_model::{
    Assertion, ConceptId, Experiencer, Fact, FactId, PartialDate, RuleId, Temporality, Value,
    fact::{Attr, AttrValue, EvidenceRole, Method, Status},
};
use std::collections::BTreeMap;

/// What a grammar found.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) concept: ConceptId,
    pub(crate) value: Value,
    pub(crate) attrs: BTreeMap<Attr, AttrValue>,
    /// The words that say it.
    pub(crate) span: Span,
    /// The words that name it: what cues must reach.
    pub(crate) name: Span,
    pub(crate) cues: Vec<Span>,
    pub(crate) date: Option<(PartialDate, Span)>,
    /// Set by the grammar when cues must not change it.
    pub(crate) assertion: Option<Assertion>,
    pub(crate) experiencer: Option<Experiencer>,
    pub(crate) temporality: Option<Temporality>,
    pub(crate) rule: &'static str,
    pub(crate) confidence: f32,
}

impl Draft {
    pub(crate) fn new(concept: impl Into<ConceptId>, span: Span, rule: &'static str) -> Self {
        Self {
            concept: concept.into(),
            value: Value::None,
            attrs: BTreeMap::new(),
            span,
            name: span,
            cues: Vec::new(),
            date: None,
            assertion: None,
            experiencer: None,
            temporality: None,
            rule,
            confidence: 0.9,
        }
    }

    pub(crate) fn named_at(mut self, name: Span) -> Self {
        self.name = name;
        self
    }

    pub(crate) fn value(mut self, value: Value) -> Self {
        self.value = value;
        self
    }

    pub(crate) fn present(mut self) -> Self {
        self.assertion = Some(Assertion::Present);
        self
    }

    pub(crate) fn set(&mut self, attr: Attr, value: AttrValue) {
        self.attrs.insert(attr, value);
    }

    pub(crate) fn with(mut self, attr: Attr, value: AttrValue) -> Self {
        self.set(attr, value);
        self
    }

    pub(crate) fn word(self, attr: Attr, word: impl Into<String>) -> Self {
        self.with(attr, AttrValue::Text(word.into()))
    }

    /// The word a property has.
    pub(crate) fn text_of(&self, attr: Attr) -> Option<&str> {
        match self.attrs.get(&attr) {
            Some(AttrValue::Text(text)) => Some(text),
            Some(AttrValue::Flag(_) | AttrValue::Number(_) | AttrValue::Date(_)) | None => None,
        }
    }

    pub(crate) fn number(self, attr: Attr, number: f64) -> Self {
        self.with(attr, AttrValue::Number(number))
    }

    pub(crate) fn confidence(mut self, confidence: f32) -> Self {
        self.confidence = confidence;
        self
    }

    pub(crate) fn marks_repair(&mut self) {
        self.set(Attr::OcrFixed, AttrValue::Flag(true));
        self.confidence = self.confidence.min(0.6);
    }

    /// The fact, with its places on paper; nothing when the span has no characters on paper.
    pub(crate) fn into_fact(self, sheet: &Sheet<'_>) -> Option<Fact> {
        // Most facts stand in one line; their cues and their date have a piece each.
        let cues = self.cues.iter().filter(|cue| !cue.overlaps(self.span));
        let mut evidence = Vec::with_capacity(2 + cues.clone().count());
        evidence.extend(sheet.stream.evidence(sheet.source, self.span, EvidenceRole::Value));
        if evidence.is_empty() {
            return None;
        }
        let lines = evidence.iter().filter_map(|of| {
            let page = sheet.source.pages.iter().find(|page| page.number == of.page)?;
            page.lines.get(of.line as usize).map(|line| line.confidence)
        });
        let read_as = lines.fold(1.0f32, f32::min);
        for cue in cues {
            evidence.extend(sheet.stream.evidence(sheet.source, *cue, EvidenceRole::Cue));
        }
        if let Some((_, span)) = self.date.filter(|(_, span)| !span.overlaps(self.span)) {
            evidence.extend(sheet.stream.evidence(sheet.source, span, EvidenceRole::Date));
        }
        Some(Fact {
            id: FactId(0),
            concept: self.concept,
            value: self.value,
            assertion: self.assertion.unwrap_or_default(),
            experiencer: self.experiencer.unwrap_or_default(),
            temporality: self.temporality.unwrap_or_default(),
            date: self.date.map(|(date, _)| date),
            attrs: self.attrs,
            evidence,
            method: Method::Rule(RuleId::from(self.rule)),
            confidence: (self.confidence * read_as).clamp(0.0, 1.0),
            status: Status::Read,
        })
    }
}
