//! The data manager of the registry.

use super::{Desk, seeing};
use crate::Result;
use cartulary_model::{BlobId, CaseId};
use serde_json::Value;

/// Keeps the record straight: facts, course, consents, joins, mistakes. Decides nothing and receives nothing.
#[derive(Clone)]
pub struct DataManager(pub(super) Desk);

seeing!(DataManager);

impl DataManager {
    /// Notes that the cells were given: day zero.
    ///
    /// # Errors
    ///
    /// When the day is none.
    pub async fn infused(&self, case: CaseId, on: &str, product: &str, content: Value) -> Result<()> {
        self.0.infused(case, on, product, content).await
    }

    /// Notes a follow-up visit.
    ///
    /// # Errors
    ///
    /// When the day is none.
    pub async fn visited(&self, case: CaseId, on: &str, visit: &str, content: Value) -> Result<()> {
        self.0.visited(case, on, visit, content).await
    }

    /// Joins a case into another of the same patient, which goes on.
    ///
    /// # Errors
    ///
    /// When one of them was joined already, or is being erased.
    pub async fn merge(&self, case: CaseId, into: CaseId) -> Result<()> {
        self.0.merge(case, into).await
    }

    /// Takes a case out again that was joined into another by mistake.
    ///
    /// # Errors
    ///
    /// When it was not joined.
    pub async fn unmerge(&self, case: CaseId) -> Result<()> {
        self.0.unmerge(case).await
    }

    /// Takes an entry back that was a mistake. It stays to be seen, and counts for nothing.
    ///
    /// # Errors
    ///
    /// When the case has no such entry, or one of its kind cannot be taken back.
    pub async fn undo(&self, case: CaseId, seq: u64, reason: &str) -> Result<()> {
        self.0.undo(case, seq, reason).await
    }

    /// Notes a consent to `care`, `registry` or `research`, with the signed paper where there is one.
    ///
    /// # Errors
    ///
    /// When there is no such scope or paper.
    pub async fn consent(&self, case: CaseId, scope: &str, document: Option<BlobId>) -> Result<()> {
        self.0.consent(case, scope, document).await
    }

    /// Notes that a consent was withdrawn.
    ///
    /// # Errors
    ///
    /// When it was not given.
    pub async fn withdraw(&self, case: CaseId, scope: &str, reason: Option<String>) -> Result<()> {
        self.0.withdraw(case, scope, reason).await
    }
}
