//! Dates in a document: both languages, partial, ranges, years carried over, relative to the document's own date.
//!
//! The stream is read once for what is *said* (`said`, `scan`, `english`, `chinese`, `numeric`); what is said
//! becomes a date when the document's own date and the order of its numbers are known (`reckon`). A document whose
//! own date is found among its dates is reckoned twice and read once.
//!
//! ## Never
//! An order of day and month that nothing proves is not guessed: such a date keeps its year only. A relative date
//! without the document's date is no date.

mod chinese;
mod english;
mod later;
mod numeric;
mod reckon;
mod said;
mod scan;
#[cfg(test)]
mod tests;
mod weekday;
mod words;

pub(crate) use numeric::Order;
pub(crate) use said::Sayings;

use crate::stream::{Span, Stream};
use cartulary_model::PartialDate;
use jiff::ToSpan as _;

/// A date that stands in the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DateMention {
    pub(crate) span: Span,
    pub(crate) date: PartialDate,
    /// The second end of a range, `2022-06-01~2022-10-20`.
    pub(crate) until: Option<PartialDate>,
    /// Said as a season.
    pub(crate) season: bool,
    /// Reckoned from the document's date ("3 months ago") or from day 0 ("day +100").
    pub(crate) relative: bool,
    /// How many days after day 0, where it was counted so: it dates its own clause and nothing else.
    pub(crate) counted: Option<i32>,
}

impl DateMention {
    /// The day of the infusion that a day counts from.
    pub(crate) fn day_zero(&self) -> Option<PartialDate> {
        self.date.day()?;
        self.date.earliest().checked_sub(self.counted?.days()).ok().map(PartialDate::from)
    }
}

/// What the stream says of dates, in order.
pub(crate) fn read(stream: &Stream) -> Sayings {
    scan::sayings(stream)
}

/// The order that some date of the stream proves: a number above 12 is a day.
pub(crate) fn numeric_order(stream: &Stream) -> Option<Order> {
    numeric::proved(&read(stream).said)
}
