use super::Reader;
use crate::{
    bound::Bound,
    context::Context,
    document::Fields,
    kernel::Verdict,
    phrases::{Arg, Say},
};
use cartulary_model::{FactId, PartialDate, Text, record::Patient};
use jiff::civil::Date;

/// ## What it asks
/// Age in completed years on the day of the evaluation against a bound.
///
/// ## Unknown when
/// neither date of birth nor age was read; the year of birth alone lies on both sides of the bound; papers give
/// different dates of birth. An age without a date was true at some day in the past: the patient is at least as old.
///
/// ## References
/// - populations of the labels (adult; up to 25 years; 26 years and older)
#[derive(Clone, Debug, PartialEq)]
pub struct AgeBound {
    pub(super) bound: Bound,
}

/// The ages that are possible, and the facts that say so.
pub(super) struct Ages {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) facts: Vec<FactId>,
}

impl AgeBound {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("age", reader.log)?;
        let mut inner = reader.log.fields(node);
        let bound = Bound::of_numbers(&mut inner, reader.log)?;
        inner.finish(reader.log);
        Some(Self { bound })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let bound = self.bound.text(context);
        context.say(Say::AskAge, &[(&bound).into()])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let ask = || vec!["date_of_birth"];
        if let Some(facts) = context.conflict_about("patient.birth_date") {
            return Verdict::unknown(context.say(Say::AgeConflict, &[]), facts, ask());
        }
        let Some(ages) = Ages::of(&context.record.patient, context.on) else {
            return Verdict::unknown(context.say(Say::AgeUnknown, &[]), Vec::new(), ask());
        };
        let words = ages.words(context);
        let age = Arg::Pair(&words.0, &words.1);
        let holds = |bound: &Bound| bound.holds_for(ages.low, ages.high);
        match holds(&self.bound) {
            None => {
                let bound = self.bound.text(context);
                Verdict::unknown(
                    context.say(Say::AgeOpen, &[age, (&bound).into()]),
                    ages.facts.clone(),
                    ask(),
                )
            }
            Some(met) => {
                let relation = self.bound.relation(context, met, holds);
                Verdict::known(met, context.say(Say::Age, &[age, (&relation).into()]), ages.facts.clone())
            }
        }
    }
}

impl Ages {
    pub(super) fn of(patient: &Patient, on: Date) -> Option<Self> {
        if let Some(birth) = &patient.birth_date {
            let (low, high) = (years(birth.value.latest(), on), years(birth.value.earliest(), on));
            return Some(Self { low, high, facts: birth.facts.clone() });
        }
        let age = patient.age.as_ref()?;
        let facts = age.facts.clone();
        let Some(said) = age.on.map(PartialDate::interval) else {
            return Some(Self { low: age.years.floor(), high: f64::INFINITY, facts });
        };
        // On the day it was said the patient had that birthday behind and the next one ahead.
        let low = age.years.floor() + years(said.latest, on).max(0.0);
        let high = age.years.floor() + years(said.earliest, on).max(0.0) + 1.0;
        Some(Self { low, high: if on == said.earliest { low } else { high }, facts })
    }

    /// `41`, `41–42`, `41 or more`, in both languages.
    pub(super) fn words(&self, context: &Context<'_>) -> (String, String) {
        if context.is_silent() {
            return (String::new(), String::new());
        }
        if self.low == self.high {
            (self.low.to_string(), self.low.to_string())
        } else if self.high.is_infinite() {
            (format!("{} or more", self.low), format!("{}或以上", self.low))
        } else {
            let range = format!("{}–{}", self.low, self.high);
            (range.clone(), range)
        }
    }
}

/// Completed years between two days; negative when the second is earlier.
fn years(from: Date, to: Date) -> f64 {
    let passed = (to.month(), to.day()) >= (from.month(), from.day());
    f64::from(to.year() - from.year()) - if passed { 0.0 } else { 1.0 }
}
