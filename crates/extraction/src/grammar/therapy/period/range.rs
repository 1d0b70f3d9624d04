//! First and last day of a course as a range: `2020/11/3-2021/3/9`, "Mar-Jul 2019", "4-6 March 2023", `(2020-2021)`.

use crate::{
    dates::DateMention,
    draft::Draft,
    grammar::therapy::{
        count::{Territory, in_row},
        name::Name,
        words::{skip_spaces, stands, starts_word},
    },
    sheet::Sheet,
    stream::{BREAK, CELL, Span},
    words::{List, words},
};
use cartulary_model::PartialDate;

const MONTHS: &List = words![
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
];

/// The month at exactly `at`, with its end.
pub(super) fn month_at(sheet: &Sheet<'_>, at: usize) -> Option<(i8, usize)> {
    let stream = &sheet.stream;
    if !stream.at(at).is_ascii_alphabetic() || !starts_word(stream, at) {
        return None;
    }
    let whole = stream.words_at(at, MONTHS).filter(|of| !stream.at(of.end()).is_ascii_alphabetic());
    let month = whole.min_by_key(|of| of.word())?;
    Some((i8::try_from(month.word() % 12 + 1).ok()?, month.end()))
}

/// The range nearest to the course: as the dates were read, or by months of which only the last has its year.
pub(super) fn range(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
) -> Option<(PartialDate, PartialDate, Span)> {
    if let Some((_, days)) = in_row(sheet, name.span) {
        return days.until.map(|until| (days.date, until, days.span));
    }
    let list = end_with_list(sheet, name.span);
    let row = (own.start..name.span.start)
        .rev()
        .find(|at| sheet.stream.at(*at) == BREAK)
        .map_or(own.start, |at| at + 1);
    let near = |of: &&DateMention| {
        let distance = if of.span.end <= name.span.start {
            name.span.start - of.span.end
        } else {
            of.span.start.saturating_sub(list)
        };
        distance <= 60
    };
    let read = sheet
        .mentions
        .iter()
        .filter(|of| {
            of.until.is_some()
                && of.span.start >= row
                && (of.span.end <= own.end
                    || of.span.start < list + 60
                        && of.span.start >= name.span.end
                        && of.span.end <= sheet.sentence(name.span.start).end)
        })
        .filter(|of| of.span.end <= own.end.max(list + 40))
        .filter(near)
        .filter(|of| of.span.start < own.end.max(list) || of.span.end <= name.span.start)
        .filter(|of| of.span.end > name.span.start || in_clause_before(sheet, of.span, name.span.start))
        .filter(|of| of.span.start < name.span.end || !heads_next(sheet, name, of.span, own.end))
        .min_by_key(|of| {
            if of.span.end <= name.span.start {
                name.span.start - of.span.end
            } else {
                of.span.start.saturating_sub(list)
            }
        })
        .and_then(|of| of.until.map(|until| (of.date, until, of.span)));
    read.or_else(|| by_months(sheet, name, own))
        .or_else(|| by_days(sheet, name, own))
        .filter(|(_, _, span)| !is_in_bracket_of_course_before(sheet, *span, name.span.start, own))
}

/// `BR x6 (Feb-Jul 2017) and since 3 Feb 2022 acalabrutinib`: the bracket was closed before this course, and is of the one
/// before it.
fn is_in_bracket_of_course_before(sheet: &Sheet<'_>, range: Span, name: usize, own: Territory) -> bool {
    let stream = &sheet.stream;
    let another = own.start > sheet.sentence(name).start;
    let opened = (own.start..range.start).rev().find(|at| matches!(stream.at(*at), '(' | ')'));
    let closed = (range.end..name).find(|at| matches!(stream.at(*at), '(' | ')'));
    let bracket = opened.is_some_and(|at| stream.at(at) == '(')
        && closed.is_some_and(|at| stream.at(at) == ')' && skip_spaces(stream, at + 1) < name);
    another && range.end <= name && bracket
}

/// `Mar-Jul 2019`, "from March to August 2016", "2018 (R-CVP, Feb to June)".
pub(super) fn by_months(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
) -> Option<(PartialDate, PartialDate, Span)> {
    let stream = &sheet.stream;
    let from = own.start.max(name.span.start.saturating_sub(40));
    let until = own.end.min(name.span.end + 50);
    (from..until).filter(|at| !(name.span.start..name.span.end).contains(at)).find_map(|at| {
        let (first, first_end) = month_at(sheet, at)?;
        let glue = skip_spaces(stream, first_end);
        let join =
            ["to ", "-", "until ", "through ", "and "].iter().find(|word| stands(stream, glue, word))?;
        let (last, last_end) = month_at(sheet, skip_spaces(stream, glue + join.len()))?;
        let year_at = skip_spaces(stream, last_end);
        let year = sheet
            .mentions
            .iter()
            .find(|of| of.span.start <= year_at && of.span.end > year_at && of.date.year() > 1900)
            .or_else(|| sheet.mentions.iter().rev().find(|of| of.span.end <= at && of.span.start + 40 > at))?
            .date
            .year();
        let begun = if first > last { year - 1 } else { year };
        Some((
            PartialDate::from_month(begun, first)?,
            PartialDate::from_month(year, last)?,
            Span::new(at, last_end),
        ))
    })
}

/// `R-lenalidomide (2020-2021)`.
pub(super) fn by_years(
    sheet: &Sheet<'_>,
    name: &Name,
    draft: &Draft,
) -> Option<(PartialDate, PartialDate, Span)> {
    let stream = &sheet.stream;
    let at = skip_spaces(stream, draft.span.end.max(name.span.end));
    let at = if stream.at(at) == '(' { at + 1 } else { at };
    let year = |from: usize| {
        let digits = (from..from + 4).all(|of| stream.at(of).is_ascii_digit());
        let number =
            crate::number::number_behind(stream, from).filter(|of| digits && of.span.end == from + 4)?;
        (1970.0..2100.0).contains(&number.value).then_some(number.value as i16)
    };
    let first = year(at)?;
    let dash = matches!(stream.at(at + 4), '-' | '~').then_some(at + 5)?;
    let last = year(dash).filter(|last| *last >= first)?;
    let ends_there = !stream.at(dash + 4).is_alphanumeric() && stream.at(dash + 4) != '-';
    let dates = (PartialDate::from_year(first)?, PartialDate::from_year(last)?);
    ends_there.then_some((dates.0, dates.1, Span::new(at, dash + 4)))
}

/// `4-6 March 2023`: the first day stands alone.
pub(super) fn by_days(
    sheet: &Sheet<'_>,
    name: &Name,
    own: Territory,
) -> Option<(PartialDate, PartialDate, Span)> {
    let stream = &sheet.stream;
    let behind = sheet
        .mentions
        .iter()
        .find(|of| of.span.start >= name.span.end && of.span.end <= own.end && of.date.day().is_some())?;
    let dash = behind.span.start.checked_sub(1).filter(|at| stream.at(*at) == '-')?;
    let start = (dash.saturating_sub(2)..dash)
        .find(|at| stream.at(*at).is_ascii_digit() && starts_word(stream, *at))?;
    let number = crate::number::number_behind(stream, start).filter(|of| of.span.end == dash)?;
    let first = PartialDate::from_day(behind.date.year(), behind.date.month()?, number.value as i8)?;
    (first <= behind.date && behind.span.start - name.span.end <= 12).then_some((
        first,
        behind.date,
        Span::new(start, behind.span.end),
    ))
}

/// `R-GDP桥接1程,8-14至8-16氟达拉滨`: a range behind a comma, right before the next course, is the next one's.
pub(super) fn heads_next(sheet: &Sheet<'_>, name: &Name, range: Span, next: usize) -> bool {
    let comma = (name.span.end..range.start).any(|at| sheet.stream.at(at) == ',');
    let beside = next >= range.end && next - range.end <= 3 && next < sheet.sentence(name.span.start).end;
    comma && beside
}

/// The end of a regimen with the drug list behind it: `Pola-R-GemOx (polatuzumab, ...) on 8 August`.
pub(in crate::grammar) fn end_with_list(sheet: &Sheet<'_>, span: Span) -> usize {
    let stream = &sheet.stream;
    let mut at = span.end;
    while matches!(stream.at(at), ' ' | '方' | '案') {
        at += 1;
    }
    // "MATRix x 3 (high-dose methotrexate, ...)": the count stands between the name and its drugs.
    if matches!(stream.at(at), 'x' | 'X') {
        let digits = (at + 1..at + 5).take_while(|of| matches!(stream.at(*of), ' ' | '0'..='9')).count();
        at += 1 + digits;
    }
    if stream.at(at) != '(' {
        return span.end;
    }
    (at..stream.len().min(at + 160)).find(|of| stream.at(*of) == ')').map_or(span.end, |of| of + 1)
}

/// No comma between a date and the course it stands before; a date that opens its clause may have one.
pub(super) fn in_clause_before(sheet: &Sheet<'_>, date: Span, course: usize) -> bool {
    (date.end..course).all(|at| match sheet.stream.at(at) {
        ',' => at == date.end && opens_clause(sheet, date),
        of => of != ';',
    })
}

/// `2023-08-14,回输…`: the date opens the clause before the comma.
pub(super) fn opens_clause(sheet: &Sheet<'_>, date: Span) -> bool {
    let before = (0..date.start).rev().map(|at| sheet.stream.at(at)).find(|of| *of != ' ');
    before.is_none_or(|of| matches!(of, ',' | ';' | '。' | '.' | '(' | BREAK | CELL))
}
