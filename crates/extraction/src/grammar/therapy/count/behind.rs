//! Counts that stand behind more than the name: behind the bracket of its drugs, behind a dose, at the end of the story.

use super::{Count, Territory, fits, list_of, times, unit_after};
use crate::{
    grammar::therapy::{
        name::Name,
        words::{count_at, skip_spaces},
    },
    number,
    sheet::Sheet,
    stream::Span,
    words::words,
};

/// `R-DHAP(顺铂、阿糖胞苷、地塞米松)×2`, "(R-DHAP) x2": the count behind the bracket that lists the drugs or holds the name.
pub(super) fn behind_bracket(sheet: &Sheet<'_>, name: &Name) -> Option<Count> {
    let stream = &sheet.stream;
    if let Some(list) = list_of(sheet, name) {
        return times(sheet, list.end);
    }
    let held = name.span.start > 0
        && stream.at(name.span.start - 1) == '('
        && stream.at(name.span.end) == ')'
        && name.concept.is("reg");
    held.then(|| times(sheet, name.span.end + 1)).flatten()
}

/// `托珠单抗480mg×2次`: the dose between the drug and how often it was given.
pub(super) fn behind_dose(sheet: &Sheet<'_>, begin: usize) -> usize {
    let stream = &sheet.stream;
    let Some(dose) = number::number_at(stream, begin) else { return begin };
    let unit = skip_spaces(stream, dose.span.end);
    let Some(word) = stream.words_at(unit, words!["mg", "g", "mg/kg", "mg/m2"]).next_back() else {
        return begin;
    };
    let end = skip_spaces(stream, word.end());
    let counted = matches!(stream.at(end), 'x' | 'X' | '*') && {
        let number = number::number_behind(stream, skip_spaces(stream, end + 1));
        number.is_some_and(|of| stream.reads_any(skip_spaces(stream, of.span.end), words!["次", "剂"]))
    };
    if counted { end } else { begin }
}

/// `第4程因感染推迟,实际共完成8程`: the sum at the end of what is told of the course.
pub(in crate::grammar::therapy) fn completed_in_all(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
) -> Option<Count> {
    let stream = &sheet.stream;
    let until = own.end.min(name.span.end + 60);
    let sums = words!["实际共完成", "共完成", "实际完成", "总共完成", "共行"];
    let sum = stream.words_beginning(Span::new(name.span.end, until), sums).next()?;
    let from = skip_spaces(stream, stream.words_at(sum.start(), sums).next_back()?.end());
    let (value, end) = count_at(stream, from).filter(|(value, end)| fits(*value) && *end <= own.end)?;
    let (end, unit, _) = unit_after(sheet, end)?;
    Some(Count { value, span: Span::new(from, end), unit, planned: false })
}
