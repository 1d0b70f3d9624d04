//! PostgreSQL stopped without a word while papers come in and a worker works: nothing is lost, and the worker goes on.

use crate::{
    desk::{Desk, many},
    moments::killed_at,
    papers::{Clerk, plan},
    postgres::{self, OwnCluster},
    ready::Ready,
    seeded::Seeded,
    workers::{self, Hand},
};
use std::{
    io::Read as _,
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

#[test]
fn a_server_that_is_gone_loses_and_doubles_nothing() {
    if postgres::left_out() {
        return;
    }
    let cluster = OwnCluster::new();
    let desk = Desk::empty(Some(cluster.database()));
    desk.good(&["init"]);
    let (documents, stops) = (many(60, 400), many(2, 20));
    let mut clerk = Clerk::new(&desk, plan(documents, 11));
    let mut chance = Seeded(29);
    let (mut ready, mut ours) = (Ready::default(), Ready::default());
    let mut done = 0;
    let mut worker = Hand::start(&desk, "worker", 5, None);
    clerk.bring(0);
    // It has come so far as to work; without a server it would not begin.
    worker.until("at work", |worker| worker.said().contains("read a paper"));
    for number in 0..clerk.plan.len() {
        while done < stops * (number + 1) / clerk.plan.len() {
            let mut command = clerk.command(number);
            let (mut read, write) = std::io::pipe().unwrap();
            let mut child = command.stdout(write).stderr(Stdio::null()).spawn().unwrap();
            drop(command);
            sleep(Duration::from_millis(chance.below(400) as u64));
            cluster.stop_at_once();
            child.wait().unwrap();
            let mut printed = Vec::new();
            read.read_to_end(&mut printed).unwrap();
            clerk.note(number, &printed);
            let begun = Instant::now();
            cluster.start_again();
            ready.since(begun, &desk);
            ours.ask(&desk);
            done += 1;
        }
        let (_, printed) = killed_at(clerk.command(number), Duration::from_millis(chance.below(300) as u64));
        clerk.note(number, &printed);
        clerk.bring(number);
    }
    worker.until("done with all", |_| !workers::jobs(&desk).waits());
    assert!(worker.is_running(), "the worker gave up: {}", worker.said());
    let said = worker.end();
    let held = clerk.check(true);
    eprintln!(
        "PostgreSQL stopped at once {done} times: {documents} papers, {} acknowledgements kept, {held} documents, 0 lost, \
         0 doubled, verify clean; the worker tried again {} times and went on; {}, the start of the server included; without it {}",
        clerk.acknowledged,
        said.matches("it is tried again in").count(),
        ready.tell(),
        ours.tell()
    );
}
