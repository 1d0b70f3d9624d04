//! Words that speak of a course only where they stand right beside its name.
//!
//! ## Reads
//! "en route to ASCT", "ASCT fell through", "not offered an autograft", `有望行CAR-T`, `CAR-T排期中`.
//!
//! ## Leaves alone
//! What the rest of the sentence tells as given, and names that go on: "R-CHOP toxicity", "R-CHOP cycle 4".

use crate::{
    grammar::therapy::{name::Name, words::skip_spaces},
    sheet::Sheet,
    stream::Span,
    vocabulary::therapy::{
        BEHIND_TOLD, COMPOUND_BEHIND, INTENDED_BESIDE, PLANNED_BEHIND, REFUSED_BESIDE, RULED_OUT_BEHIND,
        RULED_OUT_BESIDE,
    },
    words::{List, words},
};

/// How far behind the name the sentence may tell that the course was given.
const REACH: usize = 90;

pub(super) fn is_planned(sheet: &Sheet<'_>, name: &Name) -> bool {
    (leads(sheet, name, INTENDED_BESIDE) || follows(sheet, name, PLANNED_BEHIND)) && is_open(sheet, name)
        || awaits_decision(sheet, name)
}

/// `奥布替尼待基因结果回报后再决定是否加用`: not decided yet.
fn awaits_decision(sheet: &Sheet<'_>, name: &Name) -> bool {
    const CLAUSE: usize = 26;
    let stream = &sheet.stream;
    let behind = sheet.after(name.span.end, CLAUSE);
    let end = stream.first_sign_in(behind, |of| matches!(of, ',' | ';' | '。')).unwrap_or(behind.end);
    let decided = words!["再决定", "再定", "再议", "再考虑", "再评估", "再讨论", "决定是否", "定是否"];
    stream.reads_any(name.span.end, words!["待", "需待", "须待", "暂待", "等", "是否", "视"])
        && stream.words_in(Span::new(name.span.end, end), decided).next().is_some()
}

pub(super) fn is_ruled_out(sheet: &Sheet<'_>, name: &Name) -> bool {
    (leads(sheet, name, RULED_OUT_BESIDE) || follows(sheet, name, RULED_OUT_BEHIND)) && is_open(sheet, name)
}

pub(super) fn is_refused(sheet: &Sheet<'_>, name: &Name) -> bool {
    leads(sheet, name, REFUSED_BESIDE) && is_open(sheet, name)
}

/// Whether one of the words stands before the name, at most an article between, and begins a word itself.
fn leads(sheet: &Sheet<'_>, name: &Name, list: &List) -> bool {
    let stream = &sheet.stream;
    let articles = words!["a ", "an ", "the ", "his ", "her ", "further "];
    let start = first_name(sheet, name);
    let article = stream.words_ending(start, articles).next().map(|of| of.start());
    [Some(start), article].into_iter().flatten().any(|end| {
        stream.words_ending(end, list).any(|of| {
            let inside = stream.at(of.start()).is_ascii_alphabetic()
                && of.start() > 0
                && stream.at(of.start() - 1).is_ascii_alphanumeric();
            !inside
        })
    })
}

/// "lisocabtagene maraleucel (Breyanzi)": where the first of two names of one product begins.
fn first_name(sheet: &Sheet<'_>, name: &Name) -> usize {
    let at = name.span.start;
    let bracketed = at > 1 && sheet.stream.at(at - 1) == '(';
    let before = sheet.candidates_in(Span::new(at.saturating_sub(40), at));
    let same = before.iter().rev().find(|of| {
        bracketed && of.hit.concept == name.concept && skip_spaces(&sheet.stream, of.hit.span.end) + 1 == at
    });
    same.map_or(at, |of| of.hit.span.start)
}

/// Whether one of the words stands right behind the name.
fn follows(sheet: &Sheet<'_>, name: &Name, list: &List) -> bool {
    let at = skip_spaces(&sheet.stream, name.span.end);
    sheet.stream.reads_any(at, list)
}

/// Nothing behind tells that the course was given, and the name does not go on.
fn is_open(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let behind = sheet.after(name.span.end, REACH);
    let rest = Span::new(name.span.end, behind.end);
    !stream.reads_any(name.span.end, COMPOUND_BEHIND) && stream.words_in(rest, BEHIND_TOLD).next().is_none()
}
