//! Where each fact was read, for the script that lights the place on its page.

use crate::{clean::clean, view::Papers};
use cartulary_model::{Evidence, fact::EvidenceRole};
use serde::Serialize;
use std::collections::BTreeMap;

/// One place, in short names because a case may have thousands.
#[derive(Serialize)]
struct Place {
    /// Document number.
    d: usize,
    /// Page number.
    p: u32,
    /// Line on the page, from 0.
    l: u32,
    /// Span of characters.
    s: (u32, u32),
    /// Role: `value`, `cue`, `heading`, `date`.
    r: EvidenceRole,
    /// The words.
    q: String,
    /// Corners of each box: x and y, four times.
    b: Vec<[i32; 8]>,
}

/// The places by fact, as JSON that may stand inside a `<script>` element.
pub(super) fn json(papers: &Papers<'_>) -> String {
    let facts: BTreeMap<String, Vec<Place>> = papers
        .evaluation
        .facts
        .iter()
        .map(|fact| {
            let places = fact.evidence.iter().filter_map(|evidence| place(evidence, papers)).collect();
            (fact.id.to_string(), places)
        })
        .collect();
    let json = serde_json::to_string(&facts).unwrap_or_else(|_| "{}".to_owned());
    harmless_in_script(&json)
}

fn place(evidence: &Evidence, papers: &Papers<'_>) -> Option<Place> {
    let corners = |quad: &cartulary_model::Quad| {
        let mut flat = [0; 8];
        for (at, value) in flat.iter_mut().zip(quad.0.iter().flatten()) {
            *at = value.round() as i32;
        }
        flat
    };
    Some(Place {
        d: papers.number(&evidence.document)?,
        p: evidence.page,
        l: evidence.line,
        s: evidence.span,
        r: evidence.role,
        q: clean(&evidence.quote),
        b: evidence.quads.iter().map(corners).collect(),
    })
}

/// A quote of a paper can close the element or open a comment in it; as escapes these signs are only text.
fn harmless_in_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
