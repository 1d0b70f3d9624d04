//! Tests that were asked for, sent or are awaited: no result yet.

use super::{
    pieces::has,
    verdict::{Said, Tokens},
    words::Word,
};
use crate::{draft::Draft, grammar::tokens::Kind, sheet::Sheet, stream::Span, words::words};
use cartulary_model::{Assertion, fact::Attr};

/// `Probe | Cutoff | Result` over `MYC | 5% | 2%`: the percent stands in the column of thresholds.
pub(super) fn is_under_cutoff(sheet: &Sheet<'_>, percent: Span) -> bool {
    const ROWS: usize = 14;
    let stream = &sheet.stream;
    let Some(row) = stream.short_row(percent.start) else { return false };
    let own = stream.fields(row);
    let Some(column) = own.iter().position(|of| of.start <= percent.start && percent.end <= of.end) else {
        return false;
    };
    let mut end = row.start;
    for _ in 0..ROWS {
        let Some(above) = end.checked_sub(1).and_then(|at| stream.short_row(at)) else { return false };
        let heads = stream.fields(above);
        let cutoff = words!["cutoff", "cut-off", "cut off", "threshold", "阈值", "临界"];
        let place = heads.iter().position(|of| stream.words_in(*of, cutoff).next().is_some());
        if let Some(place) = place {
            let digits = (above.start..above.end).any(|at| stream.at(at).is_ascii_digit());
            return !digits && heads.len() == own.len() && place == column;
        }
        end = above.start;
    }
    false
}

/// A gene that a result is waited for.
pub(super) fn pending(draft: Draft) -> Draft {
    Draft { assertion: Some(Assertion::Hypothetical), rule: "genetics.pending", ..draft }
        .word(Attr::Status, "pending")
}

impl Said<'_> {
    pub(super) fn is_pending(&self) -> bool {
        let asked = self
            .lead()
            .iter()
            .chain(self.before_bracket())
            .any(|of| of.kind == Kind::Word(Word::Orders))
            || self.lead().iter().any(|of| of.kind == Kind::Word(Word::Pending) && !self.reports(of.span));
        let behind = has(self.trail(), Word::Pending)
            || (self.closes_bracket() && has(&self.all[self.item.trail.start..], Word::Pending));
        let asked = asked || self.shares(Word::Orders);
        behind
            || self.all_outstanding()
            || self.is_waited_for()
            || (asked && self.percent(self.trail()).is_none() && self.result(self.trail(), &[]).is_none())
    }

    /// "cannot be excluded until the MYC FISH is back", "once MYC FISH results return".
    fn is_waited_for(&self) -> bool {
        const BEFORE: usize = 12;
        const BEHIND: usize = 24;
        let names = self.names();
        let (Some(first), Some(last)) = (names.first(), names.last()) else { return false };
        let before = self.sheet.before(first.span.start, BEFORE);
        let behind = self.sheet.after(last.span.end, BEHIND);
        !self.sheet.says(behind, words![" was ", " were ", " came "])
            && self.sheet.says(before, words!["until ", "once ", "when ", "till "])
            && self.sheet.says(
                behind,
                words![
                    " is back",
                    " are back",
                    "comes back",
                    "come back",
                    "available",
                    "returns",
                    "return",
                    "reported",
                    "resulted"
                ],
            )
    }

    /// `FISH回报MYC重排`: before the gene the word says that the result has come.
    fn reports(&self, word: Span) -> bool {
        let stream = &self.sheet.stream;
        stream.reads(word.start, "回报")
            && !stream.reads_back_any(word.start, words!["后", "待", "未", "尚未"])
    }

    /// "t(11;18) by FISH - sample sent, result awaited": the sentence behind says so, and no result.
    pub(super) fn is_awaited(&self) -> bool {
        let Some(end) = self.names().last().map(|of| of.span.end) else { return false };
        let behind = Span::new(end, self.sheet.sentence(end).end.max(end));
        let awaited = words!["awaited", "to follow", "pending", "outstanding", "待回", "未回"];
        self.sheet.says(behind, awaited) && self.result(self.trail(), self.lead()).is_none()
    }

    /// `TP53突变及17p缺失（FISH）均未回`: said of every gene of the clause.
    fn all_outstanding(&self) -> bool {
        const REACH: usize = 60;
        let Some(end) = self.names().last().map(|of| of.span.end) else { return false };
        let behind = self.sheet.stream.lower_text(self.sheet.after(end, REACH));
        let clause = behind.split([',', ';', '。']).next().unwrap_or_default();
        let all = words!["均未回", "均未出", "均待回", "均未归", "都没出", "都未出", "均在检"];
        self.sheet.stream.text_has(clause, all)
    }

    /// `建议完善FISH（MYC、BCL2）`, `已送检二代测序（TP53、ATM）`: the words in front of the bracket.
    pub(super) fn before_bracket(&self) -> Tokens<'_> {
        match self.lead().last().map(|of| of.kind) {
            Some(Kind::Open) => &self.all[..self.item.lead.end],
            _ => &[],
        }
    }

    fn closes_bracket(&self) -> bool {
        matches!(self.trail().first().map(|of| of.kind), Some(Kind::Close))
    }
}
