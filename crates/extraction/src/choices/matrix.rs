//! Tables of questions with the answers over their columns: `Yes | No` and below it a mark in each row.
//!
//! ## What it does
//! A mark is read as the answer over it, if it can be told which that is: as many boxes as answers, or a cell for each
//! column. Otherwise the question is blank: that something was asked says nothing.
//!
//! ## Never
//! Reads on where the table ends: a row of another form ends it.

use super::{Ticked, all_rows, blank, box_at};
use crate::{
    repair::Edit,
    stream::{CELL, Span, Stream},
    vocabulary::layout::{CHOICE_ANSWERS, CHOICE_UNKNOWN},
};

/// No question is longer, in characters.
const LONGEST: usize = 160;

pub(super) fn edits(stream: &Stream) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut head: Option<Head> = None;
    for row in all_rows(stream) {
        if let Some(found) = Head::of(stream, row) {
            head = Some(found);
            continue;
        }
        let Some(table) = &head else { continue };
        match table.row(stream, row) {
            Some(read) => edits.extend(read),
            None => head = None,
        }
    }
    edits
}

/// The row of answers over a table.
struct Head {
    answers: Vec<Span>,
    /// The number of each answer's cell.
    columns: Vec<usize>,
    cells: usize,
}

impl Head {
    fn of(stream: &Stream, row: Span) -> Option<Self> {
        let cells = cells(stream, row);
        let mut head = Self { answers: Vec::new(), columns: Vec::new(), cells: cells.len() };
        for (column, cell) in cells.iter().enumerate() {
            let words = answers(stream, *cell);
            match words {
                Some(words) => {
                    head.columns.extend(words.iter().map(|_| column));
                    head.answers.extend(words);
                }
                // Before the answers stands what their rows are: `Item`, `项目`.
                None if head.answers.is_empty() && cell.len() < 40 => {}
                None => return None,
            }
        }
        (head.answers.len() > 1).then_some(head)
    }

    /// A row under the answers; nothing if it is none.
    fn row(&self, stream: &Stream, row: Span) -> Option<Vec<Edit>> {
        let marks = marks(stream, row);
        let cells = cells(stream, row);
        if marks.is_empty() {
            // A heading inside the table, or a question that nobody answered, which has its empty cells.
            let plain = row.len() < LONGEST && cells.iter().filter(|cell| !cell.is_empty()).count() < 2;
            let open = plain && cells.len() == self.cells && cells.len() > 1;
            return plain.then(|| if open { vec![blank(row)] } else { Vec::new() });
        }
        let label = label(stream, row, &marks)?;
        let ticked: Vec<usize> = (0..marks.len()).filter(|at| marks[*at].is_ticked).collect();
        let [ticked] = ticked[..] else { return Some(vec![blank(row)]) };
        let answer = if marks.len() == self.answers.len() {
            self.answers.get(ticked)
        } else if marks.len() == 1 && cells.len() == self.cells {
            let column = cells.iter().position(|cell| cell.overlaps(marks[0].span));
            let at = self.columns.iter().position(|of| Some(*of) == column);
            at.and_then(|at| self.answers.get(at))
        } else {
            None
        };
        let known = answer.filter(|of| !CHOICE_UNKNOWN.iter().any(|word| stream.is_word(**of, word)));
        Some(known.map_or_else(|| vec![blank(row)], |answer| tell(stream, row, label, *answer)))
    }
}

/// `Prior CAR-T ☐ ☒` under `Yes No` is read as `Prior CAR-T: no`.
fn tell(stream: &Stream, row: Span, label: Span, answer: Span) -> Vec<Edit> {
    let text: String = stream.lower[answer.start..answer.end].iter().collect();
    let word = if text == "否" { "无" } else { text.as_str() };
    let last = stream.at(label.end - 1);
    let mut into: Vec<char> = if matches!(last, ':' | '?') { Vec::new() } else { vec![last] };
    into.extend(format!(": {word}").chars());
    let mut edits = vec![Edit { span: Span::new(label.end - 1, label.end), into, repaired: false }];
    if label.start > row.start {
        edits.push(blank(Span::new(row.start, label.start)));
    }
    if row.end > label.end {
        edits.push(blank(Span::new(label.end, row.end)));
    }
    edits
}

/// The words of a row, if they stand on one side of its marks.
fn label(stream: &Stream, row: Span, marks: &[Ticked]) -> Option<Span> {
    let (first, last) = (marks.first()?, marks.last()?);
    let before = stream.trimmed(Span::new(row.start, first.span.start));
    let after = stream.trimmed(Span::new(last.span.end, row.end));
    let between = stream.trimmed(Span::new(first.span.end, last.span.start.max(first.span.end)));
    let apart = marks.len() < 2
        || (between.start..between.end)
            .all(|at| !stream.at(at).is_alphanumeric() || is_mark(stream, at, marks));
    let label = if before.is_empty() { after } else { before };
    let one_side = before.is_empty() || after.is_empty();
    (apart && one_side && !label.is_empty() && label.len() < LONGEST).then_some(label)
}

fn is_mark(_stream: &Stream, at: usize, marks: &[Ticked]) -> bool {
    marks.iter().any(|mark| mark.span.start <= at && at < mark.span.end)
}

/// The boxes of a row, or where it has none the crosses and hooks that stand alone in their cells.
fn marks(stream: &Stream, row: Span) -> Vec<Ticked> {
    let mut boxes = Vec::new();
    let mut at = row.start;
    while at < row.end {
        match box_at(stream, at) {
            Some(found) if !matches!(stream.at(at), '√' | '✓' | '✔' | '✗' | '✘') => {
                at = found.span.end;
                boxes.push(found);
            }
            _ => at += 1,
        }
    }
    if !boxes.is_empty() {
        return boxes;
    }
    let lone = |cell: &Span| {
        cell.len() == 1 && matches!(stream.at(cell.start), 'x' | 'X' | '√' | '✓' | '✔' | '✗' | '✘')
    };
    let mark = |span: Span| Ticked { span, is_ticked: true };
    cells(stream, row).into_iter().filter(lone).map(mark).collect()
}

/// The cells of a row, blanks at their ends aside, empty ones too.
fn cells(stream: &Stream, row: Span) -> Vec<Span> {
    let mut cells = Vec::new();
    let mut start = row.start;
    for end in stream.signs_in(row, |of| of == CELL).chain([row.end]) {
        cells.push(stream.trimmed(Span::new(start, end)));
        start = end + 1;
    }
    cells
}

/// The answers that a cell consists of.
fn answers(stream: &Stream, cell: Span) -> Option<Vec<Span>> {
    let mut words = Vec::new();
    let mut at = cell.start;
    while at < cell.end {
        if matches!(stream.at(at), ' ' | '/') {
            at += 1;
            continue;
        }
        let end = super::word_end(stream, at, cell.end, CHOICE_ANSWERS).filter(|end| {
            *end == cell.end || matches!(stream.at(*end), ' ' | '/') || super::is_han_word(stream, at)
        })?;
        words.push(Span::new(at, end));
        at = end;
    }
    (!words.is_empty()).then_some(words)
}
