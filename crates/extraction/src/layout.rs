//! From positioned lines to rows and paragraphs.
//!
//! Lines that stand side by side become the cells of one row; a line that was wrapped is joined with the next.
//! Works in the text's own upright frame, so that a page photographed sideways or askew gives the same rows.

use crate::stream::{BREAK, CELL, LinePlace, Stream, is_han};
use cartulary_model::{Page, SourceDocument};

/// Streams a document: cells parted by [`CELL`], rows and paragraphs by [`BREAK`].
pub(crate) fn stream(document: &SourceDocument) -> Stream {
    let mut stream = Stream::default();
    for (index, page) in document.pages.iter().enumerate() {
        let page_index = u32::try_from(index).unwrap_or(u32::MAX);
        let rows = rows(page);
        let margins = Margins::of(&rows);
        for (position, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                if column > 0 {
                    stream.push_separator(CELL);
                }
                let line = u32::try_from(cell.index).unwrap_or(u32::MAX);
                stream.push_line(LinePlace { page: page_index, line }, &page.lines[cell.index].text);
            }
            match rows.get(position + 1) {
                Some(next) if margins.continues(page, row, next) => {
                    if needs_space(&stream, page, next) {
                        stream.push_separator(' ');
                    }
                }
                _ => stream.push_separator(BREAK),
            }
        }
    }
    stream
}

/// A line's box in the text's own upright frame.
#[derive(Clone, Copy, Debug)]
struct Cell {
    index: usize,
    left: f32,
    right: f32,
    middle: f32,
    height: f32,
}

fn rows(page: &Page) -> Vec<Vec<Cell>> {
    let mut cells: Vec<Cell> = upright(page);
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
fn upright(page: &Page) -> Vec<Cell> {
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

/// The page's text margins, to tell a wrapped line from a short one.
struct Margins {
    left: f32,
    right: f32,
}

impl Margins {
    fn of(rows: &[Vec<Cell>]) -> Self {
        let left = rows.iter().flatten().map(|cell| cell.left).fold(f32::INFINITY, f32::min);
        let right = rows.iter().flatten().map(|cell| cell.right).fold(f32::NEG_INFINITY, f32::max);
        Self { left, right }
    }

    /// A paragraph goes on when its line reaches the right margin without a full stop
    /// and the next line is the paragraph's own.
    fn continues(&self, page: &Page, row: &[Cell], next: &[Cell]) -> bool {
        let (Some(cell), [following]) = (row.last(), next) else { return false };
        // The last cell of a table row goes on below itself, with nothing beside it.
        if row.len() > 1 && (following.left - cell.left).abs() > cell.height {
            return false;
        }
        let width = self.right - self.left;
        if width <= 0.0 {
            return false;
        }
        let text = page.lines[cell.index].text.trim_end();
        let begins = page.lines[following.index].text.trim_start();
        let (Some(last), Some(first)) = (text.chars().last(), begins.chars().next()) else { return false };
        let tabular = |row: &str| row.contains(['|', '\t']);
        if tabular(text) || tabular(begins) || (begins_with_day(text) && begins_with_day(begins)) {
            return false;
        }
        let ended = matches!(last, '。' | '.' | '；' | ';' | '!' | '?' | '：' | ':');
        let itemised =
            first.is_ascii_digit() && begins.chars().nth(1).is_some_and(|of| ".、)）".contains(of));
        let room = (self.right - cell.right) / width;
        let close = (following.middle - cell.middle).abs() < 2.2 * cell.height.max(following.height);
        let words = text.split_whitespace().count();
        let bulleted = begins.starts_with(['-', '•', '*']);
        let prose = words >= 6 && room < 0.4 && last.is_ascii_alphabetic() && !bulleted;
        let long = prose
            || room < 0.12
            || (room < 0.25 && (first.is_lowercase() || matches!(last, '，' | ',' | '、')));
        !ended && !itemised && close && long
    }
}

/// Rows that begin with a day each are rows of a table.
fn begins_with_day(row: &str) -> bool {
    let row = row.trim_start();
    let year = row.chars().take_while(char::is_ascii_digit).count();
    year == 4 && row[4..].starts_with(['-', '.', '/', '年'])
}

/// Latin words that were wrapped are parted by a space; Chinese is not.
fn needs_space(stream: &Stream, page: &Page, next: &[Cell]) -> bool {
    let last = stream.chars.last().copied().unwrap_or(' ');
    let first = next.first().and_then(|cell| page.lines[cell.index].text.trim_start().chars().next());
    let chinese = |of: char| is_han(of) || matches!(of, '，' | '、' | '（' | '）' | '(' | ')' | ',');
    !(chinese(last) && first.is_some_and(chinese)) && last != '-'
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartulary_model::{Line, Quad};

    fn line(text: &str, left: f32, top: f32) -> Line {
        let width = text.chars().map(|of| if is_han(of) { 24.0 } else { 12.0 }).sum::<f32>();
        Line {
            text: text.into(),
            quad: Quad::upright(left, top, left + width, top + 24.0),
            ..Line::default()
        }
    }

    fn streamed(lines: Vec<Line>, rotation: u16) -> String {
        let page = Page { number: 1, width: 1000, height: 1000, rotation, lines, ..Page::default() };
        let document = SourceDocument {
            id: "d".into(),
            name: String::new(),
            media_type: String::new(),
            sha256: String::new(),
            pages: vec![page],
            unread: vec![],
        };
        stream(&document).chars.into_iter().collect()
    }

    fn table() -> Vec<Line> {
        vec![
            line("10^9/L", 500.0, 104.0),
            line("PLT", 100.0, 100.0),
            line("45", 300.0, 102.0),
            line("HGB", 100.0, 140.0),
            line("82", 300.0, 141.0),
        ]
    }

    #[test]
    fn cells_side_by_side_are_one_row() {
        assert_eq!(streamed(table(), 0), "PLT\t45\t10^9/L\nHGB\t82\n");
    }

    #[test]
    fn a_page_turned_by_90_degrees_gives_the_same_rows() {
        let turned = table()
            .into_iter()
            .map(|of| Line { quad: Quad(of.quad.0.map(|[x, y]| [1000.0 - y, x])), ..of })
            .collect();
        assert_eq!(streamed(turned, 90), "PLT\t45\t10^9/L\nHGB\t82\n");
    }

    #[test]
    fn a_skewed_page_gives_the_same_rows() {
        let mut lines = table();
        lines.push(line("a long line that shows how far the page is askew", 100.0, 20.0));
        let skewed = lines
            .into_iter()
            .map(|of| Line { quad: Quad(of.quad.0.map(|[x, y]| [x, y + 0.06 * x])), ..of })
            .collect();
        assert!(streamed(skewed, 0).ends_with("PLT\t45\t10^9/L\nHGB\t82\n"));
    }

    #[test]
    fn a_wrapped_line_goes_on_and_a_finished_one_does_not() {
        let lines = vec![
            line("免疫组化结果显示弥漫大B细胞淋", 100.0, 100.0),
            line("巴瘤，CD20阳性。", 100.0, 140.0),
            line("骨髓未见异常。", 100.0, 180.0),
        ];
        assert_eq!(streamed(lines, 0), "免疫组化结果显示弥漫大B细胞淋巴瘤,CD20阳性。\n骨髓未见异常。\n");
    }
}
