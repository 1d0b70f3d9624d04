use super::Reader;
use crate::{context::Context, document::Fields, kernel::Verdict, period::Period, phrases::Say};
use cartulary_model::{
    ConceptId, DateInterval, FactId, PartialDate, Text,
    record::{DatedFact, FindingState},
};

/// ## What it asks
/// Whether a finding is stated (met) or denied (not met). Of a list, one is enough; not met needs all of them denied.
/// `also_shown_by` names kinds of it: a suspicion or a statement of one counts, silence on it says nothing. With `history = true` a past
/// finding counts; with `within` only one so recent.
///
/// ## Unknown when
/// no paper speaks of it; it is only considered; it is both stated and denied and the days do not tell which is
/// newer; with `within`, its day is not known.
///
/// ## References
/// - eligibility facts 0.3 ("silence is unknown")
#[derive(Clone, Debug, PartialEq)]
pub struct StatedFinding {
    pub(super) findings: Vec<ConceptId>,
    pub(super) also_shown_by: Vec<ConceptId>,
    pub(super) history: bool,
    pub(super) within: Option<Period>,
}

impl StatedFinding {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        const KINDS: [&str; 5] = ["find", "com", "sym", "site", "event"];
        let node = fields.require("finding", reader.log)?;
        let findings = reader.concepts(node, &KINDS);
        let also_shown_by = match fields.take("also_shown_by") {
            Some(node) => crate::names::concepts(node, &KINDS, reader.catalogue, reader.log),
            None => Vec::new(),
        };
        let history = fields.flag("history", reader.log);
        let within = fields.take("within").and_then(|node| Period::read(node, reader.log));
        Some(Self { findings, also_shown_by, history, within })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let names: Vec<Text> =
            self.findings.iter().chain(&self.also_shown_by).map(|of| context.name_of(of)).collect();
        let what = context.either(&names);
        match (self.within, self.history) {
            (Some(within), _) => {
                let period = context.period(within);
                let args = [(&what).into(), (&period).into()];
                context.say(Say::AskFindingWithin, &args)
            }
            (None, true) => context.say(Say::AskFindingEver, &[(&what).into()]),
            (None, false) => context.say(Say::AskFinding, &[(&what).into()]),
        }
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let spoken_of = |finding: &&ConceptId| {
            let state = context.record.findings.get(*finding);
            state.is_some_and(|state| !state.asserted.is_empty() || !state.possible.is_empty())
        };
        let also = self.also_shown_by.iter().filter(spoken_of);
        Verdict::any(self.findings.iter().chain(also).map(|finding| self.of(context, finding)).collect())
    }

    fn of<'a>(&self, context: &Context<'a>, finding: &ConceptId) -> Verdict<'a> {
        let silent = FindingState::default();
        let state = context.record.findings.get(finding).unwrap_or(&silent);
        let name = context.label(finding);
        let denied = denials(context, finding, state);
        let facts = |of: &[DatedFact]| of.iter().map(|dated| dated.fact).collect::<Vec<FactId>>();
        let unknown = |say, of: Vec<FactId>| {
            Verdict::unknown(context.say(say, &[name]), of, context.ask(finding.as_str()))
        };
        if let Some(within) = self.within {
            if let Some(verdict) = recent(context, finding, state, within) {
                return verdict;
            }
        } else if self.history && !(state.asserted.is_empty() && state.historical.is_empty()) {
            let all: Vec<DatedFact> = state.asserted.iter().chain(&state.historical).cloned().collect();
            return stated(context, finding, &all);
        }
        match (state.asserted.is_empty(), denied.is_empty()) {
            (false, true) => stated(context, finding, &state.asserted),
            (false, false) => match newer(&state.asserted, &denied) {
                Some(true) => stated(context, finding, &state.asserted),
                Some(false) => Verdict::not_met(context.say(Say::FindingDenied, &[name]), facts(&denied)),
                None => {
                    let mut both = facts(&state.asserted);
                    both.extend(facts(&denied));
                    unknown(Say::FindingContradicted, both)
                }
            },
            (true, _) if !state.possible.is_empty() && newer(&state.possible, &denied) != Some(false) => {
                unknown(Say::FindingPossible, facts(&state.possible))
            }
            (true, false) => Verdict::not_met(context.say(Say::FindingDenied, &[name]), facts(&denied)),
            (true, true) if !state.historical.is_empty() => {
                unknown(Say::FindingPast, facts(&state.historical))
            }
            (true, true) => unknown(Say::FindingSilent, Vec::new()),
        }
    }
}

fn stated<'a>(context: &Context<'a>, finding: &ConceptId, by: &[DatedFact]) -> Verdict<'a> {
    let date = by.iter().filter_map(|dated| dated.date).max_by_key(|date| date.latest());
    let why = context.say(Say::FindingStated, &[context.label(finding), super::date(date)]);
    Verdict::met(why, by.iter().map(|dated| dated.fact).collect())
}

/// An event within a time of the evaluation; nothing when no paper states one.
fn recent<'a>(
    context: &Context<'a>,
    finding: &ConceptId,
    state: &FindingState,
    within: Period,
) -> Option<Verdict<'a>> {
    let events: Vec<DatedFact> = state.asserted.iter().chain(&state.historical).cloned().collect();
    if events.is_empty() {
        return None;
    }
    let oldest = within.before(context.on);
    let period = context.period(within);
    let name = context.label(finding);
    let facts: Vec<FactId> = events.iter().map(|event| event.fact).collect();
    if events.iter().any(|event| event.date.is_some_and(|date| date.earliest() >= oldest)) {
        return Some(stated(context, finding, &events));
    }
    let last = events.iter().filter_map(|event| event.date).max_by_key(|date| date.latest());
    if events.iter().all(|event| event.date.is_some_and(|date| date.latest() < oldest)) {
        let args = [name, super::date(last), (&period).into()];
        return Some(Verdict::not_met(context.say(Say::FindingEarlier, &args), facts));
    }
    let why = context.say(Say::FindingUndated, &[name, (&period).into()]);
    Some(Verdict::unknown(why, facts, context.ask(finding.as_str())))
}

/// The denials of a finding, and the statements that deny it ("no CNS involvement" is a finding of its own).
fn denials(context: &Context<'_>, finding: &ConceptId, state: &FindingState) -> Vec<DatedFact> {
    let others = context.names.denied_by(finding).iter();
    let others = others.filter_map(|other| context.record.findings.get(other));
    state.denied.iter().chain(others.flat_map(|other| &other.asserted)).cloned().collect()
}

/// Whether every one of the first is newer than all of the second (`true`), or the other way round.
fn newer(first: &[DatedFact], second: &[DatedFact]) -> Option<bool> {
    let span = |of: &[DatedFact]| -> Option<DateInterval> {
        let days: Option<Vec<DateInterval>> =
            of.iter().map(|dated| dated.date.map(PartialDate::interval)).collect();
        let days = days?;
        // The newest statement of a side is what that side says today. Of "May" and "May 1" the vaguer one: the order
        // of the papers is nothing.
        days.into_iter().max_by_key(|days| (days.earliest, days.latest))
    };
    let (first, second) = (span(first)?, span(second)?);
    if second.before(first) == Some(true) {
        Some(true)
    } else if first.before(second) == Some(true) {
        Some(false)
    } else {
        None
    }
}
