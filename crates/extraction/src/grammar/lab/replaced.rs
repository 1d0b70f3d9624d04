//! Which of several values of one analyte in a paragraph is today's.
//!
//! `2024-05-06 Hb 68 ... 05-09复查Hb 82`, `化疗前EF 66%，目前EF 49%`, "HBsAg positive in 2015 ... HBsAg negative": the
//! earlier result is historical. Values of several lesions (SUVmax) replace one another only by their dates.

use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::lab::{OLDER_OF_COMPARED, REPLACED_AGAIN, REPLACED_NOW, REPLACED_THEN},
    words::words,
};
use cartulary_model::{Assertion, Experiencer, Temporality, Value};

/// Marks results that a later one of the same paragraph has replaced. Runs when drafts have their dates.
pub(crate) fn replaced(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let mut results: Vec<usize> = (0..drafts.len()).filter(|index| is_result(&drafts[*index])).collect();
    results
        .sort_by(|a, b| (&drafts[*a].concept, drafts[*a].span).cmp(&(&drafts[*b].concept, drafts[*b].span)));
    let mut older = Vec::new();
    for pair in results.windows(2) {
        let (first, second) = (&drafts[pair[0]], &drafts[pair[1]]);
        let told_together = same_paragraph(sheet, first.span, second.span) || of_two_days(first, second);
        if first.concept == second.concept && told_together {
            older.extend(older_of(sheet, first, second).map(|of| (pair[of], pair[1 - of])));
        }
    }
    for (index, other) in older {
        drafts[index].temporality = Some(Temporality::Historical);
        // The day of the older result was told for it alone.
        if drafts[other].date.is_some() && drafts[other].date == drafts[index].date {
            drafts[other].date = None;
        }
    }
}

fn is_result(draft: &Draft) -> bool {
    draft.concept.is("lab")
        && !draft.rule.starts_with("lab.c")
        && draft.value != Value::None
        && draft.assertion == Some(Assertion::Present)
        && draft.experiencer.unwrap_or_default() == Experiencer::Patient
        && draft.temporality.unwrap_or_default() == Temporality::Current
}

/// `11-12：PLT 38` and `11-14：PLT 27` in rows of their own.
fn of_two_days(first: &Draft, second: &Draft) -> bool {
    let day = |of: &Draft| of.date.and_then(|(date, _)| date.day()).is_some();
    // Uptake is of a lesion: told of another, it replaces nothing.
    first.concept.as_str() != "lab.suvmax" && day(first) && day(second)
}

/// Which of two results in reading order is the older one; nothing when the text does not say.
fn older_of(sheet: &Sheet<'_>, first: &Draft, second: &Draft) -> Option<usize> {
    if let (Some((a, _)), Some((b, _))) = (first.date, second.date) {
        let decided = a != b && !a.may_equal(b);
        if decided {
            return Some(usize::from(a > b));
        }
    }
    let between = Span::new(first.span.end.min(second.span.start), second.span.start);
    let near = Span::new(between.start.max(between.end.saturating_sub(14)), between.end);
    if first.concept.as_str() == "lab.suvmax" {
        // `病灶SUVmax 25.1,现SUVmax 2.0`: the same measure, taken up again with a word of today.
        let now = between.end - between.start <= 8
            && sheet.stream.reads_back_any(between.end, words!["现", "目前", "现为", "本次", "此次", "now "]);
        return sheet.says(near, OLDER_OF_COMPARED).then_some(1).or(now.then_some(0));
    }
    let before = sheet.before(first.span.start, 14);
    let since = first.date.is_some() && sheet.says(between, REPLACED_NOW);
    // `3月后HBV-DNA低于检测下限`; `复查WBC 8.6、ANC 6.2`: the word may stand before the first of a list.
    let later = sheet.stream.text(near).trim_end().ends_with('后')
        || sheet.says(near, words!["第", "天后", "周后", " later"]);
    let listed = between.end - between.start <= 80 && sheet.says(between, REPLACED_AGAIN);
    let told = since
        || later
        || listed
        || sheet.says(near, REPLACED_NOW)
        || sheet.says(Span::new(second.span.start, second.span.end), REPLACED_NOW);
    let past = sheet.says(before, REPLACED_THEN) && !sheet.says(near, REPLACED_THEN);
    let reversed = sheet.says(near, REPLACED_THEN) && !told;
    (told || past).then_some(0).or_else(|| reversed.then_some(1))
}

/// At most one line lies between.
fn same_paragraph(sheet: &Sheet<'_>, first: Span, second: Span) -> bool {
    const FAR: usize = 240;
    let to = second.start;
    to.saturating_sub(first.end) <= FAR && !(first.end.min(to)..to).any(|at| sheet.stream.at(at) == BREAK)
}
