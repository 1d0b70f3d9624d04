//! Periods in the calendar, with days that are only partly known.

use super::*;
use cartulary_model::PartialDate;
use jiff::civil::date;
use proptest::prelude::*;

fn interval(text: &str) -> DateInterval {
    text.parse::<PartialDate>().unwrap().interval()
}

fn read(text: &str) -> Result<Period, String> {
    let toml = format!("p = {text}");
    let mut log = Log::new("t.toml", &toml);
    let root = log.parse().unwrap();
    let mut fields = log.fields(&root);
    let period = fields.require("p", &mut log).and_then(|node| Period::read(node, &mut log));
    period.ok_or_else(|| log.problems.iter().map(ToString::to_string).collect())
}

fn period(count: i32, unit: PeriodUnit) -> Period {
    Period { count, unit }
}

#[test]
fn twelve_months_end_on_the_same_day_of_the_next_year() {
    let year = Period::months(12);
    assert_eq!(year.holds(interval("2024-02-29"), interval("2025-02-28")), Some(true));
    assert_eq!(year.holds(interval("2023-03-01"), interval("2024-03-01")), Some(true));
    assert_eq!(year.holds(interval("2023-03-01"), interval("2024-03-02")), Some(false));
}

#[test]
fn partial_dates_answer_only_when_every_day_does() {
    let year = Period::months(12);
    assert_eq!(year.holds(interval("2023-03"), interval("2024-02")), Some(true));
    assert_eq!(year.holds(interval("2023-03"), interval("2024-03")), None);
    assert_eq!(year.holds(interval("2023"), interval("2025-02")), Some(false));
    // The last day of the month it may have begun on is just within the year.
    assert_eq!(year.holds(interval("2023-03"), interval("2024-03-31")), None);
    assert_eq!(year.holds(interval("2023-03"), interval("2024-04-01")), Some(false));
}

#[test]
fn each_unit_is_its_own() {
    let day = date(2026, 1, 31);
    let cases = [
        ("\"14 d\"", PeriodUnit::Day, date(2026, 2, 14), date(2026, 1, 17), 0.46, "14 days", "14天"),
        ("\"6 wk\"", PeriodUnit::Week, date(2026, 3, 14), date(2025, 12, 20), 1.38, "6 weeks", "6周"),
        ("\"1 mo\"", PeriodUnit::Month, date(2026, 2, 28), date(2025, 12, 31), 1.0, "1 month", "1个月"),
        ("\"2 a\"", PeriodUnit::Year, date(2028, 1, 31), date(2024, 1, 31), 24.0, "2 years", "2年"),
    ];
    for (written, unit, after, before, months, en, zh) in cases {
        let of = read(written).unwrap();
        assert_eq!(of.unit, unit, "{written}");
        assert_eq!((of.after(day), of.before(day)), (after, before), "{written}");
        assert!((of.in_months() - months).abs() < 0.005, "{written}: {}", of.in_months());
        assert_eq!((of.text(), of.to_string()), (Text::new(en, zh), en.to_owned()));
    }
}

#[test]
fn what_is_no_period_says_what_one_is() {
    for text in ["\"14\"", "\"14 days\"", "\"0 d\"", "\"1000 d\"", "\"-3 d\"", "\"x d\"", "\"\""] {
        let problem = read(text).unwrap_err();
        assert!(problem.contains("is no period; expected a number and d, wk, mo or a"), "{text}: {problem}");
    }
    assert!(read("14").unwrap_err().contains("expected a text, found a number"));
    assert_eq!(read("\"999 d\"").unwrap(), period(999, PeriodUnit::Day));
}

#[test]
fn a_period_can_be_made_longer_and_shorter_by_months() {
    let year = Period::months(12);
    assert_eq!(year.with_months(date(2024, 3, 31), 6), date(2025, 9, 30));
    assert_eq!(year.with_months(date(2024, 3, 31), -6), date(2024, 9, 30));
}

#[test]
fn the_calendar_ends_where_it_ends() {
    assert_eq!(Period::months(12).after(Date::MAX), Date::MAX);
    assert_eq!(Period::months(6).with_months(Date::MAX, 6), Date::MAX);
}

fn day() -> impl Strategy<Value = Date> {
    (2015i16..2030, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn any_period() -> impl Strategy<Value = Period> {
    let units = vec![PeriodUnit::Day, PeriodUnit::Week, PeriodUnit::Month, PeriodUnit::Year];
    (1i32..40, prop::sample::select(units)).prop_map(|(count, unit)| period(count, unit))
}

fn around(earliest: Date, days: i64) -> DateInterval {
    DateInterval { earliest, latest: earliest.checked_add(days.days()).unwrap() }
}

proptest! {
    /// An answer on intervals is the answer on every pair of days in them, at their ends and inside.
    #[test]
    fn intervals_answer_only_when_every_day_does(
        of in any_period(), from in day(), event in day(), widths in (0i64..400, 0i64..400), at in (0i64..400, 0i64..400),
    ) {
        let whole = of.holds(around(from, widths.0), around(event, widths.1));
        let inside = |start: Date, width: i64, at: i64| {
            around(start.checked_add((at % (width + 1)).days()).unwrap(), 0)
        };
        let one = of.holds(inside(from, widths.0, at.0), inside(event, widths.1, at.1));
        prop_assert!(one.is_some(), "two known days always answer");
        prop_assert!(whole.is_none() || whole == one);
    }

    /// Later events are not sooner: the answer turns once.
    #[test]
    fn a_later_event_is_never_within_when_an_earlier_one_is_not(
        of in any_period(), from in day(), event in day(), later in 0i64..400,
    ) {
        let event = around(event, 0);
        let after = around(event.earliest.checked_add(later.days()).unwrap(), 0);
        let (first, second) = (of.holds(around(from, 0), event), of.holds(around(from, 0), after));
        prop_assert!(first == Some(true) || second == Some(false));
    }

    #[test]
    fn before_undoes_after_up_to_the_length_of_a_month(of in any_period(), day in day()) {
        let back = of.before(of.after(day));
        prop_assert!(back <= day && day.until(back).unwrap().get_days() >= -3);
    }
}
