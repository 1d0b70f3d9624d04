//! Work that waits.

use crate::support::{Clinic, noted, opened};
use cartulary_ledger::*;
use cartulary_model::ActorId;

const MINUTE: i64 = 60_000_000;

pub(super) async fn a_job_is_claimed_once(clinic: Clinic) {
    let jobs: Vec<_> =
        (0..40).map(|number| NewJob { priority: number % 3, ..clinic.job("read", None) }).collect();
    clinic.ledger.enqueue(&jobs).await.unwrap();
    let workers: Vec<_> = (0..4)
        .map(|number| {
            let ledger = clinic.ledger.clone();
            tokio::spawn(async move {
                let mut claimed = Vec::new();
                while let Some((job, claim)) = ledger.claim(&format!("w{number}"), &[], MINUTE).await.unwrap()
                {
                    claimed.push(job.id);
                    ledger.finish(&claim).await.unwrap();
                }
                claimed
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    all.sort_unstable();
    let mut asked: Vec<_> = jobs.iter().map(|job| job.id).collect();
    asked.sort_unstable();
    assert_eq!(all, asked);
    assert_eq!(clinic.ledger.job_counts().await.unwrap(), JobCounts::default());
}

pub(super) async fn a_job_comes_with_its_entry_or_not_at_all(clinic: Clinic) {
    let case = clinic.case_id();
    let job = NewJob { case: Some(case), ..clinic.job("read", None) };
    clinic.ledger.append(Act::on(ActorId::MACHINE, case, 0, vec![opened()]).then_do(job)).await.unwrap();
    let refused = Act::on(ActorId::MACHINE, case, 0, vec![opened()]).then_do(clinic.job("read", None));
    assert!(clinic.ledger.append(refused).await.is_err());
    assert_eq!(clinic.ledger.jobs_of(case).await.unwrap().len(), 1);
    assert_eq!(clinic.ledger.job_counts().await.unwrap().ready, 1);
    assert!(clinic.ledger.claim("w", &["other"], MINUTE).await.unwrap().is_none());
    assert!(clinic.ledger.claim("w", &["other", "read", "third"], MINUTE).await.unwrap().is_some());
}

pub(super) async fn a_late_result_is_refused(clinic: Clinic) {
    let case = clinic.case_id();
    let act = Act::on(ActorId::MACHINE, case, 0, vec![opened()]).then_do(clinic.job("read", None));
    clinic.ledger.append(act).await.unwrap();
    let (_, slow) = clinic.ledger.claim("slow", &[], MINUTE).await.unwrap().unwrap();
    assert!(clinic.ledger.heartbeat(&slow, MINUTE, "reading", (1, 17)).await.unwrap());
    assert_eq!(clinic.ledger.job(slow.job).await.unwrap().unwrap().progress, (1, 17));
    assert!(clinic.ledger.claim("quick", &[], MINUTE).await.unwrap().is_none());
    clinic.pass_s(3_600);
    let (job, quick) = clinic.ledger.claim("quick", &[], MINUTE).await.unwrap().unwrap();
    assert_eq!((job.attempts, job.worker.as_deref()), (2, Some("quick")));
    let result = |claim| Act::on(ActorId::MACHINE, case, 1, vec![noted("read")]).finishing(claim);
    assert!(matches!(clinic.ledger.append(result(slow)).await, Err(Error::StaleClaim(_))));
    assert!(!clinic.ledger.heartbeat(&slow, MINUTE, "reading", (2, 17)).await.unwrap());
    assert!(matches!(clinic.ledger.fail(&slow, "x").await, Err(Error::StaleClaim(_))));
    assert!(matches!(clinic.ledger.finish(&slow).await, Err(Error::StaleClaim(_))));
    clinic.ledger.append(result(quick)).await.unwrap();
    let twice = Act::on(ActorId::MACHINE, case, 2, vec![noted("read")]).finishing(quick);
    assert!(matches!(clinic.ledger.append(twice).await, Err(Error::StaleClaim(_))));
    assert_eq!(clinic.ledger.case(case).await.unwrap().version, 2);
    assert_eq!(clinic.ledger.job(quick.job).await.unwrap().unwrap().state, JobState::Done);
}

pub(super) async fn a_failing_job_waits_longer_and_dies(clinic: Clinic) {
    clinic.ledger.enqueue(&[clinic.job("read", Some("k"))]).await.unwrap();
    let mut wait_s = 30;
    for attempt in 1..=ATTEMPTS {
        let (job, claim) = clinic.ledger.claim("w", &[], MINUTE).await.unwrap().unwrap();
        assert_eq!(job.attempts, attempt);
        let failed_at = clinic.ledger.now();
        let state = clinic.ledger.fail(&claim, "no reader").await.unwrap();
        if attempt == ATTEMPTS {
            assert_eq!(state, JobState::Dead);
            break;
        }
        let waits =
            clinic.ledger.job(job.id).await.unwrap().unwrap().run_at.micros_since(failed_at) / 1_000_000;
        assert!((wait_s..=wait_s * 3 / 2).contains(&waits), "{waits} s after attempt {attempt}");
        assert!(clinic.ledger.claim("w", &[], MINUTE).await.unwrap().is_none());
        clinic.pass_s(wait_s * 3 / 2 + 1);
        wait_s *= 2;
    }
    let dead = clinic.ledger.jobs_in(JobState::Dead, 9).await.unwrap();
    assert_eq!((dead.len(), dead[0].error.as_deref()), (1, Some("no reader")));
    assert!(clinic.ledger.retry(dead[0].id).await.unwrap());
    assert!(!clinic.ledger.retry(dead[0].id).await.unwrap());
    let (job, _) = clinic.ledger.claim("w", &[], MINUTE).await.unwrap().unwrap();
    assert_eq!(job.attempts, ATTEMPTS + 1);
}

pub(super) async fn the_same_work_waits_once(clinic: Clinic) {
    let twice = [clinic.job("read", Some("k")), clinic.job("read", Some("k"))];
    clinic.ledger.enqueue(&twice).await.unwrap();
    clinic.ledger.enqueue(&[clinic.job("read", Some("k"))]).await.unwrap();
    assert_eq!(clinic.ledger.job_counts().await.unwrap().ready, 1);
    let (_, claim) = clinic.ledger.claim("w", &[], MINUTE).await.unwrap().unwrap();
    clinic.ledger.enqueue(&[clinic.job("read", Some("k"))]).await.unwrap();
    assert_eq!(clinic.ledger.job_counts().await.unwrap().ready, 0);
    clinic.ledger.finish(&claim).await.unwrap();
    clinic.ledger.enqueue(&[clinic.job("read", Some("k")), clinic.job("read", None)]).await.unwrap();
    assert_eq!(clinic.ledger.job_counts().await.unwrap().ready, 2);
}

pub(super) async fn a_lost_worker_gives_its_job_back(clinic: Clinic) {
    clinic.ledger.enqueue(&[clinic.job("read", None)]).await.unwrap();
    for _ in 0..ATTEMPTS {
        assert!(clinic.ledger.claim("w", &[], MINUTE).await.unwrap().is_some());
        clinic.pass_s(61);
    }
    // A job that costs each worker its life stops.
    assert!(clinic.ledger.claim("w", &[], MINUTE).await.unwrap().is_none());
    assert_eq!(clinic.ledger.job_counts().await.unwrap().dead, 1);
}
