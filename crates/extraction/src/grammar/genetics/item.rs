//! Which words of a sentence speak of which genes.
//!
//! Genes that only a list parts share what is said (`MYC, BCL2 or BCL6`, `BCL2、BCL6均未见断裂`). The words behind them are
//! theirs; of the words before the next genes only the last piece, when it has no notation or number of its own
//! (`and wild-type CXCR4`, `未见BCL2重排`).

use super::{gene::Gene, words::Word};
use crate::grammar::tokens::{Kind, Token};
use std::ops::Range;

/// Genes that share what is said of them, and the tokens that say it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Indices of genes.
    pub(super) genes: Vec<usize>,
    /// Tokens from the first gene to the last.
    pub(super) names: Range<usize>,
    pub(super) lead: Range<usize>,
    pub(super) trail: Range<usize>,
    /// `BTK C481S and PLCG2 were not found`: the verdict stands behind the next item.
    pub(super) verdict: Option<Range<usize>>,
}

pub(super) fn items(tokens: &[Token<Word>], genes: &[Gene]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Kind::Name(name) = token.kind else { continue };
        if let Some(last) = items.last_mut()
            && joins(tokens, genes, last, at, name)
        {
            if !is_alias(genes, last, name) {
                last.genes.push(name);
            }
            last.names.end = at + 1;
            last.trail = at + 1..tokens.len();
            continue;
        }
        let from = items.last().map_or(0, |last| last.names.end);
        let split = if items.is_empty() { lead_start(tokens, 0, at) } else { split(tokens, from, at) };
        if let Some(last) = items.last_mut() {
            last.trail = last.names.end..split;
        }
        items.push(Item {
            genes: vec![name],
            names: at..at + 1,
            lead: split..at,
            trail: at + 1..tokens.len(),
            verdict: None,
        });
    }
    for index in (1..items.len()).rev() {
        if hands_on(tokens, &items[index - 1], &items[index])
            && !turns(genes, &items[index - 1], items[index].genes[0])
        {
            items[index - 1].verdict =
                Some(items[index].verdict.clone().unwrap_or(items[index].trail.clone()));
        }
    }
    items
}

/// An item with nothing but a notation behind it, joined to the next by a list.
fn hands_on(tokens: &[Token<Word>], item: &Item, next: &Item) -> bool {
    let between = &tokens[item.trail.start..next.names.start];
    let bare = between.iter().all(|of| {
        matches!(
            of.kind,
            Kind::Other
                | Kind::Number(_)
                | Kind::And
                | Kind::Comma
                | Kind::Slash
                | Kind::Open
                | Kind::Close
                | Kind::Semi
        )
    });
    let and = between.last().is_some_and(|of| matches!(of.kind, Kind::And | Kind::Comma));
    bare && and && !between.is_empty()
}

/// The locus of the gene before it, or its gene: `TP53 (17p13.1)`, `11q22.3(ATM)`, `t(14;18) IGH::BCL2`.
fn is_alias(genes: &[Gene], item: &Item, name: usize) -> bool {
    let same = |a: &Gene, b: &Gene| {
        (a.rearrangement.is_some() && a.rearrangement == b.rearrangement)
            || (a.loss.is_some() && a.loss == b.loss)
    };
    item.genes.last().is_some_and(|last| same(&genes[*last], &genes[name]))
}

/// Whether only a list, or a bracket with the locus, stands between the item and the name at `at`.
fn joins(tokens: &[Token<Word>], genes: &[Gene], item: &Item, at: usize, name: usize) -> bool {
    let between = &tokens[item.names.end..at];
    let alias = is_alias(genes, item, name);
    // `BCL6 break-apart (3q27)`, `IGH/MYC fusion t(8;14)`: the probe between a gene and its locus.
    let probe = alias
        && between.iter().all(|of| {
            matches!(
                of.kind,
                Kind::Word(Word::Rearranged | Word::Igh | Word::Filler) | Kind::Open | Kind::Slash
            )
        });
    if probe {
        return true;
    }
    let listed = between.iter().all(|of| match of.kind {
        Kind::Comma | Kind::And | Kind::Slash => true,
        Kind::Close | Kind::Open | Kind::Colon => true,
        Kind::Word(Word::Filler | Word::Igh) => true,
        Kind::Minus => alias,
        _ => false,
    });
    let opens_new = between.iter().any(|of| matches!(of.kind, Kind::Open))
        && !alias
        && !between.iter().any(|of| matches!(of.kind, Kind::Close));
    listed && !opens_new && !turns(genes, item, name)
}

/// "MYC-R and BCL6-R, BCL2 intact": what is said of the bare name is not said of those that state it themselves.
fn turns(genes: &[Gene], item: &Item, name: usize) -> bool {
    item.genes.iter().all(|of| genes[*of].stated) && !genes[name].stated
}

/// Where the words before the first gene begin to matter: behind the last comma.
fn lead_start(tokens: &[Token<Word>], from: usize, at: usize) -> usize {
    let mut depth = 0;
    for index in (from..at).rev() {
        match tokens[index].kind {
            Kind::Close => depth += 1,
            Kind::Open => depth -= 1,
            Kind::Comma | Kind::Semi if depth <= 0 => return index + 1,
            Kind::Word(Word::Turns) if depth <= 0 => return index + 1,
            _ => {}
        }
    }
    from
}

/// The token where the words of the item before end and those before the next gene begin.
fn split(tokens: &[Token<Word>], from: usize, at: usize) -> usize {
    let mut depth = 0;
    for index in (from..at).rev() {
        match tokens[index].kind {
            Kind::Close => depth += 1,
            Kind::Open => depth -= 1,
            Kind::Comma | Kind::Semi | Kind::And | Kind::Word(Word::Turns) if depth <= 0 => {
                let own = tokens[index + 1..at].iter().all(|of| !matches!(of.kind, Kind::Percent(_)));
                return if own { index + 1 } else { at };
            }
            // "... VAF 49.7% PERTINENT NEGATIVES: No variants detected in MYD88": a label opens the next item.
            Kind::Colon if depth <= 0 => {
                let percent = |of: &Token<Word>| matches!(of.kind, Kind::Percent(_));
                if tokens[from..index].iter().any(percent) && !tokens[index + 1..at].iter().any(percent) {
                    return index + 1;
                }
            }
            _ => {}
        }
    }
    at
}
