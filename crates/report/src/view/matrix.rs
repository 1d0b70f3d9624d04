//! Sets by criteria: one row a set, one column a criterion that several sets share.

use super::{
    papers::Papers,
    sets::{AnswerWords, answer_words},
};
use crate::words::Words;
use cartulary_model::{
    Answer, CriterionId, SetEvaluation,
    evaluation::{Role, Summary},
};
use std::collections::BTreeMap;

/// A table of answers.
pub(crate) struct Matrix {
    pub(crate) columns: Vec<String>,
    pub(crate) groups: Vec<MatrixGroup>,
}

/// Rows that stand alike.
pub(crate) struct MatrixGroup {
    pub(crate) title: String,
    pub(crate) rows: Vec<MatrixRow>,
}

/// One set.
pub(crate) struct MatrixRow {
    pub(crate) set: String,
    pub(crate) title: String,
    /// A cell a column; nothing where the set does not ask it.
    pub(crate) cells: Vec<Option<Cell>>,
}

/// The answer of a set to a criterion.
pub(crate) struct Cell {
    pub(crate) answer: AnswerWords,
    pub(crate) is_warning: bool,
    /// Links of the findings it stands for, the leading one first.
    pub(crate) findings: Vec<String>,
    /// For people who do not see the table: set, criterion, answer.
    pub(crate) label: String,
}

/// Clinical order of the columns; criteria not named here come after, most used first.
const ORDER: [&str; 60] = [
    "histology",
    "histology_excl",
    "cd19",
    "disease_status",
    "refractory_def",
    "relapse_def",
    "prior_lines",
    "prior_therapy",
    "lenalidomide_refractory",
    "hdt_intent",
    "tne",
    "prior_cd19",
    "prior_cart",
    "auto_hsct",
    "allo_hsct",
    "gvhd",
    "measurable_disease",
    "pet",
    "age",
    "life_expectancy",
    "ecog",
    "anc",
    "alc",
    "plt",
    "hb",
    "crcl",
    "creat_or_egfr",
    "alt_ast",
    "alt",
    "tbil",
    "lvef",
    "cardiac_event",
    "pericardial_effusion",
    "spo2",
    "dyspnea",
    "cns_lymphoma",
    "cns_disorder",
    "pcnsl",
    "infection",
    "active_infection_or_inflammation",
    "hbv_hcv",
    "hbv",
    "hcv",
    "hiv",
    "hbv_hcv_hiv_screen",
    "malignancy",
    "t_cell_malignancy",
    "autoimmune",
    "pregnancy",
    "hypersensitivity",
    "washout_steroid",
    "washout_chemo",
    "washout_immunosuppression",
    "washout_checkpoint",
    "washout_flu_cladribine",
    "washout_dli",
    "live_vaccine",
    "bridging",
    "delay",
    "monitoring",
];

/// The table of the sets that concern this disease, and the table of the others. Either may be absent.
pub(crate) fn matrices(papers: &Papers<'_>, words: Words<'_>) -> (Option<Matrix>, Option<Matrix>) {
    let own = [Summary::Possible, Summary::NeedsInformation, Summary::NotMetAsWritten];
    (matrix(papers, &own, words), matrix(papers, &[Summary::NotApplicable], words))
}

fn matrix(papers: &Papers<'_>, summaries: &[Summary], words: Words<'_>) -> Option<Matrix> {
    let numbered: Vec<(usize, &SetEvaluation)> = papers.evaluation.evaluations.iter().enumerate().collect();
    let sets: Vec<_> = numbered.into_iter().filter(|(_, set)| summaries.contains(&set.summary)).collect();
    let keys = shared_criteria(&sets);
    if keys.is_empty() {
        return None;
    }
    let columns: Vec<String> = keys.iter().map(|key| column_name(key, &sets, words)).collect();
    let groups = summaries.iter().map(|summary| MatrixGroup {
        title: words.t(&format!("sets.{}", super::value::key_of(summary))),
        rows: sets
            .iter()
            .filter(|(_, set)| set.summary == *summary)
            .map(|(index, set)| row(*index, set, &keys, &columns, words))
            .collect(),
    });
    let groups = groups.filter(|group| !group.rows.is_empty()).collect();
    Some(Matrix { columns, groups })
}

/// Criteria asked by more than one set (by one, when there is only one set).
fn shared_criteria<'a>(sets: &[(usize, &'a SetEvaluation)]) -> Vec<&'a CriterionId> {
    let mut uses: BTreeMap<&CriterionId, usize> = BTreeMap::new();
    for (_, set) in sets {
        let mut asked: Vec<&CriterionId> = set.findings.iter().map(|finding| &finding.criterion).collect();
        asked.sort_unstable();
        asked.dedup();
        for criterion in asked {
            *uses.entry(criterion).or_default() += 1;
        }
    }
    let least = sets.len().min(2);
    let mut keys: Vec<_> = uses.into_iter().filter(|(_, count)| *count >= least).collect();
    let rank =
        |key: &CriterionId| ORDER.iter().position(|known| *known == key.as_str()).unwrap_or(ORDER.len());
    keys.sort_by_key(|(key, count)| (rank(key), std::cmp::Reverse(*count)));
    keys.into_iter().map(|(key, _)| key).collect()
}

/// The criterion's short name; where the catalogue has none, the sense as the first set puts it.
fn column_name(key: &CriterionId, sets: &[(usize, &SetEvaluation)], words: Words<'_>) -> String {
    let message = format!("column.{key}");
    if words.has(&message) {
        return words.t(&message);
    }
    let mut findings = sets.iter().flat_map(|(_, set)| &set.findings);
    let text = findings.find(|finding| finding.criterion == *key).map(|finding| words.said(&finding.text));
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| key.to_string())
}

fn row(
    index: usize,
    set: &SetEvaluation,
    keys: &[&CriterionId],
    columns: &[String],
    words: Words<'_>,
) -> MatrixRow {
    let title = words.said(&set.title);
    let cells = keys.iter().zip(columns).map(|(key, column)| {
        let mut findings: Vec<_> =
            set.findings.iter().enumerate().filter(|(_, finding)| finding.criterion == **key).collect();
        // Several rows on one criterion: the one that speaks against comes first, then the unknown one.
        findings.sort_by_key(|(_, finding)| match finding.answer {
            Answer::NotMet => 0,
            Answer::Unknown => 1,
            Answer::Met => 2,
        });
        let (_, leading) = findings.first()?;
        let answer = answer_words(leading.answer, words);
        Some(Cell {
            label: words.join(&[title.clone(), column.clone(), answer.word.clone()]),
            answer,
            is_warning: leading.role == Role::Warning,
            findings: findings.iter().map(|(row, _)| format!("s{index}-{row}")).collect(),
        })
    });
    MatrixRow { set: format!("s{index}"), cells: cells.collect(), title }
}
