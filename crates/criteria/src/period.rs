//! Periods in calendar units. Twelve months are twelve calendar months, never 365 days.

use crate::document::{Log, Node};
use cartulary_model::{DateInterval, Text};
use jiff::{ToSpan, civil::Date};
use std::fmt;

/// A number of days, weeks, months or years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    count: i32,
    unit: PeriodUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PeriodUnit {
    Day,
    Week,
    Month,
    Year,
}

impl Period {
    /// Calendar months.
    pub(crate) const fn months(count: i32) -> Self {
        Self { count, unit: PeriodUnit::Month }
    }

    /// Reads `14 d`, `6 wk`, `12 mo`, `2 a` (UCUM).
    pub(crate) fn read(node: &Node, log: &mut Log<'_>) -> Option<Self> {
        let text = log.text(node)?;
        let parsed = text.split_once(' ').and_then(|(count, unit)| {
            let unit = match unit {
                "d" => PeriodUnit::Day,
                "wk" => PeriodUnit::Week,
                "mo" => PeriodUnit::Month,
                "a" => PeriodUnit::Year,
                _ => return None,
            };
            let count = count.parse().ok().filter(|count| (1..1000).contains(count))?;
            Some(Self { count, unit })
        });
        if parsed.is_none() {
            log.problem(
                node.at,
                format!("`{text}` is no period; expected a number and d, wk, mo or a, as in \"12 mo\""),
            );
        }
        parsed
    }

    /// The day so much later; the last day of the month where the calendar has no such day.
    pub(crate) fn after(self, day: Date) -> Date {
        let span = match self.unit {
            PeriodUnit::Day => self.count.days(),
            PeriodUnit::Week => self.count.weeks(),
            PeriodUnit::Month => self.count.months(),
            PeriodUnit::Year => self.count.years(),
        };
        day.checked_add(span).unwrap_or(Date::MAX)
    }

    /// The day so much earlier.
    pub(crate) fn before(self, day: Date) -> Date {
        Self { count: -self.count, unit: self.unit }.after(day)
    }

    /// Whether an event happened no later than so much after another one: all, none or some of the possible days.
    pub(crate) fn holds(self, from: DateInterval, event: DateInterval) -> Option<bool> {
        if event.latest <= self.after(from.earliest) {
            Some(true)
        } else if event.earliest > self.after(from.latest) {
            Some(false)
        } else {
            None
        }
    }

    /// In months, for a span that a paper states as a number of months.
    pub(crate) fn in_months(self) -> f64 {
        let count = f64::from(self.count);
        match self.unit {
            PeriodUnit::Day => count / 30.44,
            PeriodUnit::Week => count * 7.0 / 30.44,
            PeriodUnit::Month => count,
            PeriodUnit::Year => count * 12.0,
        }
    }

    /// This much and `months` more (or fewer).
    pub(crate) fn with_months(self, from: Date, months: i32) -> Date {
        let end = self.after(from);
        end.checked_add(months.months()).unwrap_or(end)
    }

    /// In words.
    pub(crate) fn text(self) -> Text {
        let (one, many, zh) = match self.unit {
            PeriodUnit::Day => ("day", "days", "天"),
            PeriodUnit::Week => ("week", "weeks", "周"),
            PeriodUnit::Month => ("month", "months", "个月"),
            PeriodUnit::Year => ("year", "years", "年"),
        };
        let unit = if self.count == 1 { one } else { many };
        Text::new(format!("{} {unit}", self.count), format!("{}{zh}", self.count))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

#[cfg(test)]
mod tests;
