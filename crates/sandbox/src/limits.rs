//! How much time and memory the reading of a document may take, and how long an answer may be.

use serde::{Deserialize, Serialize};
use std::time::Duration;

const MIB: usize = 1024 * 1024;

/// Greatest length of all text frames for one file.
pub(crate) const ANSWER_BYTES: usize = 64 * MIB;
/// Greatest length of all pictures for one file.
pub(crate) const PICTURE_BYTES: usize = 128 * MIB;
/// Greatest length of the picture of one page.
pub(crate) const ONE_PICTURE_BYTES: usize = 4 * MIB;
/// Deaths of children for one file, after which the rest of it is not tried.
pub(crate) const DEATHS: usize = 8;
/// Greatest time for one file, however many pages it says it has: 300 pages recognised at their limit.
pub(crate) const LONGEST: Duration = Duration::from_secs(30 + 300 * 20);

/// What a child may use of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of address space.
    pub address_space: u64,
    /// Seconds of processor time: a second line behind the parent's clock, which is the first.
    pub processor_seconds: u64,
    /// Separate heaps of the allocator; each takes address space.
    pub heaps: u32,
}

impl Limits {
    /// For parsers: 1 GiB.
    pub fn parsing() -> Self {
        Self { address_space: 1 << 30, processor_seconds: 60, heaps: 1 }
    }

    /// For text recognition: 2 GiB.
    pub fn recognising(threads: usize) -> Self {
        let threads = u32::try_from(threads).unwrap_or(u32::MAX);
        let processor_seconds = LONGEST.as_secs() * u64::from(threads);
        Self { address_space: 2 << 30, processor_seconds, heaps: threads.clamp(1, 4) }
    }
}

/// How long the parent waits, by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// For a document without text recognition.
    pub document: Duration,
    /// For the next page without text recognition; a hang is known before the whole time is up.
    pub page: Duration,
    /// For a page with text recognition; the time for the document grows by it with each such page.
    pub recognised_page: Duration,
    /// For the careful second try of a page or document that ended its child, without text recognition.
    pub second_try: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            document: Duration::from_secs(30),
            page: Duration::from_secs(10),
            recognised_page: Duration::from_secs(20),
            second_try: Duration::from_secs(5),
        }
    }
}
