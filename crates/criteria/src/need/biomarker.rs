use super::Reader;
use crate::{
    context::Context, document::Fields, kernel::Verdict, latest::latest, lines::last_exposure,
    names::DrugSet, phrases::Say,
};
use cartulary_model::{Answer, Assertion, ConceptId, FactId, Text, fact::Sign, record::Biomarker};

/// ## What it asks
/// Whether a marker of the tumour is `positive` or `negative`, in the latest specimen. `after_last` names drugs that
/// can change it: CD19 shown before an anti-CD19 drug says nothing of the tumour after it.
///
/// ## Unknown when
/// the marker was not tested, is doubtful or weak, or specimens that could both be the latest differ; the specimen is
/// older than the last of those drugs, or one of the two days is not known.
///
/// ## References
/// - eligibility facts 0.5 ("facts expire")
#[derive(Clone, Debug, PartialEq)]
pub struct BiomarkerState {
    pub(super) marker: ConceptId,
    pub(super) positive: bool,
    pub(super) after_last: Option<DrugSet>,
}

impl BiomarkerState {
    pub(crate) fn read(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<Self> {
        let node = fields.require("biomarker", reader.log)?;
        let id = reader.log.text(node)?;
        let marker = reader.concept(node.at, &id, &["bio"])?;
        let positive = reader.word(fields, "is", &["positive", "negative"])? == "positive";
        let after_last = fields.take("after_last").and_then(|node| reader.drugs(node));
        Some(Self { marker, positive, after_last })
    }

    pub(crate) fn question(&self, context: &Context<'_>) -> Text {
        let sign = context.say(if self.positive { Say::Positive } else { Say::Negative }, &[]);
        let after = |drugs: &DrugSet| context.say(Say::AskAfter, &[(&drugs.name).into()]);
        let after = self.after_last.as_ref().map(after).unwrap_or_default();
        let args = [context.label(&self.marker), (&sign).into(), (&after).into()];
        context.say(Say::AskBiomarker, &args)
    }

    pub(crate) fn assess<'a>(&self, context: &Context<'a>) -> Verdict<'a> {
        let tested: Vec<&Biomarker> =
            context.record.biomarkers.iter().filter(|of| of.concept == self.marker).collect();
        let candidates: Vec<&&Biomarker> = latest(&tested, |of| of.date, context.on).collect();
        let ask = || context.ask(self.marker.as_str());
        let name = context.label(&self.marker);
        let mut facts: Vec<FactId> =
            crate::context::facts_of(candidates.iter().map(|of| of.facts.as_slice()));
        if candidates.is_empty() {
            return Verdict::unknown(context.say(Say::TestMissing, &[name]), facts, ask());
        }
        if let Some(drugs) = &self.after_last {
            let last = last_exposure(context, drugs);
            let later = |of: &&&Biomarker| match (of.date, last.until) {
                (Some(date), Some(until)) => until.interval().before(date.interval()) == Some(true),
                _ => false,
            };
            if last.any && !(last.dated && candidates.iter().all(later)) {
                let known = last.dated && candidates.iter().all(|of| of.date.is_some());
                let say = if known { Say::MarkerStale } else { Say::MarkerUndated };
                facts.extend(last.facts);
                let why = context.say(say, &[name, (&drugs.name).into()]);
                return Verdict::unknown(why, facts, ask());
            }
        }
        let answers = candidates.iter().map(|of| match (of.assertion, of.sign) {
            (Assertion::Present, Some(Sign::Positive)) => Some(true),
            (Assertion::Present, Some(Sign::Negative)) => Some(false),
            _ => None,
        });
        match super::agreement(answers) {
            Answer::Unknown => Verdict::unknown(context.say(Say::TestUnclear, &[name]), facts, ask()),
            answer => {
                let positive = answer == Answer::Met;
                let word = context.say(if positive { Say::Positive } else { Say::Negative }, &[]);
                let date = super::date(candidates.iter().find_map(|of| of.date));
                let why = context.say(Say::TestResult, &[name, (&word).into(), date]);
                Verdict::known(positive == self.positive, why, facts)
            }
        }
    }
}
