//! Where a cue looks, and what its own words make of it.
//!
//! ## Reads
//! The word behind the cue: `不考虑X` and `X不考虑`, "ruled out embolism" and "embolism was ruled out", "negative
//! deflections". A cue of evidence that a denial leads: "no lesion suspicious for".

use super::{
    super::words::{contains_any, ends_with_any, is_at, starts_with_any, trimmed},
    Reach,
};
use crate::{
    stream::{BREAK, CELL, is_han},
    vocabulary::assertion::{DENIED_EVIDENTIAL, PARTICLES},
    words::words,
};
use cartulary_catalogue::{CueClass, CueDirection};

impl Reach<'_> {
    /// "CT ruled out embolism", "was never given CAR-T": what follows is denied, and not what stands before.
    pub(super) fn english_object_follows(&self) -> bool {
        let end = self.cue.span.end;
        let next = trimmed(self.lower(end, self.bounds().end));
        let word = next.split(|of| !of.is_alphanumeric()).next().unwrap_or_default();
        self.at(end - 1).is_ascii_alphabetic()
            && self.at(end) == ' '
            && word.first().is_some_and(char::is_ascii_alphanumeric)
            && !is_particle(word)
    }

    /// "no lesion suspicious for", "nothing consistent with", `未见可疑`: what is suggested is denied.
    pub(super) fn is_denied(&self) -> bool {
        const NEAR: usize = 40;
        let cue = self.cue;
        if !matches!(cue.class, CueClass::Possible | CueClass::Present)
            || !starts_with_any(
                self.sheetlet.stream,
                self.lower(cue.span.start, cue.span.end),
                DENIED_EVIDENTIAL,
            )
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
            && !contains_any(self.sheetlet.stream, glue, words![",", ";", "(", ":", " and "])
    }

    /// Whether the cue looks forward, and whether back.
    pub(super) fn looks(&self) -> (bool, bool) {
        if self.answers() {
            return (false, true);
        }
        if self.is_attribute() {
            return (false, false);
        }
        if self.opens_plan() {
            return (true, false);
        }
        let objects = self.object_follows() || self.english_object_follows();
        match self.cue.direction {
            CueDirection::Before | CueDirection::DirectlyBefore => (true, false),
            CueDirection::After if self.denies_abnormal_object() => (true, false),
            CueDirection::After | CueDirection::DirectlyAfter => (false, true),
            CueDirection::DirectlyBeside => (true, true),
            CueDirection::Later => (self.object_follows(), !self.object_follows()),
            // "transformation is excluded, again nodal marginal zone lymphoma"
            CueDirection::Both if self.is_passive() && !objects => (false, true),
            CueDirection::Both => (true, !(objects && self.cue.class == CueClass::Negated)),
        }
    }

    /// `R-CHOP 4程后PR,择期行自体移植`: at the head of its clause and before its object the adverb is of the plan alone.
    fn opens_plan(&self) -> bool {
        let span = self.cue.span;
        let cue = self.lower(span.start, span.end);
        let heads = span.start > 0 && matches!(self.at(span.start - 1), ',' | ';');
        heads && starts_with_any(self.sheetlet.stream, cue, words!["择期", "择日"]) && self.object_follows()
    }

    /// "is excluded", "has been ruled out": said of what stands before.
    fn is_passive(&self) -> bool {
        let before = self.lower(self.bounds().start, self.cue.span.start);
        self.cue.class == CueClass::Negated
            && ends_with_any(
                self.sheetlet.stream,
                before,
                words![" is ", " was ", " are ", " were ", " been ", " is now "],
            )
    }

    /// "negative deflections", "resolved symptoms": the word belongs to the noun behind it.
    pub(super) fn is_attribute(&self) -> bool {
        let cue = self.lower(self.cue.span.start, self.cue.span.end);
        let bare = ["negative", "resolved", "absent", "unremarkable", "unknown", "not known"]
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
    pub(super) fn object_follows(&self) -> bool {
        let end = self.cue.span.end;
        let word = is_han(self.at(end)) || self.at(end).is_alphanumeric();
        is_han(self.at(end - 1)) && end < self.bounds().end && word
    }

    /// `肝脏未见异常` says what stands before is normal, `未见异常代谢增高` that its object is not there.
    fn denies_abnormal_object(&self) -> bool {
        let stream = self.sheetlet.stream;
        let span = self.cue.span;
        let next = self.lower(span.end, self.bounds().end);
        let turns = self.sheetlet.found.get(self.position + 1).is_some_and(|of| of.span.start == span.end)
            || starts_with_any(
                stream,
                next,
                words!["患者", "病人", "后", "时", "且", "故", "则", "提示", "表现"],
            );
        self.cue.class == CueClass::Negated
            && ends_with_any(stream, self.lower(span.start, span.end), words!["异常"])
            && self.object_follows()
            && !turns
    }

    /// `HLH/MAS: no`: the cue is the whole answer to its label.
    pub(super) fn answers(&self) -> bool {
        let span = self.cue.span;
        let label = trimmed(self.lower(self.bounds().start, span.start));
        // What stood behind a ticked answer was blanked.
        let next = (span.end..).find(|at| self.at(*at) != ' ').map_or(BREAK, |at| self.at(at));
        let closes = matches!(self.at(span.end), ',' | ';' | '。' | ')' | BREAK | CELL)
            || matches!(next, ';' | BREAK | CELL)
            || (self.at(span.end) == '.' && !self.at(span.end + 1).is_alphanumeric());
        self.cue.class == CueClass::Negated
            && closes
            && (ends_with_any(self.sheetlet.stream, label, words![":"])
                || ends_with_any(self.sheetlet.stream, label, words![" -"]) && self.at(span.start - 1) == ' ')
            && label.len() > 1
    }
}

/// A word that adds to a verdict and does not begin its object.
fn is_particle(word: &[char]) -> bool {
    word.ends_with(&['l', 'y']) || PARTICLES.iter().any(|of| word.len() == of.len() && is_at(word, 0, of))
}
