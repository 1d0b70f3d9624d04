//! Lines in the text's own upright frame, and the rows they stand in.

use cartulary_model::Page;

/// A line's box in the text's own upright frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) index: usize,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) middle: f32,
    pub(super) height: f32,
}

/// Cells that stand side by side, as rows from top to bottom.
pub(super) fn rows(mut cells: Vec<Cell>) -> Vec<Vec<Cell>> {
    cells.sort_by(|a, b| {
        a.middle.total_cmp(&b.middle).then(a.left.total_cmp(&b.left)).then(a.index.cmp(&b.index))
    });
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for cell in cells {
        let home = rows.iter_mut().rev().take(4).find(|row| stands_beside(row, cell));
        match home {
            Some(row) => row.push(cell),
            None => rows.push(vec![cell]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.left.total_cmp(&b.left).then(a.index.cmp(&b.index)));
    }
    rows
}

/// Beside, not over: centres level within half a line, and no overlap from left to right.
fn stands_beside(row: &[Cell], cell: Cell) -> bool {
    let level = row.iter().any(|of| (of.middle - cell.middle).abs() < 0.5 * of.height.min(cell.height));
    let apart = row.iter().all(|of| {
        let overlap = of.right.min(cell.right) - of.left.max(cell.left);
        overlap < 0.3 * (of.right - of.left).min(cell.right - cell.left).max(1.0)
    });
    level && apart
}

/// Turns every quad upright: by the page's rotation, then by the common slope of its long lines.
pub(super) fn upright(page: &Page) -> Vec<Cell> {
    let turn = |[x, y]: [f32; 2]| match page.rotation {
        90 => [y, -x],
        180 => [-x, -y],
        270 => [-y, x],
        _ => [x, y],
    };
    let turned: Vec<[[f32; 2]; 4]> = page.lines.iter().map(|line| line.quad.0.map(turn)).collect();
    let slope = median_slope(&turned);
    turned
        .iter()
        .enumerate()
        .map(|(index, quad)| {
            let level = |[x, y]: [f32; 2]| y - slope * x;
            let xs = quad.map(|corner| corner[0]);
            let ys = quad.map(level);
            let top = (ys[0] + ys[1]) / 2.0;
            let bottom = (ys[2] + ys[3]) / 2.0;
            Cell {
                index,
                left: xs.into_iter().fold(f32::INFINITY, f32::min),
                right: xs.into_iter().fold(f32::NEG_INFINITY, f32::max),
                middle: (top + bottom) / 2.0,
                height: (bottom - top).abs().max(1.0),
            }
        })
        .collect()
}

fn median_slope(quads: &[[[f32; 2]; 4]]) -> f32 {
    let mut slopes: Vec<f32> = quads
        .iter()
        .filter_map(|quad| {
            let (dx, dy) = (quad[1][0] - quad[0][0], quad[1][1] - quad[0][1]);
            let height = (quad[3][1] - quad[0][1]).abs();
            (dx > 4.0 * height && dx > 1.0).then(|| dy / dx)
        })
        .collect();
    slopes.sort_by(f32::total_cmp);
    slopes.get(slopes.len() / 2).copied().unwrap_or(0.0)
}
