//! Keys: what is sealed stays sealed, what is erased is gone.

use crate::support::{Clinic, Engine, identified, noted, opened};
use cartulary_ledger::*;
use cartulary_model::{ActorId, CaseId};
use cartulary_vault::VaultError;
use std::{fs, path::Path};

pub(super) async fn an_erased_case_is_gone(clinic: Clinic) {
    let (case, other) = (clinic.case_with("淋巴瘤 lymphoma").await, clinic.case_with("lymphoma").await);
    clinic
        .append(case, 3, vec![identified("王小明"), ErasureOrdered { reason: "asked".to_owned() }.into()])
        .await;
    let wrapped = wrapped_key(&clinic, case).await;
    let done = clinic.ledger.erase(ActorId::MACHINE, case, Some("abc".to_owned())).await.unwrap();
    assert!(done.first);
    assert!(!clinic.ledger.erase(ActorId::MACHINE, case, None).await.unwrap().first);
    for ledger in [clinic.ledger.clone(), clinic.another().await] {
        assert!(matches!(ledger.case(case).await, Err(Error::Erased(_))));
        let more = ledger.append(Act::on(ActorId::MACHINE, case, done.cases[0].1, vec![noted("x")])).await;
        assert!(matches!(more, Err(Error::Erased(_))));
        assert_eq!(ledger.find_person("name", "王小明").await.unwrap(), []);
        let hits = ledger.search("lymphoma", 9).await.unwrap().hits;
        assert_eq!(hits.iter().map(|hit| hit.case).collect::<Vec<_>>(), [other]);
    }
    let row = clinic.ledger.case_row(case).await.unwrap().unwrap();
    assert_eq!((row.state, row.documents), (CaseState::Erased, 0));
    assert_eq!(clinic.verify().await.faults, []);
    if clinic.engine == Engine::Sqlite {
        let left = files_with(&clinic.place.folder, &wrapped);
        assert_eq!(left, [""; 0], "the wrapped key is still there");
    }
}

async fn wrapped_key(clinic: &Clinic, case: CaseId) -> Vec<u8> {
    use sqlx::{Connection as _, Row as _, SqliteConnection};
    if clinic.engine == Engine::Postgres {
        return Vec::new();
    }
    let path = clinic.place.folder.join("keys.db");
    let mut connection = SqliteConnection::connect(&path.to_string_lossy()).await.unwrap();
    let sql = "SELECT wrapped FROM case_key WHERE case_id = $1";
    let row = sqlx::query(sql).bind(case.bytes().to_vec()).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get(0)
}

/// The files of a folder in which these bytes stand.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().flatten().filter(|file| file.path().is_file());
    files
        .filter(|file| fs::read(file.path()).unwrap().windows(bytes.len()).any(|window| window == bytes))
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect()
}

pub(super) async fn a_reserved_key_is_that_of_the_case(clinic: Clinic) {
    let case = clinic.case_id();
    let context = cartulary_vault::Context::new("test", 1);
    let first = clinic.ledger.reserve(case).await.unwrap();
    let sealed = clinic.ledger.with_entropy(|entropy| first.seal(&context, b"before", entropy));
    let again = clinic.another().await.reserve(case).await.unwrap();
    assert_eq!(&*again.open(&context, &sealed).unwrap(), b"before");
    assert!(matches!(clinic.ledger.case(case).await, Err(Error::NoCase(_))));
    assert_eq!(clinic.verify().await.spare_keys, 1);
    clinic.append(case, 0, vec![opened()]).await;
    assert_eq!(&*clinic.ledger.key(case).await.unwrap().open(&context, &sealed).unwrap(), b"before");
    // Many at the same time, some of them for the same case.
    let twins = clinic.case_id();
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let (ledger, case) = (clinic.ledger.clone(), if number < 5 { twins } else { clinic.case_id() });
            tokio::spawn(async move { ledger.reserve(case).await })
        })
        .collect();
    let mut kept = 0;
    for task in tasks {
        kept += usize::from(task.await.unwrap().is_ok());
    }
    assert!(kept >= 16, "{kept}");
    assert!(clinic.verify().await.is_clean());
}

pub(super) async fn an_interrupted_erasure_goes_on(clinic: Clinic) {
    let case = clinic.case_with("a").await;
    clinic.append(case, 3, vec![ErasureOrdered { reason: "asked".to_owned() }.into()]).await;
    let sql = "UPDATE case_key SET wrapped = NULL, version = 0";
    match &clinic.place.database {
        Some(address) => {
            crate::postgres::run_sql(address, "UPDATE keys.case_key SET wrapped = NULL, version = 0");
        }
        None => crate::support::behind(&clinic.place.folder.join("keys.db"), sql).await,
    }
    let ledger = clinic.another().await;
    assert!(matches!(ledger.case(case).await, Err(Error::Erased(_))));
    let report = clinic.verify().await;
    assert_eq!(report.faults.len(), 1);
    assert!(report.faults[0].what.contains("run the erasure again"));
    assert!(ledger.erase(ActorId::MACHINE, case, None).await.unwrap().first);
    assert!(clinic.verify().await.is_clean());
}

pub(super) async fn a_wrong_root_key_is_refused(clinic: Clinic) {
    clinic.case_with("a").await;
    let wrong = clinic.place.open(&clinic.new_root(), None, clinic.world()).await;
    assert!(matches!(wrong.err(), Some(Error::Vault(VaultError::WrongKey { version: 1 }))));
    assert!(clinic.another().await.verify(&Thorough::default(), |_| {}).await.unwrap().is_clean());
}

pub(super) async fn a_rotation_goes_on_where_it_stopped(clinic: Clinic) {
    let mut cases = Vec::new();
    for number in 0..30 {
        let case = clinic.case_id();
        clinic.append(case, 0, vec![opened(), noted(&format!("note {number}"))]).await;
        cases.push(case);
    }
    clinic.append(cases[3], 2, vec![ErasureOrdered { reason: "r".to_owned() }.into()]).await;
    clinic.ledger.erase(ActorId::MACHINE, cases.remove(3), None).await.unwrap();
    let new = clinic.new_root();
    // Broken off after some keys: a panic stands for a killed process, whose transactions end where they are.
    let ledger = clinic.ledger.clone();
    let root = new.clone();
    let broken = tokio::spawn(async move {
        ledger.rotate(&root, |done| assert!(done == 0, "broken off")).await.map(|_| ())
    });
    assert!(broken.await.is_err());
    // The old root key opens what is not done, the new one what is; both open all.
    let both = clinic.place.open(&new, Some(&clinic.root), clinic.world()).await.unwrap();
    for case in &cases {
        assert_eq!(both.case(*case).await.unwrap().version, 2);
    }
    let mut told = Vec::new();
    let keys = both.rotate(&new, |done| told.push(done)).await.unwrap();
    assert_eq!(keys.version(), 2);
    let old = clinic.place.open(&clinic.root, None, clinic.world()).await;
    assert!(matches!(old.err(), Some(Error::Vault(VaultError::WrongKey { version: 2 }))));
    // A process that still has the old key makes no case that nobody could open.
    let late = clinic.ledger.append(Act::on(ActorId::MACHINE, clinic.case_id(), 0, vec![opened()])).await;
    assert!(matches!(late, Err(Error::Vault(VaultError::WrongKey { .. }))));
    let after = clinic.place.open(&new, None, clinic.world()).await.unwrap();
    for case in &cases {
        assert_eq!(after.case(*case).await.unwrap().version, 2);
    }
    after.append(Act::on(ActorId::MACHINE, clinic.case_id(), 0, vec![opened()])).await.unwrap();
    let report = after.verify(&Thorough::default(), |_| {}).await.unwrap();
    assert_eq!(report.faults, []);
    assert_eq!((report.cases, report.erased), (31, 1));
}

pub(super) async fn nothing_readable_lies_in_the_files(clinic: Clinic) {
    let canaries = ["Canaryname", "王金丝雀", "canary-reason", "555-0199-canary", "canarylymphoma"];
    let case = clinic.case_with(canaries[4]).await;
    let person = Person { names: vec![canaries[0].to_owned(), canaries[1].to_owned()], ..Person::default() };
    let queued = MessageQueued {
        message: "m1".to_owned(),
        channel: "mail".to_owned(),
        to: canaries[3].to_owned(),
        text: canaries[0].to_owned(),
        asks: Vec::new(),
    };
    let ordered =
        Decided { decision: "wait".to_owned(), set: None, reason: canaries[2].to_owned(), evaluation: None };
    clinic.append(case, 3, vec![Identified { person }.into(), queued.into(), ordered.into()]).await;
    if clinic.engine == Engine::Postgres {
        let dump = crate::postgres::dump(clinic.place.database.as_deref().unwrap());
        for canary in canaries {
            assert!(!dump.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
        }
    }
    for canary in canaries {
        assert_eq!(files_with(&clinic.place.folder, canary.as_bytes()), [""; 0], "{canary}");
    }
}
