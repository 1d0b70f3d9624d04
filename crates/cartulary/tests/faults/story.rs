//! One life of a register through all commands that write, each killed at a point and run again until it is done.

use crate::{
    desk::{Desk, entries, said, text},
    disk::break_vault,
    papers::each_was_read_once,
    ready::Ready,
    sheets::sheet,
    workers,
};
use serde_json::Value;
use std::{collections::BTreeSet, fs, os::unix::process::ExitStatusExt as _, process::Output};

pub(crate) struct Story<'a> {
    desk: Desk,
    point: &'a str,
    /// The passing at which the first run of each command is killed.
    time: u32,
    pub(crate) kills: usize,
    pub(crate) acknowledged: usize,
    acknowledged_documents: BTreeSet<String>,
    backups: usize,
}

/// The sheets of the two deliveries of the first case, and of the second case.
const FIRST: [&[usize]; 2] = [&[1, 3, 11, 1], &[2, 3]];
const SECOND: &[usize] = &[4, 5];
/// More papers than rows lie behind a checkpoint.
const MANY: usize = 1_001;

impl<'a> Story<'a> {
    pub(crate) fn new(database: Option<String>, point: &'a str, time: u32) -> Self {
        let desk = Desk::empty(database);
        let (kills, acknowledged, backups) = (0, 0, 0);
        Self { desk, point, time, kills, acknowledged, acknowledged_documents: BTreeSet::new(), backups }
    }

    /// Lives it; nothing may be lost or doubled at its end.
    pub(crate) fn live(&mut self, ready: &mut Ready) {
        self.until_done(|_| vec!["init".to_owned()], ready);
        let first = self.receive("a", FIRST[0], None, ready);
        let second = self.receive("b", SECOND, None, ready);
        assert_eq!(self.receive("c", FIRST[1], Some(&first), ready), first);
        // The same once more is the same receipt.
        assert_eq!(self.receive("b", SECOND, None, ready), second);
        if self.is_long() {
            let many = self.receive("d", &[1; MANY], Some(&first), ready);
            assert_eq!(many, first);
        }
        self.work(ready);
        self.check_second(&second);
        // Of what cannot be read no facts are taken: a job that ends without an entry.
        self.desk.lay("e", "film.mp4", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2");
        let film = ["receive", &self.desk.text("e"), "--json", "--case", &second].map(str::to_owned);
        self.until_done(|_| film.to_vec(), ready);
        self.work(ready);
        let erase = ["erase", &second, "--reason", "asked", "--yes"].map(str::to_owned);
        self.until_done(|_| erase.to_vec(), ready);
        self.until_done(|_| vec!["rebuild".to_owned()], ready);
        let safe = self.desk.text("safe.key");
        let recipient = self.desk.good(&["backup-key", &safe]).trim().to_owned();
        self.until_done(
            |story| {
                story.backups += 1;
                let folder = story.desk.text(&format!("backup-{}", story.backups));
                ["backup", &folder, "--to", &recipient].map(str::to_owned).to_vec()
            },
            ready,
        );
        let next = self.desk.text("next.key");
        self.until_done(|_| ["rotate-key", "--new", &next].map(str::to_owned).to_vec(), ready);
        self.desk.key = "next.key";
        self.check(&first);
    }

    /// Whether so much must come together that a checkpoint falls into it.
    fn is_long(&self) -> bool {
        self.point == "append.checkpoint_written"
    }

    fn work(&mut self, ready: &mut Ready) {
        if self.point == "job.failed" && self.kills == 0 {
            // No job fails but by a fault. It is tried again after half a minute.
            let mut worker = self.desk.command(&["worker", "--once", "--lease", "1"]);
            break_vault(&mut worker, &self.desk);
            worker.env("CARTULARY_FAIL_POINT", "job.failed:1");
            let output = worker.output().unwrap();
            assert_eq!(output.status.signal(), Some(9), "{}", said(&output));
            self.kills += 1;
        }
        let drain = ["worker", "--drain", "--lease", "1"].map(str::to_owned);
        self.until_done(|_| drain.to_vec(), ready);
        workers::finish(&self.desk, 1);
    }

    /// Runs a command: killed at the point, killed again at its first passing, then left alone.
    fn until_done(
        &mut self,
        mut arguments: impl FnMut(&mut Self) -> Vec<String>,
        ready: &mut Ready,
    ) -> Output {
        for attempt in 0..3 {
            let words = arguments(self);
            let mut command = self.desk.command(&words.iter().map(String::as_str).collect::<Vec<_>>());
            let time = [self.time, 1].get(attempt).copied();
            if let Some(time) = time {
                command.env("CARTULARY_FAIL_POINT", format!("{}:{time}", self.point));
            }
            let output = command.output().unwrap();
            self.note(&output);
            if output.status.signal() == Some(9) {
                self.kills += 1;
                if words[0] != "init" && words[0] != "rotate-key" {
                    ready.ask(&self.desk);
                }
                continue;
            }
            let is_made = words[0] == "init" && said(&output).contains("there is a register already");
            assert!(output.status.success() || is_made, "{words:?} at {}: {}", self.point, said(&output));
            return output;
        }
        panic!("killed without an order");
    }

    /// Notes what was acknowledged, also by a command that was killed after it.
    fn note(&mut self, output: &Output) {
        let Ok(told) = serde_json::from_slice::<Value>(&output.stdout) else { return };
        let Some(papers) = told["papers"].as_array() else { return };
        self.acknowledged += 1;
        self.acknowledged_documents.extend(
            papers.iter().map(|paper| format!("{}/{}", text(&told["case"]), text(&paper["document"]))),
        );
    }

    fn receive(&mut self, folder: &str, sheets: &[usize], case: Option<&str>, ready: &mut Ready) -> String {
        for (place, number) in sheets.iter().enumerate() {
            let (ending, bytes) = sheet(*number);
            self.desk.lay(folder, &format!("{place}-{number}.{ending}"), &bytes);
        }
        let mut words = vec!["receive".to_owned(), self.desk.text(folder), "--json".to_owned()];
        words.extend(case.into_iter().flat_map(|case| ["--case".to_owned(), case.to_owned()]));
        let output = self.until_done(|_| words.clone(), ready);
        text(&serde_json::from_slice::<Value>(&output.stdout).unwrap()["case"])
    }

    fn check_second(&self, second: &str) {
        let shown = self.desk.show(second);
        assert_eq!(shown["documents"].as_array().unwrap().len(), SECOND.len(), "{}", self.point);
        self.all_acknowledged(&shown, second);
        each_was_read_once(&shown);
    }

    fn all_acknowledged(&self, shown: &Value, case: &str) {
        let documents = shown["documents"].as_array().unwrap();
        let held: BTreeSet<String> =
            documents.iter().map(|document| format!("{case}/{}", text(&document["document"]))).collect();
        let told = self.acknowledged_documents.iter().filter(|told| told.starts_with(case));
        let lost: Vec<_> = told.filter(|told| !held.contains(*told)).collect();
        assert!(lost.is_empty(), "lost at {}: {lost:?}", self.point);
    }

    fn check(&self, first: &str) {
        let desk = &self.desk;
        assert_eq!(desk.cases(), [first], "{}", self.point);
        let shown = desk.show(first);
        self.all_acknowledged(&shown, first);
        each_was_read_once(&shown);
        let arrivals = entries(&shown).iter().filter(|(kind, _)| kind == "received").count();
        let more = if self.is_long() { MANY } else { 0 };
        assert_eq!(arrivals, FIRST.concat().len() + more, "{}", self.point);
        let mut sent: Vec<Vec<u8>> = [1, 2, 3, 11].map(|number| sheet(number).1).to_vec();
        desk.good(&["export", first, &desk.text("out")]);
        let originals = fs::read_dir(desk.path("out/originals")).unwrap();
        let mut held: Vec<Vec<u8>> = originals.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
        held.sort();
        sent.sort();
        assert!(held == sent, "{}: originals", self.point);
        let report = desk.verify();
        assert_eq!(report["erased"], 1, "{}: {report}", self.point);
    }
}
