//! What the readers of single documents share: recognising a picture as a page, and saying that a page is done.

use crate::failure::Failure;
use crate::listen::{Listener, PageDone, Portion};
use crate::ocr::{self, Recognised};
use crate::reader::{PageImage, Reader};
use crate::{display, quality};
use cartulary_model::document::{QualityNote, UnreadReason};
use cartulary_model::{Origin, Page, Unread};
use image::RgbImage;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What was read so far of one document.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) pages: Vec<Page>,
    pub(crate) images: Vec<PageImage>,
    pub(crate) unread: Vec<Unread>,
}

impl Reading {
    pub(crate) fn add(&mut self, other: Self) {
        self.pages.extend(other.pages);
        self.images.extend(other.images);
        self.unread.extend(other.unread);
    }
}

/// Where one document is read.
pub(crate) struct Desk<'a> {
    reader: &'a Reader,
    name: &'a str,
    listener: &'a dyn Listener,
    index: usize,
    portion: Portion,
    pub(crate) keep_images: bool,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(
        reader: &'a Reader,
        name: &'a str,
        listener: &'a dyn Listener,
        index: usize,
        portion: Portion,
    ) -> Self {
        Self { reader, name, listener, index, portion, keep_images: reader.options.keep_images }
    }

    /// Says how many pages there are that can be read singly, and gives those that are wanted.
    pub(crate) fn wanted(&self, count: u32) -> RangeInclusive<u32> {
        self.listener.counted(count);
        self.portion.pages_of(self.index, count)
    }

    /// Whether pages may be rendered.
    pub(crate) fn may_render(&self) -> bool {
        !self.portion.without_rendering
    }

    /// Says, before the work for it begins, that a picture is about to be recognised.
    pub(crate) fn needs_recognition(&self) {
        self.listener.needs_recognition();
    }

    /// The password of files that ask for one.
    pub(crate) fn password(&self) -> Option<&str> {
        self.reader.options.password.as_deref()
    }

    /// Says that a page is done.
    pub(crate) fn done(&self, reading: &Reading, page: u32, pages: u32) {
        self.listener.page_done(&PageDone {
            document: self.name,
            page,
            pages,
            read: &reading.pages,
            images: &reading.images,
            unread: &reading.unread,
        });
    }

    /// The small copy of a page, if pictures are kept.
    pub(crate) fn copy(&self, page: u32, picture: &RgbImage) -> Option<PageImage> {
        self.keep_images.then(|| display::copy(page, picture)).flatten()
    }

    /// Recognises a picture as a page. The page is there even when nothing could be read on it.
    pub(crate) fn picture_page(&self, number: u32, picture: RgbImage) -> Reading {
        self.needs_recognition();
        let mut page = Page {
            number,
            width: picture.width(),
            height: picture.height(),
            origin: Origin::Ocr,
            quality: quality::of_picture(&picture),
            ..Page::default()
        };
        let mut reading =
            Reading { images: self.copy(number, &picture).into_iter().collect(), ..Reading::default() };
        match self.recognise(picture) {
            Ok(found) => {
                page.rotation = found.turn.degrees();
                page.quality.extend(quality::of_reading(found.doubtful, found.unread));
                page.quality.extend(quality::of_edges(&found.lines, page.width, page.height));
                page.lines = found.lines;
                if found.other_script {
                    let detail = "most of the text is in a script that is not read";
                    let failure = Failure::new(UnreadReason::OtherLanguage, detail);
                    reading.unread.push(failure.at(Some(number)));
                } else if page.lines.is_empty() {
                    page.quality.push(QualityNote::NoText);
                    let detail = "no text was found in the picture";
                    let failure = Failure::new(UnreadReason::NoText, detail);
                    reading.unread.push(failure.at(Some(number)));
                }
            }
            Err(failure) => reading.unread.push(failure.at(Some(number))),
        }
        reading.pages.push(page);
        reading
    }

    fn recognise(&self, picture: RgbImage) -> Result<Recognised, Failure> {
        self.needs_recognition();
        let failed = |detail: String| Failure::new(UnreadReason::ReaderFailed, detail);
        let models =
            self.reader.models().map_err(|error| Failure::new(UnreadReason::NoModels, error.to_string()))?;
        let outcome = catch_unwind(AssertUnwindSafe(|| ocr::read(&models, picture)));
        outcome.unwrap_or_else(|_| Err("text recognition panicked".to_owned())).map_err(failed)
    }
}
