//! Makes an old workbook safe to open: the library believes what its records say of rows and columns, and makes room
//! for all of the sheet at once. A changed byte can ask for a hundred gigabytes.

use crate::failure::Failure;
use crate::limits;
use crate::outlook::compound;
use std::io::{Cursor, Read, Write};

/// Cells between the first and the last of a sheet, filled or not.
const AREA: usize = 4_000_000;
/// The format has no column beyond this.
const LAST_COLUMN: u16 = 255;

/// The workbook with nothing but its records, and those checked.
pub(crate) fn checked(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let damaged = |error: std::io::Error| Failure::damaged(format!("the workbook does not open: {error}"));
    let mut file = compound(bytes)?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name));
    let name = name.ok_or_else(|| Failure::damaged("the workbook holds no sheets"))?;
    let mut records = Vec::new();
    let stream = file.open_stream(name).map_err(damaged)?;
    stream.take(limits::FILE_BYTES as u64).read_to_end(&mut records).map_err(damaged)?;
    check(&mut records)?;
    let mut copy = cfb::CompoundFile::create(Cursor::new(Vec::new())).map_err(damaged)?;
    // The library misses the storage of small streams when there is none.
    copy.create_stream("/small").and_then(|mut stream| stream.write_all(b"x")).map_err(damaged)?;
    copy.create_stream(name).and_then(|mut stream| stream.write_all(&records)).map_err(damaged)?;
    copy.flush().map_err(damaged)?;
    Ok(copy.into_inner().into_inner())
}

/// Refuses cells where no cell can be, and takes out what only says how large a sheet is.
fn check(records: &mut [u8]) -> Result<(), Failure> {
    const DIMENSIONS: u16 = 0x0200;
    const OF_NO_MEANING: [u8; 2] = 0x0FFFu16.to_le_bytes();
    const END: u16 = 0x000A;
    let mut extent = Extent::default();
    let mut at = 0;
    while let Some(head) = records.get(at..at + 4) {
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let end = (at + 4 + length).min(records.len());
        match kind {
            DIMENSIONS => records[at..at + 2].copy_from_slice(&OF_NO_MEANING),
            END => extent = Extent::default(),
            _ => extent.add(kind, &records[at + 4..end])?,
        }
        at = end;
    }
    Ok(())
}

/// The rows and columns in which cells stand.
#[derive(Default)]
struct Extent {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

impl Extent {
    fn add(&mut self, kind: u16, data: &[u8]) -> Result<(), Failure> {
        const CELLS: [u16; 8] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x00BD, 0x0006];
        const MANY_NUMBERS: u16 = 0x00BD;
        let number = |at: usize| data.get(at..at + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
        let (true, Some(row), Some(column)) = (CELLS.contains(&kind), number(0), number(2)) else {
            return Ok(());
        };
        let last = if kind == MANY_NUMBERS {
            number(data.len().saturating_sub(2)).unwrap_or(column)
        } else {
            column
        };
        if column.max(last) > LAST_COLUMN {
            return Err(Failure::damaged("the workbook has a cell where none can be"));
        }
        let wider = |known: Option<(u16, u16)>, from: u16, to: u16| {
            known.map_or((from, to), |(low, high)| (low.min(from), high.max(to)))
        };
        let rows = wider(self.rows, row, row);
        let columns = wider(self.columns, column.min(last), column.max(last));
        (self.rows, self.columns) = (Some(rows), Some(columns));
        let span = |(low, high): (u16, u16)| usize::from(high - low) + 1;
        if span(rows) * span(columns) > AREA {
            return Err(Failure::too_large(
                "the cells of a sheet stand too far apart; save the workbook as XLSX",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::document::UnreadReason;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn cell(row: u16, column: u16) -> Vec<u8> {
        record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
    }

    fn reason(records: &[Vec<u8>]) -> Option<UnreadReason> {
        check(&mut records.concat()).err().map(|failure| failure.reason)
    }

    #[test]
    fn cells_in_their_place_pass() {
        assert_eq!(reason(&[cell(0, 0), cell(15_000, 255), record(0x0A, &[]), cell(65_535, 0)]), None);
    }

    #[test]
    fn a_column_that_cannot_be_is_damage() {
        assert_eq!(reason(&[cell(0, 256)]), Some(UnreadReason::Damaged));
        let many = record(0x00BD, &[0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0xFF, 0xFF]);
        assert_eq!(reason(&[many]), Some(UnreadReason::Damaged));
    }

    #[test]
    fn two_cells_at_the_far_corners_are_too_much() {
        assert_eq!(reason(&[cell(0, 0), cell(65_535, 255)]), Some(UnreadReason::TooLarge));
    }

    #[test]
    fn what_is_said_of_the_size_is_taken_out() {
        let mut records = record(0x0200, &[0xFF; 14]);
        check(&mut records).unwrap();
        assert_eq!(records[..2], [0xFF, 0x0F]);
    }
}
