//! Stopped dead at each named point, a register loses nothing that it gave back, doubles nothing, and goes on.
//!
//! A child process (this test programme, asked for `the_child`) does some of all kinds of work and notes on the disk what
//! was acknowledged; it aborts at a point. Then the register is opened again and the work is done to its end.
//! `CARTULARY_KILLS=all` visits each point; without it every fourth is visited.

use crate::{
    postgres,
    support::{Engine, HandClock, Seeded, Shelf, noted, opened},
};
use cartulary_ledger::{
    Access, Act, Body, Done, ErasureOrdered, Error, Ledger, NewJob, Place, Thorough, World, failpoint,
};
use cartulary_model::{ActorId, CaseId, JobId};
use cartulary_vault::RootKey;
use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex, atomic::AtomicI64},
};
use uuid::Uuid;

/// All that the two processes must agree on.
struct Scene {
    place: Place,
    root: RootKey,
    next: RootKey,
    notes: PathBuf,
}

fn scene(folder: &Path, database: Option<String>) -> Scene {
    let mut place = Place::folder(folder.join("data"));
    place.database = database;
    let mut dice = Seeded(11);
    let (root, next) = (RootKey::generate(&mut dice), RootKey::generate(&mut dice));
    Scene { place, root, next, notes: folder.join("acknowledged") }
}

/// Randomness of its own for each life, or nonces would come again.
fn world(life: u64) -> World {
    World {
        clock: Arc::new(HandClock(AtomicI64::new(1_760_000_000_000_000))),
        entropy: Arc::new(Mutex::new(Seeded(life * 1_000_003))),
        texts: Arc::new(Shelf::default()),
    }
}

fn case(number: u128) -> CaseId {
    CaseId::from_uuid(Uuid::from_u128(0x0199_c82c_c000_7000_8000_0000_0000_0000 + number))
}

impl Scene {
    async fn open(&self, life: u64) -> Ledger {
        let opened = self.place.open(&self.root, Some(&self.next), world(life)).await;
        match opened {
            Ok(ledger) => ledger,
            // The rotation was at its end.
            Err(Error::Vault(_)) => self.place.open(&self.next, None, world(life)).await.unwrap(),
            Err(_) => self.place.init(&self.root, world(life)).await.unwrap(),
        }
    }

    fn acknowledge(&self, what: &str) {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.notes).unwrap();
        file.write_all(format!("{what}\n").as_bytes()).unwrap();
    }

    fn acknowledged(&self) -> Vec<String> {
        fs::read_to_string(&self.notes).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// Some of all kinds of work, each step under its name, so that it can be done again after any end.
    async fn work(&self, ledger: &Ledger) {
        for number in 0..6 {
            let once = [u8::try_from(number).unwrap() + 1; 32];
            let job = NewJob {
                id: JobId::from_uuid(Uuid::from_u128(number + 1)),
                kind: "read".to_owned(),
                payload: String::new(),
                case: Some(case(number)),
                dedupe: Some(format!("{number}")),
                priority: 0,
                run_at: None,
            };
            let act = Act::on(ActorId::MACHINE, case(number), 0, vec![opened(), noted("first")])
                .once(once)
                .then_do(job)
                .seen(Some(case(number)), "open");
            ledger.append(act).await.unwrap();
            self.acknowledge(&format!("case {number}"));
        }
        // Enough for a checkpoint in the middle of an append.
        self.once_on(ledger, 0, 100, (0..1_000).map(|_| noted("many")).collect()).await;
        self.acknowledge("many");
        let tidying = NewJob {
            id: JobId::from_uuid(Uuid::from_u128(99)),
            kind: "tidy".to_owned(),
            payload: String::new(),
            case: None,
            dedupe: None,
            priority: 0,
            run_at: None,
        };
        ledger.enqueue(&[tidying]).await.unwrap();
        while let Some((job, claim)) = ledger.claim("w", &[], 60_000_000).await.unwrap() {
            let Some(owner) = job.case else {
                ledger.finish(&claim).await.unwrap();
                continue;
            };
            if owner == case(5) && job.attempts == 1 {
                ledger.fail(&claim, "once").await.unwrap();
                continue;
            }
            let version = ledger.case(owner).await.unwrap().version;
            let act = Act::on(ActorId::MACHINE, owner, version, vec![noted("read")]).finishing(claim);
            ledger.append(act).await.unwrap();
            self.acknowledge(&format!("read {owner}"));
        }
        let rows = vec![Access { case: None, what: "list".to_owned() }];
        ledger.log_access(ActorId::MACHINE, rows).await.unwrap();
        if !matches!(ledger.case(case(1)).await, Err(Error::Erased(_))) {
            let order: Body = ErasureOrdered { reason: "asked".to_owned() }.into();
            self.once_on(ledger, 1, 101, vec![order]).await;
        }
        ledger.erase(ActorId::MACHINE, case(1), None).await.unwrap();
        self.acknowledge("erased");
        ledger.rebuild(|_| {}).await.unwrap();
        let copy = self.notes.with_extension("copy");
        let _ = fs::remove_dir_all(&copy);
        fs::create_dir(&copy).unwrap();
        ledger.copy_to(&copy).await.unwrap();
        ledger.rotate(&self.next, |_| {}).await.unwrap();
        self.acknowledge("rotated");
    }

    async fn once_on(&self, ledger: &Ledger, number: u128, once: u8, entries: Vec<Body>) -> Done {
        let version = ledger.case(case(number)).await.unwrap().version;
        ledger
            .append(Act::on(ActorId::MACHINE, case(number), version, entries).once([once; 32]))
            .await
            .unwrap()
    }

    /// Looks whether all that was acknowledged is there, and nothing twice.
    async fn check(&self, ledger: &Ledger, ended: bool) {
        let told = self.acknowledged();
        let report = ledger.verify(&Thorough::default(), |_| {}).await.unwrap();
        let faults: Vec<_> = report
            .faults
            .iter()
            .filter(|fault| ended || !fault.what.contains("run the erasure again"))
            .collect();
        assert!(faults.is_empty(), "{faults:?}");
        for number in 0..6 {
            let known = told.contains(&format!("case {number}"));
            match ledger.case(case(number)).await {
                Ok(file) => {
                    let count = |text: &str| file.notes.iter().filter(|note| note.text == text).count();
                    assert_eq!(count("first"), 1);
                    let reads = told.iter().filter(|line| **line == format!("read {}", case(number))).count();
                    assert!(reads <= 1 && count("read") >= reads && count("read") <= 1, "{number}");
                    if number == 0 {
                        let many = usize::from(told.iter().any(|line| line == "many"));
                        assert!(
                            count("many") >= many * 1_000
                                && count("many") % 1_000 == 0
                                && count("many") <= 1_000
                        );
                    }
                    assert!(number != 1 || !told.iter().any(|line| line == "erased"));
                }
                Err(Error::Erased(_)) => assert_eq!(number, 1),
                Err(Error::NoCase(_)) => assert!(!known, "case {number} is lost"),
                Err(error) => panic!("{error}"),
            }
        }
    }
}

const CHILD: &str = "CARTULARY_KILL_CHILD";

/// Does the work of a child; as a test of its own it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_child() {
    let Ok(asked) = std::env::var(CHILD) else { return };
    let parts: Vec<&str> = asked.split('\n').collect();
    let scene = scene(Path::new(parts[0]), Some(parts[1].to_owned()).filter(|address| !address.is_empty()));
    failpoint::arm(parts[2], parts[3].parse().unwrap());
    let ledger = scene.open(parts[4].parse().unwrap()).await;
    scene.work(&ledger).await;
    ledger.close().await.unwrap();
}

/// Whether the child was stopped at the point; otherwise it came to its end.
fn is_stopped(folder: &Path, database: &str, point: &str, time: u32, life: u64) -> bool {
    let asked = [&folder.to_string_lossy(), database, point, &time.to_string(), &life.to_string()].join("\n");
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::the_child", "--test-threads=1", "-q"])
        .env(CHILD, asked)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    !status.success()
}

async fn at_each_point(engine: Engine) {
    let all = std::env::var("CARTULARY_KILLS").is_ok_and(|asked| asked == "all");
    let mut never = Vec::new();
    for (number, point) in failpoint::POINTS.iter().enumerate().filter(|(number, _)| all || number % 4 == 0) {
        let folder = tempfile::TempDir::new().unwrap();
        let database = if engine == Engine::Postgres { Some(postgres::database(false)) } else { None };
        let address = database.clone().unwrap_or_default();
        let scene = scene(folder.path(), database);
        // The first passing, and a later one in a register that was stopped before.
        let stops = [1, 2, 3].map(|time| {
            is_stopped(folder.path(), &address, point, time, number as u64 * 9 + u64::from(time))
        });
        if !stops[0] {
            never.push(*point);
        }
        let ledger = scene.open(number as u64 * 9 + 5).await;
        scene.check(&ledger, false).await;
        scene.work(&ledger).await;
        let ended = scene.open(number as u64 * 9 + 6).await;
        scene.check(&ended, true).await;
        ledger.close().await.unwrap();
        ended.close().await.unwrap();
    }
    assert!(never.is_empty(), "never passed, or not the first time: {never:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_sqlite() {
    at_each_point(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_postgres() {
    if !postgres::left_out() {
        at_each_point(Engine::Postgres).await;
    }
}

#[test]
fn each_point_stands_in_the_list_once() {
    let mut passed = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            let points = text.split("failpoint::pass(\"").skip(1).filter_map(|rest| rest.split('"').next());
            passed.extend(points.map(str::to_owned));
        }
    }
    passed.sort();
    passed.dedup();
    let mut listed: Vec<String> = failpoint::POINTS.iter().map(|point| (*point).to_owned()).collect();
    listed.sort();
    assert_eq!(passed, listed);
    assert!(listed.len() >= 40, "{}", listed.len());
}
