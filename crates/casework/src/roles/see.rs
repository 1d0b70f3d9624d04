//! Seeing: the worklist, a case, its papers. The access log knows of it before it is shown.

use super::Desk;
use crate::{Error, Picture, Reading, Result, TakenFact, Whole};
use cartulary_ledger::{Access, CaseFile, CaseRow, Hit, Job, JobState, ListQuery, Person};
use cartulary_model::{BlobId, CaseId, Instant, PreliminaryEvaluation};
use std::sync::Arc;

/// A case with all that is known of it.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// The case that was asked for; another one goes on in its place when it was merged.
    pub asked: CaseId,
    /// Its file, and the files of cases that were merged into it.
    pub whole: Whole,
    /// The newest evaluation, without the lines of the pages.
    pub evaluation: Option<PreliminaryEvaluation>,
    /// Work that waits, runs, or needs a person.
    pub jobs: Vec<Job>,
}

/// A row of the worklist with what only the key of the case tells.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The row.
    pub row: CaseRow,
    /// The patient, as far as known.
    pub person: Person,
    /// The case file; none of an erased case.
    pub file: Option<Arc<CaseFile>>,
}

/// What a search came to.
#[derive(Clone, Debug)]
pub struct Found {
    /// The cases.
    pub cases: Vec<FoundCase>,
    /// Whether all documents were looked at.
    pub complete: bool,
}

/// A case that was found.
#[derive(Clone, Debug)]
pub struct FoundCase {
    /// Where the words stand.
    pub hit: Hit,
    /// The patient, as far as known.
    pub person: Person,
    /// The names of the documents in which the words stand.
    pub documents: Vec<String>,
    /// Lines in which one of the words stands, from the papers.
    pub lines: Vec<String>,
}

/// A page of a document: of which of its parts, and the page from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The part, from 0; most documents have one.
    pub part: usize,
    /// The page, from 1.
    pub page: u32,
}

/// Where a page of a list ends: the time by which it is sorted, and the case.
pub type ListPlace = (Instant, CaseId);

/// Rows that are looked at for one page of a list of which only some are wanted.
const LOOKED_AT: usize = 4_000;
const LOOKED_AT_ONCE: u32 = 500;
/// Lines shown of a case that was found.
const LINES: usize = 3;

impl Desk {
    pub(super) async fn log(&self, case: Option<CaseId>, what: &str) -> Result<()> {
        let row = Access { case, what: what.to_owned() };
        Ok(self.casework.ledger.log_access(self.who, vec![row]).await?)
    }

    pub(super) async fn show(&self, asked: CaseId, what: &str) -> Result<CaseView> {
        let case = self.casework.seen_in(asked).await?;
        let whole = self.casework.whole(case).await?;
        let rows = whole.files.iter().map(|file| Access { case: Some(file.case), what: what.to_owned() });
        self.casework.ledger.log_access(self.who, rows.collect()).await?;
        let evaluation = match (whole.own().evaluations.last(), whole.key(case)) {
            (Some(last), Some(key)) => Some(self.casework.kept(key, last.blob, "an evaluation").await?),
            _ => None,
        };
        let mut jobs = Vec::new();
        for file in &whole.files {
            jobs.extend(self.casework.ledger.jobs_of(file.case).await?);
        }
        jobs.retain(|job| job.state != JobState::Done);
        Ok(CaseView { asked, whole, evaluation, jobs })
    }

    pub(super) async fn list(&self, query: &ListQuery) -> Result<Vec<Listed>> {
        self.log(None, "case.list").await?;
        let rows = self.casework.ledger.list(query).await?;
        self.listed(rows).await
    }

    /// What only the key of a case tells is looked up for the rows that are wanted, not for those that are passed over.
    pub(super) async fn list_of(
        &self,
        query: &ListQuery,
        wanted: &(dyn Fn(&CaseRow) -> bool + Send + Sync),
    ) -> Result<(Vec<Listed>, Option<ListPlace>)> {
        self.log(None, "case.list").await?;
        let most = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let place = |row: &CaseRow| (if query.unanswered { row.opened_at } else { row.changed_at }, row.case);
        let (mut kept, mut looked_at) = (Vec::<CaseRow>::new(), 0);
        let mut part = ListQuery { limit: query.limit.saturating_add(1), ..*query };
        loop {
            let rows = self.casework.ledger.list(&part).await?;
            looked_at += rows.len();
            let is_last = rows.len() < usize::try_from(part.limit).unwrap_or(usize::MAX);
            let end = rows.last().map(place);
            for row in rows.into_iter().filter(wanted) {
                if kept.len() == most {
                    let last = kept.last().map(place);
                    return Ok((self.listed(kept).await?, last));
                }
                kept.push(row);
            }
            if is_last || looked_at >= LOOKED_AT {
                return Ok((self.listed(kept).await?, end.filter(|_| !is_last)));
            }
            part = ListQuery { after: end, limit: LOOKED_AT_ONCE, ..part };
        }
    }

    async fn listed(&self, rows: Vec<CaseRow>) -> Result<Vec<Listed>> {
        let files = self.casework.ledger.cases_listed(&rows).await?;
        let listed = rows.into_iter().zip(files).map(|(row, file)| {
            let person = file.as_ref().map(|file| file.person.clone()).unwrap_or_default();
            Listed { row, person, file }
        });
        Ok(listed.collect())
    }

    async fn person(&self, case: CaseId) -> Result<Person> {
        match self.casework.ledger.case(case).await {
            Ok(file) => Ok(file.person.clone()),
            Err(cartulary_ledger::Error::Erased(_)) => Ok(Person::default()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn search(&self, query: &str, limit: usize) -> Result<Found> {
        self.log(None, "case.search").await?;
        let found = self.casework.ledger.search(query, limit).await?;
        let asked: Vec<String> = query.split_whitespace().map(bare).collect();
        let mut cases = Vec::new();
        for hit in found.hits {
            let file = match self.casework.ledger.case(hit.case).await {
                Ok(file) => file,
                // Erased between the search and now.
                Err(cartulary_ledger::Error::Erased(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            self.log(Some(hit.case), "case.search").await?;
            let documents: Vec<_> =
                hit.documents.iter().filter_map(|id| Some((*id, file.documents.get(id)?))).collect();
            let names = documents.iter().map(|(_, document)| document.name.clone()).collect();
            let key = self.casework.ledger.key(hit.case).await?;
            let mut lines = Vec::new();
            for reading in documents.iter().filter_map(|(_, document)| document.state.reading()) {
                if lines.len() >= LINES {
                    break;
                }
                lines.extend(lines_with(&self.casework.reading(&key, reading).await?, &asked));
            }
            lines.truncate(LINES);
            let person = self.person(hit.seen_in).await?;
            cases.push(FoundCase { hit, person, documents: names, lines });
        }
        Ok(Found { cases, complete: found.complete })
    }

    pub(super) async fn original(&self, case: CaseId, document: BlobId) -> Result<Vec<u8>> {
        self.document(case, document).await?;
        self.log(Some(case), "document.original").await?;
        let key = self.casework.ledger.key(case).await?;
        Ok(self.casework.blobs.get(&key, document).await?.to_vec())
    }

    pub(super) async fn reading(&self, case: CaseId, document: BlobId) -> Result<Reading> {
        let held = self.document(case, document).await?;
        let reading = held.state.reading();
        let reading =
            reading.ok_or_else(|| Error::Nothing { case, what: "reading of that document".into() })?;
        self.log(Some(case), "document.reading").await?;
        let key = self.casework.ledger.key(case).await?;
        self.casework.reading(&key, reading).await
    }

    pub(super) async fn page(&self, case: CaseId, document: BlobId, page: Page) -> Result<Picture> {
        let reading = self.reading(case, document).await?;
        let part = reading.papers.get(page.part);
        let kept = part.and_then(|part| part.pictures.iter().find(|of| of.page == page.page));
        let kept =
            kept.ok_or_else(|| Error::Nothing { case, what: format!("picture of page {}", page.page) })?;
        let key = self.casework.ledger.key(case).await?;
        let bytes = self.casework.blobs.get(&key, kept.blob).await?.to_vec();
        Ok(Picture { page: kept.page, media_type: kept.media_type.clone(), bytes })
    }

    pub(super) async fn facts(&self, case: CaseId) -> Result<Vec<(CaseId, TakenFact)>> {
        let case = self.casework.seen_in(case).await?;
        let whole = self.casework.whole(case).await?;
        self.log(Some(case), "case.facts").await?;
        self.casework.facts_of(&whole).await
    }

    async fn document(&self, case: CaseId, document: BlobId) -> Result<cartulary_ledger::Document> {
        let file: Arc<cartulary_ledger::CaseFile> = self.casework.ledger.case(case).await?;
        let nothing = || Error::Nothing { case, what: format!("document {document}") };
        file.documents.get(&document).cloned().ok_or_else(nothing)
    }
}

impl crate::Casework {
    /// All facts of a case as people left them, with the names by which they are judged.
    pub(crate) async fn facts_of(&self, whole: &Whole) -> Result<Vec<(CaseId, TakenFact)>> {
        let mut facts = Vec::new();
        for file in &whole.files {
            let Some(key) = whole.key(file.case) else { continue };
            for document in file.documents.values() {
                let Some((_, blob)) = &document.extraction else { continue };
                let taken = self.taken(key, *blob).await?;
                facts.extend(taken.facts.into_iter().filter_map(|of| {
                    let fact = crate::whole::judged(file, &of.name.0, of.fact)?;
                    Some((file.case, TakenFact { name: of.name, fact }))
                }));
            }
            for (name, fact) in crate::whole::added(file)? {
                facts.push((file.case, TakenFact { name, fact }));
            }
        }
        Ok(facts)
    }
}

/// A text as it is compared: without capitals, and in simplified characters.
fn bare(text: &str) -> String {
    text.chars().map(cartulary_catalogue::simplified).flat_map(char::to_lowercase).collect()
}

/// Lines in which a word of the query stands as it was typed, or in the other form of its characters.
fn lines_with(reading: &Reading, asked: &[String]) -> Vec<String> {
    let lines = reading.papers.iter().flat_map(|paper| &paper.source.pages).flat_map(|page| &page.lines);
    lines
        .filter(|line| {
            let text = bare(&line.text);
            asked.iter().any(|word| text.contains(word.as_str()))
        })
        .map(|line| line.text.clone())
        .collect()
}
