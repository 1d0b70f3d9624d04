use super::Reader;
use crate::{
    bound::Bound,
    context::{Context, Freshness},
    document::Fields,
    kernel::Verdict,
    latest::latest,
    period::Period,
    phrases::{Arg, Say},
};
use cartulary_model::{Answer, Comparator, FactId, Quantity, Text, record::ScoreValue};

/// ## What it asks
/// The latest value of a score (`ecog`, `deauville`) against a bound, within `within` or the `[fresh]` period of
/// `sets.toml`.
///
/// ## Unknown when
/// no value was read; its day may lie outside the window; two values that could both be the latest stand on different
/// sides. A Karnofsky index is shown and never converted to ECOG.
///
/// ## References
/// - eligibility facts 4.4 ("approximate; never convert silently")
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreBound {
    pub(super) score: &'static str,
    pub(super) bound: Bound,
    pub(super) within: Option<Period>,
}

const SCORES: [&str; 5] = ["ecog", "deauville", "kps", "ipi", "flipi"];

impl ScoreBound {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let at = fields.at;
        let score = reader.word(fields, "score", &SCORES)?;
        if !reader.names.covers(score) {
            reader.log.problem(at, format!("sets.toml does not say how to ask for the score `{score}`"));
        }
        let within = match fields.take("within") {
            Some(node) => Some(Period::read(node, reader.log)?),
            None => reader.names.fresh(score),
        };
        let bound = Bound::of_numbers(fields, reader.log)?;
        Some(Self { score, bound, within })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let terms = match self.within {
            Some(within) => context.say(Say::AskWithin, &[(&context.period(within)).into()]),
            None => Text::default(),
        };
        let bound = self.bound.text(context);
        let args = [name_of(self.score), (&bound).into(), (&terms).into()];
        context.say(Say::AskValue, &args)
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let ask = || context.ask(self.score);
        let name = name_of(self.score);
        let candidates = self.candidates(context, self.score);
        if candidates.is_empty() {
            let karnofsky = if self.score == "ecog" { self.candidates(context, "kps") } else { Vec::new() };
            let why = match shown(context, &karnofsky) {
                Some(values) => context.say(Say::KpsIsNotEcog, &[(&values).into()]),
                None => context.say(Say::ValueMissing, &[name]),
            };
            return Verdict::unknown(why, facts(&karnofsky), ask());
        }
        let values = shown(context, &candidates).unwrap_or_default();
        if let Some(within) = self.within {
            let stale = candidates.iter().map(|value| context.is_fresh(value.date, within));
            if let Some(stale) = stale.clone().find(|of| *of != Freshness::Fresh) {
                let say = if stale == Freshness::Old { Say::ValueOld } else { Say::ValueUndated };
                let why = context.say(say, &[name, (&values).into(), (&context.period(within)).into()]);
                return Verdict::unknown(why, facts(&candidates), ask());
            }
        }
        let holds = |bound: &Bound| {
            super::agreement(candidates.iter().map(|value| {
                bound.holds(&Quantity { value: value.value, comparator: Comparator::Equal, unit: None })
            }))
        };
        let answer = holds(&self.bound);
        if answer == Answer::Unknown {
            let bound = self.bound.text(context);
            let why = context.say(Say::ValuesDisagree, &[name, (&values).into(), (&bound).into()]);
            return Verdict::unknown(why, facts(&candidates), ask());
        }
        let met = answer == Answer::Met;
        let relation = self.bound.relation(context, met, |limit| match holds(limit) {
            Answer::Met => Some(true),
            Answer::NotMet => Some(false),
            Answer::Unknown => None,
        });
        let why = context.say(Say::Value, &[name, (&values).into(), (&relation).into()]);
        Verdict::known(met, why, facts(&candidates))
    }

    fn candidates<'c>(&self, context: &'c Context<'_>, score: &str) -> Vec<&'c ScoreValue> {
        let values = context.record.scores.get(score).map_or(&[][..], Vec::as_slice);
        latest(values, |value| value.date, context.on).collect()
    }
}

fn name_of(score: &str) -> Arg<'static> {
    match score {
        "ecog" => Arg::Same("ECOG"),
        "deauville" => Arg::Pair("Deauville score", "Deauville评分"),
        "kps" => Arg::Pair("Karnofsky index", "KPS评分"),
        "flipi" => Arg::Same("FLIPI"),
        _ => Arg::Same("IPI"),
    }
}

fn shown(context: &Context<'_>, values: &[&ScoreValue]) -> Option<Text> {
    if context.is_silent() {
        return None;
    }
    let words = values.iter().fold(Text::default(), |words, value| {
        let date = value.date.map(|date| date.to_string());
        let when = match &date {
            Some(date) => context.say(Say::On, &[Arg::Same(date)]),
            None => context.say(Say::NoDate, &[]),
        };
        let one = Text::new(format!("{}{}", value.value, when.en), format!("{}{}", value.value, when.zh));
        context.joined(words, one, Say::And)
    });
    (!values.is_empty()).then_some(words)
}

fn facts(values: &[&ScoreValue]) -> Vec<FactId> {
    crate::context::facts_of(values.iter().map(|value| value.facts.as_slice()))
}
