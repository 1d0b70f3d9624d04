//! Every way out is tried twice: free, where it must work, and in the box, where it must not.

use crate::support::{LONG, PROBE, all, keeper, probe};
use cartulary_sandbox::End;
use std::process::Command;

#[expect(dead_code, reason = "the probe uses what this test does not")]
#[path = "../../probe/escapes.rs"]
mod escapes;

/// Ways that are closed on some machines to everyone, for example by a container: there they prove nothing.
const MAY_BE_CLOSED: usize = 12;

#[test]
fn no_way_out_works_and_each_works_outside() {
    let keeper = keeper();
    let mut escaped = Vec::new();
    let mut closed = Vec::new();
    for (name, _) in escapes::ESCAPES {
        let free = Command::new(PROBE).args(["free", name]).output().expect("the probe starts");
        if !free.status.success() {
            closed.push(*name);
        }
        let (frames, end) = all(probe(&keeper, name), LONG);
        let tried = frames.first().is_some_and(|frame| frame.0 == b'T');
        assert!(tried, "{name}: the child did not come to try it ({end:?})");
        let refused = end == End::Forbidden
            || frames.iter().any(|(kind, body)| *kind == b'O' && body.starts_with(b"refused"));
        if !refused {
            escaped.push((*name, frames, end));
        }
    }
    eprintln!("{} ways out tried; closed to everyone here: {closed:?}", escapes::ESCAPES.len());
    assert!(escaped.is_empty(), "{escaped:#?}");
    let proven = escapes::ESCAPES.len() - closed.len();
    assert!(closed.len() <= MAY_BE_CLOSED && proven >= 25, "closed to everyone here: {closed:?}");
}

#[test]
fn secrets_of_the_parent_are_not_there() {
    // A descriptor that a careless library would leave open for children.
    let secret = tempfile::tempfile().expect("a file");
    let leaked = leak(&secret);
    let free = Command::new(PROBE).arg("look around").env("CANARY", "sings").output().expect("it starts");
    let seen = String::from_utf8_lossy(&free.stdout).into_owned();
    assert!(seen.contains("CANARY") && seen.contains(&format!("descriptor {leaked}")), "{seen}");
    // The test's own environment holds the paths of the build, at least.
    assert!(std::env::vars_os().count() > 0);
    let (frames, end) = all(probe(&keeper(), "look around"), LONG);
    assert_eq!(end, End::Exited);
    let seen = String::from_utf8(frames[0].1.clone()).expect("words");
    // Its pipe, as two descriptors, is all it has once its input is read.
    assert_eq!(seen, "descriptor 1, descriptor 2");
}

/// Opens the file again so that programmes started by this one inherit it.
#[expect(unsafe_code, reason = "the standard library rightly does not offer it")]
fn leak(file: &std::fs::File) -> i32 {
    use std::os::fd::AsRawFd;
    // SAFETY: duplicating a descriptor that is open.
    let leaked = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_DUPFD, 100) };
    assert!(leaked >= 100);
    leaked
}
