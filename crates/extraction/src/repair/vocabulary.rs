//! The words that damaged words can have been, with their skeletons.

use crate::{
    lexicon::{fold_keeping_case, folded},
    stream::BREAK,
};
use cartulary_catalogue::{
    Catalogue,
    hash::{Known, Table},
};

/// A word of ASCII in one number; nothing for one that is too long.
fn packed(word: impl Iterator<Item = char>) -> Option<u128> {
    let mut packed = 0u128;
    for of in word {
        if packed >> 120 != 0 || !of.is_ascii() {
            return None;
        }
        packed = packed << 8 | u128::from(of as u32);
    }
    Some(packed)
}

/// A word that is none, and what it was.
pub(super) type Rewrite = (Vec<char>, Vec<char>);

/// Words, skeletons, neighbours inside forms.
pub(crate) struct Vocabulary {
    /// Folded word -> as the catalogue writes it.
    words: Table<String, String>,
    /// The words of at most sixteen letters, which are looked up in one piece.
    short: Known<u128>,
    /// Skeleton -> the one word that has it; nothing when several have.
    skeletons: Table<String, Option<String>>,
    /// How words begin: what a blank can have cut off.
    beginnings: Known<u128>,
    /// Those of more than sixteen letters.
    long_beginnings: Known<String>,
    singles: Vec<(char, char)>,
    /// `singles` of ASCII, by the letter seen.
    ascii: [char; 128],
    doubles: Vec<([char; 2], char)>,
    /// Which letters end a pair of `doubles`: most end none.
    ends_double: [bool; 128],
    /// Two words that follow one another inside a form.
    neighbours: Known<String>,
    pub(super) han: Table<char, Vec<char>>,
    pub(super) trigrams: Known<[char; 3]>,
    pub(super) rewrites: Table<char, Vec<Rewrite>>,
    /// A bit for each character that the pass over Chinese looks at, by its code.
    looked_at: Vec<u64>,
}

impl Vocabulary {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let confusions = catalogue.confusions();
        let mut all = Self {
            words: Table::default(),
            short: Known::default(),
            skeletons: Table::default(),
            beginnings: Known::default(),
            long_beginnings: Known::default(),
            singles: Vec::new(),
            ascii: std::array::from_fn(|code| char::from(code as u8)),
            doubles: Vec::new(),
            ends_double: [false; 128],
            neighbours: Known::default(),
            han: Table::default(),
            trigrams: Known::default(),
            rewrites: Table::default(),
            looked_at: vec![0; 0x1_0000 / 64],
        };
        for (seen, meant) in &confusions.letters {
            all.learn_letters(seen, meant);
        }
        for (seen, meant) in &confusions.han {
            all.han.entry(*seen).or_default().push(*meant);
        }
        for (seen, meant) in &confusions.words {
            let seen: Vec<char> = seen.chars().collect();
            if let Some(first) = seen.first() {
                all.rewrites.entry(*first).or_default().push((seen, meant.chars().collect()));
            }
        }
        for concept in catalogue.concepts() {
            for form in &concept.forms {
                all.learn_form(&form.text, concept.id.kind() != "unit");
            }
        }
        for cue in catalogue.cues() {
            all.learn_form(&cue.form, false);
        }
        for word in &confusions.common {
            all.learn_word(word, word);
        }
        for of in all.han.keys().chain(all.rewrites.keys()).chain(&[BREAK, '末', '一', '8']) {
            if let Some(bits) = all.looked_at.get_mut(*of as usize / 64) {
                *bits |= 1 << (*of as u32 % 64);
            }
        }
        all
    }

    /// Whether the pass over Chinese has anything to do at a character: a look-alike, a dash, an 8, the end of a line.
    pub(super) fn may_be_wrong(&self, of: char) -> bool {
        self.looked_at.get(of as usize / 64).is_none_or(|bits| bits >> (of as u32 % 64) & 1 == 1)
    }

    fn learn_letters(&mut self, seen: &str, meant: &str) {
        let mut seen = seen.chars();
        let Some(meant) = meant.chars().next() else { return };
        match (seen.next(), seen.next()) {
            (Some(first), None) => {
                // The first meaning of a letter stands.
                if self.singles.iter().all(|(of, _)| *of != first)
                    && let Some(place) = self.ascii.get_mut(first as usize)
                {
                    *place = meant;
                }
                self.singles.push((first, meant));
            }
            (Some(first), Some(second)) => {
                let pair = [self.single(first), self.single(second)];
                if let Some(place) = self.ends_double.get_mut(pair[1] as usize) {
                    *place = true;
                }
                self.doubles.push((pair, meant));
            }
            (None, _) => {}
        }
    }

    fn learn_form(&mut self, form: &str, is_term: bool) {
        let exact = fold_keeping_case(form);
        let lower = folded(form);
        let parts = |text: &str| -> Vec<String> {
            text.split(|of: char| !of.is_ascii_alphanumeric()).map(str::to_owned).collect()
        };
        let words: Vec<(String, String)> = parts(&lower).into_iter().zip(parts(&exact)).collect();
        for (word, written) in &words {
            self.learn_word(word, written);
        }
        let spaced = |pair: &[(String, String)]| format!("{} {}", pair[0].0, pair[1].0);
        if is_term {
            let near = words.windows(2).filter(|pair| !pair[0].0.is_empty() && !pair[1].0.is_empty());
            let pairs: Vec<String> = near.map(spaced).filter(|pair| lower.contains(pair.as_str())).collect();
            self.neighbours.extend(pairs);
        }
        let chars: Vec<char> = lower.chars().collect();
        for window in chars.windows(3).filter(|window| window.iter().any(|of| crate::stream::is_han(*of))) {
            if let [a, b, c] = window {
                self.trigrams.insert([*a, *b, *c]);
            }
        }
    }

    fn learn_word(&mut self, word: &str, written: &str) {
        let letters = word.chars().filter(char::is_ascii_alphabetic).count();
        if letters < 2 || word.len() < 3 || self.words.contains_key(word) {
            return;
        }
        self.words.insert(word.to_owned(), written.to_owned());
        self.short.extend(packed(word.chars()));
        for beginning in (2..word.len()).filter_map(|end| word.get(..end)) {
            match packed(beginning.chars()) {
                Some(packed) => self.beginnings.insert(packed),
                None => self.long_beginnings.insert(beginning.to_owned()),
            };
        }
        let mut skeleton = String::new();
        self.skeleton(word, &mut skeleton);
        self.skeletons.entry(skeleton).and_modify(|of| *of = None).or_insert_with(|| Some(word.to_owned()));
    }

    fn single(&self, of: char) -> char {
        if let Some(meant) = self.ascii.get(of as usize) {
            return *meant;
        }
        self.singles.iter().find(|(seen, _)| *seen == of).map_or(of, |(_, meant)| *meant)
    }

    /// Writes the skeleton of a folded word: what recognition confuses is set equal.
    pub(super) fn skeleton(&self, word: &str, into: &mut String) {
        into.clear();
        for of in word.chars().map(|of| self.single(of)) {
            let pair = into.chars().next_back().map(|last| [last, of]);
            let may_end = self.ends_double.get(of as usize).is_none_or(|ends| *ends);
            let double = self.doubles.iter().find(|(seen, _)| may_end && Some(*seen) == pair);
            match double {
                Some((_, meant)) => {
                    into.pop();
                    into.push(*meant);
                }
                None => into.push(of),
            }
        }
    }

    pub(super) fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// As [`Vocabulary::knows`], of letters and digits of ASCII.
    pub(super) fn knows_signs(&self, word: &[char]) -> bool {
        match packed(word.iter().copied()) {
            Some(word) => self.short.contains(&word),
            None => self.knows(&word.iter().collect::<String>()),
        }
    }

    /// Whether letters and digits of ASCII begin a word.
    pub(super) fn begins_word(&self, piece: &[char]) -> bool {
        match packed(piece.iter().copied()) {
            Some(piece) => self.beginnings.contains(&piece),
            None => self.long_beginnings.contains(&piece.iter().collect::<String>()),
        }
    }

    /// As the catalogue writes a word it knows.
    pub(super) fn written(&self, word: &str) -> Option<&str> {
        self.words.get(word).map(String::as_str)
    }

    /// The one word with this skeleton.
    pub(super) fn with_skeleton(&self, skeleton: &str) -> Option<&str> {
        self.skeletons.get(skeleton)?.as_deref()
    }

    pub(super) fn are_neighbours(&self, pair: &str) -> bool {
        self.neighbours.contains(pair)
    }
}
