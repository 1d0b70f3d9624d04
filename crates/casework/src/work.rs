//! What the jobs do: read a document, take the facts from the papers of a case, evaluate it.
//!
//! The jobs wait in one line, so while the papers of a delivery are read, one extraction of their case waits behind
//! them. Each result goes with the end of its job into one act, which is refused when the job was given to another worker, or when
//! the case changed: then it is looked at anew. So no paper is left out, and no result counts twice.

mod evaluate;
mod extract;
mod read;

pub(crate) use evaluate::EVALUATE;
pub(crate) use extract::EXTRACT;
pub(crate) use read::READ;

use crate::{
    Casework, Error, Result,
    worker::{Told, Tools},
};
use cartulary_ledger::{Act, CaseFile, Claim, Job};
use cartulary_model::{BlobId, CaseId};
use std::sync::Arc;

/// A job and what it is done with.
pub(crate) struct Task<'a> {
    pub(crate) casework: &'a Casework,
    pub(crate) tools: &'a Arc<Tools>,
    pub(crate) job: &'a Job,
    pub(crate) claim: Claim,
    pub(crate) told: &'a Told,
}

impl Task<'_> {
    pub(crate) async fn run(&self) -> Result<()> {
        match self.job.kind.as_str() {
            READ => read::run(self).await,
            EXTRACT => extract::run(self).await,
            EVALUATE => evaluate::run(self).await,
            other => {
                Err(Error::Later(format!("this programme knows no work called {other}; use the newer one")))
            }
        }
    }

    pub(crate) fn case(&self) -> Result<CaseId> {
        self.job.case.ok_or_else(|| Error::refused("the job names no case"))
    }

    pub(crate) fn document(&self) -> Result<BlobId> {
        self.job.payload.parse().map_err(|_| Error::refused("the job names no document"))
    }

    /// Appends a result and ends the job. False when the case changed since it was seen.
    pub(crate) async fn end(&self, act: Act) -> Result<bool> {
        match self.casework.ledger.append(act.finishing(self.claim)).await {
            Ok(_) => Ok(true),
            Err(cartulary_ledger::Error::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends a job that has nothing new to say of cases as they were seen. False when one of them changed since.
    pub(crate) async fn end_as_seen(&self, files: &[Arc<CaseFile>]) -> Result<bool> {
        let seen: Vec<_> = files.iter().map(|file| (file.case, file.version)).collect();
        match self.casework.ledger.finish_seen(&self.claim, &seen).await {
            Ok(()) => Ok(true),
            Err(cartulary_ledger::Error::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends a job about what is not there any more.
    pub(crate) async fn end_without(&self) -> Result<()> {
        Ok(self.casework.ledger.finish(&self.claim).await?)
    }
}

/// Runs what takes long on a thread that may wait.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        // What broke it off may quote a paper, and errors stand beside jobs in the clear.
        .map_err(|_| Error::Later("the work broke off; it is tried again".to_owned()))
}

/// So often a result is made anew because the case changed meanwhile.
pub(crate) const TRIES: u32 = 20;
