//! How far a cue reaches back.
//!
//! ## Reads
//! Over its clause; over the list its clause closes; over the clause before when its own has no subject: "was
//! suspected, but has been ruled out". A sign behind a marker is the marker's alone.

use super::{
    super::words::{
        contains_any, count_words, ends_with_any, first_at_end, is_at, is_chinese, says_any, starts_with_any,
        trimmed,
    },
    Reach,
};
use crate::{
    stream::{BREAK, CELL, Stream, is_han},
    vocabulary::assertion::{
        AUXILIARIES, END_BEFORE_JOINT, ENGLISH_VERBS, EXAMINATIONS, FINITE, SUBJECTLESS, UNDONE,
    },
    words::words,
};
use cartulary_catalogue::{CueClass, CueDirection};

impl Reach<'_> {
    /// Where what the cue says of things before it begins.
    pub(super) fn backward_start(&self) -> usize {
        let bounds = self.bounds();
        let mut from = self.cue.span.start;
        if self.answers() {
            from = (bounds.start..from).rev().find(|at| matches!(self.at(*at), ':' | '-')).unwrap_or(from);
        }
        // `(cured)`, `(待排)`: a bracket that holds the cue alone speaks of what stands before it.
        if from > bounds.start && self.at(from - 1) == '(' && self.at(self.cue.span.end) == ')' {
            from -= 1;
        }
        if let Some(own) = self.own_marker() {
            return own;
        }
        let later = self.cue.direction == CueDirection::Later;
        let stop = self.last_stop(from, later);
        let clause = self.clause_start(from, stop);
        let bare = trimmed(self.lower(clause, from)).is_empty() && from == self.cue.span.start;
        if clause > bounds.start && (bare || (later && self.has_no_subject(clause))) {
            let before = self.end_before(clause, bounds.start);
            return self.clause_start(before, bounds.start).min(clause);
        }
        clause
    }

    /// "the relapse biopsy is CD19 negative", `复发灶CD19阴性`: the sign is the marker's alone.
    pub(super) fn own_marker(&self) -> Option<usize> {
        const GLUE: usize = 5;
        let cue = self.lower(self.cue.span.start, self.cue.span.end);
        if !contains_any(self.sheetlet.stream, cue, words!["negative", "阴性", "(-)"]) {
            return None;
        }
        // `乙肝、梅毒、HIV均阴性`: of the whole list.
        if starts_with_any(self.sheetlet.stream, cue, words!["均", "都", "皆"]) {
            return None;
        }
        let until = self.sheetlet.candidates.partition_point(|of| of.hit.span.start < self.cue.span.start);
        let marker = self.sheetlet.candidates[..until].last()?;
        let glue = self.sheetlet.stream.lower.get(marker.hit.span.end..self.cue.span.start)?;
        let joined =
            glue.len() <= GLUE && !contains_any(self.sheetlet.stream, glue, words![",", ";", "、", "/"]);
        (joined && matches!(marker.hit.concept.kind(), "bio" | "lab")).then_some(marker.hit.span.start)
    }

    /// The end of what was told before this clause, without the word that joins them.
    pub(super) fn end_before(&self, clause: usize, start: usize) -> usize {
        let blank = |of: &char| matches!(of, ' ' | ',');
        let mut text = self.lower(start, clause);
        for _ in 0..2 {
            while text.last().is_some_and(blank) {
                text = &text[..text.len() - 1];
            }
            let Some(joint) = first_at_end(self.sheetlet.stream, text, END_BEFORE_JOINT) else { break };
            text = &text[..text.len() - joint];
        }
        start + text.len()
    }

    pub(super) fn last_stop(&self, from: usize, later: bool) -> usize {
        let start = self.bounds().start;
        self.sheetlet.found[..self.position]
            .iter()
            .rev()
            .take_while(|other| other.span.end > start)
            .filter(|other| other.span.end <= from)
            .find(|other| {
                let passed = later && !self.is_adversative(other.span);
                (self.stops(other.class) || other.class == CueClass::Conditional)
                    && !passed
                    && !matches!(
                        other.direction,
                        CueDirection::After | CueDirection::DirectlyAfter | CueDirection::Later
                    )
            })
            .map_or(start, |other| other.span.end)
    }

    pub(super) fn clause_start(&self, from: usize, stop: usize) -> usize {
        let mut depth = 0usize;
        let mut clause_end = stop + without_auxiliaries(self.sheetlet.stream, self.lower(stop, from)).len();
        for at in (stop..from).rev() {
            match self.at(at) {
                CELL | BREAK | ':' => return at + 1,
                ')' => depth += 1,
                '(' if depth == 0 => return at + 1,
                '(' => depth -= 1,
                ',' if depth > 0 => {}
                ',' if !self.list_came_before(at, clause_end, from) => return at + 1,
                ',' => clause_end = at,
                ' ' if self.opens_reason(at, from) => return at + 1,
                ' ' if is_at(&self.sheetlet.stream.lower, at, " and ")
                    && says_any(
                        self.sheetlet.stream,
                        self.lower(self.clause_before(at, stop), at),
                        FINITE,
                    ) =>
                {
                    return at + 5;
                }
                _ => {}
            }
        }
        stop
    }

    /// "double hit unknown - FISH not done", "not excluded as FISH was not performed": a test of its own was not done.
    fn opens_reason(&self, at: usize, from: usize) -> bool {
        let stream = &self.sheetlet.stream;
        let joint =
            [" as ", " because ", " since ", " - "].iter().find(|word| is_at(&stream.lower, at, word));
        // "CSF as well as marrow biopsy were negative": one list.
        let listed = stream.reads_back_any(at, words!["well"]);
        joint.filter(|_| !listed).is_some_and(|joint| {
            let candidates = self.sheetlet.candidates;
            let first = candidates.partition_point(|of| of.hit.span.start < at + joint.len());
            let own = candidates.get(first).filter(|of| of.hit.span.start < from);
            own.is_some_and(|of| matches!(of.hit.concept.kind(), "test" | "bio" | "proc"))
                && self.lower(self.cue.span.start, self.cue.span.end).len() > 3
        })
    }

    pub(super) fn clause_before(&self, at: usize, stop: usize) -> usize {
        (stop..at).rev().find(|of| matches!(self.at(*of), ',' | ':' | CELL)).map_or(stop, |of| of + 1)
    }

    /// "CRS, ICANS and HLH were excluded", `乙肝,丙肝均阴性`: items before the last one.
    pub(super) fn list_came_before(&self, comma: usize, clause_end: usize, from: usize) -> bool {
        let item = self.lower(comma + 1, clause_end);
        let tail = self.lower(comma + 1, from);
        if self.denies_item(comma, clause_end) {
            return true;
        }
        if is_chinese(item) {
            let together =
                ends_with_any(self.sheetlet.stream, tail, words!["均", "都", "皆", "全部", "均为"])
                    || starts_with_any(
                        self.sheetlet.stream,
                        self.lower(self.cue.span.start, self.cue.span.end),
                        words!["均", "都"],
                    );
            return together
                && item.len() <= 12
                && !contains_any(self.sheetlet.stream, item, words!["有", "予", "行", "患者"]);
        }
        let earlier = self.lower(self.clause_before(comma, self.bounds().start), comma);
        contains_any(self.sheetlet.stream, tail, words![" and ", " or ", " nor "])
            && !says_any(self.sheetlet.stream, earlier, FINITE)
            && count_words(item) <= 6
            && !says_any(self.sheetlet.stream, item, ENGLISH_VERBS)
    }

    /// "Tuberculosis, diabetes, hepatitis: denied": one word denies every item of the list before it. A list is made of
    /// names of one kind with nothing told between them.
    fn denies_item(&self, comma: usize, clause_end: usize) -> bool {
        const LONGEST: usize = 5;
        let cue = self.lower(self.cue.span.start, self.cue.span.end);
        let denies = starts_with_any(
            self.sheetlet.stream,
            cue,
            words![
                "denied",
                "none",
                "nil",
                "never had",
                "- denied",
                "- none",
                "- nil",
                "- all ",
                "- absent",
                "- not present",
                "all denied",
                "are all denied",
                "were all denied",
                "all absent",
                "all nil",
                "否认",
                "均否认",
                "都否认",
            ],
        );
        if self.cue.class != CueClass::Negated || !denies {
            return false;
        }
        let before = self.clause_before(comma, self.bounds().start);
        let kind = |from: usize, to: usize| {
            let candidates = self.sheetlet.candidates;
            let first = candidates.partition_point(|of| of.hit.span.start < from);
            candidates[first..].iter().take_while(|of| of.hit.span.start < to).find_map(|of| {
                match of.hit.concept.kind() {
                    "com" | "find" | "sym" => Some(1),
                    "reg" | "drug" => Some(2),
                    _ => None,
                }
            })
        };
        let (last, earlier) = (kind(comma + 1, clause_end), kind(before, comma));
        let text = self.lower(before, comma);
        last.is_some()
            && last == earlier
            && count_words(text) <= LONGEST
            && !says_any(self.sheetlet.stream, text, ENGLISH_VERBS)
            && !contains_any(self.sheetlet.stream, text, words!["有", "予", "行", "患者"])
    }

    /// `活检未行`, `腰穿暂未做`: the examination stands right before the word that it was left undone.
    fn names_what_was_not_done(&self, words: &[char]) -> bool {
        let stream = self.sheetlet.stream;
        let cue = self.lower(self.cue.span.start, self.cue.span.end);
        let undone = starts_with_any(stream, cue, UNDONE);
        let adverb =
            first_at_end(stream, words, words!["均", "都", "皆", "也", "亦", "尚", "暂", "仍", "还", "一直"]);
        let words = &words[..words.len() - adverb.unwrap_or(0)];
        undone && ends_with_any(stream, trimmed(words), EXAMINATIONS)
    }

    /// "but was ruled out", `CTPA后已排除`: nothing of its own stands in the cue's clause.
    pub(super) fn has_no_subject(&self, clause: usize) -> bool {
        const LONGEST: usize = 14;
        let words = trimmed(self.lower(clause, self.cue.span.start));
        // "the FISH findings exclude it" speaks of what stands before.
        let cue = self.lower(self.cue.span.start, self.cue.span.end);
        if ends_with_any(self.sheetlet.stream, cue, words![" it", " it out", " this", " this out", " them"]) {
            return true;
        }
        let named = self.sheetlet.candidates
            [self.sheetlet.candidates.partition_point(|of| of.hit.span.start < clause)..]
            .iter()
            .take_while(|of| of.hit.span.start < self.cue.span.start)
            .any(|of| matches!(of.hit.concept.kind(), "hist" | "com" | "find" | "sym" | "reg" | "drug"));
        if named {
            return false;
        }
        // `CT示脾大,超声未做`: what was not done is the examination of this clause, not the finding of the one before.
        if self.names_what_was_not_done(words) {
            return false;
        }
        // `怀疑复发,PET未证实`: the test that gave the verdict is no subject.
        if words.is_empty() || words.iter().chain(cue).any(|of| is_han(*of)) {
            return words.len() <= LONGEST;
        }
        let first = words.split(|of| !of.is_alphanumeric()).next().unwrap_or_default();
        SUBJECTLESS.iter().any(|word| is_at(first, 0, word) && first.len() == word.len())
    }
}

/// "ICANS and HLH were": the verb of the cue belongs to the whole list.
fn without_auxiliaries<'a>(stream: &Stream, mut text: &'a [char]) -> &'a [char] {
    loop {
        text = trimmed_end(text);
        let Some(word) = first_at_end(stream, text, AUXILIARIES) else { return text };
        text = &text[..text.len() - word];
    }
}

fn trimmed_end(mut text: &[char]) -> &[char] {
    while let [rest @ .., ' '] = text {
        text = rest;
    }
    text
}
