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

/// What was read so far: spans, and the courses of treatment that responses follow.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    spans: Vec<Span>,
    courses: Vec<Draft>,
}

impl Claims {
    pub(crate) fn take(&mut self, span: Span) {
        self.spans.push(span);
    }

    pub(crate) fn has(&self, span: Span) -> bool {
        self.spans.iter().any(|of| of.overlaps(span))
    }

    /// Courses in reading order.
    pub(crate) fn courses(&self) -> &[Draft] {
        &self.courses
    }

    fn note(&mut self, found: &[Draft]) {
        for draft in found {
            self.take(draft.span);
        }
        self.courses.extend(found.iter().filter(|draft| draft.rule == "therapy.course").cloned());
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
        claims.note(&found);
        drafts.extend(found);
    }
    criteria::leave_out(sheet, &mut drafts);
    drafts
}
