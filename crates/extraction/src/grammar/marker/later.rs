//! A second result of a marker told without its name: the later one.
//!
//! ## Reads
//! "CD19 was positive in the 2021 biopsy and is negative now", "Ki-67 was 20% in 2018 and is 80% now",
//! `原活检CD20阳性,本次阴性`.
//!
//! ## Never
//! Goes past the name of another marker or the end of the sentence.

use crate::{
    draft::Draft,
    number,
    sheet::Sheet,
    stream::Span,
    vocabulary::marker::{LATER_NEGATIVE, LATER_POSITIVE, LATER_TURNS},
    words::List,
};
use cartulary_model::{
    Assertion, Temporality, Value,
    fact::{Attr, Sign},
};

/// The later results; what they replace becomes old.
pub(super) fn read(sheet: &Sheet<'_>, drafts: &mut [Draft]) -> Vec<Draft> {
    const REACH: usize = 64;
    let names: Vec<Span> = drafts.iter().map(|of| of.name).collect();
    let mut found: Vec<Draft> =
        drafts.iter_mut().filter(|of| is_told(of)).filter_map(|of| before_in_bracket(sheet, of)).collect();
    for former in drafts.iter_mut().filter(|of| is_told(of)) {
        let sentence = sheet.sentence(former.span.start).end.min(former.span.end + REACH);
        let next = names.iter().map(|of| of.start).find(|at| *at >= former.span.end);
        let until = next.map_or(sentence, |at| at.min(sentence));
        if let Some(later) = later(sheet, former, Span::new(former.span.end, until.max(former.span.end))) {
            former.temporality = Some(Temporality::Historical);
            found.push(later);
        }
    }
    found
}

/// "CD19 now lost (strong in 2021)": the bracket tells what it was.
fn before_in_bracket(sheet: &Sheet<'_>, now: &mut Draft) -> Option<Draft> {
    const REACH: usize = 16;
    const LONGEST: usize = 34;
    let stream = &sheet.stream;
    if now.value != Value::Sign(Sign::Negative) {
        return None;
    }
    let end = (now.name.end + REACH).min(sheet.sentence(now.name.end).end);
    let open = (now.name.end..end).find(|at| stream.at(*at) == '(')?;
    let close = (open..(open + LONGEST).min(stream.len())).find(|at| stream.at(*at) == ')')?;
    let inside = Span::new(open + 1, close);
    let lost =
        sheet.says(Span::new(now.name.end, open), crate::words::words!["lost", "loss", "negative", "absent"]);
    let day = sheet.mentions.iter().find(|of| inside.start <= of.span.start && of.span.end <= inside.end)?;
    let mut told = stream.words_at(
        inside.start,
        crate::words::words![
            "strong ",
            "strongly ",
            "positive ",
            "weak ",
            "dim ",
            "bright ",
            "expressed ",
            "was positive "
        ],
    );
    let word = told.next_back().filter(|_| lost)?;
    let mut was = Draft { attrs: std::collections::BTreeMap::new(), span: inside, ..now.clone() }
        .value(Value::Sign(Sign::Positive));
    if let Some(intensity) = now.attrs.remove(&Attr::Intensity) {
        was.set(Attr::Intensity, intensity);
    }
    was.date = Some((day.date, day.span));
    was.temporality = Some(Temporality::Historical);
    was.rule = "marker.later";
    now.span.end = now.span.end.min(open).max(now.name.end);
    (word.end() <= inside.end).then_some(was)
}

fn is_told(draft: &Draft) -> bool {
    draft.rule == "marker.stain" && draft.assertion.is_none_or(|of| of == Assertion::Present)
}

/// The result behind a turn to today, if it differs.
fn later(sheet: &Sheet<'_>, former: &Draft, window: Span) -> Option<Draft> {
    let stream = &sheet.stream;
    let turn = stream.words_beginning(window, LATER_TURNS).next()?.start();
    let at = stream.words_at(turn, LATER_TURNS).next_back()?.end();
    let blank =
        Draft { attrs: std::collections::BTreeMap::new(), value: Value::None, date: None, ..former.clone() };
    let told = |sign: Sign, words: &List| {
        let span = stream.first_word_at(at, words)?.span();
        Some(Draft { span, rule: "marker.later", ..blank.clone() }.value(Value::Sign(sign)))
    };
    let percent = || {
        let number = number::number_at(stream, at).filter(|of| stream.at(of.span.end) == '%')?;
        let span = Span::new(at, number.span.end + 1);
        former.attrs.contains_key(&Attr::Percent).then(|| {
            Draft { span, rule: "marker.later", ..blank.clone() }.number(Attr::Percent, number.value)
        })
    };
    let later = told(Sign::Negative, LATER_NEGATIVE)
        .or_else(|| told(Sign::Positive, LATER_POSITIVE))
        .or_else(percent)?;
    let differs = later.value != former.value || later.attrs != former.attrs;
    differs.then(|| {
        let mut later = later;
        later.cues.push(former.name);
        later.temporality = Some(Temporality::Current);
        later
    })
}
