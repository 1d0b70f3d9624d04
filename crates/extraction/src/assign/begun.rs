//! Responses that the words date to the day on which the treatment began.
//!
//! `2023年3月起予R-CHOP 6周期,评效CR`: in March it was begun; when the response was reached is not told.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{CELL, Span},
    vocabulary::dates::{BEGUN_AFTER, BEGUN_BEFORE},
};
use cartulary_model::fact::{Attr, AttrValue};

/// Takes the first day of a course from the response to it.
pub(crate) fn not_when_begun(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let begun: Vec<usize> = (0..drafts.len()).filter(|at| is_of_begin(sheet, drafts, *at)).collect();
    for at in begun {
        drafts[at].date = None;
    }
}

fn is_of_begin(sheet: &Sheet<'_>, drafts: &[Draft], at: usize) -> bool {
    let response = &drafts[at];
    // Progression may be why the treatment was begun.
    let reached = response.rule == "response.category" && response.concept.as_str() != "find.pd";
    let Some((date, day)) = response.date.filter(|_| reached) else { return false };
    let between = Span::new(day.end, response.name.start.max(day.end));
    // The row of a table has one day for all that stands in it.
    let parted = |at: usize| matches!(sheet.stream.at(at), CELL | '|') || sheet.stream.has_gap(at);
    if day.end > response.name.start || (between.start..between.end).any(parted) {
        return false;
    }
    let sentence = sheet.sentence(response.name.start);
    let courses = drafts.iter().filter(|of| {
        of.rule == "therapy.course" && of.span.start >= sentence.start && of.name.end <= response.name.start
    });
    let Some(course) = courses.max_by_key(|of| of.name.start) else { return false };
    let starts = course.attrs.get(&Attr::Start) == Some(&AttrValue::Date(date));
    let ends = course.attrs.get(&Attr::End).is_some();
    let several = matches!(course.attrs.get(&Attr::Cycles), Some(AttrValue::Number(cycles)) if *cycles > 1.0);
    says_begun(sheet, day) && !ends || starts && !ends && several
}

/// `2023年3月起`, `自2023年3月`, `2024-01至今`.
fn says_begun(sheet: &Sheet<'_>, day: Span) -> bool {
    let past = day.end + usize::from(sheet.stream.at(day.end) == ' ');
    sheet.stream.reads_any(past, BEGUN_AFTER) || sheet.stream.reads_back_any(day.start, BEGUN_BEFORE)
}
