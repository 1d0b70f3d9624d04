//! The visit that a scan's score belongs to: interim, end of treatment, day or month after an infusion.
//!
//! ## Reads
//! "Deauville 2 at interim", `中期PET:Deauville评分3分`, "converting to CMR (Deauville 2) at month 3", `M3 PET: Deauville 5`.
//!
//! ## References
//! - Cheson 2014 (Lugano: interim and end-of-treatment assessment)

use crate::{
    sheet::Sheet,
    stream::{CELL, Span},
    vocabulary::score::{VISIT_INFUSED, VISIT_OTHER, VISIT_SCAN, VISIT_WORDS},
};

/// The visit of a score: named behind it in the clause, else before it.
pub(super) fn of_scan(sheet: &Sheet<'_>, span: Span) -> Option<String> {
    let after = clause_after(sheet, span.end);
    // `治疗结束时5分`: the words of a second score hold its visit.
    if let Some((_, code)) = words_in(sheet, span).last() {
        return Some(code.to_owned());
    }
    if let Some(found) = words_in(sheet, after).next().map(|(_, code)| code.to_owned()) {
        return Some(found);
    }
    if let Some(visit) = visits_in(sheet, after).into_iter().next() {
        return Some(visit.1);
    }
    let sentence = sheet.sentence(span.start);
    let own = Span::new(sentence.start.max(span.start.saturating_sub(130)), span.start);
    // The heading of a follow-up form, or the sentence before, names the visit once.
    nearest_before(sheet, own)
        .or_else(|| nearest_before(sheet, Span::new(own.start.saturating_sub(240), own.start)))
}

/// The last visit named in the span.
fn nearest_before(sheet: &Sheet<'_>, before: Span) -> Option<String> {
    let word = words_in(sheet, before).last().map(|(at, code)| (at, code.to_owned()));
    let visit = visits_in(sheet, before).into_iter().next_back();
    word.into_iter().chain(visit).max_by_key(|(at, _)| *at).map(|(_, code)| code)
}

/// Up to the next comma or score, brackets closed: `(Deauville 2) at month 3`.
fn clause_after(sheet: &Sheet<'_>, from: usize) -> Span {
    const REACH: usize = 44;
    let window = sheet.after(from, REACH);
    let next_score = sheet
        .candidates
        .iter()
        .map(|of| &of.hit)
        .find(|hit| hit.span.start >= from && hit.concept.as_str() == "find.deauville")
        .map_or(window.end, |hit| hit.span.start);
    let end = (window.start..window.end)
        .find(|at| matches!(sheet.stream.at(*at), ',' | ';' | CELL))
        .unwrap_or(window.end);
    Span::new(window.start, end.min(next_score).max(window.start))
}

fn words_in<'s>(sheet: &'s Sheet<'_>, span: Span) -> impl Iterator<Item = (usize, &'static str)> + 's {
    let stream = &sheet.stream;
    stream.words_beginning(span, VISIT_WORDS).filter_map(move |of| {
        let at = of.start();
        let inside = at > 0 && stream.at(at - 1).is_ascii_alphabetic() && stream.at(at).is_ascii_alphabetic();
        let first = stream.first_word_at(at, VISIT_WORDS) == Some(of);
        (first && !inside).then(|| (at, VISIT_WORDS.code(of)))
    })
}

/// `M3`, `D28`, `Day 90`, `month 6`, `+3月`, `第28天`: only beside a scan, an assessment or an infusion.
fn visits_in(sheet: &Sheet<'_>, span: Span) -> Vec<(usize, String)> {
    let stream = &sheet.stream;
    let prefixes = [
        ("day +", "D"),
        ("day ", "D"),
        ("d+", "D"),
        ("d", "D"),
        ("month ", "M"),
        ("month +", "M"),
        ("m+", "M"),
        ("m", "M"),
        ("第", ""),
        ("+", ""),
    ];
    let mut found = Vec::new();
    for at in span.start..span.end {
        if at > 0 && (stream.at(at - 1).is_ascii_alphanumeric() || stream.at(at - 1) == '/') {
            continue;
        }
        let Some((prefix, code)) = prefixes.iter().find(|(prefix, _)| {
            stream.reads(at, prefix) && stream.at(at + prefix.chars().count()).is_ascii_digit()
        }) else {
            continue;
        };
        let from = at + prefix.chars().count();
        let digits = (from..from + 3).take_while(|of| stream.at(*of).is_ascii_digit()).count();
        let end = from + digits;
        let number = stream.text(Span::new(from, end));
        let unit = if stream.at(end) == '天' {
            "D"
        } else if stream.at(end) == '月' || stream.reads(end, "个月") {
            "M"
        } else {
            code
        };
        let ends = !stream.at(end).is_ascii_alphanumeric() && !matches!(stream.at(end), '/' | '%');
        let is_score = stream.at(at) == 'D' && digits == 1 && stream.reads_back(at, "pet ").is_some();
        if !unit.is_empty() && ends && !is_score && is_visit(sheet, span, at, end) {
            found.push((at, format!("{unit}{number}")));
        }
    }
    found
}

/// A visit heads its clause, stands beside the word for the scan, or counts from an infusion.
fn is_visit(sheet: &Sheet<'_>, window: Span, start: usize, end: usize) -> bool {
    let stream = &sheet.stream;
    let heads = start == 0
        || matches!(stream.at(start - 1), '\n' | '。' | ';' | CELL)
        || stream.reads_back(start, ". ").is_some();
    // "max grade 3, onset D2": the day of something else.
    if stream.reads_back_any(start, VISIT_OTHER) {
        return false;
    }
    let scan = stream.reads_any(end, VISIT_SCAN);
    let sentence = sheet.sentence(start);
    let from = sentence.start.min(window.start.saturating_sub(80));
    let around = Span::new(from, (window.end + 60).min(stream.len()));
    let infused = sheet.says(around, VISIT_INFUSED);
    heads || scan || infused
}
