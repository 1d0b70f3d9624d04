//! The clock of the first answer: from the arrival of the papers to the first word of the department, in working time of
//! the site. Pure: hours and times in, standing out.
//!
//! The article of which this programme came says *"will contact you as soon as it receives the reports"*; the site says how
//! soon that is. Nights, weekends and holidays do not count, and neither does the time in which the patient is waited for.

use cartulary_model::Instant;
use jiff::{
    Timestamp, ToSpan as _, Zoned,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use std::collections::BTreeSet;

/// When the department works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The site's time zone.
    pub zone: TimeZone,
    /// The days of the week on which it works.
    pub days: BTreeSet<i8>,
    /// From.
    pub from: Time,
    /// To, on the same day.
    pub to: Time,
    /// Days on which it does not work all the same.
    pub holidays: BTreeSet<Date>,
    /// Seconds of working time within which the first answer is promised.
    pub promise_s: i64,
}

/// How the first answer of a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody answered yet: seconds of working time that are left, negative when it is late, and when it is or was due.
    Waiting {
        /// Seconds of working time.
        left_s: i64,
        /// When it is due.
        due: Instant,
    },
    /// The patient is waited for.
    Paused,
    /// It was answered after so many seconds of working time.
    Answered {
        /// Seconds of working time from arrival to answer.
        after_s: i64,
        /// Within what was promised.
        in_time: bool,
    },
}

/// Days looked at for one answer at most: two years and a half of them would be lost, not late.
const DAYS: usize = 900;

impl Hours {
    /// Monday to Friday from 9 to 17 in UTC, and two days of work for an answer.
    pub fn plain() -> Self {
        Self {
            zone: TimeZone::UTC,
            days: (1..=5).collect(),
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(17, 0, 0, 0),
            holidays: BTreeSet::new(),
            promise_s: 16 * 3_600,
        }
    }

    /// How the first answer stands.
    pub fn standing(
        &self,
        opened_at: Instant,
        contact_at: Option<Instant>,
        asked_at: Option<Instant>,
        now: Instant,
    ) -> Standing {
        match (contact_at, asked_at) {
            (_, Some(_)) => Standing::Paused,
            (Some(contact), None) => {
                let after_s = self.working_s(opened_at, contact);
                Standing::Answered { after_s, in_time: after_s <= self.promise_s }
            }
            (None, None) => {
                let left_s = self.promise_s - self.working_s(opened_at, now);
                Standing::Waiting { left_s, due: self.after(opened_at, self.promise_s) }
            }
        }
    }

    /// Seconds of working time between two instants; 0 when the second is earlier.
    pub fn working_s(&self, from: Instant, to: Instant) -> i64 {
        let (from, to) = (self.zoned(from), self.zoned(to));
        let mut sum = 0;
        for (open, close) in self.spans(&from) {
            if open >= to {
                break;
            }
            let (begin, end) =
                (if open > from { &open } else { &from }, if close < to { &close } else { &to });
            sum += (end.timestamp().as_second() - begin.timestamp().as_second()).max(0);
        }
        sum
    }

    /// The instant after so many seconds of working time.
    pub fn after(&self, from: Instant, seconds: i64) -> Instant {
        let begin = self.zoned(from);
        let mut left = seconds;
        for (open, close) in self.spans(&begin) {
            let start =
                if open > begin { open.timestamp().as_second() } else { begin.timestamp().as_second() };
            let room = (close.timestamp().as_second() - start).max(0);
            if left <= room {
                return Instant::from_micros((start + left) * 1_000_000);
            }
            left -= room;
        }
        from.plus_micros(seconds.saturating_mul(1_000_000))
    }

    /// Working spans from the day of `from` on.
    fn spans<'a>(&'a self, from: &Zoned) -> impl Iterator<Item = (Zoned, Zoned)> + 'a {
        let first = from.date();
        let days = std::iter::successors(Some(first), |day| day.checked_add(1.day()).ok()).take(DAYS);
        days.filter(|day| self.works(*day)).filter_map(|day| {
            let at = |time: Time| day.to_datetime(time).to_zoned(self.zone.clone()).ok();
            Some((at(self.from)?, at(self.to)?))
        })
    }

    fn works(&self, day: Date) -> bool {
        self.days.contains(&Weekday::to_monday_one_offset(day.weekday())) && !self.holidays.contains(&day)
    }

    fn zoned(&self, at: Instant) -> Zoned {
        Timestamp::from_microsecond(at.micros()).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::from_micros(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    /// Shanghai is eight hours ahead: 9 to 17 there is 1 to 9 UTC.
    fn shanghai() -> Hours {
        Hours {
            zone: TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8))),
            holidays: BTreeSet::from(["2026-10-01".parse().unwrap()]),
            promise_s: 8 * 3_600,
            ..Hours::plain()
        }
    }

    #[test]
    fn nights_weekends_and_holidays_do_not_count() {
        let hours = shanghai();
        // Friday 16:00 to Monday 10:00 there.
        assert_eq!(hours.working_s(at("2026-11-20T08:00:00Z"), at("2026-11-23T02:00:00Z")), 2 * 3_600);
        // All of a Sunday.
        assert_eq!(hours.working_s(at("2026-11-22T00:00:00Z"), at("2026-11-22T23:00:00Z")), 0);
        // Wednesday evening over the holiday to Friday noon.
        assert_eq!(hours.working_s(at("2026-09-30T10:00:00Z"), at("2026-10-02T04:00:00Z")), 3 * 3_600);
        assert_eq!(hours.working_s(at("2026-11-23T02:00:00Z"), at("2026-11-20T08:00:00Z")), 0);
    }

    #[test]
    fn what_is_due_is_due_after_the_promised_work() {
        let hours = shanghai();
        assert_eq!(hours.after(at("2026-11-20T08:00:00Z"), 8 * 3_600), at("2026-11-23T08:00:00Z"));
        let standing = hours.standing(at("2026-11-20T08:00:00Z"), None, None, at("2026-11-23T02:00:00Z"));
        assert_eq!(standing, Standing::Waiting { left_s: 6 * 3_600, due: at("2026-11-23T08:00:00Z") });
    }

    #[test]
    fn an_answer_and_a_question_stop_the_clock() {
        let hours = shanghai();
        let opened = at("2026-11-23T01:00:00Z");
        let answered =
            hours.standing(opened, Some(at("2026-11-23T03:00:00Z")), None, at("2026-12-01T00:00:00Z"));
        assert_eq!(answered, Standing::Answered { after_s: 2 * 3_600, in_time: true });
        let late = hours.standing(opened, Some(at("2026-11-24T03:00:00Z")), None, at("2026-12-01T00:00:00Z"));
        assert_eq!(late, Standing::Answered { after_s: 10 * 3_600, in_time: false });
        let asked = hours.standing(opened, None, Some(opened), at("2026-12-01T00:00:00Z"));
        assert_eq!(asked, Standing::Paused);
    }

    /// Working time is additive, whatever the hour, and `after` undoes `working_s`.
    #[test]
    fn working_time_adds_up() {
        let hours = shanghai();
        let from = at("2026-09-28T00:00:00Z");
        for hour in 0..200 {
            let middle = from.plus_micros(hour * 3_600_000_000);
            let end = at("2026-10-08T00:00:00Z");
            let both = hours.working_s(from, middle) + hours.working_s(middle, end);
            assert_eq!(both, hours.working_s(from, end), "{hour}");
            let seconds = hour * 600 + 1;
            assert_eq!(hours.working_s(from, hours.after(from, seconds)), seconds);
        }
    }
}
