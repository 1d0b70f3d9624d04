//! Killed at random moments while it receives and works, a register loses no acknowledged document and doubles none.

use crate::{
    desk::{Desk, Engine, many},
    papers::{Clerk, plan},
    postgres,
    ready::Ready,
    seeded::Seeded,
    workers,
};
use std::{
    io::Read as _,
    os::unix::process::ExitStatusExt as _,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Starts a command and kills it at a moment, at the latest when it ends; whether it was killed, and what it had printed.
pub(crate) fn killed_at(mut command: Command, moment: Duration) -> (bool, Vec<u8>) {
    let (mut read, write) = std::io::pipe().unwrap();
    let mut child = command.stdout(write).stderr(Stdio::null()).spawn().unwrap();
    // The command keeps the other end open.
    drop(command);
    sleep(moment);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    let mut printed = Vec::new();
    read.read_to_end(&mut printed).unwrap();
    (status.signal() == Some(9), printed)
}

fn moment(chance: &mut Seeded, longest: Duration) -> Duration {
    longest.mul_f64(chance.below(1_000_000) as f64 / 1e6)
}

/// Kills, spread over all deliveries; how many have hit, and how many of these before an acknowledgement.
fn receive_all(clerk: &mut Clerk<'_>, kills: usize, ready: &mut Ready) -> (usize, usize) {
    let mut chance = Seeded(17);
    let (mut hits, mut before) = (0, 0);
    let mut takes = Duration::from_millis(300);
    for number in 0..clerk.plan.len() {
        let due = kills * (number + 1) / clerk.plan.len();
        while hits < due {
            let (killed, printed) = killed_at(clerk.command(number), moment(&mut chance, takes));
            let acknowledged = clerk.note(number, &printed);
            if killed {
                hits += 1;
                before += usize::from(!acknowledged);
                ready.ask(clerk.desk);
            }
        }
        let begun = Instant::now();
        clerk.bring(number);
        // So that moments fall from its begin to a little behind its end, however slow the machine is now.
        takes = (takes * 3 + begun.elapsed() * 5 / 4) / 4;
    }
    (hits, before)
}

/// Works all that waits, killed at moments on the way.
fn work_all(desk: &Desk, kills: usize) -> usize {
    let mut chance = Seeded(23);
    let mut hits = 0;
    while hits < kills && workers::jobs(desk).waits() {
        let worker = desk.command(&["worker", "--drain", "--lease", "2"]);
        let (killed, _) = killed_at(worker, moment(&mut chance, Duration::from_secs(4)));
        hits += usize::from(killed);
    }
    workers::finish(desk, 2);
    hits
}

fn through_random_moments(engine: Engine) {
    let desk = Desk::new(engine);
    let documents = many(60, 1_000);
    let mut clerk = Clerk::new(&desk, plan(documents, 5));
    let mut ready = Ready::default();
    let (received, before) = receive_all(&mut clerk, many(10, 500), &mut ready);
    let held = clerk.check(false);
    let worked = work_all(&desk, many(2, 50));
    assert_eq!(clerk.check(true), held);
    eprintln!(
        "{engine:?}: {documents} papers received through {received} kills ({before} before an acknowledgement), worked through {worked}: \
         {} acknowledgements kept, {held} documents, 0 lost, 0 doubled, verify clean; {}",
        clerk.acknowledged,
        ready.tell()
    );
}

#[test]
fn kills_at_random_moments_lose_and_double_nothing_on_sqlite() {
    through_random_moments(Engine::Sqlite);
}

#[test]
fn kills_at_random_moments_lose_and_double_nothing_on_postgres() {
    if !postgres::left_out() {
        through_random_moments(Engine::Postgres);
    }
}
