use super::Reader;
use crate::{
    context::Context,
    document::Fields,
    kernel::Verdict,
    period::Period,
    phrases::{Arg, Say},
};
use cartulary_model::{Assertion, ConceptId, FactId, PartialDate, Text, record::LineOfTherapy};

/// ## What it asks
/// Whether an `autologous` or `allogeneic` transplant was given; with `relapse_within`, whether the disease relapsed
/// within a time of it; with `relapse = true`, at any time after it.
///
/// ## Unknown when
/// no paper tells of a transplant and none says that there was none or that the history of treatment is complete; the
/// transplant or the relapse is undated.
///
/// ## References
/// - [Crump 2017] relapse within 12 months of autologous transplant; trials that exclude allogeneic transplant
#[derive(Clone, Debug, PartialEq)]
pub struct PriorTransplant {
    pub(super) concept: ConceptId,
    pub(super) relapse: bool,
    pub(super) relapse_within: Option<Period>,
}

impl PriorTransplant {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let kind = reader.word(fields, "transplant", &["autologous", "allogeneic"])?;
        let concept = ConceptId::from(if kind == "autologous" { "reg.asct" } else { "reg.allosct" });
        let relapse = fields.flag("relapse", reader.log);
        let relapse_within = fields.take("relapse_within").and_then(|node| Period::read(node, reader.log));
        Some(Self { concept, relapse, relapse_within })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let name = context.label(&self.concept);
        match (self.relapse_within, self.relapse) {
            (Some(within), _) => {
                context.say(Say::AskTransplantWithin, &[name, (&context.period(within)).into()])
            }
            (None, true) => context.say(Say::AskTransplantRelapse, &[name]),
            (None, false) => context.say(Say::AskTransplant, &[name]),
        }
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let lines = context.record.lines.iter();
        if let Some((line, date)) = lines.rev().find_map(|line| Some((line, self.date_in(line)?))) {
            return self.in_line(context, line, date);
        }
        let others = context.record.other_therapies.iter().filter(|of| of.concept == self.concept);
        let name = context.label(&self.concept);
        let given = others.clone().find(|of| {
            of.assertion == Assertion::Present && of.intent != "planned" && of.intent != "refused"
        });
        if let Some(given) = given {
            let why = context.say(Say::TransplantGiven, &[name, super::date(given.start)]);
            return if self.relapse || self.relapse_within.is_some() {
                Verdict::unknown(why, given.facts.clone(), vec!["transplant_date"])
            } else {
                Verdict::met(why, given.facts.clone())
            };
        }
        let denied: Vec<FactId> = others
            .filter(|of| of.assertion == Assertion::Negated)
            .flat_map(|of| of.facts.iter().copied())
            .chain(
                context
                    .record
                    .findings
                    .get(&self.concept)
                    .into_iter()
                    .flat_map(|state| state.denied.iter().map(|denied| denied.fact)),
            )
            .collect();
        if !denied.is_empty() {
            return Verdict::not_met(context.say(Say::TransplantDenied, &[name]), denied);
        }
        if context.history_is_complete() {
            let facts = context.completeness_facts().to_vec();
            return Verdict::not_met(context.say(Say::TransplantNone, &[name]), facts);
        }
        Verdict::unknown(context.say(Say::TransplantUnknown, &[name]), Vec::new(), vec!["treatment_history"])
    }

    /// The day of the transplant in a line; nothing when the line holds none.
    fn date_in(&self, line: &LineOfTherapy) -> Option<Option<PartialDate>> {
        if let Some(transplant) = &line.transplant
            && transplant.concept == self.concept
        {
            return Some(transplant.date);
        }
        let named =
            line.regimen.as_ref() == Some(&self.concept) || line.continued_with.contains(&self.concept);
        named.then_some(line.end)
    }

    fn in_line<'a>(
        &self,
        context: &Context<'a>,
        line: &LineOfTherapy,
        date: Option<PartialDate>,
    ) -> Verdict<'a> {
        let given = || context.say(Say::TransplantGiven, &[context.label(&self.concept), super::date(date)]);
        let facts = line.facts.clone();
        let words = crate::lines::line_words(context, line);
        let Some(within) = self.relapse_within else {
            return match (self.relapse, line.failed_on) {
                (false, _) => Verdict::met(given(), facts),
                (true, Some(_)) => Verdict::met(context.say(Say::RelapseAnyTime, &[(&words).into()]), facts),
                (true, None) => {
                    let why = context.say(Say::RelapseUndated, &[(&words).into()]);
                    Verdict::unknown(why, facts, vec!["relapse_date"])
                }
            };
        };
        let (Some(from), Some(relapse)) = (date, line.failed_on) else {
            let missing =
                if date.is_none() { vec!["transplant_date", "relapse_date"] } else { vec!["relapse_date"] };
            return Verdict::unknown(context.say(Say::RelapseUndated, &[(&words).into()]), facts, missing);
        };
        let period = context.period(within);
        let days = from.earliest().until(relapse.latest()).map_or(0, |span| span.get_days());
        let months =
            if context.is_silent() { String::new() } else { format!("{:.1}", f64::from(days) / 30.44) };
        let spans = context.say(Say::MonthsFromTransplant, &[Arg::Same(&months)]);
        let say = |say| {
            let args = [(&words).into(), super::date(Some(relapse)), (&spans).into(), (&period).into()];
            context.say(say, &args)
        };
        match within.holds(from.interval(), relapse.interval()) {
            Some(true) => Verdict::met(say(Say::RelapseWithin), facts),
            Some(false) => Verdict::not_met(say(Say::RelapseLater), facts),
            None => {
                Verdict::unknown(say(Say::RelapseStraddles), facts, vec!["transplant_date", "relapse_date"])
            }
        }
    }
}
