//! Names of markers and genes written loosely or misread: `Bcl 2`, `C D 2 0`, `CD2O`, `CDl0`, `MUMl`, `S0X11`, `BCL-Z`.
//!
//! ## Reads
//! Words of letters and digits that the automaton left, by their skeleton: no spaces, no hyphens, and the characters
//! that recognition confuses folded into one (`O0`, `l1I`, `Z2`, `S5`, `B8`).
//!
//! ## Leaves alone
//! Words without a digit or a capital letter, and what a form of the lexicon has already taken.

use super::Candidate;
use crate::{
    stream::{BREAK, Hit, Span, Stream},
    vocabulary::repair::UNMODIFIED_GLUED,
};
use cartulary_catalogue::{Catalogue, Needs, hash::Table};
use cartulary_model::ConceptId;

/// The longest skeleton that is looked for.
const LONGEST: usize = 12;

/// A concept with what its form needs.
type Entry = (ConceptId, Option<Needs>);

/// Skeletons of the names of markers and genes.
#[derive(Debug)]
pub(crate) struct Skeletons {
    known: Table<Skeleton, Vec<Entry>>,
    /// By the first sign of a skeleton, a bit for each sign that may be its second.
    seconds: [u128; 128],
}

impl Skeletons {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let mut known: Table<Skeleton, Vec<Entry>> = Table::default();
        let mut seconds = [0; 128];
        for concept in catalogue.concepts().filter(|of| of.id.is("bio") || of.id.as_str() == "lab.ki67") {
            for form in concept.forms.iter().filter(|form| form.needs != Some(Needs::Never)) {
                let named = form.text.is_ascii() && form.text.chars().any(|of| of.is_ascii_digit());
                let skeleton: Vec<char> = form.text.chars().filter_map(bone).collect();
                let lettered = skeleton.iter().filter(|of| of.is_ascii_alphabetic()).count();
                if !named || lettered == 0 || !(3..=LONGEST).contains(&skeleton.len()) {
                    continue;
                }
                if let [first, second, ..] = skeleton.as_slice() {
                    seconds[*first as usize] |= 1 << (*second as u32);
                }
                let packed = skeleton.iter().fold(Skeleton::default(), |packed, of| packed.with(*of));
                let entries = known.entry(packed).or_default();
                if !entries.iter().any(|(id, _)| *id == concept.id) {
                    entries.push((concept.id.clone(), form.needs));
                }
            }
        }
        Self { known, seconds }
    }

    /// Whether some name begins with the first two signs of a word; of a lone sign, with that sign.
    fn may_begin(&self, stream: &Stream, at: usize, end: usize) -> bool {
        let seconds = bone(stream.at(at)).map_or(0, |first| self.seconds[first as usize]);
        match bone(stream.at(at + 1)).filter(|_| at + 1 < end) {
            Some(second) => seconds & (1 << (second as u32)) != 0,
            None => seconds != 0,
        }
    }

    /// Names that the automaton did not see, in order.
    pub(crate) fn scan(&self, stream: &Stream, taken: &[Candidate]) -> Vec<Candidate> {
        let mut found = Vec::new();
        let mut next = 0;
        let mut at = 0;
        while at < stream.len() {
            if !stream.at(at).is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let end = word_end(stream, at);
            if !self.may_begin(stream, at, end) {
                at = end;
                continue;
            }
            while next < taken.len() && taken[next].hit.span.end <= at {
                next += 1;
            }
            let is_taken = taken[next..].iter().take_while(|of| of.hit.span.start < end).any(|of| {
                of.hit.span.end > at
                    && (of.hit.concept.is("bio") || of.hit.span.end - of.hit.span.start > LONGEST)
            });
            let capital =
                (at..end).any(|of| stream.at(of).is_ascii_uppercase() || stream.at(of).is_ascii_digit());
            let name = (!is_taken && (capital || goes_on(stream, end)))
                .then(|| self.name_at(stream, at, end))
                .flatten();
            match name {
                Some((span, entries)) => {
                    found.extend(entries.iter().map(|(concept, needs)| Candidate {
                        hit: Hit { span, concept: concept.clone() },
                        needs: *needs,
                    }));
                    at = span.end;
                }
                None => at = end,
            }
        }
        found
    }

    /// The longest name that begins with the word at `at`: the word alone, or with the words behind it.
    fn name_at(&self, stream: &Stream, at: usize, end: usize) -> Option<(Span, &[Entry])> {
        let mut skeleton = Skeleton::default();
        let mut best = None;
        let (mut from, mut to) = (at, end);
        let read = |of: Skeleton, from: usize, to: usize| {
            (from..to).filter_map(|at| bone(stream.at(at))).fold(of, Skeleton::with)
        };
        let bare = unmodified(stream, at, end);
        if bare < end {
            let entries = self.known.get(&read(skeleton, at, bare))?;
            return Some((Span::new(at, bare), entries.as_slice()));
        }
        for _ in 0..LONGEST {
            skeleton = read(skeleton, from, to);
            if skeleton.length > LONGEST {
                break;
            }
            if let Some(entries) = self.known.get(&skeleton) {
                best = Some((Span::new(at, to), entries.as_slice()));
            }
            if !goes_on(stream, to) {
                break;
            }
            from = if stream.at(to + 1) == '-' { to + 3 } else { to + 1 };
            to = word_end(stream, from);
        }
        best
    }
}

/// The signs of a name, each in six bits; of one that is too long only that it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Skeleton {
    signs: u128,
    length: usize,
}

impl Skeleton {
    fn with(self, sign: char) -> Self {
        let code = sign.to_digit(36).map_or(0, u128::from);
        let signs = if self.length < LONGEST { self.signs << 6 | code } else { 0 };
        Self { signs, length: self.length.saturating_add(1).min(LONGEST + 1) }
    }
}

/// Where a modifier that is glued to the name begins: `CD23dim`, `CD20bright`, `CD20st`.
fn unmodified(stream: &Stream, at: usize, end: usize) -> usize {
    let cut = UNMODIFIED_GLUED.iter().find_map(|word| {
        let from = end.checked_sub(word.len()).filter(|from| *from > at + 2)?;
        let same = word.chars().zip(from..end).all(|(of, place)| stream.lower.get(place) == Some(&of));
        (same && stream.at(from - 1).is_ascii_digit()).then_some(from)
    });
    cut.unwrap_or(end)
}

/// A letter or digit as its skeleton has it; nothing for what does not matter.
fn bone(of: char) -> Option<char> {
    match of.to_ascii_lowercase() {
        'o' | '0' => Some('0'),
        'l' | 'i' | '1' | '|' => Some('1'),
        'z' | '2' => Some('2'),
        's' | '5' => Some('5'),
        'b' | '8' => Some('8'),
        letter if letter.is_ascii_alphanumeric() => Some(letter),
        _ => None,
    }
}

/// Letters, digits, and a hyphen between them.
fn word_end(stream: &Stream, at: usize) -> usize {
    let mut end = at;
    while let Some(of) = stream.chars.get(end) {
        let joins = || matches!(of, '-' | '.') && end > at && stream.at(end + 1).is_ascii_alphanumeric();
        if !of.is_ascii_alphanumeric() && !joins() {
            break;
        }
        end += 1;
    }
    end
}

/// One space, or the end of a wrapped line, before a short piece that may belong to the name (`C D 2 0`, `Bcl 2`).
fn goes_on(stream: &Stream, end: usize) -> bool {
    if !matches!(stream.at(end), ' ' | BREAK) || end + 1 >= stream.len() {
        return false;
    }
    let next = stream.at(end + 1);
    if next == '-' {
        return stream.at(end + 2) == ' ' && stream.at(end + 3).is_ascii_alphanumeric();
    }
    let until = word_end(stream, end + 1);
    until > end + 1 && until - end <= 4
}
