//! Courses that are named under the heading of a plan: "PLAN", "Consensus:", `下一步治疗计划`.
//!
//! ## Reads
//! "Plan / - refer to the regional centre for axi-cel", "Alternative: CD19 CAR-T in trial", "CONSENSUS: liso-cel".
//!
//! ## Leaves alone
//! What the clause tells as given, counted as a cycle of a day that is past, or goes on with: "cycle 1 was given on 14 March",
//! "continue entecavir", "tenofovir 300 mg OD".

use crate::{
    grammar::therapy::{name::Name, words::says},
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::therapy::{
        PLAN_LED, TOLD_AS_PAST, TOLD_DIRECTLY, TOLD_IN_PLAN, TOLD_IN_PLAN_BEHIND, TOLD_RIGHT_BEHIND,
    },
    words::words,
};

/// How far behind the name the plan may tell that the course was given.
const BEHIND: usize = 50;

pub(super) fn is_plan(sheet: &Sheet<'_>, name: &Name) -> bool {
    let under = sheet.is_under(name.span.start, &["sec.sec_plan"]);
    (under || is_led(sheet, name)) && !is_told(sheet, name)
}

/// "Plan: refractory to R-CHOP; for axi-cel", "Plan: rituximab given yesterday", `处理：回输CAR-T细胞，过程顺利`: under the heading of a
/// plan, the words beside the name tell that it was given.
pub(super) fn is_told_beside(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 26;
    let stream = &sheet.stream;
    if !sheet.is_under(name.span.start, &["sec.sec_plan"]) {
        return false;
    }
    let after = sheet.after(name.span.end, REACH);
    let stop = |at: &usize| {
        matches!(stream.at(*at), ';' | '。' | BREAK)
            || stream.reads_any(*at, words![". ", ", then ", ", for "])
    };
    let behind = Span::new(after.start, (after.start..after.end).find(stop).unwrap_or(after.end));
    let open = says(stream, behind, words!["to be ", "will ", "if ", "should ", "until ", "when ", "not "]);
    stream.reads_back_any(name.span.start, TOLD_DIRECTLY) || !open && says(stream, behind, TOLD_RIGHT_BEHIND)
}

/// "Alternative: R-GemOx", "Option 2: glofitamab": a label of a plan stands in the row before the name.
fn is_led(sheet: &Sheet<'_>, name: &Name) -> bool {
    const REACH: usize = 40;
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let before = Span::new(sentence.start.max(name.span.start.saturating_sub(REACH)), name.span.start);
    stream.words_in(before, PLAN_LED).next_back().is_some_and(|of| {
        let begins = of.start() == 0 || !stream.at(of.start() - 1).is_alphanumeric();
        begins && !(of.end()..name.span.start).any(|at| matches!(stream.at(at), ';' | '。' | BREAK))
    })
}

/// Whether the sentence around the name, as far as its row, tells what was done or goes on.
fn is_told(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let sentence = sheet.sentence(name.span.start);
    let row = (sentence.start..name.span.start)
        .rev()
        .find(|at| stream.at(*at) == BREAK)
        .map_or(sentence.start, |at| at + 1);
    let before = Span::new(row, name.span.start);
    let behind = sheet.after(name.span.end, BEHIND);
    let behind = Span::new(behind.start, behind.end.min(sentence.end.max(behind.start)));
    let past = sheet.date.is_some_and(|paper| {
        let told = sheet.mentions_in(Span::new(before.start, behind.end));
        told.iter().any(|of| of.date.latest() < paper.earliest() && !of.relative)
    });
    past || says(stream, before, TOLD_AS_PAST)
        || says(stream, before, TOLD_IN_PLAN)
        || says(stream, behind, TOLD_IN_PLAN_BEHIND)
}
