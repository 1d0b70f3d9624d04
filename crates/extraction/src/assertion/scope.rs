//! How far a cue reaches.
//!
//! ## Reads
//! Forward to the next cue of the same question, to but/however/但/余/有, to the end of the bracket, list, clause or
//! sentence; backward over the clause, or over the list it closes. A list goes on over commas while its items are
//! short and have no verb of their own. A relative is spoken of until the patient is named.
//!
//! ## Leaves alone
//! Sentences: nothing reaches past one, but what is told under a label (`供者:...;...`).

mod backward;
mod forward;
mod shape;

use super::{
    cues::Found,
    words::{contains_any, is_at, starts_with_any, trimmed},
};
use crate::{
    lexicon::Candidate,
    stream::{Span, Stream},
    words::{List, words},
};
use cartulary_catalogue::{CueClass, CueDirection};

/// Verbs that tell what has happened.
const PAST_VERBS: &List =
    words![" was ", " were ", " had ", " proved", " became ", " showed ", " came ", " turned ", " returned "];

/// Words that take up what the sentence before doubted.
const PRONOUNS: &[&str] = &["this", "it", "which", "these", "both"];

/// How many characters may stand between the pronoun's begin and the verdict: "it was subsequently".
const LONGEST_LEAD: usize = 24;

/// What may stand between English words that speak of their neighbour and that neighbour: " the ", " his ".
const ARTICLE: usize = 5;

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
    /// How far at most its neighbour may stand, if it speaks of that alone.
    direct: Option<usize>,
}

impl Modifier {
    pub(super) fn reaches(&self, target: Span) -> bool {
        let near = self.direct.is_none_or(|most| self.distance(target) <= most);
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
        let bounds = bounds(sheetlet, *cue, sentence);
        let reach = Reach { sheetlet, position, cue: *cue, sentence, bounds };
        if reach.tells_when_it_happened() {
            continue;
        }
        let modifier = reach.modifier();
        modifiers.push(modifier);
        // "no history of", "no known": what is denied lies in the past as well.
        let words = reach.lower(cue.span.start, cue.span.end);
        if cue.class == CueClass::Negated && contains_any(sheetlet.stream, words, words!["history", "known"])
        {
            modifiers.push(Modifier { class: CueClass::Background, ..modifier });
        }
        reach.under_label(&mut modifiers);
        reach.of_sentence_before(&mut modifiers);
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
    bounds: Span,
}

/// The sentence of a cue; of an answer in a row of a form, `IPI: 1/5     FLIPI: n/a`, its own field.
fn bounds(sheetlet: &Sheetlet<'_>, cue: Found, sentence: usize) -> Span {
    const LONGEST: usize = 60;
    let stream = sheetlet.stream;
    let whole = sheetlet.sentences.get(sentence).copied().unwrap_or(Span::new(cue.span.start, stream.len()));
    let from = whole.start.max(cue.span.start.saturating_sub(LONGEST));
    let wide = |at: usize| stream.at(at) == ' ' && stream.is_far_behind(at + 1);
    let Some(gap) = (from..cue.span.start).rev().find(|at| wide(*at)) else {
        let labelled = (from..cue.span.start).any(|at| stream.at(at) == ':');
        let end = (cue.span.end..whole.end).find(|at| wide(*at)).filter(|_| labelled);
        return Span::new(whole.start, end.unwrap_or(whole.end));
    };
    let labelled = (gap..cue.span.start).any(|at| stream.at(at) == ':');
    if !labelled {
        return whole;
    }
    Span::new(gap + 1, (cue.span.end..whole.end).find(|at| wide(*at)).unwrap_or(whole.end))
}

impl Reach<'_> {
    fn lower(&self, from: usize, to: usize) -> &[char] {
        &self.sheetlet.stream.lower[from.min(to)..to]
    }

    fn at(&self, index: usize) -> char {
        self.sheetlet.stream.at(index)
    }

    fn bounds(&self) -> Span {
        self.bounds
    }

    fn modifier(&self) -> Modifier {
        let cue = self.cue;
        let direct = matches!(
            cue.direction,
            CueDirection::DirectlyBefore | CueDirection::DirectlyAfter | CueDirection::DirectlyBeside
        ) && !self.doubts_statement();
        let denies = matches!(cue.class, CueClass::Negated | CueClass::Possible | CueClass::Feared);
        let english = self.at(cue.span.end - 1).is_ascii_alphabetic();
        let before = cue.direction == CueDirection::DirectlyBefore;
        let most = if denies && english && before { ARTICLE } else { 1 };
        let (on, back) = self.looks();
        let mut near = self.forward_end();
        if cue.class == CueClass::Negated && self.is_sought() {
            near = (cue.span.end..near).find(|at| self.at(*at) == ',').unwrap_or(near);
        }
        let old = matches!(cue.class, CueClass::Historical | CueClass::Background);
        let far = (on && old && !direct).then(|| Span::new(near, self.next_stop().max(near)));
        Modifier {
            cue: cue.span,
            class: match cue.class {
                _ if self.is_denied() => CueClass::Negated,
                CueClass::Negated if self.is_sought() => CueClass::Possible,
                class => class,
            },
            sentence: self.sentence,
            before: on.then(|| Span::new(cue.span.end, near)),
            after: back.then(|| Span::new(self.backward_start(), cue.span.start)),
            far,
            direct: direct.then_some(most),
        }
    }

    /// `建议腰穿除外中枢侵犯`, `完善T-SPOT排除结核`: what an examination is to exclude has not been excluded.
    fn is_sought(&self) -> bool {
        const REACH: usize = 16;
        let start = self.cue.span.start;
        let stream = self.sheetlet.stream;
        let excludes = ["除外", "排除"].iter().any(|word| is_at(&stream.lower, start, word));
        if !excludes {
            return false;
        }
        let before = self.lower(self.bounds().start.max(start.saturating_sub(REACH)), start);
        let clause = before.rsplit(|of| matches!(of, ',' | '。' | ';' | ':')).next().unwrap_or_default();
        let behind = self.lower(self.cue.span.end, self.bounds().end.min(self.cue.span.end + REACH));
        let behind = behind.split(|of| matches!(of, ',' | '。' | ';')).next().unwrap_or_default();
        contains_any(stream, clause, words!["建议", "请", "拟", "完善", "进一步", "需", "待"])
            && !contains_any(stream, behind, words!["后", "予"])
            && !contains_any(stream, clause, words!["已", "可", "经", "基本", "后", "最终", "未"])
            // `结果除外` found it out; `待FISH结果除外` has yet to.
            && (!contains_any(stream, clause, words!["结果"]) || contains_any(stream, clause, words!["待"]))
    }

    /// "escalated once the lymphoma proved double-hit": "once" with a verb of the past tells of a day that has come.
    fn tells_when_it_happened(&self) -> bool {
        let stream = self.sheetlet.stream;
        let start = self.cue.span.start;
        let once = self.cue.class == CueClass::Conditional && is_at(&stream.lower, start, "once ");
        let behind = self.lower(self.cue.span.end, self.bounds().end);
        let clause = behind.split(|of| matches!(of, ',' | ';')).next().unwrap_or_default();
        // "CAR-T would start once HBV DNA was undetectable"
        let ahead = self.lower(self.bounds().start.min(start), start);
        let planned =
            words!["would", "will ", "could", "should", "to start", "to resume", "to begin", "plan", "if "];
        once && contains_any(stream, clause, PAST_VERBS) && !contains_any(stream, ahead, planned)
    }

    /// "? CNS relapse - single lesion": the sign at the head of a statement speaks of the whole of it; so do more of them,
    /// "? FL ? MZL".
    fn doubts_statement(&self) -> bool {
        let Span { start, end } = self.cue.span;
        let lead = self.lower(self.bounds().start.min(start), start);
        self.at(start) == '?'
            && (self.at(end) == ' ' || self.at(end - 1) == ' ')
            && trimmed(lead).first().is_none_or(|of| *of == '?')
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

    fn is_adversative(&self, word: Span) -> bool {
        starts_with_any(
            self.sheetlet.stream,
            self.lower(word.start, word.end),
            words!["但", "but", "however", "然而", "though", "although", "yet"],
        )
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

    /// "Hodgkin lymphoma was initially suspected. This was subsequently ruled out": the verdict is of what was doubted.
    fn of_sentence_before(&self, modifiers: &mut Vec<Modifier>) {
        let bounds = self.bounds();
        let Some(before) = self.sentence.checked_sub(1).and_then(|of| self.sheetlet.sentences.get(of)) else {
            return;
        };
        let lead = trimmed(self.lower(bounds.start.min(self.cue.span.start), self.cue.span.start));
        let first = lead.split(|of| *of == ' ').next().unwrap_or_default();
        let pronoun = lead.len() <= LONGEST_LEAD
            && PRONOUNS.iter().any(|word| word.len() == first.len() && is_at(first, 0, word));
        let verdict = self.cue.class == CueClass::Negated && self.cue.direction == CueDirection::Later;
        let doubted = self.sheetlet.found[..self.position]
            .iter()
            .rev()
            .take_while(|of| of.span.start >= before.start)
            .any(|of| matches!(of.class, CueClass::Possible | CueClass::Feared) && of.span.end <= before.end);
        if verdict && pronoun && doubted {
            let base = self.modifier();
            let after = Some(Span::new(before.start, before.end));
            modifiers.push(Modifier { sentence: self.sentence - 1, before: None, after, far: None, ..base });
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
