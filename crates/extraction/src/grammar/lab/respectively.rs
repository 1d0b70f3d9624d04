//! Later values of several analytes told together: `PLT最低9,ANC最低0.02,出院时分别为102、2.4`.
//!
//! As many numbers as analytes with a value of their own before them, in the same order; what they replace is old.

use super::{course::value_draft, row::is_own};
use crate::{
    draft::Draft,
    number::{self, Number, Slot},
    sheet::Sheet,
    stream::{Hit, Span},
    words::{Place, words},
};
use cartulary_model::{Temporality, Unit};

/// The later values; the ones before become old.
pub(super) fn read(sheet: &Sheet<'_>, drafts: &mut [Draft]) -> Vec<Draft> {
    let whole = Span::new(0, sheet.stream.len());
    let told: Vec<Span> =
        sheet.stream.words_in(whole, words!["分别为", "分别是", "分别"]).map(Place::span).collect();
    let mut found: Vec<Draft> = Vec::new();
    for word in told {
        if found.last().is_none_or(|last| last.span.start < word.start) {
            found.extend(of_one(sheet, drafts, word));
        }
    }
    found
}

fn of_one(sheet: &Sheet<'_>, drafts: &mut [Draft], word: Span) -> Vec<Draft> {
    const LEAD: usize = 10;
    let later = words!["出院", "目前", "现", "复查", "今日", "本次", "治疗后", "回输后", "恢复至", "升至"];
    let values = values(sheet, word.end);
    let sentence = sheet.sentence(word.start);
    let before: Vec<usize> = (0..drafts.len())
        .filter(|at| {
            let of = &drafts[*at];
            of.span.end <= word.start && of.span.start >= sentence.start && of.rule.starts_with("lab.")
        })
        .collect();
    let last = before.last().map(|at| drafts[*at].span.end);
    let leads =
        last.is_some_and(|end| word.start - end <= LEAD && sheet.says(Span::new(end, word.start), later));
    if !leads || values.len() < 2 || before.len() < values.len() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, (number, unit, span)) in before[before.len() - values.len()..].iter().zip(values) {
        let former = &mut drafts[*at];
        let hit = Hit { span: former.name, concept: former.concept.clone() };
        if unit.as_ref().is_some_and(|unit| !is_own(sheet, &hit.concept, unit)) {
            return Vec::new();
        }
        former.temporality = Some(Temporality::Historical);
        found.push(value_draft(sheet, &hit, number, unit, span));
    }
    found
}

/// Numbers with their units, parted by `、` or a comma.
fn values(sheet: &Sheet<'_>, from: usize) -> Vec<(Number, Option<Unit>, Span)> {
    let stream = &sheet.stream;
    let slot = Slot { measured: true, spaced: false };
    let mut values = Vec::new();
    let mut at = from;
    loop {
        while matches!(stream.at(at), ' ' | ':' | '为') {
            at += 1;
        }
        let Some(number) = number::number_in(stream, at, slot) else { break };
        let behind = number.span.end + usize::from(stream.at(number.span.end) == ' ');
        let unit = sheet.engine.units.read(stream, behind);
        let end = unit.as_ref().map_or(number.span.end, |of| of.span.end);
        values.push((number, unit.map(|of| of.unit), Span::new(number.span.start, end)));
        if !matches!(stream.at(end), '、' | ',' | '和' | '及') {
            break;
        }
        at = end + 1;
    }
    values
}
