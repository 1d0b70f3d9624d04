//! A case with those that were merged into it, and what is kept of it in the vault.

use crate::{
    Casework, Error, Result,
    reading::Reading,
    taken::{FORMAT, Taken},
};
use cartulary_extraction::{Extraction, Paper};
use cartulary_ledger::{CaseFile, Document, DocumentState, FactRef, FactStatus};
use cartulary_model::{BlobId, CaseId, DocumentId, Fact, FactId, SourceDocument, Unread, fact::Status};
use cartulary_vault::CaseKey;
use jiff::civil::Date;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A case as people see it: its own file, and the files of the cases that were merged into it, with their keys.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The case's own first, then those of merged cases in the order of their ids.
    pub files: Vec<Arc<CaseFile>>,
    keys: BTreeMap<CaseId, CaseKey>,
}

impl Whole {
    /// The case that goes on.
    pub fn case(&self) -> CaseId {
        self.own().case
    }

    /// Its own file.
    pub fn own(&self) -> &CaseFile {
        // There is always one: `whole` begins with it.
        &self.files[0]
    }

    /// The key of one of its cases.
    pub fn key(&self, case: CaseId) -> Option<&CaseKey> {
        self.keys.get(&case)
    }

    /// All documents with the case that holds them, in the order in which they came.
    pub fn documents(&self) -> Vec<(CaseId, BlobId, &Document)> {
        let of = |file: &'_ Arc<CaseFile>| file.case;
        let mut all: Vec<(CaseId, BlobId, &Document)> = self
            .files
            .iter()
            .flat_map(|file| file.documents.iter().map(|(id, document)| (of(file), *id, document)))
            .collect();
        all.sort_by_key(|(case, _, document)| (document.received_at, *case, document.seq));
        all
    }
}

/// A document that was read, and whose.
pub(crate) struct ReadDocument {
    pub(crate) case: CaseId,
    pub(crate) document: BlobId,
    pub(crate) reading: Reading,
}

/// What the papers of a case say, as people left it.
pub(crate) struct Told {
    pub(crate) sources: Vec<SourceDocument>,
    pub(crate) unopened: Vec<(String, Unread)>,
    pub(crate) extraction: Extraction,
}

impl Casework {
    /// A case with those that were merged into it.
    pub(crate) async fn whole(&self, case: CaseId) -> Result<Whole> {
        let mut files = Vec::new();
        let mut keys = BTreeMap::new();
        let mut open = vec![case];
        while let Some(next) = open.pop() {
            if keys.contains_key(&next) {
                continue;
            }
            match self.ledger.case(next).await {
                Ok(file) => {
                    keys.insert(next, self.ledger.key(next).await?);
                    open.extend(file.merged_from.iter().rev());
                    files.push(file);
                }
                // A merged case can be erased alone.
                Err(cartulary_ledger::Error::Erased(_)) if next != case => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Whole { files, keys })
    }

    pub(crate) async fn reading(&self, key: &CaseKey, reading: BlobId) -> Result<Reading> {
        let kept: Reading = self.kept(key, reading, "a reading").await?;
        if kept.format > crate::reading::FORMAT {
            return Err(newer(key.case(), "a reading"));
        }
        Ok(kept)
    }

    pub(crate) async fn taken(&self, key: &CaseKey, blob: BlobId) -> Result<Taken> {
        let kept: Taken = self.kept(key, blob, "the facts of a document").await?;
        if kept.format > FORMAT {
            return Err(newer(key.case(), "the facts of a document"));
        }
        Ok(kept)
    }

    /// The readings of one case, in the order in which its documents came.
    pub(crate) async fn readings(&self, file: &CaseFile, key: &CaseKey) -> Result<Vec<ReadDocument>> {
        let mut read: Vec<(u64, BlobId, BlobId)> = file
            .documents
            .iter()
            .filter_map(|(id, document)| Some((document.seq, *id, document.state.reading()?)))
            .collect();
        read.sort_unstable();
        let mut readings = Vec::with_capacity(read.len());
        for (_, document, reading) in read {
            let reading = self.reading(key, reading).await?;
            readings.push(ReadDocument { case: file.case, document, reading });
        }
        Ok(readings)
    }

    /// What the papers of a case say together, with what people made of it.
    pub(crate) async fn told(&self, whole: &Whole) -> Result<Told> {
        let mut sources: Vec<SourceDocument> = Vec::new();
        let mut unopened = Vec::new();
        let mut papers: Vec<Paper> = Vec::new();
        let mut facts: Vec<Fact> = Vec::new();
        let mut known: BTreeSet<DocumentId> = BTreeSet::new();
        for file in &whole.files {
            let Some(key) = whole.key(file.case) else { continue };
            for of in self.readings(file, key).await? {
                debug_assert_eq!(of.case, file.case);
                for paper in of.reading.papers {
                    if known.insert(paper.source.id.clone()) {
                        sources.push(paper.source);
                    }
                }
                let extraction = file.documents.get(&of.document).and_then(|of| of.extraction.as_ref());
                let Some((_, blob)) = extraction else { continue };
                let taken = self.taken(key, *blob).await?;
                papers.extend(taken.papers.into_iter().map(Paper::from));
                facts.extend(taken.facts.into_iter().filter_map(|of| judged(file, &of.name.0, of.fact)));
            }
            unopened.extend(file.documents.values().filter_map(unreadable));
            facts.extend(added(file)?.into_iter().map(|(_, fact)| fact));
        }
        papers.dedup_by(|a, b| a.document == b.document);
        Ok(Told { extraction: in_time(&sources, papers, facts), sources, unopened })
    }
}

fn newer(case: CaseId, what: &'static str) -> Error {
    let why = "it was written by a newer programme; use that".to_owned();
    Error::Form { case, what, why }
}

/// A document that cannot be read, as the evaluation names it.
fn unreadable(document: &Document) -> Option<(String, Unread)> {
    let DocumentState::Unreadable { reason, .. } = &document.state else { return None };
    let reason = crate::reading::reason_of(reason);
    Some((document.name.clone(), Unread { page: None, reason, detail: String::new() }))
}

/// The fact as a person left it.
pub(crate) fn judged(file: &CaseFile, name: &str, mut fact: Fact) -> Option<Fact> {
    let of = file.facts.get(&FactRef(name.into()))?;
    match of.status {
        FactStatus::Read => {}
        FactStatus::Confirmed => fact.status = Status::Confirmed,
        FactStatus::Rejected => fact.status = Status::Rejected,
        FactStatus::Corrected | FactStatus::Added => {
            let corrected = of.content.clone().and_then(|content| serde_json::from_value(content).ok());
            fact = corrected.unwrap_or(fact);
            fact.status = Status::Corrected;
        }
    }
    Some(fact)
}

/// The facts that people added, with their names.
pub(crate) fn added(file: &CaseFile) -> Result<Vec<(FactRef, Fact)>> {
    // One that was rejected or corrected since still has its content from a person.
    let said = file.facts.iter().filter(|(_, of)| of.document.is_none());
    let form = |error: serde_json::Error| Error::Form {
        case: file.case,
        what: "a fact that a person added",
        why: crate::casework::place(&error),
    };
    said.filter_map(|(name, of)| Some((name, of.status, of.content.clone()?)))
        .map(|(name, status, content)| {
            let mut fact: Fact = serde_json::from_value(content).map_err(form)?;
            if status == FactStatus::Rejected {
                fact.status = Status::Rejected;
            }
            Ok((name.clone(), fact))
        })
        .collect()
}

/// Papers in the order of their days, as a fresh extraction of all of them gives them, and facts numbered so.
fn in_time(sources: &[SourceDocument], mut papers: Vec<Paper>, facts: Vec<Fact>) -> Extraction {
    let words: BTreeMap<&DocumentId, Vec<String>> = sources
        .iter()
        .map(|source| (&source.id, source.pages.iter().map(cartulary_model::Page::text).collect()))
        .collect();
    papers.sort_by_cached_key(|paper| {
        let day: Option<Date> = paper.sample_date.or(paper.date).map(|date| date.earliest());
        (day.is_none(), day, words.get(&paper.document).cloned(), paper.document.clone())
    });
    let place: BTreeMap<&DocumentId, usize> =
        papers.iter().enumerate().map(|(at, paper)| (&paper.document, at)).collect();
    let mut facts = facts;
    // Stable: inside a paper they stay in the order of the paper; what nobody read on one comes last.
    facts.sort_by_key(|fact| fact.document().and_then(|of| place.get(of)).copied().unwrap_or(usize::MAX));
    for (fact, number) in facts.iter_mut().zip(1u32..) {
        fact.id = FactId(number);
    }
    Extraction { facts, papers }
}
