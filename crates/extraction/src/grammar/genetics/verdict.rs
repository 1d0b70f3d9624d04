//! From the words around genes to facts: rearrangement, loss, variant, or nothing.

use super::{
    excepted,
    fraction::{self, Counted},
    gene::Gene,
    item::Item,
    karyotype, line, notation, pending,
    pieces::{has, minus, pieces},
    words::{WORDS, Word},
};
use crate::{
    draft::Draft,
    grammar::tokens::{Kind, Percent, Token, Vocabulary, tokens},
    sheet::Sheet,
    stream::Span,
    words::words,
};
use cartulary_model::{
    Assertion, Temporality, Value,
    fact::{Attr, Sign},
};
use std::{cell::OnceCell, sync::LazyLock};

pub(super) type Tokens<'a> = &'a [Token<Word>];

/// What the text before a passage says of the method, and whether a table has a column of exons.
pub(super) struct Context<'a> {
    sheet: &'a Sheet<'a>,
    /// A heading, or the sentence before.
    before: Span,
    vocabulary: &'a Vocabulary<Word>,
    method: OnceCell<Option<Word>>,
}

impl<'a> Context<'a> {
    /// Looks back a little, when asked.
    pub(super) fn new(sheet: &'a Sheet<'a>, passage: Span, vocabulary: &'a Vocabulary<Word>) -> Self {
        const REACH: usize = 240;
        let before = Span::new(passage.start.saturating_sub(REACH), passage.start);
        Self { sheet, before, vocabulary, method: OnceCell::new() }
    }

    /// The last method that was named.
    fn method(&self) -> Option<Word> {
        *self.method.get_or_init(|| {
            let stream = &self.sheet.stream;
            if !(self.before.start..self.before.end).any(|at| TELLING.first_at(stream, at).is_some()) {
                return None;
            }
            let before = tokens(stream, self.before, &[], self.vocabulary);
            let rearranged =
                before.iter().any(|of| of.kind == Kind::Word(Word::Rearranged)).then_some(Word::Fish);
            before.iter().rev().find_map(|of| method(of.kind)).or(rearranged)
        })
    }

    /// Whether exons are told of.
    pub(super) fn exons(&self) -> bool {
        self.sheet.says(self.before, words!["exon", "外显子"])
    }
}

/// The words that tell of a method.
static TELLING: LazyLock<Vocabulary<Word>> = LazyLock::new(|| {
    let tells = |of: Word| method(Kind::Word(of)).is_some() || of == Word::Rearranged;
    Vocabulary::new(WORDS.iter().copied().filter(|(_, of)| tells(*of)))
});

fn method(kind: Kind<Word>) -> Option<Word> {
    match kind {
        Kind::Word(of @ (Word::Fish | Word::Sequencing | Word::Karyotype | Word::Protein)) => Some(of),
        _ => None,
    }
}

/// What is said of an item.
pub(super) struct Said<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) all: Tokens<'a>,
    pub(super) item: &'a Item,
    pub(super) context: &'a Context<'a>,
}

pub(super) fn facts<'a>(
    sheet: &'a Sheet<'a>,
    all: Tokens<'a>,
    genes: &'a [Gene],
    item: &'a Item,
    context: &'a Context<'a>,
) -> Vec<Draft> {
    let said = Said { sheet, all, item, context };
    let count = item.genes.len();
    item.genes.iter().enumerate().flat_map(|(index, gene)| said.facts(&genes[*gene], index, count)).collect()
}

impl Said<'_> {
    pub(super) fn lead(&self) -> Tokens<'_> {
        if line::heads(self) {
            return &[];
        }
        &self.all[self.item.lead.clone()]
    }

    pub(super) fn trail(&self) -> Tokens<'_> {
        &self.all[self.item.trail.clone()]
    }

    pub(super) fn names(&self) -> Tokens<'_> {
        &self.all[self.item.names.clone()]
    }

    pub(super) fn says(&self, word: Word) -> bool {
        has(self.lead(), word) || has(self.trail(), word) || has(self.names(), word)
    }

    /// The method: a word behind the gene, the nearest before it, or what the text before says.
    fn method(&self) -> Option<Word> {
        let before = self.all[..self.item.names.start].iter().rev().find_map(|of| method(of.kind));
        let from = self.item.names.end;
        let behind = (from..self.all.len()).find_map(|at| {
            let of = method(self.all[at].kind)?;
            let own = at < self.item.trail.end && of != Word::Fish;
            (own || (of == Word::Fish && self.is_told_of_gene(at))).then_some(of)
        });
        behind.or(before).or_else(|| self.context.method())
    }

    /// `BCL6+ by FISH`, `del(17p) FISH阳性`, `(FISH)`: a test that is named behind is the gene's own, another is not.
    fn is_told_of_gene(&self, at: usize) -> bool {
        matches!(self.all[at - 1].kind, Kind::Word(Word::Filler) | Kind::Open | Kind::Name(_))
    }

    fn facts(&self, gene: &Gene, index: usize, count: usize) -> Vec<Draft> {
        if matches!(self.trail().first().map(|of| of.kind), Some(Kind::Word(Word::Drug))) {
            return Vec::new();
        }
        if self.is_karyotype(gene) {
            return self.aberration(gene).into_iter().collect();
        }
        match self.kind(gene) {
            Some(Reading::Fish(concept)) => self.fish(gene, concept, index, count).into_iter().collect(),
            Some(Reading::Copies) => self.copies(gene).into_iter().collect(),
            Some(Reading::Variant) => self.variant(gene, index, count),
            None => Vec::new(),
        }
    }

    /// An aberration by its ISCN name, where chromosomes were looked at.
    fn is_karyotype(&self, gene: &Gene) -> bool {
        if gene.aberration.is_none() {
            return false;
        }
        let banded =
            (gene.span.start..gene.span.end).filter(|at| self.sheet.stream.at(*at) == '(').count() > 1;
        let fused = self.item.names.len() > 1 || self.says(Word::Rearranged) || self.says(Word::Igh);
        match self.method() {
            Some(Word::Karyotype) => true,
            Some(Word::Fish) => gene.rearrangement.is_none() && gene.loss.is_none(),
            _ => (gene.rearrangement.is_none() && gene.loss.is_none()) || (banded && !fused),
        }
    }

    fn aberration(&self, gene: &Gene) -> Option<Draft> {
        let draft = karyotype::aberration(gene.aberration.clone()?, gene.span);
        Some(match self.result(self.trail(), self.lead()) {
            _ if self.is_pending() || self.is_awaited() => pending::pending(draft),
            Some(Sign::Negative) => Draft { assertion: Some(Assertion::Negated), ..draft },
            _ => draft,
        })
    }

    /// Which kind of statement it is.
    fn kind(&self, gene: &Gene) -> Option<Reading> {
        let rearranged = gene.says_rearranged || self.says(Word::Rearranged) || self.says(Word::Igh);
        let lost = gene.says_lost || self.says(Word::Deleted);
        let notated = self.protein().is_some() || self.coding().is_some();
        if !notated && self.names_antibody() {
            return None;
        }
        // `TP53基因缺失阳性细胞比例`: the share is one of cells with the loss.
        let mutated = notated
            || self.says(Word::Mutated)
            || self.says(Word::WildType)
            || (self.says(Word::Vaf) && !lost && !rearranged);
        let protein = self.says(Word::Protein) && !rearranged;
        let names = self.names().iter().filter(|of| matches!(of.kind, Kind::Name(_))).count();
        let locus = names > self.item.genes.len() || gene.locus;
        if protein && gene.protein && !mutated {
            return None;
        }
        if let Some(concept) = gene.rearrangement.filter(|_| rearranged && !notated) {
            return Some(Reading::Fish(self.fused(gene, concept)));
        }
        if let Some(concept) = gene.rearrangement.filter(|_| !notated && has(self.trail(), Word::Intact)) {
            return Some(Reading::Fish(concept));
        }
        // `FISH三项均阴性,1q21扩增阳性`: what another clause says is of another locus.
        let first = pieces(self.trail()).first().copied().unwrap_or(&[]);
        let decided =
            self.item.genes.len() > 1 && self.result(first, &[]).is_some() && !has(first, Word::Copies);
        if self.says(Word::Copies) && gene.rearrangement.is_some() && !decided {
            return Some(Reading::Copies);
        }
        if let Some(concept) = gene.loss.filter(|_| !mutated && (lost || locus || self.says(Word::Intact))) {
            return Some(Reading::Fish(concept));
        }
        if mutated && gene.variant.is_some() {
            return Some(Reading::Variant);
        }
        match self.method() {
            Some(Word::Fish) => {
                gene.rearrangement.or(gene.loss).map(|of| Reading::Fish(self.fused(gene, of)))
            }
            Some(Word::Sequencing) if gene.variant.is_some() => Some(Reading::Variant),
            // `CARD11 未检出 CD79B 未检出` in a report of sequencing: what is not detected there is a variant.
            None if gene.protein && gene.variant.is_some() && self.is_undetected() => Some(Reading::Variant),
            _ if gene.protein => None,
            _ => gene.variant.is_some().then_some(Reading::Variant),
        }
    }

    fn is_undetected(&self) -> bool {
        self.sheet.is_kind(&["sec.doc_ngs"])
            && self
                .sheet
                .says(self.words(), words!["未检出", "未检测到", "未检测出", "检测不到", "not detected"])
    }

    /// `CD19 Negative <1% clone BT51E`: the clone of an antibody is named, so the row tells of a stain.
    fn names_antibody(&self) -> bool {
        let (Some(first), Some(last)) = (self.names().first(), self.names().last()) else { return false };
        // `clone LE-CD19`: the marker is part of the clone's name.
        if self.sheet.stream.at(first.span.start.saturating_sub(1)) == '-'
            && self.sheet.says(self.sheet.before(first.span.start, 14), words!["clone "])
        {
            return true;
        }
        let row = self.sheet.after(last.span.end, 60);
        self.sheet.stream.words_in(row, words!["clone "]).any(|of| {
            let named: String = (of.end()..of.end() + 12)
                .map(|at| self.sheet.stream.at(at))
                .take_while(|of| of.is_ascii_alphanumeric() || matches!(of, '-' | '/'))
                .collect();
            let letter = named.chars().any(|of| of.is_ascii_uppercase());
            let digit = named.chars().any(|of| of.is_ascii_digit());
            named.len() >= 3 && letter && (digit || named.contains('-'))
        })
    }

    /// `BCL2/IGH` and `IGH-BCL2` name the fusion.
    fn fused(&self, gene: &Gene, concept: &'static str) -> &'static str {
        let beside = |at: Option<usize>| {
            at.and_then(|of| self.all.get(of)).is_some_and(|of| of.kind == Kind::Word(Word::Igh))
        };
        let start = self.item.names.start;
        let fused = beside(start.checked_sub(2))
            || beside(start.checked_sub(3))
            || beside(Some(self.item.names.end + 1));
        if concept == "bio.bcl2_r" && fused && gene.aberration.is_none() { "bio.igh_bcl2" } else { concept }
    }

    fn fish(&self, gene: &Gene, concept: &'static str, index: usize, count: usize) -> Option<Draft> {
        let draft = self.draft(gene, concept, "genetics.fish").word(Attr::Method, "fish");
        if self.is_pending() {
            return Some(pending::pending(self.with_test(draft, index, count)));
        }
        let piece = self.deciding_piece(gene);
        if self.names_probe(gene, piece) {
            return None;
        }
        if has(piece, Word::NotDone) || has(self.lead(), Word::NotDone) {
            return None;
        }
        let percents = self.percents(self.trail());
        let percent = match percents.len() {
            _ if count == 1 => self.percent(piece).or_else(|| self.percent_after(gene, piece)),
            of if of == count => percents.get(index).copied(),
            _ => None,
        };
        let counted = fraction::counted(self.sheet, gene.span.end);
        if counted.has_no_result {
            return None;
        }
        let share = percent.map(|(of, _)| of.low).or(counted.percent.map(|(of, _)| of));
        let sign = if has(piece, Word::Equivocal) { None } else { Some(self.sign(gene, piece, share)?) };
        let excepted = excepted::is_excepted(self.sheet, gene.span);
        let sign = match sign {
            Some(of) if excepted || of == Sign::Positive => {
                Some(self.counts_as(gene, counted, piece, share)?)
            }
            other => other,
        };
        let mut draft = match sign {
            None => Draft { assertion: Some(Assertion::Possible), ..draft },
            // "query MYC rearrangement": a bare name is as sure as the words around it.
            Some(Sign::Positive) if share.is_none() && self.result(piece, self.lead()).is_none() => {
                draft.value(Value::Sign(Sign::Positive))
            }
            Some(sign) => draft.value(Value::Sign(sign)).present(),
        };
        if let Some((percent, token)) = percent {
            draft = draft.number(Attr::Percent, percent.low);
            if count == 1 {
                draft.span.end = draft.span.end.max(token.end);
            }
        }
        if let (None, Some((share, place))) = (percent, counted.percent) {
            draft = draft.number(Attr::Percent, share);
            draft.span.end = draft.span.end.max(place.end);
        }
        self.stretch(&mut draft, piece, count);
        Some(self.timed(draft))
    }

    /// `检测方法：MYC、BCL2双色分离探针`, "FISH panel: MYC, BCL2 break-apart probes": what was used, without a result.
    fn names_probe(&self, gene: &Gene, piece: Tokens<'_>) -> bool {
        let counted = fraction::counted(self.sheet, gene.span.end);
        let told = counted.percent.is_some()
            || counted.is_below
            || self.result(piece, self.lead()).is_some()
            || self.percent(self.trail()).is_some()
            || pieces(self.trail()).into_iter().any(|of| self.result(of, &[]).is_some());
        let words = self.words();
        !told && self.sheet.says(words, words!["probe", "探针"])
    }

    /// What a "positive" comes to that is read from cells: none or fewer than the threshold are normal, whatever the word;
    /// so few without a word or a threshold are nothing that can be said.
    fn counts_as(
        &self,
        gene: &Gene,
        counted: Counted,
        piece: Tokens<'_>,
        share: Option<f64>,
    ) -> Option<Sign> {
        /// The thresholds that laboratories print beside a break or a loss lie above (the sentences of our tests: 3 to 10 %).
        const FEW: f64 = 3.0;
        if counted.is_below || share == Some(0.0) || self.below_cutoff(share) {
            return Some(Sign::Negative);
        }
        let is_said = self.result(piece, self.lead()).is_some() || self.conclusion(gene, piece).is_some();
        (is_said || share.is_none_or(|share| share >= FEW)).then_some(Sign::Positive)
    }

    /// `CCND1 FISH`, `FISH（MYC、BCL2）`: the name of the test belongs to the first or the last gene.
    pub(super) fn with_test(&self, mut draft: Draft, index: usize, count: usize) -> Draft {
        let test = |of: &&Token<Word>| matches!(of.kind, Kind::Word(Word::Fish | Word::Sequencing));
        let before = self
            .lead()
            .iter()
            .rev()
            .take(4)
            .find(test)
            .or_else(|| self.before_bracket().iter().rev().take(3).find(test));
        if let Some(before) = before.filter(|of| index == 0 && draft.span.start <= of.span.end + 24) {
            draft.span.start = draft.span.start.min(before.span.start);
        }
        if let Some(after) = self.trail().iter().take(2).find(test).filter(|_| index + 1 == count) {
            draft.span.end = draft.span.end.max(after.span.end);
        }
        draft
    }

    /// The words that decide: of several pieces the one that speaks of a break or a loss.
    fn deciding_piece(&self, gene: &Gene) -> Tokens<'_> {
        let word = sought(gene);
        let pieces = pieces(self.trail());
        let spoken = pieces.iter().find(|piece| has(piece, word));
        spoken.or(pieces.first()).copied().unwrap_or(&[])
    }

    fn sign(&self, gene: &Gene, piece: Tokens<'_>, percent: Option<f64>) -> Option<Sign> {
        let word = sought(gene);
        let named = gene.says_rearranged || gene.says_lost;
        let spoken = has(piece, word) || has(self.lead(), word) || named || self.says(Word::Igh);
        self.result(piece, self.lead())
            .or_else(|| self.conclusion(gene, piece))
            .or_else(|| self.below_cutoff(percent).then_some(Sign::Negative))
            .or_else(|| (percent.is_some() || (spoken && !self.is_question())).then_some(Sign::Positive))
    }

    /// "4% of nuclei (cut-off 7%)": fewer than the threshold that is printed beside is normal.
    fn below_cutoff(&self, percent: Option<f64>) -> bool {
        let trail = self.trail();
        let limits = trail.iter().enumerate().filter_map(|(index, token)| {
            let Kind::Percent(limit) = token.kind else { return None };
            let nearest = trail[..index].iter().rposition(|of| matches!(of.kind, Kind::Percent(_)));
            let told = has(&trail[nearest.map_or(0, |at| at + 1)..index], Word::Cutoff)
                || pending::is_under_cutoff(self.sheet, token.span);
            told.then_some(limit.low)
        });
        percent.is_some_and(|percent| limits.into_iter().any(|limit| percent < limit))
    }

    /// `分离信号比例2%(阈值10%),结果阴性`: a later piece that only concludes. Between may stand how many cells were
    /// counted and how many showed the signal: `缺失:检测500个核,缺失信号占3.2%,阴性`.
    fn conclusion(&self, gene: &Gene, piece: Tokens<'_>) -> Option<Sign> {
        let end = piece.last()?.span.end;
        let own = sought(gene);
        let speaks = |of: &[Token<Word>]| {
            [Word::Rearranged, Word::Copies, Word::Deleted, Word::Mutated, Word::Fish]
                .iter()
                .any(|word| *word != own && has(of, *word))
        };
        let later = pieces(self.trail()).into_iter().filter(|of| of[0].span.start >= end);
        later.take_while(|of| !speaks(of)).find_map(|of| self.result(of, &[]))
    }

    /// "FISH for MYC rearrangement": names a test and no result.
    fn is_question(&self) -> bool {
        let lead = self.lead();
        lead.last().is_some_and(|of| of.kind == Kind::Word(Word::Filler))
            && has(lead, Word::Fish)
            && !has(lead, Word::Yes)
    }

    /// The sign a piece states, else the words in front of the genes.
    pub(super) fn result(&self, piece: Tokens<'_>, lead: Tokens<'_>) -> Option<Sign> {
        let denied = |of: Tokens<'_>| has(of, Word::No) || has(of, Word::Intact) || has(of, Word::WildType);
        if denied(piece) || minus(piece) || denied(lead) {
            return Some(Sign::Negative);
        }
        let stated = has(piece, Word::Yes)
            || piece.iter().any(|of| matches!(of.kind, Kind::Plus(_)))
            || has(lead, Word::Yes);
        if !stated && lead.is_empty() && self.shares(Word::No) {
            return Some(Sign::Negative);
        }
        stated.then_some(Sign::Positive)
    }

    /// `未检出BCL6基因断裂及TP53基因缺失`, `建议行CyclinD1免疫组化及t(11;14)FISH`: a word in front of the first of a list, whose
    /// members each say what is looked for, is in front of the last too.
    pub(super) fn shares(&self, word: Word) -> bool {
        let before = &self.all[..self.item.names.start];
        if !matches!(before.last().map(|of| of.kind), Some(Kind::And)) {
            return false;
        }
        let mut named = false;
        for token in before.iter().rev() {
            match token.kind {
                Kind::Word(of) if of == word => return named,
                Kind::Name(_) => named = true,
                Kind::And | Kind::Slash | Kind::Open | Kind::Close => {}
                Kind::Word(
                    Word::Rearranged
                    | Word::Deleted
                    | Word::Mutated
                    | Word::Filler
                    | Word::Igh
                    | Word::Fish
                    | Word::Protein,
                ) => {}
                _ => return false,
            }
        }
        false
    }

    /// The words from the first gene to the end of what is said of it.
    pub(super) fn words(&self) -> Span {
        let start = self.names().first().map_or(0, |of| of.span.start);
        let end = self.trail().last().or_else(|| self.names().last()).map_or(start, |of| of.span.end);
        Span::new(start, end)
    }

    fn behind(&self) -> Span {
        let words = self.words();
        let start = self.names().last().map_or(words.start, |of| of.span.end);
        Span::new(start.min(words.end), words.end)
    }

    pub(super) fn protein(&self) -> Option<notation::Notation> {
        notation::protein(&self.sheet.stream, self.behind())
    }

    pub(super) fn coding(&self) -> Option<notation::Notation> {
        notation::coding(&self.sheet.stream, self.behind())
    }

    pub(super) fn percent(&self, of: Tokens<'_>) -> Option<(Percent, Span)> {
        self.percents(of).first().copied()
    }

    /// Percents of the sample; a threshold is none: `（3%，阈值5%）`, `>6.5%   78%` under "Cutoff" and "Result".
    fn percents(&self, of: Tokens<'_>) -> Vec<(Percent, Span)> {
        let signed = |token: &Token<Word>| {
            let before = token.span.start.checked_sub(1).map_or(' ', |at| self.sheet.stream.at(at));
            matches!(self.sheet.stream.at(token.span.start), '>' | '<' | '≥' | '≤')
                || matches!(before, '>' | '<' | '≥' | '≤')
        };
        let is_percent = |token: &Token<Word>| matches!(token.kind, Kind::Percent(_));
        of.iter()
            .enumerate()
            .filter_map(|(index, token)| {
                let Kind::Percent(percent) = token.kind else { return None };
                let start = of[..index].iter().rposition(is_percent).map_or(0, |at| at + 1);
                let compared = signed(token)
                    && of[index + 1..].iter().take(2).any(|next| is_percent(next) && !signed(next));
                let limit =
                    has(&of[start..index], Word::Cutoff) || pending::is_under_cutoff(self.sheet, token.span);
                (!compared && !limit).then_some((percent, token.span))
            })
            .collect()
    }

    /// `缺失阳性,占38%`, `缺失:计数200个细胞,缺失率3%`: pieces behind the deciding one with nothing but counts and the percent.
    fn percent_after(&self, gene: &Gene, piece: Tokens<'_>) -> Option<(Percent, Span)> {
        let end = piece.last()?.span.end;
        let own = sought(gene);
        let bare = |of: &Token<Word>| match of.kind {
            Kind::Word(word) => matches!(word, Word::Filler | Word::Vaf | Word::Yes) || word == own,
            of => matches!(of, Kind::Percent(_) | Kind::Other | Kind::Number(_) | Kind::Colon),
        };
        let told = |of: &&Token<Word>| !matches!(of.kind, Kind::Open | Kind::Word(Word::Cutoff));
        pieces(self.trail())
            .into_iter()
            .filter(|of| of.first().is_some_and(|first| first.span.start >= end))
            .take_while(|of| of.iter().take_while(told).all(bare))
            .find_map(|of| self.percent(of))
    }

    pub(super) fn draft(
        &self,
        gene: &Gene,
        concept: impl Into<cartulary_model::ConceptId>,
        rule: &'static str,
    ) -> Draft {
        let mut draft = Draft::new(concept, gene.span, rule).named_at(gene.span);
        // A locus in a bracket belongs to the name.
        if self.item.genes.len() == 1 {
            draft.span = self.names().iter().fold(gene.span, |span, of| span.to(of.span));
        }
        let misread =
            gene.misread || self.trail().iter().chain(self.lead()).any(|of| of.repaired) || self.misspelt();
        if misread {
            draft.marks_repair();
        }
        draft
    }

    /// Words that recognition is known to break: `rearrangernent`, `FlSH`.
    fn misspelt(&self) -> bool {
        let all = self.lead().iter().chain(self.trail());
        all.filter(|of| matches!(of.kind, Kind::Word(Word::Rearranged | Word::Fish))).any(|of| {
            matches!(
                self.sheet.stream.lower_text(of.span),
                "rearrangernent" | "rearran gement" | "flsh" | "f1sh"
            )
        })
    }

    /// The words that decide belong to what is quoted, when they are said of one gene.
    pub(super) fn stretch(&self, draft: &mut Draft, piece: Tokens<'_>, count: usize) {
        let last = piece.iter().rev().find(|of| matches!(of.kind, Kind::Word(word) if !matches!(word, Word::Filler | Word::Cutoff | Word::Past | Word::Now)));
        if let Some(last) = last.filter(|_| count == 1) {
            draft.span.end = draft.span.end.max(last.span.end);
        }
    }

    /// Told of an earlier sample.
    pub(super) fn timed(&self, mut draft: Draft) -> Draft {
        let before = &self.all[..self.item.names.start];
        let told = before.iter().rev().find_map(|of| match of.kind {
            Kind::Word(Word::Past) => Some(true),
            Kind::Word(Word::Now) | Kind::Semi => Some(false),
            _ => None,
        });
        let first = pieces(self.trail()).first().copied().unwrap_or(&[]);
        let behind = has(first, Word::Past) && !has(first, Word::Now);
        if told == Some(true) || behind {
            draft.temporality = Some(Temporality::Historical);
        }
        draft
    }
}

/// What a probe of the gene looks for.
fn sought(gene: &Gene) -> Word {
    if gene.rearrangement.is_some() { Word::Rearranged } else { Word::Deleted }
}

/// What kind of statement an item is.
enum Reading {
    Fish(&'static str),
    Copies,
    Variant,
}
