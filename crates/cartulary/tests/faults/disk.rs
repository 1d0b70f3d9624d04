//! A disk that is full or broken: nothing is acknowledged falsely, and all heals when the disk does, without a restart.
//!
//! The commands run with [disk.c](disk.c) before the C library, which refuses writes and syncs in the data folder: those of
//! the vault, of SQLite and of the witness alike. With the right to mount, a real small disk is filled, too.

use crate::{
    desk::{Desk, Engine, is_full, many, said, text},
    papers::each_was_read_once,
    postgres,
    sheets::sheet,
    workers::{self, Hand},
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::LazyLock,
};
use tempfile::TempDir;

const EIO: i32 = 5;
const ENOSPC: i32 = 28;

/// The library, built once.
static SHIM: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let library = folder.path().join("disk.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/disk.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(source)
        .arg("-ldl")
        .output();
    let built = built.expect("needs cc: install gcc");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    (folder, library)
});

/// Puts a disk under a command on which nothing can be laid into the vault, while the database takes all.
pub(crate) fn break_vault(command: &mut Command, desk: &Desk) {
    break_disk(command, desk, ENOSPC, Some((1, usize::MAX >> 1)));
    command.env("FAULT_PATH", desk.path("data/blobs/incoming"));
}

/// Puts the broken disk under a command; counted calls fail, or all while a file called `full` is there.
fn break_disk(command: &mut Command, desk: &Desk, code: i32, calls: Option<(usize, usize)>) {
    command
        .env("LD_PRELOAD", &SHIM.1)
        .env("FAULT_PATH", desk.path("data"))
        .env("FAULT_CODE", code.to_string())
        .env("FAULT_HITS", desk.path("hits"));
    match calls {
        Some((from, last)) => {
            command.env("FAULT_AT", from.to_string()).env("FAULT_LAST", last.to_string());
        }
        None => {
            command.env("FAULT_SWITCH", desk.path("full"));
        }
    }
}

/// What was acknowledged: case and documents.
fn acknowledged(output: &Output) -> Option<(String, BTreeSet<String>)> {
    let told: Value = serde_json::from_slice(&output.stdout).ok()?;
    let documents = told["papers"].as_array()?.iter().map(|paper| text(&paper["document"]));
    Some((text(&told["case"]), documents.collect()))
}

/// Whether the case holds the documents, each once.
fn holds(desk: &Desk, case: &str, documents: &BTreeSet<String>) {
    let shown = desk.show(case);
    let held: Vec<String> =
        shown["documents"].as_array().unwrap().iter().map(|document| text(&document["document"])).collect();
    assert_eq!(held.len(), documents.len(), "{shown}");
    assert!(held.iter().all(|document| documents.contains(document)));
}

#[derive(Default)]
struct Tally {
    failures: usize,
    refused: usize,
    acknowledged: usize,
}

/// Fails a receipt at one call after the other until it passes unharmed.
fn at_each_call(desk: &Desk, code: i32, on: bool, step: usize, tally: &mut Tally) {
    for number in (0..).step_by(step) {
        let from = number + 1;
        // Each attempt is a delivery of its own, and a new case.
        let folder = format!("papers/{code}-{on}-{from}");
        for place in 0..2 {
            let unlike = tally.failures * 4 + from * 2 + place + code as usize * 100_000;
            desk.lay(&folder, &format!("{place}.txt"), &sheet(unlike * 20).1);
        }
        let folder = desk.text(&folder);
        let receive = ["receive", &folder, "--json"];
        let mut command = desk.command(&receive);
        break_disk(&mut command, desk, code, Some((from, if on { usize::MAX >> 1 } else { from })));
        let _ = fs::remove_file(desk.path("hits"));
        let output = command.output().unwrap();
        let was_hit = desk.path("hits").exists();
        let first = acknowledged(&output);
        assert!(first.is_some() || !output.status.success(), "silence is no answer");
        let again = acknowledged(&desk.run(&receive)).expect("a good disk receives");
        match first {
            Some(first) => {
                assert_eq!(first, again, "acknowledged at call {from}, and received anew");
                tally.acknowledged += 1;
            }
            None => tally.refused += 1,
        }
        holds(desk, &again.0, &again.1);
        if !was_hit {
            return;
        }
        tally.failures += 1;
        assert!(number < 2_000, "it never passes");
    }
}

fn broken_at_any_call(engine: Engine) {
    let desk = Desk::new(engine);
    let mut tally = Tally::default();
    let step = many(13, 1);
    for code in [ENOSPC, EIO] {
        at_each_call(&desk, code, false, step, &mut tally);
        if is_full() {
            at_each_call(&desk, code, true, step, &mut tally);
        }
    }
    desk.verify();
    eprintln!(
        "{engine:?}: a write or sync failed in {} receipts: {} refused, {} acknowledged and kept, 0 false, verify clean",
        tally.failures, tally.refused, tally.acknowledged
    );
}

#[test]
fn a_receipt_whose_disk_fails_at_any_call_is_never_acknowledged_falsely_on_sqlite() {
    broken_at_any_call(Engine::Sqlite);
}

#[test]
fn a_receipt_whose_disk_fails_at_any_call_is_never_acknowledged_falsely_on_postgres() {
    if !postgres::left_out() {
        broken_at_any_call(Engine::Postgres);
    }
}

/// A worker whose disk is full or broken for a while goes on when it is not.
fn heals(engine: Engine, code: i32) {
    let desk = Desk::new(engine);
    let receive = |number: usize| {
        let paper = desk.lay("papers", &format!("{number}.txt"), &sheet(number * 20).1);
        ["receive".to_owned(), paper.to_string_lossy().into_owned(), "--json".to_owned()]
    };
    let words = |all: &[String; 3]| desk.command(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let mut worker = Hand::start_with(&desk, "worker", 2, |command| break_disk(command, &desk, code, None));
    let mut cases = Vec::new();
    for round in 0..many(1, 5) {
        let before = acknowledged(&words(&receive(round * 10 + 1)).output().unwrap()).unwrap();
        // It has begun, and was at work once.
        worker.until("done with all", |_| !workers::jobs(&desk).waits());
        fs::write(desk.path("full"), "").unwrap();
        let _ = fs::remove_file(desk.path("hits"));
        let late = receive(round * 10 + 2);
        let mut command = words(&late);
        break_disk(&mut command, &desk, code, None);
        let output = command.output().unwrap();
        assert!(acknowledged(&output).is_none() && !output.status.success(), "{}", said(&output));
        // Whether it was at work or idle, it has met the disk.
        let told = worker.said().len();
        let more = acknowledged(&words(&receive(round * 10 + 3)).output().unwrap()).unwrap();
        worker.until("refused by the disk", |worker| worker.said().len() > told);
        fs::remove_file(desk.path("full")).unwrap();
        let after = acknowledged(&words(&late).output().unwrap()).unwrap();
        cases.extend([before, more, after]);
        worker.until("done with all", |_| !workers::jobs(&desk).waits());
    }
    assert!(worker.is_running(), "the worker gave up: {}", worker.said());
    let said = worker.end();
    for (case, documents) in &cases {
        holds(&desk, case, documents);
        each_was_read_once(&desk.show(case));
    }
    desk.verify();
    eprintln!(
        "{engine:?}: error {code} on all writes, {} times: no acknowledgement, the same worker went on ({} tries told)",
        many(1, 5),
        said.lines().filter(|line| line.contains("again")).count()
    );
}

#[test]
fn a_worker_on_a_full_disk_goes_on_when_there_is_space_on_sqlite() {
    heals(Engine::Sqlite, ENOSPC);
}

#[test]
fn a_worker_on_a_broken_disk_goes_on_when_it_is_mended_on_postgres() {
    // There a job that failed waits for half a minute.
    if is_full() && !postgres::left_out() {
        heals(Engine::Postgres, EIO);
    }
}

/// A file system of a few megabytes.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn new(at: PathBuf) -> Option<Self> {
        fs::create_dir(&at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=6m", "none"]).arg(&at).output();
        mounted.is_ok_and(|told| told.status.success()).then_some(Self(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_disk_without_space_takes_nothing_and_loses_nothing() {
    let desk = Desk::empty(None);
    let Some(disk) = SmallDisk::new(desk.path("data")) else {
        eprintln!("no right to mount a disk: left out");
        return;
    };
    desk.good(&["init"]);
    let mut kept = Vec::new();
    let mut refused = Vec::new();
    for number in 0.. {
        let paper = desk.lay("papers", &format!("{number}.bin"), &noise(number, 150_000));
        let receive = ["receive".to_owned(), paper.to_string_lossy().into_owned(), "--json".to_owned()];
        let output = desk.run(&receive.each_ref().map(String::as_str));
        match acknowledged(&output) {
            Some(told) => kept.push(told),
            None => {
                assert!(!output.status.success());
                refused.push(receive);
            }
        }
        if refused.len() >= 5 {
            break;
        }
    }
    assert!(kept.len() > 5, "{}", kept.len());
    let grown = Command::new("mount").args(["-o", "remount,size=60m"]).arg(&disk.0).status().unwrap();
    assert!(grown.success());
    for receive in &refused {
        kept.push(acknowledged(&desk.run(&receive.each_ref().map(String::as_str))).expect("there is space"));
    }
    for (case, documents) in &kept {
        holds(&desk, case, documents);
    }
    assert_eq!(desk.cases().len(), kept.len());
    desk.verify();
    eprintln!("a disk that became full: {} of {} receipts refused, none lost", refused.len(), kept.len());
}

/// Bytes that nothing makes smaller.
fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut chance = crate::seeded::Seeded(seed);
    (0..count).map(|_| chance.number() as u8).collect()
}
