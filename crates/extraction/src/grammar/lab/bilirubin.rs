//! The direct part of a bilirubin, told behind the whole.
//!
//! ## Reads
//! "Bilirubin 34 umol/L, conjugated 9 umol/L", "T bili 1.4 mg/dL with direct 0.3", "Bili 34 umol/L of which direct 9", "direct
//! <0.2": with the unit of the whole where it has none.

use super::{course::value_draft, row::is_own};
use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::Hit,
    words::{List, words},
};
use cartulary_model::Value;

/// What may stand between the whole and its part.
const LEADS: &List = words![
    ", direct ",
    ", conjugated ",
    " with direct ",
    " with conjugated ",
    ", of which direct ",
    " of which direct ",
    " of which conjugated ",
    ", of which conjugated ",
    " (direct ",
    " (conjugated ",
    "; direct ",
    "; conjugated ",
    ", 直接 ",
    ",直接",
    "(直接",
    ",其中直接",
    ",结合",
    "(结合",
];

/// How far behind the value its range and mark may reach.
const RANGE: usize = 14;

pub(super) fn read(sheet: &Sheet<'_>, drafts: &[Draft]) -> Vec<Draft> {
    let whole = drafts.iter().filter(|of| of.concept.as_str() == "lab.tbil");
    let found = whole.filter_map(|of| direct(sheet, of));
    found.filter(|of| !drafts.iter().any(|known| known.span.overlaps(of.span))).collect()
}

fn direct(sheet: &Sheet<'_>, whole: &Draft) -> Option<Draft> {
    let stream = &sheet.stream;
    let Value::Measurement(measured) = &whole.value else { return None };
    let lead =
        (whole.span.end..whole.span.end + RANGE).find_map(|at| stream.words_at(at, LEADS).next_back())?;
    let number = number::number_behind(stream, lead.end())?;
    let behind = number.span.end + usize::from(stream.at(number.span.end) == ' ');
    let own =
        sheet.engine.units.read(stream, behind).filter(|of| is_own(sheet, &"lab.dbil".into(), &of.unit));
    let end = own.as_ref().map_or(number.span.end, |of| of.span.end);
    let unit = own.map(|of| of.unit).or_else(|| measured.printed.unit.clone());
    let name = lead.span();
    let hit = Hit { concept: "lab.dbil".into(), span: name };
    Some(Draft {
        rule: "lab.later",
        date: whole.date,
        temporality: whole.temporality,
        experiencer: whole.experiencer,
        ..value_draft(sheet, &hit, number, unit, crate::stream::Span::new(name.start + 1, end))
    })
}
