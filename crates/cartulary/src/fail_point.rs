//! Stops this process dead at a named point of its work, for the fault drivers in `tests/faults`.
//!
//! `CARTULARY_FAIL_POINT=NAME:TIME` kills it when it passes the point for that time, the first being 1, as `kill -9` would;
//! with `:stop` behind it is stopped there until it gets SIGCONT. Only in builds with debug assertions: a release has not
//! got this module, so nobody's environment can stop it.

use cartulary_ledger::failpoint;
use rustix::process::{Signal, getpid, kill_process};
use std::process::exit;

const VARIABLE: &str = "CARTULARY_FAIL_POINT";

/// Arms the point that is asked for. One that is not there ends the process: a test of nothing must not pass.
pub(crate) fn arm() {
    let Ok(asked) = std::env::var(VARIABLE) else { return };
    let mut parts = asked.split(':');
    let (point, time) = (parts.next().unwrap_or_default(), parts.next().unwrap_or("1"));
    let then = match parts.next() {
        None => kill,
        Some("stop") => stop,
        Some(_) => refuse(&asked),
    };
    let is_known = failpoint::POINTS.contains(&point) || cartulary_casework::FAIL_POINTS.contains(&point);
    match time.parse() {
        Ok(time) if is_known => failpoint::arm_with(point, time, then),
        _ => refuse(&asked),
    }
}

fn kill() {
    let _ = kill_process(getpid(), Signal::KILL);
    // The signal is on its way: nothing more is to be done.
    std::process::abort();
}

fn stop() {
    let _ = kill_process(getpid(), Signal::STOP);
}

fn refuse(asked: &str) -> ! {
    crate::console::say(&format!("cartulary: {VARIABLE}: there is no point `{asked}`"));
    exit(2)
}
