//! Answers given by ticking a box: `Allo-SCT ☐ yes ☑ no`, `HBsAg：阳性□ 阴性☑`, `CNS: [ ] yes [x] no`.
//!
//! ## What it does
//! What stands beside a box that is not ticked was not said: it is read as a blank. A ticked answer is read as if it had been
//! written behind its question, `Allo-SCT: no`. A question of which no answer is ticked, or the answer *unknown*, is blank
//! itself. The paper's text stays as printed; what was ticked keeps its place on the page.
//!
//! ## Never
//! Takes the boxes in front of a list for answers: a paper in which no box is ticked, and no row has two, is a list with `□`
//! for its points. Empty brackets, and the box `☐`, are no points: what stands behind them was not ticked.

mod fields;
mod lettered;
mod marks;
mod matrix;
mod written;

use crate::{
    repair::Edit,
    stream::{BREAK, CELL, Span, Stream},
    vocabulary::layout::{CHOICE_ANSWERS, CHOICE_UNKNOWN},
    words::List,
};
use std::cmp::Reverse;

/// The stream with its ticked and written answers alone; most streams have none and are returned as they are.
pub(crate) fn answered(stream: Stream) -> Stream {
    [lettered::edits, marks::edits, matrix::edits, boxes, written::edits].into_iter().fold(stream, edited)
}

/// Whether a place stands in a row of a table whose heads name harms: "None" there denies a complication, and no course.
pub(crate) fn tells_of_harms(stream: &Stream, at: usize) -> bool {
    stream.short_row(at).is_some_and(|row| written::is_under_harms(stream, row))
}

fn edited(stream: Stream, read: fn(&Stream) -> Vec<Edit>) -> Stream {
    let mut edits = read(&stream);
    if edits.is_empty() {
        return stream;
    }
    // Of two that begin together the longer holds what the other would blank, and of two of one piece the one with words.
    edits.sort_by_key(|edit| (edit.span.start, Reverse(edit.span.end), Reverse(edit.into.len())));
    let mut end = 0;
    edits.retain(|edit| {
        let free = edit.span.start >= end;
        end = if free { edit.span.end } else { end };
        free
    });
    stream.edited(&edits)
}

/// Answers by boxes beside their words.
fn boxes(stream: &Stream) -> Vec<Edit> {
    let rows = rows(stream);
    let mut edits = Vec::new();
    if is_form(stream, &rows) {
        for (row, boxes) in &rows {
            for (field, boxes) in fields::fields(stream, *row, boxes) {
                let mut asked = questions(stream, field, boxes);
                if let Some(last) = asked.last_mut().filter(|_| field.end < row.end) {
                    last.next = last.next.or(Some(field.end));
                }
                asked.iter().for_each(|question| question.edit(stream, &mut edits));
            }
        }
    }
    edits
}

/// The rows of a stream.
fn all_rows(stream: &Stream) -> impl Iterator<Item = Span> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = Span::new(start, stream.len());
        let end = stream.first_sign_in(rest, |of| of == BREAK).unwrap_or(stream.len());
        let row = (start < stream.len()).then(|| Span::new(start, end));
        start = end + 1;
        row
    })
}

/// A box as printed, ticked or not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ticked {
    span: Span,
    is_ticked: bool,
}

/// The rows that have boxes.
fn rows(stream: &Stream) -> Vec<(Span, Vec<Ticked>)> {
    let mut rows = Vec::new();
    let (mut start, mut boxes) = (0, Vec::new());
    let mut at = 0;
    let ends_or_begins = |of: char| matches!(of, BREAK | '[' | '(') || is_drawn(of);
    while at <= stream.len() {
        at = stream.first_sign_in(Span::new(at, stream.len()), ends_or_begins).unwrap_or(stream.len());
        if stream.at(at) == BREAK {
            if !boxes.is_empty() {
                rows.push((Span::new(start, at), std::mem::take(&mut boxes)));
            }
            start = at + 1;
        } else if let Some(found) = box_at(stream, at) {
            boxes.push(found);
            at = found.span.end;
            continue;
        }
        at += 1;
    }
    // Empty brackets are boxes only beside a ticked pair, or in front of what could be ticked.
    rows.retain_mut(|(row, boxes)| {
        let ticked = boxes.iter().any(|of| of.is_ticked);
        let leads = boxes.first().is_some_and(|of| is_in_front(stream, *row, *of));
        boxes.retain(|of| ticked || leads || !stream.at(of.span.start).is_ascii());
        !boxes.is_empty()
    });
    rows
}

/// `[ ] Seizures`, `- [ ] Seizures`, `3. ( ) Seizures`: at the beginning of a row or cell, with words behind it.
fn is_in_front(stream: &Stream, row: Span, of: Ticked) -> bool {
    let begins = (row.start..of.span.start).all(|at| {
        matches!(stream.at(at), ' ' | '-' | '*' | '•' | '.' | ')' | CELL) || stream.at(at).is_ascii_digit()
    });
    let next = (of.span.end..row.end).find(|at| stream.at(*at) != ' ');
    begins && next.is_some_and(|at| stream.at(at).is_alphabetic())
}

/// Arrows, mathematical signs, shapes and dingbats: every box, circle, hook and cross but the letter x.
fn is_drawn(of: char) -> bool {
    ('\u{2190}'..='\u{2bff}').contains(&of)
}

fn box_at(stream: &Stream, at: usize) -> Option<Ticked> {
    // Most signs are letters and none of these.
    if stream.at(at).is_ascii() && !matches!(stream.at(at), '[' | '(') {
        return None;
    }
    box_of(stream, at)
}

fn box_of(stream: &Stream, at: usize) -> Option<Ticked> {
    let single = |is_ticked| Some(Ticked { span: Span::new(at, at + 1), is_ticked });
    match stream.at(at) {
        // A lone cross says *chosen* to one and *no* to another: nothing is taken from it.
        '☐' | '□' | '▢' | '◻' | '✗' | '✘' => single(false),
        '☑' | '☒' | '■' | '◼' | '✓' | '✔' | '√' => single(true),
        '[' | '(' => bracketed(stream, at),
        _ => None,
    }
}

/// `[ ]`, `[x]`, `( )`, `(√)`.
fn bracketed(stream: &Stream, at: usize) -> Option<Ticked> {
    let closing = if stream.at(at) == '[' { ']' } else { ')' };
    let mut end = at + 1;
    let mut mark = None;
    while stream.at(end) != closing {
        match stream.at(end) {
            ' ' => {}
            of @ ('√' | '✓' | '✔' | 'x' | 'X' | '×' | '☑') if mark.is_none() => mark = Some(of),
            _ => return None,
        }
        end += 1;
    }
    // `(×)` and `(x)` are a crossed answer or a remark; square brackets leave no doubt.
    let is_ticked = mark.is_some_and(|of| closing == ']' || matches!(of, '√' | '✓' | '✔' | '☑'));
    (mark.is_none() || is_ticked).then_some(Ticked { span: Span::new(at, end + 1), is_ticked })
}

fn is_form(stream: &Stream, rows: &[(Span, Vec<Ticked>)]) -> bool {
    // `■` and `□` alone in their rows are points of two orders.
    let ticked = |of: &Ticked| of.is_ticked && !matches!(stream.at(of.span.start), '■' | '◼');
    // No point of a list stands at the end of its row; `□` there may be a character that could not be shown.
    let ends = |row: &Span, of: &Ticked| of.span.end == row.end && stream.at(of.span.start) == '☐';
    let unticked = |row: &Span, of: &Ticked| {
        matches!(stream.at(of.span.start), '☐' | '[' | '(') && is_in_front(stream, *row, *of)
    };
    rows.iter().any(|(row, boxes)| {
        boxes.len() > 1
            || boxes.first().is_some_and(|of| unticked(row, of))
            || boxes.iter().any(ticked)
            || boxes.iter().any(|of| ends(row, of))
    })
}

/// A question with its boxes.
struct Question {
    /// What is asked, empty where the row begins with a box.
    label: Span,
    options: Vec<Choice>,
    /// Where another question begins behind it.
    next: Option<usize>,
}

/// A box with what it stands for.
struct Choice {
    mark: Ticked,
    option: Span,
    /// `yes`, `阴性`: an answer, not a statement of its own.
    is_answer: bool,
}

/// The questions of a row.
fn questions(stream: &Stream, row: Span, boxes: &[Ticked]) -> Vec<Question> {
    if let Some(asked) = asked_behind(stream, row, boxes) {
        return vec![asked];
    }
    let behind = fields::stand_behind(stream, row, boxes);
    let mut questions: Vec<Question> = Vec::new();
    let mut from = row.start;
    for (index, mark) in boxes.iter().enumerate() {
        let limit = boxes.get(index + 1).map_or(row.end, |next| next.span.start);
        let choice = if behind { before_box(stream, from, *mark) } else { after_box(stream, *mark, limit) };
        let begin = choice.option.start.min(mark.span.start);
        let gap = stream.trimmed(Span::new(from, begin));
        let asks = !gap.is_empty() && !is_joint(stream, gap);
        if questions.is_empty() || asks {
            if let Some(last) = questions.last_mut() {
                last.next = Some(gap.start);
            }
            questions.push(Question { label: gap, options: Vec::new(), next: None });
        }
        from = choice.option.end.max(mark.span.end);
        if let Some(question) = questions.last_mut() {
            question.options.push(choice);
        }
    }
    if let Some(last) = questions.last_mut() {
        let rest = stream.trimmed(Span::new(from, row.end));
        last.next = (!rest.is_empty()).then_some(rest.start);
    }
    questions
}

/// `☒ No ☐ Yes  Prior CAR-T therapy`: the answers stand before their question.
fn asked_behind(stream: &Stream, row: Span, boxes: &[Ticked]) -> Option<Question> {
    let (first, last) = (boxes.first()?, boxes.last()?);
    if boxes.len() < 2 || !stream.trimmed(Span::new(row.start, first.span.start)).is_empty() {
        return None;
    }
    let limits = boxes.iter().skip(1).map(|next| next.span.start).chain([row.end]);
    let options: Vec<Choice> = boxes
        .iter()
        .zip(limits)
        .map(|(mark, limit)| {
            let option = answer_at(stream, mark.span.end, limit)?;
            let rest = stream.trimmed(Span::new(option.end, limit));
            let alone = mark == last || is_joint(stream, rest);
            alone.then_some(Choice { mark: *mark, option, is_answer: true })
        })
        .collect::<Option<_>>()?;
    let label = stream.trimmed(Span::new(options.last()?.option.end, row.end));
    let asks = (label.start..label.end).any(|at| stream.at(at).is_alphabetic())
        && !matches!(stream.at(label.start), ',' | ';' | '。' | '.' | '(' | ':');
    asks.then_some(Question { label, options, next: None })
}

/// What a box in front of it stands for: an answer with its figures, or all up to the next box or point.
fn after_box(stream: &Stream, mark: Ticked, limit: usize) -> Choice {
    if let Some(mut option) =
        answer_at(stream, mark.span.end, limit).filter(|of| !is_statement(stream, mark, *of, limit))
    {
        let figure =
            |of: char| of.is_ascii_digit() || matches!(of, '%' | '.' | '<' | '>' | '~' | '(' | ')' | '-');
        let mut end = option.end;
        while end < limit && (figure(stream.at(end)) || stream.at(end) == ' ') {
            end += 1;
        }
        option.end = stream.trimmed(Span::new(option.start, end)).end;
        return Choice { mark, option, is_answer: true };
    }
    let mut start = mark.span.end;
    while start < limit && stream.at(start) == ' ' {
        start += 1;
    }
    let ends = |at: &usize| matches!(stream.at(*at), CELL | ';' | '。');
    let end = (start..limit).find(ends).unwrap_or(limit);
    let option = stream.trimmed(Span::new(start, end));
    // `☐0 ☑1 ☐2`: a grade is an answer.
    let is_answer = option.len() <= 2 && (option.start..option.end).all(|at| stream.at(at).is_ascii_digit());
    Choice { mark, option, is_answer }
}

/// `☑ No active infection` at the beginning of a cell: a statement, not the answer to a question. Where another box follows
/// in the cell, the words before that are its question.
fn is_statement(stream: &Stream, mark: Ticked, answer: Span, limit: usize) -> bool {
    let before = (0..mark.span.start).rev().find(|at| stream.at(*at) != ' ');
    let begins = before.is_none_or(|at| matches!(stream.at(at), BREAK | CELL));
    let end = (answer.end..limit).find(|at| stream.at(*at) == CELL).unwrap_or(limit);
    let follows = (answer.end..end).find(|at| stream.at(*at) != ' ');
    begins
        && matches!(stream.at(end), BREAK | CELL)
        && follows.is_some_and(|at| stream.at(at).is_alphabetic())
}

/// What a box behind it stands for: an answer, or the words before the box.
fn before_box(stream: &Stream, from: usize, mark: Ticked) -> Choice {
    let end = mark.span.start;
    let answer = answer_before(stream, from, end).or_else(|| fields::grade_before(stream, from, end));
    if let Some(option) = answer {
        return Choice { mark, option, is_answer: true };
    }
    let parts = |at: &usize| matches!(stream.at(*at), CELL | ':' | ',' | ';' | '。');
    let text = stream.trimmed(Span::new(from, end));
    let start = (text.start..text.end).rev().find(parts).map_or(text.start, |at| at + 1);
    Choice { mark, option: Span::new(start, text.end), is_answer: false }
}

/// The answer that stands at a place, spaces before it aside.
fn answer_at(stream: &Stream, at: usize, limit: usize) -> Option<Span> {
    let start = (at..limit).find(|at| stream.at(*at) != ' ')?;
    let end = word_end(stream, start, limit, CHOICE_ANSWERS)?;
    Some(Span::new(start, end))
}

/// The answer that ends at a place.
fn answer_before(stream: &Stream, from: usize, end: usize) -> Option<Span> {
    let text = stream.trimmed(Span::new(from, end));
    let begins = |word: &&&str| {
        stream.reads_back(text.end, word).filter(|start| {
            let apart = !stream.at(*start).is_ascii_alphabetic()
                || start.checked_sub(1).is_none_or(|before| !stream.at(before).is_ascii_alphanumeric());
            *start >= text.start && apart
        })
    };
    CHOICE_ANSWERS.iter().find_map(|word| begins(&word)).map(|start| Span::new(start, text.end))
}

/// The end of the first word of a list that stands whole at a place.
fn word_end(stream: &Stream, start: usize, limit: usize, list: &List) -> Option<usize> {
    list.iter().filter(|word| stream.reads(start, word)).find_map(|word| {
        let end = start + word.chars().count();
        let whole = !stream.at(end).is_ascii_alphabetic() || !stream.at(end - 1).is_ascii_alphabetic();
        (end <= limit && whole).then_some(end)
    })
}

/// What joins the options of one question: `yes ☐ / no ☐`.
fn is_joint(stream: &Stream, gap: Span) -> bool {
    (gap.start..gap.end).all(|at| matches!(stream.at(at), '/' | '|' | ',' | ';' | ' ' | '、' | '.' | '_'))
}

impl Question {
    fn edit(&self, stream: &Stream, edits: &mut Vec<Edit>) {
        let ticked: Vec<&Choice> = self.options.iter().filter(|of| of.mark.is_ticked).collect();
        let unknown =
            |of: &&Choice| word_end(stream, of.option.start, of.option.end, CHOICE_UNKNOWN).is_some();
        let answers = self.options.iter().any(|of| of.is_answer);
        let unanswered = answers && (ticked.is_empty() || ticked.iter().all(unknown));
        if unanswered && !self.label.is_empty() {
            edits.push(blank(self.label));
        }
        for choice in &self.options {
            if choice.mark.is_ticked && !unanswered {
                self.keep(stream, choice, edits);
            } else {
                edits.push(blank(choice.mark.span.to(choice.option)));
            }
        }
        self.part(stream, edits);
    }

    /// `Allo-SCT ☑ no` is read as `Allo-SCT: no`.
    fn keep(&self, stream: &Stream, choice: &Choice, edits: &mut Vec<Edit>) {
        let label = stream.trimmed(self.label);
        let asked = choice.is_answer && !label.is_empty() && stream.at(label.end - 1) != ':';
        let first =
            self.options.iter().find(|of| of.mark.is_ticked).is_some_and(|of| of.option == choice.option);
        let mark = choice.mark.span;
        if label.start > choice.option.end {
            self.tell(stream, choice, edits);
            return;
        }
        edits.extend(denied(stream, choice.option));
        if !(asked && first) {
            edits.push(Edit { span: mark, into: vec![' '], repaired: false });
            return;
        }
        // What lies between the question and its ticked answer is blank: boxes that are not ticked, a border.
        let between = Span::new(label.end, choice.option.start.min(mark.start));
        if mark.start <= choice.option.start {
            edits.push(Edit {
                span: Span::new(label.end, choice.option.start),
                into: vec![':', ' '],
                repaired: false,
            });
        } else {
            if !between.is_empty() {
                edits.push(Edit { span: between, into: vec![':', ' '], repaired: false });
            }
            edits.push(Edit { span: mark, into: vec![' '], repaired: false });
        }
    }

    /// `☒ No ☐ Yes  Prior CAR-T` is read as `Prior CAR-T: no`.
    fn tell(&self, stream: &Stream, choice: &Choice, edits: &mut Vec<Edit>) {
        let label = stream.trimmed(self.label);
        edits.push(blank(choice.mark.span.to(choice.option)));
        let last = Span::new(label.end - 1, label.end);
        let answer = denied(stream, choice.option).map_or_else(
            || (choice.option.start..choice.option.end).map(|at| stream.at(at)).collect(),
            |edit| edit.into,
        );
        let asked = !matches!(stream.at(last.start), ':' | '?');
        let mut into: Vec<char> = if asked { vec![stream.at(last.start)] } else { Vec::new() };
        into.extend([':', ' ']);
        into.extend(answer);
        edits.push(Edit { span: last, into, repaired: false });
    }

    /// Another question behind this one is another sentence.
    fn part(&self, stream: &Stream, edits: &mut Vec<Edit>) {
        let Some(next) = self.next.and_then(|next| next.checked_sub(1)) else { return };
        if let Some(edit) = edits.iter_mut().find(|edit| edit.span.end == next + 1) {
            edit.into.push(';');
        } else {
            edits.push(Edit {
                span: Span::new(next, next + 1),
                into: vec![stream.at(next), ';'],
                repaired: false,
            });
        }
    }
}

fn is_han_word(stream: &Stream, at: usize) -> bool {
    crate::stream::is_han(stream.at(at))
}

fn blank(span: Span) -> Edit {
    Edit { span, into: vec![' '], repaired: false }
}

/// The answer 否 is read as 无, which the cues of a denial know.
fn denied(stream: &Stream, option: Span) -> Option<Edit> {
    (option.len() == 1 && stream.at(option.start) == '否').then(|| Edit {
        span: option,
        into: vec!['无'],
        repaired: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::LinePlace;

    fn read(rows: &[&str]) -> String {
        let mut stream = Stream::default();
        for (line, row) in rows.iter().enumerate() {
            for (column, cell) in row.split('\t').enumerate() {
                if column > 0 {
                    stream.push_separator(CELL);
                }
                stream.push_line(LinePlace::new(0, u32::try_from(line).unwrap()), cell);
            }
            stream.push_separator(BREAK);
        }
        let text: String = answered(stream).chars.into_iter().collect();
        let tidy = |row: &str| row.split([' ']).filter(|of| !of.is_empty()).collect::<Vec<_>>().join(" ");
        text.trim_end_matches('\n').split('\n').map(tidy).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_not_ticked_was_not_said() {
        for (row, expected) in [
            ("Allo-SCT ☐ yes ☑ no", "Allo-SCT: no"),
            ("Allo-SCT: ☑ yes ☐ no", "Allo-SCT: yes"),
            ("Allo-SCT\t☐ yes ☑ no", "Allo-SCT: no"),
            ("CD19 ☑ positive 98% ☐ negative", "CD19: positive 98%"),
            ("☐ Seizure history\t☑ Hypertension", "\t Hypertension"),
            ("ECOG评分 ☐0 ☑1 ☐2 ☐3", "ECOG评分: 1"),
            ("ECOG 0 [ ] 1 [x] 2 [ ] 3+ [ ]  (must be 0-1)", "ECOG: 1 (must be 0-1)"),
            ("Stage I [ ]  II [ ]  IV [x]      B symptoms Y [x] N [ ]", "Stage: IV ; B symptoms: yes"),
            (
                "COO: [ ] GCB  [x] non-GCB        MYC rearranged: [ ] Y [x] N",
                "COO: non-GCB ; MYC rearranged: no",
            ),
            ("LDH 741 (ULN 250)    Bulky Y [ ] N [x]", "LDH 741 (ULN 250) Bulky: no"),
            ("Ann Arbor 4 ☐ yes ☑ no", "Ann Arbor 4: no"),
            ("HBsAg：阳性□ 阴性☑", "HBsAg: 阴性"),
            ("CNS involvement: [ ] yes [x] no", "CNS involvement: no"),
            ("中枢侵犯：有（ ） 无（√）", "中枢侵犯: 无"),
            ("糖尿病 ☑无 ☐有 高血压 □无 √有", "糖尿病:无 ;高血压:有"),
            ("Donor ☑ haplo ☐ MUD", "Donor haplo"),
            ("☑ No active infection\t☐ No steroids", "No active infection\t"),
            ("☑无活动性感染", "无活动性感染"),
        ] {
            let read = read(&[row]).replace(": ", ":");
            let plain = |text: &str| text.replace([' ', ';'], "");
            assert_eq!(plain(&read), plain(&expected.replace(": ", ":")), "{row}");
        }
    }

    #[test]
    fn a_question_without_an_answer_is_not_asked() {
        for row in [
            "Allo-SCT ☐ yes ☐ no",
            "糖尿病：□有 □无",
            "Prior CAR-T ☐ yes ☐ no ☑ unknown",
            "既往CAR-T治疗：不详",
            "CNS disease: Seizures: Stroke:",
            "乙肝： 丙肝：",
        ] {
            assert_eq!(read(&[row]).trim(), "", "{row}");
        }
        for row in ["Impression: relapsed lymphoma:", "左颈淋巴结:弥漫大B细胞淋巴瘤:免疫组化:"]
        {
            assert_eq!(read(&[row]), row);
        }
        assert_eq!(read(&["诊断：DLBCL，分型：不详"]).trim(), "诊断:DLBCL,");
        for row in [
            "ER positive, PR negative",
            "The patient said yes, no doubt.",
            "有发热，无盗汗",
            "cell lines: no",
        ] {
            let rows: Vec<&str> = row.split('\n').collect();
            let plain = |text: &str| text.replace('，', ",").replace(' ', "");
            assert_eq!(plain(&read(&rows)), plain(row), "{row}");
        }
        assert_eq!(read(&["CD20\t阳性\t备注：不详"]).trim(), "CD20\t阳性");
        assert_eq!(read(&["CD20\t阳性\t糖尿病 有 无"]).trim(), "CD20\t阳性");
    }

    #[test]
    fn a_written_no_is_a_denial() {
        assert_eq!(read(&["自体移植：否"]), "自体移植:无");
        assert_eq!(read(&["自体移植 ☐是 ☑否"]).replace(' ', ""), "自体移植:无");
        assert_eq!(read(&["是否移植：否认"]), "是否移植:否认");
    }

    pub(super) fn plain(rows: &[&str]) -> String {
        read(rows).replace([' ', '\t', ';'], "")
    }

    #[test]
    fn answers_over_columns_are_told_to_their_rows() {
        assert_eq!(plain(&["Yes No", "Prior CAR-T ☐ ☒"]), "\nPriorCAR-T:no");
        assert_eq!(plain(&["Yes No", "☐ ☒ Prior CAR-T"]), "\nPriorCAR-T:no");
        assert_eq!(
            plain(&["项目\t是\t否", "自体移植\t☑\t☐", "CAR-T\t☐\t☑"]),
            "项目是否\n自体移植:有\nCAR-T:无"
        );
        // The mark's column is not known where empty cells are not.
        assert_eq!(plain(&["项目\t是\t否", "自体移植\t√"]), "项目是否\n");
        assert_eq!(plain(&["Item\tYes\tNo\tUnknown", "CNS\t☐\t☐\t☒"]), "ItemYesNoUnknown\n");
    }

    #[test]
    fn letters_and_empty_lines_are_answers_too() {
        for (row, expected) in [
            ("Active infection\tN", "Activeinfection:no"),
            ("Active infection? N", "Activeinfection:no"),
            ("fever N, rash Y", "fever:no,rash:yes"),
            ("LVEF ≥ 50 %: N", ""),
            ("Stroke within 6 months: no", ""),
            ("LVEF ≥ 50 %: ☐ yes ☒ no", ""),
            ("Immunosuppression needing admission: No ☑ Yes ☐", ""),
            ("Prior CAR-T? ☐ yes ☒ no", "PriorCAR-T:no"),
            ("骨髓受累 是□ 否☑", "骨髓受累:无"),
            ("深静脉血栓 有（ ） 无（√）", "深静脉血栓:无"),
            ("Prior transplant: ______", ""),
            ("Prior transplant: n/a", ""),
            ("WBC\t5.6\tN", "WBC5.6N"),
            ("WBC 5.6 N HGB 120 N", "WBC5.6NHGB120N"),
            ("T2 N 0", "T2N0"),
            ("ECOG: 0 / 1 / 2 / 3 / 4", ""),
            ("HBV:\tHCV:\tHIV:", ""),
            ("发热□ 盗汗☑ 体重下降□", "盗汗"),
            ("CNS involvement ☐", ""),
            ("□ 弥漫大B细胞淋巴瘤", "□弥漫大B细胞淋巴瘤"),
        ] {
            assert_eq!(plain(&[row]), expected, "{row}");
        }
    }

    #[test]
    fn points_of_a_list_are_no_boxes() {
        let list = ["□ Diffuse large B-cell lymphoma", "□ R-CHOP, 6 cycles"];
        assert_eq!(read(&list), list.join("\n"));
        assert_eq!(read(&[list[0], "☑ Hypertension"]), "\nHypertension");
        assert_eq!(read(&["CD20(+), CD3(-), Ki-67 [80%]"]), "CD20(+), CD3(-), Ki-67 [80%]");
    }
}
