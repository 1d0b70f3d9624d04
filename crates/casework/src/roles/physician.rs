//! The haematologist, who decides.

use super::{Desk, seeing};
use crate::{Error, Result, casework::act_on};
use cartulary_ledger::{Body, Decided};
use cartulary_model::{CaseId, SetId};
use serde_json::Value;

/// Decides, with a reason; sees and judges what a decision rests on.
#[derive(Clone)]
pub struct Physician(pub(super) Desk);

seeing!(Physician);

/// A decision of a physician.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// `accept`, `decline`, `wait`, `ask`.
    pub decision: String,
    /// The criteria set or product it is about.
    pub set: Option<SetId>,
    /// Why. Never empty.
    pub reason: String,
    /// The evaluation that the physician saw, by its entry.
    pub evaluation: Option<u64>,
}

/// What a decision can be.
const DECISIONS: [&str; 4] = ["accept", "decline", "wait", "ask"];

impl Physician {
    /// Decides.
    ///
    /// # Errors
    ///
    /// Without a reason, with an unknown decision, or upon an evaluation that the case does not have.
    pub async fn decide(&self, case: CaseId, decision: &Decision) -> Result<()> {
        let Decision { decision, set, reason, evaluation } = decision;
        if reason.trim().is_empty() {
            return Err(Error::refused("a decision needs a reason: say why"));
        }
        if !DECISIONS.contains(&decision.as_str()) {
            return Err(Error::refused(format!(
                "there is no decision `{decision}`: it is one of {}",
                DECISIONS.join(", ")
            )));
        }
        let case = self.0.casework.seen_in(case).await?;
        let who = self.0.who;
        let act = |file: &cartulary_ledger::CaseFile| {
            if evaluation.is_some_and(|seq| !file.evaluations.iter().any(|of| of.seq == seq)) {
                return Err(Error::Nothing { case, what: "evaluation at that entry".to_owned() });
            }
            let body: Body = Decided {
                decision: decision.clone(),
                set: set.clone(),
                reason: reason.trim().to_owned(),
                evaluation: *evaluation,
            }
            .into();
            Ok(act_on(who, file, vec![body]).seen(Some(case), "decide"))
        };
        self.0.casework.change(case, act).await.map(|_| ())
    }

    /// Gives the case back to the coordinator, with a note where there is one to give.
    ///
    /// # Errors
    ///
    /// Without such a case.
    pub async fn hand_back(&self, case: CaseId) -> Result<()> {
        self.0.hand_on(case, "coordinator").await
    }

    /// Takes an entry back that was a mistake. It stays to be seen, and counts for nothing.
    ///
    /// # Errors
    ///
    /// When the case has no such entry, or one of its kind cannot be taken back.
    pub async fn undo(&self, case: CaseId, seq: u64, reason: &str) -> Result<()> {
        self.0.undo(case, seq, reason).await
    }

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
}
