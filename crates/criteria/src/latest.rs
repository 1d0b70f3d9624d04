//! The latest of several dated values, when dates are partial: all that *could* be the latest.

use cartulary_model::PartialDate;
use jiff::civil::Date;

/// The values that could be the latest known on a day. What lies after that day is not known yet; an undated value
/// could always be the latest.
pub(crate) fn latest<T>(
    values: &[T],
    date: impl Fn(&T) -> Option<PartialDate>,
    on: Date,
) -> impl Iterator<Item = &T> {
    let day = move |value: &T| date(value).map(PartialDate::interval);
    let newest = values
        .iter()
        .filter_map(&day)
        .filter(|interval| interval.earliest <= on)
        .map(|interval| interval.earliest)
        .max();
    values.iter().filter(move |value| match (day(value), newest) {
        (None, _) => true,
        (Some(interval), Some(newest)) => interval.latest >= newest && interval.earliest <= on,
        (Some(_), None) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn could_be_latest(dates: &[Option<&str>]) -> Vec<usize> {
        let values: Vec<(usize, Option<PartialDate>)> =
            dates.iter().map(|date| date.map(|date| date.parse().unwrap())).enumerate().collect();
        latest(&values, |value| value.1, jiff::civil::date(2026, 6, 30)).map(|value| value.0).collect()
    }

    #[test]
    fn a_month_may_be_later_than_a_day_in_it() {
        assert_eq!(could_be_latest(&[Some("2026-05-01"), Some("2026-06"), Some("2026-06-20")]), [1, 2]);
    }

    #[test]
    fn of_two_values_of_one_day_both_are_the_latest() {
        assert_eq!(could_be_latest(&[Some("2026-06-20"), Some("2026-06-20"), Some("2026-06-19")]), [0, 1]);
    }

    #[test]
    fn a_value_of_the_day_itself_is_known() {
        assert_eq!(could_be_latest(&[Some("2026-06-30"), Some("2026-06-29")]), [0]);
        assert_eq!(could_be_latest(&[Some("2026-07-01")]), [0; 0]);
    }

    #[test]
    fn an_undated_value_could_always_be_the_latest_and_the_future_is_not_known() {
        assert_eq!(could_be_latest(&[Some("2026-05-01"), None, Some("2026-07-01")]), [0, 1]);
    }
}
