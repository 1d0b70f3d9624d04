//! Courses that were spoken of and never came.
//!
//! ## Reads
//! "auto was discussed but never performed", "the product was out of specification and never infused"; "had he been fitter we
//! would have consolidated with an autograft"; "bridging was going to be R-GemOx, but ...".
//!
//! ## Leaves alone
//! What was counted, and everything behind a word that is told of something else: "R-CHOP x6, the PET was never done".

use super::plan::last_word;
use crate::{
    grammar::therapy::{
        count,
        name::Name,
        words::{says, skip_spaces},
    },
    sheet::Sheet,
    stream::Span,
    vocabulary::therapy::{NEVER_CAME_BETWEEN, UNREAL_GIVEN, UNREAL_INTENDED, UNREAL_TURNED, UNREAL_WOULD},
    words::words,
};

pub(super) fn never_came(sheet: &Sheet<'_>, name: &Name) -> bool {
    was_never_given(sheet, name) || is_counterfactual(sheet, name) || was_given_up(sheet, name)
}

/// "held in reserve and never given": between the course and the denial stands nothing that could be denied instead.
fn was_never_given(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 70;
    let stream = &sheet.stream;
    if count::times(sheet, name.span.end).is_some() {
        return false;
    }
    let sentence = sheet.sentence(name.span.start);
    let behind = Span::new(name.span.end, sentence.end.min(name.span.end + REACH).max(name.span.end));
    let Some(never) = stream.words_in(behind, words!["never ", "not "]).next() else { return false };
    let verb = skip_spaces(stream, never.end());
    let verb = stream
        .words_at(verb, words!["actually ", "been ", "in fact ", "ever "])
        .next_back()
        .map_or(verb, |of| of.end());
    let gap = stream.lower_text(Span::new(name.span.end, never.start()));
    let bare = |word: &str| word.trim_matches(|of: char| !of.is_alphanumeric()).to_owned();
    let of_course = gap
        .split_whitespace()
        .map(bare)
        .all(|word| word.is_empty() || NEVER_CAME_BETWEEN.contains(&word.as_str()));
    // "they say glofitamab, not started": it may still come.
    let open = sheet.says(never.span(), words!["not "])
        && !stream
            .reads_any(verb, words!["given", "infused", "performed", "delivered", "administered", "pursued"]);
    of_course && !open && !gap.contains(['.', ';']) && stream.reads_any(verb, UNREAL_GIVEN)
}

/// "Had the biopsy shown Richter's we would have gone straight to R-CHOP".
fn is_counterfactual(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let begin = skip_spaces(stream, sentence.start);
    let before = Span::new(begin, name.span.start.max(begin));
    let Some(would) = last_word(sheet, before, UNREAL_WOULD) else { return false };
    let gap = Span::new(would, name.span.start);
    let unreal = stream.reads_any(begin, words!["had "])
        || says(stream, before, words!["if he had ", "if she had ", "if it had ", "if the ", ", had "]);
    // "If the biopsy confirms it he would have R-CHOP" is a plan: a verb of giving must stand between.
    let bare = stream.lower_text(gap);
    let acted =
        bare.split_whitespace().any(|word| !matches!(word, "a" | "an" | "the" | "his" | "her" | "had"));
    unreal && acted && !says(stream, gap, words![";", ", but", "instead", "after "])
}

/// "Bridging was going to be R-GemOx, but ...": an intention of before, and the sentence turns.
fn was_given_up(sheet: &Sheet<'_>, name: &Name) -> bool {
    const BESIDE: usize = 24;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let near = Span::new(sentence.start.max(name.span.start.saturating_sub(BESIDE)), name.span.start);
    let Some(intended) = last_word(sheet, near, UNREAL_INTENDED) else { return false };
    let rest = Span::new(name.span.end, sentence.end.max(name.span.end));
    let gap = Span::new(intended, name.span.start);
    !says(stream, gap, words![",", ";", "after ", "before "]) && says(stream, rest, UNREAL_TURNED)
}
