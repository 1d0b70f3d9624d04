//! Errors by class, over all pictures.

use crate::pages::align::{Step, align};
use crate::pages::calibration::Trial;
use crate::pages::corpus::{Picture, Reading};
use crate::pages::fold::{Folded, is_han};
use crate::pages::place::{Group, groups};
use crate::pages::tokens::critical;
use std::ops::{AddAssign, Range};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that are wrong.
    pub wrong: usize,
    /// All.
    pub all: usize,
}

impl Count {
    /// Wrong ones in the hundred; not a number when there are none at all.
    #[must_use]
    pub fn percent(self) -> f64 {
        100.0 * self.wrong as f64 / self.all as f64
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.wrong += other.wrong;
        self.all += other.all;
    }
}

/// What was wrong in some pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pictures.
    pub pictures: usize,
    /// Chinese characters.
    pub han: Count,
    /// All other characters.
    pub other: Count,
    /// Numbers, percentages, signs, flags.
    pub critical: Count,
    /// Pages whose orientation was told.
    pub orientation: Count,
    /// Segments of which nothing was read.
    pub unread: usize,
    /// Lines that do not stand there.
    pub invented: usize,
}

impl Tally {
    /// All characters.
    #[must_use]
    pub fn characters(&self) -> Count {
        let mut all = self.han;
        all += self.other;
        all
    }

    fn class(&mut self, character: char) -> &mut Count {
        if is_han(character) { &mut self.han } else { &mut self.other }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.pictures += other.pictures;
        self.han += other.han;
        self.other += other.other;
        self.critical += other.critical;
        self.orientation += other.orientation;
        self.unread += other.unread;
        self.invented += other.invented;
    }
}

/// A place where truth and reading differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What stands there.
    pub truth: String,
    /// What was read.
    pub read: String,
    /// The numbers, signs and flags that came out wrong.
    pub critical: Vec<String>,
}

/// The score of one picture.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// What was wrong.
    pub tally: Tally,
    /// Where.
    pub differences: Vec<Difference>,
    /// Each line's confidence, and whether it was right.
    pub trials: Vec<Trial>,
}

/// Compares a reading with the truth.
#[must_use]
pub fn score(picture: &Picture, reading: &Reading) -> Score {
    let mut score = Score::default();
    score.tally.pictures = 1;
    if let Some(turn) = reading.turn {
        score.tally.orientation = Count { wrong: usize::from(turn != picture.turn), all: 1 };
    }
    for group in groups(picture, reading) {
        score.add(&group, picture, reading);
    }
    score
}

impl Score {
    fn add(&mut self, group: &Group, picture: &Picture, reading: &Reading) {
        let mut truth = Folded::default();
        for segment in &group.segments {
            truth.add(&picture.lines[*segment].text);
        }
        let mut read = Folded::default();
        let mut spans = Vec::new();
        for line in &group.lines {
            let start = read.chars.len();
            read.add(&reading.lines[*line].text);
            spans.push(start..read.chars.len());
        }
        let steps = align(&truth.chars, &read.chars);
        self.count_characters(&steps, &truth, &read);
        let critical = self.count_words(&steps, &truth, &read);
        self.tally.unread += if group.lines.is_empty() { group.segments.len() } else { 0 };
        self.tally.invented += usize::from(group.segments.is_empty());
        self.trials.extend(group.lines.iter().zip(&spans).filter_map(|(line, span)| {
            let confidence = reading.lines[*line].confidence?;
            Some(Trial { confidence, right: line_right(&steps, span, read.chars.len()) })
        }));
        if truth.chars != read.chars {
            let texts = |parts: Vec<&str>| parts.join(" | ");
            self.differences.push(Difference {
                truth: texts(group.segments.iter().map(|at| picture.lines[*at].text.as_str()).collect()),
                read: texts(group.lines.iter().map(|at| reading.lines[*at].text.as_str()).collect()),
                critical,
            });
        }
    }

    fn count_characters(&mut self, steps: &[Step], truth: &Folded, read: &Folded) {
        for character in &truth.chars {
            self.tally.class(*character).all += 1;
        }
        for step in steps {
            match *step {
                Step::Same(..) => {}
                Step::Other(at, _) | Step::Missing(at) => self.tally.class(truth.chars[at]).wrong += 1,
                Step::Added(at) => self.tally.class(read.chars[at]).wrong += 1,
            }
        }
    }

    /// Counts the words that must be exactly right, and gives those that are not.
    fn count_words(&mut self, steps: &[Step], truth: &Folded, read: &Folded) -> Vec<String> {
        let harmed = harmed(steps, truth.chars.len(), &read.chars);
        let mut all = critical(truth);
        let count = all.len();
        all.retain(|word| word_wrong(&harmed, word));
        self.tally.critical += Count { wrong: all.len(), all: count };
        all.into_iter().map(|word| truth.chars[word].iter().collect()).collect()
    }
}

/// What happened to the characters of the truth and, in the gaps between them, what was added.
struct Harm {
    characters: Vec<bool>,
    /// Something was added before the character of this index.
    gaps: Vec<bool>,
    /// What was added there could belong to a word.
    telling: Vec<bool>,
}

fn harmed(steps: &[Step], length: usize, read: &[char]) -> Harm {
    let mut harm = Harm {
        characters: vec![false; length],
        gaps: vec![false; length + 1],
        telling: vec![false; length + 1],
    };
    let mut next = 0;
    for step in steps {
        match *step {
            Step::Same(at, _) => next = at + 1,
            Step::Other(at, _) | Step::Missing(at) => {
                harm.characters[at] = true;
                next = at + 1;
            }
            Step::Added(at) => {
                harm.gaps[next] = true;
                let character = read[at];
                let tells = character.is_ascii_alphanumeric() || "+-±↑↓.%<>≤≥/×".contains(character);
                harm.telling[next] |= tells;
            }
        }
    }
    harm
}

/// A figure more at its edge makes a number wrong, a bracket more does not.
fn word_wrong(harm: &Harm, word: &Range<usize>) -> bool {
    harm.characters[word.clone()].contains(&true)
        || harm.gaps[word.start + 1..word.end].contains(&true)
        || harm.telling[word.start]
        || harm.telling[word.end]
}

/// Whether all of a line was right and nothing was left out within it.
fn line_right(steps: &[Step], span: &Range<usize>, length: usize) -> bool {
    let mut at = 0;
    for step in steps {
        let (place, good) = match *step {
            Step::Same(_, place) => (place, true),
            Step::Other(_, place) | Step::Added(place) => (place, false),
            Step::Missing(_) => {
                let inside = at > span.start && at < span.end;
                let first = at == 0 && span.start == 0;
                let last = at == length && span.end == length;
                if inside || first || last {
                    return false;
                }
                continue;
            }
        };
        if !good && span.contains(&place) {
            return false;
        }
        at = place + 1;
    }
    true
}

#[cfg(test)]
mod tests;
