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
    let mut found = Vec::new();
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
