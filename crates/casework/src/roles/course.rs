//! Infusions and visits.

use super::Desk;
use crate::{Error, Result, casework::act_on};
use cartulary_ledger::{Body, Infused, VisitRecorded};
use cartulary_model::CaseId;
use jiff::civil::Date;
use serde_json::Value;

impl Desk {
    pub(super) async fn infused(&self, case: CaseId, on: &str, product: &str, content: Value) -> Result<()> {
        day(on)?;
        let (on, product) = (on.to_owned(), product.to_owned());
        self.happened(case, Infused { on, product, content }.into()).await
    }

    pub(super) async fn visited(&self, case: CaseId, on: &str, visit: &str, content: Value) -> Result<()> {
        day(on)?;
        let (on, visit) = (on.to_owned(), visit.to_owned());
        self.happened(case, VisitRecorded { on, visit, content }.into()).await
    }

    async fn happened(&self, case: CaseId, body: Body) -> Result<()> {
        let case = self.casework.seen_in(case).await?;
        let act = |file: &cartulary_ledger::CaseFile| {
            Ok(act_on(self.who, file, vec![body.clone()]).seen(Some(case), "course"))
        };
        self.casework.change(case, act).await.map(|_| ())
    }
}

/// A day as it stands in entries.
pub(super) fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::refused(format!("`{text}` is no day: write it as 2026-11-26")))
}
