//! Sequence variants and their absence.
//!
//! ## Reads
//! `TP53 c.743G>A p.(Arg248Gln) VAF 41%`, `突变丰度52.3%`, `VAF 0.42` (a fraction of one), `has risen to 52%`, `野生型`.

use super::{
    excepted::is_excepted,
    gene::Gene,
    notation,
    pending::pending,
    pieces::{has, pieces, spoken_first},
    verdict::Said,
    words::Word,
};
use crate::{draft::Draft, grammar::tokens::Kind, stream::Span, words::words};
use cartulary_model::{
    Assertion, Temporality, Value,
    fact::{Attr, Sign},
};

impl Said<'_> {
    pub(super) fn variant(&self, gene: &Gene, index: usize, count: usize) -> Vec<Draft> {
        let Some(concept) = gene.variant.clone() else { return Vec::new() };
        let draft = self.draft(gene, concept, "genetics.variant").word(Attr::Method, "ngs");
        if self.is_pending() {
            return vec![pending(self.with_test(draft, index, count))];
        }
        if self.is_polymorphism() {
            return Vec::new();
        }
        let trail = self.trail();
        let (protein, coding) = (self.protein(), self.coding());
        let fraction = self.fraction(protein.is_some() || coding.is_some());
        if fraction.is_none() && (has(trail, Word::NotDone) || has(self.lead(), Word::NotDone)) {
            return Vec::new();
        }
        let verdict = self.item.verdict.clone().map_or(trail, |of| &self.all[of]);
        let denied = [spoken_first(trail), spoken_first(verdict)]
            .iter()
            .any(|of| self.result(of, self.lead()) == Some(Sign::Negative));
        let mut draft = draft;
        // "mutated TP53 ... point to progression, which is not a transformation": it is told before its name.
        let mutated = self.sheet.stream.reads_back_any(gene.span.start, words!["mutated ", "mutant "])
            && self.is_denied_behind_comma(gene);
        let excepted = is_excepted(self.sheet, gene.span);
        if denied && fraction.is_none() && !mutated && !excepted {
            self.stretch(&mut draft, pieces(trail).first().copied().unwrap_or(&[]), self.item.genes.len());
            let mut draft =
                Draft { assertion: Some(Assertion::Negated), ..draft }.value(Value::Sign(Sign::Negative));
            // What was looked for: "MYD88 L265P not detected".
            for (attr, found) in [(Attr::HgvsP, protein), (Attr::HgvsC, coding)] {
                if let Some((text, end)) = found.filter(|(_, end)| count == 1 && *end <= draft.span.end) {
                    draft.span.end = draft.span.end.max(end);
                    draft = draft.word(attr, text);
                }
            }
            return vec![self.timed(draft)];
        }
        let stated = self.says(Word::Mutated)
            || self.says(Word::Deleted)
            || self.result(trail, self.lead()).is_some()
            || self.result(verdict, &[]).is_some();
        if protein.is_none() && coding.is_none() && fraction.is_none() && !stated {
            return Vec::new();
        }
        self.found(draft, protein, coding, fraction, index + 1 == count)
    }

    /// `TP53 p.P72R为胚系常见多态,不作致病解读`, "a common benign polymorphism": of the person, not of the tumour.
    fn is_polymorphism(&self) -> bool {
        const REACH: usize = 40;
        let Some(end) = self.names().last().map(|of| of.span.end) else { return false };
        let behind = self.sheet.after(end, REACH);
        let stops = |of: char| matches!(of, ';' | '。');
        let end = self.sheet.stream.first_sign_in(behind, stops).unwrap_or(behind.end);
        let clause = Span::new(behind.start, end);
        let doubted = words!["可能", "不除外", "待排", "possible", "possibly", "may be", "cannot", "?"];
        let called = words![
            "胚系多态",
            "常见多态",
            "胚系常见多态",
            "良性多态",
            "不作致病解读",
            "良性变异",
            "polymorphism",
            "benign variant",
            "is benign",
            "likely benign",
        ];
        self.sheet.says(clause, called) && !self.sheet.says(clause, doubted)
    }

    /// The denial stands in a clause of its own, ", which is not a transformation".
    fn is_denied_behind_comma(&self, gene: &Gene) -> bool {
        let stream = &self.sheet.stream;
        let end = self.sheet.sentence(gene.span.start).end.max(gene.span.end);
        let rest = Span::new(gene.span.end, end);
        stream.words_in(rest, words![" not ", " no ", " negative"]).next().is_some_and(|of| {
            (rest.start..of.start()).any(|at| stream.at(at) == ',')
                && stream.reads_any(of.start(), words![" not a ", " not an ", " no "])
        })
    }

    fn found(
        &self,
        mut draft: Draft,
        protein: Option<notation::Notation>,
        coding: Option<notation::Notation>,
        fraction: Option<(f64, Span)>,
        // A notation behind a list is the last gene's.
        single: bool,
    ) -> Vec<Draft> {
        draft = draft.value(Value::Sign(Sign::Positive));
        // "possible TP53 mutation", "to exclude a MYD88 mutation": a bare name is as sure as the words around it.
        let trail = self.trail();
        let bare = protein.is_none() && coding.is_none() && fraction.is_none();
        if !(bare && self.result(trail, self.lead()).is_none()) {
            draft = draft.present();
        }
        for (attr, found) in [(Attr::HgvsP, protein), (Attr::HgvsC, coding)] {
            if let Some((text, end)) = found.filter(|_| single) {
                draft = draft.word(attr, text);
                draft.span.end = draft.span.end.max(end);
            }
        }
        if let Some((exon, end)) =
            notation::exon(&self.sheet.stream, self.words(), self.context.exons()).filter(|_| single)
        {
            draft = draft.number(Attr::Exon, exon);
            draft.span.end = draft.span.end.max(end);
        }
        let plain = draft.clone();
        if let Some((fraction, span)) = fraction.filter(|_| single) {
            draft = draft.number(Attr::Vaf, fraction);
            draft.span.end = draft.span.end.max(span.end);
        }
        self.stretch(&mut draft, pieces(self.trail()).first().copied().unwrap_or(&[]), self.item.genes.len());
        let mut draft = self.timed(draft);
        if let Some(before) = self.earlier(&plain) {
            return vec![draft, before];
        }
        let Some(now) = self.change(&plain) else { return vec![draft] };
        draft.temporality = Some(Temporality::Historical);
        draft.span.end = draft.span.end.min(now.span.start);
        vec![draft, now]
    }

    /// `TP53 p.R175H (VAF 4% at diagnosis) has risen to 52%`: the same variant, today's fraction.
    fn change(&self, plain: &Draft) -> Option<Draft> {
        let trail = self.trail();
        let at = trail.iter().position(|of| of.kind == Kind::Word(Word::Changes))?;
        let (percent, span) = self.percent(&trail[at..])?;
        let span = Span::new(trail[at].span.start, span.end);
        let draft = Draft { span, rule: "genetics.variant_change", ..plain.clone() };
        let draft = draft.number(Attr::Vaf, percent.low);
        Some(Draft { temporality: Some(Temporality::Current), ..draft })
    }

    /// `12%, previously 30%`: the same variant in an earlier sample.
    fn earlier(&self, plain: &Draft) -> Option<Draft> {
        let piece = *pieces(self.trail()).iter().skip(1).find(|piece| has(piece, Word::Past))?;
        let past = piece.iter().position(|of| of.kind == Kind::Word(Word::Past))?;
        let (percent, span) = self.percent(&piece[past..])?;
        let span = Span::new(piece[past].span.start, span.end);
        let draft = Draft { span, rule: "genetics.variant_change", ..plain.clone() };
        let draft = draft.number(Attr::Vaf, percent.low);
        Some(Draft { temporality: Some(Temporality::Historical), ..draft })
    }

    /// The fraction of the variant: behind its label, or the percent beside a notation.
    fn fraction(&self, notated: bool) -> Option<(f64, Span)> {
        let trail = self.trail();
        let until = trail.iter().position(|of| of.kind == Kind::Word(Word::Changes)).unwrap_or(trail.len());
        let trail = &trail[..until];
        let label = trail.iter().position(|of| of.kind == Kind::Word(Word::Vaf));
        if let Some(at) = label {
            if let Some((percent, span)) = self.percent(&trail[at..]) {
                return Some((percent.low, span));
            }
            // `VAF 0.42` is a fraction of one.
            let bare = trail[at..].iter().find_map(|of| match of.kind {
                Kind::Number(number) if number > 0.0 && number <= 1.0 => Some((number, of.span)),
                _ => None,
            });
            if let Some((number, span)) = bare {
                return Some(((number * 10_000.0).round() / 100.0, span));
            }
        }
        let counted = notated || has(trail, Word::Mutated) || label.is_some();
        counted.then(|| self.percent(trail)).flatten().map(|(percent, span)| (percent.low, span))
    }
}
