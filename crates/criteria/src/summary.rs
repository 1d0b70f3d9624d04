//! Where a set stands for a patient. Never "eligible", never "rejected".

use crate::{
    context::Context,
    kernel,
    need::Need,
    phrases::Say,
    set::{CriteriaSet, Criterion},
};
use cartulary_model::{
    Answer, Finding, MissingItem, SetEvaluation, Text,
    evaluation::{Role, SetKind, Summary},
};

/// A set's evaluation with what ranking and asking need to know.
pub(crate) struct Assessed<'s> {
    pub(crate) set: &'s CriteriaSet,
    pub(crate) evaluation: SetEvaluation,
    not_met: usize,
    unknown: usize,
}

/// Evaluates one set.
pub(crate) fn assess<'s>(set: &'s CriteriaSet, context: &Context<'_>) -> Assessed<'s> {
    let mut findings = Vec::with_capacity(set.criteria.len());
    let mut disease = None;
    for criterion in &set.criteria {
        let Found { computed, why, finding } = find(criterion, context);
        if disease.is_none()
            && criterion.role == Role::Inclusion
            && let Need::Histology(histology) = &criterion.need
        {
            disease = Some((histology, computed, why));
        }
        findings.push(finding);
    }
    let answers = deciding(set, &findings);
    let not_met = answers.iter().filter(|answer| **answer == Answer::NotMet).count();
    let unknown = answers.iter().filter(|answer| **answer == Answer::Unknown).count();
    let is_for_another = disease
        .as_ref()
        .is_some_and(|(of, answer, _)| *answer == Answer::NotMet && of.is_for_another_disease(context));
    let is_of_this = disease.as_ref().is_none_or(|(_, answer, _)| *answer == Answer::Met);
    let summary = if is_for_another {
        Summary::NotApplicable
    } else if not_met > 0 {
        Summary::NotMetAsWritten
    } else if unknown > 0 || answers.is_empty() || !is_of_this {
        // A set that is only known from memory, or whose disease is, is never called possible.
        Summary::NeedsInformation
    } else {
        Summary::Possible
    };
    let reasons = match disease {
        Some((.., why)) if summary == Summary::NotApplicable => vec![why],
        _ => reasons(summary, set, &findings, context),
    };
    // A set from memory is the least near of those that need information.
    let unknown = if answers.is_empty() { findings.len() } else { unknown };
    let evaluation = SetEvaluation {
        set: set.id.clone(),
        kind: set.kind,
        title: set.title.clone(),
        product: set.product.clone(),
        authority: set.authority.clone(),
        version: set.version.clone(),
        summary,
        reasons,
        findings,
    };
    Assessed { set, evaluation, not_met, unknown }
}

impl Assessed<'_> {
    /// Possible first; inside a summary the nearest first, labels before trials.
    pub(crate) fn rank(&self) -> (Summary, usize, usize, SetKind, String) {
        (self.evaluation.summary, self.not_met, self.unknown, self.set.kind, self.set.id.as_str().to_owned())
    }
}

/// A criterion's answer as computed and as shown.
struct Found {
    /// Turned for an exclusion; also where the rule is from memory.
    computed: Answer,
    /// The computed answer's reason.
    why: Text,
    finding: Finding,
}

fn find(criterion: &Criterion, context: &Context<'_>) -> Found {
    let verdict = criterion.need.assess(context);
    let computed = criterion.turn(verdict.answer);
    let why = begun_with_a_capital(verdict.why);
    let (answer, shown, missing) = if criterion.verification.decides() {
        let items = verdict.missing.iter().filter_map(|item| context.names.item(item).cloned());
        (computed, why.clone(), items.collect::<Vec<MissingItem>>())
    } else {
        (Answer::Unknown, context.say(Say::FromMemory, &[(&why).into()]), Vec::new())
    };
    let finding = Finding {
        criterion: criterion.id.clone(),
        role: criterion.role,
        text: criterion.text.clone(),
        answer,
        why: shown,
        evidence: verdict.evidence,
        missing,
        verification: criterion.verification,
        source: criterion.source.clone(),
    };
    Found { computed, why, finding }
}

fn begun_with_a_capital(mut sentence: Text) -> Text {
    if let Some(first) = sentence.en.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

/// The answers that decide, alternatives put together.
fn deciding(set: &CriteriaSet, findings: &[Finding]) -> Vec<Answer> {
    let pairs = || set.criteria.iter().zip(findings).filter(|(criterion, _)| criterion.decides());
    let mut answers: Vec<Answer> = pairs()
        .filter(|(criterion, _)| criterion.one_of.is_none())
        .map(|(_, finding)| finding.answer)
        .collect();
    let mut groups: Vec<&String> = pairs().filter_map(|(criterion, _)| criterion.one_of.as_ref()).collect();
    groups.sort();
    groups.dedup();
    for group in groups {
        let members = pairs().filter(|(criterion, _)| criterion.one_of.as_ref() == Some(group));
        answers.push(kernel::at_least(1, members.map(|(_, finding)| finding.answer)));
    }
    answers
}

/// Whether a criterion's own answer still matters, or an alternative already answered.
pub(crate) fn is_open(set: &CriteriaSet, findings: &[Finding], index: usize) -> bool {
    let criterion = &set.criteria[index];
    let Some(group) = &criterion.one_of else { return true };
    !set.criteria.iter().zip(findings).any(|(other, finding)| {
        other.one_of.as_ref() == Some(group) && other.decides() && finding.answer == Answer::Met
    })
}

const REASONS: usize = 6;

/// The leading reasons: why it does not fit, else what is open, else why it fits; warnings that apply come first.
fn reasons(summary: Summary, set: &CriteriaSet, findings: &[Finding], context: &Context<'_>) -> Vec<Text> {
    let decides = |index: &usize| set.criteria[*index].decides() && is_open(set, findings, *index);
    let mut reasons: Vec<Text> = findings
        .iter()
        .filter(|finding| finding.role == Role::Warning && finding.answer == Answer::NotMet)
        .map(|finding| finding.why.clone())
        .collect();
    let telling = |index: &usize| match summary {
        Summary::NotApplicable | Summary::NotMetAsWritten => findings[*index].answer == Answer::NotMet,
        Summary::NeedsInformation => findings[*index].answer == Answer::Unknown,
        // That an exclusion does not apply is no reason to think of a product.
        Summary::Possible => findings[*index].role == Role::Inclusion,
    };
    let leading = (0..findings.len()).filter(decides).filter(telling);
    reasons.extend(leading.map(|index| findings[index].why.clone()));
    let from_memory = set.criteria.iter().any(|criterion| {
        matches!(criterion.need, Need::Histology(_))
            && criterion.role == Role::Inclusion
            && !criterion.verification.decides()
    });
    if from_memory {
        reasons.push(context.say(Say::ReasonFromMemory, &[]));
    }
    reasons.dedup();
    reasons.truncate(REASONS);
    reasons
}
