//! By which method a marker was read: immunohistochemistry, or flow cytometry.
//!
//! The last word of a method in the paragraph decides; without one, the kind of the paper.

use crate::{
    grammar::tokens::matches,
    sheet::Sheet,
    stream::{BREAK, Span},
};

const FLOW: [&str; 16] = [
    "flow",
    "flow cytometry",
    "flow cytometric",
    "流式",
    "fcm",
    "gated",
    "gate",
    "gating",
    "immunophenotyping",
    "门内",
    "设门",
    "免疫分型",
    "cytometry",
    "cytometric",
    "facs",
    "events",
];
const STAINED: [&str; 14] = [
    "ihc",
    "immunohistochemistry",
    "immunohistochemical",
    "immunohistochemically",
    "immunostain",
    "immunostains",
    "immunoperoxidase",
    "stains",
    "sections",
    "免疫组化",
    "免疫組化",
    "组化",
    "切片",
    "活检",
];

/// A word of a method.
struct Word {
    at: usize,
    flow: bool,
    /// Where its paragraph ends.
    until: usize,
}

/// Words of methods, in order.
pub(super) struct Methods(Vec<Word>);

impl Methods {
    /// Looks through the paragraphs that name a marker, each once.
    pub(super) fn new(sheet: &Sheet<'_>, names: &[Span]) -> Self {
        let stream = &sheet.stream;
        let mut found = Vec::new();
        let mut done = 0;
        for name in names {
            if name.start < done {
                continue;
            }
            let start = (done..name.start).rev().find(|at| stream.at(*at) == BREAK).map_or(done, |at| at + 1);
            let end = (name.end..stream.len()).find(|at| stream.at(*at) == BREAK).unwrap_or(stream.len());
            for at in start..end {
                let begins = |words: &[&str]| words.iter().any(|word| matches(stream, at, word).is_some());
                if begins(&FLOW) {
                    found.push(Word { at, flow: true, until: end });
                } else if begins(&STAINED) {
                    found.push(Word { at, flow: false, until: end });
                }
            }
            done = end;
        }
        Self(found)
    }

    /// The method of the marker at `name`.
    pub(super) fn of(&self, sheet: &Sheet<'_>, name: Span) -> &'static str {
        let next = self.0.partition_point(|of| of.at < name.start);
        let before = next.checked_sub(1).map(|of| &self.0[of]).filter(|of| of.until >= name.start);
        let sentence = sheet.sentence(name.start);
        let after = self.0.get(next).filter(|of| of.at < sentence.end);
        let flow = match (before, after) {
            (Some(of), _) | (None, Some(of)) => of.flow,
            (None, None) => sheet.is_kind(&["sec.doc_flow"]),
        };
        if flow { "flow" } else { "ihc" }
    }
}
