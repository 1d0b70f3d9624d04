//! By which method a marker was read: immunohistochemistry, or flow cytometry.
//!
//! The last word of a method in the paragraph decides; without one, the kind of the paper.
//!
//! ## Never
//! Lymphocyte subsets are counts of blood cells, not the tumour's antigens: `CD19+ 0.1%` after a cell product.

use crate::{
    grammar::tokens::Vocabulary,
    sheet::Sheet,
    stream::{BREAK, Span},
    vocabulary::marker::{FLOW, STAINED, SUBSETS},
    words::List,
};
use std::sync::LazyLock;

/// Sheets of values.
const SHEETS: [&str; 3] = ["sec.doc_lab", "sec.doc_cbc", "sec.doc_chem"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Flow,
    Stained,
    Subsets,
}

/// The words of all methods; where two stand at one place, the first method is meant.
static METHODS: LazyLock<Vocabulary<Method>> = LazyLock::new(|| {
    let of = |words: &'static List, method: Method| words.iter().map(move |word| (*word, method));
    Vocabulary::new(
        of(SUBSETS, Method::Subsets).chain(of(FLOW, Method::Flow)).chain(of(STAINED, Method::Stained)),
    )
});

/// A word of a method.
struct Word {
    at: usize,
    method: Method,
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
            let breaks = |from: usize, to: usize| stream.signs_in(Span::new(from, to), |of| of == BREAK);
            let start = breaks(done, name.start).next_back().map_or(done, |at| at + 1);
            let end = breaks(name.end, stream.len()).next().unwrap_or(stream.len());
            for at in start..end {
                let method = METHODS.first_at(stream, at);
                found.extend(method.map(|method| Word { at, method, until: end }));
            }
            done = end;
        }
        Self(found)
    }

    /// The method of the marker at `name`; nothing where blood cells were counted.
    pub(super) fn of(&self, sheet: &Sheet<'_>, name: Span, counted: bool) -> Option<&'static str> {
        let next = self.0.partition_point(|of| of.at < name.start);
        let before = next.checked_sub(1).map(|of| &self.0[of]).filter(|of| of.until >= name.start);
        let sentence = sheet.sentence(name.start);
        let after = self.0.get(next).filter(|of| of.at < sentence.end);
        // `CD19 by IHC positive`.
        let directly = after.filter(|of| of.at - name.end <= 5);
        match directly.or(before).or(after).map(|of| of.method) {
            Some(Method::Subsets) => None,
            Some(Method::Flow) => Some("flow"),
            Some(Method::Stained) => Some("ihc"),
            None if sheet.is_kind(&["sec.doc_flow"]) || is_titled_flow(sheet) => Some("flow"),
            None => (!(counted && sheet.is_kind(&SHEETS))).then_some("ihc"),
        }
    }
}

/// `FLOW CYTOMETRY REPORT`: the first words of a paper name the method of all its markers, and no other is named.
fn is_titled_flow(sheet: &Sheet<'_>) -> bool {
    const LEAD: usize = 14;
    const LONGEST: usize = 60;
    let stream = &sheet.stream;
    let row = (0..stream.len().min(LONGEST)).find(|at| stream.at(*at) == BREAK);
    let method = |at: usize, of: Method| METHODS.first_at(stream, at) == Some(of);
    row.is_some_and(|end| (0..end.min(LEAD)).any(|at| method(at, Method::Flow)))
        && !(0..stream.len()).any(|at| method(at, Method::Stained))
}
