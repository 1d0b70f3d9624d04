//! What kind of paper it is, and its dates.

use crate::{
    dates::DateMention,
    engine::Engine,
    lexicon::folded,
    stream::{BREAK, CELL, Span, Stream, is_han},
};
use cartulary_catalogue::Catalogue;
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

/// How far down a title may stand, in characters.
const TITLE_REACH: usize = 220;

/// The kind of paper, from its title; for a message, from what carried it.
pub(crate) fn kind(engine: &Engine, source: &SourceDocument, stream: &Stream) -> Option<ConceptId> {
    let mut best: Option<(i32, ConceptId)> = None;
    for (form, concept) in &engine.titles.forms {
        for at in 0..stream.len().min(TITLE_REACH) {
            let end = at + form.len();
            if stream.lower.get(at..end) != Some(form.as_slice()) || !stands_alone(stream, Span::new(at, end)) {
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

/// A title fills its row, stands high, and is long; a word inside a sentence is none.
fn title_score(stream: &Stream, span: Span) -> i32 {
    let row_start = (0..span.start).rev().find(|at| matches!(stream.at(*at), BREAK)).map_or(0, |at| at + 1);
    let row_end = (span.end..stream.len()).find(|at| matches!(stream.at(*at), BREAK)).unwrap_or(stream.len());
    let around = (row_end - row_start) - (span.end - span.start);
    let around = i32::try_from(around).unwrap_or(i32::MAX);
    let length = i32::try_from(span.end - span.start).unwrap_or(0);
    let letters = if is_han(stream.at(span.start)) { 2 * length } else { length };
    let row = i32::try_from((0..row_start).filter(|at| stream.at(*at) == BREAK).count()).unwrap_or(0);
    let report = ["报告", "report", "记录", "小结", "summary", "单"];
    let text = stream.lower_text(Span::new(row_start, row_end));
    let bonus = if report.iter().any(|word| text.contains(word)) { 12 } else { 0 };
    letters + bonus - around.min(40) - 2 * row
}

fn stands_alone(stream: &Stream, span: Span) -> bool {
    let latin = |of: char| of.is_alphanumeric() && !is_han(of);
    let before = span.start.checked_sub(1).map_or(' ', |at| stream.at(at));
    !(latin(stream.at(span.start)) && latin(before)) && !(latin(stream.at(span.end - 1)) && latin(stream.at(span.end)))
}

/// A letter says "Dear"; plain text and mail bodies without a title are messages.
fn written_by_hand(source: &SourceDocument, stream: &Stream) -> Option<ConceptId> {
    let opening = stream.lower_text(Span::new(0, stream.len().min(900)));
    let letter = ["dear dr", "dear doctor", "dear colleague", "dear prof", "re:", "yours sincerely", "referral", "尊敬的"];
    if letter.iter().any(|word| opening.contains(word)) && source.media_type != "text/plain" {
        return Some("sec.doc_referral".into());
    }
    let written = source.media_type.starts_with("text/") || source.media_type.starts_with("message/");
    written.then(|| "sec.doc_message".into())
}

const REPORT_DATE: [&str; 14] = [
    "报告日期", "报告时间", "审核日期", "审核时间", "签发日期", "出院日期", "出院时间", "打印日期", "记录日期", "日期",
    "report date", "date of report", "reported", "date",
];
const SAMPLE_DATE: [&str; 22] = [
    "采集时间", "采样时间", "采集日期", "采样日期", "标本采集", "送检日期", "接收日期", "检查日期", "检查时间", "收样日期",
    "收到日期", "活检日期", "手术日期", "collected", "collection date", "date collected", "specimen date", "date of examination", "exam date",
    "date of biopsy", "date of procedure", "sample date",
];

/// The day the paper was written: a labelled date, else the last complete date near the end.
pub(crate) fn date(stream: &Stream, mentions: &[DateMention]) -> Option<PartialDate> {
    let labelled = REPORT_DATE.iter().find_map(|label| labelled_date(stream, mentions, label));
    let signed = mentions
        .iter()
        .rev()
        .find(|of| of.date.day().is_some() && stream.len() - of.span.end < 60)
        .map(|of| (of.date, of.span));
    labelled.or(signed).or_else(|| sample_date(stream, mentions)).map(|(date, _)| date)
}

/// The day the specimen was taken or the examination made.
pub(crate) fn sample_date(stream: &Stream, mentions: &[DateMention]) -> Option<(PartialDate, Span)> {
    SAMPLE_DATE.iter().find_map(|label| labelled_date(stream, mentions, label))
}

fn labelled_date(stream: &Stream, mentions: &[DateMention], label: &str) -> Option<(PartialDate, Span)> {
    let label: Vec<char> = label.chars().collect();
    mentions.iter().find_map(|mention| {
        let mut at = mention.span.start;
        while at > 0 && matches!(stream.at(at - 1), ' ' | ':' | CELL | '为') {
            at -= 1;
        }
        let start = at.checked_sub(label.len())?;
        let same = stream.lower.get(start..at)? == label.as_slice();
        let before = start.checked_sub(1).map_or(' ', |of| stream.at(of));
        let whole = !before.is_alphanumeric() || (is_han(before) && label.len() > 2);
        (same && whole && mention.until.is_none()).then_some((mention.date, mention.span))
    })
}
