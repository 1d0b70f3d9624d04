//! What is refused before a parser sees it. The figures are those of the threat model: bombs are cut, papers are not.
//!
//! `docs/reading.md` shows them all; a test holds it to them.

/// Greatest size of one file.
pub(crate) const FILE_BYTES: usize = 50 * MIB;
/// Greatest number of pixels of one picture or rendered page.
pub(crate) const PIXELS: u64 = 100_000_000;
/// The same for HEIC, whose decoder needs about 16 bytes a pixel.
pub(crate) const HEIC_PIXELS: u64 = 50_000_000;
/// What an image decoder may allocate: the pixels with alpha, and a little for metadata.
pub(crate) const DECODER_BYTES: u64 = 4 * PIXELS + 4 * MIB as u64;
/// Metadata of a picture, packed or not: colour profiles, comments, thumbnails. More is left out before decoding.
pub(crate) const METADATA_BYTES: usize = 4 * MIB;
/// Pages that are read of one document; the rest is reported.
pub(crate) const PAGES: usize = 300;
/// Lines, areas, pieces of text and clips of one PDF page. Dense plans reach some ten thousand.
pub(crate) const DRAWINGS: usize = 500_000;
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
/// Cells with something in them that are kept of a workbook or a table.
pub(crate) const CELLS: usize = 200_000;
/// Columns that are kept of a table.
pub(crate) const COLUMNS: usize = 256;
/// Groups in groups of an RTF file.
pub(crate) const RTF_DEPTH: usize = 1_000;

const MIB: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../../docs/reading.md");

    /// Every limit as the table of the documentation has to show it.
    const TABLE: &[(&str, u64)] = &[
        ("FILE_BYTES", FILE_BYTES as u64),
        ("PIXELS", PIXELS),
        ("HEIC_PIXELS", HEIC_PIXELS),
        ("DECODER_BYTES", DECODER_BYTES),
        ("METADATA_BYTES", METADATA_BYTES as u64),
        ("PAGES", PAGES as u64),
        ("DRAWINGS", DRAWINGS as u64),
        ("ARCHIVE_DEPTH", ARCHIVE_DEPTH as u64),
        ("CONTAINER_DEPTH", CONTAINER_DEPTH as u64),
        ("PARTS", PARTS as u64),
        ("UNPACKED_BYTES", UNPACKED_BYTES),
        ("RATIO", RATIO),
        ("RATIO_FREE_BYTES", RATIO_FREE_BYTES),
        ("HEADER_LINES", HEADER_LINES as u64),
        ("TEXT_CHARS", TEXT_CHARS as u64),
        ("CELLS", CELLS as u64),
        ("COLUMNS", COLUMNS as u64),
        ("RTF_DEPTH", RTF_DEPTH as u64),
    ];

    fn grouped(number: u64) -> String {
        let digits = number.to_string();
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }

    #[test]
    fn the_documentation_shows_these_figures() {
        for (name, value) in TABLE {
            let row = format!("| `{name}` | {} |", grouped(*value));
            assert!(PAGE.contains(&row), "docs/reading.md lacks the row {row}");
        }
    }

    #[test]
    fn the_documentation_shows_every_limit() {
        let source = include_str!("limits.rs");
        let stated = source.lines().filter(|line| line.starts_with("pub(crate) const "));
        assert_eq!(stated.count(), TABLE.len());
        let rows = PAGE.lines().filter(|line| {
            line.starts_with("| `") && line.chars().nth(3).is_some_and(|c| c.is_ascii_uppercase())
        });
        assert_eq!(rows.count(), TABLE.len());
    }
}
