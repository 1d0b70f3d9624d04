//! Papers that come in pieces, over networks that break: each piece is sealed and durable before it is acknowledged, so that
//! an upload goes on where it stopped, today or after a restart. Nothing is received until all of it is delivered.

use crate::{Casework, Error, Inquiry, Parcel, Receipt, Result, Wrapped};
use bytes::Bytes;
use cartulary_ledger::{Drawer, Slip};
use cartulary_model::{ActorId, BlobId, CaseId};
use serde::{Deserialize, Serialize};
use std::io;

/// An upload that nobody goes on with is let go after a day.
const LASTS_US: i64 = 24 * 3_600 * 1_000_000;
/// Bytes of a file.
pub(crate) const LARGEST_FILE: u64 = 50 << 20;
/// Bytes of an upload, and files of one.
const LARGEST: u64 = 200 << 20;
const MOST_FILES: usize = 50;

/// How far a file has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedFile {
    /// Its place in the upload.
    pub number: u32,
    /// The name that the sender gave it.
    pub name: String,
    /// Bytes that it has.
    pub size: u64,
    /// Bytes that are kept.
    pub kept: u64,
    pieces: Vec<BlobId>,
}

/// An upload as it is kept. The pieces are sealed with the key of a case that is never opened.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    keys_of: CaseId,
    into: Option<CaseId>,
    /// The link through which the papers go into that case.
    #[serde(default)]
    link: Option<String>,
    delivered: Option<Delivered>,
}

/// What became of an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// The case that holds the papers.
    pub case: CaseId,
    /// The link by which the sender sees it.
    pub link: String,
    /// Papers.
    pub papers: usize,
}

/// What is to be known of files, by whoever knows their formats.
#[derive(Clone, Copy, Debug)]
pub struct FileForms {
    /// The type of a file, by its bytes.
    pub media_type: fn(&[u8]) -> &'static str,
    /// The file without the place where a photograph was taken; nothing if it tells none.
    pub without_location: fn(&[u8]) -> Option<Vec<u8>>,
}

/// A delivery of papers whose bytes are at hand, and the bytes as they are kept.
pub(crate) fn parcel(
    channel: &str,
    source: &str,
    inquiry: Option<Inquiry>,
    papers: &[(String, Bytes)],
    forms: FileForms,
) -> (Parcel, Vec<Bytes>) {
    // Whoever photographs a paper at home does not mean to tell where that is.
    let cleaned = |bytes: &Bytes| (forms.without_location)(bytes).map_or_else(|| bytes.clone(), Bytes::from);
    let bytes: Vec<Bytes> = papers.iter().map(|(_, bytes)| cleaned(bytes)).collect();
    let wrapped = papers
        .iter()
        .zip(&bytes)
        .map(|((name, _), bytes)| Wrapped::of(name, (forms.media_type)(bytes), bytes));
    let parcel = Parcel {
        channel: channel.to_owned(),
        from: None,
        source: source.to_owned(),
        papers: wrapped.collect(),
        inquiry,
    };
    (parcel, bytes)
}

impl Casework {
    /// Begins an upload, into a new case or that of a link; gives its token.
    ///
    /// # Errors
    ///
    /// When the register cannot be written.
    pub async fn begin_upload(&self, link: Option<&str>) -> Result<String> {
        let into = self.case_of_link(link).await?;
        let ledger = &self.ledger;
        let keys_of = ledger.with_entropy(|entropy| CaseId::new(ledger.now(), entropy));
        ledger.reserve(keys_of).await?;
        let token = self.random_hex(16);
        self.write_upload(&token, &Kept { keys_of, into, link: link.map(str::to_owned), delivered: None }, 0)
            .await?;
        Ok(token)
    }

    /// The files of an upload, in their order; nothing when there is no such upload.
    ///
    /// # Errors
    ///
    /// When the register cannot be read.
    pub async fn uploaded(&self, token: &str) -> Result<Option<Vec<UploadedFile>>> {
        match self.upload(token).await? {
            Some((_, kept)) => {
                Ok(Some(self.files_of(&kept).await?.into_iter().map(|(_, file)| file).collect()))
            }
            None => Ok(None),
        }
    }

    /// Keeps a piece of a file; gives the number of bytes that are kept of it then. A piece that is kept already changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// When the piece does not follow what is kept, or the file or upload is too large.
    pub async fn put_piece(
        &self,
        token: &str,
        (number, name, size): (u32, &str, u64),
        offset: u64,
        piece: Bytes,
    ) -> Result<u64> {
        let (_, kept) = self.upload(token).await?.ok_or_else(gone)?;
        let files = self.files_of(&kept).await?;
        let others: u64 = files
            .iter()
            .map(|(_, file)| file)
            .filter(|file| file.number != number)
            .map(|file| file.size)
            .sum();
        let is_new = files.iter().all(|(_, file)| file.number != number);
        if size > LARGEST_FILE {
            return Err(Error::refused("the file is larger than 50 MB"));
        }
        if others + size > LARGEST || (is_new && files.len() >= MOST_FILES) {
            return Err(Error::refused(
                "this is more than 200 MB or 50 files at a time: send the rest after",
            ));
        }
        let held = files.into_iter().find(|(_, file)| file.number == number);
        let (version, mut file) = held.unwrap_or_else(|| {
            (0, UploadedFile { number, name: name.to_owned(), size, kept: 0, pieces: Vec::new() })
        });
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if file.size != size || offset > file.kept || offset + length > size {
            return Err(Error::refused(format!("{} bytes are kept: go on from there", file.kept)));
        }
        if offset < file.kept || (length == 0 && version > 0) {
            return Ok(file.kept);
        }
        let key = self.ledger.reserve(kept.keys_of).await?;
        if length > 0 {
            file.pieces.push(self.put(&key, piece).await?);
        }
        file.kept += length;
        let slip = Slip {
            id: self.file_digest(&kept, number),
            owner: Some(kept.keys_of.uuid()),
            ends_at: Some(self.ledger.now().plus_micros(LASTS_US)),
            version,
            body: serde_json::to_vec(&file).map_err(|_| gone())?,
        };
        if self.ledger.write_slip(Drawer::Upload, &slip).await? {
            return Ok(file.kept);
        }
        // The same piece came twice at the same time.
        let files = self.files_of(&kept).await?;
        Ok(files.into_iter().find(|(_, file)| file.number == number).map_or(0, |(_, file)| file.kept))
    }

    /// Takes a file out of an upload.
    ///
    /// # Errors
    ///
    /// When the register cannot be written.
    pub async fn drop_file(&self, token: &str, number: u32) -> Result<()> {
        let Some((_, kept)) = self.upload(token).await? else { return Ok(()) };
        let files = self.files_of(&kept).await?.into_iter().map(|(_, file)| file);
        let (gone, left): (Vec<_>, Vec<_>) = files.partition(|file| file.number == number);
        for file in gone {
            self.ledger.drop_slip(Drawer::Upload, self.file_digest(&kept, number)).await?;
            self.drop_pieces(&file, &left).await;
        }
        Ok(())
    }

    /// Whether an upload goes through a link into a case that is there: then nobody need say who they are.
    ///
    /// # Errors
    ///
    /// When the register cannot be read.
    pub async fn goes_through_link(&self, token: &str) -> Result<bool> {
        Ok(self.upload(token).await?.is_some_and(|(_, kept)| kept.link.is_some()))
    }

    /// The case of a link, where one is given.
    async fn case_of_link(&self, link: Option<&str>) -> Result<Option<CaseId>> {
        match link {
            Some(link) => Ok(Some(self.link(link).await?.ok_or_else(gone)?.case())),
            None => Ok(None),
        }
    }

    /// Receives what was uploaded: the files that are `wanted`, and no other. Asked again, it says the same.
    ///
    /// # Errors
    ///
    /// When a file has not come whole, or none came; without an inquiry where a case is to be opened; through a link that was
    /// taken back meanwhile. Nothing is received then.
    pub async fn deliver(
        &self,
        token: &str,
        wanted: &[u32],
        inquiry: Option<Inquiry>,
        forms: FileForms,
    ) -> Result<Delivered> {
        let (version, mut kept) = self.upload(token).await?.ok_or_else(gone)?;
        if let Some(delivered) = kept.delivered {
            return Ok(delivered);
        }
        if kept.link.is_none() && inquiry.is_none() {
            return Err(Error::refused("nobody said who sends this: nothing was received"));
        }
        let files: Vec<UploadedFile> =
            self.files_of(&kept).await?.into_iter().map(|(_, file)| file).collect();
        let mut papers = Vec::with_capacity(wanted.len());
        for number in wanted {
            let file = files.iter().find(|file| file.number == *number && file.kept == file.size);
            let file = file.ok_or_else(|| {
                Error::refused(format!(
                    "file {} has not come whole: send it again, or take it out",
                    number + 1
                ))
            })?;
            papers.push((file.name.clone(), self.whole_file(&kept, file).await?));
        }
        let delivered = self.receive_sent(kept.link.as_deref(), token, inquiry, &papers, forms).await?;
        kept.delivered = Some(delivered.clone());
        self.write_upload(token, &kept, version).await?;
        for file in &files {
            self.ledger.drop_slip(Drawer::Upload, self.file_digest(&kept, file.number)).await?;
            self.drop_pieces(file, &[]).await;
        }
        Ok(delivered)
    }

    /// Receives papers that somebody sent by themselves: through a link into its case, or into a new case, with a link to it.
    /// `source` names the delivery, and is a secret of whoever sends it: the same delivery again gets the link to the same case.
    ///
    /// # Errors
    ///
    /// As [`Coordinator::receive`](crate::Coordinator::receive), and through a link that opens nothing.
    pub async fn receive_sent(
        &self,
        link: Option<&str>,
        source: &str,
        inquiry: Option<Inquiry>,
        papers: &[(String, Bytes)],
        forms: FileForms,
    ) -> Result<Delivered> {
        let (parcel, bytes) = parcel("upload", source, inquiry, papers, forms);
        let mut open = |place: usize| -> io::Result<Bytes> { Ok(bytes[place].clone()) };
        let into = self.case_of_link(link).await?;
        let who = into.map_or(ActorId::MACHINE, |case| ActorId::from_uuid(case.uuid()));
        let receipt: Receipt = self.receive(who, into, &parcel, &mut open).await?;
        let link = match link {
            Some(link) => {
                self.prolong_link(link).await?;
                link.to_owned()
            }
            None => self.make_link(receipt.case).await?,
        };
        Ok(Delivered { case: receipt.case, link, papers: receipt.papers.len() })
    }

    /// Removes uploads that nobody went on with, with their pieces: nobody consented that they be kept.
    ///
    /// # Errors
    ///
    /// When the register cannot be read or written.
    pub async fn let_uploads_go(&self) -> Result<()> {
        for slip in self.ledger.ended_slips(Drawer::Upload).await? {
            if let Ok(file) = serde_json::from_slice::<UploadedFile>(&slip.body) {
                self.drop_pieces(&file, &[]).await;
            }
            self.ledger.drop_slip(Drawer::Upload, slip.id).await?;
        }
        Ok(())
    }

    async fn whole_file(&self, kept: &Kept, file: &UploadedFile) -> Result<Bytes> {
        let key = self.ledger.reserve(kept.keys_of).await?;
        let mut bytes = Vec::with_capacity(usize::try_from(file.size).unwrap_or(0));
        for piece in &file.pieces {
            bytes.extend_from_slice(&self.blobs.get(&key, *piece).await?);
        }
        Ok(bytes.into())
    }

    /// Removes the pieces of a file, but those that the same photo chosen twice shares with it.
    async fn drop_pieces(&self, file: &UploadedFile, left: &[UploadedFile]) {
        let is_shared = |piece: &&BlobId| left.iter().any(|other| other.pieces.contains(piece));
        for piece in file.pieces.iter().filter(|piece| !is_shared(piece)) {
            // What is left is a spare, which `verify` finds.
            let _ = self.blobs.delete(*piece).await;
        }
    }

    async fn upload(&self, token: &str) -> Result<Option<(i64, Kept)>> {
        let slip = self.ledger.slip(Drawer::Upload, self.digest("upload", token)).await?;
        let kept =
            slip.map(|slip| Ok((slip.version, serde_json::from_slice(&slip.body).map_err(|_| gone())?)));
        kept.transpose()
    }

    async fn write_upload(&self, token: &str, kept: &Kept, version: i64) -> Result<()> {
        let slip = Slip {
            id: self.digest("upload", token),
            owner: kept.into.map(CaseId::uuid),
            ends_at: Some(self.ledger.now().plus_micros(2 * LASTS_US)),
            version,
            body: serde_json::to_vec(kept).map_err(|_| gone())?,
        };
        self.ledger.write_slip(Drawer::Upload, &slip).await?;
        Ok(())
    }

    async fn files_of(&self, kept: &Kept) -> Result<Vec<(i64, UploadedFile)>> {
        let slips = self.ledger.slips(Drawer::Upload, Some(kept.keys_of.uuid())).await?;
        let read = |slip: Slip| Ok((slip.version, serde_json::from_slice(&slip.body).map_err(|_| gone())?));
        let mut files = slips.into_iter().map(read).collect::<Result<Vec<(i64, UploadedFile)>>>()?;
        files.sort_by_key(|(_, file)| file.number);
        Ok(files)
    }

    fn file_digest(&self, kept: &Kept, number: u32) -> [u8; 32] {
        self.digest("upload.file", &format!("{}:{number}", kept.keys_of))
    }
}

fn gone() -> Error {
    Error::refused("this upload is over or was never begun: begin again")
}
