//! The cycle that is being given: a number, no count.

use super::{Count, Territory, Unit, end_of_course, fits, only_glue, unit_after};
use crate::{
    draft::Draft,
    grammar::therapy::{
        name::Name,
        words::{count_at, ordinal_at, skip_spaces, stands, starts_word},
    },
    number,
    sheet::Sheet,
    stream::Span,
    vocabulary::therapy::NUMBERED_NOW,
    words::words,
};
use cartulary_model::fact::{Attr, AttrValue};

/// `第3程R-CHOP`, `R-CHOP #3`, `C3D1`, "cycle 3 of R-CHOP", "the second cycle": the cycle being given.
pub(in crate::grammar::therapy) fn cycle_number(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
) -> Option<(f64, Span)> {
    number_before(sheet, name, own)
        .or_else(|| number_after(sheet, name, own))
        .or_else(|| ordinal_of_course(sheet, name))
}

/// "She is on her 3rd R-CHOP", "after the second R-GDP": an ordinal right before a regimen that is given in cycles.
fn ordinal_of_course(sheet: &Sheet<'_>, name: &Name) -> Option<(f64, Span)> {
    const ORDINALS: [(&str, &str); 8] = [
        ("first ", "1st "),
        ("second ", "2nd "),
        ("third ", "3rd "),
        ("fourth ", "4th "),
        ("fifth ", "5th "),
        ("sixth ", "6th "),
        ("seventh ", "7th "),
        ("eighth ", "8th "),
    ];
    let stream = &sheet.stream;
    let once = matches!(
        name.concept.as_str(),
        "reg.asct" | "reg.allosct" | "reg.rt" | "reg.wbrt" | "reg.leukapheresis"
    );
    if !name.concept.is("reg")
        || once
        || stream.reads_any(name.span.end, words![" line", "-line", " regimen", " treatment"])
    {
        return None;
    }
    let owner = words!["his ", "her ", "the ", "my ", "their ", "after ", "on "];
    ORDINALS.iter().zip(1u8..).find_map(|((word, short), number)| {
        let start =
            stream.reads_back(name.span.start, word).or_else(|| stream.reads_back(name.span.start, short))?;
        let owned =
            stream.reads_back_any(start, owner) || stream.reads_back(name.span.start, short).is_some();
        owned.then_some((f64::from(number), Span::new(start, name.span.start - 1)))
    })
}

/// `R-CHOP C1 18/11/22, C6 03/03/23`: the first cycle and the last, each with its day.
pub(in crate::grammar::therapy) fn first_to_last(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
    draft: &mut Draft,
) {
    let stream = &sheet.stream;
    let dated = |at: usize| {
        let (number, end) = ordinal_cycle(sheet, at)?;
        let first = sheet.mentions.partition_point(|of| of.span.start < end);
        let day = sheet.mentions.get(first).filter(|of| of.span.start <= end + 2 && of.until.is_none())?;
        (day.span.end <= own.end).then_some((number, day))
    };
    let Some((1.0, first)) = dated(skip_spaces(stream, name.span.end)) else { return };
    let mark = first.span.end;
    if !matches!(stream.at(mark), ',' | ';' | '-') {
        return;
    }
    let Some((number, last)) = dated(skip_spaces(stream, mark + 1)).filter(|(number, _)| *number > 1.0)
    else {
        return;
    };
    draft.attrs.remove(&Attr::CycleNo);
    draft.set(Attr::Cycles, AttrValue::Number(number));
    draft.set(Attr::Start, AttrValue::Date(first.date));
    draft.set(Attr::End, AttrValue::Date(last.date));
    draft.date = Some((first.date, first.span));
    draft.span = draft.span.to(last.span);
}

/// `01/07/2021 - 20/10/2021 : R-CHOP #6`: from the first day to the last one cycle cannot last so long, and so many were given.
pub(in crate::grammar::therapy) fn numbered_over_time(draft: &mut Draft) {
    /// How long a cycle of most regimens takes, a little less.
    const SHORTEST: i32 = 18;
    /// How long the last of them takes.
    const LAST: i32 = 12;
    let day = |attr: Attr| match draft.attrs.get(&attr) {
        Some(AttrValue::Date(date)) => Some(
            i32::from(date.year()) * 360
                + i32::from(date.month()?) * 30
                + i32::from(date.day().unwrap_or(15)),
        ),
        _ => None,
    };
    let (Some(start), Some(end)) = (day(Attr::Start), day(Attr::End)) else { return };
    let Some(AttrValue::Number(number)) = draft.attrs.get(&Attr::CycleNo) else { return };
    let number = *number;
    if number > 1.0 && f64::from(end - start) >= f64::from(SHORTEST) * (number - 1.0) + f64::from(LAST) {
        draft.attrs.remove(&Attr::CycleNo);
        draft.set(Attr::Cycles, AttrValue::Number(number));
    }
}

/// `R-CHOP C1-C6`, `C1–6`, `#1-4`: from the first cycle to the last, so many.
pub(in crate::grammar::therapy) fn cycles_numbered(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
) -> Option<Count> {
    named_range(sheet, name, own).or_else(|| numbered_behind(sheet, name, own))
}

/// `第1-6周期R-CHOP`, `R-CHOP第1~4程`, `C1-C6 R-CHOP`: the first and the last cycle with their unit or mark, before the name or
/// right behind it.
fn named_range(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    const REACH: usize = 16;
    let stream = &sheet.stream;
    let from = own.start.max(name.span.start.saturating_sub(REACH));
    let leads = |of: &Count| {
        let gap = Span::new(of.span.end, name.span.start);
        of.span.end <= gap.end && RANGE_LEADS.contains(&stream.lower_text(gap).trim())
    };
    let before = (from..name.span.start).find_map(|at| range_at(sheet, at).filter(leads));
    let behind = skip_spaces(stream, name.span.end);
    let behind = stream.words_at(behind, words!["方案"]).next_back().map_or(behind, |of| of.end());
    before.or_else(|| range_at(sheet, behind)).filter(|of| of.span.end <= own.end.max(name.span.start))
}

/// What may stand between a range of cycles and what was given in them.
const RANGE_LEADS: [&str; 12] =
    ["", ":", "予", "行", "用", "为", "予以", "给予", "采用", "方案为", "were", "with"];

/// `第1-6周期`, `第1至第4程`, `C1-C6` at exactly this place.
fn range_at(sheet: &Sheet<'_>, at: usize) -> Option<Count> {
    let stream = &sheet.stream;
    let han = stream.at(at) == '第';
    let mark = matches!(stream.at(at), 'C' | 'c') && starts_word(stream, at);
    if !(han || mark) {
        return None;
    }
    let from =
        number::number_behind(stream, at + 1).filter(|of| of.span.start == at + 1 && fits(of.value))?;
    let join = stream.words_at(from.span.end, words!["-", "~", "至", "到"]).next_back()?.end();
    let marked = stream.at(join) == stream.at(at);
    let high = join + usize::from(marked);
    let to = number::number_behind(stream, high)
        .filter(|of| of.span.start == high && fits(of.value) && of.value > from.value)?;
    let end = match han {
        true => unit_after(sheet, to.span.end)?.0,
        false => to.span.end,
    };
    let whole = han || marked && !stream.at(end).is_ascii_alphanumeric();
    whole.then(|| Count {
        value: to.value - from.value + 1.0,
        span: Span::new(at, end),
        unit: Unit::Cycles,
        planned: false,
    })
}

/// "R-CHOP C1-6", "DA-EPOCH-R for C2-C6".
fn numbered_behind(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<Count> {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, name.span.end);
    // "DA-EPOCH-R for C2-C6"
    let at = stream.words_at(at, words!["for ", "from "]).next_back().map_or(at, |of| of.end());
    let mark = stream.words_at(at, words!["c", "#", "cycle ", "cycles "]).next_back()?.end();
    let from = number::number_behind(stream, mark).filter(|of| of.span.start == mark && fits(of.value))?;
    let first = from.span.end;
    let join = skip_spaces(stream, first);
    let word = stream.words_at(join, words!["-", "to ", "~"]).next_back()?;
    let mut high = skip_spaces(stream, word.end());
    let named = matches!(stream.at(high), 'C' | 'c' | '#');
    if named {
        high += 1;
    }
    let number = number::number_behind(stream, high).filter(|of| fits(of.value) && of.value > from.value)?;
    let end = number.span.end;
    let whole = end <= own.end && !stream.at(end).is_alphanumeric();
    // "C1 - 15 May", "C1-21 days": a day and a length of time are no cycles.
    let glued = first == join && high == word.end();
    let time = stream.reads_any(
        skip_spaces(stream, end),
        words![
            "day", "week", "month", "year", "d ", "min", "h", "jan", "feb", "mar", "apr", "may", "jun",
            "jul", "aug", "sep", "oct", "nov", "dec"
        ],
    ) || sheet.mentions.iter().any(|of| of.span.start <= high && high < of.span.end);
    (whole && !time && (named || glued && number.value <= 8.0)).then_some(Count {
        value: number.value - from.value + 1.0,
        span: Span::new(at, end),
        unit: Unit::Cycles,
        planned: false,
    })
}

/// "currently cycle 7", `计划4周期,现第2周期`: a cycle that is being given.
pub(in crate::grammar::therapy) fn is_in_a_cycle(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    number_after(sheet, name, own).is_some_and(|(_, span)| {
        let coming = words!["next ", "tomorrow", "planned", "due ", "下周", "明日", "拟"];
        if crate::grammar::therapy::words::says(&sheet.stream, sheet.after(span.end, 20), coming) {
            return false;
        }
        let between = sheet.stream.lower_text(Span::new(name.span.end, span.start));
        between.rsplit_once(',').is_some_and(|(_, of)| NUMBERED_NOW.contains(&of.trim()))
    })
}

/// `C5 (of 6 intended) R-CHOP`: one of so many.
pub(in crate::grammar::therapy) fn is_numbered_of_whole(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
) -> bool {
    let coming = words![" will ", " planned", " next ", " tomorrow", " due ", " to be "];
    number_before(sheet, name, own).is_some_and(|(_, span)| past_whole(sheet, span.end) > span.end)
        && !crate::grammar::therapy::words::says(&sheet.stream, sheet.after(name.span.end, 22), coming)
}

fn number_before(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let from = own.start.max(name.span.start.saturating_sub(24));
    (from..name.span.start).rev().find_map(|at| {
        let (value, end) = ordinal_cycle(sheet, at)?;
        let end_of_whole = past_whole(sheet, end);
        let glue = stream.lower_text(Span::new(end_of_whole.min(name.span.start), name.span.start));
        (end <= name.span.start && only_glue(glue)).then_some((value, Span::new(at, end)))
    })
}

/// `C5 (of 6 intended) R-CHOP`: behind the bracket that tells how many there shall be.
fn past_whole(sheet: &Sheet<'_>, end: usize) -> usize {
    const LONGEST: usize = 20;
    let stream = &sheet.stream;
    // `C4/6 R-CHOP`, `C4 of 6`
    if let Some(of) = stream.words_at(end, words!["/", " of "]).next_back()
        && let Some(number) = number::number_behind(stream, of.end()).filter(|number| fits(number.value))
    {
        return number.span.end;
    }
    let open = skip_spaces(stream, end);
    let whole = stream.at(open) == '(' && stream.reads_any(open + 1, words!["of ", "out of "]);
    let close = (open..open + LONGEST).find(|at| stream.at(*at) == ')').filter(|_| whole);
    close.map_or(end, |at| at + 1)
}

fn number_after(sheet: &Sheet<'_>, name: &Name, own: Territory) -> Option<(f64, Span)> {
    let stream = &sheet.stream;
    let until = own.end.min(name.span.end + 52);
    let until = until.min(end_of_course(sheet, Span::new(name.span.end, until)));
    (name.span.end..until).find_map(|at| {
        let (value, end) = ordinal_cycle(sheet, at)?;
        let between = stream.lower_text(Span::new(name.span.end, at));
        // "Epcoritamab: first dose 15 Jan 2024, currently cycle 7".
        let now = between.rsplit_once(',').is_some_and(|(_, of)| NUMBERED_NOW.contains(&of.trim()));
        let near = now
            || between.trim() == ","
            || between.chars().count() <= 6 && !between.contains([',', '('])
            || between.contains("of which");
        let dates_another = stream.reads_any(end, words!["后", "时", "结束"]) && between.contains([',', '(']);
        (near && !dates_another).then_some((value, Span::new(at, end)))
    })
}

/// A cycle's number at exactly `at`, with its end.
pub(super) fn ordinal_cycle(sheet: &Sheet<'_>, at: usize) -> Option<(f64, usize)> {
    let stream = &sheet.stream;
    if stream.at(at) == '第' {
        let (value, end) = count_at(stream, skip_spaces(stream, at + 1)).or_else(|| {
            number::number_behind(stream, skip_spaces(stream, at + 1)).map(|of| (of.value, of.span.end))
        })?;
        return unit_after(sheet, end).map(|(end, _, _)| (value, end));
    }
    if stream.at(at) == '#' {
        return number::number_behind(stream, skip_spaces(stream, at + 1)).map(|of| (of.value, of.span.end));
    }
    if !stream.at(at).is_ascii_alphanumeric() || !starts_word(stream, at) {
        return None;
    }
    for word in ["cycle number ", "cycle no. ", "cycle #", "cycle ", "course "] {
        if stands(stream, at, word) {
            let (value, end) = count_at(stream, at + word.len())?;
            return fits(value).then_some((value, end));
        }
    }
    if stream.at(at) == 'C' && stream.at(at + 1).is_ascii_digit() {
        let number = number::number_behind(stream, at + 1).filter(|of| fits(of.value))?;
        let mut end = number.span.end;
        if matches!(stream.at(end), 'D' | 'd') && stream.at(end + 1).is_ascii_digit() {
            end = number::number_behind(stream, end + 1)?.span.end;
        }
        return (!stream.at(end).is_alphanumeric() || crate::stream::is_han(stream.at(end)))
            .then_some((number.value, end));
    }
    let (value, end) = ordinal_at(stream, at)?;
    ["cycle", "course", "round"]
        .iter()
        .find(|word| stands(stream, skip_spaces(stream, end), word))
        .map(|word| (value, skip_spaces(stream, end) + word.len()))
}

/// "R-CHOP C1 only", "R-CHOP C1, then escalated to DA-EPOCH-R": the last cycle that was given is how many were.
pub(in crate::grammar::therapy) fn ended_with(sheet: &Sheet<'_>, draft: &mut Draft) {
    let over = words![
        " only",
        ", then escalated",
        ", escalated",
        "; escalated",
        " then escalated",
        ", then switched",
        ", then changed",
        "; then escalated",
        " before escalat",
        " before switching"
    ];
    let Some(AttrValue::Number(number)) = draft.attrs.get(&Attr::CycleNo).cloned() else { return };
    if sheet.stream.reads_any(draft.span.end, over) {
        draft.attrs.remove(&Attr::CycleNo);
        draft.set(Attr::Cycles, AttrValue::Number(number));
    }
}
