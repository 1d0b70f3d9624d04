//! "Relapsed 18 months after completing R-Benda in Sept 2020": the day behind is the treatment's, the relapse is later.

use super::Dated;
use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};
use cartulary_model::{
    PartialDate,
    fact::{Attr, AttrValue},
};

/// The day a clause names, or so long after it where it is the day of what the interval is counted from. A year alone
/// tells no month to count from.
pub(super) fn after(sheet: &Sheet<'_>, draft: &Draft, dated: (PartialDate, Span)) -> Dated {
    let (date, span) = dated;
    let between = Span::new(draft.span.end, span.start.max(draft.span.end));
    let counted = span.start >= draft.span.end
        && sheet
            .stream
            .words_in(draft.span.to(between), words![" after ", " from ", " post "])
            .next()
            .is_some();
    if !counted {
        return Some(dated);
    }
    let Some(AttrValue::Text(interval)) = draft.attrs.get(&Attr::Interval) else { return None };
    let (count, unit) = interval.split_once(' ')?;
    let count: i32 = count.parse().ok()?;
    let months = match unit {
        "mo" => count,
        "a" => 12 * count,
        _ => return None,
    };
    let total = i32::from(date.year()) * 12 + i32::from(date.month()?) - 1 + months;
    let year = i16::try_from(total.div_euclid(12)).ok()?;
    let month = i8::try_from(total.rem_euclid(12) + 1).ok()?;
    Some((PartialDate::from_month(year, month)?, span))
}
