//! The server under load: `cargo bench -p cartulary --bench load -- sqlite 100000 60` or `postgres`, cases, seconds.
//!
//! Fills a register, starts `cartulary serve` on it with two workers that read photographed pages all the while, and asks
//! for pages at a fixed rate from this process: 50 a second by the department, and beside them somebody who sends 2 MB each
//! second. Times are from when a request was due, so that a server that stalls is not spared the requests it held up.
#![expect(clippy::print_stdout, reason = "a bench shows what it measured")]
#![expect(clippy::unwrap_used, reason = "a bench ends where something fails")]

mod client;
mod fill;
#[path = "../../../ledger/tests/support/postgres.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod postgres;

use client::{Client, Times};
use fill::Filled;
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cartulary");
/// Requests of the department a second.
const RATE: u32 = 50;
const WORKERS: u8 = 2;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let is_postgres = arguments.next().is_some_and(|engine| engine == "postgres");
    let mut number = |default| arguments.next().and_then(|number| number.parse().ok()).unwrap_or(default);
    let (cases, seconds) = (number(1_000), number(20));
    let folder = tempfile::tempdir().unwrap();
    let database = is_postgres.then(|| postgres::database(true));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let begun = Instant::now();
    let filled = runtime.block_on(fill::register(folder.path(), database.clone(), cases));
    println!("{}, {} cases, filled in {:.0} s", engine(is_postgres), cases, begun.elapsed().as_secs_f64());
    drain(folder.path(), database.as_deref());
    if let Some(database) = &database {
        // A real register was not written a moment ago: what the filling left to be written and counted is done first.
        postgres::run_sql(database, "VACUUM (ANALYZE)");
        postgres::run_sql(database, "CHECKPOINT");
    }
    let idle = Server::start(folder.path(), database.as_deref(), 0);
    std::thread::sleep(Duration::from_secs(3));
    println!("{:40} {:>8.1} MB", "memory when idle", idle.memory_mb());
    runtime.block_on(measure(&idle, &filled, seconds, "alone"));
    println!("{:40} {:>8.1} MB", "memory after that", idle.memory_mb());
    drop(idle);
    runtime.block_on(fill::photos(folder.path(), database.clone(), seconds));
    let busy = Server::start(folder.path(), database.as_deref(), WORKERS);
    std::thread::sleep(Duration::from_secs(5));
    runtime.block_on(measure(&busy, &filled, seconds, "beside two readers of photographs"));
    drop(busy);
}

fn engine(is_postgres: bool) -> &'static str {
    if is_postgres { "PostgreSQL" } else { "SQLite" }
}

async fn measure(server: &Server, filled: &Filled, seconds: u32, how: &str) {
    let times = Arc::new(Times::default());
    let client = Arc::new(Client::new(server.address.clone(), filled.cookie.clone(), Arc::clone(&times)));
    let waiting = client.waiting().await;
    let begun = tokio::time::Instant::now();
    let mut tasks = Vec::new();
    for number in 0..RATE * seconds {
        let due = begun + Duration::from_secs(1) * number / RATE;
        tokio::time::sleep_until(due).await;
        let (looker, (kind, path)) = (Arc::clone(&client), filled.page(number));
        tasks.push(tokio::spawn(async move { looker.page(kind, &path, due).await }));
        if number % RATE == 0 {
            let sender = Arc::clone(&client);
            tasks.push(tokio::spawn(async move { sender.send(number).await }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    println!(
        "\n{how}, {RATE} requests a second for {seconds} s; papers that waited: {waiting}, then {}",
        client.waiting().await
    );
    times.print();
}

/// Reads what waits.
fn drain(folder: &Path, database: Option<&str>) {
    let status = command(folder, database, "worker")
        .arg("--drain")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

fn command(folder: &Path, database: Option<&str>, verb: &str) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg(verb).arg("--data").arg(folder.join("data")).arg("--root-key").arg(folder.join("root.key"));
    if let Some(database) = database {
        command.args(["--database", database]);
    }
    command
}

/// The binary, serving.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path, database: Option<&str>, workers: u8) -> Self {
        let mut child = command(folder, database, "serve")
            .args(["--listen", "127.0.0.1:0", "--behind-tls", "--workers", &workers.to_string()])
            .stderr(Stdio::piped())
            .stdout(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("the server ended").unwrap();
            if let Some((_, address)) = line.split_once("pages on http://") {
                break address.to_owned();
            }
        };
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
        Self { child, address }
    }

    fn memory_mb(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.child.wait();
    }
}
