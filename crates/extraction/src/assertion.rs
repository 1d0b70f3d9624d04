//! Denied, doubted, planned, past, of a relative: the ConText idea [Harkema 2009] for two languages.
//!
//! A cue reaches from its place to the end of its scope; the nearest cue that reaches a mention decides.
//! The cue is kept as evidence.

use crate::{
    lexicon::{CharIndex, on_boundaries},
    stream::{BREAK, CELL, Span, Stream, is_han},
};
use cartulary_catalogue::{Cue, CueClass, CueDirection};
use cartulary_model::{Assertion, Experiencer, Temporality};
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};

/// The automaton over all cues.
pub(crate) struct Cues {
    automaton: CharwiseDoubleArrayAhoCorasick<u32>,
    cues: Vec<Cue>,
}

/// A cue found in a document, with the span it reaches.
#[derive(Clone, Debug)]
pub(crate) struct Modifier {
    pub(crate) cue: Span,
    pub(crate) class: CueClass,
    before: Option<Span>,
    after: Option<Span>,
    direct: bool,
}

/// Every cue of a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modifiers {
    all: Vec<Modifier>,
}

/// How a mention is asserted, and by which cues.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) assertion: Assertion,
    pub(crate) experiencer: Experiencer,
    pub(crate) temporality: Temporality,
    pub(crate) cues: Vec<Span>,
}

impl Cues {
    pub(crate) fn new(cues: &[Cue]) -> Self {
        let patterns: Vec<(&str, u32)> =
            cues.iter().zip(0u32..).map(|(cue, index)| (cue.form.as_str(), index)).collect();
        let automaton = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(patterns)
            .unwrap_or_else(|error| unreachable!("the catalogue's cues are distinct and not empty: {error}"));
        Self { automaton, cues: cues.to_vec() }
    }

    /// The automaton's memory in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.automaton.heap_bytes()
    }

    /// Finds every cue and how far it reaches.
    pub(crate) fn scan(&self, stream: &Stream, sentences: &[Span]) -> Modifiers {
        let text: String = stream.lower.iter().collect();
        let mut index = CharIndex::default();
        let mut found: Vec<(Span, &Cue)> = Vec::new();
        for hit in self.automaton.leftmost_find_iter(&text) {
            let start = index.advance(&text, hit.start());
            let end = start + text[hit.start()..hit.end()].chars().count();
            let span = Span::new(start, end);
            if on_boundaries(stream, span) {
                found.push((span, &self.cues[hit.value() as usize]));
            }
        }
        let all = found
            .iter()
            .enumerate()
            .filter(|(_, (_, cue))| !matches!(cue.class, CueClass::Pseudo | CueClass::Ends))
            .map(|(position, (span, cue))| {
                let sentence = sentence_of(sentences, span.start, stream.len());
                reach(stream, sentence, &found, position, *span, cue)
            })
            .collect();
        Modifiers { all }
    }
}

fn sentence_of(sentences: &[Span], at: usize, length: usize) -> Span {
    let index = sentences.partition_point(|sentence| sentence.end <= at);
    sentences.get(index).copied().unwrap_or(Span::new(at, length))
}

fn reach(
    stream: &Stream,
    sentence: Span,
    found: &[(Span, &Cue)],
    position: usize,
    span: Span,
    cue: &Cue,
) -> Modifier {
    let stops = |class: CueClass| {
        class == CueClass::Ends || class == CueClass::Present || same_axis(class, cue.class)
    };
    let next_stop = found[position + 1..]
        .iter()
        .take_while(|(of, _)| of.start < sentence.end)
        .find(|(_, other)| {
            stops(other.class) && other.direction != CueDirection::After && other.class != CueClass::Pseudo
        })
        .map_or(sentence.end, |(of, _)| of.start);
    let last_stop = found[..position]
        .iter()
        .rev()
        .take_while(|(of, _)| of.end > sentence.start)
        .find(|(_, other)| stops(other.class))
        .map_or(sentence.start, |(of, _)| of.end);
    let forward = Span::new(span.end, forward_end(stream, span.end, next_stop, cue.class));
    let backward = Span::new(backward_start(stream, span.start, last_stop), span.start);
    let looks_on = matches!(
        cue.direction,
        CueDirection::Before
            | CueDirection::Both
            | CueDirection::DirectlyBefore
            | CueDirection::DirectlyBeside
    );
    let looks_back = match cue.direction {
        CueDirection::Both => !(cue.class == CueClass::Negated && says_what_follows(stream, span)),
        CueDirection::After | CueDirection::DirectlyAfter | CueDirection::DirectlyBeside => true,
        CueDirection::Before | CueDirection::DirectlyBefore => false,
    };
    Modifier {
        cue: span,
        class: cue.class,
        before: looks_on.then_some(forward),
        after: looks_back.then_some(backward),
        direct: matches!(
            cue.direction,
            CueDirection::DirectlyBefore | CueDirection::DirectlyAfter | CueDirection::DirectlyBeside
        ),
    }
}

/// `弥漫大B细胞淋巴瘤不考虑滤泡性淋巴瘤` denies the second, `滤泡性淋巴瘤不考虑` the first: in Chinese the object follows at once.
fn says_what_follows(stream: &Stream, cue: Span) -> bool {
    let word = |at: usize| is_han(stream.at(at)) || stream.at(at).is_alphanumeric();
    is_han(stream.at(cue.end - 1)) && cue.end < stream.len() && word(cue.end)
}

/// Cues that answer the same question end each other's scope.
fn same_axis(a: CueClass, b: CueClass) -> bool {
    let axis = |class: CueClass| match class {
        CueClass::Negated | CueClass::Possible | CueClass::Hypothetical | CueClass::Present => 1,
        CueClass::Historical => 2,
        CueClass::Family | CueClass::Donor => 3,
        CueClass::Pseudo | CueClass::Ends => 0,
    };
    axis(a) == axis(b)
}

/// A table cell ends every scope. A comma ends it unless the list goes on; a relative is spoken of to the end.
fn forward_end(stream: &Stream, from: usize, stop: usize, class: CueClass) -> usize {
    let mut clause_start = from;
    for index in from..stop {
        match stream.at(index) {
            CELL | BREAK => return index,
            ',' if class == CueClass::Historical && turns_to_now(stream, index) => return index,
            ',' if matches!(class, CueClass::Family | CueClass::Donor) && turns_to_patient(stream, index) => {
                return index;
            }
            ',' if !matches!(class, CueClass::Family | CueClass::Donor | CueClass::Historical) => {
                if !list_goes_on(stream, clause_start, index, stop) {
                    return index;
                }
                clause_start = index + 1;
            }
            _ => {}
        }
    }
    stop
}

/// `母亲患乳腺癌,患者2023年确诊`: the relative is spoken of until the patient is named.
fn turns_to_patient(stream: &Stream, comma: usize) -> bool {
    let next = stream.lower_text(Span::new(comma + 1, stream.len().min(comma + 24)));
    let next = next.trim_start();
    let next = ["and ", "but ", "while ", "the ", "this ", "our ", "但", "而"]
        .iter()
        .fold(next, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    ["患者", "病人", "患儿", "本人", "patient"].iter().any(|word| next.starts_with(word))
}

/// `原为边缘区淋巴瘤,此次活检为弥漫大B细胞淋巴瘤`: the past ends where the present is named.
fn turns_to_now(stream: &Stream, comma: usize) -> bool {
    let next = stream.lower_text(Span::new(comma + 1, stream.len().min(comma + 14)));
    ["此次", "本次", "现", "目前", "今", "now", "currently", "this time", "presently"]
        .iter()
        .any(|word| next.trim_start().starts_with(word))
}

/// `无发热,盗汗,体重下降`: short items without a verb; `no fever, night sweats or weight loss` alike.
fn list_goes_on(stream: &Stream, clause_start: usize, comma: usize, stop: usize) -> bool {
    let next_end = (comma + 1..stop).find(|at| matches!(stream.at(*at), ',' | CELL)).unwrap_or(stop);
    let next = stream.lower_text(Span::new(comma + 1, next_end));
    let chinese = next.chars().filter(|of| is_han(*of)).count() > next.chars().count() / 3;
    let verbs = [
        "有", "见", "予", "行", "给", "为", "示", "诊断", "治疗", "化疗", "复查", "评", "可", "较", "在",
        "达", "仍", "患者",
    ];
    let english_verbs = [
        " is ",
        " are ",
        " was ",
        " were ",
        " has ",
        " had ",
        " with ",
        " shows",
        " showed",
        "started",
        "received",
        "continued",
        "she ",
        "he ",
        "we ",
    ];
    if chinese {
        next.chars().count() <= 10
            && comma - clause_start <= 14
            && !verbs.iter().any(|verb| next.contains(verb))
            && !has_number(&next)
    } else {
        let padded = format!(" {next} ");
        next.split_whitespace().count() <= 5
            && !english_verbs.iter().any(|verb| padded.contains(verb))
            && !has_number(&next)
    }
}

/// A number of its own, not the digit of a name like BCL2.
fn has_number(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|of| {
        let own = of.is_ascii_digit() && !before.is_ascii_alphanumeric() && before != '-';
        before = of;
        own
    })
}

fn backward_start(stream: &Stream, from: usize, stop: usize) -> usize {
    (stop..from).rev().find(|at| matches!(stream.at(*at), ',' | CELL | BREAK | ':')).map_or(stop, |at| at + 1)
}

impl Modifiers {
    /// How the mention at `span` is asserted by the cues that reach it.
    pub(crate) fn read(&self, span: Span) -> Reading {
        let mut reading = Reading::default();
        let mut nearest: Option<(usize, &Modifier)> = None;
        for modifier in self.all.iter().filter(|of| of.reaches(span)) {
            match modifier.class {
                CueClass::Family => reading.experiencer = Experiencer::Family,
                CueClass::Donor => reading.experiencer = Experiencer::Donor,
                CueClass::Historical => reading.temporality = Temporality::Historical,
                CueClass::Negated | CueClass::Possible | CueClass::Hypothetical | CueClass::Present => {
                    let distance = modifier.distance(span);
                    if nearest.is_none_or(|(of, _)| distance < of) {
                        nearest = Some((distance, modifier));
                    }
                    continue;
                }
                CueClass::Pseudo | CueClass::Ends => continue,
            }
            reading.cues.push(modifier.cue);
        }
        if let Some((_, modifier)) = nearest {
            reading.assertion = match modifier.class {
                CueClass::Negated => Assertion::Negated,
                CueClass::Possible => Assertion::Possible,
                CueClass::Hypothetical => Assertion::Hypothetical,
                _ => Assertion::Present,
            };
            if reading.assertion != Assertion::Present {
                reading.cues.push(modifier.cue);
            }
        }
        reading
    }
}

impl Modifier {
    fn reaches(&self, target: Span) -> bool {
        if self.cue.overlaps(target) {
            return false;
        }
        let inside = |scope: Option<Span>| {
            scope.is_some_and(|of| {
                of.start <= target.start
                    && target.start < of.end.max(of.start + 1)
                    && target.end <= of.end.max(target.start + 1)
            })
        };
        let near = !self.direct || self.distance(target) <= 1;
        near && (inside(self.before) || inside(self.after))
    }

    fn distance(&self, target: Span) -> usize {
        if target.start >= self.cue.end {
            target.start - self.cue.end
        } else {
            self.cue.start.saturating_sub(target.end)
        }
    }
}
