//! Papers into a case: the bytes first, then one act, once.
//!
//! A delivery has a name, made of where it came from and what is in it. Whoever was interrupted, or is not sure, sends it
//! again: what was received is not received twice, and what was not is received now.

use crate::{Casework, Error, Result};
use bytes::Bytes;
use cartulary_ledger::{
    Act, Body, CaseFile, ConsentGiven, Done, Inquired, NewJob, Opened, Received, Sender, failpoint,
};
use cartulary_model::{ActorId, BlobId, CaseId};
use cartulary_vault::CaseKey;
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeSet, io};

/// A delivery: what came together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parcel {
    /// How it came: `upload`, `mail`, `whatsapp`, `walk_in`.
    pub channel: String,
    /// The sender's address on the channel, where there is one.
    pub from: Option<String>,
    /// What the channel calls the delivery, such as a `Message-ID`; empty where it has no name: then what is in it names it.
    pub source: String,
    /// The papers.
    pub papers: Vec<Wrapped>,
    /// Who sent it, where they said so.
    pub inquiry: Option<Inquiry>,
}

/// What somebody says who sends papers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inquiry {
    /// Who.
    pub sender: Sender,
    /// What they write.
    pub words: Option<String>,
    /// The version of the notice that they were shown.
    pub notice: Option<String>,
    /// To what they consent, each a scope of consent.
    pub consents: Vec<String>,
}

impl Inquiry {
    /// As entries. An unknown scope is refused before anything is kept.
    fn entries(&self) -> Result<Vec<Body>> {
        let said = Inquired {
            sender: self.sender.clone(),
            words: self.words.clone().filter(|words| !words.trim().is_empty()),
            notice: self.notice.clone(),
        };
        let mut entries: Vec<Body> = vec![said.into()];
        for scope in &self.consents {
            crate::roles::known_scope(scope)?;
            entries.push(ConsentGiven { scope: scope.clone(), document: None }.into());
        }
        Ok(entries)
    }
}

/// A paper of a delivery, known by its digest before its bytes are held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped {
    /// The name that the sender gave it.
    pub name: String,
    /// Such as `application/pdf`, as found in the bytes.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
}

impl Wrapped {
    /// A paper whose bytes are at hand.
    pub fn of(name: impl Into<String>, media_type: impl Into<String>, bytes: &[u8]) -> Self {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self { name: name.into(), media_type: media_type.into(), size, sha256: Sha256::digest(bytes).into() }
    }
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The case that holds it.
    pub case: CaseId,
    /// Whether the case was opened for it.
    pub opened: bool,
    /// False when it had been received before, and nothing was done now.
    pub first: bool,
    /// Its papers, in the order of the delivery.
    pub papers: Vec<ReceivedPaper>,
}

/// What became of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedPaper {
    /// The name that the sender gave it.
    pub name: String,
    /// Its original in the vault.
    pub document: BlobId,
    /// The same bytes were in the case already, or stand twice in the delivery: one document, two arrivals.
    pub known: bool,
}

impl Casework {
    /// Receives a delivery into a case, or opens one for it. `open` gives the bytes of a paper by its place.
    pub(crate) async fn receive(
        &self,
        actor: ActorId,
        case: Option<CaseId>,
        parcel: &Parcel,
        open: &mut (dyn FnMut(usize) -> io::Result<Bytes> + Send),
    ) -> Result<Receipt> {
        if parcel.papers.is_empty() {
            return Err(Error::refused("the delivery holds no paper: nothing was received"));
        }
        let case = match case {
            Some(case) => Some(self.seen_in(case).await?),
            None => None,
        };
        let once = self.name_of(case, parcel);
        if let Some(done) = self.ledger.happened(Some(once)).await? {
            return self.receipt(case.is_none(), parcel, &done).await;
        }
        let id = case
            .unwrap_or_else(|| self.ledger.with_entropy(|entropy| CaseId::new(self.ledger.now(), entropy)));
        let key = match case {
            Some(case) => self.ledger.key(case).await?,
            None => self.ledger.reserve(id).await?,
        };
        let begun = self.ledger.now();
        let documents = self.keep(&key, parcel, open).await?;
        failpoint::pass("receive.kept");
        let done = match case {
            Some(case) => {
                self.change(case, |file| self.arrival(actor, file, parcel, &documents, once)).await?
            }
            None => {
                let file = CaseFile::empty(id);
                self.ledger.append(self.arrival(actor, &file, parcel, &documents, once)?).await?
            }
        };
        if self.ledger.now().micros() - begun.micros() > crate::spare::AGE_US / 2 {
            // Whoever slept that long may have lost papers to a cleaning before their entries were there to be seen.
            self.keep(&key, parcel, open).await?;
        }
        self.receipt(case.is_none(), parcel, &done).await
    }

    /// Names the delivery. A new case is named by what is in it, so that the same papers do not open two; in a case the
    /// names count too, so that a second arrival under another name is kept as one.
    fn name_of(&self, case: Option<CaseId>, parcel: &Parcel) -> [u8; 32] {
        let mut papers: BTreeSet<Vec<u8>> = BTreeSet::new();
        for paper in &parcel.papers {
            let mut named = paper.sha256.to_vec();
            if case.is_some() {
                named.extend(paper.name.as_bytes());
            }
            papers.insert(named);
        }
        let mut hasher = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        part(b"receive");
        part(parcel.channel.as_bytes());
        part(parcel.source.as_bytes());
        part(case.as_ref().map_or(b"".as_slice(), |case| case.bytes().as_slice()));
        papers.iter().for_each(|paper| part(paper));
        let digest: [u8; 32] = hasher.finalize().into();
        // It stands in the database: keyed, so that nobody can ask whether a known file is here.
        self.ledger.keys().session_digest(&digest)
    }

    /// Lays the bytes into the vault, where they are durable when this returns.
    async fn keep(
        &self,
        key: &CaseKey,
        parcel: &Parcel,
        open: &mut (dyn FnMut(usize) -> io::Result<Bytes> + Send),
    ) -> Result<Vec<BlobId>> {
        let mut documents = Vec::with_capacity(parcel.papers.len());
        for (place, paper) in parcel.papers.iter().enumerate() {
            let failed = |why: String| Error::Paper { name: paper.name.clone(), why };
            let bytes = open(place).map_err(|error| failed(error.to_string()))?;
            if <[u8; 32]>::from(Sha256::digest(&bytes)) != paper.sha256 {
                return Err(failed("it changed while it was received".to_owned()));
            }
            documents.push(self.put(key, bytes).await?);
            failpoint::pass("receive.paper_kept");
        }
        Ok(documents)
    }

    fn arrival(
        &self,
        actor: ActorId,
        file: &CaseFile,
        parcel: &Parcel,
        documents: &[BlobId],
        once: [u8; 32],
    ) -> Result<Act> {
        if file.erasure_ordered.is_some() {
            return Err(Error::refused(format!("case {} is being erased: it takes no papers", file.case)));
        }
        let mut entries: Vec<Body> = Vec::with_capacity(documents.len() + 1);
        if file.version == 0 {
            entries.push(Opened { channel: parcel.channel.clone(), owner: None }.into());
        }
        if let Some(inquiry) = &parcel.inquiry {
            entries.extend(inquiry.entries()?);
        }
        let mut seen: BTreeSet<BlobId> = file.documents.keys().copied().collect();
        let mut unread = Vec::new();
        for (paper, document) in parcel.papers.iter().zip(documents) {
            let received = Received {
                document: *document,
                name: paper.name.clone(),
                size: paper.size,
                media_type: paper.media_type.clone(),
                channel: parcel.channel.clone(),
                from: parcel.from.clone(),
                resembles: None,
            };
            entries.push(received.into());
            if seen.insert(*document) {
                unread.push(*document);
            }
        }
        let act =
            Act::on(actor, file.case, file.version, entries).once(once).seen(Some(file.case), "receive");
        // In the order of the papers: they are due one after the other, and all of them now.
        let begin = self.ledger.now().plus_micros(-i64::try_from(unread.len()).unwrap_or(0));
        Ok(unread.into_iter().zip(0..).fold(act, |act, (document, place)| {
            let job = self.job(crate::work::READ, file.case, Some(document));
            act.then_do(NewJob { run_at: Some(begin.plus_micros(place)), ..job })
        }))
    }

    /// What became of a delivery, now or before; told from the register.
    async fn receipt(&self, opened: bool, parcel: &Parcel, done: &Done) -> Result<Receipt> {
        let Some((case, version)) = done.cases.first().copied() else {
            return Err(Error::refused("the delivery was received into no case"));
        };
        let file = self.ledger.case(case).await?;
        let end = usize::try_from(version).unwrap_or(usize::MAX).min(file.entries.len());
        let begin = end.saturating_sub(parcel.papers.len());
        let mut seen: BTreeSet<BlobId> = file.entries[..begin].iter().filter_map(arrived).collect();
        let papers = file.entries[begin..end].iter().filter_map(|entry| match &entry.body {
            Body::Received(said) => Some(ReceivedPaper {
                name: said.name.clone(),
                document: said.document,
                known: !seen.insert(said.document),
            }),
            _ => None,
        });
        let papers = papers.collect();
        Ok(Receipt { case, opened: opened && done.first, first: done.first, papers })
    }
}

fn arrived(entry: &std::sync::Arc<cartulary_ledger::Entry>) -> Option<BlobId> {
    match &entry.body {
        Body::Received(said) => Some(said.document),
        _ => None,
    }
}
