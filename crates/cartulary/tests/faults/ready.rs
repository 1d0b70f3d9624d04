//! How soon a register is ready again. Printed, never asserted: the machine has other work.

use crate::desk::Desk;
use std::time::{Duration, Instant};

/// Times until a first answer.
#[derive(Default)]
pub(crate) struct Ready(Vec<Duration>);

impl Ready {
    /// Times a command that opens the register and lists; it must answer.
    pub(crate) fn ask(&mut self, desk: &Desk) {
        self.since(Instant::now(), desk);
    }

    /// The same, counted from a moment before.
    pub(crate) fn since(&mut self, begun: Instant, desk: &Desk) {
        desk.good(&["case", "list", "--limit", "1", "--json"]);
        self.0.push(begun.elapsed());
    }

    pub(crate) fn tell(&mut self) -> String {
        self.0.sort();
        match self.0.as_slice() {
            [] => "never asked".to_owned(),
            all => format!(
                "ready again in {:.2} s, at most {:.2} s",
                all[all.len() / 2].as_secs_f64(),
                all[all.len() - 1].as_secs_f64()
            ),
        }
    }
}
