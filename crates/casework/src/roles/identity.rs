//! Whose case it is and how long it is kept together: opening, identity, owner, merges, mistakes, consent, notes.

use super::Desk;
use crate::{Error, Result, casework::act_on, work};
use cartulary_ledger::{
    Act, Assigned, Body, CaseFile, Closed, ConsentGiven, ConsentWithdrawn, HandedOn, Identified, MergedFrom,
    MergedInto, Noted, Opened, Person, Undone, Unmerged,
};
use cartulary_model::{ActorId, BlobId, CaseId};

/// What a consent can be to: that papers are read and answered; that they go abroad; genetic findings; the registry;
/// research; outcomes without names.
pub const SCOPES: [&str; 6] = ["care", "transfer_abroad", "genetic", "registry", "research", "outcomes"];

impl Desk {
    pub(super) async fn open(&self, channel: &str) -> Result<CaseId> {
        let ledger = &self.casework.ledger;
        let case = ledger.with_entropy(|entropy| CaseId::new(ledger.now(), entropy));
        let opened = Opened { channel: channel.to_owned(), owner: None };
        ledger.append(Act::on(self.who, case, 0, vec![opened.into()]).seen(Some(case), "case.open")).await?;
        Ok(case)
    }

    pub(super) async fn identify(&self, case: CaseId, person: Person) -> Result<()> {
        self.say(case, "case.identify", Identified { person }.into()).await
    }

    pub(super) async fn assign(&self, case: CaseId, owner: Option<ActorId>) -> Result<()> {
        self.say(case, "case.assign", Assigned { owner }.into()).await
    }

    pub(super) async fn hand_on(&self, case: CaseId, to: &str) -> Result<()> {
        if !["physician", "coordinator"].contains(&to) {
            return Err(Error::refused(format!("there is no desk `{to}`: it is physician or coordinator")));
        }
        self.say(case, "case.hand_on", HandedOn { to: to.to_owned() }.into()).await
    }

    pub(super) async fn close(&self, case: CaseId, reason: &str) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Error::refused("closing a case needs a reason: say why"));
        }
        self.say(case, "case.close", Closed { reason: reason.trim().to_owned() }.into()).await
    }

    pub(super) async fn note(&self, case: CaseId, text: &str) -> Result<()> {
        if text.trim().is_empty() {
            return Err(Error::refused("the note is empty: nothing was written"));
        }
        self.say(case, "case.note", Noted { text: text.to_owned() }.into()).await
    }

    pub(super) async fn merge(&self, case: CaseId, into: CaseId) -> Result<()> {
        let ledger = &self.casework.ledger;
        for _ in 0..work::TRIES {
            let (from, to) = (ledger.case(case).await?, ledger.case(into).await?);
            self.expect_joinable(&from, &to).await?;
            let act = act_on(self.who, &to, vec![MergedFrom { case }.into()])
                .and_on(case, from.version, vec![MergedInto { case: into }.into()])
                .seen(Some(into), "case.merge")
                .seen(Some(case), "case.merge")
                // Papers of one patient tell each other the order of day and month: they are taken together from here on.
                .then_do(self.casework.job(work::EXTRACT, into, None));
            match ledger.append(act).await {
                Err(cartulary_ledger::Error::Conflict { .. }) => {}
                other => return other.map(|_| ()).map_err(Error::from),
            }
        }
        Err(Error::Busy(case))
    }

    async fn expect_joinable(&self, from: &CaseFile, to: &CaseFile) -> Result<()> {
        if self.casework.seen_in(to.case).await? == from.case {
            return Err(Error::refused("a case cannot be joined into itself, or into one that it holds"));
        }
        for file in [from, to] {
            if let Some(into) = file.merged_into {
                return Err(Error::refused(format!("case {} was joined into {into} already", file.case)));
            }
            if file.erasure_ordered.is_some() {
                return Err(Error::refused(format!("case {} is being erased", file.case)));
            }
        }
        Ok(())
    }

    pub(super) async fn unmerge(&self, case: CaseId) -> Result<()> {
        let ledger = &self.casework.ledger;
        for _ in 0..work::TRIES {
            let from = ledger.case(case).await?;
            let into = from
                .merged_into
                .ok_or_else(|| Error::refused(format!("case {case} was not joined into another")))?;
            let to = ledger.case(into).await?;
            let act = act_on(self.who, &to, vec![Unmerged { case }.into()])
                .and_on(case, from.version, vec![Unmerged { case: into }.into()])
                .seen(Some(into), "case.unmerge")
                .seen(Some(case), "case.unmerge")
                .then_do(self.casework.job(work::EXTRACT, into, None))
                .then_do(self.casework.job(work::EXTRACT, case, None));
            match ledger.append(act).await {
                Err(cartulary_ledger::Error::Conflict { .. }) => {}
                other => return other.map(|_| ()).map_err(Error::from),
            }
        }
        Err(Error::Busy(case))
    }

    pub(super) async fn undo(&self, case: CaseId, seq: u64, reason: &str) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Error::refused("taking an entry back needs a reason: say why"));
        }
        let act = |file: &CaseFile| {
            let entry =
                file.entry(seq).ok_or_else(|| Error::Nothing { case, what: format!("entry {seq}") })?;
            if !entry.body.can_be_undone() {
                return Err(Error::refused(format!(
                    "an entry of the kind {} cannot be taken back; a merge is taken back by unmerging",
                    entry.body.kind()
                )));
            }
            if !file.counts(seq) {
                return Err(Error::refused(format!("entry {seq} was taken back already")));
            }
            let undone = Undone { seq, reason: Some(reason.trim().to_owned()) };
            let act = act_on(self.who, file, vec![undone.into()]).seen(Some(case), "case.undo");
            // What an undoing brings back or takes away can be a paper, its reading or its facts.
            Ok(act.then_do(self.casework.job(work::EXTRACT, case, None)))
        };
        self.casework.change(case, act).await.map(|_| ())
    }

    pub(super) async fn consent(&self, case: CaseId, scope: &str, document: Option<BlobId>) -> Result<()> {
        known_scope(scope)?;
        let act = |file: &CaseFile| {
            if let Some(document) = document.filter(|document| !file.documents.contains_key(document)) {
                return Err(Error::Nothing { case: file.case, what: format!("document {document}") });
            }
            let given = ConsentGiven { scope: scope.to_owned(), document };
            Ok(act_on(self.who, file, vec![given.into()]).seen(Some(file.case), "consent"))
        };
        self.casework.change(self.casework.seen_in(case).await?, act).await.map(|_| ())
    }

    pub(super) async fn withdraw(&self, case: CaseId, scope: &str, reason: Option<String>) -> Result<()> {
        known_scope(scope)?;
        let act = |file: &CaseFile| {
            if !file.consents.get(scope).is_some_and(|consent| consent.given) {
                return Err(Error::refused(format!(
                    "no consent to {scope} was given: there is none to withdraw"
                )));
            }
            let withdrawn = ConsentWithdrawn { scope: scope.to_owned(), reason: reason.clone() };
            Ok(act_on(self.who, file, vec![withdrawn.into()]).seen(Some(file.case), "consent"))
        };
        self.casework.change(self.casework.seen_in(case).await?, act).await.map(|_| ())
    }

    /// One entry on the case in which it is seen.
    async fn say(&self, case: CaseId, what: &str, body: Body) -> Result<()> {
        let case = self.casework.seen_in(case).await?;
        let act = |file: &CaseFile| Ok(act_on(self.who, file, vec![body.clone()]).seen(Some(case), what));
        self.casework.change(case, act).await.map(|_| ())
    }
}

pub(crate) fn known_scope(scope: &str) -> Result<()> {
    if SCOPES.contains(&scope) {
        return Ok(());
    }
    Err(Error::refused(format!("there is no consent to `{scope}`: it is one of {}", SCOPES.join(", "))))
}
