//! How far a cue reaches forward.
//!
//! ## Reads
//! To the next cue of the same question, to but/however/但/有, to the end of bracket, cell, list or clause.

use super::{
    super::words::{
        contains_any, count_words, ends_with_any, has_number, is_at, is_chinese, says_any, starts_with_any,
        trimmed,
    },
    Reach, axis,
};
use crate::{
    stream::{BREAK, CELL, Span},
    vocabulary::assertion::{
        DOUBTED, ENGLISH_VERBS, FINITE, HAN_VERBS, HEADS_OF_PATIENT, MAIN_VERBS, PERCEIVED, STATED,
        STATED_IN_ENGLISH, TURNS_TO_PATIENT_FORMER, TURNS_TO_PATIENT_NAMED,
    },
    words::words,
};
use cartulary_catalogue::{CueClass, CueDirection};

impl Reach<'_> {
    pub(super) fn next_stop(&self) -> usize {
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
                turns || (self.stops(other.class) && looks_on && !self.dates_what_is_doubted(other.span))
            })
            .map_or(end, |other| other.span.start)
    }

    /// `考虑CAR-T后噬血`, `疑似R-CHOP后肺部感染`: what the treatment stands for is only the time of what is doubted.
    fn dates_what_is_doubted(&self, given: Span) -> bool {
        let from = self.cue.span.end;
        let stream = self.sheetlet.stream;
        let close = (from..given.start).all(|at| !matches!(self.at(at), ',' | ';' | ':' | '('));
        let next = self.lower(given.end, self.bounds().end);
        let acts = starts_with_any(
            stream,
            next,
            words![
                "行", "予", "再", "好转", "缓解", "消失", "恢复", "评估", "复查", "无", "未", "已", "出现",
                "又"
            ],
        );
        let behind = next.first().is_some_and(|of| of.is_alphanumeric());
        let doubts = starts_with_any(
            stream,
            self.lower(self.cue.span.start, from),
            words!["考虑", "疑", "怀疑", "可疑", "高度怀疑", "高度可疑", "不除外", "不排除", "可能为"],
        );
        self.cue.class == CueClass::Possible
            && doubts
            && close
            && behind
            && !acts
            && given.end > given.start
            && self.at(given.end - 1) == '后'
    }

    /// The end of the clause or list the cue stands before.
    pub(super) fn forward_end(&self) -> usize {
        let from = self.cue.span.end;
        let stop = self.next_stop();
        let mut clause_start = from;
        let mut depth = 0usize;
        for index in from..stop {
            match self.at(index) {
                CELL | BREAK => return index,
                '(' => depth += 1,
                // "A relative (aunt) had DLBCL": the bracket holds nothing but the person.
                ')' if depth == 0 && index == from && self.axis_is(3) && self.explains_relative() => {}
                ')' if depth == 0 => return index,
                ':' if self.turns_at_colon(index) || self.tells_the_disease(index) => return index,
                ')' => depth -= 1,
                ',' if self.ends_at_comma(clause_start, index, stop) => return index,
                ',' => clause_start = index + 1,
                ' ' if self.axis_is(3) && self.opens_other_head(index + 1) => return index,
                ' ' if self.axis_is(1) && self.joins_clause(index, stop) => return index,
                _ => {}
            }
        }
        stop
    }

    /// "a relative (aunt)"; in "next of kin (husband), has DLBCL" the bracket is over.
    fn explains_relative(&self) -> bool {
        self.sheetlet.stream.reads_back_any(
            self.cue.span.start,
            words!["relative (", "relatives (", "family member (", "亲属(", "亲戚("],
        )
    }

    /// "Sister with MS. Allergies: sulfa", "... Personal history: prostate cancer": a new head speaks of the patient.
    fn opens_other_head(&self, at: usize) -> bool {
        self.sheetlet.stream.reads_any(at, HEADS_OF_PATIENT)
    }

    /// "No evidence of transformation: follicular lymphoma": behind what is denied stands what it is.
    fn tells_the_disease(&self, colon: usize) -> bool {
        if self.cue.class != CueClass::Negated {
            return false;
        }
        let candidates = self.sheetlet.candidates;
        let first = candidates.partition_point(|of| of.hit.span.start < self.cue.span.end);
        let mut named = candidates[first..].iter().take_while(|of| of.hit.span.end <= colon);
        let denied = named.any(|of| matches!(of.hit.concept.kind(), "find" | "event"));
        let next = candidates.partition_point(|of| of.hit.span.start <= colon);
        let told = candidates[next..]
            .iter()
            .take_while(|of| of.hit.span.start <= colon + 3)
            .any(|of| of.hit.concept.is("hist"));
        // "does not support the label of transformed FL: this was DLBCL from the outset"
        let behind = self.lower(colon + 1, self.bounds().end);
        let states = starts_with_any(
            self.sheetlet.stream,
            trimmed(behind),
            words!["this was ", "this is ", "it was ", "it is ", "these are "],
        );
        let named = candidates[first..next].iter().any(|of| of.hit.span.end <= colon);
        // "No evidence of transformation: the inguinal node is once more follicular lymphoma"
        let clause = behind.split(|of| matches!(of, ',' | ';')).next().unwrap_or_default();
        let whole = says_any(self.sheetlet.stream, clause, FINITE);
        let something = !trimmed(self.lower(self.cue.span.end.min(colon), colon)).is_empty();
        denied && told || named && states || something && whole
    }

    /// `警惕转化:患者FL 10年`, `怀疑进展可能:DLBCL患者`: behind the colon stands why, and that is known.
    fn turns_at_colon(&self, colon: usize) -> bool {
        let doubts = matches!(self.cue.class, CueClass::Possible | CueClass::Feared | CueClass::Hypothetical);
        let before = self.lower(self.cue.span.end.min(colon), colon);
        let next = trimmed(self.lower(colon + 1, self.bounds().end));
        let candidates = self.sheetlet.candidates;
        let first = candidates.partition_point(|of| of.hit.span.start < self.cue.span.end);
        let named =
            candidates[first..].iter().take_while(|of| of.hit.span.end <= colon).any(|of| {
                of.hit.span.end == colon && matches!(of.hit.concept.kind(), "find" | "event" | "com")
            }) || ends_with_any(self.sheetlet.stream, before, words!["可能"])
                || colon == self.cue.span.end
                    && ends_with_any(
                        self.sheetlet.stream,
                        self.lower(self.cue.span.start, colon),
                        words!["可能"],
                    );
        let patient = starts_with_any(self.sheetlet.stream, next, words!["患者", "病人", "该患"])
            || contains_any(self.sheetlet.stream, &next[..next.len().min(16)], words!["患者"]);
        axis(self.cue.class) == 1 && doubts && named && patient
    }

    pub(super) fn ends_at_comma(&self, clause_start: usize, comma: usize, stop: usize) -> bool {
        match axis(self.cue.class) {
            4 => false,
            // `鞘内注射甲氨蝶呤4次预防，疗效CR，左侧睾丸放疗`: with nothing behind it, prevention has no object.
            1 if comma == self.cue.span.end && self.sheetlet.stream.reads_back(comma, "预防").is_some() => {
                true
            }
            3 => self.turns_to_patient(comma),
            _ => !self.list_goes_on(clause_start, comma, stop),
        }
    }

    /// `母亲患乳腺癌,2023年患者确诊`: the relative is spoken of until the patient is named.
    pub(super) fn turns_to_patient(&self, comma: usize) -> bool {
        let next = trimmed(self.lower(comma + 1, self.bounds().end));
        // `她爸爸以前也是白血病走的,现在吃伊布替尼`: of the dead nothing is told today.
        if starts_with_any(self.sheetlet.stream, next, words!["现在", "目前", "如今"])
            && contains_any(
                self.sheetlet.stream,
                self.lower(self.cue.span.end.min(comma), comma),
                TURNS_TO_PATIENT_FORMER,
            )
        {
            return true;
        }
        // "father died of HCC, himself an HBV carrier": of the father still.
        if starts_with_any(
            self.sheetlet.stream,
            next,
            words!["himself a ", "himself an ", "herself a ", "herself an ", "himself had ", "herself had "],
        ) {
            return false;
        }
        let named = starts_with_any(self.sheetlet.stream, next, TURNS_TO_PATIENT_NAMED);
        named || (self.is_relative_clause() && starts_with_any(self.sheetlet.stream, next, MAIN_VERBS))
    }

    /// "Mr Ruiz, whose mother had CLL, has ...": behind the comma the main clause goes on.
    fn is_relative_clause(&self) -> bool {
        const REACH: usize = 40;
        let start = self.cue.span.start;
        let before = self.lower(self.bounds().start.max(start.saturating_sub(REACH)).min(start), start);
        let clause = before.rsplit(|of| *of == ',').next().unwrap_or_default();
        contains_any(self.sheetlet.stream, clause, words!["whose"])
            || starts_with_any(self.sheetlet.stream, self.lower(start, self.cue.span.end), words!["whose"])
    }

    /// `无发热,盗汗,体重下降`: short items without a verb; `no fever, night sweats or weight loss` alike.
    pub(super) fn list_goes_on(&self, clause_start: usize, comma: usize, stop: usize) -> bool {
        let next_end = (comma + 1..stop).find(|at| matches!(self.at(*at), ',' | CELL)).unwrap_or(stop);
        let next = self.lower(comma + 1, next_end);
        if self.tells_of_after(comma) {
            return false;
        }
        if self.is_told_instead(next) {
            return false;
        }
        if is_chinese(next) {
            // `无发热、盗汗,脾脏肿大`: the list was closed before the comma.
            let listed =
                contains_any(self.sheetlet.stream, self.lower(clause_start.min(comma), comma), words!["、"]);
            let stated = next.strip_suffix(&['。']).unwrap_or(next);
            let closed = (listed || self.has_subject())
                && ends_with_any(self.sheetlet.stream, trimmed(stated), STATED)
                && !contains_any(self.sheetlet.stream, next, words!["、"]);
            let doubted = ends_with_any(self.sheetlet.stream, trimmed(stated), DOUBTED);
            return !closed
                && !doubted
                && next.len() <= 10
                && comma - clause_start.min(comma) <= 14
                && !contains_any(self.sheetlet.stream, next, HAN_VERBS)
                && !has_number(next);
        }
        const FIRST: usize = 36;
        let joined = starts_with_any(self.sheetlet.stream, trimmed(next), words!["or ", "nor ", "and "])
            || contains_any(
                self.sheetlet.stream,
                &next[..next.len().min(FIRST)],
                words![" or ", " and ", " nor "],
            );
        // "without B symptoms, marrow involved": stated anew, unless the list goes on behind it.
        let told = next.strip_suffix(&['.']).unwrap_or(next);
        let stated = !joined && ends_with_any(self.sheetlet.stream, trimmed(told), STATED_IN_ENGLISH);
        (joined || count_words(next) <= 5)
            && !stated
            && !says_any(self.sheetlet.stream, next, ENGLISH_VERBS)
            && !has_number(next)
    }

    /// `不是套细胞,是边缘区淋巴瘤`, `误诊为结核,会诊DLBCL`: what it is stands behind what it is not.
    fn is_told_instead(&self, next: &[char]) -> bool {
        let cue = self.lower(self.cue.span.start, self.cue.span.end);
        let stream = self.sheetlet.stream;
        let equals = contains_any(stream, cue, words!["不是", "并非", "非", "唔系", "唔係"])
            && starts_with_any(
                stream,
                trimmed(next),
                words![
                    "是",
                    "系",
                    "係",
                    "而是",
                    "就是",
                    "应是",
                    "应该是",
                    "应为",
                    "其实是",
                    "实际是",
                    "最后是",
                    "最终是",
                    "为"
                ],
            );
        // `没用过CAR-T,只打过R-CHOP`
        let only = starts_with_any(
            stream,
            trimmed(next),
            words![
                "只", "仅", "光", "倒是", "就打", "就用", "就做", "就吃", "就换", "就改", "改用", "改吃",
                "换用", "换成", "予", "给予", "遂予"
            ],
        );
        equals || only || contains_any(stream, cue, words!["误诊", "误认", "误判", "误作"])
    }

    /// `无过敏史,R-CHOP后复发`: what came after something is told anew.
    fn tells_of_after(&self, comma: usize) -> bool {
        let end = self.bounds().end;
        let item = (comma + 1..end).find(|at| matches!(self.at(*at), ',' | CELL)).unwrap_or(end);
        contains_any(self.sheetlet.stream, self.lower(comma + 1, item), words!["后"])
    }

    /// `双侧胸腔无积液,脾增大`: the clause of the cue has a subject of its own before it.
    fn has_subject(&self) -> bool {
        let start = self.clause_before(self.cue.span.start, self.bounds().start);
        let candidates = self.sheetlet.candidates;
        let first = candidates.partition_point(|of| of.hit.span.start < start);
        candidates[first..]
            .iter()
            .take_while(|of| of.hit.span.start < self.cue.span.start)
            .any(|of| matches!(of.hit.concept.kind(), "site" | "find" | "sym"))
    }

    /// `no fever and the rash has gone`: what follows "and" has a verb of its own.
    pub(super) fn joins_clause(&self, blank: usize, stop: usize) -> bool {
        let lower = &self.sheetlet.stream.lower;
        let word = [" and ", " while ", " whereas ", " with "].iter().find(|word| is_at(lower, blank, word));
        let Some(word) = word else {
            return false;
        };
        let from = blank + word.len();
        let end = (from..stop).find(|at| matches!(self.at(*at), ',' | '(' | CELL)).unwrap_or(stop);
        let clause = self.lower(from.min(end), end);
        let passive = contains_any(self.sheetlet.stream, clause, PERCEIVED);
        says_any(self.sheetlet.stream, clause, FINITE) && !passive
    }
}
