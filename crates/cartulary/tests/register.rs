//! The commands of the register as people run them, on both engines: from papers in to a backup back and a case erased.

use crate::postgres;
use serde_json::Value;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// A register of its own.
pub(crate) struct Desk {
    folder: TempDir,
    database: Option<String>,
    /// What else the commands are given: keys, a bucket.
    pub(crate) environment: Vec<(String, String)>,
}

pub(crate) const ENGLISH: &str = "Pathology report\nName: Ann Moore\nSex: female\nDate of birth: 1961-04-02\nReport date: 2023-06-14\n\
    Diagnosis: diffuse large B-cell lymphoma, non-GCB.\nCD20 positive, CD19 positive. Ki-67 80%.\n";
pub(crate) const CHINESE: &str = "出院小结\n姓名：王小明  性别：男  年龄：58岁\n出院日期：2024-03-01\n诊断：弥漫大B细胞淋巴瘤 IV期\n\
    治疗：R-CHOP 6个周期，疗效PR。\n";

impl Desk {
    fn new(on_postgres: bool) -> Self {
        let mut desk = Self::bare(on_postgres);
        desk.set("CARTULARY_ROOT_KEY", &desk.text("root.key"));
        desk.good(&["init"]);
        desk
    }

    /// A place for a register, without one and without a key.
    pub(crate) fn bare(on_postgres: bool) -> Self {
        let (folder, database) = (TempDir::new().unwrap(), on_postgres.then(|| postgres::database(false)));
        Self { folder, database, environment: Vec::new() }
    }

    /// Gives the commands from here on this variable.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cartulary"));
        command
            .args(arguments)
            .current_dir(crate::support::root())
            .env("CARTULARY_DATA", self.path("data"))
            .env_remove("CARTULARY_ROOT_KEY")
            .env_remove("CARTULARY_DATABASE")
            .stdin(Stdio::null())
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
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
        assert!(
            output.status.success(),
            "{arguments:?}: {}{}",
            said(&output),
            String::from_utf8_lossy(&output.stdout)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.good(arguments)).unwrap()
    }

    /// Runs a command that must fail with code 1, and gives what it said.
    pub(crate) fn bad(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", said(&output));
        said(&output)
    }

    pub(crate) fn paper(&self, name: &str, text: &str) -> String {
        let path = self.path("papers").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    }

    pub(crate) fn receive(&self, paths: &[&str]) -> String {
        self.good(&[&["receive"], paths].concat()).trim().to_owned()
    }

    /// Two cases, worked.
    pub(crate) fn with_two_cases(&self) -> (String, String) {
        let (english, chinese) = (self.paper("a/report.txt", ENGLISH), self.paper("b/小结.txt", CHINESE));
        let cases = (self.receive(&[&english]), self.receive(&[&chinese]));
        self.good(&["worker", "--drain"]);
        cases
    }

    pub(crate) fn verify(&self) -> Value {
        let report = self.json(&["verify", "--texts", "--json"]);
        assert_eq!(report["clean"], true, "{report}");
        report
    }
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn engines() -> Vec<bool> {
    if postgres::left_out() { vec![false] } else { vec![false, true] }
}

#[test]
fn papers_become_a_case_that_is_read_evaluated_found_and_verified() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let (english, chinese) = desk.with_two_cases();
        let case = desk.json(&["case", "show", &english, "--json"]);
        assert_eq!(case["state"], "evaluated");
        assert_eq!(case["person"]["names"][0], "Ann Moore", "{}", case["person"]);
        let facts: Vec<&str> = case["facts"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|of| of["fact"]["concept"].as_str())
            .collect();
        assert!(facts.contains(&"hist.dlbcl_nos"), "{facts:?}");
        assert!(case["evaluation"]["evaluations"].as_array().is_some_and(|sets| !sets.is_empty()));
        // An id may be cut to its end.
        let shown = desk.good(&["case", "show", &chinese[chinese.len() - 6..]]);
        assert!(shown.contains("小结.txt") && shown.contains("王小明"), "{shown}");
        let list = desk.json(&["case", "list", "--json"]);
        assert_eq!(list.as_array().map(Vec::len), Some(2));
        for (words, case) in
            [("淋巴瘤", &chinese), ("Moore", &english), ("LYMPHOMA large", &english), ("王小明", &chinese)]
        {
            let found = desk.json(&["case", "search", words, "--json"]);
            assert_eq!(found["cases"].as_array().map(Vec::len), Some(1), "{words}: {found}");
            assert_eq!(found["cases"][0]["case"].as_str(), Some(case.as_str()), "{words}");
        }
        assert_eq!(desk.json(&["case", "search", "leukaemia", "--json"])["cases"], Value::Array(Vec::new()));
        desk.verify();
        desk.good(&["rebuild"]);
        desk.verify();
        assert!(desk.good(&["case", "search", "淋巴瘤"]).contains("王小明"));
    }
}

#[test]
fn the_same_papers_twice_are_one_receipt() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let (a, b) = (desk.paper("x/a.txt", ENGLISH), desk.paper("x/b.txt", CHINESE));
        let first = desk.receive(&[&a, &b]);
        assert_eq!(desk.receive(&[&b, &a]), first);
        let again = desk.json(&["receive", &a, "--case", &first, "--json"]);
        assert_eq!(again["papers"][0]["known"], true, "{again}");
        // The same bytes under another name are another arrival of the same document.
        let copy = desk.paper("x/copy.txt", ENGLISH);
        desk.receive(&[&copy, "--case", &first]);
        desk.receive(&[&copy, "--case", &first]);
        let case = desk.json(&["case", "show", &first, "--json"]);
        let documents = case["documents"].as_array().unwrap();
        assert_eq!(documents.len(), 2);
        let arrivals: Vec<u64> = documents.iter().filter_map(|of| of["arrivals"].as_u64()).collect();
        assert_eq!(arrivals.iter().sum::<u64>(), 4, "{arrivals:?}");
        assert_eq!(desk.json(&["case", "list", "--json"]).as_array().map(Vec::len), Some(1));
    }
}

#[test]
fn what_cannot_be_read_is_kept_and_told_and_the_same_sheet_is_pointed_at() {
    let desk = Desk::new(false);
    let video = desk.paper("film.mp4", "\0\0\0\u{20}ftypisom\0\0\u{2}\0isomiso2");
    let (a, b) = (desk.paper("a.txt", ENGLISH), desk.paper("b.html", &html(ENGLISH)));
    let case = desk.receive(&[&video, &a, &b]);
    desk.good(&["worker", "--drain"]);
    let shown = desk.good(&["case", "show", &case]);
    assert!(shown.contains("film.mp4") && shown.contains("not read"), "{shown}");
    assert!(shown.contains("same sheet as"), "{shown}");
    desk.verify();
    let to = desk.text("out");
    desk.good(&["export", &case, &to]);
    let original = fs::read(Path::new(&to).join("originals/01-film.mp4")).unwrap();
    assert_eq!(original, fs::read(video).unwrap());
    assert!(desk.bad(&["export", &case, &to]).contains("not empty"));
}

fn html(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("<p>{line}</p>")).collect();
    format!("<html><body>{}</body></html>", lines.concat())
}

#[test]
fn a_backup_comes_back_equal_and_opens_to_its_key_only() {
    for engine in engines() {
        let mut desk = Desk::new(engine);
        let (english, _) = desk.with_two_cases();
        let recipient = desk.good(&["backup-key", &desk.text("safe.key")]).trim().to_owned();
        desk.good(&["backup-key", &desk.text("other.key")]);
        let backup = desk.text("backup");
        desk.good(&["backup", &backup, "--to", &recipient]);
        assert!(desk.bad(&["backup", &backup, "--to", &recipient]).contains("not empty"));
        let before = desk.verify();
        let shown = desk.json(&["case", "show", &english, "--json"]);

        let fresh = desk.text("restored");
        if engine {
            desk.database = Some(postgres::database(false));
        }
        let restore = |key: &str| {
            vec![
                "restore".to_owned(),
                backup.clone(),
                "--identity".into(),
                desk.text(key),
                "--data".into(),
                fresh.clone(),
            ]
        };
        let as_str =
            |words: &[String]| words.iter().map(String::as_str).map(str::to_owned).collect::<Vec<_>>();
        let call =
            |words: Vec<String>| desk.run(&as_str(&words).iter().map(String::as_str).collect::<Vec<_>>());
        let refused = call(restore("other.key"));
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains("sealed to other people"), "{}", said(&refused));
        assert_eq!(fs::read_dir(&fresh).unwrap().count(), 0, "something was left behind");
        let restored = call(restore("safe.key"));
        assert!(restored.status.success(), "{}", said(&restored));

        let report = desk.json(&["verify", "--texts", "--json", "--data", &fresh]);
        assert_eq!(report["clean"], true, "{report}");
        assert!(report["entries"] == before["entries"] && report["vault"]["good"] == before["vault"]["good"]);
        let again = desk.json(&["case", "show", &english, "--json", "--data", &fresh]);
        assert_eq!(again["entries"], shown["entries"]);
        // One byte changed: refused before anything is opened.
        let vault = Path::new(&backup).join("vault.age");
        let mut bytes = fs::read(&vault).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&vault, bytes).unwrap();
        let third = desk.text("third");
        let said = desk.bad(&["restore", &backup, "--identity", &desk.text("safe.key"), "--data", &third]);
        assert!(said.contains("not as it was written"), "{said}");
        assert!(!Path::new(&third).exists());
    }
}

#[test]
fn a_new_root_key_takes_over_and_the_old_one_is_refused() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let (english, _) = desk.with_two_cases();
        let new = desk.text("new.key");
        desk.good(&["rotate-key", "--new", &new]);
        assert!(desk.bad(&["case", "show", &english]).contains("root key"));
        desk.good(&["case", "show", &english, "--root-key", &new]);
        // Run again, there is nothing left to do.
        desk.good(&["rotate-key", "--new", &new]);
        desk.good(&["verify", "--root-key", &new]);
    }
}

#[test]
fn an_erased_case_is_gone_and_the_register_still_whole() {
    for engine in engines() {
        let desk = Desk::new(engine);
        let (english, chinese) = desk.with_two_cases();
        let mut child = desk
            .command(&["erase", &english, "--reason", "asked by the patient"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(b"no\n").unwrap();
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
        desk.good(&["case", "show", &english]);
        let certificate = desk.good(&["erase", &english, "--reason", "asked by the patient", "--yes"]);
        assert!(certificate.contains(&english) && certificate.contains("SHA-256"), "{certificate}");
        assert!(desk.bad(&["case", "show", &english]).contains("was erased"));
        assert_eq!(desk.json(&["case", "search", "Moore", "--json"])["cases"], Value::Array(Vec::new()));
        desk.good(&["erase", &english, "--reason", "again", "--yes"]);
        let report = desk.verify();
        assert_eq!((report["erased"].as_u64(), report["vault"]["unexpected"].as_u64()), (Some(1), Some(0)));
        desk.good(&["case", "show", &chinese]);
    }
}

#[test]
fn whatever_is_no_register_of_this_key_is_refused_with_words_and_nothing_changes() {
    let desk = Desk::new(false);
    let (english, _) = desk.with_two_cases();
    // A key beside what it locks.
    let inside = desk.path("fresh").join("root.key");
    let init = ["init", "--data", &desk.text("fresh"), "--root-key", &inside.to_string_lossy()];
    assert!(desk.bad(&init).contains("inside the data folder"));
    assert!(desk.bad(&["init"]).contains("there is a register already"));
    // Another key.
    let other = desk.text("elsewhere");
    desk.good(&["init", "--data", &other, "--root-key", &desk.text("other.key")]);
    assert!(
        desk.bad(&["case", "show", &english, "--root-key", &desk.text("other.key")]).contains("root key")
    );
    // No register, and one that was copied in part.
    assert!(desk.bad(&["verify", "--data", &desk.text("nowhere")]).contains("there is no register"));
    assert!(!desk.path("nowhere").exists());
    fs::rename(desk.path("data").join("blobs"), desk.path("aside")).unwrap();
    assert!(desk.bad(&["verify"]).contains("copied in part"));
    fs::rename(desk.path("aside"), desk.path("data").join("blobs")).unwrap();
    fs::rename(desk.path("data").join("keys.db"), desk.path("aside")).unwrap();
    assert!(desk.bad(&["verify"]).contains("keys.db is missing"));
    fs::rename(desk.path("aside"), desk.path("data").join("keys.db")).unwrap();
    // What others put into the vault is named and left alone.
    let foreign = desk.path("data").join("blobs/notes.txt");
    fs::write(&foreign, "mine").unwrap();
    let output = desk.run(&["verify"]);
    assert!(output.status.success() && said(&output).contains("notes.txt is not ours"), "{}", said(&output));
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "mine");
    // A damaged original.
    let mut shards =
        fs::read_dir(desk.path("data").join("blobs")).unwrap().flatten().map(|entry| entry.path());
    let shard = shards.find(|path| path.is_dir() && !path.ends_with("incoming")).unwrap();
    let blob = fs::read_dir(shard).unwrap().next().unwrap().unwrap().path();
    fs::write(&blob, "damaged").unwrap();
    let output = desk.run(&["verify"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("is damaged"));
    // Wrong usage.
    assert_eq!(desk.run(&["erase", &english]).status.code(), Some(2));
}

#[test]
fn two_workers_share_the_work_and_double_nothing() {
    for engine in engines() {
        let desk = Desk::new(engine);
        for number in 0..12 {
            let paper = desk.paper(&format!("{number}.txt"), &format!("{ENGLISH}Sheet {number}\n"));
            desk.receive(&[&paper]);
        }
        let start = || desk.command(&["worker", "--drain"]).stderr(Stdio::null()).spawn().unwrap();
        let workers = [start(), start()];
        for mut worker in workers {
            assert!(worker.wait().unwrap().success());
        }
        desk.good(&["worker", "--drain"]);
        let cases = desk.json(&["case", "list", "--json"]);
        for case in cases.as_array().unwrap() {
            assert_eq!(
                (case["state"].as_str(), case["unread"].as_u64()),
                (Some("evaluated"), Some(0)),
                "{case}"
            );
        }
        desk.verify();
    }
}

#[test]
fn no_word_of_a_patient_lies_on_the_disk() {
    let desk = Desk::new(false);
    let (english, _) = desk.with_two_cases();
    desk.good(&["case", "show", &english]);
    let recipient = desk.good(&["backup-key", &desk.text("safe.key")]).trim().to_owned();
    desk.good(&["backup", &desk.text("backup"), "--to", &recipient]);
    let words: Vec<Vec<u8>> = ["Moore", "report.txt", "王小明", "淋巴瘤", "小结"]
        .iter()
        .flat_map(|word| {
            let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [word.as_bytes().to_vec(), wide]
        })
        .collect();
    for place in ["data", "backup"] {
        for path in files(&desk.path(place)) {
            let bytes = fs::read(&path).unwrap();
            for word in &words {
                let found = bytes.windows(word.len()).any(|window| window == word);
                assert!(!found, "{} holds a patient's word", path.display());
            }
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
