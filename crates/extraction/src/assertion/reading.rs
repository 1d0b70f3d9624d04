//! Which of the cues that reach a mention decide how it is asserted.
//!
//! ## Reads
//! The verdict behind a mention stands over the doubt before it: `疑结核,后已排除`, "suspected but not confirmed".
//! Of cues before it the nearest decides. A condition stands over all.

use super::scope::Modifier;
use crate::stream::Span;
use cartulary_catalogue::CueClass;
use cartulary_model::{Assertion, Experiencer, Temporality};

/// Every cue of a document with its scope, in reading order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modifiers {
    all: Vec<Modifier>,
    /// Where each sentence ends.
    ends: Vec<usize>,
}

/// How a mention is asserted, and by which cues.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) assertion: Assertion,
    pub(crate) experiencer: Experiencer,
    pub(crate) temporality: Temporality,
    /// The mention holds only if something happens: the words that say so.
    pub(crate) condition: Option<Span>,
    /// What may come, or is looked for.
    pub(crate) feared: bool,
    /// It was there and has gone.
    pub(crate) resolved: bool,
    /// The mention is part of a list of demands.
    pub(crate) criterion: bool,
    /// An illness that words like `病史` set in the past, though not the disease under treatment.
    pub(crate) background: bool,
    /// The patient is named before it.
    pub(crate) of_patient: bool,
    /// The words that say of whom it is told.
    pub(crate) told_of: Option<Span>,
    pub(crate) cues: Vec<Span>,
}

impl Modifiers {
    pub(super) fn new(mut all: Vec<Modifier>, sentences: &[Span]) -> Self {
        all.sort_by_key(|of| (of.sentence, of.cue.start));
        Self { all, ends: sentences.iter().map(|sentence| sentence.end).collect() }
    }

    /// The cues of the sentence a place stands in.
    fn of_sentence(&self, at: usize) -> &[Modifier] {
        let sentence = self.ends.partition_point(|end| *end <= at);
        let from = self.all.partition_point(|of| of.sentence < sentence);
        let until = self.all.partition_point(|of| of.sentence <= sentence);
        &self.all[from..until]
    }

    /// How the mention at `span` is asserted by the cues that reach it.
    pub(crate) fn read(&self, span: Span) -> Reading {
        let mut reading = Reading::default();
        let mut verdict = Verdict::default();
        for modifier in self.of_sentence(span.start) {
            if modifier.cue.overlaps(span) {
                // "no definite findings", "?marrow involvement": the cue's last word is the name's first.
                if matches!(modifier.class, CueClass::Negated | CueClass::Possible)
                    && modifier.leads_into(span)
                {
                    verdict.take(modifier, span);
                }
            } else if modifier.reaches(span) {
                reading.take(modifier);
                verdict.take(modifier, span);
            } else if modifier.reaches_far(span) {
                reading.background = true;
                reading.cues.push(modifier.cue);
            }
        }
        if let Some(modifier) = verdict.decides() {
            reading.assertion = asserted(modifier.class);
            reading.feared = modifier.class == CueClass::Feared;
            reading.resolved = modifier.class == CueClass::Resolved;
            if reading.assertion != Assertion::Present {
                reading.cues.push(modifier.cue);
            }
        }
        if reading.condition.is_some() || reading.criterion {
            reading.assertion = Assertion::Hypothetical;
        }
        reading
    }
}

impl Reading {
    fn take(&mut self, modifier: &Modifier) {
        match modifier.class {
            CueClass::Family => self.experiencer = Experiencer::Family,
            CueClass::Donor => self.experiencer = Experiencer::Donor,
            CueClass::Other => self.experiencer = Experiencer::Other,
            CueClass::Historical => self.temporality = Temporality::Historical,
            CueClass::Background => self.background = true,
            CueClass::Patient => {
                self.of_patient = true;
                return;
            }
            CueClass::Conditional => self.condition = Some(modifier.cue),
            CueClass::Criterion => self.criterion = true,
            CueClass::Negated
            | CueClass::Resolved
            | CueClass::Possible
            | CueClass::Hypothetical
            | CueClass::Feared
            | CueClass::Present
            | CueClass::Pseudo
            | CueClass::Ends
            | CueClass::Given => return,
        }
        if matches!(modifier.class, CueClass::Family | CueClass::Donor | CueClass::Other) {
            self.told_of = Some(modifier.cue);
        }
        self.cues.push(modifier.cue);
    }
}

fn asserted(class: CueClass) -> Assertion {
    match class {
        CueClass::Negated | CueClass::Resolved => Assertion::Negated,
        CueClass::Possible => Assertion::Possible,
        CueClass::Hypothetical | CueClass::Feared => Assertion::Hypothetical,
        CueClass::Conditional
        | CueClass::Criterion
        | CueClass::Historical
        | CueClass::Background
        | CueClass::Family
        | CueClass::Donor
        | CueClass::Other
        | CueClass::Patient
        | CueClass::Present
        | CueClass::Pseudo
        | CueClass::Ends
        | CueClass::Given => Assertion::Present,
    }
}

/// The nearest cue before a mention and the last one behind it.
#[derive(Default)]
struct Verdict<'a> {
    before: Option<&'a Modifier>,
    behind: Option<&'a Modifier>,
}

impl<'a> Verdict<'a> {
    fn take(&mut self, modifier: &'a Modifier, target: Span) {
        let decides = matches!(
            modifier.class,
            CueClass::Negated
                | CueClass::Resolved
                | CueClass::Possible
                | CueClass::Hypothetical
                | CueClass::Feared
                | CueClass::Present
        );
        if !decides {
            return;
        }
        // Cues come in reading order: the last one before is the nearest, the last one behind the final word.
        if modifier.cue.start < target.start {
            self.before = Some(modifier);
        } else if self.behind.is_none_or(|of| of.class != CueClass::Possible)
            || modifier.class != CueClass::Hypothetical
        {
            // "is less likely ... until FISH, still outstanding, is back": what is awaited leaves the doubt.
            self.behind = Some(modifier);
        }
    }

    fn decides(&self) -> Option<&'a Modifier> {
        let (Some(before), Some(behind)) = (self.before, self.behind) else {
            return self.behind.or(self.before);
        };
        // `no relapse is suspected` stays denied; a plan behind a doubt leaves the doubt.
        let stays = matches!(
            (before.class, behind.class),
            (CueClass::Negated, CueClass::Possible | CueClass::Hypothetical | CueClass::Present)
                | (CueClass::Possible | CueClass::Feared, CueClass::Hypothetical | CueClass::Present)
        );
        Some(if stays { before } else { behind })
    }
}
