//! What a line says once for all its values: the unit in a bracket behind them, the visit before them.
//!
//! ## Reads
//! `WBC 0.4, ANC <0.1, plts 41 (all x10^9/L)`; `D+7: WBC 0.4, ferritin 12,480 ng/mL`, "D28 post axi-cel: ANC 0.6".
//!
//! ## Leaves alone
//! Values with a unit or a visit of their own, and analytes that are not printed in that unit.

use super::row::{canonical, is_own};
use crate::{
    draft::Draft,
    grammar::response,
    sheet::Sheet,
    stream::{CELL, Span},
    words::{Place, words},
};
use cartulary_model::{Unit, Value, fact::Attr, fact::AttrValue};

/// Gives values what their line says once.
pub(super) fn share(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let whole = Span::new(0, sheet.stream.len());
    let leads = words!["(all ", "(all in ", "[all ", "(均为", "(单位均为", "(单位:"];
    let leads: Vec<usize> = sheet.stream.words_in(whole, leads).map(Place::end).collect();
    for lead in leads {
        if let Some(unit) = unit_in_bracket(sheet, lead) {
            in_unit(sheet, drafts, lead, &unit);
        }
    }
    for draft in drafts.iter_mut().filter(|draft| matches!(draft.value, Value::Measurement(_))) {
        let silent = !draft.attrs.contains_key(&Attr::Timepoint) && draft.date.is_none();
        if let Some(visit) = silent.then(|| response::heading_visit(sheet, draft.span)).flatten() {
            draft.set(Attr::Timepoint, AttrValue::Text(visit));
        }
    }
}

/// A unit that alone fills the rest of a bracket.
fn unit_in_bracket(sheet: &Sheet<'_>, from: usize) -> Option<Unit> {
    let (unit, span) = sheet.engine.units.at(&sheet.stream, from)?;
    matches!(sheet.stream.at(span.end), ')' | ']').then_some(unit)
}

/// The values before the bracket in its sentence that have no unit and are printed in this one.
fn in_unit(sheet: &Sheet<'_>, drafts: &mut [Draft], bracket: usize, unit: &Unit) {
    let sentence = sheet.sentence(bracket);
    for draft in drafts.iter_mut() {
        let before = draft.span.start >= sentence.start && draft.span.end <= bracket;
        let same_cell = || !(draft.span.end..bracket).any(|at| sheet.stream.at(at) == CELL);
        if !before || !same_cell() || !is_own(sheet, &draft.concept, unit) {
            continue;
        }
        let Value::Measurement(measured) = &mut draft.value else { continue };
        if measured.printed.unit.is_none() {
            measured.printed.unit = Some(unit.clone());
            measured.canonical = canonical(sheet, &draft.concept, &measured.printed);
            draft.confidence = 0.95;
        }
    }
}
