use super::{
    Reader,
    age::Ages,
    lab_bound::{facts, shown},
};
use crate::{
    bound::Bound,
    context::{Context, Freshness},
    document::Fields,
    kernel::Verdict,
    latest::latest,
    phrases::{Arg, Say},
};
use cartulary_model::{Answer, ConceptId, FactId, Quantity, Text, record::LabValue};

/// ## What it asks
/// Creatinine clearance against a bound: as printed, else computed by Cockcroft and Gault as
/// (140 − age) × weight in kg × (0.85 if female) / (72 × creatinine in mg/dL).
///
/// ## Unknown when
/// no clearance is printed and age, sex, weight or creatinine is missing or too old; the possible ages lie on both
/// sides of the bound. An estimated filtration rate (eGFR, per 1.73 m²) is shown and is no clearance.
///
/// ## References
/// - eligibility facts 5.3 [Cockcroft 1976]
#[derive(Clone, Debug, PartialEq)]
pub struct CreatinineClearance {
    bound: Bound,
}

const CLEARANCE: &str = "lab.crcl";
/// µmol/L in one mg/dL.
const MICROMOL_PER_MG_DL: f64 = 88.4;

impl CreatinineClearance {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("cockcroft_gault", reader.log)?;
        let mut inner = reader.log.fields(node);
        let analyte = ConceptId::from(CLEARANCE);
        let bound = Bound::of_quantities(&mut inner, &analyte, reader.catalogue, reader.log)?;
        inner.finish(reader.log);
        Some(Self { bound })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let bound = self.bound.text(context);
        context.say(Say::AskCrcl, &[(&bound).into()])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        if let Some(verdict) = self.printed(context) {
            return verdict;
        }
        let weight = Value::latest(context, "lab.weight");
        let creatinine = Value::latest(context, "lab.creat");
        let ages = Ages::of(&context.record.patient, context.on).filter(|ages| ages.high.is_finite());
        let sex =
            context.record.patient.sex.as_ref().filter(|_| context.conflict_about("patient.sex").is_none());
        let (Some(weight), Some(creatinine), Some(ages), Some(sex)) = (&weight, &creatinine, &ages, sex)
        else {
            let mut missing = Vec::new();
            for (known, item) in [
                (weight.is_some(), "weight"),
                (creatinine.is_some(), "chemistry"),
                (ages.is_some(), "date_of_birth"),
                (sex.is_some(), "sex"),
            ] {
                if !known {
                    missing.push(item);
                }
            }
            return without(context, missing);
        };
        let sex_factor = if sex.value == "female" { 0.85 } else { 1.0 };
        let of = |age: f64, weight: f64, creatinine: f64| {
            (140.0 - age) * weight * sex_factor / (72.0 * creatinine / MICROMOL_PER_MG_DL)
        };
        let low = of(ages.high, weight.low, creatinine.high);
        let high = of(ages.low, weight.high, creatinine.low);
        let range = if context.is_silent() {
            String::new()
        } else if high - low < 0.5 {
            format!("{low:.0}")
        } else {
            format!("{low:.0}–{high:.0}")
        };
        let mut facts: Vec<FactId> = weight.facts.iter().chain(&creatinine.facts).copied().collect();
        facts.extend(ages.facts.iter().chain(&sex.facts));
        let holds = |bound: &Bound| bound.holds_for(low, high);
        match holds(&self.bound) {
            None => {
                let bound = self.bound.text(context);
                let args = [Arg::Same(&range), (&bound).into()];
                Verdict::unknown(context.say(Say::CrclOpen, &args), facts, vec!["chemistry", "weight"])
            }
            Some(met) => {
                let relation = self.bound.relation(context, met, holds);
                let age = ages.words(context);
                let args = [
                    Arg::Same(&range),
                    Arg::Pair(&age.0, &age.1),
                    Arg::Same(&weight.words),
                    Arg::Same(&creatinine.words),
                    (&relation).into(),
                ];
                Verdict::known(met, context.say(Say::CrclComputed, &args), facts)
            }
        }
    }

    /// A clearance that a paper prints.
    fn printed<'a>(&self, context: &Context<'a>) -> Option<Verdict<'a>> {
        let values = fresh(context, CLEARANCE);
        if values.is_empty() || values.iter().any(|value| value.measurement.canonical.is_none()) {
            return None;
        }
        let holds = |bound: &Bound| {
            super::agreement(values.iter().map(|value| bound.holds(value.measurement.canonical.as_ref()?)))
        };
        let words = shown(context, &values, |_| None);
        let name = context.label_of(CLEARANCE);
        Some(match holds(&self.bound) {
            Answer::Unknown => {
                let bound = self.bound.text(context);
                let args = [name, (&words).into(), (&bound).into()];
                Verdict::unknown(context.say(Say::ValuesDisagree, &args), facts(&values), vec!["chemistry"])
            }
            answer => {
                let met = answer == Answer::Met;
                let relation = self.bound.relation(context, met, |limit| match holds(limit) {
                    Answer::Met => Some(true),
                    Answer::NotMet => Some(false),
                    Answer::Unknown => None,
                });
                let why = context.say(Say::Value, &[name, (&words).into(), (&relation).into()]);
                Verdict::known(met, why, facts(&values))
            }
        })
    }
}

/// Unknown, with the filtration rate shown where one was printed.
fn without<'a>(context: &Context<'a>, missing: Vec<&'a str>) -> Verdict<'a> {
    let values = context.labs("lab.egfr");
    let rates: Vec<&LabValue> = latest(values, |value| value.date, context.on).collect();
    if rates.is_empty() {
        return Verdict::unknown(context.say(Say::CrclMissing, &[]), Vec::new(), missing);
    }
    let words = shown(context, &rates, |_| None);
    Verdict::unknown(context.say(Say::EgfrIsNotCrcl, &[(&words).into()]), facts(&rates), missing)
}

/// The latest values of an analyte, if all of them are new enough to count.
fn fresh<'c>(context: &'c Context<'_>, analyte: &str) -> Vec<&'c LabValue> {
    let values = context.labs(analyte);
    let candidates: Vec<&LabValue> = latest(values, |value| value.date, context.on).collect();
    match context.names.fresh(analyte) {
        Some(within)
            if candidates.iter().any(|value| context.is_fresh(value.date, within) != Freshness::Fresh) =>
        {
            Vec::new()
        }
        _ => candidates,
    }
}

/// The latest value of an analyte as an interval.
struct Value {
    low: f64,
    high: f64,
    words: String,
    facts: Vec<FactId>,
}

impl Value {
    fn latest(context: &Context<'_>, analyte: &str) -> Option<Self> {
        let values = fresh(context, analyte);
        let mut whole: Option<Self> = None;
        for value in values {
            let canonical: &Quantity = value.measurement.canonical.as_ref()?;
            let ((low, _), (high, _)) = canonical.bounds();
            if !(low.is_finite() && high.is_finite() && low > 0.0) {
                return None;
            }
            let words =
                if context.is_silent() { String::new() } else { value.measurement.printed.to_string() };
            whole = Some(match whole {
                None => Self { low, high, words, facts: value.facts.clone() },
                Some(mut whole) => {
                    whole.low = whole.low.min(low);
                    whole.high = whole.high.max(high);
                    whole.words.push_str(", ");
                    whole.words.push_str(&words);
                    whole.facts.extend(&value.facts);
                    whole
                }
            });
        }
        whole
    }
}
