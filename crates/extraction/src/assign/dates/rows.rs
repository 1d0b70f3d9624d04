//! Days that stand over rows of values, or at the head of their own row.

use super::{Dated, is_compared, is_sheet};
use crate::{draft::Draft, sheet::Sheet, stream::Span};
use cartulary_model::Temporality;

/// `05/28/24  ANC 0.3 called to the ward`, `PREVIOUS (15/08/2023):  Creatinine 98   ALT 31`: the day that the row begins with.
pub(super) fn before_in_row(sheet: &Sheet<'_>, span: Span) -> Dated {
    const LEAD: usize = 24;
    let start = sheet.row_start(span.start);
    let first = sheet.mentions_in(Span::new(start, span.start)).first()?;
    let leads = first.span.end <= span.start && first.span.start - start <= LEAD;
    let listed = || {
        is_sheet(sheet)
            || sheet.stream.short_row(span.start).is_some_and(|row| sheet.stream.fields(row).len() > 1)
    };
    (leads
        && !is_compared(sheet, first.span)
        && listed()
        && first.until.is_none()
        && first.date.day().is_some()
        && !first.relative)
        .then_some((first.date, first.span))
}

/// The day at the head of a laboratory sheet, which names no day of sampling: `Date: 04/30/2024` over its rows.
pub(super) fn above(sheet: &Sheet<'_>, span: Span) -> Dated {
    if sheet.mentions.is_empty() {
        return None;
    }
    let row = sheet.row_start(span.start).checked_sub(1)?;
    sheet
        .mentions
        .iter()
        .rev()
        .find(|of| of.span.end <= row && of.date.day().is_some() && of.until.is_none() && !of.relative)
        .map(|of| (of.date, of.span))
}

/// `SEROLOGY (17/11/2026)` over several rows of results: the day of the nearest heading above them. `Bloods 02/09/2024  Hb 134`
/// heads the rows that go on with values too.
pub(super) fn over_block(sheet: &Sheet<'_>, draft: &Draft) -> Dated {
    const ROWS: usize = 16;
    const HEADING: usize = 60;
    const LEAD: usize = 24;
    /// Rows between that hold no analyte: the heads of columns, scores and signs in fields.
    const OTHERS: usize = 2;
    if sheet.mentions.is_empty() || draft.temporality == Some(Temporality::Historical) {
        return None;
    }
    let mut row = sheet.row_start(draft.span.start);
    let mut others = 0;
    for _ in 0..ROWS {
        let end = row.checked_sub(1)?;
        let start = sheet.row_start(end);
        let lab = sheet.candidates_in(Span::new(start, end)).iter().find(|of| of.hit.concept.is("lab"));
        let day = sheet.mentions_in(Span::new(start, end)).first();
        match day {
            Some(of) => {
                let leads =
                    lab.is_none_or(|lab| of.span.end <= lab.hit.span.start && of.span.start - start <= LEAD);
                let heads = leads && (lab.is_some() || end - start <= HEADING);
                let told =
                    heads && of.until.is_none() && of.date.day().is_some() && !is_compared(sheet, of.span);
                return told.then_some((of.date, of.span));
            }
            None if lab.is_none() => {
                others += 1;
                if others > OTHERS || sheet.stream.fields(Span::new(start, end)).len() < 2 {
                    return None;
                }
            }
            None => {}
        }
        row = start;
    }
    None
}
