//! Where a set stands for a patient. Never "eligible", never "rejected".
//!
//! First every criterion is answered, then the answers say where the set stands, then both are put into words. A cohort
//! stops after the second step.

use crate::{
    context::Context,
    kernel::{self, Verdict},
    need::Need,
    phrases::{Arg, Say},
    set::{CriteriaSet, Criterion},
};
use cartulary_model::{
    Answer, FactId, Finding, MissingItem, SetEvaluation, Text,
    evaluation::{Role, SetKind, Summary},
};

/// A criterion's answer, without words.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered<'a> {
    /// The answer; unknown where the rule is from memory.
    pub answer: Answer,
    /// The facts it rests on.
    pub evidence: Vec<FactId>,
    /// The items that would answer it, by their keys in `sets.toml`.
    pub missing: Vec<&'a str>,
}

/// A set evaluated without words: who stands where, on which facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Screening<'a> {
    /// The set.
    pub set: &'a CriteriaSet,
    /// Where it stands.
    pub summary: Summary,
    /// An answer a criterion, in the set's order.
    pub answers: Vec<Answered<'a>>,
}

/// A set's evaluation with what ranking and asking need to know.
pub(crate) struct Assessed<'s> {
    pub(crate) set: &'s CriteriaSet,
    pub(crate) evaluation: SetEvaluation,
    not_met: usize,
    unknown: usize,
}

/// Evaluates one set, without words.
pub(crate) fn screen<'a>(set: &'a CriteriaSet, context: &Context<'a>) -> Screening<'a> {
    let given: Vec<Given<'a>> = set.criteria.iter().map(|criterion| give(criterion, context)).collect();
    let summary = Standing::of(set, &given, context).summary;
    let answers = given.into_iter().map(|given| Answered {
        answer: given.answer,
        evidence: given.verdict.evidence,
        missing: given.verdict.missing,
    });
    Screening { set, summary, answers: answers.collect() }
}

/// Evaluates one set.
pub(crate) fn assess<'s>(set: &'s CriteriaSet, context: &Context<'s>) -> Assessed<'s> {
    let given: Vec<Given<'s>> = set.criteria.iter().map(|criterion| give(criterion, context)).collect();
    let standing = Standing::of(set, &given, context);
    let disease = standing.disease.map(|index| begun_with_a_capital(given[index].verdict.why.clone()));
    let pairs = set.criteria.iter().zip(given);
    let findings: Vec<Finding> = pairs.map(|(criterion, given)| finding(criterion, given, context)).collect();
    let reasons = match disease {
        Some(why) if standing.summary == Summary::NotApplicable => vec![why],
        _ => reasons(standing.summary, set, &findings, context),
    };
    let evaluation = SetEvaluation {
        set: set.id.clone(),
        kind: set.kind,
        title: set.title.clone(),
        product: set.product.clone(),
        authority: set.authority.clone(),
        version: set.version.clone(),
        sha256: set.sha256.clone(),
        summary: standing.summary,
        reasons,
        findings,
    };
    Assessed { set, evaluation, not_met: standing.not_met, unknown: standing.unknown }
}

impl Assessed<'_> {
    /// Possible first; inside a summary the nearest first, labels before trials. A guideline is no product: it comes
    /// after them.
    pub(crate) fn rank(&self) -> (Summary, bool, usize, usize, SetKind, String) {
        let kind = self.set.kind;
        let id = self.set.id.as_str().to_owned();
        (self.evaluation.summary, kind == SetKind::Guideline, self.not_met, self.unknown, kind, id)
    }
}

/// A criterion's answer as computed and as given.
struct Given<'a> {
    /// Turned for an exclusion; also where the rule is from memory.
    computed: Answer,
    /// Unknown where the rule is from memory.
    answer: Answer,
    verdict: Verdict<'a>,
}

fn give<'a>(criterion: &Criterion, context: &Context<'a>) -> Given<'a> {
    let mut verdict = criterion.need.assess(context);
    let computed = criterion.turn(verdict.answer);
    if criterion.verification.decides() {
        return Given { computed, answer: computed, verdict };
    }
    // What is from memory asks the patient for nothing.
    verdict.missing.clear();
    Given { computed, answer: Answer::Unknown, verdict }
}

fn finding(criterion: &Criterion, given: Given<'_>, context: &Context<'_>) -> Finding {
    let why = begun_with_a_capital(given.verdict.why);
    let decides = criterion.verification.decides();
    let items = given.verdict.missing.iter().filter_map(|item| context.names.item(item).cloned());
    Finding {
        criterion: criterion.id.clone(),
        role: criterion.role,
        text: criterion.text.clone(),
        answer: given.answer,
        missing: items.collect::<Vec<MissingItem>>(),
        why: if decides { why } else { context.say(Say::FromMemory, &[(&why).into()]) },
        evidence: given.verdict.evidence,
        verification: criterion.verification,
        source: criterion.source.clone(),
    }
}

/// Says beside an indication where the patient's numbers are not those of the trial that it rests on. Labels have almost
/// no such numbers: this warns, and leaves the indication where it stands.
pub(crate) fn warn_of_trials<'s>(
    of: &mut Assessed<'_>,
    trials: impl Iterator<Item = &'s CriteriaSet>,
    context: &Context<'s>,
) {
    if matches!(of.evaluation.summary, Summary::NotApplicable | Summary::NotMetAsWritten) {
        return;
    }
    for trial in trials {
        // Only a criterion that decides can be not met, so one from memory warns of nothing.
        for criterion in trial.criteria.iter().filter(|criterion| criterion.need.is_a_number()) {
            let given = give(criterion, context);
            if given.answer == Answer::NotMet {
                let why = begun_with_a_capital(given.verdict.why);
                let args = [Arg::Same(trial.id.as_str()), (&criterion.text).into(), (&why).into()];
                of.evaluation.reasons.push(context.say(Say::ReasonTrialNumber, &args));
            }
        }
    }
}

fn begun_with_a_capital(mut sentence: Text) -> Text {
    let first = sentence.en.chars().next().map_or(0, char::len_utf8);
    sentence.en[..first].make_ascii_uppercase();
    sentence
}

/// Where a set stands, and how near it is.
struct Standing {
    summary: Summary,
    not_met: usize,
    unknown: usize,
    /// The criterion that names the disease.
    disease: Option<usize>,
}

impl Standing {
    fn of(set: &CriteriaSet, given: &[Given<'_>], context: &Context<'_>) -> Self {
        let disease = set.criteria.iter().position(|criterion| {
            criterion.role == Role::Inclusion && matches!(criterion.need, Need::Histology(_))
        });
        let Deciding { count, not_met, unknown } = Deciding::of(set, given);
        let is_for_another = disease.is_some_and(|index| {
            given[index].computed == Answer::NotMet
                && matches!(&set.criteria[index].need, Need::Histology(of) if of.is_for_another_disease(context))
        });
        let is_of_this = disease.is_none_or(|index| given[index].computed == Answer::Met);
        let summary = if is_for_another {
            Summary::NotApplicable
        } else if not_met > 0 {
            Summary::NotMetAsWritten
        } else if unknown > 0 || !is_of_this || warns(set, given) || (count == 0 && !only_warns(set)) {
            // A set that is only known from memory, or whose disease is, is never called possible.
            Summary::NeedsInformation
        } else {
            Summary::Possible
        };
        // A set from memory is the least near of those that need information.
        let unknown = if count == 0 { given.len() } else { unknown };
        Self { summary, not_met, unknown, disease }
    }
}

/// A guideline weighs where a label decides: while one of its warnings applies or is open, a physician has something to
/// weigh. The warnings of labels and trials stand beside the indication and leave it where it is.
fn warns(set: &CriteriaSet, given: &[Given<'_>]) -> bool {
    set.kind == SetKind::Guideline
        && set.criteria.iter().zip(given).any(|(criterion, given)| {
            criterion.role == Role::Warning && criterion.verification.decides() && given.answer != Answer::Met
        })
}

fn only_warns(set: &CriteriaSet) -> bool {
    set.kind == SetKind::Guideline && set.criteria.iter().any(|of| of.verification.decides())
}

/// The answers that decide, counted; alternatives count as one.
#[derive(Default)]
struct Deciding {
    count: usize,
    not_met: usize,
    unknown: usize,
}

impl Deciding {
    fn of(set: &CriteriaSet, given: &[Given<'_>]) -> Self {
        let mut counted = Self::default();
        let pairs = || set.criteria.iter().zip(given).filter(|(criterion, _)| criterion.decides());
        for (index, (criterion, own)) in pairs().enumerate() {
            let Some(group) = &criterion.one_of else {
                counted.add(own.answer);
                continue;
            };
            let is_member = |other: &Criterion| other.one_of.as_ref() == Some(group);
            if pairs().take(index).all(|(other, _)| !is_member(other)) {
                let members = pairs().filter(|(other, _)| is_member(other));
                counted.add(kernel::at_least(1, members.map(|(_, given)| given.answer)));
            }
        }
        counted
    }

    fn add(&mut self, answer: Answer) {
        self.count += 1;
        self.not_met += usize::from(answer == Answer::NotMet);
        self.unknown += usize::from(answer == Answer::Unknown);
    }
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
    // What a guideline only warns of is what it is about.
    let weighs = |criterion: &Criterion| {
        set.kind == SetKind::Guideline
            && criterion.verification.decides()
            && summary != Summary::NotMetAsWritten
    };
    let counts = |index: &usize| {
        let criterion = &set.criteria[*index];
        (criterion.decides() || weighs(criterion)) && is_open(set, findings, *index)
    };
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
    let leading = (0..findings.len()).filter(counts).filter(telling);
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
