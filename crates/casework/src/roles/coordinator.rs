//! The coordinator of the medical department, and the patient's relative who sends papers through a link.

use super::{Desk, seeing};
use crate::{FileForms, LinkStatus, Parcel, Receipt, Reply, Result, upload::parcel};
use bytes::Bytes;
use cartulary_ledger::Person;
use cartulary_model::{ActorId, BlobId, CaseId};
use std::io;

/// Receives, looks after cases, checks facts, joins what belongs together. Decides nothing about a treatment.
#[derive(Clone)]
pub struct Coordinator(pub(super) Desk);

seeing!(Coordinator);

impl Coordinator {
    /// Opens a case without papers.
    ///
    /// # Errors
    ///
    /// When the register refuses.
    pub async fn open(&self, channel: &str) -> Result<CaseId> {
        self.0.open(channel).await
    }

    /// Receives a delivery into a case, or opens one for it; `open` gives the bytes of a paper by its place. When this
    /// returns, bytes and entries are durable. The same delivery again is the same receipt.
    ///
    /// # Errors
    ///
    /// When a paper cannot be opened or changed meanwhile: then nothing was received.
    pub async fn receive(
        &self,
        case: Option<CaseId>,
        parcel: &Parcel,
        open: &mut (dyn FnMut(usize) -> io::Result<Bytes> + Send),
    ) -> Result<Receipt> {
        self.0.casework.receive(self.0.who, case, parcel, open).await
    }

    /// Receives a file whose bytes are at hand into a case, without the place where a photograph was taken.
    ///
    /// # Errors
    ///
    /// As [`Coordinator::receive`].
    pub async fn receive_file(
        &self,
        case: CaseId,
        channel: &str,
        (name, bytes): (&str, Bytes),
        forms: FileForms,
    ) -> Result<Receipt> {
        let (parcel, bytes) = parcel(channel, "", None, &[(name.to_owned(), bytes)], forms);
        let mut open = |place: usize| -> io::Result<Bytes> { Ok(bytes[place].clone()) };
        self.receive(Some(case), &parcel, &mut open).await
    }

    /// Says who the patient is, in place of what was said before. The machine leaves it so.
    ///
    /// # Errors
    ///
    /// Without such a case.
    pub async fn identify(&self, case: CaseId, person: Person) -> Result<()> {
        self.0.identify(case, person).await
    }

    /// Gives the case to somebody, or to nobody.
    ///
    /// # Errors
    ///
    /// Without such a case.
    pub async fn assign(&self, case: CaseId, owner: Option<ActorId>) -> Result<()> {
        self.0.assign(case, owner).await
    }

    /// Answers whoever sent the papers. Through the patient's link it is there at once; other channels send it later.
    ///
    /// # Errors
    ///
    /// Without words; on a channel that the case has no address for.
    pub async fn reply(&self, case: CaseId, reply: &Reply) -> Result<()> {
        self.0.reply(case, reply).await
    }

    /// Hands the case to the `physician`, or takes it back to the `coordinator`.
    ///
    /// # Errors
    ///
    /// Without such a case or desk.
    pub async fn hand_on(&self, case: CaseId, to: &str) -> Result<()> {
        self.0.hand_on(case, to).await
    }

    /// Says that nothing is left to do on the case. A new paper opens it again.
    ///
    /// # Errors
    ///
    /// Without a reason.
    pub async fn close(&self, case: CaseId, reason: &str) -> Result<()> {
        self.0.close(case, reason).await
    }

    /// Makes a link by which the patient sees how the case stands and sends more papers. Its token is told once, here.
    ///
    /// # Errors
    ///
    /// Without such a case.
    pub async fn make_link(&self, case: CaseId) -> Result<String> {
        self.0.casework.make_link(case).await
    }

    /// Takes all links of a case back.
    ///
    /// # Errors
    ///
    /// When the register cannot be written.
    pub async fn revoke_links(&self, case: CaseId) -> Result<u64> {
        self.0.casework.revoke_links(case).await
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

/// Whoever holds the link of a case: may send papers into it, and sees nothing of it but what was sent through the link now.
#[derive(Clone)]
pub struct PatientLink {
    pub(super) desk: Desk,
    pub(super) case: CaseId,
}

impl PatientLink {
    /// The case of the link.
    pub const fn case(&self) -> CaseId {
        self.case
    }

    /// How the case stands, without a word of medicine but those that the department wrote.
    ///
    /// # Errors
    ///
    /// When the case was erased.
    pub async fn status(&self) -> Result<LinkStatus> {
        self.desk.link_status(self.case).await
    }

    /// Receives papers into the case of the link.
    ///
    /// # Errors
    ///
    /// As [`Coordinator::receive`].
    pub async fn send(
        &self,
        parcel: &Parcel,
        open: &mut (dyn FnMut(usize) -> io::Result<Bytes> + Send),
    ) -> Result<Receipt> {
        self.desk.casework.receive(self.desk.who, Some(self.case), parcel, open).await
    }
}
