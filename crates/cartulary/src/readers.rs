//! Who reads documents: children in a box, several at a time, or, if a person insists, this process.

use crate::{
    cli::{Global, Reading},
    console, models,
    papers::{self, Paper},
    progress::Progress,
};
use anyhow::{Context, Result};
use cartulary_model::Unread;
use cartulary_reading::{Listener, PageDone, Portion, ReadDocument, Reader, drawn_over};
use cartulary_sandbox::{BoxError, BoxedReader, Deadlines, Request, Start, Step};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::Path,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

/// Whether pictures of pages are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pictures {
    /// None.
    No,
    /// As they are.
    Plain,
    /// With boxes around what was read.
    DrawnOver,
}

/// Whether somebody waits for what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Now,
    Behind,
}

/// What became of one file.
pub(crate) struct Outcome {
    /// Its documents, or why it could not be opened.
    pub(crate) documents: Result<Vec<ReadDocument>, Unread>,
    pub(crate) took: Duration,
}

/// Reads files as the options say.
pub(crate) struct Readers {
    kind: Kind,
    threads: usize,
    password: Option<String>,
}

enum Kind {
    Boxed(BoxedReader),
    /// In this process; with and without pictures.
    Open(Box<Reader>, Box<Reader>),
}

impl Readers {
    /// Starts what forks the children, which loads while the caller goes on.
    pub(crate) fn new(global: &Global, options: &Reading) -> Result<Self> {
        Self::start(global, options, Turn::Now)
    }

    /// The same for a worker beside the pages: whoever asks for a page does not wait for a paper that is read.
    pub(crate) fn behind(global: &Global, options: &Reading) -> Result<Self> {
        Self::start(global, options, Turn::Behind)
    }

    fn start(global: &Global, options: &Reading, turn: Turn) -> Result<Self> {
        let password = options.password_file.as_deref().map(first_line).transpose()?;
        let kind = if options.no_sandbox {
            console::say(
                "cartulary: WARNING: --no-sandbox: documents are read unprotected in this process; \
                 a file that was made to attack it can do all that you can",
            );
            let reader = |images| Box::new(models::reader(global, images, password.clone()));
            Kind::Open(reader(false), reader(true))
        } else {
            let deadlines =
                Deadlines { document: Duration::from_secs(options.time_limit), ..Deadlines::default() };
            let reader = boxed(global, deadlines, turn);
            reader.warm()?;
            Kind::Boxed(reader)
        };
        Ok(Self { kind, threads: models::threads(global), password })
    }

    /// Reads files, several at a time, and hands them over in their order, each as soon as it and those before are done.
    pub(crate) fn each(
        &self,
        papers: &[Paper],
        pictures: Pictures,
        take: &mut dyn FnMut(&Paper, Outcome) -> Result<()>,
    ) -> Result<()> {
        let workers = match self.kind {
            Kind::Boxed(_) => self.threads.min(papers.len()).max(1),
            Kind::Open(..) => 1,
        };
        // One long document has all threads, many documents have one each.
        let threads = (self.threads / workers).max(1);
        let progress = Progress::new(papers.len());
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let (done, outcomes) = mpsc::sync_channel(workers);
        let work = |done: mpsc::SyncSender<(usize, Result<Outcome, BoxError>)>| {
            while !stop.load(Ordering::Relaxed) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(paper) = papers.get(index) else { break };
                let outcome = self.read(index, paper, threads, pictures, &progress);
                if done.send((index, outcome)).is_err() {
                    break;
                }
            }
        };
        let result = std::thread::scope(|scope| {
            for _ in 0..workers {
                let done = done.clone();
                scope.spawn(|| work(done));
            }
            drop(done);
            let result = in_order(papers, &outcomes, take);
            stop.store(true, Ordering::Relaxed);
            // A worker that waits to hand over a file must not wait for ever.
            drop(outcomes);
            result
        });
        progress.finish();
        result
    }

    /// Reads bytes that are at hand with all threads. `step` hears of each page, and of how many, as it is done.
    pub(crate) fn read_one(
        &self,
        paper: &Paper,
        bytes: &[u8],
        pictures: Pictures,
        step: &(dyn Fn(u32, u32) + Sync),
    ) -> Result<Vec<ReadDocument>, BoxError> {
        self.read_bytes(paper, bytes, self.threads, pictures, &|_, page, pages| step(page, pages))
    }

    fn read(
        &self,
        index: usize,
        paper: &Paper,
        threads: usize,
        pictures: Pictures,
        progress: &Progress,
    ) -> Result<Outcome, BoxError> {
        let begun = Instant::now();
        let step = |document: &str, page, pages| progress.page(index, document, page, pages);
        let documents = match papers::open(&paper.path) {
            Ok(bytes) => Ok(self.read_bytes(paper, &bytes, threads, pictures, &step)?),
            Err(unread) => Err(unread),
        };
        let pages = documents.iter().flatten().map(|document| document.source.pages.len()).sum::<usize>();
        progress.file(index, &paper.name, u32::try_from(pages).unwrap_or(u32::MAX));
        Ok(Outcome { documents, took: begun.elapsed() })
    }

    fn read_bytes(
        &self,
        paper: &Paper,
        bytes: &[u8],
        threads: usize,
        pictures: Pictures,
        step: &PageStep<'_>,
    ) -> Result<Vec<ReadDocument>, BoxError> {
        match &self.kind {
            Kind::Boxed(reader) => {
                let request = Request {
                    name: &paper.name,
                    bytes,
                    threads,
                    pictures: pictures != Pictures::No,
                    drawn_over: pictures == Pictures::DrawnOver,
                    password: self.password.as_deref(),
                };
                reader.read(&request, &mut |Step { document, page, pages }| step(&document, page, pages))
            }
            Kind::Open(plain, with_images) => {
                let reader = if pictures == Pictures::No { plain } else { with_images };
                let watched = Watched(step);
                let mut documents = reader.read_portion(&paper.name, bytes, Portion::default(), &watched);
                if pictures == Pictures::DrawnOver {
                    documents.iter_mut().for_each(draw);
                }
                Ok(documents)
            }
        }
    }
}

/// Hands over what comes in any order in the order of the papers.
fn in_order(
    papers: &[Paper],
    outcomes: &mpsc::Receiver<(usize, Result<Outcome, BoxError>)>,
    take: &mut dyn FnMut(&Paper, Outcome) -> Result<()>,
) -> Result<()> {
    let mut waiting = BTreeMap::new();
    let mut due = 0;
    for (index, outcome) in outcomes {
        waiting.insert(index, outcome?);
        while let Some(outcome) = waiting.remove(&due) {
            take(&papers[due], outcome)?;
            due += 1;
        }
    }
    Ok(())
}

/// Whether documents can be read in a box on this machine.
pub(crate) fn check(global: &Global) -> Result<(), BoxError> {
    boxed(global, Deadlines::default(), Turn::Now).check()
}

fn boxed(global: &Global, deadlines: Deadlines, turn: Turn) -> BoxedReader {
    let mut arguments: Vec<OsString> = vec!["reader".into()];
    if let Some(folder) = models::folder(global) {
        // The process that forks stands in the root folder.
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        arguments.extend(["--models".into(), folder.into_os_string()]);
    }
    if turn == Turn::Behind {
        arguments.push("--behind".into());
    }
    BoxedReader::new(Start { program: None, arguments }, deadlines)
}

fn first_line(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("could not read the password file {}", path.display()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Hears of a page of a document: its number, and how many there are.
type PageStep<'a> = dyn Fn(&str, u32, u32) + Sync + 'a;

struct Watched<'a>(&'a PageStep<'a>);

impl Listener for Watched<'_> {
    fn page_done(&self, done: &PageDone<'_>) {
        (self.0)(done.document, done.page, done.pages);
    }
}

fn draw(document: &mut ReadDocument) {
    let ReadDocument { source, images } = document;
    for image in images {
        let page = source.pages.iter().find(|page| page.number == image.page);
        if let Some(drawn) = page.and_then(|page| drawn_over(page, image)) {
            *image = drawn;
        }
    }
}
