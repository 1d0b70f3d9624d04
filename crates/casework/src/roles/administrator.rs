//! The administrator: how long cases are kept, and how they are erased. Sees no papers.

use super::{Desk, course::day};
use crate::{Error, Result, casework::act_on};
use cartulary_ledger::{Body, CaseFile, ErasureOrdered, RetentionSet};
use cartulary_model::{BlobId, CaseId, Instant};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Keeps and erases. The care of the register itself (verify, rebuild, keys, backups) is the ledger's.
#[derive(Clone)]
pub struct Administrator(pub(super) Desk);

/// What was erased, and the certificate of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The case.
    pub case: CaseId,
    /// It was erased before, and nothing was done now.
    pub already: bool,
    /// Originals, pictures, readings that were removed.
    pub blobs: usize,
    /// The text to give out. Its digest stands in the register.
    pub certificate: String,
    /// SHA-256 of the certificate.
    pub digest: String,
}

/// What a case keeps in the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The case.
    pub case: CaseId,
    /// Its blobs.
    pub blobs: BTreeSet<BlobId>,
}

impl Administrator {
    /// Says until when a case must be kept, and on which ground.
    ///
    /// # Errors
    ///
    /// When the day is none, or no ground is given.
    pub async fn retain(&self, case: CaseId, until: Option<&str>, reason: &str) -> Result<()> {
        until.map(day).transpose()?;
        ground(reason)?;
        let act = |file: &CaseFile| {
            let set = RetentionSet { until: until.map(str::to_owned), reason: reason.trim().to_owned() };
            Ok(act_on(self.0.who, file, vec![set.into()]).seen(Some(case), "retention"))
        };
        self.0.casework.change(case, act).await.map(|_| ())
    }

    /// What a case keeps in the vault: originals, readings, pictures, facts, evaluations, of all its entries.
    ///
    /// # Errors
    ///
    /// Without such a case.
    pub async fn kept(&self, case: CaseId) -> Result<Kept> {
        let file = self.0.casework.ledger.case(case).await?;
        let blobs = file.entries.iter().flat_map(|entry| blobs_of(&entry.body)).collect();
        Ok(Kept { case, blobs })
    }

    /// Erases a case for good: orders it, destroys its key, removes its blobs. Interrupted, it is asked for again and goes on.
    ///
    /// Cases that were joined into it have keys of their own and are erased by themselves.
    ///
    /// # Errors
    ///
    /// Without a ground; while the case must be kept.
    pub async fn erase(&self, case: CaseId, reason: &str) -> Result<Erasure> {
        ground(reason)?;
        let casework = &self.0.casework;
        let kept = match self.kept(case).await {
            Ok(kept) => {
                self.order(case, reason).await?;
                kept
            }
            // The key is gone: what its blobs were cannot be known any more; `leftovers` finds them.
            Err(Error::Ledger(cartulary_ledger::Error::Erased(_))) => Kept { case, blobs: BTreeSet::new() },
            Err(error) => return Err(error),
        };
        let (certificate, digest) = certificate(case, kept.blobs.len(), casework.ledger.now());
        let mut removed = 0;
        for blob in &kept.blobs {
            removed += usize::from(casework.blobs.delete(*blob).await?);
        }
        for drawer in [cartulary_ledger::Drawer::Link, cartulary_ledger::Drawer::Upload] {
            casework.ledger.drop_slips_of(drawer, case.uuid()).await?;
        }
        let done = casework.ledger.erase(self.0.who, case, Some(digest.clone())).await?;
        Ok(Erasure { case, already: !done.first, blobs: removed, certificate, digest })
    }

    async fn order(&self, case: CaseId, reason: &str) -> Result<()> {
        let today = self.0.casework.today();
        let who = self.0.who;
        let file = self.0.casework.ledger.case(case).await?;
        if file.erasure_ordered.is_some() {
            return Ok(());
        }
        let act = |file: &CaseFile| {
            let until = file.retention.as_ref().and_then(|of| of.until.as_deref());
            if let Some(until) = until.filter(|until| day(until).is_ok_and(|until| until > today)) {
                return Err(Error::refused(format!(
                    "case {case} must be kept until {until}; set another retention first"
                )));
            }
            let order: Body = ErasureOrdered { reason: reason.trim().to_owned() }.into();
            Ok(act_on(who, file, vec![order]).seen(Some(case), "erase"))
        };
        self.0.casework.change(case, act).await.map(|_| ())
    }
}

fn ground(reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Error::refused("this needs a reason: say on which ground"));
    }
    Ok(())
}

/// A text that says what was done, with nothing of the patient, and its digest.
fn certificate(case: CaseId, blobs: usize, at: Instant) -> (String, String) {
    let text = format!(
        "Certificate of erasure\n\n\
         Case:    {case}\n\
         Erased:  {at}\n\
         Removed: {blobs} sealed files (originals, pictures, readings, facts, evaluations)\n\n\
         The key of the case was destroyed. What is left in the register are sealed entries that nobody can open,\n\
         kept so that the chain of the register can be verified. Backups made before hold the key until they are\n\
         deleted themselves.\n"
    );
    let digest = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    (text, digest)
}

/// What an entry names in the vault.
pub(crate) fn blobs_of(body: &Body) -> Vec<BlobId> {
    match body {
        Body::Received(said) => vec![said.document],
        Body::PageRead(said) => said.images.iter().copied().chain([said.reading]).collect(),
        Body::FactsExtracted(said) => vec![said.blob],
        Body::Evaluated(said) => vec![said.blob],
        _ => Vec::new(),
    }
}
