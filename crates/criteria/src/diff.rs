//! What changed between two versions of criteria sets, and between two evaluations, and why.

use crate::set::{CriteriaSet, Criterion};
use cartulary_model::evaluation::Summary;
use cartulary_model::{Answer, CriterionId, Finding, PreliminaryEvaluation, SetEvaluation, SetId, Text};
use serde::Serialize;

/// What can make a verdict another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The criteria set, or a named set that it uses, is another version.
    Set,
    /// The record holds other statements.
    Record,
    /// It is another day: values grow old, intervals grow longer.
    Day,
    /// Sets, record and day are the same: the program answers otherwise.
    Program,
}

/// A set or criterion that stands otherwise in the second evaluation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VerdictChange {
    /// The set.
    pub set: SetId,
    /// The criterion; nothing for the summary of the set.
    pub criterion: Option<CriterionId>,
    /// As it was; nothing when it was not there.
    pub before: Option<Stood>,
    /// As it is; nothing when it is no longer there.
    pub after: Option<Stood>,
    /// What differs between the two evaluations and can have done it.
    pub causes: Vec<Cause>,
}

/// How a set or a criterion stood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stood {
    /// The word of the answer or summary, as in JSON.
    pub answer: &'static str,
    /// The reason; for a set the leading one.
    pub why: Text,
}

/// Every summary and verdict that is not the same in both evaluations, in order of the sets.
#[must_use]
pub fn diff_evaluations(before: &PreliminaryEvaluation, after: &PreliminaryEvaluation) -> Vec<VerdictChange> {
    let mut ids: Vec<&SetId> =
        before.evaluations.iter().chain(&after.evaluations).map(|of| &of.set).collect();
    ids.sort();
    ids.dedup();
    let mut changes = Vec::new();
    for id in ids {
        let find = |of: &'_ PreliminaryEvaluation| of.evaluations.iter().position(|of| of.set == *id);
        let was = find(before).map(|index| &before.evaluations[index]);
        let is = find(after).map(|index| &after.evaluations[index]);
        let causes = causes(before, after, was, is);
        changes.extend(diff_set(id, was, is).into_iter().map(|(criterion, before, after)| VerdictChange {
            set: id.clone(),
            criterion,
            before,
            after,
            causes: causes.clone(),
        }));
    }
    changes
}

type Changed = (Option<CriterionId>, Option<Stood>, Option<Stood>);

fn diff_set(id: &SetId, was: Option<&SetEvaluation>, is: Option<&SetEvaluation>) -> Vec<Changed> {
    debug_assert!(was.or(is).is_some_and(|of| of.set == *id), "the set is in one of both");
    let mut changes = Vec::new();
    let mut compare = |criterion, before: Option<Stood>, after: Option<Stood>| {
        let word = |stood: &Option<Stood>| stood.as_ref().map(|stood| stood.answer);
        if word(&before) != word(&after) {
            changes.push((criterion, before, after));
        }
    };
    compare(None, was.map(of_set), is.map(of_set));
    let (Some(was), Some(is)) = (was, is) else { return changes };
    let find = |of: &SetEvaluation, id: &CriterionId| {
        of.findings.iter().find(|finding| finding.criterion == *id).map(of_finding)
    };
    for finding in &was.findings {
        compare(Some(finding.criterion.clone()), Some(of_finding(finding)), find(is, &finding.criterion));
    }
    for finding in is.findings.iter().filter(|of| find(was, &of.criterion).is_none()) {
        compare(Some(finding.criterion.clone()), None, Some(of_finding(finding)));
    }
    changes
}

fn causes(
    before: &PreliminaryEvaluation,
    after: &PreliminaryEvaluation,
    was: Option<&SetEvaluation>,
    is: Option<&SetEvaluation>,
) -> Vec<Cause> {
    let pin = |of: &SetEvaluation| (of.version.clone(), of.sha256.clone());
    let mut causes = Vec::new();
    if was.map(pin) != is.map(pin) {
        causes.push(Cause::Set);
    }
    // An evaluation from before records were pinned holds the record itself.
    if before.record_sha256 != after.record_sha256 || before.record != after.record {
        causes.push(Cause::Record);
    }
    if before.on != after.on {
        causes.push(Cause::Day);
    }
    if causes.is_empty() {
        causes.push(Cause::Program);
    }
    causes
}

fn of_set(of: &SetEvaluation) -> Stood {
    let answer = match of.summary {
        Summary::Possible => "possible",
        Summary::NeedsInformation => "needs_information",
        Summary::NotMetAsWritten => "not_met_as_written",
        Summary::NotApplicable => "not_applicable",
    };
    Stood { answer, why: of.reasons.first().cloned().unwrap_or_default() }
}

fn of_finding(of: &Finding) -> Stood {
    let answer = match of.answer {
        Answer::Met => "met",
        Answer::NotMet => "not_met",
        Answer::Unknown => "unknown",
    };
    Stood { answer, why: of.why.clone() }
}

/// How a criterion or a set differs between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Only in the second.
    Added,
    /// Only in the first.
    Removed,
    /// It asks another question.
    Question,
    /// It does something else in its set: inclusion, exclusion, warning, alternative.
    Role,
    /// Its mark is another one; with it, whether it decides.
    Mark,
    /// Its words, source or note are others; it answers the same.
    Words,
}

/// A difference between two versions of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetChange<'s> {
    /// The set.
    pub set: &'s SetId,
    /// As it was.
    pub before: Option<&'s Criterion>,
    /// As it is.
    pub after: Option<&'s Criterion>,
    /// What differs; for the set itself both criteria are nothing.
    pub difference: Difference,
}

/// Every difference between two lists of sets, in order of the sets.
#[must_use]
pub fn diff_sets<'s>(before: &'s [CriteriaSet], after: &'s [CriteriaSet]) -> Vec<SetChange<'s>> {
    let mut changes = Vec::new();
    for was in before {
        match after.iter().find(|set| set.id == was.id) {
            Some(is) => diff_criteria(was, is, &mut changes),
            None => changes.push(whole(was, Difference::Removed)),
        }
    }
    let added = after.iter().filter(|is| before.iter().all(|was| was.id != is.id));
    changes.extend(added.map(|is| whole(is, Difference::Added)));
    changes.sort_by(|a, b| a.set.cmp(b.set));
    changes
}

fn whole(set: &CriteriaSet, difference: Difference) -> SetChange<'_> {
    SetChange { set: &set.id, before: None, after: None, difference }
}

fn diff_criteria<'s>(was: &'s CriteriaSet, is: &'s CriteriaSet, changes: &mut Vec<SetChange<'s>>) {
    for before in &was.criteria {
        let after = is.criteria.iter().find(|of| of.id == before.id);
        let mut push = |difference| {
            changes.push(SetChange { set: &was.id, before: Some(before), after, difference });
        };
        let Some(after) = after else {
            push(Difference::Removed);
            continue;
        };
        if before.need != after.need {
            push(Difference::Question);
        }
        if (before.role, &before.one_of) != (after.role, &after.one_of) {
            push(Difference::Role);
        }
        if before.verification != after.verification {
            push(Difference::Mark);
        }
        let words = |of: &'s Criterion| (&of.text, &of.source, &of.note, &of.seen);
        if words(before) != words(after) {
            push(Difference::Words);
        }
    }
    for after in is.criteria.iter().filter(|of| was.criteria.iter().all(|before| before.id != of.id)) {
        changes.push(SetChange {
            set: &is.id,
            before: None,
            after: Some(after),
            difference: Difference::Added,
        });
    }
}
