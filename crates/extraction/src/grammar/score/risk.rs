//! Risk groups of a prognostic index.
//!
//! ## Reads
//! `IPI 2分(低中危)`: a property of the points; `MIPI高危组`, "high-risk IPI", "FLIPI: intermediate": a fact of its own.
//!
//! ## Leaves alone
//! Risk of other things (`高危乙肝`).

use super::Named;
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::Span,
    vocabulary::score::{NAMED_BEHIND_GLUE, RISK_GROUPS},
};
use cartulary_model::fact::Attr;

/// The group at exactly `at`, and its length.
pub(super) fn group_at(sheet: &Sheet<'_>, at: usize) -> Option<(&'static str, usize)> {
    RISK_GROUPS
        .iter()
        .filter(|(word, _)| sheet.stream.reads(at, word))
        .map(|(word, group)| (*group, word.chars().count()))
        .filter(|(_, length)| !sheet.stream.at(at + length).is_ascii_alphabetic())
        .max_by_key(|(_, length)| *length)
}

/// The group in brackets or behind a comma directly after the points, and where it ends.
pub(super) fn behind(sheet: &Sheet<'_>, at: usize) -> Option<(&'static str, usize)> {
    let stream = &sheet.stream;
    let start = (at..at + 4).find(|of| !matches!(stream.at(*of), ' ' | '(' | ',' | ':' | '-' | '='))?;
    let (group, length) = group_at(sheet, start).filter(|_| start > at || stream.at(at) as u32 > 0x2e80)?;
    let mut end = start + length;
    for word in ["组", " risk", " group", ")"] {
        if stream.reads(end, word) {
            end += word.chars().count();
        }
    }
    Some((group, end))
}

/// The group a paper gives without points, before or behind the name of the index.
pub(super) fn alone(sheet: &Sheet<'_>, of: Named, limit: usize) -> Option<Draft> {
    if !of.scale.prognostic {
        return None;
    }
    let (group, span) = named_behind(sheet, of.name, limit).or_else(|| named_before(sheet, of.name))?;
    let concept = match group {
        "low" => "find.risk_low",
        "high" => "find.risk_high",
        _ => "find.risk_intermediate",
    };
    Some(Draft::new(concept, span, "score.risk_group").named_at(of.name).word(Attr::Risk, group))
}

fn named_behind(sheet: &Sheet<'_>, name: Span, limit: usize) -> Option<(&'static str, Span)> {
    let stream = &sheet.stream;
    let mut at = name.end;
    while at < limit.min(name.end + 14) {
        if let Some((group, length)) = group_at(sheet, at) {
            let end = at + length;
            let end = ["组", " risk group", " risk", " group"]
                .iter()
                .find(|word| stream.reads(end, word))
                .map_or(end, |word| end + word.chars().count());
            return Some((group, Span::new(name.start, end)));
        }
        at += NAMED_BEHIND_GLUE.iter().find(|word| stream.reads(at, word))?.chars().count();
    }
    None
}

fn named_before(sheet: &Sheet<'_>, name: Span) -> Option<(&'static str, Span)> {
    let stream = &sheet.stream;
    let end = if name.start > 0 && stream.at(name.start - 1) == ' ' { name.start - 1 } else { name.start };
    let sure = RISK_GROUPS.iter().filter(|(word, _)| !matches!(*word, "low" | "high" | "intermediate"));
    let (start, group) = sure
        .filter_map(|(word, group)| stream.reads_back(end, word).map(|start| (start, *group)))
        .min_by_key(|(start, _)| *start)?;
    Some((group, Span::new(start, name.end)))
}
