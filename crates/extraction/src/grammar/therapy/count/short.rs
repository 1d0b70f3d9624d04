//! A plan that was carried out in part: `6 cycles of R-CHOP were planned, only three could be given`.

use super::{Count, Territory, Unit, fits};
use crate::{
    grammar::therapy::{
        name::Name,
        words::{count_at, says, skip_spaces},
    },
    sheet::Sheet,
    stream::Span,
    vocabulary::therapy::{GIVEN_BEHIND_COUNT, LEADS_TO_COUNT, PLANNED_COUNT},
};

/// How many cycles were given of those that were planned.
pub(in crate::grammar::therapy) fn given_of_planned(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
) -> Option<Count> {
    const REACH: usize = 60;
    let stream = &sheet.stream;
    let around = Span::new(own.start.max(name.span.start.saturating_sub(40)), own.end);
    if !says(stream, around, PLANNED_COUNT) {
        return None;
    }
    let until = own.end.min(name.span.end + REACH);
    (name.span.end..until).find_map(|at| {
        let (value, end) = count_at(stream, at).filter(|(value, _)| fits(*value))?;
        let led = stream.reads_back_any(at, LEADS_TO_COUNT);
        let behind = skip_spaces(stream, end);
        let given = stream.reads_any(behind, GIVEN_BEHIND_COUNT);
        (led || given).then(|| Count { value, span: Span::new(at, end), unit: Unit::Cycles, planned: false })
    })
}
