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
        let (computed, finding) = find(criterion, context);
        if disease.is_none()
            && criterion.role == Role::Inclusion
            && let Need::Histology(histology) = &criterion.need
        {
            disease = Some((histology, computed));
        }
        findings.push(finding);
    }
    let answers = deciding(set, &findings);
    let not_met = answers.iter().filter(|answer| **answer == Answer::NotMet).count();
    let unknown = answers.iter().filter(|answer| **answer == Answer::Unknown).count();
    let summary = if disease
        .is_some_and(|(of, answer)| answer == Answer::NotMet && of.is_for_another_disease(context))
    {
        Summary::NotApplicable
    } else if not_met > 0 {
        Summary::NotMetAsWritten
    } else if unknown > 0 || answers.is_empty() || disease.is_some_and(|(_, answer)| answer != Answer::Met) {
        // A set that is only known from memory, or whose disease is, is never called possible.
        Summary::NeedsInformation
    } else {
        Summary::Possible
    };
    let reasons = reasons(summary, set, &findings, context);
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

/// The computed answer, turned for an exclusion, and the finding as it is shown: from memory it is unknown.
fn find(criterion: &Criterion, context: &Context<'_>) -> (Answer, Finding) {
    let verdict = criterion.need.assess(context);
    let computed = criterion.turn(verdict.answer);
    let from_memory = !criterion.verification.decides();
    let (answer, why, missing) = if from_memory {
        let why = context.say(Say::FromMemory, &[(&verdict.why).into()]);
        (Answer::Unknown, why, Vec::new())
    } else {
        let items = verdict.missing.iter().filter_map(|item| context.names.item(item).cloned());
        (computed, verdict.why, items.collect::<Vec<MissingItem>>())
    };
    let finding = Finding {
        criterion: criterion.id.clone(),
        role: criterion.role,
        text: criterion.text.clone(),
        answer,
        why,
        evidence: verdict.evidence,
        missing,
        verification: criterion.verification,
        source: criterion.source.clone(),
    };
    (computed, finding)
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
    let of = |answer: Answer| {
        (0..findings.len()).filter(decides).filter(move |index| findings[*index].answer == answer)
    };
    let warns =
        findings.iter().filter(|finding| finding.role == Role::Warning && finding.answer == Answer::NotMet);
    let mut reasons: Vec<Text> = match summary {
        Summary::NotApplicable => findings
            .iter()
            .zip(&set.criteria)
            .filter(|(_, criterion)| matches!(criterion.need, Need::Histology(_)))
            .map(|(finding, _)| finding.why.clone())
            .take(1)
            .collect(),
        Summary::NotMetAsWritten => of(Answer::NotMet).map(|index| findings[index].why.clone()).collect(),
        Summary::NeedsInformation => of(Answer::Unknown).map(|index| findings[index].why.clone()).collect(),
        Summary::Possible => of(Answer::Met).map(|index| findings[index].why.clone()).collect(),
    };
    if summary != Summary::NotApplicable {
        let warnings: Vec<Text> = warns.map(|finding| finding.why.clone()).collect();
        reasons.splice(0..0, warnings);
        let from_memory = set.criteria.iter().any(|criterion| {
            criterion.role != Role::Warning
                && matches!(criterion.need, Need::Histology(_))
                && !criterion.verification.decides()
        });
        if from_memory {
            reasons.push(context.say(Say::ReasonFromMemory, &[]));
        }
    }
    reasons.dedup();
    reasons.truncate(REASONS);
    reasons
}
