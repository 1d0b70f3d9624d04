//! Takes the facts from the papers of a case: readings -> facts in the vault -> `facts_extracted`.
//!
//! All papers of a case together, because they tell each other the order of day and month. Only documents whose facts are
//! not what they were get an entry.

use super::{EVALUATE, TRIES, Task, aside};
use crate::{
    Error, Result,
    casework::json,
    taken::{Taken, TakenPaper},
    whole::ReadDocument,
};
use cartulary_extraction::Extraction;
use cartulary_ledger::{Act, Body, CaseFile, FactsExtracted, failpoint};
use cartulary_model::{ActorId, BlobId, DocumentId, Fact, SourceDocument};
use cartulary_vault::CaseKey;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub(crate) const EXTRACT: &str = "extract";

pub(super) async fn run(task: &Task<'_>) -> Result<()> {
    let case = task.case()?;
    let ledger = &task.casework.ledger;
    for _ in 0..TRIES {
        let file = ledger.case(case).await?;
        let key = ledger.key(case).await?;
        let readings = task.casework.readings(&file, &key).await?;
        let tools = Arc::clone(task.tools);
        let extractor = tools.extractor.clone();
        let taken = aside(move || all_taken(&tools, readings)).await?;
        let entries = keep(task, &file, &key, taken, &extractor).await?;
        failpoint::pass("extract.kept");
        let evaluate = task.casework.job(EVALUATE, case, None);
        if entries.is_empty() {
            // What cannot be read is told by the evaluation, too.
            ledger.enqueue(&[evaluate]).await?;
            if task.end_as_seen(&file).await? {
                return Ok(());
            }
            continue;
        }
        let act = Act::on(ActorId::MACHINE, case, file.version, entries)
            .seen(Some(case), EXTRACT)
            .then_do(evaluate);
        if task.end(act).await? {
            return Ok(());
        }
    }
    Err(Error::Busy(case))
}

fn all_taken(tools: &crate::Tools, readings: Vec<ReadDocument>) -> Vec<(BlobId, Taken)> {
    // A paper that was sent twice, alone and in a mail, is the first one's.
    let mut owners: BTreeMap<DocumentId, BlobId> = BTreeMap::new();
    let mut order: Vec<(BlobId, BTreeSet<DocumentId>)> = Vec::new();
    let mut sources: Vec<SourceDocument> = Vec::new();
    for of in readings {
        let mut own = BTreeSet::new();
        for paper in of.reading.papers {
            if let std::collections::btree_map::Entry::Vacant(place) = owners.entry(paper.source.id.clone()) {
                place.insert(of.document);
                own.insert(paper.source.id.clone());
                sources.push(paper.source);
            }
        }
        order.push((of.document, own));
    }
    let Extraction { facts, papers } = tools.engine.extract(&sources);
    order
        .into_iter()
        .map(|(document, own)| {
            let is_own = |id: Option<&DocumentId>| id.is_some_and(|id| own.contains(id));
            let parts: Vec<&SourceDocument> = sources.iter().filter(|part| own.contains(&part.id)).collect();
            let facts: Vec<Fact> = facts.iter().filter(|fact| is_own(fact.document())).cloned().collect();
            let papers = papers.iter().filter(|paper| own.contains(&paper.document)).cloned();
            let papers = papers.map(TakenPaper::from).collect();
            (document, Taken::of(&tools.extractor, document, &parts, papers, facts))
        })
        .collect()
}

async fn keep(
    task: &Task<'_>,
    file: &CaseFile,
    key: &CaseKey,
    taken: Vec<(BlobId, Taken)>,
    extractor: &str,
) -> Result<Vec<Body>> {
    let mut entries = Vec::new();
    for (document, taken) in taken {
        let bytes = json(file.case, "the facts of a document", &taken)?;
        let held = file.documents.get(&document).and_then(|document| document.extraction.as_ref());
        if held.is_some_and(|(by, blob)| by == extractor && *blob == key.blob_id(&bytes)) {
            continue;
        }
        let blob = task.casework.put(key, bytes).await?;
        let facts = taken.index();
        entries.push(FactsExtracted { document, extractor: extractor.to_owned(), blob, facts }.into());
    }
    Ok(entries)
}
