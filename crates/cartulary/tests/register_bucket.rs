//! Originals in a bucket of an S3-compatible service: every command as with a folder.
//!
//! The service is `moto`, which crates/vault/tests/s3-server installs; without it the tests say so and pass, unless
//! `S3_TESTS=required` is set.

use crate::{
    register::{Desk, said},
    s3::{self, Server},
};
use std::fs;

/// A register on a service with an empty bucket; nothing where no service is installed.
fn start(on_postgres: bool) -> Option<(Server, Desk)> {
    let server = Server::start()?;
    assert_eq!(s3::put(&server.address, "/papers", b""), 200);
    let mut desk = Desk::bare(on_postgres);
    desk.set("CARTULARY_ROOT_KEY", &desk.text("root.key"));
    desk.set("AWS_ENDPOINT_URL", &format!("http://{}", server.address));
    desk.set("AWS_ACCESS_KEY_ID", "test");
    desk.set("AWS_SECRET_ACCESS_KEY", "not-a-secret");
    Some((server, desk))
}

#[test]
fn a_register_keeps_its_originals_in_a_bucket() {
    for engine in crate::register::engines() {
        let Some((_server, desk)) = start(engine) else { return };
        desk.good(&["init", "--blobs", "s3://papers/register/one"]);
        let note = fs::read_to_string(desk.path("data/register.toml")).unwrap();
        assert!(note.contains("papers") && note.contains("register/one"), "{note}");
        assert!(!note.contains("not-a-secret") && !note.contains("test"), "{note}");
        let (english, chinese) = desk.with_two_cases();
        assert!(!desk.path("data/blobs").exists(), "something lies in the folder");
        assert!(desk.good(&["case", "show", &chinese]).contains("王小明"));
        let report = desk.verify();
        assert!(report["vault"]["good"].as_u64().is_some_and(|good| good > 4), "{report}");
        desk.good(&["rebuild"]);
        desk.verify();
        desk.good(&["doctor"]);
        desk.good(&["export", &english, &desk.text("out")]);
        let original = fs::read_to_string(desk.path("out/originals/01-report.txt")).unwrap();
        assert!(original.contains("Ann Moore"));
        desk.good(&["erase", &english, "--reason", "asked", "--yes"]);
        let report = desk.verify();
        assert_eq!(report["vault"]["unexpected"].as_u64(), Some(0), "{report}");
    }
}

#[test]
fn a_backup_goes_from_a_bucket_to_a_folder_and_back() {
    let Some((_server, desk)) = start(false) else { return };
    desk.good(&["init", "--blobs", "s3://papers/one"]);
    let (english, _) = desk.with_two_cases();
    let before = desk.verify();
    let recipient = desk.good(&["backup-key", &desk.text("safe.key")]).trim().to_owned();
    let (backup, safe) = (desk.text("backup"), desk.text("safe.key"));
    desk.good(&["backup", &backup, "--to", &recipient]);
    let to = |data: &str, blobs: &[&str]| {
        let (data, restore) = (desk.text(data), ["restore", &backup, "--identity", &safe, "--data"]);
        let output = desk.run(&[&restore[..], &[&data], blobs].concat());
        (data, output)
    };
    for (data, blobs) in [("folder", &[][..]), ("bucket", &["--blobs", "s3://papers/two"][..])] {
        let (data, output) = to(data, blobs);
        assert!(output.status.success(), "{}", said(&output));
        let report = desk.json(&["verify", "--texts", "--json", "--data", &data]);
        assert_eq!((&report["clean"], &report["vault"]["good"]), (&true.into(), &before["vault"]["good"]));
        desk.good(&["case", "show", &english, "--data", &data]);
    }
    assert!(desk.path("folder/blobs").is_dir() && !desk.path("bucket/blobs").exists());
    // Where something is, nothing is put.
    let (_, output) = to("third", &["--blobs", "s3://papers/one"]);
    assert!(said(&output).contains("give another prefix"), "{}", said(&output));
    desk.verify();
}

#[test]
fn a_bucket_that_cannot_be_used_is_told_and_nothing_is_made() {
    let Some((mut server, mut desk)) = start(false) else { return };
    let told = desk.bad(&["init", "--blobs", "papers/one"]);
    assert!(told.contains("names no bucket"), "{told}");
    let told = desk.bad(&["init", "--blobs", "s3://other"]);
    assert!(told.contains("could not look into the bucket other"), "{told}");
    assert_eq!(s3::put(&server.address, "/papers/one/notes.txt", b"mine"), 200);
    let told = desk.bad(&["init", "--blobs", "s3://papers/one"]);
    assert!(told.contains("give another prefix"), "{told}");
    assert!(!desk.path("data/register.toml").exists());
    desk.good(&["init", "--blobs", "s3://papers/two"]);
    let paper = desk.paper("a.txt", "a paper");
    let case = desk.receive(&[&paper]);
    // The service is away: refused, and later as if nothing had been.
    server.stop();
    let more = desk.paper("b.txt", "another paper");
    let told = desk.bad(&["receive", &more, "--case", &case]);
    assert!(told.contains("could not"), "{told}");
    desk.environment.retain(|(name, _)| name != "AWS_SECRET_ACCESS_KEY");
    assert!(desk.bad(&["verify"]).contains("AWS_SECRET_ACCESS_KEY"));
}
