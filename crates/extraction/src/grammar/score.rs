//! Scores in points: ECOG, Karnofsky, the IPI family, Deauville; and the risk group a paper gives instead of points.
//!
//! ## Reads
//! `ECOG 1分`, `PS评分2分`, `KPS 80%`, `IPI 2分(低中危)`, `FLIPI 3 of 5`, `MIPI 6.8`, `Deauville评分5分`, `PET D4`;
//! old and new (`ECOG由入院时3分改善至1分`, "PS has slipped from 1 to 3", "Deauville 3, possibly 4"); `MIPI高危组`.
//!
//! ## Leaves alone
//! Conditions of a trial (`纳入标准:ECOG 0-1分`), bounds (`ECOG ≤1`), an index that does not apply.
//!
//! ## References
//! - Oken 1982 (ECOG); Shipp 1993 (IPI); Zhou 2014 (NCCN-IPI); Schmitz 2016 (CNS-IPI); Barrington 2014 (Deauville)

mod points;
mod risk;
mod visit;

use super::{
    Claims,
    past::{self, Past},
    response::{self, visit_of_clause},
};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{CELL, Hit, Span},
    vocabulary::score::SUPPOSED,
    words::words,
};
use cartulary_model::{Assertion, Value, fact::Attr};
use points::{Point, When};

/// A scale: the catalogue's concept, and which points it has.
#[derive(Debug)]
pub(super) struct Scale {
    concept: &'static str,
    /// Concepts of single values: `find.ecog_` and the points.
    by_value: Option<&'static str>,
    low: f64,
    high: f64,
    /// MIPI has decimals.
    decimals: bool,
    /// A prognostic index, which has risk groups.
    prognostic: bool,
}

const fn index(concept: &'static str, high: f64) -> Scale {
    Scale { concept, by_value: None, low: 0.0, high, decimals: false, prognostic: true }
}

const SCALES: [Scale; 11] = [
    Scale {
        concept: "find.ecog",
        by_value: Some("find.ecog_"),
        low: 0.0,
        high: 5.0,
        decimals: false,
        prognostic: false,
    },
    Scale { concept: "find.kps", by_value: None, low: 10.0, high: 100.0, decimals: false, prognostic: false },
    Scale {
        concept: "find.deauville",
        by_value: Some("find.deauville_"),
        low: 1.0,
        high: 5.0,
        decimals: false,
        prognostic: false,
    },
    index("find.ipi", 5.0),
    index("find.aaipi", 3.0),
    index("find.saaipi", 3.0),
    index("find.r_ipi", 5.0),
    index("find.nccn_ipi", 8.0),
    index("find.cns_ipi", 6.0),
    index("find.flipi", 5.0),
    Scale { concept: "find.mipi", by_value: None, low: 0.0, high: 12.0, decimals: true, prognostic: true },
];

/// A scale named in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    scale: &'static Scale,
    name: Span,
}

pub(crate) fn read(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Draft> {
    let named = named(sheet, claims);
    let mut told: Vec<(Draft, Past)> = Vec::new();
    for (position, of) in named.iter().enumerate() {
        if past::is_condition(sheet, of.name) || is_supposed(sheet, of.name.start) {
            continue;
        }
        let next = named.get(position + 1).map_or(sheet.stream.len(), |next| next.name.start);
        let points = points::read(sheet, *of, next);
        if points.is_empty() {
            told.extend(risk::alone(sheet, *of, next).map(|draft| (draft, Past::No)));
        }
        told.extend(points.iter().map(|point| scored(sheet, *of, point)));
    }
    told.extend(after_pet(sheet).into_iter().map(|draft| (draft, Past::No)));
    past::settle(&mut told, |a, b| {
        a.text_of(Attr::Timepoint) == b.text_of(Attr::Timepoint) && scale_of(a) == scale_of(b)
    });
    told.into_iter().map(|(draft, _)| draft).collect()
}

/// The names of scales in order; of `体能状态评分(ECOG)2分` and `performance status ECOG 2` the last name counts.
fn named(sheet: &Sheet<'_>, claims: &Claims) -> Vec<Named> {
    let mut all: Vec<Named> = Vec::new();
    for candidate in &sheet.candidates {
        let hit = &candidate.hit;
        // FLIPI-2 is another index.
        let second = sheet.stream.reads_any(hit.span.end, words!["-2", "2"])
            && !sheet.stream.at(hit.span.end + 2).is_ascii_digit()
            && hit.span.len() == 5;
        if hit.concept.as_str() == "find.flipi" && second {
            continue;
        }
        let Some(scale) = SCALES.iter().find(|of| of.concept == hit.concept.as_str()) else { continue };
        if claims.has(hit.span) || all.last().is_some_and(|last| last.name.overlaps(hit.span)) {
            continue;
        }
        let start = match all.last() {
            Some(last) if only_glue(sheet, last.name.end, hit.span.start) => {
                let start = last.name.start;
                all.pop();
                start
            }
            _ => hit.span.start,
        };
        all.push(Named { scale, name: Span::new(start, hit.span.end) });
    }
    all
}

fn only_glue(sheet: &Sheet<'_>, from: usize, to: usize) -> bool {
    to.saturating_sub(from) <= 3
        && (from..to).all(|at| matches!(sheet.stream.at(at), ' ' | '(' | '/' | '-' | ':'))
}

/// "if ECOG improves to 1", `若ECOG≤1`: nobody's points yet.
fn is_supposed(sheet: &Sheet<'_>, at: usize) -> bool {
    let before = sheet.stream.lower_text(sheet.before(at, 14));
    let before = before.rsplit([',', ';']).next().unwrap_or_default();
    sheet.stream.text_has(before, SUPPOSED)
}

fn scored(sheet: &Sheet<'_>, of: Named, point: &Point) -> (Draft, Past) {
    let risk = risk::behind(sheet, point.span.end);
    let end = risk.as_ref().map_or(point.span.end, |(_, end)| *end);
    let concept = of
        .scale
        .by_value
        .map_or_else(|| of.scale.concept.to_owned(), |prefix| format!("{prefix}{}", point.value));
    let mut draft = Draft::new(concept.as_str(), Span::new(point.span.start, end), "score.points")
        .named_at(of.name)
        .value(Value::Number(point.value));
    draft.assertion = Some(if point.doubted || is_doubted(sheet, of.name.start, end) {
        Assertion::Possible
    } else {
        Assertion::Present
    });
    if point.repaired {
        draft.marks_repair();
    }
    if let Some((group, _)) = risk {
        draft = draft.word(Attr::Risk, group);
    }
    let visit = if of.scale.concept == "find.deauville" {
        visit_of_clause(sheet, draft.span)
            .or_else(|| visit::of_scan(sheet, draft.span))
            .or_else(|| response::visit(sheet, draft.span))
    } else {
        visit_of_clause(sheet, draft.span)
    };
    if let Some(timepoint) = visit {
        draft = draft.word(Attr::Timepoint, timepoint);
    }
    let past = match point.when {
        When::Old => Past::Yes,
        When::New => Past::No,
        When::Unsaid => past::past(sheet, of.name.start, end),
    };
    (draft, past)
}

/// `?Deauville 4`, `Deauville 4分可能`.
fn is_doubted(sheet: &Sheet<'_>, start: usize, end: usize) -> bool {
    let asked = start > 0 && sheet.stream.at(start - 1) == '?';
    let before = sheet.stream.lower_text(sheet.before(start, 10));
    let stream = &sheet.stream;
    asked
        || sheet
            .stream
            .text_ends(before, words!["可能", "possible ", "possibly ", "probable ", "疑似", "query "])
        || stream.at(end) == '?'
        || stream.reads_any(end, words!["可能", "(可能", "(?)", " possible"])
}

fn scale_of(draft: &Draft) -> &str {
    draft.concept.as_str().trim_end_matches(|of: char| of == '_' || of.is_ascii_digit())
}

/// `PET D5`, `PET-CT: DS 4`, `PET-CT 14.02.2023: D5`, "her PET is D4", `CMR (DS 1)`: the score in shorthand behind the scan
/// or behind what it showed. `D28` is a day.
fn after_pet(sheet: &Sheet<'_>) -> Vec<Draft> {
    const SHOWN: [&str; 4] = ["test.pet_ct", "find.cr", "find.pr", "find.pd"];
    let scans = sheet.candidates.iter().filter(|of| SHOWN.contains(&of.hit.concept.as_str()));
    scans
        .filter_map(|of| {
            let Hit { span, .. } = of.hit;
            let (start, end, digit) = shorthand(sheet, glue_end(sheet, span.end))?;
            let place = Span::new(start, end);
            let draft = Draft::new(format!("find.deauville_{digit}").as_str(), place, "score.pet_shorthand")
                .value(Value::Number(f64::from(digit)))
                .present();
            let visit = visit_of_clause(sheet, place).or_else(|| visit::of_scan(sheet, place));
            let draft = match visit {
                Some(visit) => draft.word(Attr::Timepoint, visit),
                None => draft,
            };
            // `PR (D1 dexamethasone)` is a day of treatment.
            let opened = (span.end..start).any(|at| sheet.stream.at(at) == '(');
            let in_bracket = opened && sheet.stream.at(end) == ')';
            let told = in_bracket || of.hit.concept.is("test");
            (start > span.end && told).then_some(draft)
        })
        .collect()
}

/// What may stand between a scan and its score: blanks, signs, the day of the scan, "is".
fn glue_end(sheet: &Sheet<'_>, from: usize) -> usize {
    let stream = &sheet.stream;
    let mut at = from;
    loop {
        let next = if matches!(stream.at(at), ' ' | ':' | '(' | '-' | CELL) {
            at + 1
        } else if let Some(date) = sheet.mention_at(at) {
            date.span.end
        } else if let Some(word) = PET_SAYS.iter().find(|word| stream.reads(at, word)) {
            at + word.len()
        } else {
            return at;
        };
        at = next;
    }
}

/// Verbs between a scan and its score.
const PET_SAYS: [&str; 7] = ["is ", "was ", "now ", "showed ", "shows ", "today ", "scan "];

/// `D4`, `DS4`, `DS 4` at a place: where it begins and ends, and its points.
fn shorthand(sheet: &Sheet<'_>, start: usize) -> Option<(usize, usize, u32)> {
    let stream = &sheet.stream;
    let letters = match (stream.at(start), stream.at(start + 1), stream.at(start + 2)) {
        ('D', 'S', ' ') => 3,
        ('D', 'S', _) => 2,
        ('D', _, _) => 1,
        _ => return None,
    };
    let at = start + letters;
    let digit = stream.at(at).to_digit(10).filter(|of| (1..=5).contains(of))?;
    let decimal = stream.at(at + 1) == '.' && stream.at(at + 2).is_ascii_digit();
    let whole = !(stream.at(at + 1).is_alphanumeric() || decimal);
    whole.then_some((start, at + 1, digit))
}
