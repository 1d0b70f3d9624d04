//! What a fact says, in words.

use crate::{clean::clean, words::Words};
use cartulary_model::{
    Assertion, Experiencer, Fact, Quantity, Temporality, Value,
    fact::{Attr, AttrValue, Flag, Measurement, Sign, Status},
};
use serde::Serialize;

/// The value itself: `45 ×10⁹/L`, `positive`; nothing when the concept itself is the statement.
pub(crate) fn value(fact: &Fact, words: Words<'_>) -> String {
    match &fact.value {
        Value::None => String::new(),
        Value::Measurement(measurement) => measured(measurement),
        Value::Sign(sign) => words.t(sign_key(*sign)),
        Value::Number(number) => number.to_string(),
        Value::Code(code) => coded(code, words),
        Value::Date(date) => date.to_string(),
        Value::Text(text) => clean(text),
    }
}

/// Further properties: `after R-CHOP, at end of treatment`.
pub(crate) fn details(fact: &Fact, words: Words<'_>) -> String {
    let parts: Vec<String> =
        fact.attrs.iter().filter_map(|(attr, value)| property(*attr, value, words)).collect();
    words.join(&parts)
}

/// A closed code such as `female`, or the code itself (`IV`).
pub(crate) fn coded(code: &str, words: Words<'_>) -> String {
    let key = format!("code.{code}");
    if words.has(&key) { words.t(&key) } else { clean(code) }
}

/// What a result is beside its reference range: the range and the laboratory's mark, in words and as an arrow.
pub(crate) fn range(fact: &Fact, words: Words<'_>) -> (String, Option<String>) {
    let Value::Measurement(measurement) = &fact.value else { return (String::new(), None) };
    let flag = measurement.flag.map(|flag| match flag {
        Flag::High => words.t("flag.high"),
        Flag::Low => words.t("flag.low"),
    });
    let range = match measurement.reference.map(|range| (range.low, range.high)) {
        Some((Some(low), Some(high))) => format!("{low}–{high}"),
        Some((Some(low), None)) => format!("≥{low}"),
        Some((None, Some(high))) => format!("≤{high}"),
        Some((None, None)) | None => String::new(),
    };
    (range, flag)
}

/// How it is said, where it is not plainly so of the patient today: denied, possible, planned, family, past.
pub(crate) fn said(fact: &Fact, words: Words<'_>) -> Vec<(&'static str, String)> {
    let assertion = match fact.assertion {
        Assertion::Present => None,
        Assertion::Negated => Some("denied"),
        Assertion::Possible => Some("possible"),
        Assertion::Hypothetical => Some("planned"),
    };
    let experiencer = match fact.experiencer {
        Experiencer::Patient => None,
        Experiencer::Family => Some("family"),
        Experiencer::Donor => Some("donor"),
        Experiencer::Other => Some("other"),
    };
    let temporality = match fact.temporality {
        Temporality::Current => None,
        Temporality::Historical => Some("past"),
    };
    [assertion, experiencer, temporality]
        .into_iter()
        .flatten()
        .map(|key| (key, words.t(&format!("said.{key}"))))
        .collect()
}

/// Who stands behind the fact: read by machine, confirmed, corrected, set aside by a person.
pub(crate) fn standing(fact: &Fact, words: Words<'_>) -> String {
    words.t(match fact.status {
        Status::Read => "status.read",
        Status::Confirmed => "status.confirmed",
        Status::Corrected => "status.corrected",
        Status::Rejected => "status.set_aside",
    })
}

fn measured(measurement: &Measurement) -> String {
    let printed = quantity(&measurement.printed);
    match &measurement.canonical {
        Some(canonical) if canonical.unit != measurement.printed.unit => {
            format!("{printed} (= {})", quantity(canonical))
        }
        Some(_) | None => printed,
    }
}

/// A quantity as people write it: the unit `1` of a pure number is not written.
fn quantity(quantity: &Quantity) -> String {
    let is_pure = quantity.unit.as_ref().is_some_and(|unit| unit.as_str() == "1");
    let shown = Quantity { unit: quantity.unit.clone().filter(|_| !is_pure), ..quantity.clone() };
    shown.to_string()
}

fn sign_key(sign: Sign) -> &'static str {
    match sign {
        Sign::Positive => "sign.positive",
        Sign::Negative => "sign.negative",
        Sign::Equivocal => "sign.equivocal",
        Sign::Restricted => "sign.restricted",
    }
}

fn property(attr: Attr, value: &AttrValue, words: Words<'_>) -> Option<String> {
    let name = words.t(&format!("attr.{}", key_of(attr)));
    let value = match value {
        AttrValue::Flag(true) => return Some(name),
        AttrValue::Flag(false) => words.t("no"),
        AttrValue::Number(number) if matches!(attr, Attr::Percent | Attr::Vaf) => format!("{number}%"),
        AttrValue::Number(number) => number.to_string(),
        AttrValue::Date(date) => date.to_string(),
        AttrValue::Text(text) => {
            let key = format!("code.{text}");
            if words.has(&key) { words.t(&key) } else { words.concept_or_text(text) }
        }
    };
    Some(words.fill("attr", &[("name", &name), ("value", &value)]))
}

/// A value of the model as it is serialised, for keys of the message catalogue.
pub(crate) fn key_of(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
