//! Reading order of lines on a page whose text is upright: rows from top to bottom, each from left to right.
//!
//! Rows are followed from box to box, so that a page photographed at a slant, or bent, keeps its rows.
//! Cells of a table stay lines of their own.

use cartulary_model::Quad;

/// Share of the lower box's height by which two boxes of one row overlap.
const OVERLAP: f32 = 0.5;

/// A box as this module needs it.
#[derive(Clone, Copy, Debug)]
struct Item {
    index: usize,
    left: f32,
    right: f32,
    middle: f32,
    height: f32,
    /// Rise of its upper and lower side for each pixel to the right; nothing when too short to tell.
    slope: Option<f32>,
}

/// Indices of the quads in reading order.
pub(crate) fn reading_order(quads: &[Quad]) -> Vec<usize> {
    rows(quads).into_iter().flatten().collect()
}

/// Indices of the quads by rows.
pub(crate) fn rows(quads: &[Quad]) -> Vec<Vec<usize>> {
    let mut items: Vec<Item> = quads.iter().enumerate().map(item).collect();
    let page_slope = usual_slope(&items);
    items.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut rows: Vec<Vec<Item>> = Vec::new();
    for item in items {
        match best_row(&rows, &item, page_slope) {
            Some(row) => rows[row].push(item),
            None => rows.push(vec![item]),
        }
    }
    // Where a row would cross the left margin decides which comes first.
    let at_margin = |row: &Vec<Item>| row[0].middle - row[0].left * page_slope;
    rows.sort_by(|a, b| at_margin(a).total_cmp(&at_margin(b)));
    rows.iter().map(|row| row.iter().map(|item| item.index).collect()).collect()
}

fn item((index, quad): (usize, &Quad)) -> Item {
    let [start_top, end_top, end_bottom, start_bottom] = quad.0;
    let [left, top, right, bottom] = quad.bounds();
    let rise = (end_top[1] - start_top[1] + end_bottom[1] - start_bottom[1]) / 2.0;
    let run = (end_top[0] - start_top[0] + end_bottom[0] - start_bottom[0]) / 2.0;
    // The upright height of a slanted box: its bounds without the rise of the line.
    let height = (bottom - top - rise.abs()).max(1.0);
    Item {
        index,
        left,
        right,
        middle: (top + bottom) / 2.0,
        height,
        slope: (run > 4.0 * height).then(|| rise / run),
    }
}

fn usual_slope(items: &[Item]) -> f32 {
    let mut slopes: Vec<f32> = items.iter().filter_map(|item| item.slope).collect();
    slopes.sort_by(f32::total_cmp);
    slopes.get(slopes.len() / 2).copied().unwrap_or(0.0)
}

/// The row whose last box, carried on to this one, overlaps it most.
fn best_row(rows: &[Vec<Item>], item: &Item, page_slope: f32) -> Option<usize> {
    rows.iter()
        .enumerate()
        .filter_map(|(index, row)| {
            let last = row.last()?;
            Some((index, overlap(last, item, page_slope)?))
        })
        .filter(|(_, share)| *share >= OVERLAP)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(index, _)| index)
}

/// How much of the lower of two boxes lies beside the other; nothing when one stands above the other.
fn overlap(last: &Item, item: &Item, page_slope: f32) -> Option<f32> {
    let shared = last.right.min(item.right) - item.left;
    if shared > 0.5 * (item.right - item.left).min(last.right - last.left) {
        return None;
    }
    let slope = last.slope.or(item.slope).unwrap_or(page_slope);
    let centre = |item: &Item| (item.left + item.right) / 2.0;
    let expected = last.middle + slope * (centre(item) - centre(last));
    let top = (expected - last.height / 2.0).max(item.middle - item.height / 2.0);
    let bottom = (expected + last.height / 2.0).min(item.middle + item.height / 2.0);
    Some((bottom - top) / last.height.min(item.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tilted(x: f32, y: f32, width: f32, slope: f32) -> Quad {
        let at = |x: f32, y: f32| [x, y + x * slope];
        Quad([at(x, y), at(x + width, y), at(x + width, y + 20.0), at(x, y + 20.0)])
    }

    #[test]
    fn a_table_is_read_row_by_row() {
        let quads = [
            tilted(300.0, 102.0, 60.0, 0.0),
            tilted(10.0, 140.0, 90.0, 0.0),
            tilted(10.0, 100.0, 120.0, 0.0),
            tilted(300.0, 141.0, 60.0, 0.0),
            tilted(10.0, 10.0, 400.0, 0.0),
        ];
        assert_eq!(reading_order(&quads), [4, 2, 0, 1, 3]);
    }

    #[test]
    fn a_slanted_page_keeps_its_rows() {
        // Over the width of the page the rows rise by two line heights.
        let row = |y: f32| {
            [tilted(10.0, y, 200.0, 0.06), tilted(500.0, y, 40.0, 0.06), tilted(900.0, y, 200.0, 0.06)]
        };
        let quads: Vec<Quad> = [row(100.0), row(130.0), row(160.0)].concat();
        assert_eq!(reading_order(&quads), (0..9).collect::<Vec<_>>());
    }

    #[test]
    fn lines_above_one_another_are_not_one_row() {
        let quads = [tilted(10.0, 100.0, 300.0, 0.0), tilted(12.0, 108.0, 300.0, 0.0)];
        assert_eq!(rows(&quads).len(), 2);
        assert!(reading_order(&[]).is_empty());
    }
}
