//! Responses that are not reached yet: conditions with and without their `if`, hopes.

use crate::{
    grammar::therapy::words::{says, skip_spaces, stands},
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::response::{
        CONDITIONAL_AWAITED, CONDITIONAL_GOES_ON, CONDITIONAL_LIKE, CONDITIONAL_OPENS, HOPED_FOR_AHEAD,
        HOPED_FOR_BEHIND, INVERTED_UNREAL, TURN_OF_PLAN, TURN_OF_PLAN_DONE, TURN_OF_PLAN_LEADS,
    },
    words::words,
};

/// `如6月复查达CR`, "if the interim PET shows CMR", `若PR则`, `待评估`: not reached yet.
pub(super) fn is_conditional(sheet: &Sheet<'_>, span: Span) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(span.start);
    let clause = (sentence.start..span.start)
        .rev()
        .find(|at| matches!(stream.at(*at), ';' | BREAK))
        .map_or(sentence.start, |at| at + 1);
    let lead = Span::new(clause.max(span.start.saturating_sub(40)), span.start);
    let opens = says(stream, lead, CONDITIONAL_OPENS);
    let like = says(stream, lead, words!["如"]) && !says(stream, lead, CONDITIONAL_LIKE);
    let english = (lead.start..lead.end).any(|at| {
        crate::grammar::therapy::words::starts_word(stream, at)
            && stream.reads_any(
                at,
                words![
                    "if ",
                    "unless ",
                    "in case of ",
                    "in the event of ",
                    "should there be ",
                    "once in ",
                    "risk of ",
                    "in the absence of ",
                ],
            )
    });
    // "continued until progression", `直至进展`: it has not come.
    let awaited = stream.reads_back_any(span.start, CONDITIONAL_AWAITED);
    if awaited && says(stream, Span::new(clause, span.start), CONDITIONAL_GOES_ON) {
        return true;
    }
    // "Ibrutinib until PD", "upon PD axi-cel": a rule, where no day says that it came.
    let dated = sheet.mentions.iter().any(|of| of.span.start >= span.end && of.span.start <= span.end + 12);
    let ruled = stream.reads_back_any(span.start, words!["until ", "till ", "upon "]);
    if ruled && span.len() == 2 && !dated {
        return true;
    }
    if is_hoped_for(sheet, span, lead) {
        return true;
    }
    if is_turn_of_plan(sheet, span) {
        return true;
    }
    let turned = says(stream, lead, words!["已", "现", "结果", "showed", "achieved"]);
    (opens || like || english) && !turned || is_inverted(sheet, span, clause)
}

/// "Should progression occur, ...", "Had the PET shown progression we would ...": a condition without its `if`.
fn is_inverted(sheet: &Sheet<'_>, span: Span, clause: usize) -> bool {
    const REACH: usize = 80;
    let stream = &sheet.stream;
    let begin = skip_spaces(stream, clause);
    let sentence = sheet.sentence(span.start);
    let near = span.start.saturating_sub(begin) <= REACH
        && !(begin..span.start).any(|at| matches!(stream.at(at), ',' | BREAK));
    let should = stands(stream, begin, "should ") && skip_spaces(stream, sentence.start) == begin;
    let unreal = stream.reads_any(begin, INVERTED_UNREAL);
    let rest = Span::new(span.end, sentence.end.min(span.end + REACH));
    near && (should || unreal && says(stream, rest, words![" would ", " could "]))
}

/// "On relapse consider tafasitamab", "observe; glofitamab on progression": when a plan is to be carried out.
fn is_turn_of_plan(sheet: &Sheet<'_>, span: Span) -> bool {
    const BACK: usize = 60;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(span.start);
    let ends = |at: &usize| {
        matches!(stream.at(*at), '。' | BREAK) || stream.at(*at) == '.' && stream.at(*at + 1) == ' '
    };
    let back = span.start.saturating_sub(BACK);
    let start = (back..span.start).rev().find(ends).map_or(back, |at| at + 1);
    let around = Span::new(sentence.start.min(start), sentence.end);
    if !stream.reads_back_any(span.start, TURN_OF_PLAN_LEADS) {
        return false;
    }
    // A year tells of what has been.
    let is_year = |at: usize| (at..at + 4).all(|of| stream.at(of).is_ascii_digit());
    let dated = (around.start..around.end).any(is_year);
    !dated && says(stream, around, TURN_OF_PLAN) && !says(stream, around, TURN_OF_PLAN_DONE)
}

/// `预计M3达CR`, "complete response expected", "hoping for CR": not reached yet.
fn is_hoped_for(sheet: &Sheet<'_>, span: Span, lead: Span) -> bool {
    let stream = &sheet.stream;
    let clause = (lead.start..span.start)
        .rev()
        .find(|at| matches!(stream.at(*at), ',' | ';' | '。'))
        .map_or(lead.start, |at| at + 1);
    says(stream, Span::new(clause, span.start), HOPED_FOR_AHEAD)
        || stream.reads_any(span.end, HOPED_FOR_BEHIND)
}
