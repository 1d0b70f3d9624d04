//! Words in a double-array trie: all that begin at a place of a text are found in one walk of a few steps.
//!
//! ## Shape
//! A state is a slot of one array. Its child by a character stands at `base ^ code of the character`, and is its child
//! only if it names the state as its parent. Most places of a text begin no word, and leave in the first or second step.

use crate::stream::Span;
use std::{
    collections::{BTreeSet, VecDeque},
    ops::Range,
};

/// No word ends here, or nobody lives here.
const NONE: u32 = u32::MAX;

/// Numbers of the characters that stand in some word, from 1; 0 is every other character.
#[derive(Clone, Debug, Default)]
struct Alphabet {
    /// For each block of 256 characters where its numbers begin in `codes`.
    blocks: Vec<u32>,
    codes: Vec<u16>,
    count: u16,
}

impl Alphabet {
    const BLOCK: usize = 256;

    fn new(words: &[Vec<char>]) -> Self {
        let blocks = char::MAX as usize / Self::BLOCK + 1;
        // The first block stands for all that hold no character of a word.
        let mut alphabet = Self { blocks: vec![0; blocks], codes: vec![0; Self::BLOCK], count: 0 };
        // In their order: so the letters of English stand side by side.
        for of in words.iter().flatten().collect::<BTreeSet<_>>() {
            let place = *of as usize;
            let block = place / Self::BLOCK;
            if alphabet.blocks[block] == 0 {
                alphabet.blocks[block] = u32::try_from(alphabet.codes.len()).unwrap_or(0);
                alphabet.codes.extend([0; Self::BLOCK]);
            }
            alphabet.count += 1;
            alphabet.codes[alphabet.blocks[block] as usize + place % Self::BLOCK] = alphabet.count;
        }
        alphabet
    }

    fn code(&self, of: char) -> u16 {
        let place = of as usize;
        self.codes[self.blocks[place / Self::BLOCK] as usize + place % Self::BLOCK]
    }
}

/// A state: what leads on from it, and whose child it is.
#[derive(Clone, Copy, Debug)]
struct State {
    /// Where its children are found, with [`ENDS`] where a word ends with it.
    base: u32,
    parent: u32,
}

const EMPTY: State = State { base: 0, parent: NONE };
/// Of a base: a word ends here.
const ENDS: u32 = 1 << 31;
/// The parent of the first state, which is nobody's child.
const ROOT: u32 = NONE - 1;

/// Distinct words that are not empty, each known by its number in the order they were given in.
#[derive(Clone, Debug)]
pub(crate) struct Trie {
    alphabet: Alphabet,
    states: Vec<State>,
    /// The word that ends with a state.
    words: Vec<u32>,
    /// The length of the longest word.
    longest: usize,
}

/// A word that was found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) start: u32,
    pub(crate) length: u32,
    pub(crate) word: u32,
}

/// A place from which the words of the trie are still followed: the state reached, and its base.
#[derive(Clone, Copy)]
struct Open {
    at: u32,
    state: u32,
    base: u32,
}

/// Words by their start; those of one start stay in their order.
fn by_start(words: &[Word], places: usize) -> Vec<Word> {
    let mut begins = vec![0u32; places + 1];
    for word in words {
        begins[word.start as usize + 1] += 1;
    }
    let mut sum = 0;
    for begin in &mut begins {
        sum += *begin;
        *begin = sum;
    }
    let mut sorted = vec![Word { start: 0, length: 0, word: 0 }; words.len()];
    for word in words {
        let slot = &mut begins[word.start as usize];
        sorted[*slot as usize] = *word;
        *slot += 1;
    }
    sorted
}

impl Trie {
    pub(crate) fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let words: Vec<Vec<char>> = words.map(|word| word.chars().collect()).collect();
        let alphabet = Alphabet::new(&words);
        let mut numbered: Vec<(Vec<u16>, u32)> = words
            .iter()
            .zip(0u32..)
            .map(|(word, number)| (word.iter().map(|of| alphabet.code(*of)).collect(), number))
            .collect();
        numbered.sort();
        let block = (usize::from(alphabet.count) + 1).next_power_of_two();
        let mut builder = Builder::new(numbered, block);
        builder.build();
        let longest = words.iter().map(Vec::len).max().unwrap_or(0);
        Self { alphabet, states: builder.states, words: builder.ends, longest }
    }

    /// The memory of its arrays, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.states.len() * (size_of::<State>() + size_of::<u32>())
            + self.alphabet.codes.len() * 2
            + self.alphabet.blocks.len() * 4
    }

    /// A text as the trie reads it: the number of each character.
    pub(crate) fn codes(&self, text: &[char]) -> Vec<u16> {
        text.iter().map(|of| self.alphabet.code(*of)).collect()
    }

    /// Tells every word that begins at a place of a text of [`Trie::codes`], shorter ones first: its end and number.
    pub(crate) fn each_at(&self, codes: &[u16], at: usize, mut tell: impl FnMut(usize, u32)) {
        let mut state = 0u32;
        let mut base = self.states[0].base;
        for (code, end) in codes[at..].iter().zip(at + 1..) {
            let next = base ^ u32::from(*code);
            let Some(found) = self.states.get(next as usize).filter(|of| of.parent == state) else { return };
            if found.base & ENDS != 0 {
                tell(end, self.words[next as usize]);
            }
            (state, base) = (next, found.base & !ENDS);
        }
    }

    /// Tells every word of a text, by place, shorter ones first.
    pub(crate) fn all(&self, text: &[char], mut tell: impl FnMut(Word)) {
        // Pieces bound what a long text needs beside itself.
        const PIECE: usize = 16_384;
        for (begin, offset) in (0..text.len()).step_by(PIECE).zip((0u32..).step_by(PIECE)) {
            let places = PIECE.min(text.len() - begin);
            let reach = text.len().min(begin + places + self.longest);
            for word in self.of_piece(&text[begin..reach], places) {
                tell(Word { start: offset + word.start, ..word });
            }
        }
    }

    /// The words that begin at the first `places` characters of a text, by place, shorter ones first.
    ///
    /// All places go on together, a character at a time: the looks into the array then wait for each other no more.
    fn of_piece(&self, text: &[char], places: usize) -> Vec<Word> {
        // Behind the text stand characters of no word, as many as the longest word could ask for.
        let mut codes = Vec::with_capacity(text.len() + self.longest + 1);
        codes.extend(text.iter().map(|of| self.alphabet.code(*of)));
        codes.resize(text.len() + self.longest + 1, 0);
        let mut found = Vec::with_capacity(places * 2);
        let root = Open { at: 0, state: 0, base: self.states[0].base };
        let first = codes[..places].iter().zip(0u32..);
        let mut open: Vec<Open> = Vec::with_capacity(places);
        open.extend(first.filter_map(|(code, at)| self.step(Open { at, ..root }, *code, 1, &mut found)));
        let mut length = 1u32;
        while !open.is_empty() {
            let ahead = &codes[length as usize..];
            length += 1;
            open.retain_mut(|of| match self.step(*of, ahead[of.at as usize], length, &mut found) {
                Some(next) => {
                    *of = next;
                    true
                }
                None => false,
            });
        }
        by_start(&found, places)
    }

    /// Goes on by a character, which is the word's `length`th, and tells the word that ends with it.
    fn step(&self, of: Open, code: u16, length: u32, found: &mut Vec<Word>) -> Option<Open> {
        let next = of.base ^ u32::from(code);
        let child = self.states[next as usize];
        if child.parent != of.state {
            return None;
        }
        if child.base & ENDS != 0 {
            found.push(Word { start: of.at, length, word: self.words[next as usize] });
        }
        Some(Open { at: of.at, state: next, base: child.base & !ENDS })
    }

    /// The words of a text from left to right, the longest at each place, none over another.
    pub(crate) fn longest(&self, text: &[char]) -> impl Iterator<Item = (Span, usize)> {
        let codes = self.codes(text);
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < codes.len() {
                let mut longest = None;
                self.each_at(&codes, at, |end, word| longest = Some((Span::new(at, end), word as usize)));
                at = longest.map_or(at + 1, |(span, _)| span.end);
                if longest.is_some() {
                    return longest;
                }
            }
            None
        })
    }
}

/// Lays the states of sorted words into the array.
struct Builder {
    words: Vec<(Vec<u16>, u32)>,
    states: Vec<State>,
    ends: Vec<u32>,
    /// The array grows by so many slots: all children of a state stand in one of these blocks.
    block: usize,
    /// Every slot before it is taken.
    free: usize,
    /// Before it families find no room, or not soon.
    roomy: usize,
}

impl Builder {
    fn new(words: Vec<(Vec<u16>, u32)>, block: usize) -> Self {
        let mut states = vec![EMPTY; block];
        states[0].parent = ROOT;
        Self { words, states, ends: vec![NONE; block], block, free: 1, roomy: 1 }
    }

    /// Level by level: most walks end in the first levels, whose states so stand side by side.
    fn build(&mut self) {
        let mut open = VecDeque::from([(0usize, 0..self.words.len(), 0usize)]);
        while let Some((state, words, depth)) = open.pop_front() {
            let groups = self.groups(words, depth);
            let Some((first, _)) = groups.first() else { continue };
            let base = self.place(*first, &groups);
            self.states[state].base |= u32::try_from(base).unwrap_or(0);
            for (code, inside) in groups {
                let child = base ^ usize::from(code);
                self.states[child].parent = u32::try_from(state).unwrap_or(NONE);
                let ends = self.words[inside.start].0.len() == depth + 1;
                if ends {
                    self.states[child].base = ENDS;
                    self.ends[child] = self.words[inside.start].1;
                }
                open.push_back((child, inside.start + usize::from(ends)..inside.end, depth + 1));
            }
        }
    }

    /// Words by their character at a depth.
    fn groups(&self, words: Range<usize>, depth: usize) -> Vec<(u16, Range<usize>)> {
        let mut groups: Vec<(u16, Range<usize>)> = Vec::new();
        for index in words {
            let code = self.words[index].0[depth];
            match groups.last_mut().filter(|(last, _)| *last == code) {
                Some((_, inside)) => inside.end = index + 1,
                None => groups.push((code, index..index + 1)),
            }
        }
        groups
    }

    /// A base at which the slots of all children are free; the array is made long enough.
    fn place(&mut self, first: u16, groups: &[(u16, Range<usize>)]) -> usize {
        // More than so many tries are too many for the next family too.
        const PATIENCE: usize = 32;
        while self.is_taken(self.free) {
            self.free += 1;
        }
        let begin = if groups.len() == 1 { self.free } else { self.free.max(self.roomy) };
        let fits = |slot: &usize| {
            let base = slot ^ usize::from(first);
            !groups.iter().any(|(code, _)| self.is_taken(base ^ usize::from(*code)))
        };
        let slot = (begin..).find(fits).unwrap_or(begin);
        if groups.len() > 1 && slot - begin > PATIENCE {
            self.roomy = slot - PATIENCE / 2;
        }
        let end = (slot / self.block + 1) * self.block;
        if self.states.len() < end {
            self.states.resize(end, EMPTY);
            self.ends.resize(end, NONE);
        }
        slot ^ usize::from(first)
    }

    fn is_taken(&self, slot: usize) -> bool {
        self.states.get(slot).is_some_and(|of| of.parent != NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(words: &BTreeSet<String>, text: &str) -> Vec<(usize, usize, String)> {
        let trie = Trie::new(words.iter().map(String::as_str));
        let chars: Vec<char> = text.chars().collect();
        let codes = trie.codes(&chars);
        let named: Vec<&String> = words.iter().collect();
        let mut found = Vec::new();
        for at in 0..codes.len() {
            trie.each_at(&codes, at, |end, word| found.push((at, end, named[word as usize].clone())));
        }
        let told = |of: Word| {
            let (start, end) = (of.start as usize, (of.start + of.length) as usize);
            (start, end, named[of.word as usize].clone())
        };
        let mut all = Vec::new();
        trie.all(&chars, |of| all.push(told(of)));
        assert_eq!(all, found);
        found
    }

    #[test]
    fn a_long_text_is_read_over_the_seams_of_its_pieces() {
        let trie = Trie::new(["abc", "c"].into_iter());
        let text: Vec<char> = "abc".chars().cycle().take(50_000).collect();
        let mut found = Vec::new();
        trie.all(&text, |of| found.push((of.start as usize, of.length)));
        let expected: Vec<_> = (0..50_000)
            .filter_map(|at| match at % 3 {
                0 if at + 3 <= 50_000 => Some((at, 3)),
                2 => Some((at, 1)),
                _ => None,
            })
            .collect();
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn every_word_is_found_where_it_stands_and_nowhere_else(
            words in prop::collection::btree_set("[abc淋巴]{1,4}", 0..24),
            text in "[abcd淋巴瘤 ]{0,40}",
        ) {
            let chars: Vec<char> = text.chars().collect();
            let mut expected = Vec::new();
            for at in 0..chars.len() {
                for end in at + 1..=chars.len() {
                    let piece: String = chars[at..end].iter().collect();
                    if words.contains(&piece) {
                        expected.push((at, end, piece));
                    }
                }
            }
            prop_assert_eq!(found(&words, &text), expected);
        }
    }
}
