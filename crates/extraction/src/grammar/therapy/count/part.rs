//! A part of what was planned: "two of an intended three cycles of", "five out of six", "she had the planned six".

use crate::{
    grammar::therapy::{
        name::Name,
        words::{count_at, says, skip_spaces},
    },
    sheet::Sheet,
    stream::{Span, Stream},
    vocabulary::therapy::{FACT_DONE, OF_WHOLE, PLANNED_ADJECTIVE, PLANNED_WAS_GIVEN},
    words::words,
};

/// The whole that a count at `end` is a part of: `of six`, "out of the planned four".
pub(super) fn whole_behind(stream: &Stream, end: usize) -> Option<(f64, usize)> {
    let at = skip_spaces(stream, end);
    let word = stream.words_at(at, OF_WHOLE).next_back()?;
    let one_of_the =
        stream.reads_back(end, "one").is_some() && stream.reads_back(word.end(), "of the ") == Some(at);
    if one_of_the {
        return None;
    }
    count_at(stream, word.end())
}

/// Whether the count at `at` is the whole of which another is a part.
pub(super) fn is_whole(stream: &Stream, at: usize) -> bool {
    const LONGEST: usize = 8;
    stream.words_ending(at, OF_WHOLE).any(|word| {
        let end = word.start().saturating_sub(1);
        // "One of the six cycles was delayed": six were given.
        if stream.reads_back(end, "one").is_some()
            && stream.reads(end, " of the ")
            && word.end() - end == " of the ".len()
        {
            return false;
        }
        (end.saturating_sub(LONGEST)..end)
            .any(|start| count_at(stream, start).is_some_and(|(_, of)| of == end || of == end + 1))
    })
}

/// "three of a planned six cycles of R-CHOP", "he had the planned six R-CHOP", "the planned 6 cycles of R-CHOP were
/// completed": what was planned is named with what was given of it.
pub(in crate::grammar::therapy) fn is_part_given(sheet: &Sheet<'_>, name: &Name) -> bool {
    const BACK: usize = 44;
    const BEHIND: usize = 30;
    let stream = &sheet.stream;
    let before = sheet.before(name.span.start, BACK);
    let Some(adjective) = stream.words_in(before, PLANNED_ADJECTIVE).next_back() else { return false };
    let Some((_, end)) = count_at(stream, skip_spaces(stream, adjective.end())) else { return false };
    let sentence = sheet.sentence(name.span.start);
    // "We will scan after the planned six R-CHOP": not given yet.
    if says(stream, sentence, words!["will ", "once ", "if ", "when ", "would ", "consent"]) {
        return false;
    }
    let beside = !(end..name.span.start).any(|at| matches!(stream.at(at), ',' | ';' | '.'));
    let led = stream.reads_back_any(adjective.start(), PLANNED_WAS_GIVEN)
        || is_whole(stream, skip_spaces(stream, adjective.end()));
    let behind = sheet.after(name.span.end, BEHIND);
    beside && (led || says(stream, Span::new(name.span.end, behind.end), FACT_DONE))
}
