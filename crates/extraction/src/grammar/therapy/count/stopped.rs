//! A course that ended before its time: the cycles given until then.

use super::{Count, Territory, Unit, cycle::ordinal_cycle, fits, only_glue, unit_after};
use crate::{
    grammar::therapy::{
        name::Name,
        words::{count_at, ordinal_at, says, skip_spaces, stands},
    },
    number,
    sheet::Sheet,
    stream::Span,
    vocabulary::therapy::{COUNTED_ENDS, DONE_WITH, LEFT_BEHIND_HAN, STOPPED_AFTER},
};

/// "stopped after 3 of 6 cycles", "stopped after C1", `第3程后改为`, `打完第5次停了`, "the sixth and last course of".
pub(in crate::grammar::therapy) fn given_until_stop(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
) -> Option<Count> {
    stopped_after(sheet, name, own)
        .or_else(|| left_behind(sheet, name, own))
        .or_else(|| and_last(sheet, name, own))
}

/// "was stopped after 3 of 6 cycles for numb feet", "switched after cycle 1 to".
fn stopped_after(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    const GAP: usize = 40;
    let stream = &sheet.stream;
    let until = own.end.min(name.span.end + GAP);
    let at = stream.words_beginning(Span::new(name.span.end, until), STOPPED_AFTER).next()?.start();
    let word = stream.first_word_at(at, STOPPED_AFTER)?;
    let gap = stream.lower_text(Span::new(name.span.end, at));
    // "R-CHOP x6 planned, stopped after 4"
    let planned = gap.contains("planned") && !gap.contains(';');
    if gap.contains([';', ',']) && !planned {
        return None;
    }
    let at = word.end();
    let at = if stands(stream, at, "the ") { at + "the ".len() } else { at };
    let (value, end) = cycles_at(sheet, at).filter(|(value, _)| fits(*value))?;
    Some(Count { value, span: Span::new(at, end.min(own.end).max(at)), unit: Unit::Cycles, planned: false })
}

/// `cycle 1`, `C1`, `the first cycle`, `3 of 6 cycles`, `two doses`.
fn cycles_at(sheet: &Sheet<'_>, at: usize) -> Option<(f64, usize)> {
    let stream = &sheet.stream;
    if let Some(numbered) = ordinal_cycle(sheet, at) {
        return Some(numbered);
    }
    let (value, end) = count_at(stream, at)?;
    let whole = stands(stream, end, " of ").then(|| count_at(stream, end + 4)).flatten();
    let end = whole.map_or(end, |(_, of)| of);
    let bare = || stream.at(end) == '.' || stream.reads_any(end, COUNTED_ENDS) || end >= stream.len();
    let unit = unit_after(sheet, end).map(|(end, _, _)| end).or_else(|| bare().then_some(end))?;
    Some((value, unit))
}

/// `R-CHOP第3程后因LVEF 43%改为R-CVP`, `利妥昔单抗打完第5次停了`.
fn left_behind(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    const NEAR: usize = 10;
    const TURN: usize = 18;
    let stream = &sheet.stream;
    let until = own.end.min(name.span.end + NEAR);
    (name.span.end..until).filter(|at| stream.at(*at) == '第').find_map(|at| {
        let number = number::number_behind(stream, at + 1)
            .map(|of| (of.value, of.span.end))
            .or_else(|| count_at(stream, at + 1));
        let (value, end) = number.filter(|(value, _)| fits(*value))?;
        let (end, unit, _) = unit_after(sheet, end)?;
        let turn = Span::new(end, own.end.max(end).min(end + TURN));
        let done = stream.reads_back_any(at, DONE_WITH);
        let left = (done || stream.at(end) == '后') && says(stream, turn, LEFT_BEHIND_HAN);
        left.then_some(Count { value, span: Span::new(at, end), unit, planned: false })
    })
}

/// "the sixth and last course of R-CHOP": so many in all.
fn and_last(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    const BACK: usize = 40;
    let stream = &sheet.stream;
    let from = own.start.max(name.span.start.saturating_sub(BACK));
    (from..name.span.start).find_map(|at| {
        let (value, end) = ordinal_at(stream, at)?;
        let word = [" and last ", " and final "].iter().find(|word| stands(stream, end, word))?;
        let (unit_end, unit, _) = unit_after(sheet, skip_spaces(stream, end + word.len()))?;
        let glue = Span::new(unit_end.min(name.span.start), name.span.start);
        only_glue(stream.lower_text(glue)).then_some(Count {
            value,
            span: Span::new(at, unit_end),
            unit,
            planned: false,
        })
    })
}
