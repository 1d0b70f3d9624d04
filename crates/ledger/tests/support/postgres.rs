//! A PostgreSQL cluster of the tests' own: made in a temporary folder, reached by its socket, gone with the tests.
//!
//! One cluster serves all test processes of one run, since making it takes longer than most tests. The first process
//! that wants it makes it under a lock and leaves a watcher behind, which stops the server and removes the folder as
//! soon as the run's first process is gone, however it ended. No running server is ever touched.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// Whether the caller asked to leave PostgreSQL out, for machines without it.
pub(crate) fn left_out() -> bool {
    std::env::var_os("CARTULARY_WITHOUT_POSTGRES").is_some()
}

/// A new empty database, as an address that the ledger opens.
///
/// `durable` clusters write through to the disk as a real one does; tests that do not measure save that time.
pub(crate) fn database(durable: bool) -> String {
    Cluster::of_this_run(durable).new_database()
}

/// A copy of a database that nobody is connected to.
pub(crate) fn copy_of(address: &str) -> String {
    let from = name_in(address);
    let name = format!("{from}_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    Cluster::of_this_run(false).run_sql(&format!("CREATE DATABASE {name} TEMPLATE {from}"));
    address.replacen(&from, &name, 1)
}

/// Removes a database.
pub(crate) fn drop(address: &str) {
    let name = name_in(address);
    Cluster::of_this_run(false).run_sql(&format!("DROP DATABASE {name} WITH (FORCE)"));
}

fn name_in(address: &str) -> String {
    let database = address.split('?').next().and_then(|address| address.rsplit('/').next());
    database.expect("an address has a database").to_owned()
}

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Runs SQL in a database that [`database`] gave, as its owner.
pub(crate) fn run_sql(address: &str, sql: &str) {
    let told =
        Command::new(programme("psql")).args(["-q", "-v", "ON_ERROR_STOP=1", "-c", sql, address]).output();
    expect_good("psql", told);
}

/// All that a database holds, as SQL.
pub(crate) fn dump(address: &str) -> Vec<u8> {
    let told = Command::new(programme("pg_dump")).arg(address).output();
    let told = told.expect("pg_dump could not be started");
    assert!(told.status.success(), "pg_dump failed: {}", String::from_utf8_lossy(&told.stderr));
    told.stdout
}

const USER: &str = "cartulary";

/// A cluster of one test alone, which writes through to the disk, and which the test may stop.
pub(crate) struct OwnCluster(Cluster);

impl OwnCluster {
    pub(crate) fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("cartulary-pg-own-{}-{number}", std::process::id());
        let cluster = Cluster { folder: std::env::temp_dir().join(name), durable: true };
        cluster.make(std::process::id());
        Self(cluster)
    }

    /// A new empty database in it.
    pub(crate) fn database(&self) -> String {
        self.0.new_database()
    }

    /// Where it keeps everything: tables, indices, write-ahead log, log.
    pub(crate) fn folder(&self) -> &std::path::Path {
        &self.0.folder
    }

    /// Ends all its processes as if the power were cut: nothing is written any more.
    pub(crate) fn stop_at_once(&self) {
        self.0.control(&["stop", "-m", "immediate", "-w"]);
    }

    pub(crate) fn start_again(&self) {
        self.0.start();
    }
}

struct Cluster {
    folder: PathBuf,
    durable: bool,
}

impl Cluster {
    fn of_this_run(durable: bool) -> Self {
        let run = if std::env::var_os("NEXTEST_RUN_ID").is_some() {
            std::os::unix::process::parent_id()
        } else {
            std::process::id()
        };
        let kind = if durable { "durable" } else { "quick" };
        let folder = std::env::temp_dir().join(format!("cartulary-pg-{run}-{kind}"));
        let lock = fs::File::create(folder.with_extension("lock")).unwrap();
        lock.lock().unwrap();
        let cluster = Self { folder, durable };
        if !cluster.folder.join("ready").exists() {
            cluster.make(run);
        }
        cluster
    }

    fn make(&self, run: u32) {
        let _ = fs::remove_dir_all(&self.folder);
        fs::create_dir_all(&self.folder).unwrap();
        fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o755)).unwrap();
        if is_root() {
            let (user, group) = (number_of("-u"), number_of("-g"));
            std::os::unix::fs::chown(&self.folder, Some(user), Some(group)).unwrap();
        }
        let told = self
            .as_owner("initdb")
            .args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username", USER, "-D"])
            .arg(self.data())
            .output();
        expect_good("initdb", told);
        self.start();
        self.watch(run);
        fs::write(self.folder.join("ready"), "").unwrap();
    }

    fn start(&self) {
        let sync = if self.durable { "on" } else { "off" };
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync={sync} -c max_connections=200 \
             -c shared_buffers=64MB -c log_min_messages=fatal",
            self.folder.display()
        );
        self.control(&["start", "-w", "-o", &options]);
    }

    fn control(&self, arguments: &[&str]) {
        let status = self
            .as_owner("pg_ctl")
            .args(["-s", "-D"])
            .arg(self.data())
            .arg("-l")
            .arg(self.folder.join("log"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("pg_ctl could not be started");
        assert!(status.success(), "pg_ctl failed; its log: {}", self.log());
    }

    /// Leaves a process behind that waits for the end of the run and then clears up.
    ///
    /// It is in a session of its own, so that what ends the run does not end it too.
    fn watch(&self, run: u32) {
        let become_owner =
            if is_root() { "setpriv --reuid=postgres --regid=postgres --clear-groups " } else { "" };
        let script = format!(
            "while kill -0 {run} 2>/dev/null; do sleep 0.5; done; {become_owner}{} stop -s -m immediate -D {}; \
             rm -rf {} {}",
            programme("pg_ctl").display(),
            self.data().display(),
            self.folder.display(),
            self.folder.with_extension("lock").display(),
        );
        let mut watcher = Command::new("setsid");
        watcher.args(["--fork", "sh", "-c", &script]);
        watcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = watcher.status().expect("the watcher of the cluster could not be started");
        assert!(started.success(), "the watcher of the cluster could not be started");
    }

    fn new_database(&self) -> String {
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        self.run_sql(&format!("CREATE DATABASE {name}"));
        format!("postgres://{USER}@localhost:5432/{name}?host={}", self.folder.display())
    }

    fn run_sql(&self, sql: &str) {
        let told = Command::new(programme("psql"))
            .args(["-q", "-U", USER, "-d", "postgres", "-c", sql, "-h"])
            .arg(&self.folder)
            .output();
        expect_good("psql", told);
    }

    /// A programme of PostgreSQL run as somebody who is not root, because the server refuses root.
    fn as_owner(&self, name: &str) -> Command {
        let programme = programme(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(programme);
            command
        } else {
            Command::new(programme)
        };
        command.current_dir(&self.folder);
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// Debian keeps the server's programmes out of the search path, in a folder for each version.
fn programme(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).collect();
    found.sort();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    found.pop().or_else(|| std::env::split_paths(&on_path).map(|path| path.join(name)).find(|path| path.exists()))
        .unwrap_or_else(|| {
            panic!("needs {name}: install postgresql, or set CARTULARY_WITHOUT_POSTGRES=1 to leave these tests out")
        })
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

fn number_of(what: &str) -> u32 {
    let told = Command::new("id").args([what, "postgres"]).output().unwrap();
    String::from_utf8_lossy(&told.stdout).trim().parse().expect("there is no user postgres on this machine")
}

fn expect_good(name: &str, told: std::io::Result<std::process::Output>) {
    let told = told.unwrap_or_else(|error| panic!("{name} could not be started: {error}"));
    assert!(told.status.success(), "{name} failed: {}", String::from_utf8_lossy(&told.stderr));
}
