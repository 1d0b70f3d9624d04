//! Reads a file in children: watches the clock, keeps what was read before a death, tries once more with care.

use crate::draft::{Draft, News, Place};
use crate::limits::{DEATHS, Deadlines, LONGEST, Limits};
use crate::linux::inmate::{End, Heard, Inmate};
use crate::linux::keeper::{Input, Keeper, Start};
use crate::wire::Order;
use crate::{BoxError, judge::Unsound};
use cartulary_model::document::UnreadReason;
use cartulary_reading::ReadDocument;
use std::time::{Duration, Instant};

/// Times that a zygote is started anew for one file; the file has no part in its deaths.
const ZYGOTES: u32 = 3;

/// Reads files in a box. May be used from several threads.
#[derive(Debug)]
pub struct BoxedReader {
    keeper: Keeper,
    deadlines: Deadlines,
}

/// What is to be read, and how.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Threads for text recognition.
    pub threads: usize,
    /// Whether to give back a small picture of each page.
    pub pictures: bool,
    /// Whether these pictures show what was read where.
    pub drawn_over: bool,
    /// What opens it if it is locked.
    pub password: Option<&'a str>,
}

/// A page is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The document's name.
    pub document: String,
    /// The page that is done, from 1.
    pub page: u32,
    /// How many pages the document has.
    pub pages: u32,
}

impl BoxedReader {
    /// A reader whose children are forked by what `start` starts. Nothing is started yet.
    pub fn new(start: Start, deadlines: Deadlines) -> Self {
        Self { keeper: Keeper::new(start), deadlines }
    }

    /// Starts what forks the children, so that it is ready when the first is needed.
    pub fn warm(&self) -> Result<(), BoxError> {
        self.keeper.warm()
    }

    /// The process number of what forks the children, if it runs.
    pub fn zygote_pid(&self) -> Option<u32> {
        self.keeper.zygote_pid()
    }

    /// Whether documents can be read in a box here, found by reading one.
    pub fn check(&self) -> Result<(), BoxError> {
        let request = Request {
            name: "check",
            bytes: b"A line of text.\n",
            threads: 1,
            pictures: false,
            drawn_over: false,
            password: None,
        };
        let documents = self.read(&request, &mut |_| {})?;
        let lines = documents.iter().flat_map(|document| &document.source.pages).flat_map(|page| &page.lines);
        if lines.map(|line| line.text.as_str()).eq(["A line of text."]) {
            return Ok(());
        }
        let unread = documents.iter().flat_map(|document| &document.source.unread).next();
        let why = unread.map_or("it read something else than it was given", |unread| unread.detail.as_str());
        Err(BoxError::NotRunning(why.to_owned()))
    }

    /// Reads a file. `step` hears of each page as it is done.
    ///
    /// An error means that nothing can be read here at all; whatever is wrong with the file is in the documents.
    pub fn read(
        &self,
        request: &Request<'_>,
        step: &mut dyn FnMut(Step),
    ) -> Result<Vec<ReadDocument>, BoxError> {
        let input = Input::new(request.bytes).map_err(|error| BoxError::NotRunning(error.to_string()))?;
        let mut draft = Draft::new(request.name, request.bytes);
        let mut course = Course {
            reader: self,
            request,
            input: &input,
            step,
            begun: Instant::now(),
            recognition: is_picture(request.bytes),
            documents: 0,
            zygotes: 0,
        };
        match course.run(&mut draft) {
            Ok(()) => Ok(draft.finish()),
            Err(Stop::Box(error)) => Err(error),
            Err(Stop::Unsound(unsound)) => Ok(draft.discard(unsound)),
        }
    }
}

/// Why a file is given up as a whole.
enum Stop {
    Box(BoxError),
    Unsound(Unsound),
}

impl From<Unsound> for Stop {
    fn from(unsound: Unsound) -> Self {
        Self::Unsound(unsound)
    }
}

/// How one child ended for the file.
enum Ending {
    Finished,
    NeedsRecognition,
    TooLong,
    Died(End),
}

/// The reading of one file by as many children as it takes.
struct Course<'a, 'b> {
    reader: &'a BoxedReader,
    request: &'a Request<'a>,
    input: &'a Input,
    step: &'b mut dyn FnMut(Step),
    begun: Instant,
    recognition: bool,
    documents: u32,
    zygotes: u32,
}

impl Course<'_, '_> {
    fn run(&mut self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let mut place = Place::default();
        let mut deaths = 0;
        loop {
            let end = match self.child(draft, place, Care::Usual)? {
                Ending::Finished => return Ok(()),
                Ending::NeedsRecognition => {
                    self.recognition = true;
                    place = draft.place();
                    continue;
                }
                Ending::TooLong => {
                    draft.stop(UnreadReason::TooLarge, "the text of it is too long; the rest was not kept");
                    return Ok(());
                }
                Ending::Died(end) => end,
            };
            deaths += 1;
            let victim = draft.place();
            let Some(next) = self.second_try(draft, victim, &end)? else { return Ok(()) };
            place = next;
            if deaths == DEATHS || self.begun.elapsed() > LONGEST {
                draft.stop_after_deaths();
                return Ok(());
            }
        }
    }

    /// Tries the page or document at which a child died once more, with care, and says where to go on.
    fn second_try(&mut self, draft: &mut Draft<'_>, victim: Place, end: &End) -> Result<Option<Place>, Stop> {
        // The same picture takes the same time again; what may differ is a PDF of which nothing is drawn.
        let worthwhile = *end != End::OverTime || victim.page > 0;
        if worthwhile {
            match self.child(draft, victim, Care::Great)? {
                Ending::Finished if draft.is_past(victim) => {
                    draft.explain(victim, &reason(end));
                    return Ok(Some(draft.reopen_after(victim)));
                }
                Ending::Finished | Ending::NeedsRecognition | Ending::TooLong | Ending::Died(_) => {}
            }
            draft.place();
        }
        Ok(draft.give_up(victim, &reason(end)))
    }

    /// Lets one child read from a place on.
    fn child(&mut self, draft: &mut Draft<'_>, place: Place, care: Care) -> Result<Ending, Stop> {
        let order = self.order(place, care);
        let limits = if order.recognition { Limits::recognising(order.threads) } else { Limits::parsing() };
        let words =
            serde_json::to_vec(&order).map_err(|error| Stop::Box(BoxError::NotRunning(error.to_string())))?;
        let mut inmate =
            self.reader.keeper.summon(&words, self.input, limits, order.recognition).map_err(Stop::Box)?;
        match self.listen(&mut inmate, draft, care)? {
            Ending::Died(End::ZygoteDied) => {
                self.zygotes += 1;
                if self.zygotes == ZYGOTES {
                    let why = "it ended several times".to_owned();
                    return Err(Stop::Box(BoxError::NotRunning(why)));
                }
                let place = if care == Care::Usual { draft.place() } else { place };
                self.child(draft, place, care)
            }
            Ending::Died(End::Unlockable(why)) => Err(Stop::Box(BoxError::Unlockable(why))),
            ending => Ok(ending),
        }
    }

    fn order(&self, place: Place, care: Care) -> Order {
        let Request { threads, pictures, drawn_over, password, .. } = *self.request;
        let careful = care == Care::Great;
        Order {
            from_document: place.document,
            from_page: place.page,
            only: careful,
            without_rendering: careful,
            recognition: self.recognition,
            threads: if careful { 1 } else { threads },
            pictures,
            drawn_over,
            password: password.map(str::to_owned),
        }
    }

    fn listen(&mut self, inmate: &mut Inmate, draft: &mut Draft<'_>, care: Care) -> Result<Ending, Stop> {
        let mut page = Lap::new(inmate, Instant::now());
        loop {
            let (kind, body) = match self.hear(inmate, draft, care, &page) {
                Heard::Frame(kind, body) => (kind, body),
                // A child that ends well says so in a frame.
                Heard::End(End::Exited) => return Ok(Ending::Died(End::Failed(0))),
                Heard::End(End::Garbage) => return Err(Unsound("bytes that are no frame").into()),
                Heard::End(end) => return Ok(Ending::Died(end)),
            };
            match draft.take(kind, body)? {
                News::Nothing => {}
                News::Page { document, page: number, pages } => {
                    page = Lap::new(inmate, Instant::now());
                    (self.step)(Step { document, page: number, pages });
                }
                News::Document => {
                    page = Lap::new(inmate, Instant::now());
                    self.documents += 1;
                }
                News::NeedsRecognition if !self.recognition => return Ok(Ending::NeedsRecognition),
                News::NeedsRecognition => return Err(Unsound("a wish that was granted").into()),
                News::Finished => return Ok(Ending::Finished),
                News::TooLong => return Ok(Ending::TooLong),
            }
        }
    }

    /// Waits for the next frame as long as the next page and the whole file may take.
    fn hear(&self, inmate: &mut Inmate, draft: &Draft<'_>, care: Care, page: &Lap) -> Heard {
        let for_page = self.page_limit(care);
        let for_all = self.whole_limit(draft);
        let all = Lap { begun: self.begun, processor: Duration::ZERO };
        let mut until = (page.begun + for_page).min(all.begun + for_all);
        loop {
            if let Some(heard) = inmate.hear_until(until) {
                return heard;
            }
            let now = Instant::now();
            let used = inmate.processor_time();
            if page.is_over(for_page, now, used) || all.is_over(for_all, now, used) {
                return Heard::End(inmate.kill(End::OverTime));
            }
            until = now + for_page / 4;
        }
    }

    fn page_limit(&self, care: Care) -> Duration {
        let Deadlines { page, recognised_page, second_try, .. } = self.reader.deadlines;
        match (self.recognition, care) {
            (true, _) => recognised_page,
            (false, Care::Usual) => page,
            (false, Care::Great) => second_try,
        }
    }

    /// Each document has its time, each recognised page adds to it.
    fn whole_limit(&self, draft: &Draft<'_>) -> Duration {
        let Deadlines { document, recognised_page, .. } = self.reader.deadlines;
        let recognised = draft.recognised + u32::from(self.recognition);
        (document * (self.documents + 1) + recognised_page * recognised).min(LONGEST)
    }
}

/// A stretch of time on the wall, and the processor time that the child had had when it began.
struct Lap {
    begun: Instant,
    processor: Duration,
}

impl Lap {
    /// A busy machine may take so many times as long.
    const PATIENCE: u32 = 4;

    fn new(inmate: &mut Inmate, begun: Instant) -> Self {
        Self { begun, processor: inmate.processor_time().unwrap_or_default() }
    }

    /// Whether the limit is over. A child that had little of the processor is not to blame for the clock on the wall:
    /// a paper must not be given up because the machine is busy.
    fn is_over(&self, limit: Duration, now: Instant, used: Option<Duration>) -> bool {
        let elapsed = now.saturating_duration_since(self.begun);
        let had = used.map_or(elapsed, |used| used.saturating_sub(self.processor));
        elapsed >= limit && (had >= limit * 3 / 4 || elapsed >= limit * Self::PATIENCE)
    }
}

/// How much is risked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    Usual,
    /// One document or page only, with one thread, drawing nothing.
    Great,
}

/// What a person is told of a death.
fn reason(end: &End) -> String {
    let why = match end {
        End::OverTime => "it took too long",
        End::OutOfMemory => "it needed too much memory",
        End::StackOverflow => "it is nested too deep",
        End::Forbidden => "the reader tried what it must not do; the file may have been made to attack it",
        End::Signal(9) => "the system ended the reader, probably for lack of memory",
        End::Signal(_)
        | End::Failed(_)
        | End::Exited
        | End::Garbage
        | End::Unlockable(_)
        | End::ZygoteDied => "the reader crashed on it",
    };
    format!("reading was ended: {why}")
}

/// Whether the file begins as a picture does, so that recognition will be needed. Nothing is parsed here.
fn is_picture(bytes: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 7] =
        [b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\0", b"MM\0*", b"BM", b"GIF8", b"RIFF"];
    let heif = bytes.get(4..8) == Some(b"ftyp");
    heif || BEGINNINGS.iter().any(|beginning| bytes.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_first_bytes() {
        assert!(is_picture(b"\xff\xd8\xff\xe0") && is_picture(b"\0\0\0\x18ftypheic"));
        assert!(!is_picture(b"%PDF-1.7") && !is_picture(b"") && !is_picture(b"PK\x03\x04"));
    }

    #[test]
    fn a_child_is_given_up_by_the_clock_unless_it_was_starved() {
        let seconds = |count: u64| Duration::from_secs(count);
        let lap = Lap { begun: Instant::now(), processor: seconds(3) };
        let over =
            |wall: u64, had: u64| lap.is_over(seconds(10), lap.begun + seconds(wall), Some(seconds(3 + had)));
        assert!(!over(9, 9) && over(10, 8));
        assert!(!over(10, 7) && !over(39, 7) && over(40, 0));
        // Where the processor time is not known, the clock decides alone.
        assert!(lap.is_over(seconds(10), lap.begun + seconds(10), None));
    }

    #[test]
    fn every_end_has_words_for_people() {
        for end in [End::OverTime, End::OutOfMemory, End::Forbidden, End::Signal(11)] {
            assert!(reason(&end).starts_with("reading was ended: "));
        }
    }
}
