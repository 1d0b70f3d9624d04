//! Two hundred words that exist nowhere else go into a register by every door, and lie nowhere in the clear.

use crate::{
    acts,
    desk::{Desk, Engine, is_full, many},
    postgres::{self, OwnCluster},
    search::{Hit, Searcher, base64},
    sheets::{docx, pdf},
    workers,
};
use std::{
    fs::{self, File},
    io::Write as _,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Names, phones, ids and free text in English and Chinese. Lower case, so that what is folded is found too; rare
/// characters, so that nothing else holds them.
pub(crate) fn words() -> Vec<String> {
    const RARE: &[char] =
        &['龘', '靐', '齉', '爩', '鱻', '麤', '龗', '灪', '籱', '爨', '癵', '驫', '纞', '虋', '讟', '钃'];
    let chinese = |number: usize, length: usize| -> String {
        (0..length).map(|place| RARE[(number / 16_usize.pow(place as u32) + place * 5) % 16]).collect()
    };
    let mut words = Vec::new();
    words.extend((0..40).map(|number| format!("qvarnholtz{number:03}")));
    words.extend((0..40).map(|number| chinese(number * 37 + 5, 4)));
    words.extend((0..30).map(|number| format!("49171557{:06}", 102_938 + number * 7_919)));
    words.extend((0..30).map(|number| format!("mrnzq{:07}x", 4_410_233 + number * 104_729)));
    words.extend((0..30).map(|number| format!("zephyroxin{number:03}blemish")));
    words.extend((0..30).map(|number| chinese(number * 91 + 2_000, 6)));
    words
}

/// A register with a temporary folder and logs of its own, both searched.
struct Hospital {
    desk: Desk,
    cluster: Option<OwnCluster>,
    searcher: Searcher,
    commands: usize,
    searches: usize,
    looked: u64,
}

impl Hospital {
    fn new(engine: Engine, words: &[String]) -> Self {
        let cluster = (engine == Engine::Postgres).then(OwnCluster::new);
        let desk = Desk::empty(cluster.as_ref().map(OwnCluster::database));
        fs::create_dir(desk.path("tmp")).unwrap();
        fs::create_dir(desk.path("logs")).unwrap();
        let mut hospital =
            Self { desk, cluster, searcher: Searcher::new(words), commands: 0, searches: 0, looked: 0 };
        hospital.good(&["init"]);
        hospital
    }

    fn command(&mut self, arguments: &[&str]) -> Command {
        self.commands += 1;
        let log = File::create(self.desk.path(&format!("logs/{}.log", self.commands))).unwrap();
        let mut command = self.desk.command(arguments);
        command.env("TMPDIR", self.desk.path("tmp")).stdout(Stdio::piped()).stderr(log);
        command
    }

    fn run(&mut self, arguments: &[&str]) -> Output {
        self.command(arguments).spawn().unwrap().wait_with_output().unwrap()
    }

    fn good(&mut self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let log = fs::read_to_string(self.desk.path(&format!("logs/{}.log", self.commands))).unwrap();
        assert!(output.status.success(), "{arguments:?}: {log}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command until it stands at a point, searches, and kills it there; whether it came so far.
    fn search_at(&mut self, point: &str, arguments: &[&str]) {
        let mut command = self.command(arguments);
        let child = command.env("CARTULARY_FAIL_POINT", format!("{point}:1:stop")).spawn().unwrap();
        let stat = PathBuf::from(format!("/proc/{}/stat", child.id()));
        loop {
            let told = fs::read_to_string(&stat).unwrap();
            match told.rsplit(") ").next().and_then(|rest| rest.chars().next()) {
                Some('T') => break,
                Some('Z') => panic!("{arguments:?} did not pass {point}"),
                _ => std::thread::sleep(std::time::Duration::from_millis(20)),
            }
        }
        self.search(&format!("while {} stood at {point}", arguments[0]));
        let mut child = child;
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        self.search(&format!("after {} was killed at {point}", arguments[0]));
    }

    /// Nothing may be found anywhere.
    fn search(&mut self, when: &str) {
        let mut hits: Vec<Hit> = Vec::new();
        let mut folders: Vec<PathBuf> =
            ["data", "tmp", "logs", "backups", "restored"].map(|name| self.desk.path(name)).to_vec();
        self.searches += 1;
        // Most of a cluster is the same each time: a small run looks at it now and then, and at the end.
        if is_full() || self.searches.is_multiple_of(5) || when == "at the end" {
            folders.extend(self.cluster.as_ref().map(|cluster| cluster.folder().to_owned()));
        }
        for folder in folders.iter().filter(|folder| folder.exists()) {
            self.looked += self.searcher.folder(folder, &mut hits);
        }
        hits.sort();
        hits.dedup();
        assert!(hits.is_empty(), "{when}: {} hits, such as {:?}", hits.len(), &hits[..hits.len().min(8)]);
    }
}

/// A paper with some words in its text, in a form that can hold them.
fn paper(number: usize, words: &[String]) -> (&'static str, Vec<u8>) {
    let mut lines = vec!["Outpatient letter 门诊病历".to_owned(), "Report date: 2023-06-14".to_owned()];
    let says = ["Name: ", "姓名：", "Phone: ", "Patient no.: ", "History: she said ", "现病史："];
    lines.extend(words.iter().enumerate().map(|(place, word)| format!("{}{word}", says[place % says.len()])));
    lines.push("Diagnosis: diffuse large B-cell lymphoma. Haemoglobin 91 g/L.".to_owned());
    let plain = lines.join("\n").into_bytes();
    match number % 5 {
        1 => ("docx", docx(&lines)),
        2 if words.iter().all(|word| word.is_ascii()) => {
            lines.remove(0);
            lines.retain(|line| line.is_ascii());
            ("pdf", pdf(&lines))
        }
        3 => ("zip", zipped(&words[0], &plain)),
        4 => ("html", [b"<html><body><p>", plain.as_slice(), b"</p></body></html>"].concat()),
        _ => ("txt", plain),
    }
}

fn zipped(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(format!("{name}.txt"), zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(bytes).unwrap();
    zip.finish().unwrap().into_inner()
}

fn no_word_is_found(engine: Engine) {
    let words = words();
    assert_eq!(words.len(), 200);
    let mut hospital = Hospital::new(engine, &words);
    let mut cases = Vec::new();
    for (number, group) in words.chunks(10).enumerate() {
        let folder = format!("papers/{number}/{}", group[0]);
        for (place, half) in group.chunks(5).enumerate() {
            let (ending, bytes) = paper(number * 2 + place, half);
            hospital.desk.lay(&folder, &format!("{}-{}.{ending}", half[1], half[2]), &bytes);
            // The same once more, and one with nothing in it: both are told of.
            hospital.desk.lay(&folder, &format!("{}-again.{ending}", half[3]), &bytes);
            hospital.desk.lay(&folder, &format!("{}-empty.txt", half[4]), b"");
        }
        let folder = hospital.desk.text(&format!("papers/{number}"));
        let receive = ["receive", &folder, "--channel", "mail", "--from", &group[5], "--source", &group[6]];
        if number == 3 {
            for point in ["receive.kept", "append.before_commit", "append.committed"] {
                hospital.search_at(point, &receive);
            }
        }
        cases.push(hospital.good(&receive).trim().to_owned());
    }
    acts::say_all(&hospital.desk, &cases[0], &words);
    for point in ["read.kept", "append.before_commit", "extract.kept", "evaluate.kept"] {
        hospital.search_at(point, &["worker", "--lease", "1"]);
    }
    std::thread::sleep(std::time::Duration::from_secs(1));
    hospital.good(&["worker", "--drain", "--lease", "1"]);
    workers::finish(&hospital.desk, 1);
    hospital.search("after all was worked");
    look_up(&mut hospital, &cases, &words);
    hospital.search("after all was looked up");
    back_up(&mut hospital, engine);
    hospital.search_at("rebuild.before_commit", &["rebuild"]);
    hospital.good(&["rebuild"]);
    hospital.good(&["erase", &cases[1], "--reason", &words[7], "--yes"]);
    hospital.good(&["verify"]);
    if let Some(address) = &hospital.desk.database {
        postgres::run_sql(address, "CHECKPOINT");
        // As it comes out: unpacked, bytes in hex.
        let mut hits = Vec::new();
        hospital.searcher.bytes(&postgres::dump(address), Path::new("pg_dump"), 1, &mut hits);
        assert!(hits.is_empty(), "{hits:?}");
    }
    hospital.search("at the end");
    eprintln!(
        "{engine:?}: {} words into {} cases, {} commands, {:.0} MB looked through: 0 hits",
        words.len(),
        cases.len(),
        hospital.commands,
        hospital.looked as f64 / 1e6
    );
}

/// The words are in the register: commands find and show them.
fn look_up(hospital: &mut Hospital, cases: &[String], words: &[String]) {
    let mut missing = Vec::new();
    for word in words.iter().step_by(many(10, 1)) {
        let found = hospital.good(&["case", "search", word, "--json"]);
        if !found.contains(cases[0].get(..8).unwrap()) {
            missing.push(word);
        }
    }
    assert!(missing.len() * 10 < words.len(), "not found by the search: {missing:?}");
    let shown: String = cases.iter().map(|case| hospital.good(&["case", "show", case, "--json"])).collect();
    let hidden: Vec<_> = words.iter().filter(|word| !shown.contains(word.as_str())).collect();
    assert!(hidden.len() < words.len() / 2, "hardly any word is shown: {hidden:?}");
    for options in [["--facts", "--entries"], ["--evaluation", "--facts"]] {
        hospital.good(&[["case", "show", &cases[0]].as_slice(), &options].concat());
    }
    hospital.good(&["case", "list"]);
    hospital.good(&["case", "list", "--json"]);
}

fn back_up(hospital: &mut Hospital, engine: Engine) {
    fs::create_dir(hospital.desk.path("backups")).unwrap();
    let safe = hospital.desk.text("safe.key");
    let recipient = hospital.good(&["backup-key", &safe]).trim().to_owned();
    // Its copies are still there when it is killed.
    let half = hospital.desk.text("backups/half");
    hospital.search_at("copy.done", &["backup", &half, "--to", &recipient]);
    let whole = hospital.desk.text("backups/whole");
    hospital.good(&["backup", &whole, "--to", &recipient]);
    hospital.search("after a backup");
    let other = hospital.desk.text("restored");
    let mut restore = vec!["restore", &whole, "--identity", &safe, "--data", &other];
    let empty = hospital.cluster.as_ref().map(OwnCluster::database);
    if engine == Engine::Postgres {
        restore.extend(["--database", empty.as_deref().unwrap()]);
    }
    hospital.good(&restore);
    hospital.search("after it was restored");
}

#[test]
fn no_word_of_a_patient_lies_in_the_clear_on_sqlite() {
    no_word_is_found(Engine::Sqlite);
}

#[test]
fn no_word_of_a_patient_lies_in_the_clear_on_postgres() {
    if !postgres::left_out() {
        no_word_is_found(Engine::Postgres);
    }
}

/// The searcher finds each word in each dress, so that finding nothing says something.
#[test]
fn the_searcher_finds_what_is_there() {
    let words = words();
    let searcher = Searcher::new(&words);
    let folder = tempfile::TempDir::new().unwrap();
    for (number, word) in words.iter().enumerate() {
        let plain = word.as_bytes();
        let hex: String = plain.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(plain).unwrap();
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(plain).unwrap();
        let mut planted = vec![
            ("plain", plain.to_vec()),
            ("UTF-16 LE", word.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("UTF-16 BE", word.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            ("hex", hex.clone().into_bytes()),
            ("HEX", hex.to_uppercase().into_bytes()),
            ("plain", gzip.finish().unwrap()),
            ("plain", zlib.finish().unwrap()),
            ("plain", zipped("inside", plain)),
        ];
        for (shift, form) in ["base64", "base64 + 1", "base64 + 2"].into_iter().enumerate() {
            planted.push((form, base64(&[&b"xyz"[..shift], plain, b"uvw"].concat())));
        }
        for (place, (form, bytes)) in planted.into_iter().enumerate() {
            let path = folder.path().join(format!("{number}-{place}"));
            fs::write(&path, [&b"abc\0"[..number % 4], &bytes, b"def"].concat()).unwrap();
            let mut hits = Vec::new();
            searcher.bytes(&fs::read(&path).unwrap(), &path, 2, &mut hits);
            let found = hits.iter().any(|hit| hit.word == *word && hit.form == form);
            assert!(found, "{word} as {form}, planted {place}: {hits:?}");
        }
    }
    let mut hits = Vec::new();
    searcher.folder(folder.path(), &mut hits);
    assert!(hits.len() >= words.len() * 11);
    // A name of a file is looked at, too.
    fs::write(folder.path().join(&words[9]), "").unwrap();
    hits.clear();
    searcher.folder(folder.path(), &mut hits);
    assert!(hits.iter().any(|hit| hit.word == words[9] && hit.place.ends_with(&words[9])));
}
