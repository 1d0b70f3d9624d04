//! The cues of a document, found in one pass.
//!
//! ## Reads
//! Every form of `catalogue/cues.csv` that stands on word boundaries, the longest at each place.

use super::{
    reading::Modifiers,
    scope::{self, Sheetlet},
    words::contains_any,
};
use crate::{
    grammar::count_at,
    lexicon::{Candidate, on_boundaries},
    stream::{Span, Stream},
    vocabulary::therapy::OF_WHOLE,
    walk::{Met, Reader, Walk, Words},
    words::words,
};
use cartulary_catalogue::{Cue, CueClass, CueDirection};

/// All cues.
pub(crate) struct Cues {
    kinds: Vec<(CueClass, CueDirection)>,
}

/// A cue found in a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) span: Span,
    pub(super) class: CueClass,
    pub(super) direction: CueDirection,
}

impl Cues {
    /// Their forms go to the words of the walk.
    pub(crate) fn new(cues: &[Cue], words: &mut Words) -> Self {
        words.learn(Reader::Cues, cues.iter().map(|cue| cue.form.as_str()));
        Self { kinds: cues.iter().map(|cue| (cue.class, cue.direction)).collect() }
    }

    /// Finds every cue and how far it reaches.
    pub(crate) fn scan(
        &self,
        stream: &Stream,
        (walk, met): (&Walk, &[Met]),
        sentences: &[Span],
        candidates: &[Candidate],
    ) -> Modifiers {
        let found = self.find(stream, walk, met);
        let sheetlet = Sheetlet { stream, sentences, candidates, found: &found };
        Modifiers::new(scope::modifiers(&sheetlet), sentences)
    }

    /// The longest cue at each place. Word boundaries are asked first: "is likely" in "this likely" is none and must
    /// not hide "likely".
    fn find(&self, stream: &Stream, walk: &Walk, met: &[Met]) -> Vec<Found> {
        let cues = walk.longest(met, Reader::Cues, |span| on_boundaries(stream, span));
        let mut found: Vec<Found> = cues
            .map(|(span, cue)| {
                let (class, direction) = self.kinds[cue];
                Found { span, class, direction }
            })
            .collect();
        // `MUM positive`: in capitals a stain, and nobody's mother.
        for cue in &mut found {
            if cue.class == CueClass::Family && stream.is_written(cue.span, "MUM") {
                cue.class = CueClass::Pseudo;
            }
        }
        leave_to_counts(stream, &mut found);
        come_late(stream, &mut found);
        name_donors(stream, &mut found);
        name_informants(stream, &mut found);
        leave_to_relatives(stream, &mut found);
        found
    }
}

/// "CRS did not arise until day 7", "has not happened again": it came.
fn come_late(stream: &Stream, found: &mut [Found]) {
    let later = words![" until", " till", " before", " again", " beyond", " earlier", " sooner"];
    for cue in found.iter_mut().filter(|cue| cue.class == CueClass::Negated) {
        let verb = cue.direction != CueDirection::Before
            && (stream.reads(cue.span.start, "did") || stream.reads(cue.span.start, "ha"));
        let so_far = words![" until now", " till now", " until today", " till today", " till date"];
        if verb && stream.reads_any(cue.span.end, later) && !stream.reads_any(cue.span.end, so_far) {
            cue.class = CueClass::Pseudo;
        }
    }
}

/// "4 of a planned 6 R-CHOP": the word is of the count alone, and no plan of what follows.
fn leave_to_counts(stream: &Stream, found: &mut [Found]) {
    for cue in found.iter_mut().filter(|cue| cue.class == CueClass::Hypothetical) {
        let whole = stream.words_ending(cue.span.end + 1, OF_WHOLE).any(|of| of.start() < cue.span.start);
        if whole && count_at(stream, cue.span.end + 1).is_some() {
            cue.class = CueClass::Pseudo;
        }
    }
}

/// "His wife reports that her own lymphoma responded": the possessive of the other sex is the relative's.
fn leave_to_relatives(stream: &Stream, found: &mut [Found]) {
    const APART: usize = 90;
    const LEAD: usize = 5;
    for position in 1..found.len() {
        let own = found[position];
        let (other, relative) = match &stream.lower[own.span.start..own.span.end] {
            ['h', 'e', 'r', ' ', ..] => {
                (words!["his "], found[..position].iter().rposition(|of| of.class == CueClass::Family))
            }
            ['h', 'i', 's', ' ', ..] => {
                (words!["her "], found[..position].iter().rposition(|of| of.class == CueClass::Family))
            }
            _ => continue,
        };
        let Some(cue) = relative.map(|index| found[index]).filter(|_| own.class == CueClass::Patient) else {
            continue;
        };
        let near = &stream.lower[cue.span.start.saturating_sub(LEAD)..cue.span.end];
        let between = &stream.lower[cue.span.end.min(own.span.start)..own.span.start];
        if contains_any(stream, near, other)
            && between.len() <= APART
            && !contains_any(stream, between, words![". ", "。", ";"])
        {
            found[position].class = CueClass::Pseudo;
        }
    }
}

/// `由其子代诉:有冠心病`, `病史提供者:患者丈夫`: the relative tells the patient's history.
fn name_informants(stream: &Stream, found: &mut [Found]) {
    for cue in found.iter_mut().filter(|cue| cue.class == CueClass::Family) {
        let Span { start, end } = cue.span;
        let tells = stream
            .reads_any(end, words!["提供病史", "代诉", "代述", "代为陈述", "代为叙述", "诉其", "发现其"]);
        let history = stream
            .words_in(Span::new(start.saturating_sub(10), start), words!["病史", "资料"])
            .next()
            .is_some();
        let tells = tells
            || history && stream.reads_any(end, words!["提供"])
            || stream.reads_any(end, words!["陪诊", "陪同"])
                && stream
                    .words_in(Span::new(end, (end + 14).min(stream.len())), words!["其有", "其患", "其曾"])
                    .next()
                    .is_none()
            || stream.reads_any(
                end,
                words![
                    " noticed",
                    " had noticed",
                    " reports",
                    " reported",
                    " confirms",
                    " confirmed",
                    " witnessed",
                    " saw ",
                    " describes"
                ],
            ) && stream
                .words_in(
                    Span::new(start.saturating_sub(14), end),
                    words!["partner", "boyfriend", "girlfriend", "coworker", "co-worker", "workmate"],
                )
                .next()
                .is_some();
        let patient = stream.reads_back(start, "患者").unwrap_or(start);
        let named = stream.reads_back_any(
            patient,
            words!["病史提供者:", "病史陈述者:", "陪诊者:", "供史者:", "陈述者:", "病史提供者为"],
        );
        if tells || named {
            cue.class = CueClass::Pseudo;
        }
    }
}

/// `供者(胞弟)`, "sibling donor", `供者为其胞妹`: the relative is the donor, and no person beside.
fn name_donors(stream: &Stream, found: &mut [Found]) {
    const APART: usize = 12;
    for position in 0..found.len() {
        let cue = found[position];
        let near = position.saturating_sub(2)..found.len().min(position + 3);
        let joined = |other: &Found| {
            let (from, to) = if other.span.start < cue.span.start {
                (other.span.end, cue.span.start)
            } else {
                (cue.span.end, other.span.start)
            };
            let glue = stream.lower.get(from..to);
            other.class == CueClass::Donor
                && glue.is_some_and(|glue| {
                    glue.len() <= APART
                        && !contains_any(stream, glue, words![",", ";", "。", ". ", "has ", "had ", "患"])
                })
        };
        if cue.class == CueClass::Family && found[near].iter().any(joined) {
            found[position].class = CueClass::Pseudo;
        }
    }
}
