use super::{
    Reader,
    lab_bound::{facts, shown},
};
use crate::{
    context::{Context, Freshness},
    document::Fields,
    kernel::Verdict,
    latest::latest,
    phrases::{Arg, Say},
};
use cartulary_model::{Answer, Comparator, ConceptId, Text, record::LabValue};

/// ## What it asks
/// Whether the latest values of one or several analytes lie `at_most` (or `above`) so many times the upper limit of
/// normal that the same report prints. Every analyte of the list must.
///
/// ## Unknown when
/// no value was read or it is too old; the report prints no upper limit. No default limit is assumed.
///
/// ## References
/// - eligibility facts 5.3 ("×ULN needs the upper limit printed in the same report")
/// - criteria that use it: ALT, AST, bilirubin, creatinine
#[derive(Clone, Debug, PartialEq)]
pub struct UlnBound {
    pub(super) analytes: Vec<ConceptId>,
    pub(super) limits: Vec<(Comparator, f64)>,
}

impl UlnBound {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("uln", reader.log)?;
        let analytes = reader.concepts(node, &["lab"]);
        let mut limits = Vec::new();
        for (key, sign) in [("at_most", Comparator::AtMost), ("above", Comparator::Greater)] {
            limits.extend(fields.number(key, reader.log).map(|times| (sign, times)));
        }
        if limits.is_empty() {
            reader
                .log
                .problem(node.at, "a bound is missing; expected at_most or above, in multiples of the limit");
        }
        Some(Self { analytes, limits })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let names: Vec<Text> = self.analytes.iter().map(|of| context.name_of(of)).collect();
        let what = context.both(&names);
        let bounds: Vec<Text> = self
            .limits
            .iter()
            .map(|(sign, times)| {
                let shown = format!("{times}×ULN");
                let say = if *sign == Comparator::Greater { Say::Above } else { Say::AtMost };
                context.say(say, &[Arg::Same(&shown)])
            })
            .collect();
        let bound = context.both(&bounds);
        let args = [(&what).into(), (&bound).into(), Arg::Same("")];
        context.say(Say::AskValue, &args)
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        Verdict::all(self.analytes.iter().map(|analyte| self.of(context, analyte)).collect())
    }

    fn of<'a>(&self, context: &Context<'a>, analyte: &ConceptId) -> Verdict<'a> {
        let ask = || context.ask(analyte.as_str());
        let name = context.label(analyte);
        let values = context.record.labs.get(analyte).map_or(&[][..], Vec::as_slice);
        let candidates: Vec<&LabValue> = latest(values, |value| value.date, context.on).collect();
        if candidates.is_empty() {
            return Verdict::unknown(context.say(Say::ValueMissing, &[name]), Vec::new(), ask());
        }
        let facts = facts(&candidates);
        let words = shown(context, &candidates, |_| None);
        if let Some(within) = context.names.fresh(analyte.as_str()) {
            let of = candidates.iter().map(|value| context.is_fresh(value.date, within));
            if let Some(stale) = of.clone().find(|of| *of != Freshness::Fresh) {
                let say = if stale == Freshness::Old { Say::ValueOld } else { Say::ValueUndated };
                let why = context.say(say, &[name, (&words).into(), (&context.period(within)).into()]);
                return Verdict::unknown(why, facts, ask());
            }
        }
        let limit_of = |value: &&LabValue| value.measurement.reference.and_then(|range| range.high);
        let Some(limit) = candidates.first().and_then(limit_of).filter(|high| *high > 0.0) else {
            let why = context.say(Say::NoReferenceRange, &[name, (&words).into()]);
            return Verdict::unknown(why, facts, ask());
        };
        let answers = candidates.iter().map(|value| {
            let high = limit_of(value).filter(|high| *high > 0.0)?;
            let mut all = Some(true);
            for (sign, times) in &self.limits {
                match value.measurement.printed.satisfies(*sign, times * high) {
                    Some(true) => {}
                    Some(false) => return Some(false),
                    None => all = None,
                }
            }
            all
        });
        let answer = super::agreement(answers);
        if context.is_silent() && answer != Answer::Unknown {
            return Verdict::known(answer == Answer::Met, Text::default(), facts);
        }
        let times = candidates.first().map_or(0.0, |value| value.measurement.printed.value / limit);
        let times = format!("{times:.1}");
        let bound = self.limits.iter().fold(Text::default(), |words, (sign, times)| {
            let shown = format!("{times}×ULN");
            let say = match (*sign, answer) {
                (Comparator::Greater, Answer::NotMet) => Say::NotAbove,
                (Comparator::Greater, _) => Say::Above,
                (_, Answer::NotMet) => Say::NotAtMost,
                _ => Say::AtMost,
            };
            context.joined(words, context.say(say, &[Arg::Same(&shown)]), Say::And)
        });
        if answer == Answer::Unknown {
            let why = context.say(Say::ValuesDisagree, &[name, (&words).into(), (&bound).into()]);
            return Verdict::unknown(why, facts, ask());
        }
        let args = [name, (&words).into(), Arg::Same(&times), (&bound).into()];
        Verdict::known(answer == Answer::Met, context.say(Say::UlnValue, &args), facts)
    }
}
