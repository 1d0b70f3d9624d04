//! Files that lie, end early or mean harm, each made in code.
//!
//! [`all`] names them. A file that only a limit of time can end is marked `needs_wall_clock`: in one process there is
//! none, so tests without a sandbox leave it out.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "hostile/archives.rs"]
mod archives;
#[path = "hostile/mails.rs"]
mod mails;
#[path = "pdf.rs"]
mod pdf;
#[path = "hostile/pdfs.rs"]
mod pdfs;
#[path = "hostile/pictures.rs"]
mod pictures;
#[path = "hostile/texts.rs"]
mod texts;

/// A file that somebody might send.
pub(crate) struct Hostile {
    /// What it does, as a file's name.
    pub(crate) name: &'static str,
    /// Its bytes, made when asked for: some are large.
    pub(crate) make: fn() -> Vec<u8>,
    /// Only a limit of time ends its reading.
    pub(crate) needs_wall_clock: bool,
    /// Words that must not be taken from it.
    pub(crate) must_not_say: &'static str,
}

impl Hostile {
    const fn new(name: &'static str, make: fn() -> Vec<u8>) -> Self {
        Self { name, make, needs_wall_clock: false, must_not_say: "" }
    }

    const fn slow(name: &'static str, make: fn() -> Vec<u8>) -> Self {
        Self { name, make, needs_wall_clock: true, must_not_say: "" }
    }

    const fn silent_on(self, words: &'static str) -> Self {
        Self { must_not_say: words, ..self }
    }
}

/// Every file.
pub(crate) fn all() -> Vec<Hostile> {
    [archives::FILES, pictures::FILES, pdfs::FILES, mails::FILES, texts::FILES]
        .into_iter()
        .flatten()
        .map(|file| Hostile { ..*file })
        .collect()
}

/// The same noise every time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 11u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}
