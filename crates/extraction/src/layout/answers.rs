//! Forms that print a question and, under it, the boxes for its answer.

use super::rows::Cell;
use crate::vocabulary::layout::CHOICE_ANSWERS;
use cartulary_model::Page;

/// A cell of boxes stands under its question if it lies no farther below, in heights of it.
const UNDER: f32 = 2.2;

/// Rows in which each cell that begins with a box stands behind the question printed over it, as a row of their own.
pub(super) fn beside_questions(page: &Page, rows: Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
    let begins_with_box =
        |cell: &Cell| page.lines[cell.index].text.trim_start().starts_with(['☐', '☑', '□', '√', '☒']);
    if !rows.iter().flatten().any(begins_with_box) {
        return rows;
    }
    let mut read: Vec<Vec<Cell>> = Vec::new();
    for row in rows {
        let (boxes, rest): (Vec<Cell>, Vec<Cell>) = row.into_iter().partition(begins_with_box);
        let Some(above) = read.pop() else {
            read.push(joined(rest, boxes));
            continue;
        };
        let is_question = |cell: &Cell| {
            let text = &page.lines[cell.index].text;
            !text.contains(['☐', '☑', '□', '√', '☒']) && !is_answers(text)
        };
        let question =
            |of: &Cell| above.iter().find(|label| is_question(label) && stands_under(of, label)).copied();
        // A box with its question on its own row has no other above.
        let (under, beside): (Vec<Cell>, Vec<Cell>) =
            boxes.into_iter().partition(|of| question(of).is_some() && !has_left_neighbour(of, &rest));
        let pairs: Vec<Vec<Cell>> = under.iter().filter_map(|of| Some(vec![question(of)?, *of])).collect();
        let taken: Vec<usize> = pairs.iter().map(|pair| pair[0].index).collect();
        let left: Vec<Cell> = above.into_iter().filter(|cell| !taken.contains(&cell.index)).collect();
        read.extend(pairs);
        read.extend([left, joined(rest, beside)].into_iter().filter(|row| !row.is_empty()));
    }
    read
}

/// `Yes No` over a column of boxes: answers, and no question.
fn is_answers(text: &str) -> bool {
    text.to_lowercase().split([' ', '/']).all(|word| word.is_empty() || CHOICE_ANSWERS.contains(&word))
}

fn joined(mut row: Vec<Cell>, boxes: Vec<Cell>) -> Vec<Cell> {
    row.extend(boxes);
    row.sort_by(|a, b| a.left.total_cmp(&b.left).then(a.index.cmp(&b.index)));
    row
}

fn stands_under(cell: &Cell, label: &Cell) -> bool {
    let below = cell.middle - label.middle;
    let begins_alike = (cell.left - label.left).abs() < 1.5 * cell.height;
    below > 0.0 && below < UNDER * cell.height.max(label.height) && begins_alike
}

/// Whether text stands close before a box, on its row.
fn has_left_neighbour(cell: &Cell, row: &[Cell]) -> bool {
    row.iter().any(|of| of.right <= cell.left && cell.left - of.right < 2.0 * cell.height)
}
