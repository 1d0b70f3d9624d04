//! A worker: claims a job, does it, and keeps the claim alive meanwhile. Several may run, in one process and in many.

use crate::{Casework, Error, Result, reading::Read, work::Task};
use cartulary_catalogue::Catalogue;
use cartulary_criteria::CriteriaLibrary;
use cartulary_extraction::Engine;
use cartulary_ledger::{Claim, Job, JobState};
use cartulary_model::{CaseId, Instant};
use jiff::civil::Date;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// A claim holds so long without a sign of life.
const LEASE: Duration = Duration::from_secs(60);
/// Signs of life in a lease: three go missing before another takes the job.
const BEATS: u32 = 4;

/// What the work is done with.
pub struct Tools {
    /// Reads documents.
    pub reader: Arc<dyn Read>,
    /// Takes facts.
    pub engine: Engine,
    /// The engine's name and version.
    pub extractor: String,
    /// Knows the words.
    pub catalogue: Arc<Catalogue>,
    /// Knows the criteria.
    pub library: CriteriaLibrary,
    /// The day that an instant is of, where the programme runs.
    pub day: fn(Instant) -> Date,
}

impl Tools {
    pub(crate) fn today(&self, now: Instant) -> Date {
        (self.day)(now)
    }
}

/// What became of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What was to be done: `read`, `extract`, `evaluate`.
    pub kind: String,
    /// On which case.
    pub case: Option<CaseId>,
    /// The name of the document, for people.
    pub name: Option<String>,
    /// Why it failed, and what follows; none: it was done.
    pub failed: Option<Failed>,
    /// It was given to another worker meanwhile, and what this one made was refused.
    pub late: bool,
}

/// A job that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Why.
    pub why: String,
    /// It is tried again; otherwise a person must look at it.
    pub again: bool,
}

/// What a job tells while it runs.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Telling>);

#[derive(Default)]
struct Telling {
    done: AtomicI64,
    total: AtomicI64,
    name: Mutex<Option<String>>,
}

impl Told {
    pub(crate) fn step(&self, done: i64, total: i64) {
        self.0.done.store(done, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
    }

    pub(crate) fn name(&self, name: &str) {
        *self.0.name.lock().unwrap_or_else(PoisonError::into_inner) = Some(name.to_owned());
    }

    fn progress(&self) -> (i64, i64) {
        (self.0.done.load(Ordering::Relaxed), self.0.total.load(Ordering::Relaxed))
    }

    fn named(&self) -> Option<String> {
        self.0.name.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Does jobs, one at a time. Clones work beside each other.
#[derive(Clone)]
pub struct Worker {
    casework: Casework,
    tools: Arc<Tools>,
    name: String,
    lease: Duration,
}

impl Worker {
    /// A worker of this name, which stands beside the jobs it holds.
    pub fn new(casework: Casework, tools: Arc<Tools>, name: impl Into<String>) -> Self {
        Self { casework, tools, name: name.into(), lease: LEASE }
    }

    /// The same with claims that hold so long without a sign of life, instead of a minute.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    fn lease_us(&self) -> i64 {
        i64::try_from(self.lease.as_micros()).unwrap_or(i64::MAX)
    }

    /// Does the job that is due first; nothing when none is.
    ///
    /// # Errors
    ///
    /// When the register cannot be reached. What goes wrong with the job stands beside it and in what is given back.
    pub async fn step(&self) -> Result<Option<Done>> {
        let Some((job, claim)) = self.casework.ledger.claim(&self.name, &[], self.lease_us()).await? else {
            return Ok(None);
        };
        let told = Told::default();
        let outcome = self.watched(&job, claim, &told).await;
        let late = matches!(outcome, Err(Error::Ledger(cartulary_ledger::Error::StaleClaim(_))));
        let failed = match outcome {
            Ok(()) => None,
            Err(error) => self.failed(&claim, error).await?,
        };
        Ok(Some(Done { kind: job.kind, case: job.case, name: told.named(), failed, late }))
    }

    /// Runs a job and gives signs of life; stops when it was given to another worker.
    async fn watched(&self, job: &Job, claim: Claim, told: &Told) -> Result<()> {
        let task = Task { casework: &self.casework, tools: &self.tools, job, claim, told };
        let work = task.run();
        tokio::pin!(work);
        loop {
            tokio::select! {
                outcome = &mut work => return outcome,
                () = tokio::time::sleep(self.lease / BEATS) => {
                    let beat = self
                        .casework
                        .ledger
                        .heartbeat(&claim, self.lease_us(), &job.kind, told.progress())
                        .await;
                    // A database that is away for a moment is no reason to stop; the end will tell.
                    if matches!(beat, Ok(false)) {
                        return Err(cartulary_ledger::Error::StaleClaim(claim.job).into());
                    }
                }
            }
        }
    }

    async fn failed(&self, claim: &Claim, error: Error) -> Result<Option<Failed>> {
        use cartulary_ledger::Error as Register;
        let why = error.to_string();
        match error {
            // Another did it, or does it: nothing is left to do here.
            Error::Ledger(Register::StaleClaim(_)) => return Ok(None),
            // Of what is erased nothing is to be done.
            Error::Ledger(Register::Erased(_) | Register::NoCase(_)) => {
                return match self.casework.ledger.finish(claim).await {
                    Ok(()) | Err(Register::StaleClaim(_)) => Ok(None),
                    Err(error) => Err(error.into()),
                };
            }
            _ => {}
        }
        match self.casework.ledger.fail(claim, &why).await {
            Ok(state) => Ok(Some(Failed { why, again: state != JobState::Dead })),
            Err(Register::StaleClaim(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
