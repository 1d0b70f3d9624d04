//! "Relapsed 18 months after completing R-Benda in Sept 2020": the day behind is the treatment's, the relapse is later.

use super::Dated;
use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};
use cartulary_model::{
    PartialDate,
    fact::{Attr, AttrValue},
};

/// The day a clause names; or so long after it where it hangs on the treatment that the interval is counted from; or nothing
/// where it is not said whose day it is. A year alone tells no month to count from.
pub(super) fn after(sheet: &Sheet<'_>, draft: &Draft, dated: (PartialDate, Span)) -> Dated {
    let (date, span) = dated;
    let between = Span::new(draft.span.end, span.start.max(draft.span.end));
    let told = draft.span.to(between);
    let counted = span.start >= draft.span.end
        && sheet.stream.words_in(told, words![" after ", " from ", " post "]).next().is_some();
    // "relapse 10 months after CAR-T, confirmed by biopsy in May 2023": the day of the biopsy is the relapse's.
    let found = words!["confirmed", "proven", "detected", "found", "diagnosed", "seen"];
    let shown = sheet.stream.words_in(between, found).next().is_some()
        || sheet.candidates_in(between).iter().any(|of| of.hit.concept.is("test"));
    if !counted || shown {
        return Some(dated);
    }
    let treated = |of: &Span| !sheet.stream.lower_text(Span::new(of.end, span.start)).contains([',', ';']);
    let mut names = sheet.candidates_in(between).iter().map(|of| &of.hit);
    if !names.any(|of| matches!(of.concept.kind(), "reg" | "drug" | "event") && treated(&of.span)) {
        return None;
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
