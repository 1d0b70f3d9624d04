//! A bracket that tells an earlier result has its own day: "CD19 now lost (strong in 2021), CD22 retained".

use crate::{draft::Draft, sheet::Sheet, stream::Span, words::words};

/// Whether a day stands in a bracket with a result of its own that the draft is not of.
pub(super) fn tells_of_another(sheet: &Sheet<'_>, draft: &Draft, day: Span) -> bool {
    const LONGEST: usize = 34;
    let stream = &sheet.stream;
    if !draft.concept.is("bio") {
        return false;
    }
    let open = (day.start.saturating_sub(LONGEST)..day.start)
        .rev()
        .find(|at| matches!(stream.at(*at), '(' | ')' | ';' | '.'))
        .filter(|at| stream.at(*at) == '(');
    let Some(open) = open else { return false };
    let close = (day.end..day.end + LONGEST).find(|at| matches!(stream.at(*at), ')' | '(' | ';'));
    let Some(close) = close.filter(|at| stream.at(*at) == ')') else { return false };
    let results =
        words!["strong", "weak", "positive", "negative", "dim ", "bright", "expressed", "retained", "lost"];
    let outside = draft.span.end <= open || draft.span.start > close;
    outside && sheet.says(Span::new(open + 1, close), results)
}
