//! Dates in numbers, `14/02/2022`: which of the numbers is the day.

use super::words::digits;
use crate::stream::Stream;

/// Whether `03/04/2023` is the third of April or the fourth of March.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Day, month, year.
    DayFirst,
    /// Month, day, year.
    MonthFirst,
}

/// The order that some date of the document proves: a number above 12 is a day.
pub(crate) fn numeric_order(stream: &Stream) -> Option<Order> {
    let mut order = None;
    for at in 0..stream.len() {
        let Some((first, second, _, _)) = slashed(stream, at) else { continue };
        let proved = match (first > 12, second > 12) {
            (true, false) => Order::DayFirst,
            (false, true) => Order::MonthFirst,
            _ => continue,
        };
        match order {
            None => order = Some(proved),
            Some(known) if known == proved => {}
            // A document that proves both proves neither.
            Some(_) => return None,
        }
    }
    order
}

/// `a/b/yyyy` at a place: both numbers, the year, the end.
pub(super) fn slashed(stream: &Stream, at: usize) -> Option<(i32, i32, i32, usize)> {
    let before = at.checked_sub(1).map_or(' ', |of| stream.at(of));
    if before.is_ascii_digit() || before == '/' || !stream.at(at).is_ascii_digit() {
        return None;
    }
    let (first, end) = digits(stream, at, 2)?;
    let sign = stream.at(end);
    if !matches!(sign, '/' | '-' | '.') {
        return None;
    }
    let (second, second_end) = digits(stream, end + 1, 2)?;
    if stream.at(second_end) != sign {
        return None;
    }
    let (year, year_end) = digits(stream, second_end + 1, 4)?;
    let whole = year_end - second_end - 1 == 4 && !stream.at(year_end).is_ascii_digit();
    (whole && (1900..2200).contains(&year)).then_some((first, second, year, year_end))
}
