use super::Reader;
use crate::{
    bound::Bound,
    context::{Context, Freshness},
    document::Fields,
    kernel::Verdict,
    latest::latest,
    lines::last_exposure,
    names::DrugSet,
    period::Period,
    phrases::{Arg, Say},
};
use cartulary_model::{Answer, ConceptId, FactId, Text, fact::Attr, record::LabValue};

/// ## What it asks
/// The latest value of an analyte or an organ function against a bound in any unit of the analyte, within a window
/// before the evaluation (`within`, else the `[fresh]` period of `sets.toml`).
///
/// `without = "transfusion"` does not take a value that was reached by transfusion; `room_air = true` wants that the
/// saturation was measured without oxygen; `after_last` names drugs after which the value must have been taken (an
/// ejection fraction from before the anthracycline says nothing of the heart today).
///
/// ## Unknown when
/// no value was read; the unit cannot be read; the day may lie outside the window; two values that could both be the
/// latest stand on different sides of the bound; a converted value lies at the limit within rounding.
///
/// ## References
/// - criteria that use it: platelets, neutrophils, lymphocytes, haemoglobin, bilirubin, ejection fraction, saturation
/// - eligibility facts 5.3 (units)
#[derive(Clone, Debug, PartialEq)]
pub struct LabBound {
    pub(super) analyte: ConceptId,
    pub(super) bound: Bound,
    pub(super) within: Option<Period>,
    pub(super) without_transfusion: bool,
    pub(super) room_air: bool,
    pub(super) after_last: Option<DrugSet>,
}

impl LabBound {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("lab", reader.log)?;
        let id = reader.log.text(node)?;
        let analyte = reader.concept(node.at, &id, &["lab"])?;
        let bound = Bound::of_quantities(fields, &analyte, reader.catalogue, reader.log);
        let within = match fields.take("within") {
            Some(node) => Some(Period::read(node, reader.log)?),
            None => reader.names.fresh(analyte.as_str()),
        };
        let without_transfusion =
            fields.has("without") && reader.word(fields, "without", &["transfusion"]).is_some();
        let room_air = fields.flag("room_air", reader.log);
        let after_last = fields.take("after_last").and_then(|node| reader.drugs(node));
        Some(Self { analyte, bound: bound?, within, without_transfusion, room_air, after_last })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let mut terms = Text::default();
        let mut add = |term: Text| {
            terms.en.push_str(&term.en);
            terms.zh.push_str(&term.zh);
        };
        if let Some(within) = self.within {
            add(context.say(Say::AskWithin, &[(&context.period(within)).into()]));
        }
        if self.without_transfusion {
            add(context.say(Say::AskNotTransfused, &[]));
        }
        if self.room_air {
            add(context.say(Say::AskOnRoomAir, &[]));
        }
        if let Some(drugs) = &self.after_last {
            add(context.say(Say::AskAfter, &[(&drugs.name).into()]));
        }
        let bound = self.bound.text(context);
        let args = [context.label(&self.analyte), (&bound).into(), (&terms).into()];
        context.say(Say::AskValue, &args)
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let ask = || context.ask(self.analyte.as_str());
        let name = context.label(&self.analyte);
        let values = context.record.labs.get(&self.analyte).map_or(&[][..], Vec::as_slice);
        let candidates: Vec<&LabValue> = latest(values, |value| value.date, context.on).collect();
        if candidates.is_empty() {
            return Verdict::unknown(context.say(Say::ValueMissing, &[name]), Vec::new(), ask());
        }
        let facts = facts(&candidates);
        let shown = self.shown(context, &candidates);
        if let Some(why) = self.not_telling(context, &candidates, &shown) {
            return Verdict::unknown(why, facts, ask());
        }
        if candidates.iter().any(|value| value.measurement.canonical.is_none()) {
            return Verdict::unknown(
                context.say(Say::ValueUnreadable, &[name, (&shown).into()]),
                facts,
                ask(),
            );
        }
        let bound = || self.bound.text(context);
        let at_limit = candidates.iter().any(|value| {
            let canonical = value.measurement.canonical.as_ref();
            canonical.is_some_and(|canonical| self.bound.is_at_limit(&value.measurement.printed, canonical))
        });
        if at_limit {
            let why = context.say(Say::ValueAtLimit, &[name, (&shown).into(), (&bound()).into()]);
            return Verdict::unknown(why, facts, Vec::new());
        }
        let holds = |bound: &Bound| {
            let answers = candidates.iter().map(|value| {
                value.measurement.canonical.as_ref().and_then(|canonical| bound.holds(canonical))
            });
            super::agreement(answers)
        };
        match holds(&self.bound) {
            Answer::Unknown => {
                let why = context.say(Say::ValuesDisagree, &[name, (&shown).into(), (&bound()).into()]);
                Verdict::unknown(why, facts, ask())
            }
            answer => {
                let met = answer == Answer::Met;
                let relation = self.bound.relation(context, met, |limit| match holds(limit) {
                    Answer::Met => Some(true),
                    Answer::NotMet => Some(false),
                    Answer::Unknown => None,
                });
                let why = context.say(Say::Value, &[name, (&shown).into(), (&relation).into()]);
                self.with_caveats(context, &candidates, met, why, &shown, facts)
            }
        }
    }

    /// A value reached by help does not show that the body reaches it; a value below the bound in spite of help does.
    fn with_caveats<'a>(
        &self,
        context: &Context<'a>,
        candidates: &[&LabValue],
        met: bool,
        why: Text,
        shown: &Text,
        facts: Vec<FactId>,
    ) -> Verdict<'a> {
        if !met {
            return Verdict::not_met(why, facts);
        }
        let has = |caveat: &str| candidates.iter().any(|value| value.caveats.iter().any(|of| of == caveat));
        let doubt = if self.without_transfusion && has("transfused") {
            Some(Say::ValueTransfused)
        } else if has("growth_factor") {
            Some(Say::ValueGrowthFactor)
        } else if self.room_air && !candidates.iter().all(|value| on_room_air(context, value)) {
            Some(Say::ValueRoomAir)
        } else {
            None
        };
        match doubt {
            Some(doubt) => {
                let why = context.say(doubt, &[context.label(&self.analyte), shown.into()]);
                Verdict::unknown(why, facts, context.ask(self.analyte.as_str()))
            }
            None => Verdict::met(why, facts),
        }
    }

    /// Why the latest values do not tell of today.
    fn not_telling(&self, context: &Context<'_>, candidates: &[&LabValue], shown: &Text) -> Option<Text> {
        let name = context.label(&self.analyte);
        if let Some(within) = self.within {
            let period = context.period(within);
            let of = |say| Some(context.say(say, &[name, shown.into(), (&period).into()]));
            let freshness = candidates.iter().map(|value| context.is_fresh(value.date, within));
            match freshness.max() {
                Some(Freshness::Old) => return of(Say::ValueOld),
                Some(Freshness::Undated) => return of(Say::ValueUndated),
                Some(Freshness::Fresh) | None => {}
            }
        }
        let drugs = self.after_last.as_ref()?;
        let last = last_exposure(context, drugs);
        let later = |value: &&LabValue| match (value.date, last.until) {
            (Some(date), Some(until)) => date.earliest() >= until.earliest(),
            _ => false,
        };
        if !last.any || (last.dated && candidates.iter().all(later)) {
            return None;
        }
        Some(context.say(Say::ValueStale, &[name, shown.into(), (&drugs.name).into()]))
    }

    fn shown(&self, context: &Context<'_>, candidates: &[&LabValue]) -> Text {
        shown(context, candidates, |value| {
            let canonical = value.measurement.canonical.as_ref()?;
            self.bound.converted(&value.measurement.printed, canonical)
        })
    }
}

/// The values as printed, with the day and, in brackets, the value in the criterion's unit.
pub(super) fn shown(
    context: &Context<'_>,
    candidates: &[&LabValue],
    converted: impl Fn(&LabValue) -> Option<cartulary_model::Quantity>,
) -> Text {
    if context.is_silent() {
        return Text::default();
    }
    candidates.iter().fold(Text::default(), |words, value| {
        let mut printed = value.measurement.printed.to_string();
        if let Some(other) = converted(value) {
            printed.push_str(&format!(" (= {other})"));
        }
        let date = value.date.map(|date| date.to_string());
        let when = match &date {
            Some(date) => context.say(Say::On, &[Arg::Same(date)]),
            None => context.say(Say::NoDate, &[]),
        };
        let one = Text::new(format!("{printed}{}", when.en), format!("{printed}{}", when.zh));
        context.joined(words, one, Say::And)
    })
}

pub(super) fn facts(candidates: &[&LabValue]) -> Vec<FactId> {
    crate::context::facts_of(candidates.iter().map(|value| value.facts.as_slice()))
}

fn on_room_air(context: &Context<'_>, value: &LabValue) -> bool {
    value.facts.iter().any(|id| context.fact(*id).and_then(|fact| fact.flag(Attr::RoomAir)) == Some(true))
}
