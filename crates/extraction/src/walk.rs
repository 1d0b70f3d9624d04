//! One walk over a stream for everything that is known by its words: terms, cues, phrases, and the lists of the grammars.
//!
//! ## Shape
//! All of them stand in one trie. What the walk meets goes two ways: the places of the lists stay with the stream, for
//! the grammars to ask ([`Stream::words_in`]); terms, cues and phrases are told to their readers in reading order.

use crate::{
    stream::{Span, Stream},
    trie::{Trie, Word},
    words::{self, Places, Sighting},
};
use std::collections::BTreeMap;

/// Who reads a word; each knows it by a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The lexicon, of forms of concepts.
    Terms,
    Cues,
    Phrases,
}

/// The numbers by which a word's readers know it.
#[derive(Clone, Copy, Debug)]
struct Known {
    by_readers: [u32; 3],
    by_lists: u32,
}

/// A reader does not know the word.
const UNKNOWN: u32 = u32::MAX;

impl Default for Known {
    fn default() -> Self {
        Self { by_readers: [UNKNOWN; 3], by_lists: UNKNOWN }
    }
}

/// The words of all readers, before the trie is made of them.
#[derive(Debug, Default)]
pub(crate) struct Words(BTreeMap<String, Known>);

impl Words {
    /// Adds the words of a reader, which knows them by their order.
    pub(crate) fn learn<'a>(&mut self, reader: Reader, words: impl Iterator<Item = &'a str>) {
        for (word, number) in words.zip(0..).filter(|(word, _)| !word.is_empty()) {
            self.0.entry(word.to_owned()).or_default().by_readers[reader as usize] = number;
        }
    }
}

/// The trie over all words, and who reads each.
#[derive(Debug)]
pub(crate) struct Walk {
    trie: Trie,
    known: Vec<Known>,
}

/// A word of a reader where it stands in a stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    start: u32,
    end: u32,
    word: u32,
}

impl Walk {
    pub(crate) fn new(mut words: Words) -> Self {
        for (word, number) in words::listed().zip(0..) {
            words.0.entry(word.to_owned()).or_default().by_lists = number;
        }
        Self { trie: Trie::new(words.0.keys().map(String::as_str)), known: words.0.into_values().collect() }
    }

    /// The memory of the trie, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.trie.heap_bytes() + self.known.len() * size_of::<Known>()
    }

    /// Walks over a stream that is whole: what its readers are told of, by place, shorter words first. The places of the
    /// lists stay with the stream.
    pub(crate) fn over(&self, stream: &Stream) -> Vec<Met> {
        let mut listed: Vec<Sighting> = Vec::with_capacity(stream.len() + stream.len() / 4);
        let mut met = Vec::with_capacity(stream.len() / 8);
        self.trie.all(&stream.lower, |Word { start, length, word }| {
            let known = &self.known[word as usize];
            if known.by_lists != UNKNOWN {
                listed.push(Sighting::new(start, length, known.by_lists));
            }
            if known.by_readers != [UNKNOWN; 3] {
                met.push(Met { start, end: start + length, word });
            }
        });
        stream.keep_places(Places::sorted(&listed));
        met
    }

    /// The words of a reader from left to right, the longest at each place of those that `stands` lets pass, none over
    /// another: each by its number.
    pub(crate) fn longest<'a>(
        &'a self,
        met: &'a [Met],
        reader: Reader,
        stands: impl Fn(Span) -> bool + 'a,
    ) -> impl Iterator<Item = (Span, usize)> + 'a {
        let mut rest = met;
        let mut free = 0;
        std::iter::from_fn(move || {
            loop {
                let start = rest.first()?.start;
                let (here, behind) = rest.split_at(rest.iter().take_while(|of| of.start == start).count());
                rest = behind;
                if start < free {
                    continue;
                }
                let longest = here.iter().rev().find_map(|of| {
                    let number = self.known[of.word as usize].by_readers[reader as usize];
                    let span = Span::new(of.start as usize, of.end as usize);
                    (number != UNKNOWN && stands(span)).then_some((of.end, span, number))
                });
                if let Some((end, span, number)) = longest {
                    free = end;
                    return Some((span, number as usize));
                }
            }
        })
    }
}
