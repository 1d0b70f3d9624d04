//! Guards: nothing is lost, doubled, or changed.

use crate::support::{Clinic, Engine, noted, opened, received, undone};
use cartulary_ledger::*;
use cartulary_model::ActorId;

pub(super) async fn who_did_not_look_is_refused(clinic: Clinic) {
    let case = clinic.case_id();
    clinic.append(case, 0, vec![opened(), noted("a")]).await;
    let late = clinic.ledger.append(Act::on(ActorId::MACHINE, case, 1, vec![noted("b")])).await;
    assert!(matches!(late, Err(Error::Conflict { expected: 1, found: 2, .. })));
    let again = clinic.ledger.append(Act::on(ActorId::MACHINE, case, 0, vec![opened()])).await;
    assert!(matches!(again, Err(Error::Conflict { expected: 0, found: 2, .. })));
    // Of two who looked at the same, one is first.
    let other = clinic.another().await;
    let (one, two) = tokio::join!(
        clinic.ledger.append(Act::on(ActorId::MACHINE, case, 2, vec![noted("c")])),
        other.append(Act::on(ActorId::MACHINE, case, 2, vec![noted("d")])),
    );
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(clinic.ledger.case(case).await.unwrap().version, 3);
    // An act on two cases is refused whole.
    let new = clinic.case_id();
    let act = Act::on(ActorId::MACHINE, new, 0, vec![opened()]).and_on(case, 1, vec![noted("e")]);
    assert!(matches!(clinic.ledger.append(act).await, Err(Error::Conflict { .. })));
    assert!(matches!(clinic.ledger.case(new).await, Err(Error::NoCase(_))));
}

pub(super) async fn who_counts_on_another_case_is_refused_when_it_changed(clinic: Clinic) {
    let (a, b) = (clinic.case_id(), clinic.case_id());
    clinic.append(a, 0, vec![opened()]).await;
    clinic.append(b, 0, vec![opened()]).await;
    let act = || Act::on(ActorId::MACHINE, a, 1, vec![noted("rests on b")]).expecting(b, 1);
    // Somebody else changes it, and this process has not seen it.
    let other = clinic.another().await;
    other.append(Act::on(ActorId::MACHINE, b, 1, vec![noted("news")])).await.unwrap();
    let refused = clinic.ledger.append(act()).await;
    assert!(matches!(refused, Err(Error::Conflict { case, found: 2, .. }) if case == b), "{refused:?}");
    assert_eq!(clinic.ledger.case(a).await.unwrap().version, 1);
    let done = clinic.ledger.append(Act { expected: vec![(b, 2)], ..act() }).await.unwrap();
    assert_eq!(done.cases, [(a, 2), (b, 2)]);
    other.close().await.unwrap();
}

pub(super) async fn the_same_act_happens_once(clinic: Clinic) {
    let (case, once) = (clinic.case_id(), [7; 32]);
    let act = || Act::on(ActorId::MACHINE, case, 0, vec![opened(), noted("a")]).once(once);
    let first = clinic.ledger.append(act()).await.unwrap();
    let again = clinic.ledger.append(act()).await.unwrap();
    let elsewhere = clinic.another().await.append(act()).await.unwrap();
    assert!(first.first && !again.first && !elsewhere.first);
    assert_eq!((&again.cases, again.act), (&first.cases, first.act));
    assert_eq!(elsewhere, again);
    // Asked for at the same time, under ids that nobody has seen.
    let acts = (0..20).map(|_| {
        let (ledger, case) = (clinic.ledger.clone(), clinic.case_id());
        tokio::spawn(async move {
            ledger.append(Act::on(ActorId::MACHINE, case, 0, vec![opened()]).once([8; 32])).await.unwrap()
        })
    });
    let acts: Vec<_> = acts.collect();
    let mut outcomes = Vec::new();
    for act in acts {
        outcomes.push(act.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|done| done.first).count(), 1);
    assert!(outcomes.iter().all(|done| done.cases == outcomes[0].cases));
    assert_eq!(clinic.ledger.case_ids(None, 99).await.unwrap().len(), 2);
    assert!(clinic.verify().await.is_clean());
}

pub(super) async fn hundreds_at_the_same_time_are_all_kept(clinic: Clinic) {
    let other = clinic.another().await;
    let shared = clinic.case_id();
    clinic.append(shared, 0, vec![opened()]).await;
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let ledger = if number % 2 == 0 { clinic.ledger.clone() } else { other.clone() };
            let case = clinic.case_id();
            tokio::spawn(async move {
                ledger.append(Act::on(ActorId::MACHINE, case, 0, vec![opened(), noted("x")])).await.unwrap();
                loop {
                    let version = ledger.case(shared).await.unwrap().version;
                    let act = Act::on(ActorId::MACHINE, shared, version, vec![noted("y")]);
                    match ledger.append(act).await {
                        Err(Error::Conflict { .. }) => {}
                        done => break done.map(|_| ()),
                    }
                    if number % 10 != 0 {
                        break Ok(());
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let report = clinic.verify().await;
    assert_eq!(report.faults, []);
    assert_eq!(report.cases, 201);
    assert!(report.entries >= 1 + 400 + 20, "{}", report.entries);
}

pub(super) async fn one_who_cannot_be_written_does_not_stop_the_others(clinic: Clinic) {
    // A job whose id is taken cannot be inserted... it is left out; so a body that the database refuses is needed.
    let bad = clinic.case_id();
    let good: Vec<_> = (0..10).map(|_| clinic.case_id()).collect();
    clinic.append(bad, 0, vec![opened()]).await;
    // Behind the register's back the place of the next entry of `bad` is taken.
    let hex: String = bad.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let id = if clinic.engine == Engine::Postgres { format!("'\\x{hex}'") } else { format!("x'{hex}'") };
    clinic.steal(&format!("INSERT INTO person_token VALUES ({id}, 'x', {id})")).await;
    let trigger = if clinic.engine == Engine::Postgres {
        format!(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; \
             CREATE TRIGGER no BEFORE INSERT ON entry FOR EACH ROW WHEN (NEW.case_id = {id}) EXECUTE FUNCTION no()"
        )
    } else {
        format!(
            "CREATE TRIGGER no BEFORE INSERT ON entry WHEN NEW.case_id = {id} BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    };
    clinic.steal(&trigger).await;
    let mut tasks: Vec<_> = good
        .iter()
        .map(|case| {
            let (ledger, case) = (clinic.ledger.clone(), *case);
            tokio::spawn(
                async move { ledger.append(Act::on(ActorId::MACHINE, case, 0, vec![opened()])).await },
            )
        })
        .collect();
    let ledger = clinic.ledger.clone();
    let refused =
        tokio::spawn(async move { ledger.append(Act::on(ActorId::MACHINE, bad, 1, vec![noted("a")])).await });
    for task in tasks.drain(..) {
        task.await.unwrap().unwrap();
    }
    assert!(matches!(refused.await.unwrap(), Err(Error::Database { .. })));
    assert_eq!(clinic.ledger.case(bad).await.unwrap().version, 1);
}

pub(super) async fn entries_cannot_be_changed_or_deleted(clinic: Clinic) {
    let case = clinic.case_with("a").await;
    clinic
        .ledger
        .log_access(ActorId::MACHINE, vec![Access { case: Some(case), what: "show".to_owned() }])
        .await
        .unwrap();
    clinic.ledger.checkpoint().await.unwrap();
    for table in ["entry", "access", "checkpoint"] {
        for sql in [format!("UPDATE {table} SET at = 0"), format!("DELETE FROM {table}")] {
            let place = clinic.place.clone();
            let sql_run = sql.clone();
            let refused = tokio::task::spawn(async move {
                match &place.database {
                    Some(address) => crate::postgres::run_sql(address, &sql_run),
                    None => crate::support::behind(&place.folder.join("register.db"), &sql_run).await,
                }
            })
            .await;
            assert!(refused.is_err(), "{sql}");
        }
    }
    assert!(clinic.verify().await.is_clean());
}

pub(super) async fn what_does_not_fit_is_refused(clinic: Clinic) {
    let case = clinic.case_id();
    let unfit = async |expected, entries| {
        let outcome = clinic.ledger.append(Act::on(ActorId::MACHINE, case, expected, entries)).await;
        matches!(outcome, Err(Error::Unfit { .. }))
    };
    assert!(unfit(0, vec![noted("a")]).await);
    assert!(unfit(0, vec![]).await);
    assert!(unfit(0, vec![opened(), opened()]).await);
    clinic.append(case, 0, vec![opened()]).await;
    assert!(unfit(1, vec![opened()]).await);
    assert!(unfit(1, vec![Erased { certificate: None }.into()]).await);
    assert!(matches!(clinic.ledger.case(clinic.case_id()).await, Err(Error::NoCase(_))));
    let nobody = clinic.ledger.append(Act::on(ActorId::MACHINE, clinic.case_id(), 1, vec![noted("a")])).await;
    assert!(matches!(nobody, Err(Error::NoCase(_))));
    let erased = clinic.ledger.erase(ActorId::MACHINE, case, None).await;
    assert!(matches!(erased, Err(Error::Unfit { .. })));
    // A reading whose text is not there would make a document that nobody finds.
    let document = clinic.blob();
    let entries = vec![received(document), crate::support::read(document, clinic.blob())];
    let outcome = clinic.ledger.append(Act::on(ActorId::MACHINE, case, 1, entries)).await;
    assert!(matches!(outcome, Err(Error::Text(_))));
    assert_eq!(clinic.ledger.case(case).await.unwrap().version, 1);
}

pub(super) async fn accesses_are_chained(clinic: Clinic) {
    let (case, actor) = (clinic.case_id(), clinic.actor());
    let act = Act::on(actor, case, 0, vec![opened()]).seen(Some(case), "case.open").seen(None, "case.list");
    clinic.ledger.append(act).await.unwrap();
    for _ in 0..5 {
        let rows = vec![Access { case: Some(case), what: "case.show".to_owned() }];
        clinic.ledger.log_access(actor, rows).await.unwrap();
    }
    let report = clinic.verify().await;
    assert_eq!((report.accesses, report.faults), (7, vec![]));
    let log = clinic.ledger.accesses(Some(case), None, 99).await.unwrap();
    assert_eq!(log.len(), 6);
    assert_eq!((log[0].what.as_str(), log[5].what.as_str(), log[0].actor), ("case.show", "case.open", actor));
    assert_eq!(clinic.ledger.accesses(None, Some(3), 99).await.unwrap().len(), 2);
}

pub(super) async fn checkpoints_come_by_themselves(clinic: Clinic) {
    let case = clinic.case_id();
    clinic.append(case, 0, vec![opened()]).await;
    for part in 0..3 {
        let notes = (0..600).map(|_| noted("x")).collect();
        clinic.append(case, 1 + part * 600, notes).await;
    }
    // By number.
    assert!(clinic.ledger.last_checkpoint().await.unwrap().is_some_and(|checkpoint| checkpoint.pos >= 1_000));
    // By time; no moment is asserted, only that it comes.
    loop {
        let last = clinic.ledger.last_checkpoint().await.unwrap().unwrap();
        if last.pos == 1_801 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let report = clinic.verify().await;
    assert_eq!((report.uncovered, report.faults), (0, vec![]));
    assert!(report.checkpoints >= 2);
    assert_eq!(report.witnessed, report.checkpoints);
    clinic.ledger.checkpoint().await.unwrap();
    assert_eq!(clinic.verify().await.checkpoints, report.checkpoints);
}

pub(super) async fn verify_is_clean_after_all_kinds_of_work(clinic: Clinic) {
    let (a, b) = (clinic.case_with("a").await, clinic.case_with("b").await);
    clinic.append(a, 3, vec![undone(3), undone(4), noted("x")]).await;
    let act = Act::on(ActorId::MACHINE, a, 6, vec![MergedInto { case: b }.into()])
        .and_on(b, 3, vec![MergedFrom { case: a }.into()])
        .once([9; 32]);
    clinic.ledger.append(act.clone()).await.unwrap();
    assert!(!clinic.ledger.append(act).await.unwrap().first);
    clinic.append(b, 4, vec![ErasureOrdered { reason: "r".to_owned() }.into()]).await;
    clinic.ledger.erase(ActorId::MACHINE, b, Some("digest".to_owned())).await.unwrap();
    let report = clinic.verify().await;
    assert_eq!(report.faults, []);
    assert_eq!((report.cases, report.erased, report.entries), (2, 1, 13));
}
