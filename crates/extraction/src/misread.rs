//! Names that recognition spelt with look-alike signs: `P1atelets`, `H8sAg`, `HlV`, `B2-rnicroglobulin`.
//!
//! One more pass over the text in which look-alikes are one sign. A name found only so is weaker than one found
//! as written: short ones need a value with their own unit, and whatever is read of it is marked as repaired.

use crate::{
    lexicon::{folded, on_boundaries},
    stream::{Hit, Span, Stream},
    trie::Trie,
};
use cartulary_catalogue::{Catalogue, Needs};
use cartulary_model::ConceptId;
use std::collections::BTreeMap;

/// Fewer letters may be anything: `1DH` is LDH or IDH.
const LEAST: usize = 3;

/// The names of one kind of concept, look-alikes folded.
pub(crate) struct Lookalikes {
    trie: Trie,
    concepts: Vec<ConceptId>,
    /// The signs that stand in some name, or look like one that does: what a name may be written with.
    signs: [bool; 128],
}

impl Lookalikes {
    /// Names of the concepts of a kind that are written with at least three Latin letters.
    pub(crate) fn new(catalogue: &Catalogue, kind: &str) -> Self {
        let mut forms: BTreeMap<String, ConceptId> = BTreeMap::new();
        for concept in catalogue.concepts().filter(|concept| concept.id.is(kind)) {
            for form in concept.forms.iter().filter(|form| form.needs.is_none_or(|of| of == Needs::LabValue))
            {
                let letters = form.text.chars().filter(char::is_ascii_alphabetic).count();
                let least = if form.needs.is_some() { LEAST + 1 } else { LEAST };
                if letters >= least && form.text.is_ascii() {
                    let (blurred, _) = blur(&folded(&form.text).chars().collect::<Vec<_>>());
                    forms
                        .entry(blurred.into_iter().collect::<String>())
                        .or_insert_with(|| concept.id.clone());
                }
            }
        }
        let trie = Trie::new(forms.keys().map(String::as_str));
        // `rn` stands for an m.
        let known: Vec<char> = forms.keys().flat_map(|form| form.chars()).chain(['r', 'n']).collect();
        let signs = std::array::from_fn(|code| known.contains(&alike(char::from(code as u8))));
        Self { trie, concepts: forms.into_values().collect(), signs }
    }

    /// Names that stand in the text in a spelling that only recognition makes.
    pub(crate) fn scan(&self, stream: &Stream) -> Vec<Hit> {
        let mut hits = Vec::new();
        let belongs = |at: usize| {
            stream.lower.get(at).is_some_and(|of| {
                let sign = if *of == 'β' { 'b' } else { *of };
                self.signs.get(sign as usize) == Some(&true)
            })
        };
        // No name goes over a sign that stands in none: pieces without a suspicious place, which most are, hold nothing.
        let mut done = 0;
        for at in 0..stream.len() {
            if at < done || !may_be_misspelt(stream, at) || !belongs(at) {
                continue;
            }
            let start = (done..at).rev().find(|of| !belongs(*of)).map_or(done, |of| of + 1);
            done = (at..stream.len()).find(|of| !belongs(*of)).unwrap_or(stream.len());
            if done - start >= LEAST {
                self.scan_piece(stream, Span::new(start, done), &mut hits);
            }
        }
        hits
    }

    fn scan_piece(&self, stream: &Stream, piece: Span, hits: &mut Vec<Hit>) {
        let (text, places) = blur(&stream.lower[piece.start..piece.end]);
        for (found, name) in self.trie.longest(&text) {
            let span = Span::new(piece.start + places[found.start], piece.start + places[found.end]);
            if is_misspelt(stream, span) && on_boundaries(stream, span) {
                hits.push(Hit { span, concept: self.concepts[name].clone() });
            }
        }
    }
}

/// Look-alikes as one sign, with the place each sign came from and the end.
fn blur(lower: &[char]) -> (Vec<char>, Vec<usize>) {
    let mut text = Vec::with_capacity(lower.len());
    let mut places = Vec::with_capacity(lower.len() + 1);
    let mut index = 0;
    while let Some(of) = lower.get(index) {
        places.push(index);
        let pair = (*of, lower.get(index + 1).copied().unwrap_or(' '));
        if pair == ('r', 'n') {
            text.push('m');
            index += 1;
        } else {
            text.push(alike(*of));
        }
        index += 1;
    }
    places.push(lower.len());
    (text, places)
}

/// The sign that stands for all that look like it.
pub(crate) fn alike(of: char) -> char {
    match of {
        '0' => 'o',
        '1' | 'i' | '|' | '!' => 'l',
        '5' => 's',
        '8' | 'β' => 'b',
        '2' => 'z',
        'q' | '9' => 'g',
        _ => of,
    }
}

/// Whether a sign can be what makes a spelling that nobody writes: what [`is_misspelt`] asks, whatever the span.
fn may_be_misspelt(stream: &Stream, at: usize) -> bool {
    let before = || at > 0 && stream.at(at - 1).is_ascii_alphabetic();
    let next = || stream.at(at + 1);
    match stream.chars[at] {
        '0' | '1' | '5' | '8' | '|' | '!' => before() || next().is_ascii_alphabetic(),
        '9' | 'q' | '2' => before() && next().is_ascii_alphabetic(),
        'l' => next().is_ascii_uppercase() || next() == 'g',
        'r' => next() == 'n',
        'B' => next() == '2',
        _ => false,
    }
}

/// A digit between letters, a small l between capitals, or rn for m: a spelling that nobody writes.
fn is_misspelt(stream: &Stream, span: Span) -> bool {
    let letter = |at: usize| stream.at(at).is_ascii_alphabetic();
    // `8mg` is a dose; only a one stands for a capital I at the start of a name.
    if stream.at(span.start).is_ascii_digit() && stream.at(span.start) != '1' {
        return false;
    }
    (span.start..span.end).any(|at| {
        let inside = at > span.start && letter(at - 1);
        let (of, next) = (stream.at(at), stream.at(at + 1));
        match of {
            '0' | '1' | '5' | '8' | '|' | '!' => inside || (at == span.start && letter(at + 1)),
            '9' | 'q' | '2' => inside && letter(at + 1),
            'l' => next.is_ascii_uppercase() || (at == span.start && next == 'g'),
            'r' => next == 'n',
            'B' => next == '2',
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::LinePlace;

    #[test]
    fn a_name_spelt_with_look_alikes_is_found() {
        let names = Lookalikes::new(&Catalogue::embedded().unwrap(), "lab");
        let found = |text: &str| {
            let mut stream = Stream::default();
            stream.push_line(LinePlace::new(0, 0), text);
            names.scan(&stream).first().map(|hit| hit.concept.to_string())
        };
        assert_eq!(found("P1atelets 40").as_deref(), Some("lab.plt"));
        assert_eq!(found("H8sAg Negative").as_deref(), Some("lab.hbsag"));
        assert_eq!(found("HlV Ab").as_deref(), Some("lab.hiv"));
        assert_eq!(found("B2-rnicroglobulin 5.1").as_deref(), Some("lab.b2m"));
        assert_eq!(found("platelets 40"), None);
        assert_eq!(found("HIV Ab"), None);
    }
}
