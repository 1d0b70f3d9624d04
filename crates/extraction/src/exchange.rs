//! The exchange form of `cartulary extract`: a text in, facts with character spans out.

mod lines;

use crate::{Engine, Hint};
use cartulary_model::{
    Assertion, Comparator, ConceptId, Experiencer, Fact, Line, Page, PartialDate, Quad, SourceDocument,
    Temporality, Value,
    fact::{Attr, AttrValue, EvidenceRole, Flag, Sign},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text to read.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    /// Its name.
    pub id: String,
    /// As recognition or the text layer gave it.
    pub text: String,
    /// `pathology`, `genetics`, `imaging`, `lab`, `discharge`, `letter`, `message`.
    #[serde(default)]
    pub doc_type: Option<String>,
    /// The heading it stands under.
    #[serde(default)]
    pub section: Option<String>,
    /// The day of the document.
    #[serde(default)]
    pub doc_date: Option<PartialDate>,
}

/// What was read of a text.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The text's name.
    pub id: String,
    /// In reading order.
    pub facts: Vec<ExchangeFact>,
}

/// A fact in the exchange form.
#[derive(Clone, Debug, Serialize)]
pub struct ExchangeFact {
    /// `diagnosis`, `lab`, `therapy` ...
    pub r#type: String,
    /// The code inside the type.
    pub concept: String,
    /// The words of the text.
    pub quote: String,
    /// Start and end in Unicode scalar values, end excluded.
    pub span: (u32, u32),
    /// How it is asserted.
    pub assertion: Assertion,
    #[serde(skip_serializing_if = "Option::is_none")]
    experiencer: Option<Experiencer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temporality: Option<Temporality>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparator: Option<Comparator>,
    #[serde(skip_serializing_if = "Option::is_none")]
    norm: Option<Norm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ref_low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ref_high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<Flag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<PartialDate>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attrs: BTreeMap<String, AttrValue>,
    /// The rule that read it.
    pub rule: String,
}

/// A number or a word.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Scalar {
    Number(f64),
    Word(String),
}

/// A value in the canonical unit.
#[derive(Clone, Debug, Serialize)]
struct Norm {
    value: f64,
    unit: String,
}

/// Reads the facts of one text.
pub fn extract(engine: &Engine, record: &Record) -> Answer {
    let (document, starts) = document(&record.text);
    let hint = Hint {
        kind: record.doc_type.as_deref().and_then(kind),
        section: record.section.as_deref().and_then(|heading| section(engine, heading)),
        date: record.doc_date,
        ..Hint::default()
    };
    let (_, facts) = engine.extract_one(&document, &hint);
    let spans: Vec<(usize, usize)> = facts.iter().map(|fact| span_of(fact, &starts)).collect();
    let text: Vec<char> = record.text.chars().collect();
    let lines = lines::count(engine, &text, &spans, &facts);
    let facts = facts
        .iter()
        .zip(lines)
        .filter(|(fact, _)| is_exchanged(fact))
        .map(|(fact, line)| exchanged(engine, record, &starts, fact, line))
        .collect();
    Answer { id: record.id.clone(), facts }
}

/// The exchange form has no names and numbers of people, and a test only with its day, result or plan.
fn is_exchanged(fact: &Fact) -> bool {
    match fact.concept.as_str() {
        "pt.name" | "pt.birth_date" | "pt.number" => false,
        "test.biopsy" | "test.bm_biopsy" => true,
        id if id.starts_with("test.") => {
            fact.date.is_some() || fact.value != Value::None || fact.assertion == Assertion::Hypothetical
        }
        _ => true,
    }
}

/// A page with a line for each line of the text, and where each line starts in the text.
fn document(text: &str) -> (SourceDocument, Vec<usize>) {
    const HEIGHT: f32 = 36.0;
    const WIDTH: f32 = 1600.0;
    let mut starts = Vec::new();
    let mut lines = Vec::new();
    let mut offset = 0;
    for (row, line) in text.split('\n').enumerate() {
        let count = line.chars().count();
        starts.push(offset);
        offset += count + 1;
        let top = row as f32 * HEIGHT;
        // Without positions nothing is known of margins: a line is as wide as its own characters.
        let width = (count.max(1) as f32 * 12.0).min(WIDTH);
        lines.push(Line {
            text: line.to_owned(),
            quad: Quad::upright(0.0, top, width, top + 24.0),
            confidence: 1.0,
            char_edges: vec![],
        });
    }
    let page = Page { number: 1, width: 1654, height: 2339, lines, ..Page::default() };
    let source = SourceDocument {
        id: "text".into(),
        name: String::new(),
        media_type: String::new(),
        sha256: String::new(),
        pages: vec![page],
        unread: vec![],
    };
    (source, starts)
}

fn kind(doc_type: &str) -> Option<ConceptId> {
    let id = match doc_type {
        "pathology" => "sec.doc_pathology",
        "genetics" => "sec.doc_ngs",
        "imaging" => "sec.doc_pet",
        "lab" => "sec.doc_lab",
        "discharge" => "sec.doc_discharge",
        "letter" => "sec.doc_referral",
        "message" => "sec.doc_message",
        _ => return None,
    };
    Some(id.into())
}

fn section(engine: &Engine, heading: &str) -> Option<ConceptId> {
    let folded = crate::lexicon::folded(heading.trim().trim_end_matches([':', '：']));
    engine
        .catalogue
        .heading_forms()
        .into_iter()
        .find(|form| crate::lexicon::folded(&form.text) == folded)
        .map(|form| form.concept)
}

fn exchanged(
    engine: &Engine,
    record: &Record,
    starts: &[usize],
    fact: &Fact,
    line: Option<f64>,
) -> ExchangeFact {
    let code = engine.catalogue.exchange_code(&fact.concept);
    let (start, end) = span_of(fact, starts);
    let mut out = ExchangeFact {
        r#type: kind_of(fact, &code.kind),
        concept: concept_of(fact, &code.code),
        quote: record.text.chars().skip(start).take(end - start).collect(),
        span: (u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX)),
        assertion: fact.assertion,
        experiencer: (fact.experiencer != Experiencer::Patient).then_some(fact.experiencer),
        temporality: (fact.temporality != Temporality::Current).then_some(fact.temporality),
        value: None,
        unit: None,
        comparator: None,
        norm: None,
        ref_low: None,
        ref_high: None,
        flag: None,
        date: fact.date,
        attrs: fact
            .attrs
            .iter()
            .filter(|(attr, _)| !matches!(attr, Attr::Method))
            .map(|(attr, value)| (name(*attr), coded(engine, value)))
            .collect(),
        rule: match &fact.method {
            cartulary_model::fact::Method::Rule(rule) => rule.as_str().to_owned(),
            _ => String::new(),
        },
    };
    if matches!(fact.concept.as_str(), "reg.r_maint" | "reg.len_maint") {
        out.attrs.entry("intent".into()).or_insert(AttrValue::Text("maintenance".into()));
    }
    if let Some(line) = line {
        out.attrs.entry("line".into()).or_insert(AttrValue::Number(line));
    }
    set_value(&mut out, fact);
    out
}

/// Where a fact was read in the text: from its first to its last piece.
fn span_of(fact: &Fact, starts: &[usize]) -> (usize, usize) {
    let pieces = || {
        fact.evidence.iter().filter(|of| of.role == EvidenceRole::Value).map(|of| {
            let start = starts.get(of.line as usize).copied().unwrap_or(0);
            (start + of.span.0 as usize, start + of.span.1 as usize)
        })
    };
    let start = pieces().map(|of| of.0).min().unwrap_or(0);
    let end = pieces().map(|of| of.1).max().unwrap_or(0);
    (start, end)
}

/// Markers are `flow` where flow cytometry read them.
fn kind_of(fact: &Fact, kind: &str) -> String {
    if kind == "ihc" && fact.word(Attr::Method) == Some("flow") { "flow".into() } else { kind.to_owned() }
}

fn concept_of(fact: &Fact, code: &str) -> String {
    let quote = fact.quote().to_lowercase();
    match (&fact.value, fact.concept.as_str()) {
        (Value::Code(origin), "bio.hans") => origin.clone(),
        (_, id) if id.starts_with("find.stage_") && quote.contains("lugano") => "lugano".into(),
        (_, "find.cr") if quote.contains("metabol") || quote.contains("代谢") || quote.contains("cmr") => {
            "cmr".into()
        }
        (_, "find.pr") if quote.contains("metabol") || quote.contains("代谢") || quote.contains("pmr") => {
            "pmr".into()
        }
        _ => code.to_owned(),
    }
}

fn name(attr: Attr) -> String {
    serde_json_name(&attr)
}

/// The attribute's serialised name, without a JSON crate.
fn serde_json_name(attr: &Attr) -> String {
    let debug = format!("{attr:?}");
    let mut name = String::new();
    for of in debug.chars() {
        if of.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(of.to_lowercase());
    }
    name
}

/// Concept ids inside attributes become exchange codes too.
fn coded(engine: &Engine, value: &AttrValue) -> AttrValue {
    match value {
        AttrValue::Text(text)
            if text.contains('.') && engine.catalogue.concept(&ConceptId::from(text.as_str())).is_some() =>
        {
            AttrValue::Text(engine.catalogue.exchange_code(&ConceptId::from(text.as_str())).code)
        }
        other => other.clone(),
    }
}

fn set_value(out: &mut ExchangeFact, fact: &Fact) {
    match &fact.value {
        Value::None => {}
        Value::Measurement(of) => {
            out.value = Some(Scalar::Number(of.printed.value));
            out.unit = of.printed.unit.as_ref().map(|unit| unit.as_str().to_owned());
            out.comparator = (of.printed.comparator != Comparator::Equal).then_some(of.printed.comparator);
            out.norm = of
                .canonical
                .as_ref()
                .filter(|canonical| **canonical != of.printed && out.unit.is_some())
                .and_then(|canonical| {
                    canonical
                        .unit
                        .as_ref()
                        .map(|unit| Norm { value: canonical.value, unit: unit.as_str().to_owned() })
                });
            out.ref_low = of.reference.and_then(|reference| reference.low);
            out.ref_high = of.reference.and_then(|reference| reference.high);
            out.flag = of.flag;
        }
        Value::Sign(sign) => {
            let word = match sign {
                Sign::Positive => "positive",
                Sign::Negative => "negative",
                Sign::Equivocal => "equivocal",
                Sign::Restricted => "restricted",
            };
            // Variants say their absence by assertion.
            if out.r#type != "variant" {
                out.value = Some(Scalar::Word(word.into()));
            }
        }
        Value::Number(number) => {
            out.value = Some(Scalar::Number(*number));
            if fact.concept.as_str() == "pt.age" {
                out.unit = Some("a".into());
            }
        }
        Value::Code(code) if fact.concept.as_str() != "bio.hans" => {
            out.value = Some(Scalar::Word(code.clone()));
        }
        Value::Code(_) => {}
        Value::Date(date) => out.value = Some(Scalar::Word(date.to_string())),
        Value::Text(text) => out.value = Some(Scalar::Word(text.clone())),
    }
}
