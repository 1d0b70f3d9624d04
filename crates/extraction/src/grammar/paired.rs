//! Results told in a row for names told in a row: `MYC/BCL2/BCL6 FISH：阴/阳/阴`, `CD5、CD23分别为阴性和阳性`.
//!
//! ## Reads
//! As many signs as names, each list with marks of its own between its items, joined by nothing but what the names are
//! of (`重排`, `FISH`, `表达`), `分别为` or a colon. The first sign is the first name's.
//!
//! ## Leaves alone
//! Lists of different lengths; then nothing that was shared among the names stays. `+/-` behind one name: one sign.

use super::genetics;
use crate::{
    draft::Draft,
    lexicon::Candidate,
    sheet::Sheet,
    stream::{Hit, Span},
    vocabulary::marker::{PAIRED_LINKS, PAIRED_REARRANGED},
    words::{Coded, coded, words},
};
use cartulary_model::{
    ConceptId, Value,
    fact::{Attr, Sign},
};

const SIGNS: &Coded<Sign> = coded![
    Sign;
    ("阴性", Sign::Negative),
    ("阳性", Sign::Positive),
    ("弱阳性", Sign::Positive),
    ("阴", Sign::Negative),
    ("阳", Sign::Positive),
    ("(-)", Sign::Negative),
    ("(+)", Sign::Positive),
    ("-", Sign::Negative),
    ("+", Sign::Positive),
    ("negative", Sign::Negative),
    ("positive", Sign::Positive),
    ("neg", Sign::Negative),
    ("pos", Sign::Positive),
];

/// A list of signs, and what stands before it.
struct Row {
    signs: Vec<(Sign, Span)>,
    /// The signs are parted by slashes.
    slashed: bool,
}

/// Gives each name its own sign; what was shared among the names of such a list goes.
pub(super) fn set(sheet: &Sheet<'_>, drafts: &mut Vec<Draft>) {
    let whole = Span::new(0, sheet.stream.len());
    let mut from = 0;
    let starts: Vec<usize> = sheet.stream.words_in(whole, SIGNS).map(|of| of.start()).collect();
    for start in starts {
        if start < from {
            continue;
        }
        let Some(row) = row(sheet, start) else { continue };
        from = row.signs.last().map_or(start, |(_, span)| span.end);
        pair(sheet, &row, drafts);
    }
}

/// Two signs or more with one kind of mark between them.
fn row(sheet: &Sheet<'_>, start: usize) -> Option<Row> {
    let stream = &sheet.stream;
    let mut signs = Vec::new();
    let mut at = start;
    let mut slashes = 0;
    while let Some(word) = stream.words_at(at, SIGNS).max_by_key(|of| of.end()) {
        signs.push((SIGNS.code(word), word.span()));
        at = word.end();
        let Some(mark) = mark(sheet, at) else { break };
        slashes += usize::from(stream.at(blank(sheet, at)) == '/');
        at = mark;
    }
    let end = signs.last()?.1.end;
    let latin = |at: usize| stream.at(at).is_ascii_alphanumeric();
    let cut = latin(start) && start > 0 && latin(start - 1) || latin(end) && latin(end - 1);
    let whole = !cut && !matches!(stream.at(end), '/' | '+' | '%');
    (signs.len() > 1 && whole).then_some(Row { slashed: slashes > 0, signs })
}

fn blank(sheet: &Sheet<'_>, at: usize) -> usize {
    at + usize::from(sheet.stream.at(at) == ' ')
}

/// The end of a mark between two items of a list, with a blank on either side.
fn mark(sheet: &Sheet<'_>, at: usize) -> Option<usize> {
    let at = blank(sheet, at);
    matches!(sheet.stream.at(at), '/' | '、' | ',' | '和' | '及' | '与').then(|| blank(sheet, at + 1))
}

fn pair(sheet: &Sheet<'_>, row: &Row, drafts: &mut Vec<Draft>) {
    let stream = &sheet.stream;
    let start = row.signs[0].1.start;
    let (lead, told) = link(sheet, start);
    let names = names(sheet, lead);
    if names.len() < 2 || !(row.slashed || told) {
        return;
    }
    let between = |a: &Hit, b: &Hit| stream.at(blank(sheet, a.span.end)) == '/' && b.span.start > a.span.end;
    let slashed = names.windows(2).all(|of| between(&of[0], &of[1]));
    // `CD5、CD10+/-`: a doubtful sign of the last, or of both.
    if !told && row.signs.len() == 2 && !slashed {
        return;
    }
    if names.len() != row.signs.len() {
        if told {
            forget(drafts, &names);
        }
        return;
    }
    let words = Span::new(names[0].span.start.saturating_sub(12), start);
    let of_genes = sheet.says(sheet.within(words), PAIRED_REARRANGED)
        && sheet.sentence(start).start <= names[0].span.start;
    let method = drafts
        .iter()
        .filter(|of| names.iter().any(|name| name.span.overlaps(of.name)))
        .find_map(|of| of.text_of(Attr::Method).filter(|of| *of == "flow"))
        .map_or("ihc", |_| "flow");
    let found: Vec<Draft> = names
        .iter()
        .zip(&row.signs)
        .filter_map(|(hit, (sign, _))| {
            let (concept, method) = if of_genes {
                (genetics::rearrangement_at(sheet, hit.span)?.into(), Some("fish"))
            } else {
                let (concept, serology) = measured_at(sheet, hit.span)?;
                (concept, (!serology).then_some(method))
            };
            let draft = Draft::new(concept, hit.span, "marker.paired").value(Value::Sign(*sign)).present();
            Some(match method {
                Some(method) => draft.word(Attr::Method, method),
                None => draft,
            })
        })
        .collect();
    if found.len() == names.len() {
        forget(drafts, &names);
        drafts.extend(found);
    }
}

/// The stain or the serum marker that a name stands for, and whether it is of the serum.
fn measured_at(sheet: &Sheet<'_>, span: Span) -> Option<(ConceptId, bool)> {
    let own = sheet.candidates_in(span).iter().filter(|of| of.hit.span == span);
    own.map(|of| &of.hit.concept).find_map(|concept| {
        match sheet.catalogue().exchange_code(concept).kind.as_ref() {
            "ihc" => Some((concept.clone(), false)),
            "serology" => Some((concept.clone(), true)),
            _ => None,
        }
    })
}

/// What was told of the names before: one sign for all of them.
fn forget(drafts: &mut Vec<Draft>, names: &[Hit]) {
    drafts.retain(|of| {
        !(matches!(of.concept.kind(), "bio" | "lab") && names.iter().any(|name| name.span.overlaps(of.name)))
    });
}

/// Where the names end before the signs, and whether a word or a colon says that the signs follow.
fn link(sheet: &Sheet<'_>, start: usize) -> (usize, bool) {
    let stream = &sheet.stream;
    let mut end = start;
    let mut told = false;
    loop {
        if matches!(stream.at(end.wrapping_sub(1)), ' ' | ':') && end > 0 {
            end -= 1;
        } else if let Some(word) = stream.words_ending(end, PAIRED_LINKS).min_by_key(|of| of.start()) {
            told |= sheet.says(word.span(), words!["分别", "依次", "顺次"]);
            end = word.start();
        } else {
            return (end, told);
        }
    }
}

/// Names of markers or analytes that end at a place, with marks of a list between them.
fn names(sheet: &Sheet<'_>, end: usize) -> Vec<Hit> {
    let sentence = sheet.sentence(end.saturating_sub(1));
    let candidates: Vec<&Candidate> = sheet
        .candidates_in(Span::new(sentence.start, end))
        .iter()
        .filter(|of| matches!(of.hit.concept.kind(), "bio" | "lab"))
        .collect();
    let mut names: Vec<Hit> = Vec::new();
    for candidate in candidates.into_iter().rev() {
        let hit = &candidate.hit;
        let first = names.last().map(|of| of.span.start);
        let joins = match first {
            Some(first) => mark(sheet, hit.span.end) == Some(first),
            // `BCL6重排` may be one name.
            None => hit.span.end == end || hit.span.start < end && hit.span.end > end,
        };
        if joins {
            names.push(hit.clone());
        } else if first.is_some_and(|first| hit.span.end <= first) || first.is_none() && hit.span.end < end {
            break;
        }
    }
    names.reverse();
    names
}
