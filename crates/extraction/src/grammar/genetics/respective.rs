//! Fractions told for several variants together: "CARD11 and KMT2D, VAF 11% and 27%, respectively", `VAF分别为11%、27%`.
//!
//! As many percents in a list as variants named in a list before it: each is of its own variant, in the same order.

use crate::{draft::Draft, number, sheet::Sheet, stream::Span, words::words};
use cartulary_model::{
    Assertion,
    fact::{Attr, AttrValue},
};

/// How far the list of percents may stand behind the last name, in characters.
const APART: usize = 40;

pub(super) fn settle(sheet: &Sheet<'_>, drafts: &mut [Draft]) {
    let mut of_variants: Vec<usize> = (0..drafts.len()).filter(|at| is_variant(&drafts[*at])).collect();
    of_variants.sort_by_key(|at| drafts[*at].name);
    let mut done = 0;
    for index in 0..of_variants.len() {
        if index < done {
            continue;
        }
        let names = listed(sheet, drafts, &of_variants[index..]);
        let Some(last) = names.last().map(|at| drafts[*at].name.end).filter(|_| names.len() > 1) else {
            continue;
        };
        let percents = percents(sheet, sheet.after(last, APART));
        done = index + names.len();
        if percents.len() != names.len() {
            continue;
        }
        for (at, (value, span)) in names.iter().zip(percents) {
            let draft = &mut drafts[*at];
            draft.set(Attr::Vaf, AttrValue::Number(value));
            draft.span = draft.name;
            draft.cues.push(span);
        }
    }
}

fn is_variant(draft: &Draft) -> bool {
    draft.rule == "genetics.variant" && draft.assertion == Some(Assertion::Present)
}

/// The variants from the first on whose names are joined by nothing but a list.
fn listed(sheet: &Sheet<'_>, drafts: &[Draft], of_variants: &[usize]) -> Vec<usize> {
    let mut names: Vec<usize> = Vec::new();
    for at in of_variants {
        let own = drafts[*at].name;
        let joined = names.last().is_none_or(|before| {
            let gap = Span::new(drafts[*before].name.end.min(own.start), own.start);
            is_joint(sheet.stream.lower_text(gap))
        });
        if !joined {
            break;
        }
        names.push(*at);
    }
    names
}

/// The first list of percents in a span: values of one that are joined by nothing but signs and "and".
fn percents(sheet: &Sheet<'_>, span: Span) -> Vec<(f64, Span)> {
    let stream = &sheet.stream;
    let mut found: Vec<(f64, Span)> = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let Some(number) = number::number_at(stream, at) else {
            at += 1;
            continue;
        };
        let sign = number.span.end + usize::from(stream.at(number.span.end) == ' ');
        let joined = found.last().is_none_or(|(_, before)| {
            let gap = stream.lower_text(Span::new(before.end, at));
            is_joint(gap)
        });
        // A number of something else ends the list, and so does one that is joined by words.
        if stream.at(sign) != '%' || !joined {
            if !found.is_empty() {
                break;
            }
            at = number.span.end.max(at + 1);
            continue;
        }
        found.push((number.value, Span::new(at, sign + 1)));
        at = sign + 1;
    }
    let told = found.last().map_or(span.start, |(_, of)| of.end);
    let respectively = words![" resp", ", resp", "respectively"];
    // "11% and 27%" alone is a list too; a range or a pair of samples has words of its own.
    let range = stream.reads_any(told, words![" in ", " at diagnosis", " to "])
        && !sheet.says(sheet.after(told, 16), respectively);
    if range { Vec::new() } else { found }
}

/// Whether nothing but a list joins two items.
fn is_joint(gap: &str) -> bool {
    matches!(gap.trim(), "," | "and" | ", and" | "、" | "/" | "及" | "和" | "&" | "与")
}
