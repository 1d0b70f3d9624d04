//! Children that hang, eat memory, crash or talk nonsense, and processes that go away.

use crate::support::{LONG, PROBE, all, children, end_of, eventually, grown, keeper, probe, probe_on, runs};
use cartulary_sandbox::{BoxError, End, Heard};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SHORT: Duration = Duration::from_millis(400);

#[test]
fn a_child_has_its_input_whole_and_threads_if_it_wants() {
    let keeper = keeper();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|number| number as u8).collect();
    assert_eq!(all(probe_on(&keeper, "echo", &bytes), LONG), (vec![(b'E', bytes)], End::Exited));
    assert_eq!(all(probe(&keeper, "threads"), LONG), (vec![(b'E', b"6".to_vec())], End::Exited));
    assert_eq!(all(probe(&keeper, "silence"), LONG), (vec![], End::Exited));
}

#[test]
fn a_child_that_takes_too_long_is_killed_by_the_clock_on_the_wall() {
    let keeper = keeper();
    for probe in ["spin", "sleep"] {
        let begun = Instant::now();
        let end = end_of(&keeper, probe, SHORT);
        // Sleeping costs no processor time, so only the parent's clock can end it.
        assert!(matches!(end, End::OverTime), "{probe}: {end:?}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{probe}: {:?}", begun.elapsed());
        let zygote = keeper.zygote_pid().expect("it runs");
        eventually("the child is gone", || children(zygote).is_empty());
    }
}

#[test]
fn memory_and_stack_have_an_end_with_a_name() {
    let keeper = keeper();
    assert_eq!(end_of(&keeper, "allocate", LONG), End::OutOfMemory);
    assert_eq!(end_of(&keeper, "creep", LONG), End::OutOfMemory);
    assert_eq!(end_of(&keeper, "overflow", LONG), End::StackOverflow);
}

#[test]
fn a_crash_is_known_as_one() {
    let keeper = keeper();
    assert_eq!(end_of(&keeper, "abort", LONG), End::Signal(6));
    // A panic in the main thread of a child unwinds out of its work.
    assert!(matches!(end_of(&keeper, "panic", LONG), End::Failed(_) | End::Signal(6)));
    assert_eq!(end_of(&keeper, "silence", LONG), End::Exited);
}

#[test]
fn nonsense_on_the_pipe_is_cut_off() {
    let keeper = keeper();
    for probe in ["garbage", "endless", "too long a frame", "half a frame"] {
        assert_eq!(end_of(&keeper, probe, LONG), End::Garbage, "{probe}");
    }
}

#[test]
fn endless_frames_take_no_memory_of_the_parent() {
    // 400 MiB come through; in a process of its own, because other tests take memory too.
    let grown = grown(&["endure"]);
    assert!(grown < 64 << 20, "{} MiB", grown >> 20);
}

#[test]
fn a_zygote_that_was_killed_is_started_again() {
    let keeper = keeper();
    assert_eq!(end_of(&keeper, "silence", LONG), End::Exited);
    let first = keeper.zygote_pid().expect("it runs");
    let mut inmate = probe(&keeper, "sleep");
    eventually("the child is there", || children(first).len() == 1);
    let child = children(first)[0];
    kill(first);
    assert_eq!(inmate.next(Instant::now() + LONG), Heard::End(End::ZygoteDied));
    eventually("the child is gone with it", || !runs(child));
    assert_eq!(end_of(&keeper, "silence", LONG), End::Exited);
    assert_ne!(keeper.zygote_pid(), Some(first));
}

#[test]
fn nothing_is_left_of_a_keeper_that_goes_away() {
    let keeper = keeper();
    let inmate = probe(&keeper, "sleep");
    let zygote = keeper.zygote_pid().expect("it runs");
    eventually("the child is there", || children(zygote).len() == 1);
    let child = children(zygote)[0];
    drop(keeper);
    eventually("the zygote is gone", || !runs(zygote));
    eventually("the child is gone", || !runs(child));
    drop(inmate);
}

#[test]
fn children_die_when_their_parent_is_killed() {
    let mut parent = Command::new(PROBE).arg("parent").stdout(Stdio::piped()).spawn().expect("it starts");
    let mut said = String::new();
    let stdout = parent.stdout.take().expect("it was asked for");
    BufReader::new(stdout).read_line(&mut said).expect("it says the number of its zygote");
    let zygote: u32 = said.trim().parse().expect("a number");
    eventually("the child is there", || children(zygote).len() == 1);
    let child = children(zygote)[0];
    // SIGKILL: the parent has no chance to clean up.
    parent.kill().expect("it runs");
    parent.wait().expect("it is gone");
    eventually("the zygote is gone", || !runs(zygote));
    eventually("the child is gone", || !runs(child));
}

#[test]
fn a_child_of_which_nobody_wants_to_hear_is_killed() {
    let keeper = keeper();
    let inmate = probe(&keeper, "spin");
    let zygote = keeper.zygote_pid().expect("it runs");
    eventually("the child is there", || children(zygote).len() == 1);
    drop(inmate);
    eventually("the child is gone", || children(zygote).is_empty());
}

#[test]
fn where_the_lock_cannot_be_shut_nothing_is_read() {
    let reader = crate::support::on_an_old_kernel();
    let error = reader.check().expect_err("there is no Landlock");
    assert!(matches!(&error, BoxError::Unlockable(why) if why.contains("Landlock")), "{error}");
    assert!(error.to_string().contains("--no-sandbox"), "{error}");
}

#[test]
fn many_children_at_a_time_do_not_mix() {
    let keeper = keeper();
    std::thread::scope(|scope| {
        for number in 0..8_u8 {
            let keeper = &keeper;
            scope.spawn(move || {
                for round in 0..5_u8 {
                    let bytes = vec![number * 16 + round; 100_000];
                    let (frames, end) = all(probe_on(keeper, "echo", &bytes), LONG);
                    assert_eq!((frames, end), (vec![(b'E', bytes)], End::Exited));
                }
            });
        }
    });
}

/// Says what a child costs; asserts only what no busy machine can make untrue.
#[test]
fn a_child_costs_little() {
    let keeper = keeper();
    end_of(&keeper, "silence", LONG);
    let mut times: Vec<Duration> = (0..100)
        .map(|_| {
            let begun = Instant::now();
            assert_eq!(end_of(&keeper, "silence", LONG), End::Exited);
            begun.elapsed()
        })
        .collect();
    times.sort();
    eprintln!("a child that does nothing: median {:?}, 99 of 100 within {:?}", times[50], times[98]);
    assert!(times[0] < Duration::from_millis(20), "{:?}", times[0]);
}

fn kill(pid: u32) {
    let status = Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(status.expect("kill runs").success());
}
