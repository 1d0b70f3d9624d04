//! A case file: what the entries of a case come to. A pure fold, so the same entries give the same file for ever.

mod fold;
mod parts;

pub use parts::{
    CaseFact, CaseState, Consent, CourseEvent, Decision, Document, DocumentState, Evaluation, FactStatus,
    Inquiry, Message, Note, Retention,
};

use crate::{Body, Person, body::FactRef, chain};
use cartulary_model::{ActorId, BlobId, CaseId, Instant};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// An entry of a case file, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in the case, from 1.
    pub seq: u64,
    /// When it was appended.
    pub at: Instant,
    /// Who appended it.
    pub actor: ActorId,
    /// What it says.
    pub body: Body,
}

/// A case, as its entries have it.
///
/// An entry that was undone counts for nothing and stays in `entries`. An undoing can be undone too. Of an erased case
/// nothing is left but its id, version and times.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFile {
    /// The case.
    pub case: CaseId,
    /// The number of entries, which an append must name.
    pub version: u64,
    /// All entries in their order; none of an erased case.
    pub entries: Vec<Arc<Entry>>,
    /// The places of entries that were undone.
    pub undone: BTreeSet<u64>,
    /// When the case was opened.
    pub opened_at: Instant,
    /// When the last entry was appended.
    pub changed_at: Instant,
    /// How the inquiry came.
    pub channel: String,
    /// Who looks after it.
    pub owner: Option<ActorId>,
    /// The patient, as far as known.
    pub person: Person,
    /// Who sent papers, the last one last.
    pub inquiries: Vec<Inquiry>,
    /// The documents, by what they are kept under.
    pub documents: BTreeMap<BlobId, Document>,
    /// The facts, read and said.
    pub facts: BTreeMap<FactRef, CaseFact>,
    /// Evaluations, the newest last.
    pub evaluations: Vec<Evaluation>,
    /// Decisions, the newest last.
    pub decisions: Vec<Decision>,
    /// Messages by their names.
    pub messages: BTreeMap<String, Message>,
    /// The last word on each scope of consent.
    pub consents: BTreeMap<String, Consent>,
    /// Notes, the newest last.
    pub notes: Vec<Note>,
    /// Infusions and visits, in the order in which they were entered.
    pub course: Vec<CourseEvent>,
    /// When somebody of the house first answered.
    pub contact_at: Option<Instant>,
    /// The entry by which it was handed on last, and to whom: `physician` or `coordinator`.
    pub handed_on: Option<(u64, String)>,
    /// The entry by which it was closed last.
    pub closed: Option<u64>,
    /// Until when it must be kept.
    pub retention: Option<Retention>,
    /// The case that goes on in its place.
    pub merged_into: Option<CaseId>,
    /// The cases that are seen with this one.
    pub merged_from: BTreeSet<CaseId>,
    /// The entry by which another case was merged into it last: its papers are new here.
    pub merged_at: Option<u64>,
    /// Its erasure was ordered by this entry.
    pub erasure_ordered: Option<u64>,
    /// Its key was destroyed.
    pub erased: bool,
    /// The hash of the last entry.
    pub(crate) head: chain::Hash,
}

impl CaseFile {
    /// A case without entries.
    pub fn empty(case: CaseId) -> Self {
        Self {
            case,
            version: 0,
            entries: Vec::new(),
            undone: BTreeSet::new(),
            opened_at: Instant::from_micros(0),
            changed_at: Instant::from_micros(0),
            channel: String::new(),
            owner: None,
            person: Person::default(),
            inquiries: Vec::new(),
            documents: BTreeMap::new(),
            facts: BTreeMap::new(),
            evaluations: Vec::new(),
            decisions: Vec::new(),
            messages: BTreeMap::new(),
            consents: BTreeMap::new(),
            notes: Vec::new(),
            course: Vec::new(),
            contact_at: None,
            handed_on: None,
            closed: None,
            retention: None,
            merged_into: None,
            merged_from: BTreeSet::new(),
            merged_at: None,
            erasure_ordered: None,
            erased: false,
            head: chain::START,
        }
    }

    /// The file that these entries come to, in their order from the first.
    pub fn fold(case: CaseId, entries: impl IntoIterator<Item = Entry>) -> Self {
        Self::empty(case).with(entries)
    }

    /// This file with more entries after its last.
    #[must_use]
    pub fn with(mut self, more: impl IntoIterator<Item = Entry>) -> Self {
        let known = self.entries.len();
        self.entries.extend(more.into_iter().map(Arc::new));
        let undoes = self.entries[known..].iter().any(|entry| matches!(entry.body, Body::Undone(_)));
        if undoes {
            return self.folded_anew();
        }
        let entries = std::mem::take(&mut self.entries);
        for entry in &entries[known..] {
            self.count(entry);
            self.apply(entry);
        }
        self.entries = entries;
        self
    }

    /// What is left of an erased case.
    pub(crate) fn erased(case: CaseId, version: u64, opened_at: Instant, changed_at: Instant) -> Self {
        Self { version, opened_at, changed_at, erased: true, ..Self::empty(case) }
    }

    pub(crate) fn with_head(mut self, head: chain::Hash) -> Self {
        self.head = head;
        self
    }

    /// Where the case stands, for the worklist: what was done last counts, and a new paper is to be looked at again.
    pub fn state(&self) -> CaseState {
        let has = |kind: &str| self.course.iter().any(|event| event.what == kind);
        if self.erased {
            return CaseState::Erased;
        } else if self.merged_into.is_some() {
            return CaseState::Merged;
        } else if has(parts::INFUSION) {
            return CaseState::Treated;
        }
        let papers = self.documents.values().map(|document| document.seq).chain(self.merged_at);
        let paper = papers.max().unwrap_or(0);
        let last = self.steps().into_iter().max_by_key(|(seq, _)| *seq);
        match last {
            // A physician who has the case sees new papers on it.
            Some((_, CaseState::WithPhysician)) => CaseState::WithPhysician,
            Some((seq, state)) if seq > paper => state,
            _ if !self.evaluations.is_empty() => CaseState::Evaluated,
            _ if !self.documents.is_empty() => CaseState::Received,
            _ => CaseState::Opened,
        }
    }

    /// What people did last of each kind, by the entry.
    fn steps(&self) -> Vec<(u64, CaseState)> {
        let decided = self.decisions.last().map(|decision| decision.seq);
        let mut steps: Vec<(u64, CaseState)> = Vec::new();
        steps.extend(decided.map(|seq| (seq, CaseState::Decided)));
        steps.extend(self.closed.map(|seq| (seq, CaseState::Closed)));
        steps.extend(
            self.handed_on
                .iter()
                .filter(|(_, to)| to == "physician")
                .map(|(seq, _)| (*seq, CaseState::WithPhysician)),
        );
        if let Some(message) = self.last_message() {
            let answers = decided.is_some_and(|decided| decided < message.seq);
            if !message.asks.is_empty() {
                steps.push((message.seq, CaseState::Asked));
            } else if answers {
                steps.push((message.seq, CaseState::Answered));
            }
        }
        // Handed back, it stands as it did before it was handed over.
        if let Some((back, _)) = self.handed_on.as_ref().filter(|(_, to)| to != "physician") {
            steps.retain(|(seq, state)| seq > back || *state != CaseState::WithPhysician);
        }
        steps
    }

    /// Since when the case waits for papers that were asked for.
    pub fn asked_at(&self) -> Option<Instant> {
        let asked = self.messages.values().filter(|message| !message.asks.is_empty());
        let last = asked.filter_map(|message| Some((message.seq, message.sent_at?))).max()?;
        (self.state() == CaseState::Asked).then_some(last.1)
    }

    /// The last message that left the house: one that waits has told nobody anything.
    fn last_message(&self) -> Option<&Message> {
        let sent = self.messages.values().filter(|message| message.sent_at.is_some());
        sent.max_by_key(|message| message.seq)
    }

    /// Whether an entry counts.
    pub fn counts(&self, seq: u64) -> bool {
        seq >= 1 && seq <= self.version && !self.undone.contains(&seq)
    }

    /// The entry at a place.
    pub fn entry(&self, seq: u64) -> Option<&Entry> {
        let at = usize::try_from(seq.checked_sub(1)?).ok()?;
        self.entries.get(at).map(Arc::as_ref)
    }

    fn folded_anew(self) -> Self {
        let entries = self.entries;
        let mut file = Self::empty(self.case).with_head(self.head);
        file.undone = undone(&entries);
        for entry in &entries {
            file.count(entry);
            if !file.undone.contains(&entry.seq) {
                file.apply(entry);
            }
        }
        file.entries = entries;
        file
    }

    fn count(&mut self, entry: &Entry) {
        self.version = entry.seq;
        self.changed_at = entry.at;
        if entry.seq == 1 {
            self.opened_at = entry.at;
        }
    }
}

/// The places of the entries that count for nothing.
///
/// Told from the end, because only an undoing that is not itself undone undoes.
fn undone(entries: &[Arc<Entry>]) -> BTreeSet<u64> {
    let mut undone = BTreeSet::new();
    for entry in entries.iter().rev() {
        let Body::Undone(undoing) = &entry.body else { continue };
        let target = entries.get(usize::try_from(undoing.seq).unwrap_or(0).wrapping_sub(1));
        let is_earlier = undoing.seq < entry.seq;
        let may = target.is_some_and(|target| target.body.can_be_undone());
        if is_earlier && may && !undone.contains(&entry.seq) {
            undone.insert(undoing.seq);
        }
    }
    undone
}
