//! Reads one document: original -> reading and page pictures in the vault -> `page_read` or `unreadable`.

use super::{EXTRACT, TRIES, Task, aside};
use crate::{
    Error, Result,
    casework::json,
    likeness::Likeness,
    reading::{FORMAT, PagePicture, ReadPaper, Reading, Sheet, key_of},
};
use cartulary_ledger::{Act, Body, CaseFile, PageRead, Unreadable, failpoint};
use cartulary_model::{ActorId, BlobId, document::UnreadReason};
use cartulary_vault::CaseKey;
use std::sync::Arc;

pub(crate) const READ: &str = "read";

pub(super) async fn run(task: &Task<'_>) -> Result<()> {
    let (case, document) = (task.case()?, task.document()?);
    let ledger = &task.casework.ledger;
    let file = ledger.case(case).await?;
    let Some(held) = file.documents.get(&document) else { return task.end_without().await };
    task.told.name(&held.name);
    let key = ledger.key(case).await?;
    let sheets = sheets(task, &key, document, &held.name).await?;
    let reader = task.tools.reader.version();
    if sheets.iter().all(|sheet| sheet.source.pages.is_empty()) {
        let first = sheets.iter().flat_map(|sheet| &sheet.source.unread).next();
        let reason = key_of(first.map_or(UnreadReason::NoPages, |unread| unread.reason));
        return end(task, &key, Came::Unreadable(Unreadable { document, reader, reason })).await;
    }
    let reading = keep(task, &key, sheets, &reader).await?;
    let bytes = json(case, "a reading", &reading)?;
    let blob = task.casework.put(&key, bytes).await?;
    failpoint::pass("read.kept");
    let images =
        reading.papers.iter().flat_map(|paper| &paper.pictures).map(|picture| picture.blob).collect();
    let entry = PageRead {
        document,
        reader,
        pages: number(reading.pages()),
        unread: number(reading.unread()),
        reading: blob,
        images,
        resembles: None,
    };
    end(task, &key, Came::Read(entry, reading)).await
}

/// What came of it.
enum Came {
    Read(PageRead, Reading),
    Unreadable(Unreadable),
}

/// Appends the result behind what came meanwhile.
async fn end(task: &Task<'_>, key: &CaseKey, came: Came) -> Result<()> {
    let case = task.case()?;
    for _ in 0..TRIES {
        let file = task.casework.ledger.case(case).await?;
        let entry: Body = match &came {
            // Two photographs of a sheet come together and are read at the same time: the later must know the other.
            Came::Read(entry, reading) => {
                let resembles = resembles(task, &file, key, entry.document, reading).await?;
                PageRead { resembles, ..entry.clone() }.into()
            }
            Came::Unreadable(entry) => entry.clone().into(),
        };
        let act = Act::on(ActorId::MACHINE, case, file.version, vec![entry])
            .seen(Some(case), READ)
            .then_do(task.casework.job(EXTRACT, case, None));
        if task.end(act).await? {
            return Ok(());
        }
    }
    Err(Error::Busy(case))
}

async fn sheets(task: &Task<'_>, key: &CaseKey, document: BlobId, name: &str) -> Result<Vec<Sheet>> {
    let original = task.casework.blobs.get(key, document).await?;
    let (tools, told, name) = (Arc::clone(task.tools), task.told.clone(), name.to_owned());
    let sheets = aside(move || {
        tools.reader.read(&name, &original, &|step| told.step(i64::from(step.page), i64::from(step.pages)))
    })
    .await?
    .map_err(Error::Later)?;
    // That the models are missing is no property of the paper: it is read when they are there.
    let lacks_models =
        |sheet: &Sheet| sheet.source.unread.iter().any(|unread| unread.reason == UnreadReason::NoModels);
    if sheets.iter().any(lacks_models) {
        return Err(Error::Later(
            "the model files for reading pictures are missing; run models/get".to_owned(),
        ));
    }
    Ok(sheets)
}

async fn keep(task: &Task<'_>, key: &CaseKey, sheets: Vec<Sheet>, reader: &str) -> Result<Reading> {
    let mut papers = Vec::with_capacity(sheets.len());
    for sheet in sheets {
        let mut pictures = Vec::with_capacity(sheet.pictures.len());
        for picture in sheet.pictures {
            let blob = task.casework.put(key, picture.bytes).await?;
            pictures.push(PagePicture { page: picture.page, media_type: picture.media_type, blob });
        }
        papers.push(ReadPaper { source: sheet.source, pictures });
    }
    Ok(Reading { format: FORMAT, reader: reader.to_owned(), papers })
}

/// The document of the case that shows the same sheet, the likest one.
async fn resembles(
    task: &Task<'_>,
    file: &CaseFile,
    key: &CaseKey,
    document: BlobId,
    reading: &Reading,
) -> Result<Option<BlobId>> {
    let own = Likeness::of(reading);
    let mut likest: Option<(f64, BlobId)> = None;
    for of in task.casework.readings(file, key).await? {
        // Of two alike, the one that was read later points to the other.
        let points_here = file.documents.get(&of.document).and_then(|of| of.resembles) == Some(document);
        if of.document == document || points_here {
            continue;
        }
        if let Some(share) = own.share(&Likeness::of(&of.reading))
            && likest.is_none_or(|(most, _)| share > most)
        {
            likest = Some((share, of.document));
        }
    }
    Ok(likest.map(|(_, document)| document))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
