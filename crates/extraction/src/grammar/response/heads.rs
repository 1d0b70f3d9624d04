//! Visits that stand right beside what they are of, or at the head of a part of the sentence.
//!
//! ## Reads
//! "the D+30 PET", "EOT PET", "interim PET", "PET at M1", "PET is postponed to day 90"; "At M6 a new node", `M3右腋下新发淋巴结,切检证实复发`,
//! `回输后第3天发热,最高39.2℃,CRS 1级`, `+14天铁蛋白12800ng/ml、纤维蛋白原0.9g/L`.
//!
//! ## Leaves alone
//! Parts of a sentence with a day of their own.

use super::timepoint::{self, follows_cells};
use crate::{
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::response::TIMEPOINT_PHASES,
    words::words,
};

/// The visit of an examination, from the words that touch its name.
pub(crate) fn of_scan(sheet: &Sheet<'_>, name: Span) -> Option<String> {
    const BEFORE: usize = 24;
    const BEHIND: usize = 40;
    let stream = &sheet.stream;
    let blank = name.start.saturating_sub(1);
    let end = if stream.at(blank) == ' ' { blank } else { name.start };
    let touches = |from: usize| timepoint::visit_ending(sheet, from, end);
    if let Some(visit) = (end.saturating_sub(BEFORE)..end).find_map(touches) {
        return Some(visit);
    }
    let phase = stream.words_ending(end, TIMEPOINT_PHASES).next();
    let phase = phase.or_else(|| stream.words_beginning(name, TIMEPOINT_PHASES).next());
    if let Some(of) = phase {
        return Some(TIMEPOINT_PHASES.code(of).to_owned());
    }
    let leads = words![
        " at ",
        " at the ",
        " is due at ",
        " due at ",
        " is postponed to ",
        " postponed to ",
        " planned for ",
        " is planned for ",
        " scheduled for ",
    ];
    let lead = stream.words_at(name.end, leads).next_back()?;
    timepoint::visit_at_place(sheet, lead.end(), sheet.after(lead.end(), BEHIND).end)
}

/// The visit with which the part of the sentence begins that the place stands in.
pub(crate) fn of_part(sheet: &Sheet<'_>, at: usize) -> Option<String> {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(at);
    let start = (sentence.start..at)
        .rev()
        .find(|of| matches!(stream.at(*of), ';' | BREAK))
        .map_or(sentence.start, |of| of + 1);
    let begin = (start..at).find(|of| stream.at(*of) != ' ')?;
    let lead = stream.words_at(begin, words!["at ", "by ", "on ", "from "]).next_back();
    let head = lead.map_or(begin, |of| of.end());
    let named = sheet.candidates_in(Span::new(begin, begin + 1)).iter().find(|of| of.hit.span.start == begin);
    // `瑞基奥仑赛回输后第3天`: the cells are named first.
    let counted = named
        .filter(|of| crate::grammar::therapy::is_cell_therapy(sheet, &of.hit.concept))
        .map(|of| of.hit.span.end);
    let visit = timepoint::visit_at_place(sheet, head, at).or_else(|| {
        let from = counted?;
        (from..at.min(from + 8)).find_map(|of| timepoint::visit_at_place(sheet, of, at))
    })?;
    let dated = sheet
        .mentions_in(Span::new(begin + 1, at))
        .iter()
        .any(|of| of.counted.is_none() && of.span.end <= at && of.date.day().is_some());
    (follows_cells(sheet, Span::new(at, at)) && !dated).then_some(visit)
}
