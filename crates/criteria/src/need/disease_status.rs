use super::Reader;
use crate::{
    context::Context,
    document::Fields,
    kernel::Verdict,
    lines::line_words,
    phrases::{Arg, Say},
};
use cartulary_model::{
    Assertion, FactId, PartialDate, Text,
    record::{LineOfTherapy, ReasonForEnding, Response, ResponseCategory, StatusStatement},
};

/// ## What it asks
/// Whether the disease is relapsed or refractory today: a paper says so, or the last line ended with progression,
/// relapse, progressive or stable disease.
///
/// ## Unknown when
/// nothing is said; the only statements are older than the last line; the last response is a complete or partial one
/// and no paper says whether the disease came back. A complete response is never taken for "not relapsed": people
/// are referred because something happened since. Only a stated "no relapse" answers not met.
///
/// ## References
/// - the words "relapsed or refractory" of most labels; eligibility facts 4.1
#[derive(Clone, Debug, PartialEq)]
pub struct StatusOfDisease {
    concepts: &'static [&'static str],
}

const RELAPSED_OR_REFRACTORY: [&str; 7] = [
    "find.rr",
    "find.pd",
    "find.relapsed",
    "find.refractory",
    "find.primary_refractory",
    "find.early_relapse",
    "find.double_refractory",
];

impl StatusOfDisease {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        reader.word(fields, "disease_status", &["relapsed_or_refractory"])?;
        Some(Self { concepts: &RELAPSED_OR_REFRACTORY })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        debug_assert!(!self.concepts.is_empty(), "a status is stated by some words");
        context.say(Say::AskDiseaseStatus, &[])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let last = context.record.lines.last();
        if let Some(verdict) = last.and_then(|line| by_line(context, line)) {
            return verdict;
        }
        let since = last.and_then(|line| line.start);
        let about = |of: &&StatusStatement| {
            self.concepts.contains(&of.concept.as_str()) && !is_before(of.date, since)
        };
        let statements = || context.record.status.statements.iter().filter(about);
        let response = last_response(context, last);
        if let Some(stated) = statements().find(|of| of.assertion == Assertion::Present) {
            if let Some(good) = response
                && good.category == ResponseCategory::CR
                && !is_before(good.date, stated.date)
            {
                let mut facts = good.facts.clone();
                facts.push(stated.fact);
                return in_response(context, good, last, facts);
            }
            let args = [context.label(&stated.concept), super::date(stated.date)];
            return Verdict::met(context.say(Say::StatusStated, &args), vec![stated.fact]);
        }
        if let Some(denied) = statements().find(|of| of.assertion == Assertion::Negated) {
            let why = context.say(Say::StatusDenied, &[context.label(&denied.concept)]);
            return Verdict::not_met(why, vec![denied.fact]);
        }
        match response {
            Some(good) => in_response(context, good, last, good.facts.clone()),
            None => {
                Verdict::unknown(context.say(Say::StatusUnknown, &[]), Vec::new(), vec!["disease_status"])
            }
        }
    }
}

/// What the last line itself shows.
fn by_line<'a>(context: &Context<'a>, line: &LineOfTherapy) -> Option<Verdict<'a>> {
    let words = line_words(context, line);
    let failed = line.failed_on.is_some()
        || matches!(
            line.reason_for_ending,
            Some(
                ReasonForEnding::Relapse
                    | ReasonForEnding::Progression
                    | ReasonForEnding::InsufficientResponse
            )
        );
    if failed {
        let why = context.say(Say::StatusByLine, &[(&words).into()]);
        return Some(Verdict::met(why, line.facts.clone()));
    }
    let response = line.last_response.as_ref().or(line.best_response.as_ref())?;
    if !matches!(response.category, ResponseCategory::PD | ResponseCategory::SD) {
        return None;
    }
    let name = Arg::Same(super::last_response::name(response.category));
    let why = context.say(Say::StatusFailed, &[name, (&words).into()]);
    let facts: Vec<FactId> = line.facts.iter().chain(&response.facts).copied().collect();
    Some(Verdict::met(why, facts))
}

fn last_response<'a>(context: &Context<'a>, last: Option<&'a LineOfTherapy>) -> Option<&'a Response> {
    last.and_then(|line| line.last_response.as_ref().or(line.best_response.as_ref())).or(context
        .record
        .status
        .last_response
        .as_ref())
}

fn in_response<'a>(
    context: &Context<'a>,
    response: &Response,
    last: Option<&LineOfTherapy>,
    facts: Vec<FactId>,
) -> Verdict<'a> {
    let words = last.map(|line| line_words(context, line)).unwrap_or_default();
    let name = Arg::Same(super::last_response::name(response.category));
    let why = context.say(Say::StatusResponse, &[name, (&words).into()]);
    Verdict::unknown(why, facts, vec!["disease_status"])
}

fn is_before(first: Option<PartialDate>, second: Option<PartialDate>) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => first.interval().before(second.interval()) == Some(true),
        _ => false,
    }
}
