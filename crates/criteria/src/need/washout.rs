use super::Reader;
use crate::{
    context::Context, document::Fields, kernel::Verdict, lines, names::DrugSet, period::Period, phrases::Say,
};
use cartulary_model::{Answer, PartialDate, Text};

/// ## What it asks
/// Whether at least so much time passed since a drug of a class was last given, counted to the day of the evaluation
/// (the leukapheresis is in the future). Never given is long enough.
///
/// ## Unknown when
/// the last day of a course is not known; no exposure was read and the history of treatment is not complete.
///
/// ## References
/// - eligibility facts 3 (washouts differ between sources; bendamustine) and 2
#[derive(Clone, Debug, PartialEq)]
pub struct Washout {
    pub(super) drugs: DrugSet,
    pub(super) at_least: Period,
}

impl Washout {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("washout", reader.log)?;
        let drugs = reader.drugs(node)?;
        let at_least = fields.require("at_least", reader.log)?;
        Some(Self { drugs, at_least: Period::read(at_least, reader.log)? })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let period = context.period(self.at_least);
        context.say(Say::AskWashout, &[(&self.drugs.name).into(), (&period).into()])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let last = lines::last_exposure(context, &self.drugs);
        if !last.any {
            let had = lines::had(context, &self.drugs);
            // Given without being in the record's courses: the day is unknown.
            return match had.answer {
                Answer::Met => Verdict::unknown(had.why, had.evidence, vec!["treatment_history"]),
                Answer::NotMet | Answer::Unknown => had.negated(),
            };
        }
        let period = context.period(self.at_least);
        let name = (&self.drugs.name).into();
        let latest_end = self.at_least.before(context.on);
        let say = |say| context.say(say, &[name, super::date(last.until), (&period).into()]);
        match last.until.map(PartialDate::interval) {
            // A known recent course is enough to know that the time is too short.
            Some(days) if days.earliest > latest_end => Verdict::not_met(say(Say::WashoutShort), last.facts),
            Some(days) if last.dated && days.latest <= latest_end => {
                Verdict::met(say(Say::WashoutLong), last.facts)
            }
            _ => {
                let why = context.say(Say::WashoutOpen, &[name, (&period).into()]);
                Verdict::unknown(why, last.facts, vec!["therapy_end_dates"])
            }
        }
    }
}
