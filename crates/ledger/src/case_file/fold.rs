//! What each kind of entry does to a case file.
//!
//! Nothing fails here: an entry that speaks of what is not there (its document was undone, say) changes nothing.

use super::{
    CaseFact, CaseFile, Consent, CourseEvent, Decision, Document, DocumentState, Entry, Evaluation,
    FactStatus, Inquiry, Message, Note, Retention, parts::INFUSION,
};
use crate::body::{self, Body, FactRef};
use cartulary_model::BlobId;
use serde_json::Value;
use std::sync::Arc;

impl CaseFile {
    pub(super) fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::Opened(said) => {
                self.channel.clone_from(&said.channel);
                self.owner = said.owner;
            }
            Body::Identified(said) => self.person = said.person.clone(),
            Body::Received(said) => self.receive(entry, said),
            Body::PageRead(said) => self.read(said),
            Body::Unreadable(said) => {
                let (reader, reason) = (said.reader.clone(), said.reason.clone());
                self.set_state(said.document, DocumentState::Unreadable { reader, reason });
            }
            Body::FactsExtracted(said) => self.extract(entry, said),
            Body::FactConfirmed(said) => self.judge(entry, &said.fact, FactStatus::Confirmed),
            Body::FactRejected(said) => self.judge(entry, &said.fact, FactStatus::Rejected),
            Body::FactCorrected(said) => self.correct(entry, said),
            Body::FactAdded(said) => {
                let fact = person_said(entry, &said.index, None, FactStatus::Added, &said.content);
                self.facts.insert(said.index.fact.clone(), fact);
            }
            Body::Evaluated(said) => self.evaluations.push(Evaluation {
                seq: entry.seq,
                at: entry.at,
                blob: said.blob,
                record_sha256: said.record_sha256.clone(),
                sets: said.sets.clone(),
                diagnosis: said.diagnosis.clone(),
                missing: said.missing,
            }),
            Body::Decided(said) => self.decisions.push(Decision {
                seq: entry.seq,
                at: entry.at,
                actor: entry.actor,
                decision: said.decision.clone(),
                set: said.set.clone(),
                reason: said.reason.clone(),
                evaluation: said.evaluation,
            }),
            _ => self.apply_care(entry),
        }
    }

    /// What goes on around the papers: messages, consent, course, and the life of the case itself.
    fn apply_care(&mut self, entry: &Entry) {
        let seq = entry.seq;
        match &entry.body {
            Body::Inquired(said) => {
                let (sender, words) = (said.sender.clone(), said.words.clone());
                self.inquiries.push(Inquiry { seq, at: entry.at, sender, words });
            }
            Body::MessageQueued(said) => self.queue(entry, said),
            Body::MessageSent(said) => {
                // Of a message that was taken back nobody was answered.
                if let Some(message) = self.messages.get_mut(&said.message) {
                    self.contact_at = self.contact_at.or(Some(entry.at));
                    message.sent_at = Some(entry.at);
                }
            }
            Body::ConsentGiven(said) => self.consent(entry, &said.scope, true, said.document),
            Body::ConsentWithdrawn(said) => self.consent(entry, &said.scope, false, None),
            Body::MergedInto(said) => self.merged_into = Some(said.case),
            Body::MergedFrom(said) => {
                self.merged_from.insert(said.case);
                self.merged_at = Some(seq);
            }
            Body::Unmerged(said) => {
                self.merged_into = self.merged_into.filter(|case| *case != said.case);
                self.merged_from.remove(&said.case);
            }
            Body::Assigned(said) => self.owner = said.owner,
            Body::HandedOn(said) => self.handed_on = Some((seq, said.to.clone())),
            Body::Closed(_) => self.closed = Some(seq),
            Body::Noted(said) => {
                let text = said.text.clone();
                self.notes.push(Note { seq, at: entry.at, actor: entry.actor, text });
            }
            Body::Infused(said) => {
                let product = Some(said.product.clone());
                self.happen(seq, INFUSION, &said.on, product, &said.content);
            }
            Body::VisitRecorded(said) => self.happen(seq, &said.visit, &said.on, None, &said.content),
            Body::RetentionSet(said) => {
                let (until, reason) = (said.until.clone(), said.reason.clone());
                self.retention = Some(Retention { seq, until, reason });
            }
            Body::ErasureOrdered(_) => self.erasure_ordered = Some(seq),
            Body::Erased(_) => self.erased = true,
            // Undoings were counted before; the others stand in `apply`.
            _ => {}
        }
    }

    fn receive(&mut self, entry: &Entry, said: &body::Received) {
        let document = Document {
            seq: entry.seq,
            received_at: entry.at,
            name: said.name.clone(),
            size: said.size,
            media_type: said.media_type.clone(),
            channel: said.channel.clone(),
            from: said.from.clone(),
            resembles: said.resembles,
            state: DocumentState::Received,
            extraction: None,
            extracted: Vec::new(),
        };
        // The same bytes a second time are the same document: the first arrival counts.
        self.documents.entry(said.document).or_insert(document);
    }

    fn read(&mut self, said: &body::PageRead) {
        let state = DocumentState::Read {
            reader: said.reader.clone(),
            pages: said.pages,
            unread: said.unread,
            reading: said.reading,
            images: said.images.clone(),
        };
        self.set_state(said.document, state);
        if let Some(document) = self.documents.get_mut(&said.document) {
            document.resembles = said.resembles.or(document.resembles);
        }
    }

    fn set_state(&mut self, document: BlobId, state: DocumentState) {
        if let Some(document) = self.documents.get_mut(&document) {
            document.state = state;
        }
    }

    /// Takes the new facts of a document. What a person has judged stays as the person left it.
    fn extract(&mut self, entry: &Entry, said: &body::FactsExtracted) {
        let Some(document) = self.documents.get_mut(&said.document) else { return };
        document.extraction = Some((said.extractor.clone(), said.blob));
        let taken = said.facts.iter().map(|index| index.fact.clone()).collect();
        for fact in std::mem::replace(&mut document.extracted, taken) {
            if self.facts.get(&fact).is_some_and(|held| held.status == FactStatus::Read) {
                self.facts.remove(&fact);
            }
        }
        for index in &said.facts {
            self.facts.entry(index.fact.clone()).or_insert_with(|| CaseFact {
                index: Arc::clone(index),
                document: Some(said.document),
                status: FactStatus::Read,
                content: None,
                seq: entry.seq,
            });
        }
    }

    fn judge(&mut self, entry: &Entry, fact: &FactRef, status: FactStatus) {
        if let Some(fact) = self.facts.get_mut(fact) {
            // What a person said and another confirms stays what it is, said by a person, also after it was rejected between.
            fact.status = match (status, &fact.content, fact.document) {
                (FactStatus::Confirmed, Some(_), Some(_)) => FactStatus::Corrected,
                (FactStatus::Confirmed, Some(_), None) => FactStatus::Added,
                _ => status,
            };
            fact.seq = entry.seq;
        }
    }

    fn correct(&mut self, entry: &Entry, said: &body::FactCorrected) {
        let document = self.facts.get(&said.fact).and_then(|fact| fact.document);
        let fact = person_said(entry, &said.index, document, FactStatus::Corrected, &said.content);
        self.facts.insert(said.fact.clone(), fact);
    }

    fn queue(&mut self, entry: &Entry, said: &body::MessageQueued) {
        let message = Message {
            seq: entry.seq,
            channel: said.channel.clone(),
            to: said.to.clone(),
            text: said.text.clone(),
            asks: said.asks.clone(),
            actor: entry.actor,
            sent_at: None,
        };
        self.messages.insert(said.message.clone(), message);
    }

    fn consent(&mut self, entry: &Entry, scope: &str, given: bool, document: Option<BlobId>) {
        let consent = Consent { seq: entry.seq, at: entry.at, given, document };
        self.consents.insert(scope.to_owned(), consent);
    }

    fn happen(&mut self, seq: u64, what: &str, on: &str, product: Option<String>, content: &Value) {
        let (what, on, content) = (what.to_owned(), on.to_owned(), content.clone());
        self.course.push(CourseEvent { seq, what, on, product, content });
    }
}

fn person_said(
    entry: &Entry,
    index: &Arc<body::FactIndex>,
    document: Option<BlobId>,
    status: FactStatus,
    content: &Value,
) -> CaseFact {
    CaseFact { index: Arc::clone(index), document, status, content: Some(content.clone()), seq: entry.seq }
}
