//! The grammars: each reads one kind of statement, anchored at hits of the lexicon.
//!
//! A grammar that has read a span claims it, so that a later one does not read it again:
//! `MYC断裂阳性` is a rearrangement and not a protein.

mod criteria;
mod diagnosis;
mod finding;
mod genetics;
mod lab;
mod marker;
mod person;
mod response;
mod score;
mod stage;
mod therapy;
mod toxicity;

use crate::{draft::Draft, sheet::Sheet, stream::Span};

/// Spans that were read.
#[derive(Debug, Default)]
pub(crate) struct Claims(Vec<Span>);

impl Claims {
    pub(crate) fn take(&mut self, span: Span) {
        self.0.push(span);
    }

    pub(crate) fn has(&self, span: Span) -> bool {
        self.0.iter().any(|of| of.overlaps(span))
    }
}

/// Runs every grammar, the more particular first.
pub(crate) fn all(sheet: &Sheet<'_>) -> Vec<Draft> {
    let mut claims = Claims::default();
    let mut drafts = Vec::new();
    for grammar in [
        person::read,
        stage::read,
        score::read,
        genetics::read,
        lab::read,
        marker::read,
        therapy::read,
        response::read,
        toxicity::read,
        diagnosis::read,
        finding::read,
    ] {
        let found = grammar(sheet, &claims);
        for draft in &found {
            claims.take(draft.span);
        }
        drafts.extend(found);
    }
    criteria::leave_out(sheet, &mut drafts);
    drafts
}
