//! Partial dates: what a paper says of a day, kept as precise as it was said.
//!
//! "2021" is not the first of January: it is the interval from the first to the last day of that year,
//! and a comparison answers only when every day of the interval gives the same answer.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{borrow::Cow, fmt, str::FromStr};

/// A year, a month or a day, as precise as known. Written `2021`, `2021-03` or `2021-03-05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

/// A text that is not a partial date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date: expected YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct NotADate(String);

impl PartialDate {
    /// A date of which only the year is known. Years outside 1900-2199 are not dates of a patient's papers.
    pub fn from_year(year: i16) -> Option<Self> {
        (1900..2200).contains(&year).then_some(Self { year, month: None, day: None })
    }

    /// A date of which year and month are known.
    pub fn from_month(year: i16, month: i8) -> Option<Self> {
        let whole_year = Self::from_year(year)?;
        (1..=12).contains(&month).then_some(Self { month: Some(month), ..whole_year })
    }

    /// A date known to the day; `None` when there is no such day.
    pub fn from_day(year: i16, month: i8, day: i8) -> Option<Self> {
        let whole_month = Self::from_month(year, month)?;
        Date::new(year, month, day).ok()?;
        Some(Self { day: Some(day), ..whole_month })
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, if known.
    pub fn month(self) -> Option<i8> {
        self.month
    }

    /// The day of the month, if known.
    pub fn day(self) -> Option<i8> {
        self.day
    }

    /// The first day it can be.
    pub fn earliest(self) -> Date {
        jiff::civil::date(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day it can be.
    pub fn latest(self) -> Date {
        match (self.month, self.day) {
            (Some(month), Some(day)) => jiff::civil::date(self.year, month, day),
            (Some(month), None) => jiff::civil::date(self.year, month, 1).last_of_month(),
            (None, _) => jiff::civil::date(self.year, 12, 31),
        }
    }

    /// All days it can be.
    pub fn interval(self) -> DateInterval {
        DateInterval { earliest: self.earliest(), latest: self.latest() }
    }

    /// Whether the two can be one and the same day, as "2021-03" and "2021-03-05".
    pub fn may_equal(self, other: Self) -> bool {
        self.interval().overlaps(other.interval())
    }

    /// How much is known: 1 the year, 2 the month, 3 the day.
    pub fn precision(self) -> u8 {
        1 + u8::from(self.month.is_some()) + u8::from(self.day.is_some())
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let parts: Option<Vec<i16>> = text.split('-').map(|part| part.parse().ok()).collect();
        let date = match parts.as_deref() {
            Some([year]) => Self::from_year(*year),
            Some([year, month]) => i8::try_from(*month).ok().and_then(|m| Self::from_month(*year, m)),
            Some([year, month, day]) => i8::try_from(*month)
                .ok()
                .zip(i8::try_from(*day).ok())
                .and_then(|(month, day)| Self::from_day(*year, month, day)),
            _ => None,
        };
        date.ok_or_else(|| NotADate(text.to_owned()))
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for PartialDate {
    fn schema_name() -> Cow<'static, str> {
        "PartialDate".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
            "description": "A year, a month or a day, as precise as known."
        })
    }
}

/// All the days an event may have happened on, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateInterval {
    /// The first possible day.
    pub earliest: Date,
    /// The last possible day.
    pub latest: Date,
}

impl DateInterval {
    /// Whether some day lies in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.earliest <= other.latest && other.earliest <= self.latest
    }

    /// `Some(true)` if every possible day is before `other`'s, `Some(false)` if none is, `None` if it depends.
    pub fn before(self, other: Self) -> Option<bool> {
        if self.latest < other.earliest {
            Some(true)
        } else if self.earliest >= other.latest {
            Some(false)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_is_every_day_of_it() {
        assert_eq!(date("2020").latest(), jiff::civil::date(2020, 12, 31));
        assert_eq!(date("2020-02").latest(), jiff::civil::date(2020, 2, 29));
        assert!(date("2020").may_equal(date("2020-02-29")));
        assert!(!date("2020-03").may_equal(date("2020-02-29")));
    }

    #[test]
    fn impossible_days_are_refused() {
        for text in ["2021-02-30", "2021-13", "21", "0021", "2021-1-1-1", "", "2021-"] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn order_is_unknown_when_intervals_overlap() {
        assert_eq!(date("2020").interval().before(date("2021").interval()), Some(true));
        assert_eq!(date("2021").interval().before(date("2020-05").interval()), Some(false));
        assert_eq!(date("2021").interval().before(date("2021-05").interval()), None);
    }

    proptest! {
        #[test]
        fn text_and_back_is_the_same_date(year in 1900i16..2200, month in 1i8..=12, day in 1i8..=28, precision in 0..3) {
            let written = match precision {
                0 => PartialDate::from_year(year),
                1 => PartialDate::from_month(year, month),
                _ => PartialDate::from_day(year, month, day),
            }.unwrap();
            prop_assert_eq!(date(&written.to_string()), written);
            prop_assert!(written.earliest() <= written.latest());
        }
    }
}
