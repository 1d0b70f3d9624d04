//! Lists of words that grammars ask for, and where their words stand in a text.
//!
//! ## Shape
//! A list comes from `catalogue/vocabulary` or stands in the code as [`words!`] or [`coded!`]; `build.rs` numbers all of them. The
//! words of all lists are sought in one walk over a stream, and their places kept list by list. So whether a list has
//! a word in a clause is a look at a few places, and mostly at none, however many words the list has.
//!
//! ## Never
//! Asks for word boundaries: some readers want them and some do not, so that is for who asks.

use crate::{
    stream::Span,
    trie::Trie,
    vocabulary::{LISTS, NUMBERED},
};
use std::{
    collections::BTreeMap,
    ops::{Deref, Range},
    sync::LazyLock,
};

/// A list of words, known by its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    number: u16,
    words: &'static [&'static str],
}

impl List {
    /// The list of a table.
    pub(crate) const fn numbered(number: u16, words: &'static [&'static str]) -> Self {
        Self { number, words }
    }

    /// A list that stands in the code; `build.rs` has read it there and given it a number.
    pub(crate) const fn written(words: &'static [&'static str]) -> Self {
        let mut hash = BEGIN;
        let mut index = 0;
        while index < words.len() {
            hash = hashed(hash, words[index]);
            index += 1;
        }
        Self { number: number_of(hash), words }
    }
}

impl Deref for List {
    type Target = [&'static str];

    fn deref(&self) -> &Self::Target {
        self.words
    }
}

impl<'a> IntoIterator for &'a List {
    type Item = &'a &'static str;
    type IntoIter = std::slice::Iter<'a, &'static str>;

    fn into_iter(self) -> Self::IntoIter {
        self.words.iter()
    }
}

/// A list whose words each stand for something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coded<T: 'static = &'static str> {
    number: u16,
    words: &'static [(&'static str, T)],
}

impl<T> Coded<T> {
    /// The list of a table.
    pub(crate) const fn numbered(number: u16, words: &'static [(&'static str, T)]) -> Self {
        Self { number, words }
    }

    /// A list that stands in the code; `build.rs` has read it there and given it a number.
    pub(crate) const fn written(words: &'static [(&'static str, T)]) -> Self {
        let mut hash = BEGIN;
        let mut index = 0;
        while index < words.len() {
            hash = hashed(hash, words[index].0);
            index += 1;
        }
        Self { number: number_of(hash), words }
    }
}

impl<T: Copy> Coded<T> {
    /// What a word stands for that was found.
    pub(crate) fn code(&self, place: Place) -> T {
        self.words[place.word()].1
    }
}

impl<T> Deref for Coded<T> {
    type Target = [(&'static str, T)];

    fn deref(&self) -> &Self::Target {
        self.words
    }
}

/// Whatever has a number among the lists.
pub(crate) trait Numbered {
    fn number(&self) -> u16;
}

impl Numbered for List {
    fn number(&self) -> u16 {
        self.number
    }
}

impl<T> Numbered for Coded<T> {
    fn number(&self) -> u16 {
        self.number
    }
}

/// A list of words in the code: `words!["no ", "not "]`. Its words are found in the walk over all lists.
macro_rules! words {
    ($($word:literal),+ $(,)?) => {
        {
            const LIST: &$crate::words::List = &$crate::words::List::written(&[$($word),+]);
            LIST
        }
    };
}
pub(crate) use words;

/// A list of words in the code that each stand for something: `coded![Sign; ("阳性", Sign::Positive)]`.
macro_rules! coded {
    ($kind:ty; $(($word:literal, $code:expr)),+ $(,)?) => {
        {
            const LIST: &$crate::words::Coded<$kind> = &$crate::words::Coded::written(&[$(($word, $code)),+]);
            LIST
        }
    };
}
pub(crate) use coded;

/// FNV-1a begins so.
const BEGIN: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a over the words of a list, each ended by a zero; `build.rs` reckons the same.
const fn hashed(mut hash: u64, word: &str) -> u64 {
    let bytes = word.as_bytes();
    let mut at = 0;
    while at <= bytes.len() {
        let byte = if at < bytes.len() { bytes[at] } else { 0 };
        hash = (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// The number that `build.rs` gave a list of the code.
const fn number_of(hash: u64) -> u16 {
    let (mut low, mut high) = (0, NUMBERED.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if NUMBERED[middle].0 < hash {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    assert!(low < NUMBERED.len() && NUMBERED[low].0 == hash, "build.rs did not find this list");
    NUMBERED[low].1
}

/// A word of a list where it stands in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    start: u32,
    length: u16,
    /// Which word of the list it is.
    word: u16,
}

impl Place {
    pub(crate) fn span(self) -> Span {
        Span::new(self.start(), self.end())
    }

    pub(crate) fn start(self) -> usize {
        self.start as usize
    }

    pub(crate) fn end(self) -> usize {
        self.start as usize + usize::from(self.length)
    }

    /// Which word of its list it is.
    pub(crate) fn word(self) -> usize {
        usize::from(self.word)
    }
}

/// A list, and which of its words a word is.
type Use = (u16, u16);

/// All words of all lists.
#[derive(Debug)]
struct Known {
    /// Words that are no single character of ASCII. Those stand everywhere: they are sought where a list is asked for.
    words: Vec<&'static str>,
    /// For each word where its lists begin in `uses`; one more at the end.
    begins: Vec<u32>,
    uses: Vec<Use>,
    /// For each list its words of one character of ASCII.
    singles: Vec<Singles>,
    /// For each list the length of its longest word.
    longest: Vec<usize>,
}

/// The words of a list that are one character of ASCII each.
#[derive(Clone, Debug, Default)]
struct Singles {
    /// A bit for each.
    known: [u64; 2],
    words: Vec<(char, u16)>,
}

impl Singles {
    fn push(&mut self, of: char, place: u16) {
        if let Some(bits) = self.known.get_mut(of as usize / 64) {
            *bits |= 1 << (of as u32 % 64);
            self.words.push((of, place));
        }
    }

    fn has(&self, of: char) -> bool {
        self.known.get(of as usize / 64).is_some_and(|bits| bits >> (of as u32 % 64) & 1 == 1)
    }

    fn word(&self, of: char) -> Option<u16> {
        self.words.iter().find(|(single, _)| *single == of).map(|(_, word)| *word)
    }
}

static KNOWN: LazyLock<Known> = LazyLock::new(Known::new);

/// The words of all lists that are no single character of ASCII, each once.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    KNOWN.words.iter().copied()
}

/// The words of the lists alone, for streams that no [`Walk`](crate::walk::Walk) went over.
static LISTED: LazyLock<Trie> = LazyLock::new(|| Trie::new(listed()));

impl Known {
    fn new() -> Self {
        let mut of_word: BTreeMap<&str, Vec<Use>> = BTreeMap::new();
        let mut singles = Vec::new();
        let mut longest = Vec::new();
        for (list, number) in LISTS.iter().zip(0u16..) {
            longest.push(list.iter().map(|word| word.chars().count()).max().unwrap_or(0));
            let mut of_list = Singles::default();
            for (word, place) in list.iter().zip(0u16..) {
                let mut signs = word.chars();
                match (signs.next(), signs.next()) {
                    (Some(single), None) if single.is_ascii() => of_list.push(single, place),
                    (Some(_), _) => of_word.entry(word).or_default().push((number, place)),
                    (None, _) => {}
                }
            }
            singles.push(of_list);
        }
        let mut begins = vec![0];
        let mut uses = Vec::new();
        for of in of_word.values() {
            uses.extend(of);
            begins.push(u32::try_from(uses.len()).unwrap_or(u32::MAX));
        }
        Self { words: of_word.into_keys().collect(), begins, uses, singles, longest }
    }

    fn uses(&self, word: u32) -> &[Use] {
        let word = word as usize;
        &self.uses[self.begins[word] as usize..self.begins[word + 1] as usize]
    }
}

/// A word of [`listed`] that was seen in a stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sighting {
    start: u32,
    length: u16,
    word: u32,
}

impl Sighting {
    pub(crate) fn new(start: u32, length: u32, word: u32) -> Self {
        Self { start, length: u16::try_from(length).unwrap_or(u16::MAX), word }
    }
}

/// Where the words of all lists stand in a stream.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    known: &'static Known,
    /// For each list where its places begin in `places`; one more at the end.
    begins: Vec<u32>,
    /// List by list, by start, shorter words first.
    places: Vec<Place>,
}

impl Places {
    /// Seeks every word that is no single character of ASCII in a lower-cased text.
    pub(crate) fn of(lower: &[char]) -> Self {
        let mut seen: Vec<Sighting> = Vec::with_capacity(lower.len());
        LISTED.all(lower, |of| seen.push(Sighting::new(of.start, of.length, of.word)));
        Self::sorted(&seen)
    }

    /// Words by list; they come by place, shorter ones first.
    pub(crate) fn sorted(seen: &[Sighting]) -> Self {
        let known = &*KNOWN;
        // Counted two places on: filling moves each begin to the next list's.
        let mut begins = vec![0u32; LISTS.len() + 2];
        for (list, _) in seen.iter().flat_map(|of| known.uses(of.word)) {
            begins[usize::from(*list) + 2] += 1;
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        let mut places = vec![Place { start: 0, length: 0, word: 0 }; sum as usize];
        for Sighting { start, length, word } in seen {
            for (list, word) in known.uses(*word) {
                let slot = &mut begins[usize::from(*list) + 1];
                places[*slot as usize] = Place { start: *start, length: *length, word: *word };
                *slot += 1;
            }
        }
        Self { known, begins, places }
    }

    /// The words of a list that begin inside a span of the text the places are of.
    #[inline]
    pub(crate) fn beginning<'a>(&'a self, lower: &'a [char], list: u16, span: Span) -> Found<'a> {
        let list = usize::from(list);
        let until = span.end.min(lower.len());
        self.found(lower, list, span, span.start.min(until)..until)
    }

    /// The words of a list that end at exactly `end` of the text the places are of, longer ones first.
    pub(crate) fn ending<'a>(
        &'a self,
        lower: &'a [char],
        list: u16,
        end: usize,
    ) -> impl Iterator<Item = Place> + use<'a> {
        let list = usize::from(list);
        let until = end.min(lower.len());
        let near = Span::new(end.saturating_sub(self.known.longest[list]), end);
        // Of single characters only the last can be.
        let last = end.saturating_sub(1).min(until)..until;
        self.found(lower, list, near, last).filter(move |of| of.end() == end)
    }

    /// The longer words of a list that begin inside a span, and its single characters that stand in a range.
    #[inline]
    fn found<'a>(&'a self, lower: &'a [char], list: usize, span: Span, range: Range<usize>) -> Found<'a> {
        let singles = &self.known.singles[list];
        // Most lists have no single characters, and no word in most texts.
        let from = if singles.words.is_empty() { range.end } else { range.start };
        let (begin, end) = (self.begins[list] as usize, self.begins[list + 1] as usize);
        let longer = if begin == end { &[] } else { inside(&self.places[begin..end], span) };
        Found { longer, singles, lower, from, until: range.end }
    }
}

/// Of the places of a list those that begin inside a span.
fn inside(all: &[Place], span: Span) -> &[Place] {
    let rest = &all[all.partition_point(|of| of.start() < span.start)..];
    // A short span holds few places.
    let count = if span.len() < 8 {
        rest.iter().take_while(|of| of.start() < span.end).count()
    } else {
        rest.partition_point(|of| of.start() < span.end)
    };
    &rest[..count]
}

/// Words of a list, by place, shorter ones first.
#[derive(Clone, Debug)]
pub(crate) struct Found<'a> {
    longer: &'a [Place],
    singles: &'a Singles,
    lower: &'a [char],
    /// Where single characters are still to be looked at.
    from: usize,
    until: usize,
}

impl Found<'_> {
    fn single(&self, at: usize) -> Option<Place> {
        let word = self.singles.word(self.lower[at])?;
        Some(Place { start: u32::try_from(at).unwrap_or(u32::MAX), length: 1, word })
    }

    /// The next single character in front of the next longer word.
    fn next_single(&mut self) -> Option<Place> {
        let until = self.longer.first().map_or(self.until, |of| self.until.min(of.start() + 1));
        let rest = self.lower.get(self.from..until)?;
        match rest.iter().position(|of| self.singles.has(*of)) {
            Some(ahead) => {
                self.from += ahead + 1;
                self.single(self.from - 1)
            }
            None => {
                self.from = until;
                None
            }
        }
    }

    /// The last single character behind the last longer word.
    fn last_single(&mut self) -> Option<Place> {
        let from = self.longer.last().map_or(self.from, |of| self.from.max(of.start() + 1));
        let rest = self.lower.get(from..self.until)?;
        match rest.iter().rposition(|of| self.singles.has(*of)) {
            Some(ahead) => {
                self.until = from + ahead;
                self.single(self.until)
            }
            None => {
                self.until = from;
                None
            }
        }
    }
}

impl Iterator for Found<'_> {
    type Item = Place;

    #[inline]
    fn next(&mut self) -> Option<Place> {
        if self.from < self.until
            && let Some(single) = self.next_single()
        {
            return Some(single);
        }
        let (first, rest) = self.longer.split_first()?;
        self.longer = rest;
        Some(*first)
    }
}

impl DoubleEndedIterator for Found<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Place> {
        if self.from < self.until
            && let Some(single) = self.last_single()
        {
            return Some(single);
        }
        let (last, rest) = self.longer.split_last()?;
        self.longer = rest;
        Some(*last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_words_of_a_list_are_found_from_both_ends(text in "[abno t,无未见]{0,30}", from in 0..12usize, most in 0..30usize) {
            let list = words!["no ", "not ", ",", "无", "未见", "未", "b", "ab"];
            let lower: Vec<char> = text.chars().collect();
            let span = Span::new(from, from + most);
            let mut expected: Vec<(usize, usize, usize)> = Vec::new();
            for (word, place) in list.iter().zip(0..) {
                let signs: Vec<char> = word.chars().collect();
                let stands = (from..span.end).filter(|at| lower.get(*at..at + signs.len()) == Some(&signs[..]));
                expected.extend(stands.map(|at| (at, at + signs.len(), place)));
            }
            expected.sort_unstable();
            let places = Places::of(&lower);
            let told = |of: Place| (of.start(), of.end(), of.word());
            let found: Vec<_> = places.beginning(&lower, list.number(), span).map(told).collect();
            prop_assert_eq!(&found, &expected);
            let mut back: Vec<_> = places.beginning(&lower, list.number(), span).rev().map(told).collect();
            back.reverse();
            prop_assert_eq!(back, expected);
        }
    }
}
