//! How far a cue reaches.
//!
//! ## Reads
//! Forward to the next cue of the same question, to but/however/但/余/有, to the end of the bracket, list, clause or
//! sentence; backward over the clause, or over the list it closes. A list goes on over commas while its items are
//! short and have no verb of their own. A relative is spoken of until the patient is named.
//!
//! ## Leaves alone
//! Sentences: nothing reaches past one, but what is told under a label (`供者:...;...`).

use super::{
    cues::Found,
    words::{
        contains_any, count_words, ends_with_any, has_number, is_at, is_chinese, says_any, starts_with_any,
        trimmed,
    },
};
use crate::{
    lexicon::Candidate,
    stream::{BREAK, CELL, Span, Stream, is_han},
};
use cartulary_catalogue::{CueClass, CueDirection};

/// What scopes are read from.
pub(super) struct Sheetlet<'a> {
    pub(super) stream: &'a Stream,
    pub(super) sentences: &'a [Span],
    pub(super) candidates: &'a [Candidate],
    pub(super) found: &'a [Found],
}

/// A cue with the spans it reaches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Modifier {
    pub(super) cue: Span,
    pub(super) class: CueClass,
    pub(super) sentence: usize,
    before: Option<Span>,
    after: Option<Span>,
    /// Behind the clause: where an old illness may still be listed.
    far: Option<Span>,
    direct: bool,
}

impl Modifier {
    pub(super) fn reaches(&self, target: Span) -> bool {
        let near = !self.direct || self.distance(target) <= 1;
        let ahead = self.before.is_some_and(|of| of.start <= target.start && target.start < of.end);
        near && (ahead || holds(self.before, target) || holds(self.after, target))
    }

    /// A denial whose last word is the condition's first: "no definite findings", "no change in vision".
    pub(super) fn leads_into(&self, target: Span) -> bool {
        self.cue.start < target.start && self.cue.end > target.start && self.before.is_some()
    }

    pub(super) fn reaches_far(&self, target: Span) -> bool {
        holds(self.far, target)
    }

    fn distance(&self, target: Span) -> usize {
        if target.start >= self.cue.end {
            target.start - self.cue.end
        } else {
            self.cue.start.saturating_sub(target.end)
        }
    }
}

fn holds(scope: Option<Span>, target: Span) -> bool {
    scope.is_some_and(|of| {
        of.start <= target.start
            && target.start < of.end.max(of.start + 1)
            && target.end <= of.end.max(target.start + 1)
    })
}

/// Every cue with its reach.
pub(super) fn modifiers(sheetlet: &Sheetlet<'_>) -> Vec<Modifier> {
    let mut modifiers = Vec::new();
    let mut sentence = 0;
    for (position, cue) in sheetlet.found.iter().enumerate() {
        while sheetlet.sentences.get(sentence).is_some_and(|of| of.end <= cue.span.start) {
            sentence += 1;
        }
        if matches!(cue.class, CueClass::Pseudo | CueClass::Ends | CueClass::Given) {
            continue;
        }
        let reach = Reach { sheetlet, position, cue: *cue, sentence };
        let modifier = reach.modifier();
        modifiers.push(modifier);
        // "no history of", "no known": what is denied lies in the past as well.
        let words = reach.lower(cue.span.start, cue.span.end);
        if cue.class == CueClass::Negated && contains_any(words, &["history", "known"]) {
            modifiers.push(Modifier { class: CueClass::Background, ..modifier });
        }
        reach.under_label(&mut modifiers);
    }
    modifiers
}

/// Cues that answer the same question end each other's scope.
fn axis(class: CueClass) -> u8 {
    match class {
        CueClass::Negated
        | CueClass::Resolved
        | CueClass::Possible
        | CueClass::Hypothetical
        | CueClass::Feared
        | CueClass::Present => 1,
        CueClass::Historical | CueClass::Background => 2,
        CueClass::Family | CueClass::Donor | CueClass::Other | CueClass::Patient => 3,
        CueClass::Conditional | CueClass::Criterion => 4,
        CueClass::Pseudo | CueClass::Ends | CueClass::Given => 0,
    }
}

struct Reach<'a> {
    sheetlet: &'a Sheetlet<'a>,
    position: usize,
    cue: Found,
    sentence: usize,
}

impl Reach<'_> {
    fn lower(&self, from: usize, to: usize) -> &[char] {
        &self.sheetlet.stream.lower[from.min(to)..to]
    }

    fn at(&self, index: usize) -> char {
        self.sheetlet.stream.at(index)
    }

    fn bounds(&self) -> Span {
        let length = self.sheetlet.stream.len();
        self.sheetlet.sentences.get(self.sentence).copied().unwrap_or(Span::new(self.cue.span.start, length))
    }

    fn modifier(&self) -> Modifier {
        let cue = self.cue;
        let direct = matches!(
            cue.direction,
            CueDirection::DirectlyBefore | CueDirection::DirectlyAfter | CueDirection::DirectlyBeside
        );
        let (on, back) = self.looks();
        let near = self.forward_end();
        let old = matches!(cue.class, CueClass::Historical | CueClass::Background);
        let far = (on && old && !direct).then(|| Span::new(near, self.next_stop().max(near)));
        Modifier {
            cue: cue.span,
            class: if self.is_denied() { CueClass::Negated } else { cue.class },
            sentence: self.sentence,
            before: on.then(|| Span::new(cue.span.end, near)),
            after: back.then(|| Span::new(self.backward_start(), cue.span.start)),
            far,
            direct,
        }
    }

    /// "CT ruled out embolism", "was never given CAR-T": what follows is denied, and not what stands before.
    fn english_object_follows(&self) -> bool {
        let end = self.cue.span.end;
        let next = trimmed(self.lower(end, self.bounds().end));
        let word = next.split(|of| !of.is_alphanumeric()).next().unwrap_or_default();
        self.at(end - 1).is_ascii_alphabetic()
            && self.at(end) == ' '
            && word.first().is_some_and(char::is_ascii_alphanumeric)
            && !is_particle(word)
    }

    /// "no lesion suspicious for", "nothing consistent with", `未见可疑`: what is suggested is denied.
    fn is_denied(&self) -> bool {
        const NEAR: usize = 40;
        let cue = self.cue;
        let evidential = [
            "suspicious",
            "suggest",
            "concerning",
            "worrisome",
            "suspected",
            "consistent with",
            "in keeping",
            "compatible",
            "diagnostic",
            "typical",
            "可疑",
            "提示",
            "支持",
            "符合",
            "怀疑",
        ];
        if !matches!(cue.class, CueClass::Possible | CueClass::Present)
            || !starts_with_any(self.lower(cue.span.start, cue.span.end), &evidential)
        {
            return false;
        }
        let Some(before) = self.position.checked_sub(1).map(|at| self.sheetlet.found[at]) else {
            return false;
        };
        let glue = self.lower(before.span.end.min(cue.span.start), cue.span.start);
        let close = if is_han(self.at(cue.span.start)) { 6 } else { NEAR };
        before.class == CueClass::Negated
            && matches!(before.direction, CueDirection::Before | CueDirection::Both)
            && before.span.start >= self.bounds().start
            && glue.len() <= close
            && !contains_any(glue, &[",", ";", "(", ":", " and "])
    }

    /// Whether the cue looks forward, and whether back.
    fn looks(&self) -> (bool, bool) {
        if self.answers() {
            return (false, true);
        }
        if self.is_attribute() {
            return (false, false);
        }
        let objects = self.object_follows() || self.english_object_follows();
        match self.cue.direction {
            CueDirection::Before | CueDirection::DirectlyBefore => (true, false),
            CueDirection::After | CueDirection::DirectlyAfter => (false, true),
            CueDirection::DirectlyBeside => (true, true),
            CueDirection::Later => (self.object_follows(), !self.object_follows()),
            CueDirection::Both => (true, !(objects && self.cue.class == CueClass::Negated)),
        }
    }

    /// "negative deflections", "resolved symptoms": the word belongs to the noun behind it.
    fn is_attribute(&self) -> bool {
        let cue = self.lower(self.cue.span.start, self.cue.span.end);
        let bare = ["negative", "resolved", "absent", "unremarkable"]
            .iter()
            .any(|word| cue.len() == word.len() && is_at(cue, 0, word));
        let next = self.lower(self.cue.span.end, self.bounds().end);
        let word = trimmed(next).split(|of| !of.is_alphanumeric()).next().unwrap_or_default();
        bare && self.at(self.cue.span.end) == ' '
            && !word.is_empty()
            && !is_han(word[0])
            && !is_particle(word)
    }

    /// `滤泡性淋巴瘤不考虑` denies what stands before, `不考虑滤泡性淋巴瘤` its object: in Chinese that follows at once.
    fn object_follows(&self) -> bool {
        let end = self.cue.span.end;
        let word = is_han(self.at(end)) || self.at(end).is_alphanumeric();
        is_han(self.at(end - 1)) && end < self.bounds().end && word
    }

    /// `HLH/MAS: no`: the cue is the whole answer to its label.
    fn answers(&self) -> bool {
        let span = self.cue.span;
        let label = trimmed(self.lower(self.bounds().start, span.start));
        let closes = matches!(self.at(span.end), ',' | ';' | '。' | ')' | BREAK | CELL)
            || (self.at(span.end) == '.' && !self.at(span.end + 1).is_alphanumeric());
        self.cue.class == CueClass::Negated && closes && ends_with_any(label, &[":"]) && label.len() > 1
    }

    fn stops(&self, class: CueClass) -> bool {
        if self.axis_is(4) {
            return false;
        }
        let experiencer = self.axis_is(3);
        (class == CueClass::Ends && !experiencer)
            || (class == CueClass::Given && matches!(self.cue.class, CueClass::Negated | CueClass::Possible))
            || axis(class) == axis(self.cue.class)
    }

    fn axis_is(&self, of: u8) -> bool {
        axis(self.cue.class) == of
    }

    fn next_stop(&self) -> usize {
        let end = self.bounds().end;
        self.sheetlet.found[self.position + 1..]
            .iter()
            .take_while(|other| other.span.start < end)
            .find(|other| {
                let looks_on = !matches!(
                    other.direction,
                    CueDirection::After | CueDirection::DirectlyAfter | CueDirection::DirectlyBeside
                );
                let turns = self.axis_is(4) && self.is_adversative(other.span);
                turns || (self.stops(other.class) && looks_on)
            })
            .map_or(end, |other| other.span.start)
    }

    fn is_adversative(&self, word: Span) -> bool {
        starts_with_any(
            self.lower(word.start, word.end),
            &["但", "but", "however", "然而", "though", "although", "yet"],
        )
    }

    /// The end of the clause or list the cue stands before.
    fn forward_end(&self) -> usize {
        let from = self.cue.span.end;
        let stop = self.next_stop();
        let mut clause_start = from;
        let mut depth = 0usize;
        for index in from..stop {
            match self.at(index) {
                CELL | BREAK => return index,
                '(' => depth += 1,
                ')' if depth == 0 => return index,
                ')' => depth -= 1,
                ',' if self.ends_at_comma(clause_start, index, stop) => return index,
                ',' => clause_start = index + 1,
                ' ' if self.axis_is(1) && self.joins_clause(index, stop) => return index,
                _ => {}
            }
        }
        stop
    }

    fn ends_at_comma(&self, clause_start: usize, comma: usize, stop: usize) -> bool {
        match axis(self.cue.class) {
            4 => false,
            3 => self.turns_to_patient(comma),
            _ => !self.list_goes_on(clause_start, comma, stop),
        }
    }

    /// `母亲患乳腺癌,2023年患者确诊`: the relative is spoken of until the patient is named.
    fn turns_to_patient(&self, comma: usize) -> bool {
        let next = trimmed(self.lower(comma + 1, self.bounds().end));
        starts_with_any(
            next,
            &["she herself", "he himself", "and she ", "and he ", "but she ", "but he ", "she ", "he "],
        )
    }

    /// `无发热,盗汗,体重下降`: short items without a verb; `no fever, night sweats or weight loss` alike.
    fn list_goes_on(&self, clause_start: usize, comma: usize, stop: usize) -> bool {
        let next_end = (comma + 1..stop).find(|at| matches!(self.at(*at), ',' | CELL)).unwrap_or(stop);
        let next = self.lower(comma + 1, next_end);
        if is_chinese(next) {
            return next.len() <= 10
                && comma - clause_start.min(comma) <= 14
                && !contains_any(next, &HAN_VERBS)
                && !has_number(next);
        }
        const FIRST: usize = 36;
        let joined = starts_with_any(trimmed(next), &["or ", "nor ", "and "])
            || contains_any(&next[..next.len().min(FIRST)], &[" or ", " and ", " nor "]);
        (joined || count_words(next) <= 5) && !says_any(next, &ENGLISH_VERBS) && !has_number(next)
    }

    /// `no fever and the rash has gone`: what follows "and" has a verb of its own.
    fn joins_clause(&self, blank: usize, stop: usize) -> bool {
        let lower = &self.sheetlet.stream.lower;
        let word = [" and ", " while ", " whereas ", " with "].iter().find(|word| is_at(lower, blank, word));
        let Some(word) = word else {
            return false;
        };
        let from = blank + word.len();
        let end = (from..stop).find(|at| matches!(self.at(*at), ',' | '(' | CELL)).unwrap_or(stop);
        let clause = self.lower(from.min(end), end);
        let passive = contains_any(clause, &PERCEIVED);
        says_any(clause, &FINITE) && !passive
    }

    /// Where what the cue says of things before it begins.
    fn backward_start(&self) -> usize {
        let bounds = self.bounds();
        let mut from = self.cue.span.start;
        if self.answers() {
            from = (bounds.start..from).rev().find(|at| self.at(*at) == ':').unwrap_or(from);
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
    fn own_marker(&self) -> Option<usize> {
        const GLUE: usize = 5;
        let cue = self.lower(self.cue.span.start, self.cue.span.end);
        if !contains_any(cue, &["negative", "阴性", "(-)"]) {
            return None;
        }
        let until = self.sheetlet.candidates.partition_point(|of| of.hit.span.start < self.cue.span.start);
        let marker = self.sheetlet.candidates[..until].last()?;
        let glue = self.sheetlet.stream.lower.get(marker.hit.span.end..self.cue.span.start)?;
        let joined = glue.len() <= GLUE && !contains_any(glue, &[",", ";", "、", "/"]);
        (joined && matches!(marker.hit.concept.kind(), "bio" | "lab")).then_some(marker.hit.span.start)
    }

    /// The end of what was told before this clause, without the word that joins them.
    fn end_before(&self, clause: usize, start: usize) -> usize {
        let blank = |of: &char| matches!(of, ' ' | ',');
        let mut text = self.lower(start, clause);
        for _ in 0..2 {
            while text.last().is_some_and(blank) {
                text = &text[..text.len() - 1];
            }
            let joint = ["but", "however", "though", "although", "yet", "and", "但是", "然而", "但", "而"]
                .iter()
                .find(|word| ends_with_any(text, &[word]));
            let Some(joint) = joint else {
                break;
            };
            text = &text[..text.len() - joint.chars().count()];
        }
        start + text.len()
    }

    fn last_stop(&self, from: usize, later: bool) -> usize {
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

    fn clause_start(&self, from: usize, stop: usize) -> usize {
        let mut depth = 0usize;
        let mut clause_end = stop + without_auxiliaries(self.lower(stop, from)).len();
        for at in (stop..from).rev() {
            match self.at(at) {
                CELL | BREAK | ':' => return at + 1,
                ')' => depth += 1,
                '(' if depth == 0 => return at + 1,
                '(' => depth -= 1,
                ',' if depth > 0 => {}
                ',' if !self.list_came_before(at, clause_end, from) => return at + 1,
                ',' => clause_end = at,
                ' ' if is_at(&self.sheetlet.stream.lower, at, " and ")
                    && says_any(self.lower(self.clause_before(at, stop), at), &FINITE) =>
                {
                    return at + 5;
                }
                _ => {}
            }
        }
        stop
    }

    fn clause_before(&self, at: usize, stop: usize) -> usize {
        (stop..at).rev().find(|of| matches!(self.at(*of), ',' | ':' | CELL)).map_or(stop, |of| of + 1)
    }

    /// "CRS, ICANS and HLH were excluded", `乙肝,丙肝均阴性`: items before the last one.
    fn list_came_before(&self, comma: usize, clause_end: usize, from: usize) -> bool {
        let item = self.lower(comma + 1, clause_end);
        let tail = self.lower(comma + 1, from);
        if is_chinese(item) {
            let together = ends_with_any(tail, &["均", "都", "皆", "全部", "均为"])
                || starts_with_any(self.lower(self.cue.span.start, self.cue.span.end), &["均", "都"]);
            return together && item.len() <= 12 && !contains_any(item, &["有", "予", "行", "患者"]);
        }
        let earlier = self.lower(self.clause_before(comma, self.bounds().start), comma);
        contains_any(tail, &[" and ", " or ", " nor "])
            && !says_any(earlier, &FINITE)
            && count_words(item) <= 6
            && !says_any(item, &ENGLISH_VERBS)
    }

    /// "but was ruled out", `CTPA后已排除`: nothing of its own stands in the cue's clause.
    fn has_no_subject(&self, clause: usize) -> bool {
        const LONGEST: usize = 14;
        let words = trimmed(self.lower(clause, self.cue.span.start));
        // "the FISH findings exclude it" speaks of what stands before.
        let cue = self.lower(self.cue.span.start, self.cue.span.end);
        if ends_with_any(cue, &[" it", " it out", " this", " this out", " them"]) {
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
        if words.is_empty() || words.iter().any(|of| is_han(*of)) {
            return words.len() <= LONGEST;
        }
        let first = words.split(|of| !of.is_alphanumeric()).next().unwrap_or_default();
        SUBJECTLESS.iter().any(|word| is_at(first, 0, word) && first.len() == word.len())
    }

    /// `供者(胞弟):HBsAg阴性;CMV阳性`: a label speaks of every item up to the next person.
    fn under_label(&self, modifiers: &mut Vec<Modifier>) {
        let reaching = self.axis_is(3) || self.cue.class == CueClass::Criterion;
        if !reaching || !self.is_label() {
            return;
        }
        let mut sentence = self.sentence;
        while let Some(bounds) = self.sheetlet.sentences.get(sentence + 1).copied() {
            if self.at(bounds.start - 1) != ';' {
                return;
            }
            sentence += 1;
            let next = self.sheetlet.found[self.position + 1..]
                .iter()
                .skip_while(|other| other.span.start < bounds.start)
                .take_while(|other| other.span.start < bounds.end)
                .find(|other| axis(other.class) == axis(self.cue.class));
            let end = next.map_or(bounds.end, |other| other.span.start);
            let scope = Some(Span::new(bounds.start, end));
            let base = self.modifier();
            modifiers.push(Modifier { sentence, before: scope, after: None, far: None, ..base });
            if next.is_some() {
                return;
            }
        }
    }

    fn is_label(&self) -> bool {
        const LABEL: usize = 24;
        let end = self.bounds().end.min(self.cue.span.end + LABEL);
        (self.cue.span.end..end).find(|at| matches!(self.at(*at), ':' | ',' | ';')).map(|at| self.at(at))
            == Some(':')
            || self.at(self.cue.span.end - 1) == ':'
    }
}

/// A word that adds to a verdict and does not begin its object.
fn is_particle(word: &[char]) -> bool {
    const PARTICLES: [&str; 30] = [
        "at",
        "on",
        "in",
        "by",
        "for",
        "to",
        "and",
        "or",
        "since",
        "after",
        "during",
        "with",
        "but",
        "so",
        "as",
        "again",
        "throughout",
        "from",
        "this",
        "today",
        "now",
        "when",
        "within",
        "over",
        "following",
        "last",
        "because",
        "until",
        "before",
        "yet",
    ];
    ends_with_any(word, &["ly"]) || PARTICLES.iter().any(|of| word.len() == of.len() && is_at(word, 0, of))
}

/// "ICANS and HLH were": the verb of the cue belongs to the whole list.
fn without_auxiliaries(mut text: &[char]) -> &[char] {
    const AUXILIARIES: [&str; 10] =
        [" was", " were", " is", " are", " has", " have", " had", " been", " both", " all"];
    loop {
        text = trimmed_end(text);
        let Some(word) = AUXILIARIES.iter().find(|word| ends_with_any(text, &[word])) else {
            return text;
        };
        text = &text[..text.len() - word.len()];
    }
}

fn trimmed_end(mut text: &[char]) -> &[char] {
    while let [rest @ .., ' '] = text {
        text = rest;
    }
    text
}

/// A piece with one of these tells something anew.
const HAN_VERBS: [&str; 33] = [
    "明显", "加重", "增多", "严重", "显著", "差", "减轻", "有", "见", "予", "行", "给", "为", "示", "诊断",
    "治疗", "化疗", "复查", "评", "可", "较", "在", "达", "仍", "患者", "建议", "考虑", "偶", "稍", "活检",
    "病理", "符合", "需",
];

const ENGLISH_VERBS: [&str; 32] = [
    "is",
    "are",
    "was",
    "were",
    "has",
    "had",
    "have",
    "with",
    "shows",
    "showed",
    "started",
    "received",
    "continued",
    "she",
    "he",
    "we",
    "they",
    "it",
    "there",
    "shows",
    "remains",
    "persists",
    "will",
    "would",
    "can",
    "takes",
    "reports",
    "complains",
    "admits",
    "this",
    "presented",
    "required",
];

/// Verbs that make a clause of what follows "and".
const FINITE: [&str; 22] = [
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "shows",
    "showed",
    "persists",
    "remains",
    "remain",
    "continues",
    "developed",
    "started",
    "received",
    "she",
    "he",
    "we",
    "they",
    "will",
    "feels",
];

/// "no fever and no cough were noted": the verb belongs to the whole list.
const PERCEIVED: [&str; 14] = [
    " seen",
    " identified",
    " detected",
    " noted",
    " found",
    " present",
    " demonstrated",
    " evident",
    " appreciated",
    " observed",
    " visualized",
    " visualised",
    " reported",
    " excluded",
];

/// Words a clause may begin with that has its subject in the clause before.
const SUBJECTLESS: [&str; 38] = [
    "but",
    "and",
    "yet",
    "though",
    "however",
    "which",
    "that",
    "this",
    "it",
    "was",
    "were",
    "is",
    "are",
    "has",
    "have",
    "had",
    "been",
    "be",
    "since",
    "later",
    "subsequently",
    "then",
    "now",
    "initially",
    "eventually",
    "ultimately",
    "finally",
    "clinically",
    "histologically",
    "could",
    "by",
    "on",
    "after",
    "both",
    "all",
    "these",
    "also",
    "so",
];
