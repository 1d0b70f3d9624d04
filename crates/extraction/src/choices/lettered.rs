//! Options with letters, and the letter that was chosen: `A.高血压 B.糖尿病 C.无 选：B`, `Smoking (B) A. yes B. no`.
//!
//! ## What it does
//! Reads the letters as boxes, ticked where the letter was chosen; the letter that answers is blank.
//!
//! ## Never
//! Takes the parts of a specimen for options: `A. Lymph node ... B. Marrow ...` with no letter that answers is left alone, and
//! so is an answer whose letter is none of the options before it.

use super::{all_rows, blank};
use crate::{
    repair::Edit,
    stream::{CELL, Span, Stream, is_han},
    vocabulary::layout::CHOICE_LETTER,
};

/// Rows before an answer in which its options may stand, one a row.
const ROWS: usize = 8;
/// Options of one question.
const OPTIONS: usize = 10;

pub(super) fn edits(stream: &Stream) -> Vec<Edit> {
    let rows: Vec<Span> = all_rows(stream).collect();
    let mut edits = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let answers = answers(stream, *row);
        if answers.is_empty() && !is_bracketed_before_a(stream, *row) {
            continue;
        }
        let markers = markers(stream, *row);
        for answer in answers {
            let before = markers.iter().copied().filter(|of| of.span.end <= answer.span.start);
            let mut options = last_run(before);
            if options.is_empty() {
                options = rows_before(stream, &rows[..place]);
            }
            answer.edit(&options, &mut edits);
        }
        if let Some((answer, options)) = answered_before(stream, *row, &markers) {
            answer.edit(&options, &mut edits);
        }
    }
    edits
}

/// The letter of an option, with its point.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Marker {
    letter: char,
    span: Span,
}

/// Letters that were chosen, with the words around them.
#[derive(Clone, Debug, PartialEq)]
struct Answer {
    letters: Vec<char>,
    span: Span,
}

impl Answer {
    fn edit(&self, options: &[Marker], edits: &mut Vec<Edit>) {
        let known = |letter: &char| options.iter().any(|of| of.letter == *letter);
        if options.len() < 2 || !self.letters.iter().all(known) {
            return;
        }
        edits.extend(options.iter().map(|of| {
            let mark = if self.letters.contains(&of.letter) { '☑' } else { '☐' };
            Edit { span: of.span, into: vec![' ', mark], repaired: false }
        }));
        edits.push(blank(self.span));
    }
}

/// `A.`, `B、`, `(C)`, and `D` before Chinese words.
fn markers(stream: &Stream, row: Span) -> Vec<Marker> {
    (row.start..row.end).filter_map(|at| marker_at(stream, row, at)).collect()
}

fn marker_at(stream: &Stream, row: Span, at: usize) -> Option<Marker> {
    let letter = stream.at(at);
    if !matches!(letter, 'A'..='J') {
        return None;
    }
    let before = at.checked_sub(1).filter(|of| *of >= row.start).map_or(' ', |of| stream.at(of));
    let bracketed = before == '(' && stream.at(at + 1) == ')';
    let apart = before == CELL
        || before == ' '
        || is_han(before)
        || matches!(before, ',' | ';' | '。' | ':' | ')' | '?');
    let pointed = matches!(stream.at(at + 1), '.' | '、' | ':' | ')') && !stream.at(at + 2).is_ascii_digit();
    let spaced = matches!(stream.at(at + 1), ' ' | CELL) && is_han(stream.at(at + 2));
    if bracketed {
        return Some(Marker { letter, span: Span::new(at - 1, at + 2) });
    }
    let named =
        (at + 2..row.end).map(|of| stream.at(of)).find(|of| *of != ' ').is_some_and(char::is_alphabetic);
    (apart && named && (pointed || spaced)).then(|| Marker { letter, span: Span::new(at, at + 2) })
}

/// The markers from the last `A` on, where they follow each other.
fn last_run(markers: impl Iterator<Item = Marker>) -> Vec<Marker> {
    let mut run: Vec<Marker> = Vec::new();
    for marker in markers {
        let next = 'A' as usize + run.len();
        if marker.letter == 'A' {
            run.clear();
            run.push(marker);
        } else if marker.letter as usize == next && !run.is_empty() {
            run.push(marker);
        } else {
            run.clear();
        }
    }
    run
}

/// Options that stand in the rows directly before their answer.
fn rows_before(stream: &Stream, rows: &[Span]) -> Vec<Marker> {
    let mut found: Vec<Vec<Marker>> = Vec::new();
    for row in rows.iter().rev().take(ROWS) {
        let markers = markers(stream, *row);
        let begins = markers.iter().any(|of| of.letter == 'A');
        if markers.is_empty() {
            break;
        }
        found.push(markers);
        if begins {
            return last_run(found.into_iter().rev().flatten());
        }
    }
    Vec::new()
}

/// `选：B`, `Answer: A, C`.
fn answers(stream: &Stream, row: Span) -> Vec<Answer> {
    let mut answers = Vec::new();
    for at in stream.signs_in(row, |of| of == ':') {
        let Some(start) = CHOICE_LETTER.iter().filter_map(|word| stream.reads_back(at, word)).min() else {
            continue;
        };
        let within = stream.at(start).is_ascii_alphabetic()
            && start.checked_sub(1).is_some_and(|before| stream.at(before).is_ascii_alphanumeric());
        if let Some((letters, end)) =
            chosen(stream, at + 1, row.end).filter(|_| !within && start >= row.start)
        {
            answers.push(Answer { letters, span: Span::new(start, end) });
        }
    }
    answers
}

/// `吸烟（B） A.是 B.否`: the letter stands in brackets between the question and its first option.
fn answered_before(stream: &Stream, row: Span, markers: &[Marker]) -> Option<(Answer, Vec<Marker>)> {
    let first = markers.iter().position(|of| of.letter == 'A' && stream.at(of.span.start) != '(')?;
    let end = stream.trimmed(Span::new(row.start, markers[first].span.start)).end;
    let closing = end.checked_sub(1).filter(|of| stream.at(*of) == ')')?;
    let open = (row.start..closing).rev().take(OPTIONS).find(|of| stream.at(*of) == '(')?;
    let (letters, behind) = chosen(stream, open + 1, closing)?;
    let asked = (row.start..open).any(|of| stream.at(of).is_alphabetic());
    let options = last_run(markers[first..].iter().copied());
    (asked && behind == closing).then(|| (Answer { letters, span: Span::new(open, end) }, options))
}

/// Whether a bracket closes in front of an `A`: without it no row is `吸烟（B） A.是 B.否`.
fn is_bracketed_before_a(stream: &Stream, row: Span) -> bool {
    stream.signs_in(row, |of| of == ')').any(|at| {
        let behind = (at + 1..row.end).map(|of| stream.at(of)).find(|of| !of.is_whitespace());
        behind == Some('A')
    })
}

/// One or more letters, and nothing else up to the end of their clause.
fn chosen(stream: &Stream, start: usize, limit: usize) -> Option<(Vec<char>, usize)> {
    let mut letters = Vec::new();
    let mut end = start;
    for at in start..limit.min(start + 3 * OPTIONS) {
        match stream.at(at) {
            letter @ 'A'..='J' if !letters.contains(&letter) => {
                letters.push(letter);
                end = at + 1;
            }
            ' ' | ',' | '、' | '/' | '+' | '(' => {}
            ')' if !letters.is_empty() => {}
            of if of.is_alphanumeric() => {
                // What follows a blank is another question.
                let apart = at > end && (!of.is_ascii_alphabetic() || at > end + 1);
                return (apart && !letters.is_empty()).then_some((letters, end));
            }
            _ => break,
        }
    }
    (!letters.is_empty()).then_some((letters, end))
}

#[cfg(test)]
mod tests {
    use crate::choices::tests::plain;

    #[test]
    fn a_letter_that_answers_chooses_its_option_and_no_other() {
        for (rows, expected) in [
            (vec!["既往史: A.高血压 B.糖尿病 C.冠心病 D.无 选:B"], "既往史:糖尿病"),
            (vec!["吸烟(B) A.是 B.否"], "吸烟:无"),
            (vec!["乙肝 A.有 B.无 选:B 丙肝 A.有 B.无 选:B"], "乙肝:无丙肝:无"),
            (
                vec!["Comorbidity", "A. Hypertension", "B. Diabetes", "Answer: A"],
                "Comorbidity\nHypertension\n\n",
            ),
        ] {
            assert_eq!(plain(&rows), expected, "{rows:?}");
        }
    }

    #[test]
    fn parts_of_a_specimen_are_no_options() {
        for row in [
            "A. Lymph node: DLBCL B. Marrow: negative",
            "A. 高血压 B. 糖尿病 选:C",
            "Hepatitis B: negative. Answer: B",
        ] {
            let unchanged: String = row.chars().filter(|of| *of != ' ').collect();
            let read: String = plain(&[row]).chars().filter(|of| *of != ' ').collect();
            assert_eq!(read, unchanged, "{row}");
        }
    }
}
