//! A keeper whose children carry out probes, and what they said.

use cartulary_reading::ReadDocument;
use cartulary_sandbox::{BoxedReader, Deadlines, End, Heard, Inmate, Input, Keeper, Limits, Request, Start};
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub(crate) const PROBE: &str = env!("CARGO_BIN_EXE_sandbox-probe");

/// Time enough on a busy machine for what ends by itself.
pub(crate) const LONG: Duration = Duration::from_secs(60);

fn start(word: &str) -> Start {
    Start { program: Some(PathBuf::from(PROBE)), arguments: vec![word.into()] }
}

/// A keeper whose children carry out the probe that is named in their order.
pub(crate) fn keeper() -> Keeper {
    Keeper::new(start("reader"))
}

/// A reader whose children play the script that they are given to read.
pub(crate) fn actors(deadlines: Deadlines) -> BoxedReader {
    BoxedReader::new(start("reader"), deadlines)
}

/// A reader on a kernel without Landlock.
pub(crate) fn on_an_old_kernel() -> BoxedReader {
    BoxedReader::new(start("old kernel"), Deadlines::default())
}

/// Runs the probe as a parent, and gives what its last line says that it has grown by.
pub(crate) fn grown(arguments: &[&str]) -> usize {
    let output = std::process::Command::new(PROBE).args(arguments).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = said.lines().last().and_then(|line| line.strip_prefix("grown ")?.parse().ok());
    last.unwrap_or_else(|| panic!("no figure: {}", String::from_utf8_lossy(&output.stderr)))
}

/// A reader whose children read.
pub(crate) fn readers(deadlines: Deadlines) -> BoxedReader {
    BoxedReader::new(start("honest"), deadlines)
}

/// Deadlines that a test can wait for.
pub(crate) fn short() -> Deadlines {
    let second = Duration::from_secs(1);
    Deadlines { document: 30 * second, page: second, recognised_page: second, second_try: second }
}

pub(crate) fn request<'a>(name: &'a str, bytes: &'a [u8]) -> Request<'a> {
    Request { name, bytes, threads: 1, pictures: false, drawn_over: false, password: None }
}

pub(crate) fn read(reader: &BoxedReader, name: &str, bytes: &[u8]) -> Vec<ReadDocument> {
    reader.read(&request(name, bytes), &mut |_| {}).expect("the box can be used")
}

/// A child that carries out a probe.
pub(crate) fn probe(keeper: &Keeper, name: &str) -> Inmate {
    probe_on(keeper, name, b"some bytes")
}

pub(crate) fn probe_on(keeper: &Keeper, name: &str, bytes: &[u8]) -> Inmate {
    let input = Input::new(bytes).expect("memory for the input");
    keeper.summon(name.as_bytes(), &input, Limits::parsing(), false).expect("the zygote runs")
}

/// All frames of a child, and how it ended.
pub(crate) fn all(mut inmate: Inmate, within: Duration) -> (Vec<(u8, Vec<u8>)>, End) {
    let deadline = Instant::now() + within;
    let mut frames = Vec::new();
    loop {
        match inmate.next(deadline) {
            Heard::Frame(kind, body) => frames.push((kind, body)),
            Heard::End(End::Unlockable(why)) => {
                panic!("this machine cannot build the box, nothing was tested: {why}")
            }
            Heard::End(end) => return (frames, end),
        }
    }
}

pub(crate) fn end_of(keeper: &Keeper, name: &str, within: Duration) -> End {
    all(probe(keeper, name), within).1
}

/// Whether a process of this number runs, that is, is there and not only waiting to be buried.
pub(crate) fn runs(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    status
        .rsplit(')')
        .next()
        .is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with(['Z', 'X']))
}

/// The children of a process.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let list = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

/// Waits until something is so.
pub(crate) fn eventually(what: &str, so: impl Fn() -> bool) {
    let deadline = Instant::now() + LONG;
    while !so() {
        assert!(Instant::now() < deadline, "never happened: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
