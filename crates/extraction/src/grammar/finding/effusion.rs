//! Effusions.
//!
//! ## Reads
//! `心包未见积液`, `双侧胸腔少量积液`, "no pleural or pericardial effusion": the cavity and the fluid stand apart, and one fluid
//! may have several cavities.

use super::words::{find_last, has};
use crate::{
    draft::Draft,
    sheet::Sheet,
    stream::{Hit, Span},
    words::words,
};
use cartulary_model::Assertion;

const CAVITIES: [(&str, &str); 13] = [
    ("心包", "find.pericardial_effusion"),
    ("胸膜腔", "find.pleural_effusion"),
    ("胸腔", "find.pleural_effusion"),
    ("胸膜", "find.pleural_effusion"),
    ("腹盆腔", "find.ascites"),
    ("盆腹腔", "find.ascites"),
    ("腹腔", "find.ascites"),
    ("盆腔", "find.pelvic_effusion"),
    ("pericardial", "find.pericardial_effusion"),
    ("pericardium", "find.pericardial_effusion"),
    ("pleural", "find.pleural_effusion"),
    ("peritoneal", "find.ascites"),
    ("pelvic", "find.pelvic_effusion"),
];

/// The cavities of the fluid at a hit: the form's own, and those named before it in the clause.
pub(super) fn read(sheet: &Sheet<'_>, hit: &Hit) -> Vec<Draft> {
    let mut drafts = Vec::new();
    if hit.concept.as_str() != "find.effusion" {
        drafts.push(Draft::new(hit.concept.clone(), hit.span, "finding.effusion").named_at(hit.span));
    }
    // `胸腹水`: the word for the fluid is the last sign of both names.
    if hit.concept.is("find") && sheet.stream.reads_back_any(hit.span.start, words!["胸"]) {
        let both = Span::new(hit.span.start - 1, hit.span.end);
        if drafts.iter().any(|draft| draft.concept.as_str() == "find.ascites") {
            drafts.push(Draft::new("find.pleural_effusion", both, "finding.effusion").named_at(both));
        }
    }
    let clause = super::words::clause_start(sheet, hit.span.start).max(hit.span.start.saturating_sub(40));
    let mut end = hit.span.start;
    while let Some((name, concept)) = cavity_before(sheet, Span::new(clause, end)) {
        end = name.start;
        if drafts.iter().any(|draft: &Draft| draft.concept.as_str() == concept) {
            continue;
        }
        let mut draft = Draft::new(concept, name.to(hit.span), "finding.effusion").named_at(name);
        if has(sheet, Span::new(name.end, hit.span.start), words!["未见", "无", "no ", "未探及", "未发现"])
        {
            draft.assertion = Some(Assertion::Negated);
        }
        drafts.push(draft);
    }
    drafts
}

fn cavity_before(sheet: &Sheet<'_>, span: Span) -> Option<(Span, &'static str)> {
    let words = words![
        "心包",
        "胸膜腔",
        "胸腔",
        "胸膜",
        "腹盆腔",
        "盆腹腔",
        "腹腔",
        "盆腔",
        "pericardial",
        "pericardium",
        "pleural",
        "peritoneal",
        "pelvic",
    ];
    let name = find_last(sheet, span, words)?;
    // 腹盆腔 ends like 盆腔: the longest word for the place.
    CAVITIES
        .into_iter()
        .filter_map(|(word, concept)| Some((sheet.stream.reads_back(name.end, word)?, concept)))
        .min_by_key(|(start, _)| *start)
        .map(|(start, concept)| (Span::new(start, name.end), concept))
}
