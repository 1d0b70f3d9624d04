//! One document prepared for the grammars: stream, sentences, sections, kind, dates, concept hits.

use crate::{
    assertion::Modifiers,
    choices,
    dates::{self, DateMention, Order},
    doctype,
    engine::Engine,
    grammar::{Phrase, TableHeading},
    layout,
    lexicon::Candidate,
    sections::{self, Section},
    segment,
    stream::{BREAK, Hit, Span, Stream},
    vocabulary::dates::BIRTH,
    walk::Met,
    words::{List, words},
};
use cartulary_catalogue::{Catalogue, Needs};
use cartulary_model::{ConceptId, PartialDate, SourceDocument};
use std::cell::OnceCell;

/// One document, prepared.
pub(crate) struct Sheet<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) source: &'a SourceDocument,
    pub(crate) stream: Stream,
    pub(crate) sentences: Vec<Span>,
    /// For each character the number of its sentence.
    sentence_of: Vec<u32>,
    /// Where the rows begin.
    rows: Vec<usize>,
    pub(crate) sections: Vec<Section>,
    /// `sec.doc_*`.
    pub(crate) kind: Option<ConceptId>,
    /// The day the paper was written.
    pub(crate) date: Option<PartialDate>,
    /// The day the specimen was taken or the examination made.
    pub(crate) sample_date: Option<(PartialDate, Span)>,
    pub(crate) mentions: Vec<DateMention>,
    /// Dates of birth: they date nothing else.
    pub(crate) births: Vec<DateMention>,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) modifiers: Modifiers,
    /// Labels of a header, relatives, cells of origin.
    pub(crate) phrases: Vec<Phrase>,
    /// Whether cells or a transplant are named, sought when first asked for.
    pub(crate) names_cells: OnceCell<bool>,
    /// The rows that head tables of treatments, sought when first asked for.
    pub(crate) treatment_headings: OnceCell<Vec<TableHeading>>,
}

impl<'a> Sheet<'a> {
    /// The whole document as one sheet.
    pub(crate) fn new(engine: &'a Engine, source: &'a SourceDocument, hint: &Hint) -> Self {
        Frame::new(engine, source, hint).into_sheet()
    }

    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.engine.catalogue
    }

    /// The sentence a place stands in.
    pub(crate) fn sentence(&self, at: usize) -> Span {
        let index = self.sentence_of.get(at).map_or(self.sentences.len(), |of| *of as usize);
        self.sentences.get(index).copied().unwrap_or(Span::new(at, self.stream.len()))
    }

    /// Where the row begins that a place stands in.
    pub(crate) fn row_start(&self, at: usize) -> usize {
        self.row_of_number(self.row_number(at))
    }

    /// The number of the row a place stands in, from the top.
    pub(crate) fn row_number(&self, at: usize) -> usize {
        self.rows.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// Where the row with a number begins.
    pub(crate) fn row_of_number(&self, number: usize) -> usize {
        self.rows.get(number).copied().unwrap_or(0)
    }

    /// The date that is told from exactly this place on.
    pub(crate) fn mention_at(&self, at: usize) -> Option<&DateMention> {
        let index = self.mentions.binary_search_by_key(&at, |of| of.span.start).ok()?;
        self.mentions.get(index)
    }

    /// The dates that begin inside a span.
    pub(crate) fn mentions_in(&self, span: Span) -> &[DateMention] {
        let from = self.mentions.partition_point(|of| of.span.start < span.start);
        let count = self.mentions[from..].partition_point(|of| of.span.start < span.end);
        &self.mentions[from..from + count]
    }

    /// The section a place stands under.
    pub(crate) fn section(&self, at: usize) -> Option<&Section> {
        let index = self.sections.partition_point(|section| section.span.start <= at);
        index
            .checked_sub(1)
            .and_then(|before| self.sections.get(before))
            .filter(|section| at < section.span.end)
    }

    /// Whether a place stands under one of these headings.
    pub(crate) fn is_under(&self, at: usize, headings: &[&str]) -> bool {
        self.section(at).is_some_and(|section| headings.contains(&section.concept.as_str()))
    }

    /// Whether the document is of one of these kinds.
    pub(crate) fn is_kind(&self, kinds: &[&str]) -> bool {
        self.kind.as_ref().is_some_and(|kind| kinds.contains(&kind.as_str()))
    }

    /// Hits of a kind whose form needs nothing, or needs one of `given`.
    pub(crate) fn hits<'s>(
        &'s self,
        kinds: &'s [&'s str],
        given: &'s [Needs],
    ) -> impl Iterator<Item = &'s Hit> {
        self.candidates
            .iter()
            .filter(move |of| kinds.iter().any(|kind| of.hit.concept.is(kind)))
            .filter(move |of| of.needs.is_none_or(|needs| given.contains(&needs)))
            .map(|of| &of.hit)
    }

    /// The candidates that start inside a span.
    pub(crate) fn candidates_in(&self, span: Span) -> &[Candidate] {
        let start = self.candidates.partition_point(|of| of.hit.span.start < span.start);
        let end = self.candidates.partition_point(|of| of.hit.span.start < span.end);
        self.candidates.get(start..end).unwrap_or_default()
    }

    /// Whether one of the words stands in the span.
    pub(crate) fn says(&self, span: Span, words: &List) -> bool {
        self.stream.words_in(self.within(span), words).next().is_some()
    }

    /// The span cut to the stream.
    pub(crate) fn within(&self, span: Span) -> Span {
        let end = span.end.min(self.stream.len());
        Span::new(span.start.min(end), end)
    }

    /// The piece of the sentence before a place, at most so many characters.
    pub(crate) fn before(&self, at: usize, most: usize) -> Span {
        let sentence = self.sentence(at);
        Span::new(sentence.start.max(at.saturating_sub(most)), at)
    }

    /// The piece of the sentence after a place, at most so many characters.
    pub(crate) fn after(&self, at: usize, most: usize) -> Span {
        let sentence = self.sentence(at.saturating_sub(1));
        Span::new(at, sentence.end.min(at + most).max(at))
    }
}

/// What holds for a whole document, before its parts are read.
pub(crate) struct Frame<'a> {
    engine: &'a Engine,
    source: &'a SourceDocument,
    stream: Stream,
    sections: Vec<Section>,
    pub(crate) kind: Option<ConceptId>,
    pub(crate) date: Option<PartialDate>,
    pub(crate) sample_date: Option<(PartialDate, Span)>,
    mentions: Vec<DateMention>,
    births: Vec<DateMention>,
    /// The terms, cues and phrases of the stream.
    met: Vec<Met>,
}

/// Longer documents are read in parts. Grammars look around a mention, so their time may grow with the square of what
/// they are given; parts bound that, and a hundred pages cost ten times ten pages.
const PART: usize = 16_000;

impl<'a> Frame<'a> {
    pub(crate) fn new(engine: &'a Engine, source: &'a SourceDocument, hint: &Hint) -> Self {
        let stream = engine.repair.set_right(choices::answered(layout::stream(source)));
        let mut met = engine.walk.over(&stream);
        if stream.len() > PART {
            // Each part is walked over by itself.
            met = Vec::new();
        }
        let kind = hint.kind.clone().or_else(|| doctype::kind(engine, source, &stream));
        let sayings = dates::read(&stream);
        let mut undated = sayings.dated(&stream, None, hint.order);
        undated.retain(|of| !is_birth(&stream, of.span));
        let date = hint.date.or_else(|| doctype::date(&engine.date_labels, &stream, &undated));
        let sampled = doctype::sample_date(&engine.date_labels, &stream, &undated);
        let anchor = date.or(sampled.map(|(of, _)| of));
        let mut mentions = sayings.dated(&stream, anchor, hint.order);
        // The paper's own date may prove the order of day and month.
        let sample_date = doctype::sample_date(&engine.date_labels, &stream, &mentions);
        let births = split_births(&stream, &mut mentions);
        let sections = sections::sections(engine, source, &stream, hint.section.clone());
        Self { engine, source, stream, sections, kind, date, sample_date, mentions, births, met }
    }

    /// The sheets of the document's parts, one for all but long documents; each is made when it is asked for, so that
    /// there is never more than one.
    pub(crate) fn sheets(self) -> impl Iterator<Item = Sheet<'a>> {
        let is_short = self.stream.len() <= PART;
        let parts = parts(&self.stream);
        let mut frame = Some(self);
        parts.into_iter().filter_map(move |part| {
            if is_short {
                return frame.take().map(Self::into_sheet);
            }
            frame.as_ref().map(|whole| whole.part(part).into_sheet())
        })
    }

    fn part(&self, part: Span) -> Self {
        let moved = |span: Span| {
            let cut = |at: usize| at.clamp(part.start, part.end) - part.start;
            Span::new(cut(span.start), cut(span.end))
        };
        let dates = |all: &[DateMention]| {
            let begin = all.partition_point(|of| of.span.start < part.start);
            let inside = all[begin..].iter().take_while(|of| of.span.end <= part.end);
            inside.map(|of| DateMention { span: moved(of.span), ..*of }).collect()
        };
        let stream = self.stream.part(part);
        let met = self.engine.walk.over(&stream);
        let touches = |of: &&Section| of.span.start < part.end && part.start < of.span.end;
        Self {
            engine: self.engine,
            source: self.source,
            stream,
            sections: self
                .sections
                .iter()
                .filter(touches)
                .map(|of| Section {
                    concept: of.concept.clone(),
                    span: moved(of.span),
                    heading: moved(of.heading),
                })
                .collect(),
            kind: self.kind.clone(),
            date: self.date,
            sample_date: self.sample_date.map(|(date, span)| (date, moved(span))),
            mentions: dates(&self.mentions),
            births: dates(&self.births),
            met,
        }
    }

    fn into_sheet(self) -> Sheet<'a> {
        let Self { engine, source, stream, sections, kind, date, sample_date, mentions, births, met } = self;
        let sentences = segment::sentences(&stream);
        let mut sentence_of = Vec::with_capacity(stream.len());
        for (number, sentence) in (0..).zip(&sentences) {
            sentence_of.resize(sentence.end, number);
        }
        let breaks = stream.signs_in(Span::new(0, stream.len()), |of| of == BREAK);
        let rows = std::iter::once(0).chain(breaks.map(|at| at + 1)).collect();
        let candidates = engine.lexicon.scan(&stream, &engine.walk, &met);
        let modifiers = engine.cues.scan(&stream, (&engine.walk, &met), &sentences, &candidates);
        let phrases = engine.phrases.scan(&engine.walk, &met);
        Sheet {
            engine,
            source,
            stream,
            sentences,
            sentence_of,
            rows,
            sections,
            kind,
            date,
            sample_date,
            mentions,
            births,
            candidates,
            modifiers,
            phrases,
            names_cells: OnceCell::new(),
            treatment_headings: OnceCell::new(),
        }
    }
}

/// Parts end with a paragraph where there is one, else with a sentence, else anywhere.
fn parts(stream: &Stream) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = 0;
    while stream.len() - start > PART {
        let half = start + PART / 2;
        let last = |ends: fn(char) -> bool| (half..start + PART).rev().find(|at| ends(stream.at(*at)));
        let end = last(|of| of == BREAK)
            .or_else(|| last(|of| matches!(of, '。' | '.' | ';')))
            .or_else(|| last(char::is_whitespace))
            .map_or(start + PART, |at| at + 1);
        parts.push(Span::new(start, end));
        start = end;
    }
    parts.push(Span::new(start, stream.len()));
    parts
}

/// Takes the dates of birth out of the dates.
fn split_births(stream: &Stream, mentions: &mut Vec<DateMention>) -> Vec<DateMention> {
    let births = mentions.iter().filter(|of| is_birth(stream, of.span)).copied().collect();
    mentions.retain(|of| !is_birth(stream, of.span));
    births
}

/// A date of birth dates nothing else.
pub(crate) fn is_birth(stream: &Stream, span: Span) -> bool {
    let before = stream.lower_text(Span::new(span.start.saturating_sub(16), span.start));
    let before = before.trim_end_matches([' ', ':', '\t']);
    // `1962-04-30出生`, "17 May 1999 (date of birth)".
    let behind = stream
        .reads_any(span.end, words!["出生", "生,", "生人", " born", " (born", " (dob)", " (date of birth)"]);
    stream.text_ends(before, BIRTH) || behind
}

/// What the sender of a record already knows of it.
#[derive(Clone, Debug, Default)]
pub struct Hint {
    /// `sec.doc_*`.
    pub kind: Option<ConceptId>,
    /// The heading the text stands under.
    pub section: Option<ConceptId>,
    /// The day of the document.
    pub date: Option<PartialDate>,
    /// How other papers of the case write numeric dates.
    pub(crate) order: Option<Order>,
}
