//! The reader: takes one file, finds its type, sends each part to who can read it, and lets nothing get lost.

pub(crate) mod desk;

use crate::archive::{Archive, Budget};
use crate::failure::Failure;
use crate::listen::{Begun, Listener, PageDone, Portion};
use crate::manuscript::{Enclosure, Manuscript};
use crate::ocr::models::{self, Models, ModelsMissing};
use crate::sniff::{Kind, sniff};
use crate::{
    delimited, docx, html, limits, mail, odf, outlook, pdf, picture, plain, rtf, sniff, synthetic, workbook,
};
use cartulary_model::document::UnreadReason;
use cartulary_model::{DocumentId, SourceDocument};
use desk::{Desk, Reading};
use sha2::{Digest, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How to read.
#[derive(Clone, Default)]
pub struct ReaderOptions {
    /// The folder of the model files; nothing looks for `models/cache` above the working folder and the programme.
    pub models_dir: Option<PathBuf>,
    /// Threads for text recognition; 0 takes as many as the machine has, two at most.
    pub threads: usize,
    /// Whether to give back a small picture of each page.
    pub keep_images: bool,
    /// The password of files that ask for one.
    pub password: Option<String>,
}

/// Without the password: options are printed where others read.
impl std::fmt::Debug for ReaderOptions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { models_dir, threads, keep_images, password } = self;
        formatter
            .debug_struct("ReaderOptions")
            .field("models_dir", models_dir)
            .field("threads", threads)
            .field("keep_images", keep_images)
            .field("password", &password.as_ref().map(|_| "…"))
            .finish()
    }
}

/// Reads documents. Models are loaded when first needed, once.
pub struct Reader {
    options: ReaderOptions,
    models: Mutex<Option<Result<Arc<Models>, ModelsMissing>>>,
}

/// A page is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The document's name.
    pub document: String,
    /// The page that is done, from 1.
    pub page: u32,
    /// How many pages the document has.
    pub pages: u32,
}

/// One document, or one part of a container, as read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadDocument {
    /// Its pages, and what was not read.
    pub source: SourceDocument,
    /// Pictures of its pages, if asked for; pages made from plain text have none.
    pub images: Vec<PageImage>,
}

/// A page to look at, in the frame of the quads, only scaled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageImage {
    /// The page, from 1.
    pub page: u32,
    /// `image/jpeg`.
    pub media_type: &'static str,
    /// The encoded picture.
    pub bytes: Vec<u8>,
}

impl Reader {
    /// A reader; nothing is loaded yet.
    pub fn new(options: ReaderOptions) -> Self {
        Self { options, models: Mutex::new(None) }
    }

    /// Reads a file.
    ///
    /// It never fails: what cannot be read comes back as `unread`. A container gives a document for each of its
    /// parts, a mail one more for its words. `progress` is called as each page is done, from this thread.
    pub fn read(&self, name: &str, bytes: &[u8], progress: &(dyn Fn(Progress) + Sync)) -> Vec<ReadDocument> {
        self.read_portion(name, bytes, Portion::default(), &Reporting(progress))
    }

    /// Reads a portion of a file, and says what it does while it does it.
    pub fn read_portion(
        &self,
        name: &str,
        bytes: &[u8],
        portion: Portion,
        listener: &dyn Listener,
    ) -> Vec<ReadDocument> {
        let mut session = Session {
            reader: self,
            listener,
            portion,
            met: 0,
            budget: Budget::default(),
            documents: Vec::new(),
        };
        session.read(name, bytes, Depth::default());
        session.documents
    }

    /// Loads the fonts of the machine, and the networks if they are wanted.
    ///
    /// After it, reading opens no file, and the process may fork: no thread of ours runs until a page is recognised,
    /// and the pool that the runtime keeps for itself is never used. Networks that are missing are looked for again the next
    /// time; until then pictures are *unread*, with that reason.
    pub fn prepare(&self, recognition: bool) {
        pdf::fonts::load();
        if recognition {
            let mut slot = self.slot();
            if !matches!(*slot, Some(Ok(_))) {
                *slot = Some(self.load());
            }
        }
    }

    /// Changes how many threads recognise; without effect once a page was recognised.
    pub fn set_threads(&mut self, threads: usize) {
        self.options.threads = threads;
        if let Some(Ok(models)) = self.slot().as_ref() {
            models.set_threads(self.threads());
        }
    }

    /// Changes whether pictures of pages are given back.
    pub fn set_keep_images(&mut self, keep: bool) {
        self.options.keep_images = keep;
    }

    /// Whether the files for text recognition are installed.
    pub fn models_ready(&self) -> Result<(), ModelsMissing> {
        models::present(self.options.models_dir.as_deref())
    }

    /// Changes the password that opens locked documents.
    pub fn set_password(&mut self, password: Option<String>) {
        self.options.password = password;
    }

    /// The networks; a failure is not remembered, so that installing the files needs no restart.
    fn models(&self) -> Result<Arc<Models>, ModelsMissing> {
        let mut slot = self.slot();
        if let Some(known) = slot.as_ref() {
            return known.clone();
        }
        let models = self.load()?;
        *slot = Some(Ok(Arc::clone(&models)));
        Ok(models)
    }

    fn load(&self) -> Result<Arc<Models>, ModelsMissing> {
        Models::load(self.options.models_dir.as_deref(), self.threads()).map(Arc::new)
    }

    fn slot(&self) -> MutexGuard<'_, Option<Result<Arc<Models>, ModelsMissing>>> {
        self.models.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn threads(&self) -> usize {
        match self.options.threads {
            0 => std::thread::available_parallelism().map_or(1, |count| count.get().min(2)),
            asked => asked,
        }
    }
}

/// Tells of pages only.
struct Reporting<'a>(&'a (dyn Fn(Progress) + Sync));

impl Listener for Reporting<'_> {
    fn page_done(&self, done: &PageDone<'_>) {
        let PageDone { document, page, pages, .. } = *done;
        (self.0)(Progress { document: document.to_owned(), page, pages });
    }
}

/// How deep a part stands in containers.
#[derive(Clone, Copy, Default)]
struct Depth {
    containers: usize,
    archives: usize,
}

/// The reading of one file with all its parts.
struct Session<'a> {
    reader: &'a Reader,
    listener: &'a dyn Listener,
    portion: Portion,
    /// Documents met so far, read or passed over.
    met: usize,
    budget: Budget,
    documents: Vec<ReadDocument>,
}

impl Session<'_> {
    fn read(&mut self, name: &str, bytes: &[u8], depth: Depth) {
        if bytes.is_empty() {
            let failure = Failure::new(UnreadReason::Empty, "the file has no bytes");
            return self.refuse(name, bytes, "application/x-empty", failure);
        }
        if bytes.len() > limits::FILE_BYTES {
            let detail = format!("the file has {} MB", bytes.len() / 1_000_000);
            return self.refuse(name, bytes, "application/octet-stream", Failure::too_large(detail));
        }
        let kind = sniff(bytes);
        let outcome = catch_unwind(AssertUnwindSafe(|| match kind {
            Kind::Zip => self.read_archive(name, bytes, depth),
            ref kind => {
                let enclosures = self.read_leaf(name, bytes, kind);
                self.read_enclosures(name, enclosures, depth);
                Ok(())
            }
        }));
        if let Err(failure) = outcome.unwrap_or_else(|_| Err(panicked())) {
            self.refuse(name, bytes, kind.media_type(), failure);
        }
    }

    /// Reads a file with pages or words of its own, and gives the files in it.
    fn read_leaf(&mut self, name: &str, bytes: &[u8], kind: &Kind) -> Vec<Enclosure> {
        let Some(index) = self.begin(name, bytes, kind.media_type()) else {
            return self.enclosures_of_one_passed_over(bytes, kind);
        };
        let read = catch_unwind(AssertUnwindSafe(|| self.read_document(index, name, bytes, kind)));
        let failed = || (document(name, bytes, kind.media_type(), refused(panicked())), Vec::new());
        let (document, enclosures) = read.unwrap_or_else(|_| failed());
        self.end(document);
        enclosures
    }

    /// The files in a file whose own words are not in the portion.
    fn enclosures_of_one_passed_over(&self, bytes: &[u8], kind: &Kind) -> Vec<Enclosure> {
        let opened = catch_unwind(AssertUnwindSafe(|| manuscript(kind, bytes)));
        opened.ok().and_then(Result::ok).map(|words| words.enclosures).unwrap_or_default()
    }

    fn refuse(&mut self, name: &str, bytes: &[u8], media_type: &str, failure: Failure) {
        if self.begin(name, bytes, media_type).is_some() {
            self.end(document(name, bytes, media_type, refused(failure)));
        }
    }

    /// Counts a document; nothing if it is not in the portion.
    fn begin(&mut self, name: &str, bytes: &[u8], media_type: &str) -> Option<usize> {
        let index = self.met;
        self.met += 1;
        self.portion.has_document(index).then(|| {
            self.listener.begins(&Begun { index, name, media_type, bytes });
            index
        })
    }

    fn end(&mut self, document: ReadDocument) {
        self.listener.ends(&document);
        self.documents.push(document);
    }

    fn read_archive(&mut self, name: &str, bytes: &[u8], depth: Depth) -> Result<(), Failure> {
        let inner = depth.deeper(true)?;
        let mut archive = Archive::open(bytes)?.with_password(self.reader.options.password.as_deref());
        let before = self.met;
        for index in 0..archive.len() {
            let Some(part) = archive.part(index, &mut self.budget) else {
                continue;
            };
            let part_name = format!("{name} » {}", part.name);
            match part.bytes {
                Ok(bytes) => self.read(&part_name, &bytes, inner),
                // One entry for all the parts beyond the limit, not a million.
                Err(failure) if failure.reason == UnreadReason::TooMany => return Err(failure),
                Err(failure) => self.refuse(&part_name, &[], "application/octet-stream", failure),
            }
        }
        if self.met == before {
            let detail = "the archive holds no file";
            return Err(Failure::new(UnreadReason::NoPages, detail));
        }
        Ok(())
    }

    /// Reads the files in a file, each as a document of its own.
    fn read_enclosures(&mut self, name: &str, enclosures: Vec<Enclosure>, depth: Depth) {
        if enclosures.is_empty() {
            return;
        }
        let inner = match depth.deeper(false) {
            Ok(inner) => inner,
            Err(failure) => return self.refuse(name, &[], "application/octet-stream", failure),
        };
        for (part_name, bytes) in enclosures {
            let part_name = format!("{name} » {part_name}");
            let size = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
            match (self.budget.take(size), bytes) {
                (Err(failure), _) => return self.refuse(name, &[], "application/octet-stream", failure),
                (Ok(()), Ok(bytes)) => self.read(&part_name, &bytes, inner),
                (Ok(()), Err(failure)) => self.refuse(&part_name, &[], "application/octet-stream", failure),
            }
        }
    }

    fn read_document(
        &self,
        index: usize,
        name: &str,
        bytes: &[u8],
        kind: &Kind,
    ) -> (ReadDocument, Vec<Enclosure>) {
        let desk = Desk::new(self.reader, name, self.listener, index, self.portion);
        let mut reading = Reading::default();
        let mut enclosures = Vec::new();
        let outcome = match kind {
            Kind::Pdf => pdf::read(&desk, bytes, &mut reading),
            Kind::Picture(_) | Kind::Heic => read_picture(&desk, bytes, &mut reading),
            Kind::Tiff => read_sheets(&desk, bytes, &mut reading),
            kind => manuscript(kind, bytes).and_then(|mut manuscript| {
                enclosures = std::mem::take(&mut manuscript.enclosures);
                lay(&desk, manuscript, &mut reading)
            }),
        };
        if let Err(failure) = outcome {
            reading.unread.push(failure.at(None));
        }
        (document(name, bytes, kind.media_type(), reading), enclosures)
    }
}

/// What a file without pages holds.
fn manuscript(kind: &Kind, bytes: &[u8]) -> Result<Manuscript, Failure> {
    match kind {
        Kind::Docx => docx::open(bytes),
        Kind::OpenDocument(_) => odf::open(bytes),
        Kind::Workbook(form) => workbook::open(bytes, *form),
        Kind::Rtf => rtf::open(bytes),
        Kind::Outlook => outlook::open(bytes),
        Kind::Mail => mail::open(bytes),
        Kind::Html => Ok(html::read(&plain::decode(bytes, plain::encoding_of_html(bytes)))),
        Kind::Text(encoding) => Ok(plain::read(bytes, encoding)),
        Kind::Table(encoding, delimiter) => Ok(delimited::read(&plain::decode(bytes, encoding), *delimiter)),
        Kind::Locked => {
            let detail = "the office file needs a password; ask for it without one";
            Err(Failure::new(UnreadReason::Encrypted, detail))
        }
        Kind::Other { media_type, seems } => Err(sniff::refusal(media_type, seems)),
        Kind::Pdf | Kind::Picture(_) | Kind::Tiff | Kind::Heic | Kind::Zip => {
            Err(Failure::damaged("a file of pages inside of one without"))
        }
    }
}

impl Depth {
    fn deeper(self, archive: bool) -> Result<Self, Failure> {
        let deeper = Self { containers: self.containers + 1, archives: self.archives + usize::from(archive) };
        if deeper.containers > limits::CONTAINER_DEPTH || deeper.archives > limits::ARCHIVE_DEPTH {
            return Err(Failure::too_many("too many levels of containers in containers"));
        }
        Ok(deeper)
    }
}

fn read_picture(desk: &Desk<'_>, bytes: &[u8], reading: &mut Reading) -> Result<(), Failure> {
    desk.needs_recognition();
    let picture = picture::decode(bytes)?;
    reading.add(desk.picture_page(1, picture));
    if picture::is_cut_jpeg(bytes) {
        let cut = Failure::damaged("the picture ends early; what there is of it was read");
        reading.unread.push(cut.at(Some(1)));
    }
    desk.done(reading, 1, 1);
    Ok(())
}

/// Reads each page of a TIFF file.
fn read_sheets(desk: &Desk<'_>, bytes: &[u8], reading: &mut Reading) -> Result<(), Failure> {
    desk.needs_recognition();
    let mut sheets = picture::sheets::Sheets::of(bytes)?;
    let pages = sheets.len() as u32;
    for number in 1..=pages {
        match picture::decode(sheets.page(number as usize - 1)) {
            Ok(picture) => reading.add(desk.picture_page(number, picture)),
            Err(failure) => reading.unread.push(failure.at(Some(number))),
        }
        desk.done(reading, number, pages);
    }
    reading.unread.extend(sheets.unread.map(|failure| failure.at(None)));
    Ok(())
}

/// Lays the words on pages and recognises the pictures, each as a page after them.
fn lay(desk: &Desk<'_>, manuscript: Manuscript, reading: &mut Reading) -> Result<(), Failure> {
    let laid = synthetic::lay(&manuscript.blocks);
    if laid.cut {
        let detail = format!("only the first {} pages of the text were read", laid.pages.len());
        reading.unread.push(Failure::too_many(detail).at(None));
    }
    reading.pages = laid.pages;
    reading.unread.extend(manuscript.unread.into_iter().map(|failure| failure.at(None)));
    let mut number = reading.pages.len() as u32;
    let pages = number + manuscript.pictures.len() as u32;
    for (name, picture) in manuscript.pictures {
        match picture.and_then(|bytes| decoded(&bytes)) {
            // A logo or a bullet, smaller than any line of text.
            Ok(picture) if picture.width().min(picture.height()) < SMALLEST_PICTURE => {}
            Ok(_) if number as usize >= limits::PAGES => {
                let detail = format!("pictures beyond {} pages were not read", limits::PAGES);
                reading.unread.push(Failure::too_many(detail).at(None));
                break;
            }
            Ok(picture) => {
                number += 1;
                reading.add(desk.picture_page(number, picture));
                desk.done(reading, number, pages);
            }
            Err(failure) => {
                let detail = format!("the picture {name} in it: {}", failure.detail);
                reading.unread.push(Failure { detail, ..failure }.at(None));
            }
        }
    }
    if reading.pages.is_empty() && reading.unread.is_empty() {
        return Err(Failure::new(UnreadReason::NoPages, "the file opens and holds no text of its own"));
    }
    Ok(())
}

fn panicked() -> Failure {
    Failure::new(UnreadReason::ReaderFailed, "the reader of this kind of file panicked")
}

fn refused(failure: Failure) -> Reading {
    Reading { unread: vec![failure.at(None)], ..Reading::default() }
}

/// A picture in a file, if it is one of the kinds that are read.
fn decoded(bytes: &[u8]) -> Result<image::RgbImage, Failure> {
    match sniff(bytes) {
        Kind::Other { media_type, seems } => Err(sniff::refusal(media_type, seems)),
        _ => picture::decode(bytes),
    }
}

/// Pictures in a text with a shorter side are ornaments.
const SMALLEST_PICTURE: u32 = 60;

fn document(name: &str, bytes: &[u8], media_type: &str, reading: Reading) -> ReadDocument {
    let digest = Sha256::digest(bytes);
    let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    ReadDocument {
        source: SourceDocument {
            id: DocumentId::new(&sha256[..16]),
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            sha256,
            pages: reading.pages,
            unread: reading.unread,
        },
        images: reading.images,
    }
}
