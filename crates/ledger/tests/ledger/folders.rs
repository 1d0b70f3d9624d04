//! What is not a whole register of this programme and this root key is refused, and left as it was.

use crate::support::{Clinic, Engine, behind, noted, opened};
use cartulary_ledger::*;
use cartulary_model::ActorId;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().flatten().map(|file| file.path());
    // The memory that processes share is made by looking.
    let kept = files.filter(|path| !path.to_string_lossy().ends_with("-shm"));
    // SQLite takes its empty journal away when the thread of the last connection ends, which may be between list and look.
    kept.filter_map(|path| Some((path.clone(), fs::read(&path).ok()?)))
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect()
}

/// A register that was closed, with two cases.
async fn closed() -> Clinic {
    let clinic = Clinic::new(Engine::Sqlite).await;
    for _ in 0..2 {
        clinic.append(clinic.case_id(), 0, vec![opened(), noted("a")]).await;
    }
    clinic.ledger.clone().close().await.unwrap();
    clinic
}

async fn refusal(clinic: &Clinic) -> Error {
    let before = files(&clinic.place.folder);
    let error = clinic.place.open(&clinic.root, None, clinic.world()).await.err().expect("it was opened");
    assert_eq!(files(&clinic.place.folder), before, "a refusal changed files");
    error
}

#[tokio::test]
async fn a_closed_register_opens_again() {
    let clinic = closed().await;
    let ledger = clinic.another().await;
    let report = ledger.verify(&Thorough::default(), |_| {}).await.unwrap();
    assert_eq!((report.cases, report.uncovered, report.faults), (2, 0, vec![]));
}

#[tokio::test]
async fn a_folder_without_a_register_is_refused() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    let place = Place::folder(clinic.folder.path().join("elsewhere"));
    let error = place.open(&clinic.root, None, clinic.world()).await.err().unwrap();
    assert!(error.to_string().contains("make one with `cartulary init`"), "{error}");
    assert!(!place.folder.exists());
}

#[tokio::test]
async fn a_second_register_in_a_folder_is_refused() {
    let clinic = closed().await;
    let error = clinic.place.init(&clinic.root, clinic.world()).await.err().unwrap();
    assert!(error.to_string().contains("there is a register already"), "{error}");
    let other = Place::folder(clinic.folder.path().join("holiday"));
    fs::create_dir(&other.folder).unwrap();
    fs::write(other.folder.join("photo.jpg"), "x").unwrap();
    let error = other.init(&clinic.root, clinic.world()).await.err().unwrap();
    assert!(error.to_string().contains("photo.jpg"), "{error}");
}

#[tokio::test]
async fn a_folder_that_was_copied_in_part_is_refused() {
    for missing in ["register.toml", "register.db", "keys.db", "checkpoints.log"] {
        let clinic = closed().await;
        fs::remove_file(clinic.place.folder.join(missing)).unwrap();
        let error = refusal(&clinic).await;
        assert!(error.to_string().contains(missing), "{error}");
        // Nor is it taken for a folder in which making a register was broken off.
        if missing == "register.toml" {
            let error = clinic.place.init(&clinic.root, clinic.world()).await.err().unwrap();
            assert!(error.to_string().contains("copied in part"), "{error}");
        }
    }
}

#[tokio::test]
async fn parts_of_two_registers_are_refused() {
    for part in ["register.toml", "register.db", "keys.db"] {
        let (clinic, other) = (closed().await, closed().await);
        // The same seed makes the same ids, so the other one's is changed.
        let sql = "UPDATE register SET value = '01980000-0000-7000-8000-000000000001' WHERE name = 'id'";
        behind(&other.place.folder.join("register.db"), sql).await;
        behind(&other.place.folder.join("keys.db"), sql).await;
        let note = fs::read_to_string(other.place.folder.join("register.toml")).unwrap();
        let note: String = note
            .lines()
            .map(|line| {
                if line.starts_with("register") {
                    "register = \"01980000-0000-7000-8000-000000000001\""
                } else {
                    line
                }
            })
            .collect::<Vec<_>>()
            .join("\n");
        fs::write(other.place.folder.join("register.toml"), note).unwrap();
        fs::copy(other.place.folder.join(part), clinic.place.folder.join(part)).unwrap();
        let error = refusal(&clinic).await;
        assert!(error.to_string().contains("different registers"), "{part}: {error}");
    }
}

#[tokio::test]
async fn a_newer_schema_or_form_is_refused() {
    let clinic = closed().await;
    behind(
        &clinic.place.folder.join("register.db"),
        "UPDATE register SET value = '99' WHERE name = 'schema'",
    )
    .await;
    assert!(matches!(refusal(&clinic).await, Error::NewerSchema { found: 99, known: 3 }));
    let clinic = closed().await;
    let path = clinic.place.folder.join("register.toml");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("format = 1", "format = 2")).unwrap();
    assert!(matches!(refusal(&clinic).await, Error::NewerSchema { found: 2, known: 1 }));
}

#[tokio::test]
async fn a_wrong_root_key_changes_nothing() {
    let clinic = closed().await;
    let before = files(&clinic.place.folder);
    let error = clinic.place.open(&clinic.new_root(), None, clinic.world()).await.err().unwrap();
    assert!(error.to_string().contains("root key does not open this register"), "{error}");
    assert_eq!(files(&clinic.place.folder), before);
}

#[tokio::test]
async fn files_that_are_no_databases_are_refused() {
    for name in ["register.db", "keys.db", "register.toml"] {
        let clinic = closed().await;
        fs::write(
            clinic.place.folder.join(name),
            "this is no database, but a letter that lies here".repeat(90),
        )
        .unwrap();
        let error = refusal(&clinic).await;
        assert!(matches!(error, Error::Place { .. }), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn a_register_that_was_set_back_is_refused() {
    let clinic = closed().await;
    let old = clinic.folder.path().join("old.db");
    fs::copy(clinic.place.folder.join("register.db"), &old).unwrap();
    let ledger = clinic.another().await;
    ledger.append(Act::on(ActorId::MACHINE, clinic.case_id(), 0, vec![opened()])).await.unwrap();
    ledger.close().await.unwrap();
    fs::copy(&old, clinic.place.folder.join("register.db")).unwrap();
    assert!(matches!(refusal(&clinic).await, Error::RolledBack { .. }));
}

#[tokio::test]
async fn a_second_witness_sees_what_the_first_one_lost() {
    let clinic = closed().await;
    let elsewhere = clinic.folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let mut place = clinic.place.clone();
    place.witness = Some(elsewhere);
    let old = files(&clinic.place.folder);
    let ledger = place.open(&clinic.root, None, clinic.world()).await.unwrap();
    ledger.append(Act::on(ActorId::MACHINE, clinic.case_id(), 0, vec![opened()])).await.unwrap();
    ledger.close().await.unwrap();
    // The thief sets back all of the folder, the first witness with it.
    for (path, bytes) in old {
        fs::write(path, bytes).unwrap();
    }
    clinic.place.open(&clinic.root, None, clinic.world()).await.unwrap().close().await.unwrap();
    let seen = place.open(&clinic.root, None, clinic.world()).await.err();
    assert!(matches!(seen, Some(Error::RolledBack { .. })));
}

#[tokio::test]
async fn an_interrupted_making_goes_on() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    clinic.ledger.clone().close().await.unwrap();
    fs::remove_file(clinic.place.folder.join("register.toml")).unwrap();
    let ledger = clinic.place.init(&clinic.root, clinic.world()).await.unwrap();
    ledger.append(Act::on(ActorId::MACHINE, clinic.case_id(), 0, vec![opened()])).await.unwrap();
    assert!(ledger.verify(&Thorough::default(), |_| {}).await.unwrap().is_clean());
}

#[tokio::test]
async fn a_witness_line_that_a_crash_cut_is_no_fault() {
    let clinic = closed().await;
    let path = clinic.place.folder.join("checkpoints.log");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() - 40]).unwrap();
    let ledger = clinic.another().await;
    ledger.append(Act::on(ActorId::MACHINE, clinic.case_id(), 0, vec![opened()])).await.unwrap();
    ledger.checkpoint().await.unwrap();
    let report = ledger.verify(&Thorough::default(), |_| {}).await.unwrap();
    assert_eq!(report.faults, []);
    assert_eq!(report.witnessed, report.checkpoints);
}

#[tokio::test]
async fn a_copy_made_while_it_is_used_is_a_whole_register() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    let ledger = clinic.ledger.clone();
    let cases: Vec<_> = (0..200).map(|_| clinic.case_id()).collect();
    let writing = tokio::spawn(async move {
        for case in cases {
            ledger.append(Act::on(ActorId::MACHINE, case, 0, vec![opened(), noted("a")])).await.unwrap();
        }
    });
    clinic.append(clinic.case_id(), 0, vec![opened()]).await;
    let copy = clinic.folder.path().join("copy");
    fs::create_dir(&copy).unwrap();
    clinic.ledger.copy_to(&copy).await.unwrap();
    writing.await.unwrap();
    let ledger = Place::folder(&copy).open(&clinic.root, None, clinic.world()).await.unwrap();
    let report = ledger.verify(&Thorough::default(), |_| {}).await.unwrap();
    assert_eq!(report.faults, []);
    assert!(report.cases >= 1);
}
