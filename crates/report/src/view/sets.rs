//! The criteria sets by where they stand, each with its criteria, and what to ask for.

use super::{
    papers::{Chip, Papers},
    value::key_of,
};
use crate::words::Words;
use cartulary_model::{
    Answer, Finding, SetEvaluation, SetId,
    evaluation::{Role, Summary},
};
use std::collections::BTreeMap;

/// Sets that stand alike.
pub(crate) struct SetGroup {
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) hint: String,
    pub(crate) sets: Vec<SetView>,
}

/// One criteria set.
pub(crate) struct SetView {
    /// `s7`, its link.
    pub(crate) id: String,
    pub(crate) title: String,
    /// `label, FDA, version 2025-01`.
    pub(crate) origin: String,
    pub(crate) reasons: Vec<String>,
    /// How many criteria are met, not met, unknown: shape, word and number.
    pub(crate) counts: Vec<(AnswerWords, usize)>,
    pub(crate) findings: Vec<FindingView>,
}

/// One criterion's answer.
pub(crate) struct FindingView {
    /// `s7-2`, its link.
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) role: Option<String>,
    pub(crate) answer: AnswerWords,
    pub(crate) why: String,
    pub(crate) chips: Vec<Chip>,
    pub(crate) missing: Vec<String>,
    pub(crate) verification: String,
    pub(crate) decides: bool,
    pub(crate) source: String,
}

/// An answer as word, shape and class, so that colour adds nothing.
#[derive(Clone)]
pub(crate) struct AnswerWords {
    pub(crate) key: &'static str,
    pub(crate) shape: &'static str,
    pub(crate) word: String,
}

/// Something to ask for.
pub(crate) struct AskView {
    pub(crate) text: String,
    /// The kind of paper that carries it.
    pub(crate) from: String,
    pub(crate) decides: String,
    /// The sets' titles and links.
    pub(crate) sets: Vec<(String, String)>,
}

/// The four groups in their order, empty ones left out.
pub(crate) fn set_groups(papers: &Papers<'_>, words: Words<'_>) -> Vec<SetGroup> {
    let order =
        [Summary::Possible, Summary::NeedsInformation, Summary::NotMetAsWritten, Summary::NotApplicable];
    let numbered: Vec<(usize, &SetEvaluation)> = papers.evaluation.evaluations.iter().enumerate().collect();
    let group = |summary: Summary| {
        let key = key_of(summary);
        let of_group = numbered.iter().filter(|(_, set)| set.summary == summary);
        SetGroup {
            title: words.t(&format!("sets.{key}")),
            hint: words.t(&format!("sets.{key}.hint")),
            sets: alike_together(
                of_group.map(|(index, set)| set_view(*index, set, papers, words)).collect(),
                words,
            ),
            key,
        }
    };
    order.into_iter().map(group).filter(|group| !group.sets.is_empty()).collect()
}

/// Sets that stand where they stand for the same reasons follow each other, and the reasons are said once.
fn alike_together(sets: Vec<SetView>, words: Words<'_>) -> Vec<SetView> {
    let mut bundles: Vec<(Vec<String>, Vec<SetView>)> = Vec::new();
    for set in sets {
        match bundles.iter_mut().find(|(reasons, _)| *reasons == set.reasons) {
            Some((_, bundle)) => bundle.push(SetView { reasons: vec![words.t("sets.same_reasons")], ..set }),
            None => bundles.push((set.reasons.clone(), vec![set])),
        }
    }
    bundles.into_iter().flat_map(|(_, bundle)| bundle).collect()
}

fn set_view(index: usize, set: &SetEvaluation, papers: &Papers<'_>, words: Words<'_>) -> SetView {
    let id = format!("s{index}");
    let counts = [Answer::Met, Answer::NotMet, Answer::Unknown].map(|answer| {
        (answer_words(answer, words), set.findings.iter().filter(|of| of.answer == answer).count())
    });
    let kind = words.t(&format!("kind.{}", key_of(set.kind)));
    let version = words.fill("sets.version", &[("version", &set.version)]);
    SetView {
        title: words.said(&set.title),
        origin: words.join(&[kind, set.authority.clone(), version]),
        reasons: set.reasons.iter().map(|reason| words.said(reason)).collect(),
        counts: counts.into_iter().filter(|(_, count)| *count > 0).collect(),
        findings: set
            .findings
            .iter()
            .enumerate()
            .map(|(row, finding)| finding_view(format!("{id}-{row}"), finding, papers, words))
            .collect(),
        id,
    }
}

fn finding_view(id: String, finding: &Finding, papers: &Papers<'_>, words: Words<'_>) -> FindingView {
    FindingView {
        id,
        text: words.said(&finding.text),
        role: match finding.role {
            Role::Inclusion => None,
            Role::Exclusion => Some(words.t("role.exclusion")),
            Role::Warning => Some(words.t("role.warning")),
        },
        answer: answer_words(finding.answer, words),
        why: words.said(&finding.why),
        chips: papers.chips(&finding.evidence),
        missing: finding.missing.iter().map(|item| words.said(&item.text)).collect(),
        verification: words.t(&format!("verification.{}", key_of(finding.verification))),
        decides: finding.verification.decides() && finding.role != Role::Warning,
        source: finding.source.clone(),
    }
}

/// An answer in word and shape.
pub(crate) fn answer_words(answer: Answer, words: Words<'_>) -> AnswerWords {
    let (key, shape) = match answer {
        Answer::Met => ("met", "●"),
        Answer::NotMet => ("not_met", "✕"),
        Answer::Unknown => ("unknown", "?"),
    };
    AnswerWords { key, shape, word: words.t(&format!("answer.{key}")) }
}

/// What to ask for, most telling first.
pub(crate) fn ask_for(papers: &Papers<'_>, words: Words<'_>) -> Vec<AskView> {
    let evaluation = papers.evaluation;
    let titles: BTreeMap<&SetId, (usize, &SetEvaluation)> =
        evaluation.evaluations.iter().enumerate().map(|(index, set)| (&set.set, (index, set))).collect();
    evaluation
        .ask_for
        .iter()
        .map(|ask| AskView {
            text: words.said(&ask.item.text),
            from: words.fill("ask.from", &[("document", &words.concept(&ask.item.document))]),
            decides: words.count("ask.decides", ask.decides.len()),
            sets: ask
                .decides
                .iter()
                .filter_map(|set| titles.get(set))
                .map(|(index, set)| (format!("s{index}"), words.said(&set.title)))
                .collect(),
        })
        .collect()
}
