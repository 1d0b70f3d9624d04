//! Marks that stand for answers and are no boxes: `○ yes ● no`, `( ) A (X) B`, `高血压√ 糖尿病×`, `fever N, rash Y`.
//!
//! ## Never
//! Takes the points of a list for circles, a product (`3 x 4 cm`) for a cross, or the `N` behind a number, which says that it
//! is normal, for a *no*: one mark alone is none, and marks of both kinds are.

use super::{all_rows, blank, is_drawn, written::ends_clause};
use crate::{
    repair::Edit,
    stream::{CELL, Span, Stream, is_han},
};

pub(super) fn edits(stream: &Stream) -> Vec<Edit> {
    let mut edits = Vec::new();
    let (mut told_at, mut letters_told) = (Vec::new(), false);
    for row in all_rows(stream) {
        let marks = if may_be_marked(stream, row) { marks(stream, row) } else { Vec::new() };
        if marks.len() > 1 && !circles(&marks, &mut edits) && !brackets(&marks, &mut edits) {
            hooks(stream, row, &marks, &mut edits);
        }
        crossed_out(stream, row, &marks, &mut edits);
        let answers = letters(stream, row);
        let several = answers.len() > 1;
        letters_told |= several;
        let ends = |answer: &Span| several || answer.end == row.end;
        told_at.extend(answers.into_iter().filter(ends));
    }
    // Several in a row, or one at the end of each of several rows.
    if letters_told || told_at.len() > 1 {
        edits.extend(told_at.iter().map(|answer| told(stream, *answer)));
    }
    edits
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Circle,
    FullCircle,
    /// `( )`.
    Empty,
    Hook,
    Cross,
    /// `(x)`.
    CrossInBrackets,
    HookInBrackets,
    /// A box, which others read.
    Box,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    form: Form,
    span: Span,
}

/// Whether a row has a drawn mark or a cross in brackets: all other marks are read only beside one of these.
fn may_be_marked(stream: &Stream, row: Span) -> bool {
    let crossed = |open: usize| {
        let inner = (open + 1..row.end).find(|at| !stream.at(*at).is_whitespace());
        inner.is_some_and(|at| matches!(stream.at(at), 'x' | 'X'))
    };
    stream.signs_in(row, |of| of == '(' || is_drawn(of)).any(|at| is_drawn(stream.at(at)) || crossed(at))
}

fn marks(stream: &Stream, row: Span) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut at = row.start;
    while at < row.end {
        match mark_at(stream, row, at) {
            Some(mark) => {
                at = mark.span.end;
                marks.push(mark);
            }
            None => at += 1,
        }
    }
    marks
}

fn mark_at(stream: &Stream, row: Span, at: usize) -> Option<Mark> {
    let mark = |form, length| Some(Mark { form, span: Span::new(at, at + length) });
    match stream.at(at) {
        // Most signs are letters and none of these.
        of if of.is_ascii() && !matches!(of, 'x' | 'X' | '(') => None,
        '○' | '◯' | '⚪' => mark(Form::Circle, 1),
        '●' | '◉' | '⊙' | '⦿' | '◎' | '⚫' => mark(Form::FullCircle, 1),
        '☐' | '☑' | '☒' | '□' | '■' | '▢' => mark(Form::Box, 1),
        '√' | '✓' | '✔' => mark(Form::Hook, 1),
        '✗' | '✘' => mark(Form::Cross, 1),
        'x' | 'X' if is_lone(stream, row, at) => mark(Form::Cross, 1),
        '(' => {
            let end = (at + 1..row.end.min(at + 6)).find(|of| stream.at(*of) == ')')?;
            let inner = stream.trimmed(Span::new(at + 1, end));
            let form = match (inner.len(), stream.at(inner.start)) {
                (0, _) => Form::Empty,
                (1, 'x' | 'X' | '✗' | '✘') => Form::CrossInBrackets,
                (1, '√' | '✓' | '✔') => Form::HookInBrackets,
                _ => return None,
            };
            mark(form, end + 1 - at)
        }
        _ => None,
    }
}

/// A cross that multiplies nothing and is no part of a word.
fn is_lone(stream: &Stream, row: Span, at: usize) -> bool {
    let beside = |of: Option<usize>| {
        let near = of.filter(|of| row.start <= *of && *of < row.end).map_or(' ', |of| stream.at(of));
        near == ' ' || near == CELL || is_han(near) || matches!(near, ',' | ';' | '。')
    };
    let number = |of: char| of.is_ascii_digit() || matches!(of, '(' | '<' | '>' | '.');
    let after = (at + 1..row.end).map(|of| stream.at(of)).find(|of| *of != ' ').unwrap_or(' ');
    let before = (row.start..at).rev().map(|of| stream.at(of)).find(|of| *of != ' ').unwrap_or(' ');
    beside(at.checked_sub(1)) && beside(Some(at + 1)) && !number(after) && !number(before)
}

/// `○ yes ● no`: read as boxes.
fn circles(marks: &[Mark], edits: &mut Vec<Edit>) -> bool {
    let has = |form: Form| marks.iter().any(|mark| mark.form == form);
    let both = has(Form::Circle) && has(Form::FullCircle);
    if both {
        edits.extend(marks.iter().filter_map(|mark| match mark.form {
            Form::Circle => Some(written(mark.span, "☐")),
            Form::FullCircle => Some(written(mark.span, "☑")),
            _ => None,
        }));
    }
    both
}

/// `( ) Hypertension (X) Diabetes`: beside an empty pair a cross is a choice.
fn brackets(marks: &[Mark], edits: &mut Vec<Edit>) -> bool {
    let has = |form: Form| marks.iter().any(|mark| mark.form == form);
    let chosen = has(Form::Empty) && has(Form::CrossInBrackets) && !has(Form::HookInBrackets);
    if chosen {
        edits.extend(marks.iter().filter_map(|mark| match mark.form {
            Form::Empty => Some(written(mark.span, "☐")),
            Form::CrossInBrackets => Some(written(mark.span, "☑")),
            _ => None,
        }));
    }
    chosen
}

/// `高血压√ 糖尿病×`: of marks of both kinds a cross is a no.
fn hooks(stream: &Stream, row: Span, marks: &[Mark], edits: &mut Vec<Edit>) {
    let is_hook = |mark: &&Mark| matches!(mark.form, Form::Hook | Form::HookInBrackets);
    let is_cross = |mark: &&Mark| matches!(mark.form, Form::Cross | Form::CrossInBrackets);
    let both = marks.iter().any(|mark| is_hook(&mark)) && marks.iter().any(|mark| is_cross(&mark));
    if !both || marks.iter().any(|mark| mark.form == Form::Box) {
        return;
    }
    let first = marks.first().map_or(row.start, |mark| mark.span.start);
    let before = stream.trimmed(Span::new(row.start, first));
    let leads = before.is_empty() || stream.at(before.end - 1) == ':';
    for mark in marks.iter().filter(|mark| is_hook(mark) || is_cross(mark)) {
        let yes = is_hook(&mark);
        if leads {
            edits.push(written(mark.span, if yes { "☑" } else { "☐" }));
            continue;
        }
        let start = stream.trimmed(Span::new(row.start, mark.span.start)).end;
        let chinese = is_han(stream.at(start.saturating_sub(1)));
        let answer = match (yes, chinese) {
            (true, true) => ":有;",
            (true, false) => ": yes;",
            (false, true) => ":无;",
            (false, false) => ": no;",
        };
        edits.push(written(Span::new(start, mark.span.end), answer));
    }
}

/// `糖尿病（×）`, with nothing beside it that tells what a cross means: not known.
fn crossed_out(stream: &Stream, row: Span, marks: &[Mark], edits: &mut Vec<Edit>) {
    let crosses = !marks.is_empty() && marks.iter().all(|mark| mark.form == Form::CrossInBrackets);
    if !crosses {
        return;
    }
    let mut from = row.start;
    for mark in marks {
        let parts = |at: &usize| matches!(stream.at(*at), CELL | ',' | ';' | '。' | ':');
        let begin = (from..mark.span.start).rev().find(parts).map_or(from, |at| at + 1);
        let named = (begin..mark.span.start).any(|at| stream.at(at).is_alphabetic());
        if named {
            edits.push(blank(Span::new(begin, mark.span.end)));
        }
        from = mark.span.end;
    }
}

/// `fever N, rash N, mucositis Y`: from the end of each question to the end of its letter. Two or more are answers.
fn letters(stream: &Stream, row: Span) -> Vec<Span> {
    let mut from = row.start;
    let mut answers = Vec::new();
    for at in (row.start + 2..row.end).filter(|at| matches!(stream.chars[*at], 'Y' | 'N')) {
        let before = stream.at(at - 1);
        let next = stream.at(at + 1);
        let follows = (at + 2..row.end).map(|of| stream.at(of)).find(|of| *of != ' ');
        let ends = at + 1 == row.end
            || ends_clause(stream, at + 1)
            || (next == ' ' && follows.is_none_or(|of| of.is_alphabetic() || of == '('));
        if !(matches!(before, ' ' | ':' | '?') && ends) {
            continue;
        }
        let parts = |at: &usize| matches!(stream.at(*at), CELL | ',' | ';' | '。');
        let begin = (from..at).rev().find(parts).map_or(from, |at| at + 1);
        let label = stream.trimmed(Span::new(begin, at));
        let letters = (label.start..label.end).filter(|at| stream.at(*at).is_alphabetic()).count();
        let digits = (label.start..label.end).any(|at| stream.at(at).is_ascii_digit());
        let least = if label.start < label.end && is_han(stream.at(label.start)) { 2 } else { 3 };
        let bound = (label.start..label.end).any(|at| matches!(stream.at(at), '<' | '>' | '≥' | '≤'));
        if letters >= least && (!digits || bound) {
            answers.push(Span::new(label.end, at + 1));
            from = at + 1;
        }
    }
    answers
}

/// A question with its letter, read as `: yes;`.
fn told(stream: &Stream, answer: Span) -> Edit {
    let letter = stream.at(answer.end - 1);
    let marked = matches!(stream.at(answer.start - 1), ':' | '?');
    let chinese = is_han(stream.at(answer.start - 1)) || (marked && is_han(stream.at(answer.start - 2)));
    let word = match (letter, chinese) {
        ('Y', true) => "有",
        ('Y', false) => " yes",
        (_, true) => "无",
        (_, false) => " no",
    };
    let start = if marked { answer.start - 1 } else { answer.start };
    written(Span::new(start, answer.end), &format!(":{word};"))
}

fn written(span: Span, text: &str) -> Edit {
    Edit { span, into: text.chars().collect(), repaired: false }
}
