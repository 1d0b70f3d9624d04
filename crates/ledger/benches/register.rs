//! Figures of the register: `cargo bench -p cartulary-ledger -- sqlite 10000` or `postgres 10000`, the number being cases.
//!
//! Writes through to the disk as a real register does. Ten entries and a text of sixty words a case. A third word chooses
//! a part: `open` opens so many long cases, `search` fills and searches, `rotation` kills a rotation of so many keys ten times.
#![expect(clippy::print_stdout, reason = "a bench shows what it measured")]
#![expect(clippy::unwrap_used, reason = "a bench ends where something fails")]

#[path = "../tests/support/postgres.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod postgres;
#[path = "register/rotation.rs"]
mod rotation;
#[path = "../tests/ledger/support.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod support;

use cartulary_ledger::{Act, Body, CaseFile, ListQuery, Thorough};
use cartulary_model::{ActorId, CaseId, Entropy};
use std::time::{Duration, Instant};
use support::{Clinic, Engine, Seeded, facts, identified, index, noted, opened, read, received};

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let engine = match arguments.next().as_deref() {
        Some("the-child") => return runtime.block_on(rotation::child(arguments)),
        Some("postgres") => Engine::Postgres,
        _ => Engine::Sqlite,
    };
    let cases: usize = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(1_000);
    let part = arguments.next().unwrap_or_default();
    match part.as_str() {
        // To be looked at with a profiler.
        "open" => {
            runtime.block_on(async { long_cases(&Clinic::durable(engine, true).await, cases as u32).await });
        }
        "search" => runtime.block_on(async {
            let clinic = Clinic::durable(engine, true).await;
            fill(&clinic, cases).await;
            if let Some(database) = &clinic.place.database {
                postgres::run_sql(database, "VACUUM (ANALYZE)");
                postgres::run_sql(database, "CHECKPOINT");
            }
            searches(&clinic).await;
            lists(&clinic).await;
        }),
        "rotation" => runtime.block_on(rotation::measure(engine, cases)),
        _ => runtime.block_on(measure(engine, cases)),
    }
}

async fn measure(engine: Engine, cases: usize) {
    let clinic = Clinic::durable(engine, true).await;
    println!("{engine:?}, {cases} cases");
    small_appends(&clinic).await;
    batches(&clinic).await;
    long_cases(&clinic, 21).await;
    let begun = Instant::now();
    fill(&clinic, cases).await;
    rate("filling: entries", cases * 10, begun.elapsed());
    searches(&clinic).await;
    lists(&clinic).await;
    let begun = Instant::now();
    let report = clinic.ledger.verify(&Thorough::default(), |_| {}).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.faults);
    rate("verify: entries", usize::try_from(report.entries).unwrap(), begun.elapsed());
    let begun = Instant::now();
    let rebuilt = clinic.ledger.rebuild(|_| {}).await.unwrap();
    rate("rebuild, nothing wrong: cases", usize::try_from(rebuilt).unwrap(), begun.elapsed());
    for table in ["case_row", "person_token", "document_row", "fact_row", "search_token"] {
        let empty = if engine == Engine::Postgres { "TRUNCATE" } else { "DELETE FROM" };
        clinic.steal(&format!("{empty} {table}")).await;
    }
    let begun = Instant::now();
    let rebuilt = clinic.ledger.rebuild(|_| {}).await.unwrap();
    rate("rebuild, all lost: cases", usize::try_from(rebuilt).unwrap(), begun.elapsed());
    assert!(clinic.ledger.verify(&Thorough::default(), |_| {}).await.unwrap().is_clean());
    let begun = Instant::now();
    let root = clinic.new_root();
    let mut keys = 0;
    clinic.ledger.rotate(&root, |done| keys = done).await.unwrap();
    rate("rotate: keys", usize::try_from(keys).unwrap(), begun.elapsed());
    println!("{:32} {:>10} MB", "memory at the end", memory_mb());
    clinic.ledger.clone().close().await.unwrap();
}

/// Many callers with an entry each, as mails and uploads come.
async fn small_appends(clinic: &Clinic) {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let ledger = clinic.ledger.clone();
            let ids: Vec<CaseId> = (0..32).map(|_| clinic.case_id()).collect();
            tokio::spawn(async move {
                for case in ids {
                    let act = Act::on(ActorId::MACHINE, case, 0, vec![opened(), noted("a note")]);
                    ledger.append(act).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    rate("64 callers: new cases", 64 * 32, begun.elapsed());
    let begun = Instant::now();
    for _ in 0..100 {
        clinic.append(clinic.case_id(), 0, vec![opened()]).await;
    }
    rate("1 caller: new cases", 100, begun.elapsed());
}

/// Entries on a case in acts of fifty.
async fn batches(clinic: &Clinic) {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (ledger, case) = (clinic.ledger.clone(), clinic.case_id());
            tokio::spawn(async move {
                ledger.append(Act::on(ActorId::MACHINE, case, 0, vec![opened()])).await.unwrap();
                for act in 0..10 {
                    let notes = (0..50).map(|_| noted("a note of some words about the patient")).collect();
                    ledger.append(Act::on(ActorId::MACHINE, case, act * 50 + 1, notes)).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    rate("8 callers, acts of 50: entries", 8 * 501, begun.elapsed());
}

/// Long cases, each opened for the first time in a register that has been at work for a moment.
async fn long_cases(clinic: &Clinic, count: u32) {
    let mut cases = Vec::new();
    for _ in 0..count {
        cases.push(long_case(clinic).await);
    }
    let ledger = clinic.another().await;
    ledger.case(cases[0]).await.unwrap();
    let (mut times, mut folds) = (Vec::new(), Vec::new());
    let mut spent = Duration::ZERO;
    for case in &cases[1..] {
        let (begun, spent_before) = (Instant::now(), processor_time());
        let file = ledger.case(*case).await.unwrap();
        times.push(begun.elapsed());
        spent += processor_time() - spent_before;
        assert_eq!(file.version, 1_000);
        let folding = Instant::now();
        let folded = CaseFile::fold(*case, file.entries.iter().map(|entry| (**entry).clone()));
        assert_eq!(folded.version, 1_000);
        folds.push(folding.elapsed());
    }
    ledger.close().await.unwrap();
    times.sort_unstable();
    folds.sort_unstable();
    show("open a case of 1,000 entries", times[times.len() / 2]);
    show("of it: processor time", spent / (count - 1));
    show("of it: fold", folds[folds.len() / 2]);
}

async fn long_case(clinic: &Clinic) -> CaseId {
    let case = clinic.case_id();
    clinic.append(case, 0, vec![opened()]).await;
    let mut entries: Vec<Body> = Vec::new();
    for number in 0..333 {
        let document = clinic.blob();
        entries.push(received(document));
        entries.push(facts(
            document,
            clinic.blob(),
            (0..4).map(|at| index(&format!("{number}.{at}"), 1.0)).collect(),
        ));
        entries.push(noted("a note of some words about the patient"));
    }
    clinic.append(case, 1, entries).await;
    case
}

/// Sixty words out of five thousand, frequent and rare ones.
fn text(dice: &mut Seeded) -> String {
    let mut words = String::new();
    for _ in 0..60 {
        let mut bytes = [0; 4];
        dice.fill(&mut bytes);
        let uniform = f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX);
        words.push_str(&format!("w{} ", (5_000.0 * uniform.powi(3)) as u32));
    }
    words + "淋巴瘤 lymphoma"
}

async fn fill(clinic: &Clinic, cases: usize) {
    let mut dice = Seeded(3);
    let mut left = cases;
    while left > 0 {
        let now = left.min(1_000);
        left -= now;
        let mut tasks = Vec::new();
        for _ in 0..now {
            let (ledger, case, document) = (clinic.ledger.clone(), clinic.case_id(), clinic.blob());
            let mut entries =
                vec![opened(), received(document), read(document, clinic.reading(&text(&mut dice)))];
            entries.push(facts(document, clinic.blob(), vec![index("a", 1.0), index("b", 2.0)]));
            entries.push(identified(&format!("Person {left} {case}")));
            entries.extend((0..5).map(|_| noted("a note")));
            tasks.push(tokio::spawn(async move {
                ledger.append(Act::on(ActorId::MACHINE, case, 0, entries)).await.unwrap();
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    }
}

async fn searches(clinic: &Clinic) {
    let queries = [
        "w4999",
        "w3 w17",
        "淋巴瘤",
        "lymphoma w2500",
        "w1 w2 w3",
        "淋巴 w800 w12",
        "nowhere w1",
        "w700 w701",
    ];
    let mut times = Vec::new();
    let mut slowest = ("", Duration::ZERO);
    for _ in 0..25 {
        for query in queries {
            let begun = Instant::now();
            clinic.ledger.search(query, 50).await.unwrap();
            let took = begun.elapsed();
            times.push(took);
            if took > slowest.1 {
                slowest = (query, took);
            }
        }
    }
    times.sort_unstable();
    show("search, median", times[100]);
    show("search, p99", times[198]);
    println!("{:32} {:>10}", "slowest search", slowest.0);
}

async fn lists(clinic: &Clinic) {
    let mut times = Vec::new();
    let mut query = ListQuery { limit: 50, ..ListQuery::default() };
    for _ in 0..100 {
        let begun = Instant::now();
        let page = clinic.ledger.list(&query).await.unwrap();
        times.push(begun.elapsed());
        query.after = page.last().map(|row| (row.changed_at, row.case));
    }
    times.sort_unstable();
    show("a page of 50 cases, p99", times[98]);
}

fn rate(what: &str, count: usize, took: Duration) {
    println!(
        "{what:32} {:>10.0} /s   ({count} in {:.2} s)",
        count as f64 / took.as_secs_f64(),
        took.as_secs_f64()
    );
}

fn show(what: &str, took: Duration) {
    println!("{what:32} {:>10.2} ms", took.as_secs_f64() * 1e3);
}

/// What the threads of the process have used of the processor: it says what a loaded machine hides.
fn processor_time() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let spent = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(spent.sum())
}

/// What the process has in memory.
fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1_024
}
