//! What a text says of a date, before it is known which day that is.

use super::weekday::Week;
use crate::stream::Span;
use cartulary_model::PartialDate;

/// Everything a stream says of dates.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sayings {
    pub(super) said: Vec<Said>,
    /// Mostly Chinese: `24.3.5` begins with the year.
    pub(super) chinese: bool,
}

/// One date as said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) span: Span,
    pub(super) when: When,
    pub(super) until: Option<When>,
    pub(super) season: bool,
}

impl Said {
    pub(super) fn new(start: usize, end: usize, when: When) -> Self {
        Self { span: Span::new(start, end), when, until: None, season: false }
    }
}

/// How a day, month or year is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Complete in itself.
    Full(PartialDate),
    /// Three numbers, the order open: `03/04/2023`, `12/11/10`, `24.3.5`.
    Numbers { of: [i32; 3], short_year: bool, sign: char },
    /// Two numbers, the order open and the year left out: `on 12/09`.
    Pair { of: [i32; 2] },
    /// The year left out: `11-20`, `14 April`, `in May`.
    Yearless { month: i8, day: Option<i8> },
    /// So many years from the one last told: `次年4月`, `2 Oct the following year`.
    YearsFromLast { years: i16, month: Option<i8>, day: Option<i8> },
    /// So many months from the one last told: `当月20日`, `次月`, a bare `8日`.
    MonthsFromLast { months: i32, day: Option<i8> },
    /// A day of the month last told, or of the paper's: "on the 29th", "planned for the 16th".
    DayOfMonth(i8),
    /// The day after the one last told: `次日`.
    NextDay,
    /// So many years from the document's: `去年12月`, `last year`.
    YearsFromPaper { years: i16, month: Option<i8>, day: Option<i8> },
    /// The last season that is over on the document's day, by its last month: `last spring`.
    LastSeason { ends: i8 },
    /// So many months from the document's: `上月20日`, `last month`, `3 months ago`.
    MonthsFromPaper { months: i32, day: Option<i8> },
    /// So many days from the document's; known to the day, or to the month (`last week`).
    DaysFromPaper { days: i32, to_the_day: bool },
    /// "on Tuesday", `下周三`.
    Weekday { day: i8, week: Week },
    /// So many days, weeks or months behind the one last told, known to the month: "3 months later", "5/12 later".
    LaterThanLast { days: i32, months: i32 },
    /// A day counted from day 0: `day +100`, `回输后28天`.
    DayCount(i32),
}

impl When {
    /// Whether it names a year itself.
    pub(super) fn names_year(self) -> bool {
        matches!(self, Self::Full(_) | Self::Numbers { .. })
    }

    /// Whether it names a day of a month.
    pub(super) fn names_day(self) -> bool {
        match self {
            Self::Full(date) => date.day().is_some(),
            Self::Numbers { .. }
            | Self::Pair { .. }
            | Self::NextDay
            | Self::DayCount(_)
            | Self::Weekday { .. }
            | Self::DayOfMonth(_) => true,
            Self::Yearless { day, .. }
            | Self::YearsFromLast { day, .. }
            | Self::MonthsFromLast { day, .. }
            | Self::YearsFromPaper { day, .. }
            | Self::MonthsFromPaper { day, .. } => day.is_some(),
            Self::LastSeason { .. } | Self::LaterThanLast { .. } => false,
            Self::DaysFromPaper { to_the_day, .. } => to_the_day,
        }
    }
}
