//! The grammars: each reads one kind of statement, anchored at hits of the lexicon.
//!
//! A grammar that has read a span claims it, so that a later one does not read it again:
//! `MYC断裂阳性` is a rearrangement and not a protein.

mod allergy;
mod criteria;
mod diagnosis;
mod event;
mod finding;
mod genetics;
mod lab;
mod marker;
mod paired;
mod past;
mod person;
mod phrases;
mod place;
mod response;
mod score;
mod stage;
mod standing;
mod therapy;
mod tokens;
mod toxicity;
mod transformation;
mod unanswered;

mod words;

pub(crate) use event::diagnosed_once;
pub(crate) use lab::replaced;
pub(crate) use phrases::{Phrase, Phrases};
pub(crate) use response::{visit_of_part, visit_of_scan};
pub(crate) use standing::is_standing_order;
pub(crate) use therapy::words::leads_to_next;
pub(crate) use therapy::{
    TableHeading, counts_days_since, is_cell_therapy, is_in_dated_row, words::count_at,
};

use crate::{draft::Draft, sheet::Sheet, stream::Span};

/// What was read so far: spans by their starts, how far the spans up to each of them reach, and the courses of
/// treatment that responses follow.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    spans: Vec<Span>,
    reach: Vec<usize>,
    courses: Vec<Draft>,
}

impl Claims {
    fn take(&mut self, spans: impl Iterator<Item = Span>) {
        self.spans.extend(spans);
        self.spans.sort();
        let mut reach = 0;
        self.reach = self
            .spans
            .iter()
            .map(|span| {
                reach = span.end.max(reach);
                reach
            })
            .collect();
    }

    /// Courses in reading order.
    pub(crate) fn courses(&self) -> &[Draft] {
        &self.courses
    }

    /// Whether something that was read overlaps the span.
    pub(crate) fn has(&self, span: Span) -> bool {
        let before = self.spans.partition_point(|of| of.start < span.end);
        before > 0 && self.reach[before - 1] > span.start
    }
}

/// What a draft keeps from later grammars. Between an analyte and its value other facts may stand: "LDH after R-CHOP
/// was 240", "SUVmax of the mediastinal mass".
fn claimed(draft: &Draft) -> [Span; 2] {
    let Span { start, end } = draft.span;
    match draft.concept.kind() {
        "lab" => {
            let value = draft.cues.iter().find(|cue| cue.overlaps(draft.span) && **cue != draft.name);
            [draft.name, value.copied().unwrap_or(Span::new(start.max(end.saturating_sub(1)), end))]
        }
        // "stage IE (stomach), no B symptoms": the bracket between tells where.
        "find" if draft.rule == "stage.ann_arbor" => {
            [Span::new(start, draft.name.end.max(start)), Span::new(end.saturating_sub(1).max(start), end)]
        }
        // The name of the disease that tells of genes is still to be read.
        "bio" if draft.rule == "genetics.in_diagnosis" => [Span::new(0, 0); 2],
        _ => [draft.span, draft.span],
    }
}

/// Runs every grammar, the more particular first.
pub(crate) fn all(sheet: &Sheet<'_>) -> Vec<Draft> {
    let mut claims = Claims::default();
    // There are hardly more facts than names.
    let mut drafts = Vec::with_capacity(sheet.candidates.len());
    for grammar in [
        person::read,
        stage::read,
        score::read,
        genetics::read,
        allergy::read,
        lab::read,
        marker::read,
        therapy::read,
        response::read,
        toxicity::read,
        diagnosis::read,
        finding::read,
        // Last: the words of an event hold findings that are facts of their own.
        event::read,
    ] {
        let found = grammar(sheet, &claims);
        claims.take(found.iter().flat_map(claimed));
        claims.courses.extend(found.iter().filter(|draft| draft.rule == "therapy.course").cloned());
        drafts.extend(found);
    }
    paired::set(sheet, &mut drafts);
    event::say_once(&mut drafts);
    transformation::relate(sheet, &mut drafts);
    diagnosis::say_once(sheet, &mut drafts);
    criteria::leave_out(sheet, &mut drafts);
    criteria::leave_out_general(sheet, &mut drafts);
    unanswered::leave_out(sheet, &mut drafts);
    drafts
}
