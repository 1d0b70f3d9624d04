//! What is asked of the register in one piece: all of it happens, or none.

use crate::{Body, jobs::Claim};
use cartulary_model::{ActorId, CaseId, Instant, JobId};

/// Something that somebody does: entries on one case or more, with what goes with them.
#[derive(Clone, Debug)]
pub struct Act {
    /// Who.
    pub actor: ActorId,
    /// On which cases; a case at most once.
    pub parts: Vec<Part>,
    /// Cases to which it adds nothing, and which must be as they were seen: their number of entries.
    pub expected: Vec<(CaseId, u64)>,
    /// Names the act, where it must not happen twice: asked for again it gives what the first gave.
    pub once: Option<[u8; 32]>,
    /// Work that follows from it.
    pub jobs: Vec<NewJob>,
    /// The job that this is the result of. The act is refused when the job was given to another worker since.
    pub finish: Option<Claim>,
    /// What of the access log goes with it.
    pub access: Vec<Access>,
}

/// Entries to append to one case.
#[derive(Clone, Debug)]
pub struct Part {
    /// The case.
    pub case: CaseId,
    /// The number of entries that the caller has seen: 0 makes the case.
    pub expected: u64,
    /// The entries, one or more.
    pub entries: Vec<Body>,
}

/// Work to be done later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// What it is about, for the handler: ids only, for it is not sealed.
    pub payload: String,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// While a job with this key is not finished, a new one with it is left out.
    pub dedupe: Option<String>,
    /// Lower comes first.
    pub priority: i64,
    /// Not before; none: at once.
    pub run_at: Option<Instant>,
}

/// A row of the access log: who saw what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The case that was seen; none for lists.
    pub case: Option<CaseId>,
    /// What was done, such as `case.show`: a word of the programme, not of a patient.
    pub what: String,
}

impl Access {
    /// A copy of the whole register was made.
    pub const BACKUP: &str = "register.backup";
}

/// What an act came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Whether it happened now; false when it had happened before under the same `once`.
    pub first: bool,
    /// The place of its first entry in the register.
    pub act: u64,
    /// The cases, each with its version after the act.
    pub cases: Vec<(CaseId, u64)>,
}

impl Act {
    /// An act on one case, without anything that goes with it.
    pub fn on(actor: ActorId, case: CaseId, expected: u64, entries: Vec<Body>) -> Self {
        let parts = vec![Part { case, expected, entries }];
        let expected = Vec::new();
        Self { actor, parts, expected, once: None, jobs: Vec::new(), finish: None, access: Vec::new() }
    }

    /// Makes it depend on another case, to which it adds nothing, being as it was seen.
    #[must_use]
    pub fn expecting(mut self, case: CaseId, version: u64) -> Self {
        self.expected.push((case, version));
        self
    }

    /// Names the act, so that it happens once.
    #[must_use]
    pub fn once(mut self, once: [u8; 32]) -> Self {
        self.once = Some(once);
        self
    }

    /// Adds entries on another case.
    #[must_use]
    pub fn and_on(mut self, case: CaseId, expected: u64, entries: Vec<Body>) -> Self {
        self.parts.push(Part { case, expected, entries });
        self
    }

    /// Adds work that follows.
    #[must_use]
    pub fn then_do(mut self, job: NewJob) -> Self {
        self.jobs.push(job);
        self
    }

    /// Makes it the result of a job, which is done with it.
    #[must_use]
    pub fn finishing(mut self, claim: Claim) -> Self {
        self.finish = Some(claim);
        self
    }

    /// Adds to the access log.
    #[must_use]
    pub fn seen(mut self, case: Option<CaseId>, what: &str) -> Self {
        self.access.push(Access { case, what: what.to_owned() });
        self
    }
}
