use super::Reader;
use crate::{
    context::Context,
    document::Fields,
    kernel::Verdict,
    latest::latest,
    phrases::{Arg, Say},
};
use cartulary_model::{
    Comparator, ConceptId, FactId, PartialDate, Text,
    fact::{Measurement, Sign},
    record::VirologyResult,
};

/// ## What it asks
/// Whether the latest result of a serology or nucleic-acid test is `positive` or `negative`.
///
/// ## Unknown when
/// no result was read, it is at the border, or results that could both be the latest differ.
///
/// ## References
/// - eligibility facts 5.3 ("<20 IU/mL", "not detected" are results) and 5.4
#[derive(Clone, Debug, PartialEq)]
pub struct SerologyResult {
    pub(super) test: ConceptId,
    pub(super) positive: bool,
}

impl SerologyResult {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("test", reader.log)?;
        let id = reader.log.text(node)?;
        let test = reader.concept(node.at, &id, &["lab"])?;
        let positive = reader.word(fields, "is", &["positive", "negative"])? == "positive";
        Some(Self { test, positive })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let sign = context.say(if self.positive { Say::Positive } else { Say::Negative }, &[]);
        context.say(Say::AskTest, &[context.label(&self.test), (&sign).into()])
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let result = TestResult::of(context, self.test.as_str());
        let why = result.words(context, context.label(&self.test));
        match result.positive {
            Some(positive) => Verdict::known(positive == self.positive, why, result.facts),
            None => Verdict::unknown(why, result.facts, context.ask(self.test.as_str())),
        }
    }
}

/// The latest result of a test.
pub(super) struct TestResult {
    /// Nothing when there is no clear result.
    pub(super) positive: Option<bool>,
    pub(super) date: Option<PartialDate>,
    pub(super) facts: Vec<FactId>,
}

impl TestResult {
    pub(super) fn of(context: &Context<'_>, test: &str) -> Self {
        let results = context.record.virology.get(test).map_or(&[][..], Vec::as_slice);
        let candidates: Vec<&VirologyResult> = latest(results, |result| result.date, context.on).collect();
        let is_load = LOADS.contains(&test);
        let answers: Vec<Option<bool>> = candidates.iter().map(|result| sign(result, is_load)).collect();
        let agreed =
            answers.first().copied().flatten().filter(|first| answers.iter().all(|of| *of == Some(*first)));
        Self {
            positive: agreed,
            date: candidates.iter().find_map(|result| result.date),
            facts: crate::context::facts_of(candidates.iter().map(|result| result.facts.as_slice())),
        }
    }

    pub(super) fn words(&self, context: &Context<'_>, name: Arg<'_>) -> cartulary_model::Text {
        match self.positive {
            Some(positive) => {
                let word = context.say(if positive { Say::Positive } else { Say::Negative }, &[]);
                context.say(Say::TestResult, &[name, (&word).into(), super::date(self.date)])
            }
            None if self.facts.is_empty() => context.say(Say::TestMissing, &[name]),
            None => context.say(Say::TestUnclear, &[name]),
        }
    }
}

/// Tests that measure nucleic acid: a measured amount is a positive result.
pub(super) const LOADS: [&str; 2] = ["lab.hbv_dna", "lab.hcv_rna"];

/// What one result says. Without a sign, a number speaks by the laboratory's own cut-off.
fn sign(result: &VirologyResult, is_load: bool) -> Option<bool> {
    match (result.sign, &result.measurement) {
        (Some(Sign::Positive), _) => Some(true),
        (Some(Sign::Negative), _) => Some(false),
        (Some(Sign::Equivocal | Sign::Restricted), _) | (None, None) => None,
        (None, Some(measurement)) => by_number(measurement, is_load),
    }
}

fn by_number(measurement: &Measurement, is_load: bool) -> Option<bool> {
    let printed = &measurement.printed;
    if let Some(high) = measurement.reference.and_then(|range| range.high) {
        return printed.satisfies(Comparator::Greater, high);
    }
    match printed.comparator {
        _ if !is_load => None,
        Comparator::Less | Comparator::AtMost => Some(false),
        Comparator::Greater | Comparator::AtLeast => Some(true),
        Comparator::Equal => Some(printed.value > 0.0),
    }
}
