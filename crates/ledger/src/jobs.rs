//! Work to be done: a table in the database of the register, so that an entry and the work that follows it commit together.
//!
//! ```text
//!  ready ──claim──► running ──finish──► done
//!    ▲                 │  │
//!    │   fail, or the  │  └─ the last attempt failed ─► dead ──retry──► ready
//!    └── lease is over ┘
//! ```
//!
//! A worker that dies or sleeps loses its lease, and another claims the job: it may be done more than once. So a handler
//! writes its result with [`Act::finishing`](crate::Act::finishing), which the register refuses from all but the last
//! worker that claimed it: the number of the attempt is the fence.

use crate::{
    Error, Ledger, Result,
    act::NewJob,
    db::{At, Row, Tx, Value, list, padded},
    failpoint,
};
use cartulary_model::{CaseId, Instant, JobId};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// A job that a worker holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The job.
    pub job: JobId,
    /// The number of the attempt: whoever comes with an older one is refused.
    pub fence: i64,
}

/// A job, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// What it is about: ids only.
    pub payload: String,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// How it stands.
    pub state: JobState,
    /// How often it was claimed.
    pub attempts: i64,
    /// Who claimed it last.
    pub worker: Option<String>,
    /// What the worker is at, such as `reading`.
    pub step: Option<String>,
    /// Of how much.
    pub progress: (i64, i64),
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// Not before.
    pub run_at: Instant,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// It waits.
    Ready,
    /// A worker holds it.
    Running,
    /// It was done.
    Done,
    /// It failed too often, and waits for a person.
    Dead,
}

impl JobState {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// How many jobs stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting.
    pub ready: u64,
    /// Held by a worker.
    pub running: u64,
    /// Failed too often.
    pub dead: u64,
}

/// Attempts before a job is dead: with the waits between them about four hours.
pub const ATTEMPTS: i64 = 8;
/// The wait after the first failure in seconds; it doubles with each.
const WAIT_S: i64 = 30;
const SECOND: i64 = 1_000_000;

pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "kind",
    "payload",
    "case_id",
    "dedupe",
    "state",
    "priority",
    "run_at",
    "attempts",
    "allowed",
    "lease_until",
    "done",
    "total",
    "made_at",
];
pub(crate) const UNLESS_WAITING: &str = "ON CONFLICT DO NOTHING";
const JOB: &str = "id, kind, payload, case_id, state, attempts, worker, step, done, total, error, run_at";

pub(crate) fn row(job: &NewJob, now: Instant) -> Vec<Value> {
    vec![
        (*job.id.bytes()).into(),
        job.kind.as_str().into(),
        job.payload.as_str().into(),
        job.case.map(|case| case.bytes().to_vec()).into(),
        job.dedupe.clone().into(),
        "ready".into(),
        job.priority.into(),
        job.run_at.unwrap_or(now).micros().into(),
        0_i64.into(),
        ATTEMPTS.into(),
        0_i64.into(),
        0_i64.into(),
        0_i64.into(),
        now.micros().into(),
    ]
}

/// Marks a job as done within a transaction, if the claim still holds.
pub(crate) async fn finish_in(tx: &mut Tx, claim: &Claim) -> Result<bool> {
    let sql =
        "UPDATE job SET state = 'done', error = NULL WHERE id = $1 AND attempts = $2 AND state = 'running'";
    Ok(tx.run(sql, &of(claim)).await? == 1)
}

fn of(claim: &Claim) -> [Value; 2] {
    [(*claim.job.bytes()).into(), claim.fence.into()]
}

impl Ledger {
    /// Adds work that follows from no entry.
    pub async fn enqueue(&self, jobs: &[NewJob]) -> Result<()> {
        let rows: Vec<_> = jobs.iter().map(|job| row(job, self.now())).collect();
        let mut tx = self.db().appending().await?;
        tx.insert("job", COLUMNS, UNLESS_WAITING, &rows).await?;
        tx.commit().await
    }

    /// Claims the job that is due first, for `lease_us` microseconds. `kinds`: only these, or all when empty.
    ///
    /// A job whose lease is over counts as waiting; one that has had all its attempts so is dead.
    pub async fn claim(&self, worker: &str, kinds: &[&str], lease_us: i64) -> Result<Option<(Job, Claim)>> {
        failpoint::pass("job.before_claim");
        let now = self.now().micros();
        self.take_back(now).await?;
        let mut values: Vec<Value> = vec![worker.into(), (now + lease_us).into(), now.into()];
        let mut only = String::new();
        if !kinds.is_empty() {
            only = format!("AND kind IN ({})", list(4, kinds.len()));
            values.extend(padded(kinds.iter().map(|kind| Value::from(*kind)).collect()));
        }
        // One statement, so that it is whole on SQLite; on PostgreSQL workers step over each other's rows.
        let sql = format!(
            "UPDATE job SET state = 'running', attempts = attempts + 1, worker = $1, lease_until = $2, \
                 step = NULL, done = 0, total = 0 \
             WHERE id = (SELECT id FROM job WHERE state = 'ready' AND run_at <= $3 {only} \
                 ORDER BY priority, run_at, id LIMIT 1 {}) \
             RETURNING {JOB}",
            self.db().step_over()
        );
        let row = self.db().row(At::Write, AssertSqlSafe(sql), &values).await?;
        failpoint::pass("job.claimed");
        let Some(job) = row.map(|row| read(&row)).transpose()? else { return Ok(None) };
        let claim = Claim { job: job.id, fence: job.attempts };
        Ok(Some((job, claim)))
    }

    /// Makes jobs claimable again whose worker let its lease run out.
    async fn take_back(&self, now: i64) -> Result<()> {
        let sql = "UPDATE job SET state = CASE WHEN attempts >= allowed THEN 'dead' ELSE 'ready' END, \
            error = 'the worker was lost', run_at = $1 WHERE state = 'running' AND lease_until < $1";
        // Asked first without a lock: nearly always there is none.
        let lost = "SELECT id FROM job WHERE state = 'running' AND lease_until < $1 LIMIT 1";
        if self.db().row(At::Read, lost, &[now.into()]).await?.is_some() {
            self.db().run(At::Write, sql, &[now.into()]).await?;
        }
        Ok(())
    }

    /// Prolongs the lease and says how far the work is. False: the job was given to another worker; stop.
    pub async fn heartbeat(
        &self,
        claim: &Claim,
        lease_us: i64,
        step: &str,
        progress: (i64, i64),
    ) -> Result<bool> {
        let sql = "UPDATE job SET lease_until = $3, step = $4, done = $5, total = $6 \
            WHERE id = $1 AND attempts = $2 AND state = 'running'";
        let [job, fence] = of(claim);
        let until = self.now().plus_micros(lease_us).micros();
        let values = [job, fence, until.into(), step.into(), progress.0.into(), progress.1.into()];
        Ok(self.db().run(At::Write, sql, &values).await? == 1)
    }

    /// Marks a job as done that needed no entry.
    ///
    /// # Errors
    ///
    /// [`Error::StaleClaim`] when it was given to another worker.
    pub async fn finish(&self, claim: &Claim) -> Result<()> {
        failpoint::pass("job.before_finish");
        let mut tx = self.db().appending().await?;
        let finished = finish_in(&mut tx, claim).await?;
        tx.commit().await?;
        failpoint::pass("job.finished");
        if finished { Ok(()) } else { Err(Error::StaleClaim(claim.job)) }
    }

    /// Marks a job as done that had nothing to say of a case at this version.
    ///
    /// Looked at and done in one step: whoever changes the case later finds the job gone and asks for the work anew.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when the case changed: look again. [`Error::StaleClaim`] when the job was given to another worker.
    pub async fn finish_seen(&self, claim: &Claim, seen: &[(CaseId, u64)]) -> Result<()> {
        failpoint::pass("job.before_finish");
        let mut tx = self.db().appending().await?;
        for (case, version) in seen.iter().copied() {
            let sql = "SELECT version FROM case_row WHERE case_id = $1";
            let row = tx.row(sql, &[(*case.bytes()).into()]).await?;
            let found = row.map_or(Ok(0), |row| row.int(0))?;
            let found = u64::try_from(found).unwrap_or(0);
            if found != version {
                return Err(Error::Conflict { case, expected: version, found });
            }
        }
        let finished = finish_in(&mut tx, claim).await?;
        tx.commit().await?;
        failpoint::pass("job.finished");
        if finished { Ok(()) } else { Err(Error::StaleClaim(claim.job)) }
    }

    /// Gives a job back that failed: to be tried again later, or dead after [`ATTEMPTS`].
    ///
    /// The wait is 30 s, doubled with each attempt, and up to half as long again, so that many do not come back at once.
    ///
    /// # Errors
    ///
    /// [`Error::StaleClaim`] when it was given to another worker.
    pub async fn fail(&self, claim: &Claim, error: &str) -> Result<JobState> {
        let wait = (WAIT_S * SECOND) << ((claim.fence - 1).max(0) % ATTEMPTS);
        let mut random = [0; 4];
        self.with_entropy(|entropy| entropy.fill(&mut random));
        let jitter = i64::from(u32::from_be_bytes(random)) * (wait / 2) / (i64::from(u32::MAX) + 1);
        let run_at = self.now().plus_micros(wait + jitter).micros();
        let sql = "UPDATE job SET state = CASE WHEN attempts >= allowed THEN 'dead' ELSE 'ready' END, \
            run_at = $3, error = $4 WHERE id = $1 AND attempts = $2 AND state = 'running' RETURNING state";
        let [job, fence] = of(claim);
        let row = self.db().row(At::Write, sql, &[job, fence, run_at.into(), error.into()]).await?;
        failpoint::pass("job.failed");
        let row = row.ok_or(Error::StaleClaim(claim.job))?;
        Ok(state(&row.text(0)?))
    }

    /// Makes a dead job wait again, with all its attempts before it. False when it is not dead.
    pub async fn retry(&self, job: JobId) -> Result<bool> {
        // The fence goes on rising, so that a worker of long ago stays refused.
        let sql = "UPDATE job SET state = 'ready', run_at = $2, allowed = attempts + $3 WHERE id = $1 AND state = 'dead' AND NOT EXISTS \
            (SELECT 1 FROM job AS other WHERE other.dedupe = job.dedupe AND other.state IN ('ready', 'running'))";
        let values = [(*job.bytes()).into(), self.now().micros().into(), ATTEMPTS.into()];
        Ok(self.db().run(At::Write, sql, &values).await? == 1)
    }

    /// A job.
    pub async fn job(&self, job: JobId) -> Result<Option<Job>> {
        let sql = format!("SELECT {JOB} FROM job WHERE id = $1");
        let row = self.db().row(At::Read, AssertSqlSafe(sql), &[(*job.bytes()).into()]).await?;
        row.map(|row| read(&row)).transpose()
    }

    /// The jobs of a case, the oldest first.
    pub async fn jobs_of(&self, case: CaseId) -> Result<Vec<Job>> {
        let sql = format!("SELECT {JOB} FROM job WHERE case_id = $1 ORDER BY id");
        let rows = self.db().rows(At::Read, AssertSqlSafe(sql), &[(*case.bytes()).into()]).await?;
        rows.iter().map(read).collect()
    }

    /// Jobs in a state, the most urgent first, at most `limit`.
    pub async fn jobs_in(&self, state: JobState, limit: i64) -> Result<Vec<Job>> {
        let sql = format!("SELECT {JOB} FROM job WHERE state = $1 ORDER BY priority, run_at, id LIMIT $2");
        let values = [state.name().into(), limit.into()];
        let rows = self.db().rows(At::Read, AssertSqlSafe(sql), &values).await?;
        rows.iter().map(read).collect()
    }

    /// How many jobs stand how.
    pub async fn job_counts(&self) -> Result<JobCounts> {
        let sql =
            "SELECT state, COUNT(*) FROM job WHERE state IN ('ready', 'running', 'dead') GROUP BY state";
        let mut counts = JobCounts::default();
        for row in self.db().rows(At::Read, sql, &[]).await? {
            let count = u64::try_from(row.int(1)?).unwrap_or(0);
            match row.text(0)?.as_str() {
                "ready" => counts.ready = count,
                "running" => counts.running = count,
                _ => counts.dead = count,
            }
        }
        Ok(counts)
    }
}

fn state(name: &str) -> JobState {
    match name {
        "ready" => JobState::Ready,
        "running" => JobState::Running,
        "done" => JobState::Done,
        _ => JobState::Dead,
    }
}

fn read(row: &Row) -> Result<Job> {
    Ok(Job {
        id: JobId::from_uuid(Uuid::from_bytes(row.array(0)?)),
        kind: row.text(1)?,
        payload: row.text(2)?,
        case: row.maybe_bytes(3)?.and_then(|id| Uuid::from_slice(&id).ok()).map(CaseId::from_uuid),
        state: state(&row.text(4)?),
        attempts: row.int(5)?,
        worker: row.maybe_text(6)?,
        step: row.maybe_text(7)?,
        progress: (row.int(8)?, row.int(9)?),
        error: row.maybe_text(10)?,
        run_at: Instant::from_micros(row.int(11)?),
    })
}
