//! Answers written behind their questions: `Active infection: N`, `是否有中枢侵犯：否`, `Prior CAR-T: unknown`.
//!
//! ## What it does
//! `Y`, `N`, 是 and 否 are read as the words that assertion knows. Dots, a line or a wide gap may lead to the answer as a
//! colon does: `Prior CAR-T ...... N`. A question that was not answered, or answered with *unknown* or *not done*, is blank. So is a bound that was denied: of `LVEF ≥ 50 %: no` no value is known.
//!
//! ## Never
//! Takes a result for an answer: `Date of relapse: unknown` tells of a relapse, and `N` behind a number says that it is normal.

use super::{all_rows, blank, word_end};
use crate::{
    repair::Edit,
    stream::{BREAK, CELL, Span, Stream, is_han},
    vocabulary::layout::{
        CHOICE_ANSWERS, CHOICE_ASKING, CHOICE_ATTRIBUTES, CHOICE_LEADING, CHOICE_NARROWED, CHOICE_NO,
        CHOICE_OPEN, CHOICE_PLANS, CHOICE_SCALES, CHOICE_TELLING, CHOICE_UNKNOWN, CHOICE_YES,
    },
    words::{List, words},
};

/// A scale printed with all its steps is no longer than this.
const LONGEST_SCALE: usize = 24;

pub(super) fn edits(stream: &Stream) -> Vec<Edit> {
    let mut edits = Vec::new();
    for at in stream.signs_in(Span::new(0, stream.len()), |of| matches!(of, ':' | '?' | CELL)) {
        answer(stream, at, &mut edits);
    }
    for row in all_rows(stream) {
        led_to(stream, row, &mut edits);
    }
    open_questions(stream, &mut edits);
    empty_cells(stream, &mut edits);
    edits.extend(all_rows(stream).filter(|row| is_row_of_questions(stream, *row)).map(blank));
    edits
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Yes,
    No,
    Unknown,
}

/// The answer behind a colon, a question mark or the border of a cell.
fn answer(stream: &Stream, at: usize, edits: &mut Vec<Edit>) {
    // `Prior CAR-T?: no`, as ticked answers are written in.
    let asked = (0..at).rev().find(|of| stream.at(*of) != ' ').filter(|of| stream.at(*of) == '?');
    let start = at + 1;
    let at = asked.filter(|_| stream.at(at) == ':').unwrap_or(at);
    let label = stream.trimmed(Span::new(begin_of_clause(stream, at), at));
    if !(label.start..label.end).any(|at| stream.at(at).is_alphabetic()) {
        return;
    }
    let Some(start) = (start..stream.len()).find(|at| stream.at(*at) != ' ') else { return };
    if let Some(end) = line_to_fill(stream, start).or_else(|| scale(stream, at, start)) {
        edits.push(blank(Span::new(label.start, end)));
        return;
    }
    let Some((said, end)) = said(stream, start) else { return };
    // In a table, a word may stand beside a value or under a heading of its own.
    if stream.at(at) == CELL && !is_row_of_two(stream, label, end) {
        return;
    }
    match said {
        Said::Unknown if !is_attribute(stream, label) => edits.push(blank(Span::new(label.start, end))),
        Said::No if is_bound(stream, label) || is_plan(stream, label) || is_narrowed(stream, label) => {
            edits.push(blank(Span::new(label.start, end)));
        }
        Said::No => tell(stream, at, Span::new(start, end), &["no", "无"], edits),
        Said::Yes => {
            let asking = CHOICE_ASKING.iter().find(|word| stream.reads(label.start, word));
            edits
                .extend(asking.map(|word| blank(Span::new(label.start, label.start + word.chars().count()))));
            tell(stream, at, Span::new(start, end), &["yes", "有"], edits);
        }
        Said::Unknown => {}
    }
}

/// `CNS lymphoma ......... N`, `Prior CAR-T    No`: dots, a line or a wide gap lead from a question to its answer, with
/// which its row or column ends.
fn led_to(stream: &Stream, row: Span, edits: &mut Vec<Edit>) {
    /// Signs that lead; of two alone nobody's eye is led.
    const SHORTEST: usize = 3;
    let leads = |of: char| matches!(of, '.' | '_' | '…' | ' ');
    let mut label = row.start;
    let mut at = row.start;
    while let Some(sign) = stream.first_sign_in(Span::new(at, row.end), leads) {
        // A run begins with the blanks in front of its first sign.
        let begin = (at..sign).rev().find(|of| !leads(stream.at(*of))).map_or(at, |of| of + 1);
        let end = (sign..row.end).find(|of| !leads(stream.at(*of))).unwrap_or(row.end);
        at = begin;
        let signs = (at..end).filter(|of| stream.at(*of) != ' ').count();
        let wide = signs == 0 && end > at && stream.has_gap(at);
        if !(wide || signs >= SHORTEST || stream.at(at) == '…' && end > at) {
            at = end.max(at + 1);
            continue;
        }
        let asked = stream.trimmed(Span::new(label, at));
        if let Some((answer, end)) = said(stream, end).or_else(|| said_in_column(stream, end)) {
            if is_question(stream, asked) && !(wide && is_under_harms(stream, row)) {
                tell_led(stream, asked, at, Span::new(skip(stream, at), end), answer, edits);
            }
            label = end;
        } else if wide {
            label = end;
        }
        at = end.max(at + 1);
    }
}

/// `Regimen    Complications` over `R-CHOP    None`: what stands there was given, and did no harm.
pub(super) fn is_under_harms(stream: &Stream, row: Span) -> bool {
    const ROWS: usize = 12;
    let harms = words![
        "complication",
        "toxicit",
        "adverse",
        "side effect",
        "reaction",
        "comment",
        "reason",
        "并发症",
        "不良反应",
        "毒性",
        "毒副",
        "备注"
    ];
    let mut end = row.start;
    for _ in 0..ROWS {
        let Some(above) = end.checked_sub(1).and_then(|at| stream.short_row(at)) else { return false };
        let fields = stream.fields(above);
        let head = |field: &Span| stream.words_in(*field, harms).next().is_some();
        if fields.len() > 1 && fields.iter().skip(1).any(head) {
            return true;
        }
        end = above.start;
    }
    false
}

fn skip(stream: &Stream, at: usize) -> usize {
    (at..stream.len()).find(|of| !matches!(stream.at(*of), '.' | '_' | '…' | ' ')).unwrap_or(at)
}

/// `Fever    No    Rash    Yes`: an answer with a wide gap behind it.
fn said_in_column(stream: &Stream, start: usize) -> Option<(Said, usize)> {
    let answers = [(Said::No, CHOICE_NO), (Said::Yes, CHOICE_YES)];
    let (said, end) = answers
        .into_iter()
        .find_map(|(said, list)| Some((said, word_end(stream, start, stream.len(), list)?)))?;
    stream.has_gap(end).then_some((said, end))
}

/// Words that can ask: no value stands at their end, for behind one `N` says that it is normal, and no sign that leads to
/// the answer already.
fn is_question(stream: &Stream, label: Span) -> bool {
    let named = (label.start..label.end).any(|at| stream.at(at).is_alphabetic());
    let led = named && matches!(stream.at(label.end - 1), ':' | '?' | CELL);
    named && !led && (!stream.at(label.end - 1).is_ascii_digit() || is_bound(stream, label))
}

fn tell_led(stream: &Stream, label: Span, at: usize, answer: Span, said: Said, edits: &mut Vec<Edit>) {
    let blanks = match said {
        Said::Unknown => !is_attribute(stream, label),
        Said::No => is_bound(stream, label) || is_plan(stream, label) || is_narrowed(stream, label),
        Said::Yes => false,
    };
    match said {
        _ if blanks => edits.push(blank(Span::new(label.start, answer.end))),
        Said::No => tell(stream, at, answer, &["no", "无"], edits),
        Said::Yes => tell(stream, at, answer, &["yes", "有"], edits),
        Said::Unknown => {}
    }
}

/// Writes `: no;` behind a label, where something else than that stands there.
fn tell(stream: &Stream, at: usize, answer: Span, [english, chinese]: &[&str; 2], edits: &mut Vec<Edit>) {
    let word = if is_han(stream.at(answer.start)) { chinese } else { english };
    let plain = stream.at(at) == ':' && (stream.is_word(answer, word) || answer.len() > 3);
    if plain && ends_clause(stream, answer.end) {
        return;
    }
    let blank = if word == english { " " } else { "" };
    let mut into: Vec<char> = format!(":{blank}{word}").chars().collect();
    if !matches!(stream.at(answer.end), ',' | ';' | '。' | '.' | BREAK | CELL) {
        into.push(';');
    }
    edits.push(Edit { span: Span::new(at, answer.end), into, repaired: false });
}

/// A closed answer at a place, and where it ends.
fn said(stream: &Stream, start: usize) -> Option<(Said, usize)> {
    let whole = |end: &usize| ends_clause(stream, *end) || stream.at(*end) == ' ';
    let letter = Span::new(start, start + 1);
    let short = match stream.at(start) {
        'Y' => Some(Said::Yes),
        'N' => Some(Said::No),
        '/' => Some(Said::Unknown),
        _ => None,
    };
    if let Some(said) = short.filter(|_| ends_row_or_clause(stream, letter.end)) {
        return Some((said, letter.end));
    }
    let found = [
        (Said::Unknown, CHOICE_UNKNOWN),
        (Said::Unknown, CHOICE_OPEN),
        (Said::No, CHOICE_NO),
        (Said::Yes, CHOICE_YES),
    ]
    .into_iter()
    .find_map(|(said, list)| Some((said, word_end(stream, start, stream.len(), list).filter(whole)?)));
    // `no residual disease`, `无明显异常`, `yes, small`: more is said than an answer.
    found.filter(|(said, end)| *said == Said::Unknown || ends_row_or_clause(stream, *end))
}

/// The end of a clause, blanks before the end of its row or cell aside.
fn ends_row_or_clause(stream: &Stream, at: usize) -> bool {
    let next = (at..=stream.len()).find(|of| stream.at(*of) != ' ').unwrap_or(at);
    ends_clause(stream, at) || matches!(stream.at(next), BREAK | CELL | ';')
}

/// `Active infection: ______`: a line to write on, with nothing on it.
fn line_to_fill(stream: &Stream, start: usize) -> Option<usize> {
    const SHORTEST: usize = 3;
    let end = (start..stream.len()).find(|at| !matches!(stream.at(*at), '_' | '…' | '.'))?;
    (end - start >= SHORTEST && ends_clause_or_blank(stream, end)).then_some(end)
}

/// `ECOG: 0 / 1 / 2 / 3 / 4`: all steps of a scale, none of them chosen.
fn scale(stream: &Stream, at: usize, start: usize) -> Option<usize> {
    if stream.at(at) == CELL || !stream.at(start).is_alphanumeric() {
        return None;
    }
    let end = (start..stream.len()).take(LONGEST_SCALE).find(|at| ends_clause(stream, *at))?;
    let bare = || stream.lower[start..end].iter().copied().filter(|of| *of != ' ');
    CHOICE_SCALES.iter().any(|scale| scale.chars().eq(bare())).then_some(end)
}

/// Whether a cell and the answer behind it are all that stands in a row, or in its half of it.
fn is_row_of_two(stream: &Stream, label: Span, end: usize) -> bool {
    let digits = (label.start..label.end).any(|at| stream.at(at).is_ascii_digit());
    let begins = label.start == 0 || stream.at(label.start - 1) == BREAK;
    begins && stream.at(end) == BREAK && (!digits || is_bound(stream, label))
}

/// `Date of relapse`: asked for is something about what happened.
fn is_attribute(stream: &Stream, label: Span) -> bool {
    CHOICE_ATTRIBUTES.iter().any(|word| stream.holds(label, word))
}

/// `LVEF ≥ 50 %`: asked is whether a value keeps within a bound.
fn is_bound(stream: &Stream, label: Span) -> bool {
    let compares = |at: usize| matches!(stream.at(at), '<' | '>' | '≥' | '≤');
    (label.start..label.end).any(compares)
        && (label.start..label.end).any(|at| stream.at(at).is_ascii_digit())
}

/// `Stroke within 6 months`: a no to a narrower question says nothing of the wider one.
fn is_narrowed(stream: &Stream, label: Span) -> bool {
    CHOICE_NARROWED.iter().any(|word| stream.holds(label, word))
}

/// `Bridging therapy planned`: what is not planned is no fact.
fn is_plan(stream: &Stream, label: Span) -> bool {
    let ends = |word: &str| stream.reads_back(label.end, word).is_some_and(|start| start >= label.start);
    CHOICE_PLANS.iter().any(|word| ends(word) || stream.reads(label.start, word))
}

/// `Prior CAR-T  yes   no`, `糖尿病 有 无`: both answers and no mark that tells which. The boxes were not read, or drawn round.
///
/// Never two cells, and *positive* and *negative* only with a stroke between them: a result stands beside its reference.
fn open_questions(stream: &Stream, edits: &mut Vec<Edit>) {
    let may_end = |of: char| matches!(of, BREAK | CELL | ',' | ';' | '。' | '.');
    let ends = stream.signs_in(Span::new(1, stream.len()), may_end).filter(|at| ends_clause(stream, *at));
    for end in ends {
        let Some(second) = one_before(stream, end) else { continue };
        let mut gap = second.start;
        while gap > 0 && matches!(stream.at(gap - 1), ' ' | '/' | '|' | '、' | '(') {
            gap -= 1;
        }
        let has_stroke = (gap..second.start).any(|at| matches!(stream.at(at), '/' | '|' | '、'));
        let Some(first) = one_before(stream, gap) else { continue };
        // `阴性、阳性、阴性`: a list of results is no question.
        let listed = first.start > 0
            && matches!(stream.at(first.start - 1), '、' | '/')
            && one_before(stream, first.start - 1).is_some();
        // `MYC、BCL2重排分别为阳性、阴性`: told in a row, one for each name.
        let told = ["分别为", "分别是", "分别呈", "依次为", "依次是", "分别"]
            .iter()
            .any(|word| stream.reads_back(first.start, word).is_some());
        if is_pair(stream, first, second, has_stroke) && !listed && !told {
            edits.push(blank(Span::new(begin_of_question(stream, first.start), end)));
        }
    }
}

/// The answer that ends at a place, a ring around it aside.
fn one_before(stream: &Stream, end: usize) -> Option<Span> {
    let end = if stream.at(end.checked_sub(1)?) == ')' { end - 1 } else { end };
    let last = *stream.lower.get(end.checked_sub(1)?)?;
    let letter = Span::new(end - 1, end);
    let alone = || end < 2 || !stream.at(end - 2).is_alphanumeric();
    if matches!(stream.at(letter.start), 'Y' | 'N') && alone() {
        return Some(letter);
    }
    matches!(last, 's' | 'o' | 'e' | '有' | '无' | '是' | '否' | '性')
        .then(|| super::answer_before(stream, end.saturating_sub(12), end))?
}

fn is_pair(stream: &Stream, first: Span, second: Span, has_stroke: bool) -> bool {
    const ANSWERS: &[[&str; 2]] = &[["yes", "no"], ["有", "无"], ["是", "否"]];
    const RESULTS: &[[&str; 2]] = &[["positive", "negative"], ["阳性", "阴性"], ["y", "n"]];
    let reads = |span: Span, word: &str| stream.is_word(span, word);
    let results = if has_stroke { RESULTS } else { &[] };
    ANSWERS
        .iter()
        .chain(results)
        .any(|[a, b]| (reads(first, a) && reads(second, b)) || (reads(first, b) && reads(second, a)))
}

/// `CNS disease: Seizures: Stroke:` in one line: questions of which none was answered. A heading stands alone, and what has
/// a comma or a number in it is no question.
fn is_row_of_questions(stream: &Stream, row: Span) -> bool {
    /// Signs of the longest question.
    const LONGEST: usize = 32;
    let row = stream.trimmed(row);
    if row.len() < 2 || stream.at(row.end - 1) != ':' {
        return false;
    }
    let colons: Vec<usize> = (row.start..row.end).filter(|at| stream.at(*at) == ':').collect();
    let starts = std::iter::once(row.start).chain(colons.iter().map(|colon| colon + 1));
    let is_question = |(start, end): (usize, &usize)| {
        let words = stream.trimmed(Span::new(start, *end));
        let of_words =
            |at: usize| stream.at(at).is_alphabetic() || matches!(stream.at(at), ' ' | '-' | '/' | '(' | ')');
        !words.is_empty() && words.len() <= LONGEST && (words.start..words.end).all(of_words)
    };
    // `Impression: relapsed lymphoma:` goes on in the next row, and so does what a specimen is.
    let heading = stream.lower_text(stream.trimmed(Span::new(row.start, colons[0])));
    let leads = |list: &List| list.iter().any(|word| heading.ends_with(word));
    let tells = leads(CHOICE_TELLING) || (colons.len() == 2 && leads(CHOICE_LEADING));
    colons.len() > 1 && !tells && starts.zip(&colons).all(is_question)
}

/// `HBV:  HCV:  HIV:`, each in a cell of its own: questions of which none was answered.
fn empty_cells(stream: &Stream, edits: &mut Vec<Edit>) {
    if stream.first_sign_in(Span::new(0, stream.len()), |of| of == CELL).is_none() {
        return;
    }
    for row in all_rows(stream) {
        let mut cells = Vec::new();
        let mut start = row.start;
        for at in (row.start..=row.end).filter(|at| *at == row.end || stream.at(*at) == CELL) {
            cells.push(stream.trimmed(Span::new(start, at)));
            start = at + 1;
        }
        let is_open = |cell: &Span| cell.len() > 1 && stream.at(cell.end - 1) == ':';
        let asks = |pair: &[Span]| is_open(&pair[0]) && pair[1].len() > 1 && is_open(&pair[1]);
        if cells.len() > 1 {
            edits.extend(cells.windows(2).filter(|pair| asks(pair)).map(|pair| blank(pair[0])));
            edits.extend(
                cells
                    .last()
                    .filter(|last| is_open(last) && cells.windows(2).all(asks))
                    .map(|last| blank(*last)),
            );
        }
    }
}

pub(super) fn ends_clause(stream: &Stream, at: usize) -> bool {
    matches!(stream.at(at), BREAK | CELL | ',' | ';' | '。' | ')')
        || (stream.at(at) == '.' && !stream.at(at + 1).is_alphanumeric())
}

fn ends_clause_or_blank(stream: &Stream, at: usize) -> bool {
    ends_clause(stream, at) || stream.at(at) == ' '
}

/// Where the clause of a place begins, never in another cell.
fn begin_of_clause(stream: &Stream, at: usize) -> usize {
    let parts = |at: &usize| {
        matches!(stream.at(*at), BREAK | CELL | ',' | ';' | '。' | '?' | '_' | '…')
            || (stream.at(*at) == '.' && stream.at(*at + 1) == ' ')
    };
    let begin = (0..at).rev().find(parts).map_or(0, |at| at + 1);
    // The answer to the question before is no part of this one.
    let answered = (begin..at).rev().filter(|of| stream.at(*of) == ':').find_map(|colon| {
        let start = (colon + 1..at).find(|of| stream.at(*of) != ' ')?;
        let end = word_end(stream, start, at, CHOICE_ANSWERS)
            .or_else(|| matches!(stream.at(start), 'Y' | 'N').then_some(start + 1))?;
        (stream.at(end) == ' ').then_some(end)
    });
    answered.unwrap_or(begin)
}

/// Where the question of an answer begins: in its own cell, or in the one before it if its own holds the answer alone.
fn begin_of_question(stream: &Stream, at: usize) -> usize {
    let begin = begin_of_clause(stream, at);
    let alone = stream.trimmed(Span::new(begin, at)).is_empty();
    match begin.checked_sub(1).filter(|before| alone && stream.at(*before) == CELL) {
        Some(border) => begin_of_clause(stream, border),
        None => begin,
    }
}
