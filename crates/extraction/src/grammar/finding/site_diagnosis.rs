//! A node or organ of which a specimen shows the lymphoma.
//!
//! ## Reads
//! "The inguinal node now shows DLBCL", "Axillary node: DLBCL, GCB type", "FL grade 1-2 in both nodes", `右颈淋巴结活检证实Richter转化`.
//!
//! ## Leaves alone
//! A diagnosis that is denied, doubted or told of another place named between; "reactive change only".

use crate::{
    sheet::Sheet,
    stream::{Hit, Span},
    words::{List, words},
};
use cartulary_model::Assertion;

/// Verbs and signs that lead from the place to what was found there.
const SHOWS: &List = words![
    "shows",
    "showed",
    "showing",
    "reveal",
    "confirm",
    "proved",
    "proven",
    ":",
    " is ",
    " was ",
    "represent",
    "证实",
    "示",
    "提示",
    "为",
    "确诊",
    "诊断",
];

/// Those that lead over a comma too: "R inguinal node: sheets of large cells, DLBCL"; "the node is small, DLBCL in remission" does not.
const SHOWS_FAR: &List = words![
    "shows", "showed", "showing", "reveal", "confirm", "proved", "proven", ":", "证实", "示", "提示", "确诊"
];

/// Words between that speak against it, or of another thing.
const AGAINST: &List = words![
    "no ",
    "not ",
    "negative",
    "reactive",
    "without",
    "suspicious",
    "possible",
    "?",
    ";",
    "未见",
    "未",
    "反应性",
    "考虑",
    "可疑",
    "不除外",
    "建议",
    "拟",
];

/// The diagnosis that a specimen of the place has shown.
pub(super) fn shown(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    if hit.concept.as_str() != "site.lymph_node" {
        return None;
    }
    behind(sheet, hit).or_else(|| ahead(sheet, hit))
}

fn behind(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    const REACH: usize = 56;
    let sentence = sheet.sentence(hit.span.start);
    let reach = Span::new(hit.span.end, sentence.end.min(hit.span.end + REACH).max(hit.span.end));
    let next = sheet
        .candidates_in(reach)
        .iter()
        .find(|of| is_stated(sheet, &of.hit) && of.hit.span.start >= reach.start)?;
    let gap = Span::new(hit.span.end, next.hit.span.start);
    let other = sheet.candidates_in(gap).iter().any(|of| {
        of.hit.concept.is("site") && of.hit.span.start > hit.span.end && of.hit.span.end <= gap.end
    });
    let comma = (gap.start..gap.end).any(|at| sheet.stream.at(at) == ',');
    let leads = sheet.says(gap, if comma { SHOWS_FAR } else { SHOWS });
    (leads && !sheet.says(gap, AGAINST) && !other).then_some(next.hit.span)
}

/// "DLBCL-type Richter's in the groin node", "follicular lymphoma, grade 1-2, in both nodes".
fn ahead(sheet: &Sheet<'_>, hit: &Hit) -> Option<Span> {
    const REACH: usize = 48;
    let sentence = sheet.sentence(hit.span.start);
    let reach = Span::new(sentence.start.max(hit.span.start.saturating_sub(REACH)), hit.span.start);
    let last = sheet
        .candidates_in(reach)
        .iter()
        .rev()
        .find(|of| is_stated(sheet, &of.hit) && of.hit.span.end <= reach.end)?;
    let gap = Span::new(last.hit.span.end, hit.span.start);
    let leads = words![
        " in the ",
        " in a ",
        " in an ",
        " in his ",
        " in her ",
        " in both ",
        ", in both ",
        " in two "
    ];
    let lead = sheet.stream.words_in(gap, leads).next()?;
    let region = sheet.stream.lower_text(Span::new(lead.end(), hit.span.start));
    let near = region.split_whitespace().count() <= 2 && !region.contains([',', ';', '.', ':']);
    (near && !sheet.says(gap, AGAINST)).then_some(last.hit.span)
}

fn is_stated(sheet: &Sheet<'_>, hit: &Hit) -> bool {
    let disease = hit.concept.is("hist") || hit.concept.as_str() == "find.transformed";
    disease && sheet.modifiers.read(hit.span).assertion == Assertion::Present
}
