//! Facts in words, for pages on which people check them.

use crate::{view, words::Words};
use cartulary_catalogue::Catalogue;
use cartulary_model::{FactId, Lang, PreliminaryEvaluation};

/// Facts that belong together.
#[derive(Clone, Debug)]
pub struct FactLines {
    /// `who`, `diagnosis`, `treatment`, `markers`, `stage`, `blood`, `infection`, `other`, `set_aside`.
    pub key: &'static str,
    /// In words.
    pub title: String,
    /// The facts, the same thing together and in time.
    pub lines: Vec<FactLine>,
}

/// A fact in words.
#[derive(Clone, Debug)]
pub struct FactLine {
    /// The fact.
    pub id: FactId,
    /// What it is about.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Further properties, such as `after R-CHOP`.
    pub details: String,
    /// The range that the paper gives.
    pub range: String,
    /// High or low, as the paper marks it.
    pub flag: Option<String>,
    /// The day, month or year.
    pub date: String,
    /// Denied, possible, planned, of the family, past; empty when it is plainly so.
    pub said: Vec<String>,
    /// In percent.
    pub confidence: u8,
    /// Somebody should look at it.
    pub is_unsure: bool,
    /// The words of the paper.
    pub quote: String,
    /// Their language.
    pub quote_lang: &'static str,
    /// `D3 p.1`.
    pub place: String,
}

/// All facts of an evaluation in words, by group.
pub fn fact_lines(evaluation: &PreliminaryEvaluation, catalogue: &Catalogue, lang: Lang) -> Vec<FactLines> {
    let words = Words::new(catalogue, lang);
    let papers = view::Papers::of(evaluation, words);
    let groups = view::fact_groups(&papers, words);
    let lines = |group: view::FactGroup| FactLines {
        key: group.key,
        title: group.title,
        lines: group.rows.into_iter().map(FactLine::from).collect(),
    };
    groups.into_iter().map(lines).collect()
}

impl From<view::FactRow> for FactLine {
    fn from(row: view::FactRow) -> Self {
        Self {
            id: row.chip.fact,
            name: row.name,
            value: row.value,
            details: row.details,
            range: row.range,
            flag: row.flag,
            date: row.date,
            said: row.said.into_iter().map(|(_, word)| word).collect(),
            confidence: row.confidence,
            is_unsure: row.is_unsure,
            quote: row.chip.quote.text,
            quote_lang: row.chip.quote.lang,
            place: row.chip.place,
        }
    }
}
