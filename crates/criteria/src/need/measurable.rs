use super::Reader;
use crate::{
    context::Context,
    document::Fields,
    kernel::Verdict,
    phrases::{Arg, Say},
};
use cartulary_model::{Assertion, Fact, Temporality, Text, fact::Attr};

/// ## What it asks
/// Whether there is measurable disease: a paper says so, or prints a lymph node longer than 15 mm or another lesion
/// longer than 10 mm, dated after the last line of therapy.
///
/// ## Unknown when
/// no paper says so and no lesion that large is dated after the last line. A report without such a lesion does not
/// answer "no": intravascular, marrow-only and effusion disease are read by a physician.
///
/// ## References
/// - eligibility facts 4.2 (Lugano: node > 1.5 cm, extranodal > 1.0 cm)
#[derive(Clone, Debug, PartialEq)]
pub struct MeasurableDisease;

const MEASURABLE: &str = "find.measurable";
const NODE_MM: f64 = 15.0;
const EXTRANODAL_MM: f64 = 10.0;

impl MeasurableDisease {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("measurable", reader.log)?;
        if reader.log.flag(node) == Some(false) {
            reader.log.problem(node.at, "expected true; for the opposite write `not`");
        }
        Some(Self)
    }

    pub(crate) fn question(context: &Context<'_>) -> Text {
        context.say(Say::AskMeasurable, &[])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let name = context.label_of(MEASURABLE);
        let state = context.record.findings.get(MEASURABLE);
        if let Some(fact) = state.and_then(|state| state.asserted.first()) {
            let why = context.say(Say::FindingStated, &[name, super::date(fact.date)]);
            return Verdict::met(why, vec![fact.fact]);
        }
        if let Some((lesion, size)) = context.facts.iter().find_map(|fact| measurable_now(context, fact)) {
            let size = format!("{size}");
            let why = context.say(Say::LesionMeasured, &[Arg::Same(&size), super::date(lesion.date)]);
            return Verdict::met(why, vec![lesion.id]);
        }
        match state.and_then(|state| state.denied.first()) {
            Some(fact) => Verdict::not_met(context.say(Say::FindingDenied, &[name]), vec![fact.fact]),
            None => {
                let why = context.say(Say::FindingSilent, &[name]);
                Verdict::unknown(why, Vec::new(), context.ask(MEASURABLE))
            }
        }
    }
}

/// A lesion large enough, seen after the last line ended.
fn measurable_now<'f>(context: &Context<'_>, fact: &'f Fact) -> Option<(&'f Fact, f64)> {
    let size = fact.number(Attr::SizeMm)?;
    let limit = if fact.concept.as_str() == "site.lymph_node" { NODE_MM } else { EXTRANODAL_MM };
    let of_today = fact.is_of_patient()
        && fact.assertion == Assertion::Present
        && fact.temporality == Temporality::Current
        && (fact.concept.is("site") || fact.concept.is("find"));
    let since = match context.record.lines.last() {
        Some(line) => line.end.or(line.start)?.latest(),
        None => return None,
    };
    let later = fact.date.is_some_and(|date| date.earliest() > since);
    (of_today && later && size > limit).then_some((fact, size))
}
