//! What the system takes from the world: the time and randomness.
//!
//! Both are parameters everywhere. Only the binary hands in the machine's own; a test hands in a script, and a run can
//! be repeated exactly.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A point in time: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// It is stored and compared as the number, and shown in UTC with six digits: `2026-11-26T03:18:43.000000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// Wraps a number of microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970, rounded down; zero for earlier times, which no id can carry.
    pub fn millis(self) -> u64 {
        u64::try_from(self.0.div_euclid(1000)).unwrap_or(0)
    }

    /// The instant this many microseconds later (earlier if negative), held at the ends of the range.
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to here, never negative: a clock that was set back makes no time run backwards.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        let passed = self.0.saturating_sub(earlier.0);
        if passed < 0 { 0 } else { passed }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Timestamp::from_microsecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp:.6}"),
            Err(_) => write!(f, "{} us since 1970", self.0),
        }
    }
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Instant;
}

/// Gives randomness.
///
/// The binary's is the operating system's, which never fails once the machine has started. Keys and nonces are made of
/// it: a predictable one belongs in tests alone.
pub trait Entropy: Send {
    /// Fills all of `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

impl<E: Entropy + ?Sized> Entropy for &mut E {
    fn fill(&mut self, bytes: &mut [u8]) {
        (**self).fill(bytes);
    }
}

impl<E: Entropy + ?Sized> Entropy for Box<E> {
    fn fill(&mut self, bytes: &mut [u8]) {
        (**self).fill(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_in_utc_to_the_microsecond() {
        let shown = Instant::from_micros(1_700_611_200_000_001).to_string();
        assert_eq!(shown, "2023-11-22T00:00:00.000001Z");
        assert_eq!(Instant::from_micros(0).to_string(), "1970-01-01T00:00:00.000000Z");
        assert_eq!(Instant::from_micros(i64::MAX).to_string(), "9223372036854775807 us since 1970");
    }

    #[test]
    fn time_never_runs_backwards() {
        let (early, late) = (Instant::from_micros(5), Instant::from_micros(9));
        assert_eq!(late.micros_since(early), 4);
        assert_eq!(early.micros_since(late), 0);
        assert_eq!(Instant::from_micros(-1).millis(), 0);
        assert_eq!(Instant::from_micros(i64::MAX).plus_micros(1).micros(), i64::MAX);
    }
}
