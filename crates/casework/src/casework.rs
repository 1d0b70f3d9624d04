//! The register and the vault together.

use crate::{Error, Result, reading::Reading};
use bytes::Bytes;
use cartulary_ledger::{Act, Body, CaseFile, Ledger, NewJob, Texts};
use cartulary_model::{BlobId, CaseId, Entropy, Instant, JobId};
use cartulary_vault::{Blobs, CaseKey};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Serialize, de::DeserializeOwned};
use std::{future::Future, pin::Pin, sync::Arc};

/// The register with its vault. Clones are the same.
#[derive(Clone)]
pub struct Casework {
    pub(crate) ledger: Ledger,
    pub(crate) blobs: Blobs,
    /// The day that an instant is of, where the clinic is.
    pub(crate) day: fn(Instant) -> Date,
}

/// So often a case is looked at again when somebody else was faster.
const TRIES: u32 = 12;

impl Casework {
    /// Puts them together. The ledger must have been opened with [`ReadingTexts`] of the same vault.
    ///
    /// Days are those of UTC until [`with_days`](Self::with_days) says otherwise.
    pub const fn new(ledger: Ledger, blobs: Blobs) -> Self {
        Self { ledger, blobs, day: utc_day }
    }

    /// Takes the day that an instant is of from the clinic's calendar: around midnight it is another than that of UTC, and
    /// what must be kept until a day is kept until that day is over there.
    #[must_use]
    pub const fn with_days(mut self, day: fn(Instant) -> Date) -> Self {
        self.day = day;
        self
    }

    /// Today, where the clinic is.
    pub(crate) fn today(&self) -> Date {
        (self.day)(self.ledger.now())
    }

    /// The register.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The vault.
    pub const fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Everything that entries name in the vault, with the keys that open it; erased cases name nothing any more.
    ///
    /// # Errors
    ///
    /// When a case cannot be opened.
    pub async fn all_kept(&self) -> Result<Vec<(CaseKey, BlobId)>> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let cases = self.ledger.case_ids(after, 1_000).await?;
            let Some(last) = cases.last().copied() else { return Ok(all) };
            after = Some(last);
            for case in cases {
                let file = match self.ledger.case(case).await {
                    Ok(file) => file,
                    Err(cartulary_ledger::Error::Erased(_)) => continue,
                    Err(error) => return Err(error.into()),
                };
                let key = self.ledger.key(case).await?;
                let blobs: std::collections::BTreeSet<BlobId> =
                    file.entries.iter().flat_map(|entry| crate::roles::blobs_of(&entry.body)).collect();
                all.extend(blobs.into_iter().map(|blob| (key.clone(), blob)));
            }
        }
    }

    pub(crate) fn entropy(&self) -> Lent<'_> {
        Lent(&self.ledger)
    }

    pub(crate) async fn put(&self, key: &CaseKey, bytes: impl Into<Bytes>) -> Result<BlobId> {
        Ok(self.blobs.put(key, bytes.into(), &mut self.entropy()).await?)
    }

    /// Something kept as JSON.
    pub(crate) async fn kept<T: DeserializeOwned>(
        &self,
        key: &CaseKey,
        blob: BlobId,
        what: &'static str,
    ) -> Result<T> {
        let bytes = self.blobs.get(key, blob).await?;
        let form = |error: serde_json::Error| Error::Form { case: key.case(), what, why: place(&error) };
        serde_json::from_slice(&bytes).map_err(form)
    }

    pub(crate) fn job(&self, kind: &str, case: CaseId, document: Option<BlobId>) -> NewJob {
        let id = self.ledger.with_entropy(|entropy| JobId::new(self.ledger.now(), entropy));
        let payload = document.map_or(String::new(), |document| document.to_string());
        let dedupe = Some(format!("{kind}:{case}:{payload}"));
        NewJob { id, kind: kind.to_owned(), payload, case: Some(case), dedupe, priority: 0, run_at: None }
    }

    /// Looks at a case and appends what follows from what was seen; looks again when somebody was faster.
    pub(crate) async fn change(
        &self,
        case: CaseId,
        mut act: impl FnMut(&CaseFile) -> Result<Act>,
    ) -> Result<cartulary_ledger::Done> {
        for _ in 0..TRIES {
            let file = self.ledger.case(case).await?;
            match self.ledger.append(act(&file)?).await {
                Err(cartulary_ledger::Error::Conflict { .. }) => {}
                other => return Ok(other?),
            }
        }
        Err(Error::Busy(case))
    }

    /// The case in which a case is seen after merges.
    ///
    /// # Errors
    ///
    /// Without such a case.
    pub async fn seen_in(&self, case: CaseId) -> Result<CaseId> {
        let mut at = case;
        for _ in 0..1_000 {
            match self.ledger.case(at).await?.merged_into {
                Some(next) => at = next,
                None => return Ok(at),
            }
        }
        Err(Error::refused(format!("case {case} was merged in a circle")))
    }
}

fn utc_day(at: Instant) -> Date {
    let at = Timestamp::from_microsecond(at.micros()).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::UTC.to_datetime(at).date()
}

/// JSON of a form of ours, which always can be written.
pub(crate) fn json(case: CaseId, what: &'static str, form: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(form).map_err(|error| Error::Form { case, what, why: place(&error) })
}

/// Where JSON is wrong, without its words: they may be a patient's, and errors stand beside jobs in the clear.
pub(crate) fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

/// An act of one person on one case, as it was seen.
pub(crate) fn act_on(actor: cartulary_model::ActorId, file: &CaseFile, entries: Vec<Body>) -> Act {
    Act::on(actor, file.case, file.version, entries)
}

/// The register's randomness, drawn a piece at a time.
pub(crate) struct Lent<'a>(&'a Ledger);

impl Entropy for Lent<'_> {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.with_entropy(|entropy| entropy.fill(bytes));
    }
}

/// The texts of readings, for the search.
#[derive(Clone, Debug)]
pub struct ReadingTexts(Blobs);

impl ReadingTexts {
    /// Those in this vault.
    pub fn new(blobs: Blobs) -> Arc<Self> {
        Arc::new(Self(blobs))
    }
}

impl Texts for ReadingTexts {
    fn text<'a>(
        &'a self,
        key: &'a CaseKey,
        reading: BlobId,
    ) -> Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>> {
        Box::pin(async move {
            let bytes = self.0.get(key, reading).await.map_err(|error| error.to_string())?;
            let reading: Reading = serde_json::from_slice(&bytes).map_err(|error| place(&error))?;
            Ok(reading.text())
        })
    }

    // Of the build and of no overlay: what is found must not hang on which process wrote it.
    fn letter(&self) -> fn(char) -> char {
        cartulary_catalogue::simplified
    }
}
