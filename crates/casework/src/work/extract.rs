//! Takes the facts from the papers of a case: readings -> facts in the vault -> `facts_extracted`.
//!
//! All papers of a case together, those of joined cases among them, because they tell each other the order of day and month.
//! Only documents whose facts are not what they were get an entry.

use super::{EVALUATE, TRIES, Task, aside};
use crate::{
    Error, Result,
    casework::json,
    taken::{Taken, TakenPaper},
    whole::{ReadDocument, Whole},
};
use cartulary_extraction::Extraction;
use cartulary_ledger::{Act, Body, FactsExtracted, failpoint};
use cartulary_model::{ActorId, BlobId, CaseId, DocumentId, Fact, SourceDocument};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub(crate) const EXTRACT: &str = "extract";

pub(super) async fn run(task: &Task<'_>) -> Result<()> {
    let case = task.case()?;
    let casework = task.casework;
    for _ in 0..TRIES {
        let whole = casework.whole(casework.seen_in(case).await?).await?;
        let mut readings = Vec::new();
        for file in &whole.files {
            let Some(key) = whole.key(file.case) else { continue };
            readings.extend(casework.readings(file, key).await?);
        }
        let tools = Arc::clone(task.tools);
        let taken = aside(move || all_taken(&tools, readings)).await?;
        let kept = keep(task, &whole, taken).await?;
        failpoint::pass("extract.kept");
        let evaluate = casework.job(EVALUATE, whole.case(), None);
        let Some(act) = act(&whole, kept) else {
            // What cannot be read is told by the evaluation, too.
            casework.ledger.enqueue(&[evaluate]).await?;
            let Some(own) = whole.files.iter().find(|file| file.case == case) else {
                return task.end_without().await;
            };
            if task.end_as_seen(std::slice::from_ref(own)).await? {
                return Ok(());
            }
            continue;
        };
        if task.end(act.then_do(evaluate)).await? {
            return Ok(());
        }
    }
    Err(Error::Busy(case))
}

/// One act on all of the joined cases: those that get nothing new must be as they were seen, too. Nothing where none does.
fn act(whole: &Whole, kept: Vec<(CaseId, Vec<Body>)>) -> Option<Act> {
    let mut new: BTreeMap<CaseId, Vec<Body>> = kept.into_iter().collect();
    let mut act: Option<Act> = None;
    let mut seen = Vec::new();
    for file in &whole.files {
        let (case, version) = (file.case, file.version);
        let Some(entries) = new.remove(&case).filter(|entries| !entries.is_empty()) else {
            seen.push((case, version));
            continue;
        };
        let next = match act {
            None => Act::on(ActorId::MACHINE, case, version, entries),
            Some(act) => act.and_on(case, version, entries),
        };
        act = Some(next.seen(Some(case), EXTRACT));
    }
    act.map(|act| seen.into_iter().fold(act, |act, (case, version)| act.expecting(case, version)))
}

fn all_taken(tools: &crate::Tools, readings: Vec<ReadDocument>) -> Vec<(CaseId, BlobId, Taken)> {
    // A paper that was sent twice to a case, alone and in a mail, is the first one's.
    let mut owners: BTreeSet<(CaseId, DocumentId)> = BTreeSet::new();
    let mut order: Vec<(CaseId, BlobId, BTreeSet<DocumentId>)> = Vec::new();
    let mut sources: BTreeMap<DocumentId, SourceDocument> = BTreeMap::new();
    let mut places: Vec<DocumentId> = Vec::new();
    for of in readings {
        let mut own = BTreeSet::new();
        for paper in of.reading.papers {
            let id = paper.source.id.clone();
            if owners.insert((of.case, id.clone())) {
                own.insert(id.clone());
            }
            if let std::collections::btree_map::Entry::Vacant(place) = sources.entry(id.clone()) {
                place.insert(paper.source);
                places.push(id);
            }
        }
        order.push((of.case, of.document, own));
    }
    let sources: Vec<SourceDocument> = places.iter().filter_map(|id| sources.remove(id)).collect();
    let Extraction { facts, papers } = tools.engine.extract(&sources);
    order
        .into_iter()
        .map(|(case, document, own)| {
            let is_own = |id: Option<&DocumentId>| id.is_some_and(|id| own.contains(id));
            let parts: Vec<&SourceDocument> = sources.iter().filter(|part| own.contains(&part.id)).collect();
            let facts: Vec<Fact> = facts.iter().filter(|fact| is_own(fact.document())).cloned().collect();
            let papers = papers.iter().filter(|paper| own.contains(&paper.document)).cloned();
            let papers = papers.map(TakenPaper::from).collect();
            (case, document, Taken::of(&tools.extractor, document, &parts, papers, facts))
        })
        .collect()
}

/// Lays the facts that are news into the vault, each with the key of its case; gives the entries that name them.
async fn keep(
    task: &Task<'_>,
    whole: &Whole,
    taken: Vec<(CaseId, BlobId, Taken)>,
) -> Result<Vec<(CaseId, Vec<Body>)>> {
    let extractor = &task.tools.extractor;
    let mut entries: BTreeMap<CaseId, Vec<Body>> = BTreeMap::new();
    for (case, document, taken) in taken {
        let Some(key) = whole.key(case) else { continue };
        let bytes = json(case, "the facts of a document", &taken)?;
        let file = whole.files.iter().find(|file| file.case == case);
        let held = file.and_then(|file| file.documents.get(&document)?.extraction.as_ref());
        if held.is_some_and(|(by, blob)| by == extractor && *blob == key.blob_id(&bytes)) {
            continue;
        }
        let blob = task.casework.put(key, bytes).await?;
        let (facts, extractor) = (taken.index(), extractor.clone());
        let entry: Body = FactsExtracted { document, extractor, blob, facts }.into();
        entries.entry(case).or_default().push(entry);
    }
    Ok(entries.into_iter().collect())
}
