//! Several questions in one row, on which side of its words a box stands, and grades for answers: `ECOG 0 [ ] 1 [x] 2 [ ]     B symptoms Y [x] N [ ]`.

use super::{Ticked, answer_at, answer_before};
use crate::stream::{BREAK, CELL, Span, Stream};

/// How many blanks part two questions.
const APART: u32 = 4;

/// A row at its wide gaps, each part with its own boxes. Between the answers of one question nothing parts.
pub(super) fn fields<'a>(stream: &Stream, row: Span, boxes: &'a [Ticked]) -> Vec<(Span, &'a [Ticked])> {
    let mut fields = Vec::new();
    let (mut start, mut first) = (after_other_fields(stream, row, boxes), 0);
    for (index, pair) in boxes.windows(2).enumerate() {
        let between = Span::new(pair[0].span.end, pair[1].span.start);
        if let Some(at) = begins_anew(stream, between) {
            fields.push((Span::new(start, at), &boxes[first..=index]));
            (start, first) = (at, index + 1);
        }
    }
    fields.push((Span::new(start, row.end), &boxes[first..]));
    fields
}

/// `LDH 741 (ULN 250)    Bulk >7.5cm Y [ ] N [x]`: what is told with its figures before a wide gap is no part of the question.
fn after_other_fields(stream: &Stream, row: Span, boxes: &[Ticked]) -> usize {
    let Some(first) = boxes.first() else { return row.start };
    let before = Span::new(row.start, first.span.start);
    let told = |at: &usize| (row.start..*at).any(|of| stream.at(of).is_ascii_digit());
    begins_anew(stream, before).filter(told).unwrap_or(row.start)
}

/// Where behind a wide gap the words of another question begin: more than a word to tick.
fn begins_anew(stream: &Stream, between: Span) -> Option<usize> {
    let blank = |at: usize| stream.at(at) == ' ';
    let gap = (between.start..between.end).rev().find(|at| stream.gap(*at) >= APART)?;
    let words = stream.trimmed(Span::new(gap, between.end));
    let asks = stream.at(words.end.max(1) - 1) == ':' || (words.start..words.end).any(blank);
    (stream.at(words.start).is_alphabetic() && asks).then_some(words.start)
}

/// Whether the boxes stand behind what they are for: no words follow the last, and the first has some before it that ask
/// for nothing.
fn are_behind(stream: &Stream, row: Span, boxes: &[Ticked]) -> bool {
    let (Some(first), Some(last)) = (boxes.first(), boxes.last()) else { return false };
    let before = stream.trimmed(Span::new(row.start, first.span.start));
    let after = stream.trimmed(Span::new(last.span.end, row.end));
    let named = (before.start..before.end).any(|at| stream.at(at).is_alphabetic());
    named && stream.at(before.end - 1) != ':' && after.is_empty()
}

/// Whether the boxes stand behind their answers: `阳性□ 阴性☑`, `发热☑ 盗汗□`.
pub(super) fn stand_behind(stream: &Stream, row: Span, boxes: &[Ticked]) -> bool {
    let Some(first) = boxes.first() else { return false };
    if are_behind(stream, row, boxes) || are_grades(stream, row, boxes) {
        return true;
    }
    let behind = answer_before(stream, row.start, first.span.start).is_some();
    let before = |of: &Ticked| answer_at(stream, of.span.end, row.end).is_some();
    let last = boxes.last().map_or(row.end, |of| of.span.end);
    let ends = matches!(stream.at(last), BREAK | CELL | ' ' | ',' | ';' | '。' | '.' | ')');
    behind && (ends || !boxes.iter().all(before))
}

/// `0 [ ] 1 [x] 2 [ ]`, `I [ ] II [ ] III [ ] IV [x]`: before each box a grade, and between two nothing else.
pub(super) fn are_grades(stream: &Stream, row: Span, boxes: &[Ticked]) -> bool {
    let Some(first) = boxes.first() else { return false };
    let alone = |pair: &[Ticked]| {
        let between = Span::new(pair[0].span.end, pair[1].span.start);
        grade_before(stream, between.start, between.end).is_some_and(|of| of == stream.trimmed(between))
    };
    boxes.len() > 1
        && grade_before(stream, row.start, first.span.start).is_some()
        && boxes.windows(2).all(alone)
}

/// The grade that ends at a place: `2`, `3+`, `IV`, `IIB`.
pub(super) fn grade_before(stream: &Stream, from: usize, end: usize) -> Option<Span> {
    const LONGEST: usize = 4;
    let text = stream.trimmed(Span::new(from, end));
    let start = (text.start..text.end).rev().find(|at| stream.at(*at) == ' ').map_or(text.start, |at| at + 1);
    let word: String = (start..text.end).map(|at| stream.at(at)).collect();
    let number = word.trim_end_matches('+');
    let counted = !number.is_empty() && number.chars().all(|of| of.is_ascii_digit());
    let roman = word.trim_end_matches(['A', 'B', 'E']);
    let staged = !roman.is_empty() && roman.chars().all(|of| matches!(of, 'I' | 'V'));
    (word.len() <= LONGEST && (counted || staged)).then_some(Span::new(start, text.end))
}
