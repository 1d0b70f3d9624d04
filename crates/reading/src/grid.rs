//! Tables without a printed form (sheets of a workbook, CSV files, HTML): rows of cells given a place on the sheet.

use crate::manuscript::{Block, Cell};
use crate::synthetic::{self, wrapped};

/// A cell with more characters is wrapped.
const WIDEST: f32 = 40.0;
/// Room between columns, in characters.
const GAP: f32 = 3.0;
/// A table of more columns is laid in bands, one below the other.
const BAND: usize = 24;

/// The rows as blocks. Columns are as wide as what stands in them. The first column is repeated in each band: it
/// names the row.
pub(crate) fn blocks(rows: &[Vec<String>]) -> Vec<Block> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    if columns <= BAND {
        return band(rows, &(0..columns).collect::<Vec<_>>());
    }
    let rest: Vec<usize> = (1..columns).collect();
    let with_first = |part: &[usize]| [&[0], part].concat();
    rest.chunks(BAND - 1).flat_map(|part| band(rows, &with_first(part))).collect()
}

fn band(rows: &[Vec<String>], columns: &[usize]) -> Vec<Block> {
    let text = |row: &'_ [String], column: usize| {
        row.get(column).map_or(String::new(), |text| text.trim().to_owned())
    };
    let widest = |column: usize| {
        let widths = rows.iter().map(|row| synthetic::columns(&text(row, column)));
        widths.fold(0.0, f32::max).min(WIDEST) + GAP
    };
    let widths: Vec<f32> = columns.iter().map(|column| widest(*column)).collect();
    // A narrow table keeps its width, a wide one is squeezed into the sheet.
    let whole = widths.iter().sum::<f32>().max(synthetic::COLUMNS);
    let edges: Vec<f32> = widths
        .iter()
        .scan(0.0, |edge, width| {
            *edge += width / whole;
            Some(*edge)
        })
        .collect();
    let cell = |row: &[String], at: usize| -> Option<Cell> {
        let text = text(row, columns[at]);
        let left = if at == 0 { 0.0 } else { edges[at - 1] };
        let lines = text.lines().flat_map(|line| wrapped(line, WIDEST)).map(|piece| piece.trim().to_owned());
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        (!lines.is_empty()).then_some((left, edges[at], lines))
    };
    let filled = |row: &Vec<String>| -> Option<Block> {
        let cells: Vec<Cell> = (0..columns.len()).filter_map(|at| cell(row, at)).collect();
        (!cells.is_empty()).then_some(Block::Row(cells))
    };
    rows.iter().filter_map(filled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn cells(block: &Block) -> &[Cell] {
        let Block::Row(cells) = block else { panic!("a row") };
        cells
    }

    #[test]
    fn a_column_begins_at_the_same_place_in_every_row() {
        let blocks = blocks(&[row(&["PLT", "45", "10^9/L"]), row(&["Haemoglobin", "102", ""])]);
        let (first, second) = (cells(&blocks[0]), cells(&blocks[1]));
        assert_eq!((first.len(), second.len()), (3, 2));
        assert_eq!(first[1].0, second[1].0);
        assert!(first[0].1 <= first[1].0 && first[2].1 <= 1.0);
    }

    #[test]
    fn a_table_too_wide_for_the_sheet_names_its_rows_again() {
        let wide: Vec<String> = (0..60).map(|column| format!("c{column}")).collect();
        let blocks = blocks(&[wide.clone(), wide]);
        assert_eq!(blocks.len(), 6);
        assert!(blocks.iter().all(|block| cells(block)[0].2 == ["c0"]));
        let all: usize = blocks.iter().map(|block| cells(block).len()).sum();
        assert_eq!(all, 2 * (59 + 3));
    }

    #[test]
    fn a_long_cell_is_wrapped_and_loses_nothing() {
        let text = "no evidence of residual lymphoma in the marrow ".repeat(5);
        let blocks = blocks(&[row(&["1", &text])]);
        let lines = &cells(&blocks[0])[1].2;
        assert!(lines.len() > 4);
        assert_eq!(lines.join(" "), text.trim());
    }

    #[test]
    fn empty_rows_are_no_rows() {
        assert_eq!(blocks(&[row(&["", " "]), row(&[])]), []);
    }
}
