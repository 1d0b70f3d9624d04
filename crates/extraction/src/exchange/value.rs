//! The value of a fact in the exchange form, and the day a treatment began.

use super::{ExchangeFact, Norm, Scalar};
use cartulary_model::{
    Comparator, Fact, PartialDate, Value,
    fact::{Attr, AttrValue, Flag, Sign},
};

/// The day of a plan is when it is to begin; cells, their collection and transplants have one day.
pub(super) fn day_of_start(fact: &Fact, out: &ExchangeFact) -> Option<PartialDate> {
    let known = out.attrs.contains_key("start") || out.attrs.contains_key("end");
    let planned = matches!(fact.attrs.get(&Attr::Status), Some(AttrValue::Text(of)) if of == "planned");
    let one_day = out.concept.starts_with("cart_")
        || out.concept.ends_with("_hsct")
        || matches!(out.concept.as_str(), "apheresis" | "car_t");
    fact.date.filter(|_| !known && out.r#type == "therapy" && (planned || one_day))
}

fn p53_by_pattern(fact: &Fact) -> Option<Scalar> {
    let AttrValue::Text(pattern) = fact.attrs.get(&Attr::Pattern)? else { return None };
    let word = match pattern.as_str() {
        "wild_type" => "negative",
        "mutant" => "positive",
        _ => return None,
    };
    Some(Scalar::Word(word.into()))
}

pub(super) fn set_value(out: &mut ExchangeFact, fact: &Fact) {
    match &fact.value {
        // The pattern is the result: p53 as in normal tissue, or as with a mutation.
        Value::None if fact.concept.as_str() == "bio.p53_ihc" => out.value = p53_by_pattern(fact),
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
            // A result in words has no place for the printed arrow but its quotation.
            let arrow = |sign: char| out.r#type == "serology" && out.quote.contains(sign);
            out.flag = arrow('↑').then_some(Flag::High).or_else(|| arrow('↓').then_some(Flag::Low));
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
        Value::Code(code) if !matches!(fact.concept.as_str(), "bio.hans" | "bio.aberration") => {
            out.value = Some(Scalar::Word(code.clone()));
        }
        Value::Code(_) => {}
        Value::Date(date) => out.value = Some(Scalar::Word(date.to_string())),
        Value::Text(text) => out.value = Some(Scalar::Word(text.clone())),
    }
}
