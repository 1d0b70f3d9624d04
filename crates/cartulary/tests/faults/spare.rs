//! What broken-off receipts leave in the vault is counted, and removed when it is old and no entry names it.

use crate::{
    desk::{Desk, Engine, said},
    sheets::sheet,
};
use std::{
    fs::{self, OpenOptions},
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

fn blobs(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(blobs(&path)),
            path if path.file_name().is_some_and(|name| name == "lock") => {}
            path => found.push(path),
        }
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "the disk's clock is set back")]
fn make_old(paths: &[PathBuf]) {
    let then = SystemTime::now() - Duration::from_secs(25 * 3_600);
    for path in paths {
        OpenOptions::new().write(true).open(path).unwrap().set_modified(then).unwrap();
    }
}

/// Breaks a receipt off at a point of its way.
fn break_off(desk: &Desk, point: &str, arguments: &[&str]) {
    let output = desk.command(arguments).env("CARTULARY_FAIL_POINT", point).output().unwrap();
    assert_eq!(output.status.signal(), Some(9), "{}", said(&output));
}

#[test]
fn what_broken_off_receipts_leave_is_counted_and_removed_when_it_is_old() {
    let desk = Desk::new(Engine::Sqlite);
    let lay = |number: usize| {
        desk.lay("papers", &format!("{number}.txt"), &sheet(number).1).to_string_lossy().into_owned()
    };
    let case = desk.good(&["receive", &lay(1)]).trim().to_owned();
    desk.good(&["worker", "--drain"]);
    let store = desk.path("data/blobs");
    let named = blobs(&store);
    // One original that no entry names, in a new case and in one that is there; and one half written.
    break_off(&desk, "receive.paper_kept:1", &["receive", &lay(2)]);
    break_off(&desk, "receive.kept:1", &["receive", &lay(4), "--case", &case]);
    let part = store.join("incoming").join(format!("{}.0123456789abcdef", "ab".repeat(32)));
    fs::write(&part, "half").unwrap();
    let report = desk.verify();
    assert_eq!(report["vault"]["unexpected"], 2, "{report}");
    let size = report["vault"]["unexpected_bytes"].as_u64().unwrap();
    assert!(size > 300, "{report}");
    let told = said(&desk.run(&["verify"]));
    assert!(
        told.contains("2 files in the vault without an entry") && told.contains("--clean-spare"),
        "{told}"
    );

    // Too young.
    let cleaned = desk.json(&["verify", "--clean-spare", "--json"]);
    assert_eq!(
        (&cleaned["vault"]["removed"], blobs(&store).len()),
        (&0.into(), named.len() + 3),
        "{cleaned}"
    );
    // Old, like all else in the vault; but the one receipt is sent again before, and counts on what lies there.
    make_old(&blobs(&store));
    desk.good(&["receive", &lay(4), "--case", &case]);
    let cleaned = desk.json(&["verify", "--clean-spare", "--json"]);
    assert_eq!((&cleaned["vault"]["removed"], &cleaned["clean"]), (&1.into(), &true.into()), "{cleaned}");
    assert!(!part.exists() && named.iter().all(|path| path.exists()));
    let report = desk.verify();
    assert_eq!(report["vault"]["unexpected"], 0, "{report}");
    assert_eq!(desk.show(&case)["documents"].as_array().unwrap().len(), 2);
    // A receipt at the very point between its papers and their entry, its papers known here and old, when the cleaning comes.
    break_off(&desk, "receive.kept:1", &["receive", &lay(5), "--case", &case]);
    make_old(&blobs(&store));
    let mut child = desk
        .command(&["receive", &lay(5), "--case", &case])
        .env("CARTULARY_FAIL_POINT", "receive.kept:1:stop")
        .spawn()
        .unwrap();
    until_stopped(child.id());
    let cleaned = desk.json(&["verify", "--clean-spare", "--json"]);
    assert_eq!(cleaned["vault"]["removed"], 0, "{cleaned}");
    let woken = std::process::Command::new("kill").args(["-CONT", &child.id().to_string()]).status().unwrap();
    assert!(woken.success() && child.wait().unwrap().success());
    let report = desk.verify();
    assert_eq!(report["vault"]["unexpected"], 0, "{report}");
    assert_eq!(desk.show(&case)["documents"].as_array().unwrap().len(), 3);
}

fn until_stopped(process: u32) {
    loop {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        match stat.rsplit(") ").next().and_then(|rest| rest.chars().next()) {
            Some('T') => return,
            Some('Z') => panic!("it ended"),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
