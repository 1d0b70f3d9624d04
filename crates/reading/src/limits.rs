//! What is refused before a parser sees it. The figures are those of the threat model: bombs are cut, papers are not.

/// Greatest size of one file.
pub(crate) const FILE_BYTES: usize = 50 * MIB;
/// Greatest number of pixels of one picture or rendered page.
pub(crate) const PIXELS: u64 = 100_000_000;
/// What an image decoder may allocate: the pixels with alpha, and a little for metadata.
pub(crate) const DECODER_BYTES: u64 = 4 * PIXELS + 4 * MIB as u64;
/// Pages that are read of one document; the rest is reported.
pub(crate) const PAGES: usize = 300;
/// How deep archives may stand in archives.
pub(crate) const ARCHIVE_DEPTH: usize = 2;
/// How deep containers of any kind may stand in one another: mail, forwarded mail, archive, archive.
pub(crate) const CONTAINER_DEPTH: usize = 4;
/// Parts of one container, all levels together.
pub(crate) const PARTS: usize = 1_000;
/// Unpacked bytes of one container, all levels together.
pub(crate) const UNPACKED_BYTES: u64 = 200 * MIB as u64;
/// Unpacked bytes for each packed byte of one archive entry. Text and XML reach about 20, drawings 100.
pub(crate) const RATIO: u64 = 200;
/// Small entries may exceed the ratio: an empty table of 100 kB packs to nothing and harms nobody.
pub(crate) const RATIO_FREE_BYTES: u64 = 4 * MIB as u64;
/// Header lines of one mail.
pub(crate) const HEADER_LINES: usize = 10_000;
/// Characters that are kept of a text document, about 300 dense pages.
pub(crate) const TEXT_CHARS: usize = 1_500_000;

const MIB: usize = 1024 * 1024;
