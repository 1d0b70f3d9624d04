//! Numbers in the row of an analyte that are none of its values: days, cycles, times, tolerances, the figures of a unit.

use super::row::day_with_value;
use crate::{
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::lab::{COUNTER_AFTER, COUNTER_BEFORE},
};

/// `day 6`, `D7`, `第3`, "cycle 2", `4程`, `2U`, "3 weeks": a number that counts something else.
pub(super) fn is_counter(sheet: &Sheet<'_>, span: Span) -> bool {
    let before = sheet.stream.lower_text(Span::new(span.start.saturating_sub(6), span.start));
    let after = sheet.stream.lower_text(sheet.within(Span::new(span.end, span.end + 6)));
    let after = after.trim_start();
    let counted = |word: &str| {
        before
            .trim_end()
            .strip_suffix(word)
            .is_some_and(|rest| !rest.ends_with(|of: char| of.is_ascii_alphabetic()))
    };
    is_of_day(sheet, span)
        || is_times(sheet, span.start)
        || is_tolerance(sheet, span.start)
        || is_of_unit(sheet, span)
        || COUNTER_BEFORE.iter().any(|word| counted(word))
        || sheet.stream.text_begins(after, COUNTER_AFTER)
}

/// The 10 of `10^9/L` wherever it stands, the 1.73 of `mL/min/1.73 m2`.
fn is_of_unit(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    let power = stream.at(span.end) == '^' && stream.text(span) == "10";
    let area = stream.text(span) == "1.73" && span.start > 0 && stream.at(span.start - 1) == '/';
    power || area
}

/// `LVEF 55 ± 5%`: how far a value may be off is none.
fn is_tolerance(sheet: &Sheet<'_>, at: usize) -> bool {
    let stream = &sheet.stream;
    let sign = at.checked_sub(1 + usize::from(at > 0 && matches!(stream.at(at - 1), ' ' | BREAK)));
    sign.is_some_and(|of| stream.at(of) == '±')
}

/// `输注×3`: so many times, where no number stands before the sign.
fn is_times(sheet: &Sheet<'_>, at: usize) -> bool {
    let stream = &sheet.stream;
    let back = |at: usize| at - usize::from(at > 0 && stream.at(at - 1) == ' ');
    let sign = back(at).checked_sub(1).filter(|of| matches!(stream.at(*of), 'x' | '×' | '*'));
    let before = sign.and_then(|of| back(of).checked_sub(1)).map(|of| stream.at(of));
    before.is_some_and(crate::stream::is_han)
}

/// `12/01 612 H`: a number of a day that stands before its value, the year left out.
fn is_of_day(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    let first = stream.at(span.end) == '/' && day_with_value(sheet, span.start).is_some();
    let second = span.start > 1
        && stream.at(span.start - 1) == '/'
        && (1..=2).any(|length| {
            span.start > length
                && day_with_value(sheet, span.start - 1 - length).is_some_and(|of| of == span.end)
        });
    first || second
}
