//! What coordinator, physician and data manager share.

use super::{Desk, ListPlace, Listed, seeing};
use crate::Result;
use cartulary_ledger::{CaseRow, ListQuery};
use cartulary_model::CaseId;

/// Sees cases and papers, judges facts, writes notes. What needs one role is with the handle of that role.
#[derive(Clone)]
pub struct Staff(pub(super) Desk);

seeing!(Staff);

impl Staff {
    /// A page of the worklist, of the rows that are wanted; and where the next page begins.
    ///
    /// # Errors
    ///
    /// When the register cannot be read.
    pub async fn list_of(
        &self,
        query: &ListQuery,
        wanted: &(dyn Fn(&CaseRow) -> bool + Send + Sync),
    ) -> Result<(Vec<Listed>, Option<ListPlace>)> {
        self.0.list_of(query, wanted).await
    }

    /// Keeps the reason for which somebody opened a case that is not theirs: in the case, and in the access log.
    pub(crate) async fn broke_glass(&self, case: CaseId, reason: &str) -> Result<()> {
        self.0.log(Some(case), "break_glass").await?;
        self.0.note(case, &format!("[break-glass] {reason}")).await
    }
}
