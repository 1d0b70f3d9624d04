//! The pieces of what is said of a gene, and signs in them.

use super::words::Word;
use crate::grammar::tokens::{Kind, Token};

type Tokens<'a> = &'a [Token<Word>];

pub(super) fn has(tokens: Tokens<'_>, word: Word) -> bool {
    tokens.iter().any(|of| of.kind == Kind::Word(word))
}

/// The first piece with a word of result: `TP53突变,FISH双打击阴性` says nothing against TP53.
pub(super) fn spoken_first(tokens: Tokens<'_>) -> Tokens<'_> {
    let result = |piece: &&[Token<Word>]| {
        minus(piece)
            || [Word::Mutated, Word::WildType, Word::Yes, Word::No, Word::Intact]
                .iter()
                .any(|word| has(piece, *word))
    };
    pieces(tokens).into_iter().find(result).unwrap_or(tokens)
}

/// A minus that is a sign: in a bracket, or at the end.
pub(super) fn minus(piece: Tokens<'_>) -> bool {
    piece.iter().enumerate().any(|(index, of)| {
        let edge = |at: Option<usize>| {
            at.and_then(|of| piece.get(of))
                .is_none_or(|of| matches!(of.kind, Kind::Open | Kind::Close | Kind::Comma | Kind::Semi))
        };
        of.kind == Kind::Minus
            && edge(Some(index + 1))
            && (index == 0 || matches!(piece[index - 1].kind, Kind::Open | Kind::Word(_)))
    })
}

/// Pieces between commas outside brackets.
pub(super) fn pieces(tokens: Tokens<'_>) -> Vec<Tokens<'_>> {
    let mut pieces = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            Kind::Comma | Kind::Semi if depth <= 0 => {
                pieces.push(&tokens[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    pieces.push(&tokens[start..]);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
