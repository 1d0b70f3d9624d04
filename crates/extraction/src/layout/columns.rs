//! Prose in two columns: the left one is read to its foot before the right one.
//!
//! Columns are told from tables by how they are filled: lines of prose reach across their column, both columns are
//! of like width, and no line crosses the gutter between them. A table has narrow cells or columns of unlike width.

use super::rows::Cell;

/// Lines a column must have before it is believed.
const LEAST_LINES: usize = 4;
/// How much of their column lines of prose fill, in the median.
const FILLED: f32 = 0.7;
/// Widths of two columns differ by no more than this factor.
const ALIKE: f32 = 1.6;

/// Cells of a page in blocks, in reading order: bands of full width, and in between the columns of each band.
pub(super) fn blocks(mut cells: Vec<Cell>) -> Vec<Vec<Cell>> {
    cells.sort_by(|a, b| {
        a.middle.total_cmp(&b.middle).then(a.left.total_cmp(&b.left)).then(a.index.cmp(&b.index))
    });
    let Some((gutter, band)) = widest_band(&cells) else { return vec![cells] };
    let below = cells.split_off(band.end);
    let (left, right) = cells.split_off(band.start).into_iter().partition(|cell| cell.right <= gutter);
    let mut blocks = Vec::new();
    if !cells.is_empty() {
        blocks.extend(self::blocks(cells));
    }
    blocks.push(left);
    blocks.push(right);
    if !below.is_empty() {
        blocks.extend(self::blocks(below));
    }
    blocks
}

/// The gutter with the most lines beside it, and the lines beside it.
fn widest_band(cells: &[Cell]) -> Option<(f32, std::ops::Range<usize>)> {
    gutters(cells)
        .into_iter()
        .flat_map(|gutter| bands(cells, gutter).into_iter().map(move |band| (gutter, band)))
        .filter(|(gutter, band)| is_prose(&cells[band.clone()], *gutter))
        .max_by_key(|(_, band)| band.len())
}

/// Places where a right column may begin: the left edges of lines in the middle of the page.
fn gutters(cells: &[Cell]) -> Vec<f32> {
    let left = cells.iter().map(|cell| cell.left).fold(f32::INFINITY, f32::min);
    let right = cells.iter().map(|cell| cell.right).fold(f32::NEG_INFINITY, f32::max);
    let width = right - left;
    let mut gutters: Vec<f32> = cells
        .iter()
        .filter(|cell| (0.3..=0.7).contains(&((cell.left - left) / width.max(1.0))))
        .map(|cell| cell.left - 0.2 * cell.height)
        .collect();
    gutters.sort_by(f32::total_cmp);
    gutters.dedup_by(|later, earlier| (*later - *earlier).abs() < width / 100.0);
    gutters
}

/// Runs of lines none of which crosses the gutter.
fn bands(cells: &[Cell], gutter: f32) -> Vec<std::ops::Range<usize>> {
    let mut bands = Vec::new();
    let mut start = 0;
    for (index, cell) in cells.iter().enumerate() {
        if cell.left < gutter && cell.right > gutter {
            bands.push(start..index);
            start = index + 1;
        }
    }
    bands.push(start..cells.len());
    bands
}

fn is_prose(cells: &[Cell], gutter: f32) -> bool {
    let (left, right): (Vec<&Cell>, Vec<&Cell>) = cells.iter().partition(|cell| cell.right <= gutter);
    if left.len() < LEAST_LINES || right.len() < LEAST_LINES {
        return false;
    }
    let (Some(first), Some(second)) = (column(&left), column(&right)) else { return false };
    let alike = first.width.max(second.width) <= ALIKE * first.width.min(second.width).max(1.0);
    alike && first.is_filled() && second.is_filled()
}

struct Column {
    width: f32,
    /// Median width of its lines.
    line: f32,
    /// Median height of its lines.
    height: f32,
}

impl Column {
    /// Lines of prose are long for their height and reach across the column.
    fn is_filled(&self) -> bool {
        self.line >= FILLED * self.width && self.line >= 10.0 * self.height
    }
}

fn column(cells: &[&Cell]) -> Option<Column> {
    let left = cells.iter().map(|cell| cell.left).fold(f32::INFINITY, f32::min);
    let right = cells.iter().map(|cell| cell.right).fold(f32::NEG_INFINITY, f32::max);
    let line = median(cells.iter().map(|cell| cell.right - cell.left).collect())?;
    let height = median(cells.iter().map(|cell| cell.height).collect())?;
    Some(Column { width: right - left, line, height })
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}
