//! Killed at each named point of the programme, in every command that passes it, a register loses nothing and doubles nothing.

use crate::{
    desk::{Engine, is_full},
    postgres,
    ready::Ready,
    story::Story,
};
use cartulary_casework::FAIL_POINTS;
use cartulary_ledger::failpoint::POINTS;

/// Without a full run: from each kind of work a few.
const SOME: &[&str] = &["init.seed_written", "receive.paper_kept", "append.committed", "evaluate.kept"];

fn at_each_point(engine: Engine) {
    let mut ready = Ready::default();
    let (mut points, mut kills, mut acknowledged) = (0, 0, 0);
    let mut never: Vec<&str> = Vec::new();
    // One alone, for whoever looks for a fault.
    let only = std::env::var("CARTULARY_POINT").ok();
    let is_asked = |point: &&&str| match &only {
        Some(only) => only == **point,
        None => is_full() || SOME.contains(*point),
    };
    for point in POINTS.iter().chain(FAIL_POINTS).filter(is_asked) {
        // Later passings are states of their own only where a command passes many times.
        let times = if is_full() && point.starts_with("append.") { 1..=2 } else { 1..=1 };
        let mut stopped = 0;
        for time in times {
            let database = (engine == Engine::Postgres).then(|| postgres::database(true));
            let mut story = Story::new(database, point, time);
            story.live(&mut ready);
            stopped += story.kills;
            acknowledged += story.acknowledged;
        }
        points += 1;
        kills += stopped;
        if stopped == 0 {
            never.push(*point);
        }
    }
    eprintln!(
        "{engine:?}: killed {kills} times at {points} points: {acknowledged} acknowledgements kept, 0 lost, 0 doubled, \
         verify clean; {}",
        ready.tell()
    );
    assert!(never.is_empty(), "no command passed {never:?}");
}

#[test]
fn a_kill_at_each_point_loses_and_doubles_nothing_on_sqlite() {
    at_each_point(Engine::Sqlite);
}

#[test]
fn a_kill_at_each_point_loses_and_doubles_nothing_on_postgres() {
    if !postgres::left_out() {
        at_each_point(Engine::Postgres);
    }
}
