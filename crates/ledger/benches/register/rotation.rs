//! The rotation of many case keys, killed ten times on its way: `cargo bench -p cartulary-ledger -- sqlite 100000 rotation`.
//!
//! A child process rotates and is killed at moments drawn at random; the next one goes on. At the end each key must open
//! under the new root key, and the old one must open nothing.

use super::support::{Clinic, Engine, HandClock, Seeded, Shelf, noted, opened};
use cartulary_ledger::{Act, Error, Ledger, Place, Thorough, World};
use cartulary_model::{ActorId, Entropy};
use cartulary_vault::RootKey;
use std::{
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex, atomic::AtomicI64},
    time::{Duration, Instant},
};

const KILLS: u32 = 10;
/// Callers at a time that draw keys.
const CALLERS: usize = 64;

/// Draws the keys, rotates them, and shows how long it took.
pub(super) async fn measure(engine: Engine, keys: usize) {
    let clinic = Clinic::durable(engine, true).await;
    let case = clinic.case_id();
    clinic.append(case, 0, vec![opened(), noted("a note")]).await;
    reserve(&clinic, keys).await;
    let (old, new) = (clinic.folder.path().join("old.key"), clinic.folder.path().join("new.key"));
    let next = clinic.new_root();
    clinic.root.write_file(&old, None).unwrap();
    next.write_file(&new, None).unwrap();
    let place = clinic.place.clone();
    clinic.ledger.clone().close().await.unwrap();

    let mut dice = Seeded(5);
    let (mut kills, mut working) = (0, Duration::ZERO);
    let begun = Instant::now();
    loop {
        let life = Instant::now();
        let mut child = start(&place, &old, &new);
        let mut byte = [0; 1];
        dice.fill(&mut byte);
        // Each life is long enough to be killed at work, and short enough that ten of them are.
        let until = Duration::from_millis(60 + u64::from(byte[0]));
        while kills < KILLS && life.elapsed() < until && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        if kills < KILLS && child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            working += life.elapsed();
            continue;
        }
        assert!(child.wait().unwrap().success(), "the rotation ended with an error");
        working += life.elapsed();
        break;
    }
    println!(
        "{engine:?}: {keys} keys wrapped anew in {:.1} s, killed {kills} times on the way ({:.1} s at work)",
        begun.elapsed().as_secs_f64(),
        working.as_secs_f64()
    );
    expect_all_open(&place, &clinic.root, &next, keys as u64 + 1).await;
}

async fn reserve(clinic: &Clinic, keys: usize) {
    let mut left = keys;
    while left > 0 {
        let now = left.min(CALLERS * 64);
        left -= now;
        let mut tasks = Vec::new();
        for _ in 0..CALLERS.min(now) {
            let ledger = clinic.ledger.clone();
            let cases: Vec<_> = (0..now.div_ceil(CALLERS)).map(|_| clinic.case_id()).collect();
            tasks.push(tokio::spawn(async move {
                for case in cases {
                    ledger.reserve(case).await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    }
}

fn start(place: &Place, old: &Path, new: &Path) -> std::process::Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg("the-child").arg(&place.folder).arg(old).arg(new);
    if let Some(database) = &place.database {
        command.arg(database);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
}

/// One life of the child.
pub(super) async fn child(mut arguments: impl Iterator<Item = String>) {
    let mut place = Place::folder(arguments.next().unwrap());
    let mut key = || RootKey::from_file(Path::new(&arguments.next().unwrap()), None).unwrap();
    let (old, new) = (key(), key());
    place.database = arguments.next();
    match place.open(&old, Some(&new), world()).await {
        Ok(ledger) => {
            ledger.rotate(&new, |_| {}).await.unwrap();
            ledger.close().await.unwrap();
        }
        // It was done.
        Err(Error::Vault(_)) => place.open(&new, None, world()).await.unwrap().close().await.unwrap(),
        Err(error) => panic!("{error}"),
    }
}

fn world() -> World {
    World {
        clock: Arc::new(HandClock(AtomicI64::new(1_760_000_000_000_000))),
        // Nonces of a life must not come again; the number of the process is another each time.
        entropy: Arc::new(Mutex::new(Seeded(u64::from(std::process::id()) << 20))),
        texts: Arc::new(Shelf::default()),
    }
}

async fn expect_all_open(place: &Place, old: &RootKey, new: &RootKey, keys: u64) {
    assert!(place.open(old, None, world()).await.is_err(), "the old root key opens the register");
    let ledger: Ledger = place.open(new, None, world()).await.unwrap();
    let report = ledger.verify(&Thorough::default(), |_| {}).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.faults);
    assert!(report.spare_keys + report.cases >= keys, "{} keys are left", report.spare_keys);
    let act = Act::on(
        ActorId::MACHINE,
        cartulary_model::CaseId::from_uuid(uuid::Uuid::from_u128(7)),
        0,
        vec![opened()],
    );
    ledger.append(act).await.unwrap();
    ledger.close().await.unwrap();
    println!("each of {} keys opens under the new root key", report.spare_keys + report.cases);
}
