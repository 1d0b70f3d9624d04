//! A register of its own, and the programme at work on it.

use crate::postgres;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// Whether all is done that the documents have figures of.
pub(crate) fn is_full() -> bool {
    std::env::var("CARTULARY_FAULTS").is_ok_and(|asked| asked == "full")
}

/// `full` of something in a full run, `small` otherwise.
pub(crate) fn many(small: usize, full: usize) -> usize {
    if is_full() { full } else { small }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// The folder of a register, its keys, and the papers that come into it.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) database: Option<String>,
    /// The name of the file with the root key.
    pub(crate) key: &'static str,
}

impl Desk {
    /// A folder without a register yet.
    pub(crate) fn empty(database: Option<String>) -> Self {
        Self { folder: TempDir::new().unwrap(), database, key: "root.key" }
    }

    pub(crate) fn new(engine: Engine) -> Self {
        let database = (engine == Engine::Postgres).then(|| postgres::database(true));
        let desk = Self::empty(database);
        desk.good(&["init"]);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        // Another build, to look at an old one or while a new one is made. It must know fail points.
        let programme =
            std::env::var_os("CARTULARY_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_cartulary").into());
        let mut command = Command::new(programme);
        command
            .args(arguments)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
            .env("CARTULARY_DATA", self.path("data"))
            .env("CARTULARY_ROOT_KEY", self.path(self.key))
            .env_remove("CARTULARY_DATABASE")
            .stdin(Stdio::null());
        if let Some(database) = &self.database {
            command.env("CARTULARY_DATABASE", database);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs a command that must succeed, and gives what it printed.
    pub(crate) fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {}{printed}", said(&output));
        printed
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.good(arguments)).unwrap()
    }

    pub(crate) fn show(&self, case: &str) -> Value {
        self.json(&["case", "show", case, "--json"])
    }

    /// All cases of the worklist.
    pub(crate) fn cases(&self) -> Vec<String> {
        let list = self.json(&["case", "list", "--limit", "100000", "--json"]);
        list.as_array().unwrap().iter().map(|case| text(&case["case"])).collect()
    }

    /// Lays a paper down that can be received.
    pub(crate) fn lay(&self, folder: &str, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(folder).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Verifies all, which must be as it was written; gives the report.
    pub(crate) fn verify(&self) -> Value {
        let output = self.run(&["verify", "--json"]);
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
        assert_eq!(report["clean"], true, "{report}");
        report
    }
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The kinds of the entries of a case as `case show --json` gives it, each with its document where it has one.
pub(crate) fn entries(case: &Value) -> Vec<(String, String)> {
    let all = case["entries"].as_array().unwrap();
    all.iter().map(|entry| (text(&entry["body"]["kind"]), text(&entry["body"]["document"]))).collect()
}
