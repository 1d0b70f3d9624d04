//! The exchange form of `cartulary extract`: a text in, facts with character spans out.

mod lines;
mod page;
mod value;

use crate::{
    Engine, Hint,
    vocabulary::exchange::{
        BIOPSIES, PAST_ILLNESS_HEADINGS, UNDER_OWN_HEADING_OTHER, UNDER_OWN_HEADING_PAST,
    },
};
use cartulary_model::{
    Assertion, Comparator, ConceptId, Evidence, Experiencer, Fact, PartialDate, Temporality, Value,
    fact::{Attr, AttrValue, EvidenceRole, Flag, Method, Sign},
};
pub(crate) use page::document;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write as _};
use value::{day_of_start, set_value};

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
    /// What the engine has no words for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
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
    /// Words that negate, doubt, date or transfer it; for people, not part of the form.
    #[serde(skip)]
    pub cues: Vec<CueWords>,
}

/// Words beside a fact that made it what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CueWords {
    /// What they contribute.
    pub role: EvidenceRole,
    /// The words.
    pub quote: String,
    /// Start and end in Unicode scalar values, end excluded.
    pub span: (u32, u32),
}

impl ExchangeFact {
    /// Everything but type, code and words, in short: `= 45 10*9/L`, `negated`, `line 2`.
    pub(crate) fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(value) = &self.value {
            let sign = self.comparator.map_or("=", Comparator::sign);
            let unit = self.unit.as_deref().unwrap_or_default();
            parts.push(format!("{sign} {value} {unit}").trim_end().to_owned());
        }
        if self.ref_low.is_some() || self.ref_high.is_some() {
            let bound = |of: Option<f64>| of.map_or(String::new(), |of| of.to_string());
            parts.push(format!("({}-{})", bound(self.ref_low), bound(self.ref_high)));
        }
        if let Some(norm) = &self.norm {
            parts.push(format!("→ {} {}", norm.value, norm.unit));
        }
        parts.extend(self.flag.map(|flag| format!("{flag:?}").to_lowercase()));
        parts.extend((self.assertion != Assertion::Present).then(|| word(&self.assertion)));
        parts.extend(self.experiencer.map(|of| word(&of)));
        parts.extend(self.temporality.map(|of| word(&of)));
        parts.extend(self.date.map(|date| date.to_string()));
        parts.extend(self.attrs.iter().map(|(name, value)| match value {
            AttrValue::Flag(of) => format!("{name}: {of}"),
            AttrValue::Number(of) => format!("{name}: {of}"),
            AttrValue::Date(of) => format!("{name}: {of}"),
            AttrValue::Text(of) => format!("{name}: {of}"),
        }));
        parts
    }
}

fn word(of: &impl std::fmt::Debug) -> String {
    format!("{of:?}").to_lowercase()
}

/// A number or a word.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Scalar {
    Number(f64),
    Word(String),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// A value in the canonical unit.
#[derive(Clone, Debug, Serialize)]
struct Norm {
    value: f64,
    unit: String,
}

/// A text whose characters are found without walking to them.
struct Text<'a> {
    text: &'a str,
    is_ascii: bool,
    /// Where every [`Text::STEP`]th character begins.
    bytes: Vec<usize>,
}

impl<'a> Text<'a> {
    /// From one known character it is a short walk to the next.
    const STEP: usize = 16;

    fn new(text: &'a str) -> Self {
        let is_ascii = text.is_ascii();
        let known = text.char_indices().step_by(Self::STEP).map(|(byte, _)| byte);
        Self { text, is_ascii, bytes: if is_ascii { Vec::new() } else { known.collect() } }
    }

    /// The characters from `start` to `end`, as far as there are any.
    fn slice(&self, start: usize, end: usize) -> &'a str {
        &self.text[self.byte(start)..self.byte(end.max(start))]
    }

    fn byte(&self, at: usize) -> usize {
        if self.is_ascii {
            return at.min(self.text.len());
        }
        let Some(known) = self.bytes.get(at / Self::STEP) else { return self.text.len() };
        let walk = self.text[*known..].char_indices().nth(at % Self::STEP);
        walk.map_or(self.text.len(), |(apart, _)| known + apart)
    }
}

/// Every fact of one text, also those that the exchange form leaves out.
#[must_use]
pub fn facts(engine: &Engine, record: &Record) -> Vec<Fact> {
    engine.extract_one(&document(&record.text).0, &hint(engine, record)).1
}

fn hint(engine: &Engine, record: &Record) -> Hint {
    Hint {
        kind: record.doc_type.as_deref().and_then(kind),
        section: record.section.as_deref().and_then(|heading| section(engine, heading)),
        date: record.doc_date,
        ..Hint::default()
    }
}

/// Reads the facts of one text.
pub fn extract(engine: &Engine, record: &Record) -> Answer {
    let (document, starts) = document(&record.text);
    let (paper, facts) = engine.extract_one(&document, &hint(engine, record));
    let spans: Vec<(usize, usize)> = facts.iter().map(|fact| span_of(fact, &starts)).collect();
    let text = Text::new(&record.text);
    let lines = lines::count(engine, &text, &spans, &facts);
    let told = facts
        .iter()
        .zip(lines)
        .filter(|(fact, _)| is_exchanged(fact, &text, &starts) && !is_outweighed(fact, &facts))
        .filter_map(|(fact, line)| exchanged(engine, &text, record, &starts, fact, line));
    let mut exchanged = Vec::with_capacity(facts.len());
    exchanged.extend(told);
    let rest = paper.cut.then(|| format!("what follows the first {} facts", crate::MOST_FACTS));
    let foreign = crate::language::foreign(&record.text).map(|of| of.to_string());
    let unread = foreign.into_iter().chain(rest).collect();
    Answer { id: record.id.clone(), facts: exchanged, unread }
}

/// The exchange form has no names and numbers of people, and a test only with its day, result or plan.
fn is_exchanged(fact: &Fact, text: &Text<'_>, starts: &[usize]) -> bool {
    match fact.concept.as_str() {
        "pt.name" | "pt.birth_date" | "pt.number" => false,
        // "CLL since 2014" tells an illness with its year: that is the diagnosis' date, and no event beside it.
        _ if is_year_of_illness(fact) => false,
        id if id.starts_with("test.") => is_told_test(fact, text, starts),
        // "Return if you develop a fever": what is feared, asked or warned of is no statement.
        _ => fact.assertion != Assertion::Hypothetical || !is_state(fact),
    }
}

/// "Syphilis EIA positive, RPR non-reactive": both are one test in the exchange form, and the reagin test, which turns
/// negative with time and treatment, is no "no" beside the other.
fn is_outweighed(fact: &Fact, facts: &[Fact]) -> bool {
    fact.concept.as_str() == "lab.rpr"
        && fact.value == Value::Sign(Sign::Negative)
        && facts
            .iter()
            .any(|of| of.concept.as_str() == "lab.tp_ab" && of.value == Value::Sign(Sign::Positive))
}

/// A test that was not done is silence; one that was done says something by its day, its result or its report.
fn is_told_test(fact: &Fact, text: &Text<'_>, starts: &[usize]) -> bool {
    // An ordinary picture is told by what it shows.
    if matches!(fact.concept.as_str(), "test.ct" | "test.mri" | "test.ultrasound" | "test.chest_xray") {
        return fact.assertion == Assertion::Hypothetical;
    }
    let reported = matches!(&fact.method, Method::Rule(rule) if rule.as_str() == "finding.specimen");
    match fact.assertion {
        Assertion::Hypothetical => true,
        Assertion::Present => {
            has_own_date(fact, text, starts)
                || fact.value != Value::None
                || reported
                || is_named_biopsy(fact, text, starts)
        }
        Assertion::Negated | Assertion::Possible => false,
    }
}

/// "the tonsil biopsy", "a core biopsy": told with its place or its way it is an examination; "this biopsy" points at the paper.
fn is_named_biopsy(fact: &Fact, text: &Text<'_>, starts: &[usize]) -> bool {
    const BEFORE: usize = 16;
    let (start, _) = span_of(fact, starts);
    let before = text.slice(start.saturating_sub(BEFORE), start).to_lowercase();
    let before = before.trim_end_matches([' ', '-']);
    let own = fact.quote().to_lowercase();
    fact.concept.as_str() == "test.biopsy"
        && BIOPSIES.iter().any(|word| before.ends_with(word) || own.starts_with(word))
}

/// A day of the test's own sentence, not one that was carried over from another.
fn has_own_date(fact: &Fact, text: &Text<'_>, starts: &[usize]) -> bool {
    let place = |role: EvidenceRole| {
        let of = fact.evidence.iter().find(|of| of.role == role)?;
        let start = starts.get(of.line as usize)?;
        Some((start + of.span.0 as usize, start + of.span.1 as usize))
    };
    let (Some(date), Some(value)) = (place(EvidenceRole::Date), place(EvidenceRole::Value)) else {
        return fact.date.is_some();
    };
    let (from, to) = if date.0 < value.0 { (date.1, value.0) } else { (value.1, date.0) };
    let between = text.slice(from, to.max(from));
    !between.contains(['。', '；', ';', '\n']) && !between.contains(". ")
}

/// Symptoms, sites, other illnesses and toxicities.
fn is_state(fact: &Fact) -> bool {
    let toxicity = ["find.crs", "find.icans", "find.hlh", "find.gvhd", "find.tls"];
    let told = [
        "find.lymphadenopathy",
        "find.splenomegaly",
        "find.hepatomegaly",
        "find.new_lesion",
        "find.new_lymphadenopathy",
        "find.cns_active",
        "find.bm_involved",
    ];
    matches!(fact.concept.kind(), "sym" | "site" | "com")
        || toxicity.contains(&fact.concept.as_str())
        || told.contains(&fact.concept.as_str())
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

/// `PMH: T2DM, HTN`: the last heading before the words, inside their paragraph.
fn is_under_own_heading(text: &Text<'_>, start: usize) -> bool {
    const REACH: usize = 300;
    let from = start.saturating_sub(REACH);
    let before = text.slice(from, start);
    let paragraph = crate::language::lowered(before.rsplit('\n').next().unwrap_or_default());
    let last = |words: &[&str]| words.iter().filter_map(|word| paragraph.rfind(word)).max();
    last(UNDER_OWN_HEADING_PAST)
        .is_some_and(|past| last(UNDER_OWN_HEADING_OTHER).is_none_or(|other| other < past))
}

fn exchanged(
    engine: &Engine,
    text: &Text<'_>,
    record: &Record,
    starts: &[usize],
    fact: &Fact,
    line: Option<f64>,
) -> Option<ExchangeFact> {
    let code = engine.catalogue.exchange_code_of(&fact.concept, fact.quote())?;
    let (start, end) = span_of(fact, starts);
    let mut out = ExchangeFact {
        r#type: kind_of(fact, &code.kind),
        concept: concept_of(fact, &code.code),
        quote: text.slice(start, end).to_owned(),
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
            Method::Rule(rule) => rule.as_str().to_owned(),
            _ => String::new(),
        },
        cues: fact
            .evidence
            .iter()
            .filter(|of| of.role != EvidenceRole::Value)
            .map(|of| cue(starts, of))
            .collect(),
    };
    if matches!(fact.concept.as_str(), "reg.r_maint" | "reg.len_maint") {
        out.attrs.entry("intent".into()).or_insert(AttrValue::Text("maintenance".into()));
    }
    if let Some(day) = day_of_start(fact, &out) {
        out.attrs.insert("start".into(), AttrValue::Date(day));
    }
    if let Some(variant) = variant(&fact.concept) {
        out.attrs.entry("variant".into()).or_insert(AttrValue::Text(variant.into()));
    }
    if let Some(line) = line {
        out.attrs.entry("line".into()).or_insert(AttrValue::Number(line));
    }
    if code.kind.as_ref() == "comorbidity" && is_past_illness(text, record, fact, out.span.0) {
        out.temporality = Some(Temporality::Historical);
    }
    set_value(&mut out, fact);
    if out.comparator.is_none()
        && let Some(AttrValue::Number(percent)) = fact.attrs.get(&Attr::Percent)
    {
        out.comparator = percent_comparator(&out.quote, *percent);
    }
    Some(out)
}

/// Under the heading of past illnesses what is told of the patient is past, unless it is said to be so today.
fn is_past_illness(text: &Text<'_>, record: &Record, fact: &Fact, start: u32) -> bool {
    if fact.assertion != Assertion::Present || fact.experiencer != Experiencer::Patient {
        return false;
    }
    let under = record.section.as_deref().is_some_and(|of| {
        let of = of.trim().trim_end_matches([':', '：']).to_lowercase();
        PAST_ILLNESS_HEADINGS.contains(&of.as_str())
    });
    under || is_under_own_heading(text, start as usize)
}

fn cue(starts: &[usize], of: &Evidence) -> CueWords {
    let start = u32::try_from(starts.get(of.line as usize).copied().unwrap_or(0)).unwrap_or(u32::MAX);
    let span = (start.saturating_add(of.span.0), start.saturating_add(of.span.1));
    CueWords { role: of.role, quote: of.quote.clone(), span }
}

/// `>90%` of stained cells: the comparator in front of the percent, as printed; that of a threshold beside is none.
fn percent_comparator(quote: &str, told: f64) -> Option<Comparator> {
    let percent = quote.find(['%', '％'])?;
    let sign = quote[..percent].rfind(['>', '＞', '<', '＜', '≥', '≤'])?;
    let mut rest = quote[sign..percent].chars();
    let of = rest.next()?;
    let number = rest.clone().all(|of| of.is_ascii_digit() || matches!(of, ' ' | '.' | '='));
    let printed: String = rest.by_ref().filter(|of| of.is_ascii_digit() || *of == '.').collect();
    let number = number && printed.parse().is_ok_and(|of: f64| (of - told).abs() < 1e-9);
    let comparator = match of {
        '>' | '＞' => Comparator::Greater,
        '<' | '＜' => Comparator::Less,
        '≥' => Comparator::AtLeast,
        _ => Comparator::AtMost,
    };
    number.then_some(comparator)
}

/// The variant of an entity that has no code of its own.
fn variant(concept: &ConceptId) -> Option<&'static str> {
    match concept.as_str() {
        "hist.mcl_blastoid" => Some("blastoid"),
        "hist.mcl_pleomorphic" => Some("pleomorphic"),
        "hist.nnmcl" => Some("non_nodal"),
        "hist.chl_ns" => Some("nodular_sclerosis"),
        "hist.chl_mc" => Some("mixed_cellularity"),
        "hist.chl_lr" => Some("lymphocyte_rich"),
        "hist.chl_ld" => Some("lymphocyte_depleted"),
        "hist.pcdlbcl_lt" => Some("leg_type"),
        "hist.ebv_dlbcl" => Some("ebv_positive"),
        "hist.thrlbcl" => Some("t_cell_rich"),
        "hist.ivlbcl" => Some("intravascular"),
        _ => None,
    }
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
    let says = |words: &[&str]| {
        let quote = fact.quote().to_lowercase();
        words.iter().any(|word| quote.contains(word))
    };
    match (&fact.value, fact.concept.as_str()) {
        (Value::Code(origin), "bio.hans") => origin.clone(),
        (Value::Code(aberration), "bio.aberration") => aberration.clone(),
        (_, id) if id.starts_with("find.stage_") && says(&["lugano"]) => "lugano".into(),
        (_, "find.cr") if says(&["metabol", "代谢", "cmr"]) => "cmr".into(),
        (_, "find.pr") if says(&["metabol", "代谢", "pmr"]) => "pmr".into(),
        _ => code.to_owned(),
    }
}

fn name(attr: Attr) -> String {
    serde_json_name(&attr)
}

/// The attribute's serialised name, without a JSON crate.
fn serde_json_name(attr: &Attr) -> String {
    /// Writes the name of a variant, which is ASCII, with a line below before each inner word.
    struct Snake(String);
    impl std::fmt::Write for Snake {
        fn write_str(&mut self, variant: &str) -> std::fmt::Result {
            for of in variant.chars() {
                if of.is_ascii_uppercase() && !self.0.is_empty() {
                    self.0.push('_');
                }
                self.0.push(of.to_ascii_lowercase());
            }
            Ok(())
        }
    }
    let mut name = Snake(String::with_capacity(16));
    // A text takes all that is written to it.
    let _ = write!(name, "{attr:?}");
    name.0
}

/// Concept ids inside attributes become exchange codes too.
fn coded(engine: &Engine, value: &AttrValue) -> AttrValue {
    match value {
        AttrValue::Text(text)
            if text.contains('.') && engine.catalogue.concept(&ConceptId::from(text.as_str())).is_some() =>
        {
            AttrValue::Text(
                engine.catalogue.exchange_code(&ConceptId::from(text.as_str())).code.as_ref().into(),
            )
        }
        other => other.clone(),
    }
}

/// Read from an illness with its year behind it.
fn is_year_of_illness(fact: &Fact) -> bool {
    matches!(&fact.method, Method::Rule(rule) if matches!(rule.as_str(), "diagnosis.since" | "event.disease_since"))
}
