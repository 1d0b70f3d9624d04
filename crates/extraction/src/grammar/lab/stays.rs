//! Columns of one stay side by side: `Test | Admission | Nadir | Discharge` over `PLT | 112 | 8 | 41`.
//!
//! The last column is of today, the ones before are older. A row with another number of values than the heading has columns
//! says nothing: the value of admission is not today's.

use super::{Name, course::value_draft};
use crate::{
    draft::Draft,
    number::{self, Number, Slot},
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    vocabulary::lab::{STAY_BEGINS, STAY_BETWEEN, STAY_ENDS},
    words::{List, Place, words},
};
use cartulary_model::{Temporality, Unit};

/// How many rows below its heading a table may go on.
const ROWS: usize = 40;

/// The values of a name's row under a heading of a stay; nothing where no such heading stands above.
pub(super) fn read(sheet: &Sheet<'_>, name: &Name) -> Option<Vec<Draft>> {
    let columns = columns_above(sheet, name.span().start)?;
    let (values, unit) = row(sheet, name.span().end);
    if values.len() < 2 {
        return None;
    }
    if values.len() != columns {
        return Some(Vec::new());
    }
    let last = values.len() - 1;
    let drafts = values.into_iter().enumerate().map(|(place, number)| {
        let mut draft = value_draft(sheet, &name.hit, number, unit.clone(), number.span);
        draft.rule = "lab.column";
        draft.temporality = (place < last).then_some(Temporality::Historical);
        if number.repaired {
            draft.marks_repair();
        }
        draft
    });
    Some(drafts.collect())
}

/// How many columns of a stay the nearest heading above has.
fn columns_above(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    let mut start = sheet.row_start(at);
    for _ in 0..ROWS {
        let end = start.checked_sub(1)?;
        start = sheet.row_start(end);
        if let Some(columns) = columns(sheet, Span::new(start, end)) {
            return Some(columns);
        }
    }
    None
}

/// A row of words alone, from the begin of a stay to its end.
fn columns(sheet: &Sheet<'_>, row: Span) -> Option<usize> {
    const LONGEST: usize = 100;
    let stream = &sheet.stream;
    if row.len() > LONGEST {
        return None;
    }
    if (row.start..row.end).any(|at| stream.at(at).is_ascii_digit()) {
        return counted(sheet, row);
    }
    let whole = |of: &Place| {
        let letter = |at: usize| stream.at(at).is_ascii_alphabetic();
        let inside = of.start() > row.start && letter(of.start() - 1) && letter(of.start());
        !(inside || letter(of.end()))
    };
    let found = |list: &List| -> Vec<usize> {
        let mut places: Vec<Place> = stream.words_in(row, list).filter(whole).collect();
        places.dedup_by(|next, before| next.start() < before.end());
        places.iter().map(|of| of.start()).collect()
    };
    let (begins, between, ends) = (found(STAY_BEGINS), found(STAY_BETWEEN), found(STAY_ENDS));
    let cut = (row.start..row.end).any(|at| matches!(stream.at(at), CELL | '|') || stream.has_gap(at));
    // A tab reads as a blank: a row of few words without a stop is a heading too.
    let text = stream.lower_text(row);
    let bare = text.split(' ').filter(|word| !word.is_empty()).count() <= 5
        && !text.contains(['.', ',', ':', ';'])
        && !text.split(' ').any(|word| matches!(word, "and" | "to" | "until" | "summary"));
    let parted = cut || bare;
    let ordered = begins.len() == 1
        && ends.len() == 1
        && begins[0] < ends[0]
        && between.iter().all(|at| (begins[0]..ends[0]).contains(at));
    (parted && ordered).then_some(2 + between.len())
}

/// `Day 0   Day 3   Day 7`, `回输前  第7天  第14天`: columns counted from a day that is not told. Counted downwards, they say nothing.
fn counted(sheet: &Sheet<'_>, row: Span) -> Option<usize> {
    const TITLE: usize = 12;
    let stream = &sheet.stream;
    let (mut days, mut letters, mut at) = (Vec::new(), 0, row.start);
    while at < row.end {
        let begins = at == row.start || !stream.at(at - 1).is_ascii_alphanumeric();
        let lead =
            stream.words_at(at, words!["day ", "day +", "day+", "d+", "d", "第"]).map(|of| of.end()).max();
        let number = lead.filter(|_| begins).and_then(|at| number::number_at(stream, at));
        match number.filter(|of| of.value.fract() == 0.0) {
            Some(number) => {
                days.push(number.value);
                at = number.span.end;
            }
            // A list of a regimen's days, or prose, is no head of columns.
            None if stream.at(at).is_ascii_digit()
                || matches!(stream.at(at), ',' | ';' | '。' | ':' | '/') =>
            {
                return None;
            }
            None => {
                letters +=
                    usize::from(stream.at(at).is_alphabetic() && !matches!(stream.at(at), '天' | '日'));
                at += 1;
            }
        }
    }
    let before = stream.words_in(row, STAY_BEGINS).count().min(1);
    let known = if before > 0 { 2 * TITLE } else { TITLE };
    if days.len() < 2 || letters > known {
        return None;
    }
    let upwards = days.windows(2).all(|pair| pair[0] < pair[1]);
    let downwards = days.windows(2).all(|pair| pair[0] > pair[1]);
    match (upwards, downwards) {
        (true, _) => Some(days.len() + before),
        (_, true) => Some(usize::MAX),
        _ => None,
    }
}

/// The values of a row, without its range, and the unit that stands with them.
fn row(sheet: &Sheet<'_>, from: usize) -> (Vec<Number>, Option<Unit>) {
    let stream = &sheet.stream;
    let slot = Slot { measured: true, spaced: false };
    let (mut values, mut unit) = (Vec::new(), None);
    let mut at = from;
    while at < stream.len() && stream.at(at) != BREAK {
        let range =
            number::range_in(stream, at, slot).filter(|of| of.range.low.is_some() && of.range.high.is_some());
        if let Some(range) = range {
            at = range.span.end;
        } else if let Some(read) =
            sheet.engine.units.read(stream, at).filter(|_| !stream.at(at).is_whitespace())
        {
            unit = unit.or(Some(read.unit));
            at = read.span.end.max(at + 1);
        } else if let Some(number) = number::number_in(stream, at, slot) {
            at = number.span.end;
            values.push(number);
        } else if ends_row(sheet, at) {
            break;
        } else {
            at += 1;
        }
    }
    (values, unit)
}

/// A stop or a word that is no flag: what follows is of something else.
fn ends_row(sheet: &Sheet<'_>, at: usize) -> bool {
    let stream = &sheet.stream;
    let flag = matches!(stream.at(at), 'H' | 'L') && !stream.at(at + 1).is_alphanumeric();
    matches!(stream.at(at), ',' | ';' | '。') || stream.at(at).is_alphabetic() && !flag
}
