//! How a given span of a text is asserted: for measuring the reading of cues apart from the finding of names.
//!
//! ## Never
//! Finds anything itself: the caller says where the condition stands.

use crate::{Engine, Hint, assign, draft::Draft, exchange, sheet::Sheet, stream::Span};
use cartulary_model::{Assertion, Experiencer, Temporality};
use std::ops::Range;

/// How the condition at these characters of the text is asserted, of whom, and when.
///
/// `span` counts Unicode scalar values. The condition is read as an illness.
pub fn assert_at(
    engine: &Engine,
    text: &str,
    span: Range<usize>,
    hint: &Hint,
) -> (Assertion, Experiencer, Temporality) {
    let (document, starts) = exchange::document(text);
    let sheet = Sheet::new(engine, &document, hint);
    let place = |index: usize| {
        let origin = sheet.stream.origins[index];
        starts.get(origin.line as usize).copied().unwrap_or(0) + origin.at as usize
    };
    let inside = |index: &usize| span.contains(&place(*index));
    let first = (0..sheet.stream.len()).find(inside).unwrap_or(0);
    let last = (0..sheet.stream.len()).rev().find(inside).map_or(first, |of| of + 1);
    let mut draft = Draft::new("com.probe", sheet.stream.trimmed(Span::new(first, last)), "probe.given");
    assign::assert_alone(&sheet, &mut draft);
    (
        draft.assertion.unwrap_or_default(),
        draft.experiencer.unwrap_or_default(),
        draft.temporality.unwrap_or_default(),
    )
}
