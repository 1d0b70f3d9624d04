//! What kind of paper it is, and its dates.

use crate::{
    dates::DateMention,
    engine::Engine,
    lexicon::folded,
    stream::{BREAK, CELL, Span, Stream, is_han},
    vocabulary::layout::{TITLE_SCORE_REPORT, WRITTEN_BY_HAND_LETTER},
    words::words,
};
use cartulary_catalogue::{Catalogue, hash::Table};
use cartulary_model::{ConceptId, PartialDate, SourceDocument};

/// Folded titles, longest first.
pub(crate) struct Titles {
    forms: Vec<(Vec<char>, ConceptId)>,
}

impl Titles {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let forms = catalogue
            .document_kind_forms()
            .into_iter()
            .map(|form| (folded(&form.text).chars().collect::<Vec<char>>(), form.concept))
            .filter(|(form, _)| form.len() > 1)
            .collect();
        Self { forms }
    }
}

/// Words before the day a paper was written and before the day its specimen was taken.
pub(crate) struct DateLabels {
    report: Vec<Vec<char>>,
    sample: Vec<Vec<char>>,
}

impl DateLabels {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let of = |id: &str| {
            // In the catalogue's order: the day a specimen was taken before the day it arrived.
            let concept = catalogue.concept(&ConceptId::from(id));
            let forms = concept.into_iter().flat_map(|concept| &concept.forms);
            forms.map(|form| folded(&form.text).chars().collect()).collect()
        };
        Self { report: of("sec.sec_report_date"), sample: of("sec.sec_sample_date") }
    }
}

/// How far down a title may stand, in characters.
const TITLE_REACH: usize = 220;

/// The kind of paper, from its title; for a message, from what carried it.
pub(crate) fn kind(engine: &Engine, source: &SourceDocument, stream: &Stream) -> Option<ConceptId> {
    let mut places: Table<char, Vec<usize>> = Table::default();
    for (at, of) in stream.lower.iter().take(TITLE_REACH).enumerate() {
        places.entry(*of).or_default().push(at);
    }
    let mut best: Option<(i32, ConceptId)> = None;
    for (form, concept) in &engine.titles.forms {
        for at in places.get(&form[0]).into_iter().flatten().copied() {
            let end = at + form.len();
            if stream.lower.get(at..end) != Some(form.as_slice()) || !stands_alone(stream, Span::new(at, end))
            {
                continue;
            }
            let score = title_score(stream, Span::new(at, end));
            if best.as_ref().is_none_or(|(of, _)| score > *of) {
                best = Some((score, concept.clone()));
            }
        }
    }
    let titled = best.filter(|(score, _)| *score > 0).map(|(_, concept)| concept);
    titled.or_else(|| written_by_hand(source, stream))
}

/// A title stands high in a short row of its own; a word inside a sentence is none.
fn title_score(stream: &Stream, span: Span) -> i32 {
    let row_start =
        (0..span.start).rev().find(|at| matches!(stream.at(*at), BREAK | CELL)).map_or(0, |at| at + 1);
    let row_end =
        (span.end..stream.len()).find(|at| matches!(stream.at(*at), BREAK | CELL)).unwrap_or(stream.len());
    let text = stream.lower_text(Span::new(row_start, row_end));
    let spaced_out: String = text.chars().filter(|of| *of != ' ').collect();
    let sentence =
        text.chars().count() > 64 || text.contains(['。', ':']) || text.trim_end().ends_with([',', '.']);
    if sentence {
        return 0;
    }
    let length = i32::try_from(span.end - span.start).unwrap_or(0);
    let han = (span.start..span.end).filter(|at| is_han(stream.at(*at))).count();
    let letters = length + i32::try_from(han).unwrap_or(0);
    let around = i32::try_from(spaced_out.chars().count()).unwrap_or(i32::MAX) - length;
    let row = i32::try_from((0..row_start).filter(|at| stream.at(*at) == BREAK).count()).unwrap_or(0);
    let bonus = if stream.text_has(text, TITLE_SCORE_REPORT) { 12 } else { 4 };
    letters + bonus - around.min(40) / 3 - row
}

fn stands_alone(stream: &Stream, span: Span) -> bool {
    let latin = |of: char| !is_han(of) && of.is_alphanumeric();
    let before = span.start.checked_sub(1).map_or(' ', |at| stream.at(at));
    let goes_back = latin(stream.at(span.start)) && latin(before);
    let goes_on = latin(stream.at(span.end - 1)) && latin(stream.at(span.end));
    !goes_back && !goes_on
}

/// A letter says "Dear"; plain text and mail bodies without a title are messages.
fn written_by_hand(source: &SourceDocument, stream: &Stream) -> Option<ConceptId> {
    let opening = stream.lower_text(Span::new(0, stream.len().min(900)));
    if stream.text_has(opening, WRITTEN_BY_HAND_LETTER) && source.media_type != "text/plain" {
        return Some("sec.doc_referral".into());
    }
    let written = source.media_type.starts_with("text/") || source.media_type.starts_with("message/");
    written.then(|| "sec.doc_message".into())
}

/// The day the paper was written: a labelled date, else the last complete date near the end.
pub(crate) fn date(labels: &DateLabels, stream: &Stream, mentions: &[DateMention]) -> Option<PartialDate> {
    let labelled = labelled_date(stream, mentions, &labels.report);
    let signed = mentions
        .iter()
        .rev()
        .find(|of| of.date.day().is_some() && stream.len() - of.span.end < SIGNED && signs(stream, of.span))
        .map(|of| (of.date, of.span));
    let headed = mentions
        .iter()
        .find(|of| {
            let alone =
                || stands_in_own_row(stream, of.span) && !is_one_of_columns(stream, mentions, of.span);
            of.date.day().is_some() && of.span.start < 400 && alone()
        })
        .map(|of| (of.date, of.span));
    let stamped = mentions
        .iter()
        .find(|of| of.date.day().is_some() && is_stamp(stream, of.span))
        .map(|of| (of.date, of.span));
    let sampled = || sample_date(labels, stream, mentions);
    // Nothing is written down before the specimen was taken.
    let told = headed.or(signed).or(stamped);
    // No paper tells of what came half a year after it: the first day of a series, a birth.
    let told = told.filter(|(day, _)| !is_long_before(mentions, *day));
    let told = told.filter(|(day, _)| sampled().is_none_or(|(of, _)| day.latest() >= of.earliest()));
    labelled.or(told).or_else(sampled).map(|(date, _)| date)
}

/// How far from the end of a paper its day may stand, in characters.
const SIGNED: usize = 80;

/// Whether days are told that lie more than half a year later: appointments and terms are nearer.
fn is_long_before(mentions: &[DateMention], day: PartialDate) -> bool {
    const DAYS: i32 = 183;
    let later = |of: &DateMention| {
        let away = day.latest().until(of.date.earliest()).map_or(0, |span| span.get_days());
        of.date.day().is_some() && away > DAYS
    };
    mentions.iter().any(later)
}

/// `Test | 03.06.24 | 08.06.24`: a day that stands side by side with others heads a column of a table.
fn is_one_of_columns(stream: &Stream, mentions: &[DateMention], span: Span) -> bool {
    let Some(row) = stream.short_row(span.start) else { return true };
    mentions.iter().any(|of| of.span != span && of.span.start >= row.start && of.span.end <= row.end)
}

/// The day the specimen was taken or the examination made.
pub(crate) fn sample_date(
    labels: &DateLabels,
    stream: &Stream,
    mentions: &[DateMention],
) -> Option<(PartialDate, Span)> {
    labelled_date(stream, mentions, &labels.sample)
}

/// A short row that ends with its day, as under a signature; a day inside a story is none.
fn signs(stream: &Stream, span: Span) -> bool {
    const SHORT: usize = 44;
    let start = (0..span.start).rev().find(|at| stream.at(*at) == BREAK).map_or(0, |at| at + 1);
    let end = (span.end..stream.len()).find(|at| stream.at(*at) == BREAK).unwrap_or(stream.len());
    let time =
        |at: usize| stream.at(at).is_ascii_digit() || matches!(stream.at(at), ':' | ' ' | CELL | '.' | '。');
    // `2024年7月4日电话:0797-5501183`
    let called = stream.reads_any(span.end, words!["电话", " 电话", "联系电话", " tel", " phone"]);
    end - start <= SHORT && ((span.end..end).all(time) || called && span.start <= start + 1)
}

/// The next words stand in another line of the paper, though they were taken for the same paragraph.
fn is_end_of_line(stream: &Stream, at: usize) -> bool {
    let line = |of: usize| stream.origins.get(of).map(|origin| origin.line);
    let next = if stream.at(at) == ' ' { at + 1 } else { at };
    at > 0 && line(next).is_some_and(|next| line(at - 1) != Some(next))
}

/// `[2024/3/9 21:14] 女儿: ...`: day and hour at the head of a message.
fn is_stamp(stream: &Stream, span: Span) -> bool {
    let opens = span.start.checked_sub(1).is_some_and(|at| stream.at(at) == '[')
        && span.start.checked_sub(2).is_none_or(|at| stream.at(at) == BREAK);
    let close = (span.end..span.end + 10).find(|at| stream.at(*at) == ']').unwrap_or(span.end);
    opens
        && (span.end..close)
            .all(|at| stream.at(at).is_ascii_digit() || matches!(stream.at(at), ' ' | ':' | ','))
        && stream.at(close) == ']'
}

fn stands_in_own_row(stream: &Stream, span: Span) -> bool {
    let before = span.start.checked_sub(1).map_or(BREAK, |at| stream.at(at));
    let closes = matches!(stream.at(span.end), BREAK | CELL) || is_end_of_line(stream, span.end);
    matches!(before, BREAK | CELL) && closes
}

/// The day behind the first of the labels that stands anywhere.
fn labelled_date(
    stream: &Stream,
    mentions: &[DateMention],
    labels: &[Vec<char>],
) -> Option<(PartialDate, Span)> {
    let behind = |mention: &DateMention| {
        let mut at = mention.span.start;
        while at > 0 && matches!(stream.at(at - 1), ' ' | ':' | CELL | '为') {
            at -= 1;
        }
        at
    };
    let days: Vec<(usize, &DateMention)> =
        mentions.iter().filter(|of| of.until.is_none()).map(|of| (behind(of), of)).collect();
    let labelled = |at: usize, label: &[char]| {
        at.checked_sub(label.len()).is_some_and(|start| {
            let before = start.checked_sub(1).map_or(' ', |of| stream.at(of));
            let whole = !before.is_alphanumeric() || (is_han(before) && label.len() > 2);
            stream.lower[..at].ends_with(label) && whole
        })
    };
    labels.iter().find_map(|label| {
        let ends = |at: usize| at > 0 && stream.lower.get(at - 1) == label.last();
        let day = days.iter().find(|(at, _)| ends(*at) && labelled(*at, label));
        day.map(|(_, mention)| (mention.date, mention.span))
    })
}
