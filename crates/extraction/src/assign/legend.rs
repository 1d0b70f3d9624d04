//! Explanations of grades that a form prints: `CRS分级(ASTCT):1级体温≥38.0℃;Ⅱ级+低血压…`, `ICE 7-9分→1级;3-6分→Ⅱ级`.
//!
//! They say what a grade means, and nothing of the patient; nor do the heads of the columns of an observation sheet,
//! `时间 | 体温 | 脉搏 | 血压 | 寒战 | 皮疹`.
//!
//! ## Leaves alone
//! `CRS 1级→2级`, "CRS grade 1 on day 2, grade 2 on day 4": grades that were reached.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::toxicity::{COLUMN_ANSWERS, COLUMN_HEADS, GRADE_WORDS, LEGEND_BOUNDS, LEGEND_NAMES},
};

/// Without what stands in such an explanation.
pub(crate) fn without_legends(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    drafts.retain(|draft| {
        let at = draft.name.start;
        !(may_be_explained(draft) && (is_legend(sheet, at) || heads_column(sheet, at)))
    });
}

fn may_be_explained(draft: &Draft) -> bool {
    draft.concept.is("sym")
        || matches!(draft.concept.as_str(), "find.crs" | "find.icans" | "lab.temp" | "lab.spo2")
}

/// A row of cells that names what is watched, and tells no number.
fn heads_column(sheet: &Sheet<'_>, at: usize) -> bool {
    const CELLS: usize = 3;
    const WATCHED: usize = 2;
    let stream = &sheet.stream;
    let Some(row) = stream.short_row(at) else { return false };
    let cells = stream.signs_in(row, |of| matches!(of, CELL | '|')).count();
    let told =
        |at: usize| stream.at(at).is_ascii_digit() && !stream.at(at.saturating_sub(1)).is_alphanumeric();
    cells >= CELLS
        && !(row.start..row.end).any(told)
        && !sheet.says(row, COLUMN_ANSWERS)
        && stream.words_in(row, COLUMN_HEADS).count() >= WATCHED
}

/// A cell that names a scale of grades, two of them and more, and what bounds them.
fn is_legend(sheet: &Sheet<'_>, at: usize) -> bool {
    const REACH: usize = 120;
    let stops = |at: &usize| matches!(sheet.stream.at(*at), CELL | BREAK);
    let start =
        (at.saturating_sub(REACH)..at).rev().find(stops).map_or(at.saturating_sub(REACH), |at| at + 1);
    let limit = sheet.stream.len().min(at + REACH);
    let end = (at..limit).find(stops).unwrap_or(limit);
    let cell = Span::new(start, end);
    let grades = sheet.stream.words_in(cell, GRADE_WORDS).count();
    grades >= 2 && sheet.says(cell, LEGEND_NAMES) && sheet.says(cell, LEGEND_BOUNDS)
}
