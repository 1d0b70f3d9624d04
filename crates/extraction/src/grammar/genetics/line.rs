//! Genes that head a row of their own: what the row above says is of another gene.

use super::{verdict::Said, words::Word};
use crate::grammar::tokens::Kind;

/// `ATM (11q22.3): deletion in 34% of nuclei` under `TP53: within normal limits`: whether the gene stands first in its line,
/// with no more than its locus before the colon, and has a result of its own there.
pub(super) fn heads(said: &Said<'_>) -> bool {
    const LOCUS: usize = 16;
    let stream = &said.sheet.stream;
    let Some(name) = said.names().first().map(|of| of.span) else { return false };
    let before = (0..name.start).rev().find(|at| stream.at(*at) != ' ');
    let begins = before.is_none_or(|at| !stream.is_same_line(at, name.start));
    let behind = (name.end..name.end + LOCUS).find(|at| !stream.at(*at).is_whitespace()).unwrap_or(name.end);
    let past = match stream.at(behind) {
        '(' => (behind..behind + LOCUS).find(|at| stream.at(*at) == ')').map_or(behind, |at| at + 1),
        _ => behind,
    };
    // "No variants were detected in" over "TP53: exons 2-11": nothing of its own is told there.
    let told = said.all[said.item.trail.clone()].iter().any(|of| {
        matches!(
            of.kind,
            Kind::Percent(_) | Kind::Word(Word::Deleted | Word::Rearranged | Word::Mutated | Word::Intact)
        )
    });
    begins && told && stream.at(past) == ':'
}
