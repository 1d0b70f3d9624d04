//! Results that their own day makes old ones.
//!
//! ## Reads
//! "RPR and HIV were negative in 2020" in a letter of 2024, `2021年原标本CD19（+）`: a result with a day of its own, in a year before
//! the paper's and half a year or more back.
//!
//! ## Leaves alone
//! Papers without a day, and results whose day was told of a whole list or sheet.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
    words::words,
};
use cartulary_model::{Assertion, PartialDate, Temporality, Value};

/// Marks what is no result of today.
pub(crate) fn outdated(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    stages_of_before(sheet, drafts);
    sites_of_old_stages(sheet, drafts);
    // "Karnofsky 80 today, 50 on admission": the day is of today's value alone.
    for draft in drafts.iter_mut().filter(|of| of.rule.starts_with("score.")) {
        let of_today = draft.date.is_some_and(|(day, _)| sheet.date == Some(day));
        if of_today && draft.temporality == Some(Temporality::Historical) {
            draft.date = None;
        }
    }
    let newest = drafts.iter().filter_map(|of| of.date.map(|(day, _)| day)).max();
    let Some(today) = sheet.date.or(newest) else { return };
    if sheet.date.is_some() {
        tested_again(sheet, drafts, today);
    }
    let mut staged: Option<Span> = None;
    for draft in drafts.iter_mut() {
        let Some((day, told)) = draft.date else { continue };
        let scored = draft.rule.starts_with("score.");
        // "No evidence of transformation in 2021": said of that day.
        let denied = draft.rule.starts_with("transformation.") && draft.assertion == Some(Assertion::Negated);
        if denied && is_old(day, today) && is_own(sheet, draft, told) {
            draft.temporality = Some(Temporality::Historical);
            continue;
        }
        // "FL diagnosed 2014, then Stage IVA, FLIPI 4. Now KPS 60"
        let beside = |of: Span| of.end <= draft.span.start && draft.span.start <= of.end + 3;
        let then = (scored || draft.rule.starts_with("stage."))
            && is_old(day, today)
            && (staged.is_some_and(beside)
                || sheet
                    .stream
                    .reads_back_any(draft.span.start, words!["then ", "then a ", "at that time "]))
            && sheet.says(sheet.after(draft.span.end, 40), words!["now ", "today", "currently"]);
        if then {
            staged = Some(draft.span);
            draft.temporality = Some(Temporality::Historical);
            continue;
        }
        let result = scored || matches!(draft.concept.kind(), "lab" | "bio") && draft.value != Value::None;
        let told_now =
            draft.assertion == Some(Assertion::Present) && draft.temporality != Some(Temporality::Historical);
        let was = sheet.says(draft.span.to(told), words![" was ", " were ", "原标本", "原病理", "当时"]);
        // "ECOG was 2 in clinic last month, today 1"
        let now = || sheet.says(sheet.after(told.end.max(draft.span.end), 12), words!["today", " now "]);
        // Without a day of the paper, "were negative in 2020" still speaks of a year that is over.
        let undated = sheet.date.is_none() && day.month().is_none();
        let old = (undated || is_old(day, today)) && is_own(sheet, draft, told) || scored && now();
        if result && told_now && was && old {
            draft.temporality = Some(Temporality::Historical);
        }
    }
}

/// "Originally stage I, he was upstaged to IV".
fn stages_of_before(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let before =
        words!["originally ", "originally a ", "upstaged from ", "restaged from ", "initially thought "];
    for draft in drafts.iter_mut().filter(|of| of.rule.starts_with("stage.")) {
        if sheet.stream.reads_back_any(draft.span.start, before) {
            draft.temporality = Some(Temporality::Historical);
        }
    }
}

/// `HBsAg(-) 今日`, "before the IVIG (Feb 2022): cAb neg": an infection test that was done again is the newer one.
/// What has no day may be older than what has one: it counts as newer only where its sentence speaks of today.
fn tested_again(sheet: &Sheet<'_>, drafts: &mut [Draft], today: PartialDate) {
    const MONTH: i32 = 31;
    let signed = |of: &Draft| {
        of.concept.is("lab") && matches!(of.value, Value::Sign(_)) && of.assertion == Some(Assertion::Present)
    };
    let day = |of: &Draft| of.date.map_or(today, |(day, _)| day);
    let known: Vec<(cartulary_model::ConceptId, Option<cartulary_model::Experiencer>, PartialDate)> = drafts
        .iter()
        .filter(|of| signed(of) && of.temporality != Some(Temporality::Historical))
        .filter(|of| {
            of.date.is_some()
                || sheet.says(
                    sheet.sentence(of.span.start),
                    words!["today", " now ", "currently", "今日", "本次"],
                )
        })
        .map(|of| (of.concept.clone(), of.experiencer, day(of)))
        .collect();
    for draft in drafts.iter_mut().filter(|of| signed(of) && of.date.is_some()) {
        let own = day(draft).latest();
        let again = known.iter().any(|(concept, whose, later)| {
            *concept == draft.concept
                && *whose == draft.experiencer
                && own.until(later.earliest()).is_ok_and(|gap| gap.get_days() > MONTH)
        });
        if again {
            draft.temporality = Some(Temporality::Historical);
        }
    }
}

/// `初诊时为ⅡE期（胃）`: where an old stage was, the bracket behind it tells.
fn sites_of_old_stages(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let old = |of: &&Draft| of.rule.starts_with("stage.") && of.temporality == Some(Temporality::Historical);
    let brackets: Vec<Span> =
        drafts.iter().filter(old).filter_map(|of| bracket_behind(sheet, of.span.end)).collect();
    let told = |of: &Draft| of.concept.is("site") || of.rule.starts_with("score.");
    for draft in drafts.iter_mut().filter(|of| told(of) && of.assertion == Some(Assertion::Present)) {
        if brackets.iter().any(|of| of.start < draft.span.start && draft.span.end < of.end) {
            draft.temporality = Some(Temporality::Historical);
        }
    }
}

/// The bracket that opens behind a place in its clause: "IVB at diagnosis in 2020 (IPI 4)".
fn bracket_behind(sheet: &Sheet<'_>, at: usize) -> Option<Span> {
    const LONGEST: usize = 40;
    const APART: usize = 30;
    let open = (at..at + APART).find(|of| matches!(sheet.stream.at(*of), '(' | ',' | ';' | '。' | BREAK))?;
    let close = (open..open + LONGEST).find(|of| sheet.stream.at(*of) == ')')?;
    (sheet.stream.at(open) == '(').then(|| Span::new(open, close + 1))
}

fn is_old(day: PartialDate, today: PartialDate) -> bool {
    const MONTHS: i32 = 6;
    let months =
        |of: PartialDate, unknown: i8| i32::from(of.year()) * 12 + i32::from(of.month().unwrap_or(unknown));
    day.year() < today.year() && months(today, 12) - months(day, 1) >= MONTHS
}

/// Whether the day stands in the words of the result or right beside them.
fn is_own(sheet: &Sheet<'_>, draft: &Draft, told: Span) -> bool {
    const BEHIND: usize = 5;
    const BEFORE: usize = 4;
    let inside = draft.span.start <= told.start && told.end <= draft.span.end;
    let behind = told.start >= draft.span.end && told.start - draft.span.end <= BEHIND;
    let before = told.end <= draft.span.start && draft.span.start - told.end <= BEFORE;
    let between = if behind {
        Span::new(draft.span.end, told.start)
    } else {
        Span::new(told.end.min(draft.span.start), draft.span.start)
    };
    let parted =
        (between.start..between.end).any(|at| matches!(sheet.stream.at(at), ',' | ';' | '。' | ':' | BREAK));
    inside || (behind || before) && !parted
}
