//! What to ask the patient for: only what can still change where a set stands.

use crate::{
    error::Problem,
    names::Names,
    summary::{Assessed, is_open},
};
use cartulary_model::{
    Answer, ConceptId,
    evaluation::{AskFor, Role, SetKind, Summary},
};
use std::collections::BTreeMap;

/// The items that the questions name themselves; `sets.toml` must say on which paper they stand.
const ITEMS: [&str; 21] = [
    "chemistry",
    "cycles_given",
    "date_of_birth",
    "disease_status",
    "first_line_dates",
    "first_line_response",
    "fl_grade",
    "hbv_dna",
    "hcv_rna",
    "last_line_dates",
    "last_line_response",
    "pathology_report",
    "regimen_drugs",
    "relapse_date",
    "sex",
    "therapy_end_dates",
    "transformation_biopsy",
    "transplant_date",
    "treatment_history",
    "virology",
    "weight",
];

/// A label decides on a product that can be given today; a trial only shows how its patients were chosen.
const LABEL_WEIGHT: usize = 5;

/// Merges the missing items of all sets that are still open, the most telling first, paper by paper.
pub(crate) fn ask_for(assessed: &[Assessed<'_>]) -> Vec<AskFor> {
    let mut by_item: BTreeMap<&str, (usize, AskFor)> = BTreeMap::new();
    for of in assessed {
        if matches!(of.evaluation.summary, Summary::NotMetAsWritten | Summary::NotApplicable) {
            continue;
        }
        for (index, finding) in of.evaluation.findings.iter().enumerate() {
            let criterion = &of.set.criteria[index];
            let open = finding.answer == Answer::Unknown && is_open(of.set, &of.evaluation.findings, index);
            // A label's warning can stop an infusion, so its paper is asked for, last. What a trial or a guideline only
            // warns of is read where a paper tells it, and troubles nobody.
            let only_warns = criterion.role == Role::Warning && of.set.kind != SetKind::Label;
            if !open || only_warns {
                continue;
            }
            for missing in &finding.missing {
                let unasked = || (0, AskFor { item: missing.clone(), decides: Vec::new() });
                let (weight, ask) = by_item.entry(&missing.item).or_insert_with(unasked);
                if criterion.role != Role::Warning && !ask.decides.contains(&of.set.id) {
                    *weight += if of.set.kind == SetKind::Label { LABEL_WEIGHT } else { 1 };
                    ask.decides.push(of.set.id.clone());
                }
            }
        }
    }
    let mut asked: Vec<(usize, AskFor)> = by_item.into_values().collect();
    for (_, ask) in &mut asked {
        ask.decides.sort();
    }
    asked.sort_by(|(a, _), (b, _)| b.cmp(a));
    by_document(asked.into_iter().map(|(_, ask)| ask).collect())
}

/// What stands on one kind of paper is asked for together, the paper with the most telling item first.
fn by_document(mut asked: Vec<AskFor>) -> Vec<AskFor> {
    let order: Vec<ConceptId> = asked.iter().map(|ask| ask.item.document.clone()).collect();
    asked.sort_by_key(|ask| order.iter().position(|document| *document == ask.item.document));
    asked
}

/// Every item that a question can name must be in `sets.toml`.
pub(crate) fn check_items(names: &Names, problems: &mut Vec<Problem>) {
    for item in ITEMS {
        if names.item(item).is_none() {
            problems.push(Problem {
                file: "sets.toml".to_owned(),
                line: 1,
                column: 1,
                what: format!("[ask.{item}] is missing; the code asks for it"),
            });
        }
    }
}
