//! Parents and zygotes in unusual circumstances, each as a process of its own that a test can kill or measure.

use crate::{attacks, say};
use cartulary_sandbox::{BoxedReader, Deadlines, Heard, Input, Keeper, Limits, Request, Start};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn start(word: &str) -> Start {
    Start { program: None, arguments: vec![word.into()] }
}

/// Has a child that sleeps, says the number of its zygote, and waits to be killed.
pub(crate) fn wait() -> ExitCode {
    let keeper = Keeper::new(start("reader"));
    let input = Input::new(b"").expect("memory");
    let _inmate = keeper.summon(b"sleep", &input, Limits::parsing(), false).expect("it starts");
    say(&keeper.zygote_pid().unwrap_or_default().to_string());
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}

/// A zygote on a kernel that has no Landlock.
pub(crate) fn without_landlock() -> ExitCode {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
    let gone = BTreeMap::from([(libc::SYS_landlock_create_ruleset, Vec::new())]);
    let not_there = SeccompAction::Errno(libc::ENOSYS as u32);
    let arch = std::env::consts::ARCH.try_into().expect("a known processor");
    let filter = SeccompFilter::new(gone, SeccompAction::Allow, not_there, arch).expect("a filter");
    let filter: BpfProgram = filter.try_into().expect("a programme");
    seccompiler::apply_filter(&filter).expect("it is taken");
    cartulary_sandbox::serve(attacks::Probes)
}

/// Reads every file of a folder in a box; says of each how it ended, and at last by how much this process has grown.
pub(crate) fn read_all(folder: &str) -> ExitCode {
    let reader = BoxedReader::new(start("honest"), Deadlines::default());
    reader.check().expect("the box can be used");
    let before = resident();
    let mut names: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").flatten().map(|file| file.path()).collect();
    names.sort();
    for path in names {
        let bytes = std::fs::read(&path).expect("a file");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let request = Request {
            name: &name,
            bytes: &bytes,
            threads: 1,
            pictures: true,
            drawn_over: false,
            password: None,
        };
        let begun = Instant::now();
        let documents = reader.read(&request, &mut |_| {}).expect("the box can be used");
        let took = begun.elapsed().as_millis();
        let pages: usize = documents.iter().map(|document| document.source.pages.len()).sum();
        let unread: Vec<&str> = documents
            .iter()
            .flat_map(|document| &document.source.unread)
            .map(|unread| unread.detail.as_str())
            .take(2)
            .collect();
        say(&format!("{name}: {pages} pages, {took} ms, {unread:?}"));
    }
    say(&format!("grown {}", resident().saturating_sub(before)))
}

/// Takes 400 MiB of frames from a child, and says by how much it has grown.
pub(crate) fn endure() -> ExitCode {
    let keeper = Keeper::new(start("reader"));
    let input = Input::new(b"").expect("memory");
    let mut inmate = keeper.summon(b"long frames", &input, Limits::parsing(), false).expect("it starts");
    let before = resident();
    for _ in 0..100 {
        let heard = inmate.next(Instant::now() + Duration::from_secs(60));
        assert!(matches!(heard, Heard::Frame(b'P', body) if body.len() == 4 << 20));
    }
    say(&format!("grown {}", resident().saturating_sub(before)))
}

fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split_whitespace().nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}
