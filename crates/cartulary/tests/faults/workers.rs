//! Several workers on one backlog: one is killed, one sleeps longer than its claim holds, and nothing has two effects.

use crate::{
    desk::{Desk, Engine, is_full, many},
    papers::{Clerk, plan},
    postgres,
};
use std::{
    fs::{self, File},
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How jobs stand, as `cartulary doctor` tells.
#[derive(Debug)]
pub(crate) struct Jobs {
    waiting: u64,
    running: u64,
    gave_up: u64,
}

impl Jobs {
    pub(crate) fn waits(&self) -> bool {
        self.waiting + self.running > 0
    }
}

pub(crate) fn jobs(desk: &Desk) -> Jobs {
    let output = desk.run(&["doctor"]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = printed.lines().find(|line| line.starts_with("work ")).unwrap_or_else(|| panic!("{printed}"));
    let mut numbers = line.split(|char: char| !char.is_ascii_digit()).filter_map(|word| word.parse().ok());
    let mut next = || numbers.next().unwrap();
    Jobs { waiting: next(), running: next(), gave_up: next() }
}

/// Works until nothing waits, also for what dead workers hold and what is tried again later.
pub(crate) fn finish(desk: &Desk, lease: u32) {
    let begun = Instant::now();
    loop {
        desk.run(&["worker", "--drain", "--lease", &lease.to_string()]);
        let jobs = jobs(desk);
        assert_eq!(jobs.gave_up, 0, "{jobs:?}");
        if !jobs.waits() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(900), "the work does not end: {jobs:?}");
        sleep(Duration::from_millis(300));
    }
}

/// A worker that works until it is told to end; what it says goes to a file.
pub(crate) struct Hand {
    child: Child,
    log: PathBuf,
}

impl Hand {
    pub(crate) fn start(desk: &Desk, name: &str, lease: u64, point: Option<&str>) -> Self {
        Self::start_with(desk, name, lease, |command| {
            if let Some(point) = point {
                command.env("CARTULARY_FAIL_POINT", point);
            }
        })
    }

    pub(crate) fn start_with(desk: &Desk, name: &str, lease: u64, with: impl FnOnce(&mut Command)) -> Self {
        let log = desk.path(&format!("{name}.log"));
        let mut command = desk.command(&["worker", "--lease", &lease.to_string()]);
        with(&mut command);
        let child = command.stdout(Stdio::null()).stderr(File::create(&log).unwrap()).spawn().unwrap();
        Self { child, log }
    }

    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it stands still on a SIGSTOP.
    pub(crate) fn until_stopped(&mut self) {
        self.until("stopped", |hand| {
            let stat = fs::read_to_string(format!("/proc/{}/stat", hand.child.id())).unwrap_or_default();
            stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('T'))
        });
    }

    /// Waits for something to hold.
    pub(crate) fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(self.is_running(), "the worker ended before it was {what}: {}", self.said());
            let waited = begun.elapsed();
            assert!(waited < Duration::from_secs(1_200), "the worker was not {what}: {}", self.said());
            sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success(), "kill {name}");
    }

    /// Lets it end what it is at.
    pub(crate) fn end(mut self) -> String {
        self.signal("-TERM");
        self.child.wait().unwrap();
        self.said()
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// So many workers; the first is killed while it holds a job, the second sleeps at a point until all else is done.
fn share(count: usize, point: &str) {
    let desk = Desk::new(Engine::Postgres);
    let mut clerk = Clerk::new(&desk, plan(many(30, 300), 7));
    (0..clerk.plan.len()).for_each(|number| clerk.bring(number));
    let lease = if is_full() { 60 } else { 2 };
    let begun = Instant::now();
    let mut sleeper = Hand::start(&desk, "sleeper", lease, Some(&format!("{point}:2:stop")));
    sleeper.until_stopped();
    let asleep = Instant::now();
    let mut victim = Hand::start(&desk, "victim", lease, Some("read.kept:3"));
    victim.until("killed", |victim| !victim.is_running());
    assert_eq!(victim.child.wait().unwrap().signal(), Some(9));
    // The others, and the victim as its service manager starts it again.
    let mut others: Vec<Hand> =
        (1..count).map(|number| Hand::start(&desk, &format!("worker-{number}"), lease, None)).collect();
    // What the two hold is among what must be done.
    others[0].until("done", |_| !jobs(&desk).waits());
    let slept = asleep.elapsed();
    sleeper.signal("-CONT");
    if point == "read.kept" {
        sleeper.until("refused", |sleeper| sleeper.said().contains("too late to read"));
    }
    let late = sleeper.end().matches("too late to").count();
    others.into_iter().for_each(|other| drop(other.end()));
    finish(&desk, 2);
    let held = clerk.check(true);
    eprintln!(
        "PostgreSQL: {count} workers, one killed, one asleep at {point} for {:.0} s with a claim of {lease} s: \
         {held} documents read, extracted and evaluated in {:.0} s, {late} late results refused, 0 double effects",
        slept.as_secs_f64(),
        begun.elapsed().as_secs_f64()
    );
}

#[test]
fn two_workers_of_whom_one_is_killed_and_one_sleeps_double_nothing() {
    if !postgres::left_out() {
        share(2, "read.kept");
    }
}

#[test]
fn four_workers_of_whom_one_is_killed_and_one_sleeps_double_nothing() {
    if !postgres::left_out() {
        share(4, "read.kept");
    }
}

/// Asleep in the middle of a commit it holds the lock that all appends need, which the database takes away from it.
#[test]
fn a_worker_asleep_within_a_commit_does_not_hold_the_others_up() {
    if is_full() && !postgres::left_out() {
        share(4, "append.before_commit");
    }
}
