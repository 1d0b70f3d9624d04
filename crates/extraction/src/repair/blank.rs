//! Blanks inside a sign or a name: `CD5 - ve`, `R- CHOP`; and a verdict glued to a gene: `TP53mut`.

use super::Edit;
use crate::{
    stream::{BREAK, Span, Stream},
    vocabulary::repair::{BEHIND_R, VERDICTS_GLUED},
};

pub(super) fn edits(stream: &Stream, edits: &mut Vec<Edit>) {
    for (at, of) in stream.chars.iter().enumerate() {
        match of {
            '+' | '-' => edits.extend(sign(stream, at)),
            'R' => edits.extend(rituximab(stream, at)),
            'm' | 'w' => edits.extend(verdict(stream, at)),
            'D' => edits.extend(deauville(stream, at)),
            _ => {}
        }
    }
}

/// `+ ve`, `- ve`: positive and negative as they are said.
fn sign(stream: &Stream, at: usize) -> Option<Edit> {
    let apart = stream.at(at + 1) == ' ' && stream.reads(at + 2, "ve");
    let alone = !stream.at(at + 4).is_alphanumeric();
    (apart && alone).then(|| Edit::joined(Span::new(at + 1, at + 2), Vec::new()))
}

/// `R- CHOP`, `R -CHOP`: the hyphen joins rituximab to a regimen that is given with it.
fn rituximab(stream: &Stream, at: usize) -> Option<Edit> {
    if at > 0 && stream.at(at - 1).is_alphanumeric() {
        return None;
    }
    let blank = |at: usize| usize::from(matches!(stream.at(at), ' ' | BREAK));
    let hyphen = at + 1 + blank(at + 1);
    let name = hyphen + 1 + blank(hyphen + 1);
    // Over the end of a line only a hyphen at its end joins.
    let hangs = stream.at(at + 1) != BREAK;
    let known = || BEHIND_R.iter().any(|word| stream.reads(name, word) && ends(stream, name + word.len()));
    let parted = stream.at(hyphen) == '-' && hangs && name > at + 2;
    (parted && known()).then(|| Edit::joined(Span::new(at + 1, name), vec!['-']))
}

/// `DS5`: the scale and its points, where no letter or digit stands beside them.
fn deauville(stream: &Stream, at: usize) -> Option<Edit> {
    let apart = at == 0 || !(stream.at(at - 1).is_ascii_alphanumeric() || stream.at(at - 1) == '-');
    let points = matches!(stream.at(at + 2), '1'..='5') && stream.at(at + 1) == 'S';
    let end = !(stream.at(at + 3).is_ascii_alphanumeric() || is_fraction(stream, at + 3));
    (apart && points && end).then(|| Edit::joined(Span::new(at + 1, at + 2), vec!['S', ' ']))
}

fn is_fraction(stream: &Stream, at: usize) -> bool {
    matches!(stream.at(at), '.' | '-') && stream.at(at + 1).is_ascii_alphanumeric()
}

fn ends(stream: &Stream, at: usize) -> bool {
    !stream.at(at).is_alphabetic()
}

/// `TP53mut`, `NOTCH1wt`: a verdict directly behind the digit of a name in capitals.
fn verdict(stream: &Stream, at: usize) -> Option<Edit> {
    let digit = at > 1 && stream.at(at - 1).is_ascii_digit();
    let named = (0..at).rev().map(|of| stream.at(of)).find(|of| !of.is_ascii_digit());
    let capital = digit && named.is_some_and(|of| of.is_ascii_uppercase());
    let word = || VERDICTS_GLUED.iter().any(|word| stream.reads(at, word) && ends(stream, at + word.len()));
    (capital && word()).then(|| Edit::joined(Span::new(at - 1, at), vec![stream.at(at - 1), ' ']))
}
