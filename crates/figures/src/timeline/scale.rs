//! The axis of time: from days to pixels, and where its ticks stand.

use super::TimelineInput;
use cartulary_model::PartialDate;
use jiff::civil::{Date, date};

/// A linear axis of days.
pub(super) struct Scale {
    first: Date,
    days: f64,
    left: f64,
    width: f64,
}

/// A tick of the axis.
pub(super) struct Tick {
    pub(super) x: f64,
    /// The year at its first tick, the month at the others; nothing where the label would crowd.
    pub(super) label: String,
    pub(super) is_year: bool,
}

impl Scale {
    /// The axis that holds every dated thing of the drawing; nothing when nothing is dated.
    pub(super) fn of(view: &TimelineInput, left: f64, right: f64) -> Option<Self> {
        let dates: Vec<PartialDate> = view
            .marks
            .iter()
            .chain(view.rows.iter().flat_map(|row| &row.marks))
            .map(|mark| mark.when)
            .chain(view.rows.iter().flat_map(|row| [row.start, row.end]).flatten())
            .collect();
        let first = dates.iter().map(|date| date.earliest()).min()?;
        let mut last = dates.iter().map(|date| date.latest()).max()?;
        // The evaluation's own day belongs on the axis, unless it lies so late that it would squeeze the rest.
        if view.on.0 > last && days(last, view.on.0) <= (days(first, last) * 0.6).max(180.0) {
            last = view.on.0;
        }
        let span = days(first, last).max(120.0);
        let margin = span * 0.03;
        let first = first.saturating_sub(jiff::Span::new().days(margin as i64));
        Some(Self { first, days: span + 2.0 * margin, left, width: right - left })
    }

    /// Where a day stands.
    pub(super) fn x(&self, day: Date) -> f64 {
        self.left + days(self.first, day) / self.days * self.width
    }

    /// Whether a day lies on the axis.
    pub(super) fn holds(&self, day: Date) -> bool {
        (0.0..=self.days).contains(&days(self.first, day))
    }

    /// First and last place an event can stand.
    pub(super) fn interval(&self, when: PartialDate) -> (f64, f64) {
        (self.x(when.earliest()), self.x(when.latest()))
    }

    /// Ticks by month, quarter, year, five or ten years, whatever leaves them room.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let pixels_a_month = self.width / (self.days / 30.44);
        let step =
            [1, 3, 6, 12, 24, 60, 120].into_iter().find(|months| pixels_a_month * f64::from(*months) >= 34.0);
        let step = step.unwrap_or(240);
        let mut ticks = Vec::new();
        for year in self.first.year()..=2199 {
            if !self.holds(date(year, 1, 1)) && date(year, 1, 1) > self.first {
                break;
            }
            for month in 1..=12_i8 {
                let months = i32::from(year) * 12 + i32::from(month) - 1;
                let day = date(year, month, 1);
                if months % step == 0 && self.holds(day) {
                    let label = if month == 1 { year.to_string() } else { format!("{month:02}") };
                    ticks.push(Tick { x: self.x(day), label, is_year: month == 1 });
                }
            }
        }
        if let Some(first) = ticks.first_mut().filter(|tick| !tick.is_year) {
            // Without its year the first month would mean nothing.
            first.label = format!("{}-{}", self.first_tick_year(first.x), first.label);
        }
        ticks
    }

    fn first_tick_year(&self, x: f64) -> i16 {
        let days_in = ((x - self.left) / self.width * self.days).round() as i64;
        self.first.saturating_add(jiff::Span::new().days(days_in)).year()
    }
}

fn days(from: Date, to: Date) -> f64 {
    to.duration_since(from).as_hours() as f64 / 24.0
}
