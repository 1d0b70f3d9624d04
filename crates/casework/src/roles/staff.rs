//! What coordinator, physician and data manager share.

use super::{Desk, seeing};
use crate::Result;
use cartulary_model::CaseId;

/// Sees cases and papers, judges facts, writes notes. What needs one role is with the handle of that role.
#[derive(Clone)]
pub struct Staff(pub(super) Desk);

seeing!(Staff);

impl Staff {
    /// Keeps the reason for which somebody opened a case that is not theirs: in the case, and in the access log.
    pub(crate) async fn broke_glass(&self, case: CaseId, reason: &str) -> Result<()> {
        self.0.log(Some(case), "break_glass").await?;
        self.0.note(case, &format!("[break-glass] {reason}")).await
    }
}
