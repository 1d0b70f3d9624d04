//! What people make of facts: each a new entry, at the same place of the paper. The fact as read stays.

use super::Desk;
use crate::{
    Error, Result,
    casework::act_on,
    taken::{TakenFact, index_of},
    work,
};
use cartulary_ledger::{Body, CaseFile, FactAdded, FactConfirmed, FactCorrected, FactRef, FactRejected};
use cartulary_model::{
    BlobId, CaseId, Fact,
    fact::{Method, Status},
};
use sha2::{Digest as _, Sha256};

/// What somebody makes of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Judgement {
    /// It is right.
    Confirm(FactRef),
    /// It is wrong, and this is right.
    Correct(Box<Correction>),
    /// It does not stand on the paper.
    Reject {
        /// Which fact.
        fact: FactRef,
        /// Why, in the person's words.
        reason: Option<String>,
    },
    /// The papers say it and the machine did not see it. It must point to a place on a paper of the case.
    Add(Box<Fact>),
}

/// A correction of a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// Which fact.
    pub fact: FactRef,
    /// What is right. Its place is that of the fact as read, whatever stands here.
    pub right: Fact,
    /// Why, in the person's words.
    pub reason: Option<String>,
}

impl Desk {
    pub(super) async fn judge(&self, case: CaseId, judgement: Judgement) -> Result<()> {
        let read = match &judgement {
            Judgement::Correct(correction) => Some(self.as_read(case, &correction.fact).await?),
            Judgement::Confirm(_) | Judgement::Reject { .. } | Judgement::Add(_) => None,
        };
        let act = |file: &CaseFile| {
            let body = self.judged(file, &judgement, read.as_ref())?;
            // A merged case is evaluated with the one that it is seen in; the job finds it.
            let evaluate = self.casework.job(work::EVALUATE, case, None);
            Ok(act_on(self.who, file, vec![body]).seen(Some(case), "fact.judge").then_do(evaluate))
        };
        self.casework.change(case, act).await.map(|_| ())
    }

    fn judged(&self, file: &CaseFile, judgement: &Judgement, read: Option<&Fact>) -> Result<Body> {
        let known = |fact: &FactRef| {
            let nothing = || Error::Nothing { case: file.case, what: format!("fact {}", fact.0) };
            file.facts.get(fact).map(|_| ()).ok_or_else(nothing)
        };
        Ok(match judgement {
            Judgement::Confirm(fact) => {
                known(fact)?;
                FactConfirmed { fact: fact.clone() }.into()
            }
            Judgement::Reject { fact, reason } => {
                known(fact)?;
                FactRejected { fact: fact.clone(), reason: reason.clone() }.into()
            }
            Judgement::Correct(correction) => {
                known(&correction.fact)?;
                let mut right = self.signed(correction.right.clone(), Status::Corrected);
                if let Some(read) = read {
                    right.evidence.clone_from(&read.evidence);
                }
                let index = index_of(correction.fact.clone(), &right);
                let content = content(file.case, &right)?;
                let (fact, reason) = (correction.fact.clone(), correction.reason.clone());
                FactCorrected { fact, index, content, reason }.into()
            }
            Judgement::Add(fact) => {
                if fact.evidence.is_empty() {
                    return Err(Error::refused("a fact needs a place on a paper: mark where it stands"));
                }
                let added = self.signed(Fact::clone(fact), Status::Confirmed);
                let content = content(file.case, &added)?;
                // Of its content, so that the same fact added twice is one.
                let digest = Sha256::digest(added_key(&added).as_bytes());
                let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                let index = index_of(FactRef(format!("added:{name}:{}", added.concept).into()), &added);
                FactAdded { index, content }.into()
            }
        })
    }

    /// The fact as somebody's word.
    fn signed(&self, mut fact: Fact, status: Status) -> Fact {
        let at = self.casework.ledger.now().to_string();
        fact.method = Method::Person { name: self.who.to_string(), at };
        fact.status = status;
        fact.confidence = 1.0;
        fact
    }

    /// The fact as the machine read it.
    async fn as_read(&self, case: CaseId, name: &FactRef) -> Result<Fact> {
        let file = self.casework.ledger.case(case).await?;
        let nothing = || Error::Nothing { case, what: format!("fact {}", name.0) };
        let held = file.facts.get(name).ok_or_else(nothing)?;
        let blob = held.document.and_then(|of| file.documents.get(&of)?.extraction.as_ref().map(|of| of.1));
        if let Some(blob) = blob {
            let key = self.casework.ledger.key(case).await?;
            let taken = self.casework.taken(&key, blob).await?;
            if let Some(TakenFact { fact, .. }) = taken.facts.into_iter().find(|of| of.name == *name) {
                return Ok(fact);
            }
        }
        // Of a fact that only people said, the last word is what there is.
        held.content.clone().and_then(|content| serde_json::from_value(content).ok()).ok_or_else(nothing)
    }

    pub(super) async fn read_again(&self, case: CaseId, document: BlobId) -> Result<()> {
        let file = self.casework.ledger.case(case).await?;
        if !file.documents.contains_key(&document) {
            return Err(Error::Nothing { case, what: format!("document {document}") });
        }
        Ok(self.casework.ledger.enqueue(&[self.casework.job(work::READ, case, Some(document))]).await?)
    }
}

fn content(case: CaseId, fact: &Fact) -> Result<serde_json::Value> {
    let form =
        |error: serde_json::Error| Error::Form { case, what: "a fact", why: crate::casework::place(&error) };
    serde_json::to_value(fact).map_err(form)
}

/// What makes an added fact itself: place and concept, nothing of who added it and when.
fn added_key(fact: &Fact) -> String {
    let places: Vec<String> = fact
        .evidence
        .iter()
        .map(|at| format!("{}.{}.{}.{:?}", at.document, at.page, at.line, at.span))
        .collect();
    format!("{}|{}|{:?}", fact.concept, places.join("+"), fact.experiencer)
}
