//! Exports of laboratory systems as text: cells parted by commas, semicolons or tabs.

use crate::failure::Failure;
use crate::manuscript::Manuscript;
use crate::{grid, limits};
use cartulary_model::document::UnreadReason;

/// Lines from which the delimiter is told.
const SAMPLE: usize = 40;
/// Fewer lines are no table.
const FEWEST_LINES: usize = 2;

/// What parts the cells of the text; nothing when it is no table.
///
/// Every line of the sample must have the same number of cells, or nearly every line for tabs, which prose does not
/// have. Commas in prose come in other numbers line by line.
pub(crate) fn delimiter(text: &str) -> Option<u8> {
    let head: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(SAMPLE).collect();
    if head.len() < FEWEST_LINES {
        return None;
    }
    [b'\t', b';', b','].into_iter().find(|delimiter| parts_evenly(&head, *delimiter))
}

fn parts_evenly(lines: &[&str], delimiter: u8) -> bool {
    let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, delimiter)).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    let same = counts.iter().filter(|count| **count == most).count();
    // A sentence has a comma, a list of words has some: three cells and three lines are more than that.
    let fewest = if delimiter == b'\t' { 1 } else { 2 };
    let lines_needed = if delimiter == b'\t' { FEWEST_LINES } else { 3 };
    // A title above the table has fewer.
    let may_differ =
        if delimiter == b'\t' { lines.len() / 2 } else { lines.len().div_ceil(10).min(lines.len() / 3) };
    most >= fewest && same >= lines_needed.min(lines.len()) && lines.len() - same <= may_differ
}

fn outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    let counted = line.bytes().filter(|byte| {
        quoted ^= *byte == b'"';
        !quoted && *byte == delimiter
    });
    counted.count()
}

/// Reads the cells.
pub(crate) fn read(text: &str, delimiter: u8) -> Manuscript {
    let mut manuscript = Manuscript::default();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut rows, mut cells, mut too_wide) = (Vec::new(), 0, false);
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                manuscript.unread.push(Failure::damaged(format!("the table ends early: {error}")));
                break;
            }
        }
        too_wide |= record.len() > limits::COLUMNS;
        let cell = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let row: Vec<String> = record.iter().take(limits::COLUMNS).map(cell).collect();
        cells += row.iter().filter(|cell| !cell.is_empty()).count();
        if cells > limits::CELLS {
            let detail = format!("more than {} cells; the rest was not read", limits::CELLS);
            manuscript.report(UnreadReason::TooMany, detail);
            break;
        }
        rows.push(row);
    }
    if too_wide {
        let detail = format!("more than {} columns; the rest was not read", limits::COLUMNS);
        manuscript.report(UnreadReason::TooMany, detail);
    }
    manuscript.blocks = grid::blocks(&rows);
    manuscript
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_told_from_the_lines() {
        assert_eq!(delimiter("项目,结果,单位\nPLT,45,10^9/L\nHb,102,g/L\n"), Some(b','));
        assert_eq!(delimiter("Item;Value;Unit\nPLT;45;10^9/L\nLDH;2,5;ULN\n"), Some(b';'));
        assert_eq!(delimiter("Item\tValue\nPLT\t45\n"), Some(b'\t'));
        assert_eq!(delimiter("a,b,c\n\"x, y\",1,2\n3,4,5\n"), Some(b','));
        assert_eq!(delimiter("Blood count, 2024\nItem,Value,Unit\nPLT,45,G/L\nHb,102,g/L\n"), Some(b','));
    }

    #[test]
    fn prose_is_no_table() {
        assert_eq!(
            delimiter("She was well, slept, ate.\nThen fever came, and chills, and sweats, and pain.\n"),
            None
        );
        assert_eq!(delimiter("One line, with, commas"), None);
        assert_eq!(delimiter("Dear doctors,\n\nmy mother has lymphoma, stage IV.\nYours,\nLi"), None);
    }

    #[test]
    fn quoted_cells_keep_their_commas_and_lines() {
        let read = read("Item,Finding\nLiver,\"no lesion, 12 cm\"\nSpleen,\"a \"\"focus\"\"\"\n", b',');
        assert_eq!(read.text(), "Item\tFinding\nLiver\tno lesion, 12 cm\nSpleen\ta \"focus\"");
    }

    #[test]
    fn ten_million_columns_are_cut_and_said() {
        let wide = ",1".repeat(1_000_000);
        let manuscript = read(&wide, b',');
        assert_eq!(manuscript.unread[0].reason, UnreadReason::TooMany);
        assert!(!manuscript.blocks.is_empty());
    }
}
