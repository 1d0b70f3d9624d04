//! Days that are of another step of the treatment than the words they were given to.
//!
//! ## Reads
//! `2023年3月起予R-CHOP 6周期,评效CR`: in March it was begun; when the response was reached is not told. `CR后来那度胺维持2年至2025年12月`:
//! the day is that of the maintenance. "Bridging with pola-BR x1 then axi-cel 10/10/2024", "watch and wait 2015 to 2018, then
//! BR", "R-CHOP x6 -> CR (Aug 2023)": the day hangs on the cells, on the years of waiting, on the response.
//!
//! ## Leaves alone
//! First and last day that the therapy grammar set; rows of a table, which have one day for all that stands in them.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{CELL, Span},
    vocabulary::dates::{BEGUN_AFTER, BEGUN_BEFORE, NEXT_STEP},
};
use cartulary_model::fact::{Attr, AttrValue};

/// Takes from responses and courses the days that are not theirs.
pub(crate) fn not_of_another_step(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let others: Vec<usize> = (0..drafts.len())
        .filter(|at| {
            is_of_begin(sheet, drafts, *at)
                || is_behind_another(sheet, drafts, *at)
                || is_before_next(sheet, drafts, *at)
        })
        .collect();
    for at in others {
        drafts[at].date = None;
    }
}

/// Between the words and the day behind them another course or a response is told, on which the day hangs.
fn is_behind_another(sheet: &Sheet<'_>, drafts: &[Draft], at: usize) -> bool {
    const GLUE: usize = 12;
    let draft = &drafts[at];
    let step = |of: &Draft| matches!(of.rule, "therapy.course" | "response.category");
    let own = draft.attrs.contains_key(&Attr::Start) || draft.attrs.contains_key(&Attr::End);
    let Some((date, day)) = draft.date.filter(|_| step(draft) && !own) else { return false };
    // A year alone may be of both.
    let near = date.month().is_some() || draft.rule == "response.category";
    if !near || day.start < draft.name.end || has_columns(sheet, Span::new(draft.name.end, day.start)) {
        return false;
    }
    let owner = drafts.iter().filter(|of| {
        step(of) && of.name.start >= draft.name.end && of.name.end <= day.start && of.name != draft.name
    });
    let Some(owner) = owner.max_by_key(|of| of.name.start) else { return false };
    let told = [Attr::Start, Attr::End].iter().any(|attr| owner.attrs.contains_key(attr));
    let hangs =
        day.start - owner.span.end.min(day.start) <= GLUE && owner.date.is_some_and(|(of, _)| of == date);
    let between = Span::new(draft.name.end, owner.name.start);
    let next = draft.rule == "response.category" || sheet.says(between, NEXT_STEP);
    next && (told || owner.rule == "response.category") && hangs
}

fn is_of_begin(sheet: &Sheet<'_>, drafts: &[Draft], at: usize) -> bool {
    let response = &drafts[at];
    // Progression may be why the treatment was begun.
    let reached = response.rule == "response.category" && response.concept.as_str() != "find.pd";
    let Some((date, day)) = response.date.filter(|_| reached) else { return false };
    if day.end > response.name.start || has_columns(sheet, Span::new(day.end, response.name.start)) {
        return false;
    }
    let sentence = sheet.sentence(response.name.start);
    let courses = drafts.iter().filter(|of| {
        of.rule == "therapy.course" && of.span.start >= sentence.start && of.name.end <= response.name.start
    });
    let Some(course) = courses.max_by_key(|of| of.name.start) else { return false };
    let starts = course.attrs.get(&Attr::Start) == Some(&AttrValue::Date(date));
    let ends = course.attrs.contains_key(&Attr::End);
    let goes_on = matches!(course.attrs.get(&Attr::Status), Some(AttrValue::Text(word)) if word == "ongoing");
    let several = matches!(course.attrs.get(&Attr::Cycles), Some(AttrValue::Number(cycles)) if *cycles > 1.0);
    says_begun(sheet, day) && !ends || starts && !ends && (several || goes_on)
}

/// "Watch and wait from 2015 to 2018, then BR": the day hangs on the step before, and the next one is told without a day.
fn is_before_next(sheet: &Sheet<'_>, drafts: &[Draft], at: usize) -> bool {
    let draft = &drafts[at];
    let own = draft.attrs.contains_key(&Attr::Start) || draft.attrs.contains_key(&Attr::End);
    let undated = draft.rule == "therapy.course" && !own;
    let Some((date, day)) = draft.date.filter(|_| undated) else { return false };
    if day.end > draft.name.start {
        return false;
    }
    let between = Span::new(day.end, draft.name.start);
    if has_columns(sheet, between) || !sheet.says(between, NEXT_STEP) {
        return false;
    }
    let courses = drafts.iter().filter(|of| of.rule == "therapy.course" && of.name.end <= day.start);
    courses.max_by_key(|of| of.name.start).is_some_and(|owner| {
        // "Watch and wait until 2018, then R-CHOP": the last day of one is the first of the next.
        owner.name.start >= sheet.sentence(draft.name.start).start
            && owner.attrs.get(&Attr::Start) == Some(&AttrValue::Date(date))
    })
}

/// `2023年3月起`, `自2023年3月`, `2024-01至今`.
fn says_begun(sheet: &Sheet<'_>, day: Span) -> bool {
    let past = day.end + usize::from(sheet.stream.at(day.end) == ' ');
    sheet.stream.reads_any(past, BEGUN_AFTER) || sheet.stream.reads_back_any(day.start, BEGUN_BEFORE)
}

/// The row of a table has one day for all that stands in it.
fn has_columns(sheet: &Sheet<'_>, between: Span) -> bool {
    (between.start..between.end)
        .any(|at| matches!(sheet.stream.at(at), CELL | '|') || sheet.stream.has_gap(at))
}
