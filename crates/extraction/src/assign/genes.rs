//! What a gene's bare name comes to once the words around it are read.
//!
//! ## Reads
//! Drafts of genes whose grammar found no result: their assertion, as cues and sections gave it.
//!
//! ## Never
//! Leaves "positive" on what is denied or only asked for.

use crate::{draft::Draft, sheet::Sheet, stream::Span};
use cartulary_model::{Assertion, Value, fact::Sign};

/// "without MYC rearrangement" is a negative test, of a rearrangement that is looked for there is no result.
pub(super) fn settle(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let positive = Value::Sign(Sign::Positive);
    for draft in drafts.iter_mut().filter(|of| of.rule.starts_with("genetics.") && of.value == positive) {
        let doubted = matches!(draft.assertion, Some(Assertion::Possible | Assertion::Negated));
        if doubted
            && !draft.cues.is_empty()
            && !draft.cues.iter().any(|cue| is_in_clause(sheet, *cue, draft.name))
        {
            draft.assertion = Some(Assertion::Present);
        }
        match draft.assertion {
            Some(Assertion::Negated) => {
                draft.value = Value::Sign(Sign::Negative);
                if draft.rule == "genetics.fish" {
                    draft.assertion = Some(Assertion::Present);
                }
            }
            Some(Assertion::Hypothetical) => draft.value = Value::None,
            Some(Assertion::Possible | Assertion::Present) | None => {}
        }
    }
}

/// "No marrow involvement, TP53 mutation by NGS", `有MYC重排,不排除双打击`: what a comma parts from the gene is of another matter.
fn is_in_clause(sheet: &Sheet<'_>, cue: Span, name: Span) -> bool {
    let (from, to) = if cue.end <= name.start { (cue.end, name.start) } else { (name.end, cue.start) };
    !(from..to).any(|at| matches!(sheet.stream.at(at), ',' | ';' | ':' | '。'))
}
