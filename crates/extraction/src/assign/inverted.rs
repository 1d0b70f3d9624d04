//! Conditions without an "if": "were the PET to be Deauville 4-5, we would rebiopsy first".
//!
//! ## Reads
//! A sentence, or what follows a semicolon, that begins with the verb and goes on with "would" behind its first comma.
//!
//! "Echo to make sure EF >40%": a demand.
//!
//! ## Leaves alone
//! "Had R-CHOP, would like CAR-T": the verb has its object right behind it and no one who did it.

use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};

/// Whether the draft stands in the condition.
pub(super) fn is_condition(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(draft.name.start);
    let begin = (sentence.start..draft.name.start)
        .rev()
        .find(|at| stream.at(*at) == ';')
        .map_or(sentence.start, |at| at + 1);
    let begin = (begin..draft.name.start).find(|at| stream.at(*at) != ' ').unwrap_or(begin);
    let opens = words![
        "were the ",
        "were his ",
        "were her ",
        "were there ",
        "were he ",
        "were she ",
        "were it ",
        "were a ",
        "should the ",
        "should his ",
        "should her ",
        "should there ",
        "should he ",
        "should she ",
        "should a ",
    ];
    if !stream.reads_any(begin, opens) {
        return false;
    }
    let rest = Span::new(draft.name.end, sentence.end.max(draft.name.end));
    let comma = stream.first_sign_in(rest, |of| of == ',');
    let before = Span::new(begin, draft.name.start);
    let closed = stream.first_sign_in(before, |of| of == ',').is_some();
    let would = words![" would ", " will ", " we'd ", " i'd ", " can ", " could "];
    !closed && comma.is_some_and(|at| stream.words_in(Span::new(at, rest.end), would).next().is_some())
}

/// "echo to make sure EF >40%": what a value must be.
pub(super) fn is_demanded(sheet: &Sheet<'_>, draft: &Draft) -> bool {
    let demands = words![
        "make sure ",
        "make sure the ",
        "make sure that ",
        "make sure that the ",
        "to ensure ",
        "to ensure the ",
        "to ensure that ",
        "to ensure that the ",
    ];
    draft.concept.is("lab") && sheet.stream.reads_back_any(draft.name.start, demands)
}
